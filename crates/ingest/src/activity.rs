//! How deliveries fare, counted in memory and written down about once a second: never on the way to a 200.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::delivery::{DeliveryOutcome, DeliveryReason};
use domain::edge::Edge;
use domain::ids::{EndpointId, TenantId};
use domain::jws::KeyUsed;
use store::{ActivityDelta, Arrival, Ingest, StoreError, Stored, Write, WriteKind};
use tokio_util::sync::CancellationToken;

use crate::delivery::Origin;

/// How often counts are written down.
const WRITE_EVERY: Duration = Duration::from_millis(500);
/// How long one writing may take.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// How often what is too old is removed.
const EXPIRE_EVERY: Duration = Duration::from_secs(3_600);

#[derive(Default)]
pub(crate) struct Activity {
    /// One entry per endpoint that saw a delivery since the last writing.
    deltas: Mutex<HashMap<(TenantId, EndpointId), ActivityDelta>>,
}

/// What is counted of a delivery that was written down.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    origin: Origin,
    kind: WriteKind,
    arrival: Arrival,
}

impl Counted {
    pub(crate) fn of(write: &Write) -> Self {
        let Write { tenant, endpoint, received_at, kind, arrival, .. } = *write;
        Self { origin: Origin { tenant, endpoint, received_at }, kind, arrival }
    }

    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// What became of the delivery.
    pub(crate) fn outcome(&self, stored: Stored) -> DeliveryOutcome {
        match (self.kind, stored) {
            (WriteKind::Rejected(_), _) => DeliveryOutcome::Rejected,
            (_, Stored::Duplicate) => DeliveryOutcome::Duplicate,
            (WriteKind::Quarantined(_), Stored::New) => DeliveryOutcome::Quarantined,
            (WriteKind::Event { .. } | WriteKind::Other(_), Stored::New) => DeliveryOutcome::Accepted,
        }
    }
}

impl Activity {
    /// A delivery is in the database. One that arrived in this process is answered in this moment.
    pub(crate) fn stored(&self, counted: &Counted, stored: Stored) {
        let received_at = counted.origin.received_at;
        let outcome = counted.outcome(stored);
        self.change(counted.origin, |delta, hour| {
            let hour = delta.hours.entry(hour).or_default();
            counted.arrival.since.iter().for_each(|since| hour.answered_in(since.elapsed()));
            match outcome {
                DeliveryOutcome::Accepted => hour.accepted += 1,
                DeliveryOutcome::Duplicate => hour.duplicate += 1,
                DeliveryOutcome::Quarantined => hour.quarantined += 1,
                DeliveryOutcome::Rejected => hour.rejected += 1,
            }
            if outcome != DeliveryOutcome::Rejected {
                delta.last_event_at = delta.last_event_at.max(Some(received_at));
            } else if let WriteKind::Rejected(DeliveryReason::Refused(refusal)) = counted.kind {
                delta.last_refused = Some((received_at, refusal.kind().as_str()));
            }
            if counted.arrival.key == Some(KeyUsed::Previous) {
                delta.previous_secret_used_at = delta.previous_secret_used_at.max(Some(received_at));
            }
            if counted.arrival.previous_url {
                delta.previous_url_used_at = delta.previous_url_used_at.max(Some(received_at));
            }
        });
    }

    /// A delivery is in the journal and is answered in this moment. What becomes of it is counted when it is moved.
    pub(crate) fn journalled(&self, counted: &Counted) {
        let Some(since) = counted.arrival.since else { return };
        self.change(counted.origin, |delta, hour| {
            delta.hours.entry(hour).or_default().answered_in(since.elapsed());
        });
    }

    /// A delivery that was refused is taken in at `now`.
    pub(crate) fn recovered(&self, origin: Origin, now: DateTime<Utc>) {
        self.change(origin, |delta, _| {
            delta.recovered += 1;
            delta.last_event_at = delta.last_event_at.max(Some(now));
        });
    }

    fn change(&self, origin: Origin, change: impl FnOnce(&mut ActivityDelta, DateTime<Utc>)) {
        let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        let delta = deltas.entry((origin.tenant, origin.endpoint)).or_default();
        change(delta, hour_of(origin.received_at));
    }

    /// Writes counts down until `stop`, then once more, and keeps what is kept of deliveries within its bounds.
    pub(crate) async fn keep_writing(&self, store: &Ingest, edge: Edge, stop: CancellationToken) {
        let mut expired_at = None;
        while stop.run_until_cancelled(tokio::time::sleep(WRITE_EVERY)).await.is_some() {
            self.write(store).await;
            if expired_at.is_none_or(|at: Instant| at.elapsed() > EXPIRE_EVERY) {
                expired_at = Some(Instant::now());
                note(store.expire_deliveries(edge.now()).await);
            }
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
            let mut deltas = self.deltas.lock().unwrap_or_else(PoisonError::into_inner);
            for (tenant, endpoint, delta) in rows {
                deltas.entry((tenant, endpoint)).or_default().add_older(&delta);
            }
            return;
        }
        let told = store.announce_deliveries(rows.iter().map(|(tenant, ..)| *tenant));
        if let Ok(Err(error)) = tokio::time::timeout(WRITE_TIMEOUT, told).await {
            let error: &dyn std::error::Error = &error;
            tracing::debug!(error, "nobody was told of deliveries");
        }
        let in_ring = rows.iter().filter(|(.., delta)| delta.is_in_ring());
        let busy: Vec<_> = in_ring.map(|(tenant, endpoint, _)| (*tenant, *endpoint)).collect();
        if !busy.is_empty() {
            note(store.trim_deliveries(&busy).await.map(drop));
        }
    }
}

fn note(result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "old deliveries could not be removed; tried again"
        );
    }
}

fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at)
}
