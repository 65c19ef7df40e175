//! Reading the events of calls.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::json::Digest;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, FromQueryResult as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};

use crate::api::TenantTx;
use crate::calls::{Count, Slice, TOTAL_COUNT_MAX};
use crate::entity::event;
use crate::error::StoreError;
use crate::payload::Decoder;

/// Events of a call that are looked at to find out which came out of order.
const ORDERED_EVENTS_MAX: u64 = 2_000;

/// A signed event as it was received.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The call it is about.
    pub call_id: i64,
    /// Its time, from the payload.
    pub occurred_at: DateTime<Utc>,
    /// What tells it from others of the same time.
    pub digest: Digest,
    /// When it arrived here.
    pub received_at: DateTime<Utc>,
    /// The claims as they were signed.
    pub payload: Vec<u8>,
}

/// How an event arrived, compared with the others of its call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventArrival {
    /// An event that happened later was received before it.
    pub out_of_order: bool,
    /// How often it was received again.
    pub duplicates: i32,
}

/// Where an event stands among those of its call.
pub type EventPosition = (DateTime<Utc>, Digest);

impl TenantTx {
    /// The first events of each of these calls in the order of their time, at most `limit` of each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn first_events(
        &self,
        calls: &[i64],
        limit: u64,
    ) -> Result<HashMap<i64, Slice<Event>>, StoreError> {
        let sql = "SELECT first.* FROM UNNEST($2::bigint[]) AS wanted (call_id)
                   CROSS JOIN LATERAL (
                       SELECT * FROM events WHERE tenant_id = $1 AND call_id = wanted.call_id
                       ORDER BY occurred_at, digest LIMIT $3) first
                   ORDER BY first.call_id, first.occurred_at, first.digest";
        let rows = event::Model::find_by_statement(self.statement(sql, calls, Some(limit + 1)));
        let mut by_call: HashMap<i64, Vec<event::Model>> = HashMap::new();
        for row in rows.all(self.connection()).await? {
            by_call.entry(row.call_id).or_default().push(row);
        }
        by_call.into_iter().map(|(call, rows)| Ok((call, slice(rows, limit, false)?))).collect()
    }

    /// The events of a call behind `after` in the order of their time, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn events_after(
        &self,
        call_id: i64,
        after: EventPosition,
        limit: u64,
    ) -> Result<Slice<Event>, StoreError> {
        let key = Expr::tuple([Expr::col(event::Column::OccurredAt), Expr::col(event::Column::Digest)]);
        let after = Expr::tuple([Expr::val(after.0), Expr::val(after.1.as_bytes().to_vec())]);
        let rows = self
            .select::<event::Entity>()
            .filter(event::Column::CallId.eq(call_id))
            .filter(key.gt(after))
            .order_by_asc(event::Column::OccurredAt)
            .order_by_asc(event::Column::Digest)
            .limit(limit + 1)
            .all(self.connection())
            .await?;
        slice(rows, limit, true)
    }

    /// How the events of these calls arrived, where that was not plain: in order and once. Of a call with very many
    /// events only the first [`ORDERED_EVENTS_MAX`] are looked at.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn event_arrivals(
        &self,
        calls: &[i64],
    ) -> Result<HashMap<(i64, EventPosition), EventArrival>, StoreError> {
        let sql = "SELECT call_id, occurred_at, digest, out_of_order, duplicates FROM (
                       SELECT first.call_id, first.occurred_at, first.digest,
                              coalesce(first.received_at > min(first.received_at) OVER (
                                  PARTITION BY first.call_id ORDER BY first.occurred_at, first.digest
                                  ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), false) AS out_of_order,
                              coalesce(again.duplicates, 0) AS duplicates
                       FROM UNNEST($2::bigint[]) AS wanted (call_id)
                       CROSS JOIN LATERAL (
                           SELECT call_id, occurred_at, digest, received_at FROM events
                           WHERE tenant_id = $1 AND call_id = wanted.call_id
                           ORDER BY occurred_at, digest LIMIT $3) first
                       LEFT JOIN event_duplicates again
                         ON again.tenant_id = $1 AND again.call_id = first.call_id
                        AND again.occurred_at = first.occurred_at AND again.digest = first.digest
                   ) arrived WHERE out_of_order OR duplicates > 0";
        let statement = self.statement(sql, calls, Some(ORDERED_EVENTS_MAX));
        let rows = self.connection().query_all_raw(statement).await?;
        let arrival = |row: &sea_orm::QueryResult| {
            let position =
                (row.try_get("", "occurred_at")?, read_digest(&row.try_get::<Vec<u8>>("", "digest")?)?);
            let arrival = EventArrival {
                out_of_order: row.try_get("", "out_of_order")?,
                duplicates: row.try_get("", "duplicates")?,
            };
            Ok(((row.try_get("", "call_id")?, position), arrival))
        };
        rows.iter().map(arrival).collect()
    }

    /// How many events each of these calls has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_events(&self, calls: &[i64]) -> Result<HashMap<i64, Count>, StoreError> {
        let sql = "SELECT call_id, count(*) AS count FROM events
                   WHERE tenant_id = $1 AND call_id = ANY ($2) GROUP BY call_id";
        let rows = self.connection().query_all_raw(self.statement(sql, calls, None)).await?;
        let count = |row: &sea_orm::QueryResult| {
            let counted: i64 = row.try_get("", "count")?;
            Ok((
                row.try_get("", "call_id")?,
                Count::capped(u64::try_from(counted).unwrap_or(0), TOTAL_COUNT_MAX),
            ))
        };
        rows.iter().map(count).collect()
    }

    /// A statement about calls of this company: `$1` is the company, `$2` the calls, `$3` the limit if there is one.
    fn statement(&self, sql: &str, calls: &[i64], limit: Option<u64>) -> Statement {
        let values = [self.tenant().0.into(), calls.to_vec().into()];
        let limit = limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX).into());
        Statement::from_sql_and_values(DbBackend::Postgres, sql, values.into_iter().chain(limit))
    }
}

/// The first `limit` of `rows`, and whether there are more.
fn slice(rows: Vec<event::Model>, limit: u64, has_previous: bool) -> Result<Slice<Event>, StoreError> {
    let has_next = rows.len() as u64 > limit;
    let mut decoder = Decoder::new();
    let rows = rows.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
    let rows = rows.map(|row| read_event(&mut decoder, row)).collect::<Result<_, _>>()?;
    Ok(Slice { rows, has_previous, has_next })
}

fn read_event(decoder: &mut Decoder, row: event::Model) -> Result<Event, StoreError> {
    let payload = decoder
        .decode(row.encoding, &row.payload)
        .map_err(|_| StoreError::Inconsistent { table: "events", column: "payload" })?;
    Ok(Event {
        call_id: row.call_id,
        occurred_at: row.occurred_at,
        digest: read_digest(&row.digest)?,
        received_at: row.received_at,
        payload,
    })
}

fn read_digest(stored: &[u8]) -> Result<Digest, StoreError> {
    let inconsistent = StoreError::Inconsistent { table: "events", column: "digest" };
    Ok(Digest::from_bytes(<[u8; Digest::BYTES]>::try_from(stored).map_err(|_| inconsistent)?))
}
