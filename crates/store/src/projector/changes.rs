//! In which order calls change.
//!
//! Whoever follows the changes of a company asks for what changed after a time. So the times must follow each other in
//! the order in which changes can be *seen*, or one that is seen late stands before a place that was read already, and
//! is never found. Neither a clock nor a sequence gives that: two transactions that took theirs in one order may commit
//! in the other. Here each transaction takes its time from the row of the company in `call_clocks`, and holds that row
//! until it ends: the next one gets a later time, and gets it when this one can be seen.
//!
//! It is a time, not a number, because a commit of the projector does not wait for the disk: what a power cut takes away
//! was perhaps read by somebody. A number would be given out again then; the clock has gone on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::{Folded, Key};
use crate::error::StoreError;

/// The time at which the calls of each company change in this transaction.
pub(super) type Clocks = BTreeMap<Uuid, DateTime<Utc>>;

/// Takes the clocks of the companies of these calls, and the right to change their calls until the transaction ends.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
pub(super) async fn take_clocks(
    connection: &mut PgConnection,
    folded: &[Folded],
) -> Result<Clocks, StoreError> {
    // In one order, so that two projectors never wait for each other in a circle.
    let tenants: BTreeSet<Uuid> = folded.iter().map(|one| one.key.0).collect();
    if tenants.is_empty() {
        return Ok(Clocks::new());
    }
    let rows = sqlx::query(
        "INSERT INTO call_clocks AS known (tenant_id, last_change)
         SELECT tenant_id, clock_timestamp() FROM UNNEST($1::uuid[]) tenant_id
         ON CONFLICT (tenant_id) DO UPDATE
             SET last_change = greatest(excluded.last_change, known.last_change + interval '1 microsecond')
         RETURNING tenant_id, last_change",
    )
    .bind(tenants.into_iter().collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Notes that these calls have changed.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
pub(super) async fn note(
    connection: &mut PgConnection,
    changed: &BTreeSet<Key>,
    clocks: &Clocks,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = changed.iter().copied().unzip();
    // Without a time nothing is written: a call that changed and is not noted would be missed for ever.
    let times: Vec<Option<DateTime<Utc>>> =
        tenants.iter().map(|tenant| clocks.get(tenant).copied()).collect();
    sqlx::query(
        "INSERT INTO call_changes (tenant_id, call_id, changed_at)
         SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::timestamptz[])
         ON CONFLICT (tenant_id, call_id) DO UPDATE SET changed_at = excluded.changed_at",
    )
    .bind(tenants)
    .bind(calls)
    .bind(times)
    .execute(connection)
    .await?;
    Ok(())
}
