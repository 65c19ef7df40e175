//! Who waits when the processor is short: people, never deliveries.
//!
//! Runtimes and pools of their own keep a dashboard from taking the receive path's threads and connections; only the
//! scheduler can keep it from taking its processor.

use std::sync::Arc;
use std::time::Duration;

use ingest::Receiver;
use rustix::process::{Pid, nice, setpriority_process};
use tokio_util::sync::CancellationToken;

/// How far what answers people stands behind everything else: a tenth of its share when the processor is short, all
/// it wants otherwise.
const PEOPLE_NICENESS: i32 = 10;

/// Processors from which on people never hold every one.
const PROCESSORS_ENOUGH: usize = 3;
/// How often somebody looks whether many deliveries arrive, and how long a thread of people rests when they do.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Batches between two looks that are many: a hundred a second, of one delivery each or of all that came meanwhile.
const BATCHES_MANY: u64 = 5;

/// Threads that answer people. One processor is left to what arrives; where there are only two, people have the second as
/// long as [`give_way`] leaves it to them.
pub(crate) fn people_threads() -> usize {
    processors().saturating_sub(1).max(PROCESSORS_ENOUGH - 1)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Holds one of the threads of people at rest while many deliveries arrive, where these threads could hold every
/// processor. Works on the runtime of people.
pub(crate) async fn give_way(receiver: Arc<Receiver>, stop: CancellationToken) {
    if processors() >= PROCESSORS_ENOUGH {
        return;
    }
    let mut before = receiver.batches();
    let mut is_resting = false;
    while !stop.is_cancelled() {
        if is_resting {
            // The thread itself: what waits in its queue is taken by the other one, or by this one at each look.
            std::thread::sleep(LOOK_EVERY);
            tokio::task::yield_now().await;
        } else {
            stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
        }
        let now = receiver.batches();
        is_resting = now - before >= BATCHES_MANY;
        before = now;
    }
}

/// Has the calling thread give way. Linux counts niceness by thread.
pub(crate) fn lower_thread() {
    if let Err(error) = nice(PEOPLE_NICENESS) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}

/// Has a process give way, such as the one of PostgreSQL that serves a connection.
pub(crate) fn lower_process(id: i32) {
    if let Err(error) = setpriority_process(Pid::from_raw(id), PEOPLE_NICENESS) {
        tracing::debug!(%error, process = id, "a process keeps its priority");
    }
}
