//! What a ticket is asked for is read strictly, and a mistake is told.

use super::*;

fn told(body: &str) -> String {
    Wish::read(body.as_bytes()).err().expect(body).to_string()
}

#[test]
fn a_wish_says_what_it_says_and_the_rest_is_usual() {
    for nothing in ["", " \n", "{}", " { } "] {
        assert!(Wish::read(nothing.as_bytes()) == Ok(Wish::default()), "{nothing}");
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

/// Checks what is told of values of a field; between two of them stands ` | `.
fn wrong(field: &str, expected: &str, values: &str) {
    for value in values.split(" | ") {
        let body = format!(r#"{{"{field}":{value}}}"#);
        assert_eq!(told(&body), format!("{field}: expected {expected}"), "{value}");
    }
}

#[test]
fn a_wrong_number_is_told_with_its_field() {
    let ttl = r#"59 | 3601 | 900.0 | 9e2 | -60 | "900" | null | [] | {} | true"#;
    wrong("ttlSeconds", "60 to 3600 seconds", ttl);
    let beyond = "0 | 9007199254740992 | 18446744073709551615";
    wrong("amount", "1 to 9007199254740991 VND", beyond);
    let no_number = r#"-1 | 1.0 | 1e3 | "1" | null | 18446744073709551616 | [1]"#;
    wrong("amount", "a whole number of VND", no_number);
}

#[test]
fn a_wrong_text_is_told_with_its_field_and_is_not_repeated() {
    let rule = "1 to 64 characters, no control characters, no space at either end";
    wrong("code", rule, r#""" | null | 1 | ["S3CRET"] | " S3CRET" | "S3\u0000CRET""#);
    wrong("code", rule, &format!("\"{}\"", "ư".repeat(65)));
    let scopes =
        r#"[] | null | "accounts:read" | ["S3CRET"] | [1] | [[]] | ["audit:read","audit:read"]"#;
    wrong("scopes", "one or both of accounts:read, transactions:read", scopes);
    let hide = r#"null | "S3CRET" | [1] | ["code","code"]"#;
    wrong("hide", "different names of fields that can be hidden", hide);
    let unknown = r#"["S3CRET"] | ["id"] | ["Code"] | ["account_number"] | ["code","direction"]"#;
    wrong("hide", "names of fields that can be hidden", unknown);
}

#[test]
fn wrong_accounts_are_told_and_are_not_repeated() {
    let rule = "1 to 20 different account numbers, no control characters, no space at either end";
    let accounts =
        r#"[] | null | "S3CRET" | [7] | [""] | [" 7"] | ["7\n"] | ["7","7"] | ["\ufffd"] | [null]"#;
    wrong("accounts", rule, accounts);
    let numbers = |count: usize, more: &str| {
        let numbers: Vec<_> = (0..count).map(|n| format!("{n}{more}")).collect();
        serde_json::json!(numbers).to_string()
    };
    wrong("accounts", rule, &numbers(21, ""));
    wrong("accounts", rule, &numbers(1, &"9".repeat(128)));
    let long = "account numbers that take at most 640 bytes together";
    wrong("accounts", long, &numbers(6, &"9".repeat(120)));
    for fits in [numbers(20, &"9".repeat(19)), numbers(1, &"9".repeat(127))] {
        assert!(Wish::read(format!(r#"{{"accounts":{fits}}}"#).as_bytes()).is_ok());
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

#[test]
fn a_balance_is_hidden_unless_the_wish_says_what_is() {
    let hidden = |body: &str| {
        let wish = Wish::read(body.as_bytes()).expect("a wish");
        wish.hide.iter().map(|field| field.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(hidden(""), ["balance"]);
    assert_eq!(hidden(r#"{"code":"DH001"}"#), ["balance"]);
    assert_eq!(hidden(r#"{"hide":["content"]}"#), ["content"]);
    assert!(hidden(r#"{"hide":[]}"#).is_empty());
}
