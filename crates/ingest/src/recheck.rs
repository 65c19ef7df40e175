//! Examines again what was refused or not understood: with the secrets and the rules of now.
//!
//! What is good is written first and then forgotten where it was kept, so that nothing is lost in between; done twice, it
//! changes nothing.

use std::collections::HashMap;
use std::sync::Arc;

use domain::delivery::{DeliveryOutcome, DeliveryReason, Rechecked};
use domain::edge::Edge;
use domain::ids::{DeliveryId, EndpointId, TenantId};
use store::{Arrival, EndpointSecrets, Ingest, Recheckable, StoreError, Stored, Write, WriteKind, Writer};
use tokio::sync::{Mutex, Notify};

use crate::activity::{Activity, Counted};
use crate::delivery::{Origin, verified};

/// Deliveries that are written at once.
const BATCH_ROWS_MAX: usize = 128;

/// Takes in what can be taken in now.
pub struct Rechecker {
    store: Ingest,
    edge: Edge,
    /// Notified when there is something to project.
    written: Arc<Notify>,
    /// One re-check writes at a time.
    writer: Mutex<Writer>,
}

/// What one delivery turns out to be.
enum Verdict {
    /// To be written.
    Good(Write),
    /// Signed, and of a kind that is known now.
    Recognised(domain::event::OtherKind),
    /// As before.
    Still(DeliveryReason),
}

impl Rechecker {
    /// Connections are opened when they are first needed. Must be called on the runtime that it works on.
    pub fn new(store: Ingest, edge: Edge, written: Arc<Notify>) -> Self {
        let writer = Mutex::new(store.writer());
        Self { store, edge, written, writer }
    }

    /// Examines the quarantined and rejected deliveries of a company, only these when `only` names some. At most
    /// [`store::RECHECKED_AT_ONCE_MAX`].
    ///
    /// # Errors
    /// [`StoreError`]; what was taken in until then stays.
    pub async fn recheck(
        &self,
        tenant: TenantId,
        only: Option<&[DeliveryId]>,
    ) -> Result<Vec<Rechecked>, StoreError> {
        let mut writer = self.writer.lock().await;
        let found = self.store.recheckable(tenant, only).await?;
        let secrets = self.secrets(tenant, &found).await?;
        let mut results = Vec::with_capacity(found.len());
        let mut good = Vec::new();
        for one in found {
            match judge(tenant, &one, secrets.get(&one.endpoint)) {
                Verdict::Good(write) => good.push((one, write)),
                Verdict::Recognised(kind) => {
                    self.store.recognise_delivery(tenant, one.id, kind).await?;
                    results.push(result(&one, one.id, DeliveryOutcome::Accepted, None));
                }
                Verdict::Still(reason) => results.push(result(&one, one.id, one.outcome, Some(reason))),
            }
        }
        while !good.is_empty() {
            let rest = good.split_off(good.len().min(BATCH_ROWS_MAX));
            results.extend(self.take_in(&mut writer, tenant, std::mem::replace(&mut good, rest)).await?);
        }
        Ok(results)
    }

    /// The secrets of every endpoint that these came to.
    async fn secrets(
        &self,
        tenant: TenantId,
        found: &[Recheckable],
    ) -> Result<HashMap<EndpointId, EndpointSecrets>, StoreError> {
        let mut secrets = HashMap::new();
        for one in found {
            if !secrets.contains_key(&one.endpoint) {
                let endpoint = self.store.endpoint_by_id(tenant, one.endpoint, self.edge.now()).await?;
                secrets.extend(endpoint.map(|endpoint| (one.endpoint, endpoint)));
            }
        }
        Ok(secrets)
    }

    async fn take_in(
        &self,
        writer: &mut Writer,
        tenant: TenantId,
        batch: Vec<(Recheckable, Write)>,
    ) -> Result<Vec<Rechecked>, StoreError> {
        let (found, writes): (Vec<Recheckable>, Vec<Write>) = batch.into_iter().unzip();
        let stored = writer.write(&writes).await?;
        self.written.notify_one();
        let ids: Vec<DeliveryId> = found.iter().map(|one| one.id).collect();
        self.store.forget_deliveries(tenant, &ids).await?;
        let activity = Activity::default();
        let mut results = Vec::with_capacity(found.len());
        for ((one, write), stored) in found.iter().zip(&writes).zip(stored) {
            let counted = Counted::of(write);
            if one.outcome == DeliveryOutcome::Rejected && stored == Stored::New {
                activity.recovered(counted.origin(), self.edge.now());
            }
            let reason = match write.kind {
                WriteKind::Quarantined(reason) => Some(DeliveryReason::NotUnderstood(reason)),
                WriteKind::Event { .. } | WriteKind::Other(_) | WriteKind::Rejected(_) => None,
            };
            let now = DeliveryId { received_at: write.received_at, digest: write.digest };
            results.push(result(one, now, counted.outcome(stored), reason));
        }
        activity.write(&self.store).await;
        Ok(results)
    }
}

/// What a kept delivery is by the secrets and the rules of now.
fn judge(tenant: TenantId, one: &Recheckable, endpoint: Option<&EndpointSecrets>) -> Verdict {
    let origin = Origin { tenant, endpoint: one.endpoint, received_at: one.id.received_at };
    if one.outcome == DeliveryOutcome::Quarantined {
        let write = origin.signed(one.body.clone(), one.arrival);
        return match write.kind {
            WriteKind::Quarantined(reason) => Verdict::Still(DeliveryReason::NotUnderstood(reason)),
            WriteKind::Other(kind) => Verdict::Recognised(kind),
            WriteKind::Event { .. } | WriteKind::Rejected(_) => Verdict::Good(write),
        };
    }
    let no_endpoint = domain::jws::Refusal::Signature;
    match endpoint.ok_or(no_endpoint).and_then(|endpoint| verified(&one.body, endpoint, origin.received_at)) {
        Ok(signed) => {
            let arrival = Arrival { key: Some(signed.key), ..one.arrival };
            Verdict::Good(origin.signed(signed.payload, arrival))
        }
        Err(refusal) => Verdict::Still(DeliveryReason::Refused(refusal)),
    }
}

fn result(
    one: &Recheckable,
    now: DeliveryId,
    outcome: DeliveryOutcome,
    reason: Option<DeliveryReason>,
) -> Rechecked {
    Rechecked { before: one.id, now, outcome, reason }
}
