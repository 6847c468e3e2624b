//! What only words can say: of the whole, of each group of routes, of each route.

use sepay::Kind;
use sepay_worker::route::{Form, To};
use serde_json::{Value, json};

/// The whole in one sentence.
pub(crate) const SUMMARY: &str =
    "Asks SePay which bank transfers came in, without handing out the SePay token.";

/// What holds for every route.
pub(crate) const DESCRIPTION: &str = "\
SePay tells a Vietnamese shop about the money that moves on its bank accounts. This gateway keeps SePay's token, paces \
every call to SePay's few requests a second, remembers answers, and serves them to many callers, each with a key of its \
own.

**Keys and tickets.** Send `Authorization: Bearer <edge key>` or `Authorization: Bearer <ticket>`; only `/healthz` \
needs neither. What a key or a ticket may see (scopes, accounts, fields, days) is set by whoever runs the gateway. A \
field that is hidden from it is `null`.

**Methods.** Every GET route answers HEAD too, with the same status and headers and no body. Any other method is 405 \
`method_not_allowed` and `Allow` names those that are there. A GET with a body is 400, except for `/healthz`.

**Freshness.** Answers may come from memory: `Age` and `Cache-Status` say how old they are and why. \
`Cache-Control: max-age=N` or `no-cache` in the request asks for a younger one, `Prefer: wait=N` says how long you are \
ready to wait for it, and `If-None-Match` with the last `ETag` gets 304 while nothing has changed.

**Values.** Money is a whole number of VND, exact, within 2^53 - 1. Times are RFC 3339 in Vietnam's zone (+07:00). Ids \
and account numbers are strings; leading zeros count.

**Errors** are `application/problem+json` (RFC 9457) with a stable `code`. An unknown parameter is refused, with the \
nearest right one, except by `/healthz`. A path that is no route is 404 `not_found`.

**Browsers.** A page of an origin that the gateway's variable `EDGE_ORIGINS` names may read every answer, errors too: it \
carries `Access-Control-Allow-Origin`, and preflight requests (OPTIONS) are answered. No cookie is ever used.";

/// The key's scheme.
pub(crate) const EDGE_KEY: &str = "\
A key that the gateway's owner gave you: `edge_` and 49 letters and digits. It is sent in this header only, never in a URL.";

/// The ticket's scheme.
pub(crate) const TICKET: &str = "\
A short-lived right to read, made of a key by `POST /api/tickets`, for a browser or another place where a key would be \
too much. It never sees more than its key does now, and dies with it.";

/// The groups, in the order in which they are read.
pub(crate) fn tags() -> Value {
    json!([
        { "name": "transactions", "description": "Money that moved." },
        { "name": "accounts", "description": "The bank accounts that SePay watches." },
        { "name": "payments", "description": "What a customer pays with." },
        { "name": "tickets", "description": "Short-lived rights made of a key." },
        { "name": "drop-in", "description": "SePay's own routes: its parameters, its status, its bytes. Any SePay client \
            works with its base URL changed and an edge key as its token. An empty 200 is how SePay refuses the gateway's own \
            token; where `SEPAY_STRICT` is set it becomes a 401." },
        { "name": "operation", "description": "For whoever runs the gateway." },
    ])
}

/// What a route is called and does.
pub(crate) struct Words {
    /// Unique, for generated clients.
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
}

const fn words(
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
    description: &'static str,
) -> Words {
    Words { id, tag, summary, description }
}

/// Describes a route.
pub(crate) const fn of(to: To) -> Words {
    match to {
        To::Health => words(
            "getHealth",
            "operation",
            "Whether the Worker runs",
            "Needs no key and asks nobody: SePay may be down all the same.",
        ),
        To::Status => words(
            "getStatus",
            "operation",
            "The state of the gate",
            "Slots, pause, queue, waiting times, what is known, and counts since it started, for your own profile. \
             Numbers only, never a word of what was asked. Any key may read it, and no ticket: how busy the shop is, is not \
             its customers' business.",
        ),
        To::Metrics => words(
            "getMetrics",
            "operation",
            "The state of the gate for Prometheus",
            "The numbers of `/api/status` in Prometheus' text format.",
        ),
        To::Audit => words(
            "getAudit",
            "operation",
            "Who used which key and ticket",
            "The use of the keys and tickets of your own profile in the last 7 days, newest first. Uses that are alike are \
             counted together, hour by hour. No bank data, and no part of a key.",
        ),
        To::Tickets => words(
            "createTicket",
            "tickets",
            "Make a ticket",
            "A ticket lets its holder read for some minutes, and at most what your key may read. Give it to one \
             customer's browser: with `code` and `amount` it sees the payment of that one order and nothing else. Every \
             field is optional; `{}` makes a ticket for 15 minutes that reads your transactions.",
        ),
        To::OwnTicket => words(
            "getOwnTicket",
            "tickets",
            "What your key or ticket may do",
            "The rights of whoever asks, as they are now. Any key and any ticket may read its own.",
        ),
        To::VietQr => words(
            "getVietQr",
            "payments",
            "Make a VietQR code",
            "The text of a QR code with which every bank app in Vietnam fills in a transfer to this account. Draw `payload` \
             as a QR code. It is made of the parameters alone: SePay is not asked, and whether the account exists is not \
             checked. Any key and any ticket may ask.",
        ),
        To::Sepay(kind, Form::Json) => ours(kind),
        To::Sepay(kind, Form::DropIn) => sepays(kind),
    }
}

const fn ours(kind: Kind) -> Words {
    match kind {
        Kind::AccountList => words(
            "listAccounts",
            "accounts",
            "List accounts",
            "The accounts that you may see, the most recently added first. Every parameter narrows; they are joined by \
             \"and\". `complete` is false when there may be more rows than were returned.",
        ),
        Kind::AccountDetails => {
            words("getAccount", "accounts", "One account", "The account with this id.")
        }
        Kind::AccountCount => words(
            "countAccounts",
            "accounts",
            "Count accounts",
            "How many accounts the list would have without a limit.",
        ),
        Kind::TransactionList => words(
            "listTransactions",
            "transactions",
            "List transactions",
            "Transactions, newest first. Every parameter narrows; they are joined by \"and\". `complete` is false when \
             there may be more rows than were returned: ask again with a narrower period or a higher limit.",
        ),
        Kind::TransactionDetails => words(
            "getTransaction",
            "transactions",
            "One transaction",
            "The transaction with this id. A booked transaction does not change, so that an answer may be minutes old.",
        ),
        Kind::TransactionCount => words(
            "countTransactions",
            "transactions",
            "Count transactions",
            "How many transactions the list would have without a limit.",
        ),
    }
}

const fn sepays(kind: Kind) -> Words {
    match kind {
        Kind::AccountList => words(
            "sepayListAccounts",
            "drop-in",
            "SePay's list of accounts",
            "SePay's own answer: its status and its bytes, or what of them the key may see. An empty parameter is no parameter.",
        ),
        Kind::AccountDetails => words(
            "sepayGetAccount",
            "drop-in",
            "SePay's details of one account",
            "SePay's own answer: its status and its bytes, if the key may see them.",
        ),
        Kind::AccountCount => words(
            "sepayCountAccounts",
            "drop-in",
            "SePay's count of accounts",
            "SePay's own answer: its status and its bytes, or what of them the key may see. An empty parameter is no parameter.",
        ),
        Kind::TransactionList => words(
            "sepayListTransactions",
            "drop-in",
            "SePay's list of transactions",
            "SePay's own answer: its status and its bytes, or what of them the key may see. An empty parameter is no parameter.",
        ),
        Kind::TransactionDetails => words(
            "sepayGetTransaction",
            "drop-in",
            "SePay's details of one transaction",
            "SePay's own answer: its status and its bytes, if the key may see them.",
        ),
        Kind::TransactionCount => words(
            "sepayCountTransactions",
            "drop-in",
            "SePay's count of transactions",
            "SePay's own answer: its status and its bytes, or what of them the key may see. An empty parameter is no parameter.",
        ),
    }
}
