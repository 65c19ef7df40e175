//! How deliveries fare, counted in memory and written down about once a second: never on the way to a 200.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, TenantId};
use domain::jws::RefusalKind;
use store::{ActivityDelta, Ingest};
use tokio_util::sync::CancellationToken;

/// How often counts are written down.
const WRITE_EVERY: Duration = Duration::from_millis(500);
/// How long one writing may take.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(crate) struct Activity {
    /// One entry per endpoint that saw a delivery since the last writing.
    deltas: Mutex<HashMap<(TenantId, EndpointId), ActivityDelta>>,
}

impl Activity {
    pub(crate) fn accepted(&self, tenant: TenantId, endpoint: EndpointId, at: DateTime<Utc>) {
        self.change(tenant, endpoint, |delta| {
            delta.accepted += 1;
            delta.last_event_at = delta.last_event_at.max(Some(at));
        });
    }

    pub(crate) fn refused(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        at: DateTime<Utc>,
        why: RefusalKind,
    ) {
        self.change(tenant, endpoint, |delta| {
            delta.refused += 1;
            delta.last_refused = Some((at, why.as_str()));
        });
    }

    fn change(&self, tenant: TenantId, endpoint: EndpointId, change: impl FnOnce(&mut ActivityDelta)) {
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        change(deltas.entry((tenant, endpoint)).or_default());
    }

    /// Writes counts down until `stop`, then once more.
    pub(crate) async fn keep_writing(&self, store: &Ingest, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(WRITE_EVERY)).await.is_some() {
            self.write(store).await;
        }
        self.write(store).await;
    }

    /// Writes down what was counted since the last time.
    pub(crate) async fn write(&self, store: &Ingest) {
        let taken = std::mem::take(&mut *self.deltas.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() {
            return;
        }
        // In one order everywhere, so that two receivers never wait for each other's rows.
        let mut rows: Vec<_> =
            taken.into_iter().map(|((tenant, endpoint), delta)| (tenant, endpoint, delta)).collect();
        rows.sort_by_key(|(tenant, endpoint, _)| (*tenant, *endpoint));
        // When it takes too long nobody knows whether it was written. Counting twice is better than never again.
        let written = tokio::time::timeout(WRITE_TIMEOUT, store.record_activity(&rows)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::debug!(error = ?written.map(|result| result.err()), "activity could not be written; it is kept");
            for (tenant, endpoint, delta) in rows {
                self.change(tenant, endpoint, |known| known.add_older(&delta));
            }
        }
    }
}
