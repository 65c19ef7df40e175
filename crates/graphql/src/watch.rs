//! Answers that take long, and whose they are: they end when the session or the key ends that they were begun with, or
//! when its rights are cut.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use accounts::{AccountService, Pass};
use store::TenantAccess;
use tokio_util::sync::CancellationToken;

/// How often all of them are looked at, together.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Everybody whose answer takes long.
#[derive(Default)]
pub(crate) struct Watch {
    inside: Mutex<HashMap<u64, Inside>>,
    entered: AtomicU64,
}

struct Inside {
    pass: Pass,
    accesses: Vec<TenantAccess>,
    ended: CancellationToken,
}

/// One of them; watched until it is dropped.
pub(crate) struct Watched {
    watch: Arc<Watch>,
    id: u64,
    /// Cancelled when the answer has to end.
    pub(crate) ended: CancellationToken,
}

impl Watch {
    /// Watches an answer that uses these rights, which came with `pass`.
    pub(crate) fn enter(self: &Arc<Self>, pass: Pass, accesses: Vec<TenantAccess>) -> Watched {
        let id = self.entered.fetch_add(1, Ordering::Relaxed);
        let ended = CancellationToken::new();
        let inside = Inside { pass, accesses, ended: ended.clone() };
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).insert(id, inside);
        Watched { watch: Arc::clone(self), id, ended }
    }

    /// Looks after all of them until `stop`. While the database is away nobody's rights are known to be cut, and nobody
    /// is answered anything either.
    pub(crate) async fn keep_looking(&self, accounts: &AccountService, stop: &CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_some() {
            self.look(accounts).await;
        }
    }

    async fn look(&self, accounts: &AccountService) {
        let mut passes: Vec<Pass> = self.locked().values().map(|inside| inside.pass).collect();
        passes.sort_unstable();
        passes.dedup();
        if passes.is_empty() {
            return;
        }
        match accounts.open_now(&passes).await {
            Ok(open) => {
                // Who came in meanwhile is looked at the next time.
                let looked_at = |pass: &Pass| passes.binary_search(pass).is_ok();
                for inside in self.locked().values().filter(|inside| looked_at(&inside.pass)) {
                    // What has ended opens nothing, also for somebody who had no company to enter.
                    let open = open.get(&inside.pass);
                    if !open.is_some_and(|open| inside.accesses.iter().all(|access| open.contains(access))) {
                        inside.ended.cancel();
                    }
                }
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "rights could not be looked at again"
                );
            }
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Inside>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.locked().remove(&self.id);
    }
}
