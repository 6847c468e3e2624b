//! Notices a caller who goes away while it waits, and takes its questions back.
//!
//! The platform tells the Worker, and not the gate: its word does not travel along with a request to a Durable Object.
//! So the Worker passes it on, which it may do after the caller has gone only if it was announced with `wait_until`.

use std::future::Future;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::AbortSignal;
use worker::Context;

/// Runs `work`; should the caller go away before it is done, runs `farewell`.
pub(crate) async fn unless_left<T>(
    signal: AbortSignal,
    context: &Context,
    farewell: impl Future<Output = ()> + 'static,
    work: impl Future<Output = T>,
) -> T {
    let (done, is_done) = oneshot::channel::<()>();
    context.wait_until(async move {
        let (left, has_left) = oneshot::channel::<()>();
        let tell: Closure<dyn FnMut()> = Closure::once(move || {
            let _done = left.send(());
        });
        signal.set_onabort(Some(tell.as_ref().unchecked_ref()));
        if let Either::Right(_) = select(is_done, has_left).await {
            farewell.await;
        }
        signal.set_onabort(None);
    });
    let result = work.await;
    // The other end is gone when the caller has left.
    let _left = done.send(());
    result
}
