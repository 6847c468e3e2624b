//! What a ticket is asked for: the body of `POST /api/tickets` to a [`Wish`], read strictly.
//!
//! A mistake is told with the field's name and what was expected; a value is never repeated. A field that is misspelled,
//! given twice or `null` is refused: it must not mean "no limit".

use std::fmt;

use sepay::{FilterText, Vnd, nearest};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::MAX_TTL_SECONDS;
use crate::auth::Scope;
use crate::mask::{Field, Hidden};
use crate::params::BadParameter;

/// The longest body, in bytes.
const MAX_BODY_BYTES: usize = 4096;

/// The shortest that a ticket is good for, in seconds.
const MIN_TTL_SECONDS: u64 = 60;

/// How long it is good for when it is not said, in seconds.
const DEFAULT_TTL_SECONDS: u64 = 900;

/// The most accounts.
const MAX_ACCOUNTS: usize = 20;

/// How long all accounts may be, as they are written in a ticket, in bytes. Twenty usual numbers take 400.
const MAX_ACCOUNTS_BYTES: usize = 640;

/// The longest payment code, in characters.
const MAX_CODE_CHARS: usize = 64;

/// The longest name that is repeated to whoever misspelled it, in characters.
const MAX_ECHO_CHARS: usize = 40;

const FIELDS: [&str; 6] = ["accounts", "amount", "code", "hide", "scopes", "ttlSeconds"];

/// A ticket as it is wished for. It has no `Debug`: it names accounts.
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// How long it is to be good for, in seconds: 60 to 3600, 900 unless said.
    pub ttl_seconds: u64,
    /// The scopes, at least one: `transactions:read` unless said.
    pub scopes: Vec<Scope>,
    /// The account numbers that it is to see, 1 to 20; none for those of the key.
    pub accounts: Option<Vec<String>>,
    /// Only transactions with this payment code, if any.
    pub code: Option<String>,
    /// Only transactions that brought exactly this, at least 1 VND, if any.
    pub amount: Option<Vnd>,
    /// What it is not to see, besides what the key does not see: the balance unless said, because a ticket is for people
    /// who are to see a payment, and not what else is on the account.
    pub hide: Vec<Hidden>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            ttl_seconds: DEFAULT_TTL_SECONDS,
            scopes: vec![Scope::TransactionsRead],
            accounts: None,
            code: None,
            amount: None,
            hide: Field::named("balance").into_iter().collect(),
        }
    }
}

impl Wish {
    /// Reads a body: a JSON object with any of `accounts amount code hide scopes ttlSeconds`. Nothing is the same as
    /// `{}`.
    ///
    /// # Errors
    ///
    /// [`BadParameter`], naming the field.
    pub fn read(body: &[u8]) -> Result<Self, BadParameter> {
        let long = body.len();
        if long > MAX_BODY_BYTES {
            return Err(BadParameter::new(format!(
                "body: expected at most {MAX_BODY_BYTES} bytes, found {long}"
            )));
        }
        let mut wish = Self::default();
        if body.trim_ascii().is_empty() {
            return Ok(wish);
        }
        let Ok(Plain::Object(members)) = serde_json::from_slice(body) else {
            return Err(BadParameter::new("body: expected a JSON object"));
        };
        let mut seen = Vec::new();
        for (name, value) in members {
            let field = known(&name)?;
            if seen.contains(&field) {
                return Err(BadParameter::new(format!("{field}: expected once, found twice")));
            }
            seen.push(field);
            let expected = |what| BadParameter::new(format!("{field}: expected {what}"));
            wish.take(field, value).map_err(expected)?;
        }
        Ok(wish)
    }

    /// Takes over a field. The error says what was expected.
    fn take(&mut self, field: &str, value: Plain) -> Result<(), &'static str> {
        match field {
            "accounts" => self.accounts = Some(accounts(value)?),
            "amount" => self.amount = Some(amount(value)?),
            "code" => self.code = Some(code(value)?),
            "hide" => self.hide = hide(value)?,
            "scopes" => self.scopes = scopes(value)?,
            _ => self.ttl_seconds = ttl_seconds(value)?,
        }
        Ok(())
    }
}

fn known(given: &str) -> Result<&'static str, BadParameter> {
    if let Some(field) = FIELDS.into_iter().find(|field| *field == given) {
        return Ok(field);
    }
    let echo: String = given.chars().filter(|c| !c.is_control()).take(MAX_ECHO_CHARS).collect();
    let hint = match nearest(&echo, &FIELDS) {
        Some(field) => format!("did you mean {field}?"),
        None => format!("a ticket takes {}", FIELDS.join(", ")),
    };
    let echo = if echo.is_empty() { "(no name)" } else { &echo };
    Err(BadParameter::new(format!("{echo}: unknown field; {hint}")))
}

fn accounts(value: Plain) -> Result<Vec<String>, &'static str> {
    let bad = "1 to 20 different account numbers, no control characters, no space at either end";
    let texts = value.texts().filter(|texts| (1..=MAX_ACCOUNTS).contains(&texts.len()));
    let texts = texts.ok_or(bad)?;
    if !texts.iter().all(|text| FilterText::new("accounts", text).is_ok()) {
        return Err(bad);
    }
    let written = serde_json::to_string(&texts).map_err(|_| bad)?;
    if written.len() > MAX_ACCOUNTS_BYTES {
        return Err("account numbers that take at most 640 bytes together");
    }
    Ok(texts)
}

fn amount(value: Plain) -> Result<Vnd, &'static str> {
    let Plain::Number(dong) = value else { return Err("a whole number of VND") };
    let amount = i64::try_from(dong).ok().and_then(|dong| Vnd::new(dong).ok());
    amount.filter(|amount| *amount > Vnd::ZERO).ok_or("1 to 9007199254740991 VND")
}

fn code(value: Plain) -> Result<String, &'static str> {
    let bad = "1 to 64 characters, no control characters, no space at either end";
    let Plain::Text(text) = value else { return Err(bad) };
    let fits = text.chars().count() <= MAX_CODE_CHARS && FilterText::new("code", &text).is_ok();
    if fits { Ok(text) } else { Err(bad) }
}

fn hide(value: Plain) -> Result<Vec<Hidden>, &'static str> {
    let texts = value.texts().ok_or("different names of fields that can be hidden")?;
    let hidden = texts.iter().map(|name| Field::named(name)).collect::<Option<_>>();
    hidden.ok_or("names of fields that can be hidden")
}

fn scopes(value: Plain) -> Result<Vec<Scope>, &'static str> {
    let bad = "one or both of accounts:read, transactions:read";
    let texts = value.texts().filter(|texts| !texts.is_empty()).ok_or(bad)?;
    texts.iter().map(|name| Scope::named(name)).collect::<Option<_>>().ok_or(bad)
}

fn ttl_seconds(value: Plain) -> Result<u64, &'static str> {
    match value {
        Plain::Number(seconds) if (MIN_TTL_SECONDS..=MAX_TTL_SECONDS).contains(&seconds) => {
            Ok(seconds)
        }
        _ => Err("60 to 3600 seconds"),
    }
}

/// Just as much of JSON as a wish can be made of.
enum Plain {
    /// A whole number, not negative and without a fraction or exponent.
    Number(u64),
    Text(String),
    List(Vec<Plain>),
    /// Every member in its order, those with the same name too.
    Object(Vec<(String, Plain)>),
    /// Anything else.
    Other,
}

impl Plain {
    /// A list of texts, no two of them the same.
    fn texts(self) -> Option<Vec<String>> {
        let Self::List(items) = self else { return None };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let Self::Text(text) = item else { return None };
            if texts.contains(&text) {
                return None;
            }
            texts.push(text);
        }
        Some(texts)
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain::Number(number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Plain::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Plain, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Plain::Object(object))
    }
}
