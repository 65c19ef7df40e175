//! Follows the writers: folds calls that have new events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::edge::Edge;
use store::{Projector, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Markers of one step, each of one batch of a writer. A call is folded once, however many of them name it.
const MARKERS_MAX: i64 = 512;
/// A step with this many calls means load: then waiting saves more folding than it costs in time.
const CALLS_UNDER_LOAD: usize = 32;
/// Writers of other processes do not wake us: look by ourselves this often.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Between steps, so that the next events of the same calls are folded together; little load, little waiting.
const GATHER: Duration = Duration::from_millis(15);
const GATHER_UNDER_LOAD: Duration = Duration::from_millis(300);
/// After a failure of the database.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How often event partitions are looked after.
const PARTITIONS_EVERY: Duration = Duration::from_secs(3_600);

/// Folds until `stop`. `written` wakes it; what another process wrote is found by looking.
pub async fn run_projector(projector: Projector, edge: Edge, written: Arc<Notify>, stop: CancellationToken) {
    let mut partitions = tokio::time::interval(PARTITIONS_EVERY);
    let mut markers_max = MARKERS_MAX;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = partitions.tick() => {
                if let Err(error) = projector.make_event_months(edge.now()).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "event partitions could not be made");
                }
            }
            () = written.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let begun = Instant::now();
        let pause = match project(&projector, edge, &mut markers_max, &stop).await {
            // What the folding itself took counts: events were gathered meanwhile.
            Ok(calls) if calls >= CALLS_UNDER_LOAD => {
                GATHER_UNDER_LOAD.saturating_sub(begun.elapsed()).max(GATHER)
            }
            Ok(_) => GATHER,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "calls could not be folded");
                PAUSE_AFTER_FAILURE
            }
        };
        if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}

/// Folds until nothing is marked; answers how many calls were folded. A call that cannot be folded is found by
/// going one by one, and put last.
async fn project(
    projector: &Projector,
    edge: Edge,
    markers_max: &mut i64,
    stop: &CancellationToken,
) -> Result<usize, StoreError> {
    let mut calls = 0;
    while !stop.is_cancelled() {
        match projector.step(*markers_max, edge.now()).await {
            Ok(done) => {
                calls += done.calls.len();
                if !done.is_more {
                    *markers_max = MARKERS_MAX;
                    break;
                }
            }
            Err(StoreError::Unavailable(error)) => return Err(StoreError::Unavailable(error)),
            Err(error) if *markers_max == 1 => {
                for (tenant, call) in projector.postpone_oldest().await? {
                    tracing::error!(tenant.id = %tenant, call.id = call, "call {call}, or one of its batch, cannot be folded; it is tried again later");
                }
                *markers_max = MARKERS_MAX;
                return Err(error);
            }
            Err(_) => *markers_max = 1,
        }
    }
    Ok(calls)
}
