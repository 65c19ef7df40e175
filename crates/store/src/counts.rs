//! Counting calls over time: from what was counted when calls were written, when that says enough; else by one statement
//! over the newest [`COUNTED_CALLS_MAX`] calls that pass a filter, by the same condition that lists use.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::search::{Buckets, CallFilter, Piece, Pieces, QUARTER, Span, Tallied};
use domain::state::Outcome;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement, Value};

use crate::api::TenantTx;
use crate::calls::Count;
use crate::entity::call;
use crate::error::StoreError;
use crate::filter::condition_on_each;

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

impl BucketedCalls {
    fn sum(&self) -> u64 {
        self.counts.iter().map(BucketCounts::total).sum()
    }
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
        let mut calls = BucketedCalls {
            counts: vec![BucketCounts::default(); buckets.edges.len().saturating_sub(1)],
            total: Count::capped(0, COUNTED_CALLS_MAX),
        };
        let (Some(first), Some(end)) = (buckets.edges.first(), buckets.edges.last()) else {
            return Ok(calls);
        };
        let tallied = self.tallied(filter).and_then(|asked| {
            let pieces = Pieces::of(&buckets.edges, asked.bounds)?;
            Some((asked, pieces))
        });
        let Some((asked, pieces)) = tallied else {
            self.count_one_by_one(filter, buckets, *first..*end, &mut calls.counts).await?;
            calls.total = Count::capped(calls.sum(), COUNTED_CALLS_MAX);
            return Ok(calls);
        };
        for rest in pieces.rest {
            self.count_one_by_one(filter, buckets, rest, &mut calls.counts).await?;
        }
        self.count_tallies(&asked, &pieces.tallied, &mut calls.counts).await?;
        calls.total = Count { value: calls.sum(), exact: true };
        Ok(calls)
    }

    /// Counts the newest calls of a time that pass `filter`, one by one.
    async fn count_one_by_one(
        &self,
        filter: &CallFilter,
        buckets: &Buckets,
        time: Range<DateTime<Utc>>,
        counts: &mut [BucketCounts],
    ) -> Result<(), StoreError> {
        let started = Expr::col((call::Entity, call::Column::StartedAt));
        let mut matching = self.matching(filter, &[call::Column::StartedAt, call::Column::Outcome]).await?;
        matching.and_where(started.clone().gte(time.start)).and_where(started.lt(time.end));
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
        Ok(())
    }

    /// Adds up what was counted when it was written.
    async fn count_tallies(
        &self,
        asked: &Tallied,
        pieces: &[Piece],
        counts: &mut [BucketCounts],
    ) -> Result<(), StoreError> {
        let sum = |outcome: &Outcome| format!("sum({0})::bigint AS {0}", outcome.as_str());
        let sums = Outcome::ALL.iter().map(sum).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT piece.place, tally.*
             FROM UNNEST($2::bool[], $3::timestamptz[], $4::timestamptz[])
                  WITH ORDINALITY AS piece (is_day, begins_at, ends_at, place)
             CROSS JOIN LATERAL (
                 SELECT {sums} FROM call_tallies
                 WHERE tenant_id = $1 AND is_day = piece.is_day AND starts_at >= piece.begins_at
                   AND starts_at < piece.ends_at AND direction = ANY ($5)) AS tally"
        );
        let column = |read: fn(&Piece) -> DateTime<Utc>| pieces.iter().map(read).collect::<Vec<_>>();
        let values = [
            self.tenant().0.into(),
            pieces.iter().map(|piece| piece.span == Span::Day).collect::<Vec<_>>().into(),
            column(|piece| piece.time.start).into(),
            column(|piece| piece.time.end).into(),
            asked.direction_names().into(),
        ];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        for row in self.connection().query_all_raw(statement).await? {
            let place: i64 = row.try_get("", "place")?;
            let piece = usize::try_from(place - 1).ok().and_then(|place| pieces.get(place));
            let counts = piece.and_then(|piece| counts.get_mut(piece.bucket));
            let counts =
                counts.ok_or(StoreError::Inconsistent { table: "call_tallies", column: "starts_at" })?;
            for outcome in &asked.outcomes {
                let calls: Option<i64> = row.try_get("", outcome.as_str())?;
                counts.by_outcome[*outcome as usize] += calls.unwrap_or(0).unsigned_abs();
            }
        }
        Ok(())
    }

    /// When the newest call that passes `filter` started.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest_start(&self, filter: &CallFilter) -> Result<Option<DateTime<Utc>>, StoreError> {
        if let Some(asked) = self.tallied(filter) {
            return self.outermost_start(filter, &asked, Order::Desc).await;
        }
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
        if let Some(asked) = self.tallied(filter) {
            return self.outermost_start(filter, &asked, Order::Asc).await;
        }
        let matching = self.matching(filter, &[call::Column::StartedAt]).await?;
        let oldest = Query::select()
            .expr_as(Expr::cust("min(\"matching\".\"started_at\")"), Alias::new("oldest"))
            .from_subquery(matching, Alias::new("matching"))
            .to_owned();
        let row = self.connection().query_one(&oldest).await?;
        Ok(row.map(|row| row.try_get("", "oldest")).transpose()?.flatten())
    }

    /// When the first call in that order started that passes `filter`: the tallies say from where on to look.
    async fn outermost_start(
        &self,
        filter: &CallFilter,
        asked: &Tallied,
        order: Order,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let is_oldest = order == Order::Asc;
        let outcomes = asked.outcomes.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>();
        if outcomes.is_empty() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT starts_at FROM call_tallies
             WHERE tenant_id = $1 AND NOT is_day AND direction = ANY ($2) AND {} > 0
             ORDER BY starts_at {} LIMIT 1",
            outcomes.join(" + "),
            if is_oldest { "ASC" } else { "DESC" }
        );
        let values = [self.tenant().0.into(), asked.direction_names().into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let Some(row) = self.connection().query_one_raw(statement).await? else { return Ok(None) };
        let quarter: DateTime<Utc> = row.try_get("", "starts_at")?;
        let started = Expr::col((call::Entity, call::Column::StartedAt));
        let outermost = Query::select()
            .column((call::Entity, call::Column::StartedAt))
            .from(call::Entity)
            .and_where(self.seen())
            .cond_where(condition_on_each(filter, self.tenant()))
            .and_where(if is_oldest { started.gte(quarter) } else { started.lt(quarter + QUARTER) })
            .order_by((call::Entity, call::Column::StartedAt), order)
            .limit(1)
            .to_owned();
        let row = self.connection().query_one(&outermost).await?;
        Ok(row.map(|row| row.try_get("", "started_at")).transpose()?)
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
        let search = self.look_up_to_count(filter).await?;
        let newest = Query::select()
            .from(call::Entity)
            .and_where(self.seen())
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
