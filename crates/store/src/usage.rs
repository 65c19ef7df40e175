//! What the work costs PostgreSQL, for measuring: room, log, and how far the projector is. As the owner of the schema;
//! not for production.

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::error::StoreError;
use crate::migrate::Logins;

/// The room that a table takes with its indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableUsage {
    /// The table; partitions of events count as `events`.
    pub table: String,
    /// Bytes of its rows.
    pub row_bytes: i64,
    /// Bytes of its indexes.
    pub index_bytes: i64,
}

/// How far the projector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerState {
    /// The number of the last marker that was given out.
    pub last: i64,
    /// The number of the oldest marker that is left.
    pub oldest: Option<i64>,
}

/// A connection to measure with.
pub struct Usage(PgConnection);

#[expect(clippy::disallowed_methods, reason = "sizes and counts, as the owner of the schema")]
impl Usage {
    /// Connects.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn open(logins: &Logins) -> Result<Self, StoreError> {
        Ok(Self(logins.admin().connect().await?))
    }

    /// The end of the write-ahead log, in bytes since its beginning.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn wal_bytes(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
        Ok(sqlx::query_scalar(sql).fetch_one(&mut self.0).await?)
    }

    /// Writes everything out, so that what is measured next begins like everything else.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn checkpoint(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("CHECKPOINT").execute(&mut self.0).await?;
        Ok(())
    }

    /// How far the projector is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn markers(&mut self) -> Result<MarkerState, StoreError> {
        let sql = "SELECT (SELECT last_value FROM marked_calls_marked_seq),
                          (SELECT marked FROM marked_calls ORDER BY marked LIMIT 1)";
        let row = sqlx::query(sql).fetch_one(&mut self.0).await?;
        Ok(MarkerState { last: row.get(0), oldest: row.get(1) })
    }

    /// How many events there are.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn events(&mut self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&mut self.0).await?)
    }

    /// Removes rows that nobody sees any more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn vacuum(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut self.0).await?;
        Ok(())
    }

    /// The room that events and what is folded from them take, the largest table first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tables(&mut self) -> Result<Vec<TableUsage>, StoreError> {
        let sql =
            "SELECT name, sum(pg_table_size(relation))::bigint, sum(pg_indexes_size(relation))::bigint FROM (
                       SELECT 'events' AS name, relid AS relation FROM pg_partition_tree('events')
                       UNION ALL SELECT one, one::regclass FROM unnest(
                           ARRAY['calls', 'call_changes', 'conversation_legs', 'call_parties', 'parties', 'party_terms', 'marked_calls',
                                 'deliveries', 'event_duplicates']) one
                   ) relations GROUP BY name ORDER BY sum(pg_total_relation_size(relation)) DESC";
        let rows = sqlx::query(sql).fetch_all(&mut self.0).await?;
        let table = |row: &sqlx::postgres::PgRow| TableUsage {
            table: row.get(0),
            row_bytes: row.get(1),
            index_bytes: row.get(2),
        };
        Ok(rows.iter().map(table).collect())
    }

    /// Disconnects.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.0.close().await?)
    }
}
