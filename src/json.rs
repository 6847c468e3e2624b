//! JSON as SePay's answers need it: read in one pass, values as slices of the text, numbers as their digits.
//!
//! A number never goes through a float, a string without escapes is never copied, and what nobody asked for is checked
//! and skipped. It accepts exactly JSON (RFC 8259), nested at most [`MAX_DEPTH`] deep; it builds no tree.

mod run;
mod text;

use std::borrow::Cow;

use run::{begins_with, plain_bytes};
use text::Form;
pub(crate) use text::Text;

/// The deepest nesting that is followed. SePay's answers have three levels.
const MAX_DEPTH: u8 = 64;

/// Why a text is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It ends too early.
    Cut,
    /// Something else stands where a part of JSON was due, or it is nested too deep.
    Syntax,
}

/// One value as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// Its digits, as written.
    Number(&'a str),
    /// A string.
    Text(Text<'a>),
    /// Everything from `[` to `]`.
    List(&'a str),
    /// Everything from `{` to `}`.
    Object(&'a str),
}

impl<'a> Value<'a> {
    /// What kind of value it is, in words for an error.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The text of a string, number, `true` or `false`; none for the rest and for a broken escape.
    pub(crate) fn scalar(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Flag(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            Self::Number(digits) => Some(Cow::Borrowed(digits)),
            Self::Text(text) => text.read(),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// The member of an object under this key; the last one, if there are several.
    pub(crate) fn member(self, key: &str) -> Option<Self> {
        let Self::Object(text) = self else { return None };
        let mut found = None;
        let read = Reader::new(text).object(&mut |name, reader| {
            let value = reader.value()?;
            if name.is(key) {
                found = Some(value);
            }
            Ok(())
        });
        read.ok().and(found)
    }
}

/// A place in a text. Every method reads what stands there and moves behind it.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Makes sure that nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Broken::Syntax) }
    }

    /// The first byte of what comes next.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Result<u8, Broken> {
        self.space();
        self.byte().ok_or(Broken::Cut)
    }

    /// Reads one value of any kind.
    pub(crate) fn value(&mut self) -> Result<Value<'a>, Broken> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => self.string().map(Value::Text),
            b'{' => {
                self.object(&mut |_, reader| reader.value().map(drop))?;
                Ok(Value::Object(self.since(start)))
            }
            b'[' => {
                self.list(&mut |reader| reader.value().map(drop))?;
                Ok(Value::List(self.since(start)))
            }
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Flag(true)),
            b'f' => self.word("false", Value::Flag(false)),
            _ => self.number().map(Value::Number),
        }
    }

    /// Reads an object as SePay writes it: all of these keys in their order, each with a string or `null`, and no white
    /// space. Says no, and has moved nowhere, when it is another: `values` may hold anything then. It saves a tenth of
    /// the time that a long list takes.
    pub(crate) fn usual(&mut self, keys: &[&str], values: &mut [Option<Value<'a>>]) -> bool {
        let mut ahead = self.clone();
        let mut before = b'{';
        for (key, slot) in keys.iter().zip(values) {
            if !ahead.skip_if(|byte| byte == before) || !begins_with(ahead.rest(), key.as_bytes()) {
                return false;
            }
            before = b',';
            ahead.skip(key.len());
            *slot = ahead.usual_value();
            if slot.is_none() {
                return false;
            }
        }
        let is_all = ahead.skip_if(|byte| byte == b'}');
        if is_all {
            self.at = ahead.at;
        }
        is_all
    }

    #[inline(always)]
    fn usual_value(&mut self) -> Option<Value<'a>> {
        let start = self.at;
        if self.skip_if(|byte| byte == b'"') {
            self.skip(plain_bytes(self.rest()));
            if self.skip_if(|byte| byte == b'"') {
                return Some(Value::Text(Text { written: self.since(start), form: Form::Plain }));
            }
            self.at = start;
            return self.string().ok().map(Value::Text);
        }
        let is_null = begins_with(self.rest(), b"null");
        self.skip(4);
        is_null.then_some(Value::Null)
    }

    /// Reads an object: `member` is called behind each key and reads its value.
    pub(crate) fn object(
        &mut self,
        member: &mut dyn FnMut(Text<'a>, &mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.enter(b'{')?;
        let mut is_first = true;
        while self.is_more(b'}', is_first)? {
            is_first = false;
            let key = self.key()?;
            member(key, self)?;
        }
        Ok(())
    }

    /// Reads a list: `item` is called before each value and reads it.
    pub(crate) fn list(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.enter(b'[')?;
        let mut is_first = true;
        while self.is_more(b']', is_first)? {
            is_first = false;
            item(self)?;
        }
        Ok(())
    }

    /// Reads the bracket that opens a list or an object.
    pub(crate) fn enter(&mut self, open: u8) -> Result<(), Broken> {
        self.space();
        self.expect(open)?;
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH { Err(Broken::Syntax) } else { Ok(()) }
    }

    /// Reads what stands before the next part of a list or an object; or the bracket that closes it, and says no.
    #[inline(always)]
    pub(crate) fn is_more(&mut self, close: u8, is_first: bool) -> Result<bool, Broken> {
        let next = self.peek()?;
        if next == close {
            self.skip(1);
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
            // A bracket after the comma is for the reader of the part to refuse.
            self.space();
        }
        Ok(true)
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<Text<'a>, Broken> {
        self.space();
        let key = self.string()?;
        self.space();
        self.expect(b':')?;
        Ok(key)
    }

    /// Reads a key and its colon, and says which of `keys` it is; each of them has its quotes and colon.
    pub(crate) fn key_of(&mut self, keys: &[&str]) -> Result<Option<usize>, Broken> {
        let key = self.key()?;
        Ok(keys.iter().position(|quoted| key.is(quoted.trim_matches(['"', ':']))))
    }

    fn string(&mut self) -> Result<Text<'a>, Broken> {
        let start = self.at;
        self.expect(b'"')?;
        let mut form = Form::Plain;
        loop {
            self.skip(plain_bytes(self.rest()));
            match self.byte().ok_or(Broken::Cut)? {
                b'"' => break,
                b'\\' => {
                    form = Form::Escaped;
                    self.escape()?;
                }
                _ => return Err(Broken::Syntax),
            }
        }
        self.skip(1);
        Ok(Text { written: self.since(start), form })
    }

    fn escape(&mut self) -> Result<(), Broken> {
        self.skip(1);
        let kind = self.byte().ok_or(Broken::Cut)?;
        self.skip(1);
        match kind {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                for _ in 0..4 {
                    let digit = self.byte().ok_or(Broken::Cut)?;
                    if !digit.is_ascii_hexdigit() {
                        return Err(Broken::Syntax);
                    }
                    self.skip(1);
                }
                Ok(())
            }
            _ => Err(Broken::Syntax),
        }
    }

    fn number(&mut self) -> Result<&'a str, Broken> {
        let start = self.at;
        self.skip_if(|byte| byte == b'-');
        if !self.skip_if(|byte| byte == b'0') {
            self.digits()?;
        }
        if self.skip_if(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.skip_if(|byte| matches!(byte, b'e' | b'E')) {
            self.skip_if(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        Ok(self.since(start))
    }

    fn digits(&mut self) -> Result<(), Broken> {
        if !self.byte().ok_or(Broken::Cut)?.is_ascii_digit() {
            return Err(Broken::Syntax);
        }
        while self.skip_if(|byte| byte.is_ascii_digit()) {}
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Broken> {
        for expected in word.bytes() {
            self.expect(expected)?;
        }
        Ok(value)
    }

    #[inline(always)]
    fn expect(&mut self, expected: u8) -> Result<(), Broken> {
        match self.byte() {
            Some(found) if found == expected => {
                self.skip(1);
                Ok(())
            }
            Some(_) => Err(Broken::Syntax),
            None => Err(Broken::Cut),
        }
    }

    #[inline(always)]
    fn space(&mut self) {
        while self.skip_if(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {}
    }

    #[inline(always)]
    fn skip_if(&mut self, fits: impl Fn(u8) -> bool) -> bool {
        let found = self.byte().is_some_and(fits);
        if found {
            self.skip(1);
        }
        found
    }

    #[inline(always)]
    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    #[inline(always)]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline(always)]
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
    use proptest::{collection, prop_assert_eq, sample};
    use serde_json::value::RawValue;

    use super::*;

    fn read(text: &str) -> Result<Value<'_>, Broken> {
        let mut reader = Reader::new(text);
        let value = reader.value()?;
        reader.end().map(|()| value)
    }

    #[test]
    fn values_are_slices_of_the_text() {
        assert_eq!(read(" null "), Ok(Value::Null));
        assert_eq!(read("true"), Ok(Value::Flag(true)));
        assert_eq!(read("-1.50e+3"), Ok(Value::Number("-1.50e+3")));
        assert_eq!(
            read(r#""a b""#),
            Ok(Value::Text(Text { written: "\"a b\"", form: Form::Plain }))
        );
        assert_eq!(read("[1, {}] "), Ok(Value::List("[1, {}]")));
        assert_eq!(read(r#"{"a":[]}"#), Ok(Value::Object(r#"{"a":[]}"#)));
    }

    #[test]
    fn a_text_that_ends_too_early_is_told_from_a_wrong_one() {
        for cut in [
            "", " ", "{", "[1,", "[1", r#"{"a""#, r#"{"a":"#, "\"a", "\"a\\", "\"\\u00", "tr", "-",
            "1.", "1e",
        ] {
            assert_eq!(read(cut), Err(Broken::Cut), "{cut}");
        }
        for wrong in [
            "x",
            "nul!",
            "[1 2]",
            "[,]",
            "{1:2}",
            r#"{"a" 1}"#,
            "\"\n\"",
            r#""\x""#,
            "01",
            "1 1",
            ".5",
            "+1",
            "'a'",
        ] {
            assert_eq!(read(wrong), Err(Broken::Syntax), "{wrong}");
        }
    }

    #[test]
    fn escapes_are_read_and_half_a_character_is_none() {
        let text = |raw| match read(raw) {
            Ok(Value::Text(text)) => text.read().map(Cow::into_owned),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            text(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00é""#).as_deref(),
            Some("\"\\/\u{8}\u{c}\n\r\tAé😀é")
        );
        for half in
            [r#""\ud83d""#, r#""\ud83dx""#, r#""\ude00""#, r#""\ud83d\u0041""#, r#""\ude00\ud83d""#]
        {
            assert_eq!(text(half), None, "{half}");
        }
    }

    #[test]
    fn a_member_is_found_by_its_key_and_the_last_one_counts() {
        let Ok(object) = read(r#"{"a":1,"\u0062":{"a":2},"a":3}"#) else { panic!("an object") };
        assert_eq!(object.member("a"), Some(Value::Number("3")));
        assert_eq!(object.member("b").and_then(|b| b.member("a")), Some(Value::Number("2")));
        assert_eq!((object.member("c"), Value::Null.member("a")), (None, None));
    }

    #[test]
    fn an_object_is_usual_only_as_it_is_written_to_the_byte() {
        let keys = ["\"a\":", "\"b\":"];
        let usual = |text| {
            let (mut reader, mut values) = (Reader::new(text), [None; 2]);
            let is_usual = reader.usual(&keys, &mut values);
            (is_usual, reader.at, values)
        };
        let texts = [r#""x""#, r#""""#].map(|written| Text { written, form: Form::Plain });
        let [x, empty] = texts.map(|text| Some(Value::Text(text)));
        assert_eq!(usual(r#"{"a":"x","b":null},"#), (true, 18, [x, Some(Value::Null)]));
        assert_eq!(usual(r#"{"a":"","b":"x"}"#), (true, 16, [empty, x]));
        assert!(usual(r#"{"a":"\"","b":"\\"}"#).0);
        for other in [
            "",
            "{}",
            r#"{"a":"x"}"#,
            r#"{"b":"x","a":"x"}"#,
            r#"{"a":"x","b":"x","c":1}"#,
            r#"{"a":"x","b":1}"#,
            r#"{"a":"x","b":nul}"#,
            r#"{"a":"x","b":null"#,
            "{\"a\":\"x\",\"b\":\"\n\"}",
            r#"{"a":"x", "b":"x"}"#,
            r#"{ "a":"x","b":"x"}"#,
            r#"{"a":"x","b":"x" }"#,
            r#"{"a":"x""b":"x"}"#,
            r#"["a":"x","b":"x"}"#,
        ] {
            let (is_usual, at, _) = usual(other);
            assert!(!is_usual && at == 0, "{other}");
        }
    }

    #[test]
    fn nesting_has_a_bound() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(64)).is_ok());
        assert_eq!(read(&nested(65)), Err(Broken::Syntax));
        assert_eq!(read(&"[{\"a\":".repeat(1_000_000)), Err(Broken::Syntax));
    }

    /// Text that is JSON or nearly so.
    fn nearly_json() -> impl Strategy<Value = String> {
        let parts = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u00e9",
            "\\ud83d",
            "null",
            "true",
            "false",
            "0",
            "-1.5e3",
            " ",
            "\n",
            "\"a\"",
            "\"key\":",
            "é",
            "😀",
            "long text without anything special",
            "\u{1}",
            "9",
            ".",
            "e",
        ];
        collection::vec(sample::select(parts.to_vec()), 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn accepts_what_another_reader_accepts(text in nearly_json()) {
            prop_assert_eq!(read(&text).is_ok(), serde_json::from_str::<&RawValue>(&text).is_ok());
        }

        #[test]
        fn any_text_is_read_as_it_was_written(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap_or_default();
            let scalar = read(&written).map(Value::scalar);
            prop_assert_eq!(scalar, Ok(Some(Cow::Borrowed(text.as_str()))));
        }

        #[test]
        fn a_run_ends_at_the_first_special_byte(bytes in collection::vec(any::<u8>(), 0..40)) {
            let one_by_one = bytes.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20));
            prop_assert_eq!(plain_bytes(&bytes), one_by_one.count());
        }
    }
}
