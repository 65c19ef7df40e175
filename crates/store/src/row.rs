//! Rows read column after column.
//!
//! Finding each by its name takes as long as everything else that is done with a page of calls, and sea-orm writes a
//! message about each that is null.

use sea_orm::{DbErr, QueryResult};
use sqlx::postgres::{PgRow, Postgres};
use sqlx::{Decode, Row as _, Type};

use crate::transaction::failed;

/// The columns of a row that were not read yet.
pub(crate) struct Columns<'a> {
    row: &'a PgRow,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a QueryResult) -> Result<Self, DbErr> {
        let row = row.try_as_pg_row().ok_or_else(|| DbErr::Type("a row of PostgreSQL".to_owned()))?;
        Ok(Self { row, next: 0 })
    }

    /// The next one.
    pub(crate) fn take<T: Decode<'a, Postgres> + Type<Postgres>>(&mut self) -> Result<T, DbErr> {
        let place = self.next;
        self.next += 1;
        self.row.try_get(place).map_err(failed)
    }
}
