//! Where deliveries go when PostgreSQL cannot take them: a file of our own, with the same promise.
//!
//! A delivery is answered when its record is on disk. One thread owns the file: whatever was handed to it while it
//! waited for the disk goes there together, with one fsync. Records are sealed with the installation's key, and leave
//! the journal only after PostgreSQL has them ([`crate::Drainer`]).
//!
//! What is absent: deleting or replacing a file that cannot be read. It may hold what somebody was promised.

mod file;
mod record;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use store::Keys;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

pub use file::Open;
pub use record::{Entry, Record, RecordKind, Unreadable};

/// The journal's file, below the data directory.
pub const JOURNAL_FILE: &str = "journal.redb";
/// Bytes of records that the journal takes unless it is told otherwise.
pub const JOURNAL_BYTES_MAX: u64 = 1_024 * 1_024 * 1_024;
/// Records that it takes. Each costs some bytes of its own, and time when the journal is opened.
pub const RECORDS_MAX: u64 = 2_000_000;
/// Records among them that nobody could verify yet: anyone can send such.
pub const UNVERIFIED_MAX: u64 = 10_000;
/// Bytes of them.
pub const UNVERIFIED_BYTES_MAX: u64 = 64 * 1_024 * 1_024;
/// Requests that wait for the journal's thread.
const QUEUE_MAX: usize = 8_192;
/// Bytes of records that wait for it.
const QUEUE_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// Why the journal did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// A bound is reached.
    #[error("the journal is full")]
    Full,
    /// More waits for the disk than may wait.
    #[error("too much waits for the journal")]
    Busy,
    /// Its thread has ended.
    #[error("the journal is closed")]
    Closed,
    /// Only one process may have it.
    #[error("another trunkline process holds the journal {}; stop it first", .0.display())]
    Held(PathBuf),
    /// The file is there, but is not what we wrote.
    #[error(
        "the journal {} is damaged or is something else; it may hold events that were accepted, so it is left as it \
         is: move it away to begin a new one, and keep it",
        .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        #[source]
        source: Arc<redb::Error>,
    },
    /// Another master key sealed it.
    #[error("the journal {} was written with another master key; set TRUNKLINE_MASTER_KEY to that key", .0.display())]
    WrongMasterKey(PathBuf),
    /// The disk, or something between us and it.
    #[error("the journal cannot be used")]
    Disk(#[source] Arc<redb::Error>),
}

/// How much a journal takes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of records.
    pub bytes_max: u64,
    /// Records.
    pub records_max: u64,
    /// Records that are not verified.
    pub unverified_max: u64,
    /// Bytes of records that are not verified.
    pub unverified_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: JOURNAL_BYTES_MAX,
            records_max: RECORDS_MAX,
            unverified_max: UNVERIFIED_MAX,
            unverified_bytes_max: UNVERIFIED_BYTES_MAX,
        }
    }
}

/// How much a journal holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Records, of whatever kind.
    pub records: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Those that are not verified.
    pub unverified: u64,
    /// Bytes of those.
    pub unverified_bytes: u64,
}

/// What is called with the sequence of an appended record when it is on disk, or with the reason why it is not.
type Appended = Box<dyn FnOnce(Result<u64, JournalError>) + Send>;

/// What the thread is asked to do.
enum Request {
    Append { record: Record, appended: Appended, _bytes: OwnedSemaphorePermit },
    Remove { sequences: Vec<u64>, removed: oneshot::Sender<Result<(), JournalError>> },
    Read { after: u64, bounds: ReadBounds, read: oneshot::Sender<Result<Vec<Entry>, JournalError>> },
    Heartbeat { now: DateTime<Utc>, beaten: oneshot::Sender<Result<(), JournalError>> },
    Close(oneshot::Sender<()>),
}

/// How much is read at once.
#[derive(Clone, Copy, Debug)]
pub struct ReadBounds {
    /// Records.
    pub records_max: usize,
    /// Bytes; one record is read even if it has more.
    pub bytes_max: usize,
}

/// A journal that is open.
pub struct Journal {
    requests: mpsc::Sender<Request>,
    bytes: Arc<Semaphore>,
    usage: Arc<Mutex<Usage>>,
    /// Notified when something was appended.
    appended: Arc<Notify>,
}

impl Journal {
    /// Opens the journal at `path`; makes it when there is none. Blocks until that is done.
    ///
    /// # Errors
    /// [`JournalError`], each with what to do about it. The file is never replaced.
    pub fn open(path: &Path, keys: Arc<Keys>, limits: Limits) -> Result<Self, JournalError> {
        let file = path.to_owned();
        Self::open_with(path, keys, limits, Box::new(move || file::open(&file)))
    }

    /// Like [`Journal::open`], with the disk that `open` gives: for tests, which decide what the disk does. `open` is
    /// called again after a failure.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn open_with(path: &Path, keys: Arc<Keys>, limits: Limits, open: Open) -> Result<Self, JournalError> {
        let (requests, queue) = mpsc::channel(QUEUE_MAX);
        let (opened_in, opened) = std::sync::mpsc::channel();
        let usage = Arc::new(Mutex::new(Usage::default()));
        let (owner_path, owner_usage) = (path.to_owned(), Arc::clone(&usage));
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || match file::Owner::open(owner_path, keys, limits, open, owner_usage) {
                Ok(owner) => {
                    drop(opened_in.send(Ok(())));
                    owner.run(queue);
                }
                Err(error) => drop(opened_in.send(Err(error))),
            })
            .map_err(|error| JournalError::Disk(Arc::new(redb::Error::Io(error))))?;
        // Nothing comes when the thread panicked over what it found in the file.
        opened.recv().unwrap_or_else(|_| {
            let source = Arc::new(redb::Error::Corrupted("its structure makes no sense".to_owned()));
            Err(JournalError::Damaged { path: path.to_owned(), source })
        })?;
        let bytes = Arc::new(Semaphore::new(QUEUE_BYTES_MAX));
        Ok(Self { requests, bytes, usage, appended: Arc::new(Notify::new()) })
    }

    /// Hands `record` over; `appended` is called when it is on disk, or cannot be. Never waits.
    pub(crate) fn submit(
        &self,
        record: Record,
        appended: impl FnOnce(Result<u64, JournalError>) + Send + 'static,
    ) {
        let size = u32::try_from(record.size()).unwrap_or(u32::MAX).max(1);
        let Ok(permit) = Arc::clone(&self.bytes).try_acquire_many_owned(size) else {
            return appended(Err(JournalError::Busy));
        };
        let notify = Arc::clone(&self.appended);
        let appended: Appended = Box::new(move |result| {
            if result.is_ok() {
                notify.notify_one();
            }
            appended(result);
        });
        let refused = match self.requests.try_send(Request::Append { record, appended, _bytes: permit }) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(request)) => (request, JournalError::Busy),
            Err(mpsc::error::TrySendError::Closed(request)) => (request, JournalError::Closed),
        };
        if let (Request::Append { appended, .. }, error) = refused {
            appended(Err(error));
        }
    }

    /// Appends `record`; when this returns `Ok`, it is on disk. Answers its sequence.
    ///
    /// # Errors
    /// [`JournalError`]; the record may be on disk all the same, unless the journal is full or busy.
    pub async fn append(&self, record: Record) -> Result<u64, JournalError> {
        let (answer, answered) = oneshot::channel();
        self.submit(record, move |result| drop(answer.send(result)));
        answered.await.unwrap_or(Err(JournalError::Closed))
    }

    /// The oldest records with a sequence above `after`.
    ///
    /// # Errors
    /// [`JournalError`]
    pub async fn read(&self, after: u64, bounds: ReadBounds) -> Result<Vec<Entry>, JournalError> {
        self.ask(|read| Request::Read { after, bounds, read }).await
    }

    /// Removes records. Sequences that are not there are no error.
    ///
    /// # Errors
    /// [`JournalError`]; some of them may be there still.
    pub async fn remove(&self, sequences: Vec<u64>) -> Result<(), JournalError> {
        self.ask(|removed| Request::Remove { sequences, removed }).await
    }

    /// Takes a record the whole way: append, fsync, read back, remove. A fallback that is never used is broken.
    ///
    /// # Errors
    /// [`JournalError`] when any part of it fails.
    pub async fn beat(&self, now: DateTime<Utc>) -> Result<(), JournalError> {
        self.ask(|beaten| Request::Heartbeat { now, beaten }).await
    }

    /// How much it holds.
    pub fn usage(&self) -> Usage {
        *self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something is appended.
    pub(crate) async fn appended(&self) {
        self.appended.notified().await;
    }

    /// Closes the file after what was asked before. Later requests fail.
    pub async fn close(&self) {
        let (closed_in, closed) = oneshot::channel();
        if self.requests.send(Request::Close(closed_in)).await.is_ok() {
            drop(closed.await);
        }
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, JournalError>>) -> Request,
    ) -> Result<T, JournalError> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(request(answer)).await.map_err(|_| JournalError::Closed)?;
        answered.await.unwrap_or(Err(JournalError::Closed))
    }
}
