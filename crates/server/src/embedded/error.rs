//! What can go wrong with the private PostgreSQL, each with the sentence the operator reads.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the private PostgreSQL could not be started, joined or stopped.
#[derive(Debug)]
pub(crate) enum EmbeddedError {
    /// No usable PostgreSQL binaries were found in any of the places looked at.
    NoBinaries {
        /// The major version the existing cluster needs, if there is one.
        wanted: Option<u32>,
        /// What was found instead, or where it was looked for.
        searched: String,
    },
    /// The cluster directory exists and holds something that is not a PostgreSQL cluster.
    NotACluster {
        /// The cluster directory.
        path: PathBuf,
    },
    /// The files belong to somebody this process cannot act for.
    WrongOwner {
        /// The file or directory in question.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
    },
    /// The user PostgreSQL must run as cannot enter the directory, and it cannot be placed elsewhere.
    Unreachable {
        /// The directory.
        path: PathBuf,
        /// The user.
        user: String,
    },
    /// PostgreSQL refuses to run as root and there is no other user to run it as.
    NoUser,
    /// Another process owns the data directory and did not let go of it in time.
    Busy {
        /// The process.
        pid: u32,
        /// How long was waited.
        waited_s: u64,
    },
    /// The file system is full.
    DiskFull {
        /// The directory on it.
        path: PathBuf,
    },
    /// The port was taken by somebody else between choosing and using it.
    PortTaken {
        /// The port.
        port: u16,
    },
    /// A PostgreSQL program failed; the tail of what it said is kept.
    Failed {
        /// What was being done.
        what: &'static str,
        /// The last lines of its output.
        tail: String,
    },
    /// A step did not end in the time it is given.
    TimedOut {
        /// What was being done.
        what: &'static str,
        /// How long was waited.
        waited_s: u64,
        /// The last lines of the server log, if any.
        tail: String,
    },
    /// The operating system refused something.
    Io {
        /// What was being done.
        what: &'static str,
        /// The path it was done to.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Makes the error of a failed file operation; a full disk and a foreign owner get their own variants.
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path: path.into() },
            _ => Self::Io { what, path: path.into(), source },
        }
    }

    /// Makes the error of a failed program from what it printed.
    pub(super) fn failed(what: &'static str, path: &Path, port: u16, tail: String) -> Self {
        if tail.contains("No space left on device") || tail.contains("Disk quota exceeded") {
            Self::DiskFull { path: path.into() }
        } else if tail.contains("Address already in use") {
            Self::PortTaken { port }
        } else {
            Self::Failed { what, tail }
        }
    }
}

impl fmt::Display for EmbeddedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBinaries { wanted: None, searched } => write!(
                f,
                "no PostgreSQL 15 or newer was found ({searched}); install it (Debian and Ubuntu: `apt-get install \
                 postgresql`, Fedora: `dnf install postgresql-server postgresql-contrib`, macOS: `brew install \
                 postgresql@17`), name its directory by TRUNKLINE_POSTGRES_BIN_DIR, or use a database of your own \
                 by DATABASE_URL"
            ),
            Self::NoBinaries { wanted: Some(major), searched } => write!(
                f,
                "the data directory was made by PostgreSQL {major} and no PostgreSQL {major} was found ({searched}); \
                 install PostgreSQL {major}, or move the data with pg_dump and pg_restore as the runbook describes"
            ),
            Self::NotACluster { path } => write!(
                f,
                "{} exists but holds no PostgreSQL cluster; restore it from a backup or move it away",
                path.display()
            ),
            Self::WrongOwner { path, owner } => write!(
                f,
                "{} belongs to user {owner}; run trunkline as that user, or give it the directory by chown",
                path.display()
            ),
            Self::Unreachable { path, user } => write!(
                f,
                "PostgreSQL runs as user `{user}`, who may not enter {}; choose a data directory whose parents \
                 everybody may enter",
                path.display()
            ),
            Self::NoUser => write!(
                f,
                "PostgreSQL refuses to run as root and there is neither a user `postgres` nor `nobody`; create one \
                 (`useradd --system postgres`) or run trunkline as an ordinary user"
            ),
            Self::Busy { pid, waited_s } => write!(
                f,
                "process {pid} uses this data directory and did not end within {waited_s} s; stop it and try again"
            ),
            Self::DiskFull { path } => write!(f, "the disk that holds {} is full", path.display()),
            Self::PortTaken { port } => write!(f, "port {port} on 127.0.0.1 was taken by another program"),
            Self::Failed { what, tail } => write!(f, "{what} failed; PostgreSQL said:\n{tail}"),
            Self::TimedOut { what, waited_s, tail } if tail.is_empty() => {
                write!(f, "{what} did not end within {waited_s} s")
            }
            Self::TimedOut { what, waited_s, tail } => {
                write!(f, "{what} did not end within {waited_s} s; PostgreSQL said:\n{tail}")
            }
            Self::Io { what, path, .. } => write!(f, "{what} {} failed", path.display()),
        }
    }
}

impl Error for EmbeddedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::NoBinaries { .. }
            | Self::NotACluster { .. }
            | Self::WrongOwner { .. }
            | Self::Unreachable { .. }
            | Self::NoUser
            | Self::Busy { .. }
            | Self::DiskFull { .. }
            | Self::PortTaken { .. }
            | Self::Failed { .. }
            | Self::TimedOut { .. } => None,
        }
    }
}
