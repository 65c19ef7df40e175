//! Calls, and lists of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::parser::types::Field;
use async_graphql::{Context, ContextSelectionSet, Error, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::cursor::Position;
use domain::ids::GlobalId;
use domain::search::CallFilter;
use domain::state;
use store::{Slice, TenantAccess};
use uuid::Uuid;

use crate::budget::spend;
use crate::connection::{CursorScope, PageInfo, TotalCount, page_cost};
use crate::conversation::{Conversation, depth_of, parent_of};
use crate::enums::{CallOutcome, CallState, Direction};
use crate::error::ApiError;
use crate::event::{CallEventConnection, CallKey};
use crate::loader::{Access, by_company};
use crate::party::{Parties, Party, PartyKey};
use crate::phone::PhoneNumber;
use crate::plain::{Plain, Rows, Told, known};
use crate::services::{RequestState, Services, require};

/// One leg of a call: what its events fold to.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) access: TenantAccess,
    pub(crate) row: Arc<store::Call>,
}

impl Call {
    pub(crate) async fn party(
        &self,
        ctx: &Context<'_>,
        party: Option<Uuid>,
    ) -> Result<Option<Told<Party>>, Error> {
        let Some(party) = party else { return Ok(None) };
        let loader = ctx.data_unchecked::<Arc<Parties>>();
        Ok(loader.load_one(PartyKey { access: Access(self.access), party }).await?.map(Told))
    }
}

/// What came of a leg.
pub(crate) fn outcome_of(row: &store::Call) -> state::Outcome {
    state::Outcome::parse(&row.outcome).unwrap_or(state::Outcome::Ongoing)
}

/// One leg of a call: what its events fold to.
#[Object]
impl Call {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::Call(self.access.tenant(), self.row.call_id).encode())
    }

    /// Dialpad's id of this leg.
    async fn call_id(&self) -> ID {
        ID(self.row.call_id.to_string())
    }

    /// Which way it went.
    async fn direction(&self) -> Direction {
        state::Direction::parse(&self.row.direction).into()
    }

    /// The furthest state of its life cycle.
    async fn state(&self) -> CallState {
        state::CallState::parse(&self.row.state).into()
    }

    /// That state as Dialpad sent it.
    async fn state_raw(&self) -> &str {
        &self.row.state_raw
    }

    /// What came of it.
    async fn outcome(&self) -> CallOutcome {
        outcome_of(&self.row).into()
    }

    /// The company's number.
    async fn internal_number(&self) -> Option<Told<PhoneNumber>> {
        PhoneNumber::parse(self.row.internal_number.as_deref()).map(Told)
    }

    /// The other side's number.
    async fn external_number(&self) -> Option<Told<PhoneNumber>> {
        PhoneNumber::parse(self.row.external_number.as_deref()).map(Told)
    }

    /// Who or which group of the company is on the call.
    async fn target(&self, ctx: &Context<'_>) -> Result<Option<Told<Party>>, Error> {
        self.party(ctx, self.row.target_party).await
    }

    /// The caller id that was shown instead of the caller's own.
    async fn proxy_target(&self, ctx: &Context<'_>) -> Result<Option<Told<Party>>, Error> {
        self.party(ctx, self.row.proxy_target_party).await
    }

    /// What was dialled first, when the call was passed on.
    async fn entry_point_target(&self, ctx: &Context<'_>) -> Result<Option<Told<Party>>, Error> {
        self.party(ctx, self.row.entry_point_party).await
    }

    /// The other side, as far as Dialpad knows it.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Told<Party>>, Error> {
        self.party(ctx, self.row.contact_party).await
    }

    /// The group (`Office:…`, `Department:…`, `CallCenter:…`).
    async fn group_id(&self) -> Option<&str> {
        self.row.group_id.as_deref()
    }

    /// The group's leg that this agent's leg belongs to.
    async fn entry_point_call_id(&self) -> Option<ID> {
        self.row.entry_point_call_id.map(|id| ID(id.to_string()))
    }

    /// The first leg, when this one came of a transfer.
    async fn master_call_id(&self) -> Option<ID> {
        self.row.master_call_id.map(|id| ID(id.to_string()))
    }

    /// The agent's leg that answered this group's leg.
    async fn operator_call_id(&self) -> Option<ID> {
        self.row.operator_call_id.map(|id| ID(id.to_string()))
    }

    /// The conversation that this leg belongs to.
    async fn conversation(&self) -> Conversation {
        Conversation::of(self.access, &self.row)
    }

    /// The leg that this one came of, if that has arrived: the group's leg of an agent's, the first leg of one that was
    /// transferred.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Self>, Error> {
        parent_of(ctx, self).await
    }

    /// How many legs are above this one in the tree of its conversation.
    async fn depth(&self, ctx: &Context<'_>) -> Result<usize, Error> {
        depth_of(ctx, self).await
    }

    /// When it entered Dialpad.
    async fn date_started(&self) -> Option<DateTime<Utc>> {
        self.row.date_started
    }

    /// When the first device rang.
    async fn date_first_rang(&self) -> Option<DateTime<Utc>> {
        self.row.date_first_rang
    }

    /// When it entered a hold queue.
    async fn date_queued(&self) -> Option<DateTime<Utc>> {
        self.row.date_queued
    }

    /// When the device rang that was answered.
    async fn date_rang(&self) -> Option<DateTime<Utc>> {
        self.row.date_rang
    }

    /// When it was connected; to a person, or to a menu or queue.
    async fn date_connected(&self) -> Option<DateTime<Utc>> {
        self.row.date_connected
    }

    /// When it ended.
    async fn date_ended(&self) -> Option<DateTime<Utc>> {
        self.row.date_ended
    }

    /// Milliseconds from connection to end. A group's leg includes menus and queues.
    async fn duration_ms(&self) -> Option<f64> {
        self.row.duration_ms
    }

    /// Milliseconds from start to end.
    async fn total_duration_ms(&self) -> Option<f64> {
        self.row.total_duration_ms
    }

    /// Milliseconds that people talked.
    async fn talk_time_ms(&self) -> Option<f64> {
        self.row.talk_time_ms
    }

    /// Milliseconds on hold.
    async fn hold_time_ms(&self) -> Option<f64> {
        self.row.hold_time_ms
    }

    /// Whether it was recorded, as Dialpad says; an administrator's recording does not count.
    async fn was_recorded(&self) -> Option<bool> {
        self.row.was_recorded
    }

    /// Where the voicemail can be heard by whoever may. As sent: check the host before making it a link.
    async fn voicemail_link(&self) -> Option<&str> {
        self.row.voicemail_link.as_deref()
    }

    /// Whether it was transferred.
    async fn is_transferred(&self) -> Option<bool> {
        self.row.is_transferred
    }

    /// The company's labels and categories.
    async fn labels(&self, ctx: &Context<'_>) -> Result<&[String], Error> {
        self.row.labels.iter().try_for_each(|label| spend(ctx, label))?;
        Ok(&self.row.labels)
    }

    /// When Trunkline last changed this call.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.row.updated_at
    }

    /// The signed events that this call was folded from.
    #[graphql(complexity = "page_cost(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 200; 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
    ) -> Result<CallEventConnection, Error> {
        require(&self.access, Action::ReadEvents)?;
        let call = CallKey { access: Access(self.access), call_id: self.row.call_id };
        CallEventConnection::load(ctx, call, first, after).await
    }
}

impl Plain for Call {
    /// The parties of a page are read with it: see [`crate::party::meet`].
    fn is_known(_: &ContextSelectionSet<'_>, field: &Field) -> bool {
        !["conversation", "parent", "depth", "events"].contains(&field.name.node.as_str())
    }
}

/// Loads many calls by one statement. Made for one request.
pub(crate) struct CallLoader(pub(crate) Arc<Services>);

impl Loader<CallKey> for CallLoader {
    type Value = Call;
    type Error = Error;

    async fn load(&self, keys: &[CallKey]) -> Result<HashMap<CallKey, Call>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, calls) in by_company(keys.iter().map(|key| (key.access, key.call_id))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            for row in tx.calls_by_id(&calls).await.map_err(ApiError::from)? {
                let call_id = row.call_id;
                found.insert(CallKey { access, call_id }, Call { access: access.0, row: Arc::new(row) });
            }
        }
        Ok(found)
    }
}

/// A page of calls.
pub(crate) struct CallConnection {
    access: TenantAccess,
    filter: CallFilter,
    /// What was asked, as asked: cursors belong to it.
    question: String,
    rows: Vec<Arc<store::Call>>,
    has_previous: bool,
    has_next: bool,
}

/// A call and its cursor.
#[derive(SimpleObject)]
pub(crate) struct CallEdge {
    /// The call.
    node: Told<Call>,
    /// Its place in the list.
    cursor: String,
}

impl Plain for CallEdge {
    fn is_known(ctx: &ContextSelectionSet<'_>, field: &Field) -> bool {
        field.name.node != "node" || known::<Call>(&ctx.with_selection_set(&field.selection_set)).is_some()
    }
}

impl CallConnection {
    pub(crate) fn new(
        access: TenantAccess,
        filter: CallFilter,
        question: String,
        slice: Slice<store::Call>,
    ) -> Self {
        let Slice { rows, has_previous, has_next } = slice;
        let rows = rows.into_iter().map(Arc::new).collect();
        Self { access, filter, question, rows, has_previous, has_next }
    }

    fn cursor(&self, ctx: &Context<'_>, row: &store::Call) -> String {
        let tie = u128::from(row.call_id.unsigned_abs());
        let scope = CursorScope::new(ctx, self.access.tenant(), &self.question);
        scope.seal(Position { at: row.started_at, tie })
    }

    fn node(&self, row: &Arc<store::Call>) -> Call {
        Call { access: self.access, row: Arc::clone(row) }
    }
}

/// A page of calls.
#[Object]
impl CallConnection {
    /// The calls with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<CallEdge> {
        let edge =
            |row: &Arc<store::Call>| CallEdge { node: Told(self.node(row)), cursor: self.cursor(ctx, row) };
        Rows(self.rows.iter().map(edge).collect())
    }

    /// The calls.
    async fn nodes(&self) -> Rows<Call> {
        Rows(self.rows.iter().map(|row| self.node(row)).collect())
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.rows.first().map(|row| self.cursor(ctx, row)),
            end_cursor: self.rows.last().map(|row| self.cursor(ctx, row)),
        }
    }

    /// How many calls match.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, Error> {
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        Ok(TotalCount(tx.count_calls(&self.filter).await.map_err(ApiError::from)?))
    }
}
