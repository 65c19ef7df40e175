//! How many exports run at once: few, and no company takes the turns of all others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::TenantId;
use store::EXPORT_CONNECTIONS_MAX;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Exports that run at once in this process: one for each connection that they have.
const EXPORTS_AT_ONCE_MAX: usize = EXPORT_CONNECTIONS_MAX as usize;
/// Exports of one company that run at once in this process.
pub(super) const EXPORTS_OF_COMPANY_MAX: usize = 2;
/// How long an export waits for its turn before it is refused.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Turns {
    all: Arc<Semaphore>,
    /// Companies that export, or wait for it.
    companies: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
}

/// The right to run one export.
pub(super) struct Turn {
    _company: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(EXPORTS_AT_ONCE_MAX)), companies: Mutex::default() }
    }

    /// Waits for a turn of the company; `None` when that takes too long.
    pub(super) async fn turn(&self, tenant: TenantId) -> Option<Turn> {
        let company = self.company(tenant);
        let turn = async {
            // The company's first: who waits for its own others holds up nobody else.
            let company = company.acquire_owned().await.ok()?;
            let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Turn { _company: company, _all: all })
        };
        tokio::time::timeout(TURN_TIMEOUT, turn).await.ok().flatten()
    }

    fn company(&self, tenant: TenantId) -> Arc<Semaphore> {
        let mut companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
        // A permit holds its semaphore.
        companies.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        let semaphore =
            companies.entry(tenant).or_insert_with(|| Arc::new(Semaphore::new(EXPORTS_OF_COMPANY_MAX)));
        Arc::clone(semaphore)
    }
}
