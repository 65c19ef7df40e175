//! Proves that the journal keeps its promise: what it acknowledged survives a reopening, a `kill -9` and a loss of power
//! at every step, and a file that is not ours is left alone.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a child process is told by its environment what to do"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use domain::ids::{EndpointId, EndpointToken, TenantId};
use ingest::journal::{JOURNAL_FILE, Journal, JournalError, Limits, ReadBounds, Record};
use redb::backends::FileBackend;
use redb::{BackendError, Database, StorageBackend};
use store::{Arrival, Keys};

/// Tells a child which journal to use and at which access to the disk to die.
const CHILD: &str = "JOURNAL_TEST_CHILD";
const ALL: ReadBounds = ReadBounds { records_max: 100_000, bytes_max: usize::MAX };

fn keys() -> Arc<Keys> {
    Arc::new(Keys::new(&[7; 32]))
}

fn record(number: u64) -> Record {
    Record::Verified {
        tenant: TenantId(uuid::Uuid::from_u128(1)),
        endpoint: EndpointId(uuid::Uuid::from_u128(2)),
        received_at: DateTime::from_timestamp_micros(1_700_000_000_000_000).expect("a time"),
        payload: format!(r#"{{"call_id":{number},"filler":"{}"}}"#, "x".repeat(700)).into_bytes(),
        arrival: Arrival::default(),
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn numbers(journal: &Journal) -> BTreeSet<u64> {
    let entries = journal.read(0, ALL).await.unwrap();
    let number = |record: Record| {
        (1..=200).find(|number| crate::record(*number) == record).expect("a whole record of this test")
    };
    entries.into_iter().map(|entry| number(entry.record.unwrap())).collect()
}

#[test]
fn what_is_appended_is_there_in_order_after_reopening_until_it_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(JOURNAL_FILE);
    run(async {
        let journal = Journal::open(&path, keys(), Limits::default()).unwrap();
        for number in 1..=5 {
            journal.append(record(number)).await.unwrap();
        }
        assert!(matches!(Journal::open(&path, keys(), Limits::default()), Err(JournalError::Held(_))));
        journal.beat(DateTime::from_timestamp(1, 5).unwrap()).await.unwrap();
        journal.close().await;
        assert!(matches!(journal.append(record(9)).await, Err(JournalError::Closed)));

        let journal = Journal::open(&path, keys(), Limits::default()).unwrap();
        let entries = journal.read(0, ALL).await.unwrap();
        let found: Vec<Record> = entries.iter().map(|entry| entry.record.clone().unwrap()).collect();
        assert_eq!(found, (1..=5).map(record).collect::<Vec<_>>());
        assert!(entries.windows(2).all(|two| two[0].sequence < two[1].sequence));
        journal.remove(entries[..4].iter().map(|entry| entry.sequence).collect()).await.unwrap();
        journal.remove(vec![entries[0].sequence]).await.unwrap();
        let left = journal.read(entries[0].sequence, ALL).await.unwrap();
        assert_eq!((left.len(), left[0].sequence, journal.usage().records), (1, entries[4].sequence, 1));
        assert!(journal.append(record(6)).await.unwrap() > entries[4].sequence);
        journal.close().await;
    });
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_full_journal_takes_nothing_more_until_something_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits { records_max: 6, unverified_max: 2, bytes_max: 4_500, ..Limits::default() };
    run(async {
        let journal = Journal::open(&directory.path().join(JOURNAL_FILE), keys(), limits).unwrap();
        let unverified = || Record::Unverified {
            token: EndpointToken::from_random([1; 16]),
            received_at: DateTime::from_timestamp(1, 0).unwrap(),
            body: b"a.b.c".to_vec(),
        };
        let first = journal.append(unverified()).await.unwrap();
        journal.append(unverified()).await.unwrap();
        assert!(matches!(journal.append(unverified()).await, Err(JournalError::Full)));
        for number in 1..=4 {
            journal.append(record(number)).await.unwrap();
        }
        assert!(matches!(journal.append(record(5)).await, Err(JournalError::Full)), "count");
        journal.remove(vec![first]).await.unwrap();
        journal.append(record(5)).await.unwrap();
        journal.remove(vec![first + 1]).await.unwrap();
        assert!(matches!(journal.append(record(6)).await, Err(JournalError::Full)), "bytes");
    });
}

#[test]
fn a_file_that_is_not_ours_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(JOURNAL_FILE);
    run(async {
        let journal = Journal::open(&path, keys(), Limits::default()).unwrap();
        journal.append(record(1)).await.unwrap();
        journal.close().await;
    });
    let refused = |keys: [u8; 32]| {
        Journal::open(&path, Arc::new(Keys::new(&keys)), Limits::default()).err().expect("refused")
    };
    assert!(matches!(refused([8; 32]), JournalError::WrongMasterKey(_)));
    run(async {
        let journal = Journal::open(&path, keys(), Limits::default()).unwrap();
        assert_eq!(numbers(&journal).await, [1].into());
        journal.close().await;
    });
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, b"a diary, not a journal").unwrap();
    assert!(matches!(refused([7; 32]), JournalError::Damaged { .. }));
    assert_eq!(std::fs::read(&path).unwrap(), b"a diary, not a journal");
    let mut scratched = whole;
    scratched[..64].fill(0x55);
    std::fs::write(&path, scratched).unwrap();
    assert!(matches!(refused([7; 32]), JournalError::Damaged { .. }));
}

/// A file whose process dies at the `left`-th access that changes something.
#[derive(Debug)]
struct Deadly {
    file: FileBackend,
    left: AtomicU64,
}

impl Deadly {
    fn step(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let me = rustix::process::getpid();
            rustix::process::kill_process(me, rustix::process::Signal::KILL)
                .expect("this process can be killed");
        }
    }
}

impl StorageBackend for Deadly {
    fn len(&self) -> std::io::Result<u64> {
        self.file.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.file.read(offset, out)
    }
    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.step();
        self.file.set_len(len)
    }
    fn sync_data(&self) -> std::io::Result<()> {
        self.step();
        self.file.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.step();
        self.file.write(offset, data)
    }
}

/// Not a test of its own: the process that is killed. Appends, removes every third, and says so when it is done.
#[test]
fn child_that_appends_and_removes() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (steps, path) = told.split_once(' ').expect("steps and a path");
    let (steps, path) = (steps.parse().expect("a number"), Path::new(path).to_owned());
    let open = move || {
        let file =
            std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = FileBackend::new(file.expect("the file opens"))?;
        Database::builder().create_with_backend(Deadly { file, left: AtomicU64::new(steps) })
    };
    run(async {
        let journal =
            Journal::open_with(Path::new("child"), keys(), Limits::default(), Box::new(open)).unwrap();
        for number in 1..=12 {
            let sequence = journal.append(record(number)).await.unwrap();
            println!("\nappended {number}");
            if number % 3 == 0 {
                println!("\nremoving {number}");
                journal.remove(vec![sequence]).await.unwrap();
                println!("\nremoved {number}");
            }
        }
        journal.close().await;
        println!("\nfinished 0");
    });
}

#[test]
fn a_process_that_is_killed_at_any_step_loses_nothing_it_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let mut steps = 1;
    loop {
        let path = directory.path().join(format!("{steps}.redb"));
        run(async { Journal::open(&path, keys(), Limits::default()).unwrap().close().await });
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_appends_and_removes", "--nocapture"])
            .env(CHILD, format!("{steps} {}", path.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said: Vec<(String, u64)> = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            if let Some((what, number)) = line.unwrap().split_once(' ')
                && let Ok(number) = number.parse()
            {
                said.push((what.to_owned(), number));
            }
        }
        child.wait().unwrap();
        let of = |what: &str| -> BTreeSet<u64> {
            said.iter().filter(|(said, _)| said == what).map(|(_, number)| *number).collect()
        };
        run(async {
            let journal = Journal::open(&path, keys(), Limits::default()).unwrap();
            let found = numbers(&journal).await;
            let promised: BTreeSet<u64> = of("appended").difference(&of("removing")).copied().collect();
            assert!(promised.is_subset(&found), "step {steps}: {promised:?} not all in {found:?}");
            assert!(found.is_disjoint(&of("removed")), "step {steps}: what was removed is back");
            journal.close().await;
        });
        if said.iter().any(|(what, _)| what == "finished") {
            assert!(steps > 60, "{steps} steps are too few to mean something");
            return;
        }
        // Not every step: dying right before and after each fsync is among any three in a row.
        steps += if steps < 40 { 1 } else { 3 };
    }
}

/// A disk in memory that can lose its power: what was not synced is lost, or half of it is.
#[derive(Clone, Debug, Default)]
struct Volatile(Arc<Mutex<Disk>>);

#[derive(Debug, Default)]
struct Disk {
    durable: Vec<u8>,
    current: Vec<u8>,
    /// Writes since the last sync; `None` as data stands for a change of length.
    pending: Vec<(usize, Option<Vec<u8>>)>,
    left: u64,
}

impl Disk {
    fn apply(image: &mut Vec<u8>, (at, data): &(usize, Option<Vec<u8>>)) {
        let Some(data) = data else { return image.resize(*at, 0) };
        let end = at + data.len();
        if image.len() < end {
            image.resize(end, 0);
        }
        image[*at..end].copy_from_slice(data);
    }

    fn change(&mut self, change: (usize, Option<Vec<u8>>)) -> std::io::Result<()> {
        self.step()?;
        Self::apply(&mut self.current, &change);
        self.pending.push(change);
        Ok(())
    }

    fn step(&mut self) -> std::io::Result<()> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Err(std::io::Error::other("the power is gone")) } else { Ok(()) }
    }

    /// The power is back: what was synced is there, and of the rest what `keeps` says.
    fn restart(&mut self, keeps: impl Fn(usize) -> bool) {
        let pending = std::mem::take(&mut self.pending);
        for (_, change) in pending.iter().enumerate().filter(|(at, _)| keeps(*at)) {
            Self::apply(&mut self.durable, change);
        }
        self.current.clone_from(&self.durable);
        self.left = u64::MAX;
    }
}

impl StorageBackend for Volatile {
    fn len(&self) -> std::io::Result<u64> {
        Ok(self.0.lock().unwrap().current.len() as u64)
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        let (disk, start) = (self.0.lock().unwrap(), usize::try_from(offset).unwrap());
        let found = disk.current.get(start..start + out.len());
        out.copy_from_slice(found.ok_or(std::io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.lock().unwrap().change((usize::try_from(len).unwrap(), None))
    }
    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.0.lock().unwrap().change((usize::try_from(offset).unwrap(), Some(data.to_vec())))
    }
    fn sync_data(&self) -> std::io::Result<()> {
        let mut disk = self.0.lock().unwrap();
        disk.step()?;
        disk.pending.clear();
        disk.durable = disk.current.clone();
        Ok(())
    }
    fn try_lock_range(&self, _: std::ops::Bound<u64>, _: std::ops::Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }
    fn unlock_range(&self, _: std::ops::Bound<u64>, _: std::ops::Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }
}

fn open_volatile(disk: &Volatile) -> Result<Journal, JournalError> {
    let disk = disk.clone();
    let open = move || Database::builder().create_with_backend(disk.clone());
    Journal::open_with(Path::new("volatile"), keys(), Limits::default(), Box::new(open))
}

#[test]
fn a_loss_of_power_at_any_step_loses_nothing_that_was_acknowledged() {
    for steps in (1..=121).step_by(2) {
        for lost in 0_usize..3 {
            let disk = Volatile::default();
            disk.0.lock().unwrap().left = u64::MAX;
            run(async {
                let journal = open_volatile(&disk).unwrap();
                disk.0.lock().unwrap().left = steps;
                let mut acknowledged = BTreeSet::new();
                for number in 1..=8 {
                    if journal.append(record(number)).await.is_ok() {
                        acknowledged.insert(number);
                    }
                }
                journal.close().await;
                // Nothing, every second, and every third of what was under way reached the disk.
                disk.0.lock().unwrap().restart(|at| lost > 0 && at % (lost + 1) == 0);
                let journal = open_volatile(&disk).unwrap();
                let found = numbers(&journal).await;
                assert!(acknowledged.is_subset(&found), "step {steps}/{lost}: {acknowledged:?}, {found:?}");
                journal.close().await;
            });
        }
    }
}
