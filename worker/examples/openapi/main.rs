//! `npm run contract`: writes the OpenAPI 3.1 description of every route in [`ROUTES`], as JSON, to standard output.
//!
//! Schemas come from the types and their doc comments, parameters from the tables that the routes read them with, errors
//! and example answers from the code that makes them. A route, a parameter, a problem or a field that is not described
//! here is an error of the compiler or a panic of this program, so that none can be forgotten.

#![allow(clippy::print_stdout, reason = "a command speaks")]
#![allow(clippy::expect_used, clippy::panic, reason = "a command may stop")]
#![allow(clippy::arithmetic_side_effects, reason = "of small numbers of its own")]
#![allow(clippy::indexing_slicing, reason = "of JSON, where what is missing is null")]

mod headers;
mod operations;
mod own;
mod parameters;
mod problems;
mod samples;
mod schemas;
mod words;

use sepay_worker::route::ROUTES;
use serde_json::{Map, Value, json};

fn main() {
    let text = serde_json::to_string_pretty(&document()).expect("JSON can be written");
    println!("{text}");
}

fn document() -> Value {
    let paths: Map<String, Value> = ROUTES
        .iter()
        .map(|route| (route.template.to_owned(), operations::path_item(route)))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "sepay-edge",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": words::SUMMARY,
            "description": words::DESCRIPTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The Worker that serves this document." }],
        "tags": words::tags(),
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "parameters": parameters::shared(),
            "headers": headers::all(),
            "responses": problems::responses(),
            "securitySchemes": security_schemes(),
        },
    })
}

fn security_schemes() -> Value {
    json!({
        "edgeKey": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "edge key",
            "description": words::EDGE_KEY,
        },
        "ticket": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": words::TICKET,
        },
    })
}
