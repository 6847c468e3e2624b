//! Whatever a caller writes, nothing but typed, canonical questions reaches SePay.

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use sepay::Target;
use sepay_worker::route::{self, Resource};
use sepay_worker::vietqr::PaymentCode;

/// The six questions: our path, SePay's path, and how an id is marked in both.
const PATHS: [[&str; 2]; 6] = [
    ["/api/accounts", "/userapi/bankaccounts/list"],
    ["/api/accounts/count", "/userapi/bankaccounts/count"],
    ["/api/accounts/{id}", "/userapi/bankaccounts/details/{id}"],
    ["/api/transactions", "/userapi/transactions/list"],
    ["/api/transactions/count", "/userapi/transactions/count"],
    ["/api/transactions/{id}", "/userapi/transactions/details/{id}"],
];

/// The filters in our spelling and SePay's, in the order in which the target has them.
const OF_ACCOUNTS: [[&str; 2]; 7] = [
    ["bank", "short_name"],
    ["lastTransactionFrom", "last_transaction_date_min"],
    ["lastTransactionTo", "last_transaction_date_max"],
    ["sinceId", "since_id"],
    ["limit", "limit"],
    ["balanceMin", "accumulated_min"],
    ["balanceMax", "accumulated_max"],
];
const OF_TRANSACTIONS: [[&str; 2]; 8] = [
    ["account", "account_number"],
    ["from", "transaction_date_min"],
    ["to", "transaction_date_max"],
    ["sinceId", "since_id"],
    ["limit", "limit"],
    ["reference", "reference_number"],
    ["amountIn", "amount_in"],
    ["amountOut", "amount_out"],
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_nothing_panics_and_only_canonical_targets_come_out(
        method in prop_oneof![4 => Just("GET".to_owned()), 1 => Just("HEAD".to_owned()), 1 => any::<String>()],
        path in path(),
        query in query(),
    ) {
        if let Some(target) = target(&method, &path, &query) {
            check(&target);
        }
        let _bad = route::no_parameters(&query);
        let _bad = PaymentCode::read(&query);
    }

    #[test]
    fn both_spellings_of_good_values_ask_the_same_and_the_values_arrive(
        list in any::<bool>(),
        transactions in any::<bool>(),
        texts in (option::of(text()), option::of(text())),
        times in (option::of(time()), option::of(time())),
        since_id in option::of("[0-9]{1,20}"),
        limit in 1_u16..=5_000,
        amounts in (option::of(amount()), option::of(amount())),
    ) {
        // Reversed ends are refused: put them in order.
        let (mut from, mut to) = times;
        if let (Some((low, _)), Some((high, _))) = (&from, &to) && low > high {
            std::mem::swap(&mut from, &mut to);
        }
        let (mut low, mut high) = amounts;
        if !transactions && let (Some(less), Some(more)) = (low, high) && less > more {
            (low, high) = (high, low);
        }
        let value = |given: Option<String>| given.map(|text| (text.clone(), text));
        let time = |given: Option<(String, bool)>, end: &str| given.map(|(day, bare)| {
            let exact = format!("{day} 12:30:05");
            if bare { (day.clone(), format!("{day} {end}")) } else { (exact.clone(), exact) }
        });
        let money = |given: Option<u64>| given.map(|dong| (format!("{dong}.00"), dong.to_string()));
        let limit = list.then(|| (limit.to_string(), limit.to_string()));
        let (from, to) = (time(from, "00:00:00"), time(to, "23:59:59"));
        let mut given = vec![value(texts.0), from, to, value(since_id), limit];
        let names = if transactions {
            given.push(value(texts.1));
            &OF_TRANSACTIONS[..]
        } else {
            &OF_ACCOUNTS[..]
        };
        given.extend([money(low), money(high)]);
        let kind = match (transactions, list) {
            (false, true) => 0,
            (false, false) => 1,
            (true, true) => 3,
            (true, false) => 4,
        };
        let mut targets = Vec::new();
        for (spelling, path) in PATHS[kind].into_iter().enumerate() {
            let mut query = form_urlencoded::Serializer::new(String::new());
            // In another order than SePay's: the target is canonical all the same.
            for (name, value) in names.iter().zip(&given).rev() {
                if let Some((written, _)) = value {
                    query.append_pair(name[spelling], written);
                }
            }
            let query = query.finish();
            targets.push(target("GET", path, &query).unwrap_or_else(|| panic!("{path}?{query}")));
        }
        assert_eq!(targets[0], targets[1]);
        check(&targets[0]);
        let query = targets[0].split_once('?').map_or("", |(_, query)| query);
        let arrived: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let sent = names.iter().zip(&given).filter_map(|(name, value)| {
            value.as_ref().map(|(_, meant)| (name[1].to_owned(), meant.clone()))
        });
        assert_eq!(arrived, sent.collect::<Vec<_>>());
    }

    #[test]
    fn a_route_takes_its_own_names_only(
        kind in select(&[0_usize, 1, 2, 3, 4, 5][..]),
        spelling in 0_usize..2,
        name in select(all_names()),
    ) {
        let path = PATHS[kind][spelling].replace("{id}", "7");
        let value = if name.contains("rom") || name.contains("To") || name == "to" || name.contains("date") {
            "2026-04-02"
        } else {
            "7"
        };
        let names = if kind < 3 { &OF_ACCOUNTS[..] } else { &OF_TRANSACTIONS[..] };
        let own = names.iter().any(|both| both[spelling] == name);
        let taken = own && kind % 3 != 2 && (name != "limit" || kind % 3 == 0);
        let asked = target("GET", &path, &format!("{name}={value}"));
        assert_eq!(asked.is_some(), taken, "{path}?{name}");
        assert_eq!(target("GET", &path, &format!("{name}={value}&{name}={value}")), None, "twice");
    }
}

#[test]
fn ids_are_digits_and_nothing_of_a_path_is_decoded() {
    for good in ["0", "7", "007", "18446744073709551615", "99999999999999999999"] {
        for [ours, theirs] in [PATHS[2], PATHS[5]] {
            let asked = target("GET", &ours.replace("{id}", good), "");
            assert_eq!(asked, Some(theirs.replace("{id}", good)));
            assert_eq!(target("GET", &theirs.replace("{id}", good), ""), asked);
        }
    }
    for bad in [
        "",
        "%31",
        "1%2f2",
        "-1",
        "+1",
        "1.0",
        "١",
        "..",
        "list",
        "100000000000000000000",
        "1;2",
        "1?",
    ] {
        for path in [PATHS[2], PATHS[5]].concat() {
            assert_eq!(target("GET", &path.replace("{id}", bad), ""), None, "{path} {bad}");
        }
    }
}

fn target(method: &str, path: &str, query: &str) -> Option<String> {
    match route::find(method, path) {
        Ok(Resource::Sepay { kind, form }) => {
            let question = kind.question(form, query).ok()?;
            Some(question.target().as_str().to_owned())
        }
        _ => None,
    }
}

/// Checks that a target is one of SePay's six, harmless in a URL, and the same after a journey as text.
fn check(target: &str) {
    assert!(target.starts_with("/userapi/"), "{target}");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/?=&%._*-".contains(&byte);
    assert!(target.bytes().all(plain), "{target}");
    assert_eq!(Target::from_text(target).expect("a target").as_str(), target);
    let path = target.split('?').next().unwrap_or_default();
    let known = PATHS.iter().any(|[_, theirs]| match theirs.strip_suffix("{id}") {
        Some(base) => {
            path.strip_prefix(base).is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        }
        None => path == *theirs,
    });
    assert!(known && target.matches('?').count() <= 1, "{target}");
}

fn path() -> impl Strategy<Value = String> {
    let known = (select(&PATHS[..]), 0_usize..2, "[0-9]{1,21}|[^/]{0,4}")
        .prop_map(|(paths, spelling, id)| paths[spelling].replace("{id}", &id));
    let near = (known.clone(), any::<proptest::sample::Index>(), any::<char>()).prop_map(
        |(path, at, with)| {
            let at = at.index(path.chars().count());
            path.chars().enumerate().map(|(index, c)| if index == at { with } else { c }).collect()
        },
    );
    prop_oneof![5 => known, 1 => near, 1 => any::<String>()]
}

fn query() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[0-9]{1,6}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]([ T+][0-2][0-9]:00:00)?",
        text(),
        any::<String>(),
        "(%[0-9a-fA-F]{0,2}|[+&=#;/.\\\\]){0,6}",
    ];
    let raw =
        (select(all_names()), value.clone()).prop_map(|(name, value)| format!("{name}={value}"));
    let encoded = (select(all_names()), value).prop_map(|(name, value)| {
        form_urlencoded::Serializer::new(String::new()).append_pair(name, &value).finish()
    });
    let pairs = vec(prop_oneof![1 => raw, 2 => encoded], 0..3).prop_map(|pairs| pairs.join("&"));
    prop_oneof![6 => pairs, 1 => any::<String>()]
}

/// A filter's text: an account number, a bank or a reference, with all that a URL could stumble over.
fn text() -> impl Strategy<Value = String> {
    // Latin with Vietnamese; between the two lie scripts with white space of their own.
    let awkward = "[!-~À-ɏẠ-ỹ🧧]([ -~À-ɏẠ-ỹ🧧]{0,30}[!-~À-ɏẠ-ỹ🧧])?";
    prop_oneof!["[0-9]{6,19}", awkward]
}

/// A day, and whether it stands alone.
fn time() -> impl Strategy<Value = (String, bool)> {
    (1_900_u16..=9_999, 1_u8..=12, 1_u8..=28, any::<bool>())
        .prop_map(|(year, month, day, bare)| (format!("{year:04}-{month:02}-{day:02}"), bare))
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..10, 0_u64..=9_007_199_254_740_991]
}

fn all_names() -> Vec<&'static str> {
    let mut names: Vec<_> = OF_ACCOUNTS.iter().chain(&OF_TRANSACTIONS).flatten().copied().collect();
    names.extend(["limit ", "Limit", "x", "page"]);
    names
}
