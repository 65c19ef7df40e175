//! Sessions as their person handles them: where they were begun, ending them, and changing the password behind them.

use std::net::IpAddr;

use chrono::Duration;
use domain::account::{Email, PASSWORD_CHARS_MAX, check_password};
use domain::ids::{Credential, SessionId, UserId};
use store::{NewSession, Reach, Session, SessionUser};

use crate::letters::Changed;
use crate::service::{AccountError, AccountService};

/// A session ends this long after signing in, whatever happens in between.
pub(crate) const SESSION_DAYS: i64 = 7;
/// Characters that are kept of what a browser says it is.
const USER_AGENT_CHARS_MAX: usize = 300;

/// The other end of a connection: what is remembered of where a session was begun.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// Its address.
    pub(crate) address: IpAddr,
    /// What it says it is.
    pub(crate) user_agent: Option<String>,
}

impl Client {
    /// `user_agent` is cut, and may hold anything: it is shown as text.
    pub(crate) fn new(address: IpAddr, user_agent: Option<&str>) -> Self {
        let shown =
            |text: &str| text.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS_MAX).collect();
        Self { address, user_agent: user_agent.map(shown) }
    }
}

impl AccountService {
    /// Starts a session for someone who has just proven to be that person.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub(crate) async fn start_session(
        &self,
        user: UserId,
        client: &Client,
    ) -> Result<Credential, AccountError> {
        self.start_session_of(user, Reach::Account, client).await
    }

    /// Starts a session that reaches as far as it was shown who they are.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub(crate) async fn start_session_of(
        &self,
        user: UserId,
        reach: Reach,
        client: &Client,
    ) -> Result<Credential, AccountError> {
        let session = match reach {
            Reach::Account => Credential::new_session(self.edge.random()),
            Reach::Company(_) => Credential::new_company_session(self.edge.random()),
        };
        let now = self.edge.now();
        let new = NewSession {
            id: SessionId(self.edge.new_uuid()),
            user,
            reach,
            hash: session.hash(),
            address: client.address,
            user_agent: client.user_agent.as_deref(),
            now,
            expires_at: now + Duration::days(SESSION_DAYS),
        };
        self.store.create_session(&new).await?;
        Ok(session)
    }

    /// Ends the session of a cookie.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub(crate) async fn end_session(&self, session: &Credential) -> Result<(), AccountError> {
        self.store.end_half_session(session.hash()).await?;
        Ok(self.store.end_session(session.hash()).await?)
    }

    /// Someone's live sessions, the last used first.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn sessions(&self, person: &SessionUser) -> Result<Vec<Session>, AccountError> {
        Ok(self.store.sessions(person.user, self.edge.now()).await?)
    }

    /// Ends one of someone's own sessions. Says whether there was one: another's is none.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn end_own_session(
        &self,
        person: &SessionUser,
        session: SessionId,
    ) -> Result<bool, AccountError> {
        Ok(self.store.end_own_session(person.user, session).await?)
    }

    /// Signs someone out everywhere, or everywhere else. Says how many sessions ended.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn end_sessions(&self, person: &SessionUser, also_this: bool) -> Result<u64, AccountError> {
        let except = (!also_this).then_some(person.session);
        Ok(self.store.end_sessions(person.user, except).await?)
    }

    /// Changes someone's password and ends all other sessions. Says how many those were.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`] when `current` is not the password, [`AccountError::TooManyAttempts`] after ten
    /// such failures, [`AccountError::Invalid`] when the new one is weak.
    pub async fn change_password(
        &self,
        person: &SessionUser,
        current: &str,
        new: &str,
        address: IpAddr,
    ) -> Result<u64, AccountError> {
        let email = Email::parse(&person.email)?;
        let companies: Vec<&str> = person.memberships.iter().map(|one| one.name.as_str()).collect();
        check_password(new, &email, &companies)?;
        let old_hash = self.check_own_password(person, current, address).await?;
        let new_hash = self.hasher.hash(new, self.edge.random()).await?;
        let ended = self.store.change_password(person.user, &old_hash, &new_hash, person.session).await?;
        // Somebody else was faster: what was typed as the current password is no more.
        let ended = ended.ok_or(AccountError::BadCredentials)?;
        self.tell_person(person, Changed::Password, address).await;
        Ok(ended)
    }

    /// Has someone who is signed in show the password again. Gives its hash.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`], [`AccountError::TooManyAttempts`] after ten failures.
    pub(crate) async fn check_own_password(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<String, AccountError> {
        let email = Email::parse(&person.email)?;
        // Counted like signing in: a stolen session must not become a way to guess the password.
        if !self.throttle.allows(&email.key(), address).await {
            return Err(AccountError::TooManyAttempts);
        }
        let known = match self.store.password_hash(person.user).await {
            Ok(known) => known.filter(|_| password.chars().count() <= PASSWORD_CHARS_MAX),
            Err(error) => {
                self.throttle.not_made(&email.key(), address);
                return Err(error.into());
            }
        };
        let checked = self.hasher.verify(password, known.as_deref()).await;
        let is_right = checked.inspect_err(|_| self.throttle.not_made(&email.key(), address))?;
        let old_hash = known.filter(|_| is_right).ok_or(AccountError::BadCredentials)?;
        self.throttle.succeeded(&email.key(), address);
        Ok(old_hash)
    }
}
