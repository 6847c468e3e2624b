//! Every question of API v1 as it leaves: method, URL and headers, compared as literal strings.
//!
//! Sources: SePay's v1 pages "Quick Start", "Bank Account API" and "Transaction API" (paths, parameter names and the
//! order in which the pages' own examples write them).

#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{prop_assert, prop_assert_eq};
use sepay::{
    AccountCount, AccountDetails, AccountFilter, AccountList, ApiToken, DEFAULT_BASE_URL, Endpoint,
    Error, FilterText, Limit, Method, Period, RecordId, Request, Span, Target, TransactionCount,
    TransactionDetails, TransactionFilter, TransactionList, Upstream, Vnd, VndSpan, query,
};

const TOKEN: &str = "CANARYTOKEN0123456789";

#[test]
fn all_six_endpoints_without_filters_are_bare_paths() {
    let id = || RecordId::new("id", "92704").unwrap();
    let base = "https://my.sepay.vn/userapi";
    for (request, path) in [
        (sent(&AccountList::default()), "/bankaccounts/list"),
        (sent(&AccountDetails { id: id() }), "/bankaccounts/details/92704"),
        (sent(&AccountCount::default()), "/bankaccounts/count"),
        (sent(&TransactionList::default()), "/transactions/list"),
        (sent(&TransactionDetails { id: id() }), "/transactions/details/92704"),
        (sent(&TransactionCount::default()), "/transactions/count"),
    ] {
        assert_eq!(request.method, Method::Get);
        assert_eq!(request.method.as_str(), "GET");
        assert_eq!(request.url, format!("{base}{path}"));
    }
}

#[test]
fn the_headers_are_exactly_three_and_the_token_stands_only_in_authorization() {
    let request = sent(&full_transactions());
    assert_eq!(
        request.headers,
        [
            ("authorization", "Bearer CANARYTOKEN0123456789".to_owned()),
            ("accept", "application/json".to_owned()),
            ("user-agent", "shop/1.0".to_owned()),
        ]
    );
    assert!(!request.url.contains(TOKEN));
    assert!(!format!("{request:?}").contains(TOKEN));
    assert!(!format!("{:?}", upstream(DEFAULT_BASE_URL)).contains(TOKEN));
}

#[test]
fn a_base_url_with_port_path_and_trailing_slash_is_kept_in_front() {
    for (base, url) in [
        ("http://127.0.0.1:8788", "http://127.0.0.1:8788/userapi/transactions/count"),
        ("https://proxy.example/sepay/", "https://proxy.example/sepay/userapi/transactions/count"),
    ] {
        assert_eq!(TransactionCount::default().request(&upstream(base)).url, url);
    }
}

#[test]
fn every_single_account_filter_has_the_name_of_sepays_page() {
    let none = AccountFilter::default;
    for (filter, query) in [
        (AccountFilter { bank: text("Vietcombank"), ..none() }, "short_name=Vietcombank"),
        (
            AccountFilter { last_transaction: period(Some("2023-04-30"), None), ..none() },
            "last_transaction_date_min=2023-04-30%2000%3A00%3A00",
        ),
        (
            AccountFilter { last_transaction: period(None, Some("2023-05-02")), ..none() },
            "last_transaction_date_max=2023-05-02%2023%3A59%3A59",
        ),
        (AccountFilter { since_id: id("20"), ..none() }, "since_id=20"),
        (AccountFilter { balance: balance(Some(1), None), ..none() }, "accumulated_min=1"),
        (
            AccountFilter { balance: balance(None, Some(1_000_000_000)), ..none() },
            "accumulated_max=1000000000",
        ),
        (AccountFilter { balance: balance(Some(-5), Some(0)), ..none() }, {
            "accumulated_min=-5&accumulated_max=0"
        }),
    ] {
        let list = AccountList { filter: filter.clone(), limit: None };
        assert_eq!(list.target().as_str(), format!("/userapi/bankaccounts/list?{query}"));
        let count = AccountCount { filter };
        assert_eq!(count.target().as_str(), format!("/userapi/bankaccounts/count?{query}"));
    }
    let list = AccountList { limit: Some(Limit::new(20).unwrap()), ..AccountList::default() };
    assert_eq!(list.target().as_str(), "/userapi/bankaccounts/list?limit=20");
}

#[test]
fn every_single_transaction_filter_has_the_name_of_sepays_page() {
    let none = TransactionFilter::default;
    for (filter, query) in [
        (
            TransactionFilter { account: text("0071000888888"), ..none() },
            "account_number=0071000888888",
        ),
        (
            TransactionFilter { occurred: period(Some("2023-04-30"), None), ..none() },
            "transaction_date_min=2023-04-30%2000%3A00%3A00",
        ),
        (
            TransactionFilter { occurred: period(None, Some("2023-05-02")), ..none() },
            "transaction_date_max=2023-05-02%2023%3A59%3A59",
        ),
        (TransactionFilter { since_id: id("92704"), ..none() }, "since_id=92704"),
        (
            TransactionFilter { reference: text("MBVCB.3278907687"), ..none() },
            "reference_number=MBVCB.3278907687",
        ),
        (TransactionFilter { amount_in: vnd(2_277_000), ..none() }, "amount_in=2277000"),
        (TransactionFilter { amount_out: vnd(0), ..none() }, "amount_out=0"),
    ] {
        let list = TransactionList { filter: filter.clone(), limit: None };
        assert_eq!(list.target().as_str(), format!("/userapi/transactions/list?{query}"));
        let count = TransactionCount { filter };
        assert_eq!(count.target().as_str(), format!("/userapi/transactions/count?{query}"));
    }
    for rows in [1, 5000] {
        let limit = Some(Limit::new(rows).unwrap());
        let list = TransactionList { limit, ..TransactionList::default() };
        assert_eq!(list.target().as_str(), format!("/userapi/transactions/list?limit={rows}"));
    }
}

/// The order of the page's own example: `short_name`, both dates, `since_id`, `limit`, both balances.
#[test]
fn all_account_filters_together_stand_in_the_order_of_sepays_example() {
    let filter = AccountFilter {
        balance: balance(Some(1), Some(1_000_000_000)),
        since_id: id("20"),
        last_transaction: period(Some("2023-04-30"), Some("2023-05-02")),
        bank: text("Vietcombank"),
    };
    let list = AccountList { filter: filter.clone(), limit: Some(Limit::new(20).unwrap()) };
    assert_eq!(
        sent(&list).url,
        "https://my.sepay.vn/userapi/bankaccounts/list?short_name=Vietcombank\
         &last_transaction_date_min=2023-04-30%2000%3A00%3A00\
         &last_transaction_date_max=2023-05-02%2023%3A59%3A59\
         &since_id=20&limit=20&accumulated_min=1&accumulated_max=1000000000"
    );
    assert_eq!(
        sent(&AccountCount { filter }).url,
        "https://my.sepay.vn/userapi/bankaccounts/count?short_name=Vietcombank\
         &last_transaction_date_min=2023-04-30%2000%3A00%3A00\
         &last_transaction_date_max=2023-05-02%2023%3A59%3A59\
         &since_id=20&accumulated_min=1&accumulated_max=1000000000"
    );
}

#[test]
fn all_transaction_filters_together_stand_in_one_order() {
    let query = "account_number=0071000888888\
         &transaction_date_min=2023-04-30%2008%3A00%3A00&transaction_date_max=2023-05-02%2012%3A00%3A00\
         &since_id=92704";
    let tail = "&reference_number=MBVCB.3278907687&amount_in=2277000&amount_out=0";
    let list = full_transactions();
    assert_eq!(
        sent(&list).url,
        format!("https://my.sepay.vn/userapi/transactions/list?{query}&limit=5000{tail}")
    );
    assert_eq!(
        sent(&TransactionCount { filter: list.filter }).url,
        format!("https://my.sepay.vn/userapi/transactions/count?{query}{tail}")
    );
}

#[test]
fn every_way_to_write_a_time_is_sent_in_full_as_vietnam_time() {
    for (from, min) in [
        ("2024-02-29", "2024-02-29%2000%3A00%3A00"),
        ("2024-02-29 08:00:00", "2024-02-29%2008%3A00%3A00"),
        ("2024-02-29T08:00:00", "2024-02-29%2008%3A00%3A00"),
        ("2024-02-29T08:00:00+07:00", "2024-02-29%2008%3A00%3A00"),
        ("2024-02-28T17:00:00Z", "2024-02-29%2000%3A00%3A00"),
        ("2023-12-31T16:59:59.000Z", "2023-12-31%2023%3A59%3A59"),
        ("2023-12-31T17:00:00Z", "2024-01-01%2000%3A00%3A00"),
        ("2024-02-29T12:00:00+14:00", "2024-02-29%2005%3A00%3A00"),
        ("2024-02-28T23:30:00-09:30", "2024-02-29%2016%3A00%3A00"),
    ] {
        let filter = TransactionFilter { occurred: period(Some(from), None), ..Default::default() };
        let target = TransactionCount { filter }.target();
        let expected = format!("/userapi/transactions/count?transaction_date_min={min}");
        assert_eq!(target.as_str(), expected, "{from}");
    }
    let day = period(Some("2024-02-29"), Some("2024-02-29"));
    let target =
        TransactionCount { filter: TransactionFilter { occurred: day, ..Default::default() } };
    assert_eq!(
        target.target().as_str(),
        "/userapi/transactions/count?transaction_date_min=2024-02-29%2000%3A00%3A00\
         &transaction_date_max=2024-02-29%2023%3A59%3A59"
    );
}

#[test]
fn a_value_can_neither_end_its_parameter_nor_change_the_path() {
    for (value, encoded) in [
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a&limit=1", "a%26limit%3D1"),
        ("a=b", "a%3Db"),
        ("100%", "100%25"),
        ("%20", "%2520"),
        ("a#b?c/../d", "a%23b%3Fc%2F..%2Fd"),
        ("Công Thương", "C%C3%B4ng%20Th%C6%B0%C6%A1ng"),
        ("🧧", "%F0%9F%A7%A7"),
        ("it's;\"x\"<y>", "it%27s%3B%22x%22%3Cy%3E"),
        ("A-Za_z.0", "A-Za_z.0"),
    ] {
        let filter = TransactionFilter { reference: text(value), ..Default::default() };
        let target = TransactionCount { filter }.target();
        let expected = format!("/userapi/transactions/count?reference_number={encoded}");
        assert_eq!(target.as_str(), expected, "{value}");
    }
}

#[test]
fn equal_questions_have_equal_targets() {
    let question = |from: &str, to: &str, amount: &str, limit: &str| {
        let filter = TransactionFilter {
            occurred: period(Some(from), Some(to)),
            amount_in: Some(query::positive_amount("amountIn", amount).unwrap()),
            ..Default::default()
        };
        TransactionList { filter, limit: Some(Limit::parse(limit).unwrap()) }
    };
    let one = question("2026-11-01", "2026-11-02", "145000", "20");
    for other in [
        question("2026-11-01 00:00:00", "2026-11-02 23:59:59", "145000.00", "20"),
        question("2026-11-01T00:00:00+07:00", "2026-11-02T23:59:59", "0145000", "020"),
        question("2026-10-31T17:00:00Z", "2026-11-02T16:59:59.999Z", "145e3", "0020"),
    ] {
        assert_eq!(other, one);
        assert_eq!(other.target(), one.target());
    }
    for different in [
        question("2026-11-02", "2026-11-02", "145000", "20"),
        question("2026-11-01", "2026-11-03", "145000", "20"),
        question("2026-11-01", "2026-11-02", "145001", "20"),
        question("2026-11-01", "2026-11-02", "145000", "21"),
    ] {
        assert_ne!(different.target(), one.target());
    }
}

#[test]
fn what_cannot_be_sent_names_its_parameter_and_never_its_value() {
    let canary = "CANARY-77";
    let refusals: Vec<(&str, Error)> = vec![
        ("id", RecordId::new("id", "").unwrap_err()),
        ("id", RecordId::new("id", "../count").unwrap_err()),
        ("id", RecordId::new("id", "-1").unwrap_err()),
        ("id", RecordId::new("id", "٣").unwrap_err()),
        ("id", RecordId::new("id", canary).unwrap_err()),
        ("id", RecordId::new("id", "123456789012345678901").unwrap_err()),
        ("account", FilterText::new("account", "").unwrap_err()),
        ("account", FilterText::new("account", " CANARY-77").unwrap_err()),
        ("account", FilterText::new("account", "CANARY-77\r\nx: y").unwrap_err()),
        ("account", FilterText::new("account", &"x".repeat(129)).unwrap_err()),
        ("limit", Limit::new(0).unwrap_err()),
        ("limit", Limit::new(5001).unwrap_err()),
        ("limit", Limit::parse("").unwrap_err()),
        ("limit", Limit::parse("+5").unwrap_err()),
        ("limit", Limit::parse("70000").unwrap_err()),
        ("limit", Limit::parse(canary).unwrap_err()),
        ("amountIn", query::positive_amount("amountIn", "-77").unwrap_err()),
        ("amountIn", query::positive_amount("amountIn", "77.5").unwrap_err()),
        ("amountIn", query::amount("amountIn", canary).unwrap_err()),
        ("from", query::period(("from", Some(canary)), ("to", None)).unwrap_err()),
        ("to", query::period(("from", None), ("to", Some("2026-02-30"))).unwrap_err()),
        (
            "from",
            query::period(("from", Some("2026-11-02")), ("to", Some("2026-11-01"))).unwrap_err(),
        ),
        ("balanceMin", Span::new("balanceMin", vnd(2), vnd(1)).unwrap_err()),
        ("api_token", ApiToken::new("CANARY-77 x").unwrap_err()),
        ("base_url", {
            let token = ApiToken::new(TOKEN).unwrap();
            Upstream::new("https://CANARY-77@sepay.vn", token, "shop/1.0").unwrap_err()
        }),
        ("user_agent", {
            let token = ApiToken::new(TOKEN).unwrap();
            Upstream::new(DEFAULT_BASE_URL, token, "CANARY-77\n").unwrap_err()
        }),
    ];
    for (name, error) in refusals {
        let shown = format!("{error} {error:?}");
        assert!(
            matches!(&error, Error::InvalidParameter { parameter, .. } if *parameter == name),
            "{name}: {shown}"
        );
        for secret in ["77", "CANARY", "2026-02-30", "../count"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn filters_do_not_show_what_they_hold() {
    let list = TransactionFilter { account: text("0071000888888"), ..Default::default() };
    assert!(!format!("{list:?}").contains("0071000888888"));
}

#[test]
fn a_target_from_text_cannot_leave_sepays_api() {
    for text in [
        "/userapi/../companyapi",
        "/userapi/%2e%2e/companyapi",
        "/userapi/.%2E/companyapi",
        "/userapi/./x",
        "/userapi",
        "/companyapi",
        "userapi/x",
        "/userapi/x?a=b?c",
        "/userapi/x?a=b#c",
        "/userapi/x@evil.example",
        "/userapi/x\\y",
    ] {
        assert!(Target::from_text(text).is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_target_survives_its_way_as_text(text in any::<String>(), digits in "[0-9]{1,20}") {
        let texts = ["a..b", "../x", text.as_str()].map(|text| FilterText::new("reference", text).ok());
        for reference in texts {
            let filter = TransactionFilter { reference, since_id: id(&digits), ..Default::default() };
            let target = TransactionList { filter, limit: None }.target();
            prop_assert_eq!(Target::from_text(target.as_str()), Ok(target));
        }
    }

    #[test]
    fn any_text_comes_back_whole_from_its_query(text in any::<String>()) {
        let Ok(reference) = FilterText::new("reference", &text) else { return Ok(()) };
        let filter = TransactionFilter { reference: Some(reference), ..Default::default() };
        let target = TransactionList { filter, limit: Some(Limit::MAX) }.target();
        let query = target.as_str().strip_prefix("/userapi/transactions/list?").unwrap();
        prop_assert!(target.as_str().is_ascii() && !query.contains(['+', '#', '?', '/', ' ']));
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        prop_assert_eq!(pairs, [pair("limit", "5000"), pair("reference_number", &text)]);
    }
}

fn upstream(base_url: &str) -> Upstream {
    Upstream::new(base_url, ApiToken::new(TOKEN).expect("a token"), "shop/1.0")
        .expect("an upstream")
}

fn sent(question: &impl Endpoint) -> Request {
    question.request(&upstream(DEFAULT_BASE_URL))
}

fn full_transactions() -> TransactionList {
    let filter = TransactionFilter {
        amount_out: vnd(0),
        amount_in: vnd(2_277_000),
        reference: text("MBVCB.3278907687"),
        since_id: id("92704"),
        occurred: period(Some("2023-04-30 08:00:00"), Some("2023-05-02 12:00:00")),
        account: text("0071000888888"),
    };
    TransactionList { filter, limit: Some(Limit::MAX) }
}

fn text(text: &str) -> Option<FilterText> {
    Some(FilterText::new("text", text).expect("a filter's text"))
}

fn id(digits: &str) -> Option<RecordId> {
    Some(RecordId::new("id", digits).expect("an id"))
}

fn vnd(dong: i64) -> Option<Vnd> {
    Some(Vnd::new(dong).expect("an amount"))
}

fn balance(min: Option<i64>, max: Option<i64>) -> VndSpan {
    Span::new("balanceMin", min.and_then(vnd), max.and_then(vnd)).expect("a span")
}

fn period(from: Option<&str>, to: Option<&str>) -> Period {
    query::period(("from", from), ("to", to)).expect("a period")
}
