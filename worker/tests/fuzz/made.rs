//! Answers of SePay made of arbitrary bytes: mostly such as can be read.

use sepay::Response;

use super::bytes::Bytes;
use super::words::{KEYS, MEMBERS};

/// An answer to this path.
pub fn response(bytes: &mut Bytes<'_>, path: &str) -> Response {
    let status = if bytes.one_in(12) {
        bytes.pick(&[0, 100, 201, 204, 206, 301, 400, 401, 403, 404, 429, 500, 599, 600, 999])
    } else {
        200
    };
    let headers = if bytes.one_in(9) {
        vec![("content-type".to_owned(), bytes.text(2, &["text/html", "application/json", ";"]))]
    } else {
        Vec::new()
    };
    Response { status, headers, body: body(bytes, path) }
}

fn body(bytes: &mut Bytes<'_>, path: &str) -> Vec<u8> {
    if bytes.one_in(20) {
        return bytes.raw(300).to_vec();
    }
    let root = root(path);
    let value = if path.ends_with("count") {
        (format!("count_{root}"), bytes.piece(MEMBERS))
    } else if path.ends_with("/1") {
        (root.to_owned(), row(bytes))
    } else {
        let rows: Vec<String> = (0..bytes.below(4)).map(|_| row(bytes)).collect();
        (root.to_owned(), format!("[{}]", rows.join(",")))
    };
    let more = if bytes.one_in(6) {
        format!(",\"{}\":{}", bytes.piece(KEYS), object(bytes, 2))
    } else {
        String::new()
    };
    let envelope = bytes.pick(&[
        "\"status\":200,",
        "\"status\":\"200\",\"error\":null,",
        "\"messages\":{\"success\":true},",
        "",
        "",
        "",
        "\"status\":200,",
        "\"status\":404,",
        "\"messages\":{\"success\":false},",
    ]);
    let mark = if bytes.one_in(9) { "\u{feff}" } else { "" };
    let text = format!("{mark}{{{envelope}\"{}\":{}{more}}}", value.0, value.1);
    if bytes.one_in(12) { bytes.damaged(&text).into_bytes() } else { text.into_bytes() }
}

/// A row that can be read, or nearly.
fn row(bytes: &mut Bytes<'_>) -> String {
    let mut members = Vec::new();
    for (name, value) in [
        ("id", "1"),
        ("account_number", "\"1\""),
        ("account_number", "\"0071000888888\""),
        ("transaction_date", "\"2026-04-03 12:00:00\""),
        ("amount_in", "\"1.00\""),
        ("amount_out", "0"),
        ("accumulated", "\"7.00\""),
        ("transaction_content", "\"DH1\""),
        ("reference_number", "\"FT\""),
        ("code", "\"DH1\""),
        ("bank_account_id", "41"),
        ("bank_brand_name", "\"ACB\""),
        ("bank_short_name", "\"ACB\""),
        ("account_holder_name", "\"A\""),
        ("last_transaction", "\"2026-04-03 12:00:00\""),
    ] {
        if name == "account_number" && members.iter().any(|own: &String| own.contains(name)) {
            continue;
        }
        match bytes.below(60) {
            1 => {}
            2 | 3 => members.push(format!("\"{name}\" : {}", bytes.piece(MEMBERS))),
            4..30 if name == "account_number" => {}
            _ => members.push(format!("\"{name}\":{value}")),
        }
    }
    if bytes.one_in(6) {
        members.push(format!("\"{}\":{}", bytes.piece(KEYS), bytes.piece(MEMBERS)));
    }
    format!("{{{}}}", members.join(","))
}

/// JSON of some depth.
pub fn object(bytes: &mut Bytes<'_>, depth: usize) -> String {
    let members = (0..bytes.below(4)).map(|_| {
        let value = if depth > 0 && bytes.one_in(3) {
            object(bytes, depth - 1)
        } else {
            bytes.piece(MEMBERS)
        };
        format!(
            "\"{}\"{}:{}{value}",
            bytes.piece(KEYS),
            bytes.pick(&["", " ", "\n"]),
            bytes.pick(&["", "\t"])
        )
    });
    let members = members.collect::<Vec<_>>().join(",");
    if bytes.one_in(4) { format!("[{{{members}}},1]") } else { format!("{{{members}}}") }
}

/// The key under which SePay's answer to this path holds its rows.
pub fn root(path: &str) -> &'static str {
    match (path.contains("transactions"), path.ends_with("/1")) {
        (true, true) => "transaction",
        (true, false) => "transactions",
        (false, true) => "bankaccount",
        (false, false) => "bankaccounts",
    }
}
