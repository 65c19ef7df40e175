//! Conversations: the calls that belong together, as people see one call.
//!
//! Everything about a conversation is read from its legs, which are loaded for all conversations of a request by one
//! statement, and only when something of them is asked for.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::parser::types::Field;
use async_graphql::{
    Context, ContextSelectionSet, Error, ID, Lookahead, Object, SelectionField, SimpleObject,
};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::conversation::{IDS_MAX, Leg, Place, TreeLeg, outcome, tree};
use domain::cursor::Position;
use domain::ids::GlobalId;
use domain::search::CallFilter;
use domain::state;
use store::{Slice, TenantAccess, TenantTx};

use crate::call::{Call, outcome_of};
use crate::connection::{CursorScope, PageInfo, TotalCount};
use crate::enums::{CallOutcome, Direction};
use crate::error::ApiError;
use crate::loader::{Access, by_company};
use crate::party::{self, Party};
use crate::phone::PhoneNumber;
use crate::plain::{Plain, Rows, Told, known};
use crate::services::{RequestState, Services, require};

/// Legs of a conversation when nothing is asked for.
const LEGS_DEFAULT: usize = 20;

/// Legs that belong together: one call, as people see it.
pub(crate) struct Conversation {
    access: TenantAccess,
    id: i64,
    /// Its legs, if they were read with the page that it is on.
    legs: Option<Arc<Legs>>,
}

/// The legs of a conversation, in the order of their tree. Never none.
pub(crate) struct Legs {
    rows: Vec<Arc<store::Call>>,
    places: Vec<Place>,
}

impl Legs {
    /// In the order of the tree.
    fn of(legs: Vec<store::Call>) -> Self {
        let tree_leg = |row: &store::Call| TreeLeg { leg: leg_of(row), started_at: row.started_at };
        let places = tree(&legs.iter().map(tree_leg).collect::<Vec<_>>());
        let mut by_id: HashMap<i64, Arc<store::Call>> =
            legs.into_iter().map(|row| (row.call_id, Arc::new(row))).collect();
        let rows = places.iter().filter_map(|place| by_id.remove(&place.call_id)).collect();
        Self { rows, places }
    }

    /// The first of something in the order of the tree.
    fn first<T>(&self, pick: impl Fn(&store::Call) -> Option<T>) -> Option<T> {
        self.rows.iter().find_map(|row| pick(row))
    }

    fn place(&self, call_id: i64) -> Option<&Place> {
        self.places.iter().find(|place| place.call_id == call_id)
    }
}

fn leg_of(row: &store::Call) -> Leg {
    Leg {
        call_id: row.call_id,
        master_call_id: row.master_call_id,
        entry_point_call_id: row.entry_point_call_id,
        operator_call_id: row.operator_call_id,
    }
}

impl Conversation {
    /// The conversation of a call.
    pub(crate) fn of(access: TenantAccess, call: &store::Call) -> Self {
        Self { access, id: call.conversation(), legs: None }
    }

    /// The conversation that has a leg with this id, or that is known by it.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        call_id: i64,
    ) -> Result<Option<Self>, Error> {
        require(&access, Action::ReadCalls)?;
        let found = legs(ctx, access, call_id).await?;
        Ok(found.and_then(|legs| legs.rows.first().map(|leg| Self::of(access, leg))))
    }

    /// Its legs.
    async fn tree(&self, ctx: &Context<'_>) -> Result<Arc<Legs>, Error> {
        let missing =
            || ApiError::from(store::StoreError::Inconsistent { table: "calls", column: "conversation_id" });
        match &self.legs {
            Some(legs) => Ok(Arc::clone(legs)),
            None => Ok(legs(ctx, self.access, self.id).await?.ok_or_else(missing)?),
        }
    }

    fn leg(&self, row: &Arc<store::Call>) -> Call {
        Call { access: self.access, row: Arc::clone(row) }
    }
}

async fn legs(ctx: &Context<'_>, access: TenantAccess, id: i64) -> Result<Option<Arc<Legs>>, Error> {
    let loader = ctx.data_unchecked::<DataLoader<LegsLoader>>();
    loader.load_one(ConversationKey { access: Access(access), id }).await
}

/// The leg above a call in the tree of its conversation.
pub(crate) async fn parent_of(ctx: &Context<'_>, call: &Call) -> Result<Option<Call>, Error> {
    let Some(legs) = legs(ctx, call.access, call.row.conversation()).await? else { return Ok(None) };
    let parent = legs.place(call.row.call_id).and_then(|place| place.parent);
    let row = legs.rows.iter().find(|row| Some(row.call_id) == parent);
    Ok(row.map(|row| Call { access: call.access, row: Arc::clone(row) }))
}

/// How many legs are above a call in the tree of its conversation.
pub(crate) async fn depth_of(ctx: &Context<'_>, call: &Call) -> Result<usize, Error> {
    let legs = legs(ctx, call.access, call.row.conversation()).await?;
    Ok(legs.and_then(|legs| legs.place(call.row.call_id).map(|place| place.depth)).unwrap_or(0))
}

/// What a conversation's legs cost: as many as are asked for.
pub(crate) fn legs_cost(first: Option<i32>, leg_cost: usize) -> usize {
    let legs = first.and_then(|first| usize::try_from(first).ok()).unwrap_or(LEGS_DEFAULT);
    legs.clamp(1, IDS_MAX).saturating_mul(leg_cost)
}

/// Legs that belong together: one call, as people see it. More than 200 linked legs are no conversation; each of them
/// stands alone.
#[Object]
impl Conversation {
    /// The global id. When conversations turn out to be one, the ids of all of them lead to it.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::Conversation(self.access.tenant(), self.id).encode())
    }

    /// The smallest of its legs' ids, also when that leg itself never arrived.
    async fn conversation_id(&self) -> ID {
        ID(self.id.to_string())
    }

    /// When its first leg started.
    async fn date_started(&self, ctx: &Context<'_>) -> Result<DateTime<Utc>, Error> {
        let legs = self.tree(ctx).await?;
        Ok(legs.rows.iter().map(|row| row.started_at).min().unwrap_or_default())
    }

    /// When its last leg ended; null while one goes on, and when no leg said.
    async fn date_ended(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>, Error> {
        let legs = self.tree(ctx).await?;
        let goes_on = legs.rows.iter().any(|row| outcome_of(row) == state::Outcome::Ongoing);
        Ok(legs.rows.iter().filter_map(|row| row.date_ended).max().filter(|_| !goes_on))
    }

    /// What came of it. `ANSWERED` when a person answered any leg; else `ONGOING` while any leg goes on; else `VOICEMAIL`
    /// when one was left; else the outcome of the first leg, where the call came in.
    async fn outcome(&self, ctx: &Context<'_>) -> Result<CallOutcome, Error> {
        let legs = self.tree(ctx).await?;
        Ok(outcome(&legs.rows.iter().map(|row| outcome_of(row)).collect::<Vec<_>>()).into())
    }

    /// Which way it went: that of the first leg that says.
    async fn direction(&self, ctx: &Context<'_>) -> Result<Direction, Error> {
        let legs = self.tree(ctx).await?;
        let known = legs.first(|row| {
            Some(state::Direction::parse(&row.direction)).filter(|known| *known != state::Direction::Unknown)
        });
        Ok(known.unwrap_or(state::Direction::Unknown).into())
    }

    /// The other side's number: that of the first leg that has one.
    async fn external_number(&self, ctx: &Context<'_>) -> Result<Option<Told<PhoneNumber>>, Error> {
        let number = self.tree(ctx).await?.first(|row| row.external_number.clone());
        Ok(PhoneNumber::parse(number.as_deref()).map(Told))
    }

    /// The other side: the contact of the first leg that has one.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Told<Party>>, Error> {
        let legs = self.tree(ctx).await?;
        let known = legs.rows.iter().find(|row| row.contact_party.is_some());
        match known {
            Some(row) => self.leg(row).party(ctx, row.contact_party).await,
            None => Ok(None),
        }
    }

    /// How many legs of it have arrived.
    async fn leg_count(&self, ctx: &Context<'_>) -> Result<usize, Error> {
        Ok(self.tree(ctx).await?.rows.len())
    }

    /// Its legs in the order of a tree: each behind the one that it came of (`Call.parent`), older ones first.
    #[graphql(complexity = "legs_cost(first, child_complexity)")]
    async fn legs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 200, which are always all; 20 by default.")] first: Option<
            i32,
        >,
    ) -> Result<Vec<Call>, Error> {
        let limit = match first.map(usize::try_from) {
            None => LEGS_DEFAULT,
            Some(Ok(first)) if (1..=IDS_MAX).contains(&first) => first,
            Some(_) => return Err(ApiError::input(format!("Ask for 1 to {IDS_MAX} legs.")).into()),
        };
        Ok(self.tree(ctx).await?.rows.iter().take(limit).map(|row| self.leg(row)).collect())
    }
}

/// A conversation of a company, by the id of any of its legs: between reading a list and reading its legs conversations
/// may turn out to be one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConversationKey {
    access: Access,
    id: i64,
}

/// Loads the legs of many conversations by one statement. Made for one request.
pub(crate) struct LegsLoader(pub(crate) Arc<Services>);

impl Loader<ConversationKey> for LegsLoader {
    type Value = Arc<Legs>;
    type Error = Error;

    async fn load(&self, keys: &[ConversationKey]) -> Result<HashMap<ConversationKey, Arc<Legs>>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, ids) in by_company(keys.iter().map(|key| (key.access, key.id))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            for (id, legs) in tx.conversation_legs(&ids).await.map_err(ApiError::from)? {
                found.insert(ConversationKey { access, id }, Arc::new(Legs::of(legs)));
            }
        }
        Ok(found)
    }
}

/// A page of conversations.
pub(crate) struct ConversationConnection {
    pub(crate) access: TenantAccess,
    pub(crate) filter: CallFilter,
    /// What was asked, as asked: cursors belong to it.
    pub(crate) question: String,
    /// The oldest leg of each that matches.
    pub(crate) slice: Slice<store::Call>,
    /// All their legs, if anything of them is asked for.
    pub(crate) legs: HashMap<i64, Arc<Legs>>,
}

/// The fields of a conversation that do not depend on its legs.
const WITHOUT_LEGS: [&str; 3] = ["id", "conversationId", "__typename"];

/// Reads the legs of the conversations of a page, and who is on them, in the transaction that read the page, if anything
/// of them is asked for. `ctx` is the page's.
pub(crate) async fn meet(
    ctx: &Context<'_>,
    tx: &TenantTx,
    access: TenantAccess,
    page: &[store::Call],
) -> Result<HashMap<i64, Arc<Legs>>, ApiError> {
    let asked = ctx.look_ahead();
    let nodes = [asked.field("nodes"), asked.field("edges").field("node")];
    let needs_legs = |node: &Lookahead<'_>| {
        let fields = node.selection_fields();
        let mut fields = fields.iter().flat_map(SelectionField::selection_set);
        fields.any(|field| !WITHOUT_LEGS.contains(&field.name()))
    };
    if !nodes.iter().any(needs_legs) {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = page.iter().map(store::Call::conversation).collect();
    let legs = tx.conversation_legs(&ids).await?;
    let legs_asked = nodes.each_ref().map(|node| node.field("legs"));
    party::meet(ctx, tx, access, legs.values().flatten(), nodes.into_iter().chain(legs_asked)).await?;
    Ok(legs.into_iter().map(|(id, legs)| (id, Arc::new(Legs::of(legs)))).collect())
}

/// A conversation and its cursor.
#[derive(SimpleObject)]
pub(crate) struct ConversationEdge {
    /// The conversation.
    node: Told<Conversation>,
    /// Its place in the list.
    cursor: String,
}

impl Plain for Conversation {
    /// Those of a page are read with their legs: see [`meet`].
    fn is_known(_: &ContextSelectionSet<'_>, field: &Field) -> bool {
        field.name.node != "legs"
    }
}

impl Plain for ConversationEdge {
    fn is_known(ctx: &ContextSelectionSet<'_>, field: &Field) -> bool {
        field.name.node != "node"
            || known::<Conversation>(&ctx.with_selection_set(&field.selection_set)).is_some()
    }
}

impl ConversationConnection {
    fn node(&self, row: &store::Call) -> Conversation {
        let legs = self.legs.get(&row.conversation()).map(Arc::clone);
        Conversation { legs, ..Conversation::of(self.access, row) }
    }

    fn cursor(&self, ctx: &Context<'_>, row: &store::Call) -> String {
        let tie = u128::from(row.call_id.unsigned_abs());
        let scope = CursorScope::new(ctx, self.access.tenant(), &self.question);
        scope.seal(Position { at: row.started_at, tie })
    }
}

/// A page of conversations.
#[Object]
impl ConversationConnection {
    /// The conversations with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<ConversationEdge> {
        let edge = |row| ConversationEdge { node: Told(self.node(row)), cursor: self.cursor(ctx, row) };
        Rows(self.slice.rows.iter().map(edge).collect())
    }

    /// The conversations.
    async fn nodes(&self) -> Rows<Conversation> {
        Rows(self.slice.rows.iter().map(|row| self.node(row)).collect())
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_next_page: self.slice.has_next,
            has_previous_page: self.slice.has_previous,
            start_cursor: self.slice.rows.first().map(|row| self.cursor(ctx, row)),
            end_cursor: self.slice.rows.last().map(|row| self.cursor(ctx, row)),
        }
    }

    /// How many conversations have a leg that matches.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, Error> {
        let counting = RequestState::of(ctx).count(&self.access).await.map_err(ApiError::from)?;
        Ok(TotalCount(counting.tx.count_conversations(&self.filter).await.map_err(ApiError::from)?))
    }
}
