//! Between a verified delivery and the disk: writer tasks that batch by themselves.
//!
//! A writer writes whatever is queued the moment its last commit returned. No timer: under little load a delivery is
//! alone in its batch, under much load batches grow by as much as arrived during the last commit. What PostgreSQL does
//! not take in time goes to the journal, and while it is known to be away nothing waits for it. Companies take turns.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::TenantId;
use store::{StoreError, Stored, Write, Writer};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};

use crate::circuit::Circuit;
use crate::delivery::lane;
use crate::fair::{Bounds, FairQueue};
use crate::journal::{Journal, JournalError, Record};

/// Writers, each with its own connection. Two keep PostgreSQL busy; more only make batches smaller.
const WRITERS: usize = 2;
/// Deliveries in one statement. Between 64 and 128 the cost of each no longer falls.
const BATCH_ROWS_MAX: usize = 128;
/// Bytes of payload in one statement: they must fit into one flush.
pub(crate) const BATCH_BYTES_MAX: usize = 8 * 1_024 * 1_024;
/// Deliveries that wait for one writer.
const QUEUE_ROWS_MAX: usize = 4_096;
/// Bytes of payload that wait for all writers.
const QUEUE_BYTES_MAX: usize = 64 * 1_024 * 1_024;
/// What of it one company may have: others find room, whatever it sends.
const QUEUE_BOUNDS: Bounds = Bounds {
    items_of_one: QUEUE_ROWS_MAX / 2,
    bytes_of_one: QUEUE_BYTES_MAX / WRITERS / 2,
    items: QUEUE_ROWS_MAX,
};
/// A delivery that waited longer for its turn goes to the journal: with a flush before it there would be no time left.
const QUEUE_WAIT_MAX: Duration = Duration::from_millis(1_200);

/// Why a delivery was not written. Dialpad is asked to come again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotWritten;

/// Where a delivery is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// In PostgreSQL.
    Stored(Stored),
    /// In the journal: what becomes of it is seen when it is moved.
    Journalled,
}

type Answer = oneshot::Sender<Result<Written, NotWritten>>;

/// Answers before anything is on disk: for the test that must notice it. Not in a release.
#[cfg(debug_assertions)]
pub static ACKNOWLEDGE_EARLY: AtomicBool = AtomicBool::new(false);

struct Queued {
    write: Write,
    answer: Answer,
    queued_at: Instant,
    /// Given back when the delivery is dropped.
    _bytes: OwnedSemaphorePermit,
}

/// What everything that writes shares.
pub(crate) struct Writing {
    pub(crate) journal: Arc<Journal>,
    pub(crate) circuit: Circuit,
    /// Notified when there is something to project.
    pub(crate) written: Arc<Notify>,
    /// Batches that arrived so far: whoever is in no hurry sees by it whether others are busy.
    pub(crate) batches: AtomicU64,
}

/// Hands deliveries to the writers. When it is dropped, the writers finish what is queued and end.
pub(crate) struct WriteQueue {
    lanes: Vec<Arc<Lane>>,
    bytes: Arc<Semaphore>,
    writing: Arc<Writing>,
}

/// What waits for one writer.
struct Lane {
    queue: Mutex<FairQueue<TenantId, Queued>>,
    /// Notified when there is something to write, and at the end.
    filled: Notify,
    is_closed: AtomicBool,
}

impl Lane {
    fn new() -> Self {
        let queue = Mutex::new(FairQueue::new(QUEUE_BOUNDS));
        Self { queue, filled: Notify::new(), is_closed: AtomicBool::new(false) }
    }

    fn queue(&self) -> MutexGuard<'_, FairQueue<TenantId, Queued>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something is there and takes as much of it as fits into one statement; nothing at the end.
    async fn take(&self, batch: &mut Vec<Queued>) {
        loop {
            // Asked before looking: what is closed after that is seen in the next round.
            let is_closed = self.is_closed.load(Ordering::Acquire);
            self.queue().take(BATCH_ROWS_MAX, BATCH_BYTES_MAX, batch);
            if !batch.is_empty() || is_closed {
                return;
            }
            self.filled.notified().await;
        }
    }
}

impl WriteQueue {
    pub(crate) fn batches(&self) -> u64 {
        self.writing.batches.load(Ordering::Relaxed)
    }

    /// Starts the writers.
    pub(crate) fn start(mut writer: impl FnMut() -> Writer, writing: &Arc<Writing>) -> Self {
        let lanes = (0..WRITERS).map(|_| {
            let lane = Arc::new(Lane::new());
            tokio::spawn(keep_writing(writer(), Arc::clone(&lane), Arc::clone(writing)));
            lane
        });
        Self {
            lanes: lanes.collect(),
            bytes: Arc::new(Semaphore::new(QUEUE_BYTES_MAX)),
            writing: Arc::clone(writing),
        }
    }

    /// Waits until `write` is on disk: in PostgreSQL, or in the journal.
    pub(crate) async fn write(&self, write: Write) -> Result<Written, NotWritten> {
        let (answer, answered) = oneshot::channel();
        let (owner, bytes) = (write.tenant, write.payload.len().max(1));
        let permits = u32::try_from(bytes).map_err(|_| NotWritten)?;
        let lane = usize::try_from(lane(&write) % WRITERS as u64).unwrap_or(0);
        let lane = self.lanes.get(lane).ok_or(NotWritten)?;
        match Arc::clone(&self.bytes).try_acquire_many_owned(permits) {
            Err(_) => submit(&self.writing.journal, write, answer),
            Ok(_bytes) => {
                let queued = Queued { write, answer, queued_at: Instant::now(), _bytes };
                let pushed = lane.queue().push(owner, bytes, queued);
                match pushed {
                    Ok(()) => lane.filled.notify_one(),
                    Err(queued) => submit(&self.writing.journal, queued.write, queued.answer),
                }
            }
        }
        #[cfg(debug_assertions)]
        if ACKNOWLEDGE_EARLY.load(Ordering::Relaxed) {
            return Ok(Written::Journalled);
        }
        answered.await.unwrap_or(Err(NotWritten))
    }
}

impl Drop for WriteQueue {
    fn drop(&mut self) {
        for lane in &self.lanes {
            lane.is_closed.store(true, Ordering::Release);
            lane.filled.notify_one();
        }
    }
}

async fn keep_writing(mut writer: Writer, lane: Arc<Lane>, writing: Arc<Writing>) {
    let mut batch = Vec::with_capacity(BATCH_ROWS_MAX);
    loop {
        lane.take(&mut batch).await;
        if batch.is_empty() {
            return;
        }
        writing.batches.fetch_add(1, Ordering::Relaxed);
        let is_away = !writing.circuit.is_closed();
        // A company that has sent more than its share waits longer than others; it is not dropped, but journalled.
        let late = batch.extract_if(.., |queued| is_away || queued.queued_at.elapsed() > QUEUE_WAIT_MAX);
        late.for_each(|queued| submit(&writing.journal, queued.write, queued.answer));
        if !batch.is_empty() {
            write_batch(&mut writer, &mut batch, &writing).await;
            writing.written.notify_one();
        }
    }
}

/// Writes the batch, to PostgreSQL or else to the journal, and sees to it that everyone in it is answered.
async fn write_batch(writer: &mut Writer, batch: &mut Vec<Queued>, writing: &Writing) {
    let (writes, waiting): (Vec<Write>, Vec<_>) =
        batch.drain(..).map(|queued| (queued.write, (queued.answer, queued._bytes))).unzip();
    let failed = match writer.write(&writes).await {
        Ok(stored) => {
            // Nobody waits any more when the client has gone; the delivery is on disk all the same.
            let answers = waiting.into_iter().zip(stored);
            answers.for_each(|((answer, _), stored)| drop(answer.send(Ok(Written::Stored(stored)))));
            return;
        }
        // One delivery that PostgreSQL refuses must not take the others with it.
        Err(StoreError::Refused(_)) if writes.len() > 1 => {
            write_singly(writer, writes, waiting, writing).await;
            return;
        }
        Err(error) => error,
    };
    end(&failed, writes.into_iter().zip(waiting.into_iter().map(|(answer, _)| answer)), writing);
}

async fn write_singly(
    writer: &mut Writer,
    writes: Vec<Write>,
    waiting: Vec<(Answer, OwnedSemaphorePermit)>,
    writing: &Writing,
) {
    for (write, (answer, _bytes)) in writes.into_iter().zip(waiting) {
        if !writing.circuit.is_closed() {
            submit(&writing.journal, write, answer);
            continue;
        }
        match writer.write(std::slice::from_ref(&write)).await {
            Ok(stored) => {
                let written = stored.first().copied().map(Written::Stored).ok_or(NotWritten);
                drop(answer.send(written));
            }
            Err(error) => end(&error, std::iter::once((write, answer)), writing),
        }
    }
}

/// What becomes of deliveries that PostgreSQL did not take: those it refused are answered so, others are journalled.
fn end(error: &StoreError, deliveries: impl Iterator<Item = (Write, Answer)>, writing: &Writing) {
    let source = error as &dyn std::error::Error;
    if !matches!(error, StoreError::Unavailable(_)) {
        tracing::error!(error = source, "a delivery could not be written");
        deliveries.for_each(|(_, answer)| drop(answer.send(Err(NotWritten))));
        return;
    }
    if writing.circuit.open(Instant::now()) {
        tracing::error!(error = source, "the database does not answer; deliveries go to the journal");
    }
    deliveries.for_each(|(write, answer)| submit(&writing.journal, write, answer));
}

fn submit(journal: &Journal, write: Write, answer: Answer) {
    let Some(record) = Record::signed(write) else {
        drop(answer.send(Err(NotWritten)));
        return;
    };
    journal.submit(record, move |result| {
        drop(answer.send(result.map(|_| Written::Journalled).map_err(|error| not_written(&error))));
    });
}

/// Says why a delivery could not even be journalled.
pub(crate) fn not_written(error: &JournalError) -> NotWritten {
    tracing::error!(error = error as &dyn std::error::Error, "a delivery could not be journalled");
    NotWritten
}
