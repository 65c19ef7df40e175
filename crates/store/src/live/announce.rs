//! Telling others what changed.

use std::time::Instant;

use domain::notice::{Notice, encode};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Pipeline};
use sqlx::postgres::PgPool;
use tokio::sync::mpsc;

use super::{REDIS_TIMEOUT, RETRY_EVERY, client, notify, redis_channel};
use crate::error::StoreError;
use crate::migrate::{DbRole, Logins};
use crate::pool;

/// Notices that wait for Redis. What does not fit is lost: nobody who writes waits for it.
const WAITING_MAX: usize = 256;

/// Publishes notices through Redis. Made once in a process that writes.
#[derive(Clone)]
pub struct Announcer(mpsc::Sender<Vec<String>>);

impl Announcer {
    /// Starts the task that publishes; it ends when the last announcer is gone. Redis need not be there. `None` when the
    /// address cannot be read. Must be called on the runtime that it works on.
    pub fn start(url: &str, logins: &Logins) -> Option<Self> {
        let client = client(url)?;
        let (sender, waiting) = mpsc::channel(WAITING_MAX);
        let fallback = pool::lazy(logins.options(DbRole::Projector), 1);
        let publisher = Publisher {
            client,
            channel: redis_channel(logins.keys()),
            connection: None,
            failed_at: None,
            fallback,
        };
        tokio::spawn(publisher.publish(waiting));
        Some(Self(sender))
    }

    /// Announces what changed; never waits.
    pub fn announce(&self, notice: &Notice) {
        let texts = encode(notice);
        if !texts.is_empty() && self.0.try_send(texts).is_err() {
            tracing::warn!("a notice of changes is dropped: too many wait");
        }
    }
}

struct Publisher {
    client: Client,
    channel: String,
    connection: Option<MultiplexedConnection>,
    failed_at: Option<Instant>,
    /// Tells by PostgreSQL what Redis does not take.
    fallback: PgPool,
}

impl Publisher {
    async fn publish(mut self, mut waiting: mpsc::Receiver<Vec<String>>) {
        while let Some(texts) = waiting.recv().await {
            // Nobody waits for a Redis that is known to be away.
            let is_tried = self.failed_at.is_none_or(|at| at.elapsed() >= RETRY_EVERY);
            if is_tried {
                match self.by_redis(&texts).await {
                    Ok(()) => {
                        if self.failed_at.take().is_some() {
                            tracing::info!("Redis is back: notices of changes go through it again");
                        }
                        continue;
                    }
                    Err(error) => {
                        self.connection = None;
                        if self.failed_at.replace(Instant::now()).is_none() {
                            tracing::warn!(%error, "Redis does not take notices of changes; PostgreSQL carries them");
                        }
                    }
                }
            }
            if let Err(error) = self.by_postgres(&texts).await {
                tracing::debug!(error = &error as &dyn std::error::Error, "a notice of changes is lost");
            }
        }
    }

    async fn by_redis(&mut self, texts: &[String]) -> redis::RedisResult<()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(REDIS_TIMEOUT))
                    .set_response_timeout(Some(REDIS_TIMEOUT));
                self.client.get_multiplexed_async_connection_with_config(&config).await?
            }
        };
        let mut publish = Pipeline::new();
        for text in texts {
            publish.cmd("PUBLISH").arg(&self.channel).arg(text).ignore();
        }
        publish.query_async::<()>(&mut connection).await?;
        self.connection = Some(connection);
        Ok(())
    }

    async fn by_postgres(&self, texts: &[String]) -> Result<(), StoreError> {
        let mut connection = self.fallback.acquire().await?;
        notify(&mut connection, texts).await
    }
}
