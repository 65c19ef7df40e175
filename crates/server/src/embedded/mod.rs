//! A private PostgreSQL for one machine: found, initialised, started, shared and stopped by this process.
//!
//! It lets somebody try Trunkline, or run it for one company, without setting up a database. It is PostgreSQL as
//! installed on the machine, with its durability switched on; where the operator names a database this module is not
//! used.
//!
//! Who may do what is decided by locks that the kernel lets go of when a process dies (`home.rs`):
//!
//! - One process owns the server: it holds the lock, runs the server as its child and stops it.
//! - Any other process attaches to it; the owner lets those finish, for a bounded time, before it stops the server.
//! - `trunkline serve` does not attach to a short command, which would soon stop the server, but waits for its end.
//!
//! The server never outlives its owner. On Linux the kernel tells it to shut down when the owner dies
//! (`postmaster.rs`); and whatever the reason something is left running, the next owner stops it first.
//!
//! What is deliberately absent: downloading PostgreSQL, upgrading a cluster to another major version, replication,
//! and anything asynchronous. Calls block; callers move them off the runtime.

mod account;
mod binaries;
mod cluster;
mod error;
mod home;
mod log;
mod postmaster;
mod process;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use account::Account;
use binaries::Binaries;
pub(crate) use error::EmbeddedError;
use home::{Home, State};
use postmaster::{Launch, Postmaster};

/// How often a condition of another process is looked at.
const POLL: Duration = Duration::from_millis(25);
/// The longest `serve` waits for a short command to let go of the data directory.
const HANDOVER_SECONDS_MAX: u64 = 60;
/// The longest a process waits for the owner to get the server ready or stopped.
const OWNER_SECONDS_MAX: u64 = 300;
/// How long an owner that wants to end waits for those who attached to its server.
const USERS_OF_COMMAND_WAIT: Duration = Duration::from_secs(60);
const USERS_OF_SERVE_WAIT: Duration = Duration::from_secs(3);
/// How often another port is tried when the chosen one is taken at the last moment.
const PORT_TRIES_MAX: u32 = 5;
const MESSAGE_LINES_MAX: usize = 12;

/// What the process wants PostgreSQL for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Purpose {
    /// `trunkline serve` and other processes that go on until they are stopped.
    Serve,
    /// A short command, such as `trunkline company create`.
    Command,
}

/// The use of the private PostgreSQL of a data directory. Dropping it ends the use, and stops the server if this
/// process started it.
pub(crate) struct Embedded {
    url: String,
    usage: Option<Usage>,
}

enum Usage {
    Owner { home: Home, state: State, postmaster: Postmaster, lock: File },
    Attached { lock: File },
}

impl Embedded {
    /// Starts the PostgreSQL of `data_dir`, making its cluster if there is none, or attaches to it if another process
    /// runs it. Returns when it takes connections.
    ///
    /// `bin_dir` is the directory of PostgreSQL's programs; without it they are looked for.
    pub(crate) fn start(
        data_dir: &Path,
        bin_dir: Option<&Path>,
        purpose: Purpose,
    ) -> Result<Self, EmbeddedError> {
        let home = Home::open(data_dir)?;
        let started = Instant::now();
        loop {
            if let Some(lock) = home.try_own()? {
                return Self::own(home, bin_dir, purpose, lock);
            }
            let state = home.state();
            let waited_s = match state {
                Some(state)
                    if state.ready && purpose == Purpose::Serve && state.purpose == Purpose::Command =>
                {
                    HANDOVER_SECONDS_MAX
                }
                Some(state) if state.ready => {
                    if let Some(attached) = Self::attach(&home, state)? {
                        return Ok(attached);
                    }
                    OWNER_SECONDS_MAX
                }
                Some(_) | None => OWNER_SECONDS_MAX,
            };
            if started.elapsed() > Duration::from_secs(waited_s) {
                return Err(EmbeddedError::Busy { pid: state.map_or(0, |state| state.owner_pid), waited_s });
            }
            thread::sleep(POLL);
        }
    }

    /// The address of the database, with the superuser of this private cluster. Tables are made with it; everything
    /// else uses roles with fewer rights.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// True if this process runs the server, false if it uses another's.
    pub(crate) fn started_here(&self) -> bool {
        matches!(self.usage, Some(Usage::Owner { .. }))
    }

    /// Ends the use; like dropping, but tells whether the server could be stopped.
    pub(crate) fn stop(mut self) -> Result<(), EmbeddedError> {
        self.end()
    }

    fn own(home: Home, bin_dir: Option<&Path>, purpose: Purpose, lock: File) -> Result<Self, EmbeddedError> {
        let last_port = home.state().map(|state| state.port);
        let mut state =
            State { owner_pid: std::process::id(), purpose, port: last_port.unwrap_or(0), ready: false };
        // From here on nobody takes the former owner's state for ours.
        home.set_state(state)?;

        let cluster = home.cluster();
        let wanted = cluster::major(&home)?;
        let account = Account::choose(&cluster)?;
        let binaries = Binaries::find(bin_dir, wanted, &account)?;
        if wanted.is_none() {
            tracing::info!(path = %cluster.display(), "making a private PostgreSQL");
            cluster::create(&home, &binaries, &account)?;
        }
        process::stop_left_behind(&cluster)?;
        let password = cluster::password(&home, &binaries, &account)?;
        cluster::configure(&cluster, &account)?;

        let log = home.path("server.log");
        let launch = Launch { binaries, account, cluster, log, port: 0 };
        let postmaster = start_on_free_port(launch, last_port, &mut state.port)?;
        state.ready = true;
        let url = url(&password, state.port);
        // Made before the state is written, so that a failure to write it stops the server again.
        let owner = Self { url, usage: Some(Usage::Owner { home, state, postmaster, lock }) };
        owner.publish()?;
        tracing::info!(port = state.port, "the private PostgreSQL is ready");
        Ok(owner)
    }

    fn publish(&self) -> Result<(), EmbeddedError> {
        match &self.usage {
            Some(Usage::Owner { home, state, .. }) => home.set_state(*state),
            Some(Usage::Attached { .. }) | None => Ok(()),
        }
    }

    /// Joins the users of a server that another process runs; nothing if it is just ending.
    fn attach(home: &Home, state: State) -> Result<Option<Self>, EmbeddedError> {
        let Some(lock) = home.try_join()? else { return Ok(None) };
        // Having joined, its owner waits for us. It may have ended, or changed, before that.
        let current = home.state().filter(|now| now.ready && now.port == state.port);
        if current.is_none() || !process::answers(state.port) {
            return Ok(None);
        }
        let Some(password) = home.password()? else { return Ok(None) };
        tracing::debug!(owner = state.owner_pid, port = state.port, "attached to the private PostgreSQL");
        Ok(Some(Self { url: url(&password, state.port), usage: Some(Usage::Attached { lock }) }))
    }

    fn end(&mut self) -> Result<(), EmbeddedError> {
        match self.usage.take() {
            Some(Usage::Owner { home, mut state, mut postmaster, lock }) => {
                let closed = wait_for_users(&home, state.purpose);
                state.ready = false;
                let told = home.set_state(state);
                let stopped = postmaster.stop();
                // Only now may the next owner come.
                drop(lock);
                drop(closed);
                stopped.and(told)
            }
            Some(Usage::Attached { lock }) => {
                drop(lock);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, "the private PostgreSQL was not stopped properly");
        }
    }
}

/// Without the address, which contains the password.
impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("started_here", &self.started_here()).finish_non_exhaustive()
    }
}

fn start_on_free_port(
    mut launch: Launch,
    last_port: Option<u16>,
    port: &mut u16,
) -> Result<Postmaster, EmbeddedError> {
    let mut tries = 0;
    loop {
        // The former port, so that an operator's tools keep working, but not twice.
        *port = process::free_port(last_port.filter(|_| tries == 0))?;
        launch.port = *port;
        tries += 1;
        match Postmaster::start(launch.clone()) {
            Err(EmbeddedError::PortTaken { port }) if tries < PORT_TRIES_MAX => {
                tracing::warn!(port, "the port was taken at the last moment; another is chosen");
            }
            outcome => return outcome,
        }
    }
}

/// Keeps new users out and waits for those there are, for a time.
fn wait_for_users(home: &Home, purpose: Purpose) -> Option<File> {
    let at_most = match purpose {
        Purpose::Serve => USERS_OF_SERVE_WAIT,
        Purpose::Command => USERS_OF_COMMAND_WAIT,
    };
    let deadline = Instant::now() + at_most;
    loop {
        match home.try_close() {
            Ok(Some(lock)) => return Some(lock),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            Ok(None) => {
                tracing::warn!("PostgreSQL is stopped although another process still uses it");
                return None;
            }
            Err(error) => {
                tracing::warn!(%error, "it is unknown whether another process uses PostgreSQL");
                return None;
            }
        }
    }
}

fn url(password: &str, port: u16) -> String {
    let name = cluster::NAME;
    format!("postgres://{name}:{password}@127.0.0.1:{port}/{name}")
}

fn random_hex<const N: usize>() -> Result<String, EmbeddedError> {
    Ok(home::random_bytes::<N>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The last lines of a program's output, for a message to a person.
fn tail_of(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let first = lines.len().saturating_sub(MESSAGE_LINES_MAX);
    lines.get(first..).unwrap_or_default().join("\n")
}
