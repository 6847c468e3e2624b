//! The Worker: keeps SePay's token, paces every call through one Durable Object, and serves JSON routes.
//!
//! Data flows one way: HTTP -> [`route`] -> [`auth`] -> [`view`] -> [`gate`] -> SePay, and back through [`answer`] and
//! [`reply`]. Only `door.rs` and the gate's shell, store and
//! transport do IO; everything else is pure and tested natively.

pub mod answer;
pub mod auth;
pub mod caching;
#[cfg(target_arch = "wasm32")]
mod clock;
pub mod config;
#[cfg(target_arch = "wasm32")]
mod door;
pub mod gate;
pub mod incoming;
#[cfg(target_arch = "wasm32")]
mod leaving;
pub mod params;
pub mod reply;
pub mod route;
pub mod view;
