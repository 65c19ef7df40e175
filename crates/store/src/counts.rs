//! Counting calls: by what they are, and over time.
//!
//! Each count is one statement over the newest [`COUNTED_CALLS_MAX`] calls that pass a filter, by the same condition that
//! lists use. Names are looked up afterwards, for the few values that are answered.

use chrono::{DateTime, Utc};
use domain::parties::group_party;
use domain::search::{Buckets, CallFilter, Facet};
use domain::state::{CallState, Direction, Outcome};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::calls::Count;
use crate::entity::{belongs_to, call};
use crate::error::StoreError;
use crate::filter::{has_voicemail, is_true};

/// Counting for facets and histograms stops here: above it only the newest are counted.
pub const COUNTED_CALLS_MAX: u64 = 100_000;
/// Parties of one group that are looked at for its name.
const NAMES_OF_GROUP_MAX: i64 = 100;

/// How many calls have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<T> {
    /// The value.
    pub value: T,
    /// How many calls.
    pub count: Count,
}

/// A group of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As Dialpad writes it: `CallCenter:…`.
    pub id: String,
    /// The name of the party that it is, when one is known.
    pub name: Option<String>,
}

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
    /// How many calls that pass `filter` have which direction, without the filter's own condition on it; the most
    /// frequent first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_direction(
        &self,
        filter: &CallFilter,
    ) -> Result<Vec<Counted<Direction>>, StoreError> {
        let read = |row: &QueryResult| Ok(Direction::parse(&row.try_get::<String>("", "value")?));
        self.counted(Facet::Direction, filter, Direction::ALL.len(), read).await
    }

    /// The same by state.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_state(&self, filter: &CallFilter) -> Result<Vec<Counted<CallState>>, StoreError> {
        let read = |row: &QueryResult| Ok(CallState::parse(&row.try_get::<String>("", "value")?));
        self.counted(Facet::State, filter, CallState::ALL.len(), read).await
    }

    /// The same by outcome.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_outcome(&self, filter: &CallFilter) -> Result<Vec<Counted<Outcome>>, StoreError> {
        let read = |row: &QueryResult| read_outcome(row, "value");
        self.counted(Facet::Outcome, filter, Outcome::ALL.len(), read).await
    }

    /// The same by the party that is the call's target; at most `most` of them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_person(
        &self,
        filter: &CallFilter,
        most: usize,
    ) -> Result<Vec<Counted<Uuid>>, StoreError> {
        self.counted(Facet::Person, filter, most, |row| Ok(row.try_get("", "value")?)).await
    }

    /// The same by group; at most `most` of them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_group(
        &self,
        filter: &CallFilter,
        most: usize,
    ) -> Result<Vec<Counted<Group>>, StoreError> {
        let read = |row: &QueryResult| Ok(Group { id: row.try_get("", "value")?, name: None });
        let mut groups = self.counted(Facet::Group, filter, most, read).await?;
        self.name_groups(&mut groups).await?;
        Ok(groups)
    }

    /// The same by whether it was recorded.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_recorded(&self, filter: &CallFilter) -> Result<Vec<Counted<bool>>, StoreError> {
        self.counted(Facet::Recorded, filter, 2, |row| Ok(row.try_get("", "value")?)).await
    }

    /// The same by whether a voicemail was left.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_voicemail(&self, filter: &CallFilter) -> Result<Vec<Counted<bool>>, StoreError> {
        self.counted(Facet::Voicemail, filter, 2, |row| Ok(row.try_get("", "value")?)).await
    }

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
        Ok(self.matching_of(filter).await?.columns(columns).to_owned())
    }

    async fn matching_of(&self, filter: &CallFilter) -> Result<SelectStatement, StoreError> {
        let search = self.look_up(filter).await?;
        let matching = Query::select()
            .from(call::Entity)
            .and_where(belongs_to::<call::Entity>(self.tenant()))
            .cond_where(search.condition())
            .order_by((call::Entity, call::Column::StartedAt), Order::Desc)
            .order_by((call::Entity, call::Column::CallId), Order::Desc)
            .limit(COUNTED_CALLS_MAX + 1)
            .to_owned();
        Ok(matching)
    }

    /// The values of a facet, the most frequent first, and those that are as frequent in their own order.
    async fn counted<T>(
        &self,
        facet: Facet,
        filter: &CallFilter,
        most: usize,
        read: impl Fn(&QueryResult) -> Result<T, StoreError>,
    ) -> Result<Vec<Counted<T>>, StoreError> {
        let value = Alias::new("value");
        let others = filter.without(facet);
        let matching = self.matching_of(&others).await?.expr_as(expression(facet), value.clone()).to_owned();
        // All are counted together before the rare ones are left out: whether the count is exact depends on all.
        let values = Query::select()
            .column(value.clone())
            .expr_as(Expr::cust("count(*)"), Alias::new("count"))
            .expr_as(Expr::cust("(sum(count(*)) OVER ())::bigint"), Alias::new("counted"))
            .from_subquery(matching, Alias::new("matching"))
            .group_by_col(value.clone())
            .to_owned();
        let statement = Query::select()
            .columns([value.clone(), Alias::new("count"), Alias::new("counted")])
            .from_subquery(values, Alias::new("values"))
            .and_where(Expr::col(value.clone()).is_not_null())
            .order_by(Alias::new("count"), Order::Desc)
            .order_by(value, Order::Asc)
            .limit(u64::try_from(most).unwrap_or(u64::MAX))
            .to_owned();
        let rows = self.connection().query_all(&statement).await?;
        let counted = |row: &QueryResult| {
            let (count, all): (i64, i64) = (row.try_get("", "count")?, row.try_get("", "counted")?);
            let value = Ord::min(count.unsigned_abs(), COUNTED_CALLS_MAX);
            let count = Count { value, exact: all.unsigned_abs() <= COUNTED_CALLS_MAX };
            Ok(Counted { value: read(row)?, count })
        };
        rows.iter().map(counted).collect()
    }

    /// Gives each group the name of its party; the one of the newest call when it had several.
    async fn name_groups(&self, groups: &mut [Counted<Group>]) -> Result<(), StoreError> {
        const SQL: &str = "
            SELECT wanted.place, named.name
            FROM UNNEST($2::text[], $3::text[]) WITH ORDINALITY AS wanted (kind, term, place)
            CROSS JOIN LATERAL (
                SELECT party.name, link.started_at, party.party_id
                FROM (SELECT party_id FROM party_terms
                      WHERE tenant_id = $1 AND term = wanted.term LIMIT $4) AS found
                JOIN parties AS party ON party.tenant_id = $1 AND party.party_id = found.party_id
                CROSS JOIN LATERAL (
                    SELECT started_at FROM call_parties
                    WHERE tenant_id = $1 AND party_id = party.party_id ORDER BY started_at DESC LIMIT 1) AS link
                WHERE party.kind = wanted.kind AND party.name IS NOT NULL
                ORDER BY link.started_at DESC, party.party_id LIMIT 1) AS named";
        // A group that can be no party gets a term that nothing has.
        let wanted = groups.iter().map(|group| group_party(&group.value.id).unwrap_or_default());
        let (kinds, terms): (Vec<String>, Vec<String>) = wanted.unzip();
        let values = [self.tenant().0.into(), kinds.into(), terms.into(), NAMES_OF_GROUP_MAX.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, SQL, values);
        for row in self.connection().query_all_raw(statement).await? {
            let place: i64 = row.try_get("", "place")?;
            if let Some(group) = usize::try_from(place - 1).ok().and_then(|place| groups.get_mut(place)) {
                group.value.name = row.try_get("", "name")?;
            }
        }
        Ok(())
    }
}

/// What a facet counts by.
fn expression(facet: Facet) -> SimpleExpr {
    match facet {
        Facet::Direction => call::Column::Direction.into_expr(),
        Facet::State => call::Column::State.into_expr(),
        Facet::Outcome => call::Column::Outcome.into_expr(),
        Facet::Person => call::Column::TargetParty.into_expr(),
        Facet::Group => call::Column::GroupId.into_expr(),
        // What Dialpad did not say counts as "no", as in the filter.
        Facet::Recorded => is_true(call::Column::WasRecorded.into_expr()),
        Facet::Voicemail => is_true(has_voicemail()),
    }
}

fn read_outcome(row: &QueryResult, column: &str) -> Result<Outcome, StoreError> {
    let name: String = row.try_get("", column)?;
    Outcome::parse(&name).ok_or(StoreError::Inconsistent { table: "calls", column: "outcome" })
}
