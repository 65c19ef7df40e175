//! One load: events made and signed before, sent by a process of its own, and what they cost the server.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;
use store::Usage;

use super::server::{Company, Server};
use super::{millis, percentile};

/// How often it is looked how far the projector is.
const SAMPLE_EVERY: Duration = Duration::from_millis(20);

/// What is sent.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) connections: u32,
    pub(super) calls: u64,
    /// Events in a second; as many as possible without.
    pub(super) rate: Option<f64>,
    /// Whether something folds them.
    pub(super) is_folded: bool,
}

/// What came of it. Costs are those of everything until the last event was folded.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Load {
    pub(super) connections: u32,
    pub(super) events: u64,
    pub(super) refused_or_failed: u64,
    pub(super) acks_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) app_us_per_event: f64,
    pub(super) postgres_us_per_event: f64,
    pub(super) wal_bytes_per_event: f64,
    /// From a marker's commit until it was folded, seen from outside every [`SAMPLE_EVERY`].
    pub(super) projected_p50_ms: f64,
    pub(super) projected_p99_ms: f64,
    pub(super) projected_max_ms: f64,
    pub(super) resident_mb: f64,
}

/// Sends a load, and waits until it is folded where that is wanted.
pub(super) async fn send(
    program: &Path,
    server: &Server,
    company: &Company,
    usage: &mut Usage,
    wanted: Wanted,
) -> anyhow::Result<Load> {
    usage.checkpoint().await?;
    let (cpu_before, wal_before) = (server.cpu(), usage.wal_bytes().await?);
    let url = format!("{}{}", server.address, company.path);
    let mut command = command(program, &url, company, wanted);
    let sending = std::thread::spawn(move || command.output());
    let mut lags = Lags::default();
    while !sending.is_finished() {
        lags.sample(usage).await?;
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    let resident_mb = server.resident_mb();
    while wanted.is_folded && lags.sample(usage).await? {
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    let (cpu, wal) = (server.cpu(), usage.wal_bytes().await?);
    let output = sending.join().ok().context("the load could not be sent")??;
    let report: Value = serde_json::from_slice(&output.stdout).context("the load could not be sent")?;
    let number = |key: &str| report.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let count = |key: &str| report.get(key).and_then(Value::as_u64).unwrap_or(0);
    let events = count("sent");
    #[expect(clippy::cast_precision_loss, reason = "counts and bytes far below 2^53")]
    let (of_event, wal_bytes) = (1.0 / events.max(1) as f64, (wal - wal_before) as f64);
    lags.done_ms.sort_by(f64::total_cmp);
    Ok(Load {
        connections: wanted.connections,
        events,
        refused_or_failed: events.saturating_sub(count("accepted")),
        acks_per_second: number("eventsPerSecond"),
        p50_ms: number("p50Ms"),
        p99_ms: number("p99Ms"),
        app_us_per_event: (cpu.app_seconds - cpu_before.app_seconds) * 1e6 * of_event,
        postgres_us_per_event: (cpu.postgres_seconds - cpu_before.postgres_seconds) * 1e6 * of_event,
        wal_bytes_per_event: wal_bytes * of_event,
        projected_p50_ms: percentile(&lags.done_ms, 0.50),
        projected_p99_ms: percentile(&lags.done_ms, 0.99),
        projected_max_ms: percentile(&lags.done_ms, 1.0),
        resident_mb,
    })
}

/// Waits until everything is folded; answers how many events that were in a second.
pub(super) async fn catch_up(usage: &mut Usage) -> anyhow::Result<f64> {
    let (events, started) = (usage.events().await?, Instant::now());
    while usage.markers().await?.oldest.is_some() {
        tokio::time::sleep(SAMPLE_EVERY).await;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    Ok(events as f64 / started.elapsed().as_secs_f64())
}

fn command(program: &Path, url: &str, company: &Company, wanted: Wanted) -> Command {
    let mut command = Command::new(program);
    command.args(["simulate", "--prepare", "--format", "json", "--url", url]);
    command.args(["--secret", &company.secret, "--calls", &wanted.calls.to_string()]);
    command.args(["--concurrency", &wanted.connections.to_string()]);
    command.args(["--rate", &wanted.rate.unwrap_or(0.0).to_string()]);
    command
}

/// How long markers wait: the last one that was given out is remembered with the time, and followed until none is left
/// that is as old.
#[derive(Default)]
struct Lags {
    waiting: VecDeque<(Instant, i64)>,
    done_ms: Vec<f64>,
}

impl Lags {
    /// Looks once; answers whether something is waiting.
    async fn sample(&mut self, usage: &mut Usage) -> anyhow::Result<bool> {
        let state = usage.markers().await?;
        while let Some((since, marker)) = self.waiting.front()
            && state.oldest.is_none_or(|oldest| *marker < oldest)
        {
            self.done_ms.push(millis(since.elapsed()));
            self.waiting.pop_front();
        }
        if self.waiting.back().is_none_or(|(_, marker)| *marker < state.last) && state.oldest.is_some() {
            self.waiting.push_back((Instant::now(), state.last));
        }
        Ok(state.oldest.is_some())
    }
}
