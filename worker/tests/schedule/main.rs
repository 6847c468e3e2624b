//! The gate's schedule, promise by promise, with literal times (design, sections 4 and 5).
//!
//! Each test is a short story: what happens when, and the trace of what the schedule does about it.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, clippy::panic, reason = "a helper that fails fails its test")]
#![allow(clippy::indexing_slicing, reason = "what is not there fails the test")]

mod breaker;
mod cache;
mod clock;
mod deadlines;
mod deed;
mod failures;
mod gate;
mod joining;
mod limited;
mod needs;
mod promises;
mod refreshing;
mod restarts;
mod shedding;
mod status;
mod turns;
mod verdicts;
