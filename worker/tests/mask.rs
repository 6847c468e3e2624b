//! A hidden field's value is gone from an answer, whatever way the answer is written, and nothing else is touched.

#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq};
use sepay_worker::mask::masked;
use serde::de::IgnoredAny;
use serde_json::Value;

const HIDDEN: [&str; 3] = ["accumulated", "code", "số dư"];

fn text(json: &str) -> Option<String> {
    masked(json.as_bytes(), &HIDDEN).map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn each_kind_of_value_is_replaced_and_every_other_byte_stays() {
    for (json, left) in [
        (r#"{"code":"DH001"}"#, r#"{"code":null}"#),
        (r#"{"code":"a\"b}\\","id":"1"}"#, r#"{"code":null,"id":"1"}"#),
        (r#"{"code" : -1.50E+3 , "x":2.00}"#, r#"{"code" : null , "x":2.00}"#),
        ("{\"code\"\r\n\t :\ttrue\n}", "{\"code\"\r\n\t :\tnull\n}"),
        (r#"{"code":[1,{"a":"]"},[]],"b":[]}"#, r#"{"code":null,"b":[]}"#),
        (r#"{"code":{"code":"}","x":{}}}"#, r#"{"code":null}"#),
        (
            r#"{"code":[],"code":{},"code":"","code":null}"#,
            r#"{"code":null,"code":null,"code":null,"code":null}"#,
        ),
        (r#"[[{"a":[{"code":0}]}],{"code":0}]"#, r#"[[{"a":[{"code":null}]}],{"code":null}]"#),
        ("\u{feff} {\"code\":1}\n", "\u{feff} {\"code\":null}\n"),
    ] {
        assert_eq!(text(json).as_deref(), Some(left), "{json}");
    }
}

#[test]
fn a_name_is_compared_as_it_reads() {
    for (json, left) in [
        (r#"{"c\u006fde":1}"#, r#"{"c\u006fde":null}"#),
        (r#"{"\u0063\u006F\u0064\u0065":1}"#, r#"{"\u0063\u006F\u0064\u0065":null}"#),
        (r#"{"s\u1ed1 d\u01b0":1,"số dư":2}"#, r#"{"s\u1ed1 d\u01b0":null,"số dư":null}"#),
        // Other names, and texts that are no names.
        (r#"{"Code":1,"code ":1,"cod":1,"codes":1}"#, r#"{"Code":1,"code ":1,"cod":1,"codes":1}"#),
        (r#"{"\"code":1,"code\"":1,"code\\":1}"#, r#"{"\"code":1,"code\"":1,"code\\":1}"#),
        (r#"{"a":"code","b":["code"]}"#, r#"{"a":"code","b":["code"]}"#),
        (r#"{"a":"\",\"code\":1,\""}"#, r#"{"a":"\",\"code\":1,\""}"#),
        (r#""code""#, r#""code""#),
    ] {
        assert_eq!(text(json).as_deref(), Some(left), "{json}");
    }
}

#[test]
fn what_is_not_one_json_text_is_not_passed_on() {
    for json in [
        "",
        " ",
        "\u{feff}",
        "\u{feff}\u{feff}{}",
        r#"{"code":1"#,
        r#"{"code":}"#,
        r#"{"code":1,}"#,
        r#"{code:1}"#,
        r#"{'code':1}"#,
        r#"{"code":01}"#,
        r#"{"code":1} {"code":1}"#,
        r#"{"code":1}x"#,
        r#"{"code":"DH001}"#,
        r#"{"code":[1}"#,
        r#"{"code":1 "id":2}"#,
        r#"{"x":NaN,"code":1}"#,
        "{\"co\nde\":1}",
        "{\"code\":1}\0",
        "<html>{\"code\":1}</html>",
        // Half a character in a name: a reader that drops it reads `code`.
        r#"{"co\ud800de":1}"#,
    ] {
        assert_eq!(text(json), None, "{json}");
        assert!(json.contains("ud800") || masked(json.as_bytes(), &[]).is_none(), "{json}");
    }
    assert_eq!(masked(b"{\"co\xffde\":1}", &HIDDEN), None);
    assert_eq!(masked(b"{\"a\":\"\xc3\"}", &HIDDEN), None);
    assert_eq!(masked(b"\xff\xfe{\0}\0", &HIDDEN), None);
}

#[test]
fn depth_and_length_cost_no_stack_and_no_more_than_their_length() {
    let deep = 1_000_000;
    let nested = format!("{}1{}", "[".repeat(deep), "]".repeat(deep));
    assert_eq!(text(&nested).as_ref(), Some(&nested));
    let below = |value: &str| {
        format!(r#"{}{{"code":{value}}}{}"#, r#"{"a":"#.repeat(deep), "}".repeat(deep))
    };
    let (left, below) = (below("null"), below(&nested));
    assert_eq!(text(&below).as_ref(), Some(&left));
    assert_eq!(text(&"{\"a\":".repeat(deep)), None);
    // Sixteen megabytes of members, each masked: more than linear time would not end here.
    let many = vec![r#"{"code" :12345678 , "a":[]}"#; 600_000].join(",");
    let left = format!("[{}]", many.replace("12345678", "null"));
    assert_eq!(text(&format!("[{many}]")), Some(left));
}

/// A JSON text, and what is left of it when [`HIDDEN`] is masked, by construction.
#[derive(Debug, Clone)]
struct Written {
    json: String,
    left: String,
}

/// A string as some writer may write it: `how` chooses for each character, in turns.
fn quoted(text: &str, how: &[u8]) -> String {
    let mut styles = how.iter().copied().cycle();
    let mut written = String::from('"');
    for c in text.chars() {
        let mut units = [0; 2];
        let escape = |unit: &u16, upper: bool| {
            if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") }
        };
        match (styles.next().unwrap_or(0) % 4, c) {
            (0, _) => c.encode_utf16(&mut units).iter().for_each(|u| written += &escape(u, true)),
            (1, _) => c.encode_utf16(&mut units).iter().for_each(|u| written += &escape(u, false)),
            (2, '/') => written += "\\/",
            (_, '"' | '\\') => written.extend(['\\', c]),
            (_, '\n') => written += "\\n",
            (_, '\u{8}') => written += "\\b",
            (_, c) if c < ' ' => written += &escape(&(c as u16), true),
            (_, c) => written.push(c),
        }
    }
    written.push('"');
    written
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => "[ \t\r\n]{1,3}"]
}

fn name() -> impl Strategy<Value = String> {
    let near = ["Code", "cod", "code ", "\"code\"", "code\\", "cod\u{e9}", "", ":", "code\":1,\"x"];
    prop_oneof![
        4 => select(&HIDDEN[..]).prop_map(str::to_owned),
        2 => select(near.to_vec()).prop_map(str::to_owned),
        2 => any::<String>(),
    ]
}

fn scalar() -> impl Strategy<Value = Written> {
    let numbers = ["0", "-0", "1", "2.50", "-1.5e+3", "1E400", "9007199254740993", "0.10e-07"];
    let words = ["null", "true", "false"];
    let content = prop_oneof![any::<String>(), "[\\[\\]{}:,\"\\\\ a]{0,12}", name()];
    let string = (content, vec(any::<u8>(), 1..6)).prop_map(|(text, how)| quoted(&text, &how));
    let number = select(numbers.to_vec()).prop_map(str::to_owned);
    let word = select(words.to_vec()).prop_map(str::to_owned);
    let any_of = prop_oneof![3 => string, 1 => number, 1 => word];
    any_of.prop_map(|json| Written { left: json.clone(), json })
}

/// Any JSON text in any style, duplicate names included.
fn written() -> impl Strategy<Value = Written> {
    let value = scalar().prop_recursive(5, 48, 5, |inner| {
        let item = (space(), inner.clone(), space());
        let list = (space(), vec(item, 0..5)).prop_map(|(inside, items)| {
            let side = |of: fn(&Written) -> &str| {
                let items = items.iter().map(|(a, value, b)| format!("{a}{}{b}", of(value)));
                let items: Vec<_> = items.collect();
                let inside = if items.is_empty() { inside.as_str() } else { "" };
                format!("[{}{inside}]", items.join(","))
            };
            Written { json: side(|value| &value.json), left: side(|value| &value.left) }
        });
        let spaces = (space(), space(), space(), space());
        let member = (name(), vec(any::<u8>(), 1..6), spaces, inner);
        let object = (space(), vec(member, 0..5)).prop_map(|(inside, members)| {
            let side = |masking: bool| {
                let members = members.iter().map(|(name, how, (a, b, c, d), value)| {
                    let value = match (masking, HIDDEN.contains(&name.as_str())) {
                        (true, true) => "null",
                        (true, false) => &value.left,
                        (false, _) => &value.json,
                    };
                    format!("{a}{}{b}:{c}{value}{d}", quoted(name, how))
                });
                let members: Vec<_> = members.collect();
                let inside = if members.is_empty() { inside.as_str() } else { "" };
                format!("{{{}{inside}}}", members.join(","))
            };
            Written { json: side(false), left: side(true) }
        });
        prop_oneof![1 => list, 3 => object]
    });
    (select(&["", "\u{feff}"][..]), space(), value, space()).prop_map(|(bom, a, value, b)| {
        let around = |text: &str| format!("{bom}{a}{text}{b}");
        Written { json: around(&value.json), left: around(&value.left) }
    })
}

/// What masking means, on values.
fn replaced(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(replaced).collect(),
        Value::Object(members) => {
            let member = |(name, value): (String, Value)| {
                let value =
                    if HIDDEN.contains(&name.as_str()) { Value::Null } else { replaced(value) };
                (name, value)
            };
            members.into_iter().map(member).collect()
        }
        other => other,
    }
}

fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()
}

/// Text that is JSON or nearly so, around hidden names.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let parts: [&[u8]; 24] = [
        b"{",
        b"}",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"",
        b"\\",
        b"\"code\"",
        b"\"code\":",
        b"\"c\\u006fde\":",
        b"\"a\":",
        b"\"a\"",
        b"\\u0063",
        b"1",
        b"-",
        b".5",
        b"null",
        b" ",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\x01",
    ];
    vec(select(parts.to_vec()), 0..16).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn only_the_values_of_hidden_members_change(text in written()) {
        let left = masked(text.json.as_bytes(), &HIDDEN).map(String::from_utf8);
        prop_assert_eq!(left, Some(Ok(text.left)));
        prop_assert_eq!(masked(text.json.as_bytes(), &[]), Some(text.json.into_bytes()));
    }

    #[test]
    fn what_is_left_reads_as_the_answer_with_its_members_replaced(text in written()) {
        let left = self::text(&text.json).unwrap_or_default();
        // 1E400 is JSON that this reader has no number for.
        if let Some(value) = parsed(&text.json) {
            prop_assert_eq!(parsed(&left), Some(replaced(value)));
        }
    }

    #[test]
    fn what_another_reader_refuses_is_not_passed_on(bytes in nearly_json()) {
        let left = masked(&bytes, &HIDDEN);
        let text = std::str::from_utf8(&bytes).ok();
        let text = text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
        let is_json = text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        prop_assert_eq!(left.is_some(), is_json);
        if let (Some(left), Some(value)) = (left, text.and_then(parsed)) {
            let left = String::from_utf8(left).unwrap_or_default();
            prop_assert_eq!(parsed(&left), Some(replaced(value)));
        }
    }

    #[test]
    fn masking_twice_is_masking_once(text in written()) {
        let once = masked(text.json.as_bytes(), &HIDDEN).unwrap_or_default();
        prop_assert!(masked(&once, &HIDDEN).as_ref() == Some(&once));
    }
}
