//! One running PostgreSQL server: started, kept running, stopped.
//!
//! The server is spawned by a thread of its own that then waits for it. That is not for convenience: the signal that
//! Linux sends to a child when its parent dies follows the *thread* that spawned it, and a thread borrowed from a
//! pool may end at any time. This one lives exactly as long as the server, or as the process.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

use super::account::{Account, die_with_parent};
use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::log::Log;

/// The longest a start may take. Recovery after a crash replays at most `max_wal_size` of log.
const STARTUP_SECONDS_MAX: u64 = 300;
/// The longest a fast shutdown may take (it writes a checkpoint), before and after insisting.
const STOP_SECONDS_MAX: u64 = 60;
const INSIST_SECONDS_MAX: u64 = 10;
/// The pause before a server that ended by itself is started again.
const RESTART_PAUSE: Duration = Duration::from_secs(2);

/// How the server is started.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    pub(super) binaries: Binaries,
    pub(super) account: Account,
    pub(super) cluster: PathBuf,
    pub(super) log: PathBuf,
    pub(super) port: u16,
}

/// The handle of a running server. Dropping it without [`Postmaster::stop`] leaves the server running until this
/// process ends.
#[derive(Debug)]
pub(super) struct Postmaster {
    shared: Arc<Shared>,
    cluster: PathBuf,
}

#[derive(Debug)]
struct Shared {
    phase: Mutex<Phase>,
    changed: Condvar,
    log: Log,
}

#[derive(Debug)]
struct Phase {
    wish: Wish,
    /// The server's process while it exists and was not waited for, so that a signal cannot hit anybody else.
    pid: Option<Pid>,
    /// Why the thread is gone.
    ended: Option<Ended>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// The first start: if the server ends, the start failed.
    Start,
    /// Ready once: if the server ends, it is started again.
    Keep,
    Stop,
}

#[derive(Debug)]
enum Ended {
    Exited(ExitStatus),
    NotSpawned(io::Error),
}

impl Postmaster {
    /// Starts the server and returns when it answers.
    pub(super) fn start(launch: Launch) -> Result<Self, EmbeddedError> {
        let phase = Phase { wish: Wish::Start, pid: None, ended: None };
        let log = Log::open(launch.log.clone());
        let shared = Arc::new(Shared { phase: Mutex::new(phase), changed: Condvar::new(), log });
        let (theirs, cluster, port) = (Arc::clone(&shared), launch.cluster.clone(), launch.port);
        let thread =
            thread::Builder::new().name("postgres".to_owned()).spawn(move || supervise(&launch, &theirs));
        thread.map_err(EmbeddedError::io("starting a thread for", &cluster))?;
        let mut started = Self { shared, cluster };
        match started.wait_ready(port) {
            Ok(()) => Ok(started),
            Err(error) => {
                if let Err(second) = started.stop() {
                    tracing::error!(error = %second, "the PostgreSQL that failed to start could not be stopped");
                }
                Err(error)
            }
        }
    }

    fn wait_ready(&self, port: u16) -> Result<(), EmbeddedError> {
        const WHAT: &str = "starting PostgreSQL";
        let deadline = Instant::now() + Duration::from_secs(STARTUP_SECONDS_MAX);
        loop {
            let phase = self.shared.lock();
            if let Some(ended) = &phase.ended {
                let why = match ended {
                    Ended::Exited(status) => status.to_string(),
                    Ended::NotSpawned(error) => error.to_string(),
                };
                let tail = format!("{}\n({why})", self.shared.log.tail());
                return Err(EmbeddedError::failed(WHAT, &self.cluster, port, tail));
            }
            let pid = phase.pid;
            drop(phase);
            if pid.is_some_and(|pid| super::process::says_ready(&self.cluster, pid))
                && super::process::answers(port)
            {
                self.shared.lock().wish = Wish::Keep;
                return Ok(());
            }
            if Instant::now() > deadline {
                let tail = self.shared.log.tail();
                return Err(EmbeddedError::TimedOut { what: WHAT, waited_s: STARTUP_SECONDS_MAX, tail });
            }
            thread::sleep(super::POLL);
        }
    }

    /// The server's process id, while it runs.
    #[cfg(test)]
    pub(super) fn pid(&self) -> Option<Pid> {
        self.shared.lock().pid
    }

    /// Stops the server: sessions are ended and everything is written; after a bounded wait it is made to end.
    pub(super) fn stop(&mut self) -> Result<(), EmbeddedError> {
        self.shared.lock().wish = Wish::Stop;
        self.shared.changed.notify_all();
        let stages = [(Signal::INT, STOP_SECONDS_MAX), (Signal::QUIT, INSIST_SECONDS_MAX)];
        for (signal, seconds) in stages {
            self.shared.lock().signal(signal);
            if self.shared.wait_ended(Duration::from_secs(seconds)) {
                return Ok(());
            }
            tracing::warn!(?signal, seconds, "PostgreSQL did not end in time");
        }
        self.shared.lock().signal(Signal::KILL);
        if self.shared.wait_ended(Duration::from_secs(INSIST_SECONDS_MAX)) {
            return Ok(());
        }
        let waited_s = STOP_SECONDS_MAX + 2 * INSIST_SECONDS_MAX;
        Err(EmbeddedError::TimedOut { what: "stopping PostgreSQL", waited_s, tail: self.shared.log.tail() })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_ended(&self, at_most: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.lock(), at_most, |phase| phase.ended.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.ended.is_some()
    }

    /// Waits before the next start, unless the wish to stop comes first.
    fn pause(&self) {
        let waited =
            self.changed.wait_timeout_while(self.lock(), RESTART_PAUSE, |phase| phase.wish != Wish::Stop);
        drop(waited);
    }

    fn end(&self, phase: &mut Phase, ended: Ended) {
        phase.ended = Some(ended);
        self.changed.notify_all();
    }
}

impl Phase {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid
            && let Err(error) = rustix::process::kill_process(pid, signal)
        {
            tracing::error!(%error, pid = pid.as_raw_nonzero().get(), "PostgreSQL could not be signalled");
        }
    }
}

/// Runs the server until it is to stop, starting it again whenever it ends by itself.
fn supervise(launch: &Launch, shared: &Arc<Shared>) {
    loop {
        let mut child = match launch.spawn() {
            Ok(child) => child,
            Err(error) => {
                let mut phase = shared.lock();
                if phase.wish != Wish::Keep {
                    return shared.end(&mut phase, Ended::NotSpawned(error));
                }
                drop(phase);
                tracing::error!(%error, "PostgreSQL could not be started again");
                shared.pause();
                continue;
            }
        };
        {
            let mut phase = shared.lock();
            phase.pid = Some(Pid::from_child(&child));
            // The wish to stop may have come while there was no process to signal.
            if phase.wish == Wish::Stop {
                phase.signal(Signal::INT);
            }
        }
        let status = wait(&mut child, shared);
        let mut phase = shared.lock();
        match (phase.wish, status) {
            (Wish::Keep, status) => {
                drop(phase);
                tracing::error!(?status, log = %launch.log.display(), "PostgreSQL ended by itself; it is started again");
                shared.pause();
            }
            (Wish::Start | Wish::Stop, Ok(status)) => return shared.end(&mut phase, Ended::Exited(status)),
            (Wish::Start | Wish::Stop, Err(error)) => {
                return shared.end(&mut phase, Ended::NotSpawned(error));
            }
        }
    }
}

/// Waits for the server's end, keeping its log meanwhile. The process id is given up before the process is waited
/// for, since from then on the number may be somebody else's.
fn wait(child: &mut Child, shared: &Arc<Shared>) -> io::Result<ExitStatus> {
    let drained = child.stderr.take().map(|stderr| shared.log.drain(stderr));
    let id = WaitId::Pid(Pid::from_child(child));
    while let Err(error) = rustix::process::waitid(id.clone(), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
    {
        if error != rustix::io::Errno::INTR {
            break;
        }
    }
    shared.lock().pid = None;
    let status = child.wait();
    if let Some(drained) = drained {
        drained.wait();
    }
    status
}

impl Launch {
    fn spawn(&self) -> io::Result<Child> {
        let mut command: Command = self.account.command(&self.binaries.program("postgres"));
        command.arg("-D").arg(&self.cluster);
        command.arg("-c").arg(format!("port={}", self.port));
        command.args(["-c", "listen_addresses=127.0.0.1"]);
        command.arg("-c").arg(format!("unix_socket_directories={}", self.socket_directory()));
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        // Ctrl-C in a terminal reaches every process of the foreground group. The server is stopped by us, after
        // what uses it, so it gets a group of its own.
        command.process_group(0);
        die_with_parent(&mut command, Signal::INT);
        command.spawn()
    }

    /// The socket is for an operator's `psql -h`, and lies where nobody else can reach it. A socket's path is limited
    /// to 107 bytes by the system; in a deeper directory there is none. A comma would separate two directories.
    fn socket_directory(&self) -> String {
        const PATH_BYTES_MAX: usize = 107;
        match self.cluster.to_str() {
            Some(path)
                if path.len() + "/.s.PGSQL.65535.lock".len() <= PATH_BYTES_MAX
                    && !path.contains([',', '"', '\'']) =>
            {
                path.to_owned()
            }
            Some(_) | None => String::new(),
        }
    }
}
