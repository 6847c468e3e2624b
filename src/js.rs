//! What JavaScript holds of this crate, by the npm package `@sepay-edge/client`: thin doors over the pure parts.
//!
//! It decides nothing, sends nothing and reads no clock: JavaScript carries requests, answers and times.

mod border;
mod client;
mod failure;
mod names;
mod rows;
mod settings;
mod vietqr;
mod walk;
