//! What a delivery is: whether it is signed by its company, and what the signed bytes are. The same rules when it arrives,
//! when it leaves the journal, and when it is re-checked.

use chrono::{DateTime, Utc};
use domain::delivery::DeliveryReason;
use domain::event::{NotUnderstood, read_key};
use domain::ids::{EndpointId, TenantId, sha256};
use domain::json::Digest;
use domain::jws::{KeyUsed, Refusal, Verified, verify};
use store::{Arrival, EndpointSecrets, Write, WriteKind};

/// Checks that `body`, which arrived at `received_at`, is signed with a secret that counted then.
pub(crate) fn verified(
    body: &[u8],
    endpoint: &EndpointSecrets,
    received_at: DateTime<Utc>,
) -> Result<Verified, Refusal> {
    let verified = verify(body, &endpoint.secrets)?;
    let grace_is_over = endpoint.previous_until.is_none_or(|until| received_at >= until);
    if verified.key == KeyUsed::Previous && grace_is_over { Err(Refusal::Signature) } else { Ok(verified) }
}

/// Whose delivery something is, and when it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) tenant: TenantId,
    pub(crate) endpoint: EndpointId,
    pub(crate) received_at: DateTime<Utc>,
}

impl Origin {
    pub(crate) fn of(endpoint: &EndpointSecrets, received_at: DateTime<Utc>) -> Self {
        Self { tenant: endpoint.tenant, endpoint: endpoint.endpoint, received_at }
    }

    /// The row of a verified payload.
    pub(crate) fn signed(self, payload: Vec<u8>, arrival: Arrival) -> Write {
        let (kind, digest) = understand(&payload);
        self.write(kind, digest, payload, arrival)
    }

    /// The row of a delivery that is refused; `body` is empty when it is not kept.
    pub(crate) fn rejected(self, reason: DeliveryReason, body: Vec<u8>, arrival: Arrival) -> Write {
        let digest = digest_of(&body);
        self.write(WriteKind::Rejected(reason), digest, body, arrival)
    }

    fn write(self, kind: WriteKind, digest: Digest, payload: Vec<u8>, arrival: Arrival) -> Write {
        let Self { tenant, endpoint, received_at } = self;
        Write { tenant, endpoint, received_at, digest, payload, kind, arrival }
    }
}

/// Events of one call share a writer, so that two writers never insert the same event at the same time.
pub(crate) fn lane(write: &Write) -> u64 {
    match write.kind {
        // Dialpad's ids end in many zero bits; a multiplication spreads the others.
        WriteKind::Event { call_id, .. } => call_id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32,
        WriteKind::Other(_) | WriteKind::Quarantined(_) | WriteKind::Rejected(_) => {
            u64::from(write.digest.as_bytes()[0])
        }
    }
}

/// What a signed payload is, and what tells it from others.
fn understand(payload: &[u8]) -> (WriteKind, Digest) {
    match read_key(payload) {
        Ok(key) => (WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at }, key.digest),
        Err(NotUnderstood::OtherEvent(kind)) => (WriteKind::Other(kind), digest_of(payload)),
        Err(reason) => (WriteKind::Quarantined(reason), digest_of(payload)),
    }
}

fn digest_of(bytes: &[u8]) -> Digest {
    let mut digest = [0; Digest::BYTES];
    digest.copy_from_slice(&sha256(bytes)[..Digest::BYTES]);
    Digest::from_bytes(digest)
}
