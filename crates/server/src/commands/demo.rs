//! `trunkline demo`: a company to look at, with calls of the last days and new ones as they happen.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use simulator::{Plan, Scenario};

use super::company::{CreateArguments, create};
use super::print;
use super::serve::Serving;
use crate::edge::edge;

/// Where the sign-in of the demo company is kept, below the data directory.
const DEMO_FILE: &str = "demo.json";
/// Calls of the past, and how far back they reach.
const PAST_CALLS: u64 = 600;
const PAST_DAYS: i64 = 7;
/// New calls in a second: one every four seconds.
const LIVE_CALLS_PER_SECOND: f64 = 0.25;
/// Live calls of one run of the simulator; then another begins.
const LIVE_CALLS: u64 = 1_000;

#[derive(Serialize, Deserialize)]
struct Demo {
    slug: String,
    email: String,
    password: String,
    token_path: String,
    secret: String,
}

/// Makes the demo company when there is none, prints its sign-in, and starts calling.
///
/// # Errors
/// When the company cannot be made.
pub(crate) fn begin(serving: &Serving) -> anyhow::Result<()> {
    let file = serving.settings.data_dir.join(DEMO_FILE);
    let (demo, is_new) = match read(&file)? {
        Some(demo) => (demo, false),
        None => (make(serving, &file)?, true),
    };
    print(format_args!("open        {}/signin", serving.public_url));
    print(format_args!("e-mail      {}", demo.email));
    print(format_args!("password    {}", demo.password));
    let url = format!("{}{}", serving.public_url, demo.token_path);
    serving.people_runtime.spawn(serving.stop.clone().run_until_cancelled_owned(async move {
        if is_new {
            let start = edge().now() - chrono::Duration::days(PAST_DAYS);
            let mut past = plan(&url, &demo.secret, start, PAST_CALLS);
            let span = Duration::from_secs(PAST_DAYS.unsigned_abs() * 86_400);
            past.call_gap = Some(span / u32::try_from(PAST_CALLS).unwrap_or(1));
            call(past).await;
        }
        loop {
            let mut live = plan(&url, &demo.secret, edge().now(), LIVE_CALLS);
            live.realtime = true;
            live.rate_per_second = LIVE_CALLS_PER_SECOND * simulator::EVENTS_PER_CALL;
            call(live).await;
        }
    }));
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Option<Demo>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(
            serde_json::from_slice(&bytes).with_context(|| format!("{} cannot be read", file.display()))?,
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

fn make(serving: &Serving, file: &Path) -> anyhow::Result<Demo> {
    let arguments = CreateArguments::new("Hopper Lines", "demo@example.com", "America/New_York");
    let created = serving.people_runtime.block_on(create(&serving.accounts, &arguments, ""))?;
    let demo = Demo {
        slug: created.slug,
        email: created.owner_email,
        password: created.owner_password.unwrap_or_default(),
        token_path: created.request_url,
        secret: created.secret,
    };
    fs::write(file, serde_json::to_vec_pretty(&demo)?)?;
    Ok(demo)
}

fn plan(url: &str, secret: &str, start: chrono::DateTime<chrono::Utc>, calls: u64) -> Plan {
    let mut plan = Plan::new(url.to_owned(), secret.to_owned(), start);
    plan.scenario = Scenario::Mix;
    plan.calls = calls;
    plan.seed = u64::from_be_bytes(edge().random());
    plan
}

async fn call(plan: Plan) {
    match simulator::run(plan).await {
        Ok(report) => tracing::info!(events = report.sent, accepted = report.accepted, "simulated calls"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the simulator failed");
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }
}
