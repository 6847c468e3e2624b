//! Arbitrary bytes from strangers, from SePay and in the settings: the properties that `fuzz/` looks for counterexamples
//! of for longer, here in as many cases as a test may take.

#[path = "fuzz/cases.rs"]
#[allow(unreachable_pub, reason = "a module of tests has no outside")]
mod cases;
#[path = "fuzz/mod.rs"]
mod fuzz;

use std::collections::BTreeMap;

use cases::cases;
use fuzz::asked::asks;
use fuzz::bytes::Bytes;
use fuzz::callers::any_caller;
use fuzz::{answer, request};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1_500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_nothing_panics_and_nothing_but_six_questions_leaves(
        input in vec(any::<u8>(), 0..400),
    ) {
        request::run(&input);
    }

    #[test]
    fn whatever_sepay_answers_nothing_panics_and_nothing_hidden_or_foreign_is_passed_on(
        input in vec(any::<u8>(), 0..600),
    ) {
        answer::run(&input);
    }

    #[test]
    fn any_text_as_path_and_query(
        path in "[/a-z0-9%.?#;]{0,30}|\\PC{0,20}", query in "([a-zA-Z_]{2,20}=\\PC{0,10}&){0,4}", who in vec(any::<u8>(), 60),
    ) {
        let caller = any_caller(&mut Bytes(&who));
        for base in ["", "/api/accounts/", "/api/transactions", "/userapi/transactions/details/"] {
            asks("GET", &format!("{base}{path}"), &query, &caller, 1_775_149_200_000);
        }
        asks("GET", "/api/transactions", &format!("account={path}&reference={query}"), &caller, 0);
    }
}

/// Without this the properties might say nothing: all of these have to be reached by arbitrary bytes.
#[test]
fn every_kind_of_input_comes_as_far_as_it_is_meant_to() {
    let mut random = 1_u64;
    let mut byte = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        random.to_be_bytes()[0]
    };
    let mut reached = BTreeMap::new();
    for _ in 0..2_000 {
        let input: Vec<u8> = (0..300).map(|_| byte()).collect();
        for came_to in [request::run(&input), answer::run(&input)] {
            *reached.entry(came_to).or_insert(0) += 1;
        }
    }
    for goal in [
        "asked",
        "a bad parameter",
        "the scope is lacking",
        "the account is another's",
        "the filter is hidden",
        "let in",
        "a ticket",
        "a bad wish",
        "kept",
        "an ask",
        "answered",
        "hidden",
        "no answer",
        "masked",
        "not masked",
    ] {
        assert!(reached.contains_key(goal), "{goal}: {reached:?}");
    }
}
