//! The gate in a world of its own: some seeds of what `npm run sim` runs for as long as it is told.

#[path = "sim/mod.rs"]
mod sim;

use sim::report::run;
use sim::scenario::Scenario;

#[test]
fn no_promise_is_broken_in_any_of_these_scenarios() {
    for seed in 1..=16 {
        let outcomes = run(Scenario { most_events: 5_000, ..Scenario::of(seed) }, false);
        let first = outcomes.violations.first();
        assert!(
            first.is_none(),
            "seed {seed} ({}): {first:?}\n{}",
            outcomes.name,
            outcomes.tail.join("\n")
        );
    }
}
