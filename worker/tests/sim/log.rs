//! What happened, line by line: the last lines are kept, and a fingerprint of all of them.

use std::collections::VecDeque;

use sepay_worker::gate::event::{CallId, CallerId, Need, Source, Verdict};

/// How many lines are kept for a report.
const KEPT: usize = 400;

#[derive(Debug, Clone, Copy)]
pub enum Line {
    Asks { caller: CallerId, party: usize, topic: usize, need: Need, wait_ms: u64 },
    Leaves { caller: CallerId },
    Sent { call: CallId, topic: usize, timeout_ms: u64 },
    NotSent { call: CallId, topic: usize },
    Reaches { topic: usize, verdict: Verdict },
    Over { call: CallId, verdict: Verdict },
    Rested { call: CallId },
    Tick,
    WakesIn { ms: u64 },
    Answered { caller: CallerId, source: Source, age_ms: u64, good: bool },
    Busy { caller: CallerId, retry_after_ms: u64 },
    Late { caller: CallerId },
    Crash,
    WallClock { by_us: i64 },
    Disk { fails: bool },
    Weather { number: usize },
}

pub struct Log {
    lines: VecDeque<(u64, Line)>,
    pub fingerprint: u64,
    /// Whether every line is written to the standard output.
    pub aloud: bool,
}

impl Log {
    pub fn new(aloud: bool) -> Self {
        Self { lines: VecDeque::new(), fingerprint: 0xCBF2_9CE4_8422_2325, aloud }
    }

    #[allow(clippy::print_stdout, reason = "a replay is read by a person")]
    pub fn note(&mut self, at_us: u64, line: Line) {
        let mark = match line {
            Line::Asks { caller, topic, wait_ms, .. } => caller ^ (topic as u64) << 20 ^ wait_ms,
            Line::Sent { call, topic, .. } | Line::NotSent { call, topic } => {
                call ^ (topic as u64) << 32
            }
            Line::Answered { caller, age_ms, .. } => caller ^ age_ms << 32,
            Line::Busy { caller, retry_after_ms } => caller ^ retry_after_ms << 33,
            Line::Over { call, .. } => call,
            _ => 1,
        };
        self.fingerprint =
            (self.fingerprint ^ mark ^ at_us).wrapping_mul(0x0100_0000_01B3).rotate_left(7);
        if self.aloud {
            println!("{}", written(at_us, line));
        }
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back((at_us, line));
    }

    /// Returns the last lines as text.
    pub fn tail(&self, lines: usize) -> Vec<String> {
        let skipped = self.lines.len().saturating_sub(lines);
        self.lines.iter().skip(skipped).map(|(at_us, line)| written(*at_us, *line)).collect()
    }
}

fn written(at_us: u64, line: Line) -> String {
    let since_us = at_us - super::world::START_US;
    format!("{:>9}.{:06} s  {line:?}", since_us / super::SECOND, since_us % super::SECOND)
}
