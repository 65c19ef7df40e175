//! The receive path's door: which endpoint a token names, and how deliveries fare.
//!
//! Its role can look up endpoints and insert; it can read no call and serves nobody.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, EndpointToken, TenantId};
use domain::jws::LiveSecrets;
use sqlx::Row as _;
use sqlx::postgres::PgPool;

use crate::endpoints::open_secret;
use crate::error::StoreError;
use crate::keys::Keys;
use crate::migrate::{DbRole, Logins};
use crate::pool;
use crate::writer::Writer;

/// Connections for look-ups; writers have their own.
const LOOKUP_CONNECTIONS_MAX: u32 = 2;

/// What is needed to verify a delivery.
#[derive(Debug)]
pub struct EndpointSecrets {
    /// The company.
    pub tenant: TenantId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The secrets that are accepted.
    pub secrets: LiveSecrets,
    /// When the previous secret stops being accepted.
    pub previous_until: Option<DateTime<Utc>>,
}

/// What happened at an endpoint since the last time it was written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityDelta {
    /// Deliveries answered 200.
    pub accepted: i64,
    /// Deliveries refused.
    pub refused: i64,
    /// The last one answered 200.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The last one refused, and why.
    pub last_refused: Option<(DateTime<Utc>, &'static str)>,
}

impl ActivityDelta {
    /// Adds what happened before this.
    pub fn add_older(&mut self, older: &Self) {
        self.accepted += older.accepted;
        self.refused += older.refused;
        self.last_event_at = self.last_event_at.max(older.last_event_at);
        self.last_refused = self.last_refused.or(older.last_refused);
    }
}

/// The receive path's door.
#[derive(Clone)]
pub struct Ingest {
    lookups: PgPool,
    logins: Logins,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the receive path works for all companies under a role that can only do this"
)]
impl Ingest {
    /// Connections are opened when they are first needed. Must be called on the runtime of the receive path.
    pub fn new(logins: &Logins) -> Self {
        Self {
            lookups: pool::lazy(logins.options(DbRole::Ingest), LOOKUP_CONNECTIONS_MAX),
            logins: logins.clone(),
        }
    }

    /// The keys of this installation.
    pub fn keys(&self) -> &Arc<Keys> {
        self.logins.keys()
    }

    /// A writer with a connection of its own, opened when it is first needed.
    pub fn writer(&self) -> Writer {
        Writer::new(self.logins.options(DbRole::Ingest))
    }

    /// The endpoint that a token names.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when a secret was sealed with another key.
    pub async fn endpoint(
        &self,
        token: &EndpointToken,
        now: DateTime<Utc>,
    ) -> Result<Option<EndpointSecrets>, StoreError> {
        let row = sqlx::query(
            "SELECT tenant_id, endpoint_id, secret, previous_secret, previous_until FROM endpoints WHERE token = $1",
        )
        .bind(token.as_str())
        .fetch_optional(&self.lookups)
        .await
        .map_err(|error| StoreError::from(error).or_not_set_up())?;
        let Some(row) = row else { return Ok(None) };
        let (tenant, endpoint) = (TenantId(row.get(0)), EndpointId(row.get(1)));
        let keys: &Arc<Keys> = self.logins.keys();
        let open = |sealed: Vec<u8>, column| {
            open_secret(keys, tenant, endpoint, &sealed)
                .map_err(|_| StoreError::Inconsistent { table: "endpoints", column })
        };
        let previous_until: Option<DateTime<Utc>> = row.get(4);
        let previous: Option<Vec<u8>> = row.get(3);
        let previous = previous.filter(|_| previous_until.is_some_and(|until| now < until));
        let secrets = LiveSecrets {
            current: open(row.get(2), "secret")?,
            previous: previous.map(|sealed| open(sealed, "previous_secret")).transpose()?,
        };
        Ok(Some(EndpointSecrets { tenant, endpoint, secrets, previous_until }))
    }

    /// Adds up what happened at endpoints. One statement for all of them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was added then.
    pub async fn record_activity(
        &self,
        deltas: &[(TenantId, EndpointId, ActivityDelta)],
    ) -> Result<(), StoreError> {
        let column = |pick: fn(&ActivityDelta) -> i64| {
            deltas.iter().map(|(.., delta)| pick(delta)).collect::<Vec<_>>()
        };
        let mut tx = self.lookups.begin().await?;
        sqlx::query(
            "INSERT INTO endpoint_activity AS known
                 (tenant_id, endpoint_id, accepted, refused, last_event_at, last_refused_at, last_refusal)
             SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[],
                                  $5::timestamptz[], $6::timestamptz[], $7::text[])
             ON CONFLICT (tenant_id, endpoint_id) DO UPDATE SET
                 accepted = known.accepted + excluded.accepted,
                 refused = known.refused + excluded.refused,
                 last_event_at = greatest(known.last_event_at, excluded.last_event_at),
                 last_refused_at = greatest(known.last_refused_at, excluded.last_refused_at),
                 last_refusal = coalesce(excluded.last_refusal, known.last_refusal)",
        )
        .bind(deltas.iter().map(|(tenant, ..)| tenant.0).collect::<Vec<_>>())
        .bind(deltas.iter().map(|(_, endpoint, _)| endpoint.0).collect::<Vec<_>>())
        .bind(column(|delta| delta.accepted))
        .bind(column(|delta| delta.refused))
        .bind(deltas.iter().map(|(.., delta)| delta.last_event_at).collect::<Vec<_>>())
        .bind(deltas.iter().map(|(.., delta)| delta.last_refused.map(|(at, _)| at)).collect::<Vec<_>>())
        .bind(deltas.iter().map(|(.., delta)| delta.last_refused.map(|(_, why)| why)).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}
