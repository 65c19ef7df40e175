//! A run: lanes that post a plan's deliveries and retry as Dialpad does.
//!
//! A conversation stays on one lane, so its events leave in order; retries wait beside the lane, as Dialpad's do,
//! and may therefore arrive out of order.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::deliver::{Http, Transport, attempt, retry, settled};
use crate::error::SimulatorError;
use crate::misbehave::Delivery;
use crate::plan::{Plan, Timeline};
use crate::report::{Report, Stats};
use crate::wire::Wire;

/// Deliveries made ready ahead of a lane.
const LANE_QUEUE: usize = 64;
/// Most deliveries waiting for a retry; above it the lanes wait too, so that a dead receiver costs no memory.
const RETRIES_WAITING_MAX: usize = 20_000;

/// Plays a plan against its URL, making and signing the events on the way.
///
/// # Errors
/// When the plan is impossible. What the receiver does wrong is in the report.
pub async fn run(plan: Plan) -> Result<Report, SimulatorError> {
    let timeline = Timeline::new(&plan)?;
    let http = Http::new(&plan.url, plan.concurrency)?;
    Ok(play(&plan, timeline, http).await)
}

/// A plan whose events are made and signed already, so that a measurement pays for sending only.
///
/// It holds every body in memory, 2 to 4 KB each.
pub struct Prepared {
    plan: Plan,
    deliveries: Vec<Delivery>,
}

impl Prepared {
    /// Makes and signs all events of the plan. This is work for the processor: seconds for a million events.
    ///
    /// # Errors
    /// When the plan is impossible.
    pub fn new(plan: Plan) -> Result<Self, SimulatorError> {
        let deliveries = Timeline::new(&plan)?.collect();
        Ok(Self { plan, deliveries })
    }

    /// How many bodies will be posted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.deliveries.len()
    }

    /// True when the plan has no calls.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }

    /// Posts everything.
    ///
    /// # Errors
    /// When the URL is not usable.
    pub async fn run(self) -> Result<Report, SimulatorError> {
        let http = Http::new(&self.plan.url, self.plan.concurrency)?;
        let deliveries = self.deliveries.into_iter();
        Ok(match Wire::new(http.url()) {
            Some(wire) => play(&self.plan, deliveries, wire).await,
            None => play(&self.plan, deliveries, http).await,
        })
    }
}

/// What all lanes of a run share.
struct Shared<T> {
    transport: T,
    stats: Stats,
    retries_waiting: Semaphore,
    begun: Instant,
}

/// A delivery and how long after the beginning it is due.
type Due = (Duration, Delivery);

async fn play<T, I>(plan: &Plan, deliveries: I, transport: T) -> Report
where
    T: Transport,
    I: Iterator<Item = Delivery>,
{
    let begun = Instant::now();
    let retries_waiting = Semaphore::new(RETRIES_WAITING_MAX);
    let shared = Arc::new(Shared { transport, stats: Stats::new(), retries_waiting, begun });
    let mut running = JoinSet::new();
    let mut lanes = Vec::with_capacity(plan.concurrency);
    for _ in 0..plan.concurrency {
        let (sender, receiver) = mpsc::channel(LANE_QUEUE);
        running.spawn(lane(Arc::clone(&shared), receiver));
        lanes.push(sender);
    }
    for (index, delivery) in deliveries.enumerate() {
        let due = plan.due(index as u64, delivery.at);
        let lane = &lanes[(delivery.conversation % lanes.len() as u64) as usize];
        if lane.send((due, delivery)).await.is_err() {
            // A lane ends only when its sender does; if one died, what is counted so far is still true.
            break;
        }
    }
    drop(lanes);
    while running.join_next().await.is_some() {}
    shared.stats.report(plan.calls, begun.elapsed())
}

/// Posts one delivery after the other; what needs a retry waits beside the lane.
async fn lane<T: Transport>(shared: Arc<Shared<T>>, mut queue: mpsc::Receiver<Due>) {
    let mut retries = JoinSet::new();
    while let Some((due, delivery)) = queue.recv().await {
        let due = shared.begun + due;
        if due > Instant::now() {
            sleep_until(due).await;
        }
        let first = attempt(&shared.transport, delivery.body.clone(), &shared.stats).await;
        match settled(&first) {
            Some(outcome) => shared.stats.count_outcome(delivery.form, outcome),
            None => {
                let Ok(permit) = shared.retries_waiting.acquire().await else { return };
                permit.forget();
                let shared = Arc::clone(&shared);
                retries.spawn(async move {
                    let outcome = retry(&shared.transport, &delivery.body, first, &shared.stats).await;
                    shared.stats.count_outcome(delivery.form, outcome);
                    shared.retries_waiting.add_permits(1);
                });
            }
        }
        // Reaping on the way keeps the set small.
        while retries.try_join_next().is_some() {}
    }
    while retries.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests;
