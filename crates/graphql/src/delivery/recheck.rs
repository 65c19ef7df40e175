//! Examining again what was refused or not understood.

use std::collections::BTreeSet;
use std::time::Duration;

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use domain::delivery::{DeliveryOutcome as Outcome, Rechecked};
use domain::ids::{DeliveryId, GlobalId};
use store::TenantAccess;

use super::{Delivery, DeliveryOutcome, DeliveryReason};
use crate::error::ApiError;
use crate::mutation::UserError;
use crate::services::RequestState;

/// Deliveries that one re-check names at most.
const IDS_MAX: usize = 200;

/// How often, and how many times, it is looked whether the calls that were taken in are folded: a second in all.
const FOLDED_POLL: Duration = Duration::from_millis(50);
const FOLDED_POLLS_MAX: u32 = 20;

/// Which deliveries to examine again.
#[derive(InputObject)]
pub(crate) struct RecheckDeliveriesInput {
    /// The company; without one, the viewer's only one.
    pub(crate) company_id: Option<ID>,
    /// These, at most 200; without them, everything that was rejected or quarantined.
    pub(crate) delivery_ids: Option<Vec<ID>>,
}

/// What a re-check did.
pub(crate) struct RecheckDeliveriesPayload {
    access: TenantAccess,
    results: Vec<Rechecked>,
    has_more: bool,
}

/// What became of one delivery.
#[derive(SimpleObject)]
pub(crate) struct RecheckResult {
    /// The global id that it had before.
    delivery_id: ID,
    /// What became of it.
    outcome: DeliveryOutcome,
    /// Why it was not taken in; null when it was.
    reason: Option<DeliveryReason>,
    /// The delivery as it is now; it may have another id than before.
    delivery: Option<Delivery>,
}

/// Examines again what was rejected or quarantined, with the secrets and the rules of now.
pub(crate) async fn recheck(
    ctx: &Context<'_>,
    access: TenantAccess,
    ids: Option<&[ID]>,
) -> Result<RecheckDeliveriesPayload, Error> {
    if ids.is_some_and(|ids| ids.len() > IDS_MAX) {
        return Err(ApiError::input(format!("Name at most {IDS_MAX} deliveries.")).into());
    }
    // What is not there and what is not yours are both left out.
    let only: Option<Vec<DeliveryId>> = ids.map(|ids| {
        let own = ids.iter().filter_map(|id| match GlobalId::decode(id)? {
            GlobalId::Delivery(tenant, delivery) if tenant == access.tenant() => Some(delivery),
            _ => None,
        });
        own.collect()
    });
    let state = RequestState::of(ctx);
    let tx = state.begin(&access).await.map_err(ApiError::from)?;
    let limit = u64::try_from(store::RECHECKED_AT_ONCE_MAX).unwrap_or(u64::MAX);
    let there = tx.count_recheckable(limit + 1).await.map_err(ApiError::from)?;
    drop(tx);
    let has_more = only.is_none() && there > limit;
    let results = state.services.rechecker.recheck(access, only).await.map_err(ApiError::from)?;
    Ok(RecheckDeliveriesPayload { access, results, has_more })
}

/// The projector follows within a second: whoever asks what became of a delivery should see its call.
async fn wait_until_folded(
    ctx: &Context<'_>,
    access: TenantAccess,
    calls: &BTreeSet<i64>,
) -> Result<(), ApiError> {
    let wanted: Vec<i64> = calls.iter().copied().collect();
    for _ in 0..FOLDED_POLLS_MAX {
        let tx = RequestState::of(ctx).begin(&access).await?;
        if tx.calls_by_id(&wanted).await?.len() == wanted.len() {
            break;
        }
        drop(tx);
        tokio::time::sleep(FOLDED_POLL).await;
    }
    Ok(())
}

impl RecheckDeliveriesPayload {
    fn count(&self, outcome: Outcome) -> usize {
        self.results.iter().filter(|result| result.outcome == outcome).count()
    }
}

/// What a re-check did.
#[Object]
impl RecheckDeliveriesPayload {
    /// Deliveries that were examined.
    async fn checked(&self) -> usize {
        self.results.len()
    }

    /// Those that were taken in.
    async fn accepted(&self) -> usize {
        self.count(Outcome::Accepted)
    }

    /// Those whose content was there already.
    async fn duplicate(&self) -> usize {
        self.count(Outcome::Duplicate)
    }

    /// Those that are signed, but still not understood.
    async fn quarantined(&self) -> usize {
        self.count(Outcome::Quarantined)
    }

    /// Those that are still refused.
    async fn rejected(&self) -> usize {
        self.count(Outcome::Rejected)
    }

    /// Whether there were more than could be examined at once.
    async fn has_more(&self) -> bool {
        self.has_more
    }

    /// What became of each, the first 200.
    #[graphql(complexity = "IDS_MAX.saturating_mul(child_complexity)")]
    async fn results(&self, ctx: &Context<'_>) -> Result<Vec<RecheckResult>, Error> {
        let shown = self.results.get(..self.results.len().min(IDS_MAX)).unwrap_or_default();
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        let mut results = Vec::with_capacity(shown.len());
        for one in shown {
            let row = tx.delivery(one.now).await.map_err(ApiError::from)?;
            results.push(RecheckResult {
                delivery_id: ID(GlobalId::Delivery(self.access.tenant(), one.before).encode()),
                outcome: one.outcome.into(),
                reason: one.reason.and_then(DeliveryReason::of),
                delivery: row.map(|row| Delivery { access: self.access, row }),
            });
        }
        drop(tx);
        let taken_in = results.iter().filter_map(|result| result.delivery.as_ref()?.row.event);
        wait_until_folded(ctx, self.access, &taken_in.map(|(call_id, _)| call_id).collect()).await?;
        Ok(results)
    }

    /// What went wrong.
    async fn user_errors(&self) -> Vec<UserError> {
        Vec::new()
    }
}
