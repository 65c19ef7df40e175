//! Between a verified delivery and the disk: writer tasks that batch by themselves.
//!
//! A writer writes whatever is queued the moment its last commit returned. No timer: under little load a delivery is
//! alone in its batch, under much load batches grow by as much as arrived during the last commit.

use std::sync::Arc;

use store::{StoreError, Stored, Write, Writer};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Writers, each with its own connection. Two keep PostgreSQL busy; more only make batches smaller.
const WRITERS: usize = 2;
/// Deliveries in one statement. Between 64 and 128 the cost of each no longer falls.
const BATCH_ROWS_MAX: usize = 128;
/// Deliveries that wait for one writer.
const QUEUE_ROWS_MAX: usize = 4_096;
/// Bytes of payload that wait for all writers.
const QUEUE_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// Why a delivery was not written. Dialpad is asked to come again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotWritten;

struct Queued {
    write: Write,
    answer: oneshot::Sender<Result<Stored, NotWritten>>,
    /// Given back when the delivery is dropped.
    _bytes: OwnedSemaphorePermit,
}

/// Hands deliveries to the writers. When the last one is dropped, the writers finish what is queued and end.
pub(crate) struct WriteQueue {
    writers: Vec<mpsc::Sender<Queued>>,
    bytes: Arc<Semaphore>,
}

impl WriteQueue {
    /// Starts the writers. `written` is notified after every batch.
    pub(crate) fn start(mut writer: impl FnMut() -> Writer, written: &Arc<Notify>) -> Self {
        let writers = (0..WRITERS).map(|_| {
            let (sender, receiver) = mpsc::channel(QUEUE_ROWS_MAX);
            tokio::spawn(keep_writing(writer(), receiver, Arc::clone(written)));
            sender
        });
        Self { writers: writers.collect(), bytes: Arc::new(Semaphore::new(QUEUE_BYTES_MAX)) }
    }

    /// Waits until `write` is on disk. Writes with the same `lane` go to the same writer.
    pub(crate) async fn write(&self, lane: u64, write: Write) -> Result<Stored, NotWritten> {
        let size = u32::try_from(write.payload.len()).map_err(|_| NotWritten)?.max(1);
        let bytes = Arc::clone(&self.bytes).try_acquire_many_owned(size).map_err(|_| NotWritten)?;
        let (answer, answered) = oneshot::channel();
        let lane = usize::try_from(lane % WRITERS as u64).unwrap_or(0);
        let writer = self.writers.get(lane).ok_or(NotWritten)?;
        writer.try_send(Queued { write, answer, _bytes: bytes }).map_err(|_| NotWritten)?;
        answered.await.unwrap_or(Err(NotWritten))
    }
}

async fn keep_writing(mut writer: Writer, mut queue: mpsc::Receiver<Queued>, written: Arc<Notify>) {
    let mut batch = Vec::with_capacity(BATCH_ROWS_MAX);
    while queue.recv_many(&mut batch, BATCH_ROWS_MAX).await > 0 {
        write_batch(&mut writer, &mut batch).await;
        written.notify_one();
    }
}

/// Writes the batch and answers everyone in it.
async fn write_batch(writer: &mut Writer, batch: &mut Vec<Queued>) {
    let (writes, waiting): (Vec<Write>, Vec<_>) =
        batch.drain(..).map(|queued| (queued.write, (queued.answer, queued._bytes))).unzip();
    let results = match writer.write(&writes).await {
        Ok(stored) => stored.into_iter().map(Ok).collect(),
        // One delivery that PostgreSQL refuses must not take the others with it.
        Err(StoreError::Refused(_)) if writes.len() > 1 => write_singly(writer, &writes).await,
        Err(error) => {
            log(&error, writes.len());
            writes.iter().map(|_| Err(NotWritten)).collect::<Vec<_>>()
        }
    };
    for ((answer, _), result) in waiting.into_iter().zip(results) {
        // Nobody waits any more when the client has gone; the delivery is on disk all the same.
        drop(answer.send(result));
    }
}

async fn write_singly(writer: &mut Writer, writes: &[Write]) -> Vec<Result<Stored, NotWritten>> {
    let mut results = Vec::with_capacity(writes.len());
    for write in writes {
        let result = writer.write(std::slice::from_ref(write)).await;
        results.push(match result.as_deref() {
            Ok([stored]) => Ok(*stored),
            Ok(_) => Err(NotWritten),
            Err(error) => {
                log(error, 1);
                Err(NotWritten)
            }
        });
    }
    results
}

fn log(error: &StoreError, deliveries: usize) {
    tracing::error!(error = error as &dyn std::error::Error, deliveries, "deliveries could not be written");
}
