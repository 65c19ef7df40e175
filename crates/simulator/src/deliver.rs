//! One delivery as Dialpad makes it: how long it waits, what it tries again, what it gives up.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, sleep};

use crate::error::SimulatorError;
use crate::report::Stats;

/// How long Dialpad waits for an answer.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// After a connection failure or a time-out it tries at once, this many times.
pub const IMMEDIATE_TRIES: usize = 2;
/// After a 5xx it waits this long before each further try.
pub const RETRY_WAITS: [Duration; 3] =
    [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];
/// An answer's body is read only so that the connection can be used again; a longer one is cut off.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The receiver answered with this status.
    Answered(u16),
    /// No complete answer within [`ANSWER_TIMEOUT`].
    TimedOut,
    /// No connection, or it broke.
    Unreachable(String),
}

/// What came of an event after all tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 2xx.
    Delivered,
    /// Anything else below 500: Dialpad does not try again.
    Refused,
    /// 5xx or no answer, too often.
    GaveUp,
}

/// Something that can post a body: HTTP, or a stand-in for tests of the behaviour around it.
pub(crate) trait Transport: Send + Sync + 'static {
    /// One request, one answer.
    fn post(&self, body: Bytes) -> impl Future<Output = Attempt> + Send;
}

/// The real transport.
pub(crate) struct Http {
    client: reqwest::Client,
    url: reqwest::Url,
}

impl Http {
    pub(crate) fn new(url: &str, connections: usize) -> Result<Self, SimulatorError> {
        let parsed = reqwest::Url::parse(url).map_err(|_| SimulatorError::Url(url.to_owned()))?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(SimulatorError::Url(url.to_owned()));
        }
        Ok(Self { client: client(connections)?, url: parsed })
    }

    /// Where it posts to.
    pub(crate) fn url(&self) -> &reqwest::Url {
        &self.url
    }
}

impl Transport for Http {
    fn post(&self, body: Bytes) -> impl Future<Output = Attempt> + Send {
        post_once(&self.client, &self.url, body)
    }
}

/// A client with Dialpad's manners: connections are kept, redirects are not followed, no proxy, five seconds.
///
/// # Errors
/// When the TLS set-up of the machine is unusable.
pub fn client(connections: usize) -> Result<reqwest::Client, SimulatorError> {
    reqwest::Client::builder()
        .timeout(ANSWER_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .pool_max_idle_per_host(connections)
        .build()
        .map_err(SimulatorError::Client)
}

/// Posts one body once and reads the answer, at most five seconds long.
pub async fn post_once(client: &reqwest::Client, url: &reqwest::Url, body: Bytes) -> Attempt {
    let request = client.post(url.clone()).header(CONTENT_TYPE, "application/jwt").body(body);
    let mut answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return failed(&error),
    };
    let mut read = 0;
    while read <= ANSWER_BYTES_MAX {
        match answer.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => break,
            Err(error) => return failed(&error),
        }
    }
    Attempt::Answered(answer.status().as_u16())
}

fn failed(error: &reqwest::Error) -> Attempt {
    if error.is_timeout() {
        return Attempt::TimedOut;
    }
    // The innermost reason is the useful one, and the outer ones repeat the address with its token.
    let mut reason: &dyn Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    Attempt::Unreachable(reason.to_string())
}

/// One request, timed and counted.
pub(crate) async fn attempt<T: Transport>(transport: &T, body: Bytes, stats: &Stats) -> Attempt {
    let begun = Instant::now();
    let attempt = transport.post(body).await;
    stats.count_attempt(&attempt, begun.elapsed());
    attempt
}

/// The end of a delivery if this answer is one; `None` means Dialpad tries again.
pub(crate) fn settled(attempt: &Attempt) -> Option<Outcome> {
    match attempt {
        Attempt::Answered(200..=299) => Some(Outcome::Delivered),
        Attempt::Answered(500..) | Attempt::TimedOut | Attempt::Unreachable(_) => None,
        Attempt::Answered(_) => Some(Outcome::Refused),
    }
}

/// Everything after a first try that settled nothing.
pub(crate) async fn retry<T: Transport>(
    transport: &T,
    body: &Bytes,
    first: Attempt,
    stats: &Stats,
) -> Outcome {
    let mut waits = RETRY_WAITS.iter();
    let mut immediate_left = IMMEDIATE_TRIES;
    let mut last = first;
    loop {
        if let Some(outcome) = settled(&last) {
            return outcome;
        }
        match last {
            Attempt::Answered(_) => match waits.next() {
                Some(wait) => sleep(*wait).await,
                None => return Outcome::GaveUp,
            },
            Attempt::TimedOut | Attempt::Unreachable(_) => {
                let Some(left) = immediate_left.checked_sub(1) else { return Outcome::GaveUp };
                immediate_left = left;
            }
        }
        stats.count_retry();
        last = attempt(transport, body.clone(), stats).await;
    }
}
