//! What rights narrow: accounts, time, payment code, amount and hidden fields, in every combination, for every question
//! in both forms.
//!
//! The judge is a SePay written from its pages that can be asked twice: with everything, by the limited caller, and with
//! nothing but what that caller may see, by one without limits. Masking is judged by a second, simpler masker.

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_wrap, reason = "small numbers")]
#![allow(unreachable_pub, missing_docs, reason = "a module of tests has no outside")]

#[path = "fuzz/by_hand.rs"]
mod by_hand;
#[path = "fuzz/cases.rs"]
mod cases;
#[path = "world/sepay.rs"]
mod world;

use std::collections::BTreeMap;

use by_hand::{HIDEABLE, masked_by_hand, sepays_names};
use cases::cases;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use sepay::Vnd;
use sepay_worker::answer::NoBody;
use sepay_worker::auth::{Caller, Scope};
use sepay_worker::view::{Forbidden, narrows_ms, plan};
use serde_json::Value;
use world::{Account, NOW_MS, Outcome, QUESTIONS, Sepay, Transaction, ask_at, caller, question};

const NUMBERS: [&str; 5] = ["0071000888888", "071000888888", "102871015203", "0900112233", "0"];
const BANKS: [&str; 2] = ["Vietcombank", "ACB"];
const CODES: [&str; 4] = ["", "DH1", "DH12", "dh1"];
const TIMES: [&str; 7] = [
    "2026-03-31 12:00:00",
    "2026-04-01 00:00:00",
    "2026-04-01 23:59:59",
    "2026-04-02 00:00:00",
    "2026-04-02 08:15:09",
    "2026-04-02 23:59:59",
    "2026-04-03 00:00:00",
];
/// 3 April 2026, 00:00 in Vietnam.
const MIDNIGHT_MS: u64 = 1_775_149_200_000;
const DAY_MS: u64 = 86_400_000;
/// Around midnights, and long after.
const NOWS_MS: [u64; 6] = [
    MIDNIGHT_MS - DAY_MS,
    MIDNIGHT_MS - 1,
    MIDNIGHT_MS,
    MIDNIGHT_MS + DAY_MS - 1,
    MIDNIGHT_MS + DAY_MS,
    NOW_MS,
];
/// Clocks that cannot be right.
const BROKEN_CLOCKS_MS: [u64; 6] =
    [0, 1, 1_577_836_799_999, 253_402_275_600_000, u64::MAX / 2, u64::MAX];

/// What a caller may see, as a test has it.
#[derive(Debug, Clone, Default)]
struct Limits {
    accounts: Option<Vec<&'static str>>,
    from_days: Option<u32>,
    code: Option<&'static str>,
    amount: Option<u64>,
    hide: Vec<&'static str>,
}

/// A question: which of [`QUESTIONS`], in which form, about which record, with which filters by our name.
#[derive(Debug, Clone)]
struct Asked {
    kind: usize,
    form: usize,
    id: u32,
    pairs: Vec<(&'static str, String)>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_limited_caller_gets_what_sepay_would_answer_if_nothing_else_existed(
        sepay in sepay(), limits in limits(), asked in asked(), now_ms in select(&NOWS_MS[..]),
    ) {
        let (path, query) = (asked.path(), asked.query());
        let got = ask_at(&sepay, &path, &query, &limits.caller(), now_ms);
        let reasons = limits.forbids(&asked);
        if !reasons.is_empty() {
            let Err(Ok(why)) = got else { panic!("{path}?{query}: expected a refusal: {got:?}") };
            assert!(reasons.contains(&told(why)), "{path}?{query}: {why:?}, not {reasons:?}");
            return Ok(());
        }
        let reduced = limits.of(&sepay, now_ms);
        let expected = ask_at(&reduced, &path, &query, &Limits::default().caller(), now_ms);
        let Some(expected) = good(&expected) else {
            assert!(good(&got).is_none(), "{path}: what does not exist was answered: {got:?}");
            assert!(limits.sees_everything() || got == Err(Err(NoBody::NotYours)), "{path}: {got:?}");
            return Ok(());
        };
        let got = good(&got).unwrap_or_else(|| panic!("{path}?{query}: no answer: {got:?}"));
        let expected = masked_by_hand(&expected, &limits.names(&asked));
        if asked.form == 1 {
            assert_eq!(got, expected, "{path}?{query}");
            return Ok(());
        }
        let (got, expected) = (json(&got), json(&expected));
        assert_eq!((&got["data"], &got["count"]), (&expected["data"], &expected["count"]), "{path}?{query}");
        if let Some(rows) = got["data"].as_array() {
            let all = reduced.matching(&path, &query);
            assert!(got["complete"] == false || rows.len() == all, "cut, and called complete");
            assert!(got["complete"] == true || all >= asked.limit(), "whole, and not called complete");
        }
    }

    #[test]
    fn a_sepay_that_takes_no_notice_of_filters_makes_nothing_leak(
        sepay in sepay(), limits in limits(), asked in asked(), now_ms in now_ms(),
        ignores in subsequence(&["account_number", "transaction_date_min", "amount_in", "limit", "short_name"][..], 0..=5),
    ) {
        let sepay = Sepay { ignores, ..sepay };
        let got = ask_at(&sepay, &asked.path(), &asked.query(), &limits.caller(), now_ms);
        let Some(body) = good(&got) else {
            let words = match &got {
                Ok(body) => String::from_utf8_lossy(&body.bytes).into_owned(),
                Err(why) => format!("{why:?}"),
            };
            assert!(!words.contains("DH") && !words.contains("970436"), "{words}");
            return Ok(());
        };
        assert_eq!(masked_by_hand(&body, &limits.names(&asked)), body, "a hidden value");
        let may_see = limits.of(&sepay, now_ms);
        for row in &sepay.transactions {
            let is_there = body.contains(&format!("DH{}.", row.id));
            assert!(!is_there || may_see.transactions.iter().any(|own| own.id == row.id), "{row:?}: {body}");
        }
        for id in ids(&body) {
            let is_own = if asked.kind < 3 {
                may_see.accounts.iter().any(|own| own.id.to_string() == id)
            } else {
                may_see.transactions.iter().any(|own| own.id.to_string() == id)
            };
            assert!(is_own, "{id}: {body}");
        }
    }

    #[test]
    fn whoever_may_see_less_is_never_shown_more(
        sepay in sepay(), wide in limits(), other in limits(), shrunk in any::<[bool; 5]>(), asked in asked(),
        now_ms in now_ms(),
    ) {
        let narrow = wide.shrunk_to(&other, shrunk);
        let path = asked.path();
        // The newest two of fewer rows may lie behind the newest two of more: the wider one gets all.
        let all = Asked { pairs: asked.pairs.iter().filter(|(name, _)| *name != "limit").cloned().collect(), ..asked.clone() };
        let less = ask_at(&sepay, &path, &asked.query(), &narrow.caller(), now_ms);
        let more = ask_at(&sepay, &path, &all.query(), &wide.caller(), now_ms);
        let Some(less) = good(&less) else { return Ok(()) };
        let more = good(&more).unwrap_or_else(|| panic!("{path}: refused to the wider one: {more:?}"));
        let (less, more) = (json(&less), json(&more));
        let count = |body: &Value| body["count"].as_u64().or_else(|| {
            body.as_object()?.iter().find(|(name, _)| name.starts_with("count_"))?.1.as_u64()
        });
        assert!(count(&less) <= count(&more), "{less} {more}");
        let wider = rows(&more);
        for (id, row) in rows(&less) {
            let known = wider.get(&id).unwrap_or_else(|| panic!("{id} is new: {less}"));
            assert!(is_within(&row, known), "{id} tells more: {less} {more}");
        }
    }
}

#[test]
fn a_day_in_vietnam_begins_to_be_seen_and_ceases_to_be_at_its_midnights() {
    let row = |id, time| Transaction::new(id, "0", time);
    let transactions = vec![row(1, TIMES[2]), row(2, TIMES[3]), row(3, TIMES[5]), row(4, TIMES[6])];
    let sepay = Sepay { transactions, ..Sepay::default() };
    // The day 1 of 30 is seen until the end of the 31st day: `from` is midnight of the day so many days before today.
    for (days, now_ms, seen) in [
        (1, MIDNIGHT_MS - DAY_MS, "1234"),
        (1, MIDNIGHT_MS - 1, "1234"),
        (1, MIDNIGHT_MS, "234"),
        (1, MIDNIGHT_MS + DAY_MS - 1, "234"),
        (1, MIDNIGHT_MS + DAY_MS, "4"),
        (1, MIDNIGHT_MS + 2 * DAY_MS, ""),
        (30, MIDNIGHT_MS + 29 * DAY_MS - 1, "1234"),
        (30, MIDNIGHT_MS + 29 * DAY_MS, "234"),
        (30, MIDNIGHT_MS + 31 * DAY_MS, ""),
        (3650, NOW_MS, "1234"),
    ] {
        let caller = Limits { from_days: Some(days), ..Limits::default() }.caller();
        for path in QUESTIONS[3] {
            let got = ask_at(&sepay, path, "", &caller, now_ms);
            let mut ids = ids(&good(&got).expect("a list"));
            ids.sort();
            assert_eq!(ids.concat(), seen, "{path}: {days} days before {now_ms}");
        }
        let counted = ask_at(&sepay, QUESTIONS[5][0], "", &caller, now_ms);
        assert_eq!(json(&good(&counted).expect("a count"))["count"], seen.len());
        for id in 1..=4 {
            let one = ask_at(&sepay, &format!("/api/transactions/{id}"), "", &caller, now_ms);
            assert_eq!(good(&one).is_some(), seen.contains(&id.to_string()), "{id} at {now_ms}");
        }
    }
}

#[test]
fn what_is_kept_for_a_caller_ends_when_its_view_narrows() {
    let ends_ms = |from_days, now_ms| {
        narrows_ms(&Limits { from_days, ..Limits::default() }.caller().rights, now_ms)
    };
    assert_eq!(ends_ms(None, MIDNIGHT_MS), None);
    for days in [1, 30, 3650] {
        assert_eq!(ends_ms(Some(days), MIDNIGHT_MS - 1), Some(MIDNIGHT_MS));
        assert_eq!(ends_ms(Some(days), MIDNIGHT_MS), Some(MIDNIGHT_MS + DAY_MS));
        assert!(ends_ms(Some(days), u64::MAX).is_some_and(|end_ms| end_ms < u64::MAX));
    }
}

#[test]
fn a_clock_that_cannot_be_right_opens_nothing() {
    let transactions = TIMES.iter().zip(1..).map(|(time, id)| Transaction::new(id, "0", time));
    let sepay = Sepay { transactions: transactions.collect(), ..Sepay::default() };
    for now_ms in BROKEN_CLOCKS_MS {
        for days in [1, 30, 3650] {
            let caller = Limits { from_days: Some(days), ..Limits::default() }.caller();
            for (path, query) in
                [(QUESTIONS[3][0], ""), (QUESTIONS[3][1], ""), (QUESTIONS[3][0], "to=2026-12-31")]
            {
                let got = ask_at(&sepay, path, query, &caller, now_ms);
                assert_eq!(ids(&good(&got).expect("a list")).len(), 0, "{path} at {now_ms}");
            }
            let counted = ask_at(&sepay, QUESTIONS[5][0], "", &caller, now_ms);
            assert_eq!(json(&good(&counted).expect("a count"))["count"], 0, "at {now_ms}");
            let one = ask_at(&sepay, QUESTIONS[4][0], "", &caller, now_ms);
            assert_eq!(one, Err(Err(NoBody::NotYours)), "at {now_ms}");
        }
    }
}

#[test]
fn a_payment_code_is_searched_among_the_newest_500_rows_whatever_is_asked_and_a_cut_is_told() {
    let limits = Limits { code: Some("DH1"), ..Limits::default() };
    let (caller, found) = (limits.caller(), |sepay: &Sepay, query: &str| {
        let got = good(&ask_at(sepay, QUESTIONS[3][0], query, &limits.caller(), NOW_MS));
        let got = json(&got.expect("a list"));
        (rows(&got).into_keys().collect::<Vec<_>>().join(" "), got["complete"] == true)
    });
    // Ids and times fall together: 1 is the oldest of `rows`.
    let with = |rows: u32, coded: &[u32]| {
        let row = |id: u32| Transaction {
            code: if coded.contains(&id) { "DH1".to_owned() } else { "DH2".to_owned() },
            ..Transaction::new(id, "0", TIMES[4])
        };
        Sepay { transactions: (1..=rows).map(row).collect(), ..Sepay::default() }
    };
    let told = |ids: &str, complete| (ids.to_owned(), complete);
    assert_eq!(found(&with(499, &[1]), "limit=1"), told("1", true));
    assert_eq!(found(&with(500, &[1]), "limit=1"), told("1", false), "SePay may have cut it");
    assert_eq!(found(&with(501, &[1]), "limit=1"), told("", false));
    // Nobody finds out by asking how many rows there are that it does not see.
    for query in
        ["limit=5000", "sinceId=1", "from=2020-01-01", "account=0", "reference=x", "amountOut=7"]
    {
        assert_eq!(found(&with(501, &[1]), query), told("", false), "{query}");
        assert_eq!(found(&with(499, &[]), query), told("", true), "{query}");
    }
    assert_eq!(found(&with(499, &[1, 2]), "limit=1"), told("2", false), "the newest of two");
    assert_eq!(found(&with(499, &[]), ""), told("", true));
    let counted = |rows| ask_at(&with(rows, &[1, 2]), QUESTIONS[5][0], "", &caller, NOW_MS);
    assert_eq!(json(&good(&counted(499)).expect("a count"))["count"], 2);
    assert_eq!(counted(500), Err(Err(NoBody::TooMany)), "there may be more");
    let theirs = ask_at(&with(501, &[1]), QUESTIONS[5][1], "", &caller, NOW_MS);
    assert_eq!(theirs, Err(Err(NoBody::TooMany)));
}

#[test]
fn holders_of_tickets_for_payment_codes_ask_sepay_one_question() {
    let targets = |code, path: &str, query: &str| {
        let limits = Limits { code: Some(code), amount: None, ..Limits::default() };
        let (question, _) = question(path, query);
        let planned = plan(question, &limits.caller(), NOW_MS).expect("allowed");
        planned
            .questions()
            .iter()
            .map(|asked| asked.target().as_str().to_owned())
            .collect::<Vec<_>>()
    };
    let one = ["/userapi/transactions/list?limit=500"];
    for (code, path, query) in [
        ("DH1", QUESTIONS[3][0], ""),
        (
            "DH2",
            QUESTIONS[3][0],
            "limit=7&from=2026-01-01&account=5&amountIn=3&reference=x&sinceId=2",
        ),
        ("DH1", QUESTIONS[3][1], "limit=5000&transaction_date_max=2026-01-01"),
        ("DH2", QUESTIONS[5][0], "to=2026-01-01"),
        ("DH1", QUESTIONS[5][1], ""),
    ] {
        assert_eq!(targets(code, path, query), one, "{path}?{query}");
    }
}

#[test]
fn more_than_eight_accounts_are_not_asked_for_one_by_one_but_by_name() {
    let numbers = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let of = |count: usize| {
        Limits { accounts: Some(numbers[..count].to_vec()), ..Limits::default() }.caller()
    };
    let sepay = Sepay {
        transactions: numbers
            .iter()
            .zip(1..)
            .map(|(number, id)| Transaction::new(id, number, TIMES[4]))
            .collect(),
        accounts: numbers
            .iter()
            .zip(1..)
            .map(|(number, id)| Account::new(id, number, "ACB"))
            .collect(),
        ..Sepay::default()
    };
    let ask = |path: &str, query: &str, count| ask_at(&sepay, path, query, &of(count), NOW_MS);
    for kind in [3, 5] {
        for (path, name) in QUESTIONS[kind].into_iter().zip(["account", "account_number"]) {
            assert!(good(&ask(path, "", 8)).is_some(), "{path}");
            assert_eq!(ask(path, "", 9), Err(Ok(Forbidden::Unnamed)), "{path}");
            assert!(good(&ask(path, &format!("{name}=9"), 9)).is_some(), "{path}");
        }
    }
    assert_eq!(ids(&good(&ask(QUESTIONS[3][0], "", 8)).expect("a list")).len(), 8);
    assert_eq!(ids(&good(&ask(QUESTIONS[0][0], "", 9)).expect("a list")).len(), 9);
}

#[test]
fn a_filter_by_a_hidden_field_is_refused_by_name_whatever_its_value() {
    for (kind, ours, sepays, field, value) in [
        (0, "bank", "short_name", "bank", "ACB"),
        (0, "lastTransactionFrom", "last_transaction_date_min", "lastTransactionAt", "2026-04-01"),
        (0, "lastTransactionTo", "last_transaction_date_max", "lastTransactionAt", "2026-04-01"),
        (0, "balanceMin", "accumulated_min", "balance", "-1"),
        (0, "balanceMax", "accumulated_max", "balance", "0"),
        (3, "account", "account_number", "accountNumber", "0"),
        (3, "reference", "reference_number", "reference", "FT"),
        (3, "amountIn", "amount_in", "amountIn", "0"),
        (3, "amountOut", "amount_out", "amountOut", "0"),
    ] {
        let others: Vec<&str> = HIDEABLE.into_iter().filter(|other| *other != field).collect();
        let hiding = |hide| Limits { hide, ..Limits::default() }.caller();
        for kind in [kind, kind + 2] {
            for (path, name) in QUESTIONS[kind].into_iter().zip([ours, sepays]) {
                let query = format!("{name}={value}");
                let ask = |caller| ask_at(&Sepay::default(), path, &query, &caller, NOW_MS);
                let Err(Ok(Forbidden::Hidden(told))) = ask(hiding(vec![field])) else {
                    panic!("{path}?{query} was answered")
                };
                assert_eq!(told.as_str(), field);
                assert!(ask(hiding(others.clone())).is_ok(), "{path}?{query}");
            }
        }
    }
}

impl Limits {
    fn caller(&self) -> Caller {
        let mut fields = r#""scopes":["accounts:read","transactions:read"]"#.to_owned();
        if let Some(accounts) = &self.accounts {
            fields += &format!(r#","accounts":{}"#, Value::from(accounts.clone()));
        }
        if let Some(days) = self.from_days {
            fields += &format!(r#","from":"{days}d""#);
        }
        fields += &format!(r#","hide":{}"#, Value::from(self.hide.clone()));
        let mut caller = caller(&fields);
        caller.rights.code = self.code.map(str::to_owned);
        caller.rights.amount = self.amount.map(vnd);
        caller
    }

    fn sees_everything(&self) -> bool {
        let Self { accounts, from_days, code, amount, hide: _ } = self;
        accounts.is_none() && from_days.is_none() && code.is_none() && amount.is_none()
    }

    fn sees_account(&self, number: &str) -> bool {
        self.accounts.as_ref().is_none_or(|own| own.contains(&number))
    }

    fn sees(&self, row: &Transaction, now_ms: u64) -> bool {
        self.sees_account(&row.number)
            && self.from_days.is_none_or(|days| is_since(&row.time, days, now_ms))
            && self.code.is_none_or(|code| row.code == code)
            && self.amount.is_none_or(|amount| row.amount_in == amount)
    }

    /// The same SePay with nothing in it but what may be seen.
    fn of(&self, sepay: &Sepay, now_ms: u64) -> Sepay {
        let mut reduced = sepay.clone();
        let sees_accounts = self.code.is_none() && self.amount.is_none();
        reduced.accounts.retain(|account| sees_accounts && self.sees_account(&account.number));
        reduced.transactions.retain(|row| self.sees(row, now_ms));
        reduced
    }

    /// Everything for which a question is refused.
    fn forbids(&self, asked: &Asked) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if asked.kind < 3 && (self.code.is_some() || self.amount.is_some()) {
            reasons.push("accounts:read");
        }
        for (name, value) in &asked.pairs {
            let field = match *name {
                "account" => "accountNumber",
                "lastTransactionFrom" | "lastTransactionTo" => "lastTransactionAt",
                "balanceMin" | "balanceMax" => "balance",
                other => other,
            };
            reasons.extend(self.hide.iter().copied().filter(|hidden| *hidden == field));
            if *name == "account" && !self.sees_account(value) {
                reasons.push("account");
            }
        }
        reasons
    }

    /// The names of hidden fields in an answer to this question.
    fn names(&self, asked: &Asked) -> Vec<&'static str> {
        match asked.form {
            0 => self.hide.clone(),
            _ => self.hide.iter().flat_map(|ours| sepays_names(ours)).copied().collect(),
        }
    }

    /// Narrows where it says so; never widens.
    fn shrunk_to(&self, other: &Self, [accounts, days, code, amount, hide]: [bool; 5]) -> Self {
        let mut narrow = self.clone();
        if accounts && let Some(others) = &other.accounts {
            let own = self.accounts.clone().unwrap_or(NUMBERS.to_vec());
            narrow.accounts =
                Some(own.into_iter().filter(|number| others.contains(number)).collect());
        }
        if days && let Some(days) = other.from_days {
            narrow.from_days = Some(self.from_days.map_or(days, |own| own.min(days)));
        }
        if code {
            narrow.code = self.code.or(other.code);
        }
        if amount {
            narrow.amount = self.amount.or(other.amount);
        }
        if hide {
            narrow.hide.extend(other.hide.iter().filter(|field| !self.hide.contains(field)));
        }
        narrow
    }
}

impl Asked {
    fn path(&self) -> String {
        let path = QUESTIONS[self.kind][self.form];
        match path.strip_suffix("/1") {
            Some(base) => format!("{base}/{}", self.id),
            None => path.to_owned(),
        }
    }

    fn query(&self) -> String {
        let written = self.pairs.iter().map(|(ours, value)| {
            let name = if self.form == 0 { ours } else { sepays_parameter(ours) };
            format!("{name}={}", value.replace(' ', "%20"))
        });
        written.collect::<Vec<_>>().join("&")
    }

    fn limit(&self) -> usize {
        let given = self.pairs.iter().find(|(name, _)| *name == "limit");
        given.map_or(100, |(_, text)| text.parse().expect("digits"))
    }
}

fn sepays_parameter(ours: &str) -> &'static str {
    match ours {
        "bank" => "short_name",
        "lastTransactionFrom" => "last_transaction_date_min",
        "lastTransactionTo" => "last_transaction_date_max",
        "balanceMin" => "accumulated_min",
        "balanceMax" => "accumulated_max",
        "sinceId" => "since_id",
        "account" => "account_number",
        "from" => "transaction_date_min",
        "to" => "transaction_date_max",
        "amountIn" => "amount_in",
        "reference" => "reference_number",
        "limit" => "limit",
        other => panic!("{other}"),
    }
}

fn told(why: Forbidden) -> &'static str {
    match why {
        Forbidden::Scope(Scope::AccountsRead) => "accounts:read",
        Forbidden::Account => "account",
        Forbidden::Hidden(field) => field.as_str(),
        other => panic!("{other:?}"),
    }
}

/// Says whether a time of 2026 in Vietnam is on or after the day so many days before today, by counting days.
fn is_since(time: &str, days: u32, now_ms: u64) -> bool {
    const BEFORE_MONTH: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    const FIRST_OF_2026: u64 = 20_454;
    let number = |from: usize, to: usize| {
        time.get(from..to).and_then(|digits| digits.parse::<u64>().ok()).expect("digits")
    };
    assert_eq!(number(0, 4), 2026);
    let month = usize::try_from(number(5, 7)).expect("a month");
    let day = FIRST_OF_2026 + BEFORE_MONTH[month - 1] + number(8, 10) - 1;
    !BROKEN_CLOCKS_MS.contains(&now_ms)
        && day + u64::from(days) >= (now_ms + 7 * 3_600_000) / DAY_MS
}

fn vnd(dong: u64) -> Vnd {
    Vnd::new(i64::try_from(dong).expect("small")).expect("VND")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The text of a good answer.
fn good(outcome: &Outcome) -> Option<String> {
    let body = outcome.as_ref().ok().filter(|body| body.status == 200)?;
    Some(String::from_utf8(body.bytes.clone()).expect("UTF-8"))
}

/// The rows of an answer in either form, by id.
fn rows(body: &Value) -> BTreeMap<String, Value> {
    let roots = ["data", "transactions", "transaction", "bankaccounts", "bankaccount"];
    let Some(found) = roots.iter().find_map(|root| body.get(root)) else { return BTreeMap::new() };
    let each = found.as_array().map_or(std::slice::from_ref(found), Vec::as_slice);
    each.iter().map(|row| (row["id"].to_string().replace('"', ""), row.clone())).collect()
}

/// Says whether a value tells nothing that another does not: the same, or `null` in places.
fn is_within(less: &Value, more: &Value) -> bool {
    match (less, more) {
        (Value::Null, _) => true,
        (Value::Object(less), Value::Object(more)) => less
            .iter()
            .all(|(name, value)| more.get(name).is_some_and(|known| is_within(value, known))),
        (Value::Array(less), Value::Array(more)) => {
            less.len() == more.len()
                && less.iter().zip(more).all(|(less, more)| is_within(less, more))
        }
        _ => less == more,
    }
}

fn ids(body: &str) -> Vec<String> {
    rows(&json(body)).into_keys().collect()
}

fn now_ms() -> impl Strategy<Value = u64> {
    prop_oneof![4 => select(&NOWS_MS[..]), 1 => select(&BROKEN_CLOCKS_MS[..])]
}

fn limits() -> impl Strategy<Value = Limits> {
    (
        option::of(subsequence(&NUMBERS[..], 0..=5)),
        option::of(1_u32..5),
        option::weighted(0.3, select(&CODES[1..])),
        option::weighted(0.3, 0_u64..4),
        prop_oneof![subsequence(&HIDEABLE[..], 0..=3), subsequence(&HIDEABLE[..], 0..=17)],
    )
        .prop_map(|(accounts, from_days, code, amount, hide)| Limits {
            accounts,
            from_days,
            code,
            amount,
            hide,
        })
}

fn sepay() -> impl Strategy<Value = Sepay> {
    let account = (select(&BANKS[..]), select(&TIMES[..]), -2_i64..3, 0_u8..3);
    let row = (
        (select(&NUMBERS[..]), select(&TIMES[..]), 0_u64..4),
        (select(&["", "FT 1"][..]), select(&CODES[..]), 0_u8..3),
    );
    (vec(account, 5), vec(row, 0..30)).prop_map(|(accounts, rows)| Sepay {
        accounts: (1..)
            .zip(accounts)
            .zip(NUMBERS)
            .map(|((id, (bank, last, balance, spelling)), number)| Account {
                last: last.to_owned(),
                balance,
                spelling,
                ..Account::new(id, number, bank)
            })
            .collect(),
        transactions: (1..)
            .zip(rows)
            .map(|(id, ((number, time, amount_in), (reference, code, spelling)))| Transaction {
                amount_in,
                reference: reference.to_owned(),
                code: code.to_owned(),
                spelling,
                ..Transaction::new(id, number, time)
            })
            .collect(),
        ..Sepay::default()
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let text = |values: &'static [&'static str]| option::weighted(0.2, select(values));
    let number = |most: u32| option::weighted(0.2, (0..most).prop_map(|number| number.to_string()));
    let filters = (text(&BANKS), text(&TIMES), text(&TIMES), text(&NUMBERS), text(&["FT 1"]));
    let numbers = (
        number(3),
        number(4),
        number(20),
        option::of((1_u32..12).prop_map(|rows| rows.to_string())),
    );
    let kind = prop_oneof![1 => 0_usize..3, 2 => 3_usize..6];
    (kind, 0_usize..2, 1_u32..31, filters, numbers, Just(())).prop_map(
        |(
            kind,
            form,
            id,
            (bank, first, second, account, reference),
            (balance, amount, since, limit),
            (),
        )| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            // The ends of a period are in order, or there is one only.
            let (low, high) = (first, second.filter(|high| first.is_none_or(|low| low <= *high)));
            let given = match kind {
                1 | 4 => Vec::new(),
                0 | 2 => vec![
                    ("bank", owned(bank)),
                    ("lastTransactionFrom", owned(low)),
                    ("lastTransactionTo", owned(high)),
                    ("balanceMin", balance),
                    ("sinceId", since),
                ],
                _ => vec![
                    ("account", owned(account)),
                    ("from", owned(low)),
                    ("to", owned(high)),
                    ("amountIn", amount),
                    ("reference", owned(reference)),
                    ("sinceId", since),
                ],
            };
            let limit = (kind % 3 == 0).then_some(("limit", limit));
            let pairs =
                given.into_iter().chain(limit).filter_map(|(name, value)| Some((name, value?)));
            Asked { kind, form, id, pairs: pairs.collect() }
        },
    )
}
