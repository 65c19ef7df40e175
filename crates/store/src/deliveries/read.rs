//! Deliveries as people of their company see them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::cursor::Position;
use domain::delivery::{DeliveryKind, DeliveryOutcome, DeliveryReason};
use domain::ids::DeliveryId;
use domain::json::Digest;
use domain::jws::KeyUsed;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement, Value};

use super::{Delivery, DeliveryFilter, DeliveryHour};
use crate::api::TenantTx;
use crate::calls::{Count, TOTAL_COUNT_MAX};
use crate::error::StoreError;
use crate::events::most;
use crate::insert::{KEY_UNKNOWN, PREVIOUS_SECRET, PREVIOUS_URL, RECOVERED, body_place};
use crate::keys::Keys;
use crate::page::{Page, Slice};
use crate::payload::{Decoder, SEALED};

/// Both sources as one, newest first or oldest first. `$1` is the company, the others see [`Asked::values`].
const EVENTS: &str = "
    SELECT received_at, digest, 'accepted' AS outcome, 'call_event' AS kind, NULL AS reason, marks, latency_us,
           body_bytes, call_id, occurred_at
    FROM events WHERE tenant_id = $1";
const OTHERS: &str = "
    SELECT received_at, digest, outcome, kind, reason, marks, latency_us, body_bytes, call_id, occurred_at
    FROM deliveries WHERE tenant_id = $1 AND outcome = ANY ($7) AND kind = ANY ($8)
      AND ($9::text[] IS NULL OR reason = ANY ($9))";
/// The part of time that is asked for. The first two conditions can use an index, the third decides between deliveries
/// of the same microsecond.
const PART: &str = "
      AND received_at >= coalesce($2::timestamptz, '-infinity') AND received_at <= coalesce($4::timestamptz, 'infinity')
      AND (received_at, digest) > (coalesce($2::timestamptz, '-infinity'), $3::bytea)
      AND (received_at, digest) < (coalesce($4::timestamptz, 'infinity'), $5::bytea)";

/// What is asked for, strictly between two positions.
struct Asked<'a> {
    filter: &'a DeliveryFilter,
    newer_than: Option<Position>,
    older_than: Option<Position>,
    limit: u64,
}

impl TenantTx {
    /// The deliveries that pass `filter`, newest first, the part that `page` asks for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        page: Page,
    ) -> Result<Slice<Delivery>, StoreError> {
        let asked = Asked { filter, newer_than: page.before, older_than: page.after, limit: page.limit + 1 };
        let mut rows = self.delivery_rows(&asked, page.from_end).await?;
        let more = rows.len() as u64 > page.limit;
        if more {
            rows.pop();
        }
        if page.from_end {
            rows.reverse();
        }
        let (has_previous, has_next) = if page.from_end {
            let next = page.before.map(|at| Asked {
                newer_than: None,
                older_than: Some(above(at)),
                filter,
                limit: 1,
            });
            (more, self.has_any(next).await?)
        } else {
            let previous = page.after.map(|at| Asked {
                newer_than: Some(below(at)),
                older_than: None,
                filter,
                limit: 1,
            });
            (self.has_any(previous).await?, more)
        };
        Ok(Slice { rows, has_previous, has_next })
    }

    /// One delivery.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let at = position(id);
        let filter = DeliveryFilter::default();
        let asked =
            Asked { filter: &filter, newer_than: Some(below(at)), older_than: Some(above(at)), limit: 1 };
        Ok(self.delivery_rows(&asked, false).await?.pop())
    }

    /// How many deliveries pass `filter`, counted up to [`TOTAL_COUNT_MAX`].
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_deliveries(&self, filter: &DeliveryFilter) -> Result<Count, StoreError> {
        let asked = Asked { filter, newer_than: None, older_than: None, limit: TOTAL_COUNT_MAX + 1 };
        let sql = format!("SELECT count(*) AS count FROM ({}) asked", asked.sql(""));
        let row = self.connection().query_one_raw(asked.statement(self, &sql)).await?;
        let counted: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0);
        Ok(Count::capped(u64::try_from(counted).unwrap_or(0), TOTAL_COUNT_MAX))
    }

    /// How many deliveries a re-check would look at, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_recheckable(&self, limit: u64) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) AS count FROM (
                       SELECT FROM deliveries WHERE tenant_id = $1 AND outcome IN ('quarantined', 'rejected')
                       AND body IS NOT NULL LIMIT $2) asked";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let row = self.connection().query_one_raw(self.raw(sql, [limit.into()])).await?;
        let counted: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(counted).unwrap_or(0))
    }

    /// How deliveries fared in every hour that overlaps `since` to `until` and had any, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delivery_hours(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DeliveryHour>, StoreError> {
        let sql = "SELECT hour, accepted, duplicate, quarantined, rejected, latencies FROM delivery_hours
                   WHERE tenant_id = $1 AND hour > $2::timestamptz - interval '1 hour' AND hour < $3
                   ORDER BY hour";
        let rows = self.connection().query_all_raw(self.raw(sql, [since.into(), until.into()])).await?;
        let mut hours: Vec<DeliveryHour> = Vec::new();
        for row in &rows {
            let hour = read_hour(row)?;
            match hours.last_mut() {
                // Another endpoint of the company.
                Some(last) if last.hour == hour.hour => last.add(&hour),
                _ => hours.push(hour),
            }
        }
        Ok(hours)
    }

    /// When the first event of each of these calls was received.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn first_received(&self, calls: &[i64]) -> Result<HashMap<i64, DateTime<Utc>>, StoreError> {
        let sql = "SELECT call_id, min(received_at) AS first FROM events
                   WHERE tenant_id = $1 AND call_id = ANY ($2) GROUP BY call_id";
        let rows = self.connection().query_all_raw(self.raw(sql, [calls.to_vec().into()])).await?;
        rows.iter().map(|row| Ok((row.try_get("", "call_id")?, row.try_get("", "first")?))).collect()
    }

    /// What these deliveries held: the signed payload, or the body of a refused one. Those of which nothing is kept
    /// are left out.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when they are more than `left`, which becomes what is left of it.
    pub async fn delivery_contents(
        &self,
        deliveries: &[Delivery],
        keys: &Keys,
        left: &mut u64,
    ) -> Result<HashMap<DeliveryId, Vec<u8>>, StoreError> {
        let (events, others): (Vec<&Delivery>, Vec<&Delivery>) =
            deliveries.iter().partition(|delivery| delivery.event.is_some());
        let mut found = self.event_contents(&events, left).await?;
        found.extend(self.other_contents(&others, keys, left).await?);
        Ok(found)
    }

    async fn event_contents(
        &self,
        deliveries: &[&Delivery],
        left: &mut u64,
    ) -> Result<HashMap<DeliveryId, Vec<u8>>, StoreError> {
        let sql = "SELECT wanted.received_at, events.digest, events.encoding,
                          CASE WHEN sum(octet_length(events.payload)) OVER (ROWS UNBOUNDED PRECEDING) <= $6
                               THEN events.payload END AS payload
                   FROM UNNEST($2::timestamptz[], $3::bytea[], $4::bigint[], $5::timestamptz[])
                        AS wanted (received_at, digest, call_id, occurred_at)
                   JOIN events ON events.tenant_id = $1 AND events.call_id = wanted.call_id
                    AND events.occurred_at = wanted.occurred_at AND events.digest = wanted.digest";
        let (calls, times): (Vec<i64>, Vec<DateTime<Utc>>) =
            deliveries.iter().filter_map(|delivery| delivery.event).unzip();
        let [received, digests] = ids(deliveries);
        let values = [received, digests, calls.into(), times.into(), most(*left)];
        let rows = self.connection().query_all_raw(self.raw(sql, values)).await?;
        let mut decoder = Decoder::new();
        rows.iter().map(|row| read_content(row, &mut decoder, |_, _| None, left)).collect()
    }

    async fn other_contents(
        &self,
        deliveries: &[&Delivery],
        keys: &Keys,
        left: &mut u64,
    ) -> Result<HashMap<DeliveryId, Vec<u8>>, StoreError> {
        // A repeated delivery shows what it repeats.
        let sql = "SELECT wanted.received_at, kept.digest, kept.encoding,
                          CASE WHEN sum(octet_length(kept.body)) OVER (ROWS UNBOUNDED PRECEDING) <= $5
                               THEN kept.body END AS payload
                   FROM UNNEST($2::timestamptz[], $3::bytea[], $4::boolean[]) AS wanted (received_at, digest, repeats)
                   JOIN deliveries kept ON kept.tenant_id = $1 AND kept.digest = wanted.digest
                    AND CASE WHEN wanted.repeats THEN kept.outcome IN ('accepted', 'quarantined')
                             ELSE kept.received_at = wanted.received_at END
                   WHERE kept.body IS NOT NULL";
        let repeats: Vec<bool> =
            deliveries.iter().map(|delivery| delivery.outcome == DeliveryOutcome::Duplicate).collect();
        let [received, digests] = ids(deliveries);
        let values = [received, digests, repeats.into(), most(*left)];
        let rows = self.connection().query_all_raw(self.raw(sql, values)).await?;
        let mut decoder = Decoder::new();
        let open = |id, sealed: &[u8]| keys.open(&body_place(self.tenant(), id), sealed).ok();
        rows.iter().map(|row| read_content(row, &mut decoder, open, left)).collect()
    }

    async fn has_any(&self, asked: Option<Asked<'_>>) -> Result<bool, StoreError> {
        match asked {
            Some(asked) => Ok(!self.delivery_rows(&asked, false).await?.is_empty()),
            None => Ok(false),
        }
    }

    async fn delivery_rows(
        &self,
        asked: &Asked<'_>,
        oldest_first: bool,
    ) -> Result<Vec<Delivery>, StoreError> {
        let way = if oldest_first { "ASC" } else { "DESC" };
        let order = format!("ORDER BY received_at {way}, digest {way}");
        let statement = asked.statement(self, &asked.sql(&order));
        let rows = self.connection().query_all_raw(statement).await?;
        rows.iter().map(read_delivery).collect()
    }
}

impl Asked<'_> {
    /// Both sources, each no further than needed.
    fn sql(&self, order: &str) -> String {
        let others = format!("({OTHERS}{PART} {order} LIMIT $6)");
        if self.filter.has_events() {
            let events = format!("({EVENTS}{PART} {order} LIMIT $6)");
            format!("SELECT * FROM ({events} UNION ALL {others}) both_sources {order} LIMIT $6")
        } else {
            others
        }
    }

    fn statement(&self, tx: &TenantTx, sql: &str) -> Statement {
        let words = |words: Vec<&'static str>| -> Value {
            words.into_iter().map(str::to_owned).collect::<Vec<String>>().into()
        };
        let DeliveryFilter { outcomes, kinds, reasons, since, until } = self.filter;
        // The narrower bound of two. `since` itself is asked for, `until` itself is not.
        let newer = self.newer_than.max(since.map(|at| below(Position { at, tie: 0 })));
        let until = until.map(|at| Position { at, tie: 0 });
        let older = match (self.older_than, until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let reasons: Option<Vec<String>> =
            reasons.as_ref().map(|reasons| reasons.iter().map(|reason| reason.code().to_owned()).collect());
        let (newer_at, newer_tie) = bound(newer);
        let (older_at, older_tie) = bound(older);
        tx.raw(
            sql,
            [
                newer_at,
                newer_tie,
                older_at,
                older_tie,
                i64::try_from(self.limit).unwrap_or(i64::MAX).into(),
                words(outcomes.iter().map(|outcome| outcome.as_str()).collect()),
                words(kinds.iter().map(|kind| kind.as_str()).collect()),
                reasons.into(),
            ],
        )
    }
}

/// A position as two values: time, which may be missing, and digest.
fn bound(position: Option<Position>) -> (Value, Value) {
    let tie = position.map_or(0, |position| position.tie);
    (position.map(|position| position.at).into(), tie.to_be_bytes().to_vec().into())
}

/// Where a delivery stands in the list.
fn position(id: DeliveryId) -> Position {
    Position { at: id.received_at, tie: u128::from_be_bytes(*id.digest.as_bytes()) }
}

/// The position just before this one in time.
fn below(position: Position) -> Position {
    match position.tie.checked_sub(1) {
        Some(tie) => Position { at: position.at, tie },
        None => Position { at: position.at - TimeDelta::microseconds(1), tie: u128::MAX },
    }
}

/// The position just behind this one in time.
fn above(position: Position) -> Position {
    match position.tie.checked_add(1) {
        Some(tie) => Position { at: position.at, tie },
        None => Position { at: position.at + TimeDelta::microseconds(1), tie: 0 },
    }
}

fn ids(deliveries: &[&Delivery]) -> [Value; 2] {
    let received: Vec<_> = deliveries.iter().map(|delivery| delivery.id.received_at).collect();
    let digests: Vec<_> = deliveries.iter().map(|delivery| delivery.id.digest.as_bytes().to_vec()).collect();
    [received.into(), digests.into()]
}

fn inconsistent(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: "deliveries", column }
}

fn read_id(row: &QueryResult) -> Result<DeliveryId, StoreError> {
    let digest: Vec<u8> = row.try_get("", "digest")?;
    let digest = <[u8; Digest::BYTES]>::try_from(digest.as_slice()).map_err(|_| inconsistent("digest"))?;
    Ok(DeliveryId { received_at: row.try_get("", "received_at")?, digest: Digest::from_bytes(digest) })
}

fn read_delivery(row: &QueryResult) -> Result<Delivery, StoreError> {
    let text = |column: &str| row.try_get::<String>("", column);
    let reason: Option<String> = row.try_get("", "reason")?;
    let marks: Option<i16> = row.try_get("", "marks")?;
    let marks = marks.unwrap_or(KEY_UNKNOWN);
    let outcome = DeliveryOutcome::parse(&text("outcome")?).ok_or_else(|| inconsistent("outcome"))?;
    let key = if marks & KEY_UNKNOWN != 0 || outcome == DeliveryOutcome::Rejected {
        None
    } else if marks & PREVIOUS_SECRET != 0 {
        Some(KeyUsed::Previous)
    } else {
        Some(KeyUsed::Current)
    };
    let call: Option<i64> = row.try_get("", "call_id")?;
    let occurred_at: Option<DateTime<Utc>> = row.try_get("", "occurred_at")?;
    Ok(Delivery {
        id: read_id(row)?,
        outcome,
        // A later version may know more.
        kind: DeliveryKind::parse(&text("kind")?).unwrap_or(DeliveryKind::Unknown),
        reason: reason.as_deref().and_then(DeliveryReason::parse),
        key,
        previous_url: marks & PREVIOUS_URL != 0,
        recovered: marks & RECOVERED != 0,
        body_bytes: row.try_get("", "body_bytes")?,
        latency_us: row.try_get("", "latency_us")?,
        event: call.zip(occurred_at),
    })
}

fn read_content(
    row: &QueryResult,
    decoder: &mut Decoder,
    open: impl Fn(DeliveryId, &[u8]) -> Option<Vec<u8>>,
    left: &mut u64,
) -> Result<(DeliveryId, Vec<u8>), StoreError> {
    let id = read_id(row)?;
    let encoding: i16 = row.try_get("", "encoding")?;
    let stored: Option<Vec<u8>> = row.try_get("", "payload")?;
    let stored = stored.ok_or(StoreError::TooLarge)?;
    let content = if encoding == SEALED { open(id, &stored) } else { decoder.decode(encoding, &stored).ok() };
    let content = content.ok_or_else(|| inconsistent("body"))?;
    *left = left.checked_sub(content.len() as u64).ok_or(StoreError::TooLarge)?;
    Ok((id, content))
}

fn read_hour(row: &QueryResult) -> Result<DeliveryHour, DbErr> {
    Ok(DeliveryHour {
        hour: row.try_get("", "hour")?,
        accepted: row.try_get("", "accepted")?,
        duplicate: row.try_get("", "duplicate")?,
        quarantined: row.try_get("", "quarantined")?,
        rejected: row.try_get("", "rejected")?,
        latencies: row.try_get("", "latencies")?,
    })
}

impl DeliveryHour {
    fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.quarantined += other.quarantined;
        self.rejected += other.rejected;
        self.latencies.iter_mut().zip(&other.latencies).for_each(|(count, more)| *count += more);
    }
}
