//! Arbitrary bytes for the rules of `worker/tests/fuzz/request.rs`.

#![no_main]

#[path = "../../worker/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    fuzz::request::run(input);
});
