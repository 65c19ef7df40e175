//! What can be subscribed to.

use std::sync::Arc;

use async_graphql::{Context, Error, ID};
use domain::access::Action;
use domain::ids::GlobalId;
use futures_util::stream::{BoxStream, StreamExt as _, pending};
use store::TenantAccess;

use crate::call::Call;
use crate::company::Company;
use crate::delivery::Delivery;
use crate::error::ApiError;
use crate::filter::CallFilter;
use crate::live::{Live, WatchingLink};
use crate::loader::Access;
use crate::node::company_access;
use crate::party::{Parties, Party, PartyKey};
use crate::services::{RequestState, require};

/// What can be subscribed to, over `graphql-transport-ws` at `/graphql/ws`. What changed while nobody listened is not
/// told: read again after connecting.
pub(crate) struct Subscription;

/// What can be subscribed to, over `graphql-transport-ws` at `/graphql/ws`. What changed while nobody listened is not
/// told: read again after connecting.
#[async_graphql::Subscription]
impl Subscription {
    /// A call that is new or changed, and passes both the query text and the filter as it is now. Several changes that
    /// follow each other closely come as one. At most 200 calls a second are told, the newest; a `ping` with
    /// `liveUpdates: "sampled"` says that there were more.
    async fn call_changed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The company's global id; without it the API key's, or the viewer's only one.")]
        company: Option<ID>,
        #[graphql(desc = "What people type, as for `calls`.")] query: Option<String>,
        #[graphql(desc = "The same, typed.")] filter: Option<CallFilter>,
    ) -> Result<BoxStream<'static, Call>, Error> {
        let Some(access) = access(ctx, company.as_ref())? else { return Ok(pending().boxed()) };
        require(&access, Action::ReadCalls)?;
        let filter = Company::of(ctx, access).condition(ctx, query.as_deref(), filter.as_ref())?;
        let (live, link) = watching(ctx);
        let watching = live.watch_calls(access, filter, link).ok_or_else(too_many)?;
        let parties = Arc::clone(ctx.data_unchecked::<Arc<Parties>>());
        let budget = Arc::clone(&RequestState::of(ctx).budget);
        let calls = watching.then(move |changed| {
            let (parties, budget) = (Arc::clone(&parties), Arc::clone(&budget));
            async move {
                budget.refill().await;
                // Whoever is on the call was read once for everybody who watches.
                let known = changed.parties.iter();
                let known = known.map(|(id, party)| {
                    (PartyKey { access: Access(access), party: *id }, Party(Arc::clone(party)))
                });
                parties.feed_many(known).await;
                Call { access, row: Arc::clone(&changed.call) }
            }
        });
        Ok(calls.boxed())
    }

    /// A delivery that was received, whatever became of it; of very many at once the newest. What was taken from the
    /// journal after an outage, or taken in by a re-check, is not told again.
    async fn delivery_received<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The company's global id; without it the API key's, or the viewer's only one.")]
        company: Option<ID>,
    ) -> Result<BoxStream<'static, Delivery>, Error> {
        let Some(access) = access(ctx, company.as_ref())? else { return Ok(pending().boxed()) };
        require(&access, Action::ReadDeliveries)?;
        let (live, link) = watching(ctx);
        let watching = live.watch_deliveries(access, link).ok_or_else(too_many)?;
        let budget = Arc::clone(&RequestState::of(ctx).budget);
        let deliveries = watching.then(move |row| {
            let budget = Arc::clone(&budget);
            async move {
                budget.refill().await;
                Delivery { access, row }
            }
        });
        Ok(deliveries.boxed())
    }
}

/// The right to enter the company that is meant. A company that is not yours is as silent as one that is not there.
fn access(ctx: &Context<'_>, company: Option<&ID>) -> Result<Option<TenantAccess>, Error> {
    match (company_access(ctx, company), company) {
        (None, None) => Err(ApiError::input("You have several companies, or none: say which one.").into()),
        (None, Some(id)) if GlobalId::decode(id).is_none() => {
            Err(ApiError::input("This is no global id of a company.").into())
        }
        (access, _) => Ok(access),
    }
}

fn watching<'a>(ctx: &Context<'a>) -> (&'a Arc<Live>, &'a Arc<WatchingLink>) {
    (ctx.data_unchecked(), ctx.data_unchecked())
}

fn too_many() -> Error {
    ApiError::input("This company has too many subscriptions. End some of them.").into()
}
