//! The thread that owns the journal's file.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redb::backends::FileBackend;
use redb::{
    Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableHandle as _,
};
use store::Keys;
use tokio::sync::mpsc;

use super::record::{Entry, Record, RecordKind};
use super::{Appended, JournalError, Limits, ReadBounds, Request, Usage};

/// Gives the file; called when the journal is opened, and again after a failure of the disk.
pub type Open = Box<dyn FnMut() -> Result<Database, DatabaseError> + Send>;

/// Sealed values by sequence.
const RECORDS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("records");
/// What the file is.
const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");
/// The entry that only the right master key opens, and what it says.
const KEY_CHECK: &str = "key";
const KEY_CHECK_TEXT: &[u8] = b"trunkline journal 1";
/// Requests that one fsync serves.
const BATCH_MAX: usize = 1_024;
/// Pages of the file in memory.
const CACHE_BYTES: usize = 16 * 1_024 * 1_024;
/// After a failure of the disk the file is opened again, but not more often than this.
const REOPEN_EVERY: Duration = Duration::from_secs(1);

/// The file with what is known about it.
pub(super) struct Owner {
    path: PathBuf,
    keys: Arc<Keys>,
    limits: Limits,
    open: Open,
    /// `None` after a failure: a commit that failed leaves open what is on disk.
    database: Option<Database>,
    failed_at: Option<Instant>,
    usage: Usage,
    shown_usage: Arc<Mutex<Usage>>,
    /// The next record's sequence. Never used twice while this process lives.
    next: u64,
}

/// Opens the journal's file, which its owner alone may read. A new one is made under another name: a process that is
/// killed while it makes one must not leave something behind that looks like a damaged journal.
pub(super) fn open(path: &Path) -> Result<Database, DatabaseError> {
    let io = |error: io::Error| DatabaseError::Storage(redb::StorageError::Io(error));
    if !path.try_exists().map_err(io)? {
        let fresh = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(&fresh).map_err(io)?;
        builder().create_with_backend(FileBackend::new(file)?)?.close()?;
        File::open(&fresh).and_then(|file| file.sync_all()).map_err(io)?;
        std::fs::rename(&fresh, path).map_err(io)?;
        // Without this a power failure could lose the file's name with all that is in it.
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new("."))).and_then(|it| it.sync_all()).map_err(io)?;
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(io)?;
    builder().create_with_backend(FileBackend::new(file)?)
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

impl Owner {
    pub(super) fn open(
        path: PathBuf,
        keys: Arc<Keys>,
        limits: Limits,
        open: Open,
        shown_usage: Arc<Mutex<Usage>>,
    ) -> Result<Self, JournalError> {
        let mut owner = Self {
            path,
            keys,
            limits,
            open,
            database: None,
            failed_at: None,
            usage: Usage::default(),
            shown_usage,
            next: 1,
        };
        owner.reopen()?;
        Ok(owner)
    }

    /// Serves until it is told to close, or nobody can ask any more.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Request>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        while queue.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
            if let Some(closed) = self.serve(std::mem::take(&mut batch)) {
                self.database = None;
                if closed.send(()).is_err() {
                    tracing::debug!("nobody waited for the journal to close");
                }
                return;
            }
        }
    }

    /// Serves a batch: one commit for all that changes, then what asks.
    fn serve(&mut self, batch: Vec<Request>) -> Option<tokio::sync::oneshot::Sender<()>> {
        let (mut appends, mut removals, mut rest) = (Vec::new(), Vec::new(), VecDeque::new());
        for request in batch {
            match request {
                Request::Append { record, appended, _bytes } => appends.push((record, appended, _bytes)),
                Request::Remove { sequences, removed } => removals.push((sequences, removed)),
                other => rest.push_back(other),
            }
        }
        if !appends.is_empty() || !removals.is_empty() {
            let gone: Vec<u64> = removals.iter().flat_map(|(sequences, _)| sequences).copied().collect();
            let (records, waiting): (Vec<Record>, Vec<(Appended, _)>) =
                appends.into_iter().map(|(record, appended, bytes)| (record, (appended, bytes))).unzip();
            match self.change(&records, &gone) {
                Ok(results) => {
                    waiting.into_iter().zip(results).for_each(|((appended, _), result)| appended(result));
                    removals.into_iter().for_each(|(_, removed)| drop(removed.send(Ok(()))));
                }
                Err(error) => {
                    waiting.into_iter().for_each(|(appended, _)| appended(Err(error.clone())));
                    removals.into_iter().for_each(|(_, removed)| drop(removed.send(Err(error.clone()))));
                }
            }
        }
        for request in rest {
            match request {
                Request::Read { after, bounds, read } => drop(read.send(self.read(after, bounds))),
                Request::Heartbeat { now, beaten } => drop(beaten.send(self.beat(now))),
                Request::Close(closed) => return Some(closed),
                // They were taken out above.
                Request::Append { .. } | Request::Remove { .. } => {}
            }
        }
        None
    }

    /// Appends and removes in one commit. The inner results are for each record: its sequence, or that it is too much.
    fn change(
        &mut self,
        records: &[Record],
        gone: &[u64],
    ) -> Result<Vec<Result<u64, JournalError>>, JournalError> {
        let (mut usage, mut next) = (self.usage, self.next);
        let limits = self.limits;
        let keys = Arc::clone(&self.keys);
        let changed = self.with(|database| {
            let transaction = database.begin_write()?;
            let mut results = Vec::with_capacity(records.len());
            {
                let mut table = transaction.open_table(RECORDS)?;
                for sequence in gone {
                    if let Some(value) = table.remove(sequence)? {
                        usage.forget(value.value());
                    }
                }
                for record in records {
                    let value = record.seal(&keys, next);
                    let with_it = usage.with(record.kind(), value.len());
                    if with_it.exceeds(&limits) {
                        results.push(Err(JournalError::Full));
                        continue;
                    }
                    table.insert(next, value.as_slice())?;
                    results.push(Ok(next));
                    usage = with_it;
                    next += 1;
                }
            }
            // With the durability that is redb's default, this returns after fsync.
            transaction.commit()?;
            Ok(results)
        });
        // Also after a failure: the numbers may be on disk.
        self.next = next;
        let results = changed?;
        self.set_usage(usage);
        Ok(results)
    }

    fn read(&mut self, after: u64, bounds: ReadBounds) -> Result<Vec<Entry>, JournalError> {
        let keys = Arc::clone(&self.keys);
        self.with(|database| {
            let table = database.begin_read()?.open_table(RECORDS)?;
            let (mut entries, mut bytes) = (Vec::new(), 0);
            for row in table.range(after.saturating_add(1)..)?.take(bounds.records_max) {
                let (sequence, value) = row?;
                bytes += value.value().len();
                if bytes > bounds.bytes_max && !entries.is_empty() {
                    break;
                }
                entries.push(Entry::read(&keys, sequence.value(), value.value()));
            }
            Ok(entries)
        })
    }

    fn beat(&mut self, now: chrono::DateTime<chrono::Utc>) -> Result<(), JournalError> {
        // Through microseconds, because that is what a record keeps.
        let made_at = chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        let record = Record::Heartbeat { made_at };
        let sequence =
            self.change(std::slice::from_ref(&record), &[])?.pop().unwrap_or(Err(JournalError::Full))?;
        let bounds = ReadBounds { records_max: 1, bytes_max: usize::MAX };
        let read = self.read(sequence - 1, bounds)?.pop();
        self.change(&[], &[sequence])?;
        if read.is_some_and(|entry| entry.sequence == sequence && entry.record == Ok(record)) {
            Ok(())
        } else {
            let source =
                Arc::new(redb::Error::Corrupted("what was written could not be read back".to_owned()));
            Err(JournalError::Disk(source))
        }
    }

    /// Does something with the file. After a failure of the disk the file is closed, and opened again the next time.
    fn with<T>(&mut self, work: impl FnOnce(&Database) -> Result<T, redb::Error>) -> Result<T, JournalError> {
        if self.database.is_none() {
            if self.failed_at.is_some_and(|at| at.elapsed() < REOPEN_EVERY) {
                return Err(JournalError::Disk(Arc::new(redb::Error::PreviousIo)));
            }
            self.failed_at = Some(Instant::now());
            self.reopen()?;
        }
        let Some(database) = &self.database else { return Err(JournalError::Closed) };
        work(database).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the journal failed");
            self.database = None;
            self.failed_at = Some(Instant::now());
            JournalError::Disk(Arc::new(error))
        })
    }

    fn reopen(&mut self) -> Result<(), JournalError> {
        let database = (self.open)().map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                JournalError::Held(self.path.clone())
            }
            DatabaseError::Storage(redb::StorageError::Io(error)) if !is_content(&error) => {
                JournalError::Disk(Arc::new(redb::Error::Io(error)))
            }
            other => JournalError::Damaged { path: self.path.clone(), source: Arc::new(other.into()) },
        })?;
        self.identify(&database)?;
        let (usage, last) = count(&database).map_err(|error| self.damaged(error))?;
        self.next = self.next.max(last + 1);
        self.set_usage(usage);
        self.database = Some(database);
        Ok(())
    }

    /// Makes sure that the file is a journal of this installation. An empty one becomes one.
    fn identify(&self, database: &Database) -> Result<(), JournalError> {
        let about = about(database).map_err(|error| self.damaged(error))?;
        match about {
            About::Journal(check) => match self.keys.open("journal/about", &check) {
                Ok(text) if text == KEY_CHECK_TEXT => Ok(()),
                Ok(_) => Err(self.damaged(redb::Error::Corrupted("another format".to_owned()))),
                Err(_) => Err(JournalError::WrongMasterKey(self.path.clone())),
            },
            About::Foreign => Err(self.damaged(redb::Error::Corrupted("other tables".to_owned()))),
            About::Empty => {
                let make = || -> Result<(), redb::Error> {
                    let transaction = database.begin_write()?;
                    let check = self.keys.seal("journal/about", KEY_CHECK_TEXT);
                    transaction.open_table(ABOUT)?.insert(KEY_CHECK, check.as_slice())?;
                    transaction.open_table(RECORDS)?;
                    transaction.commit()?;
                    Ok(())
                };
                make().map_err(|error| JournalError::Disk(Arc::new(error)))
            }
        }
    }

    fn damaged(&self, error: redb::Error) -> JournalError {
        JournalError::Damaged { path: self.path.clone(), source: Arc::new(error) }
    }

    fn set_usage(&mut self, usage: Usage) {
        self.usage = usage;
        *self.shown_usage.lock().unwrap_or_else(PoisonError::into_inner) = usage;
    }
}

/// True when the error is about what the file holds, not about reaching it.
fn is_content(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

enum About {
    Empty,
    Foreign,
    Journal(Vec<u8>),
}

fn about(database: &Database) -> Result<About, redb::Error> {
    let transaction = database.begin_read()?;
    let names: Vec<String> = transaction.list_tables()?.map(|table| table.name().to_owned()).collect();
    if names.is_empty() {
        return Ok(About::Empty);
    }
    if !names.iter().any(|name| name == ABOUT.name()) {
        return Ok(About::Foreign);
    }
    let check = transaction.open_table(ABOUT)?.get(KEY_CHECK)?.map(|check| check.value().to_vec());
    Ok(check.map_or(About::Foreign, About::Journal))
}

/// What the file holds, and the last sequence in it.
fn count(database: &Database) -> Result<(Usage, u64), redb::Error> {
    let table = database.begin_read()?.open_table(RECORDS)?;
    let (mut usage, mut last) = (Usage::default(), 0);
    for row in table.iter()? {
        let (sequence, value) = row?;
        last = sequence.value();
        usage.add(RecordKind::of(value.value()), value.value().len());
    }
    Ok((usage, last))
}

impl Usage {
    fn with(mut self, kind: RecordKind, bytes: usize) -> Self {
        self.add(Some(kind), bytes);
        self
    }

    fn add(&mut self, kind: Option<RecordKind>, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.records += 1;
        self.bytes += bytes;
        if kind == Some(RecordKind::Unverified) {
            self.unverified += 1;
            self.unverified_bytes += bytes;
        }
    }

    fn forget(&mut self, value: &[u8]) {
        let bytes = u64::try_from(value.len()).unwrap_or(u64::MAX);
        self.records = self.records.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        if RecordKind::of(value) == Some(RecordKind::Unverified) {
            self.unverified = self.unverified.saturating_sub(1);
            self.unverified_bytes = self.unverified_bytes.saturating_sub(bytes);
        }
    }

    fn exceeds(&self, limits: &Limits) -> bool {
        self.records > limits.records_max
            || self.bytes > limits.bytes_max
            || self.unverified > limits.unverified_max
            || self.unverified_bytes > limits.unverified_bytes_max
    }
}
