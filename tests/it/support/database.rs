//! A database of its own for each server, in the cluster of the test run.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::setting;

/// Names the cluster: a superuser's URL of a PostgreSQL that may be thrown away.
const CLUSTER: &str = "TRUNKLINE_TEST_DATABASE_URL";

/// An empty database; gone when dropped.
pub(crate) struct Database {
    name: String,
    cluster: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let cluster = setting(CLUSTER).unwrap_or_else(|| {
            panic!("{CLUSTER} is not set: `make test` sets it to a PostgreSQL that may be thrown away")
        });
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("it_{}_{count}", std::process::id());
        // Left behind by a process that had the same id.
        psql(&cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        psql(&cluster, &format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        Self { name, cluster }
    }

    /// The address with the user that owns the database.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// The address with another host and port, such as a proxy's.
    pub(crate) fn url_through(&self, address: std::net::SocketAddr) -> String {
        let url = self.url();
        let (before, rest) = url.rsplit_once('@').unwrap();
        let (_, name) = rest.split_once('/').unwrap();
        format!("{before}@{address}/{name}")
    }

    /// Host and port of the cluster.
    pub(crate) fn address(&self) -> String {
        let (_, rest) = self.cluster.rsplit_once('@').unwrap();
        rest.split('/').next().unwrap().to_owned()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Best effort: the cluster is thrown away anyway.
        psql(&self.cluster, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).ok();
    }
}

/// Runs statements as the user of the URL; answers their rows, one a line, columns separated by tabs.
pub(crate) fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new(program("psql"))
        .args([
            "--no-psqlrc",
            "--quiet",
            "--no-password",
            "--no-align",
            "--tuples-only",
            "--field-separator=\t",
        ])
        .args(["--dbname", url, "--command", sql])
        .env("PGOPTIONS", "-c client_min_messages=error")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql cannot be run: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// A program of PostgreSQL: where the run says, else as found by the shell, else where systems put it.
pub(crate) fn program(name: &str) -> PathBuf {
    let named = setting("TRUNKLINE_POSTGRES_BIN_DIR").map(PathBuf::from);
    let in_path = setting("PATH").unwrap_or_default();
    let on_path = in_path.split(':').map(PathBuf::from);
    let versioned = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"].into_iter().flat_map(|parent| {
        std::fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"))
    });
    let mut places = named.into_iter().chain(on_path).chain(versioned).map(|place| place.join(name));
    places.find(|place| place.is_file()).unwrap_or_else(|| PathBuf::from(name))
}
