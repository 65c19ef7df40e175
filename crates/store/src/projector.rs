//! The projector's door: takes calls with new events, reads all their events, writes what they fold to.
//!
//! Everything of one step is one transaction, the removal of the markers included: killed anywhere, the step has not
//! happened and its calls are still marked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::event::decode;
use domain::fold::{Call, fold};
use domain::ids::TenantId;
use domain::json::Digest;
use domain::parties::{CallParties, DistinctParty, whole};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Row as _, types::Json};
use uuid::Uuid;

use crate::error::StoreError;
use crate::migrate::{DbRole, Logins};
use crate::payload::Decoder;
use crate::pool;

/// One connection folds, one stands by for upkeep.
const PROJECTOR_CONNECTIONS_MAX: u32 = 2;
/// Months of event partitions that are kept ready, this month included.
const EVENT_MONTHS_AHEAD: i32 = 3;

/// Tenant and call id.
type Key = (Uuid, i64);

/// What one step did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projected {
    /// The calls that were written.
    pub calls: Vec<(TenantId, i64)>,
    /// Markers that were taken; fewer than asked for means that nothing is left.
    pub markers: u64,
}

/// The projector's door.
#[derive(Clone)]
pub struct Projector {
    pool: PgPool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the projector works for all companies under a role that serves nobody"
)]
impl Projector {
    /// Connections are opened when they are first needed.
    pub fn new(logins: &Logins) -> Self {
        Self { pool: pool::lazy(logins.options(DbRole::Projector), PROJECTOR_CONNECTIONS_MAX) }
    }

    /// Folds the calls of the oldest markers, at most `markers_max` of them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing has happened then.
    pub async fn step(&self, markers_max: i64, now: DateTime<Utc>) -> Result<Projected, StoreError> {
        let mut tx = self.pool.begin().await?;
        let taken = sqlx::query(
            // An array, not a join: whatever the planner thinks of the table, it can only look the markers up.
            "DELETE FROM dirty_calls WHERE marked = ANY (ARRAY
                 (SELECT marked FROM dirty_calls ORDER BY marked LIMIT $1 FOR UPDATE SKIP LOCKED))
             RETURNING tenant_id, call_id",
        )
        .bind(markers_max)
        .fetch_all(&mut *tx)
        .await?;
        // Sorted, so that two projectors lock the same rows in the same order.
        let keys: BTreeSet<Key> = taken.iter().map(|row| (row.get(0), row.get(1))).collect();
        let folded = fold_calls(&mut tx, &keys).await?;
        let parties: BTreeMap<Key, CallParties> =
            folded.iter().map(|(key, call)| (*key, CallParties::of(call))).collect();
        insert_parties(&mut tx, &parties).await?;
        let written = upsert_calls(&mut tx, &folded, &parties, now).await?;
        link_parties(&mut tx, &written, &folded, &parties).await?;
        tx.commit().await?;
        let calls = written.into_iter().map(|(tenant, call)| (TenantId(tenant), call)).collect();
        Ok(Projected { calls, markers: taken.len() as u64 })
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
        let (tenant, call) = after.map_or((Uuid::nil(), 0), |(tenant, call)| (tenant.0, call));
        let mut tx = self.pool.begin().await?;
        let row = sqlx::query(
            "WITH next AS (
                 SELECT DISTINCT tenant_id, call_id FROM events
                 WHERE (tenant_id, call_id) > ($1, $2) AND ($3::uuid IS NULL OR tenant_id = $3)
                 ORDER BY tenant_id, call_id LIMIT $4
             ), marked AS (
                 INSERT INTO dirty_calls (tenant_id, call_id) SELECT tenant_id, call_id FROM next
             )
             SELECT tenant_id, call_id FROM next ORDER BY tenant_id DESC, call_id DESC LIMIT 1",
        )
        .bind(tenant)
        .bind(call)
        .bind(company.map(|company| company.0))
        .bind(calls_max)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.map(|row| (TenantId(row.get(0)), row.get(1))))
    }

    /// Moves the oldest marker behind all others, so that a call that cannot be folded does not hold up the rest.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postpone_oldest(&self) -> Result<Option<(TenantId, i64)>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let row = sqlx::query(
            "WITH oldest AS (
                 DELETE FROM dirty_calls WHERE marked =
                     (SELECT marked FROM dirty_calls ORDER BY marked LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING tenant_id, call_id)
             INSERT INTO dirty_calls (tenant_id, call_id) SELECT tenant_id, call_id FROM oldest
             RETURNING tenant_id, call_id",
        )
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.map(|row| (TenantId(row.get(0)), row.get(1))))
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

#[expect(clippy::disallowed_methods, reason = "the projector reads events of all companies, by key")]
async fn fold_calls(
    connection: &mut PgConnection,
    keys: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, Call>, StoreError> {
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = keys.iter().copied().unzip();
    let rows = sqlx::query(
        "SELECT events.tenant_id, events.call_id, events.digest, events.encoding, events.payload
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, call_id)
         JOIN events ON events.tenant_id = wanted.tenant_id AND events.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(calls)
    .fetch_all(connection)
    .await?;
    let mut decoder = Decoder::new();
    let mut events: HashMap<Key, Vec<_>> = HashMap::new();
    for row in &rows {
        let inconsistent = |column| StoreError::Inconsistent { table: "events", column };
        let digest = <[u8; 16]>::try_from(row.get::<&[u8], _>(2)).map_err(|_| inconsistent("digest"))?;
        let payload = decoder.decode(row.get(3), row.get(4)).map_err(|_| inconsistent("payload"))?;
        let event = decode(&payload).map_err(|_| inconsistent("payload"))?;
        events.entry((row.get(0), row.get(1))).or_default().push((event, Digest::from_bytes(digest)));
    }
    let folded = events.iter().filter_map(|(key, events)| {
        let call = fold(events.iter().map(|(event, digest)| (event, *digest)))?;
        Some((*key, call))
    });
    Ok(folded.collect())
}

/// Inserts the parties that are not known yet, and what they can be found by.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn insert_parties(
    connection: &mut PgConnection,
    parties: &BTreeMap<Key, CallParties>,
) -> Result<(), StoreError> {
    let mut distinct: BTreeMap<(Uuid, Uuid), &DistinctParty> = BTreeMap::new();
    for ((tenant, _), on_call) in parties {
        distinct.extend(on_call.links.iter().map(|(party, _)| ((*tenant, party.party_id), party)));
    }
    let rows = distinct.iter().map(|((tenant, _), party)| with_tenant(*tenant, json!(party))).collect();
    let new = sqlx::query(
        "INSERT INTO parties SELECT * FROM jsonb_populate_recordset(NULL::parties, $1)
         ON CONFLICT DO NOTHING RETURNING tenant_id, party_id",
    )
    .bind(Json(Value::Array(rows)))
    .fetch_all(&mut *connection)
    .await?;
    let mut terms = Vec::new();
    for row in &new {
        let key: (Uuid, Uuid) = (row.get(0), row.get(1));
        for term in distinct.get(&key).map(|party| party.terms()).unwrap_or_default() {
            terms.push(json!({ "tenant_id": key.0, "party_id": key.1, "term": term }));
        }
    }
    if !terms.is_empty() {
        sqlx::query(
            "INSERT INTO party_terms SELECT * FROM jsonb_populate_recordset(NULL::party_terms, $1)
             ON CONFLICT DO NOTHING",
        )
        .bind(Json(Value::Array(terms)))
        .execute(connection)
        .await?;
    }
    Ok(())
}

fn with_tenant(tenant: Uuid, mut row: Value) -> Value {
    row["tenant_id"] = json!(tenant);
    row
}

/// Writes the calls; answers which of them were written. A call that another projector has folded from more events
/// is left alone: events are only ever added, so more is newer.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn upsert_calls(
    connection: &mut PgConnection,
    folded: &BTreeMap<Key, Call>,
    parties: &BTreeMap<Key, CallParties>,
    now: DateTime<Utc>,
) -> Result<Vec<Key>, StoreError> {
    let rows =
        folded.iter().filter_map(|(key, call)| Some(call_row(key.0, call, parties.get(key)?, now))).collect();
    let rows = sqlx::query(UPSERT_CALLS).bind(Json(Value::Array(rows))).fetch_all(connection).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

const UPSERT_CALLS: &str = "
    INSERT INTO calls AS known SELECT * FROM jsonb_populate_recordset(NULL::calls, $1)
    ON CONFLICT (tenant_id, call_id) DO UPDATE SET
        started_at = excluded.started_at, direction = excluded.direction, state = excluded.state,
        state_raw = excluded.state_raw, outcome = excluded.outcome,
        internal_number = excluded.internal_number, external_number = excluded.external_number,
        target_party = excluded.target_party, proxy_target_party = excluded.proxy_target_party,
        entry_point_party = excluded.entry_point_party, contact_party = excluded.contact_party,
        group_id = excluded.group_id, entry_point_call_id = excluded.entry_point_call_id,
        master_call_id = excluded.master_call_id, operator_call_id = excluded.operator_call_id,
        date_started = excluded.date_started, date_queued = excluded.date_queued,
        date_first_rang = excluded.date_first_rang, date_rang = excluded.date_rang,
        date_connected = excluded.date_connected, date_ended = excluded.date_ended,
        duration_ms = excluded.duration_ms, total_duration_ms = excluded.total_duration_ms,
        talk_time_ms = excluded.talk_time_ms, hold_time_ms = excluded.hold_time_ms,
        was_recorded = excluded.was_recorded, voicemail_link = excluded.voicemail_link,
        is_transferred = excluded.is_transferred, labels = excluded.labels, label_terms = excluded.label_terms,
        event_count = excluded.event_count, updated_at = excluded.updated_at
    WHERE known.event_count <= excluded.event_count
    RETURNING tenant_id, call_id";

fn call_row(tenant: Uuid, call: &Call, parties: &CallParties, now: DateTime<Utc>) -> Value {
    let facts = &call.facts;
    json!({
        "tenant_id": tenant,
        "call_id": call.call_id,
        "started_at": call.started_at,
        "direction": facts.direction.as_str(),
        "state": call.state.as_str(),
        "state_raw": call.state_raw,
        "outcome": call.outcome.as_str(),
        "internal_number": facts.internal_number.as_ref().map(domain::phone::PhoneNumber::raw),
        "external_number": facts.external_number.as_ref().map(domain::phone::PhoneNumber::raw),
        "target_party": parties.target,
        "proxy_target_party": parties.proxy_target,
        "entry_point_party": parties.entry_point_target,
        "contact_party": parties.contact,
        "group_id": facts.group_id,
        "entry_point_call_id": facts.entry_point_call_id,
        "master_call_id": facts.master_call_id,
        "operator_call_id": facts.operator_call_id,
        "date_started": facts.date_started,
        "date_queued": facts.date_queued,
        "date_first_rang": facts.date_first_rang,
        "date_rang": facts.date_rang,
        "date_connected": facts.date_connected,
        "date_ended": facts.date_ended,
        "duration_ms": facts.duration_ms,
        "total_duration_ms": facts.total_duration_ms,
        "talk_time_ms": facts.talk_time_ms,
        "hold_time_ms": facts.hold_time_ms,
        "was_recorded": facts.was_recorded,
        "voicemail_link": facts.voicemail_link,
        "is_transferred": facts.is_transferred,
        "labels": facts.labels,
        "label_terms": facts.labels.iter().map(|label| whole(label)).collect::<Vec<_>>(),
        "event_count": call.event_count,
        "updated_at": now,
    })
}

/// Makes `call_parties` say who is on the calls that were written. Mostly nothing has changed, so it reads first.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn link_parties(
    connection: &mut PgConnection,
    written: &[Key],
    folded: &BTreeMap<Key, Call>,
    parties: &BTreeMap<Key, CallParties>,
) -> Result<(), StoreError> {
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = written.iter().copied().unzip();
    let known = sqlx::query(
        "SELECT link.tenant_id, link.call_id, link.party_id, link.sides, link.started_at
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, call_id)
         JOIN call_parties link ON link.tenant_id = wanted.tenant_id AND link.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(calls)
    .fetch_all(&mut *connection)
    .await?;
    let mut known: HashMap<(Uuid, i64, Uuid), (i16, DateTime<Utc>)> =
        known.iter().map(|row| ((row.get(0), row.get(1), row.get(2)), (row.get(3), row.get(4)))).collect();
    let mut changed = Vec::new();
    for key in written {
        let (Some(call), Some(on_call)) = (folded.get(key), parties.get(key)) else { continue };
        for (party, sides) in &on_call.links {
            let link = (key.0, key.1, party.party_id);
            if known.remove(&link) != Some((*sides, call.started_at)) {
                changed.push(json!({
                    "tenant_id": link.0, "call_id": link.1, "party_id": link.2,
                    "sides": sides, "started_at": call.started_at,
                }));
            }
        }
    }
    if !known.is_empty() {
        let stale = known
            .keys()
            .map(|(tenant, call, party)| json!({ "tenant_id": tenant, "call_id": call, "party_id": party }));
        sqlx::query(
            "DELETE FROM call_parties link USING jsonb_populate_recordset(NULL::call_parties, $1) stale
             WHERE link.tenant_id = stale.tenant_id AND link.call_id = stale.call_id AND link.party_id = stale.party_id",
        )
        .bind(Json(stale.collect::<Value>()))
        .execute(&mut *connection)
        .await?;
    }
    if !changed.is_empty() {
        sqlx::query(
            "INSERT INTO call_parties SELECT * FROM jsonb_populate_recordset(NULL::call_parties, $1)
             ON CONFLICT (tenant_id, call_id, party_id)
             DO UPDATE SET sides = excluded.sides, started_at = excluded.started_at",
        )
        .bind(Json(Value::Array(changed)))
        .execute(connection)
        .await?;
    }
    Ok(())
}
