//! The receive path's door: which endpoint a token names, and how deliveries fare.
//!
//! Its role can look up endpoints and insert; it can read no call and serves nobody.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::delivery::Latencies;
use domain::ids::{EndpointId, EndpointToken, TenantId};
use domain::jws::LiveSecrets;
use domain::notice::{Notice, encode};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::{Row as _, types::Json};

use crate::endpoints::open_secret;
use crate::error::StoreError;
use crate::keys::Keys;
use crate::live::{self, Announcer};
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
    /// When the token stops being accepted, if it is that of a Request URL that was replaced.
    pub url_until: Option<DateTime<Utc>>,
}

impl EndpointSecrets {
    /// Whether the Request URL it was found by is still accepted.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.url_until.is_none_or(|until| at < until)
    }
}

/// What happened at an endpoint since the last time it was written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityDelta {
    /// Deliveries that were refused first and taken in by a re-check.
    pub recovered: i64,
    /// The last delivery answered 200.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The last one refused, and why.
    pub last_refused: Option<(DateTime<Utc>, &'static str)>,
    /// The last one signed with the replaced secret.
    pub previous_secret_used_at: Option<DateTime<Utc>>,
    /// The last one that came to the replaced Request URL.
    pub previous_url_used_at: Option<DateTime<Utc>>,
    /// Counts by the hour of arrival.
    pub hours: BTreeMap<DateTime<Utc>, HourDelta>,
}

/// What happened at an endpoint in one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourDelta {
    /// Stored and understood.
    pub accepted: i64,
    /// Stored before.
    pub duplicate: i64,
    /// Kept, not understood.
    pub quarantined: i64,
    /// Refused.
    pub rejected: i64,
    /// How long answers took.
    pub latencies: Latencies,
}

impl ActivityDelta {
    /// Adds what happened before this.
    pub fn add_older(&mut self, older: &Self) {
        self.recovered += older.recovered;
        self.last_event_at = self.last_event_at.max(older.last_event_at);
        self.last_refused = self.last_refused.or(older.last_refused);
        self.previous_secret_used_at = self.previous_secret_used_at.max(older.previous_secret_used_at);
        self.previous_url_used_at = self.previous_url_used_at.max(older.previous_url_used_at);
        for (hour, counts) in &older.hours {
            self.hours.entry(*hour).or_default().add(counts);
        }
    }

    /// Whether there are refused or repeated deliveries among them, of which only so many are kept.
    pub fn is_in_ring(&self) -> bool {
        self.hours.values().any(|hour| hour.rejected + hour.duplicate > 0)
    }

    fn sum(&self, pick: fn(&HourDelta) -> i64) -> i64 {
        self.hours.values().map(pick).sum()
    }
}

impl HourDelta {
    /// A delivery was answered after so long.
    pub fn answered_in(&mut self, latency: Duration) {
        self.latencies.add(latency.as_secs_f64() * 1_000.0);
    }

    fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.quarantined += other.quarantined;
        self.rejected += other.rejected;
        self.latencies.add_all(&other.latencies);
    }
}

/// The receive path's door.
#[derive(Clone)]
pub struct Ingest {
    lookups: PgPool,
    logins: Logins,
    announcer: Option<Announcer>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the receive path works for all companies under a role that can only do this"
)]
impl Ingest {
    /// Connections are opened when they are first needed. Must be called on the runtime of the receive path.
    pub fn new(logins: &Logins) -> Self {
        Self {
            lookups: pool::lazy_hasty(logins.options(DbRole::Ingest), LOOKUP_CONNECTIONS_MAX),
            logins: logins.clone(),
            announcer: None,
        }
    }

    /// Tells others of deliveries by this announcer; without it PostgreSQL does.
    #[must_use]
    pub fn announcing_by(self, announcer: Option<Announcer>) -> Self {
        Self { announcer, ..self }
    }

    /// Tells others that these companies got deliveries. A hint: what fails is not tried again.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn announce_deliveries(
        &self,
        tenants: impl IntoIterator<Item = TenantId>,
    ) -> Result<(), StoreError> {
        let notice: Notice = tenants.into_iter().map(|tenant| (tenant, Vec::new())).collect();
        match &self.announcer {
            Some(announcer) => announcer.announce(&notice),
            // Not in the transaction of the counts: that waits for the disk, and a commit with a notice for all others.
            None => live::notify(&mut *self.lookups.acquire().await?, &encode(&notice)).await?,
        }
        Ok(())
    }

    /// The keys of this installation.
    pub fn keys(&self) -> &Arc<Keys> {
        self.logins.keys()
    }

    /// A writer with a connection of its own, opened when it is first needed.
    pub fn writer(&self) -> Writer {
        Writer::new(self.logins.options(DbRole::Ingest), Arc::clone(self.logins.keys()))
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.lookups
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
            "SELECT tenant_id, endpoint_id, secret, previous_secret, previous_until,
                    CASE WHEN token = $1 THEN NULL ELSE previous_token_until END
             FROM endpoints WHERE token = $1 OR previous_token = $1",
        )
        .bind(token.as_str())
        .fetch_optional(&self.lookups)
        .await
        .map_err(|error| StoreError::from(error).or_not_set_up())?;
        row.map(|row| self.read_endpoint(&row, now)).transpose()
    }

    /// Reads company, endpoint, secret, previous secret, its end, and the end of the token.
    pub(crate) fn read_endpoint(
        &self,
        row: &PgRow,
        now: DateTime<Utc>,
    ) -> Result<EndpointSecrets, StoreError> {
        let (tenant, endpoint) = (TenantId(row.get(0)), EndpointId(row.get(1)));
        let open = |sealed: Vec<u8>, column| {
            open_secret(self.keys(), tenant, endpoint, &sealed)
                .map_err(|_| StoreError::Inconsistent { table: "endpoints", column })
        };
        let previous_until: Option<DateTime<Utc>> = row.get(4);
        let previous: Option<Vec<u8>> = row.get(3);
        let previous = previous.filter(|_| previous_until.is_some_and(|until| now < until));
        let secrets = LiveSecrets {
            current: open(row.get(2), "secret")?,
            previous: previous.map(|sealed| open(sealed, "previous_secret")).transpose()?,
        };
        Ok(EndpointSecrets { tenant, endpoint, secrets, previous_until, url_until: row.get(5) })
    }

    /// Adds up what happened at endpoints: all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was added then.
    pub async fn record_activity(
        &self,
        deltas: &[(TenantId, EndpointId, ActivityDelta)],
    ) -> Result<(), StoreError> {
        let mut tx = self.lookups.begin().await?;
        add_activity(&mut tx, deltas).await?;
        add_hours(&mut tx, deltas).await?;
        Ok(tx.commit().await?)
    }
}

#[expect(clippy::disallowed_methods, reason = "the receive path counts for all companies")]
async fn add_activity(
    connection: &mut PgConnection,
    deltas: &[(TenantId, EndpointId, ActivityDelta)],
) -> Result<(), StoreError> {
    let column =
        |pick: fn(&ActivityDelta) -> i64| deltas.iter().map(|(.., delta)| pick(delta)).collect::<Vec<_>>();
    let time = |pick: fn(&ActivityDelta) -> Option<DateTime<Utc>>| {
        deltas.iter().map(|(.., delta)| pick(delta)).collect::<Vec<_>>()
    };
    sqlx::query(
        "INSERT INTO endpoint_activity AS known
             (tenant_id, endpoint_id, accepted, duplicates, quarantined, refused, recovered, last_event_at,
              last_refused_at, last_refusal, previous_secret_used_at, previous_url_used_at)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                              $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::timestamptz[],
                              $12::timestamptz[])
         ON CONFLICT (tenant_id, endpoint_id) DO UPDATE SET
             accepted = known.accepted + excluded.accepted,
             duplicates = known.duplicates + excluded.duplicates,
             quarantined = known.quarantined + excluded.quarantined,
             refused = known.refused + excluded.refused,
             recovered = known.recovered + excluded.recovered,
             last_event_at = greatest(known.last_event_at, excluded.last_event_at),
             last_refused_at = greatest(known.last_refused_at, excluded.last_refused_at),
             last_refusal = coalesce(excluded.last_refusal, known.last_refusal),
             previous_secret_used_at = greatest(known.previous_secret_used_at, excluded.previous_secret_used_at),
             previous_url_used_at = greatest(known.previous_url_used_at, excluded.previous_url_used_at)",
    )
    .bind(deltas.iter().map(|(tenant, ..)| tenant.0).collect::<Vec<_>>())
    .bind(deltas.iter().map(|(_, endpoint, _)| endpoint.0).collect::<Vec<_>>())
    .bind(column(|delta| delta.sum(|hour| hour.accepted)))
    .bind(column(|delta| delta.sum(|hour| hour.duplicate)))
    .bind(column(|delta| delta.sum(|hour| hour.quarantined)))
    .bind(column(|delta| delta.sum(|hour| hour.rejected)))
    .bind(column(|delta| delta.recovered))
    .bind(time(|delta| delta.last_event_at))
    .bind(time(|delta| delta.last_refused.map(|(at, _)| at)))
    .bind(deltas.iter().map(|(.., delta)| delta.last_refused.map(|(_, why)| why)).collect::<Vec<_>>())
    .bind(time(|delta| delta.previous_secret_used_at))
    .bind(time(|delta| delta.previous_url_used_at))
    .execute(connection)
    .await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the receive path counts for all companies")]
async fn add_hours(
    connection: &mut PgConnection,
    deltas: &[(TenantId, EndpointId, ActivityDelta)],
) -> Result<(), StoreError> {
    let rows = deltas.iter().flat_map(|(tenant, endpoint, delta)| {
        delta.hours.iter().map(move |(hour, counts)| {
            json!({
                "tenant_id": tenant.0, "endpoint_id": endpoint.0, "hour": hour, "accepted": counts.accepted,
                "duplicate": counts.duplicate, "quarantined": counts.quarantined, "rejected": counts.rejected,
                "latencies": counts.latencies.counts(),
            })
        })
    });
    sqlx::query(
        "INSERT INTO delivery_hours AS known SELECT * FROM jsonb_populate_recordset(NULL::delivery_hours, $1)
         ON CONFLICT (tenant_id, endpoint_id, hour) DO UPDATE SET
             accepted = known.accepted + excluded.accepted,
             duplicate = known.duplicate + excluded.duplicate,
             quarantined = known.quarantined + excluded.quarantined,
             rejected = known.rejected + excluded.rejected,
             latencies = ARRAY(SELECT coalesce(one, 0) + coalesce(other, 0)
                               FROM UNNEST(known.latencies, excluded.latencies) AS both_of (one, other))",
    )
    .bind(Json(rows.collect::<Value>()))
    .execute(connection)
    .await?;
    Ok(())
}
