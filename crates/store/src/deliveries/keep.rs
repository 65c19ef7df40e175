//! Deliveries as the receive path keeps them: within bounds, and ready to be examined again.

use chrono::{DateTime, Duration, Utc};
use domain::delivery::{DeliveryKind, DeliveryOutcome};
use domain::event::OtherKind;
use domain::ids::{DeliveryId, EndpointId, TenantId};
use domain::json::Digest;
use domain::jws::KeyUsed;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::{HOURS_DAYS, RING_BYTES_MAX, RING_DAYS, RING_ITEMS_MAX};
use crate::error::StoreError;
use crate::ingest::{EndpointSecrets, Ingest};
use crate::insert::{KEY_UNKNOWN, PREVIOUS_SECRET, PREVIOUS_URL, body_place};
use crate::payload::{Decoder, SEALED};
use crate::writer::Arrival;

/// Deliveries that one re-check examines at most.
pub const RECHECKED_AT_ONCE_MAX: i64 = 1_000;

/// A delivery that may be taken in now.
#[derive(Clone, Debug)]
pub struct Recheckable {
    /// What tells it from others.
    pub id: DeliveryId,
    /// The endpoint it came to.
    pub endpoint: EndpointId,
    /// Quarantined or rejected.
    pub outcome: DeliveryOutcome,
    /// The signed payload, or the body of a refused one.
    pub body: Vec<u8>,
    /// How it arrived.
    pub arrival: Arrival,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the receive path works for all companies under a role that can only do this"
)]
impl Ingest {
    /// Removes the oldest refused and repeated deliveries of these endpoints where there are too many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn trim_deliveries(&self, endpoints: &[(TenantId, EndpointId)]) -> Result<u64, StoreError> {
        let (tenants, endpoints): (Vec<Uuid>, Vec<Uuid>) =
            endpoints.iter().map(|(tenant, endpoint)| (tenant.0, endpoint.0)).unzip();
        let removed = sqlx::query(
            "DELETE FROM deliveries USING (
                 SELECT tenant_id, received_at, digest FROM (
                     SELECT kept.tenant_id, kept.received_at, kept.digest, row_number() OVER newest AS items,
                            sum(octet_length(kept.body)) OVER newest AS bytes
                     FROM UNNEST($1::uuid[], $2::uuid[]) AS busy (tenant_id, endpoint_id)
                     JOIN deliveries kept ON kept.tenant_id = busy.tenant_id AND kept.endpoint_id = busy.endpoint_id
                      AND kept.outcome IN ('duplicate', 'rejected')
                     WINDOW newest AS (PARTITION BY kept.tenant_id, kept.endpoint_id, kept.outcome
                                       ORDER BY kept.received_at DESC, kept.digest DESC)
                 ) ranked WHERE items > $3 OR bytes > $4
             ) excess
             WHERE deliveries.tenant_id = excess.tenant_id AND deliveries.received_at = excess.received_at
               AND deliveries.digest = excess.digest",
        )
        .bind(tenants)
        .bind(endpoints)
        .bind(RING_ITEMS_MAX)
        .bind(RING_BYTES_MAX)
        .execute(self.pool())
        .await?;
        Ok(removed.rows_affected())
    }

    /// Removes refused and repeated deliveries and counts by the hour that are older than they are kept.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn expire_deliveries(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM deliveries WHERE received_at < $1 AND outcome IN ('duplicate', 'rejected')")
            .bind(now - Duration::days(RING_DAYS))
            .execute(self.pool())
            .await?;
        sqlx::query("DELETE FROM delivery_hours WHERE hour < $1")
            .bind(now - Duration::days(HOURS_DAYS))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Refused deliveries of a company, then quarantined ones, of those whose content is kept, newest first; only these
    /// when `only` names some. At most [`RECHECKED_AT_ONCE_MAX`], and no more than fit into memory.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when a body was sealed with another key.
    pub async fn recheckable(
        &self,
        tenant: TenantId,
        only: Option<&[DeliveryId]>,
    ) -> Result<Vec<Recheckable>, StoreError> {
        let wanted = only.map(|only| {
            only.iter()
                .map(|id| (id.received_at, id.digest.as_bytes().to_vec()))
                .unzip::<_, _, Vec<DateTime<Utc>>, Vec<Vec<u8>>>()
        });
        let (received, digests) = wanted.unzip();
        let rows = sqlx::query(
            "SELECT received_at, digest, endpoint_id, outcome, marks, body_bytes, encoding, body FROM (
                 SELECT *, sum(octet_length(body)) OVER in_turn AS bytes, row_number() OVER in_turn AS items
                 FROM (
                     SELECT * FROM deliveries
                     WHERE tenant_id = $1 AND outcome IN ('quarantined', 'rejected') AND body IS NOT NULL
                       AND ($2::timestamptz[] IS NULL
                            OR (received_at, digest) IN (SELECT * FROM UNNEST($2, $3::bytea[])))
                     ORDER BY outcome DESC, received_at DESC LIMIT $4
                 ) newest
                 WINDOW in_turn AS (ORDER BY outcome DESC, received_at DESC, digest DESC)
             ) kept WHERE items = 1 OR bytes <= $5",
        )
        .bind(tenant.0)
        .bind(received)
        .bind(digests)
        .bind(RECHECKED_AT_ONCE_MAX)
        .bind(RING_BYTES_MAX)
        .fetch_all(self.pool())
        .await?;
        let mut decoder = Decoder::new();
        rows.iter().map(|row| self.read_recheckable(tenant, row, &mut decoder)).collect()
    }

    fn read_recheckable(
        &self,
        tenant: TenantId,
        row: &PgRow,
        decoder: &mut Decoder,
    ) -> Result<Recheckable, StoreError> {
        let inconsistent = |column| StoreError::Inconsistent { table: "deliveries", column };
        let digest =
            <[u8; Digest::BYTES]>::try_from(row.get::<&[u8], _>(1)).map_err(|_| inconsistent("digest"))?;
        let id = DeliveryId { received_at: row.get(0), digest: Digest::from_bytes(digest) };
        let outcome = DeliveryOutcome::parse(row.get(3)).ok_or_else(|| inconsistent("outcome"))?;
        let (encoding, stored): (i16, &[u8]) = (row.get(6), row.get(7));
        let body = if encoding == SEALED {
            self.keys().open(&body_place(tenant, id), stored).map_err(|_| inconsistent("body"))?
        } else {
            decoder.decode(encoding, stored).map_err(|_| inconsistent("body"))?
        };
        let marks: i16 = row.get::<Option<i16>, _>(4).unwrap_or(KEY_UNKNOWN);
        let key = match marks & (KEY_UNKNOWN | PREVIOUS_SECRET) {
            0 => Some(KeyUsed::Current),
            PREVIOUS_SECRET => Some(KeyUsed::Previous),
            _ => None,
        };
        let arrival = Arrival {
            key,
            previous_url: marks & PREVIOUS_URL != 0,
            recovered: outcome == DeliveryOutcome::Rejected,
            body_bytes: row.get::<Option<i32>, _>(5).and_then(|bytes| u32::try_from(bytes).ok()),
            since: None,
        };
        Ok(Recheckable { id, endpoint: EndpointId(row.get(2)), outcome, body, arrival })
    }

    /// Forgets deliveries that were taken in: what became of them stands elsewhere now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn forget_deliveries(&self, tenant: TenantId, ids: &[DeliveryId]) -> Result<(), StoreError> {
        let (received, digests): (Vec<DateTime<Utc>>, Vec<Vec<u8>>) =
            ids.iter().map(|id| (id.received_at, id.digest.as_bytes().to_vec())).unzip();
        sqlx::query(
            "DELETE FROM deliveries USING UNNEST($2::timestamptz[], $3::bytea[]) AS taken (received_at, digest)
             WHERE deliveries.tenant_id = $1 AND deliveries.received_at = taken.received_at
               AND deliveries.digest = taken.digest AND deliveries.outcome IN ('quarantined', 'rejected')",
        )
        .bind(tenant.0)
        .bind(received)
        .bind(digests)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// A quarantined delivery turned out to be an event of a known kind.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn recognise_delivery(
        &self,
        tenant: TenantId,
        id: DeliveryId,
        kind: OtherKind,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE deliveries SET outcome = $4, kind = $5, reason = NULL
             WHERE tenant_id = $1 AND received_at = $2 AND digest = $3",
        )
        .bind(tenant.0)
        .bind(id.received_at)
        .bind(id.digest.as_bytes().as_slice())
        .bind(DeliveryOutcome::Accepted.as_str())
        .bind(DeliveryKind::from(kind).as_str())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// An endpoint with its secrets, by id.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when a secret was sealed with another key.
    pub async fn endpoint_by_id(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        now: DateTime<Utc>,
    ) -> Result<Option<EndpointSecrets>, StoreError> {
        let row = sqlx::query(
            "SELECT tenant_id, endpoint_id, secret, previous_secret, previous_until, NULL::timestamptz
             FROM endpoints WHERE tenant_id = $1 AND endpoint_id = $2",
        )
        .bind(tenant.0)
        .bind(endpoint.0)
        .fetch_optional(self.pool())
        .await?;
        row.map(|row| self.read_endpoint(&row, now)).transpose()
    }
}
