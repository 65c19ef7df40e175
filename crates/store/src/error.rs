//! What can go wrong at the database, as callers need to tell it apart.

/// A failure of the store. Callers decide by variant; the sources are for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is too slow or is shutting down. Trying again later may work.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// Something that must be unique exists already.
    #[error("this exists already ({constraint})")]
    Conflict {
        /// The constraint's name in the schema; never a value.
        constraint: String,
    },
    /// A row that cannot be what we wrote.
    #[error("a stored row is inconsistent: {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column that cannot be read.
        column: &'static str,
    },
    /// More bytes than the caller wants to have in memory.
    #[error("what was asked for is too large")]
    TooLarge,
    /// The database refused a statement: our mistake, not the caller's.
    #[error("the database refused a statement")]
    Refused(#[source] sqlx::Error),
}

impl StoreError {
    /// A statement that never depends on its values cannot be run: the schema is not there yet, or not ours. For
    /// whoever only needs to know that trying again later may work.
    pub(crate) fn or_not_set_up(self) -> Self {
        match self {
            Self::Refused(error) => {
                let code = error.as_database_error().and_then(|error| error.code());
                // Class 42: syntax error or access rule violation.
                let is_schema = code.is_some_and(|code| code.starts_with("42"));
                if is_schema { Self::Unavailable(error) } else { Self::Refused(error) }
            }
            other => other,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::Decode(_)
                | sqlx::Error::ColumnNotFound(_) => Self::Refused(error),
                other => Self::Unavailable(other),
            };
        };
        // Classes of SQLSTATE: 08 connection, 53 resources, 57 operator intervention (shutdown, statement timeout),
        // 58 system error, 40 transaction rollback, 55 lock not available, 25006 read-only standby; 28 login and 3D
        // database not there, as before an installation was set up; XX internal error, which is how PostgreSQL reports
        // a file that cannot grow for another reason than a full disk (a quota, a largest size), or that is damaged.
        let code = database.code().unwrap_or_default().into_owned();
        if database.is_unique_violation() {
            return Self::Conflict { constraint: database.constraint().unwrap_or_default().to_owned() };
        }
        let passing = ["08", "28", "3D", "40", "53", "55", "57", "58", "XX"]
            .iter()
            .any(|class| code.starts_with(class));
        if passing || code == "25006" { Self::Unavailable(error) } else { Self::Refused(error) }
    }
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr};
        match error {
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => match std::sync::Arc::try_unwrap(inner) {
                Ok(inner) => inner.into(),
                Err(shared) => Self::Unavailable(sqlx::Error::Protocol(shared.to_string())),
            },
            DbErr::ConnectionAcquire(_) => Self::Unavailable(sqlx::Error::PoolTimedOut),
            other => Self::Refused(sqlx::Error::Protocol(other.to_string())),
        }
    }
}
