//! Facets: how many calls there are of each direction, state, person and so on.
//!
//! Each is counted when its field is asked for, in a short transaction of its own.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Error, Object, SimpleObject};
use domain::search::CallFilter;
use domain::state;
use store::{Counted, TenantAccess};

use crate::connection::TotalCount;
use crate::enums::{CallOutcome, CallState, Direction};
use crate::error::ApiError;
use crate::loader::Access;
use crate::party::{Parties, Party, PartyKey};
use crate::services::{Counting, RequestState};

/// Values of a facet of people or groups.
const VALUES_MAX: usize = 50;
/// The same when nothing is asked for.
const VALUES_DEFAULT: usize = 10;
/// What counting once costs, next to the fields of the answer: a full list, all facets and the histogram fit into one
/// query, dozens of them do not.
pub(crate) const COUNTING_COST: usize = 500;

/// How many of the matching calls are what.
pub(crate) struct CallFacets {
    pub(crate) access: TenantAccess,
    pub(crate) filter: CallFilter,
}

macro_rules! facet {
    ($(#[$doc:meta])* $name:ident of $value:ty) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The value.
            value: $value,
            /// How many calls.
            count: TotalCount,
        }

        impl $name {
            fn all<T: Into<$value>>(counted: Vec<Counted<T>>) -> Vec<Self> {
                let facet = |one: Counted<T>| Self { value: one.value.into(), count: TotalCount(one.count) };
                counted.into_iter().map(facet).collect()
            }
        }
    };
}

facet! {
    /// How many calls go this way.
    DirectionFacet of Direction
}
facet! {
    /// How many calls have this state.
    CallStateFacet of CallState
}
facet! {
    /// How many calls came out like this.
    CallOutcomeFacet of CallOutcome
}
facet! {
    /// How many calls are so, or are not.
    BooleanFacet of bool
}

/// How many calls someone has.
#[derive(SimpleObject)]
pub(crate) struct PartyFacet {
    /// Who.
    party: Party,
    /// How many calls.
    count: TotalCount,
}

/// How many calls a group has.
#[derive(SimpleObject)]
pub(crate) struct GroupFacet {
    /// The group (`Office:…`, `Department:…`, `CallCenter:…`).
    group_id: String,
    /// Its name, when a call named it.
    name: Option<String>,
    /// How many calls.
    count: TotalCount,
}

impl CallFacets {
    async fn counting<'a>(&self, ctx: &Context<'a>) -> Result<Counting<'a>, Error> {
        Ok(RequestState::of(ctx).count(&self.access).await.map_err(ApiError::from)?)
    }
}

/// How many of the matching calls are what. Each facet is counted without its own condition in the filter, so that what
/// was not chosen can be seen too; conditions inside of `or` and `not` stay. The most frequent value comes first, and
/// values without calls are left out. Counting stops at the newest 100,000 calls; then no count is exact.
#[Object]
impl CallFacets {
    /// By direction.
    #[graphql(complexity = "facet_cost(state::Direction::ALL.len(), child_complexity)")]
    async fn direction(&self, ctx: &Context<'_>) -> Result<Vec<DirectionFacet>, Error> {
        let counted = self.counting(ctx).await?.tx.calls_by_direction(&self.filter).await;
        Ok(DirectionFacet::all(counted.map_err(ApiError::from)?))
    }

    /// By state.
    #[graphql(complexity = "facet_cost(state::CallState::ALL.len(), child_complexity)")]
    async fn state(&self, ctx: &Context<'_>) -> Result<Vec<CallStateFacet>, Error> {
        let counted = self.counting(ctx).await?.tx.calls_by_state(&self.filter).await;
        Ok(CallStateFacet::all(counted.map_err(ApiError::from)?))
    }

    /// By outcome.
    #[graphql(complexity = "facet_cost(state::Outcome::ALL.len(), child_complexity)")]
    async fn outcome(&self, ctx: &Context<'_>) -> Result<Vec<CallOutcomeFacet>, Error> {
        let counted = self.counting(ctx).await?.tx.calls_by_outcome(&self.filter).await;
        Ok(CallOutcomeFacet::all(counted.map_err(ApiError::from)?))
    }

    /// By `target`: who of the company is on the call.
    #[graphql(complexity = "facet_cost(clamped(first), child_complexity)")]
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 50; 10 by default.")] first: Option<i32>,
    ) -> Result<Vec<PartyFacet>, Error> {
        let most = values("first", first)?;
        let counted = self.counting(ctx).await?.tx.calls_by_person(&self.filter, most).await;
        let counted = counted.map_err(ApiError::from)?;
        let key = |party| PartyKey { access: Access(self.access), party };
        let loader = ctx.data_unchecked::<Arc<Parties>>();
        let mut parties: HashMap<PartyKey, Party> =
            loader.load_many(counted.iter().map(|one| key(one.value))).await?;
        let facet = |one: Counted<_>| {
            let party = parties.remove(&key(one.value))?;
            Some(PartyFacet { party, count: TotalCount(one.count) })
        };
        Ok(counted.into_iter().filter_map(facet).collect())
    }

    /// By group.
    #[graphql(complexity = "facet_cost(clamped(first), child_complexity)")]
    async fn group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 50; 10 by default.")] first: Option<i32>,
    ) -> Result<Vec<GroupFacet>, Error> {
        let most = values("first", first)?;
        let counted = self.counting(ctx).await?.tx.calls_by_group(&self.filter, most).await;
        let facet = |one: Counted<store::Group>| GroupFacet {
            group_id: one.value.id,
            name: one.value.name,
            count: TotalCount(one.count),
        };
        Ok(counted.map_err(ApiError::from)?.into_iter().map(facet).collect())
    }

    /// By whether it was recorded; what Dialpad did not say counts as no.
    #[graphql(complexity = "facet_cost(2, child_complexity)")]
    async fn recorded(&self, ctx: &Context<'_>) -> Result<Vec<BooleanFacet>, Error> {
        let counted = self.counting(ctx).await?.tx.calls_by_recorded(&self.filter).await;
        Ok(BooleanFacet::all(counted.map_err(ApiError::from)?))
    }

    /// By whether a voicemail was left.
    #[graphql(complexity = "facet_cost(2, child_complexity)")]
    async fn voicemail(&self, ctx: &Context<'_>) -> Result<Vec<BooleanFacet>, Error> {
        let counted = self.counting(ctx).await?.tx.calls_by_voicemail(&self.filter).await;
        Ok(BooleanFacet::all(counted.map_err(ApiError::from)?))
    }
}

/// Checks a number of values.
fn values(name: &str, asked: Option<i32>) -> Result<usize, ApiError> {
    let Some(asked) = asked else { return Ok(VALUES_DEFAULT) };
    let values = usize::try_from(asked).ok().filter(|values| (1..=VALUES_MAX).contains(values));
    values.ok_or_else(|| ApiError::input(format!("{name} is {asked}: ask for 1 to {VALUES_MAX} values.")))
}

fn clamped(asked: Option<i32>) -> usize {
    asked.map_or(VALUES_DEFAULT, |asked| usize::try_from(asked).unwrap_or(1).clamp(1, VALUES_MAX))
}

fn facet_cost(values: usize, value_cost: usize) -> usize {
    COUNTING_COST.saturating_add(values.saturating_mul(value_cost))
}
