//! Strings as they stand in the text, and what their escapes say.

use std::borrow::Cow;

/// A string as it stands in the text; or a number's digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    /// With its quotes, if it has any.
    pub(super) written: &'a str,
    pub(super) form: Form,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Between quotes, and exactly what it reads as.
    Plain,
    /// Between quotes, with escapes.
    Escaped,
    /// Without quotes: a number's digits.
    Bare,
}

impl<'a> Text<'a> {
    /// Nothing.
    pub(crate) const EMPTY: Self = Self::bare("");

    /// Takes a number's digits.
    pub(crate) const fn bare(written: &'a str) -> Self {
        Self { written, form: Form::Bare }
    }

    /// What stands between the quotes.
    #[inline(always)]
    fn inside(self) -> &'a str {
        match self.form {
            Form::Bare => self.written,
            Form::Plain | Form::Escaped => {
                let end = self.written.len().saturating_sub(1);
                self.written.get(1..end).unwrap_or_default()
            }
        }
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.inside().is_empty()
    }

    /// Says whether it reads as `other`.
    pub(crate) fn is(self, other: &str) -> bool {
        match self.form {
            Form::Escaped => self.read().as_deref() == Some(other),
            Form::Plain | Form::Bare => self.inside() == other,
        }
    }

    /// Reads it; none when an escape names half a character.
    pub(crate) fn read(self) -> Option<Cow<'a, str>> {
        match self.form {
            Form::Escaped => unescape(self.inside()).map(Cow::Owned),
            Form::Plain | Form::Bare => Some(Cow::Borrowed(self.inside())),
        }
    }

    /// Says whether an escape names half a character, without copying the rest.
    pub(crate) fn is_broken(self) -> bool {
        let mut rest = if self.form == Form::Escaped { self.inside() } else { "" };
        while let Some((_, escape)) = rest.split_once('\\') {
            let mut chars = escape.chars();
            if chars.next() == Some('u') && code_point(&mut chars).is_none() {
                return true;
            }
            rest = chars.as_str();
        }
        false
    }

    /// Reads what is not broken.
    pub(crate) fn into_string(self) -> String {
        self.read().map(Cow::into_owned).unwrap_or_default()
    }

    /// Returns whether it is a JSON string as it is written, and how it is written.
    #[cfg(feature = "js")]
    #[inline(always)]
    pub(crate) fn written(self) -> (bool, &'a str) {
        (self.form != Form::Bare, self.written)
    }
}

fn unescape(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once(['\\']) {
        text.push_str(plain);
        let mut chars = escape.chars();
        text.push(match chars.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => code_point(&mut chars)?,
            itself => itself,
        });
        rest = chars.as_str();
    }
    text.push_str(rest);
    Some(text)
}

/// Reads the four digits after `\u`, and the second escape of a character that needs two.
fn code_point(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let first = code_unit(chars)?;
    let is_first_half = (0xd800..0xdc00).contains(&first);
    let second = if is_first_half && chars.as_str().starts_with("\\u") {
        chars.nth(1);
        Some(code_unit(chars)?)
    } else {
        None
    };
    let mut decoded = char::decode_utf16([first].into_iter().chain(second));
    let only = decoded.next()?.ok();
    if decoded.next().is_some() { None } else { only }
}

fn code_unit(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let (digits, rest) = chars.as_str().split_at_checked(4)?;
    *chars = rest.chars();
    u16::from_str_radix(digits, 16).ok()
}
