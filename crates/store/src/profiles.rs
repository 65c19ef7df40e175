//! What people say of themselves, shown to everybody in their companies.

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::ids::{TenantId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::audit::{Actor, Note, note_in};
use crate::error::StoreError;

#[expect(
    clippy::disallowed_methods,
    reason = "a name is a person's, in all of their companies at once; it is not told to which of them it belongs"
)]
impl Accounts {
    /// Calls a person something else in all of their companies, and writes it down there; `None` takes the name away.
    /// The name of before changes nothing. `address` is where it is done from.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rename(
        &self,
        user: UserId,
        name: Option<&str>,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        // Whoever comes into a company has changed this row before: the name that is copied there is the last one.
        let known = sqlx::query("SELECT name, email FROM users WHERE user_id = $1 FOR NO KEY UPDATE")
            .bind(user.0)
            .fetch_one(&mut *tx)
            .await?;
        let (before, email): (Option<String>, String) = (known.get(0), known.get(1));
        if before.as_deref() == name {
            return Ok(());
        }
        sqlx::query("UPDATE users SET name = $2 WHERE user_id = $1")
            .bind(user.0)
            .bind(name)
            .execute(&mut *tx)
            .await?;
        let actor = Actor { id: Some(user.0), name: email.clone(), address: address.to_owned() };
        let detail = format!("{} → {}", before.as_deref().unwrap_or("-"), name.unwrap_or("-"));
        let action = AuditAction::MemberRenamed;
        let note = Note { actor: &actor, action, subject: &email, detail: &detail, now };
        note_in_companies_of(&mut tx, user, &note).await?;
        sqlx::query("UPDATE memberships SET name = $2 WHERE user_id = $1")
            .bind(user.0)
            .bind(name)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Writes down in every company of a person what they changed of themselves. The memberships are changed after this: who
/// changes a role locks the company first, too.
#[expect(clippy::disallowed_methods, reason = "a person is in several companies, and changes in all of them")]
pub(crate) async fn note_in_companies_of(
    connection: &mut PgConnection,
    user: UserId,
    note: &Note<'_>,
) -> Result<(), StoreError> {
    // In one order for everybody, because each company is locked until the end.
    let companies: Vec<Uuid> =
        sqlx::query_scalar("SELECT tenant_id FROM memberships WHERE user_id = $1 ORDER BY tenant_id")
            .bind(user.0)
            .fetch_all(&mut *connection)
            .await?;
    for tenant in companies {
        note_in(connection, TenantId(tenant), note).await?;
    }
    Ok(())
}
