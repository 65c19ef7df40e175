//! `trunkline bench`: measures this machine, on a private PostgreSQL with default durability.
//!
//! The server and the load are processes of their own, started from this very binary, so that what is measured is what
//! runs. The limit that the server is compared with is the same batches written straight into PostgreSQL by the same
//! statement, in the same run.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use domain::event::read_key;
use domain::ids::{EndpointId, TenantId};
use serde::Serialize;
use serde_json::{Value, json};
use simulator::{Office, Rng, Scenario, generate};
use store::{Arrival, Ingest, Write, WriteKind};

use super::{Format, print_result};
use crate::config::Settings;
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;

/// Connections of the load.
const CONCURRENCIES: [u32; 2] = [64, 256];
/// Rows of one direct batch, and how many writers write them; as in the server.
const DIRECT_BATCH_ROWS: usize = 64;
const DIRECT_WRITERS: usize = 2;
/// Events of which the way from 200 to GraphQL is timed.
const VISIBLE_SAMPLES: usize = 100;
/// A call that is not visible by then never will be.
const VISIBLE_TIMEOUT: Duration = Duration::from_secs(120);
/// How often GraphQL is asked whether a call is visible.
const VISIBLE_POLL: Duration = Duration::from_millis(2);
/// How long the server may take to start or stop.
const PROCESS_TIMEOUT: Duration = Duration::from_secs(120);

/// Arguments of `trunkline bench`.
#[derive(Args)]
pub(crate) struct BenchArguments {
    /// Calls of each load; a call has about six events.
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
}

/// What was measured.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    /// Start with a new data directory, until requests are answered: makes the PostgreSQL cluster.
    first_start_ms: f64,
    /// Start with that data directory.
    start_ms: f64,
    loads: Vec<Load>,
    /// The same inserts straight into PostgreSQL.
    direct_events_per_second: f64,
    /// From the 200 to the call in GraphQL, without load.
    visible_p50_ms: f64,
    visible_p99_ms: f64,
    resident_mb_idle: f64,
    resident_mb_after_load: f64,
    /// Of events, calls and all their indexes, for each event.
    disk_bytes_per_event: f64,
    payload_bytes_per_event: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Load {
    connections: u32,
    events: u64,
    refused_or_failed: u64,
    acks_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// Acks per second, as a share of the direct inserts.
    ratio_to_direct: f64,
    /// From the last 200 until everything before it was folded.
    projected_after_ms: f64,
}

/// Runs the command.
///
/// # Errors
/// When something could not be started or measured.
pub(crate) fn run(arguments: &BenchArguments, format: Format) -> anyhow::Result<()> {
    let data_dir = DataDir::new()?;
    let program = std::env::current_exe()?;
    let first = Server::start(&program, &data_dir.0)?;
    let first_start_ms = first.started_in_ms;
    first.stop()?;
    let server = Server::start(&program, &data_dir.0)?;
    let company = create_company(&program, &data_dir.0)?;
    let resident_mb_idle = server.resident_mb();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut seen = runtime.block_on(time_until_visible(&company, VISIBLE_SAMPLES))?;
    seen.sort_by(f64::total_cmp);
    let mut loads = Vec::new();
    for connections in CONCURRENCIES {
        loads.push(load(&program, &company, connections, arguments.calls, &runtime)?);
    }
    let resident_mb_after_load = server.resident_mb();
    let direct = runtime.block_on(write_directly(&data_dir.0, arguments.calls))?;
    server.stop()?;
    for load in &mut loads {
        load.ratio_to_direct = load.acks_per_second / direct.events_per_second;
    }
    let measured = Measured {
        first_start_ms,
        start_ms: server_start_ms(&program, &data_dir.0)?,
        loads,
        direct_events_per_second: direct.events_per_second,
        visible_p50_ms: percentile(&seen, 0.50),
        visible_p99_ms: percentile(&seen, 0.99),
        resident_mb_idle,
        resident_mb_after_load,
        disk_bytes_per_event: direct.disk_bytes_per_event,
        payload_bytes_per_event: direct.payload_bytes_per_event,
    };
    print_result(format, &measured, &describe(&measured));
    Ok(())
}

fn describe(measured: &Measured) -> String {
    let mut text = format!(
        "first start                 {:>9.0} ms\nstart                       {:>9.0} ms\n\
         200 to GraphQL, p50 / p99   {:>9.1} / {:.1} ms\n\
         direct inserts              {:>9.0} events/s\n",
        measured.first_start_ms,
        measured.start_ms,
        measured.visible_p50_ms,
        measured.visible_p99_ms,
        measured.direct_events_per_second
    );
    for load in &measured.loads {
        text += &format!(
            "{:>3} connections             {:>9.0} acks/s ({:.0} % of direct), p50 {:.1} ms, p99 {:.1} ms, \
             {} of {} not accepted, projected {:.0} ms after the last 200\n",
            load.connections,
            load.acks_per_second,
            load.ratio_to_direct * 100.0,
            load.p50_ms,
            load.p99_ms,
            load.refused_or_failed,
            load.events,
            load.projected_after_ms
        );
    }
    text += &format!(
        "resident, idle / after load {:>9.0} / {:.0} MB\ndisk for each event         {:>9.0} bytes ({:.0} bytes of JSON)",
        measured.resident_mb_idle,
        measured.resident_mb_after_load,
        measured.disk_bytes_per_event,
        measured.payload_bytes_per_event
    );
    text
}

/// A directory that is removed at the end.
struct DataDir(PathBuf);

impl DataDir {
    fn new() -> anyhow::Result<Self> {
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
struct Server {
    child: Child,
    started_in_ms: f64,
}

impl Server {
    fn start(program: &Path, data_dir: &Path) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut child = trunkline(program, data_dir)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().context("the server has an output")?;
        let mut server = Self { child, started_in_ms: 0.0 };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        if !line.starts_with("listening on ") {
            bail!("the server did not start");
        }
        server.started_in_ms = millis(started.elapsed());
        Ok(server)
    }

    fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1_024.0
    }

    fn stop(mut self) -> anyhow::Result<()> {
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

fn server_start_ms(program: &Path, data_dir: &Path) -> anyhow::Result<f64> {
    let server = Server::start(program, data_dir)?;
    let started_in_ms = server.started_in_ms;
    server.stop()?;
    Ok(started_in_ms)
}

/// This binary, with the private database of `data_dir` whatever the environment says.
fn trunkline(program: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("DATABASE_URL").env_remove("TRUNKLINE_DATABASE_URL").arg("--data-dir").arg(data_dir);
    command
}

struct Company {
    request_url: String,
    secret: String,
    api_key: String,
}

fn create_company(program: &Path, data_dir: &Path) -> anyhow::Result<Company> {
    let arguments =
        ["company", "create", "--format", "json", "--name", "Bench", "--owner-email", "bench@example.com"];
    let output = trunkline(program, data_dir).args(arguments).output()?;
    let created: Value = serde_json::from_slice(&output.stdout).context("the company could not be made")?;
    let text = |key: &str| created.get(key).and_then(Value::as_str).map(str::to_owned).context("a company");
    Ok(Company { request_url: text("requestUrl")?, secret: text("secret")?, api_key: text("apiKey")? })
}

fn load(
    program: &Path,
    company: &Company,
    connections: u32,
    calls: u64,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<Load> {
    let output = Command::new(program)
        .args([
            "simulate",
            "--prepare",
            "--format",
            "json",
            "--url",
            &company.request_url,
            "--secret",
            &company.secret,
        ])
        .args(["--calls", &calls.to_string(), "--concurrency", &connections.to_string()])
        .args(["--seed", &connections.to_string()])
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout).context("the load could not be sent")?;
    let number = |key: &str| report.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let events = report.get("sent").and_then(Value::as_u64).unwrap_or(0);
    let accepted = report.get("accepted").and_then(Value::as_u64).unwrap_or(0);
    // Calls are folded in the order of their events: when a call from now is visible, all before it are.
    let projected = runtime.block_on(time_until_visible(company, 1))?;
    Ok(Load {
        connections,
        events,
        refused_or_failed: events.saturating_sub(accepted),
        acks_per_second: number("eventsPerSecond"),
        p50_ms: number("p50Ms"),
        p99_ms: number("p99Ms"),
        ratio_to_direct: f64::NAN,
        projected_after_ms: projected.first().copied().unwrap_or(f64::NAN),
    })
}

/// Sends test calls one by one; answers how long each took from its first 200 until GraphQL shows it.
async fn time_until_visible(company: &Company, samples: usize) -> anyhow::Result<Vec<f64>> {
    let base = company.request_url.split("/hooks/").next().unwrap_or_default();
    let client = simulator::client(1)?;
    let mut times = Vec::with_capacity(samples);
    for _ in 0..samples {
        let seed = u64::from_be_bytes(edge().random());
        let sent =
            simulator::send_test_call(&company.request_url, &company.secret, edge().now(), seed).await?;
        let answered = Instant::now();
        let query = format!("{{ company {{ call(callId: \"{}\") {{ state }} }} }}", sent.call_id);
        loop {
            let asked = client
                .post(format!("{base}/graphql"))
                .bearer_auth(&company.api_key)
                .header("content-type", "application/json")
                .body(json!({ "query": query }).to_string());
            let answer: Value = serde_json::from_slice(&asked.send().await?.bytes().await?)?;
            if answer.pointer("/data/company/call/state").and_then(Value::as_str) == Some("HANGUP") {
                break;
            }
            if answered.elapsed() > VISIBLE_TIMEOUT {
                bail!("a call did not become visible");
            }
            tokio::time::sleep(VISIBLE_POLL).await;
        }
        times.push(millis(answered.elapsed()));
    }
    Ok(times)
}

struct Direct {
    events_per_second: f64,
    disk_bytes_per_event: f64,
    payload_bytes_per_event: f64,
}

/// Writes the same kind of events with the same statement and the same number of writers, without the server.
async fn write_directly(data_dir: &Path, calls: u64) -> anyhow::Result<Direct> {
    let overrides = crate::config::Overrides {
        data_dir: Some(data_dir.to_owned()),
        ..crate::config::Overrides::default()
    };
    let mut settings = Settings::read(&overrides)?;
    settings.database_url.clear();
    let database = Database::open(&settings, edge(), Purpose::Command)?;
    let usage = store::disk_usage(&database.logins).await?;
    let ingest = Ingest::new(&database.logins);
    let writes = writes(calls);
    let rows = writes.len();
    let payload_bytes: usize = writes.iter().map(|write| write.payload.len()).sum();
    let mut lanes: Vec<Vec<Write>> = (0..DIRECT_WRITERS).map(|_| Vec::new()).collect();
    for (at, write) in writes.into_iter().enumerate() {
        lanes[at / DIRECT_BATCH_ROWS % DIRECT_WRITERS].push(write);
    }
    let started = Instant::now();
    let writing = lanes.into_iter().map(|lane| {
        let mut writer = ingest.writer();
        tokio::spawn(async move {
            for batch in lane.chunks(DIRECT_BATCH_ROWS) {
                writer.write(batch).await?;
            }
            anyhow::Ok(())
        })
    });
    for writer in writing.collect::<Vec<_>>() {
        writer.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    let direct = Direct {
        events_per_second: rows as f64 / started.elapsed().as_secs_f64(),
        disk_bytes_per_event: usage.bytes as f64 / usage.events.max(1) as f64,
        payload_bytes_per_event: payload_bytes as f64 / rows.max(1) as f64,
    };
    database.close()?;
    Ok(direct)
}

fn writes(calls: u64) -> Vec<Write> {
    let (office, now) = (Office::new(1), edge().now());
    let (tenant, endpoint) = (TenantId(edge().new_uuid()), EndpointId(edge().new_uuid()));
    let mut writes = Vec::new();
    for call in 0..calls {
        for step in generate(Scenario::Mix, &office, &mut Rng::nth(7, call), now) {
            let payload = step.payload.to_string().into_bytes();
            let Ok(key) = read_key(&payload) else { continue };
            let kind = WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at };
            let (digest, arrival) = (key.digest, Arrival::default());
            writes.push(Write { tenant, endpoint, received_at: now, digest, payload, kind, arrival });
        }
    }
    writes
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let at = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
