//! Prints the Worker's routes, one JSON array: `["/api/accounts","GET, HEAD"]` for each line of its table. For tests
//! that must know every route there is.
//!
//! ```sh
//! cargo run -q -p sepay-worker --example routes
//! ```

#![allow(clippy::print_stdout, reason = "a command speaks")]

use sepay_worker::route::ROUTES;

fn main() -> Result<(), serde_json::Error> {
    let lines: Vec<_> = ROUTES.iter().map(|route| (route.template, route.allowed())).collect();
    println!("{}", serde_json::to_string(&lines)?);
    Ok(())
}
