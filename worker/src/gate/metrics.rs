//! The gate's status as Prometheus text (exposition format 0.0.4).

use std::fmt::Write;

use super::status::Status;

/// One metric: its name without the prefix, what it is, and its samples as labels and values.
struct Metric {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    samples: Vec<(&'static str, f64)>,
}

/// Writes the status of one profile's gate.
#[must_use]
pub fn prometheus(status: &Status, profile: &str, uptime_ms: u64) -> String {
    let mut text = String::new();
    for Metric { name, kind, help, samples } in
        gauges(status, uptime_ms).into_iter().chain(counters(status))
    {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "# HELP sepay_edge_{name} {help}");
        let _written = writeln!(text, "# TYPE sepay_edge_{name} {kind}");
        for (label, value) in samples {
            let comma = if label.is_empty() { "" } else { "," };
            let _written =
                writeln!(text, "sepay_edge_{name}{{profile=\"{profile}\"{comma}{label}}} {value}");
        }
    }
    text
}

fn gauges(status: &Status, uptime_ms: u64) -> Vec<Metric> {
    let gauge = |name, help, samples| Metric { name, kind: "gauge", help, samples };
    let (queue, waits) = (&status.queue, &status.waits);
    let in_flight = status.slots.iter().filter(|slot| slot.in_flight).count();
    let one = |value: f64| vec![("", value)];
    vec![
        gauge("gate_uptime_seconds", "Time since the gate started.", one(seconds(uptime_ms))),
        gauge("slots", "Requests that SePay takes a second.", one(count(status.slots.len()))),
        gauge("slots_in_flight", "Requests that SePay has not answered.", one(count(in_flight))),
        gauge(
            "paused_seconds",
            "What is left of the pause after a 429.",
            one(seconds(status.paused_for_ms)),
        ),
        gauge(
            "ready_seconds",
            "When the next request may leave.",
            one(seconds(status.ready_in_ms)),
        ),
        gauge(
            "round_trip_seconds",
            "Average round trip to SePay.",
            one(seconds(status.round_trip_ms)),
        ),
        gauge(
            "queue_questions",
            "Questions that wait for a slot.",
            vec![
                ("lane=\"interactive\"", count(queue.interactive)),
                ("lane=\"background\"", count(queue.background)),
                ("lane=\"refresh\"", count(queue.refreshes)),
            ],
        ),
        gauge("queue_callers", "Callers who wait.", one(count(queue.callers))),
        gauge(
            "wait_seconds",
            "How long callers of the last minute waited at the gate.",
            vec![
                ("quantile=\"0.5\"", seconds(waits.p50_ms)),
                ("quantile=\"0.9\"", seconds(waits.p90_ms)),
                ("quantile=\"0.99\"", seconds(waits.p99_ms)),
                ("quantile=\"1\"", seconds(waits.max_ms)),
            ],
        ),
        gauge("cache_entries", "Answers that are kept.", one(count(status.cache.entries))),
        gauge("cache_bytes", "What the kept answers take.", one(count(status.cache.bytes))),
        gauge(
            "cache_hit_ratio",
            "Share of askers who did not wait for SePay.",
            one(status.cache.hit_ratio),
        ),
        gauge(
            "breaker_open",
            "1 while SePay is taken to be down.",
            one(f64::from(u8::from(status.breaker.open))),
        ),
    ]
}

fn counters(status: &Status) -> Vec<Metric> {
    let counter = |name, help, samples| Metric { name, kind: "counter", help, samples };
    let calls = &status.calls;
    let (results, served) = (&calls.results, &calls.served);
    let one = |value: u64| vec![("", float(value))];
    vec![
        counter("asked_total", "Questions that reached the gate.", one(calls.asked)),
        counter("demand_total", "Askers behind them.", one(calls.demand)),
        counter("refused_total", "Callers who were refused.", one(calls.refused)),
        counter("left_total", "Callers who left before they had an answer.", one(calls.left)),
        counter("sent_total", "Requests sent to SePay.", one(calls.sent)),
        counter("retried_total", "Requests sent again after a failure.", one(calls.retried)),
        counter(
            "results_total",
            "How requests to SePay ended.",
            vec![
                ("result=\"good\"", float(results.good)),
                ("result=\"missing\"", float(results.missing)),
                ("result=\"failed\"", float(results.failed)),
                ("result=\"passing\"", float(results.passing)),
                ("result=\"rate_limited\"", float(results.rate_limited)),
                ("result=\"unsent\"", float(results.unsent)),
            ],
        ),
        counter(
            "rate_limited_total",
            "429s by whose sending caused them.",
            vec![
                ("cause=\"own\"", float(calls.rate_limited_own)),
                ("cause=\"foreign\"", float(calls.rate_limited_foreign)),
            ],
        ),
        counter(
            "served_total",
            "Callers by where their outcome came from.",
            vec![
                ("source=\"asked\"", float(served.asked)),
                ("source=\"joined\"", float(served.joined)),
                ("source=\"known\"", float(served.known)),
                ("source=\"refreshing\"", float(served.refreshing)),
                ("source=\"busy\"", float(served.busy)),
                ("source=\"down\"", float(served.down)),
            ],
        ),
        counter(
            "breaker_opened_total",
            "How often SePay was taken to be down.",
            one(status.breaker.times_opened),
        ),
    ]
}

fn seconds(ms: u64) -> f64 {
    float(ms) / 1_000.0
}

fn count(number: usize) -> f64 {
    float(u64::try_from(number).unwrap_or(u64::MAX))
}

/// Prometheus knows floats only: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "as its readers do")]
fn float(number: u64) -> f64 {
    number as f64
}
