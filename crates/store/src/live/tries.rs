//! How often something was tried, counted by all processes together: whoever guesses passwords gains nothing by asking one
//! process after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::ids::sha256;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Pipeline, RedisResult, cmd};
use tokio::sync::Mutex;

use super::{RETRY_EVERY, client, redis_prefix};
use crate::migrate::Logins;

/// How long Redis may take: somebody waits for the answer.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Counts of tries in Redis. Each process counts for itself, too, and when Redis is away that is all there is.
#[derive(Clone)]
pub struct SharedTries {
    client: Client,
    prefix: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    failed_at: Option<Instant>,
}

impl SharedTries {
    /// Redis need not be there. `None` when the address cannot be read.
    pub fn new(url: &str, logins: &Logins) -> Option<Self> {
        let prefix = format!("{}:tries", redis_prefix(logins.keys()));
        Some(Self { client: client(url)?, prefix, state: Arc::default() })
    }

    /// Counts a try of `what` and says how many there were since the first one, at most `window` ago. `None`: not known.
    pub async fn count(&self, what: &str, window: Duration) -> Option<u64> {
        let count = self.change(what, window, "INCR").await?;
        Some(u64::try_from(count).unwrap_or(0))
    }

    /// A try did not take place after all.
    pub async fn take_back(&self, what: &str, window: Duration) {
        self.change(what, window, "DECR").await;
    }

    async fn change(&self, what: &str, window: Duration, by: &str) -> Option<i64> {
        let key = self.key(what);
        let mut change = Pipeline::new();
        // An older Redis cannot give a time to what has none yet, so it is there before it is counted.
        change.cmd("SET").arg(&key).arg(0).arg("EX").arg(window.as_secs()).arg("NX").ignore();
        change.cmd(by).arg(&key);
        let changed = async move |connection: &mut MultiplexedConnection| {
            change.query_async::<(i64,)>(connection).await
        };
        self.ask(changed).await.map(|(count,)| count)
    }

    /// No try counts any more.
    pub async fn forget(&self, what: &str) {
        let mut forget = cmd("DEL");
        forget.arg(self.key(what));
        self.ask(async move |connection| forget.query_async::<i64>(connection).await).await;
    }

    /// What was tried names people, so only a digest of it leaves this process.
    fn key(&self, what: &str) -> String {
        let digest = sha256(format!("{}:{what}", self.prefix).as_bytes());
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{hex}", self.prefix)
    }

    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(&mut MultiplexedConnection) -> RedisResult<T>,
    ) -> Option<T> {
        let mut connection = self.connection().await?;
        match question(&mut connection).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.failed(&error).await;
                None
            }
        }
    }

    /// Nobody waits for a Redis that is known to be away.
    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Some(connection.clone());
        }
        if state.failed_at.is_some_and(|at| at.elapsed() < RETRY_EVERY) {
            return None;
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                *state = State { connection: Some(connection.clone()), failed_at: None };
                Some(connection)
            }
            Err(error) => {
                drop(state);
                self.failed(&error).await;
                None
            }
        }
    }

    async fn failed(&self, error: &redis::RedisError) {
        let mut state = self.state.lock().await;
        state.connection = None;
        if state.failed_at.replace(Instant::now()).is_none() {
            tracing::warn!(%error, "Redis does not count tries; each process counts its own");
        }
    }
}
