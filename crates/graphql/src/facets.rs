//! Facets: how many calls there are of each direction, state, person and so on.
//!
//! What is asked for is counted at once: facets that the filter says nothing about cost one look at each call together.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Error, Object, SimpleObject};
use domain::search::{CallFilter, Facet};
use domain::state;
use store::{Counted, Facets, TenantAccess};

use crate::connection::TotalCount;
use crate::enums::{CallOutcome, CallState, Direction};
use crate::error::ApiError;
use crate::loader::Access;
use crate::party::{Parties, Party, PartyKey};
use crate::services::RequestState;

/// Values of a facet of people or groups.
const VALUES_MAX: usize = 50;
/// The same when nothing is asked for.
const VALUES_DEFAULT: usize = 10;
/// What counting once costs, next to the fields of the answer: a full list, all facets and the histogram fit into one
/// query, dozens of them do not.
pub(crate) const COUNTING_COST: usize = 500;

/// How many of the matching calls are what.
pub(crate) struct CallFacets {
    access: TenantAccess,
    counted: Facets,
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
            fn all<T: Copy + Into<$value>>(counted: &[Counted<T>]) -> Vec<Self> {
                let facet = |one: &Counted<T>| Self { value: one.value.into(), count: TotalCount(one.count) };
                counted.iter().map(facet).collect()
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

/// The fields of [`CallFacets`].
const FIELDS: [(&str, Facet); 7] = [
    ("direction", Facet::Direction),
    ("state", Facet::State),
    ("outcome", Facet::Outcome),
    ("person", Facet::Person),
    ("group", Facet::Group),
    ("recorded", Facet::Recorded),
    ("voicemail", Facet::Voicemail),
];

impl CallFacets {
    /// Counts the facets that are asked for, all in one transaction. `ctx` is the field's that answers them.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        filter: &CallFilter,
    ) -> Result<Self, Error> {
        let asked = ctx.look_ahead();
        let wanted = FIELDS.iter().filter(|(field, _)| asked.field(field).exists()).map(|(_, facet)| *facet);
        let wanted: Vec<Facet> = wanted.collect();
        let counting = RequestState::of(ctx).count(&access).await.map_err(ApiError::from)?;
        let counted = counting.tx.facets(filter, &wanted, VALUES_MAX).await.map_err(ApiError::from)?;
        Ok(Self { access, counted })
    }
}

/// How many of the matching calls are what. Each facet is counted without its own condition in the filter, so that what
/// was not chosen can be seen too; conditions inside of `or` and `not` stay. The most frequent value comes first, and
/// values without calls are left out. Counting stops at the newest 25,000 calls; then no count is exact.
#[Object]
impl CallFacets {
    /// By direction.
    #[graphql(complexity = "facet_cost(state::Direction::ALL.len(), child_complexity)")]
    async fn direction(&self) -> Vec<DirectionFacet> {
        DirectionFacet::all(&self.counted.direction)
    }

    /// By state.
    #[graphql(complexity = "facet_cost(state::CallState::ALL.len(), child_complexity)")]
    async fn state(&self) -> Vec<CallStateFacet> {
        CallStateFacet::all(&self.counted.state)
    }

    /// By outcome.
    #[graphql(complexity = "facet_cost(state::Outcome::ALL.len(), child_complexity)")]
    async fn outcome(&self) -> Vec<CallOutcomeFacet> {
        CallOutcomeFacet::all(&self.counted.outcome)
    }

    /// By `target`: who of the company is on the call.
    #[graphql(complexity = "facet_cost(clamped(first), child_complexity)")]
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 50; 10 by default.")] first: Option<i32>,
    ) -> Result<Vec<PartyFacet>, Error> {
        let counted = self.counted.person.iter().take(values("first", first)?);
        let key = |party| PartyKey { access: Access(self.access), party };
        let loader = ctx.data_unchecked::<Arc<Parties>>();
        let mut parties: HashMap<PartyKey, Party> =
            loader.load_many(counted.clone().map(|one| key(one.value))).await?;
        let facet = |one: &Counted<_>| {
            let party = parties.remove(&key(one.value))?;
            Some(PartyFacet { party, count: TotalCount(one.count) })
        };
        Ok(counted.filter_map(facet).collect())
    }

    /// By group.
    #[graphql(complexity = "facet_cost(clamped(first), child_complexity)")]
    async fn group(
        &self,
        #[graphql(desc = "At most this many, 1 to 50; 10 by default.")] first: Option<i32>,
    ) -> Result<Vec<GroupFacet>, Error> {
        let facet = |one: &Counted<store::Group>| GroupFacet {
            group_id: one.value.id.clone(),
            name: one.value.name.clone(),
            count: TotalCount(one.count),
        };
        Ok(self.counted.group.iter().take(values("first", first)?).map(facet).collect())
    }

    /// By whether it was recorded; what Dialpad did not say counts as no.
    #[graphql(complexity = "facet_cost(2, child_complexity)")]
    async fn recorded(&self) -> Vec<BooleanFacet> {
        BooleanFacet::all(&self.counted.recorded)
    }

    /// By whether a voicemail was left.
    #[graphql(complexity = "facet_cost(2, child_complexity)")]
    async fn voicemail(&self) -> Vec<BooleanFacet> {
        BooleanFacet::all(&self.counted.voicemail)
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
