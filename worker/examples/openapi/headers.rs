//! The response headers, and which answer has which.

use serde_json::{Map, Value, json};

/// What every answer of the Worker has.
const ALWAYS: &[&str] = &[
    "X-Request-Id",
    "Cache-Control",
    "Vary",
    "X-Content-Type-Options",
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
];

/// What a page of an allowed origin is told besides.
const OF_ORIGIN: &[&str] = &["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"];

/// What an answer out of SePay's says of its age and origin.
const OF_SEPAY: &[&str] = &["Age", "Cache-Status", "Server-Timing", "ETag"];

/// What a key with a limit of its own is told.
const OF_LIMIT: &[&str] = &["RateLimit", "RateLimit-Policy"];

/// Which headers an answer has.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Answer {
    /// Without a key, so without a limit.
    Open,
    /// Of the gateway's own making.
    Own,
    /// The same, as long as the question is.
    Lasting,
    /// Out of SePay's.
    Sepays,
    /// A problem with this status; on a drop-in route it may be SePay's own answer.
    Problem { status: u16, is_drop_in: bool },
}

/// Refers to the headers of an answer.
pub(crate) fn of(answer: Answer) -> Value {
    let mut names: Vec<&str> = ALWAYS.iter().chain(OF_ORIGIN).copied().collect();
    match answer {
        Answer::Open => {}
        Answer::Own => names.extend(OF_LIMIT),
        Answer::Lasting => names.extend(["ETag"].iter().chain(OF_LIMIT)),
        Answer::Sepays => names.extend(OF_SEPAY.iter().chain(OF_LIMIT)),
        Answer::Problem { status, is_drop_in } => {
            match status {
                401 => names.push("WWW-Authenticate"),
                405 => names.push("Allow"),
                429 | 503 => names.push("Retry-After"),
                _ => {}
            }
            if is_drop_in && matches!(status, 429 | 503) {
                names.push("X-SePay-UserAPI-Retry-After");
            }
            if !matches!(status, 401 | 405) {
                names.extend(OF_LIMIT);
            }
        }
    }
    let refer = |name: &&str| {
        ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))
    };
    names.iter().map(refer).collect::<Map<_, _>>().into()
}

/// Describes every header.
pub(crate) fn all() -> Value {
    let mut all = own();
    all.extend(of_sepay());
    all.extend(for_browsers());
    all.into()
}

/// A header that is always there.
fn always(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "required": true, "schema": schema })
}

/// A header that is there for some.
fn sometimes(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "schema": schema })
}

fn own() -> Map<String, Value> {
    let seconds = || json!({ "type": "integer", "minimum": 1, "examples": [2] });
    object(json!({
        "X-Request-Id": always(
            "Names this request; the gateway's log and a problem's `requestId` have the same.",
            &json!({ "type": "string", "format": "uuid", "examples": ["3f1f6f0e-6a0b-4b57-9d3a-0d1c7f7d1c11"] }),
        ),
        "Cache-Control": always(
            "No cache between you and the gateway keeps an answer.",
            &json!({ "type": "string", "const": "private, no-store" }),
        ),
        "X-Content-Type-Options": always(
            "The content type is as it says.",
            &json!({ "type": "string", "const": "nosniff" }),
        ),
        "RateLimit": sometimes(
            "For a key with a limit of its own: `r` requests are left, one more in `t` seconds \
             (draft-ietf-httpapi-ratelimit-headers).",
            &json!({ "type": "string", "pattern": "^\"key\";r=\\d+;t=\\d+$", "examples": ["\"key\";r=59;t=1"] }),
        ),
        "RateLimit-Policy": sometimes(
            "For a key with a limit of its own: `q` requests in any `w` seconds.",
            &json!({ "type": "string", "pattern": "^\"key\";q=\\d+;w=60$", "examples": ["\"key\";q=60;w=60"] }),
        ),
        "Retry-After": sometimes(
            "When to ask again, in whole seconds. The place in the queue is kept for whoever comes back then.",
            &seconds(),
        ),
        "X-SePay-UserAPI-Retry-After": sometimes(
            "The same in SePay's own header, for its clients.",
            &seconds(),
        ),
        "WWW-Authenticate": sometimes(
            "How to show who you are. A 401 of SePay's own, which a drop-in route passes on, has none.",
            &json!({ "type": "string", "examples": ["Bearer realm=\"sepay-edge\""] }),
        ),
        "Allow": always(
            "The methods that the route takes.",
            &json!({ "type": "string", "examples": ["GET, HEAD"] }),
        ),
    }))
}

fn of_sepay() -> Map<String, Value> {
    object(json!({
        "Age": sometimes(
            "The age of the answer in whole seconds, counted from the sending of the request to SePay that fetched it.",
            &json!({ "type": "integer", "minimum": 0, "examples": [0] }),
        ),
        "Cache-Status": sometimes(
            "Where the answer comes from (RFC 9211). `fwd=miss`: SePay was asked. `hit; ttl=N`: it was known; a negative \
             N is how many seconds it is past fresh, and `detail` says why it was served all the same: `refreshing`, \
             `stale-busy` or `stale-down`.",
            &json!({ "type": "string", "pattern": "^sepay-edge; (hit|fwd=)", "examples": ["sepay-edge; hit; ttl=-3; detail=refreshing"] }),
        ),
        "Server-Timing": sometimes(
            "The wait for a slot, the wait for SePay, and the age of the answer, in milliseconds.",
            &json!({
                "type": "string",
                "pattern": r"^queue;dur=\d+, upstream;dur=\d+, age;dur=\d+$",
                "examples": ["queue;dur=0, upstream;dur=84, age;dur=85"],
            }),
        ),
        "ETag": sometimes(
            "Changes with the bytes of the answer; for `If-None-Match`.",
            &json!({ "type": "string", "pattern": "^\"[0-9a-f]{32}\"$", "examples": ["\"0f343b0931126a20f133d67c2b018a3b\""] }),
        ),
    }))
}

/// worker/entry/cors.ts
fn for_browsers() -> Map<String, Value> {
    object(json!({
        "Vary": always(
            "A cache must not give the answer for one origin to another.",
            &json!({ "type": "string", "const": "Origin" }),
        ),
        "Content-Security-Policy": always(
            "Nothing in an answer is ever run or shown in a frame.",
            &json!({ "type": "string", "const": "default-src 'none'; frame-ancestors 'none'" }),
        ),
        "Cross-Origin-Resource-Policy": always(
            "No other site loads an answer as an image or a script. It does not concern `fetch` in CORS mode.",
            &json!({ "type": "string", "const": "same-origin" }),
        ),
        "Referrer-Policy": always(
            "Where the answer came from is told to nobody.",
            &json!({ "type": "string", "const": "no-referrer" }),
        ),
        "Access-Control-Allow-Origin": sometimes(
            "The origin that asked, if `EDGE_ORIGINS` names it.",
            &json!({ "type": "string", "examples": ["https://shop.example.vn"] }),
        ),
        "Access-Control-Expose-Headers": sometimes(
            "Which headers that origin may read, besides those that every page may. `WWW-Authenticate` and `Allow` are not \
             among them.",
            &json!({ "type": "string", "examples": ["Age, Cache-Status, ETag, Retry-After, X-Request-Id"] }),
        ),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
