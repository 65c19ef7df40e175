//! Moving an account to another e-mail address, and back.

use chrono::{DateTime, Utc};
use domain::account::Email;
use domain::audit::AuditAction;
use domain::ids::{SessionId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use crate::accounts::Accounts;
use crate::audit::{Actor, Note};
use crate::error::StoreError;
use crate::profiles::note_in_companies_of;

/// A link that moves an account to the address to which it was mailed, being used.
pub struct EmailChange<'a> {
    /// Hash of the link.
    pub link: [u8; 32],
    /// Hash of what leads back, for the address that is left.
    pub way_back: [u8; 32],
    /// Until when that is good.
    pub way_back_until: DateTime<Utc>,
    /// The session that stays; all others end.
    pub keep: Option<SessionId>,
    /// From where it is used.
    pub address: &'a str,
    /// The time of day.
    pub now: DateTime<Utc>,
}

/// An account that moved.
#[derive(Clone, Debug)]
pub struct MovedAccount {
    /// Whose.
    pub user: UserId,
    /// The address that it left.
    pub from: String,
    /// Whether that was proven to be theirs, so that there is a way back.
    pub has_way_back: bool,
    /// The address that it has.
    pub to: String,
}

/// A way back to an address that was left, being used.
pub struct EmailReturn<'a> {
    /// Hash of what was mailed to that address.
    pub way_back: [u8; 32],
    /// In place of the password, which somebody else may know. Nobody knows this one.
    pub password_hash: &'a str,
    /// From where it is used.
    pub address: &'a str,
    /// The time of day.
    pub now: DateTime<Utc>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "an address is a person's, and links are opened before a company is known; the role sees no company's data"
)]
impl Accounts {
    /// How many addresses that somebody left can still be returned to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn former_emails(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM former_emails WHERE user_id = $1 AND expires_at > $2";
        let count: i64 = sqlx::query_scalar(sql).bind(user.0).bind(now).fetch_one(self.pool()).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Moves an account to the address to which a link was mailed. All other sessions and links of the person end.
    /// Nothing happens when the link is not good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address is proven to be another person's: nothing is changed then.
    pub async fn change_email(&self, change: &EmailChange<'_>) -> Result<Option<MovedAccount>, StoreError> {
        let mut tx = self.pool().begin().await?;
        let used = sqlx::query(
            "DELETE FROM links WHERE link_hash = $1 AND purpose = 'change_email' AND expires_at > $2
             RETURNING user_id, email",
        )
        .bind(change.link.as_slice())
        .bind(change.now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(used) = used else { return Ok(None) };
        let (user, to): (_, String) = (UserId(used.get(0)), used.get(1));
        let (from, has_way_back) = move_to(&mut tx, user, &to, change.address, change.now).await?;
        sqlx::query("DELETE FROM former_emails WHERE expires_at <= $1")
            .bind(change.now)
            .execute(&mut *tx)
            .await?;
        if has_way_back {
            sqlx::query(
                "INSERT INTO former_emails (link_hash, user_id, email, changed_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(change.way_back.as_slice())
            .bind(user.0)
            .bind(&from)
            .bind(change.now)
            .bind(change.way_back_until)
            .execute(&mut *tx)
            .await?;
        }
        end_all(&mut tx, user, change.keep).await?;
        tx.commit().await?;
        Ok(Some(MovedAccount { user, from, has_way_back, to }))
    }

    /// Moves an account back to an address that it left, and undoes with it what came after: later addresses, sessions,
    /// links, a second factor that was set up since, and the password. Gives the address; nothing when it is too late.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address is proven to be another person's by now: nothing is changed then.
    pub async fn return_email(&self, back: &EmailReturn<'_>) -> Result<Option<String>, StoreError> {
        let mut tx = self.pool().begin().await?;
        let used = sqlx::query(
            "DELETE FROM former_emails WHERE link_hash = $1 AND expires_at > $2 RETURNING user_id, email, changed_at",
        )
        .bind(back.way_back.as_slice())
        .bind(back.now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(used) = used else { return Ok(None) };
        let (user, email, changed_at): (_, String, DateTime<Utc>) =
            (UserId(used.get(0)), used.get(1), used.get(2));
        move_to(&mut tx, user, &email, back.address, back.now).await?;
        for sql in [
            "DELETE FROM former_emails WHERE user_id = $1 AND changed_at >= $2",
            "DELETE FROM second_factors WHERE user_id = $1 AND confirmed_at >= $2",
        ] {
            sqlx::query(sql).bind(user.0).bind(changed_at).execute(&mut *tx).await?;
        }
        sqlx::query("UPDATE users SET password_hash = $2 WHERE user_id = $1")
            .bind(user.0)
            .bind(back.password_hash)
            .execute(&mut *tx)
            .await?;
        end_all(&mut tx, user, None).await?;
        tx.commit().await?;
        Ok(Some(email))
    }
}

/// Gives an account another address, which is proven to be its person's, in every company too. Says which it left, and
/// whether that was proven.
#[expect(
    clippy::disallowed_methods,
    reason = "a person is in several companies, each of which writes it down"
)]
async fn move_to(
    connection: &mut PgConnection,
    user: UserId,
    to: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(String, bool), StoreError> {
    let email_key =
        Email::parse(to).map_err(|_| StoreError::Inconsistent { table: "links", column: "email" })?.key();
    let known = sqlx::query("SELECT email, verified_at IS NOT NULL FROM users WHERE user_id = $1 FOR UPDATE")
        .bind(user.0)
        .fetch_one(&mut *connection)
        .await?;
    let (from, was_verified): (String, bool) = (known.get(0), known.get(1));
    sqlx::query("UPDATE users SET email = $2, email_key = $3, verified_at = $4 WHERE user_id = $1")
        .bind(user.0)
        .bind(to)
        .bind(email_key)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let actor = Actor { id: Some(user.0), name: from.clone(), address: address.to_owned() };
    let action = AuditAction::MemberEmailChanged;
    let note = Note { actor: &actor, action, subject: &from, detail: to, now };
    note_in_companies_of(connection, user, &note).await?;
    sqlx::query("UPDATE memberships SET email = $2 WHERE user_id = $1")
        .bind(user.0)
        .bind(to)
        .execute(connection)
        .await?;
    Ok((from, was_verified))
}

/// Ends whatever lets somebody in or changes their account, but for one session.
#[expect(clippy::disallowed_methods, reason = "sessions and links are a person's")]
async fn end_all(
    connection: &mut PgConnection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND session_id IS DISTINCT FROM $2")
        .bind(user.0)
        .bind(keep.map(|session| session.0))
        .execute(&mut *connection)
        .await?;
    for table in ["half_sessions", "links"] {
        let sql = format!("DELETE FROM {table} WHERE user_id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(user.0).execute(&mut *connection).await?;
    }
    Ok(())
}
