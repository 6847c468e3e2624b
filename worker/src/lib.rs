//! The Worker: keeps SePay's token, paces every call through one Durable Object, and serves JSON routes.
//!
//! Data flows one way: HTTP -> [`route`] -> [`auth`] -> [`view`] -> [`gate`] -> SePay, and back through [`answer`] and
//! [`reply`]. A fresh answer takes the short way through [`hot`]. Only the doors and the gate's shell, store and
//! transport do IO; everything else is pure and tested natively. `worker/entry` is the JavaScript around it.

pub mod all;
pub mod answer;
pub mod audit;
pub mod auth;
pub mod caching;
#[cfg(target_arch = "wasm32")]
mod chance;
#[cfg(target_arch = "wasm32")]
mod clock;
pub mod config;
#[cfg(target_arch = "wasm32")]
pub mod door;
pub mod gate;
pub mod hot;
#[cfg(target_arch = "wasm32")]
pub mod hot_door;
pub mod incoming;
pub mod key;
#[cfg(target_arch = "wasm32")]
mod leaving;
#[cfg(target_arch = "wasm32")]
pub mod life;
pub mod log;
pub mod mask;
pub mod params;
#[cfg(target_arch = "wasm32")]
pub mod record;
pub mod reply;
pub mod route;
pub mod ticket;
pub mod vietqr;
pub mod view;
