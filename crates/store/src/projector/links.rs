//! Making `call_parties` say who is on the calls that were written.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::calls::Before;
use super::{Folded, Key};
use crate::error::StoreError;

/// Tenant, call, party.
type LinkKey = (Uuid, i64, Uuid);
/// On which sides the party stands, and when the call started.
type Link = (i16, DateTime<Utc>);

/// Writes the links of new calls; reads those of calls that were there before, and writes what has changed, which is
/// mostly nothing.
pub(super) async fn write(
    connection: &mut PgConnection,
    folded: &[Folded],
    written: &BTreeMap<Key, Before>,
) -> Result<(), StoreError> {
    let present = written.iter().filter(|(_, before)| **before == Before::Present).map(|(key, _)| *key);
    let mut known = read(connection, present.collect()).await?;
    let mut changed = Vec::new();
    for one in folded.iter().filter(|one| written.contains_key(&one.key)) {
        for (party, sides) in &one.parties.links {
            let key = (one.key.0, one.key.1, party.party_id);
            let link = (*sides, one.call.started_at);
            if known.remove(&key) != Some(link) {
                changed.push((key, link));
            }
        }
    }
    delete(connection, known.into_keys().collect()).await?;
    upsert(connection, &changed).await
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn read(connection: &mut PgConnection, calls: Vec<Key>) -> Result<HashMap<LinkKey, Link>, StoreError> {
    if calls.is_empty() {
        return Ok(HashMap::new());
    }
    let (tenants, calls): (Vec<Uuid>, Vec<i64>) = calls.into_iter().unzip();
    let rows = sqlx::query(
        "SELECT link.tenant_id, link.call_id, link.party_id, link.sides, link.started_at
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, call_id)
         JOIN call_parties link ON link.tenant_id = wanted.tenant_id AND link.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(calls)
    .fetch_all(connection)
    .await?;
    let link = |row: &sqlx::postgres::PgRow| ((row.get(0), row.get(1), row.get(2)), (row.get(3), row.get(4)));
    Ok(rows.iter().map(link).collect())
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn delete(connection: &mut PgConnection, stale: Vec<LinkKey>) -> Result<(), StoreError> {
    if stale.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM call_parties link
         USING UNNEST($1::uuid[], $2::bigint[], $3::uuid[]) AS stale (tenant_id, call_id, party_id)
         WHERE link.tenant_id = stale.tenant_id AND link.call_id = stale.call_id AND link.party_id = stale.party_id",
    )
    .bind(stale.iter().map(|(tenant, ..)| *tenant).collect::<Vec<_>>())
    .bind(stale.iter().map(|(_, call, _)| *call).collect::<Vec<_>>())
    .bind(stale.iter().map(|(.., party)| *party).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn upsert(connection: &mut PgConnection, links: &[(LinkKey, Link)]) -> Result<(), StoreError> {
    if links.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO call_parties (tenant_id, call_id, party_id, sides, started_at)
         SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::smallint[], $5::timestamptz[])
         ON CONFLICT (tenant_id, call_id, party_id)
         DO UPDATE SET sides = excluded.sides, started_at = excluded.started_at",
    )
    .bind(links.iter().map(|((tenant, ..), _)| *tenant).collect::<Vec<_>>())
    .bind(links.iter().map(|((_, call, _), _)| *call).collect::<Vec<_>>())
    .bind(links.iter().map(|((.., party), _)| *party).collect::<Vec<_>>())
    .bind(links.iter().map(|(_, (sides, _))| *sides).collect::<Vec<_>>())
    .bind(links.iter().map(|(_, (_, started_at))| *started_at).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
