//! What the core may depend on, asked from cargo itself: it does no IO, so no host and no runtime is linked.

#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use std::process::Command;

use serde_json::Value;

/// Names, or beginnings of names, of what belongs to a host.
const HOSTS: &[&str] = &[
    "wasm-bindgen",
    "js-sys",
    "web-sys",
    "gloo",
    "serde-wasm-bindgen",
    "worker",
    "tokio",
    "reqwest",
    "hyper",
    "getrandom",
];

/// What describes the types for the contract (features `openapi`), and must not be in what runs.
const GENERATOR: &str = "utoipa";

#[test]
fn the_core_links_no_host_and_no_runtime() {
    let tree = cargo(&[
        "tree",
        "-p",
        "sepay",
        "-e",
        "normal",
        "--no-default-features",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{lib}",
        "--offline",
        "--locked",
    ]);
    let names: Vec<String> = tree.split_whitespace().map(|name| name.replace('_', "-")).collect();
    for known in ["sepay", "serde", "chrono"] {
        assert!(names.iter().any(|name| name == known), "{known} is missing from the tree: {tree}");
    }
    for name in &names {
        assert!(!HOSTS.iter().any(|host| name.starts_with(host)), "{name} is in the core's tree");
    }
}

#[test]
fn what_describes_the_types_is_linked_by_its_feature_only() {
    let tree = |features: &str| {
        let package = ["tree", "-p", "sepay-worker", "--prefix", "none", "--format", "{lib}"];
        let which = ["-e", "normal", "--target", "all", "--offline", "--locked"];
        cargo(&[&package[..], &which[..], &["--features", features][..]].concat())
    };
    let links = |features: &str| tree(features).split_whitespace().any(|name| name == GENERATOR);
    assert!(links("openapi"), "the generator of the contract has its types described");
    assert!(!links(""), "{GENERATOR} is in the Worker's tree");
}

/// An exported JavaScript class would become part of the Worker's RPC surface.
#[test]
fn the_worker_takes_the_core_without_its_default_features() {
    let metadata =
        cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let worker = packages.iter().find(|package| package["name"] == "sepay-worker");
    let dependencies = worker.expect("the worker")["dependencies"].as_array().expect("a list");
    let core: Vec<&Value> = dependencies.iter().filter(|entry| entry["name"] == "sepay").collect();
    assert!(!core.is_empty(), "the worker uses the core");
    for entry in core {
        assert_eq!(entry["uses_default_features"], false);
        assert_eq!(entry["features"], Value::Array(Vec::new()), "above all not `js`");
    }
}

/// What looks for bugs with a nightly Rust is no part of any build, and never linked.
#[test]
fn the_workspace_is_the_core_and_the_worker() {
    let metadata =
        cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(names, ["sepay", "sepay-worker"]);
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}
