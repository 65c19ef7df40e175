//! What a delivery is: whether it is signed by its company, and what the signed bytes are. The same rules when it arrives
//! and when it leaves the journal.

use chrono::{DateTime, Utc};
use domain::event::{NotUnderstood, read_key};
use domain::ids::{EndpointId, TenantId, sha256};
use domain::json::Digest;
use domain::jws::{KeyUsed, Refusal, Verified, verify};
use store::{EndpointSecrets, Write, WriteKind};

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

/// The row of a verified payload.
pub(crate) fn write_of(
    tenant: TenantId,
    endpoint: EndpointId,
    received_at: DateTime<Utc>,
    payload: Vec<u8>,
) -> Write {
    let (kind, digest) = understand(&payload);
    Write { tenant, endpoint, received_at, digest, payload, kind }
}

/// Events of one call share a writer, so that two writers never insert the same event at the same time.
pub(crate) fn lane(write: &Write) -> u64 {
    match write.kind {
        // Dialpad's ids end in many zero bits; a multiplication spreads the others.
        WriteKind::Event { call_id, .. } => call_id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32,
        WriteKind::Quarantined(_) => u64::from(write.digest.as_bytes()[0]),
    }
}

/// What a signed payload is, and what tells it from others.
fn understand(payload: &[u8]) -> (WriteKind, Digest) {
    match read_key(payload) {
        Ok(key) => (WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at }, key.digest),
        Err(reason) => {
            let mut digest = [0; Digest::BYTES];
            digest.copy_from_slice(&sha256(payload)[..Digest::BYTES]);
            (WriteKind::Quarantined(NotUnderstood::code(reason)), Digest::from_bytes(digest))
        }
    }
}
