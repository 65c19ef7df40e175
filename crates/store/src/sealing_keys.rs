//! Replacing the keys that rows are sealed with, while everything runs.
//!
//! A new key seals only some time after it was stored, when every process has learnt to open what it seals. Then what is
//! there is sealed again, some rows at a time, each only if nobody changed it meanwhile. A key that seals nothing any more
//! can be forgotten. What was refused is not sealed again: nobody may change it, and it goes by itself after some days.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::{EndpointId, TenantId, UserId};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection as _, Row as _};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::endpoints::secret_place;
use crate::error::StoreError;
use crate::keys::{Keys, StoredKey};
use crate::migrate::{DbRole, Logins};
use crate::payload::SEALED;
use crate::{mails, pool, second_factors, single_sign_on};

/// How often a process asks for the keys of rows.
const LEARN_EVERY: Duration = Duration::from_secs(2);
/// How long after it was stored a new key begins to seal: every process has asked several times by then.
const SEALS_AFTER: Duration = Duration::from_secs(10);
/// Rows that are sealed again at a time.
const SEALED_AT_ONCE: i64 = 100;
/// Connections of each role for sealing again: one thing is done after the other.
const CONNECTIONS_MAX: u32 = 1;

/// What became of what is sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealedAgain {
    /// Values that are sealed with the newest key now, and were not before.
    pub values: u64,
    /// Values that no key opens. They stay as they are.
    pub unopened: u64,
}

/// What became of the keys of before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Keys that are gone.
    pub keys: u64,
    /// Keys that stay, because what was refused is sealed with them.
    pub kept: u64,
}

/// The door to the keys that rows are sealed with.
pub struct SealingKeys {
    keys: Arc<Keys>,
    accounts: PgPool,
    api: PgPool,
    ingest: PgPool,
}

/// A value that is sealed, with the place it belongs to and the key of its row.
struct Value<K> {
    row: K,
    place: String,
    sealed: Vec<u8>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is sealed is sealed again as it is, and shown to nobody; secrets of a company only in its context"
)]
impl SealingKeys {
    /// Opens connections only when they are needed.
    pub fn new(logins: &Logins) -> Self {
        let pool = |role| pool::lazy(logins.options(role), CONNECTIONS_MAX);
        Self {
            keys: Arc::clone(logins.keys()),
            accounts: pool(DbRole::Accounts),
            api: pool(DbRole::Api),
            ingest: pool(DbRole::Ingest),
        }
    }

    /// Stores a key that follows from `secret`. It seals when the returned time has passed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn add(&self, secret: &[u8; 32]) -> Result<Duration, StoreError> {
        let (id, sealed) = self.keys.new_row_key(secret);
        let sql = "INSERT INTO sealing_keys (key_id, sealed, seals_from)
                   VALUES ($1, $2, now() + make_interval(secs => $3))";
        let added = sqlx::query(sql).bind(id.as_slice()).bind(sealed).bind(SEALS_AFTER.as_secs_f64());
        added.execute(&self.accounts).await?;
        Ok(SEALS_AFTER + LEARN_EVERY * 2)
    }

    /// Learns the keys that are stored.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn learn(&self) -> Result<(), StoreError> {
        let mut connection = self.accounts.acquire().await?;
        learn(&mut connection, &self.keys).await
    }

    /// Seals everything again that is not sealed with the newest key.
    ///
    /// # Errors
    /// [`StoreError`]; calling it again goes on.
    pub async fn seal_again(&self) -> Result<SealedAgain, StoreError> {
        let mut done = SealedAgain::default();
        self.seal_mails(&mut done).await?;
        self.seal_second_factors(&mut done).await?;
        self.seal_companies(&mut done).await?;
        Ok(done)
    }

    /// Forgets the keys that are older than the one that seals, but for those with which something is sealed that was
    /// refused. Only for when nothing else is sealed with them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn forget_old(&self) -> Result<Forgotten, StoreError> {
        // A process that learnt late may seal with the key of before for as long as it takes to learn.
        let sql = "SELECT key_id FROM sealing_keys WHERE seals_from <
                       (SELECT max(seals_from) FROM sealing_keys WHERE seals_from <= now() - make_interval(secs => $1))";
        let old = sqlx::query_scalar(sql).bind((LEARN_EVERY * 2).as_secs_f64());
        let old: Vec<Vec<u8>> = old.fetch_all(&self.accounts).await?;
        let mut forgotten = Forgotten::default();
        for id in old {
            let sql =
                "SELECT EXISTS (SELECT FROM deliveries WHERE encoding = $1 AND substr(body, 2, 4) = $2)";
            let needed = sqlx::query_scalar(sql).bind(SEALED).bind(&id);
            if needed.fetch_one(&self.ingest).await? {
                forgotten.kept += 1;
                continue;
            }
            let gone = sqlx::query("DELETE FROM sealing_keys WHERE key_id = $1").bind(id);
            forgotten.keys += gone.execute(&self.accounts).await?.rows_affected();
        }
        Ok(forgotten)
    }

    async fn seal_mails(&self, done: &mut SealedAgain) -> Result<(), StoreError> {
        let mut after = Uuid::nil();
        loop {
            let rows = sqlx::query(
                "SELECT mail_id, sealed FROM mails
                 WHERE mail_id > $1 AND substr(sealed, 1, 5) <> $2 ORDER BY mail_id LIMIT $3",
            );
            let rows = rows.bind(after).bind(self.keys.row_head()).bind(SEALED_AT_ONCE);
            let rows = rows.fetch_all(&self.accounts).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0);
            for row in &rows {
                let id: Uuid = row.get(0);
                let value = Value { row: id, place: mails::place(id), sealed: row.get(1) };
                let Some(fresh) = self.fresh(&value, done) else { continue };
                let sql = "UPDATE mails SET sealed = $3 WHERE mail_id = $1 AND sealed = $2";
                let update = sqlx::query(sql).bind(value.row).bind(value.sealed).bind(fresh);
                done.values += update.execute(&self.accounts).await?.rows_affected();
            }
        }
    }

    async fn seal_second_factors(&self, done: &mut SealedAgain) -> Result<(), StoreError> {
        let mut after = Uuid::nil();
        loop {
            let rows = sqlx::query(
                "SELECT user_id, secret FROM second_factors
                 WHERE user_id > $1 AND substr(secret, 1, 5) <> $2 ORDER BY user_id LIMIT $3",
            );
            let rows = rows.bind(after).bind(self.keys.row_head()).bind(SEALED_AT_ONCE);
            let rows = rows.fetch_all(&self.accounts).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0);
            for row in &rows {
                let id = UserId(row.get(0));
                let value = Value { row: id.0, place: second_factors::place(id), sealed: row.get(1) };
                let Some(fresh) = self.fresh(&value, done) else { continue };
                let sql = "UPDATE second_factors SET secret = $3 WHERE user_id = $1 AND secret = $2";
                let update = sqlx::query(sql).bind(value.row).bind(value.sealed).bind(fresh);
                done.values += update.execute(&self.accounts).await?.rows_affected();
            }
        }
    }

    /// Company by company: the role that may write secrets sees one only.
    async fn seal_companies(&self, done: &mut SealedAgain) -> Result<(), StoreError> {
        let mut after = Uuid::nil();
        loop {
            let sql = "SELECT tenant_id FROM tenants WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2";
            let tenants = sqlx::query_scalar(sql).bind(after).bind(SEALED_AT_ONCE);
            let tenants: Vec<Uuid> = tenants.fetch_all(&self.accounts).await?;
            let Some(last) = tenants.last() else { return Ok(()) };
            after = *last;
            for tenant in tenants {
                self.seal_endpoints_of(TenantId(tenant), done).await?;
                self.seal_single_sign_on_of(TenantId(tenant), done).await?;
            }
        }
    }

    async fn seal_endpoints_of(&self, tenant: TenantId, done: &mut SealedAgain) -> Result<(), StoreError> {
        let mut tx = self.api.begin().await?;
        let context = sqlx::query("SELECT set_config('app.tenant_id', $1, true)").bind(tenant.to_string());
        context.execute(&mut *tx).await?;
        let sql =
            "SELECT endpoint_id, secret, previous_secret FROM endpoints WHERE tenant_id = $1 FOR UPDATE";
        let rows = sqlx::query(sql).bind(tenant.0).fetch_all(&mut *tx).await?;
        let head = self.keys.row_head();
        for row in rows {
            let endpoint: Uuid = row.get(0);
            for (column, sealed) in
                [("secret", row.get::<Option<Vec<u8>>, _>(1)), ("previous_secret", row.get(2))]
            {
                let Some(sealed) = sealed.filter(|sealed| !sealed.starts_with(&head)) else { continue };
                let place = secret_place(tenant, EndpointId(endpoint));
                let value = Value { row: endpoint, place, sealed };
                let Some(fresh) = self.fresh(&value, done) else { continue };
                let sql = match column {
                    "secret" => "UPDATE endpoints SET secret = $3 WHERE tenant_id = $1 AND endpoint_id = $2",
                    _ => {
                        "UPDATE endpoints SET previous_secret = $3 WHERE tenant_id = $1 AND endpoint_id = $2"
                    }
                };
                let update = sqlx::query(sql).bind(tenant.0).bind(value.row).bind(fresh);
                done.values += update.execute(&mut *tx).await?.rows_affected();
            }
        }
        Ok(tx.commit().await?)
    }

    async fn seal_single_sign_on_of(
        &self,
        tenant: TenantId,
        done: &mut SealedAgain,
    ) -> Result<(), StoreError> {
        let mut tx = self.api.begin().await?;
        let context = sqlx::query("SELECT set_config('app.tenant_id', $1, true)").bind(tenant.to_string());
        context.execute(&mut *tx).await?;
        let sql = "SELECT client_secret FROM single_sign_on
                   WHERE tenant_id = $1 AND substr(client_secret, 1, 5) <> $2 FOR UPDATE";
        let row = sqlx::query(sql).bind(tenant.0).bind(self.keys.row_head()).fetch_optional(&mut *tx).await?;
        let Some(row) = row else { return Ok(()) };
        let value = Value { row: (), place: single_sign_on::place(tenant), sealed: row.get(0) };
        let Some(fresh) = self.fresh(&value, done) else { return Ok(()) };
        let sql = "UPDATE single_sign_on SET client_secret = $2 WHERE tenant_id = $1";
        let update = sqlx::query(sql).bind(tenant.0).bind(fresh);
        done.values += update.execute(&mut *tx).await?.rows_affected();
        Ok(tx.commit().await?)
    }

    /// The value, sealed with the newest key.
    fn fresh<K>(&self, value: &Value<K>, done: &mut SealedAgain) -> Option<Vec<u8>> {
        let Ok(plain) = self.keys.open(&value.place, &value.sealed) else {
            done.unopened += 1;
            return None;
        };
        Some(self.keys.seal_row(&value.place, &plain))
    }
}

/// Learns the keys that are stored.
#[expect(clippy::disallowed_methods, reason = "keys belong to no company")]
async fn learn(connection: &mut PgConnection, keys: &Keys) -> Result<(), StoreError> {
    let sql = "SELECT key_id, sealed, seals_from <= now() FROM sealing_keys ORDER BY seals_from, key_id";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    let key =
        |row: &sqlx::postgres::PgRow| StoredKey { id: row.get(0), sealed: row.get(1), may_seal: row.get(2) };
    let stored: Vec<_> = rows.iter().map(key).collect();
    let inconsistent = |_| StoreError::Inconsistent { table: "sealing_keys", column: "sealed" };
    keys.learn(&stored).map_err(inconsistent)
}

/// Learns the keys of rows before anything is read.
pub(crate) async fn learn_first(logins: &Logins) -> Result<(), StoreError> {
    let mut connection = PgConnection::connect_with(&logins.options(DbRole::Accounts)).await?;
    learn(&mut connection, logins.keys()).await?;
    Ok(connection.close().await?)
}

/// Learns keys of rows as they are stored and forgotten, until `stop`.
pub async fn follow_sealing_keys(logins: Logins, stop: CancellationToken) {
    let keys = SealingKeys::new(&logins);
    let mut is_known = true;
    while stop.run_until_cancelled(tokio::time::sleep(LEARN_EVERY)).await.is_some() {
        let learnt = keys.learn().await;
        if let (Err(error), true) = (&learnt, is_known) {
            tracing::warn!(error = error as &dyn std::error::Error, "the keys of rows cannot be read");
        }
        is_known = learnt.is_ok();
    }
}
