//! What happens in a story.

use std::rc::Rc;

use sepay::Target;
use sepay_worker::gate::event::{Asked, CallId, CallerId, Event, Lane, Need, Verdict};

/// What every answer of a story weighs, in bytes.
const ANSWER_BYTES: usize = 1_000;

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) struct Deed(pub(crate) Event<u32>);

/// A caller asks, with ten seconds of patience: `q7` is a list, `r7` one transaction.
pub(crate) fn ask(caller: CallerId, party: &str, question: &str) -> Deed {
    Deed(Event::Asked(Asked {
        caller,
        party: Rc::from(party),
        lane: Lane::Interactive,
        target: target(question),
        wait_ms: 10_000,
        need: Need::Usual,
        demand: 1,
    }))
}

/// A caller goes.
pub(crate) fn leave(caller: CallerId) -> Deed {
    Deed(Event::Left { caller })
}

/// SePay answers a call.
pub(crate) fn good(call: CallId, outcome: u32) -> Deed {
    over(call, Verdict::Good, outcome)
}

/// A call fails in a way that may pass.
pub(crate) fn fails(call: CallId) -> Deed {
    over(call, Verdict::Passing, 500)
}

/// A call meets a 429.
pub(crate) fn limited(call: CallId, retry_after_ms: Option<u64>) -> Deed {
    over(call, Verdict::RateLimited { retry_after_ms }, 429)
}

/// A call is over.
pub(crate) fn over(call: CallId, verdict: Verdict, outcome: u32) -> Deed {
    Deed(Event::Over { call, verdict, outcome, bytes: ANSWER_BYTES })
}

/// The timer of a call's slot fires, before or after what the gate's own would do.
pub(crate) fn rested(call: CallId) -> Deed {
    Deed(Event::Rested { call })
}

/// Time passes.
pub(crate) fn look() -> Deed {
    Deed(Event::Tick)
}

impl Deed {
    pub(crate) fn within(self, ms: u64) -> Self {
        self.but(|asked| asked.wait_ms = ms)
    }

    pub(crate) fn max_age(self, ms: u64) -> Self {
        self.but(|asked| asked.need = Need::MaxAge(ms))
    }

    pub(crate) fn newer(self) -> Self {
        self.but(|asked| asked.need = Need::Newer)
    }

    pub(crate) fn background(self) -> Self {
        self.but(|asked| asked.lane = Lane::Background)
    }

    pub(crate) fn demand(self, askers: u32) -> Self {
        self.but(|asked| asked.demand = askers)
    }

    /// An answer of another size.
    pub(crate) fn weighing(mut self, weight: usize) -> Self {
        let Event::Over { bytes, .. } = &mut self.0 else { panic!("no answer: {self:?}") };
        *bytes = weight;
        self
    }

    fn but(mut self, change: impl FnOnce(&mut Asked)) -> Self {
        let Event::Asked(asked) = &mut self.0 else { panic!("no question: {self:?}") };
        change(asked);
        self
    }
}

/// The target of `q7` or `r7`.
pub(crate) fn target(question: &str) -> Target {
    let (kind, number) = question.split_at(1);
    let text = match kind {
        "q" => format!("/userapi/transactions/list?limit={number}"),
        _ => format!("/userapi/transactions/details/{number}"),
    };
    Target::from_text(&text).expect("a target")
}
