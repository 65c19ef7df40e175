//! Coming into a company by an invitation, before the company is known.

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::audit::AuditAction;
use domain::ids::{TenantId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use crate::accounts::Accounts;
use crate::audit::{Actor, Note, note_in};
use crate::error::StoreError;

/// What somebody sees who opens an invitation.
#[derive(Clone, Debug)]
pub struct OpenInvitation {
    /// The company's name.
    pub company: String,
    /// Its part of the address of every page.
    pub slug: String,
    /// Who was invited, as typed.
    pub email: String,
    /// Who was invited, folded.
    pub email_key: String,
    /// What they would be.
    pub role: Role,
}

/// Who comes in.
pub enum Newcomer<'a> {
    /// Somebody who has an account.
    Known(UserId),
    /// Somebody who gets one.
    New {
        /// The id of the account.
        user: UserId,
        /// The password, hashed.
        password_hash: &'a str,
    },
}

/// An invitation is good while who invited is there and may still invite.
const GOOD: &str = "link_hash = $1 AND expires_at > $2 AND EXISTS (
    SELECT FROM memberships m WHERE m.tenant_id = invitations.tenant_id AND m.user_id = invitations.invited_by
    AND m.role IN ('owner', 'admin'))";

#[expect(
    clippy::disallowed_methods,
    reason = "whoever shows the link of an invitation is told which company it is to, and nothing else of it"
)]
impl Accounts {
    /// The invitation of a link, if it is good at `now`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn open_invitation(
        &self,
        hash: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<OpenInvitation>, StoreError> {
        let sql = format!(
            "SELECT name, slug, email, email_key, role FROM invitations JOIN tenants USING (tenant_id) WHERE {GOOD}"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(hash.as_slice())
            .bind(now)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| {
            Ok(OpenInvitation {
                company: row.get(0),
                slug: row.get(1),
                email: row.get(2),
                email_key: row.get(3),
                role: role(row.get(4))?,
            })
        })
        .transpose()
    }

    /// Uses an invitation: the newcomer is in the company, and the address is proven, because the link was mailed to it.
    /// Says whether it was good; of many who use it at once, one is told so. Who is in the company already stays what
    /// they are.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address is proven to be another person's: nothing is changed then.
    pub async fn accept_invitation(
        &self,
        hash: [u8; 32],
        newcomer: &Newcomer<'_>,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool().begin().await?;
        let sql = format!(
            "DELETE FROM invitations WHERE {GOOD} RETURNING tenant_id, email, email_key, role, group_scope"
        );
        let used = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(hash.as_slice())
            .bind(now)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = used else { return Ok(false) };
        let (tenant, email): (_, String) = (TenantId(row.get(0)), row.get(1));
        let role = role(row.get(3))?;
        let user = enter(&mut tx, newcomer, &email, row.get(2), now).await?;
        sqlx::query(
            "INSERT INTO memberships (tenant_id, user_id, role, created_at, email, group_scope, name)
             SELECT $1, user_id, $3, $4, $5, $6, name FROM users WHERE user_id = $2
             ON CONFLICT (tenant_id, user_id) DO NOTHING",
        )
        .bind(tenant.0)
        .bind(user.0)
        .bind(role.as_str())
        .bind(now)
        .bind(&email)
        .bind(row.get::<Option<Vec<String>>, _>(4))
        .execute(&mut *tx)
        .await?;
        let actor = Actor { id: Some(user.0), name: email.clone(), address: address.to_owned() };
        let action = AuditAction::InvitationAccepted;
        let note = Note { actor: &actor, action, subject: &email, detail: role.as_str(), now };
        note_in(&mut tx, tenant, &note).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The account of who comes in, with its address proven.
#[expect(clippy::disallowed_methods, reason = "a person belongs to no company")]
async fn enter(
    connection: &mut PgConnection,
    newcomer: &Newcomer<'_>,
    email: &str,
    email_key: &str,
    now: DateTime<Utc>,
) -> Result<UserId, StoreError> {
    match newcomer {
        Newcomer::Known(user) => {
            sqlx::query("UPDATE users SET verified_at = coalesce(verified_at, $2) WHERE user_id = $1")
                .bind(user.0)
                .bind(now)
                .execute(connection)
                .await?;
            Ok(*user)
        }
        Newcomer::New { user, password_hash } => {
            sqlx::query(
                "INSERT INTO users (user_id, email, email_key, password_hash, created_at, verified_at)
                 VALUES ($1, $2, $3, $4, $5, $5)",
            )
            .bind(user.0)
            .bind(email)
            .bind(email_key)
            .bind(*password_hash)
            .bind(now)
            .execute(connection)
            .await?;
            Ok(*user)
        }
    }
}

fn role(word: &str) -> Result<Role, StoreError> {
    Role::parse(word).ok_or(StoreError::Inconsistent { table: "invitations", column: "role" })
}
