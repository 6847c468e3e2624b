//! Each route as an operation: parameters, body, answers.

use sepay::Kind;
use sepay_worker::auth::Scope;
use sepay_worker::route::{Form, Route, To};
use serde_json::{Map, Value, json};

use crate::headers::{self, Answer};
use crate::schemas::reference;
use crate::{own, parameters, problems, samples, words};

/// Describes a route with the first method that it takes; what HEAD does is told once for all.
pub(crate) fn path_item(route: &Route) -> Value {
    let method = route.allowed().split(", ").next().expect("a route takes a method").to_lowercase();
    json!({ method: operation(route) })
}

/// The scope that a route asks for, if any.
pub(crate) const fn scope(to: To) -> Option<Scope> {
    match to {
        To::Health | To::Status | To::OwnTicket | To::VietQr => None,
        To::Metrics => Some(Scope::MetricsRead),
        To::Audit => Some(Scope::AuditRead),
        To::Tickets => Some(Scope::TicketsWrite),
        To::Sepay(Kind::AccountList | Kind::AccountDetails | Kind::AccountCount, _) => {
            Some(Scope::AccountsRead)
        }
        To::Sepay(Kind::TransactionList | Kind::TransactionDetails | Kind::TransactionCount, _) => {
            Some(Scope::TransactionsRead)
        }
    }
}

fn operation(route: &Route) -> Value {
    let words::Words { id, tag, summary, description } = words::of(route.to);
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), json!(id));
    operation.insert("tags".to_owned(), json!([tag]));
    operation.insert("summary".to_owned(), json!(summary));
    operation.insert("description".to_owned(), json!(description));
    operation.insert("security".to_owned(), security(route.to));
    let parameters = parameters::of(route.to);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), json!(parameters));
    }
    if route.to == To::Tickets {
        operation.insert("requestBody".to_owned(), ticket_body());
    }
    let mut responses = successes(route);
    responses.extend(problems::of(route.to));
    operation.insert("responses".to_owned(), responses.into());
    operation.into()
}

/// Who may ask. The names in a list are the scopes that are needed.
fn security(to: To) -> Value {
    let scopes: Vec<&str> = scope(to).into_iter().map(Scope::as_str).collect();
    match to {
        To::Health => json!([]),
        To::Status | To::Metrics | To::Audit | To::Tickets => json!([{ "edgeKey": scopes }]),
        To::OwnTicket | To::VietQr | To::Sepay(..) => {
            json!([{ "edgeKey": scopes }, { "ticket": scopes }])
        }
    }
}

fn ticket_body() -> Value {
    json!({
        "required": false,
        "content": {
            "application/json": { "schema": reference("TicketRequest"), "example": own::ticket_request_example() },
        },
    })
}

fn successes(route: &Route) -> Map<String, Value> {
    let json_of = |description: &str, answer, schema: &str, example: Value| {
        let content =
            json!({ "application/json": { "schema": reference(schema), "example": example } });
        json!({ "description": description, "headers": headers::of(answer), "content": content })
    };
    let ok = |response: Value| Map::from_iter([("200".to_owned(), response)]);
    match route.to {
        To::Health => ok(json_of("It runs.", Answer::Open, "Health", json!({ "status": "ok" }))),
        To::Status => {
            ok(json_of("The gate at this moment.", Answer::Own, "GateStatus", samples::status()))
        }
        To::Metrics => ok(json!({
            "description": "The metrics, all named `sepay_edge_…`. The example shows the first ones.",
            "headers": headers::of(Answer::Own),
            "content": { "text/plain": { "schema": { "type": "string" }, "example": samples::metrics() } },
        })),
        To::Audit => {
            ok(json_of("The use of keys and tickets.", Answer::Own, "Audit", own::audit_example()))
        }
        To::Tickets => {
            let created =
                json_of("The ticket.", Answer::Own, "NewTicket", own::new_ticket_example());
            Map::from_iter([("201".to_owned(), created)])
        }
        To::OwnTicket => {
            ok(json_of("Your rights.", Answer::Own, "OwnRights", own::own_rights_example()))
        }
        To::VietQr => {
            let example = samples::payment_code();
            or_unchanged(ok(json_of("The code.", Answer::Lasting, "PaymentCode", example)))
        }
        To::Sepay(kind, form) => {
            let example = samples::of(route, kind, form);
            or_unchanged(ok(json_of(found(kind), Answer::Sepays, schema_of(kind, form), example)))
        }
    }
}

/// Adds what comes of `If-None-Match`.
fn or_unchanged(mut responses: Map<String, Value>) -> Map<String, Value> {
    responses.insert("304".to_owned(), json!({ "$ref": "#/components/responses/NotModified" }));
    responses
}

fn found(kind: Kind) -> &'static str {
    match kind {
        Kind::AccountList => "The accounts.",
        Kind::AccountDetails => "The account.",
        Kind::TransactionList => "The transactions.",
        Kind::TransactionDetails => "The transaction.",
        Kind::AccountCount | Kind::TransactionCount => "The count.",
    }
}

fn schema_of(kind: Kind, form: Form) -> &'static str {
    match (form, kind) {
        (Form::Json, Kind::AccountList) => "AccountList",
        (Form::Json, Kind::AccountDetails) => "AccountAnswer",
        (Form::Json, Kind::TransactionList) => "TransactionList",
        (Form::Json, Kind::TransactionDetails) => "TransactionAnswer",
        (Form::Json, Kind::AccountCount | Kind::TransactionCount) => "Count",
        (Form::DropIn, Kind::AccountList) => "SepayAccountList",
        (Form::DropIn, Kind::AccountDetails) => "SepayAccountDetails",
        (Form::DropIn, Kind::AccountCount) => "SepayAccountCount",
        (Form::DropIn, Kind::TransactionList) => "SepayTransactionList",
        (Form::DropIn, Kind::TransactionDetails) => "SepayTransactionDetails",
        (Form::DropIn, Kind::TransactionCount) => "SepayTransactionCount",
    }
}
