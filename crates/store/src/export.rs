//! Reading calls page by page to be written out: no entity is made of a row, its texts are borrowed from it.

use std::ops::Bound;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::cursor::Position;
use domain::search::CallFilter;
use sea_orm::QueryResult;
use sea_orm::sea_query::Query;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::api::TenantTx;
use crate::entity::call;
use crate::error::StoreError;
use crate::search::{Reading, Stretch};

/// Connections for exports: their own, so that people never wait for one.
pub const EXPORT_CONNECTIONS_MAX: u32 = 4;

/// How long the statement of one page may take: a filter that few calls pass looks at many.
pub(crate) const EXPORT_STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// What is read of a call, in this order.
const COLUMNS: [call::Column; 29] = {
    use call::Column as C;
    [
        C::StartedAt,
        C::CallId,
        C::Direction,
        C::State,
        C::StateRaw,
        C::Outcome,
        C::InternalNumber,
        C::ExternalNumber,
        C::TargetParty,
        C::ProxyTargetParty,
        C::EntryPointParty,
        C::ContactParty,
        C::GroupId,
        C::EntryPointCallId,
        C::MasterCallId,
        C::OperatorCallId,
        C::DateStarted,
        C::DateQueued,
        C::DateFirstRang,
        C::DateRang,
        C::DateConnected,
        C::DateEnded,
        C::DurationMs,
        C::TotalDurationMs,
        C::TalkTimeMs,
        C::HoldTimeMs,
        C::WasRecorded,
        C::VoicemailLink,
        C::IsTransferred,
    ]
};
/// Columns behind those.
const LABELS: usize = COLUMNS.len();
const UPDATED_AT: usize = LABELS + 1;

/// A page of calls, newest first.
pub struct ExportedCalls(Vec<QueryResult>);

/// A call; its columns are documented in `migrations/`.
#[expect(missing_docs, reason = "the columns are documented where they are made")]
pub struct ExportedCall<'a> {
    pub started_at: DateTime<Utc>,
    pub call_id: i64,
    pub direction: &'a str,
    pub state: &'a str,
    pub state_raw: &'a str,
    pub outcome: &'a str,
    pub internal_number: Option<&'a str>,
    pub external_number: Option<&'a str>,
    pub target: Option<Uuid>,
    pub proxy_target: Option<Uuid>,
    pub entry_point: Option<Uuid>,
    pub contact: Option<Uuid>,
    pub group_id: Option<&'a str>,
    pub entry_point_call_id: Option<i64>,
    pub master_call_id: Option<i64>,
    pub operator_call_id: Option<i64>,
    pub date_started: Option<DateTime<Utc>>,
    pub date_queued: Option<DateTime<Utc>>,
    pub date_first_rang: Option<DateTime<Utc>>,
    pub date_rang: Option<DateTime<Utc>>,
    pub date_connected: Option<DateTime<Utc>>,
    pub date_ended: Option<DateTime<Utc>>,
    pub duration_ms: Option<f64>,
    pub total_duration_ms: Option<f64>,
    pub talk_time_ms: Option<f64>,
    pub hold_time_ms: Option<f64>,
    pub was_recorded: Option<bool>,
    pub voicemail_link: Option<&'a str>,
    pub is_transferred: Option<bool>,
    pub labels: Vec<String>,
    pub updated_at: DateTime<Utc>,
}

impl ExportedCalls {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The calls.
    pub fn iter(&self) -> impl Iterator<Item = Result<ExportedCall<'_>, StoreError>> {
        self.0.iter().map(|row| {
            let row = row.try_as_pg_row().ok_or(StoreError::Inconsistent { table: "calls", column: "*" })?;
            Ok(read(row)?)
        })
    }
}

impl TenantTx {
    /// The next `limit` calls that pass `filter` behind `after`, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_calls(
        &self,
        filter: &CallFilter,
        after: Option<Position>,
        limit: u64,
    ) -> Result<ExportedCalls, StoreError> {
        let search = self.look_up(filter).await?;
        let below = after.map_or(Bound::Unbounded, Bound::Excluded);
        let reading =
            Reading { stretch: Stretch { above: Bound::Unbounded, below }, oldest_first: false, limit };
        let columns = COLUMNS.into_iter().chain([call::Column::Labels, call::Column::UpdatedAt]);
        let select = Query::select()
            .columns(columns.map(|column| (call::Entity, column)))
            .from(call::Entity)
            .and_where(self.seen())
            .to_owned();
        Ok(ExportedCalls(self.rows_passing(&search, reading, select).await?))
    }
}

/// Reads the columns in the order of [`COLUMNS`].
fn read(row: &PgRow) -> Result<ExportedCall<'_>, sqlx::Error> {
    Ok(ExportedCall {
        started_at: row.try_get(0)?,
        call_id: row.try_get(1)?,
        direction: row.try_get(2)?,
        state: row.try_get(3)?,
        state_raw: row.try_get(4)?,
        outcome: row.try_get(5)?,
        internal_number: row.try_get(6)?,
        external_number: row.try_get(7)?,
        target: row.try_get(8)?,
        proxy_target: row.try_get(9)?,
        entry_point: row.try_get(10)?,
        contact: row.try_get(11)?,
        group_id: row.try_get(12)?,
        entry_point_call_id: row.try_get(13)?,
        master_call_id: row.try_get(14)?,
        operator_call_id: row.try_get(15)?,
        date_started: row.try_get(16)?,
        date_queued: row.try_get(17)?,
        date_first_rang: row.try_get(18)?,
        date_rang: row.try_get(19)?,
        date_connected: row.try_get(20)?,
        date_ended: row.try_get(21)?,
        duration_ms: row.try_get(22)?,
        total_duration_ms: row.try_get(23)?,
        talk_time_ms: row.try_get(24)?,
        hold_time_ms: row.try_get(25)?,
        was_recorded: row.try_get(26)?,
        voicemail_link: row.try_get(27)?,
        is_transferred: row.try_get(28)?,
        labels: row.try_get(LABELS)?,
        updated_at: row.try_get(UPDATED_AT)?,
    })
}
