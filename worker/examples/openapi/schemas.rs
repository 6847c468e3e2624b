//! The schemas: of our types from the types themselves, of SePay's rows as far as anybody knows them.

use sepay::{BankAccount, Transaction};
use sepay_worker::gate::status::Status;
use sepay_worker::mask::Field;
use sepay_worker::vietqr::PaymentCode;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::{own, parameters, problems};

const REFERENCE: &str = "#/components/schemas/";

/// Refers to a schema.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{REFERENCE}{name}") })
}

/// Every schema, by its name.
pub(crate) fn all() -> Value {
    let mut all = Map::new();
    let model = [derived::<BankAccount>(), derived::<Transaction>()];
    for (name, mut schema) in model.into_iter().flatten() {
        hide(&mut schema);
        all.insert(if name == "BankAccount" { "Account".to_owned() } else { name }, schema);
    }
    all.insert("AccountList".to_owned(), list("Account"));
    all.insert("TransactionList".to_owned(), list("Transaction"));
    all.insert("AccountAnswer".to_owned(), one("Account"));
    all.insert("TransactionAnswer".to_owned(), one("Transaction"));
    all.insert("Count".to_owned(), count());
    all.insert("Problem".to_owned(), problem());
    all.insert("Health".to_owned(), health());
    all.insert("Rights".to_owned(), own::rights());
    all.insert("TicketRequest".to_owned(), own::ticket_request());
    all.insert("NewTicket".to_owned(), own::new_ticket());
    all.insert("OwnRights".to_owned(), own::own_rights());
    all.insert("Audit".to_owned(), own::audit());
    all.insert("Use".to_owned(), own::used());
    all.extend(derived::<PaymentCode>());
    all.extend(derived::<Status>());
    all.insert("GateStatus".to_owned(), gate_status());
    all.insert("IsolateStatus".to_owned(), isolate_status());
    all.extend(parameters::schemas());
    all.extend(sepays());
    all.into()
}

// From the types.

/// A type's schema and those that it refers to, with scalars written in place.
fn derived<T: ToSchema>() -> Vec<(String, Value)> {
    let mut inner: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut inner);
    let mut schemas: Vec<(String, Value)> = vec![(T::name().into_owned(), written(&T::schema()))];
    schemas.extend(inner.iter().map(|(name, schema)| (name.clone(), written(schema))));
    let (scalars, mut objects): (Vec<_>, Vec<_>) =
        schemas.into_iter().partition(|(_, schema)| schema["type"] != "object");
    for (_, schema) in &mut objects {
        // What is absent is written as null, never left out.
        let every: Vec<String> =
            schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
        schema["required"] = json!(every);
        let words = schema["description"].as_str().unwrap_or_default();
        schema["description"] = json!(words.split(" `Debug`").next());
        let properties = schema["properties"].as_object_mut().expect("an object has properties");
        for property in properties.values_mut() {
            *property = in_place(property, &scalars);
        }
    }
    objects.dedup_by(|left, right| left.0 == right.0);
    objects
}

fn written(schema: &impl serde::Serialize) -> Value {
    serde_json::to_value(schema).expect("a schema is JSON")
}

/// Puts a scalar where a property refers to it, and keeps the property's own words.
fn in_place(property: &Value, scalars: &[(String, Value)]) -> Value {
    let (target, is_nullable) = match (&property["$ref"], &property["oneOf"]) {
        (Value::String(target), _) => (target.as_str(), false),
        (_, Value::Array(either)) => {
            let of = either.iter().find_map(|one| one["$ref"].as_str());
            (of.expect("a reference or null"), true)
        }
        _ => return property.clone(),
    };
    let Some((_, scalar)) = scalars.iter().find(|(name, _)| target == format!("{REFERENCE}{name}"))
    else {
        return property.clone();
    };
    let mut scalar = scalar.clone();
    if is_nullable {
        or_null(&mut scalar);
    }
    if let Some(words) = own_words(property) {
        scalar["description"] = words;
    }
    scalar
}

fn own_words(property: &Value) -> Option<Value> {
    let here = property.get("description");
    let inside = || property["oneOf"].as_array()?.iter().find_map(|one| one.get("description"));
    here.or_else(inside).cloned()
}

fn or_null(schema: &mut Value) {
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    if let Value::String(kind) = schema["type"].clone() {
        schema["type"] = json!([kind, "null"]);
    }
}

/// A field that may be hidden from a key may be null.
fn hide(schema: &mut Value) {
    let properties = schema["properties"].as_object_mut().expect("an object has properties");
    for (name, property) in properties {
        if Field::named(name).is_some() {
            or_null(property);
            let words = property["description"].as_str().expect("a field is described");
            property["description"] =
                json!(format!("{words} Null when it is hidden from the key."));
        }
        if name.starts_with("amount") {
            property["minimum"] = json!(0);
        }
    }
}

// Around the types.

fn list(of: &str) -> Value {
    json!({
        "type": "object",
        "required": ["data", "complete"],
        "properties": {
            "data": { "type": "array", "items": reference(of) },
            "complete": {
                "type": "boolean",
                "description": "False when SePay returned as many rows as it was allowed to: there may be more.",
            },
        },
    })
}

fn one(of: &str) -> Value {
    json!({ "type": "object", "required": ["data"], "properties": { "data": reference(of) } })
}

fn count() -> Value {
    json!({
        "type": "object",
        "required": ["count"],
        "properties": { "count": { "type": "integer", "minimum": 0 } },
    })
}

fn health() -> Value {
    json!({
        "type": "object",
        "required": ["status"],
        "properties": { "status": { "type": "string", "const": "ok" } },
    })
}

fn problem() -> Value {
    let codes: Vec<String> = problems::codes().into_iter().map(|(code, _)| code).collect();
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "requestId"],
        "properties": {
            "type": { "type": "string", "pattern": "^urn:sepay-edge:problem:[a-z_]+$", "description": "Names the kind of problem, and ends with `code`." },
            "title": { "type": "string", "description": "The kind of problem, for people." },
            "status": { "type": "integer", "description": "The HTTP status." },
            "detail": { "type": "string", "description": "This very problem, for people. Its words may change." },
            "code": { "type": "string", "enum": codes, "description": "The kind of problem, for programs. It does not change." },
            "requestId": { "type": "string", "description": "As in `X-Request-Id`." },
        },
    })
}

/// What `/api/status` puts around [`Status`]: whose gate it is, and the isolate in front of it.
fn gate_status() -> Value {
    json!({
        "description": "The gate of one profile, and the isolate that answered.",
        "allOf": [
            reference("Status"),
            {
                "type": "object",
                "required": ["isolate", "profile", "uptimeMs"],
                "properties": {
                    "isolate": reference("IsolateStatus"),
                    "profile": { "type": ["string", "null"], "description": "Which SePay identity; null before its first question." },
                    "uptimeMs": { "type": "integer", "minimum": 0, "description": "Since the gate started, in milliseconds." },
                },
            },
        ],
    })
}

fn isolate_status() -> Value {
    let count =
        |description: &str| json!({ "type": "integer", "minimum": 0, "description": description });
    json!({
        "type": "object",
        "description": "The Worker's isolate that answered: one of many around the world.",
        "required": ["uptimeMs", "served", "cache"],
        "properties": {
            "uptimeMs": count("Since it started, in milliseconds."),
            "served": count("Answers that it served from its own memory."),
            "cache": {
                "type": "object",
                "required": ["entries", "bytes"],
                "properties": { "entries": count("How many answers it keeps."), "bytes": count("How much memory they take, in bytes.") },
            },
        },
    })
}

// SePay's.

/// The fields of an account on SePay's pages.
const ACCOUNT_FIELDS: &[&str] = &[
    "id",
    "account_holder_name",
    "account_number",
    "accumulated",
    "last_transaction",
    "label",
    "active",
    "created_at",
    "bank_short_name",
    "bank_full_name",
    "bank_bin",
    "bank_code",
];

/// The fields of a transaction on SePay's pages.
const TRANSACTION_FIELDS: &[&str] = &[
    "id",
    "bank_brand_name",
    "account_number",
    "transaction_date",
    "amount_out",
    "amount_in",
    "accumulated",
    "transaction_content",
    "reference_number",
    "code",
    "sub_account",
    "bank_account_id",
];

/// SePay's bytes are passed on as they come, so that these say what its pages show and forbid nothing.
fn sepays() -> [(String, Value); 9] {
    let account = || reference("SepayAccount");
    let transaction = || reference("SepayTransaction");
    let list = |of: Value| json!({ "type": "array", "items": of });
    [
        ("SepayAccount", sepay_row("An account as SePay writes it.", ACCOUNT_FIELDS)),
        ("SepayTransaction", sepay_row("A transaction as SePay writes it.", TRANSACTION_FIELDS)),
        ("SepayAccountList", envelope("bankaccounts", &list(account()))),
        ("SepayAccountDetails", envelope("bankaccount", &account())),
        ("SepayAccountCount", envelope("count_bankaccounts", &sepay_value())),
        ("SepayTransactionList", envelope("transactions", &list(transaction()))),
        ("SepayTransactionDetails", envelope("transaction", &transaction())),
        ("SepayTransactionCount", envelope("count_transactions", &sepay_value())),
        ("SepayFailure", sepay_failure()),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
}

fn sepay_failure() -> Value {
    json!({
        "type": "object",
        "description": "A failure in SePay's own words. No page of SePay's describes it, so nothing in it is certain.",
        "additionalProperties": true,
    })
}

fn sepay_value() -> Value {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

fn sepay_row(description: &str, fields: &[&str]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| ((*field).to_owned(), sepay_value())).collect();
    json!({
        "type": "object",
        "description": format!("{description} Numbers may be texts; what is hidden from the key is null."),
        "properties": properties,
        "additionalProperties": true,
    })
}

fn envelope(root: &str, value: &Value) -> Value {
    json!({
        "type": "object",
        "description": "SePay's envelope. A business error of SePay's comes in it too, with its `status` and without the rows.",
        "properties": {
            "status": { "type": ["integer", "string"] },
            "error": {},
            "messages": { "type": ["object", "null"], "additionalProperties": true },
            root: value,
        },
        "additionalProperties": true,
    })
}
