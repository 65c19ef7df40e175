//! Counting calls over time: one statement over the newest [`COUNTED_CALLS_MAX`] calls that pass a filter, by the same
//! condition that lists use.

use chrono::{DateTime, Utc};
use domain::search::{Buckets, CallFilter};
use domain::state::Outcome;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use crate::api::TenantTx;
use crate::calls::Count;
use crate::entity::{belongs_to, call};
use crate::error::StoreError;

/// Counting over time, and of legs, stops here: above it only the newest are counted.
pub const COUNTED_CALLS_MAX: u64 = 100_000;

/// How many calls started in a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BucketCounts {
    /// By outcome, in the order of [`Outcome::ALL`].
    by_outcome: [u64; Outcome::ALL.len()],
}

impl BucketCounts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// Those with this outcome.
    pub fn with(&self, outcome: Outcome) -> u64 {
        self.by_outcome[outcome as usize]
    }
}

/// How many calls started when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketedCalls {
    /// One for each bucket, in their order.
    pub counts: Vec<BucketCounts>,
    /// All calls.
    pub total: Count,
}

impl TenantTx {
    /// How many calls that pass `filter` started in which of `buckets`, by outcome.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_over_time(
        &self,
        filter: &CallFilter,
        buckets: &Buckets,
    ) -> Result<BucketedCalls, StoreError> {
        let mut counts = vec![BucketCounts::default(); buckets.edges.len().saturating_sub(1)];
        let (Some(first), Some(end)) = (buckets.edges.first(), buckets.edges.last()) else {
            return Ok(BucketedCalls { counts, total: Count::capped(0, COUNTED_CALLS_MAX) });
        };
        let started = Expr::col((call::Entity, call::Column::StartedAt));
        let mut matching = self.matching(filter, &[call::Column::StartedAt, call::Column::Outcome]).await?;
        matching.and_where(started.clone().gte(*first)).and_where(started.lt(*end));
        let bucket = Expr::cust_with_values(
            "width_bucket(\"matching\".\"started_at\", $1)",
            [Value::from(buckets.edges.clone())],
        );
        let statement = Query::select()
            .expr_as(bucket, Alias::new("bucket"))
            .column(Alias::new("outcome"))
            .expr_as(Expr::cust("count(*)"), Alias::new("count"))
            .from_subquery(matching, Alias::new("matching"))
            .add_group_by([Expr::cust("1"), Expr::cust("2")])
            .to_owned();
        for row in self.connection().query_all(&statement).await? {
            let (bucket, count): (i32, i64) = (row.try_get("", "bucket")?, row.try_get("", "count")?);
            let at = usize::try_from(bucket - 1).ok().and_then(|at| counts.get_mut(at));
            let at = at.ok_or(StoreError::Inconsistent { table: "calls", column: "started_at" })?;
            at.by_outcome[read_outcome(&row, "outcome")? as usize] += count.unsigned_abs();
        }
        let total = counts.iter().map(BucketCounts::total).sum();
        Ok(BucketedCalls { counts, total: Count::capped(total, COUNTED_CALLS_MAX) })
    }

    /// When the newest call that passes `filter` started.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest_start(&self, filter: &CallFilter) -> Result<Option<DateTime<Utc>>, StoreError> {
        let newest = self.matching(filter, &[call::Column::StartedAt]).await?.limit(1).to_owned();
        let row = self.connection().query_one(&newest).await?;
        Ok(row.map(|row| row.try_get("", "started_at")).transpose()?)
    }

    /// When the oldest call started of those that pass `filter` and would be counted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn oldest_counted_start(
        &self,
        filter: &CallFilter,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let matching = self.matching(filter, &[call::Column::StartedAt]).await?;
        let oldest = Query::select()
            .expr_as(Expr::cust("min(\"matching\".\"started_at\")"), Alias::new("oldest"))
            .from_subquery(matching, Alias::new("matching"))
            .to_owned();
        let row = self.connection().query_one(&oldest).await?;
        Ok(row.map(|row| row.try_get("", "oldest")).transpose()?.flatten())
    }

    /// The newest calls that pass `filter`: as many as are counted, and one that says that there are more.
    async fn matching(
        &self,
        filter: &CallFilter,
        columns: &[call::Column],
    ) -> Result<SelectStatement, StoreError> {
        let columns = columns.iter().map(|column| (call::Entity, *column));
        Ok(self.newest(filter, COUNTED_CALLS_MAX + 1).await?.columns(columns).to_owned())
    }

    /// Reads the newest calls that pass `filter`; what of them, is for the caller to say.
    pub(crate) async fn newest(&self, filter: &CallFilter, most: u64) -> Result<SelectStatement, StoreError> {
        let search = self.look_up(filter).await?;
        let newest = Query::select()
            .from(call::Entity)
            .and_where(belongs_to::<call::Entity>(self.tenant()))
            .cond_where(search.condition())
            .order_by((call::Entity, call::Column::StartedAt), Order::Desc)
            .order_by((call::Entity, call::Column::CallId), Order::Desc)
            .limit(most)
            .to_owned();
        Ok(newest)
    }
}

fn read_outcome(row: &QueryResult, column: &str) -> Result<Outcome, StoreError> {
    let name: String = row.try_get("", column)?;
    Outcome::parse(&name).ok_or(StoreError::Inconsistent { table: "calls", column: "outcome" })
}
