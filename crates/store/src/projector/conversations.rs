//! Which conversation the calls belong to that are written: what their events link is joined to what is known.
//!
//! Only ids that are linked to others have a row; a call that is alone costs one look into the index. Everything here
//! happens while the clock of the company is held (see `changes`): two projectors never join at the same time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::conversation::{Leg, Standing, join};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use super::{Folded, Key};
use crate::error::StoreError;

type Standings = BTreeMap<Key, Standing>;

/// What is known of the calls of a step after they were joined.
#[derive(Default)]
pub(super) struct Joined {
    known: Standings,
    changed: Standings,
}

impl Joined {
    /// The conversation of a call of the step.
    pub(super) fn conversation_of(&self, key: Key) -> i64 {
        let standing = self.changed.get(&key).or_else(|| self.known.get(&key));
        standing.map_or(key.1, |standing| standing.conversation_of(key.1))
    }
}

/// Joins what the calls' events link, and stores it.
pub(super) async fn write(connection: &mut PgConnection, folded: &[Folded]) -> Result<Joined, StoreError> {
    let ids: BTreeSet<Key> = folded.iter().flat_map(ids_of).collect();
    let mut joined = Joined { known: standings(connection, ids).await?, changed: BTreeMap::new() };
    let news: Vec<&Folded> = folded.iter().filter(|one| is_news(one, &joined.known)).collect();
    if news.is_empty() {
        return Ok(joined);
    }
    // A conversation is joined whole: with the ids that this step says nothing of.
    let of_news: BTreeSet<Key> = news.iter().flat_map(|one| ids_of(one)).collect();
    let standing_of = |key: &Key| Some((*key, *joined.known.get(key)?));
    let grows = |key: &Key| match standing_of(key)? {
        ((tenant, _), Standing::In(conversation)) => Some((tenant, conversation)),
        (_, Standing::Crowd) => None,
    };
    let mut known = members(connection, of_news.iter().filter_map(grows).collect()).await?;
    known.extend(of_news.iter().filter_map(standing_of));
    let mut by_tenant: BTreeMap<Uuid, (BTreeMap<i64, Standing>, Vec<Leg>)> = BTreeMap::new();
    for one in news {
        by_tenant.entry(one.key.0).or_default().1.extend(&one.legs);
    }
    for ((tenant, id), standing) in known {
        by_tenant.entry(tenant).or_default().0.insert(id, standing);
    }
    for (tenant, (known, legs)) in by_tenant {
        joined.changed.extend(join(&known, &legs).into_iter().map(|(id, standing)| ((tenant, id), standing)));
    }
    store(connection, &joined.changed).await?;
    Ok(joined)
}

/// The call, and what its events link it to.
fn ids_of(one: &Folded) -> impl Iterator<Item = Key> {
    let tenant = one.key.0;
    one.legs.iter().flat_map(Leg::links).map(move |id| (tenant, id)).chain([one.key])
}

/// Whether the events of a call link what is not known to be together.
fn is_news(one: &Folded, known: &Standings) -> bool {
    let own = known.get(&one.key);
    let mut linked = one.legs.iter().flat_map(Leg::links);
    linked.any(|id| own.is_none() || known.get(&(one.key.0, id)) != own)
}

/// What is known of these ids.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn standings(connection: &mut PgConnection, ids: BTreeSet<Key>) -> Result<Standings, StoreError> {
    let (tenants, ids): (Vec<Uuid>, Vec<i64>) = ids.into_iter().unzip();
    let rows = sqlx::query(
        "SELECT leg.tenant_id, leg.call_id, leg.conversation_id
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, call_id)
         JOIN conversation_legs leg ON leg.tenant_id = wanted.tenant_id AND leg.call_id = wanted.call_id",
    )
    .bind(tenants)
    .bind(ids)
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(standing).collect())
}

/// All ids of these conversations.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn members(
    connection: &mut PgConnection,
    conversations: BTreeSet<Key>,
) -> Result<Standings, StoreError> {
    if conversations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (tenants, conversations): (Vec<Uuid>, Vec<i64>) = conversations.into_iter().unzip();
    let rows = sqlx::query(
        "SELECT leg.tenant_id, leg.call_id, leg.conversation_id
         FROM UNNEST($1::uuid[], $2::bigint[]) AS wanted (tenant_id, conversation_id)
         JOIN conversation_legs leg
           ON leg.tenant_id = wanted.tenant_id AND leg.conversation_id = wanted.conversation_id",
    )
    .bind(tenants)
    .bind(conversations)
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(standing).collect())
}

fn standing(row: &PgRow) -> (Key, Standing) {
    ((row.get(0), row.get(1)), row.get::<Option<i64>, _>(2).map_or(Standing::Crowd, Standing::In))
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn store(connection: &mut PgConnection, changed: &Standings) -> Result<(), StoreError> {
    let (tenants, ids): (Vec<Uuid>, Vec<i64>) = changed.keys().copied().unzip();
    let conversations = changed.values().map(|standing| match standing {
        Standing::In(conversation) => Some(*conversation),
        Standing::Crowd => None,
    });
    sqlx::query(
        "INSERT INTO conversation_legs (tenant_id, call_id, conversation_id)
         SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[])
         ON CONFLICT (tenant_id, call_id) DO UPDATE SET conversation_id = excluded.conversation_id",
    )
    .bind(tenants)
    .bind(ids)
    .bind(conversations.collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves calls that were written before to the conversations that they belong to now; answers which were moved.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
pub(super) async fn move_calls(
    connection: &mut PgConnection,
    joined: &Joined,
    now: DateTime<Utc>,
) -> Result<Vec<Key>, StoreError> {
    if joined.changed.is_empty() {
        return Ok(Vec::new());
    }
    let (tenants, ids): (Vec<Uuid>, Vec<i64>) = joined.changed.keys().copied().unzip();
    let conversations = joined.changed.iter().map(|(key, standing)| standing.conversation_of(key.1));
    let rows = sqlx::query(
        "UPDATE calls SET conversation_id = moved.conversation_id, updated_at = $4
         FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]) AS moved (tenant_id, call_id, conversation_id)
         WHERE calls.tenant_id = moved.tenant_id AND calls.call_id = moved.call_id
           AND calls.conversation_id IS DISTINCT FROM moved.conversation_id
         RETURNING calls.tenant_id, calls.call_id",
    )
    .bind(tenants)
    .bind(ids)
    .bind(conversations.collect::<Vec<_>>())
    .bind(now)
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
