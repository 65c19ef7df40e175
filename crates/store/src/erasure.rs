//! The end of companies and accounts.
//!
//! A company that is to end stays whole for some days, in which its owners can think again. Then the [`Eraser`] deletes
//! everything it has, in small steps. Its role sees no other company, so no mistake here reaches one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::audit::AuditAction;
use domain::ids::{TenantId, UserId};
use sea_orm::ConnectionTrait as _;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Row as _};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::api::TenantTx;
use crate::audit::{Actor, Note, lock_in, note_in};
use crate::error::StoreError;
use crate::migrate::{DbRole, Logins};
use crate::pool;

/// How often companies are looked for whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// So long after that time they are erased: nobody can keep them any more then, and whoever did a moment before is done.
const PATIENCE_SECONDS: f64 = 60.0;
/// For so long after the end a company is erased again: what was received just before may be written late.
const LATE_HOURS: i32 = 24;
/// Companies that are erased in one round.
const COMPANIES_AT_ONCE: i64 = 100;
/// Rows that are deleted in one transaction.
const ROWS_AT_ONCE: i64 = 2_000;
/// Everything that belongs to companies but their own row, in the order in which it goes: first what lets somebody in,
/// then what waits to be folded, then what it is folded from, and what refers to something before that.
const TABLES: [&str; 24] = [
    // With the sessions that it opened.
    "single_sign_on_tries",
    "single_sign_on",
    "single_sign_on_people",
    "endpoint_activity",
    "endpoints",
    "api_keys",
    "invitations",
    "memberships",
    "saved_views",
    "marked_calls",
    "dirty_calls",
    EVENTS,
    "event_duplicates",
    "deliveries",
    "delivery_hours",
    "call_parties",
    "party_terms",
    "parties",
    "conversation_legs",
    "call_changes",
    "call_clocks",
    "calls",
    "call_tallies",
    "audit_entries",
];
/// The one that lies in many partitions: where a row is says nothing there, so its rows are told apart by their key.
const EVENTS: &str = "events";
const EVENTS_KEY: &str = "call_id, occurred_at, digest";

/// How an account ended, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountEnd {
    /// It is gone.
    Gone,
    /// These companies would have no owner.
    LastOwnerOf(Vec<String>),
}

impl TenantTx {
    /// Everything of the company is erased from `at` on; `None`: it stays.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn erase_at(&self, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        let sql = "UPDATE tenants SET erase_at = $2 WHERE tenant_id = $1";
        self.connection().execute_raw(self.raw(sql, [at.into()])).await?;
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an account is a person's, in all of their companies at once; each of them writes it down"
)]
impl Accounts {
    /// Deletes somebody's account with everything that is only theirs, and takes them out of their companies, unless one
    /// of these would have no owner. A company that is to be erased needs none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_account(
        &self,
        user: UserId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<AccountEnd, StoreError> {
        let mut tx = self.pool().begin().await?;
        // Whoever takes them into a company has to wait, and finds nobody then.
        let known = sqlx::query("SELECT email FROM users WHERE user_id = $1 FOR UPDATE")
            .bind(user.0)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(known) = known else { return Ok(AccountEnd::Gone) };
        let email: String = known.get(0);
        let companies: Vec<Uuid> =
            sqlx::query_scalar("SELECT tenant_id FROM memberships WHERE user_id = $1 ORDER BY tenant_id")
                .bind(user.0)
                .fetch_all(&mut *tx)
                .await?;
        for tenant in &companies {
            lock_in(&mut tx, TenantId(*tenant)).await?;
        }
        let ownerless = ownerless_without(&mut tx, user).await?;
        if !ownerless.is_empty() {
            return Ok(AccountEnd::LastOwnerOf(ownerless));
        }
        let actor = Actor { id: Some(user.0), name: email.clone(), address: address.to_owned() };
        let action = AuditAction::AccountDeleted;
        for tenant in companies {
            let revoked = revoke_keys(&mut tx, user, tenant, now).await?;
            let note = Note { actor: &actor, action, subject: &email, detail: &revoked, now };
            note_in(&mut tx, TenantId(tenant), &note).await?;
        }
        for sql in [
            "DELETE FROM saved_views WHERE owner_id = $1 AND NOT is_shared",
            "UPDATE saved_views SET owner_id = NULL WHERE owner_id = $1",
            "DELETE FROM invitations WHERE invited_by = $1",
            "DELETE FROM memberships WHERE user_id = $1",
            "DELETE FROM sessions WHERE user_id = $1",
            "DELETE FROM half_sessions WHERE user_id = $1",
            "DELETE FROM links WHERE user_id = $1",
            "DELETE FROM former_emails WHERE user_id = $1",
            "DELETE FROM second_factors WHERE user_id = $1",
            "DELETE FROM users WHERE user_id = $1",
        ] {
            sqlx::query(sql).bind(user.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(AccountEnd::Gone)
    }
}

/// The keys that somebody made in a company are good no more. Gives their names.
#[expect(clippy::disallowed_methods, reason = "a person's own keys, in one of their companies")]
async fn revoke_keys(
    connection: &mut PgConnection,
    user: UserId,
    tenant: Uuid,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let sql = "UPDATE api_keys SET revoked_at = $3
               WHERE tenant_id = $1 AND created_by_id = $2 AND revoked_at IS NULL RETURNING name";
    let names: Vec<String> =
        sqlx::query_scalar(sql).bind(tenant).bind(user.0).bind(now).fetch_all(connection).await?;
    Ok(names.join(", "))
}

/// The names of the companies that stay and of which nobody else is an owner.
#[expect(clippy::disallowed_methods, reason = "a person's own companies")]
async fn ownerless_without(connection: &mut PgConnection, user: UserId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT tenants.name FROM memberships m JOIN tenants USING (tenant_id)
               WHERE user_id = $1 AND role = $2 AND erase_at IS NULL AND NOT EXISTS (
                   SELECT FROM memberships o WHERE o.tenant_id = m.tenant_id AND o.user_id <> $1 AND o.role = $2)
               ORDER BY m.created_at";
    let names = sqlx::query_scalar(sql).bind(user.0).bind(Role::Owner.as_str()).fetch_all(connection);
    Ok(names.await?)
}

/// Erases companies whose time has come.
pub struct Eraser {
    pool: PgPool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the role sees only what is to be erased, and each statement names the company"
)]
impl Eraser {
    /// Connections are opened when they are first needed.
    pub fn new(logins: &Logins) -> Self {
        Self { pool: pool::lazy(logins.options(DbRole::Eraser), 1) }
    }

    /// Erases every company whose time has come. Says how many rows went.
    ///
    /// # Errors
    /// [`StoreError`]; what was erased so far stays so.
    pub async fn erase(&self) -> Result<u64, StoreError> {
        let sql = "SELECT tenant_id FROM tenants WHERE erase_at <= now() - make_interval(secs => $3)
                       AND (erased_at IS NULL OR erased_at > now() - make_interval(hours => $1))
                   ORDER BY erase_at LIMIT $2";
        let companies: Vec<Uuid> = sqlx::query_scalar(sql)
            .bind(LATE_HOURS)
            .bind(COMPANIES_AT_ONCE)
            .bind(PATIENCE_SECONDS)
            .fetch_all(&self.pool)
            .await?;
        let mut erased = 0;
        for tenant in companies {
            for table in TABLES {
                erased += self.empty(table, tenant).await?;
            }
            let ended =
                "UPDATE tenants SET name = '', erased_at = now() WHERE tenant_id = $1 AND erased_at IS NULL";
            if sqlx::query(ended).bind(tenant).execute(&self.pool).await?.rows_affected() > 0 {
                tracing::info!(tenant.id = %tenant, "a company was erased");
            }
        }
        Ok(erased)
    }

    async fn empty(&self, table: &str, tenant: Uuid) -> Result<u64, StoreError> {
        let sql = if table == EVENTS {
            format!(
                "DELETE FROM {table} WHERE tenant_id = $1 AND ({EVENTS_KEY}) IN (
                     SELECT {EVENTS_KEY} FROM {table} WHERE tenant_id = $1 LIMIT $2)"
            )
        } else {
            format!(
                "DELETE FROM {table} WHERE tenant_id = $1 AND ctid = ANY (ARRAY(
                     SELECT ctid FROM {table} WHERE tenant_id = $1 LIMIT $2))"
            )
        };
        let (mut erased, most) = (0, u64::try_from(ROWS_AT_ONCE).unwrap_or(u64::MAX));
        loop {
            let some = sqlx::query(AssertSqlSafe(sql.clone())).bind(tenant).bind(ROWS_AT_ONCE);
            let rows = some.execute(&self.pool).await?.rows_affected();
            erased += rows;
            if rows < most {
                return Ok(erased);
            }
        }
    }
}

/// Erases companies as their time comes, until `stop`.
pub async fn run_eraser(logins: Logins, stop: CancellationToken) {
    let eraser = Eraser::new(&logins);
    while let Some(erased) = stop.run_until_cancelled(eraser.erase()).await {
        if let Err(error) = erased {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what is to be erased could not be; it is tried again"
            );
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
            return;
        }
    }
}
