//! Writing deliveries down: one statement, one commit, however many there are.
//!
//! A writer owns its connection, so no caller that goes away can leave a transaction open on it. The statement is its
//! own transaction: PostgreSQL says that it is complete only after the commit record is on disk, and the marker for
//! the projector commits with the events or not at all.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, TenantId};
use domain::json::Digest;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::error::StoreError;
use crate::payload::Encoder;

/// How long a connection attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long one flush may take before its deliveries are answered without it.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(1_200);

/// A verified delivery to be written down.
#[derive(Clone, Debug)]
pub struct Write {
    /// The company.
    pub tenant: TenantId,
    /// The endpoint it came to.
    pub endpoint: EndpointId,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// What tells it from others.
    pub digest: Digest,
    /// The claims as they were signed.
    pub payload: Vec<u8>,
    /// What it is.
    pub kind: WriteKind,
}

/// What a delivery is.
#[derive(Clone, Debug)]
pub enum WriteKind {
    /// An event of a call.
    Event {
        /// Dialpad's id of the call.
        call_id: i64,
        /// The event's own time.
        occurred_at: DateTime<Utc>,
    },
    /// Signed, but not an event of a call; with the code that says why.
    Quarantined(&'static str),
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is on disk, for the first time.
    New,
    /// It was on disk already.
    Duplicate,
}

/// Writes batches over one connection of its own.
pub struct Writer {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    encoder: Encoder,
}

impl Writer {
    pub(crate) fn new(options: PgConnectOptions) -> Self {
        Self { options, connection: None, encoder: Encoder::new() }
    }

    /// Writes `batch` durably; what is there already is left alone. Answers in the order of the batch.
    ///
    /// After an error nothing is known about the batch: it may or may not be on disk. Writing it again is safe.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database is away or slow, [`StoreError::Refused`] when it refuses the batch.
    pub async fn write(&mut self, batch: &[Write]) -> Result<Vec<Stored>, StoreError> {
        let flushed = tokio::time::timeout(FLUSH_TIMEOUT, self.flush(batch)).await;
        self.ended(flushed.unwrap_or_else(|_| Err(StoreError::Unavailable(timed_out()))))
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is none in time.
    pub async fn ping(&mut self) -> Result<(), StoreError> {
        let answered = tokio::time::timeout(FLUSH_TIMEOUT, async {
            opened(&mut self.connection, &self.options).await?.ping().await.map_err(StoreError::from)
        });
        let result = answered.await.unwrap_or_else(|_| Err(StoreError::Unavailable(timed_out())));
        self.ended(result)
    }

    fn ended<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let result = result.map_err(StoreError::or_not_set_up);
        if matches!(result, Err(StoreError::Unavailable(_))) {
            // Whatever state the connection is in, the next batch begins with a new one.
            self.connection = None;
        }
        result
    }

    async fn flush(&mut self, batch: &[Write]) -> Result<Vec<Stored>, StoreError> {
        let connection = opened(&mut self.connection, &self.options).await?;
        let mut stored = vec![Stored::Duplicate; batch.len()];
        let mut mark = |rows: &[usize]| rows.iter().for_each(|row| stored[*row] = Stored::New);
        mark(&insert_events(connection, &mut self.encoder, batch).await?);
        mark(&insert_quarantined(connection, batch).await?);
        Ok(stored)
    }
}

/// The connection that is open, or a new one.
async fn opened<'a>(
    connection: &'a mut Option<PgConnection>,
    options: &PgConnectOptions,
) -> Result<&'a mut PgConnection, StoreError> {
    match connection {
        Some(connection) => Ok(connection),
        none => {
            let connected = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
            Ok(none.insert(connected.map_err(|_| StoreError::Unavailable(timed_out()))??))
        }
    }
}

/// Inserts the events of the batch and marks their calls; answers which were new.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
async fn insert_events(
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
            WriteKind::Quarantined(_) => None,
        })
        .collect();
    // In the order of the key, so that two processes with the same events never wait for each other in a circle.
    events.sort_unstable();
    let mut rows = Vec::with_capacity(events.len());
    let (mut tenants, mut calls, mut times) = (Vec::new(), Vec::new(), Vec::new());
    let (mut digests, mut received) = (Vec::new(), Vec::new());
    let (mut encodings, mut payloads) = (Vec::new(), Vec::new());
    for (tenant, call_id, occurred_at, _, at) in events {
        let write = &batch[at];
        rows.push(at);
        tenants.push(tenant.0);
        calls.push(call_id);
        times.push(occurred_at);
        digests.push(write.digest.as_bytes().as_slice());
        received.push(write.received_at);
        let (encoding, payload) = encoder.encode(&write.payload);
        encodings.push(encoding);
        payloads.push(payload);
    }
    if rows.is_empty() {
        return Ok(rows);
    }
    let new = sqlx::query(
        "WITH new AS (
             INSERT INTO events (tenant_id, call_id, occurred_at, digest, received_at, encoding, payload)
             SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::timestamptz[], $4::bytea[], $5::timestamptz[],
                                  $6::smallint[], $7::bytea[])
             ON CONFLICT DO NOTHING
             RETURNING tenant_id, call_id, occurred_at, digest
         ), marked AS (
             INSERT INTO dirty_calls (tenant_id, call_id) SELECT DISTINCT tenant_id, call_id FROM new
         )
         SELECT tenant_id, call_id, digest FROM new",
    )
    .bind(&tenants)
    .bind(&calls)
    .bind(&times)
    .bind(&digests)
    .bind(&received)
    .bind(&encodings)
    .bind(&payloads)
    .fetch_all(connection)
    .await?;
    let mut fresh: std::collections::HashSet<(uuid::Uuid, i64, Vec<u8>)> =
        new.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    // The same event twice in one batch is new once: `remove` finds it for the first only.
    rows.retain(|&at| {
        let write = &batch[at];
        let WriteKind::Event { call_id, .. } = write.kind else { return false };
        fresh.remove(&(write.tenant.0, call_id, write.digest.as_bytes().to_vec()))
    });
    Ok(rows)
}

/// Keeps what was signed but not understood; answers which were new.
#[expect(clippy::disallowed_methods, reason = "the writer's role can insert and nothing else")]
async fn insert_quarantined(
    connection: &mut PgConnection,
    batch: &[Write],
) -> Result<Vec<usize>, StoreError> {
    let mut new = Vec::new();
    for (at, write) in batch.iter().enumerate() {
        if let WriteKind::Quarantined(reason) = write.kind {
            let inserted = sqlx::query(
                "INSERT INTO quarantine (tenant_id, endpoint_id, digest, received_at, reason, payload)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            )
            .bind(write.tenant.0)
            .bind(write.endpoint.0)
            .bind(write.digest.as_bytes().as_slice())
            .bind(write.received_at)
            .bind(reason)
            .bind(write.payload.as_slice())
            .execute(&mut *connection)
            .await?;
            if inserted.rows_affected() == 1 {
                new.push(at);
            }
        }
    }
    Ok(new)
}

fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}
