//! Writing deliveries down: one statement, one commit, however many there are.
//!
//! A writer owns its connection, so no caller that goes away can leave a transaction open on it. The statement is its
//! own transaction: PostgreSQL says that it is complete only after the commit record is on disk, and the marker for
//! the projector commits with the events or not at all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::delivery::DeliveryReason;
use domain::event::{NotUnderstood, OtherKind};
use domain::ids::{EndpointId, TenantId};
use domain::json::Digest;
use domain::jws::KeyUsed;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::error::StoreError;
use crate::insert::{insert_events, insert_others};
use crate::keys::Keys;
use crate::payload::Encoder;

/// How long a connection attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long one flush may take before its deliveries are answered without it.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(1_200);

/// A delivery to be written down.
#[derive(Clone, Debug)]
pub struct Write {
    /// The company.
    pub tenant: TenantId,
    /// The endpoint it came to.
    pub endpoint: EndpointId,
    /// When it arrived. Together with the digest it tells one delivery from another.
    pub received_at: DateTime<Utc>,
    /// Over the claims of an event, or over what else is kept.
    pub digest: Digest,
    /// The claims as they were signed; of a refused delivery the body, empty when it is not kept.
    pub payload: Vec<u8>,
    /// What it is.
    pub kind: WriteKind,
    /// How it arrived.
    pub arrival: Arrival,
}

/// How a delivery arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The secret that fitted; nothing when none did or it is not known.
    pub key: Option<KeyUsed>,
    /// It came to the Request URL that was replaced.
    pub previous_url: bool,
    /// It was refused first, and taken in by a re-check.
    pub recovered: bool,
    /// Bytes of the request's body, when known.
    pub body_bytes: Option<u32>,
    /// The moment it arrived, when that was in this process.
    pub since: Option<Instant>,
}

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// An event of a call.
    Event {
        /// Dialpad's id of the call.
        call_id: i64,
        /// The event's own time.
        occurred_at: DateTime<Utc>,
    },
    /// An event of another kind.
    Other(OtherKind),
    /// Signed, but not understood.
    Quarantined(NotUnderstood),
    /// Refused.
    Rejected(DeliveryReason),
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is on disk. Writing the same delivery again gives the same answer.
    New,
    /// Another delivery with the same content was there before it.
    Duplicate,
}

/// Writes batches over one connection of its own.
pub struct Writer {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    encoder: Encoder,
    keys: Arc<Keys>,
}

impl Writer {
    pub(crate) fn new(options: PgConnectOptions, keys: Arc<Keys>) -> Self {
        Self { options, connection: None, encoder: Encoder::new(), keys }
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
        let mut repeated = insert_events(connection, &mut self.encoder, batch).await?;
        repeated.extend(insert_others(connection, &mut self.encoder, &self.keys, batch).await?);
        let mut stored = vec![Stored::New; batch.len()];
        for at in repeated {
            if let Some(one) = stored.get_mut(at) {
                *one = Stored::Duplicate;
            }
        }
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

fn timed_out() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}
