//! The link between what is watched and the connection that watches it: by it a connection learns that it is too slow,
//! or that it did not get everything.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A connection got a part only; that is said until it got everything for so long.
pub(crate) const SAMPLED_FOR: Duration = Duration::from_secs(5);

/// One connection, as those see it who send to it.
#[derive(Default)]
pub(crate) struct Link {
    /// Cancelled when it takes too long to take what it is sent.
    pub(super) too_slow: CancellationToken,
    sampled_at: Mutex<Option<Instant>>,
    sampled: Notify,
}

impl Link {
    /// It does not get everything: too much changes.
    pub(super) fn sample(&self) {
        let before = self.locked().replace(Instant::now());
        if before.is_none_or(|at| at.elapsed() > SAMPLED_FOR) {
            self.sampled.notify_one();
        }
    }

    /// Whether it did not get everything lately.
    pub(super) fn is_sampled(&self) -> bool {
        self.locked().is_some_and(|at| at.elapsed() <= SAMPLED_FOR)
    }

    /// Waits until it begins not to get everything.
    pub(super) async fn until_sampled(&self) {
        self.sampled.notified().await;
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.sampled_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
