//! Which of some calls pass which filters: by the same conditions as every list, for those who watch.

use domain::search::CallFilter;
use sea_orm::sea_query::{Alias, Expr, Query, UnionType};
use sea_orm::{ConnectionTrait as _, Value};

use crate::api::TenantTx;
use crate::entity::call;
use crate::error::StoreError;
use crate::filter::condition_on_each;

impl TenantTx {
    /// Which of `calls` pass each of `filters`: the place of the filter, and the call.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn calls_passing(
        &self,
        calls: &[i64],
        filters: &[&CallFilter],
    ) -> Result<Vec<(usize, i64)>, StoreError> {
        // One after the other, each planned by itself.
        let mut questions = filters.iter().enumerate().map(|(at, filter)| {
            let among =
                Expr::cust_with_values("\"calls\".\"call_id\" = ANY ($1)", [Value::from(calls.to_vec())]);
            Query::select()
                .expr_as(Expr::cust(format!("{at}::bigint")), Alias::new("filter"))
                .column((call::Entity, call::Column::CallId))
                .from(call::Entity)
                .and_where(self.seen())
                .and_where(among)
                .cond_where(condition_on_each(filter, self.tenant()))
                .to_owned()
        });
        let Some(mut all) = questions.next() else { return Ok(Vec::new()) };
        for question in questions {
            all.union(UnionType::All, question);
        }
        let rows = self.connection().query_all(&all).await?;
        rows.iter()
            .map(|row| {
                let at: i64 = row.try_get_by_index(0)?;
                Ok((usize::try_from(at).unwrap_or(usize::MAX), row.try_get_by_index(1)?))
            })
            .collect()
    }
}
