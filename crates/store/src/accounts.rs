//! The door for finding out who someone is, before any company is known.
//!
//! Its role reaches companies, people, memberships, sessions and key hashes, and no call, event or number. What it
//! hands out is a [`TenantAccess`]: the only key to [`crate::Api`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::ids::{ApiKeyId, EndpointId, EndpointToken, TenantId, UserId};
use domain::jws::Secret;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};

use crate::api::TenantAccess;
use crate::endpoints::seal_secret;
use crate::error::StoreError;
use crate::keys::Keys;
use crate::migrate::{DbRole, Logins};
use crate::pool;
use crate::sessions::Reach;

/// Connections for sign-up, sign-in and recognising sessions and keys.
const ACCOUNTS_CONNECTIONS_MAX: u32 = 6;

/// Accounts with the same e-mail that can sign in: one may be proven to own it, others claim it only.
pub const CLAIMANTS_MAX: usize = 2;

/// A company to be made, with its owner and its endpoint. Ids and credentials are made by the caller.
pub struct NewCompany<'a> {
    /// Its id.
    pub tenant: TenantId,
    /// Its name.
    pub name: &'a str,
    /// Its part of the address of every page.
    pub slug: &'a str,
    /// IANA time zone.
    pub time_zone: &'a str,
    /// The owner's id, used when the e-mail is new.
    pub owner: UserId,
    /// The owner's e-mail, as typed.
    pub owner_email: &'a str,
    /// The owner's e-mail, folded.
    pub owner_email_key: &'a str,
    /// The owner's password, hashed.
    pub owner_password_hash: &'a str,
    /// When it was proven that the address is the owner's; `None`: not yet.
    pub owner_verified_at: Option<DateTime<Utc>>,
    /// The endpoint's id.
    pub endpoint: EndpointId,
    /// The endpoint's token.
    pub token: &'a EndpointToken,
    /// The endpoint's secret.
    pub secret: &'a Secret,
    /// The time of day.
    pub now: DateTime<Utc>,
}

/// An API key to be stored; the key itself is not.
pub struct NewApiKey<'a> {
    /// Its id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: &'a str,
    /// Hash of the key.
    pub hash: [u8; 32],
    /// The key's first characters.
    pub hint: &'a str,
    /// What it may do.
    pub role: Role,
    /// The time of day.
    pub now: DateTime<Utc>,
}

/// What is needed to check a password.
#[derive(Clone, Debug)]
pub struct UserCredentials {
    /// Who.
    pub user: UserId,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// Whether a code is asked for beside the password.
    pub has_second_factor: bool,
}

/// A company someone may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The right to enter it.
    pub access: TenantAccess,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// IANA time zone: decides where a day begins.
    pub time_zone: String,
}

/// A company that someone is in and may not enter now. There is no right to it anywhere: it answers as one that is not
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarredCompany {
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Since when it asks for a second factor, which they do not have.
    pub second_factor_from: DateTime<Utc>,
}

/// Where someone belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memberships {
    /// Where they may go, in the order of joining.
    pub open: Vec<Membership>,
    /// Where they may not go now.
    pub barred: Vec<BarredCompany>,
}

/// Whether a person may enter a company at `$2`: it may ask for a second factor.
pub(crate) const ADMITS: &str =
    "(tenants.second_factor_from IS NULL OR tenants.second_factor_from > $2 OR EXISTS (
    SELECT FROM second_factors f WHERE f.user_id = memberships.user_id AND f.confirmed_at IS NOT NULL))";

/// Finds out who someone is.
#[derive(Clone)]
pub struct Accounts {
    pool: PgPool,
    keys: Arc<Keys>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "these tables are read before a company is known; the role sees no others"
)]
impl Accounts {
    /// Connections are opened when they are first needed.
    pub fn new(logins: &Logins) -> Self {
        let pool = pool::lazy(logins.options(DbRole::Accounts), ACCOUNTS_CONNECTIONS_MAX);
        Self { pool, keys: Arc::clone(logins.keys()) }
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Makes a company with its owner and its endpoint, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug (`tenants_slug_key`) is taken, or the e-mail (`users_by_verified_email`) is
    /// proven to be another person's and is said to be the owner's.
    pub async fn create_company(&self, new: &NewCompany<'_>) -> Result<TenantAccess, StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("INSERT INTO users (user_id, email, email_key, password_hash, created_at, verified_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(new.owner.0)
            .bind(new.owner_email)
            .bind(new.owner_email_key)
            .bind(new.owner_password_hash)
            .bind(new.now)
            .bind(new.owner_verified_at)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO tenants (tenant_id, name, slug, time_zone, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.tenant.0)
        .bind(new.name)
        .bind(new.slug)
        .bind(new.time_zone)
        .bind(new.now)
        .execute(&mut *tx)
        .await?;
        sqlx::query("INSERT INTO memberships (tenant_id, user_id, role, created_at, email) VALUES ($1, $2, $3, $4, $5)")
            .bind(new.tenant.0)
            .bind(new.owner.0)
            .bind(Role::Owner.as_str())
            .bind(new.now)
            .bind(new.owner_email)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO endpoints (tenant_id, endpoint_id, token, secret, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(new.tenant.0)
            .bind(new.endpoint.0)
            .bind(new.token.as_str())
            .bind(seal_secret(&self.keys, new.tenant, new.endpoint, new.secret))
            .bind(new.now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(TenantAccess::new(new.tenant, Role::Owner))
    }

    /// Stores an API key of the company of `access`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_api_key(&self, access: &TenantAccess, new: &NewApiKey<'_>) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "INSERT INTO api_keys (tenant_id, api_key_id, name, key_hash, hint, role, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(access.tenant().0)
        .bind(new.id.0)
        .bind(new.name)
        .bind(new.hash.as_slice())
        .bind(new.hint)
        .bind(new.role.as_str())
        .bind(new.now)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The accounts with this folded e-mail: the one that is proven to own it first, then the one that claimed it first.
    /// More than [`CLAIMANTS_MAX`] are not looked at, nor those that have no password.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn credentials(&self, email_key: &str) -> Result<Vec<UserCredentials>, StoreError> {
        let rows = sqlx::query(
            "SELECT users.user_id, password_hash, confirmed_at IS NOT NULL
             FROM users LEFT JOIN second_factors USING (user_id)
             WHERE email_key = $1 AND password_hash <> ''
             ORDER BY verified_at IS NULL, created_at, user_id LIMIT $2",
        )
        .bind(email_key)
        .bind(i64::try_from(CLAIMANTS_MAX).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        let known = |row: &PgRow| UserCredentials {
            user: UserId(row.get(0)),
            password_hash: row.get(1),
            has_second_factor: row.get(2),
        };
        Ok(rows.iter().map(known).collect())
    }

    /// Where someone belongs, and may go at `now`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn memberships(&self, user: UserId, now: DateTime<Utc>) -> Result<Memberships, StoreError> {
        let sql = format!(
            "SELECT tenants.tenant_id, memberships.role, tenants.slug, tenants.name, tenants.time_zone,
                    memberships.group_scope IS NOT NULL, tenants.second_factor_from, {ADMITS}
             FROM memberships JOIN tenants USING (tenant_id)
             WHERE memberships.user_id = $1 ORDER BY memberships.created_at, tenants.tenant_id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(user.0).bind(now).fetch_all(&self.pool).await?;
        let mut memberships = Memberships::default();
        for row in &rows {
            let second_factor_from: Option<DateTime<Utc>> = row.get(6);
            match second_factor_from.filter(|_| !row.get::<bool, _>(7)) {
                None => memberships.open.push(read_membership(row, user, Reach::Account)?),
                Some(second_factor_from) => memberships.barred.push(BarredCompany {
                    slug: row.get(2),
                    name: row.get(3),
                    second_factor_from,
                }),
            }
        }
        Ok(memberships)
    }

    /// The one company that somebody may go to by its provider, if they are in it. It asks for no second factor: that is
    /// the provider's to ask for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub(crate) async fn membership(&self, user: UserId, tenant: TenantId) -> Result<Memberships, StoreError> {
        let row = sqlx::query(
            "SELECT tenants.tenant_id, memberships.role, tenants.slug, tenants.name, tenants.time_zone,
                    memberships.group_scope IS NOT NULL
             FROM memberships JOIN tenants USING (tenant_id)
             WHERE memberships.tenant_id = $1 AND memberships.user_id = $2",
        );
        let row = row.bind(tenant.0).bind(user.0).fetch_optional(&self.pool).await?;
        let read = |row| read_membership(row, user, Reach::Company(tenant));
        let open = row.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Memberships { open, barred: Vec::new() })
    }
}

fn read_membership(row: &PgRow, user: UserId, reach: Reach) -> Result<Membership, StoreError> {
    let role =
        Role::parse(row.get(1)).ok_or(StoreError::Inconsistent { table: "memberships", column: "role" })?;
    Ok(Membership {
        access: TenantAccess::of_member(TenantId(row.get(0)), reach.admits(role), user, row.get(5)),
        slug: row.get(2),
        name: row.get(3),
        time_zone: row.get(4),
    })
}
