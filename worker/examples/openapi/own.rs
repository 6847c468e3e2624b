//! The bodies of the routes about tickets and use.

use sepay::Vnd;
use sepay_worker::auth::{Caller, Scope};
use sepay_worker::mask::FIELDS;
use sepay_worker::ticket::{Wish, grant, minted_json, narrowed, own_json};
use serde_json::{Value, json};

use crate::samples::{self, NOW_MS};
use crate::schemas::reference;

const TICKET_ID: &str = "9b2f4c0e-5a51-4f0d-8c1b-2f6f0c3f7a10";

/// The body of `POST /api/tickets`, as [`Wish::read`] takes it.
///
/// What is not given is told in words: generators of clients make a property with a `default` one that must be given.
pub(crate) fn ticket_request() -> Value {
    json!({
        "type": "object",
        "description": "What a new ticket may do. Nothing in it may go beyond the key that makes it. Numbers are written in digits only: 60, not 60.0 or 6e1.",
        "additionalProperties": false,
        "properties": {
            "ttlSeconds": {
                "type": "integer", "minimum": 60, "maximum": 3600,
                "description": "For how many seconds it is good, 900 unless given. It ends with its key all the same.",
            },
            "scopes": {
                "type": "array", "minItems": 1, "uniqueItems": true,
                "items": { "type": "string", "enum": readable() },
                "description": "What it may read, `transactions:read` unless given. With `code` or `amount` it cannot read accounts.",
            },
            "accounts": {
                "type": "array", "minItems": 1, "maxItems": 20, "uniqueItems": true,
                "items": reference("FilterText"),
                "description": "The account numbers that it sees, at most 640 bytes together; those of the key unless given.",
            },
            "code": {
                "allOf": [reference("FilterText")], "maxLength": 64,
                "description": "A payment code: it sees only transactions with exactly this `code`.",
            },
            "amount": {
                "type": "integer", "format": "int64", "minimum": 1, "maximum": Vnd::MAX.get(),
                "description": "VND: it sees only transactions with exactly this `amountIn`.",
            },
            "hide": {
                "type": "array", "uniqueItems": true,
                "items": { "type": "string", "enum": hideable() },
                "description": "Fields that it sees as `null`, besides those that are hidden from its key; `balance` unless given.",
            },
        },
    })
}

/// The answer to `POST /api/tickets`.
pub(crate) fn new_ticket() -> Value {
    json!({
        "type": "object",
        "description": "A new ticket. It is told once.",
        "required": ["ticket", "tokenType", "expiresAt", "expiresInSeconds", "rights"],
        "properties": {
            "ticket": { "type": "string", "description": "The ticket itself: send it as `Authorization: Bearer <ticket>`." },
            "tokenType": { "type": "string", "const": "Bearer" },
            "expiresAt": { "type": "string", "format": "date-time", "description": "When it ends." },
            "expiresInSeconds": { "type": "integer", "minimum": 1, "maximum": 3600 },
            "rights": { "$ref": "#/components/schemas/Rights" },
        },
    })
}

/// The answer to `GET /api/tickets/self`.
pub(crate) fn own_rights() -> Value {
    json!({
        "type": "object",
        "description": "Who asks, and what that key or ticket may do now.",
        "required": ["kind", "id", "ticketId", "rights", "expiresAt"],
        "properties": {
            "kind": { "type": "string", "enum": ["key", "ticket"] },
            "id": { "type": "string", "description": "The key's id, or that of the key that made the ticket." },
            "ticketId": { "type": ["string", "null"], "description": "The ticket's id; null for a key." },
            "rights": { "$ref": "#/components/schemas/Rights" },
            "expiresAt": { "type": ["string", "null"], "format": "date-time", "description": "When it ends; null for never." },
        },
    })
}

/// What a key or a ticket may see.
pub(crate) fn rights() -> Value {
    json!({
        "type": "object",
        "description": "What a key or a ticket may see. Each field narrows.",
        "required": ["scopes", "accounts", "code", "amount", "hide", "fromDays"],
        "properties": {
            "scopes": { "type": "array", "items": { "type": "string", "enum": scopes() } },
            "accounts": {
                "type": ["array", "null"], "items": { "type": "string" },
                "description": "The account numbers that may be seen; null for all, or where they are hidden.",
            },
            "code": { "type": ["string", "null"], "description": "Only transactions with exactly this payment code, if any." },
            "amount": {
                "type": ["integer", "null"], "minimum": 0, "maximum": Vnd::MAX.get(),
                "description": "Only transactions that brought exactly this, VND, if any.",
            },
            "hide": {
                "type": "array", "items": { "type": "string", "enum": hideable() },
                "description": "The fields that are `null` in every answer.",
            },
            "fromDays": {
                "type": ["integer", "null"], "minimum": 1, "maximum": 3650,
                "description": "How many days transactions may lie back; null for no limit.",
            },
        },
    })
}

/// The answer to `GET /api/audit`.
pub(crate) fn audit() -> Value {
    json!({
        "type": "object",
        "required": ["data", "complete"],
        "properties": {
            "data": { "type": "array", "items": reference("Use") },
            "complete": { "type": "boolean", "description": "False when there are more rows than were returned." },
        },
    })
}

/// One row of it.
pub(crate) fn used() -> Value {
    let time = |description: &str| json!({ "type": "string", "format": "date-time", "description": description });
    let text =
        |description: &str| json!({ "type": ["string", "null"], "description": description });
    json!({
        "type": "object",
        "description": "Uses within one hour that are alike: the same key, ticket, route and outcome.",
        "required": ["hour", "caller", "ticket", "route", "outcome", "reason", "count", "firstAt", "lastAt"],
        "properties": {
            "hour": time("When the hour began."),
            "caller": text("The key's id; null where it is not known."),
            "ticket": text("The ticket's id; null for a key."),
            "route": { "type": "string", "description": "The route's template, such as `/api/transactions/{id}`." },
            "outcome": {
                "type": "string",
                "enum": ["served", "forbidden", "limited", "failed", "minted", "denied"],
                "description": "How they ended. `minted`: the ticket was made. `denied`: the key or ticket was refused.",
            },
            "reason": text("Why they were denied, such as `expired` or `dead-ticket`; null for other outcomes."),
            "count": { "type": "integer", "format": "int64", "minimum": 1, "description": "How many." },
            "firstAt": time("The first of them."),
            "lastAt": time("The last of them."),
        },
    })
}

/// An hour in which one shop asked.
pub(crate) fn audit_example() -> Value {
    json!({
        "data": [{
            "hour": "2026-11-19T22:00:00+07:00",
            "caller": "example",
            "ticket": null,
            "route": "/api/transactions/{id}",
            "outcome": "served",
            "reason": null,
            "count": 214,
            "firstAt": "2026-11-19T22:00:07+07:00",
            "lastAt": "2026-11-19T22:41:52+07:00",
        }],
        "complete": true,
    })
}

/// A ticket for the payment of one order.
pub(crate) fn ticket_request_example() -> Value {
    json!({ "ttlSeconds": 600, "code": "DH001", "amount": 2_277_000, "hide": ["accountNumber", "balance"] })
}

/// What comes of [`ticket_request_example`].
pub(crate) fn new_ticket_example() -> Value {
    let text =
        minted_json("eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIuLi4ifQ.c2lnbmF0dXJl", &holder(), NOW_MS);
    parsed(text)
}

/// The same ticket, asked by its holder.
pub(crate) fn own_rights_example() -> Value {
    parsed(own_json(&holder()))
}

/// Who comes with the ticket that is wished for.
fn holder() -> Caller {
    let key = samples::caller();
    let wish =
        Wish::read(ticket_request_example().to_string().as_bytes()).expect("the wish is right");
    let claims =
        grant(&wish, &key, "0123456789abcdef", TICKET_ID, NOW_MS).expect("the wish is granted");
    narrowed(&claims, &key, NOW_MS).expect("the ticket is good")
}

fn parsed(text: Option<String>) -> Value {
    serde_json::from_str(&text.expect("it can be written")).expect("it is JSON")
}

fn scopes() -> Vec<&'static str> {
    Scope::ALL.into_iter().map(Scope::as_str).collect()
}

fn readable() -> [&'static str; 2] {
    [Scope::AccountsRead.as_str(), Scope::TransactionsRead.as_str()]
}

fn hideable() -> Vec<&'static str> {
    FIELDS.iter().map(|field| field.as_str()).collect()
}
