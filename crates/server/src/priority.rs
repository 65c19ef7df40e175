//! Who waits when the processor is short: people, never deliveries.
//!
//! Runtimes and pools of their own keep a dashboard from taking the receive path's threads and connections; only the
//! scheduler can keep it from taking its processor.

use rustix::process::{Pid, nice, setpriority_process};

/// How far what answers people stands behind everything else: a tenth of its share when the processor is short, all
/// it wants otherwise.
const PEOPLE_NICENESS: i32 = 10;

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
