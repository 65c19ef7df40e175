//! Reading which calls have changed, in the order in which their changes came to be seen. How that order is kept is
//! told in `projector::changes`.

use chrono::{DateTime, Utc};
use domain::cursor::Position;
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult};

use crate::api::TenantTx;
use crate::calls::Call;
use crate::entity::call;
use crate::error::StoreError;
use crate::page::Slice;

/// A call and when it changed last.
#[derive(Clone, Debug, PartialEq)]
pub struct CallChange {
    /// When it changed: given out once in a company, and always later than what could be seen before.
    pub changed_at: DateTime<Utc>,
    /// The call as it is now.
    pub call: Call,
}

impl TenantTx {
    /// The calls that changed after a place in the order of changes, at most `limit`; from the first one without a place.
    /// Each is there once, where it changed last.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn call_changes(
        &self,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Slice<CallChange>, StoreError> {
        // One statement: the call is read as it was when its place was.
        let sql = "SELECT change.changed_at, calls.* FROM call_changes change
                   JOIN calls ON calls.tenant_id = $1 AND calls.call_id = change.call_id
                   WHERE change.tenant_id = $1 AND (change.changed_at, change.call_id) > ($2, $3) AND SEEN
                   ORDER BY change.changed_at, change.call_id LIMIT $4";
        let from = after.unwrap_or(Position { at: DateTime::UNIX_EPOCH, tie: 0 });
        let call_id = i64::try_from(from.tie).unwrap_or(i64::MAX);
        let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let statement = self.raw_on_calls(sql, [from.at.into(), call_id.into(), most.into()]);
        let rows = self.connection().query_all_raw(statement).await?;
        let has_next = rows.len() as u64 > limit;
        let change = |row: &QueryResult| {
            let changed_at = row.try_get("", "changed_at")?;
            Ok::<_, StoreError>(CallChange { changed_at, call: call::Model::from_query_result(row, "")? })
        };
        let rows = rows.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).map(change);
        Ok(Slice { rows: rows.collect::<Result<_, _>>()?, has_previous: after.is_some(), has_next })
    }

    /// The place of the latest change; nothing when no call ever changed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn latest_call_change(&self) -> Result<Option<Position>, StoreError> {
        let sql = "SELECT change.changed_at, change.call_id FROM call_changes change
                   JOIN calls ON calls.tenant_id = $1 AND calls.call_id = change.call_id
                   WHERE change.tenant_id = $1 AND SEEN
                   ORDER BY change.changed_at DESC, change.call_id DESC LIMIT 1";
        let statement = self.raw_on_calls(sql, []);
        let Some(row) = self.connection().query_one_raw(statement).await? else { return Ok(None) };
        let call_id: i64 = row.try_get("", "call_id")?;
        Ok(Some(Position { at: row.try_get("", "changed_at")?, tie: u128::from(call_id.unsigned_abs()) }))
    }
}
