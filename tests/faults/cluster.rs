//! A PostgreSQL with everything switched on that makes a commit last, and with everything that can happen to one.

use std::collections::BTreeSet;
use std::fs::File;
use std::fs::Permissions;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::database::{program, psql};
use crate::volume::Inside;

/// How long anything that PostgreSQL does at once may take.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How it is stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// `pg_ctl stop -m fast`: in order.
    Fast,
    /// `pg_ctl stop -m immediate`: as a crash leaves it.
    Immediate,
}

pub(crate) struct Cluster {
    postmaster: Option<Child>,
    port: u16,
    password: String,
    wrapper: Vec<String>,
    directory: TempDir,
}

impl Cluster {
    /// A new one that runs.
    pub(crate) fn start() -> Self {
        let directory = tempfile::Builder::new().prefix("trunkline-faults.").tempdir().unwrap();
        std::fs::set_permissions(directory.path(), Permissions::from_mode(0o711)).unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let password = "not a secret".replace(' ', "-");
        let mut cluster = Self { postmaster: None, port, password, wrapper: Vec::new(), directory };
        cluster.make();
        cluster.begin();
        cluster
    }

    pub(crate) fn url(&self) -> String {
        self.url_through(self.address())
    }

    pub(crate) fn url_through(&self, address: SocketAddr) -> String {
        format!("postgres://postgres:{}@{address}/postgres", self.password)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub(crate) fn set_wrapper(&mut self, wrapper: Vec<String>) {
        self.wrapper = wrapper;
    }

    /// Runs statements as superuser, past the server and its wire.
    pub(crate) fn sql(&self, sql: &str) -> Result<String, String> {
        psql(&self.url(), sql)
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn begin(&mut self) {
        assert!(self.postmaster.is_none(), "it runs");
        self.spawn();
        self.until_answers();
    }

    /// Makes sure that it runs, and waits until it answers. What is broken may end it once more meanwhile: it gives up
    /// when it comes back from a crash and finds no room for its log, which may be after there is room again.
    pub(crate) fn mend(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = self.sql("SELECT 1") {
            assert!(Instant::now() < deadline, "PostgreSQL does not answer: {error}\n{}", self.log_tail());
            if !self.is_running() {
                self.spawn();
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = Self::as_postgres(&self.wrapper, &sibling("postgres"));
        command.arg("-D").arg(self.data());
        let port = format!("port={}", self.port);
        for option in [&port, "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_wal_size=64MB"] {
            command.args(["-c", option]);
        }
        let errors = log.try_clone().unwrap();
        self.postmaster = Some(command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn().unwrap());
    }

    pub(crate) fn stop(&mut self, how: Stop) {
        let mut postmaster = self.postmaster.take().unwrap();
        let signal = match how {
            Stop::Fast => Signal::INT,
            Stop::Immediate => Signal::QUIT,
        };
        kill_process(Pid::from_child(&postmaster), signal).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while postmaster.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "PostgreSQL does not stop: {how:?}\n{}", self.log_tail());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Kills one process that works for the receive path, as the kernel does when memory is short.
    pub(crate) fn kill_backend(&self) {
        let found = "SELECT pid FROM pg_stat_activity WHERE usename LIKE '%ingest%' ORDER BY pid LIMIT 1";
        let found = self.sql(found).unwrap();
        let pid = found.trim().parse().ok().and_then(Pid::from_raw);
        kill_process(pid.expect("the receive path is connected"), Signal::KILL).unwrap();
    }

    /// Stops every process where it stands: connections stay, nothing is answered.
    pub(crate) fn freeze(&self) {
        let mut frozen = BTreeSet::new();
        // Until there is none that was begun meanwhile.
        loop {
            let new: Vec<Pid> =
                self.pids().into_iter().filter(|pid| frozen.insert(pid.as_raw_nonzero())).collect();
            if new.is_empty() {
                return;
            }
            for pid in new {
                kill_process(pid, Signal::STOP).ok();
            }
        }
    }

    pub(crate) fn thaw(&self) {
        for pid in self.pids() {
            kill_process(pid, Signal::CONT).ok();
        }
    }

    /// The postmaster and its children, it first.
    pub(crate) fn pids(&self) -> Vec<Pid> {
        let Some(postmaster) = &self.postmaster else { return Vec::new() };
        let postmaster = Pid::from_child(postmaster);
        let children = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
            let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let (_, after_name) = stat.rsplit_once(") ")?;
            let parent = after_name.split(' ').nth(1)?.parse().ok().and_then(Pid::from_raw)?;
            (parent == postmaster).then_some(pid)
        });
        std::iter::once(postmaster).chain(children).collect()
    }

    /// Its processes, and how to be one of them.
    pub(crate) fn inside(&self) -> Inside {
        Inside { pids: self.pids(), user: as_user() }
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.postmaster.as_mut().is_some_and(|postmaster| postmaster.try_wait().unwrap().is_none())
    }

    fn until_answers(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) = self.sql("SELECT 1") {
            assert!(self.is_running(), "PostgreSQL ended\n{}", self.log_tail());
            assert!(Instant::now() < deadline, "PostgreSQL does not answer: {error}\n{}", self.log_tail());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn make(&self) {
        let (data, password) = (self.data(), self.directory.path().join("password"));
        std::fs::create_dir(&data).unwrap();
        std::fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
        std::fs::write(&password, &self.password).unwrap();
        if let Some((user, group)) = postgres_user() {
            let owned = Command::new("chown")
                .arg(format!("{user}:{group}"))
                .arg(&data)
                .arg(&password)
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let mut command = Self::as_postgres(&[], &sibling("initdb"));
        command.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password);
        command.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn as_postgres(wrapper: &[String], program: &Path) -> Command {
        let mut words: Vec<String> = [wrapper, &as_user()].concat();
        words.push(program.to_str().unwrap().to_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir("/");
        command
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    fn log_tail(&self) -> String {
        let log = std::fs::read_to_string(self.log_file()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.is_running() {
            self.thaw();
            self.stop(Stop::Immediate);
        }
    }
}

/// What a program is started by to be a process of PostgreSQL, which refuses root, and to end with this one.
fn as_user() -> Vec<String> {
    let Some((user, group)) = postgres_user() else { return Vec::new() };
    let (user, group) = (format!("--reuid={user}"), format!("--regid={group}"));
    ["setpriv", &user, &group, "--clear-groups", "--pdeathsig", "QUIT"].map(str::to_owned).to_vec()
}

/// User and group that PostgreSQL runs as when we are root.
fn postgres_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let found = fields.find(|fields| fields[0] == name)?;
        Some((found[2].parse().ok()?, found[3].parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}

/// A program of the version that `postgres` is of.
fn sibling(name: &str) -> PathBuf {
    let postgres = program("postgres").canonicalize().unwrap();
    postgres.with_file_name(name)
}
