//! `trunkline bench`: measures this machine, on a private PostgreSQL with default durability.
//!
//! The server and the load are processes of their own, started from this very binary, so that what is measured is what
//! runs. Rates depend on what else the machine does and on the load, which shares it; the time of processors that an
//! event costs the server and PostgreSQL depends on it far less. The limit that the server is compared with is the same
//! batches written straight into PostgreSQL by the same statement, in the same run.

mod direct;
mod load;
mod people;
pub(super) mod search;
mod server;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use store::{Logins, TableUsage, Usage};
use tokio::runtime::Runtime;

use self::direct::Direct;
use self::load::{Load, Wanted};
use self::people::{Asked, People};
use self::server::{Company, DataDir, Server};
use super::{Format, print_result};
use crate::config::{Overrides, Settings};
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;

/// Connections of the loads that are as fast as possible.
const CONCURRENCIES: [u32; 2] = [64, 256];
/// Events a second of the load whose memory is measured.
const STEADY_RATE: f64 = 5_000.0;
/// Events of which the way from 200 to GraphQL is timed.
const VISIBLE_SAMPLES: usize = 100;
/// A call that is not visible by then never will be.
const VISIBLE_TIMEOUT: Duration = Duration::from_secs(120);
/// How often GraphQL is asked whether a call is visible.
const VISIBLE_POLL: Duration = Duration::from_millis(2);

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
    /// From the 200 to the call in GraphQL, without load.
    visible_p50_ms: f64,
    visible_p99_ms: f64,
    resident_mb_idle: f64,
    /// As fast as possible, by a process that only receives.
    alone: Vec<Load>,
    /// Events that were folded in a second while nothing else was going on: those of the loads above.
    caught_up_per_second: f64,
    /// As fast as possible.
    loads: Vec<Load>,
    /// Half as fast as the first of them.
    half: Load,
    /// The same while people ask for as much as they can get.
    half_with_people: Load,
    people: Asked,
    /// At [`STEADY_RATE`].
    steady: Load,
    /// The same inserts straight into PostgreSQL.
    direct_events_per_second: f64,
    payload_bytes_per_event: f64,
    /// Of events, calls and all their indexes, for each event.
    disk_bytes_per_event: f64,
    disk_bytes_per_event_vacuumed: f64,
    tables: Vec<Table>,
}

/// The room of a table, for each event, after VACUUM.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    table: String,
    row_bytes_per_event: f64,
    index_bytes_per_event: f64,
}

/// Runs the command.
///
/// # Errors
/// When something could not be started or measured.
pub(crate) fn run(arguments: &BenchArguments, format: Format) -> anyhow::Result<()> {
    let data_dir = DataDir::new()?;
    let program = std::env::current_exe()?;
    let first = Server::start(&program, &data_dir.0, "all")?;
    let first_start_ms = first.started_in_ms;
    let company = Company::create(&program, &data_dir.0)?;
    first.stop()?;
    let overrides = Overrides { data_dir: Some(data_dir.0.clone()), ..Overrides::default() };
    let mut settings = Settings::read(&overrides)?;
    settings.database_url.clear();
    let bench = Bench { program, data_dir: data_dir.0.clone(), settings, company, calls: arguments.calls };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let alone =
        bench.with_server("ingest", async |server, logins| bench.alone(server, logins).await, &runtime)?;
    let measured =
        bench.with_server("all", async |server, logins| bench.together(server, logins).await, &runtime)?;
    let measured = Measured { first_start_ms, alone, ..measured };
    print_result(format, &measured, &describe(&measured));
    Ok(())
}

/// What every measurement needs.
struct Bench {
    program: PathBuf,
    data_dir: PathBuf,
    settings: Settings,
    company: Company,
    calls: u64,
}

impl Bench {
    /// Measures a server that does that part of the work.
    fn with_server<T>(
        &self,
        role: &str,
        measure: impl AsyncFnOnce(&Server, &Logins) -> anyhow::Result<T>,
        runtime: &Runtime,
    ) -> anyhow::Result<T> {
        let server = Server::start(&self.program, &self.data_dir, role)?;
        let database = Database::open(&self.settings, edge(), Purpose::Command)?;
        let measured = runtime.block_on(measure(&server, &database.logins));
        database.close()?;
        server.stop()?;
        measured
    }

    /// The receive path with nothing beside it: neither projector nor people.
    async fn alone(&self, server: &Server, logins: &Logins) -> anyhow::Result<Vec<Load>> {
        let mut usage = Usage::open(logins).await?;
        let mut loads = Vec::new();
        for connections in CONCURRENCIES {
            loads.push(
                self.load(server, &mut usage, Wanted { is_folded: false, ..self.fast(connections) }).await?,
            );
        }
        usage.close().await?;
        Ok(loads)
    }

    /// Everything at once, as on one machine.
    async fn together(&self, server: &Server, logins: &Logins) -> anyhow::Result<Measured> {
        let mut usage = Usage::open(logins).await?;
        let caught_up_per_second = load::catch_up(&mut usage).await?;
        let resident_mb_idle = server.resident_mb();
        let mut seen = time_until_visible(server, &self.company, VISIBLE_SAMPLES).await?;
        seen.sort_by(f64::total_cmp);
        let mut loads = Vec::new();
        for connections in CONCURRENCIES {
            loads.push(self.load(server, &mut usage, self.fast(connections)).await?);
        }
        let fastest = loads.first().map_or(STEADY_RATE, |load| load.acks_per_second);
        let at = |rate: f64| Wanted { rate: Some(rate), ..self.fast(CONCURRENCIES[0]) };
        let half = self.load(server, &mut usage, at(fastest / 2.0)).await?;
        let people = People::start(server, &self.company)?;
        let half_with_people = self.load(server, &mut usage, at(fastest / 2.0)).await?;
        let people = people.stop().await;
        let steady = self.load(server, &mut usage, at(STEADY_RATE)).await?;
        let events = usage.events().await?;
        let disk_bytes_per_event = per_event(&usage.tables().await?, events);
        usage.vacuum().await?;
        let tables = usage.tables().await?;
        usage.close().await?;
        let direct = Direct::measure(logins, self.calls).await?;
        Ok(Measured {
            first_start_ms: f64::NAN,
            start_ms: server.started_in_ms,
            visible_p50_ms: percentile(&seen, 0.50),
            visible_p99_ms: percentile(&seen, 0.99),
            resident_mb_idle,
            alone: Vec::new(),
            caught_up_per_second,
            loads,
            half,
            half_with_people,
            people,
            steady,
            direct_events_per_second: direct.events_per_second,
            payload_bytes_per_event: direct.payload_bytes_per_event,
            disk_bytes_per_event,
            disk_bytes_per_event_vacuumed: per_event(&tables, events),
            tables: tables.iter().map(|table| Table::of(table, events)).collect(),
        })
    }

    async fn load(&self, server: &Server, usage: &mut Usage, wanted: Wanted) -> anyhow::Result<Load> {
        load::send(&self.program, server, &self.company, usage, wanted).await
    }

    /// As fast as possible.
    fn fast(&self, connections: u32) -> Wanted {
        Wanted { connections, calls: self.calls, rate: None, is_folded: true }
    }
}

impl Table {
    #[expect(clippy::cast_precision_loss, reason = "bytes far below 2^53")]
    fn of(usage: &TableUsage, events: i64) -> Self {
        let of_event = |bytes: i64| bytes as f64 / events.max(1) as f64;
        Self {
            table: usage.table.clone(),
            row_bytes_per_event: of_event(usage.row_bytes),
            index_bytes_per_event: of_event(usage.index_bytes),
        }
    }
}

/// Bytes on disk for each event.
fn per_event(tables: &[TableUsage], events: i64) -> f64 {
    let tables = tables.iter().map(|table| Table::of(table, events));
    tables.map(|table| table.row_bytes_per_event + table.index_bytes_per_event).sum()
}

fn describe(measured: &Measured) -> String {
    let mut text = format!(
        "first start / start         {:>7.0} / {:.0} ms\n\
         200 to GraphQL, p50 / p99   {:>7.1} / {:.1} ms\n\
         direct inserts              {:>7.0} events/s\n\
         projector catching up       {:>7.0} events/s\n\
         resident, idle              {:>7.0} MB\n",
        measured.first_start_ms,
        measured.start_ms,
        measured.visible_p50_ms,
        measured.visible_p99_ms,
        measured.direct_events_per_second,
        measured.caught_up_per_second,
        measured.resident_mb_idle
    );
    let alone = measured.alone.iter().map(|load| (", receive path alone", load));
    let fast = measured.loads.iter().map(|load| ("", load));
    let slower = [
        (", half load", &measured.half),
        (", half load beside people", &measured.half_with_people),
        (", steady", &measured.steady),
    ];
    for (what, load) in alone.chain(fast).chain(slower) {
        text += &describe_load(what, load, measured.direct_events_per_second);
    }
    text += &format!(
        "people meanwhile            {:>7.1} answers/s of {} calls with their events, p50 {:.0} ms, p99 {:.0} ms\n",
        measured.people.answers_per_second,
        people::CALLS_ASKED,
        measured.people.p50_ms,
        measured.people.p99_ms
    );
    text += &format!(
        "disk for each event         {:>7.0} bytes, {:.0} after VACUUM, for {:.0} bytes of JSON\n",
        measured.disk_bytes_per_event,
        measured.disk_bytes_per_event_vacuumed,
        measured.payload_bytes_per_event
    );
    for table in &measured.tables {
        text += &format!(
            "    {:<24}{:>7.0} bytes, indexes {:.0}\n",
            table.table, table.row_bytes_per_event, table.index_bytes_per_event
        );
    }
    text.truncate(text.trim_end().len());
    text
}

fn describe_load(what: &str, load: &Load, direct_events_per_second: f64) -> String {
    format!(
        "{} connections{what}: {:.0} acks/s ({:.0} % of direct), p50 {:.1} ms, p99 {:.1} ms, {} of {} not accepted\n\
        \x20   for each event: {:.0} us in the server, {:.0} us in PostgreSQL, {:.0} bytes of WAL\n\
        \x20   folded after p50 {:.0} ms, p99 {:.0} ms, at most {:.0} ms; resident {:.0} MB\n",
        load.connections,
        load.acks_per_second,
        load.acks_per_second / direct_events_per_second * 100.0,
        load.p50_ms,
        load.p99_ms,
        load.refused_or_failed,
        load.events,
        load.app_us_per_event,
        load.postgres_us_per_event,
        load.wal_bytes_per_event,
        load.projected_p50_ms,
        load.projected_p99_ms,
        load.projected_max_ms,
        load.resident_mb
    )
}

/// Sends test calls one by one; answers how long each took from its first 200 until GraphQL shows it.
async fn time_until_visible(server: &Server, company: &Company, samples: usize) -> anyhow::Result<Vec<f64>> {
    let url = format!("{}{}", server.address, company.path);
    let client = simulator::client(1)?;
    let mut times = Vec::with_capacity(samples);
    for _ in 0..samples {
        let seed = u64::from_be_bytes(edge().random());
        let sent = simulator::send_test_call(&url, &company.secret, edge().now(), seed).await?;
        let answered = Instant::now();
        let query = format!("{{ company {{ call(callId: \"{}\") {{ state }} }} }}", sent.call_id);
        loop {
            let asked = client
                .post(format!("{}/graphql", server.address))
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
