//! The life of a wasm instance, which a panic ends: tells the entry that it is over and which request was running.
//!
//! The entry answers that request with an error and runs the others again on a new instance.

use std::cell::{Cell, OnceCell};
use std::pin::Pin;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::wasm_bindgen;
use worker::js_sys::Uint8Array;

#[wasm_bindgen]
extern "C" {
    /// What the entry does for the Rust side.
    pub type Entry;

    /// Takes note that the instance is over; 0 when no request was running.
    #[wasm_bindgen(method)]
    fn ended(this: &Entry, run: u32);

    /// Keeps the body and the headers of an answer under its number, and the parts of its line on the console.
    #[wasm_bindgen(method)]
    pub(crate) fn keep(
        this: &Entry,
        number: u32,
        body: Uint8Array,
        etag: &str,
        content_type: &str,
        sent_ms: f64,
        fresh_ms: f64,
        line_parts: &str,
    );

    /// Lets a kept body go.
    #[wasm_bindgen(method)]
    pub(crate) fn forget(this: &Entry, number: u32);
}

thread_local! {
    static ENTRY: OnceCell<Entry> = const { OnceCell::new() };
    static RUNNING: Cell<u32> = const { Cell::new(0) };
}

/// Begins the life of an instance. Called once on each.
#[wasm_bindgen]
pub fn begin(entry: Entry) {
    ENTRY.with(|own| {
        let _second_call = own.set(entry);
    });
    // In place of worker's own handler, which lets the next call renew the instance: a callback of the old one would
    // then run with its old addresses in the new memory.
    wasm_bindgen::handler::set_on_abort(end);
}

/// Runs on any trap, a panic or not, while the memory of the instance can still be read.
fn end() {
    with_entry(|entry| entry.ended(RUNNING.get()));
}

/// Calls the entry, unless the instance has not begun.
pub(crate) fn with_entry(call: impl FnOnce(&Entry)) {
    ENTRY.with(|own| own.get().map(call));
}

/// The future of one request: while it is polled, it is known which request runs.
pub(crate) struct Run<F> {
    number: u32,
    future: Pin<Box<F>>,
}

impl<F: Future> Run<F> {
    pub(crate) fn new(number: u32, future: F) -> Self {
        Self { number, future: Box::pin(future) }
    }
}

impl<F: Future> Future for Run<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        RUNNING.set(self.number);
        let polled = self.future.as_mut().poll(context);
        RUNNING.set(0);
        polled
    }
}
