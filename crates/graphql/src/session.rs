//! A person's sessions, and the password behind them.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::SessionId;

use crate::error::ApiError;
use crate::mutation::UserError;
use crate::services::RequestState;

/// A browser in which a person is signed in.
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// Tells it from others; opens nothing.
    id: ID,
    /// The address from which it was begun; null when it is not known.
    address: Option<String>,
    /// The browser, as it says itself; null when it is not known.
    user_agent: Option<String>,
    /// When it was begun.
    started_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_seen_at: DateTime<Utc>,
    /// When it ends, whatever happens; it also ends when it is not used for 8 hours, or 30 minutes
    /// by an owner or admin.
    expires_at: DateTime<Utc>,
    /// Whether this request uses it.
    is_current: bool,
}

impl Session {
    /// The sessions of the person who asks; none for a key, and only itself for one that reaches one company.
    pub(crate) async fn load_own(ctx: &Context<'_>) -> Result<Vec<Self>, Error> {
        let state = RequestState::of(ctx);
        let Ok(person) = state.person() else { return Ok(Vec::new()) };
        let sessions = state.services.accounts.sessions(person).await.map_err(ApiError::from)?;
        let shown = |session: store::Session| Self {
            id: ID(session.id.to_string()),
            is_current: session.id == person.session,
            address: session.address,
            user_agent: session.user_agent,
            started_at: session.created_at,
            last_seen_at: session.seen_at,
            expires_at: session.expires_at,
        };
        let is_told = |session: &store::Session| state.account().is_ok() || session.id == person.session;
        Ok(sessions.into_iter().filter(is_told).map(shown).collect())
    }
}

/// Which session to end.
#[derive(InputObject)]
pub(crate) struct EndSessionInput {
    /// One of the viewer's own.
    session_id: ID,
}

/// A session that was ended.
#[derive(SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// The id of the session that has ended; null when there was none.
    ended_session_id: Option<ID>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Which sessions to end.
#[derive(InputObject)]
pub(crate) struct EndSessionsInput {
    /// Whether the session of this request stays.
    #[graphql(default = true)]
    keep_current: bool,
}

/// Sessions that were ended.
#[derive(SimpleObject)]
pub(crate) struct EndSessionsPayload {
    /// How many.
    ended_count: i32,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// A new password.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The one of now.
    current_password: String,
    /// The one from now on.
    new_password: String,
}

/// A password that was changed.
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// How many other sessions ended with it; null when nothing was changed.
    ended_count: Option<i32>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Changes of a person's sessions and password.
#[derive(Default)]
pub(crate) struct SessionMutation;

/// A mail that was asked for.
#[derive(SimpleObject)]
pub(crate) struct SendVerificationPayload {
    /// Whether the address needs no proof any more.
    is_verified: bool,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Changes of a person's sessions and password.
#[Object]
impl SessionMutation {
    /// Sends the viewer another link that proves the address. Nothing is sent when it is proven.
    async fn send_verification(&self, ctx: &Context<'_>) -> Result<SendVerificationPayload, Error> {
        let state = RequestState::of(ctx);
        let person = state.account()?;
        state.services.accounts.send_verification(person).await.map_err(ApiError::from)?;
        Ok(SendVerificationPayload { is_verified: person.is_verified, user_errors: vec![] })
    }

    /// Ends one of the viewer's sessions. What it has open is closed within seconds.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        input: EndSessionInput,
    ) -> Result<EndSessionPayload, Error> {
        let state = RequestState::of(ctx);
        let person = state.account()?;
        let ended = match input.session_id.parse().map(SessionId) {
            Ok(id) => state.services.accounts.end_own_session(person, id).await.map_err(ApiError::from)?,
            Err(_) => false,
        };
        if ended {
            return Ok(EndSessionPayload { ended_session_id: Some(input.session_id), user_errors: vec![] });
        }
        let error = UserError::new(Some("sessionId"), "NOT_FOUND", "There is no such session.");
        Ok(EndSessionPayload { ended_session_id: None, user_errors: vec![error] })
    }

    /// Signs the viewer out everywhere else, or everywhere.
    async fn end_sessions(
        &self,
        ctx: &Context<'_>,
        input: EndSessionsInput,
    ) -> Result<EndSessionsPayload, Error> {
        let state = RequestState::of(ctx);
        let accounts = &state.services.accounts;
        let ended = accounts.end_sessions(state.account()?, !input.keep_current).await;
        Ok(EndSessionsPayload { ended_count: count(ended.map_err(ApiError::from)?), user_errors: vec![] })
    }

    /// Changes the viewer's password and ends all other sessions.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload, Error> {
        let state = RequestState::of(ctx);
        let (person, accounts) = (state.account()?, &state.services.accounts);
        let ChangePasswordInput { current_password, new_password } = input;
        match accounts.change_password(person, &current_password, &new_password, state.address).await {
            Ok(ended) => Ok(ChangePasswordPayload { ended_count: Some(count(ended)), user_errors: vec![] }),
            Err(error) => {
                let error = UserError::of(error, "currentPassword")?;
                Ok(ChangePasswordPayload { ended_count: None, user_errors: vec![error] })
            }
        }
    }
}

fn count(sessions: u64) -> i32 {
    i32::try_from(sessions).unwrap_or(i32::MAX)
}
