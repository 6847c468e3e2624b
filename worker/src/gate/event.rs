//! What happens to the gate and what it has to do: the words between [`Schedule`](super::Schedule) and the shell.

use std::rc::Rc;

use sepay::{
    AccountCount, AccountDetails, AccountList, Endpoint, Error, RecordId, Response, Target,
    TransactionCount, TransactionDetails, TransactionList, judge,
};

use super::Refusal;

/// Names a caller who waits.
pub type CallerId = u64;

/// Names one request to SePay.
pub type CallId = u64;

/// Whose turn it is: the id of an edge key.
pub type Party = Rc<str>;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Somebody looks at a screen.
    Interactive,
    /// A report or a job: whenever nobody else waits (RFC 9218: urgency 5 to 7).
    Background,
}

/// One caller's question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who waits for the answer.
    pub caller: CallerId,
    /// For whom turns are counted.
    pub party: Party,
    /// Who goes first.
    pub lane: Lane,
    /// The canonical target.
    pub target: Target,
    /// How long the answer is of use, in milliseconds from now.
    pub wait_ms: u64,
    /// What the caller is content with.
    pub need: Need,
    /// How many askers this question stands for, itself included.
    pub demand: u32,
}

/// What a caller is content with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// What the rules of the cache allow.
    Usual,
    /// Nothing older than this when it asks, in milliseconds; 0 asks SePay anew.
    MaxAge(u64),
    /// It holds an answer and has served it: only a newer one is of use, at the time the gate sees fit.
    Newer,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<A> {
    /// A caller asks.
    Asked(Asked),
    /// A caller has gone.
    Left {
        /// Who.
        caller: CallerId,
    },
    /// A request to SePay is over.
    Over {
        /// Which.
        call: CallId,
        /// How it ended.
        verdict: Verdict,
        /// What its callers get.
        outcome: A,
        /// How much memory the outcome takes, in bytes.
        bytes: usize,
    },
    /// The time of [`Action::Rest`] has passed.
    Rested {
        /// The call that the rest was for.
        call: CallId,
    },
    /// Time has passed.
    Tick,
}

/// How a request ended, as far as keeping its answer and asking again are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// A good answer.
    Good,
    /// There is no such record: an answer too, but of this moment only.
    Missing,
    /// A failure that asking again would not change.
    Failed,
    /// A failure that may pass: no connection, 5xx.
    Passing,
    /// No answer in time; nobody knows whether the request is still on its way.
    Silent,
    /// 429.
    RateLimited {
        /// The time SePay names, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// It never left: the slots could not be stored.
    Unsent,
}

impl Verdict {
    /// Judges the answer to a question, to the last row: what cannot be read is not kept.
    #[must_use]
    pub fn of(target: &Target, answer: &Response) -> Self {
        match read(target, answer) {
            Ok(()) => Self::Good,
            Err(Error::RateLimited { retry_after_ms }) => Self::RateLimited { retry_after_ms },
            Err(Error::NotFound { .. }) => Self::Missing,
            Err(error) if error.is_retryable() => Self::Passing,
            Err(_) => Self::Failed,
        }
    }

    /// Judges a failure of the transport.
    #[must_use]
    pub fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Connection => Self::Passing,
            Refusal::Timeout { .. } => Self::Silent,
            _ => Self::Failed,
        }
    }
}

/// Reads an answer as the question of its target would.
fn read(target: &Target, answer: &Response) -> Result<(), Error> {
    let path = target.as_str().split('?').next().unwrap_or_default();
    let (call, last) = path.rsplit_once('/').unwrap_or_default();
    let id = || RecordId::new("id", last);
    match (call, last) {
        ("/userapi/transactions", "list") => TransactionList::default().parse(answer).map(drop),
        ("/userapi/transactions", "count") => TransactionCount::default().parse(answer).map(drop),
        ("/userapi/bankaccounts", "list") => AccountList::default().parse(answer).map(drop),
        ("/userapi/bankaccounts", "count") => AccountCount::default().parse(answer).map(drop),
        ("/userapi/transactions/details", _) => {
            TransactionDetails { id: id()? }.parse(answer).map(drop)
        }
        ("/userapi/bankaccounts/details", _) => {
            AccountDetails { id: id()? }.parse(answer).map(drop)
        }
        _ => judge(answer),
    }
}

/// What the shell has to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<A> {
    /// Store [`Schedule::record`](super::Schedule::record); what follows may rely on it.
    Store,
    /// Send this to SePay and report [`Event::Over`].
    Send {
        /// The name to report.
        call: CallId,
        /// The canonical target.
        target: Target,
        /// When to give up, in milliseconds from now.
        timeout_ms: u64,
    },
    /// Report [`Event::Rested`] when this time has passed for certain, whatever the wall clock says meanwhile.
    Rest {
        /// The call whose slot rests.
        call: CallId,
        /// How long, in milliseconds.
        for_ms: u64,
    },
    /// Give these callers this outcome.
    Answer {
        /// Who gets it.
        callers: Vec<CallerId>,
        /// What they get.
        outcome: A,
        /// Where it comes from and how old it is.
        service: Service,
    },
    /// Tell this caller that its question cannot be asked in time.
    RefuseBusy {
        /// Who.
        caller: CallerId,
        /// When to come back, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// Tell this caller that its deadline is over while SePay has not answered.
    RefuseLate {
        /// Who.
        caller: CallerId,
    },
    /// Report [`Event::Tick`] after so many milliseconds.
    WakeIn(u64),
}

/// Where an outcome comes from and how old it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Service {
    /// Where it comes from.
    pub source: Source,
    /// Its age, counted from the sending of the request that fetched it, in milliseconds.
    pub age_ms: u64,
    /// How long it counts as fresh, from its own time on, in milliseconds; 0 for what is not kept.
    pub fresh_ms: u64,
    /// How long the caller may go on serving it without asking again, in milliseconds.
    pub keep_ms: u64,
    /// How long the question waited for its slot, in milliseconds.
    pub queue_ms: u64,
    /// How long SePay took, in milliseconds.
    pub upstream_ms: u64,
}

/// Where an outcome comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Source {
    /// SePay was asked for this caller.
    Asked,
    /// SePay was asked for another caller, and this one joined.
    Joined,
    /// It was known, and fresh.
    Known,
    /// It was known, and is being refreshed behind the caller.
    Refreshing,
    /// It was known, and there is more to ask than can be asked.
    Busy,
    /// It was known, and SePay does not answer.
    Down,
}
