//! Reading calls, their events and their parties.

use domain::search::CallFilter;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DbBackend, QueryFilter as _, Statement};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::entity::call;
use crate::error::StoreError;
use crate::page::{ListOf, Page, Slice};
use crate::row::Columns;

pub use crate::entity::call::Model as Call;
pub use crate::entity::party::Model as Party;

/// Counting stops here: above it a total is "at least".
pub const TOTAL_COUNT_MAX: u64 = 25_000;

/// How many rows match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number, at most what is counted.
    pub value: u64,
    /// Whether there are no more than that.
    pub exact: bool,
}

impl Count {
    /// What is known after counting to one above `most`.
    pub(crate) fn capped(counted: u64, most: u64) -> Self {
        Self { value: Ord::min(counted, most), exact: counted <= most }
    }
}

impl TenantTx {
    /// The calls that pass `filter`, the part that `page` asks for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls(&self, filter: &CallFilter, page: Page) -> Result<Slice<Call>, StoreError> {
        self.slice(&self.look_up(filter).await?, page, ListOf::Calls).await
    }

    /// How many calls pass `filter`, counted up to [`TOTAL_COUNT_MAX`].
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_calls(&self, filter: &CallFilter) -> Result<Count, StoreError> {
        let search = self.look_up_to_count(filter).await?;
        let matching = Query::select()
            .expr(Expr::val(1))
            .from(call::Entity)
            .and_where(self.seen())
            .cond_where(search.condition())
            .limit(TOTAL_COUNT_MAX + 1)
            .to_owned();
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("count"))
            .from_subquery(matching, Alias::new("matching"))
            .to_owned();
        let row = self.connection().query_one(&count).await?;
        let counted: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0);
        Ok(Count::capped(u64::try_from(counted).unwrap_or(0), TOTAL_COUNT_MAX))
    }

    /// One call.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn call(&self, call_id: i64) -> Result<Option<Call>, StoreError> {
        Ok(self.select_calls().filter(call::Column::CallId.eq(call_id)).one(self.connection()).await?)
    }

    /// The calls with these ids.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_by_id(&self, call_ids: &[i64]) -> Result<Vec<Call>, StoreError> {
        // One array: a list of parameters would be another statement for every number of ids.
        let is_one = Expr::cust_with_values("\"calls\".\"call_id\" = ANY ($1)", [call_ids.to_vec()]);
        Ok(self.select_calls().filter(is_one).all(self.connection()).await?)
    }

    /// The parties with these ids, however many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn parties(&self, ids: Vec<Uuid>) -> Result<Vec<Party>, StoreError> {
        // One array, as above.
        let sql = "SELECT tenant_id, party_id, kind, dialpad_id, name, email, phone FROM parties
                   WHERE tenant_id = $1 AND party_id = ANY ($2)";
        let values = [self.tenant().0.into(), ids.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let rows = self.connection().query_all_raw(statement).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row)?;
                Ok(Party {
                    tenant_id: columns.take()?,
                    party_id: columns.take()?,
                    kind: columns.take()?,
                    dialpad_id: columns.take()?,
                    name: columns.take()?,
                    email: columns.take()?,
                    phone: columns.take()?,
                })
            })
            .collect()
    }
}
