//! Hearing what changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::notice::{Notice, decode};
use redis::{AsyncConnectionConfig, Client, PushInfo, PushKind, Value};
use sqlx::postgres::PgListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::{CHANNEL, REDIS_TIMEOUT, RETRY_EVERY, client, redis_channel};
use crate::error::StoreError;
use crate::migrate::{DbRole, Logins};
use crate::pool;

/// How often a silent PostgreSQL is asked whether it is still there, and how long it may take to say so.
const POSTGRES_HEARTBEAT: Duration = Duration::from_secs(5);
const POSTGRES_TIMEOUT: Duration = Duration::from_secs(3);
/// How often Redis is asked.
const REDIS_HEARTBEAT: Duration = Duration::from_secs(1);
/// What was heard and not taken yet.
const WAITING_MAX: usize = 256;

/// What is heard.
#[derive(Debug)]
pub enum Heard {
    /// Something changed.
    Notice(Notice),
    /// Something may have changed that nobody was told of.
    Gap,
}

/// Listens until `stop`, to PostgreSQL and, where there is one, to Redis. The second value says whether a way is away, so
/// that notices may come late or not at all. Must be called on the runtime that it works on.
pub fn listen(
    logins: &Logins,
    redis_url: Option<&str>,
    stop: &CancellationToken,
) -> (mpsc::Receiver<Heard>, watch::Receiver<Ways>) {
    let (heard, hearing) = mpsc::channel(WAITING_MAX);
    let client = redis_url.and_then(client);
    let (ways, seen) = watch::channel(Ways { postgres: false, redis: client.as_ref().map(|_| false) });
    let postgres = Postgres { logins: logins.clone(), heard: heard.clone(), ways: ways.clone() };
    tokio::spawn({
        let stop = stop.clone();
        async move { stop.run_until_cancelled(postgres.keep_listening()).await }
    });
    if let Some(client) = client {
        let redis = Redis { client, channel: redis_channel(logins.keys()), heard, ways };
        let stop = stop.clone();
        tokio::spawn(async move { stop.run_until_cancelled(redis.keep_listening()).await });
    }
    (hearing, seen)
}

/// Which ways are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    postgres: bool,
    redis: Option<bool>,
}

impl Ways {
    /// Whether every way is open.
    pub fn are_open(self) -> bool {
        self.postgres && self.redis != Some(false)
    }
}

struct Postgres {
    logins: Logins,
    heard: mpsc::Sender<Heard>,
    ways: watch::Sender<Ways>,
}

impl Postgres {
    async fn keep_listening(self) {
        loop {
            let ended = self.listen().await;
            let was_open = self.ways.borrow().postgres;
            self.ways.send_modify(|ways| ways.postgres = false);
            if was_open {
                tracing::warn!(error = ?ended.err(), "PostgreSQL tells no changes; live updates are late");
            }
            tokio::time::sleep(RETRY_EVERY).await;
        }
    }

    /// Listens until the connection is lost.
    #[expect(clippy::disallowed_methods, reason = "it asks for nothing")]
    async fn listen(&self) -> Result<(), StoreError> {
        let pool = pool::lazy(self.logins.options(DbRole::Api), 1);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        // While nobody listened something may have changed.
        if self.heard.send(Heard::Gap).await.is_err() {
            return Ok(());
        }
        self.ways.send_modify(|ways| ways.postgres = true);
        loop {
            // Cutting this short loses nothing: what has arrived stays in the buffer of the connection.
            match tokio::time::timeout(POSTGRES_HEARTBEAT, listener.try_recv()).await {
                Ok(Ok(Some(notice))) => {
                    let Some(notice) = decode(notice.payload()) else { continue };
                    if self.heard.send(Heard::Notice(notice)).await.is_err() {
                        return Ok(());
                    }
                }
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error.into()),
                Err(_silent) => {
                    let alive = sqlx::query("SELECT 1").execute(&mut listener);
                    tokio::time::timeout(POSTGRES_TIMEOUT, alive)
                        .await
                        .map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
                }
            }
        }
    }
}

struct Redis {
    client: Client,
    channel: String,
    heard: mpsc::Sender<Heard>,
    ways: watch::Sender<Ways>,
}

impl Redis {
    async fn keep_listening(self) {
        loop {
            let ended = self.listen().await;
            let was_open = self.ways.borrow().redis == Some(true);
            self.ways.send_modify(|ways| ways.redis = Some(false));
            if was_open {
                tracing::warn!(error = ?ended.err(), "Redis tells no changes; live updates may be late");
            }
            tokio::time::sleep(RETRY_EVERY).await;
        }
    }

    /// Listens until the connection is lost, or Redis does not answer.
    async fn listen(&self) -> redis::RedisResult<()> {
        let (pushed, mut pushes) = mpsc::channel(WAITING_MAX);
        let is_too_much = Arc::new(AtomicBool::new(false));
        let full = Arc::clone(&is_too_much);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(REDIS_TIMEOUT))
            .set_response_timeout(Some(REDIS_TIMEOUT))
            // What does not fit is not waited for: the connection is given up, and there is a gap.
            .set_push_sender(move |push: PushInfo| {
                pushed.try_send(push).inspect_err(|_| full.store(true, Ordering::Relaxed))
            });
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.subscribe(&self.channel).await?;
        if self.heard.send(Heard::Gap).await.is_err() {
            return Ok(());
        }
        self.ways.send_modify(|ways| ways.redis = Some(true));
        let mut heartbeat = tokio::time::interval(REDIS_HEARTBEAT);
        while !is_too_much.load(Ordering::Relaxed) {
            tokio::select! {
                push = pushes.recv() => match push {
                    Some(PushInfo { kind: PushKind::Message, data }) => {
                        let Some(notice) = data.last().and_then(text).and_then(decode) else { continue };
                        if self.heard.send(Heard::Notice(notice)).await.is_err() {
                            return Ok(());
                        }
                    }
                    Some(PushInfo { kind: PushKind::Disconnection, .. }) | None => return Ok(()),
                    Some(_) => {}
                },
                _ = heartbeat.tick() => {
                    redis::cmd("PING").query_async::<()>(&mut connection).await?;
                }
            }
        }
        Ok(())
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}
