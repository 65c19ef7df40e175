//! What a run shall do, and the deliveries that follow from it, in sending order.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::conversation::generate;
use crate::error::SimulatorError;
use crate::misbehave::{Delivery, Misbehave, Sender};
use crate::office::Office;
use crate::rng::Rng;
use crate::scenario::Scenario;

/// Most requests at a time.
pub const CONCURRENCY_MAX: usize = 4_096;
/// Events of an average conversation of the mixture, recordings and recaps included.
pub const EVENTS_PER_CALL: f64 = 6.0;
/// Mean time between the beginnings of two calls when no rate says otherwise.
pub const CALL_GAP_DEFAULT: Duration = Duration::from_secs(1);

/// What a run shall do. [`Plan::new`] fills in the usual values.
#[derive(Clone)]
pub struct Plan {
    /// Where to post.
    pub url: String,
    /// The secret to sign with.
    pub secret: String,
    /// Which conversations to play.
    pub scenario: Scenario,
    /// How many conversations.
    pub calls: u64,
    /// Events per second, 0 for as fast as possible. In real time it sets how often a call begins instead.
    pub rate_per_second: f64,
    /// Most requests at a time, waiting retries not counted; 1 to [`CONCURRENCY_MAX`].
    pub concurrency: usize,
    /// What to do wrong.
    pub misbehave: Vec<Misbehave>,
    /// Everything random follows from it, ids included: two runs with one seed are about the same calls.
    pub seed: u64,
    /// When the first call begins.
    pub start: DateTime<Utc>,
    /// True sends each event when it is due on the calls' own timeline, `start` being the moment the run begins;
    /// false sends back to back in the order of that timeline.
    pub realtime: bool,
    /// How much faster than life the timeline runs in real time; 1 is life.
    pub speed: f64,
    /// Mean simulated time between the beginnings of two calls; `None` derives it from the rate in real time and
    /// is [`CALL_GAP_DEFAULT`] otherwise.
    pub call_gap: Option<Duration>,
}

impl Plan {
    /// 100 conversations of the mixture, back to back, well-behaved.
    #[must_use]
    pub fn new(url: impl Into<String>, secret: impl Into<String>, start: DateTime<Utc>) -> Self {
        Self {
            url: url.into(),
            secret: secret.into(),
            scenario: Scenario::Mix,
            calls: 100,
            rate_per_second: 0.0,
            concurrency: 16,
            misbehave: Vec::new(),
            seed: 1,
            start,
            realtime: false,
            speed: 1.0,
            call_gap: None,
        }
    }

    /// Refuses numbers nobody can mean.
    fn check(&self) -> Result<(), SimulatorError> {
        if !(self.rate_per_second.is_finite() && self.rate_per_second >= 0.0) {
            return Err(SimulatorError::Plan("the rate must be 0 or more events per second"));
        }
        if !(self.speed.is_finite() && self.speed > 0.0) {
            return Err(SimulatorError::Plan("the speed must be above 0"));
        }
        if !(1..=CONCURRENCY_MAX).contains(&self.concurrency) {
            return Err(SimulatorError::Plan("the concurrency must be between 1 and 4096"));
        }
        Ok(())
    }

    /// How long after the beginning of the run the `index`-th delivery is due.
    pub(crate) fn due(&self, index: u64, at: DateTime<Utc>) -> Duration {
        if self.realtime {
            let since = (at - self.start).to_std().unwrap_or_default();
            return since.div_f64(self.speed);
        }
        if self.rate_per_second > 0.0 {
            return Duration::from_secs_f64(index as f64 / self.rate_per_second);
        }
        Duration::ZERO
    }

    fn mean_gap_ms(&self) -> f64 {
        let gap = match (self.call_gap, self.realtime && self.rate_per_second > 0.0) {
            (Some(gap), _) => gap.as_secs_f64(),
            (None, true) => EVENTS_PER_CALL * self.speed / self.rate_per_second,
            (None, false) => CALL_GAP_DEFAULT.as_secs_f64(),
        };
        gap * 1_000.0
    }
}

/// All deliveries of a plan in sending order, made only when asked for: memory holds the calls under way, no more.
pub(crate) struct Timeline {
    scenario: Scenario,
    calls_left: u64,
    seed: u64,
    mean_gap_ms: f64,
    office: Office,
    sender: Sender,
    arrivals: Rng,
    next_conversation: u64,
    next_start: DateTime<Utc>,
    waiting: BinaryHeap<Reverse<Waiting>>,
    queued: u64,
}

impl Timeline {
    pub(crate) fn new(plan: &Plan) -> Result<Self, SimulatorError> {
        plan.check()?;
        Ok(Self {
            scenario: plan.scenario,
            calls_left: plan.calls,
            seed: plan.seed,
            mean_gap_ms: plan.mean_gap_ms(),
            office: Office::new(plan.seed),
            sender: Sender::new(&plan.secret, &plan.misbehave)?,
            arrivals: Rng::nth(plan.seed, u64::MAX - 1),
            next_conversation: 0,
            next_start: plan.start,
            waiting: BinaryHeap::new(),
            queued: 0,
        })
    }

    /// Plays the next conversation into the heap.
    fn begin_call(&mut self) {
        let mut rng = Rng::nth(self.seed, self.next_conversation);
        let steps = generate(self.scenario, &self.office, &mut rng, self.next_start);
        for delivery in self.sender.deliveries(self.next_conversation, steps, &mut rng) {
            self.waiting.push(Reverse(Waiting { order: self.queued, delivery }));
            self.queued += 1;
        }
        let gap = self.arrivals.gap(self.mean_gap_ms);
        self.next_start += TimeDelta::milliseconds(gap as i64);
        self.next_conversation += 1;
        self.calls_left -= 1;
    }
}

impl Iterator for Timeline {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        // Nothing of a later call can be due before that call begins.
        while self.calls_left > 0
            && self.waiting.peek().is_none_or(|Reverse(first)| first.delivery.at >= self.next_start)
        {
            self.begin_call();
        }
        self.waiting.pop().map(|Reverse(waiting)| waiting.delivery)
    }
}

/// A delivery in the heap, ordered by time and then by birth.
struct Waiting {
    order: u64,
    delivery: Delivery,
}

impl Waiting {
    fn key(&self) -> (DateTime<Utc>, u64) {
        (self.delivery.at, self.order)
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
