//! Connection pools, with the bounds that every one of them has.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, Row as _};

/// How long a person waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a delivery waits for one; without it, it is taken in all the same.
const HASTY_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an export waits for one, or somebody who watches.
const PATIENT_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that nobody used for longer is asked whether it is still there before it is lent.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// How long the check of a returned connection may take before it is thrown away.
const RELEASE_CHECK_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections are replaced after this long, so that a change of role or of server reaches every one.
const CONNECTION_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A pool that opens connections only when they are needed.
pub(crate) fn lazy(options: PgConnectOptions, connections_max: u32) -> PgPool {
    checked(bounded(connections_max)).connect_lazy_with(options)
}

/// The same for what cannot wait.
pub(crate) fn lazy_hasty(options: PgConnectOptions, connections_max: u32) -> PgPool {
    checked(bounded(connections_max).acquire_timeout(HASTY_ACQUIRE_TIMEOUT)).connect_lazy_with(options)
}

fn checked(pool: PgPoolOptions) -> PgPoolOptions {
    // A future that is dropped while it begins a transaction returns its connection inside of that transaction (sqlx
    // 0.9.0); whoever borrows it next would write into it. The two clocks are equal only when no transaction is open,
    // provided the statement is sent unprepared.
    pool.after_release(|connection, _| {
        Box::pin(async move {
            let check =
                connection.fetch_one(sqlx::raw_sql("SELECT statement_timestamp() = transaction_timestamp()"));
            Ok(in_time(check).await?.try_get(0).unwrap_or(false))
        })
    })
}

/// The same for [`Transaction`](crate::transaction::Transaction)s only, none of which is left half begun. `backend` is
/// told the process id of PostgreSQL behind each new connection.
pub(crate) fn lazy_telling(
    options: PgConnectOptions,
    connections_max: u32,
    backend: Option<fn(i32)>,
) -> PgPool {
    telling(bounded(connections_max), options, backend)
}

/// The same for work that nobody waits for as a person does: whoever wants a connection waits longer for it.
pub(crate) fn lazy_patient(
    options: PgConnectOptions,
    connections_max: u32,
    backend: Option<fn(i32)>,
) -> PgPool {
    telling(bounded(connections_max).acquire_timeout(PATIENT_ACQUIRE_TIMEOUT), options, backend)
}

fn telling(pool: PgPoolOptions, options: PgConnectOptions, backend: Option<fn(i32)>) -> PgPool {
    let pool = pool.after_release(|connection, _| {
        Box::pin(async move { in_time(connection.ping()).await.map(|()| true) })
    });
    let Some(backend) = backend else { return pool.connect_lazy_with(options) };
    let telling = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            let row = connection.fetch_one(sqlx::raw_sql("SELECT pg_backend_pid()")).await?;
            backend(row.try_get(0)?);
            Ok(())
        })
    });
    telling.connect_lazy_with(options)
}

fn bounded(connections_max: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_lifetime(CONNECTION_LIFETIME)
        // Each connection is checked when it comes back; again before it is lent only when that is a while ago.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

/// The check of a returned connection.
async fn in_time<T>(check: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let checked = tokio::time::timeout(RELEASE_CHECK_TIMEOUT, check).await;
    checked.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))?
}
