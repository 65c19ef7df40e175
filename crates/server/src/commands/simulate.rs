//! `trunkline simulate`: acts as Dialpad.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use clap::Args;
use simulator::{Misbehave, Plan, Prepared, Scenario};

use super::{Format, print_result};
use crate::edge::edge;

/// Threads that send.
const THREADS: usize = 2;

/// Arguments of `trunkline simulate`.
#[derive(Args)]
pub(crate) struct SimulateArguments {
    /// The Request URL.
    #[arg(long)]
    pub(crate) url: String,
    /// The secret.
    #[arg(long)]
    pub(crate) secret: String,
    /// What the calls are like; `mix` is the usual mixture.
    #[arg(long, default_value = "mix", value_parser = Scenario::from_str)]
    pub(crate) scenario: Scenario,
    /// Events in a second; 0 is as fast as possible.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) rate: f64,
    /// Calls to make.
    #[arg(long, default_value_t = 100)]
    pub(crate) calls: u64,
    /// Requests under way at once.
    #[arg(long, default_value_t = 16)]
    pub(crate) concurrency: usize,
    /// What goes wrong, comma-separated: duplicates, reordering, late, wrong-secret, unsigned, garbage.
    #[arg(long, value_delimiter = ',', value_parser = Misbehave::from_str)]
    pub(crate) misbehave: Vec<Misbehave>,
    /// The same seed makes the same calls; chance by default.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// When the first call starts (RFC 3339); by default so long ago that the last one ends now.
    #[arg(long)]
    pub(crate) start: Option<DateTime<Utc>>,
    /// Send along the calls' own time instead of back to back.
    #[arg(long)]
    pub(crate) realtime: bool,
    /// Make and sign everything before the first request, for measuring.
    #[arg(long)]
    pub(crate) prepare: bool,
}

/// Runs the command.
///
/// # Errors
/// With a sentence for the person who ran it.
pub(crate) fn run(arguments: SimulateArguments, format: Format) -> anyhow::Result<()> {
    let prepare = arguments.prepare;
    let plan = plan(arguments);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let report = runtime.block_on(async {
        if prepare { Prepared::new(plan)?.run().await } else { simulator::run(plan).await }
    })?;
    let text = format!(
        "{} events of {} calls: {} accepted, {} refused, {} failed; {:.0} events/s, p50 {:.1} ms, p99 {:.1} ms",
        report.sent,
        report.calls,
        report.accepted,
        report.refused,
        report.failed_after_retries,
        report.events_per_second,
        report.p50_ms,
        report.p99_ms
    );
    print_result(format, &report, &text);
    Ok(())
}

fn plan(arguments: SimulateArguments) -> Plan {
    let now = edge().now();
    let span = chrono::Duration::seconds(
        i64::try_from(arguments.calls).unwrap_or(i64::MAX / 2_000).saturating_add(600),
    );
    let backwards = now.checked_sub_signed(span).unwrap_or(now);
    let start = arguments.start.unwrap_or(if arguments.realtime { now } else { backwards });
    let mut plan = Plan::new(arguments.url, arguments.secret, start);
    plan.scenario = arguments.scenario;
    plan.calls = arguments.calls;
    plan.rate_per_second = arguments.rate;
    plan.concurrency = arguments.concurrency;
    plan.misbehave = arguments.misbehave;
    plan.seed = arguments.seed.unwrap_or_else(|| u64::from_be_bytes(edge().random()));
    plan.realtime = arguments.realtime;
    plan
}
