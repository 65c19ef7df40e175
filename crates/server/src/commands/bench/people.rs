//! People beside a load: connections that ask for the most that one question may, one after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::server::{Company, Server};
use super::{millis, percentile};

/// Connections; more than the people's pool has.
const CONNECTIONS: usize = 16;
/// Calls of each question: the largest page.
pub(super) const CALLS_ASKED: usize = 200;
/// Between an answer that says no and the next question.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(10);

/// What they got.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    pub(super) answers_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// Answered with an error: more than fits through the people's pool.
    pub(super) refused: usize,
}

/// People who ask until they are stopped.
pub(super) struct People {
    asking: JoinSet<(Vec<f64>, usize)>,
    stop: CancellationToken,
    since: Instant,
}

impl People {
    pub(super) fn start(server: &Server, company: &Company) -> anyhow::Result<Self> {
        let client = simulator::client(CONNECTIONS)?;
        let query = format!(
            "{{ company {{ calls(first: {CALLS_ASKED}) {{ totalCount {{ value }} nodes {{ id stateRaw target {{ name }} \
             contact {{ name }} externalNumber {{ national }} events(first: 4) {{ nodes {{ state raw }} }} }} }} }} }}"
        );
        let (url, body) = (format!("{}/graphql", server.address), json!({ "query": query }).to_string());
        let (ask, stop) = (Arc::new((client, url, body, company.api_key.clone())), CancellationToken::new());
        let mut asking = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (ask, stop) = (Arc::clone(&ask), stop.clone());
            asking.spawn(async move {
                let (mut times, mut refused) = (Vec::new(), 0);
                while !stop.is_cancelled() {
                    let started = Instant::now();
                    let (client, url, body, key) = &*ask;
                    let request =
                        client.post(url).bearer_auth(key).header("content-type", "application/json");
                    let answer = match request.body(body.clone()).send().await {
                        Ok(answer) => answer.text().await.unwrap_or_default(),
                        Err(_) => String::new(),
                    };
                    if answer.starts_with("{\"data\":{") {
                        times.push(millis(started.elapsed()));
                    } else {
                        refused += 1;
                        tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                    }
                }
                (times, refused)
            });
        }
        Ok(Self { asking, stop, since: Instant::now() })
    }

    pub(super) async fn stop(mut self) -> Asked {
        let seconds = self.since.elapsed().as_secs_f64();
        self.stop.cancel();
        let (mut times, mut refused) = (Vec::new(), 0);
        while let Some(asked) = self.asking.join_next().await {
            let (some, refusals) = asked.unwrap_or_default();
            times.extend(some);
            refused += refusals;
        }
        times.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
        let answers_per_second = times.len() as f64 / seconds;
        Asked {
            answers_per_second,
            p50_ms: percentile(&times, 0.5),
            p99_ms: percentile(&times, 0.99),
            refused,
        }
    }
}
