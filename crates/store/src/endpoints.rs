//! Endpoints as their company sees them.

use chrono::{DateTime, Duration, Utc};
use domain::ids::{EndpointId, EndpointToken, TenantId};
use domain::jws::Secret;
use sea_orm::sea_query::{Expr, Query, UpdateStatement};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, QueryFilter as _, QueryOrder as _};

use crate::api::TenantTx;
use crate::entity::{belongs_to, endpoint, endpoint_activity};
use crate::error::StoreError;
use crate::keys::{Keys, SealError};

/// How long a replaced secret is still accepted.
const PREVIOUS_SECRET_GRACE_HOURS: i64 = 24;
/// How long a replaced Request URL is still accepted: replacing it in Dialpad may need somebody else.
const PREVIOUS_URL_GRACE_DAYS: i64 = 7;

/// A company's Request URL with its current secret in clear.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Its company.
    pub tenant: TenantId,
    /// Its id.
    pub id: EndpointId,
    /// The last part of the Request URL.
    pub token: String,
    /// The current secret; its `Debug` hides it.
    pub secret: Secret,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when the secret before the current one is accepted.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// The token of the Request URL before the current one, and until when it is accepted.
    pub previous_token: Option<(String, DateTime<Utc>)>,
}

/// What arrived at an endpoint so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Deliveries that were stored and understood.
    pub accepted: i64,
    /// Deliveries with the content of an earlier one.
    pub duplicates: i64,
    /// Deliveries that were signed but not understood.
    pub quarantined: i64,
    /// Deliveries refused.
    pub refused: i64,
    /// Deliveries that were refused first and taken in by a re-check.
    pub recovered: i64,
    /// The last one answered 200.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The last one refused.
    pub last_refused_at: Option<DateTime<Utc>>,
    /// Why: the code of a [`domain::jws::Refusal`] kind.
    pub last_refusal: Option<String>,
    /// The last one signed with a secret that had been replaced.
    pub previous_secret_used_at: Option<DateTime<Utc>>,
    /// The last one that came to a Request URL that had been replaced.
    pub previous_url_used_at: Option<DateTime<Utc>>,
}

/// An endpoint and what arrived at it.
#[derive(Clone, Debug)]
pub struct EndpointWithActivity {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What arrived.
    pub activity: Activity,
}

impl From<endpoint_activity::Model> for Activity {
    fn from(row: endpoint_activity::Model) -> Self {
        Self {
            accepted: row.accepted,
            duplicates: row.duplicates,
            quarantined: row.quarantined,
            refused: row.refused,
            recovered: row.recovered,
            last_event_at: row.last_event_at,
            last_refused_at: row.last_refused_at,
            last_refusal: row.last_refusal,
            previous_secret_used_at: row.previous_secret_used_at,
            previous_url_used_at: row.previous_url_used_at,
        }
    }
}

impl TenantTx {
    /// The company's active endpoint as it is at `now`.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when the secret was sealed with another key.
    pub async fn endpoint(
        &self,
        keys: &Keys,
        now: DateTime<Utc>,
    ) -> Result<Option<EndpointWithActivity>, StoreError> {
        let row = self
            .select::<endpoint::Entity>()
            .order_by_desc(endpoint::Column::CreatedAt)
            .one(self.connection())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let stored = self
            .select::<endpoint_activity::Entity>()
            .filter(endpoint_activity::Column::EndpointId.eq(row.endpoint_id))
            .one(self.connection())
            .await?;
        let mut activity = stored.map_or_else(Activity::default, Activity::from);
        // Of what was replaced before, nobody asks any more.
        activity.previous_secret_used_at = since_replaced(
            activity.previous_secret_used_at,
            row.previous_until,
            Duration::hours(PREVIOUS_SECRET_GRACE_HOURS),
        );
        activity.previous_url_used_at = since_replaced(
            activity.previous_url_used_at,
            row.previous_token_until,
            Duration::days(PREVIOUS_URL_GRACE_DAYS),
        );
        let tenant = TenantId(row.tenant_id);
        let id = EndpointId(row.endpoint_id);
        let secret = open_secret(keys, tenant, id, &row.secret)
            .map_err(|_| StoreError::Inconsistent { table: "endpoints", column: "secret" })?;
        let previous = row.previous_token.zip(row.previous_token_until);
        let endpoint = Endpoint {
            tenant,
            id,
            token: row.token,
            secret,
            created_at: row.created_at,
            previous_secret_until: row.previous_until.filter(|until| now < *until),
            previous_token: previous.filter(|(_, until)| now < *until),
        };
        Ok(Some(EndpointWithActivity { endpoint, activity }))
    }

    /// Replaces the secret of an endpoint. The one it replaces is accepted for another day.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn replace_secret(
        &self,
        keys: &Keys,
        id: EndpointId,
        secret: &Secret,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sealed = seal_secret(keys, self.tenant(), id, secret);
        let mut update = Query::update();
        update
            .value(endpoint::Column::PreviousSecret, Expr::col(endpoint::Column::Secret))
            .value(endpoint::Column::PreviousUntil, now + Duration::hours(PREVIOUS_SECRET_GRACE_HOURS))
            .value(endpoint::Column::Secret, sealed);
        self.update_endpoint(id, update).await
    }

    /// From now on only the current secret is accepted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_previous_secret(&self, id: EndpointId) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .value(endpoint::Column::PreviousSecret, None::<Vec<u8>>)
            .value(endpoint::Column::PreviousUntil, None::<DateTime<Utc>>);
        self.update_endpoint(id, update).await
    }

    /// Replaces the Request URL of an endpoint. The one it replaces is accepted for another week.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn replace_token(
        &self,
        id: EndpointId,
        token: &EndpointToken,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .value(endpoint::Column::PreviousToken, Expr::col(endpoint::Column::Token))
            .value(endpoint::Column::PreviousTokenUntil, now + Duration::days(PREVIOUS_URL_GRACE_DAYS))
            .value(endpoint::Column::Token, token.as_str());
        self.update_endpoint(id, update).await
    }

    /// From now on only the current Request URL is accepted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_previous_token(&self, id: EndpointId) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .value(endpoint::Column::PreviousToken, None::<String>)
            .value(endpoint::Column::PreviousTokenUntil, None::<DateTime<Utc>>);
        self.update_endpoint(id, update).await
    }

    async fn update_endpoint(&self, id: EndpointId, mut update: UpdateStatement) -> Result<(), StoreError> {
        update
            .table(endpoint::Entity)
            .and_where(belongs_to::<endpoint::Entity>(self.tenant()))
            .and_where(endpoint::Column::EndpointId.eq(id.0));
        self.connection().execute(&update).await?;
        Ok(())
    }
}

/// When something replaced was used, if that was after it had been replaced.
fn since_replaced(
    used_at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    grace: Duration,
) -> Option<DateTime<Utc>> {
    used_at.filter(|used_at| until.is_some_and(|until| *used_at >= until - grace))
}

/// Seals a secret for the row of its endpoint.
pub(crate) fn seal_secret(keys: &Keys, tenant: TenantId, id: EndpointId, secret: &Secret) -> Vec<u8> {
    keys.seal_row(&secret_place(tenant, id), secret.expose_bytes())
}

/// Opens a secret of an endpoint's row, current or previous.
///
/// The place is the same for both, because replacing a secret moves the sealed value from one column to the other.
pub(crate) fn open_secret(
    keys: &Keys,
    tenant: TenantId,
    id: EndpointId,
    sealed: &[u8],
) -> Result<Secret, SealError> {
    let plain = keys.open(&secret_place(tenant, id), sealed)?;
    let plain = String::from_utf8(plain).map_err(|_| SealError)?;
    Secret::new(&plain).map_err(|_| SealError)
}

/// What binds a secret to the row of its endpoint.
pub(crate) fn secret_place(tenant: TenantId, id: EndpointId) -> String {
    format!("endpoints.secret/{tenant}/{id}")
}
