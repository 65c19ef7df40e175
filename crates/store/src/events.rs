//! Reading the events of calls.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::json::Digest;
use sea_orm::{ConnectionTrait as _, DbBackend, FromQueryResult as _, Statement, Value};

use crate::api::TenantTx;
use crate::calls::{Count, TOTAL_COUNT_MAX};
use crate::entity::event;
use crate::error::StoreError;
use crate::page::Slice;
use crate::payload::Decoder;

/// Events of a call that are looked at to find out which came out of order.
const ORDERED_EVENTS_MAX: u64 = 2_000;

/// Events of calls in the order of their time: `$1` is the company, `$3` how many of each call. Payloads are read as
/// long as they are not more than `$4` bytes together, as they are stored; then they are null.
const READ: &str = "SELECT first.tenant_id, first.call_id, first.occurred_at, first.digest, first.received_at, first.encoding,
        CASE WHEN sum(octet_length(first.payload)) OVER (ORDER BY first.call_id, first.occurred_at, first.digest) <= $4
             THEN first.payload END AS payload
    FROM WANTED AS wanted (call_id)
    CROSS JOIN LATERAL (
        SELECT * FROM events WHERE tenant_id = $1 AND call_id = wanted.call_id AND BEHIND
        ORDER BY occurred_at, digest LIMIT $3) first
    ORDER BY first.call_id, first.occurred_at, first.digest";

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
    /// [`StoreError::TooLarge`] when they are more than `left`, which becomes what is left of it.
    pub async fn first_events(
        &self,
        calls: &[i64],
        limit: u64,
        left: &mut u64,
    ) -> Result<HashMap<i64, Slice<Event>>, StoreError> {
        let sql = READ.replace("WANTED", "UNNEST($2::bigint[])").replace("BEHIND", "true");
        let values = [calls.to_vec().into(), most(limit + 1), most(*left)];
        let mut by_call: HashMap<i64, Vec<event::Model>> = HashMap::new();
        for row in self.read_events(&sql, values).await? {
            by_call.entry(row.call_id).or_default().push(row);
        }
        let mut first = HashMap::with_capacity(by_call.len());
        for (call, rows) in by_call {
            first.insert(call, slice(rows, limit, false, left)?);
        }
        Ok(first)
    }

    /// The events of a call behind `after` in the order of their time, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when they are more than `left`, which becomes what is left of it.
    pub async fn events_after(
        &self,
        call_id: i64,
        after: EventPosition,
        limit: u64,
        left: &mut u64,
    ) -> Result<Slice<Event>, StoreError> {
        let sql = READ.replace("WANTED", "(VALUES ($2::bigint))");
        let sql = sql.replace("BEHIND", "(occurred_at, digest) > ($5, $6)");
        let digest = after.1.as_bytes().to_vec().into();
        let values = [call_id.into(), most(limit + 1), most(*left), after.0.into(), digest];
        slice(self.read_events(&sql, values).await?, limit, true, left)
    }

    async fn read_events<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<event::Model>, StoreError> {
        let values = std::iter::once(self.tenant().0.into()).chain(values);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        Ok(event::Model::find_by_statement(statement).all(self.connection()).await?)
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
fn slice(
    rows: Vec<event::Model>,
    limit: u64,
    has_previous: bool,
    left: &mut u64,
) -> Result<Slice<Event>, StoreError> {
    let has_next = rows.len() as u64 > limit;
    let mut decoder = Decoder::new();
    let rows = rows.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
    let rows = rows.map(|row| read_event(&mut decoder, row, left)).collect::<Result<_, _>>()?;
    Ok(Slice { rows, has_previous, has_next })
}

fn read_event(decoder: &mut Decoder, row: event::Model, left: &mut u64) -> Result<Event, StoreError> {
    let stored = row.payload.ok_or(StoreError::TooLarge)?;
    let payload = decoder
        .decode(row.encoding, &stored)
        .map_err(|_| StoreError::Inconsistent { table: "events", column: "payload" })?;
    *left = left.checked_sub(payload.len() as u64).ok_or(StoreError::TooLarge)?;
    Ok(Event {
        call_id: row.call_id,
        occurred_at: row.occurred_at,
        digest: read_digest(&row.digest)?,
        received_at: row.received_at,
        payload,
    })
}

/// A bound as PostgreSQL knows numbers.
pub(crate) fn most(bound: u64) -> Value {
    i64::try_from(bound).unwrap_or(i64::MAX).into()
}

fn read_digest(stored: &[u8]) -> Result<Digest, StoreError> {
    let inconsistent = StoreError::Inconsistent { table: "events", column: "digest" };
    Ok(Digest::from_bytes(<[u8; Digest::BYTES]>::try_from(stored).map_err(|_| inconsistent)?))
}
