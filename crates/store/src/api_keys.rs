//! The API keys of a company: recognised with every request, and handled by its admins.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use domain::access::{Role, Scope, ScopeSet};
use domain::ids::{ApiKeyId, TenantId, UserId};
use domain::network::Networks;
use sea_orm::{ConnectionTrait as _, QueryResult};
use sqlx::Row as _;

use crate::accounts::{Accounts, Membership};
use crate::api::{TenantAccess, TenantTx};
use crate::error::StoreError;

/// Keys of a company that are not revoked.
pub const API_KEYS_MAX: i64 = 100;
/// How often it is written down that a key is used.
const USED_EVERY: Duration = Duration::minutes(1);

/// A program with a key.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    /// Its key.
    pub id: ApiKeyId,
    /// What people call the key.
    pub name: String,
    /// The company that it may enter.
    pub membership: Membership,
    /// From where it may be used; none: from everywhere.
    pub networks: Networks,
}

impl KeyHolder {
    /// Whether the key may be used from there.
    pub fn is_good_from(&self, address: IpAddr) -> bool {
        self.networks.is_empty() || self.networks.contain(address)
    }
}

/// A key as admins see it. The key itself is nowhere.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// Of what its role may do, it may do these; `None`: all of it.
    pub scopes: Option<ScopeSet>,
    /// The address of who made it; `None`: the operator.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good; `None`: it does not run out.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// From where it may be used; none: from everywhere.
    pub networks: Networks,
}

/// A key to be stored; the key itself is not.
pub struct NewScopedKey<'a> {
    /// Its id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: &'a str,
    /// Hash of the key.
    pub hash: [u8; 32],
    /// The key's first characters.
    pub hint: &'a str,
    /// What it may do.
    pub scopes: ScopeSet,
    /// Who makes it, and their address.
    pub created_by: (UserId, &'a str),
    /// The time of day.
    pub now: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
    /// From where it may be used; none: from everywhere.
    pub networks: &'a Networks,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a key is recognised before a company is known; the role sees no company's data"
)]
impl Accounts {
    /// The program with a key that is good at `now`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn api_key(&self, hash: [u8; 32], now: DateTime<Utc>) -> Result<Option<KeyHolder>, StoreError> {
        let row = sqlx::query(
            "SELECT tenants.tenant_id, api_keys.role, tenants.slug, tenants.name, api_keys.scopes,
                    api_keys.api_key_id, api_keys.name, used_at, tenants.time_zone, networks
             FROM api_keys JOIN tenants USING (tenant_id)
             WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(hash.as_slice())
        .bind(now)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let used_at: Option<DateTime<Utc>> = row.get(7);
        if used_at.is_none_or(|used_at| now - used_at >= USED_EVERY) {
            // The condition again: of many requests at once, one writes.
            sqlx::query(
                "UPDATE api_keys SET used_at = $2 WHERE key_hash = $1 AND (used_at IS NULL OR used_at <= $3)",
            )
            .bind(hash.as_slice())
            .bind(now)
            .bind(now - USED_EVERY)
            .execute(self.pool())
            .await?;
        }
        let access = access(TenantId(row.get(0)), row.get(1), row.get(4))?;
        let membership = Membership { access, slug: row.get(2), name: row.get(3), time_zone: row.get(8) };
        let networks = networks(row.get(9))?;
        Ok(Some(KeyHolder { id: ApiKeyId(row.get(5)), name: row.get(6), membership, networks }))
    }

    /// What each of these API keys opens at `now`; nothing for those that were revoked or have run out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn api_keys_open(
        &self,
        hashes: &[[u8; 32]],
        now: DateTime<Utc>,
    ) -> Result<Vec<([u8; 32], TenantAccess)>, StoreError> {
        let rows = sqlx::query(
            "SELECT key_hash, tenant_id, role, scopes FROM api_keys
             WHERE key_hash = ANY ($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(hashes.iter().map(|hash| hash.as_slice()).collect::<Vec<_>>())
        .bind(now)
        .fetch_all(self.pool())
        .await?;
        let inconsistent = || StoreError::Inconsistent { table: "api_keys", column: "key_hash" };
        rows.iter()
            .map(|row| {
                let hash = <[u8; 32]>::try_from(row.get::<&[u8], _>(0)).map_err(|_| inconsistent())?;
                Ok((hash, access(TenantId(row.get(1)), row.get(2), row.get(3))?))
            })
            .collect()
    }
}

impl TenantTx {
    /// The company's keys that are not revoked, the newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let sql =
            "SELECT api_key_id, name, hint, scopes, created_by, created_at, expires_at, used_at, networks
                   FROM api_keys
                   WHERE tenant_id = $1 AND revoked_at IS NULL
                   ORDER BY created_at DESC, api_key_id LIMIT $2";
        let rows = self.connection().query_all_raw(self.raw(sql, [API_KEYS_MAX.into()])).await?;
        rows.iter().map(read).collect()
    }

    /// Stores a key.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_api_key(&self, new: &NewScopedKey<'_>) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO api_keys (tenant_id, api_key_id, name, key_hash, hint, role, created_at, scopes,
                       created_by, expires_at, networks, created_by_id)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let role = if new.scopes.has(Scope::Admin) { Role::Admin } else { Role::Member };
        let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let values = [
            new.id.0.into(),
            new.name.into(),
            new.hash.to_vec().into(),
            new.hint.into(),
            role.as_str().into(),
            new.now.into(),
            scopes.into(),
            new.created_by.1.into(),
            new.expires_at.into(),
            new.networks.texts().collect::<Vec<_>>().into(),
            new.created_by.0.0.into(),
        ];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// A key is good no more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke_api_key(&self, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET revoked_at = $3
                   WHERE tenant_id = $1 AND api_key_id = $2 AND revoked_at IS NULL";
        self.connection().execute_raw(self.raw(sql, [id.0.into(), now.into()])).await?;
        Ok(())
    }

    /// The keys that somebody made are good no more. Gives their names and first characters.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke_api_keys_of(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "UPDATE api_keys SET revoked_at = $3
                   WHERE tenant_id = $1 AND created_by_id = $2 AND revoked_at IS NULL RETURNING name, hint";
        let values = [user.0.into(), now.into()];
        let rows = self.connection().query_all_raw(self.raw(sql, values)).await?;
        rows.iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "hint")?))).collect()
    }

    /// The keys that somebody made are another one's from now on.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hand_over_api_keys(&self, from: UserId, to: UserId, email: &str) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET created_by_id = $3, created_by = $4
                   WHERE tenant_id = $1 AND created_by_id = $2 AND revoked_at IS NULL";
        let values = [from.0.into(), to.0.into(), email.into()];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// A key is good until `until`, or until when it runs out anyway.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn limit_api_key(&self, id: ApiKeyId, until: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET expires_at = least(expires_at, $3)
                   WHERE tenant_id = $1 AND api_key_id = $2";
        self.connection().execute_raw(self.raw(sql, [id.0.into(), until.into()])).await?;
        Ok(())
    }
}

fn read(row: &QueryResult) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: ApiKeyId(row.try_get("", "api_key_id")?),
        name: row.try_get("", "name")?,
        hint: row.try_get("", "hint")?,
        scopes: scopes(row.try_get("", "scopes")?)?,
        created_by: row.try_get("", "created_by")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
        used_at: row.try_get("", "used_at")?,
        networks: networks(row.try_get("", "networks")?)?,
    })
}

fn access(tenant: TenantId, role: &str, words: Option<Vec<String>>) -> Result<TenantAccess, StoreError> {
    let role = Role::parse(role).ok_or(StoreError::Inconsistent { table: "api_keys", column: "role" })?;
    Ok(TenantAccess::of_key(tenant, role, scopes(words)?))
}

/// A scope that is not known is an error, not nothing: what it would have narrowed is not known either.
fn scopes(words: Option<Vec<String>>) -> Result<Option<ScopeSet>, StoreError> {
    let inconsistent = || StoreError::Inconsistent { table: "api_keys", column: "scopes" };
    let scope = |word: &String| Scope::parse(word).ok_or_else(inconsistent);
    words.map(|words| words.iter().map(scope).collect()).transpose()
}

/// The same for a network that cannot be read.
fn networks(texts: Vec<String>) -> Result<Networks, StoreError> {
    let inconsistent = |_| StoreError::Inconsistent { table: "api_keys", column: "networks" };
    Networks::parse(texts.iter().map(String::as_str)).map_err(inconsistent)
}
