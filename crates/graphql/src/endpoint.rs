//! A company's Request URL, its secret, and how deliveries to it fare.

use async_graphql::{Context, Enum, Error, ID, Object};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::ids::GlobalId;
use domain::jws::RefusalKind;
use store::{EndpointWithActivity, TenantAccess};

use crate::error::ApiError;
use crate::services::RequestState;

/// A company's Request URL, its secret, and how deliveries to it fare.
pub(crate) struct Endpoint {
    access: TenantAccess,
    stored: EndpointWithActivity,
}

/// Why a delivery was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "RefusalKind")]
pub(crate) enum RefusalReason {
    /// It was signed with another secret.
    BadSignature,
    /// It was not signed at all.
    Unsigned,
    /// It is no signed event.
    Malformed,
}

impl Endpoint {
    /// The active endpoint of the company.
    pub(crate) async fn load(ctx: &Context<'_>, access: TenantAccess) -> Result<Option<Self>, Error> {
        let state = RequestState::of(ctx);
        let tx = state.begin(&access).await.map_err(ApiError::from)?;
        let stored =
            tx.endpoint(&state.services.keys, state.services.edge.now()).await.map_err(ApiError::from)?;
        Ok(stored.map(|stored| Self { access, stored }))
    }

    pub(crate) fn stored(&self) -> &store::Endpoint {
        &self.stored.endpoint
    }

    pub(crate) fn url(&self, ctx: &Context<'_>) -> String {
        request_url(ctx, &self.stored.endpoint.token)
    }
}

fn request_url(ctx: &Context<'_>, token: &str) -> String {
    format!("{}/hooks/{token}", RequestState::of(ctx).services.public_url)
}

/// A company's Request URL, its secret, and how deliveries to it fare.
#[Object]
impl Endpoint {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::Endpoint(self.access.tenant(), self.stored.endpoint.id).encode())
    }

    /// What Dialpad calls the hook URL: where it posts call events.
    async fn request_url(&self, ctx: &Context<'_>) -> String {
        self.url(ctx)
    }

    /// What Dialpad signs with. Null for roles that may not see it.
    async fn secret(&self) -> Option<String> {
        let secret = &self.stored.endpoint.secret;
        let shown = || String::from_utf8_lossy(secret.expose_bytes()).into_owned();
        self.access.allows(Action::RevealSecret).then(shown)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.stored.endpoint.created_at
    }

    /// When the last delivery was accepted, by a re-check too.
    async fn last_event_at(&self) -> Option<DateTime<Utc>> {
        self.stored.activity.last_event_at
    }

    /// When the last delivery was refused.
    async fn last_refused_at(&self) -> Option<DateTime<Utc>> {
        self.stored.activity.last_refused_at
    }

    /// Why the last refused delivery was refused.
    async fn last_refusal(&self) -> Option<RefusalReason> {
        let code = self.stored.activity.last_refusal.as_deref()?;
        RefusalKind::ALL.into_iter().find(|kind| kind.as_str() == code).map(Into::into)
    }

    /// Deliveries that were stored and understood.
    async fn accepted_count(&self) -> i64 {
        self.stored.activity.accepted
    }

    /// Deliveries whose content had been stored before.
    async fn duplicate_count(&self) -> i64 {
        self.stored.activity.duplicates
    }

    /// Deliveries that were signed, but not understood.
    async fn quarantined_count(&self) -> i64 {
        self.stored.activity.quarantined
    }

    /// Deliveries that were refused first and taken in by a re-check.
    async fn recovered_count(&self) -> i64 {
        self.stored.activity.recovered
    }

    /// Rejected and quarantined deliveries that a re-check would examine; counting stops at 1,000.
    async fn recheckable_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        let limit = u64::try_from(store::RECHECKED_AT_ONCE_MAX).unwrap_or(u64::MAX);
        Ok(tx.count_recheckable(limit).await.map_err(ApiError::from)?)
    }

    /// Until when the secret before the current one is accepted; null when there is none.
    async fn previous_secret_until(&self) -> Option<DateTime<Utc>> {
        self.stored.endpoint.previous_secret_until
    }

    /// When the last delivery came that was signed with the replaced secret; null when none came since it was replaced.
    async fn previous_secret_last_used_at(&self) -> Option<DateTime<Utc>> {
        self.stored.activity.previous_secret_used_at
    }

    /// The Request URL before the current one, as long as it is accepted.
    async fn previous_url(&self, ctx: &Context<'_>) -> Option<String> {
        let (token, _) = self.stored.endpoint.previous_token.as_ref()?;
        Some(request_url(ctx, token))
    }

    /// Until when it is accepted; null when there is none.
    async fn previous_url_until(&self) -> Option<DateTime<Utc>> {
        self.stored.endpoint.previous_token.as_ref().map(|(_, until)| *until)
    }

    /// When the last delivery came to it; null when none came since it was replaced.
    async fn previous_url_last_used_at(&self) -> Option<DateTime<Utc>> {
        self.stored.activity.previous_url_used_at
    }

    /// Deliveries that were refused.
    async fn refused_count(&self) -> i64 {
        self.stored.activity.refused
    }
}
