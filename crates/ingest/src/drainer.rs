//! Moves the journal into PostgreSQL, and finds out whether PostgreSQL is back.
//!
//! A record is removed only after its row was committed. Rows are inserted idempotently, so being killed in between
//! costs a repetition and nothing else. What PostgreSQL refuses, and what cannot be read, stays in the journal.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::delivery::DeliveryReason;
use domain::edge::Edge;
use domain::ids::EndpointToken;
use store::{Arrival, Ingest, StoreError, Stored, Write, WriteKind, Writer};
use tokio_util::sync::CancellationToken;

use crate::activity::{Activity, Counted};
use crate::circuit::PROBE_EVERY;
use crate::delivery::{Origin, verified};
use crate::endpoints::{Endpoints, LookupError};
use crate::journal::{Entry, Journal, JournalError, ReadBounds, Record};
use crate::queue::{BATCH_BYTES_MAX, Writing};

/// Records moved at once.
const BATCH_ROWS_MAX: usize = 128;
/// While deliveries are being written, this many times the time of a batch passes before the next one.
const PAUSE_FACTOR: u32 = 3;
/// What stayed behind is tried again this often.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// What moving did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Deliveries that are in PostgreSQL now.
    pub stored: u64,
    /// Deliveries whose signature was wrong, or that came to no endpoint.
    pub refused: u64,
    /// Records that stay: PostgreSQL refuses them, or they cannot be read.
    pub kept: u64,
}

/// Why moving stopped.
#[derive(Debug, thiserror::Error)]
pub enum DrainError {
    /// The database.
    #[error("the database does not take what is in the journal")]
    Store(#[from] StoreError),
    /// The database, when it was asked for an endpoint.
    #[error("the database cannot be asked for endpoints")]
    Away,
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Moves what a journal holds.
pub struct Drainer {
    journal: Arc<Journal>,
    endpoints: Arc<Endpoints>,
    activity: Arc<Activity>,
    writer: Writer,
    /// Everything up to here was moved or has to stay.
    after: u64,
    rows_max: usize,
    done: Drained,
}

/// A batch on its way.
#[derive(Default)]
struct Batch {
    writes: Vec<(u64, Write)>,
    gone: Vec<u64>,
}

impl Drainer {
    /// For a command: moves what `journal` holds into `store`.
    pub fn new(journal: Arc<Journal>, store: &Ingest, edge: Edge) -> Self {
        let endpoints = Arc::new(Endpoints::new(store.clone(), edge));
        Self::sharing(journal, store, endpoints, Arc::new(Activity::default()))
    }

    pub(crate) fn sharing(
        journal: Arc<Journal>,
        store: &Ingest,
        endpoints: Arc<Endpoints>,
        activity: Arc<Activity>,
    ) -> Self {
        let (writer, done) = (store.writer(), Drained::default());
        Self { journal, endpoints, activity, writer, after: 0, rows_max: BATCH_ROWS_MAX, done }
    }

    /// Moves everything that can be moved.
    ///
    /// # Errors
    /// [`DrainError`]; what was not moved stays in the journal.
    pub async fn drain(&mut self, store: &Ingest) -> Result<Drained, DrainError> {
        while self.step().await? {}
        self.activity.write(store).await;
        Ok(self.done)
    }

    /// Moves until `stop`. While PostgreSQL is away, tries once in a while, and says when it is back.
    pub(crate) async fn run(mut self, writing: Arc<Writing>, stop: CancellationToken) {
        let mut kept_since = Instant::now();
        loop {
            if kept_since.elapsed() >= KEPT_EVERY {
                (self.after, kept_since) = (0, Instant::now());
            }
            let passed = stop.run_until_cancelled(self.pass(&writing, &stop)).await;
            let Some(passed) = passed else { return };
            let waited = if let Err(error) = passed {
                tracing::debug!(error = &error as &dyn std::error::Error, "the journal waits");
                stop.run_until_cancelled(tokio::time::sleep(PROBE_EVERY)).await
            } else {
                let woken = tokio::time::timeout(PROBE_EVERY, self.journal.appended());
                stop.run_until_cancelled(async { drop(woken.await) }).await
            };
            if waited.is_none() {
                return;
            }
        }
    }

    /// Moves until nothing is left that can be moved, giving way to deliveries that are being written.
    async fn pass(&mut self, writing: &Writing, stop: &CancellationToken) -> Result<(), DrainError> {
        if !writing.circuit.is_closed() && self.journal.usage().records == 0 {
            self.writer.ping().await?;
        }
        while !stop.is_cancelled() {
            let (batches, started) = (writing.batches.load(Ordering::Relaxed), Instant::now());
            let is_more = match self.step().await {
                Ok(is_more) => is_more,
                // A journal that fails must not keep deliveries from a database that is there.
                Err(DrainError::Journal(error)) => {
                    self.writer.ping().await?;
                    self.back(writing);
                    return Err(error.into());
                }
                Err(error) => return Err(error),
            };
            if is_more || self.journal.usage().records == 0 {
                self.back(writing);
            } else if !writing.circuit.is_closed() {
                // What is left has to stay, and says nothing about the database.
                self.writer.ping().await?;
                self.back(writing);
            }
            if !is_more {
                return Ok(());
            }
            writing.written.notify_one();
            if writing.batches.load(Ordering::Relaxed) != batches {
                tokio::time::sleep(started.elapsed() * PAUSE_FACTOR).await;
            }
        }
        Ok(())
    }

    fn back(&self, writing: &Writing) {
        if writing.circuit.close() {
            let waiting = self.journal.usage().records;
            tracing::info!(waiting, "the database answers again; the journal is moved into it");
        }
    }

    /// Moves one batch; answers false when nothing was left.
    async fn step(&mut self) -> Result<bool, DrainError> {
        let bounds = ReadBounds { records_max: self.rows_max, bytes_max: BATCH_BYTES_MAX };
        let entries = self.journal.read(self.after, bounds).await?;
        let Some(last) = entries.last().map(|entry| entry.sequence) else { return Ok(false) };
        let mut batch = Batch::default();
        let collected = self.collect(entries, &mut batch).await;
        let stored = match collected {
            Ok(()) => self.store(&mut batch).await,
            Err(error) => Err(error),
        };
        // Also after a failure: what is known to be stored need not be repeated.
        self.journal.remove(std::mem::take(&mut batch.gone)).await?;
        match stored {
            Ok(()) => {
                self.rows_max = (self.rows_max * 2).min(BATCH_ROWS_MAX);
                self.after = last;
                Ok(true)
            }
            Err(error) => {
                // A batch that is too much for a slow database becomes smaller, until it is not.
                self.rows_max = 1;
                Err(error)
            }
        }
    }

    /// Makes rows of records.
    async fn collect(&mut self, entries: Vec<Entry>, batch: &mut Batch) -> Result<(), DrainError> {
        let asked_since = Instant::now();
        for Entry { sequence, record, .. } in entries {
            match record {
                Ok(Record::Verified { tenant, endpoint, received_at, payload, arrival }) => {
                    let origin = Origin { tenant, endpoint, received_at };
                    batch.writes.push((sequence, origin.signed(payload, arrival)));
                }
                Ok(Record::Unverified { token, received_at, body }) => {
                    match self.verify(&token, received_at, body, asked_since).await {
                        Ok(Some(write)) => batch.writes.push((sequence, write)),
                        Ok(None) => batch.gone.push(sequence),
                        Err(LookupError::Away) => return Err(DrainError::Away),
                        // One endpoint that cannot be read must not hold up the others.
                        Err(LookupError::Store(error)) => self.keep(sequence, &error),
                    }
                }
                Ok(Record::Heartbeat { .. }) => batch.gone.push(sequence),
                Err(unreadable) => self.keep(sequence, &unreadable),
            }
        }
        Ok(())
    }

    /// Does what could not be done when the delivery arrived.
    async fn verify(
        &mut self,
        token: &EndpointToken,
        received_at: DateTime<Utc>,
        body: Vec<u8>,
        asked_since: Instant,
    ) -> Result<Option<Write>, LookupError> {
        let endpoint = self.endpoints.tried_since(token, asked_since).await?;
        let Some(endpoint) = endpoint.filter(|endpoint| endpoint.is_open(received_at)) else {
            self.done.refused += 1;
            tracing::info!("a journalled delivery came to no endpoint");
            return Ok(None);
        };
        let origin = Origin::of(&endpoint, received_at);
        let arrival = Arrival {
            previous_url: endpoint.url_until.is_some(),
            body_bytes: u32::try_from(body.len()).ok(),
            ..Arrival::default()
        };
        Ok(Some(match verified(&body, &endpoint, received_at) {
            Ok(verified) => {
                let arrival = Arrival { key: Some(verified.key), ..arrival };
                origin.signed(verified.payload, arrival)
            }
            Err(refusal) => {
                self.done.refused += 1;
                tracing::info!(tenant.id = %endpoint.tenant, reason = refusal.code(), "a journalled delivery was refused");
                origin.rejected(DeliveryReason::Refused(refusal), body, arrival)
            }
        }))
    }

    /// Commits the rows, and notes which records are done with.
    async fn store(&mut self, batch: &mut Batch) -> Result<(), DrainError> {
        if batch.writes.is_empty() {
            return Ok(());
        }
        let (sequences, writes): (Vec<u64>, Vec<Write>) =
            std::mem::take(&mut batch.writes).into_iter().unzip();
        match self.writer.write(&writes).await {
            Ok(stored) => {
                for ((sequence, write), stored) in sequences.iter().zip(&writes).zip(stored) {
                    self.stored(*sequence, write, stored, batch);
                }
                return Ok(());
            }
            Err(StoreError::Unavailable(error)) => return Err(StoreError::Unavailable(error).into()),
            Err(_) => {}
        }
        for (sequence, write) in sequences.into_iter().zip(&writes) {
            match self.writer.write(std::slice::from_ref(write)).await {
                Ok(stored) => {
                    stored
                        .first()
                        .into_iter()
                        .for_each(|stored| self.stored(sequence, write, *stored, batch));
                }
                Err(StoreError::Unavailable(error)) => return Err(StoreError::Unavailable(error).into()),
                Err(error) => self.keep(sequence, &error),
            }
        }
        Ok(())
    }

    fn keep(&mut self, sequence: u64, error: &(dyn std::error::Error + 'static)) {
        self.done.kept += 1;
        tracing::error!(error, sequence, "record {sequence} stays in the journal");
    }

    fn stored(&mut self, sequence: u64, write: &Write, stored: Stored, batch: &mut Batch) {
        self.done.stored += u64::from(!matches!(write.kind, WriteKind::Rejected(_)));
        batch.gone.push(sequence);
        self.activity.stored(&Counted::of(write), stored);
    }
}
