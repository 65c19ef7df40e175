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
use crate::calls::{Count, Slice};
use crate::entity::event;
use crate::error::StoreError;
use crate::payload::Decoder;

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
            Ok((row.try_get("", "call_id")?, Count::capped(u64::try_from(counted).unwrap_or(0))))
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
    let inconsistent = |column| StoreError::Inconsistent { table: "events", column };
    let digest = <[u8; 16]>::try_from(row.digest.as_slice()).map_err(|_| inconsistent("digest"))?;
    let payload = decoder.decode(row.encoding, &row.payload).map_err(|_| inconsistent("payload"))?;
    Ok(Event {
        call_id: row.call_id,
        occurred_at: row.occurred_at,
        digest: Digest::from_bytes(digest),
        received_at: row.received_at,
        payload,
    })
}
