//! Connection pools, with the bounds that every one of them has.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Executor as _, Row as _};

/// How long a caller waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an export waits for one, or somebody who watches.
const PATIENT_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the check of a returned connection may take before it is thrown away.
const RELEASE_CHECK_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections are replaced after this long, so that a change of role or of server reaches every one.
const CONNECTION_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A pool that opens connections only when they are needed.
pub(crate) fn lazy(options: PgConnectOptions, connections_max: u32) -> PgPool {
    bounded(connections_max).connect_lazy_with(options)
}

/// The same; `backend` is told the process id of PostgreSQL behind each new connection.
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
        // A future that is dropped while it begins a transaction returns its connection inside of that transaction
        // (sqlx 0.9.0); whoever borrows it next would write into it. The two clocks are equal only when no transaction
        // is open, provided the statement is sent unprepared.
        .after_release(|connection, _| {
            Box::pin(async move {
                let check = connection
                    .fetch_one(sqlx::raw_sql("SELECT statement_timestamp() = transaction_timestamp()"));
                let row = tokio::time::timeout(RELEASE_CHECK_TIMEOUT, check)
                    .await
                    .map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
                Ok(row.try_get(0).unwrap_or(false))
            })
        })
}
