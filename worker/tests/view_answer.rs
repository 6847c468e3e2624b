//! Who sees what: every question by every kind of caller, answered from SePay's raw bytes.
//!
//! The judge of limits is a SePay written from its pages that can be asked twice: with every account, and with the
//! caller's accounts only. What a limited caller gets of the first must be what the second answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "fuzz/cases.rs"]
#[allow(unreachable_pub, reason = "a module of tests has no outside")]
mod cases;
#[path = "world/sepay.rs"]
mod world;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use sepay::Error;
use sepay_worker::answer::{Body, NoBody, answer};
use sepay_worker::auth::Scope;
use sepay_worker::route::Form;
use sepay_worker::view::{Forbidden, narrows_ms, plan};
use world::{
    Account, NOW_MS, QUESTIONS, Sepay, Transaction, answered, ask, caller, question, response,
};

const NUMBERS: [&str; 5] = ["0071000888888", "071000888888", "102871015203", "0900112233", "0"];
const BANKS: [&str; 2] = ["Vietcombank", "ACB"];
const TIMES: [&str; 4] =
    ["2026-04-01 23:59:59", "2026-04-02 00:00:00", "2026-04-02 08:15:09", "2026-04-03 12:00:00"];

proptest! {
    #![proptest_config(ProptestConfig { cases: cases::cases(1_500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_limited_caller_gets_what_sepay_would_answer_if_other_accounts_did_not_exist(
        sepay in sepay(),
        own in subsequence(&NUMBERS[..], 0..=5),
        (path, query, own_path) in asked(),
    ) {
        let limited = caller(&format!(r#""scopes":["accounts:read","transactions:read"],"accounts":{}"#,
            serde_json::to_string(&own).expect("JSON")));
        let unlimited = caller(r#""scopes":["accounts:read","transactions:read"]"#);
        let reduced = sepay.only(&own);
        for (path, query) in [(path, query.0.as_str()), (own_path, query.1.as_str())] {
            let expected = ask(&reduced, path, query, &unlimited);
            let got = ask(&sepay, path, query, &limited);
            let named = query.split('&').find_map(|pair| {
                pair.strip_prefix("account=").or_else(|| pair.strip_prefix("account_number="))
            });
            if named.is_some_and(|number| !own.contains(&number)) {
                assert!(matches!(got, Err(Ok(Forbidden::Account))));
                continue;
            }
            if path.starts_with("/userapi/") {
                assert_eq!(answered(&got).body, answered(&expected).body, "{path}?{query}");
                continue;
            }
            let (got, expected) = (answered(&got).json(), answered(&expected).json());
            assert_eq!(got.get("count"), expected.get("count"));
            assert_eq!(got.get("data"), expected.get("data"), "{path}?{query}");
            if let Some(rows) = got["data"].as_array() {
                let all = reduced.matching(path, query);
                assert!(got["complete"] == false || rows.len() == all, "cut, and called complete");
                assert!(got["complete"] == true || all >= limit(query), "whole, and not called complete");
            }
        }
    }

    #[test]
    fn one_record_is_shown_to_its_own_caller_and_foreign_and_unknown_look_the_same(
        sepay in sepay(),
        own in subsequence(&NUMBERS[..], 0..=5),
        id in 1_u32..60,
    ) {
        let limited = caller(&format!(r#""scopes":["accounts:read","transactions:read"],"accounts":{}"#,
            serde_json::to_string(&own).expect("JSON")));
        let unlimited = caller(r#""scopes":["accounts:read","transactions:read"]"#);
        for base in ["/api/accounts", "/api/transactions", "/userapi/bankaccounts/details",
            "/userapi/transactions/details"] {
            let path = format!("{base}/{id}");
            let got = ask(&sepay, &path, "", &limited);
            match ask(&sepay.only(&own), &path, "", &unlimited) {
                Ok(expected) if expected.status == 200 => assert_eq!(got, Ok(expected)),
                _ => assert_eq!(got, Err(Err(NoBody::NotYours)), "{path}"),
            }
        }
    }
}

#[test]
fn every_caller_asks_only_for_what_it_may_see() {
    let both = r#""scopes":["accounts:read","transactions:read"]"#;
    let of = |accounts: &str| caller(&format!(r#"{both},"accounts":{accounts}"#));
    let (all, one, two, none) = (caller(both), of(r#"["1"]"#), of(r#"["1","2"]"#), of("[]"));
    let every_account = "/userapi/bankaccounts/list?limit=5000";
    for (path, query, of_all, of_limited) in [
        ("/api/accounts", "limit=7", "/userapi/bankaccounts/list?limit=7", every_account),
        (
            "/api/accounts/1",
            "",
            "/userapi/bankaccounts/details/1",
            "/userapi/bankaccounts/details/1",
        ),
        ("/api/accounts/count", "", "/userapi/bankaccounts/count", every_account),
        (
            "/api/transactions/1",
            "",
            "/userapi/transactions/details/1",
            "/userapi/transactions/details/1",
        ),
        (
            "/api/transactions/count",
            "account=1",
            "/userapi/transactions/count?account_number=1",
            "/userapi/transactions/count?account_number=1",
        ),
    ] {
        for (caller, expected) in [(&all, of_all), (&one, of_limited), (&two, of_limited)] {
            assert_eq!(world::targets(path, query, caller), [expected], "{path}?{query}");
        }
    }
    let list = "/userapi/transactions/list";
    for (caller, expected) in [
        (&all, vec![format!("{list}?since_id=5&limit=9")]),
        (&one, vec![format!("{list}?account_number=1&since_id=5&limit=9")]),
        (
            &two,
            vec![
                format!("{list}?account_number=1&since_id=5&limit=9"),
                format!("{list}?account_number=2&since_id=5&limit=9"),
            ],
        ),
        (&none, vec![]),
    ] {
        assert_eq!(world::targets("/api/transactions", "sinceId=5&limit=9", caller), expected);
        let counts: Vec<_> = expected
            .iter()
            .map(|target| target.replace("list", "count").replace("&limit=9", ""))
            .collect();
        assert_eq!(world::targets("/api/transactions/count", "sinceId=5", caller), counts);
    }
}

#[test]
fn who_lacks_the_scope_or_names_a_foreign_account_is_forbidden_before_sepay_is_asked() {
    for paths in QUESTIONS {
        for path in paths {
            let (needed, other) = if path.contains("accounts") {
                (Scope::AccountsRead, Scope::TransactionsRead)
            } else {
                (Scope::TransactionsRead, Scope::AccountsRead)
            };
            let scoped = |scope: Scope| format!(r#""scopes":["{}"]"#, scope.as_str());
            let hides = format!(r#"{},"hide":["balance"]"#, scoped(needed));
            for (rights, allowed) in [
                (scoped(needed), true),
                (scoped(other), false),
                (r#""scopes":[]"#.to_owned(), false),
                (r#""scopes":["*","ACCOUNTS:READ"]"#.to_owned(), false),
                (hides, true),
            ] {
                let planned = plan(question(path, "").0, &caller(&rights), NOW_MS).map(|_| ());
                let expected = if allowed { Ok(()) } else { Err(Forbidden::Scope(needed)) };
                assert_eq!(planned, expected, "{path} {rights}");
            }
        }
    }
    let limited = caller(r#""scopes":["transactions:read"],"accounts":["0071"]"#);
    for named in ["71", "00710", "007", "0071%20x", "%30%30712"] {
        for path in ["/api/transactions", "/api/transactions/count"] {
            let planned =
                plan(question(path, &format!("account={named}")).0, &limited, NOW_MS).map(|_| ());
            assert_eq!(planned, Err(Forbidden::Account), "{named}");
        }
    }
    assert!(plan(question("/api/transactions", "account=%30071").0, &limited, NOW_MS).is_ok());
}

#[test]
fn a_look_back_sees_less_from_the_instant_that_it_names_and_not_before() {
    let limited = caller(r#""scopes":["transactions:read"],"from":"30d""#);
    let rights = &limited.rights;
    let asked = |now_ms| {
        let planned = plan(question("/api/transactions", "").0, &limited, now_ms);
        planned.expect("allowed").questions()[0].target().as_str().to_owned()
    };
    let midnight_ms = 1_795_194_000_000; // 2026-11-21T00:00:00+07:00
    assert_eq!(narrows_ms(rights, NOW_MS), Some(midnight_ms));
    assert_eq!(narrows_ms(rights, midnight_ms - 1), Some(midnight_ms));
    assert_eq!(narrows_ms(rights, midnight_ms), Some(midnight_ms + 86_400_000));
    assert_eq!(asked(midnight_ms - 1), asked(NOW_MS));
    assert!(asked(NOW_MS).contains("transaction_date_min=2026-10-21%2000%3A00%3A00"));
    assert!(asked(midnight_ms).contains("transaction_date_min=2026-10-22%2000%3A00%3A00"));
    assert_eq!(narrows_ms(&caller(r#""scopes":["transactions:read"]"#).rights, NOW_MS), None);
}

#[test]
fn sepays_bytes_reach_an_unlimited_caller_untouched() {
    let all = caller(r#""scopes":["accounts:read","transactions:read"]"#);
    let bodies: [&[u8]; 7] = [
        include_bytes!("../../tests/fixtures/bom_transactions.json"),
        include_bytes!("../../tests/fixtures/transactions_variants.json"),
        include_bytes!("../../tests/fixtures/page_account_list.json"),
        include_bytes!("../../tests/fixtures/error_business.json"),
        b"\r\n { \"status\" :200,\"new\":[ {} ],\"transactions\":[\t]}\n",
        b"[]",
        b"",
    ];
    for path in QUESTIONS.map(|paths| paths[1]) {
        for body in bodies {
            let got = answer(
                &plan(question(path, "").0, &all, NOW_MS).expect("allowed"),
                Form::DropIn,
                &[response(200, body)],
            );
            assert_eq!(
                got,
                Ok(Body { status: 200, bytes: body.to_vec(), retry_after_ms: None }),
                "{path}"
            );
        }
    }
}

#[test]
fn one_count_of_sepays_reaches_a_limited_caller_untouched_and_several_are_added() {
    let body = "\r\n{ \"status\" :200,\"new\":[ {} ],\"count_transactions\":\"7\"}\n";
    let added =
        r#"{"status":200,"error":null,"messages":{"success":true},"count_transactions":14}"#;
    for (accounts, expected) in [(r#"["1"]"#, body), (r#"["1","2"]"#, added)] {
        let limited = caller(&format!(r#""scopes":["transactions:read"],"accounts":{accounts}"#));
        let asked = plan(question(QUESTIONS[5][1], "").0, &limited, NOW_MS).expect("allowed");
        let responses = vec![response(200, body.as_bytes()); asked.questions().len()];
        let got = answer(&asked, Form::DropIn, &responses);
        assert_eq!(String::from_utf8_lossy(&got.expect("an answer").bytes), expected);
    }
}

#[test]
fn our_model_is_written_in_our_names_newest_first_and_says_whether_it_is_all() {
    let all = caller(r#""scopes":["transactions:read"]"#);
    let row = |id: &str, time: &str| {
        format!(
            r#"{{"id":"{id}","bank_brand_name":"ACB","account_number":"007","transaction_date":"2026-04-02 {time}",
            "amount_out":"0.00","amount_in":"145000.00","accumulated":"0.00","transaction_content":"a\"b","code":"",
            "reference_number":null,"sub_account":"","bank_account_id":"41","new":1}}"#
        )
    };
    let rows = [row("9", "08:00:00"), row("10", "08:00:00"), row("2", "09:00:00")].join(",");
    let body = format!("\u{feff}{{\"transactions\":[{rows}]}}");
    let told = |id: &str, time: &str| {
        format!(
            r#"{{"id":"{id}","accountId":"41","accountNumber":"007","subAccount":null,"bank":"ACB","occurredAt":"2026-04-02T{time}+07:00","direction":"in","amountIn":145000,"amountOut":0,"balance":0,"content":"a\"b","code":null,"reference":null}}"#
        )
    };
    let data = [told("2", "09:00:00"), told("10", "08:00:00"), told("9", "08:00:00")].join(",");
    for (query, complete) in [("", true), ("limit=4", true), ("limit=3", false)] {
        let asked = plan(question("/api/transactions", query).0, &all, NOW_MS).expect("allowed");
        let got = answer(&asked, Form::Json, &[response(200, body.as_bytes())]).expect("an answer");
        let expected = format!(r#"{{"data":[{data}],"complete":{complete}}}"#);
        assert_eq!(String::from_utf8_lossy(&got.bytes), expected);
    }
}

#[test]
fn a_list_that_sepay_may_have_cut_is_never_complete_and_never_counted() {
    let known: Vec<Account> =
        (1..=100).map(|id| Account::new(id, &format!("9{id:03}"), "ACB")).collect();
    let sepay = Sepay { accounts: known, ..Sepay::default() };
    let scopes = r#""scopes":["accounts:read"]"#;
    let found = caller(&format!(r#"{scopes},"accounts":["9001","9100"]"#));
    let missing = caller(&format!(r#"{scopes},"accounts":["9001","9101"]"#));
    let complete =
        |who| answered(&ask(&sepay, "/api/accounts", "", who)).json()["complete"].clone();
    assert_eq!(complete(&found), true, "everything that may be seen was found");
    assert_eq!(complete(&missing), false, "one hundred rows may be SePay's cap");
    assert_eq!(answered(&ask(&sepay, "/api/accounts/count", "", &found)).json()["count"], 2);
    for path in QUESTIONS[2] {
        let counted = ask(&sepay, path, "", &missing);
        assert!(matches!(counted, Err(Err(NoBody::Upstream(Error::Unreadable { .. })))), "{path}");
    }
}

#[test]
fn a_merged_list_is_complete_only_if_no_account_of_it_was_cut() {
    let row = |id| Transaction::new(id, "9001", TIMES[0]);
    let sepay = Sepay { transactions: (1..=3).map(row).collect(), ..Sepay::default() };
    let two = caller(r#""scopes":["transactions:read"],"accounts":["9001","9002"]"#);
    for (limit, rows, complete) in [(1, 1, false), (2, 2, false), (3, 3, false), (4, 3, true)] {
        let got = ask(&sepay, "/api/transactions", &format!("limit={limit}"), &two);
        let got = answered(&got).json();
        assert_eq!(got["data"].as_array().map(Vec::len), Some(rows));
        assert_eq!(got["complete"], complete, "limit {limit}");
    }
}

#[test]
fn sepays_default_limits_hold_for_what_is_merged_too() {
    let accounts: Vec<Account> =
        (1..=150).map(|id| Account::new(id, &format!("9{id:03}"), "ACB")).collect();
    let numbers: Vec<String> =
        accounts.iter().take(120).map(|account| account.number.clone()).collect();
    let transactions = (1..=5_010)
        .map(|id| Transaction::new(id, if id % 2 == 0 { "9001" } else { "9002" }, TIMES[0]))
        .collect();
    let sepay = Sepay { accounts, transactions, ..Sepay::default() };
    let rights = r#""scopes":["accounts:read","transactions:read"],"accounts""#;
    let many = caller(&format!("{rights}:{}", serde_json::to_string(&numbers).expect("JSON")));
    let two = caller(&format!(r#"{rights}:["9001","9002"]"#));
    for (who, path, own) in [
        (&many, QUESTIONS[0][1], numbers),
        (&two, QUESTIONS[3][1], vec!["9001".to_owned(), "9002".to_owned()]),
    ] {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let all = caller(&rights.replace(r#","accounts""#, ""));
        let expected = ask(&sepay.only(&own), path, "", &all);
        assert!(answered(&ask(&sepay, path, "", who)).body == answered(&expected).body, "{path}");
    }
}

fn limit(query: &str) -> usize {
    let given = query.split('&').find_map(|pair| pair.strip_prefix("limit="));
    given.map_or(100, |text| text.parse().expect("digits"))
}

fn sepay() -> impl Strategy<Value = Sepay> {
    let balance = prop_oneof![Just(0), -5_i64..5, Just(9_007_199_254_740_991)];
    let accounts = vec((select(&BANKS[..]), select(&TIMES[..]), balance, 0_u8..3), 5);
    let amount = prop_oneof![Just(0_u64), 0_u64..4];
    let rows = vec(
        (
            select(&NUMBERS[..]),
            select(&TIMES[..]),
            amount,
            select(&["", "FT 1", "FT/2"][..]),
            0_u8..3,
        ),
        0..40,
    );
    (accounts, rows, 1_u32..20).prop_map(|(accounts, rows, first_id)| Sepay {
        accounts: (first_id..)
            .zip(accounts)
            .zip(NUMBERS)
            .map(|((id, (bank, last, balance, spelling)), number)| Account {
                last: last.to_owned(),
                balance,
                spelling,
                ..Account::new(id, number, bank)
            })
            .collect(),
        transactions: (first_id..)
            .zip(rows)
            .map(|(id, (number, time, amount_in, reference, spelling))| Transaction {
                amount_in,
                reference: reference.to_owned(),
                spelling,
                ..Transaction::new(id, number, time)
            })
            .collect(),
        ..Sepay::default()
    })
}

/// A path with a query in our spelling, and the same in SePay's.
fn asked() -> impl Strategy<Value = (&'static str, (String, String), &'static str)> {
    let since = option::weighted(0.3, (1_u32..40).prop_map(|id| id.to_string()));
    let limit = option::weighted(0.6, (1_u32..12).prop_map(|limit| limit.to_string()));
    let times = option::weighted(0.3, select(&TIMES[..]).prop_map(|time| time.replace(' ', "%20")));
    let bank = option::weighted(0.3, select(&BANKS[..]).prop_map(str::to_owned));
    let number = option::weighted(0.3, select(&NUMBERS[..]).prop_map(str::to_owned));
    let amount = option::weighted(0.3, (0_u64..4).prop_map(|amount| amount.to_string()));
    let reference = option::weighted(0.3, Just("FT%201".to_owned()));
    (select(&[0_usize, 2, 3, 5][..]), since, limit, times, bank, number, amount, reference)
        .prop_map(|(kind, since, limit, time, bank, number, amount, reference)| {
            let mut pairs = vec![("sinceId", "since_id", since)];
            if kind < 3 {
                pairs.push(("bank", "short_name", bank));
                pairs.push(("lastTransactionFrom", "last_transaction_date_min", time));
                pairs.push(("balanceMin", "accumulated_min", amount));
            } else {
                pairs.push(("account", "account_number", number));
                pairs.push(("to", "transaction_date_max", time));
                pairs.push(("amountIn", "amount_in", amount));
                pairs.push(("reference", "reference_number", reference));
            }
            if kind % 3 == 0 {
                pairs.push(("limit", "limit", limit));
            }
            let query = |theirs: bool| {
                let given = pairs.iter().filter_map(|(our, their, value)| {
                    Some((if theirs { their } else { our }, value.as_ref()?))
                });
                given.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
            };
            (QUESTIONS[kind][0], (query(false), query(true)), QUESTIONS[kind][1])
        })
}
