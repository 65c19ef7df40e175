//! The server that is measured: a process of its own, started from this very binary.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::millis;
use crate::edge::edge;

/// How long the server may take to start or stop.
const PROCESS_TIMEOUT: Duration = Duration::from_secs(120);

/// A directory that is removed at the end.
pub(super) struct DataDir(pub(super) PathBuf);

impl DataDir {
    pub(super) fn new() -> anyhow::Result<Self> {
        let name = format!("trunkline-bench-{}", edge().new_uuid());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the directory of the measurement could not be removed");
        }
    }
}

/// A server process; killed when it is dropped before it was stopped.
pub(super) struct Server {
    child: Child,
    pub(super) started_in_ms: f64,
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(super) address: String,
}

/// Time of processors used since the start, in seconds.
#[derive(Clone, Copy)]
pub(super) struct Cpu {
    pub(super) app_seconds: f64,
    pub(super) postgres_seconds: f64,
}

impl Server {
    /// Starts a server for that part of the work, `all` or `ingest`.
    pub(super) fn start(program: &Path, data_dir: &Path, role: &str) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut child = trunkline(program, data_dir)
            .args(["serve", "--listen", "127.0.0.1:0", "--role", role])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().context("the server has an output")?;
        let mut server = Self { child, started_in_ms: 0.0, address: String::new() };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let Some(address) = line.strip_prefix("listening on ") else { bail!("the server did not start") };
        server.started_in_ms = millis(started.elapsed());
        server.address = address.trim_end().to_owned();
        Ok(server)
    }

    /// Memory that is in use, in megabytes.
    pub(super) fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1_024.0
    }

    /// What the server has used, and what PostgreSQL, which is its child with children of its own.
    pub(super) fn cpu(&self) -> Cpu {
        let processes: Vec<Process> = std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| Process::read(entry.ok()?.file_name().to_str()?.parse().ok()?))
            .collect();
        let children = |of: u32| processes.iter().filter(move |process| process.parent == of);
        let app = processes.iter().find(|process| process.id == self.child.id());
        // What ended meanwhile counts with the process that started it.
        let postgres = children(self.child.id()).map(|postmaster| {
            let own = postmaster.ticks + postmaster.ended_ticks;
            own + children(postmaster.id).map(|backend| backend.ticks).sum::<f64>()
        });
        #[expect(clippy::cast_precision_loss, reason = "100, or a thousand at most")]
        let per_second = rustix::param::clock_ticks_per_second() as f64;
        Cpu {
            app_seconds: app.map_or(0.0, |app| app.ticks) / per_second,
            postgres_seconds: postgres.sum::<f64>() / per_second,
        }
    }

    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > PROCESS_TIMEOUT {
                bail!("the server did not stop");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill() {
            tracing::debug!(%error, "the server has ended");
        }
    }
}

struct Process {
    id: u32,
    parent: u32,
    ticks: f64,
    ended_ticks: f64,
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name, in parentheses, may contain anything; the numbers follow. proc(5) counts the state as the third.
        let numbers: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |nth: usize| numbers.get(nth - 3)?.parse::<f64>().ok();
        Some(Self {
            id,
            parent: numbers.get(1)?.parse().ok()?,
            ticks: number(14)? + number(15)?,
            ended_ticks: number(16)? + number(17)?,
        })
    }
}

/// This binary, with the private database of `data_dir` whatever the environment says.
pub(super) fn trunkline(program: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("DATABASE_URL").env_remove("TRUNKLINE_DATABASE_URL").arg("--data-dir").arg(data_dir);
    command
}

/// A company that events are sent to.
pub(super) struct Company {
    /// The path of its Request URL.
    pub(super) path: String,
    pub(super) secret: String,
    pub(super) api_key: String,
}

impl Company {
    pub(super) fn create(program: &Path, data_dir: &Path) -> anyhow::Result<Self> {
        let arguments = [
            "company",
            "create",
            "--format",
            "json",
            "--name",
            "Bench",
            "--owner-email",
            "bench@example.com",
        ];
        let output = trunkline(program, data_dir).args(arguments).output()?;
        let created: Value =
            serde_json::from_slice(&output.stdout).context("the company could not be made")?;
        let text =
            |key: &str| created.get(key).and_then(Value::as_str).map(str::to_owned).context("a company");
        let request_url = text("requestUrl")?;
        let (_, token) = request_url.rsplit_once('/').context("a Request URL")?;
        Ok(Self { path: format!("/hooks/{token}"), secret: text("secret")?, api_key: text("apiKey")? })
    }
}
