//! How much room the data takes, for measuring.

use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::error::StoreError;
use crate::migrate::Logins;

/// The room that events and what is folded from them take, indexes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskUsage {
    /// Events.
    pub events: i64,
    /// Bytes on disk of events, calls, parties and all their indexes.
    pub bytes: i64,
}

/// Measures the room that is taken. Counts every event; not for production.
///
/// # Errors
/// [`StoreError`]
#[expect(clippy::disallowed_methods, reason = "sizes of tables, as the owner of the schema")]
pub async fn disk_usage(logins: &Logins) -> Result<DiskUsage, StoreError> {
    let mut connection = logins.admin().connect().await?;
    sqlx::raw_sql("VACUUM ANALYZE events, calls, parties, party_terms, call_parties")
        .execute(&mut connection)
        .await?;
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM events),
                (SELECT sum(pg_total_relation_size(relation))::bigint FROM (
                     SELECT relid AS relation FROM pg_partition_tree('events')
                     UNION ALL SELECT unnest(ARRAY['calls', 'parties', 'party_terms', 'call_parties']::regclass[])
                 ) relations)",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(DiskUsage { events: row.get(0), bytes: row.get(1) })
}
