//! Live updates between processes: who writes announces, who answers people hears.
//!
//! Without Redis a notice travels with the transaction of the projector, as PostgreSQL's NOTIFY: one for each step,
//! because a commit with a notice waits for all others that have one. With Redis it is published after the commit, by a
//! task that nobody waits for; when Redis is away, that task falls back to NOTIFY. Whoever hears always listens to
//! PostgreSQL, and to Redis where there is one. Nothing of this is on the way to a 200.

mod announce;
mod listen;
mod tries;

use std::time::Duration;

use redis::{Client, IntoConnectionInfo as _, ProtocolVersion};
use sqlx::postgres::PgConnection;

pub use announce::Announcer;
pub use listen::{Heard, Ways, listen};
pub use tries::SharedTries;

use crate::error::StoreError;
use crate::keys::Keys;

/// The channel of PostgreSQL; notices do not leave their database.
const CHANNEL: &str = "trunkline_live";
/// How long Redis may take to connect, and to answer.
const REDIS_TIMEOUT: Duration = Duration::from_millis(500);
/// After a failure of a way, before it is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(500);

/// What all names in Redis begin with: several installations may share one.
fn redis_prefix(keys: &Keys) -> String {
    let installation: String =
        domain::ids::sha256(keys.check()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("trunkline:{installation}")
}

/// The channel of Redis.
fn redis_channel(keys: &Keys) -> String {
    format!("{}:live", redis_prefix(keys))
}

/// Whether the address of a Redis can be read.
pub fn is_redis_url(url: &str) -> bool {
    client(url).is_some()
}

/// What connects to Redis: with the protocol that tells without being asked.
fn client(url: &str) -> Option<Client> {
    let info = url.into_connection_info().ok()?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings)).ok()
}

/// Has PostgreSQL tell everybody who listens, when the transaction of `connection` commits.
#[expect(clippy::disallowed_methods, reason = "a notice carries ids of all companies, and no content")]
pub(crate) async fn notify(connection: &mut PgConnection, texts: &[String]) -> Result<(), StoreError> {
    if texts.is_empty() {
        return Ok(());
    }
    sqlx::query("SELECT pg_notify($1, text) FROM UNNEST($2::text[]) AS text")
        .bind(CHANNEL)
        .bind(texts)
        .execute(connection)
        .await?;
    Ok(())
}
