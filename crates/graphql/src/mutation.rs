//! Changes. What a person got wrong comes back in `userErrors`, beside what was changed.

use accounts::AccountError;
use async_graphql::{Context, Error, ID, InputObject, MergedObject, Object, SimpleObject};
use domain::access::Action;
use domain::audit::AuditAction;
use domain::ids::{EndpointId, EndpointToken};
use domain::jws::Secret;
use store::{StoreError, TenantAccess, TenantTx};

use crate::api_key::ApiKeyMutation;
use crate::company_change::CompanyMutation;
use crate::delivery::{RecheckDeliveriesInput, RecheckDeliveriesPayload, recheck};
use crate::endpoint::Endpoint;
use crate::erasure::ErasureMutation;
use crate::error::ApiError;
use crate::membership::PeopleMutation;
use crate::node::company_access;
use crate::profile::ProfileMutation;
use crate::saved_view::SavedViewMutation;
use crate::second_factor::SecondFactorMutation;
use crate::services::{RequestState, require};
use crate::session::SessionMutation;
use crate::single_sign_on::SingleSignOnMutation;

/// Where changing begins.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    EndpointMutation,
    SessionMutation,
    PeopleMutation,
    ApiKeyMutation,
    SecondFactorMutation,
    SavedViewMutation,
    CompanyMutation,
    ProfileMutation,
    ErasureMutation,
    SingleSignOnMutation,
);

/// Changes of a company's endpoint.
#[derive(Default)]
struct EndpointMutation;

/// Something a person got wrong.
#[derive(SimpleObject)]
pub(crate) struct UserError {
    /// The path of the input field; null when it is about the whole.
    field: Option<Vec<String>>,
    /// A stable code.
    code: String,
    /// A clear sentence.
    message: String,
}

impl UserError {
    /// What is wrong with an input field, or with the whole.
    pub(crate) fn new(field: Option<&str>, code: &str, message: impl Into<String>) -> Self {
        let field = field.map(|field| vec![field.to_owned()]);
        Self { field, code: code.to_owned(), message: message.into() }
    }

    /// What a person got wrong; the rest is an error of the whole query. `field` is the input that holds credentials.
    pub(crate) fn of(error: AccountError, field: &str) -> Result<Self, ApiError> {
        let message = error.to_string();
        match error {
            AccountError::Invalid(invalid) => {
                Ok(Self::new(Some(input_name(invalid.field)), invalid.code, message))
            }
            AccountError::BadCredentials => Ok(Self::new(Some(field), "BAD_CREDENTIALS", message)),
            AccountError::TooManyAttempts => Ok(Self::new(Some(field), "TOO_MANY_ATTEMPTS", message)),
            AccountError::Busy => Ok(Self::new(None, "BUSY", message)),
            AccountError::BadCode => Ok(Self::new(Some(field), "BAD_CODE", message)),
            AccountError::FactorOn => Ok(Self::new(None, "SECOND_FACTOR_ON", message)),
            AccountError::LastOwner(_) => Ok(Self::new(None, "LAST_OWNER", message)),
            AccountError::FactorOff => Ok(Self::new(None, "SECOND_FACTOR_OFF", message)),
            AccountError::Refused
            | AccountError::NoSingleSignOn
            | AccountError::SignOn(_)
            | AccountError::CompanySession
            | AccountError::SecondStepNeeded
            | AccountError::OtherNetwork(_)
            | AccountError::SignInAgain
            | AccountError::LinkGone
            | AccountError::OtherPerson
            | AccountError::SignInFirst
            | AccountError::AddressTaken
            | AccountError::Unavailable(_) => Err(error.into()),
        }
    }
}

/// What the inputs of mutations call a field that signing up calls otherwise.
fn input_name(field: &'static str) -> &'static str {
    match field {
        "password" => "newPassword",
        other => other,
    }
}

/// Which company calls itself.
#[derive(InputObject)]
pub(crate) struct SendTestCallInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
}

/// A test call that was sent.
#[derive(SimpleObject)]
pub(crate) struct SendTestCallPayload {
    /// The call id to look for; null when nothing could be sent.
    call: Option<ID>,
    /// How each of its events was answered.
    deliveries: Vec<TestDelivery>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// How one event of a test call was answered.
#[derive(SimpleObject)]
pub(crate) struct TestDelivery {
    /// The event's state.
    state: String,
    /// The HTTP status; null when the Request URL could not be reached.
    status: Option<i32>,
    /// Milliseconds until the answer.
    latency_ms: f64,
}

/// A new secret for an endpoint.
#[derive(InputObject)]
pub(crate) struct ReplaceEndpointSecretInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The secret that Dialpad will sign with.
    secret: String,
}

/// An endpoint with its new secret.
#[derive(SimpleObject)]
pub(crate) struct ReplaceEndpointSecretPayload {
    /// The endpoint.
    endpoint: Option<Endpoint>,
    /// What became of the deliveries that had been refused: they are re-checked at once. Null when that could not be
    /// done; `recheckDeliveries` does it then.
    recheck: Option<RecheckDeliveriesPayload>,
    /// What is unwise about the secret, though it was taken.
    warning: Option<String>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

macro_rules! endpoint_change {
    ($(#[$input_doc:meta])* $input:ident, $(#[$payload_doc:meta])* $payload:ident) => {
        $(#[$input_doc])*
        #[derive(InputObject)]
        pub(crate) struct $input {
            /// The company; without one, the viewer's only one.
            company_id: Option<ID>,
        }

        $(#[$payload_doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $payload {
            /// The endpoint.
            endpoint: Option<Endpoint>,
            /// What went wrong.
            user_errors: Vec<UserError>,
        }
    };
}

endpoint_change! {
    /// Whose Request URL to replace.
    RotateEndpointUrlInput,
    /// An endpoint with its new Request URL.
    RotateEndpointUrlPayload
}
endpoint_change! {
    /// Whose replaced secret to end.
    EndPreviousSecretInput,
    /// An endpoint that accepts its current secret only.
    EndPreviousSecretPayload
}
endpoint_change! {
    /// Whose replaced Request URL to end.
    EndPreviousUrlInput,
    /// An endpoint that accepts its current Request URL only.
    EndPreviousUrlPayload
}

/// Changes of a company's endpoint.
#[Object]
impl EndpointMutation {
    /// Sends a call to the company's own Request URL, as Dialpad would. It is labelled `test`.
    async fn send_test_call(
        &self,
        ctx: &Context<'_>,
        input: SendTestCallInput,
    ) -> Result<SendTestCallPayload, Error> {
        let endpoint = managed_endpoint(ctx, input.company_id.as_ref()).await?;
        let caller = &RequestState::of(ctx).services.test_caller;
        let sent = caller.call(endpoint.url(ctx), endpoint.stored().secret.clone()).await;
        let unreachable =
            sent.deliveries.is_empty() || sent.deliveries.iter().any(|one| one.status.is_none());
        let user_errors = unreachable.then(|| UserError {
            field: None,
            code: "UNREACHABLE".to_owned(),
            message:
                "The Request URL could not be reached from here. Check the public address of this server."
                    .to_owned(),
        });
        let deliveries = sent.deliveries.into_iter().map(|one| TestDelivery {
            state: one.state,
            status: one.status.map(i32::from),
            latency_ms: one.latency_ms,
        });
        Ok(SendTestCallPayload {
            call: sent.call_id.map(|id| ID(id.to_string())),
            deliveries: deliveries.collect(),
            user_errors: user_errors.into_iter().collect(),
        })
    }

    /// Replaces the secret by one that the company chose. The old one is accepted for another 24 hours.
    async fn replace_endpoint_secret(
        &self,
        ctx: &Context<'_>,
        input: ReplaceEndpointSecretInput,
    ) -> Result<ReplaceEndpointSecretPayload, Error> {
        let endpoint = managed_endpoint(ctx, input.company_id.as_ref()).await?;
        let secret = match Secret::new(&input.secret) {
            Ok(secret) => secret,
            Err(wrong) => {
                let field = Some(vec!["secret".to_owned()]);
                let error =
                    UserError { field, code: "INVALID_SECRET".to_owned(), message: wrong.to_string() };
                return Ok(ReplaceEndpointSecretPayload {
                    endpoint: None,
                    recheck: None,
                    warning: None,
                    user_errors: vec![error],
                });
            }
        };
        let state = RequestState::of(ctx);
        let access = managed(ctx, input.company_id.as_ref())?;
        let tx = state.begin(&access).await.map_err(ApiError::from)?;
        let services = &state.services;
        let id = endpoint.stored().id;
        tx.replace_secret(&services.keys, id, &secret, services.edge.now()).await.map_err(ApiError::from)?;
        let noted = state.note(&tx, AuditAction::SecretReplaced, &id.to_string(), "").await;
        noted.map_err(ApiError::from)?;
        tx.commit().await.map_err(ApiError::from)?;
        // The secret is replaced, whatever becomes of this.
        let recheck = recheck(ctx, access, None).await.ok();
        let warning = secret.is_weak().then(|| {
            "This secret is short or well known: whoever guesses it can send false calls. Prefer the generated one."
                .to_owned()
        });
        Ok(ReplaceEndpointSecretPayload {
            endpoint: Endpoint::load(ctx, access).await?,
            recheck,
            warning,
            user_errors: vec![],
        })
    }

    /// Ends the overlap after a secret was replaced: within seconds only the current secret is accepted.
    async fn end_previous_secret(
        &self,
        ctx: &Context<'_>,
        input: EndPreviousSecretInput,
    ) -> Result<EndPreviousSecretPayload, Error> {
        let (company, action) = (input.company_id.as_ref(), AuditAction::PreviousSecretEnded);
        let endpoint =
            change_endpoint(ctx, company, action, async |tx, id| tx.end_previous_secret(id).await).await?;
        Ok(EndPreviousSecretPayload { endpoint, user_errors: vec![] })
    }

    /// Makes a new Request URL. The old one is accepted for another 7 days.
    async fn rotate_endpoint_url(
        &self,
        ctx: &Context<'_>,
        input: RotateEndpointUrlInput,
    ) -> Result<RotateEndpointUrlPayload, Error> {
        let edge = RequestState::of(ctx).services.edge;
        let token = EndpointToken::from_random(edge.random());
        let (company, action) = (input.company_id.as_ref(), AuditAction::RequestUrlReplaced);
        let endpoint = change_endpoint(ctx, company, action, async |tx, id| {
            tx.replace_token(id, &token, edge.now()).await
        })
        .await?;
        Ok(RotateEndpointUrlPayload { endpoint, user_errors: vec![] })
    }

    /// Ends the grace period of the replaced Request URL: within seconds only the current one is accepted.
    async fn end_previous_url(
        &self,
        ctx: &Context<'_>,
        input: EndPreviousUrlInput,
    ) -> Result<EndPreviousUrlPayload, Error> {
        let (company, action) = (input.company_id.as_ref(), AuditAction::PreviousUrlEnded);
        let endpoint =
            change_endpoint(ctx, company, action, async |tx, id| tx.end_previous_token(id).await).await?;
        Ok(EndPreviousUrlPayload { endpoint, user_errors: vec![] })
    }

    /// Examines rejected and quarantined deliveries again, with the secrets and the rules of now, and takes in what is
    /// good. Done twice, it changes nothing.
    async fn recheck_deliveries(
        &self,
        ctx: &Context<'_>,
        input: RecheckDeliveriesInput,
    ) -> Result<RecheckDeliveriesPayload, Error> {
        let access = managed(ctx, input.company_id.as_ref())?;
        recheck(ctx, access, input.delivery_ids.as_deref()).await
    }
}

/// Changes the company's endpoint, and writes down that it was; answers it as it is then.
async fn change_endpoint(
    ctx: &Context<'_>,
    company: Option<&ID>,
    action: AuditAction,
    change: impl AsyncFnOnce(&TenantTx, EndpointId) -> Result<(), StoreError>,
) -> Result<Option<Endpoint>, Error> {
    let endpoint = managed_endpoint(ctx, company).await?;
    let access = managed(ctx, company)?;
    let (state, id) = (RequestState::of(ctx), endpoint.stored().id);
    let tx = state.begin(&access).await.map_err(ApiError::from)?;
    change(&tx, id).await.map_err(ApiError::from)?;
    state.note(&tx, action, &id.to_string(), "").await.map_err(ApiError::from)?;
    tx.commit().await.map_err(ApiError::from)?;
    Endpoint::load(ctx, access).await
}

/// The right to manage the endpoint of the company that is meant.
fn managed(ctx: &Context<'_>, company: Option<&ID>) -> Result<TenantAccess, ApiError> {
    let access = company_access(ctx, company).ok_or_else(|| ApiError::input("There is no such company."))?;
    require(&access, Action::ManageEndpoint)?;
    Ok(access)
}

async fn managed_endpoint(ctx: &Context<'_>, company: Option<&ID>) -> Result<Endpoint, Error> {
    let access = managed(ctx, company)?;
    let endpoint = Endpoint::load(ctx, access).await?;
    Ok(endpoint.ok_or_else(|| ApiError::input("This company has no endpoint."))?)
}
