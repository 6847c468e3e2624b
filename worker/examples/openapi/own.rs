//! The bodies of the routes about tickets and use.

use sepay::Vnd;
use sepay_worker::auth::Scope;
use sepay_worker::mask::FIELDS;
use serde_json::{Value, json};

const TICKET_ID: &str = "tk_7d3f0a9c2b1e";

/// The body of `POST /api/tickets`.
pub(crate) fn ticket_request() -> Value {
    json!({
        "type": "object",
        "description": "What a new ticket may do. Nothing in it goes beyond the key that makes it.",
        "additionalProperties": false,
        "properties": {
            "ttlSeconds": {
                "type": "integer", "minimum": 60, "maximum": 3600, "default": 900,
                "description": "For how many seconds it is valid.",
            },
            "scopes": {
                "type": "array",
                "items": { "type": "string", "enum": readable() },
                "default": [Scope::TransactionsRead.as_str()],
                "description": "What it may read, among what the key may.",
            },
            "accounts": {
                "type": "array", "items": { "type": "string" },
                "description": "The account numbers that it may see, among those that the key may. All of them unless given.",
            },
            "code": {
                "type": "string",
                "description": "A payment code: it sees only transactions with exactly this `code`, and no account.",
            },
            "amount": {
                "type": "integer", "minimum": 0, "maximum": Vnd::MAX.get(),
                "description": "VND: it sees only transactions with exactly this `amountIn`, and no account.",
            },
            "hide": {
                "type": "array", "items": { "type": "string", "enum": hideable() },
                "description": "Fields that it sees as `null`, besides those that are hidden from the key.",
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
                "description": "The account numbers that may be seen; null for all.",
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
        "description": "The use of keys and tickets of the last 7 days.",
    })
}

/// A ticket for the payment of one order.
pub(crate) fn ticket_request_example() -> Value {
    json!({ "ttlSeconds": 600, "code": "DH001", "amount": 2_277_000, "hide": ["balance", "accountNumber"] })
}

/// What comes of [`ticket_request_example`].
pub(crate) fn new_ticket_example() -> Value {
    json!({
        "ticket": "eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJqdGkiOiJ0ayJ9.c2lnbmF0dXJl",
        "tokenType": "Bearer",
        "expiresAt": "2026-11-19T22:10:00+07:00",
        "expiresInSeconds": 600,
        "rights": rights_example(),
    })
}

/// The same ticket, asked by its holder.
pub(crate) fn own_rights_example() -> Value {
    json!({
        "kind": "ticket",
        "id": "shop",
        "ticketId": TICKET_ID,
        "rights": rights_example(),
        "expiresAt": "2026-11-19T22:10:00+07:00",
    })
}

fn rights_example() -> Value {
    json!({
        "scopes": [Scope::TransactionsRead.as_str()],
        "accounts": null,
        "code": "DH001",
        "amount": 2_277_000,
        "hide": ["accountNumber", "balance"],
        "fromDays": null,
    })
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
