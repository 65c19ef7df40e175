//! The projector's door: takes calls with new events, reads all their events, writes what they fold to.
//!
//! Everything of one step is one transaction, the removal of the markers included: killed anywhere, the step has not
//! happened and its calls are still marked. That is also why its commits need not wait for the disk (see
//! [`DbRole::Projector`]): a step that a power cut takes away takes the removal of its markers with it.

mod calls;
mod changes;
mod conversations;
mod links;
mod parties;
mod read;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::conversation::Leg;
use domain::fold::Call;
use domain::ids::TenantId;
use domain::notice::{Notice, encode};
use domain::parties::CallParties;
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use uuid::Uuid;

use crate::error::StoreError;
use crate::live::{self, Announcer};
use crate::migrate::{DbRole, Logins};
use crate::pool;

use parties::KnownParties;

/// One connection folds, one stands by for upkeep.
const PROJECTOR_CONNECTIONS_MAX: u32 = 2;
/// Months of event partitions that are kept ready, this month included.
const EVENT_MONTHS_AHEAD: i32 = 3;
/// Calls that one marker names when calls are marked to be folded again.
const CALLS_OF_MARKER: i64 = 128;
/// Calls that the markers of one step name, a call counted each time: no further marker is taken then.
const MARKED_CALLS_MAX: i64 = 4_096;
/// Calls of a version before that are marked at once when nothing else is.
const CALLS_OF_BEFORE_MAX: i64 = 512;

/// Tenant and call id.
type Key = (Uuid, i64);

/// What one step did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projected {
    /// The calls that were written.
    pub calls: Vec<(TenantId, i64)>,
    /// Markers that were taken.
    pub markers: u64,
    /// Whether there may be more of them.
    pub is_more: bool,
}

/// A call as its events tell it, and who is on it.
struct Folded {
    key: Key,
    call: Call,
    parties: CallParties,
    /// What any of its events links it to.
    legs: BTreeSet<Leg>,
}

/// The projector's door.
#[derive(Clone)]
pub struct Projector {
    pool: PgPool,
    known: Arc<Mutex<KnownParties>>,
    /// Tells others what changed; without it PostgreSQL does, with the transaction.
    announcer: Option<Announcer>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the projector works for all companies under a role that serves nobody"
)]
impl Projector {
    /// Connections are opened when they are first needed.
    pub fn new(logins: &Logins) -> Self {
        let pool = pool::lazy(logins.options(DbRole::Projector), PROJECTOR_CONNECTIONS_MAX);
        Self { pool, known: Arc::default(), announcer: None }
    }

    /// Tells others what changed by this announcer.
    #[must_use]
    pub fn announcing_by(self, announcer: Option<Announcer>) -> Self {
        Self { announcer, ..self }
    }

    /// Folds the calls of the oldest markers, at most `markers_max` of them. A marker names the calls of one company
    /// in one batch of a writer.
    ///
    /// # Errors
    /// [`StoreError`]; nothing has happened then.
    pub async fn step(&self, markers_max: i64, now: DateTime<Utc>) -> Result<Projected, StoreError> {
        let done = self.try_step(markers_max, now).await;
        if done.is_err() {
            // Whatever happened to the database, what is known of it may no longer be so.
            self.known().forget();
        }
        done
    }

    async fn try_step(&self, markers_max: i64, now: DateTime<Utc>) -> Result<Projected, StoreError> {
        let mut tx = self.pool.begin().await?;
        let Taken { keys, markers, is_more } = take_markers(&mut tx, markers_max).await?;
        if markers == 0 {
            let is_more = mark_calls_of_before(&mut tx).await?;
            tx.commit().await?;
            return Ok(Projected { is_more, ..Projected::default() });
        }
        // Sorted, and everyone before anything: two projectors lock the same rows in the same order.
        let folded = read::fold_calls(&mut tx, &keys).await?;
        let unknown = self.known().unknown(&folded);
        parties::insert(&mut tx, &unknown).await?;
        // From here on one projector works for a company at a time.
        let clocks = changes::take_clocks(&mut tx, &folded).await?;
        let joined = conversations::write(&mut tx, &folded).await?;
        let written = calls::upsert(&mut tx, &folded, &joined, now).await?;
        links::write(&mut tx, &folded, &written).await?;
        let moved = conversations::move_calls(&mut tx, &joined, now).await?;
        let changed: BTreeSet<Key> = written.into_keys().chain(moved).collect();
        changes::note(&mut tx, &changed, &clocks).await?;
        let mut notice = Notice::new();
        for (tenant, call) in &changed {
            notice.entry(TenantId(*tenant)).or_default().push(*call);
        }
        if self.announcer.is_none() {
            live::notify(&mut tx, &encode(&notice)).await?;
        }
        tx.commit().await?;
        self.announcer.iter().for_each(|announcer| announcer.announce(&notice));
        self.known().remember(unknown.into_keys());
        let calls = changed.into_iter().map(|(tenant, call)| (TenantId(tenant), call)).collect();
        Ok(Projected { calls, markers, is_more })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, KnownParties> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the calls behind `after` to be folded again, `calls_max` of them, of one company or of all; answers the
    /// last one, or nothing when there were no more. Calls are found by their events, whether folded before or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mark_again(
        &self,
        company: Option<TenantId>,
        after: Option<(TenantId, i64)>,
        calls_max: i64,
    ) -> Result<Option<(TenantId, i64)>, StoreError> {
        let (first, last) = company.map_or((Uuid::nil(), Uuid::max()), |company| (company.0, company.0));
        let (tenant, call) = after.map_or((first, 0), |(tenant, call)| (tenant.0, call));
        let mut tx = self.pool.begin().await?;
        let row = sqlx::query(
            "WITH next AS (
                 SELECT DISTINCT tenant_id, call_id FROM events
                 WHERE (tenant_id, call_id) > ($1, $2) AND tenant_id <= $3
                 ORDER BY tenant_id, call_id LIMIT $4
             ), numbered AS (
                 SELECT tenant_id, call_id, (row_number() OVER (ORDER BY tenant_id, call_id) - 1) / $5 AS part FROM next
             ), marked AS (
                 INSERT INTO marked_calls (tenant_id, call_ids)
                 SELECT tenant_id, array_agg(call_id) FROM numbered GROUP BY tenant_id, part
             )
             SELECT tenant_id, call_id FROM next ORDER BY tenant_id DESC, call_id DESC LIMIT 1",
        )
        .bind(tenant)
        .bind(call)
        .bind(last)
        .bind(calls_max)
        .bind(CALLS_OF_MARKER)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.map(|row| (TenantId(row.get(0)), row.get(1))))
    }

    /// Moves the oldest marker behind all others, so that a call that cannot be folded does not hold up the rest; each
    /// of its calls gets a marker of its own, so that the next time only that call is held up. Answers the calls.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postpone_oldest(&self) -> Result<Vec<(TenantId, i64)>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let rows = sqlx::query(
            "WITH single AS (
                 DELETE FROM dirty_calls WHERE marked =
                     (SELECT marked FROM dirty_calls ORDER BY marked LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING tenant_id, call_id
             ), batch AS (
                 DELETE FROM marked_calls WHERE marked =
                     (SELECT marked FROM marked_calls ORDER BY marked LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING tenant_id, call_ids
             ), calls AS (
                 SELECT * FROM single UNION ALL SELECT tenant_id, unnest(call_ids) FROM batch
             )
             INSERT INTO marked_calls (tenant_id, call_ids) SELECT tenant_id, ARRAY[call_id] FROM calls
             RETURNING tenant_id, call_ids[1]",
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(rows.iter().map(|row| (TenantId(row.get(0)), row.get(1))).collect())
    }

    /// How many calls there are, of one company or of all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_calls(&self, company: Option<TenantId>) -> Result<u64, StoreError> {
        let counted: i64 = sqlx::query("SELECT count(*) FROM calls WHERE $1::uuid IS NULL OR tenant_id = $1")
            .bind(company.map(|company| company.0))
            .fetch_one(&self.pool)
            .await?
            .get(0);
        Ok(u64::try_from(counted).unwrap_or(0))
    }

    /// Makes the event partitions of this month and the next ones.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn make_event_months(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("SELECT app.make_event_months($1, $2)")
            .bind(now.date_naive())
            .bind(EVENT_MONTHS_AHEAD)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Marks calls that a version before has folded, which knew no conversations; whether there were any. They are given
/// their own conversation, so that they are found once.
#[expect(clippy::disallowed_methods, reason = "the projector works for all companies")]
async fn mark_calls_of_before(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let marked: i64 = sqlx::query(
        "WITH next AS (
             SELECT tenant_id, call_id FROM calls WHERE conversation_id IS NULL
             ORDER BY tenant_id, call_id LIMIT $1 FOR UPDATE SKIP LOCKED
         ), found AS (
             UPDATE calls SET conversation_id = calls.call_id FROM next
             WHERE calls.tenant_id = next.tenant_id AND calls.call_id = next.call_id
             RETURNING calls.tenant_id, calls.call_id
         ), numbered AS (
             SELECT tenant_id, call_id, (row_number() OVER (ORDER BY tenant_id, call_id) - 1) / $2 AS part FROM found
         ), marked AS (
             INSERT INTO marked_calls (tenant_id, call_ids)
             SELECT tenant_id, array_agg(call_id) FROM numbered GROUP BY tenant_id, part RETURNING 1
         )
         SELECT count(*) FROM marked",
    )
    .bind(CALLS_OF_BEFORE_MAX)
    .bind(CALLS_OF_MARKER)
    .fetch_one(connection)
    .await?
    .get(0);
    Ok(marked > 0)
}

/// Markers that were taken away.
struct Taken {
    /// The calls they name.
    keys: BTreeSet<Key>,
    markers: u64,
    is_more: bool,
}

#[expect(clippy::disallowed_methods, reason = "the projector works for all companies")]
async fn take_markers(connection: &mut PgConnection, markers_max: i64) -> Result<Taken, StoreError> {
    // An array, not a join: whatever the planner thinks of the table, it can only look the markers up. In
    // `dirty_calls` are those of a version before, one for each call.
    let rows = sqlx::query(
        "WITH oldest AS (
             SELECT marked, cardinality(call_ids) AS calls FROM marked_calls
             ORDER BY marked LIMIT $1 FOR UPDATE SKIP LOCKED
         ), counted AS (
             SELECT marked, sum(calls) OVER (ORDER BY marked) - calls AS before FROM oldest
         ), batches AS (
             DELETE FROM marked_calls
             WHERE marked = ANY (ARRAY (SELECT marked FROM counted WHERE before < $2))
             RETURNING tenant_id, call_ids
         ), singles AS (
             DELETE FROM dirty_calls WHERE marked = ANY (ARRAY
                 (SELECT marked FROM dirty_calls ORDER BY marked LIMIT $1 FOR UPDATE SKIP LOCKED))
             RETURNING tenant_id, ARRAY[call_id] AS call_ids
         )
         SELECT tenant_id, call_ids, (SELECT count(*) FROM oldest) FROM batches
         UNION ALL SELECT tenant_id, call_ids, 0 FROM singles",
    )
    .bind(markers_max)
    .bind(MARKED_CALLS_MAX)
    .fetch_all(connection)
    .await?;
    let of_marker = |row: &PgRow| {
        let (tenant, calls): (Uuid, Vec<i64>) = (row.get(0), row.get(1));
        calls.into_iter().map(move |call| (tenant, call))
    };
    let found = rows.iter().map(|row| row.get(2)).max().unwrap_or(0_i64);
    let taken = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(Taken {
        keys: rows.iter().flat_map(of_marker).collect(),
        markers: rows.len() as u64,
        is_more: taken >= markers_max || taken < found,
    })
}
