//! The second factor of the viewer, and whether a company asks everybody for one.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Action;
use domain::audit::AuditAction;
use store::{Reach, TenantAccess};

use crate::company::Company;
use crate::error::ApiError;
use crate::membership::Change;
use crate::mutation::UserError;
use crate::people::Member;
use crate::services::{RequestState, require};

/// How far ahead a company can say from when on it asks for a second factor.
const AHEAD_DAYS_MAX: i64 = 365;

/// A second factor that is asked for when the viewer signs in.
#[derive(SimpleObject)]
pub(crate) struct SecondFactor {
    /// Since when.
    since: DateTime<Utc>,
    /// Recovery codes that are left.
    recovery_codes_left: i32,
}

impl SecondFactor {
    /// The viewer's; none for a key, nor for who is there by a company's provider.
    pub(crate) async fn load_own(ctx: &Context<'_>) -> Result<Option<Self>, Error> {
        let state = RequestState::of(ctx);
        let Ok(person) = state.account() else { return Ok(None) };
        let known = state.services.accounts.factor_state(person).await.map_err(ApiError::from)?;
        Ok(known.map(|known| Self {
            since: known.since,
            recovery_codes_left: i32::try_from(known.recovery_codes).unwrap_or(i32::MAX),
        }))
    }
}

/// Whether a company asks everybody for a second factor.
pub(crate) struct SecondFactorRule {
    access: TenantAccess,
    required_from: Option<DateTime<Utc>>,
}

impl SecondFactorRule {
    pub(crate) fn new(access: TenantAccess, required_from: Option<DateTime<Utc>>) -> Result<Self, ApiError> {
        require(&access, Action::ManageSecurity)?;
        Ok(Self { access, required_from })
    }
}

/// Whether a company asks everybody for a second factor.
#[Object]
impl SecondFactorRule {
    /// From when on nobody enters the company without one; null when it asks for none.
    async fn required_from(&self) -> Option<DateTime<Utc>> {
        self.required_from
    }

    /// Who has none, in the order of joining.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<Member>, Error> {
        let state = RequestState::of(ctx);
        let tx = state.begin(&self.access).await.map_err(ApiError::from)?;
        let members = tx.members().await.map_err(ApiError::from)?;
        let users: Vec<_> = members.iter().map(|member| member.user).collect();
        let with_factor = state.services.accounts.with_factor(&users).await.map_err(ApiError::from)?;
        let missing = members.into_iter().filter(|member| !with_factor.contains(&member.user));
        Ok(Member::read(ctx, &tx, missing.collect()).await?)
    }
}

/// Who sets a second factor up.
#[derive(InputObject)]
pub(crate) struct BeginSecondFactorInput {
    /// The viewer's password, again.
    password: String,
}

/// A second factor that was begun; nothing is asked for until it is confirmed.
#[derive(SimpleObject)]
pub(crate) struct BeginSecondFactorPayload {
    /// What the QR code for the authenticator app says; null when nothing was begun. It is shown this once.
    otpauth_url: Option<String>,
    /// The same secret for who types it.
    secret: Option<String>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// What shows that the app has the secret.
#[derive(InputObject)]
pub(crate) struct ConfirmSecondFactorInput {
    /// The six digits that the app shows.
    code: String,
}

/// A second factor that is asked for from now on.
#[derive(SimpleObject)]
pub(crate) struct ConfirmSecondFactorPayload {
    /// Each opens the account once when the app is lost; null when nothing was confirmed. They are shown this once.
    recovery_codes: Option<Vec<String>>,
    /// How many other sessions ended, which were begun without it.
    ended_count: Option<i32>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Who wants other recovery codes.
#[derive(InputObject)]
pub(crate) struct ReplaceRecoveryCodesInput {
    /// The viewer's password, again.
    password: String,
}

/// Recovery codes in place of those of before.
#[derive(SimpleObject)]
pub(crate) struct ReplaceRecoveryCodesPayload {
    /// The new ones; null when nothing was replaced. They are shown this once.
    recovery_codes: Option<Vec<String>>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Who wants no second factor any more.
#[derive(InputObject)]
pub(crate) struct EndSecondFactorInput {
    /// The viewer's password, again.
    password: String,
}

/// A second factor that is asked for no more.
#[derive(SimpleObject)]
pub(crate) struct EndSecondFactorPayload {
    /// Whether it was ended.
    is_ended: bool,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// From when on a company asks for a second factor.
#[derive(InputObject)]
pub(crate) struct RequireSecondFactorInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// From then on; what has passed means from now on. Null: it asks for none.
    required_from: Option<DateTime<Utc>>,
}

/// A company that asks for a second factor, or does not.
#[derive(SimpleObject)]
pub(crate) struct RequireSecondFactorPayload {
    /// The company; null when nothing was changed.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Changes of second factors.
#[derive(Default)]
pub(crate) struct SecondFactorMutation;

/// Changes of second factors.
#[Object]
impl SecondFactorMutation {
    /// Begins a second factor. One that was begun before and not confirmed is forgotten.
    async fn begin_second_factor(
        &self,
        ctx: &Context<'_>,
        input: BeginSecondFactorInput,
    ) -> Result<BeginSecondFactorPayload, Error> {
        let state = RequestState::of(ctx);
        let begun = state.services.accounts.begin_factor(state.account()?, &input.password, state.address);
        Ok(match begun.await {
            Ok(begun) => BeginSecondFactorPayload {
                otpauth_url: Some(begun.otpauth_url),
                secret: Some(begun.secret),
                user_errors: vec![],
            },
            Err(error) => BeginSecondFactorPayload {
                otpauth_url: None,
                secret: None,
                user_errors: vec![UserError::of(error, "password")?],
            },
        })
    }

    /// Confirms the second factor by a code. It is asked for from now on, and all other sessions end.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSecondFactorInput,
    ) -> Result<ConfirmSecondFactorPayload, Error> {
        let state = RequestState::of(ctx);
        let confirmed =
            state.services.accounts.confirm_factor(state.account()?, &input.code, state.address).await;
        Ok(match confirmed {
            Ok(confirmed) => ConfirmSecondFactorPayload {
                recovery_codes: Some(confirmed.recovery_codes),
                ended_count: Some(i32::try_from(confirmed.ended).unwrap_or(i32::MAX)),
                user_errors: vec![],
            },
            Err(error) => ConfirmSecondFactorPayload {
                recovery_codes: None,
                ended_count: None,
                user_errors: vec![UserError::of(error, "code")?],
            },
        })
    }

    /// Replaces the recovery codes; those of before are good no more.
    async fn replace_recovery_codes(
        &self,
        ctx: &Context<'_>,
        input: ReplaceRecoveryCodesInput,
    ) -> Result<ReplaceRecoveryCodesPayload, Error> {
        let state = RequestState::of(ctx);
        let (person, accounts) = (state.account()?, &state.services.accounts);
        Ok(match accounts.replace_recovery_codes(person, &input.password, state.address).await {
            Ok(codes) => ReplaceRecoveryCodesPayload { recovery_codes: Some(codes), user_errors: vec![] },
            Err(error) => ReplaceRecoveryCodesPayload {
                recovery_codes: None,
                user_errors: vec![UserError::of(error, "password")?],
            },
        })
    }

    /// Ends the second factor. Companies that ask for one cannot be entered then.
    async fn end_second_factor(
        &self,
        ctx: &Context<'_>,
        input: EndSecondFactorInput,
    ) -> Result<EndSecondFactorPayload, Error> {
        let state = RequestState::of(ctx);
        let ended = state.services.accounts.end_factor(state.account()?, &input.password, state.address);
        Ok(match ended.await {
            Ok(()) => EndSecondFactorPayload { is_ended: true, user_errors: vec![] },
            Err(error) => EndSecondFactorPayload {
                is_ended: false,
                user_errors: vec![UserError::of(error, "password")?],
            },
        })
    }

    /// Has the company ask everybody for a second factor, from a moment on. Whoever has none then does nothing there
    /// until they set one up; what they have open ends within seconds. API keys stay good.
    async fn require_second_factor(
        &self,
        ctx: &Context<'_>,
        input: RequireSecondFactorInput,
    ) -> Result<RequireSecondFactorPayload, Error> {
        let refused = |error| Ok(RequireSecondFactorPayload { company: None, user_errors: vec![error] });
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManageSecurity)).await?;
        let services = &change.state.services;
        let now = services.edge.now();
        let from = input.required_from.map(|from| from.max(now));
        if from.is_some_and(|from| from - now > TimeDelta::days(AHEAD_DAYS_MAX)) {
            let message = format!("Choose a day within the next {AHEAD_DAYS_MAX} days.");
            return refused(UserError::new(Some("requiredFrom"), "INVALID", message));
        }
        let own = services.accounts.factor_state(change.person).await.map_err(ApiError::from)?;
        if from.is_some() && own.is_none() && change.person.reach == Reach::Account {
            let message = "Set up your own second factor first, or you would shut yourself out.";
            return refused(UserError::new(None, "SET_UP_FIRST", message));
        }
        change.tx.require_second_factor(from).await.map_err(ApiError::from)?;
        let (action, detail) = match from {
            Some(from) => (AuditAction::SecondFactorRequired, from.to_rfc3339()),
            None => (AuditAction::SecondFactorOptional, String::new()),
        };
        change.note(action, "", &detail).await?;
        let access = change.access;
        change.tx.commit().await.map_err(ApiError::from)?;
        let company = Company::load(ctx, access).await?;
        Ok(RequireSecondFactorPayload { company, user_errors: vec![] })
    }
}
