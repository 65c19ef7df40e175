//! `trunkline bench-search`: what questions cost, by the number of calls that there are.
//!
//! Two hundred companies of very different sizes share one schema; the questions are asked of the largest, over HTTP.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use domain::ids::TenantId;
use serde::Serialize;
use serde_json::{Value, json};
use simulator::Client;
use store::{DirectPages, Filling, Logins};
use tokio::task::JoinSet;

use super::server::{Company, DataDir, Server};
use super::{millis, percentile};
use crate::commands::{Format, print_result};
use crate::config::{Overrides, Settings};
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;

/// Companies; the largest has a quarter of all calls.
const COMPANIES: u32 = 200;
/// The slug of the largest one.
const LARGEST: &str = "bench";
/// Connections that ask at the same time.
const CONCURRENCIES: [usize; 2] = [1, 32];
/// Rows of a page.
const PAGE_ROWS: i64 = 50;
/// How long each question can be asked, in seconds.
const SECONDS_MAX: u64 = 600;
/// How long before that it is asked without being measured.
const WARMING: Duration = Duration::from_millis(300);

/// Arguments of `trunkline bench-search`.
#[derive(Args)]
pub(crate) struct SearchArguments {
    /// Calls of all companies together, each number after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    calls: Vec<u64>,
    /// Only the questions in whose names this stands.
    #[arg(long, default_value = "")]
    only: String,
    /// Seconds for which each question is asked at each number of connections.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=SECONDS_MAX))]
    seconds: u64,
}

/// What a question cost.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    calls: u64,
    question: &'static str,
    connections: usize,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Something that is asked again and again.
#[derive(Clone)]
enum Question {
    /// Over HTTP.
    Graphql(Arc<Client>, Arc<Ask>),
    /// Straight from PostgreSQL.
    Direct(Arc<DirectPages>),
}

struct Ask {
    url: String,
    key: String,
    body: String,
}

/// Runs the command.
///
/// # Errors
/// When something could not be started or measured.
pub(crate) fn run(arguments: &SearchArguments, format: Format) -> anyhow::Result<()> {
    let data_dir = DataDir::new()?;
    let program = std::env::current_exe()?;
    let server = Server::start(&program, &data_dir.0, "all")?;
    let company = Company::create(&program, &data_dir.0)?;
    let settings = private(&data_dir.0)?;
    let database = Database::open(&settings, edge(), Purpose::Command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let measured = runtime.block_on(measure(&server, &company, &database.logins, arguments));
    drop(runtime);
    database.close()?;
    server.stop()?;
    let measured = measured?;
    print_result(format, &measured, &describe(&measured));
    Ok(())
}

/// The settings of the private database in `data_dir`.
fn private(data_dir: &Path) -> anyhow::Result<Settings> {
    let overrides = Overrides { data_dir: Some(PathBuf::from(data_dir)), ..Overrides::default() };
    let mut settings = Settings::read(&overrides)?;
    settings.database_url.clear();
    Ok(settings)
}

async fn measure(
    server: &Server,
    company: &Company,
    logins: &Logins,
    arguments: &SearchArguments,
) -> anyhow::Result<Vec<Measured>> {
    let asking = Duration::from_secs(arguments.seconds);
    let mut filling = Filling::open(logins).await?;
    let mut tenants = vec![filling.known(LARGEST).await?];
    for number in 1..COMPANIES {
        tenants.push(filling.company(number).await?);
    }
    let (mut measured, mut filled) = (Vec::new(), 0);
    for calls in arguments.calls.iter().copied() {
        if calls <= filled {
            bail!("the numbers of calls must grow");
        }
        fill(&mut filling, &tenants, filled, calls).await?;
        filled = calls;
        for (question, asked) in questions(server, company, logins, tenants[0]).await? {
            if !question.contains(&arguments.only) {
                continue;
            }
            for connections in CONCURRENCIES {
                measured.push(ask(question, &asked, connections, asking, calls).await?);
            }
        }
    }
    Ok(measured)
}

/// The calls of a company when there are `calls` in all: a quarter for the first, the others by rank.
fn share(rank: usize, calls: u64) -> u64 {
    if rank == 0 {
        return calls / 4;
    }
    let weights: f64 = (1..COMPANIES).map(|rank| 1.0 / f64::from(rank)).sum();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count"
    )]
    let share = (calls as f64 * 0.75 / weights / rank as f64) as u64;
    share.max(1)
}

async fn fill(filling: &mut Filling, tenants: &[TenantId], from: u64, to: u64) -> anyhow::Result<()> {
    for (rank, tenant) in tenants.iter().enumerate() {
        let first = if from == 0 { 1 } else { share(rank, from) + 1 };
        let last = share(rank, to);
        if first <= last {
            filling.calls(*tenant, first, last).await?;
        }
    }
    Ok(filling.settle().await?)
}

async fn questions(
    server: &Server,
    company: &Company,
    logins: &Logins,
    tenant: TenantId,
) -> anyhow::Result<Vec<(&'static str, Question)>> {
    const NODES: &str = "nodes { id callId direction outcome dateStarted durationMs externalNumber { national } \
                         target { name } contact { name } } pageInfo { hasNextPage endCursor }";
    let client = Arc::new(simulator::client(CONCURRENCIES[1])?);
    let graphql = |query: String| {
        let body = json!({ "query": query }).to_string();
        let ask = Ask { url: format!("{}/graphql", server.address), key: company.api_key.clone(), body };
        Question::Graphql(Arc::clone(&client), Arc::new(ask))
    };
    let page = |text: &str| {
        graphql(format!(
            "{{ company {{ calls(first: {PAGE_ROWS}, query: {}) {{ {NODES} }} }} }}",
            json!(text)
        ))
    };
    // Near the end of the list, whatever its length.
    let early = json!("2025-02-02T00:00:00Z");
    let deep = graphql(format!(
        "{{ company {{ calls(first: {PAGE_ROWS}, filter: {{ dateStarted: {{ lt: {early} }} }}) {{ {NODES} }} }} }}"
    ));
    let known = first_number(&client, server, company).await?;
    let facets = "callFacets { direction { value count { value } } state { value count { value } } \
                  outcome { value count { value } } person { party { name } count { value } } \
                  group { groupId count { value } } recorded { value count { value } } voicemail { value count { value } } }";
    Ok(vec![
        ("first page, the same SQL", Question::Direct(Arc::new(DirectPages::new(logins, tenant, 12)))),
        ("first page", page("")),
        ("filtered page", page("outcome:missed direction:inbound duration:>1m")),
        ("deep page", deep),
        ("last 7 digits, hit", page(&known)),
        ("last 7 digits, miss", page("0000007")),
        ("first name, many", page("grace")),
        ("whole name, few", page("\"grace hopperson7\"")),
        ("e-mail", page("grace.hopperson7@example.com")),
        ("substring, rare", page("contact:*opperson77*")),
        ("substring, common", page("contact:*son*")),
        ("substring, none", page("contact:*zzz*")),
        (
            "capped count",
            graphql("{ company { calls(first: 1) { totalCount { value exact } } } }".to_owned()),
        ),
        ("facets", graphql(format!("{{ company {{ {facets} }} }}"))),
        (
            "histogram",
            graphql("{ company { callHistogram { buckets { startsAt answered missed } } } }".to_owned()),
        ),
    ])
}

/// The last seven digits of somebody's number.
async fn first_number(client: &Client, server: &Server, company: &Company) -> anyhow::Result<String> {
    let query = "{ company { calls(first: 1) { nodes { externalNumber { raw } } } } }";
    let request = client.post(format!("{}/graphql", server.address)).bearer_auth(&company.api_key);
    let request =
        request.header("content-type", "application/json").body(json!({ "query": query }).to_string());
    let answer: Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
    let number = answer.pointer("/data/company/calls/nodes/0/externalNumber/raw").and_then(Value::as_str);
    let number = number.with_context(|| format!("a call with a number: {answer}"))?;
    Ok(number.get(number.len().saturating_sub(7)..).unwrap_or(number).to_owned())
}

async fn ask(
    question: &'static str,
    asked: &Question,
    connections: usize,
    duration: Duration,
    calls: u64,
) -> anyhow::Result<Measured> {
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..connections {
        let asked = asked.clone();
        asking.spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < WARMING + duration {
                let started = Instant::now();
                asked.once().await?;
                if started.duration_since(begun) >= WARMING {
                    times.push(millis(started.elapsed()));
                }
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(some) = asking.join_next().await {
        times.extend(some?.with_context(|| question)?);
    }
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    let per_second = times.len() as f64 / (begun.elapsed().saturating_sub(WARMING)).as_secs_f64();
    let (p50_ms, p99_ms) = (percentile(&times, 0.5), percentile(&times, 0.99));
    Ok(Measured { calls, question, connections, per_second, p50_ms, p99_ms })
}

impl Question {
    async fn once(&self) -> anyhow::Result<()> {
        match self {
            Self::Direct(pages) => {
                pages.read(PAGE_ROWS + 1).await?;
            }
            Self::Graphql(client, ask) => {
                let request = client.post(&ask.url).bearer_auth(&ask.key);
                let request = request.header("content-type", "application/json").body(ask.body.clone());
                let answer = request.send().await?.text().await?;
                if !answer.starts_with("{\"data\":{") {
                    bail!("{answer}");
                }
            }
        }
        Ok(())
    }
}

fn describe(measured: &[Measured]) -> String {
    let mut text = String::new();
    let mut calls = 0;
    for one in measured {
        if one.calls != calls {
            calls = one.calls;
            text += &format!("{calls} calls, {} of the company that is asked\n", share(0, calls));
        }
        let connections = if one.connections == 1 { "   1 connection:" } else { "  32 connections:" };
        text += &format!(
            "    {:<22}{connections} {:>8.0} /s, p50 {:>8.2} ms, p99 {:>8.2} ms\n",
            one.question, one.per_second, one.p50_ms, one.p99_ms
        );
    }
    text.truncate(text.trim_end().len());
    text
}
