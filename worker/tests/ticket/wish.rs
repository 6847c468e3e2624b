//! What a ticket is asked for is read strictly, and a mistake is told.

use super::*;

fn told(body: &str) -> String {
    Wish::read(body.as_bytes()).err().expect(body).to_string()
}

#[test]
fn a_wish_says_what_it_says_and_the_rest_is_usual() {
    for nothing in ["", " \n", "{}", " { } "] {
        let wish = Wish::read(nothing.as_bytes()).ok().expect(nothing);
        assert!(wish == Wish::default(), "{nothing}");
    }
    let usual = Wish::default();
    assert_eq!((usual.ttl_seconds, usual.scopes), (900, vec![Scope::TransactionsRead]));
    let wish = Wish::read(
        r#"{"ttlSeconds":60,"scopes":["accounts:read","transactions:read"],"accounts":["007","số 1"],
            "code":"DH \"001\"","amount":9007199254740991,"hide":["balance","code"]}"#
            .as_bytes(),
    );
    let expected = Wish {
        ttl_seconds: 60,
        scopes: vec![Scope::AccountsRead, Scope::TransactionsRead],
        accounts: Some(vec!["007".to_owned(), "số 1".to_owned()]),
        code: Some("DH \"001\"".to_owned()),
        amount: Some(Vnd::MAX),
        hide: hidden(&["balance", "code"]),
    };
    assert!(wish.ok() == Some(expected));
}

#[test]
fn a_wrong_value_is_told_with_its_field_and_is_not_repeated() {
    let long = "9".repeat(129);
    let many = serde_json::json!((0..21).map(|n| n.to_string()).collect::<Vec<_>>()).to_string();
    let wide =
        serde_json::json!((0..6).map(|n| format!("{n}{}", "9".repeat(120))).collect::<Vec<_>>());
    for (field, expected, values) in [
        (
            "ttlSeconds",
            "60 to 3600 seconds",
            vec!["59", "3601", "900.0", "9e2", "-60", "\"900\"", "null", "[]", "{}", "true"],
        ),
        (
            "scopes",
            "one or both of accounts:read, transactions:read",
            vec![
                "[]",
                "null",
                "\"accounts:read\"",
                "[\"S3CRET\"]",
                "[1]",
                "[[]]",
                "[\"accounts:read\",\"accounts:read\"]",
            ],
        ),
        (
            "accounts",
            "1 to 20 different account numbers, no control characters, no space at either end",
            vec![
                "[]",
                "null",
                "\"S3CRET\"",
                "[7]",
                "[\"\"]",
                "[\" 7\"]",
                "[\"7\\n\"]",
                "[\"7\",\"7\"]",
                "[\"\\ufffd\"]",
                "[null]",
                &many,
            ],
        ),
        (
            "accounts",
            "account numbers that take at most 640 bytes together",
            vec![&wide.to_string()],
        ),
        (
            "code",
            "1 to 64 characters, no control characters, no space at either end",
            vec![
                "\"\"",
                "null",
                "1",
                "[\"S3CRET\"]",
                "\" S3CRET\"",
                "\"S3\\u0000CRET\"",
                &format!("\"{}\"", &long[..65]),
            ],
        ),
        (
            "amount",
            "1 to 9007199254740991 VND",
            vec!["0", "9007199254740992", "18446744073709551615"],
        ),
        (
            "amount",
            "a whole number of VND",
            vec!["-1", "1.0", "1e3", "\"1\"", "null", "18446744073709551616", "[1]"],
        ),
        (
            "hide",
            "different names of fields that can be hidden",
            vec!["null", "\"S3CRET\"", "[1]", "[\"code\",\"code\"]"],
        ),
        (
            "hide",
            "names of fields that can be hidden",
            vec!["[\"S3CRET\"]", "[\"id\"]", "[\"Code\"]", "[\"account_number\"]"],
        ),
    ] {
        for value in values {
            let body = format!(r#"{{"{field}":{value}}}"#);
            assert_eq!(told(&body), format!("{field}: expected {expected}"), "{value}");
        }
    }
}

#[test]
fn a_wrong_field_is_told_the_nearest_right_one() {
    for (body, expected) in [
        (r#"{"ttl_seconds":60}"#, "ttl_seconds: unknown field; did you mean ttlSeconds?"),
        (r#"{"account":["7"]}"#, "account: unknown field; did you mean accounts?"),
        (r#"{"Code":"x"}"#, "Code: unknown field; did you mean code?"),
        (
            r#"{"x\ny":1}"#,
            "xy: unknown field; a ticket takes accounts, amount, code, hide, scopes, ttlSeconds",
        ),
        (
            r#"{"":1}"#,
            "(no name): unknown field; a ticket takes accounts, amount, code, hide, scopes, ttlSeconds",
        ),
        (r#"{"code":"a","c\u006fde":"b"}"#, "code: expected once, found twice"),
    ] {
        assert_eq!(told(body), expected);
    }
    assert!(told(&format!(r#"{{"{}":1}}"#, "z".repeat(1000))).len() < 150);
}

#[test]
fn what_is_no_object_is_no_wish() {
    for body in [
        "[]",
        "null",
        "1",
        "\"\"",
        "{",
        "{}}",
        "{'code':1}",
        "{\"code\":}",
        "ttlSeconds=60",
        "\u{feff}{}",
    ] {
        assert_eq!(told(body), "body: expected a JSON object", "{body}");
    }
    assert_eq!(told(&"[".repeat(4096)), "body: expected a JSON object");
    assert_eq!(told(&" ".repeat(4097)), "body: expected at most 4096 bytes, found 4097");
    let invalid = Wish::read(b"{\"code\":\"\xff\"}").err().map(|bad| bad.to_string());
    assert_eq!(invalid.as_deref(), Some("body: expected a JSON object"));
    assert!(Wish::read(&[b' '; 4096]).is_ok());
}
