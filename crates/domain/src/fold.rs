//! From the events of one leg to the call: a pure function of the *set* of events.
//!
//! Dialpad's retries come late, out of order and more than once; the same events must give the same row whatever
//! happened on the way. So events are sorted before anything is read from them: by moment, then by how far the
//! state is, then by digest, which no two different events share.

use std::collections::BTreeMap;
use std::ops::Deref;

use chrono::{DateTime, Utc};

use crate::event::{CallEvent, Facts, Problem, unite};
use crate::json::Digest;
use crate::outcome::{Evidence, outcome};
use crate::state::{CallState, Outcome};

/// One call leg, as all its events together tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Dialpad's id of the leg.
    pub call_id: i64,
    /// The furthest state of the life cycle; [`CallState::Unknown`] while only enrichment or unknown states came.
    pub state: CallState,
    /// That state as sent; without a life cycle, the state of the latest event as sent.
    pub state_raw: String,
    /// How the call came out.
    pub outcome: Outcome,
    /// `date_started`, else the earliest date known, else the moment of the earliest event: never absent, because
    /// lists are ordered by it.
    pub started_at: DateTime<Utc>,
    /// True once the call is known to be over: by a terminal state, an end date, or enrichment that only finished
    /// calls get.
    pub is_ended: bool,
    /// Which states were seen at any time.
    pub seen: Seen,
    /// The facts of all events. Readable directly: `call.direction`.
    pub facts: Facts,
    /// How many different events the call has.
    pub event_count: usize,
    /// The moment of the earliest event.
    pub first_occurred_at: DateTime<Utc>,
    /// The moment of the latest event.
    pub last_occurred_at: DateTime<Utc>,
    /// What was not understood in any event.
    pub problems: Vec<Problem>,
}

/// Reading `call.facts.direction` as `call.direction` keeps one list of fields for events and calls.
impl Deref for Call {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// States that leave a mark on a call, whatever came after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// A device rang.
    pub ringing: bool,
    /// The caller waited in a queue.
    pub queued: bool,
    /// The caller reached voicemail.
    pub voicemail: bool,
    /// Dialpad called it missed.
    pub missed: bool,
    /// The caller was blocked.
    pub blocked: bool,
}

impl Seen {
    fn note(&mut self, state: CallState) {
        self.ringing |= state == CallState::Ringing;
        self.queued |= state == CallState::Queued;
        self.voicemail |= state.is_voicemail();
        self.missed |= state == CallState::Missed;
        self.blocked |= state == CallState::Blocked;
    }
}

/// Folds the events of one leg; `None` if there are none. Order and repetition do not matter; the caller gives
/// only events of one `call_id`.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a CallEvent, Digest)>) -> Option<Call> {
    let sort_key = |event: &CallEvent, digest| (event.occurred_at, event.state.order(), digest);
    let sorted: BTreeMap<_, _> =
        events.into_iter().map(|(event, digest)| (sort_key(event, digest), event)).collect();
    let events: Vec<&CallEvent> = sorted.into_values().collect();
    let (first, last) = (*events.first()?, *events.last()?);
    debug_assert!(events.iter().all(|event| event.call_id == first.call_id), "events of one call");

    let facts = fold_facts(&events);
    let (state, state_raw) = fold_state(&events, last);
    let mut seen = Seen::default();
    let mut problems = Vec::new();
    for event in &events {
        seen.note(event.state);
        unite(&mut problems, &event.problems);
    }
    let is_ended = facts.date_ended.is_some()
        || events.iter().any(|event| event.state.is_terminal() || event.state.is_after_call());
    let outcome = outcome(&Evidence::of(&facts, seen, is_ended));
    let started_at = facts.date_started.or_else(|| facts.dates().min()).unwrap_or(first.occurred_at);
    Some(Call {
        call_id: first.call_id,
        state,
        state_raw,
        outcome,
        started_at,
        is_ended,
        seen,
        facts,
        event_count: events.len(),
        first_occurred_at: first.occurred_at,
        last_occurred_at: last.occurred_at,
        problems,
    })
}

/// Of the life cycle the highest rank, and of several with that rank the latest: hold and connected alternate, but
/// a late `ringing` never reopens a call.
fn fold_state(events: &[&CallEvent], last: &CallEvent) -> (CallState, String) {
    let ranked = events.iter().filter_map(|event| event.state.rank().map(|rank| (rank, event)));
    // `max_by_key` gives the last of equal elements.
    match ranked.max_by_key(|(rank, _)| *rank) {
        Some((_, event)) => (event.state, event.state_raw.clone()),
        None => (CallState::Unknown, last.state_raw.clone()),
    }
}

/// Later events win, except that the lengths a hangup gives are final: states sent after it repeat older ones.
fn fold_facts(events: &[&CallEvent]) -> Facts {
    let mut facts = Facts::default();
    for event in events {
        facts.absorb(&event.facts);
    }
    let mut durations = facts.durations();
    for event in events.iter().filter(|event| event.state == CallState::Hangup) {
        for (duration, newer) in durations.iter_mut().zip(event.facts.durations()) {
            *duration = newer.or(*duration);
        }
    }
    facts.set_durations(durations);
    facts
}
