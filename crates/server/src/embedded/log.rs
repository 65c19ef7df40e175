//! Keeps what PostgreSQL says: the last few kilobytes in memory for error messages, the rest in a file of bounded size.
//!
//! PostgreSQL's own log collector can start a new file at a size, but not remove old ones.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ChildStderr;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The size at which `server.log` becomes `server.log.1`; so twice this is the most they take together.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
const TAIL_BYTES_MAX: usize = 4 * 1024;
/// How long the end of the log is waited for after the server ended. Its last children may hold the pipe a little.
const END_WAIT: Duration = Duration::from_secs(2);

/// The log of one server.
#[derive(Debug, Clone)]
pub(super) struct Log {
    path: PathBuf,
    tail: Arc<Mutex<Vec<u8>>>,
}

/// Tells when a log has been read to its end.
#[derive(Debug)]
pub(super) struct Drained(Receiver<()>);

impl Log {
    pub(super) fn open(path: PathBuf) -> Self {
        Self { path, tail: Arc::default() }
    }

    /// The last lines.
    pub(super) fn tail(&self) -> String {
        super::tail_of(&self.tail.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the pipe to its end in a thread. It is read also when the file cannot be written (the disk is full),
    /// because a full pipe would stop the server.
    pub(super) fn drain(&self, mut pipe: ChildStderr) -> Drained {
        let (ended, drained) = mpsc::channel();
        let log = self.clone();
        thread::spawn(move || {
            let mut file = log.file().ok();
            let mut buffer = [0; 8192];
            loop {
                match pipe.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => log.keep(&mut file, buffer.get(..count).unwrap_or_default()),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            // Nobody may be waiting any more.
            ended.send(()).unwrap_or_default();
        });
        Drained(drained)
    }

    fn file(&self) -> io::Result<(File, u64)> {
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }

    fn keep(&self, file: &mut Option<(File, u64)>, text: &[u8]) {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(text);
        let surplus = tail.len().saturating_sub(TAIL_BYTES_MAX);
        tail.drain(..surplus);
        drop(tail);
        if let Some((open, size)) = file {
            *size += text.len() as u64;
            if open.write_all(text).is_ok() && *size < FILE_BYTES_MAX {
                return;
            }
            let full = *size >= FILE_BYTES_MAX;
            *file = None;
            if full && fs::rename(&self.path, self.path.with_extension("log.1")).is_err() {
                return;
            }
        }
        // After a full file or a failed write; what could not be written is lost, the next may be written again.
        *file = self.file().ok();
    }
}

impl Drained {
    pub(super) fn wait(self) {
        // A child that keeps the pipe open delays nobody: the thread goes on reading by itself.
        self.0.recv_timeout(END_WAIT).unwrap_or_default();
    }
}
