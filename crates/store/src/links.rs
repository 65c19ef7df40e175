//! Links that open something once, and the addresses that they prove.

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use sqlx::Row as _;

use crate::accounts::Accounts;
use crate::error::StoreError;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Shows that an address is read by the person who claims it.
    VerifyEmail,
    /// Lets somebody choose a new password.
    ResetPassword,
    /// Moves an account to the address to which it is mailed.
    ChangeEmail,
}

impl LinkPurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
        }
    }
}

/// A link to be stored; only its hash is.
pub struct NewLink<'a> {
    /// Whom it is for.
    pub user: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The address to which [`LinkPurpose::ChangeEmail`] moves the account; none for other purposes.
    pub email: Option<&'a str>,
    /// Hash of its random part.
    pub hash: [u8; 32],
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Somebody whose address was claimed, with what is needed to write to them.
#[derive(Clone, Debug)]
pub struct Addressee {
    /// Who.
    pub user: UserId,
    /// The address as it was typed.
    pub email: String,
    /// Whether it is proven that it is theirs.
    pub is_verified: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a link is a person's, and is read before a company is known; the role sees no company's data"
)]
impl Accounts {
    /// Stores a link. The one of the same person and purpose before it is good no more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_link(&self, new: &NewLink<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO links (link_hash, user_id, purpose, expires_at, email) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, purpose) DO UPDATE
                 SET link_hash = excluded.link_hash, expires_at = excluded.expires_at, email = excluded.email",
        )
        .bind(new.hash.as_slice())
        .bind(new.user.0)
        .bind(new.purpose.as_str())
        .bind(new.expires_at)
        .bind(new.email)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Whose link this is, if it is good at `now`. It stays good.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn link(
        &self,
        hash: [u8; 32],
        purpose: LinkPurpose,
        now: DateTime<Utc>,
    ) -> Result<Option<Addressee>, StoreError> {
        let row = sqlx::query(
            "SELECT user_id, users.email, verified_at IS NOT NULL FROM links JOIN users USING (user_id)
             WHERE link_hash = $1 AND purpose = $2 AND expires_at > $3",
        )
        .bind(hash.as_slice())
        .bind(purpose.as_str())
        .bind(now)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|row| Addressee { user: UserId(row.get(0)), email: row.get(1), is_verified: row.get(2) }))
    }

    /// The person to whom a folded address belongs; while it is proven of nobody, who claimed it first. Whoever is known
    /// only by what a company's provider said comes last.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn addressee(&self, email_key: &str) -> Result<Option<Addressee>, StoreError> {
        let row = sqlx::query(
            "SELECT user_id, email, verified_at IS NOT NULL FROM users WHERE email_key = $1
             ORDER BY verified_at IS NULL, password_hash = '', created_at, user_id LIMIT 1",
        )
        .bind(email_key)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|row| Addressee { user: UserId(row.get(0)), email: row.get(1), is_verified: row.get(2) }))
    }

    /// Uses a link to prove an address. Says whether it was good; of many who use it at once, one is told so.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address is proven to be another person's: nothing is used up then.
    pub async fn verify_email(&self, hash: [u8; 32], now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.pool().begin().await?;
        let used = sqlx::query(
            "WITH used AS (DELETE FROM links WHERE link_hash = $1 AND purpose = 'verify_email' AND expires_at > $2
                           RETURNING user_id)
             UPDATE users SET verified_at = coalesce(verified_at, $2) FROM used WHERE users.user_id = used.user_id",
        )
        .bind(hash.as_slice())
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(used.rows_affected() > 0)
    }

    /// Uses a link to replace a password, which proves the address as well, and ends all sessions of the person.
    /// Says whether it was good.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address is proven to be another person's: nothing is changed then.
    pub async fn reset_password(
        &self,
        hash: [u8; 32],
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool().begin().await?;
        let reset = sqlx::query(
            "WITH used AS (DELETE FROM links WHERE link_hash = $1 AND purpose = 'reset_password' AND expires_at > $2
                           RETURNING user_id)
             UPDATE users SET password_hash = $3, verified_at = coalesce(verified_at, $2)
             FROM used WHERE users.user_id = used.user_id RETURNING users.user_id",
        )
        .bind(hash.as_slice())
        .bind(now)
        .bind(password_hash)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = reset else { return Ok(false) };
        let user: uuid::Uuid = row.get(0);
        sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM half_sessions WHERE user_id = $1").bind(user).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
