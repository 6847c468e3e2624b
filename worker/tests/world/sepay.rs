//! A SePay written from its pages: two tables, filters, limits, its bytes. And the way of a question through the Worker.

#![allow(dead_code, reason = "each test file takes what it needs")]
#![allow(unreachable_pub, missing_docs, reason = "a module of tests has no outside")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;

use sepay::{Question, Response};
use sepay_worker::answer::{Body, NoBody, answer};
use sepay_worker::auth::{Caller, Keys};
use sepay_worker::route::{self, Form, Resource};
use sepay_worker::view::{Forbidden, plan};
use sha2::{Digest, Sha256};

/// 20 November 2026, 12:00 in Vietnam.
pub const NOW_MS: u64 = 1_795_150_800_000;

/// Each question in our spelling and in SePay's.
pub const QUESTIONS: [[&str; 2]; 6] = [
    ["/api/accounts", "/userapi/bankaccounts/list"],
    ["/api/accounts/1", "/userapi/bankaccounts/details/1"],
    ["/api/accounts/count", "/userapi/bankaccounts/count"],
    ["/api/transactions", "/userapi/transactions/list"],
    ["/api/transactions/1", "/userapi/transactions/details/1"],
    ["/api/transactions/count", "/userapi/transactions/count"],
];

/// An account. `spelling` chooses how SePay writes its row.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: u32,
    pub number: String,
    pub bank: String,
    pub last: String,
    pub balance: i64,
    pub spelling: u8,
}

/// A transaction. `spelling` chooses how SePay writes its row.
#[derive(Debug, Clone)]
pub struct Transaction {
    pub id: u32,
    pub number: String,
    pub time: String,
    pub amount_in: u64,
    pub reference: String,
    /// Empty for none.
    pub code: String,
    pub spelling: u8,
}

#[derive(Debug, Clone, Default)]
pub struct Sepay {
    pub accounts: Vec<Account>,
    pub transactions: Vec<Transaction>,
    /// The filters, by SePay's names, that this one takes no notice of.
    pub ignores: Vec<&'static str>,
}

/// What comes of a question: a body, or no body, or no permission to ask.
pub type Outcome = Result<Body, Result<Forbidden, NoBody>>;

/// A good body as text.
pub struct Answered {
    pub body: String,
}

impl Answered {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

pub fn answered(outcome: &Outcome) -> Answered {
    let Ok(body) = outcome else { panic!("no answer: {outcome:?}") };
    assert_eq!(body.status, 200);
    Answered { body: String::from_utf8(body.bytes.clone()).expect("UTF-8") }
}

/// A caller whose entry in `EDGE_KEYS` has these fields beside id and hash.
pub fn caller(fields: &str) -> Caller {
    let hash: String = Sha256::digest(b"k").iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = Keys::parse(&format!(r#"[{{"id":"a","sha256":"{hash}",{fields}}}]"#));
    keys.expect("keys").authorize(Some("Bearer k"), 0).expect("a caller").caller.into_owned()
}

pub fn question(path: &str, query: &str) -> (Question, Form) {
    let Ok(Resource::Sepay { kind, form }) = route::find("GET", path) else { panic!("{path}") };
    (kind.question(form, query).expect("a question"), form)
}

/// The targets that a caller's question is asked with.
pub fn targets(path: &str, query: &str, caller: &Caller) -> Vec<String> {
    let planned = plan(question(path, query).0, caller, NOW_MS).expect("allowed");
    planned.questions().iter().map(|asked| asked.target().as_str().to_owned()).collect()
}

/// Brings a question through view, SePay and answer.
pub fn ask(sepay: &Sepay, path: &str, query: &str, caller: &Caller) -> Outcome {
    ask_at(sepay, path, query, caller, NOW_MS)
}

/// The same at any time.
pub fn ask_at(sepay: &Sepay, path: &str, query: &str, caller: &Caller, now_ms: u64) -> Outcome {
    let (question, form) = question(path, query);
    let plan = plan(question, caller, now_ms).map_err(Ok)?;
    let responses: Vec<Response> =
        plan.questions().iter().map(|asked| sepay.get(asked.target().as_str())).collect();
    answer(&plan, form, &responses).map_err(Err)
}

pub fn response(status: u16, body: &[u8]) -> Response {
    Response { status, headers: Vec::new(), body: body.to_vec() }
}

impl Account {
    pub fn new(id: u32, number: &str, bank: &str) -> Self {
        let (number, bank) = (number.to_owned(), bank.to_owned());
        let last = "2026-04-02 08:15:09".to_owned();
        Self { id, number, bank, last, balance: 0, spelling: 0 }
    }

    fn row(&self) -> String {
        let Self { id, number, bank, last, balance, spelling } = self;
        match spelling {
            0 => format!(
                r#"{{"id":"{id}","account_holder_name":"NGUYEN VAN A","account_number":"{number}","accumulated":"{balance}.00","last_transaction":"{last}","label":"","active":"1","created_at":"2026-01-01 00:00:00","bank_short_name":"{bank}","bank_full_name":"B","bank_bin":"970436","bank_code":"VCB"}}"#
            ),
            1 => format!(
                "{{ \"id\" : {id},\r\n\t\"account_number\":\"{number}\",  \"accumulated\":{balance}, \"last_transaction_date\":\"{last}\",\"bank_short_name\":\"{bank}\",\"account_holder_name\":\"\\u0110\\/\"}}"
            ),
            _ => format!(
                r#"{{"new":{{"account_number":"0"}},"account_number":"{number}","id":"{id}","accumulated":"{balance}","last_transaction":"{last}","bank_short_name":"{bank}"}}"#
            ),
        }
    }
}

impl Transaction {
    pub fn new(id: u32, number: &str, time: &str) -> Self {
        let (number, time) = (number.to_owned(), time.to_owned());
        let (reference, code) = (String::new(), String::new());
        Self { id, number, time, amount_in: 0, reference, code, spelling: 0 }
    }

    fn row(&self) -> String {
        let Self { id, number, time, amount_in, reference, code, spelling } = self;
        match spelling {
            0 => format!(
                r#"{{"id":"{id}","bank_brand_name":"ACB","account_number":"{number}","transaction_date":"{time}","amount_out":"0.00","amount_in":"{amount_in}.00","accumulated":"0.00","transaction_content":"DH{id}.","reference_number":"{reference}","code":"{code}","sub_account":null,"bank_account_id":"41"}}"#
            ),
            1 => format!(
                "{{ \"id\":{id} ,\n\"account_number\":\"{number}\",\"transaction_date\":\"{time}\",\"amount_out\":0,\"amount_in\":{amount_in},\"reference_number\":\"{reference}\",\"bank_account_id\":41, \"c\\u006fde\" : \"{code}\", \"transaction_content\":\"\\u0110\\/ ]}}DH{id}.\"}}"
            ),
            _ => format!(
                r#"{{"new":[1,{{"account_number":"0"}}],"reference_number":"{reference}","amount_in":"{amount_in}","amount_out":null,"transaction_date":"{time}","account_number":"{number}","bank_account_id":"41","id":"{id}","code":{code},"transaction_content":"DH{id}."}}"#,
                code = if code.is_empty() { "null".to_owned() } else { format!("\"{code}\"") },
            ),
        }
    }
}

impl Sepay {
    /// The same SePay without any other account.
    pub fn only(&self, numbers: &[&str]) -> Self {
        let mut reduced = self.clone();
        reduced.accounts.retain(|account| numbers.contains(&account.number.as_str()));
        reduced.transactions.retain(|row| numbers.contains(&row.number.as_str()));
        reduced
    }

    /// How many rows a list has before any limit.
    pub fn matching(&self, path: &str, query: &str) -> usize {
        let target = question(path, query).0.target();
        let (path, query) = target.as_str().split_once('?').expect("a limit");
        self.rows(path, &read(query)).len()
    }

    /// Answers a target as the pages say.
    pub fn get(&self, target: &str) -> Response {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut query = read(query);
        query.retain(|name, _| !self.ignores.contains(&name.as_str()));
        let (collection, what) =
            path.strip_prefix("/userapi/").expect("the API").split_once('/').expect("a route");
        let limit =
            |most: usize| query.get("limit").map_or(most, |text| text.parse().expect("digits"));
        match (collection, what) {
            (_, "list") => {
                let mut rows = self.rows(path, &query);
                rows.truncate(limit(if collection == "transactions" { 5_000 } else { 100 }));
                good(collection, &format!("[{}]", rows.join(",")))
            }
            (_, "count") => {
                good(&format!("count_{collection}"), &self.rows(path, &query).len().to_string())
            }
            (_, details) => {
                let id: u32 =
                    details.strip_prefix("details/").expect("details").parse().expect("an id");
                let account =
                    self.accounts.iter().find(|account| account.id == id).map(Account::row);
                let row = self.transactions.iter().find(|row| row.id == id).map(Transaction::row);
                let found = if collection == "transactions" { row } else { account };
                let not_found = include_bytes!("../../../tests/fixtures/error_not_found.json");
                found.map_or_else(
                    || response(404, not_found),
                    |row| good(collection.trim_end_matches('s'), &row),
                )
            }
        }
    }

    fn rows(&self, path: &str, query: &BTreeMap<String, String>) -> Vec<String> {
        let is = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
        let not_before =
            |name: &str, value: &str| query.get(name).is_none_or(|low| value >= low.as_str());
        let not_after =
            |name: &str, value: &str| query.get(name).is_none_or(|high| value <= high.as_str());
        let number =
            |name: &str| query.get(name).map(|text| text.parse::<i64>().expect("a number"));
        if path.contains("bankaccounts") {
            let kept = |account: &&Account| {
                is("short_name", &account.bank)
                    && not_before("last_transaction_date_min", &account.last)
                    && not_after("last_transaction_date_max", &account.last)
                    && number("since_id").is_none_or(|low| i64::from(account.id) >= low)
                    && number("accumulated_min").is_none_or(|low| account.balance >= low)
                    && number("accumulated_max").is_none_or(|high| account.balance <= high)
            };
            let mut kept: Vec<&Account> = self.accounts.iter().filter(kept).collect();
            kept.sort_by_key(|account| std::cmp::Reverse(account.id));
            return kept.into_iter().map(Account::row).collect();
        }
        let kept = |row: &&Transaction| {
            is("account_number", &row.number)
                && not_before("transaction_date_min", &row.time)
                && not_after("transaction_date_max", &row.time)
                && number("since_id").is_none_or(|low| i64::from(row.id) >= low)
                && is("reference_number", &row.reference)
                && number("amount_in")
                    .is_none_or(|amount| i64::try_from(row.amount_in) == Ok(amount))
                && number("amount_out").is_none_or(|amount| amount == 0)
        };
        let mut kept: Vec<&Transaction> = self.transactions.iter().filter(kept).collect();
        kept.sort_by(|left, right| (&right.time, right.id).cmp(&(&left.time, left.id)));
        kept.into_iter().map(Transaction::row).collect()
    }
}

fn read(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn good(root: &str, value: &str) -> Response {
    let body =
        format!(r#"{{"status":200,"error":null,"messages":{{"success":true}},"{root}":{value}}}"#);
    response(200, body.as_bytes())
}
