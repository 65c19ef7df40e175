//! Sessions: begun by signing in, recognised with every request, listed and ended by their person.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use domain::access::{Role, by_provider};
use domain::ids::{SessionId, TenantId, UserId};
use sqlx::{AssertSqlSafe, Row as _};

use crate::accounts::{Accounts, BarredCompany, Membership};
use crate::error::StoreError;

/// Sessions of one person that reach as far; the one that was begun first ends when there are more.
pub const SESSIONS_MAX: i64 = 100;
/// A session that is not used for so long has ended. What is only open, such as live updates, is no use.
const IDLE_MAX: Duration = Duration::hours(8);
/// The same for whoever runs a company: what a browser that was left behind could do there is worse.
const ADMIN_IDLE_MAX: Duration = Duration::minutes(30);
/// Whether a session is still used; see [`Awake`].
pub(crate) const AWAKE: &str = "coalesce(seen_at, sessions.created_at) > CASE WHEN EXISTS (
        SELECT FROM memberships run WHERE run.user_id = sessions.user_id AND run.role IN ('owner', 'admin')
            AND coalesce(sessions.only_tenant_id, run.tenant_id) = run.tenant_id)
    THEN $4 ELSE $3 END";
/// How often it is written down that a session is used.
const SEEN_EVERY: Duration = Duration::minutes(1);

/// Since when a session must have been used: by whoever runs no company (`$3`), and by whoever does (`$4`).
pub(crate) struct Awake(pub(crate) DateTime<Utc>, pub(crate) DateTime<Utc>);

impl Awake {
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        Self(now - IDLE_MAX, now - ADMIN_IDLE_MAX)
    }
}

/// A session to be stored; what is in the cookie is not.
pub struct NewSession<'a> {
    /// Its name in lists.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// How far it reaches.
    pub reach: Reach,
    /// Hash of the cookie's content.
    pub hash: [u8; 32],
    /// From where it is begun.
    pub address: IpAddr,
    /// The browser, as it says itself.
    pub user_agent: Option<&'a str>,
    /// The time of day.
    pub now: DateTime<Utc>,
    /// When it ends, whatever happens in between.
    pub expires_at: DateTime<Utc>,
}

/// A session as its person sees it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name in lists.
    pub id: SessionId,
    /// From where it was begun, when that is known.
    pub address: Option<String>,
    /// The browser, as it said itself.
    pub user_agent: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// How far a session reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To the person's account and all of their companies: they showed that it is theirs.
    Account,
    /// To one company and nothing of the account: the provider of this company says who they are.
    Company(TenantId),
}

impl Reach {
    fn tenant(self) -> Option<uuid::Uuid> {
        match self {
            Self::Account => None,
            Self::Company(tenant) => Some(tenant.0),
        }
    }

    pub(crate) fn read(tenant: Option<uuid::Uuid>) -> Self {
        tenant.map_or(Self::Account, |tenant| Self::Company(TenantId(tenant)))
    }

    /// What somebody with this role may be by the session.
    pub fn admits(self, role: Role) -> Role {
        match self {
            Self::Account => role,
            Self::Company(_) => by_provider(role),
        }
    }
}

/// A person with a live session.
#[derive(Clone, Debug)]
pub struct SessionUser {
    /// Who.
    pub user: UserId,
    /// By which session.
    pub session: SessionId,
    /// How far it reaches.
    pub reach: Reach,
    /// The person's e-mail. In a session that reaches one company, the one by which this knows them; nothing when it
    /// knows them no more.
    pub email: String,
    /// What they are called; `None`: they did not say. In a session that reaches one company, what they are called there.
    pub name: Option<String>,
    /// Whether it is proven that it is theirs, or a company's provider says so to this company.
    pub is_verified: bool,
    /// Where the person may go.
    pub memberships: Vec<Membership>,
    /// Where the person belongs and may not go now.
    pub barred: Vec<BarredCompany>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a session is a person's, and is read before a company is known; the role sees no company's data"
)]
impl Accounts {
    /// Starts a session, and forgets those of this person that have run out or are too many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_session(&self, new: &NewSession<'_>) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        sqlx::query(
            // Those of a company do not end others: nobody is signed out by somebody else's provider.
            "DELETE FROM sessions WHERE user_id = $1 AND (expires_at <= $2 OR session_id IN (
                 SELECT session_id FROM sessions WHERE user_id = $1 AND only_tenant_id IS NOT DISTINCT FROM $4
                 ORDER BY created_at DESC, session_id OFFSET $3))",
        )
        .bind(new.user.0)
        .bind(new.now)
        .bind(SESSIONS_MAX - 1)
        .bind(new.reach.tenant())
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO sessions (session_hash, user_id, created_at, expires_at, session_id, address, user_agent,
                 only_tenant_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(new.hash.as_slice())
        .bind(new.user.0)
        .bind(new.now)
        .bind(new.expires_at)
        .bind(new.id.0)
        .bind(new.address.to_canonical().to_string())
        .bind(new.user_agent)
        .bind(new.reach.tenant())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The person behind a session that is still live at `now`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session(
        &self,
        hash: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<SessionUser>, StoreError> {
        // What an account says of itself is not told to whoever is there by a company's provider only.
        let sql = format!(
            "SELECT users.user_id,
                    CASE WHEN sessions.only_tenant_id IS NULL THEN users.email ELSE coalesce(memberships.email, '') END,
                    session_id, coalesce(seen_at, sessions.created_at),
                    verified_at IS NOT NULL OR sessions.only_tenant_id IS NOT NULL,
                    CASE WHEN sessions.only_tenant_id IS NULL THEN users.name ELSE memberships.name END,
                    sessions.only_tenant_id
             FROM sessions JOIN users USING (user_id)
             LEFT JOIN memberships ON memberships.user_id = users.user_id
                 AND memberships.tenant_id = sessions.only_tenant_id
             WHERE session_hash = $1 AND expires_at > $2 AND {AWAKE}"
        );
        let awake = Awake::at(now);
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(hash.as_slice())
            .bind(now)
            .bind(awake.0)
            .bind(awake.1)
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (user, session, seen_at): (_, _, DateTime<Utc>) =
            (UserId(row.get(0)), SessionId(row.get(2)), row.get(3));
        if now - seen_at >= SEEN_EVERY {
            // The condition again: of many requests at once, one writes.
            sqlx::query("UPDATE sessions SET seen_at = $2 WHERE session_hash = $1 AND coalesce(seen_at, created_at) <= $3")
                .bind(hash.as_slice())
                .bind(now)
                .bind(now - SEEN_EVERY)
                .execute(self.pool())
                .await?;
        }
        let reach = Reach::read(row.get(6));
        let memberships = match reach {
            Reach::Account => self.memberships(user, now).await?,
            Reach::Company(tenant) => self.membership(user, tenant).await?,
        };
        Ok(Some(SessionUser {
            user,
            session,
            reach,
            email: row.get(1),
            is_verified: row.get(4),
            name: row.get(5),
            memberships: memberships.open,
            barred: memberships.barred,
        }))
    }

    /// A person's live sessions: those that reach the account before others, the last used first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
        let sql = format!(
            "SELECT session_id, address, user_agent, created_at, coalesce(seen_at, created_at) AS seen, expires_at
             FROM sessions WHERE user_id = $1 AND expires_at > $2 AND {AWAKE}
             ORDER BY only_tenant_id IS NOT NULL, seen DESC, session_id LIMIT $5"
        );
        let awake = Awake::at(now);
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(user.0)
            .bind(now)
            .bind(awake.0)
            .bind(awake.1)
            .bind(SESSIONS_MAX)
            .fetch_all(self.pool())
            .await?;
        let session = |row: &sqlx::postgres::PgRow| Session {
            id: SessionId(row.get(0)),
            address: row.get(1),
            user_agent: row.get(2),
            created_at: row.get(3),
            seen_at: row.get(4),
            expires_at: row.get(5),
        };
        Ok(rows.iter().map(session).collect())
    }

    /// Ends a session, whoever's it is: whoever shows what is in its cookie may.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_session(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        sqlx::query("DELETE FROM sessions WHERE session_hash = $1")
            .bind(hash.as_slice())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends one of a person's sessions by its name. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_own_session(&self, user: UserId, session: SessionId) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND session_id = $2")
            .bind(user.0)
            .bind(session.0)
            .execute(self.pool())
            .await?;
        Ok(ended.rows_affected() > 0)
    }

    /// Ends all of a person's sessions, except one. Says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_sessions(&self, user: UserId, except: Option<SessionId>) -> Result<u64, StoreError> {
        let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND session_id IS DISTINCT FROM $2")
            .bind(user.0)
            .bind(except.map(|session| session.0))
            .execute(self.pool())
            .await?;
        Ok(ended.rows_affected())
    }

    /// A person's password, hashed; `None`: they have none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn password_hash(&self, user: UserId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT password_hash FROM users WHERE user_id = $1 AND password_hash <> ''")
            .bind(user.0)
            .fetch_optional(self.pool())
            .await?;
        Ok(row.map(|row| row.get(0)))
    }

    /// Replaces a person's password, unless it was replaced meanwhile, and ends all sessions but one. Says how many;
    /// nothing when the password was not `old_hash` any more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn change_password(
        &self,
        user: UserId,
        old_hash: &str,
        new_hash: &str,
        except: SessionId,
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.pool().begin().await?;
        let changed =
            sqlx::query("UPDATE users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2")
                .bind(user.0)
                .bind(old_hash)
                .bind(new_hash)
                .execute(&mut *tx)
                .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND session_id <> $2")
            .bind(user.0)
            .bind(except.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM half_sessions WHERE user_id = $1").bind(user.0).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(ended.rows_affected()))
    }
}
