//! `npm run sim`: the gate in a world of its own, for as long as it is told.
//!
//! `--seconds 60` (real) or `--years 10` (virtual) from `--seed 1` on; `--seed N` alone replays one history line by
//! line; `--measure` prints the figures.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks")]
#![allow(
    clippy::disallowed_methods,
    reason = "how long it runs is real time; the world has its own"
)]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a command may stop")]
#![allow(clippy::cast_precision_loss, reason = "for people")]

#[path = "../tests/sim/mod.rs"]
mod sim;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sim::SECOND;
use sim::report::{Outcomes, Tally, run_seed, summary};

/// How often progress is printed.
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

struct Wish {
    seconds: Option<u64>,
    years: Option<u64>,
    seed: Option<u64>,
    measure: bool,
}

fn main() -> ExitCode {
    let wish = match wish() {
        Ok(wish) => wish,
        Err(sentence) => {
            eprintln!("sim: {sentence}");
            return ExitCode::from(2);
        }
    };
    if wish.measure {
        return if sim::measure::all() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if let (Some(seed), None, None) = (wish.seed, wish.seconds, wish.years) {
        return told(seed, run_seed(seed, true));
    }
    run(&wish)
}

fn wish() -> Result<Wish, String> {
    let mut wish = Wish { seconds: None, years: None, seed: None, measure: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().ok_or(format!("{word} needs a number"))?;
            text.parse().map(Some).map_err(|_| format!("{word}: '{text}' is no number"))
        };
        match word.as_str() {
            "--seconds" => wish.seconds = number()?,
            "--years" => wish.years = number()?,
            "--seed" => wish.seed = number()?,
            "--measure" => wish.measure = true,
            _ => return Err(format!("'{word}' is none of --seconds, --years, --seed, --measure")),
        }
    }
    Ok(wish)
}

struct Total {
    tally: Tally,
    /// How many seeds broke which rule first.
    broken: BTreeMap<&'static str, usize>,
    said: Instant,
}

fn run(wish: &Wish) -> ExitCode {
    let begun = Instant::now();
    let seconds = wish.seconds.or(wish.years.is_none().then_some(60));
    let until = seconds.map(|seconds| begun + Duration::from_secs(seconds));
    let most_us = wish.years.map_or(u64::MAX, |years| years * 31_557_600 * SECOND);
    let next = AtomicU64::new(wish.seed.unwrap_or(1));
    let total = Mutex::new(Total { tally: Tally::default(), broken: BTreeMap::new(), said: begun });
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..cores {
            scope.spawn(|| {
                while until.is_none_or(|until| Instant::now() < until) && goes_on(&total, most_us) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    count(&total, seed, run_seed(seed, false), begun);
                }
            });
        }
    });
    let total = total.into_inner().expect("no thread died");
    let violations: usize = total.broken.values().sum();
    println!("{}, {violations} violations, {} s", summary(&total.tally), begun.elapsed().as_secs());
    for (rule, seeds) in &total.broken {
        println!("{seeds} seeds: {rule}");
    }
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn goes_on(total: &Mutex<Total>, most_us: u64) -> bool {
    let total = total.lock().expect("no thread died");
    total.tally.virtual_us < most_us
}

fn count(total: &Mutex<Total>, seed: u64, outcomes: Outcomes, begun: Instant) {
    let mut total = total.lock().expect("no thread died");
    total.tally.add(&outcomes.tally);
    if total.said.elapsed() > PROGRESS_EVERY {
        total.said = Instant::now();
        println!("{:>5} s: {}", begun.elapsed().as_secs(), summary(&total.tally));
    }
    let Some(first) = outcomes.violations.first() else { return };
    let seeds = total.broken.entry(first.rule).or_default();
    *seeds += 1;
    if *seeds == 1 {
        // The others of its kind are counted only.
        told(seed, outcomes);
    }
}

/// Prints what was broken, and the last lines before it.
fn told(seed: u64, outcomes: Outcomes) -> ExitCode {
    let Some(first) = outcomes.violations.first() else {
        println!("seed {seed} ({}): {}, no violation", outcomes.name, summary(&outcomes.tally));
        return ExitCode::SUCCESS;
    };
    println!("{}", outcomes.tail.join("\n"));
    println!("VIOLATION seed {seed} ({}): {}: {}", outcomes.name, first.rule, first.what);
    ExitCode::FAILURE
}
