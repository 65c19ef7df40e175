//! Writing parties: each once, with what it can be found by.

use std::collections::{BTreeMap, HashSet};

use domain::parties::DistinctParty;
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::Folded;
use crate::error::StoreError;

/// Parties that are remembered to be in the database, in each of two halves.
const KNOWN_PARTIES_HALF_MAX: usize = 50_000;

/// Tenant and party.
type PartyKey = (Uuid, Uuid);

/// Parties that are in the database for certain: they are never changed or removed, so they need not be inserted
/// again. When one half is full the other is forgotten, so that those that are met often stay.
#[derive(Default)]
pub(super) struct KnownParties {
    newer: HashSet<PartyKey>,
    older: HashSet<PartyKey>,
}

impl KnownParties {
    /// The parties of these calls that may not be in the database yet.
    pub(super) fn unknown<'a>(&mut self, folded: &'a [Folded]) -> BTreeMap<PartyKey, &'a DistinctParty> {
        let mut unknown = BTreeMap::new();
        for one in folded {
            for (party, _) in &one.parties.links {
                let key = (one.key.0, party.party_id);
                if !self.is_known(key) {
                    unknown.insert(key, party);
                }
            }
        }
        unknown
    }

    fn is_known(&mut self, key: PartyKey) -> bool {
        if self.newer.contains(&key) {
            return true;
        }
        let is_known = self.older.contains(&key);
        if is_known {
            self.remember([key]);
        }
        is_known
    }

    /// These are in the database, committed.
    pub(super) fn remember(&mut self, keys: impl IntoIterator<Item = PartyKey>) {
        for key in keys {
            if self.newer.len() >= KNOWN_PARTIES_HALF_MAX {
                self.older = std::mem::take(&mut self.newer);
            }
            self.newer.insert(key);
        }
    }

    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Inserts the parties that are not there, and what they can be found by.
#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
pub(super) async fn insert(
    connection: &mut PgConnection,
    parties: &BTreeMap<PartyKey, &DistinctParty>,
) -> Result<(), StoreError> {
    if parties.is_empty() {
        return Ok(());
    }
    let (tenants, ids): (Vec<Uuid>, Vec<Uuid>) = parties.keys().copied().unzip();
    let texts = |pick: fn(&DistinctParty) -> Option<&str>| {
        parties.values().map(|party| pick(party)).collect::<Vec<_>>()
    };
    let new = sqlx::query(
        "INSERT INTO parties (tenant_id, party_id, kind, dialpad_id, name, email, phone)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         ON CONFLICT DO NOTHING RETURNING tenant_id, party_id",
    )
    .bind(tenants)
    .bind(ids)
    .bind(texts(|party| Some(&party.kind)))
    .bind(texts(|party| party.dialpad_id.as_deref()))
    .bind(texts(|party| party.name.as_deref()))
    .bind(texts(|party| party.email.as_deref()))
    .bind(texts(|party| party.phone.as_deref()))
    .fetch_all(&mut *connection)
    .await?;
    let new: Vec<PartyKey> = new.iter().map(|row| (row.get(0), row.get(1))).collect();
    insert_terms(connection, parties, &new).await
}

#[expect(clippy::disallowed_methods, reason = "the projector writes the projection of all companies")]
async fn insert_terms(
    connection: &mut PgConnection,
    parties: &BTreeMap<PartyKey, &DistinctParty>,
    new: &[PartyKey],
) -> Result<(), StoreError> {
    let (mut tenants, mut ids, mut terms) = (Vec::new(), Vec::new(), Vec::new());
    for (key, party) in new.iter().filter_map(|key| Some((*key, parties.get(key)?))) {
        for term in party.terms() {
            tenants.push(key.0);
            ids.push(key.1);
            terms.push(term);
        }
    }
    if terms.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO party_terms (tenant_id, party_id, term)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[]) ON CONFLICT DO NOTHING",
    )
    .bind(tenants)
    .bind(ids)
    .bind(terms)
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_bounded_and_what_is_met_often_stays() {
        let key = |n: usize| (Uuid::nil(), Uuid::from_u128(n as u128));
        let mut known = KnownParties::default();
        for n in 0..10 * KNOWN_PARTIES_HALF_MAX {
            known.remember([key(n)]);
            assert!(n == 0 || known.is_known(key(1)) || n == 1 || !known.is_known(key(usize::MAX)));
        }
        assert!(known.newer.len() + known.older.len() <= 2 * KNOWN_PARTIES_HALF_MAX);
        assert!(known.is_known(key(1)), "it was asked for all the time");
        assert!(!known.is_known(key(2)), "nobody asked for it");
        known.forget();
        assert!(!known.is_known(key(1)));
    }
}
