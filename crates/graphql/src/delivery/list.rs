//! Lists of deliveries.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use domain::cursor::Position;
use domain::delivery;
use store::{Slice, TenantAccess};

use super::{Delivery, DeliveryKind, DeliveryOutcome, DeliveryReason};
use crate::connection::{CursorScope, PageInfo, TotalCount};
use crate::error::ApiError;
use crate::filter::DateTimeFilter;
use crate::services::RequestState;

/// Conditions on deliveries. All of them must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct DeliveryFilter {
    /// What became of it.
    outcome: Option<DeliveryOutcomeFilter>,
    /// Why it was quarantined or rejected.
    reason: Option<DeliveryReasonFilter>,
    /// What it is about.
    kind: Option<DeliveryKindFilter>,
    /// When it arrived.
    received_at: Option<DateTimeFilter>,
}

macro_rules! choice_filter {
    ($(#[$doc:meta])* $name:ident of $value:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, InputObject)]
        pub(crate) struct $name {
            /// It is this.
            eq: Option<$value>,
            /// It is not this.
            neq: Option<$value>,
            /// It is one of these.
            #[graphql(name = "in")]
            is_in: Option<Vec<$value>>,
            /// It is none of these.
            nin: Option<Vec<$value>>,
        }

        impl $name {
            fn admits(&self, value: $value) -> bool {
                self.eq.is_none_or(|wanted| value == wanted)
                    && self.neq.is_none_or(|unwanted| value != unwanted)
                    && self.is_in.as_ref().is_none_or(|wanted| wanted.contains(&value))
                    && self.nin.as_ref().is_none_or(|unwanted| !unwanted.contains(&value))
            }
        }
    };
}

choice_filter! {
    /// Compares an outcome.
    DeliveryOutcomeFilter of DeliveryOutcome
}
choice_filter! {
    /// Compares a reason. Deliveries without a reason never pass.
    DeliveryReasonFilter of DeliveryReason
}
choice_filter! {
    /// Compares a kind.
    DeliveryKindFilter of DeliveryKind
}

impl DeliveryFilter {
    /// The condition; `now` is where periods are counted from.
    pub(crate) fn condition(&self, now: DateTime<Utc>) -> Result<store::DeliveryFilter, ApiError> {
        let outcomes = delivery::DeliveryOutcome::ALL
            .into_iter()
            .filter(|outcome| self.outcome.as_ref().is_none_or(|filter| filter.admits((*outcome).into())));
        let kinds = delivery::DeliveryKind::ALL
            .into_iter()
            .filter(|kind| self.kind.as_ref().is_none_or(|filter| filter.admits((*kind).into())));
        let reasons = self.reason.as_ref().map(|filter| {
            let admitted = |reason: &delivery::DeliveryReason| {
                DeliveryReason::of(*reason).is_some_and(|reason| filter.admits(reason))
            };
            delivery::DeliveryReason::all().filter(admitted).collect()
        });
        let (since, until) = match &self.received_at {
            Some(filter) => filter.range(now, TimeDelta::microseconds(1))?,
            None => (None, None),
        };
        Ok(store::DeliveryFilter {
            outcomes: outcomes.collect(),
            kinds: kinds.collect(),
            reasons,
            since,
            until,
        })
    }
}

/// A page of deliveries.
pub(crate) struct DeliveryConnection {
    pub(crate) access: TenantAccess,
    pub(crate) filter: store::DeliveryFilter,
    /// What was asked, as asked: cursors belong to it.
    pub(crate) question: String,
    pub(crate) slice: Slice<store::Delivery>,
}

/// A delivery and its cursor.
#[derive(SimpleObject)]
pub(crate) struct DeliveryEdge {
    /// The delivery.
    node: Delivery,
    /// Its place in the list.
    cursor: String,
}

impl DeliveryConnection {
    fn cursor(&self, ctx: &Context<'_>, row: &store::Delivery) -> String {
        let tie = u128::from_be_bytes(*row.id.digest.as_bytes());
        let scope = CursorScope::new(ctx, self.access.tenant(), &self.question);
        scope.seal(Position { at: row.id.received_at, tie })
    }

    fn node(&self, row: &store::Delivery) -> Delivery {
        Delivery { access: self.access, row: *row }
    }
}

/// A page of deliveries, newest first.
#[Object]
impl DeliveryConnection {
    /// The deliveries with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<DeliveryEdge> {
        let edge =
            |row: &store::Delivery| DeliveryEdge { node: self.node(row), cursor: self.cursor(ctx, row) };
        self.slice.rows.iter().map(edge).collect()
    }

    /// The deliveries.
    async fn nodes(&self) -> Vec<Delivery> {
        self.slice.rows.iter().map(|row| self.node(row)).collect()
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

    /// How many deliveries match, of those that are kept.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, Error> {
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        Ok(TotalCount(tx.count_deliveries(&self.filter).await.map_err(ApiError::from)?))
    }
}
