//! Who is asking: an `Authorization` header and the configured keys to a [`Caller`], or a refusal.
//!
//! Only SHA-256 hashes of keys are configured. A presented key is hashed and compared with every entry in constant
//! time. Of a refusal only what the presented text itself says is told outside, never what is configured.

use std::borrow::Cow;

use sepay::{VietnamTime, Vnd};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::key::is_mistyped;
use crate::mask::{Field, Hidden};
use crate::ticket::{self, Claims, Secrets};

/// The longest key that is looked at, in bytes.
const MAX_KEY_BYTES: usize = 512;

/// The longest credential that is looked at, in bytes: a ticket is longer than a key.
const MAX_CREDENTIAL_BYTES: usize = 4096;

/// The highest limit of a key: each request of the last minute is remembered.
const MAX_REQUESTS_PER_MINUTE: u32 = 10_000;

/// The farthest that a key may be allowed to look back, in days.
const MAX_FROM_DAYS: u32 = 3650;

/// In how many groups the tickets of a key take turns.
const TICKET_PARTIES: u32 = 8;

/// A right that a key may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// `accounts:read`
    AccountsRead,
    /// `transactions:read`
    TransactionsRead,
    /// `metrics:read`
    MetricsRead,
    /// `tickets:write`
    TicketsWrite,
    /// `audit:read`
    AuditRead,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::AccountsRead,
        Self::TransactionsRead,
        Self::MetricsRead,
        Self::TicketsWrite,
        Self::AuditRead,
    ];

    /// Finds a scope by the name that [`Scope::as_str`] gives it.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// Returns the scope as it is written in `EDGE_KEYS`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountsRead => "accounts:read",
            Self::TransactionsRead => "transactions:read",
            Self::MetricsRead => "metrics:read",
            Self::TicketsWrite => "tickets:write",
            Self::AuditRead => "audit:read",
        }
    }
}

/// A caller whose credential is known and valid now. It has no `Debug`: it names accounts.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's id, for logs.
    pub id: String,
    /// The ticket's id, when the caller came with one.
    pub ticket: Option<String>,
    /// Which SePay identity answers.
    pub profile: String,
    /// How many requests a minute the key has; none for no limit.
    pub requests_per_minute: Option<u32>,
    /// When the credential ends, in milliseconds since the Unix epoch; none for never.
    pub expires_ms: Option<u64>,
    /// What the caller may see.
    pub rights: Rights,
}

/// What a caller may see. Each field narrows; it has no `Debug`, as it names accounts.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Rights {
    /// The scopes, each once.
    pub scopes: Vec<Scope>,
    /// The account numbers that may be seen; none for all.
    pub accounts: Option<Vec<String>>,
    /// The fields that are hidden.
    pub hide: Vec<Hidden>,
    /// How many days transactions may lie back; none for no limit.
    pub from_days: Option<u32>,
    /// Only transactions with this payment code, if any.
    pub code: Option<String>,
    /// Only transactions that brought exactly this, if any.
    pub amount: Option<Vnd>,
}

/// A caller, and where its key stands among the configured ones: what tells two keys with one id apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorized<'a> {
    /// The place of the key, from 0.
    pub place: usize,
    /// The caller.
    pub caller: Cow<'a, Caller>,
}

/// Why a caller was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// No `Authorization` header.
    Missing,
    /// Not one `Bearer` key.
    Malformed,
    /// No such key, or no key configured.
    Unknown,
    /// No such key, and its form says that it was one of ours before it was cut or mistyped.
    Mistyped,
    /// The gateway's own SePay token, which must be nowhere but in its secret.
    SepayToken,
    /// A ticket that was not signed here, or whose key is gone, or whose time is over.
    DeadTicket,
    /// The key's time is over.
    Expired,
}

/// The configured keys, and what else tells callers apart.
#[derive(Default)]
pub struct Keys {
    entries: Vec<Entry>,
    /// SHA-256 of SePay's tokens.
    tokens: Vec<[u8; 32]>,
    secrets: Secrets,
}

struct Entry {
    sha256: [u8; 32],
    /// Names the entry in tickets.
    fingerprint: String,
    caller: Caller,
}

/// Why `EDGE_KEYS` cannot be used. It names entry and field, and repeats no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// Not a JSON array of entries with known fields.
    #[error("EDGE_KEYS is not a JSON array of keys: line {line}, column {column}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A field with an impossible value.
    #[error("EDGE_KEYS[{index}].{field}: {expected}")]
    Field {
        /// The entry, from 0.
        index: usize,
        /// The field.
        field: &'static str,
        /// What was expected.
        expected: &'static str,
    },
}

/// One entry as it is written. Unknown fields are refused: a misspelled `accounts` must not open every account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    id: String,
    sha256: String,
    scopes: Vec<String>,
    #[serde(default, deserialize_with = "not_null")]
    accounts: Option<Vec<String>>,
    #[serde(default)]
    hide: Vec<String>,
    #[serde(default, deserialize_with = "not_null")]
    profile: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    expires: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    rpm: Option<u32>,
    #[serde(default, deserialize_with = "not_null")]
    from: Option<String>,
}

/// Refuses `null`: where a program wrote it for "none", it must not mean "all" or "for ever".
pub(crate) fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Rights {
    /// Says whether only transactions with one payment code or one amount may be seen.
    #[must_use]
    pub fn sees_some_payments_only(&self) -> bool {
        self.code.is_some() || self.amount.is_some()
    }

    /// Says whether an account may be seen.
    #[must_use]
    pub fn may_see(&self, account_number: &str) -> bool {
        let among = |accounts: &Vec<String>| accounts.iter().any(|number| number == account_number);
        self.accounts.as_ref().is_none_or(among)
    }
}

impl Caller {
    /// Names those with whom the caller takes turns at the gate: a key for itself, its tickets in a few groups, so that no
    /// customer's browser delays the shop, nor most of its other customers, and many tickets do not mean many turns.
    #[must_use]
    pub fn party(&self) -> String {
        let Some(ticket) = &self.ticket else { return self.id.clone() };
        let sum: u32 = ticket.bytes().map(u32::from).sum();
        // No key's id has a slash.
        format!("{}/{}", self.id, sum % TICKET_PARTIES)
    }

    /// Says whether the caller has a scope.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.rights.scopes.contains(&scope)
    }
}

impl Keys {
    /// Reads `EDGE_KEYS`. Nothing, or only white space, is no key: every caller is refused.
    ///
    /// # Errors
    ///
    /// [`BadKeys`]; the door then refuses every caller.
    pub fn parse(text: &str) -> Result<Self, BadKeys> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let written: Vec<WrittenEntry> = serde_json::from_str(text)
            .map_err(|why| BadKeys::Json { line: why.line(), column: why.column() })?;
        let mut entries: Vec<Entry> = Vec::with_capacity(written.len());
        for (index, entry) in written.into_iter().enumerate() {
            let entry = read_entry(index, entry)?;
            // One key with two kinds of rights has neither: which of them counts would be a matter of order.
            if entries.iter().any(|other| other.sha256 == entry.sha256) {
                let expected = "expected a key that no other entry has";
                return Err(BadKeys::Field { index, field: "sha256", expected });
            }
            entries.push(entry);
        }
        Ok(Self { entries, ..Self::default() })
    }

    /// Refuses SePay's tokens as keys, even should one be configured as such.
    #[must_use]
    pub fn without_tokens<'a>(mut self, tokens: impl Iterator<Item = &'a str>) -> Self {
        let known = tokens.map(str::trim).filter(|token| !token.is_empty());
        self.tokens = known.map(|token| sha256(token.as_bytes())).collect();
        self
    }

    /// Accepts tickets that were signed with these secrets.
    #[must_use]
    pub fn with_tickets(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Says whether there is none: then nobody is let in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the secrets with which tickets are signed.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Returns the name of the entry at a place, for its tickets.
    #[must_use]
    pub fn fingerprint(&self, place: usize) -> Option<&str> {
        self.entries.get(place).map(|entry| entry.fingerprint.as_str())
    }

    /// Finds the caller behind an `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`Denied`].
    pub fn authorize(&self, header: Option<&str>, now_ms: u64) -> Result<Authorized<'_>, Denied> {
        let credential = presented(header.ok_or(Denied::Missing)?)?;
        let is_ticket = ticket::is_ticket(credential);
        if credential.len() > MAX_KEY_BYTES && !is_ticket {
            return Err(Denied::Malformed);
        }
        let hash = sha256(credential.as_bytes());
        if position(self.tokens.iter(), &hash).is_some() {
            return Err(Denied::SepayToken);
        }
        let place = position(self.entries.iter().map(|entry| &entry.sha256), &hash);
        let Some((place, entry)) = place.and_then(|at| Some((at, self.entries.get(at)?))) else {
            return match is_mistyped(credential) {
                _ if is_ticket => self.holder(credential, now_ms).ok_or(Denied::DeadTicket),
                true => Err(Denied::Mistyped),
                false => Err(Denied::Unknown),
            };
        };
        if entry.has_ended(now_ms) {
            return Err(Denied::Expired);
        }
        Ok(Authorized { place, caller: Cow::Borrowed(&entry.caller) })
    }

    /// Finds the holder of a ticket: what its key may do now, narrowed to what the ticket says.
    fn holder(&self, credential: &str, now_ms: u64) -> Option<Authorized<'_>> {
        let (claims, place, entry) = self.bound(credential)?;
        if entry.has_ended(now_ms) {
            return None;
        }
        let caller = ticket::narrowed(&claims, &entry.caller, now_ms)?;
        Some(Authorized { place, caller: Cow::Owned(caller) })
    }

    /// Reads a ticket that was signed here, and finds the entry that it is bound to, whatever the time.
    fn bound(&self, credential: &str) -> Option<(Claims, usize, &Entry)> {
        let claims = self.secrets.verify(credential)?;
        let is_its = |entry: &&Entry| entry.fingerprint == claims.key;
        let (place, entry) = self.entries.iter().enumerate().find(|(_, entry)| is_its(entry))?;
        (entry.caller.id == claims.sub).then_some((claims, place, entry))
    }

    /// Finds whose a credential is or was, whatever the time, for the records: the caller comes without any right.
    #[must_use]
    pub fn late_holder(&self, header: Option<&str>) -> Option<Caller> {
        // No key has ended before the first second.
        let (ticket, key) = match self.authorize(header, 0) {
            Ok(Authorized { caller, .. }) => (None, caller.into_owned()),
            Err(_) => {
                let (claims, _, entry) = self.bound(presented(header?).ok()?)?;
                (Some(claims.jti), entry.caller.clone())
            }
        };
        Some(Caller { ticket, rights: Rights::default(), ..key })
    }
}

impl Entry {
    fn has_ended(&self, now_ms: u64) -> bool {
        self.caller.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms)
    }
}

/// Finds a hash among others, in a time that does not depend on where it stands or how far it agrees.
fn position<'a>(hashes: impl Iterator<Item = &'a [u8; 32]>, hash: &[u8; 32]) -> Option<usize> {
    let mut found = u64::MAX;
    for (own, index) in hashes.zip(0_u64..) {
        found.conditional_assign(&index, own.ct_eq(hash.as_slice()));
    }
    usize::try_from(found).ok().filter(|_| found != u64::MAX)
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Takes the key out of `Bearer <key>`. Two headers arrive joined by a comma and are refused here too.
fn presented(header: &str) -> Result<&str, Denied> {
    let (scheme, key) = header.trim().split_once(' ').ok_or(Denied::Malformed)?;
    let key = key.trim_start();
    let visible =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    if scheme.eq_ignore_ascii_case("bearer") && visible && key.len() <= MAX_CREDENTIAL_BYTES {
        Ok(key)
    } else {
        Err(Denied::Malformed)
    }
}

fn read_entry(index: usize, entry: WrittenEntry) -> Result<Entry, BadKeys> {
    let bad = |field, expected| BadKeys::Field { index, field, expected };
    let profile = entry.profile.unwrap_or_else(|| "default".to_owned());
    if !crate::config::is_key_id(&entry.id) {
        return Err(bad("id", "expected 1 to 64 letters, digits, '-', '_' or '.'"));
    }
    if !crate::config::is_profile(&profile) {
        return Err(bad("profile", "expected 1 to 32 lower-case letters, digits or '_'"));
    }
    let sha256 = hash_from_hex(&entry.sha256)
        .ok_or_else(|| bad("sha256", "expected 64 hexadecimal digits"))?;
    let expires_ms = entry.expires.as_deref().map(|text| {
        instant_ms(text)
            .ok_or_else(|| bad("expires", "expected a time such as 2027-01-01T00:00:00Z"))
    });
    let expires_ms = expires_ms.transpose()?;
    if entry.rpm.is_some_and(|rpm| !(1..=MAX_REQUESTS_PER_MINUTE).contains(&rpm)) {
        return Err(bad("rpm", "expected 1 to 10000 requests a minute"));
    }
    let hide = entry.hide.iter().map(|name| Field::named(name)).collect::<Option<Vec<_>>>();
    let hide = hide.ok_or_else(|| bad("hide", "expected names of fields that can be hidden"))?;
    let from_days = entry
        .from
        .as_deref()
        .map(|text| days(text).ok_or_else(|| bad("from", "expected 1 to 3650 days, such as 30d")));
    let rights = Rights {
        // A scope that is not known is none.
        scopes: each_once(entry.scopes.iter().filter_map(|text| Scope::named(text)).collect()),
        accounts: entry.accounts.map(each_once),
        hide: each_once(hide),
        from_days: from_days.transpose()?,
        ..Rights::default()
    };
    let caller = Caller {
        id: entry.id,
        ticket: None,
        profile,
        requests_per_minute: entry.rpm,
        expires_ms,
        rights,
    };
    Ok(Entry { sha256, fingerprint: ticket::fingerprint(&sha256), caller })
}

/// Reads a number of days such as `30d`.
fn days(text: &str) -> Option<u32> {
    let digits =
        text.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| (1..=MAX_FROM_DAYS).contains(days))
}

/// Returns things in their order, each once.
pub(crate) fn each_once<T: PartialEq>(things: Vec<T>) -> Vec<T> {
    let mut each = Vec::with_capacity(things.len());
    for thing in things {
        if !each.contains(&thing) {
            each.push(thing);
        }
    }
    each
}

/// Reads RFC 3339 with an offset, in whole seconds: a fraction is cut off. What lies before 1970 has expired.
fn instant_ms(text: &str) -> Option<u64> {
    // `VietnamTime` takes a time without an offset as Vietnam's; an expiry has to say.
    let has_offset = text.len() > 19;
    let time = VietnamTime::last_of(text).ok().filter(|_| has_offset)?;
    Some(u64::try_from(time.unix_ms()).unwrap_or(0))
}

fn hash_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0_u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        let hex = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
        *byte = u8::from_str_radix(pair, 16).ok().filter(|_| hex)?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::Claims;

    fn sha256_hex(key: &str) -> String {
        Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn keys() -> Keys {
        let (test, old) = (sha256_hex("edge_test"), sha256_hex("edge_old").to_uppercase());
        Keys::parse(&format!(
            r#"[{{"id":"shop","sha256":"{test}","scopes":["accounts:read","transactions:read"]}},
                {{"id":"old","sha256":"{old}","scopes":["accounts:read"],"accounts":["007"],
                  "hide":[],"profile":"default","expires":"2026-01-01T00:00:00Z"}}]"#
        ))
        .unwrap()
    }

    fn denied(header: Option<&str>, now_ms: u64) -> Option<Denied> {
        keys().authorize(header, now_ms).err()
    }

    #[test]
    fn a_known_key_is_let_in_and_its_rights_are_its_own() {
        let keys = keys();
        let shop = keys.authorize(Some("Bearer edge_test"), 0).ok().unwrap().caller;
        assert_eq!((shop.id.as_str(), shop.profile.as_str()), ("shop", "default"));
        assert!(shop.may(Scope::TransactionsRead) && shop.rights.may_see("anything"));
        let old = keys.authorize(Some("bearer  edge_old "), 0).ok().unwrap().caller;
        assert!(!old.may(Scope::TransactionsRead) && old.may(Scope::AccountsRead));
        assert!(old.rights.may_see("007") && !old.rights.may_see("7"));
    }

    #[test]
    fn a_key_is_valid_until_the_instant_it_expires() {
        let end_ms = 1_767_225_600_000; // 2026-01-01T00:00:00Z
        assert_eq!(denied(Some("Bearer edge_old"), end_ms - 1), None);
        assert_eq!(denied(Some("Bearer edge_old"), end_ms), Some(Denied::Expired));
    }

    #[test]
    fn everything_else_is_refused() {
        assert_eq!(denied(None, 0), Some(Denied::Missing));
        let mega = format!("Bearer {}", "x".repeat(1 << 20));
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "edge_test",
            "Basic edge_test",
            "Bearer edge test",
            "Bearer edge_test, Bearer edge_test",
            "Bearer edge_tést",
            mega.as_str(),
        ] {
            assert_eq!(denied(Some(header), 0), Some(Denied::Malformed), "{}", header.len());
        }
        for key in ["edge_tesT", "edge_tes", "edge_testt", "x"] {
            assert_eq!(denied(Some(&format!("Bearer {key}")), 0), Some(Denied::Unknown));
        }
    }

    #[test]
    fn no_keys_refuse_everybody() {
        for text in ["", "  \n", "[]"] {
            let keys = Keys::parse(text).ok().unwrap();
            assert_eq!(keys.authorize(Some("Bearer edge_test"), 0).err(), Some(Denied::Unknown));
        }
    }

    #[test]
    fn a_key_of_512_bytes_and_a_ticket_of_4096_are_looked_at_and_longer_ones_are_not() {
        let key = |bytes: usize| denied(Some(&format!("Bearer {}", "x".repeat(bytes))), 0);
        assert_eq!((key(512), key(513)), (Some(Denied::Unknown), Some(Denied::Malformed)));
        let ticket = |bytes: usize| denied(Some(&format!("Bearer eyJ.{:a<bytes$}", ".")), 0);
        let (longest, longer) = (ticket(4096 - 4), ticket(4097 - 4));
        assert_eq!((longest, longer), (Some(Denied::DeadTicket), Some(Denied::Malformed)));
    }

    #[test]
    fn a_token_of_sepays_lets_nobody_in_even_where_it_stands_among_the_keys() {
        let refused = |tokens: [&'static str; 3]| {
            let keys = keys().without_tokens(tokens.into_iter());
            assert_eq!((keys.len(), keys.is_empty()), (2, false));
            keys.authorize(Some("Bearer edge_test"), 0).err()
        };
        assert_eq!(refused(["edge_test", "", ""]), Some(Denied::SepayToken));
        assert_eq!(refused(["other", " ", " edge_test\n"]), Some(Denied::SepayToken));
        assert_eq!(refused(["other", "", "edge_testt"]), None);
    }

    /// A ticket for the key at this place, made at the beginning of 1970 under this id.
    fn ticket(keys: &Keys, place: usize, id: &str) -> String {
        let claims = Claims {
            iss: "sepay-edge".to_owned(),
            sub: id.to_owned(),
            key: keys.fingerprint(place).unwrap().to_owned(),
            iat: 0,
            exp: 900,
            jti: "t-1".to_owned(),
            scope: "accounts:read".to_owned(),
            accounts: None,
            code: None,
            amount: None,
            hide: Vec::new(),
        };
        format!("Bearer {}", keys.secrets().sign(&claims).unwrap())
    }

    #[test]
    fn a_ticket_comes_in_as_its_own_key_while_it_lasts() {
        let secret = "a secret of thirty-two letters, or more";
        let keys = keys().with_tickets(Secrets::read(Some(secret), None).0);
        for (place, id) in ["shop", "old"].into_iter().enumerate() {
            let ticket = ticket(&keys, place, id);
            let holder = keys.authorize(Some(&ticket), 899_999).ok().unwrap();
            assert_eq!((holder.place, holder.caller.id.as_str()), (place, id));
            assert_eq!(holder.caller.ticket.as_deref(), Some("t-1"));
            assert_eq!(keys.authorize(Some(&ticket), 900_000).err(), Some(Denied::DeadTicket));
            assert_eq!(denied(Some(&ticket), 0), Some(Denied::DeadTicket), "no secret");
        }
        let anothers = ticket(&keys, 0, "old");
        assert_eq!(keys.authorize(Some(&anothers), 0).err(), Some(Denied::DeadTicket));
        assert_eq!((keys.fingerprint(2), Keys::default().is_empty()), (None, true));
    }

    #[test]
    fn bad_keys_are_named_without_their_values() {
        let hash = sha256_hex("k");
        let entry =
            |fields: &str| format!(r#"[{{"id":"a","sha256":"{hash}","scopes":[]{fields}}}]"#);
        for (text, told) in [
            ("{}".to_owned(), "EDGE_KEYS is not a JSON array of keys"),
            ("[{}]".to_owned(), "EDGE_KEYS is not a JSON array of keys"),
            (entry(r#","account":["1"]"#), "EDGE_KEYS is not a JSON array of keys"),
            (entry(r#","accounts":null"#), "EDGE_KEYS is not a JSON array of keys"),
            (entry(r#","expires":null"#), "EDGE_KEYS is not a JSON array of keys"),
            (entry(r#","rpm":null"#), "EDGE_KEYS is not a JSON array of keys"),
            (entry(r#","rpm":0"#), "EDGE_KEYS[0].rpm: "),
            (entry(r#","rpm":10001"#), "EDGE_KEYS[0].rpm: "),
            (entry(r#","expires":"tomorrow""#), "EDGE_KEYS[0].expires: "),
            (entry(r#","expires":"2027-01-01T00:00:00""#), "EDGE_KEYS[0].expires: "),
            (entry(r#","profile":"Not/plain""#), "EDGE_KEYS[0].profile: "),
            (entry("").replace(&hash, "S3CRET"), "EDGE_KEYS[0].sha256: "),
            (entry("").replace(&hash, hash.get(2..).unwrap()), "EDGE_KEYS[0].sha256: "),
            (entry("").replace(&hash, &format!("{hash}00")), "EDGE_KEYS[0].sha256: "),
            (
                format!(
                    "{},{}",
                    entry(r#","rpm":1"#).trim_end_matches(']'),
                    entry("").trim_start_matches('[')
                ),
                "EDGE_KEYS[1].sha256: ",
            ),
            (
                entry("").replace(&hash, &format!("+{}", hash.get(1..).unwrap())),
                "EDGE_KEYS[0].sha256: ",
            ),
            (entry("").replace(r#""a""#, r#""a\n""#), "EDGE_KEYS[0].id: "),
        ] {
            let error = Keys::parse(&text).err().unwrap().to_string();
            assert!(error.starts_with(told) && !error.contains("S3CRET"), "{error}");
        }
    }

    #[test]
    fn a_key_takes_turns_for_itself_and_its_tickets_in_few_groups() {
        let keys = keys();
        let shop = keys.authorize(Some("Bearer edge_test"), 0).ok().unwrap().caller.into_owned();
        assert_eq!(shop.party(), "shop");
        let parties = (0..1_000).map(|n: u32| {
            let ticket = Some(format!("3daf41bc-e9b6-42de-84eb-{n:012x}"));
            Caller { ticket, ..shop.clone() }.party()
        });
        let parties: std::collections::HashSet<_> = parties.collect();
        assert_eq!(parties.len(), 8);
        assert!(!parties.contains("shop"));
    }

    #[test]
    fn what_is_hidden_and_how_far_back_is_seen_are_read() {
        let caller = |fields: &str| {
            let hash = sha256_hex("k");
            let text = format!(r#"[{{"id":"a","sha256":"{hash}","scopes":[]{fields}}}]"#);
            let keys = Keys::parse(&text)?;
            Ok(keys.authorize(Some("Bearer k"), 0).ok().unwrap().caller.rights.clone())
        };
        let rights = caller(r#","hide":["balance","code","balance"],"from":"30d""#).ok().unwrap();
        let hidden: Vec<_> = rights.hide.iter().map(|field| field.as_str()).collect();
        assert_eq!((hidden, rights.from_days), (vec!["balance", "code"], Some(30)));
        for (fields, named) in [
            (r#","hide":["ballance"]"#, "EDGE_KEYS[0].hide: "),
            (r#","hide":["id"]"#, "EDGE_KEYS[0].hide: "),
            (r#","from":"0d""#, "EDGE_KEYS[0].from: "),
            (r#","from":"3651d""#, "EDGE_KEYS[0].from: "),
            (r#","from":"30""#, "EDGE_KEYS[0].from: "),
            (r#","from":"+3d""#, "EDGE_KEYS[0].from: "),
            (r#","from":"d""#, "EDGE_KEYS[0].from: "),
        ] {
            let error: BadKeys = caller(fields).err().unwrap();
            assert!(error.to_string().starts_with(named), "{fields}");
        }
    }
}
