//! A transaction that begins with one message, and cannot be left half begun.

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::{PgPool, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Executor as _};
use tokio::sync::Mutex;

use crate::error::StoreError;

/// A transaction. Dropped before it is committed, it changes nothing.
///
/// sea-orm's own says `BEGIN` and what else it needs to know in one message after the other, and the pool has to ask each
/// connection whether one was left open: for a page of calls that is as much work as reading them.
pub(crate) struct Transaction(Mutex<sqlx::Transaction<'static, Postgres>>);

impl Transaction {
    /// Begins by `statements`, the first of which is `BEGIN`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is to be had in time.
    pub(crate) async fn begin(pool: &PgPool, statements: String) -> Result<Self, StoreError> {
        let pool = pool.clone();
        // A task of its own: a caller that stops waiting would leave the connection in a transaction of which sqlx does
        // not know (0.9.0), and whoever borrows it next would write into that.
        let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(statements)).await });
        let begun = begun.await.map_err(|_| StoreError::Unavailable(sqlx::Error::WorkerCrashed))?;
        Ok(Self(Mutex::new(begun?)))
    }

    /// Keeps what was changed.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.into_inner().commit().await?)
    }
}

/// The statements are those of `TenantTx`, which puts the company on each.
fn query(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

pub(crate) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut transaction = self.0.lock().await;
        query(statement).execute(&mut **transaction).await.map(Into::into).map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut transaction = self.0.lock().await;
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map(Into::into).map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut transaction = self.0.lock().await;
        let row = query(statement).fetch_optional(&mut **transaction).await;
        row.map(|row| row.map(Into::into)).map_err(failed)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut transaction = self.0.lock().await;
        let rows = query(statement).fetch_all(&mut **transaction).await;
        rows.map(|rows| rows.into_iter().map(Into::into).collect()).map_err(failed)
    }
}
