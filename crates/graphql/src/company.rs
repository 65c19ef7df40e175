//! A company: everything it owns hangs under it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::access::Action;
use domain::ids::GlobalId;
use domain::search;
use store::{StoreError, TenantAccess};
use tokio::sync::OnceCell;

use crate::api_key::ApiKey;
use crate::audit::{AuditCheck, AuditConnection, AuditFilter};
use crate::call::{Call, CallConnection};
use crate::call_query::{self, CallQuery};
use crate::change::CallChangeConnection;
use crate::connection::{CallOrder, CursorScope, PageArguments, page_cost};
use crate::conversation::{self, Conversation, ConversationConnection};
use crate::delivery::{DeliveryConnection, DeliveryFilter, DeliverySummary};
use crate::endpoint::Endpoint;
use crate::enums::{CompanyAction, Role};
use crate::error::ApiError;
use crate::facets::CallFacets;
use crate::filter::CallFilter;
use crate::group_scope::{GroupNames, ScopedGroup};
use crate::histogram::{self, CallHistogram, histogram_cost};
use crate::party;
use crate::people::{Invitation, Member};
use crate::saved_view::SavedView;
use crate::second_factor::SecondFactorRule;
use crate::services::{RequestState, require};
use crate::single_sign_on::SingleSignOn;

/// A company that uses Trunkline.
pub(crate) struct Company {
    access: TenantAccess,
    /// Where its days begin.
    zone: Tz,
    /// What is said of it: read when somebody asks.
    row: OnceCell<store::Company>,
}

impl Company {
    /// The company of `access`.
    pub(crate) fn of(ctx: &Context<'_>, access: TenantAccess) -> Self {
        let mut memberships = RequestState::of(ctx).identity.memberships().iter();
        let membership = memberships.find(|one| one.access.tenant() == access.tenant());
        let zone = membership.and_then(|one| one.time_zone.parse().ok()).unwrap_or(Tz::UTC);
        Self { access, zone, row: OnceCell::new() }
    }

    /// The same, when it was changed by this very request: as it is now.
    pub(crate) async fn load(ctx: &Context<'_>, access: TenantAccess) -> Result<Option<Self>, Error> {
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let row = tx.company().await.map_err(ApiError::from)?;
        Ok(row.map(|row| Self {
            access,
            zone: row.time_zone.parse().unwrap_or(Tz::UTC),
            row: OnceCell::new_with(Some(row)),
        }))
    }

    async fn row(&self, ctx: &Context<'_>) -> Result<&store::Company, ApiError> {
        let read = async || {
            let company = RequestState::of(ctx).begin(&self.access).await?.company().await?;
            company.ok_or(StoreError::Inconsistent { table: "tenants", column: "tenant_id" })
        };
        Ok(self.row.get_or_try_init(read).await?)
    }

    pub(crate) async fn load_call(
        ctx: &Context<'_>,
        access: TenantAccess,
        call_id: i64,
    ) -> Result<Option<Call>, Error> {
        require(&access, Action::ReadCalls)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let row = tx.call(call_id).await.map_err(ApiError::from)?;
        Ok(row.map(|row| Call { access, row: Arc::new(row) }))
    }

    /// The filter that query text and filter make together.
    pub(crate) fn condition(
        &self,
        ctx: &Context<'_>,
        query: Option<&str>,
        filter: Option<&CallFilter>,
    ) -> Result<search::CallFilter, ApiError> {
        condition(query, filter, RequestState::of(ctx).services.edge.now(), self.zone)
    }
}

/// The filter that query text and filter make together, at `now` in a company of `zone`.
pub(crate) fn condition(
    query: Option<&str>,
    filter: Option<&CallFilter>,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<search::CallFilter, ApiError> {
    Ok(call_query::said(query, filter, zone)?.at(now))
}

/// A company that uses Trunkline.
#[Object]
impl Company {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::Company(self.access.tenant()).encode())
    }

    /// Its name.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str, Error> {
        Ok(&self.row(ctx).await?.name)
    }

    /// Its part of the address of every page.
    async fn slug(&self, ctx: &Context<'_>) -> Result<&str, Error> {
        Ok(&self.row(ctx).await?.slug)
    }

    /// Its IANA time zone: decides where a day begins.
    async fn time_zone(&self, ctx: &Context<'_>) -> Result<&str, Error> {
        Ok(&self.row(ctx).await?.time_zone)
    }

    /// From when on the company is deleted with everything in it; null: it stays.
    async fn deleted_from(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>, Error> {
        Ok(self.row(ctx).await?.erase_at)
    }

    /// What the viewer is here.
    async fn viewer_role(&self) -> Role {
        self.access.role().into()
    }

    /// The groups and people whose calls the viewer sees here; null: all calls.
    async fn viewer_group_scope(&self, ctx: &Context<'_>) -> Result<Option<Vec<ScopedGroup>>, Error> {
        if self.access.scoped().is_none() {
            return Ok(None);
        }
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        let scope = tx.own_group_scope();
        let names = GroupNames::read(&tx, std::iter::once(scope)).await?;
        Ok(names.of(scope))
    }

    /// What the viewer may do here.
    async fn viewer_may(&self) -> Vec<CompanyAction> {
        Action::ALL.into_iter().filter(|action| self.access.allows(*action)).map(Into::into).collect()
    }

    /// Everybody in the company, in the order of joining; at most 1,000.
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<Member>, Error> {
        Member::load_all(ctx, self.access).await
    }

    /// Who was invited and has not come yet, the newest first; at most 200.
    async fn invitations(&self, ctx: &Context<'_>) -> Result<Vec<Invitation>, Error> {
        Invitation::load_all(ctx, self.access).await
    }

    /// The API keys that are not revoked, the newest first; at most 100.
    async fn api_keys(&self, ctx: &Context<'_>) -> Result<Vec<ApiKey>, Error> {
        ApiKey::load_all(ctx, self.access).await
    }

    /// The saved views that the viewer sees, by name: those that are shared, at most 200, and the viewer's own, at most
    /// 50. A key sees those that are shared.
    async fn saved_views(&self, ctx: &Context<'_>) -> Result<Vec<SavedView>, Error> {
        SavedView::load_all(ctx, self.access).await
    }

    /// Whether the company asks everybody for a second factor, and who has none.
    async fn second_factor_rule(&self, ctx: &Context<'_>) -> Result<SecondFactorRule, Error> {
        Ok(SecondFactorRule::new(self.access, self.row(ctx).await?.second_factor_from)?)
    }

    /// How people sign in by a provider of the company's own.
    async fn single_sign_on(&self, ctx: &Context<'_>) -> Result<SingleSignOn, Error> {
        SingleSignOn::load(ctx, self.access).await
    }

    /// Who changed what, newest first.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first rows, 1 to 200; 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Only these; all without one.")] filter: Option<AuditFilter>,
    ) -> Result<AuditConnection, Error> {
        AuditConnection::load(ctx, self.access, first, after, filter.unwrap_or_default()).await
    }

    /// Whether the audit log is as it was written: each entry holds a digest over itself and all before it.
    async fn audit_check(&self, ctx: &Context<'_>) -> Result<AuditCheck, Error> {
        AuditCheck::load(ctx, self.access).await
    }

    /// The active endpoint. Null for roles that may not see it.
    async fn endpoint(&self, ctx: &Context<'_>) -> Result<Option<Endpoint>, Error> {
        if !self.access.allows(Action::ReadEndpoint) {
            return Ok(None);
        }
        Endpoint::load(ctx, self.access).await
    }

    /// The calls that match both the query text and the filter, newest first by default.
    #[graphql(complexity = "page_cost(first.or(last), child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the API")]
    async fn calls(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What people type: `state:missed number:*5678 last:7d grace`. At most 128 characters."
        )]
        query: Option<String>,
        #[graphql(desc = "The same, typed.")] filter: Option<CallFilter>,
        #[graphql(desc = "The order; newest first by default.")] order_by: Option<CallOrder>,
        #[graphql(desc = "The first rows, 1 to 200; 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last rows, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<CallConnection, Error> {
        require(&self.access, Action::ReadCalls)?;
        let order = order_by.unwrap_or_default();
        let question = format!("{order:?} {query:?} {filter:?}");
        let page = PageArguments { first, after, last, before };
        let scope = CursorScope::new(ctx, self.access.tenant(), &question);
        let page = page.page(order == CallOrder::StartedAsc, &scope)?;
        let filter = self.condition(ctx, query.as_deref(), filter.as_ref())?;
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        let slice = tx.calls(&filter, page).await.map_err(ApiError::from)?;
        let page = ctx.look_ahead();
        let nodes = [page.field("nodes"), page.field("edges").field("node")];
        party::meet(ctx, &tx, self.access, slice.rows.iter(), nodes).await?;
        Ok(CallConnection::new(self.access, filter, question, slice))
    }

    /// The conversations of which a leg matches both the query text and the filter, newest first. Each stands where its
    /// oldest matching leg started, so legs that come later move nothing.
    #[graphql(complexity = "page_cost(first.or(last), child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the API")]
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people type, as for `calls`.")] query: Option<String>,
        #[graphql(desc = "The same, typed.")] filter: Option<CallFilter>,
        #[graphql(desc = "The first rows, 1 to 200; 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last rows, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<ConversationConnection, Error> {
        require(&self.access, Action::ReadCalls)?;
        let question = format!("conversations {query:?} {filter:?}");
        let page = PageArguments { first, after, last, before };
        let page = page.page(false, &CursorScope::new(ctx, self.access.tenant(), &question))?;
        let filter = self.condition(ctx, query.as_deref(), filter.as_ref())?;
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        let slice = tx.conversations(&filter, page).await.map_err(ApiError::from)?;
        let legs = conversation::meet(ctx, &tx, self.access, &slice.rows).await?;
        Ok(ConversationConnection { access: self.access, filter, question, slice, legs })
    }

    /// The conversation that has a leg with this Dialpad id.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Dialpad's id of any of its legs.")] id: ID,
    ) -> Result<Option<Conversation>, Error> {
        match id.parse() {
            Ok(id) => Conversation::load(ctx, self.access, id).await,
            Err(_) => Ok(None),
        }
    }

    /// The calls that changed since a place in the order of changes, oldest change first: for programs that keep a copy.
    /// Nothing is ever skipped, however late a change becomes visible; a call may come again unchanged.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `endCursor` of before; without it, from the first change on.")] since: Option<
            String,
        >,
        #[graphql(desc = "At most this many, 1 to 200; 50 by default.")] first: Option<i32>,
    ) -> Result<CallChangeConnection, Error> {
        CallChangeConnection::load(ctx, self.access, since, first).await
    }

    /// The place behind all changes so far: `since` for what changes from now on.
    async fn latest_change(&self, ctx: &Context<'_>) -> Result<String, Error> {
        CallChangeConnection::latest(ctx, self.access).await
    }

    /// A question about calls in the three ways in which it can be asked: as text, as a typed filter, and as chips.
    async fn call_query(
        &self,
        #[graphql(desc = "What people type, as for `calls`.")] query: Option<String>,
        #[graphql(desc = "The same, typed; when both are given, both must hold.")] filter: Option<CallFilter>,
    ) -> Result<CallQuery, Error> {
        require(&self.access, Action::ReadCalls)?;
        let said = call_query::said(query.as_deref(), filter.as_ref(), self.zone)?;
        Ok(CallQuery::new(&said, self.zone)?)
    }

    /// How many of the calls that match both are inbound, missed, recorded and so on: each facet without its own condition,
    /// all others applied.
    async fn call_facets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people type, as for `calls`.")] query: Option<String>,
        #[graphql(desc = "The same, typed.")] filter: Option<CallFilter>,
    ) -> Result<CallFacets, Error> {
        require(&self.access, Action::ReadCalls)?;
        let filter = self.condition(ctx, query.as_deref(), filter.as_ref())?;
        CallFacets::load(ctx, self.access, &filter).await
    }

    /// How many of the calls that match both there are over time, by outcome.
    #[graphql(complexity = "histogram_cost(buckets, child_complexity)")]
    async fn call_histogram(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people type, as for `calls`.")] query: Option<String>,
        #[graphql(desc = "The same, typed.")] filter: Option<CallFilter>,
        #[graphql(desc = "The IANA time zone in which days begin; the company's by default. Dates in \
                          the query text are the company's.")]
        time_zone: Option<String>,
        #[graphql(desc = "At most this many buckets, 1 to 60; 60 by default.")] buckets: Option<i32>,
    ) -> Result<CallHistogram, Error> {
        require(&self.access, Action::ReadCalls)?;
        let zone = time_zone.as_deref().map_or(Ok(self.zone), histogram::zone)?;
        let most = histogram::buckets(buckets)?;
        let filter = self.condition(ctx, query.as_deref(), filter.as_ref())?;
        let state = RequestState::of(ctx);
        let counting = state.count(&self.access).await.map_err(ApiError::from)?;
        let now = state.services.edge.now();
        Ok(CallHistogram::load(&counting.tx, &filter, zone, most, now).await?)
    }

    /// Everything that was posted to the Request URL, newest first. What was refused or repeated is kept for 7 days and
    /// 1,000 deliveries each.
    #[graphql(complexity = "page_cost(first.or(last), child_complexity)")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] filter: Option<DeliveryFilter>,
        #[graphql(desc = "The first rows, 1 to 200; 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last rows, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<DeliveryConnection, Error> {
        require(&self.access, Action::ReadDeliveries)?;
        let state = RequestState::of(ctx);
        let question = format!("deliveries {filter:?}");
        let page = PageArguments { first, after, last, before };
        let page = page.page(false, &CursorScope::new(ctx, self.access.tenant(), &question))?;
        let filter = filter.unwrap_or_default().condition(state.services.edge.now())?;
        let tx = state.begin(&self.access).await.map_err(ApiError::from)?;
        let slice = tx.deliveries(&filter, page).await.map_err(ApiError::from)?;
        Ok(DeliveryConnection { access: self.access, filter, question, slice })
    }

    /// How deliveries fared in every hour that overlaps a time of at most 92 days.
    async fn delivery_summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From here on.")] since: DateTime<Utc>,
        #[graphql(desc = "Up to here; without it, until now.")] until: Option<DateTime<Utc>>,
    ) -> Result<DeliverySummary, Error> {
        require(&self.access, Action::ReadDeliveries)?;
        let state = RequestState::of(ctx);
        let until = until.unwrap_or_else(|| state.services.edge.now());
        if until - since > TimeDelta::days(store::HOURS_DAYS) {
            return Err(ApiError::input(format!("Ask for at most {} days.", store::HOURS_DAYS)).into());
        }
        let tx = state.begin(&self.access).await.map_err(ApiError::from)?;
        Ok(DeliverySummary(tx.delivery_hours(since, until).await.map_err(ApiError::from)?))
    }

    /// The call with this Dialpad id.
    async fn call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Dialpad's id of the leg.")] call_id: ID,
    ) -> Result<Option<Call>, Error> {
        match call_id.parse() {
            Ok(call_id) => Self::load_call(ctx, self.access, call_id).await,
            Err(_) => Ok(None),
        }
    }
}
