//! The statements that write deliveries down.
//!
//! Each is one statement however many deliveries there are. What is there already stays as it is; then a second one
//! finds out which of them are repeated: those whose content came with an earlier delivery. The same delivery written
//! again, because nobody knew whether it was written, is not repeated: it has the same time of arrival.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::delivery::{DeliveryKind, DeliveryOutcome};
use domain::ids::{DeliveryId, TenantId};
use domain::jws::KeyUsed;
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use crate::error::StoreError;
use crate::keys::Keys;
use crate::payload::{Encoder, SEALED};
use crate::writer::{Arrival, Write, WriteKind};

/// Bits of the column `marks`.
pub(crate) const PREVIOUS_SECRET: i16 = 1;
pub(crate) const PREVIOUS_URL: i16 = 2;
pub(crate) const RECOVERED: i16 = 4;
pub(crate) const KEY_UNKNOWN: i16 = 8;

/// What every delivery has, column by column.
#[derive(Default)]
struct Columns<'a> {
    /// Places in the batch.
    at: Vec<i32>,
    tenants: Vec<Uuid>,
    endpoints: Vec<Uuid>,
    received: Vec<DateTime<Utc>>,
    digests: Vec<&'a [u8]>,
    latencies: Vec<Option<i32>>,
    sizes: Vec<Option<i32>>,
    marks: Vec<i16>,
    encodings: Vec<Option<i16>>,
    payloads: Vec<Option<Vec<u8>>>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, at: usize, write: &'a Write, encoding: Option<i16>, payload: Option<Vec<u8>>) {
        self.at.push(i32::try_from(at).unwrap_or(i32::MAX));
        self.tenants.push(write.tenant.0);
        self.endpoints.push(write.endpoint.0);
        self.received.push(write.received_at);
        self.digests.push(write.digest.as_bytes());
        self.latencies.push(write.arrival.latency_us());
        self.sizes.push(write.arrival.body_bytes.and_then(|bytes| i32::try_from(bytes).ok()));
        self.marks.push(write.arrival.marks());
        self.encodings.push(encoding);
        self.payloads.push(payload);
    }
}

impl Arrival {
    fn latency_us(&self) -> Option<i32> {
        self.since.map(|since| i32::try_from(since.elapsed().as_micros()).unwrap_or(i32::MAX))
    }

    fn marks(&self) -> i16 {
        let key = match self.key {
            Some(KeyUsed::Current) => 0,
            Some(KeyUsed::Previous) => PREVIOUS_SECRET,
            None => KEY_UNKNOWN,
        };
        let url = if self.previous_url { PREVIOUS_URL } else { 0 };
        key | url | if self.recovered { RECOVERED } else { 0 }
    }
}

/// Inserts the events of the batch and marks their calls; answers which were repeated.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
pub(crate) async fn insert_events(
    connection: &mut PgConnection,
    encoder: &mut Encoder,
    batch: &[Write],
) -> Result<Vec<usize>, StoreError> {
    let mut events: Vec<_> = batch
        .iter()
        .enumerate()
        .filter_map(|(at, write)| match write.kind {
            WriteKind::Event { call_id, occurred_at } => {
                Some((write.tenant, call_id, occurred_at, write.digest, at))
            }
            WriteKind::Other(_) | WriteKind::Quarantined(_) | WriteKind::Rejected(_) => None,
        })
        .collect();
    if events.is_empty() {
        return Ok(Vec::new());
    }
    // In the order of the key, so that two processes with the same events never wait for each other in a circle.
    events.sort_unstable();
    let (mut columns, mut calls, mut times) = (Columns::default(), Vec::new(), Vec::new());
    for (_, call_id, occurred_at, _, at) in events {
        let Some(write) = batch.get(at) else { continue };
        let (encoding, payload) = encoder.encode(&write.payload);
        columns.push(at, write, Some(encoding), Some(payload));
        calls.push(call_id);
        times.push(occurred_at);
    }
    let inserted: i64 = sqlx::query(
        "WITH new AS (
             INSERT INTO events (tenant_id, call_id, occurred_at, digest, received_at, encoding, payload,
                                 latency_us, body_bytes, marks)
             SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::timestamptz[], $4::bytea[], $5::timestamptz[],
                                  $6::smallint[], $7::bytea[], $8::integer[], $9::integer[], $10::smallint[])
             ON CONFLICT DO NOTHING
             RETURNING tenant_id, call_id
         ), marked AS (
             INSERT INTO marked_calls (tenant_id, call_ids)
             SELECT tenant_id, array_agg(DISTINCT call_id) FROM new GROUP BY tenant_id
         )
         SELECT count(*) FROM new",
    )
    .bind(&columns.tenants)
    .bind(&calls)
    .bind(&times)
    .bind(&columns.digests)
    .bind(&columns.received)
    .bind(&columns.encodings)
    .bind(&columns.payloads)
    .bind(&columns.latencies)
    .bind(&columns.sizes)
    .bind(&columns.marks)
    .fetch_one(&mut *connection)
    .await?
    .get(0);
    if usize::try_from(inserted).is_ok_and(|inserted| inserted == columns.at.len()) {
        return Ok(Vec::new());
    }
    note_repeated_events(connection, &columns, &calls, &times).await
}

/// Notes which of these events came with an earlier delivery: as deliveries, and as a count beside the event.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
async fn note_repeated_events(
    connection: &mut PgConnection,
    columns: &Columns<'_>,
    calls: &[i64],
    times: &[DateTime<Utc>],
) -> Result<Vec<usize>, StoreError> {
    let repeated = sqlx::query(
        "WITH given AS (
             SELECT * FROM UNNEST($1::integer[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[], $6::bytea[],
                                  $7::timestamptz[], $8::integer[], $9::integer[], $10::smallint[])
             AS given (at, tenant_id, endpoint_id, call_id, occurred_at, digest, received_at, latency_us, body_bytes, marks)
         ), repeated AS (
             SELECT given.* FROM given JOIN events USING (tenant_id, call_id, occurred_at, digest)
             WHERE events.received_at <> given.received_at
         ), kept AS (
             INSERT INTO deliveries (tenant_id, received_at, digest, endpoint_id, outcome, kind, marks, latency_us,
                                     body_bytes, call_id, occurred_at)
             SELECT tenant_id, received_at, digest, endpoint_id, 'duplicate', 'call_event', marks, latency_us,
                    body_bytes, call_id, occurred_at FROM repeated
             ON CONFLICT DO NOTHING
             RETURNING tenant_id, call_id, occurred_at, digest, received_at
         ), counted AS (
             INSERT INTO event_duplicates AS known
             SELECT tenant_id, call_id, occurred_at, digest, count(*), max(received_at) FROM kept
             GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
             ON CONFLICT (tenant_id, call_id, occurred_at, digest) DO UPDATE SET
                 duplicates = known.duplicates + excluded.duplicates,
                 last_received_at = greatest(known.last_received_at, excluded.last_received_at)
         )
         SELECT at FROM repeated",
    )
    .bind(&columns.at)
    .bind(&columns.tenants)
    .bind(&columns.endpoints)
    .bind(calls)
    .bind(times)
    .bind(&columns.digests)
    .bind(&columns.received)
    .bind(&columns.latencies)
    .bind(&columns.sizes)
    .bind(&columns.marks)
    .fetch_all(connection)
    .await?;
    Ok(repeated.iter().map(place).collect())
}

/// Inserts what is no event of a call; answers which were repeated.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
pub(crate) async fn insert_others(
    connection: &mut PgConnection,
    encoder: &mut Encoder,
    keys: &Arc<Keys>,
    batch: &[Write],
) -> Result<Vec<usize>, StoreError> {
    let mut columns = Columns::default();
    let (mut outcomes, mut kinds, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for (at, write) in batch.iter().enumerate() {
        let (outcome, kind, reason) = match write.kind {
            WriteKind::Event { .. } => continue,
            WriteKind::Other(kind) => (DeliveryOutcome::Accepted, DeliveryKind::from(kind), None),
            WriteKind::Quarantined(reason) => {
                (DeliveryOutcome::Quarantined, DeliveryKind::Unknown, Some(reason.code()))
            }
            WriteKind::Rejected(reason) => {
                (DeliveryOutcome::Rejected, DeliveryKind::Unknown, Some(reason.code()))
            }
        };
        let (encoding, body) = match outcome {
            DeliveryOutcome::Rejected if write.payload.is_empty() => (None, None),
            DeliveryOutcome::Rejected => (Some(SEALED), Some(seal_body(keys, write))),
            _ => {
                let (encoding, payload) = encoder.encode(&write.payload);
                (Some(encoding), Some(payload))
            }
        };
        columns.push(at, write, encoding, body);
        outcomes.push(outcome.as_str());
        kinds.push(kind.as_str());
        reasons.push(reason);
    }
    if columns.at.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = sqlx::query(
        "INSERT INTO deliveries (tenant_id, received_at, digest, endpoint_id, outcome, kind, reason, marks, latency_us,
                                 body_bytes, encoding, body)
         SELECT * FROM UNNEST($1::uuid[], $2::timestamptz[], $3::bytea[], $4::uuid[], $5::text[], $6::text[],
                              $7::text[], $8::smallint[], $9::integer[], $10::integer[], $11::smallint[], $12::bytea[])
         ON CONFLICT DO NOTHING",
    )
    .bind(&columns.tenants)
    .bind(&columns.received)
    .bind(&columns.digests)
    .bind(&columns.endpoints)
    .bind(&outcomes)
    .bind(&kinds)
    .bind(&reasons)
    .bind(&columns.marks)
    .bind(&columns.latencies)
    .bind(&columns.sizes)
    .bind(&columns.encodings)
    .bind(&columns.payloads)
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == columns.at.len() as u64 {
        return Ok(Vec::new());
    }
    note_repeated_others(connection, &columns, &outcomes).await
}

/// Notes which of these came with an earlier delivery.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
async fn note_repeated_others(
    connection: &mut PgConnection,
    columns: &Columns<'_>,
    outcomes: &[&str],
) -> Result<Vec<usize>, StoreError> {
    let repeated = sqlx::query(
        "WITH given AS (
             SELECT * FROM UNNEST($1::integer[], $2::uuid[], $3::uuid[], $4::bytea[], $5::timestamptz[], $6::text[],
                                  $7::integer[], $8::integer[], $9::smallint[])
             AS given (at, tenant_id, endpoint_id, digest, received_at, outcome, latency_us, body_bytes, marks)
         ), repeated AS (
             SELECT given.*, first.kind FROM given
             JOIN deliveries first ON first.tenant_id = given.tenant_id AND first.digest = given.digest
                                  AND first.outcome IN ('accepted', 'quarantined')
             WHERE first.received_at <> given.received_at AND given.outcome <> 'rejected'
         ), kept AS (
             INSERT INTO deliveries (tenant_id, received_at, digest, endpoint_id, outcome, kind, marks, latency_us, body_bytes)
             SELECT tenant_id, received_at, digest, endpoint_id, 'duplicate', kind, marks, latency_us, body_bytes
             FROM repeated ON CONFLICT DO NOTHING
         )
         SELECT at FROM repeated",
    )
    .bind(&columns.at)
    .bind(&columns.tenants)
    .bind(&columns.endpoints)
    .bind(&columns.digests)
    .bind(&columns.received)
    .bind(outcomes)
    .bind(&columns.latencies)
    .bind(&columns.sizes)
    .bind(&columns.marks)
    .fetch_all(connection)
    .await?;
    Ok(repeated.iter().map(place).collect())
}

fn place(row: &PgRow) -> usize {
    usize::try_from(row.get::<i32, _>(0)).unwrap_or(usize::MAX)
}

fn seal_body(keys: &Keys, write: &Write) -> Vec<u8> {
    let id = DeliveryId { received_at: write.received_at, digest: write.digest };
    keys.seal_row(&body_place(write.tenant, id), &write.payload)
}

/// What binds the body of a refused delivery to its row.
pub(crate) fn body_place(tenant: TenantId, id: DeliveryId) -> String {
    format!("deliveries.body/{tenant}/{}/{:?}", id.received_at.timestamp_micros(), id.digest)
}
