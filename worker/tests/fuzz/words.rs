//! The words that arbitrary bytes choose from. Kept in long lines by hand: one word a line would be five pages.

/// The routes that ask SePay.
pub const PATHS: &[&str] = &[
    "/api/accounts", "/api/accounts/count", "/api/accounts/{id}", "/api/transactions",
    "/api/transactions/count", "/api/transactions/{id}", "/userapi/bankaccounts/list",
    "/userapi/bankaccounts/count", "/userapi/bankaccounts/details/{id}",
    "/userapi/transactions/list", "/userapi/transactions/count",
    "/userapi/transactions/details/{id}",
];

/// What other paths are made of.
pub const PIECES_OF_PATHS: &[&str] = &[
    "/", "api", "userapi", "accounts", "bankaccounts", "transactions", "list", "details", "count",
    "..", ".", "%2e%2e", "%2f", "//", "\\", "?", "#", ";", ":", "@", "healthz", "metrics",
    "tickets", "self", "audit", "status", "1", "{id}", "\r\n", "\u{0}", "é",
];

/// Ids, right and wrong.
pub const IDS: &[&str] = &[
    "1", "18", "0", "00000000000000000001", "99999999999999999999", "123456789012345678901", "",
    "..", "%2e%2e", "1%2f2", "1;x", "1\r\nhost: x", "-1", "+1", "\u{661}", "1 ", "1?x=1", "1#x",
    "count", "list", "self",
];

/// Names of parameters, of any route and of none.
pub const NAMES: &[&str] = &[
    "bank", "lastTransactionFrom", "lastTransactionTo", "sinceId", "balanceMin", "balanceMax",
    "limit", "account", "from", "to", "reference", "amountIn", "amountOut", "short_name",
    "last_transaction_date_min", "last_transaction_date_max", "since_id", "accumulated_min",
    "accumulated_max", "account_number", "transaction_date_min", "transaction_date_max",
    "reference_number", "amount_in", "amount_out", "id", "code", "Limit", "limit%00", "host", "",
];

/// Values of parameters, right and wrong.
pub const VALUES: &[&str] = &[
    "1", "0", "-1", "2", "100", "499", "500", "5000", "5001", "65536", "007", "+5", "%2B5", "1.00",
    "1.5", "1e3", "9007199254740991", "9007199254740992", "-9007199254740991", "2026-04-02",
    "2026-04-02%2000:00:00", "2026-04-02T08:00:00%2B07:00", "2026-04-02T08:00:00Z", "2026-02-30",
    "9999-12-31", "1900-01-01T00:00:00Z", "0001-01-01", "0071000888888", "FT%201", "FT+1",
    "a%26limit%3D1", "%0d%0ahost:%20x", "%00", "%ff", "%c3%28", "%E2%80%AE", "%", "%2", "%zz", "é",
    "\u{0}", "\r\n", "#", "a#b", "=", "a=b", "%20a", "*", "~", "'", "\"", "\\", "%25", "DH1",
];

/// Texts that a filter takes.
pub const TEXTS: &[&str] = &[
    "0071000888888", "1", "FT%201", "a%26limit%3D1", "a=b", "\"", "\\", "%E2%80%AE", "é", "%25",
    "a#b",
];

/// Times that a filter takes.
pub const TIMES: &[&str] = &[
    "2026-04-02", "2026-04-02%2000:00:00", "2026-04-02T08:00:00%2B07:00", "1900-01-01",
    "9999-12-31",
];

/// Numbers that most filters take.
pub const NUMBERS: &[&str] = &[
    "0", "1", "2", "100", "499", "500", "5000", "1.00", "007",
];

/// What headers are made of.
pub const PIECES_OF_HEADERS: &[&str] = &[
    "wait=", "respond-async", ",", ";", " ", "\"", "=", "0", "3", "25", "26",
    "18446744073709551616", "-1", "no-cache", "no-store", "max-age=", "u=", "5", "i", "W/",
    "\"abc\"", "*", "application/json", "text/plain", "; charset=utf-8", "4096", "4097", "\t",
    "MAX-AGE=", "Wait=",
];

/// Members of an entry of `EDGE_KEYS`; `{k}` is the hash of the key `k`. No error repeats a CANARY.
pub const FIELDS_OF_KEYS: &[&str] = &[
    r#""id":"CANARY""#, r#""id":"CANARY\n""#, r#""sha256":"{k}""#, r#""sha256":"{K}""#,
    r#""sha256":"CANARY""#, r#""scopes":[]"#, r#""scopes":["accounts:read","CANARY"]"#,
    r#""accounts":["1"]"#, r#""accounts":[]"#, r#""accounts":null"#, r#""accounts":"CANARY""#,
    r#""hide":["balance"]"#, r#""hide":["Balance","CANARY"]"#, r#""hide":null"#,
    r#""profile":"default""#, r#""profile":"CANARY""#, r#""expires":"2027-01-01T00:00:00Z""#,
    r#""expires":"2027-01-01CANARY""#, r#""expires":"1969-01-01T00:00:00Z""#, r#""rpm":60"#,
    r#""rpm":0"#, r#""rpm":-1"#, r#""from":"30d""#, r#""from":"CANARY""#, r#""from":"0d""#,
    r#""from":"3651d""#, r#""account":["CANARY"]"#, r#""CANARY":1"#,
];

/// What `Authorization` is made of.
pub const HEADERS: &[&str] = &[
    "Bearer k", "bearer  k ", "Bearer", "Bearer k, Bearer k", "Basic k", "Bearer K", "k", " ",
    "Bearer kk", "Bearer\tk", "Bearer eyJ.a.b", "Bearer edge_", "\u{0}", "é", ",",
];

/// Members of what a ticket is asked for; no error repeats a CANARY.
pub const FIELDS_OF_WISHES: &[&str] = &[
    r#""ttlSeconds":60"#, r#""ttlSeconds":3600"#, r#""ttlSeconds":3601"#, r#""ttlSeconds":-1"#,
    r#""ttlSeconds":1e3"#, r#""ttlSeconds":"CANARY""#, r#""scopes":["transactions:read"]"#,
    r#""scopes":["accounts:read"]"#, r#""scopes":["tickets:write"]"#, r#""scopes":["CANARY"]"#,
    r#""accounts":["1"]"#, r#""accounts":["2"]"#, r#""accounts":[]"#, r#""accounts":null"#,
    r#""accounts":["CANARY\n"]"#, r#""code":"DH1""#, r#""code":" CANARY""#, r#""code":null"#,
    r#""amount":1"#, r#""amount":0"#, r#""amount":1.5"#, r#""amount":9007199254740992"#,
    r#""hide":["content"]"#, r#""hide":["code"]"#, r#""hide":["CANARY"]"#, r#""code":"\ud83d""#,
];

/// Lines of a packed request.
pub const LINES: &[&str] = &[
    "GET", "HEAD", "POST", "https://edge.example/api/transactions?limit=2", "https://h/api?x",
    "https://h//api/transactions?limit=2", "https://h/api/transactions?limit=2#x",
    "https://h/api/transactions?limit=2?", "Bearer k",
    "Bearer kk", "Bearer k, Bearer k", "no-cache", "max-age=1", "\"abc\"", "*", "\n", "",
];

/// Members of what Worker and gate say to each other.
pub const FIELDS_OF_ASKS: &[&str] = &[
    r#""target":"/userapi/transactions/list?limit=1""#, r#""target":"/userapi/../x""#,
    r#""target":"//h/userapi/""#, r#""target":"/userapi/a\r\nb""#, r#""target":"/userapi/a?b#c""#,
    r#""wait_ms":10000"#, r#""wait_ms":-1"#, r#""wait_ms":18446744073709551615"#,
    r#""party":"shop""#, r#""party":"\u0000""#, r#""background":true"#, r#""max_age_ms":0"#,
    r#""newer":true"#, r#""demand":4294967296"#, r#""have":1"#, r#""ticket":1"#, r#""tickets":[1]"#,
    r#""requests_per_minute":1"#, r#""x":1"#,
];

/// What notes are made of.
pub const PIECES_OF_NOTES: &[&str] = &[
    r#"{"Answered":{"status":200,"headers":[["#, r#"{"Refused":{"Busy":{"retry_after_ms":7}}}"#,
    "\"", "}", "]", ",", ":",
];

/// Names of members, SePay's and others.
pub const KEYS: &[&str] = &[
    "id", "bank_brand_name", "account_number", "transaction_date", "amount_out", "amount_in",
    "accumulated", "transaction_content", "reference_number", "code", "sub_account",
    "bank_account_id", "account_holder_name", "last_transaction", "last_transaction_date", "label",
    "active", "created_at", "bank_short_name", "bank_full_name", "bank_bin", "bank_code", "new",
    "c\\u006fde", "am\\u006funt_in", "CODE", "", "status", "transactions", "bankaccounts",
];

/// Values of members, right and wrong.
pub const MEMBERS: &[&str] = &[
    "1", "0", "-1", "1.00", "1e2", "null", "true", "\"\"", "\"1\"", "\"0.00\"", "\"1.00\"",
    "\"0071000888888\"", "\"DH1\"", "\"dh1\"", "\"\\u0044H1\"", "\"2026-04-02 00:00:00\"",
    "\"2026-04-03 12:00:00\"", "\"1999-01-01 00:00:00\"", "[]", "{}", "[{\"code\":\"x\"}]",
    "{\"account_number\":\"2\"}", "\"\\ud83d\"", "\"\\\"\"", "9007199254740992", "\"a\\\\\"",
];

/// The routes that ask SePay, each for something that is there.
pub const QUESTIONS: &[&str] = &[
    "/api/accounts", "/api/accounts/1", "/api/accounts/count", "/api/transactions",
    "/api/transactions/1", "/api/transactions/count", "/userapi/bankaccounts/list",
    "/userapi/bankaccounts/details/1", "/userapi/bankaccounts/count", "/userapi/transactions/list",
    "/userapi/transactions/details/1", "/userapi/transactions/count",
];
