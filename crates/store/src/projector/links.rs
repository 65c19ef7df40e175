//! Making `call_parties` say who is on the calls that were written.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::calls::Before;
use super::{Folded, Key};
use crate::error::StoreError;

/// Tenant, party, when the call started, call: the key of the table, in its order.
type LinkKey = (Uuid, Uuid, DateTime<Utc>, i64);

/// Writes the links of new calls; reads those of calls that were there before, and writes what has changed, which is
/// mostly nothing.
pub(super) async fn write(
    connection: &mut PgConnection,
    folded: &[Folded],
    written: &BTreeMap<Key, Before>,
) -> Result<(), StoreError> {
    let present = written.iter().filter(|(_, before)| **before == Before::Present).map(|(key, _)| *key);
    let mut known = read(connection, present.collect()).await?;
    // In the order of the key: each party's newest calls are appended behind its older ones.
    let mut changed = BTreeMap::new();
    for one in folded.iter().filter(|one| written.contains_key(&one.key)) {
        for (party, sides) in &one.parties.links {
            let key = (one.key.0, party.party_id, one.call.started_at, one.key.1);
            if known.remove(&key) != Some(*sides) {
                changed.insert(key, *sides);
            }
        }
    }
    delete(connection, known.into_keys().collect()).await?;
    upsert(connection, changed).await
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn read(connection: &mut PgConnection, calls: Vec<Key>) -> Result<HashMap<LinkKey, i16>, StoreError> {
    if calls.is_empty() {
        return Ok(HashMap::new());
    }
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = calls.into_iter().unzip();
    let rows = sqlx::query(
        "SELECT link.tenant_id, link.party_id, link.started_at, link.call_id, link.sides
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, call_id)
         JOIN call_parties link ON link.tenant_id = wanted.tenant_id AND link.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(calls)
    .fetch_all(connection)
    .await?;
    let link = |row: &PgRow| ((row.get(0), row.get(1), row.get(2), row.get(3)), row.get(4));
    Ok(rows.iter().map(link).collect())
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn delete(connection: &mut PgConnection, stale: Vec<LinkKey>) -> Result<(), StoreError> {
    if stale.is_empty() {
        return Ok(());
    }
    let (tenants, parties, starts, calls) = columns(stale.into_iter());
    sqlx::query(
        "DELETE FROM call_parties link
         USING UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[])
             AS stale (tenant_id, party_id, started_at, call_id)
         WHERE link.tenant_id = stale.tenant_id AND link.party_id = stale.party_id
           AND link.started_at = stale.started_at AND link.call_id = stale.call_id",
    )
    .bind(tenants)
    .bind(parties)
    .bind(starts)
    .bind(calls)
    .execute(connection)
    .await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn upsert(connection: &mut PgConnection, links: BTreeMap<LinkKey, i16>) -> Result<(), StoreError> {
    if links.is_empty() {
        return Ok(());
    }
    let sides: Vec<i16> = links.values().copied().collect();
    let (tenants, parties, starts, calls) = columns(links.into_keys());
    sqlx::query(
        "INSERT INTO call_parties (tenant_id, party_id, started_at, call_id, sides)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::smallint[])
         ON CONFLICT (tenant_id, party_id, started_at, call_id) DO UPDATE SET sides = excluded.sides",
    )
    .bind(tenants)
    .bind(parties)
    .bind(starts)
    .bind(calls)
    .bind(sides)
    .execute(connection)
    .await?;
    Ok(())
}

type LinkColumns = (Vec<Uuid>, Vec<Uuid>, Vec<DateTime<Utc>>, Vec<i64>);

fn columns(keys: impl Iterator<Item = LinkKey>) -> LinkColumns {
    let mut columns = LinkColumns::default();
    for (tenant, party, started_at, call) in keys {
        columns.0.push(tenant);
        columns.1.push(party);
        columns.2.push(started_at);
        columns.3.push(call);
    }
    columns
}
