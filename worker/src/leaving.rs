//! Notices a caller who goes away while it waits, and takes its questions back.
//!
//! The platform tells the Worker, and not the gate: its word does not travel along with a request to a Durable Object.
//! So the Worker passes it on, which it may do after the caller has gone only if it was announced with `waitUntil`.

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;
use worker::js_sys::Promise;
use worker::wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen]
extern "C" {
    /// What the platform ties the work for one request to: `ExecutionContext`.
    pub type Lifetime;

    /// Lets work go on when the request is over.
    #[wasm_bindgen(method, js_name = waitUntil)]
    pub(crate) fn wait_until(this: &Lifetime, work: &Promise);
}

/// Runs `work`; should the caller go away before it is done, runs `farewell`.
pub(crate) async fn unless_left<T>(
    signal: &AbortSignal,
    lifetime: &Lifetime,
    farewell: impl Future<Output = ()> + 'static,
    work: impl Future<Output = T>,
) -> T {
    let (done, is_done) = oneshot::channel::<()>();
    let signal = signal.clone();
    lifetime.wait_until(&future_to_promise(async move {
        let (left, has_left) = oneshot::channel::<()>();
        let tell: Closure<dyn FnMut()> = Closure::once(move || {
            let _done = left.send(());
        });
        signal.set_onabort(Some(tell.as_ref().unchecked_ref()));
        if let Either::Right(_) = select(is_done, has_left).await {
            farewell.await;
        }
        signal.set_onabort(None);
        Ok(JsValue::UNDEFINED)
    }));
    let result = work.await;
    // The other end is gone when the caller has left.
    let _left = done.send(());
    result
}
