//! Second factors: the secrets that codes are made from, recovery codes, and half-sessions, which owe a code.

use chrono::{DateTime, Duration, Utc};
use domain::ids::{SessionId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use crate::accounts::Accounts;
use crate::error::StoreError;

/// Wrong codes of a person …
const TRIES_MAX: i32 = 10;
/// … within this time, before no further one is looked at.
const TRIES_WINDOW: Duration = Duration::minutes(15);
/// Half-sessions of one person; the oldest ends when there are more.
const HALF_SESSIONS_MAX: i64 = 10;

/// A second factor as it is stored, its secret in clear.
pub struct SecondFactor {
    /// What codes are made from.
    pub secret: Vec<u8>,
    /// Since when a code is asked for; `None`: it was begun only.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// What becomes of somebody who shows a code.
pub enum FactorTry {
    /// The code may be checked. It counts as wrong until one of the methods that take it says otherwise.
    Check(SecondFactor),
    /// There were too many wrong ones.
    TooMany,
    /// There is no second factor.
    NoFactor,
}

/// What a person sees of their second factor.
#[derive(Clone, Copy, Debug)]
pub struct FactorState {
    /// Since when a code is asked for.
    pub since: DateTime<Utc>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

/// What binds what is sealed to its row.
pub(crate) fn place(user: UserId) -> String {
    format!("second_factors.secret/{}", user.0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a second factor is a person's, and is read before a company is known; the role sees no company's data"
)]
impl Accounts {
    /// Begins a second factor, in place of one that was begun and not confirmed. Says whether it was: one that is
    /// confirmed stays.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn begin_factor(
        &self,
        user: UserId,
        secret: &[u8],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let begun = sqlx::query(
            "INSERT INTO second_factors (user_id, secret, tries_since) VALUES ($1, $2, $3)
             ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0
                 WHERE second_factors.confirmed_at IS NULL",
        )
        .bind(user.0)
        .bind(self.keys().seal_row(&place(user), secret))
        .bind(now)
        .execute(self.pool())
        .await?;
        Ok(begun.rows_affected() > 0)
    }

    /// Counts a try, and gives what its code is checked with. Tries that are made at once are all counted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn try_factor(&self, user: UserId, now: DateTime<Utc>) -> Result<FactorTry, StoreError> {
        let row = sqlx::query(
            "UPDATE second_factors
             SET tries = CASE WHEN tries_since <= $2 THEN 1 ELSE tries + 1 END,
                 tries_since = CASE WHEN tries_since <= $2 THEN $3 ELSE tries_since END
             WHERE user_id = $1 AND (tries < $4 OR tries_since <= $2) RETURNING secret, confirmed_at",
        )
        .bind(user.0)
        .bind(now - TRIES_WINDOW)
        .bind(now)
        .bind(TRIES_MAX)
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else {
            let known = sqlx::query("SELECT FROM second_factors WHERE user_id = $1").bind(user.0);
            let known = known.fetch_optional(self.pool()).await?;
            return Ok(if known.is_some() { FactorTry::TooMany } else { FactorTry::NoFactor });
        };
        let inconsistent = |_| StoreError::Inconsistent { table: "second_factors", column: "secret" };
        let secret = self.keys().open(&place(user), row.get(0)).map_err(inconsistent)?;
        Ok(FactorTry::Check(SecondFactor { secret, confirmed_at: row.get(1) }))
    }

    /// Confirms a second factor that was begun, by a code of `step`; stores its recovery codes and ends all sessions but
    /// one. Says how many; nothing when it is confirmed already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn confirm_factor(
        &self,
        user: UserId,
        step: i64,
        recovery_codes: &[[u8; 32]],
        keep: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.pool().begin().await?;
        let confirmed = sqlx::query(
            "UPDATE second_factors SET confirmed_at = $2, last_step = $3, tries = 0
             WHERE user_id = $1 AND confirmed_at IS NULL",
        )
        .bind(user.0)
        .bind(now)
        .bind(step)
        .execute(&mut *tx)
        .await?;
        if confirmed.rows_affected() == 0 {
            return Ok(None);
        }
        replace_codes(&mut tx, user, recovery_codes).await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND session_id <> $2")
            .bind(user.0)
            .bind(keep.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some(ended.rows_affected()))
    }

    /// Uses the code of a step. Says whether it was good: none is good twice, and none that is older than one that was.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn use_step(&self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let used = sqlx::query(
            "UPDATE second_factors SET last_step = $2, tries = 0
             WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL",
        )
        .bind(user.0)
        .bind(step)
        .execute(self.pool())
        .await?;
        Ok(used.rows_affected() > 0)
    }

    /// Uses a recovery code up. Says whether it was good; of many who use it at once, one is told so.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn use_recovery_code(&self, user: UserId, hash: [u8; 32]) -> Result<bool, StoreError> {
        let used = sqlx::query(
            "WITH used AS (DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2 RETURNING user_id)
             UPDATE second_factors SET tries = 0 FROM used WHERE second_factors.user_id = used.user_id",
        )
        .bind(user.0)
        .bind(hash.as_slice())
        .execute(self.pool())
        .await?;
        Ok(used.rows_affected() > 0)
    }

    /// Replaces the recovery codes of a second factor that is confirmed. Says whether there is one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn replace_recovery_codes(
        &self,
        user: UserId,
        hashes: &[[u8; 32]],
    ) -> Result<bool, StoreError> {
        let mut tx = self.pool().begin().await?;
        // Locked, so that two who replace them at once leave the codes of one of them.
        let known = sqlx::query(
            "SELECT FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL FOR UPDATE",
        );
        if known.bind(user.0).fetch_optional(&mut *tx).await?.is_none() {
            return Ok(false);
        }
        replace_codes(&mut tx, user, hashes).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a second factor, its recovery codes with it. Says whether there was one that was confirmed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_factor(&self, user: UserId) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM second_factors WHERE user_id = $1 RETURNING confirmed_at")
            .bind(user.0)
            .fetch_optional(self.pool())
            .await?;
        Ok(ended.is_some_and(|row| row.get::<Option<DateTime<Utc>>, _>(0).is_some()))
    }

    /// A person's second factor; `None` when no code is asked for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn factor_state(&self, user: UserId) -> Result<Option<FactorState>, StoreError> {
        let row = sqlx::query(
            "SELECT confirmed_at, (SELECT count(*) FROM recovery_codes WHERE user_id = $1)
             FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL",
        )
        .bind(user.0)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|row| FactorState { since: row.get(0), recovery_codes: row.get(1) }))
    }

    /// Which of these people are asked for a code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn with_factor(&self, users: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "SELECT user_id FROM second_factors WHERE user_id = ANY ($1) AND confirmed_at IS NOT NULL",
        )
        .bind(users.iter().map(|user| user.0).collect::<Vec<_>>())
        .fetch_all(self.pool())
        .await?;
        Ok(rows.iter().map(|row| UserId(row.get(0))).collect())
    }

    /// Begins a half-session of somebody who gave the password and owes a code.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_half_session(
        &self,
        user: UserId,
        hash: [u8; 32],
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        sqlx::query(
            "DELETE FROM half_sessions WHERE user_id = $1 AND (expires_at <= $2 OR session_hash IN (
                 SELECT session_hash FROM half_sessions WHERE user_id = $1
                 ORDER BY expires_at DESC, session_hash OFFSET $3))",
        )
        .bind(user.0)
        .bind(now)
        .bind(HALF_SESSIONS_MAX - 1)
        .execute(&mut *tx)
        .await?;
        sqlx::query("INSERT INTO half_sessions (session_hash, user_id, expires_at) VALUES ($1, $2, $3)")
            .bind(hash.as_slice())
            .bind(user.0)
            .bind(expires_at)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Who is behind a half-session that is good at `now`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn half_session(
        &self,
        hash: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>, StoreError> {
        let row =
            sqlx::query("SELECT user_id FROM half_sessions WHERE session_hash = $1 AND expires_at > $2")
                .bind(hash.as_slice())
                .bind(now)
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|row| UserId(row.get(0))))
    }

    /// Ends a half-session. Says whether there was one: of many who end it at once, one is told so.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_half_session(&self, hash: [u8; 32]) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM half_sessions WHERE session_hash = $1").bind(hash.as_slice());
        Ok(ended.execute(self.pool()).await?.rows_affected() > 0)
    }
}

#[expect(clippy::disallowed_methods, reason = "recovery codes are a person's")]
async fn replace_codes(
    connection: &mut PgConnection,
    user: UserId,
    hashes: &[[u8; 32]],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2)")
        .bind(user.0)
        .bind(hashes.iter().map(|hash| hash.as_slice()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
