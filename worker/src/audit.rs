//! The audit trail: who used which key and which ticket, when, for what, and with what outcome.
//!
//! Thousands of uses a second cannot be a row each: uses that are alike are one row an hour, with their count and the
//! times of the first and the last. Each isolate collects rows in a [`Collector`] and sends them to the gate of their
//! profile, which keeps them for [`KEPT_MS`]. No row holds a part of a credential: only ids, templates and words.

use std::future::poll_fn;
use std::task::Poll;

use litemap::LiteMap;
use sepay::{Name, Params, Period, Spelling, VietnamTime};
use serde::Serialize;

use crate::auth::{Caller, Denied};
use crate::params::{self, BadParameter};
use crate::reply::Problem;
use crate::{answer::NoBody, config};

/// How long a use is remembered, in milliseconds: 7 days.
pub const KEPT_MS: u64 = 7 * 24 * HOUR_MS;

/// How long rows are collected before they are sent, in milliseconds. So much is lost when an isolate dies.
const COLLECTED_MS: u64 = 10_000;

/// How long a gate may take to write rows, in milliseconds.
pub const SEND_TIMEOUT_MS: u64 = 10_000;

// What fails has to be known to have failed before the platform stops waiting.
const _: () = assert!(COLLECTED_MS + SEND_TIMEOUT_MS < PLAN_LOST_MS);

/// After how long a sending that was planned is given up for lost, in milliseconds: the platform stops what runs on for
/// longer than this.
const PLAN_LOST_MS: u64 = 30_000;

const HOUR_MS: u64 = 3_600_000;

/// The most rows that are collected, besides those that hold what had no place.
const MAX_ROWS: usize = 1_000;

/// The most credentials of which is remembered that they were used this hour.
const MAX_REPORTED: usize = 2_000;

/// The route of the row that holds what had no place.
const OTHER: &str = "other";

/// How a use ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There was an answer.
    Served,
    /// The credential does not go so far.
    Forbidden,
    /// The key's own limit was used up.
    Limited,
    /// There was no answer, whoever's fault it was.
    Failed,
    /// A ticket was made; the row is the ticket's.
    Minted,
    /// The credential was refused, for this reason.
    Denied(&'static str),
}

impl Outcome {
    /// Judges what came of a request that was let in: the status of its answer, or the problem.
    #[must_use]
    pub fn of(came: Result<u16, &Problem>) -> Self {
        match came {
            // SePay's own errors are passed on by the drop-in routes.
            Ok(status) if status < 400 => Self::Served,
            Err(
                Problem::Forbidden(_)
                | Problem::NotGranted(_)
                | Problem::NoTickets
                | Problem::NoBody(NoBody::NotYours),
            ) => Self::Forbidden,
            Err(Problem::RateLimited { .. }) => Self::Limited,
            Ok(_) | Err(_) => Self::Failed,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Served => ("served", ""),
            Self::Forbidden => ("forbidden", ""),
            Self::Limited => ("limited", ""),
            Self::Failed => ("failed", ""),
            Self::Minted => ("minted", ""),
            Self::Denied(reason) => ("denied", reason),
        }
    }
}

/// What is counted together within an hour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    profile: String,
    caller: Option<String>,
    ticket: Option<String>,
    route: &'static str,
    outcome: Outcome,
}

impl Use {
    /// The use of a credential that was accepted.
    #[must_use]
    pub fn of(caller: &Caller, route: &'static str, outcome: Outcome) -> Self {
        let Caller { id, ticket, profile, .. } = caller;
        let (caller, ticket) = (Some(id.clone()), ticket.clone());
        Self { profile: profile.clone(), caller, ticket, route, outcome }
    }

    /// A refused credential. `holder` is whose it was, which is known of one that has only ended; what is not known is
    /// told to the profile `default`.
    #[must_use]
    pub fn denied(why: Denied, holder: Option<&Caller>, route: &'static str) -> Self {
        let outcome = Outcome::Denied(reason(why));
        match holder {
            Some(holder) => Self::of(holder, route, outcome),
            None => {
                let profile = config::DEFAULT_PROFILE.to_owned();
                Self { profile, caller: None, ticket: None, route, outcome }
            }
        }
    }

    /// A ticket that was made with a key.
    #[must_use]
    pub fn minted(caller: &Caller, ticket: &str, route: &'static str) -> Self {
        Self::of(caller, route, Outcome::Minted).by(ticket)
    }

    /// Returns the same use of a ticket.
    #[must_use]
    pub fn by(self, ticket: &str) -> Self {
        Self { ticket: Some(ticket.to_owned()), ..self }
    }

    /// Returns the use with its outcome. A refused credential stays refused.
    #[must_use]
    pub fn ended(self, outcome: Outcome) -> Self {
        match self.outcome {
            Outcome::Denied(_) => self,
            _ => Self { outcome, ..self },
        }
    }

    /// Returns the id of the key, if it is known.
    #[must_use]
    pub fn caller(&self) -> Option<&str> {
        self.caller.as_deref()
    }

    /// Returns the id of the ticket, if it was one.
    #[must_use]
    pub fn ticket(&self) -> Option<&str> {
        self.ticket.as_deref()
    }

    fn is_refusal(&self) -> bool {
        matches!(self.outcome, Outcome::Denied(_))
    }

    /// The row for what has no place.
    fn folded(&self) -> Self {
        Self { caller: None, ticket: None, route: OTHER, ..self.clone() }
    }
}

fn reason(why: Denied) -> &'static str {
    match why {
        Denied::Missing => "missing",
        Denied::Malformed => "malformed",
        Denied::Unknown => "unknown",
        Denied::Mistyped => "mistyped",
        Denied::Expired => "expired",
        Denied::SepayToken => "sepay-token",
        Denied::DeadTicket => "dead-ticket",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tally {
    count: u64,
    first_ms: u64,
    last_ms: u64,
}

impl Tally {
    fn once(at_ms: u64) -> Self {
        Self { count: 1, first_ms: at_ms, last_ms: at_ms }
    }

    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.first_ms = self.first_ms.min(other.first_ms);
        self.last_ms = self.last_ms.max(other.last_ms);
    }
}

type Rows = LiteMap<Use, Tally>;

/// What one isolate has seen and not sent yet.
#[derive(Default)]
pub struct Collector {
    /// By the beginning of the hour, in milliseconds since the Unix epoch.
    hours: LiteMap<u64, Rows>,
    /// The credentials that were used in `reported_hour_ms`.
    reported: Rows,
    reported_hour_ms: u64,
    is_urgent: bool,
    /// Whether there is anything but refusals.
    has_uses: bool,
    planned_until_ms: u64,
}

/// The rows of one profile, on their way to its gate.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    /// Whose gate.
    pub profile: String,
    rows: Vec<(u64, Use, Tally)>,
}

impl Collector {
    /// Counts a use.
    pub fn count(&mut self, what: &Use, now_ms: u64) {
        let hour_ms = hour_of(now_ms);
        if let Some(tally) = self.hours.entry(hour_ms).or_default().get_mut(what) {
            tally.add(Tally::once(now_ms));
            return;
        }
        self.is_urgent |= self.is_news(what, hour_ms);
        self.add(hour_ms, what, Tally::once(now_ms));
    }

    /// Says when what was collected has to be sent, in milliseconds from now, and takes it that the asker does so: at
    /// once when a credential was used that was not reported this hour or a ticket was made, or after a while. None
    /// when there is nothing that has to be sent, or the sending is planned.
    ///
    /// Anybody can be refused, and a gate that is written to is kept awake: refusals wait for a use by somebody who was
    /// let in, for the end of their hour, or until there is no place for more.
    pub fn plan(&mut self, now_ms: u64) -> Option<u64> {
        if !self.is_due(now_ms) {
            return None;
        }
        if std::mem::take(&mut self.is_urgent) {
            return Some(0);
        }
        self.planned_until_ms = now_ms.saturating_add(PLAN_LOST_MS);
        Some(COLLECTED_MS)
    }

    /// Says whether [`Collector::plan`] would return a time.
    #[must_use]
    pub fn is_due(&self, now_ms: u64) -> bool {
        // A clock that was set back does not stop it.
        let until_ms = self.planned_until_ms;
        let is_planned = now_ms < until_ms && until_ms <= now_ms.saturating_add(PLAN_LOST_MS);
        self.is_urgent || (!is_planned && self.must_send(now_ms))
    }

    fn must_send(&self, now_ms: u64) -> bool {
        let this_hour_ms = hour_of(now_ms);
        let is_over = self.hours.keys().any(|hour_ms| *hour_ms != this_hour_ms);
        self.has_uses || is_over || self.is_full()
    }

    /// Notes that the time of a plan is over: the next one may be made.
    pub fn planned_time_is_over(&mut self) {
        self.planned_until_ms = 0;
    }

    /// Takes what has to be sent, by profile: a profile with something that cannot wait gives all that it has.
    pub fn take(&mut self, now_ms: u64) -> Vec<Batch> {
        self.is_urgent = false;
        let this_hour_ms = hour_of(now_ms);
        let is_full = self.is_full();
        self.take_if(&|batch| {
            let mut rows = batch.rows.iter();
            is_full || rows.any(|(hour_ms, what, _)| *hour_ms != this_hour_ms || !what.is_refusal())
        })
    }

    /// Takes everything of one profile.
    pub fn take_of(&mut self, profile: &str) -> Vec<Batch> {
        self.take_if(&|batch| batch.profile == profile)
    }

    fn take_if(&mut self, is_wanted: &dyn Fn(&Batch) -> bool) -> Vec<Batch> {
        let mut taken = Vec::new();
        for batch in self.take_all() {
            if is_wanted(&batch) {
                taken.push(batch);
            } else {
                self.put_back(batch);
            }
        }
        taken
    }

    fn take_all(&mut self) -> Vec<Batch> {
        self.has_uses = false;
        let mut batches: Vec<Batch> = Vec::new();
        for (hour_ms, rows) in std::mem::take(&mut self.hours) {
            for (what, tally) in rows {
                let row = (hour_ms, what, tally);
                match batches.iter_mut().find(|batch| batch.profile == row.1.profile) {
                    Some(batch) => batch.rows.push(row),
                    None => batches.push(Batch { profile: row.1.profile.clone(), rows: vec![row] }),
                }
            }
        }
        batches
    }

    /// Takes back what could not be sent.
    pub fn put_back(&mut self, batch: Batch) {
        for (hour_ms, what, tally) in batch.rows {
            self.add(hour_ms, &what, tally);
        }
    }

    fn add(&mut self, hour_ms: u64, what: &Use, tally: Tally) {
        let is_full = self.is_full();
        self.has_uses |= !what.is_refusal();
        let rows = self.hours.entry(hour_ms).or_default();
        let what = if is_full && !rows.contains_key(what) { what.folded() } else { what.clone() };
        match rows.get_mut(&what) {
            Some(own) => own.add(tally),
            None => drop(rows.insert(what, tally)),
        }
    }

    fn is_full(&self) -> bool {
        self.hours.values().map(LiteMap::len).sum::<usize>() >= MAX_ROWS
    }

    /// Says whether somebody should hear of it at once. Refusals can wait: anybody can cause them.
    fn is_news(&mut self, what: &Use, hour_ms: u64) -> bool {
        match what.outcome {
            Outcome::Denied(_) => return false,
            Outcome::Minted => return true,
            _ => {}
        }
        if self.reported_hour_ms != hour_ms {
            self.reported = Rows::new();
            self.reported_hour_ms = hour_ms;
        }
        let credential = Use { route: "", outcome: Outcome::Served, ..what.clone() };
        let tally = Tally::once(hour_ms);
        self.reported.len() < MAX_REPORTED && self.reported.insert(credential, tally).is_none()
    }
}

/// Sends batches, all at once: a gate that hangs holds up no other. What `send` cannot send goes to `failed`.
pub async fn deliver<E>(
    batches: Vec<Batch>,
    send: impl AsyncFn(&Batch) -> Result<(), E>,
    failed: impl Fn(Batch, E),
) {
    let (send, failed) = (&send, &failed);
    let each = batches.into_iter().map(async |batch| {
        if let Err(error) = send(&batch).await {
            failed(batch, error);
        }
    });
    let mut waiting: Vec<_> = each.map(Box::pin).collect();
    poll_fn(|context| {
        waiting.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Returns the beginning of the hour, the same in Vietnam as in UTC.
fn hour_of(at_ms: u64) -> u64 {
    at_ms.saturating_sub(at_ms % HOUR_MS)
}

/// Returns the beginning of the oldest hour that is remembered.
#[must_use]
pub fn oldest_hour_ms(now_ms: u64) -> u64 {
    hour_of(now_ms.saturating_sub(KEPT_MS))
}

/// When the gate's table of uses has to be cleaned. It is bounded without being counted each time.
#[derive(Debug, Default)]
pub struct Upkeep {
    cleaned_ms: Option<u64>,
    /// How many rows there may be: an update counts like a new row.
    rows_at_most: u64,
}

impl Upkeep {
    /// The most rows that are kept.
    pub const MAX_ROWS: u64 = 200_000;

    /// How many are left when there were more: counting them all is worth it now and then only.
    pub const LEFT_ROWS: u64 = 180_000;

    /// Returns how many of so many rows have to go.
    #[must_use]
    pub fn excess(rows: u64) -> u64 {
        if rows > Self::MAX_ROWS { rows.saturating_sub(Self::LEFT_ROWS) } else { 0 }
    }

    /// Notes that rows were written. Says whether the table has to be cleaned: once an hour, and when it may be full.
    pub fn wrote(&mut self, rows: u64, now_ms: u64) -> bool {
        self.rows_at_most = self.rows_at_most.saturating_add(rows);
        let is_long_ago = |at_ms: u64| now_ms.abs_diff(at_ms) >= HOUR_MS;
        self.cleaned_ms.is_none_or(is_long_ago) || self.rows_at_most > Self::MAX_ROWS
    }

    /// Notes that the table was cleaned, and has so many rows.
    pub fn cleaned(&mut self, rows: u64, now_ms: u64) {
        (self.cleaned_ms, self.rows_at_most) = (Some(now_ms), rows);
    }
}

/// A row as the gate reads it. An empty text is none.
#[derive(Serialize)]
struct Row<'a> {
    hour_ms: u64,
    caller: &'a str,
    ticket: &'a str,
    route: &'a str,
    outcome: &'a str,
    reason: &'a str,
    count: u64,
    first_ms: u64,
    last_ms: u64,
}

impl Batch {
    /// Writes the rows for the gate.
    #[must_use]
    pub fn message(&self) -> String {
        let rows: Vec<Row<'_>> = self.rows.iter().map(Row::of).collect();
        serde_json::to_string(&rows).unwrap_or_default()
    }
}

impl<'a> Row<'a> {
    fn of((hour_ms, what, tally): &'a (u64, Use, Tally)) -> Self {
        let (outcome, reason) = what.outcome.words();
        let Tally { count, first_ms, last_ms } = *tally;
        Self {
            hour_ms: *hour_ms,
            caller: what.caller.as_deref().unwrap_or_default(),
            ticket: what.ticket.as_deref().unwrap_or_default(),
            route: what.route,
            outcome,
            reason,
            count,
            first_ms,
            last_ms,
        }
    }
}

// Reading it.

/// The parameters that it takes.
pub const NAMES: &[Name] =
    &[Name::alike("from"), Name::alike("to"), Name::alike("caller"), Name::alike("limit")];

/// Which rows a caller wants to see, as the gate is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trail {
    /// Uses from this time on, in milliseconds since the Unix epoch.
    pub from_ms: u64,
    /// Uses up to this time, likewise.
    pub to_ms: u64,
    /// The id of a key; empty for all.
    pub caller: String,
    /// The most rows to answer with.
    pub limit: u32,
}

impl Trail {
    /// Reads the query of `/api/audit`: `from` and `to` as for transactions, `caller`, and `limit`, 1 to 1000, 100
    /// unless given.
    ///
    /// # Errors
    ///
    /// [`BadParameter`] naming the parameter.
    pub fn read(query: &str) -> Result<Self, BadParameter> {
        let params = Params::read(NAMES, Spelling::Ours, params::decoded(query)?)?;
        let from = time(&params, "from", VietnamTime::first_of)?;
        let to = time(&params, "to", VietnamTime::last_of)?;
        Period::new("from", from, to)?;
        let unix_ms = |time: VietnamTime| u64::try_from(time.unix_ms()).unwrap_or(0);
        Ok(Self {
            from_ms: from.map_or(0, unix_ms),
            // The whole of its last second.
            to_ms: to.map_or(FOREVER_MS, |to| unix_ms(to).saturating_add(999)),
            caller: id(&params)?,
            limit: limit(&params)?,
        })
    }
}

/// A time after all others that SQL and JavaScript hold exactly.
const FOREVER_MS: u64 = 1 << 52;

fn time(
    params: &Params,
    name: &str,
    read: fn(&str) -> Result<VietnamTime, sepay::NotTime>,
) -> Result<Option<VietnamTime>, BadParameter> {
    let (name, text) = params.get(name);
    let read = |text| read(text).map_err(|why| BadParameter::new(format!("{name}: {why}")));
    text.map(read).transpose()
}

fn id(params: &Params) -> Result<String, BadParameter> {
    match params.get("caller").1 {
        None => Ok(String::new()),
        Some(text) if config::is_key_id(text) => Ok(text.to_owned()),
        Some(_) => Err(BadParameter::new("caller: expected the id of a key")),
    }
}

fn limit(params: &Params) -> Result<u32, BadParameter> {
    let Some(text) = params.get("limit").1 else { return Ok(100) };
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let limit =
        digits.and_then(|text| text.parse().ok()).filter(|limit| (1..=1000).contains(limit));
    limit.ok_or_else(|| BadParameter::new("limit: expected a whole number from 1 to 1000"))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;

    use futures_util::FutureExt;

    use super::*;

    /// 2026-11-20T08:00:00+07:00
    const HOUR: u64 = 1_795_136_400_000;

    fn used(ticket: Option<&str>) -> Use {
        let caller = Some("shop".to_owned());
        let (profile, ticket) = ("default".to_owned(), ticket.map(str::to_owned));
        Use { profile, caller, ticket, route: "/api/accounts", outcome: Outcome::Served }
    }

    fn denied() -> Use {
        Use::denied(Denied::Unknown, None, "/api/accounts")
    }

    fn total(batches: &[Batch]) -> u64 {
        batches.iter().flat_map(|batch| &batch.rows).map(|(_, _, tally)| tally.count).sum()
    }

    #[test]
    fn uses_that_are_alike_are_one_row_an_hour() {
        let mut collector = Collector::default();
        for at_ms in [HOUR + 5, HOUR + 3, HOUR + 3_599_999, HOUR + 3_600_000] {
            collector.count(&used(None), at_ms);
        }
        let batches = collector.take(HOUR);
        assert_eq!(batches.len(), 1);
        let row =
            r#""caller":"shop","ticket":"","route":"/api/accounts","outcome":"served","reason":"""#;
        let (next, last) = (HOUR + 3_600_000, HOUR + 3_599_999);
        assert_eq!(
            batches[0].message(),
            format!(
                r#"[{{"hour_ms":{HOUR},{row},"count":3,"first_ms":{},"last_ms":{last}}},{{"hour_ms":{next},{row},"count":1,"first_ms":{next},"last_ms":{next}}}]"#,
                HOUR + 3
            )
        );
        assert!(collector.take(HOUR).is_empty());
    }

    #[test]
    fn each_profile_has_its_own_batch_and_refusals_are_the_defaults() {
        let mut collector = Collector::default();
        collector.count(&Use { profile: "other".to_owned(), ..used(None) }, HOUR);
        collector.count(&used(None), HOUR);
        collector.count(&denied(), HOUR);
        let batches = collector.take(HOUR);
        let profiles: Vec<_> = batches.iter().map(|batch| batch.profile.as_str()).collect();
        assert_eq!(profiles.len(), 2);
        for (profile, rows) in [("default", 2), ("other", 1)] {
            let batch = batches.iter().find(|batch| batch.profile == profile).unwrap();
            assert_eq!(batch.rows.len(), rows, "{profile}");
        }
        assert!(batches.iter().any(|batch| batch.message().contains(
            r#""caller":"","ticket":"","route":"/api/accounts","outcome":"denied","reason":"unknown""#
        )));
    }

    #[test]
    fn the_first_use_of_a_credential_is_sent_at_once_and_the_rest_after_a_while() {
        let mut collector = Collector::default();
        assert_eq!(collector.plan(HOUR), None, "nothing to send");
        collector.count(&used(None), HOUR);
        assert_eq!(collector.plan(HOUR), Some(0));
        drop(collector.take(HOUR));
        assert_eq!(collector.plan(HOUR), None);
        collector.count(&used(None), HOUR + 1);
        assert_eq!(collector.plan(HOUR + 1), Some(10_000));
        collector.count(&used(None), HOUR + 2);
        assert_eq!(collector.plan(HOUR + 2), None, "it is planned");
        collector.count(&used(Some("t1")), HOUR + 3);
        assert_eq!(collector.plan(HOUR + 3), Some(0), "a ticket is another credential");
        drop(collector.take(HOUR));
        collector.count(&used(None), HOUR + 4);
        assert_eq!(collector.plan(HOUR + 4), None, "what was planned is still to come");
        collector.planned_time_is_over();
        assert_eq!(total(&collector.take(HOUR)), 1);
        collector.count(&used(None), HOUR + HOUR_MS);
        assert_eq!(collector.plan(HOUR + HOUR_MS), Some(0), "another hour");
    }

    #[test]
    fn minting_is_sent_at_once_and_refusals_never() {
        let mut collector = Collector::default();
        for at_ms in [HOUR, HOUR + 1] {
            collector.count(&used(Some("t1")).ended(Outcome::Minted), at_ms);
            assert_eq!(collector.plan(at_ms), Some(0));
            drop(collector.take(HOUR));
        }
        for at_ms in HOUR..HOUR + 100 {
            collector.count(&denied(), at_ms);
            assert_eq!(collector.plan(at_ms), None);
        }
    }

    #[test]
    fn refusals_wait_for_a_use_of_their_profile_or_the_end_of_their_hour() {
        let mut collector = Collector::default();
        collector.count(&denied(), HOUR);
        assert!(!collector.is_due(HOUR + HOUR_MS - 1), "anybody can be refused");
        collector.count(&Use { profile: "other".to_owned(), ..used(None) }, HOUR);
        assert_eq!(collector.plan(HOUR), Some(0));
        let told: Vec<_> = collector.take(HOUR).into_iter().map(|batch| batch.profile).collect();
        assert_eq!(told, ["other"], "the gate of the refusals is left alone");
        assert!(!collector.is_due(HOUR));
        assert_eq!(collector.plan(HOUR + HOUR_MS), Some(10_000), "the hour is over");
        collector.count(&used(None), HOUR + 1);
        assert_eq!(total(&collector.take(HOUR)), 2, "they go with a use of the profile");
        collector.count(&denied(), HOUR);
        assert_eq!(total(&collector.take_of("other")), 0);
        assert_eq!(total(&collector.take_of("default")), 1, "whoever asks sees them");
    }

    #[test]
    fn refusals_that_fill_all_places_are_sent() {
        let mut collector = Collector::default();
        for number in 0..MAX_ROWS {
            assert!(!collector.is_due(HOUR));
            collector.count(&denied().by(&format!("t{number}")), HOUR);
        }
        assert_eq!(collector.plan(HOUR), Some(10_000));
        assert_eq!(collector.take(HOUR).len(), 1);
        assert_eq!(collector.plan(HOUR + 30_000), None);
    }

    #[test]
    fn a_plan_that_was_lost_is_made_again_whatever_the_clock_does() {
        let mut collector = Collector::default();
        collector.count(&used(None), HOUR);
        assert_eq!(collector.plan(HOUR), Some(0));
        assert_eq!(collector.plan(HOUR), Some(10_000));
        assert_eq!(collector.plan(HOUR + 29_999), None);
        assert_eq!(collector.plan(HOUR + 30_000), Some(10_000));
        assert_eq!(collector.plan(HOUR - 1_000_000), Some(10_000));
    }

    #[test]
    fn what_has_no_place_is_counted_in_one_row() {
        let mut collector = Collector::default();
        for number in 0..5_000 {
            collector.count(&used(Some(&format!("t{number}"))), HOUR);
            collector.count(&denied(), HOUR);
        }
        let batches = collector.take(HOUR);
        assert_eq!(total(&batches), 10_000);
        assert_eq!(batches.iter().map(|batch| batch.rows.len()).sum::<usize>(), MAX_ROWS + 1);
        assert!(batches.iter().any(|batch| {
            batch
                .message()
                .contains(r#""caller":"","ticket":"","route":"other","outcome":"served""#)
        }));
    }

    #[test]
    fn what_could_not_be_sent_is_sent_with_the_next() {
        let mut collector = Collector::default();
        collector.count(&used(None), HOUR + 1);
        let failed = collector.take(HOUR);
        collector.count(&used(None), HOUR);
        for batch in failed {
            collector.put_back(batch);
        }
        let tally = Tally { count: 2, first_ms: HOUR, last_ms: HOUR + 1 };
        let profile = "default".to_owned();
        assert_eq!(
            collector.take(HOUR),
            [Batch { profile, rows: vec![(HOUR, used(None), tally)] }]
        );
    }

    #[test]
    fn a_gate_that_hangs_holds_up_no_other_and_what_fails_is_handed_back() {
        let batch = |profile: &str| Batch { profile: profile.to_owned(), rows: Vec::new() };
        let batches = ["hangs", "fails", "works"].into_iter().map(batch).collect();
        let (asked, back) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let send = async |batch: &Batch| {
            asked.borrow_mut().push(batch.profile.clone());
            match batch.profile.as_str() {
                "hangs" => pending().await,
                "fails" => Err("no"),
                _ => Ok(()),
            }
        };
        let put_back = |batch: Batch, error| back.borrow_mut().push((batch.profile, error));
        assert_eq!(deliver(batches, send, put_back).now_or_never(), None);
        assert_eq!(*asked.borrow(), ["hangs", "fails", "works"]);
        assert_eq!(*back.borrow(), [("fails".to_owned(), "no")]);
    }

    #[test]
    fn outcomes_are_judged_by_what_stood_in_the_way() {
        for (came, outcome) in [
            (Ok(200), Outcome::Served),
            (Ok(304), Outcome::Served),
            (Ok(401), Outcome::Failed),
            (Ok(429), Outcome::Failed),
            (Err(&Problem::NoBody(NoBody::NotYours)), Outcome::Forbidden),
            (Err(&Problem::RateLimited { retry_after_ms: 1 }), Outcome::Limited),
            (Err(&Problem::NoGate), Outcome::Failed),
        ] {
            assert_eq!(Outcome::of(came), outcome);
        }
    }

    #[test]
    fn the_query_is_typed_and_its_times_are_whole() {
        let all = Trail { from_ms: 0, to_ms: FOREVER_MS, caller: String::new(), limit: 100 };
        assert_eq!(Trail::read(""), Ok(all));
        let asked = Trail::read("from=2026-11-20&to=2026-11-20&caller=shop&limit=1000").unwrap();
        let from_ms = HOUR - 8 * HOUR_MS;
        assert_eq!((asked.from_ms, asked.to_ms), (from_ms, from_ms + 24 * HOUR_MS - 1));
        assert_eq!(
            serde_json::to_string(&Trail { from_ms: 1, to_ms: 2, ..asked }).unwrap(),
            r#"{"from_ms":1,"to_ms":2,"caller":"shop","limit":1000}"#
        );
        for (query, told) in [
            ("form=2026-11-20", "form: unknown parameter; did you mean from?"),
            ("since=1", "since: unknown parameter; this route takes from, to, caller, limit"),
            ("from=soon", "from: expected a date such as"),
            ("to=2026-02-30", "to: expected a day and time that exist"),
            ("from=2026-11-20&to=2026-11-19", "from: expected a lower end"),
            ("limit=0", "limit: expected a whole number from 1 to 1000"),
            ("limit=1001", "limit: "),
            ("limit=+5", "limit: "),
            ("limit=", "limit: "),
            ("limit=1&limit=1", "limit: expected once, found twice"),
            ("caller=", "caller: expected the id of a key"),
            ("caller=a%20b", "caller: "),
        ] {
            let bad = Trail::read(query).unwrap_err().to_string();
            assert!(bad.starts_with(told), "{query}: {bad}");
        }
    }

    #[test]
    fn the_table_is_cleaned_at_first_each_hour_and_when_it_may_be_full() {
        let mut upkeep = Upkeep::default();
        assert!(upkeep.wrote(1, HOUR), "nobody knows how many there are");
        upkeep.cleaned(1, HOUR);
        assert!(!upkeep.wrote(1_000, HOUR + HOUR_MS - 1));
        assert!(upkeep.wrote(0, HOUR + HOUR_MS));
        assert!(upkeep.wrote(0, HOUR - HOUR_MS), "the clock went back");
        assert!(!upkeep.wrote(Upkeep::MAX_ROWS - 1_001, HOUR));
        assert!(upkeep.wrote(1, HOUR));
        assert_eq!(Upkeep::excess(Upkeep::MAX_ROWS), 0, "they are not too many");
        assert_eq!(Upkeep::excess(Upkeep::MAX_ROWS + 1), 20_001);
        upkeep.cleaned(Upkeep::LEFT_ROWS, HOUR);
        assert!(!upkeep.wrote(Upkeep::MAX_ROWS - Upkeep::LEFT_ROWS, HOUR));
    }
}
