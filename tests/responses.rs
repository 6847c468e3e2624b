//! SePay's good answers: raw bytes in, typed values and their JSON out.
//!
//! The bytes and their sources are in `tests/fixtures`.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]

use proptest::prelude::{Just, ProptestConfig, Strategy, any, proptest};
use proptest::{prop_assert_eq, sample};
use sepay::{
    ACCOUNTS_ROOT, AccountCount, AccountDetails, AccountList, BankAccount, Direction, Endpoint,
    Limit, RecordId, Response, TRANSACTIONS_ROOT, Transaction, TransactionCount,
    TransactionDetails, TransactionList, raw_rows,
};
use serde_json::{Value, json};

const PAGE_LIST: &[u8] = include_bytes!("fixtures/page_account_list.json");
const PAGE_DETAILS: &[u8] = include_bytes!("fixtures/page_account_details.json");
const PAGE_COUNT: &[u8] = include_bytes!("fixtures/page_account_count.json");
const START_ACCOUNTS: &[u8] = include_bytes!("fixtures/quick_start_accounts.json");
const START_TRANSACTIONS: &[u8] = include_bytes!("fixtures/quick_start_transactions.json");
const TRANSACTIONS: &[u8] = include_bytes!("fixtures/reference_transactions.json");
const DETAILS: &[u8] = include_bytes!("fixtures/reference_transaction_details.json");
const COUNT: &[u8] = include_bytes!("fixtures/reference_transaction_count.json");
const COUNT_TEXT: &[u8] = include_bytes!("fixtures/reference_transaction_count_text.json");
const NONE: &[u8] = include_bytes!("fixtures/transactions_none.json");
const VARIANTS: &[u8] = include_bytes!("fixtures/transactions_variants.json");
const ACCOUNT_VARIANTS: &[u8] = include_bytes!("fixtures/accounts_variants.json");
const BOM: &[u8] = include_bytes!("fixtures/bom_transactions.json");

#[test]
fn the_account_list_of_sepays_page_is_read_whole() {
    let list = AccountList::default().parse(&ok(PAGE_LIST)).unwrap();
    assert!(list.complete);
    assert_eq!(
        json_of(&list.rows),
        json!([{
            "id": "25",
            "bank": "VietinBank",
            "bankName": "Ngân hàng TMCP Công Thương Việt Nam",
            "bankBin": "970415",
            "bankCode": "ICB",
            "accountNumber": "102871015203",
            "holder": "NGUYEN THI B",
            "label": null,
            "balance": 2_525_493,
            "active": true,
            "lastTransactionAt": "2023-02-16T16:16:00+07:00",
            "createdAt": "2023-02-16T15:57:26+07:00",
        }])
    );
}

#[test]
fn the_account_details_of_sepays_page_are_read_whole() {
    let question = AccountDetails { id: RecordId::new("id", "18").unwrap() };
    assert_eq!(
        json_of(&question.parse(&ok(PAGE_DETAILS)).unwrap()),
        json!({
            "id": "18",
            "bank": "Vietcombank",
            "bankName": "Ngân hàng TMCP Ngoại Thương Việt Nam",
            "bankBin": "970436",
            "bankCode": "VCB",
            "accountNumber": "0071000899999",
            "holder": "NGUYEN VAN A",
            "label": null,
            "balance": 2_625_076_186_i64,
            "active": true,
            "lastTransactionAt": "2023-08-09T07:59:48+07:00",
            "createdAt": "2023-02-12T20:05:47+07:00",
        })
    );
}

#[test]
fn the_quick_starts_account_has_no_optional_field_and_the_other_name_of_the_last_transaction() {
    let list = AccountList::default().parse(&ok(START_ACCOUNTS)).unwrap();
    assert_eq!(
        json_of(&list.rows),
        json!([{
            "id": "123",
            "bank": "Vietcombank",
            "bankName": "Joint Stock Commercial Bank for Foreign Trade of Vietnam",
            "bankBin": null,
            "bankCode": null,
            "accountNumber": "0071000888888",
            "holder": "NGUYEN VAN A",
            "label": null,
            "balance": 19_077_000,
            "active": null,
            "lastTransactionAt": "2023-05-02T10:30:00+07:00",
            "createdAt": null,
        }])
    );
}

#[test]
fn the_quick_starts_transaction_is_read_whole() {
    let list = TransactionList::default().parse(&ok(START_TRANSACTIONS)).unwrap();
    assert!(list.complete);
    assert_eq!(
        json_of(&list.rows),
        json!([{
            "id": "92704",
            "accountId": "123",
            "accountNumber": "0071000888888",
            "subAccount": null,
            "bank": "Vietcombank",
            "occurredAt": "2023-05-02T10:30:00+07:00",
            "direction": "in",
            "amountIn": 2_277_000,
            "amountOut": 0,
            "balance": 19_077_000,
            "content": "chuyen tien mua hang DH001",
            "code": "DH001",
            "reference": "MBVCB.3278907687",
        }])
    );
}

#[test]
fn a_transaction_of_numbers_written_as_text_is_the_same_to_the_reader() {
    let list = TransactionList::default().parse(&ok(TRANSACTIONS)).unwrap();
    assert_eq!(
        json_of(&list.rows),
        json!([{
            "id": "700123",
            "accountId": "41",
            "accountNumber": "0900112233",
            "subAccount": null,
            "bank": "MBBank",
            "occurredAt": "2026-04-02T08:15:09+07:00",
            "direction": "in",
            "amountIn": 145_000,
            "amountOut": 0,
            "balance": 0,
            "content": "DH20260402 thanh toan",
            "code": null,
            "reference": "FT26092000111",
        }])
    );
}

#[test]
fn transaction_details_stand_under_the_singular_key() {
    let question = TransactionDetails { id: RecordId::new("id", "700124").unwrap() };
    let row = question.parse(&ok(DETAILS)).unwrap();
    assert_eq!((row.id.as_str(), row.direction), ("700124", Direction::Out));
    assert_eq!((row.amount_in.get(), row.amount_out.get()), (0, 18_067_000));
    assert_eq!(row.sub_account.as_deref(), Some("VCB0011ABC002"));
    assert_eq!(row.occurred_at.to_string(), "2026-04-02T23:59:59+07:00");
}

#[test]
fn a_count_is_read_as_number_or_text() {
    assert_eq!(AccountCount::default().parse(&ok(PAGE_COUNT)), Ok(9));
    assert_eq!(TransactionCount::default().parse(&ok(COUNT)), Ok(12_345));
    assert_eq!(TransactionCount::default().parse(&ok(COUNT_TEXT)), Ok(12_345));
}

/// Reference, section 8: numbers 1, 3, 20, 27 and 33.
#[test]
fn every_habit_of_a_transaction_row_reads_as_the_same_model() {
    let list = TransactionList::default().parse(&ok(VARIANTS)).unwrap();
    let memo = "Nguyễn Văn A chuyển tiền 🎉 🧧 Đơn \"DH\\001\"\tA/B\0";
    let (code, va) = (Some("DH001"), Some("VCB0011ABC002"));
    let rows = [
        (145_000, 0, -250_000, "in", "numbers", Some("4711"), code, va),
        (0, 145_000, MAX_VND, "out", "text without decimals", Some("4711"), None, None),
        (145_000, 0, 0, "in", "", None, None, None),
        (145_000, 0, 0, "in", "", None, None, None),
        (0, 0, 0, "unknown", "", None, None, None),
        (1, 0, 0, "in", memo, Some("FT/1"), None, None),
    ];
    assert_eq!(list.rows.len(), rows.len());
    for (index, (row, expected)) in list.rows.iter().zip(rows).enumerate() {
        let (amount_in, amount_out, balance, direction, content, reference, code, va) = expected;
        let (id, second) = (700_001 + index, 1 + index);
        let account = if index == 5 { "0000000001" } else { "0900112233" };
        assert_eq!(
            json_of(row),
            json!({
                "id": id.to_string(), "accountId": "41", "accountNumber": account,
                "subAccount": va, "bank": "ACB",
                "occurredAt": format!("2026-04-02T08:15:0{second}+07:00"),
                "direction": direction, "amountIn": amount_in, "amountOut": amount_out,
                "balance": balance, "content": content, "code": code, "reference": reference,
            }),
            "row {index}"
        );
    }
}

#[test]
fn every_habit_of_an_account_row_reads_as_the_same_model() {
    let list = AccountList::default().parse(&ok(ACCOUNT_VARIANTS)).unwrap();
    let time = |second: u8| Some(format!("2026-04-02T08:15:0{second}+07:00"));
    let label = Some("Cửa hàng 🏪");
    let created = Some("2026-01-01T00:00:00+07:00");
    let rows = [
        (19_077_000, Some(true), time(1), label, created, Some("970436")),
        (-1_500, Some(false), time(2), None, None, None),
        (0, Some(false), None, None, None, None),
        (0, Some(true), None, None, None, None),
        (0, None, None, None, None, None),
    ];
    assert_eq!(list.rows.len(), rows.len());
    for (index, (row, expected)) in list.rows.iter().zip(rows).enumerate() {
        let (balance, active, last, label, created, bin) = expected;
        let id = 1 + index;
        assert_eq!(
            json_of(row),
            json!({
                "id": id.to_string(), "bank": "Vietcombank", "bankName": null, "bankBin": bin,
                "bankCode": null, "accountNumber": format!("007100088888{id}"),
                "holder": "NGUYEN VAN A", "label": label, "balance": balance, "active": active,
                "lastTransactionAt": last, "createdAt": created,
            }),
            "row {index}"
        );
    }
}

#[test]
fn active_is_read_from_text_number_and_truth_value() {
    for (wire, active) in [
        (r#""1""#, Some(true)),
        ("1", Some(true)),
        ("true", Some(true)),
        (r#""0""#, Some(false)),
        ("0", Some(false)),
        ("false", Some(false)),
        (r#""""#, None),
        ("null", None),
    ] {
        assert_eq!(account_with("active", wire).active, active, "{wire}");
    }
}

#[test]
fn leading_zeros_survive_in_ids_and_account_numbers() {
    let row = transaction_with("account_number", r#""000123""#);
    assert_eq!(row.account_number, "000123");
    assert_eq!(transaction_with("id", r#""0042""#).id, "0042");
    assert_eq!(transaction_with("bank_account_id", r#""007""#).account_id, "007");
    assert_eq!(account_with("bank_bin", r#""0970436""#).bank_bin.as_deref(), Some("0970436"));
    assert_eq!(transaction_with("code", r#""0""#).code.as_deref(), Some("0"));
}

#[test]
fn ids_and_numbers_beyond_a_doubles_precision_stay_exact() {
    assert_eq!(transaction_with("id", "18446744073709551615").id, "18446744073709551615");
    assert_eq!(transaction_with("accumulated", "9007199254740991").balance.get(), MAX_VND);
    assert_eq!(transaction_with("accumulated", "-9007199254740991").balance.get(), -MAX_VND);
    assert_eq!(transaction_with("amount_in", "4503599627370497.000").amount_in.get(), {
        4_503_599_627_370_497
    });
}

#[test]
fn direction_needs_exactly_one_amount_above_zero() {
    for (amount_in, amount_out, direction) in [
        ("1", "0", Direction::In),
        ("0", "1", Direction::Out),
        ("0", "0", Direction::Unknown),
        ("1", "1", Direction::Unknown),
        ("null", "null", Direction::Unknown),
    ] {
        let body = body_with(&[("amount_in", amount_in), ("amount_out", amount_out)]);
        let list = TransactionList::default().parse(&ok(body.as_bytes())).unwrap();
        assert_eq!(list.rows[0].direction, direction, "{amount_in} {amount_out}");
    }
}

#[test]
fn an_empty_list_is_a_list_without_rows_and_complete() {
    let list = TransactionList::default().parse(&ok(NONE)).unwrap();
    assert!(list.rows.is_empty() && list.complete);
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let plain = TransactionList::default().parse(&ok(TRANSACTIONS)).unwrap();
    assert_eq!(TransactionList::default().parse(&ok(BOM)), Ok(plain));
}

#[test]
fn white_space_and_a_declared_html_type_around_json_change_nothing() {
    let plain = TransactionList::default().parse(&ok(TRANSACTIONS)).unwrap();
    let spaced = [b"\r\n\t ", TRANSACTIONS, b" \r\n"].concat();
    assert_eq!(TransactionList::default().parse(&ok(&spaced)), Ok(plain.clone()));
    let mut declared = ok(TRANSACTIONS);
    declared.headers.push(("Content-Type".to_owned(), "text/html; charset=UTF-8".to_owned()));
    assert_eq!(TransactionList::default().parse(&declared), Ok(plain));
}

#[test]
fn a_list_as_long_as_its_limit_may_be_cut() {
    for (limit, rows, complete) in [
        (Some(1), 0, true),
        (Some(1), 1, false),
        (Some(2), 1, true),
        (Some(2), 3, false),
        (None, 100, true),
        (None, 4_999, true),
        (None, 5_000, false),
        (Some(5_000), 5_000, false),
    ] {
        let limit = limit.map(|rows| Limit::new(rows).unwrap());
        let question = TransactionList { limit, ..TransactionList::default() };
        let list = question.parse(&ok(many(rows).as_bytes())).unwrap();
        assert_eq!((list.rows.len(), list.complete), (rows, complete), "{limit:?}");
        assert_eq!(question.is_complete(rows), complete);
    }
}

/// The page: "By default, only the 100 most recently added bank accounts are displayed."
#[test]
fn a_list_of_accounts_may_be_cut_at_sepays_default_of_100() {
    for (limit, rows, complete) in [
        (None, 99, true),
        (None, 100, false),
        (None, 101, false),
        (Some(20), 19, true),
        (Some(20), 20, false),
        (Some(500), 100, false),
        (Some(500), 99, true),
        (Some(500), 101, true),
        (Some(500), 500, false),
    ] {
        let limit = limit.map(|rows| Limit::new(rows).unwrap());
        let question = AccountList { limit, ..AccountList::default() };
        assert_eq!(question.is_complete(rows), complete, "{limit:?} {rows}");
    }
}

#[test]
fn five_thousand_rows_are_read_in_the_order_in_which_they_came() {
    let list = TransactionList::default().parse(&ok(many(5_000).as_bytes())).unwrap();
    assert_eq!(list.rows.len(), 5_000);
    for (index, row) in list.rows.iter().enumerate() {
        assert_eq!(row.id, (10_000 - index).to_string());
    }
}

#[test]
fn raw_rows_are_the_bytes_that_sepay_sent() {
    let response = ok(VARIANTS);
    let rows = raw_rows(&response, TRANSACTIONS_ROOT).unwrap();
    let text = std::str::from_utf8(VARIANTS).unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        assert!(text.contains(row) && row.starts_with('{'), "{}", row);
    }
    assert_eq!(raw_rows(&ok(ACCOUNT_VARIANTS), ACCOUNTS_ROOT).unwrap().len(), 5);
}

#[test]
fn debug_of_a_row_shows_neither_money_nor_names() {
    let account = &AccountList::default().parse(&ok(PAGE_LIST)).unwrap().rows[0];
    let transaction = &TransactionList::default().parse(&ok(TRANSACTIONS)).unwrap().rows[0];
    let shown = format!("{account:?} {transaction:?}");
    for secret in ["102871015203", "2525493", "NGUYEN", "0900112233", "145000", "thanh toan"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_a_memo_comes_out_as_it_went_in(memo in any::<String>()) {
        let wire = serde_json::to_string(&memo).unwrap();
        prop_assert_eq!(transaction_with("transaction_content", &wire).content, memo);
    }

    #[test]
    fn the_order_of_the_fields_does_not_matter(
        order in Just((0..FIELDS.len()).collect::<Vec<_>>()).prop_shuffle(),
        extra in sample::select(vec!["null", "1", "[]", "{\"id\":1}", "\"x\""]),
    ) {
        let mut fields: Vec<String> =
            order.iter().map(|index| format!("\"{}\":{}", FIELDS[*index].0, FIELDS[*index].1)).collect();
        fields.insert(order[0], format!("\"unknown\":{extra}"));
        let row = format!("{{{}}}", fields.join(","));
        let body = format!(r#"{{"transactions":[{row}],"messages":{{"success":true}},"status":200}}"#);
        let list = TransactionList::default().parse(&ok(body.as_bytes()));
        prop_assert_eq!(list.map(|list| list.rows), Ok(vec![transaction_with("id", "\"1\"")]));
    }
}

const MAX_VND: i64 = 9_007_199_254_740_991;

/// A plain row, field by field, as it stands on the wire.
const FIELDS: &[(&str, &str)] = &[
    ("id", r#""1""#),
    ("bank_brand_name", r#""ACB""#),
    ("account_number", r#""0900112233""#),
    ("transaction_date", r#""2026-04-02 08:15:09""#),
    ("amount_out", r#""0.00""#),
    ("amount_in", r#""145000.00""#),
    ("accumulated", r#""0.00""#),
    ("transaction_content", r#""DH1""#),
    ("reference_number", r#""FT1""#),
    ("code", "null"),
    ("sub_account", "null"),
    ("bank_account_id", r#""41""#),
];

fn ok(body: &[u8]) -> Response {
    Response { status: 200, headers: Vec::new(), body: body.to_vec() }
}

fn json_of(value: &impl serde::Serialize) -> Value {
    let text = serde_json::to_string(value).expect("plain data");
    serde_json::from_str(&text).expect("JSON")
}

fn row_with(changes: &[(&str, &str)]) -> String {
    let fields = FIELDS.iter().map(|(name, wire)| {
        let change = changes.iter().find(|(changed, _)| changed == name);
        format!(r#""{name}":{}"#, change.map_or(*wire, |(_, wire)| *wire))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn body_with(changes: &[(&str, &str)]) -> String {
    format!(r#"{{"status":200,"transactions":[{}]}}"#, row_with(changes))
}

fn many(rows: usize) -> String {
    let rows = (0..rows).map(|index| row_with(&[("id", &(10_000 - index).to_string())]));
    format!(r#"{{"status":200,"transactions":[{}]}}"#, rows.collect::<Vec<_>>().join(","))
}

fn transaction_with(field: &str, wire: &str) -> Transaction {
    let body = body_with(&[(field, wire)]);
    let list = TransactionList::default().parse(&ok(body.as_bytes()));
    list.unwrap_or_else(|error| panic!("{field} {wire}: {error}")).rows.remove(0)
}

fn account_with(field: &str, wire: &str) -> BankAccount {
    let body = format!(
        r#"{{"status":200,"bankaccounts":[{{"id":"1","account_number":"2","{field}":{wire}}}]}}"#
    );
    let list = AccountList::default().parse(&ok(body.as_bytes()));
    list.unwrap_or_else(|error| panic!("{field} {wire}: {error}")).rows.remove(0)
}
