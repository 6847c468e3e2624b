//! The door to a walk: ids and times of rows in, questions and proved ids out. It holds no row and asks nothing itself.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::border::{string, whole};
use super::failure::{object, thrown};
use crate::error::Error;
use crate::money::Vnd;
use crate::params::Spelling;
use crate::query::{FilterText, Limit, RecordId};
use crate::question::{Kind, Question};
use crate::time::VietnamTime;
use crate::transaction::TransactionFilter;
use crate::walk::{Step, Walk as Rules};

/// The way through all transactions after a cursor.
#[wasm_bindgen]
pub struct Walk(Rules);

/// What to do next, as JavaScript sees it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Next {
    Ask { ask: &'static str, names: Vec<&'static str>, values: Vec<String> },
    Yield { ids: String },
    Done { done: bool },
}

#[wasm_bindgen]
impl Walk {
    /// Begins a walk with the parameters of a list of transactions: `sinceId` is the last id already seen, `limit` how
    /// many rows are asked for at once, 5000 unless given.
    ///
    /// # Errors
    ///
    /// Throws a failure that names the wrong parameter.
    #[wasm_bindgen(constructor)]
    pub fn new(names: Vec<JsValue>, values: Vec<JsValue>) -> Result<Walk, JsValue> {
        let pairs = names.iter().zip(&values).map(|(name, value)| (string(name), string(value)));
        begin(pairs).map(Self).map_err(|error| thrown(&error))
    }

    /// Returns what to do next.
    ///
    /// # Errors
    ///
    /// Throws a failure `truncated` when SePay's answers do not allow to prove that no row is missing.
    #[wasm_bindgen(js_name = next)]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        let step = self.0.step().map_err(|error| thrown(&error))?;
        object(&Next::from(step))
    }

    /// Takes the ids and times of the rows that were asked for, each joined by commas, in the answer's order.
    ///
    /// # Errors
    ///
    /// Throws a failure `unreadable` for an id that is no number.
    pub fn listed(&mut self, ids: &str, times: &str) -> Result<(), JsValue> {
        listed(&mut self.0, ids, times).map_err(|error| thrown(&error))
    }

    /// Takes the count that was asked for.
    pub fn counted(&mut self, count: f64) {
        self.0.counted(whole(count));
    }
}

impl From<Step> for Next {
    fn from(step: Step) -> Self {
        match step {
            Step::List(list) => ask(Kind::TransactionList, &list.filter, list.limit),
            Step::Count(count) => ask(Kind::TransactionCount, &count.filter, None),
            Step::Yield(ids) => {
                let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
                Self::Yield { ids: ids.join(",") }
            }
            Step::Done => Self::Done { done: true },
        }
    }
}

fn begin(pairs: impl Iterator<Item = (String, String)>) -> Result<Rules, Error> {
    let question = Question::read(Kind::TransactionList, Spelling::Ours, pairs)?;
    let Question::TransactionList(list) = question else {
        return Err(Error::invalid("kind", "expected a list of transactions"));
    };
    Ok(Rules::new(list.filter, list.limit.unwrap_or(Limit::MAX)))
}

/// Writes a question as [`Question::read`] reads it.
fn ask(kind: Kind, filter: &TransactionFilter, limit: Option<Limit>) -> Next {
    let text = |text: &Option<FilterText>| text.as_ref().map(|text| text.as_str().to_owned());
    let time = |time: Option<VietnamTime>| time.map(|time| time.to_string());
    let amount = |amount: Option<Vnd>| amount.map(|amount| amount.to_string());
    let pairs = [
        ("account", text(&filter.account)),
        ("from", time(filter.occurred.min())),
        ("to", time(filter.occurred.max())),
        ("sinceId", filter.since_id.as_ref().map(RecordId::to_string)),
        ("reference", text(&filter.reference)),
        ("amountIn", amount(filter.amount_in)),
        ("amountOut", amount(filter.amount_out)),
        ("limit", limit.map(|limit| limit.get().to_string())),
    ];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let (names, values) = given.unzip();
    Next::Ask { ask: kind.as_str(), names, values }
}

fn listed(walk: &mut Rules, ids: &str, times: &str) -> Result<(), Error> {
    let fail = |reason: &str| Error::unreadable("transactions", reason);
    let uneven = || fail("expected ids without a comma, one per row");
    let mut rows = Vec::new();
    if !ids.is_empty() || !times.is_empty() {
        let mut times = times.split([',']);
        for id in ids.split([',']) {
            let time = VietnamTime::first_of(times.next().ok_or_else(uneven)?);
            rows.push((id, time.map_err(|why| fail(&why.to_string()))?));
        }
        if times.next().is_some() {
            return Err(uneven());
        }
    }
    walk.listed(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: [(&str, &str); 8] = [
        ("account", "0071000888888"),
        ("from", "2026-11-01T08:00:00+07:00"),
        ("to", "2026-11-30T23:59:59+07:00"),
        ("sinceId", "92704"),
        ("reference", "MB.327 / 1"),
        ("amountIn", "2277000"),
        ("amountOut", "0"),
        ("limit", "2"),
    ];

    fn walk(pairs: &[(&str, &str)]) -> Result<Rules, Error> {
        begin(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    fn next(walk: &mut Rules) -> Next {
        Next::from(walk.step().unwrap())
    }

    #[test]
    fn a_question_goes_out_with_the_names_that_come_in() {
        let (names, values) =
            EVERYTHING.map(|(name, value)| (name, value.to_owned())).into_iter().unzip();
        let expected = Next::Ask { ask: "transactions.list", names, values };
        assert_eq!(next(&mut walk(&EVERYTHING).unwrap()), expected);
        let largest = Next::Ask {
            ask: "transactions.list",
            names: vec!["limit"],
            values: vec!["5000".to_owned()],
        };
        assert_eq!(next(&mut walk(&[]).unwrap()), largest);
    }

    #[test]
    fn steps_are_plain_objects_of_the_kinds_that_javascript_expects() {
        let mut rules = walk(&[("sinceId", "7")]).unwrap();
        let json = |next: &Next| serde_json::to_string(next).unwrap();
        assert_eq!(
            json(&next(&mut rules)),
            r#"{"ask":"transactions.list","names":["sinceId","limit"],"values":["7","5000"]}"#
        );
        let time = "2026-11-01T08:00:00+07:00";
        listed(&mut rules, "009,8", &format!("{time},{time}")).unwrap();
        assert_eq!(json(&next(&mut rules)), r#"{"ids":"8,9"}"#);
        assert_eq!(json(&next(&mut rules)), r#"{"done":true}"#);
    }

    #[test]
    fn a_count_takes_no_limit() {
        let mut rules = walk(&[]).unwrap();
        let rows = |from: u32| (from..from + 50).map(|id| id.to_string()).collect::<Vec<_>>();
        let times = vec!["2026-11-01T08:00:00+07:00"; 50].join(",");
        listed(&mut rules, &rows(1).join(","), &times).unwrap();
        let count = Next::Ask { ask: "transactions.count", names: vec![], values: vec![] };
        assert_eq!(next(&mut rules), count);
        rules.counted(50);
        assert!(matches!(next(&mut rules), Next::Yield { .. }));
    }

    #[test]
    fn an_empty_list_has_no_row() {
        let mut rules = walk(&[]).unwrap();
        listed(&mut rules, "", "").unwrap();
        assert_eq!(next(&mut rules), Next::Done { done: true });
    }

    #[test]
    fn what_cannot_be_read_is_told_and_changes_nothing() {
        let time = "2026-11-01T08:00:00+07:00";
        for (ids, times, at) in [
            ("7,x", format!("{time},{time}"), "transactions[1].id"),
            ("", time.to_owned(), "transactions[0].id"),
            ("7,8", time.to_owned(), "transactions"),
            ("7", "yesterday".to_owned(), "transactions"),
        ] {
            let mut rules = walk(&[]).unwrap();
            let error = listed(&mut rules, ids, &times).unwrap_err();
            assert!(
                matches!(&error, Error::Unreadable { at: found, .. } if found == at),
                "{error}"
            );
            assert!(matches!(next(&mut rules), Next::Ask { .. }));
        }
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        let error = walk(&[("since_id", "7")]).unwrap_err();
        assert_eq!(error.to_string(), "since_id: unknown parameter; did you mean sinceId?");
        let error = walk(&[("limit", "0")]).unwrap_err();
        assert_eq!(error.to_string(), "limit: expected a whole number from 1 to 5000");
    }
}
