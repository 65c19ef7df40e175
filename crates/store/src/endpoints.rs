//! Endpoints as their company sees them.

use chrono::{DateTime, Duration, Utc};
use domain::ids::{EndpointId, TenantId};
use domain::jws::Secret;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, QueryFilter as _, QueryOrder as _};

use crate::api::TenantTx;
use crate::entity::{belongs_to, endpoint, endpoint_activity};
use crate::error::StoreError;
use crate::keys::{Keys, SealError};

/// How long a replaced secret is still accepted.
const PREVIOUS_SECRET_GRACE_HOURS: i64 = 24;

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
}

/// What arrived at an endpoint so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Deliveries answered 200.
    pub accepted: i64,
    /// Deliveries refused.
    pub refused: i64,
    /// The last one answered 200.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The last one refused.
    pub last_refused_at: Option<DateTime<Utc>>,
    /// Why: the code of a [`domain::jws::Refusal`] kind.
    pub last_refusal: Option<String>,
}

/// An endpoint and what arrived at it.
#[derive(Clone, Debug)]
pub struct EndpointWithActivity {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What arrived.
    pub activity: Activity,
}

impl TenantTx {
    /// The company's active endpoint.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when the secret was sealed with another key.
    pub async fn endpoint(&self, keys: &Keys) -> Result<Option<EndpointWithActivity>, StoreError> {
        let row = self
            .select::<endpoint::Entity>()
            .order_by_desc(endpoint::Column::CreatedAt)
            .one(self.connection())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let activity = self
            .select::<endpoint_activity::Entity>()
            .filter(endpoint_activity::Column::EndpointId.eq(row.endpoint_id))
            .one(self.connection())
            .await?;
        let activity = activity.map_or_else(Activity::default, |row| Activity {
            accepted: row.accepted,
            refused: row.refused,
            last_event_at: row.last_event_at,
            last_refused_at: row.last_refused_at,
            last_refusal: row.last_refusal,
        });
        let tenant = TenantId(row.tenant_id);
        let id = EndpointId(row.endpoint_id);
        let secret = open_secret(keys, tenant, id, &row.secret)
            .map_err(|_| StoreError::Inconsistent { table: "endpoints", column: "secret" })?;
        let endpoint = Endpoint { tenant, id, token: row.token, secret, created_at: row.created_at };
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
        let update = Query::update()
            .table(endpoint::Entity)
            .value(endpoint::Column::PreviousSecret, Expr::col(endpoint::Column::Secret))
            .value(endpoint::Column::PreviousUntil, now + Duration::hours(PREVIOUS_SECRET_GRACE_HOURS))
            .value(endpoint::Column::Secret, sealed)
            .and_where(belongs_to::<endpoint::Entity>(self.tenant()))
            .and_where(endpoint::Column::EndpointId.eq(id.0))
            .to_owned();
        self.connection().execute(&update).await?;
        Ok(())
    }
}

/// Seals a secret for the row of its endpoint.
pub(crate) fn seal_secret(keys: &Keys, tenant: TenantId, id: EndpointId, secret: &Secret) -> Vec<u8> {
    keys.seal(&secret_place(tenant, id), secret.expose_bytes())
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

fn secret_place(tenant: TenantId, id: EndpointId) -> String {
    format!("endpoints.secret/{tenant}/{id}")
}
