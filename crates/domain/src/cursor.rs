//! Cursors: a place in a list, sealed to the list it came from.
//!
//! A cursor carries the keyset position of a row and a MAC over that position, the company and the query. So a
//! cursor that was altered, or that comes from another company or another query, is refused instead of quietly
//! paging through the wrong list.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};

use crate::ids::TenantId;

/// Bytes of the MAC that are kept: 96 bits.
const MAC_BYTES: usize = 12;
/// Version, microseconds, tie.
const BODY_BYTES: usize = 1 + 8 + 16;
/// The layout of a cursor; a cursor of another version is refused.
const VERSION: u8 = 1;

/// Where a row stands in a list ordered by time and a number that breaks ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The time the list is ordered by.
    pub at: DateTime<Utc>,
    /// What breaks ties: the call id, or an event's digest read as a number.
    pub tie: u128,
}

/// Seals and opens cursors. One per process, made from the master key.
#[derive(Clone)]
pub struct CursorKey(hmac::Key);

impl CursorKey {
    /// `key` is derived from the master key, for this purpose only.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The cursor of `position` in the list that `tenant` sees for `query` (any stable text of what was asked).
    pub fn seal(&self, tenant: TenantId, query: &str, position: Position) -> String {
        let mut bytes = body(position);
        let mac = self.mac(tenant, query, &bytes);
        bytes.extend(mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor. `None` unless it was sealed with this key for the same company and query.
    pub fn open(&self, tenant: TenantId, query: &str, cursor: &str) -> Option<Position> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (body, mac) = bytes.split_at_checked(BODY_BYTES)?;
        let expected = self.mac(tenant, query, body);
        if !bool::from(subtle::ConstantTimeEq::ct_eq(mac, &expected[..])) || body.first() != Some(&VERSION) {
            return None;
        }
        let micros = i64::from_be_bytes(body.get(1..9)?.try_into().ok()?);
        let tie = u128::from_be_bytes(body.get(9..)?.try_into().ok()?);
        Some(Position { at: DateTime::from_timestamp_micros(micros)?, tie })
    }

    fn mac(&self, tenant: TenantId, query: &str, body: &[u8]) -> [u8; MAC_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(tenant.0.as_bytes());
        context.update(body);
        context.update(query.as_bytes());
        let mut out = [0; MAC_BYTES];
        out.copy_from_slice(&context.sign().as_ref()[..MAC_BYTES]);
        out
    }
}

fn body(position: Position) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BODY_BYTES + MAC_BYTES);
    bytes.push(VERSION);
    bytes.extend(position.at.timestamp_micros().to_be_bytes());
    bytes.extend(position.tie.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_cursor_opens_only_where_it_was_sealed() {
        let key = CursorKey::new(&[3; 32]);
        let (a, b) = (TenantId(Uuid::from_u128(1)), TenantId(Uuid::from_u128(2)));
        let position =
            Position { at: DateTime::from_timestamp_micros(1_789_398_245_120_000).unwrap(), tie: 42 };
        let cursor = key.seal(a, "calls", position);
        assert_eq!(key.open(a, "calls", &cursor), Some(position));
        assert_eq!(key.open(b, "calls", &cursor), None);
        assert_eq!(key.open(a, "other", &cursor), None);
        assert_eq!(CursorKey::new(&[4; 32]).open(a, "calls", &cursor), None);
        for at in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.open(a, "calls", std::str::from_utf8(&bytes).unwrap()), None, "byte {at}");
        }
        assert_eq!(key.open(a, "calls", ""), None);
    }
}
