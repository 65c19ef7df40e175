//! Devices on which somebody has signed in: whoever guesses a password from the same address cannot lock its owner out
//! there.
//!
//! What a device keeps says which account it was and when, under a MAC; nothing is stored. It opens nothing: it only has
//! tries counted apart from those of others.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::ids::UserId;

/// How long a device is known.
pub const DEVICE_DAYS: i64 = 90;
/// Random bytes that tell devices apart.
pub const DEVICE_BYTES: usize = 16;
/// Account, seconds, random bytes.
const BODY_BYTES: usize = 16 + 8 + DEVICE_BYTES;

/// Marks devices and knows them again. One per process, made from the master key.
#[derive(Clone)]
pub struct DeviceKey(hmac::Key);

/// A device that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Who signed in there.
    pub user: UserId,
    /// Which of their devices it is.
    pub id: [u8; DEVICE_BYTES],
}

impl DeviceKey {
    /// `key` is derived from the master key, for this purpose only.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// What a device keeps on which somebody has just signed in.
    pub fn mark(&self, device: Device, now: DateTime<Utc>) -> String {
        let mut bytes = Vec::with_capacity(BODY_BYTES + 32);
        bytes.extend(device.user.0.as_bytes());
        bytes.extend(now.timestamp().to_be_bytes());
        bytes.extend(device.id);
        let mac = hmac::sign(&self.0, &bytes);
        bytes.extend(mac.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The device that keeps this; `None` unless it was marked with this key and not longer than [`DEVICE_DAYS`] ago.
    pub fn know(&self, kept: &str, now: DateTime<Utc>) -> Option<Device> {
        let bytes = URL_SAFE_NO_PAD.decode(kept).ok()?;
        let (body, mac) = bytes.split_at_checked(BODY_BYTES)?;
        hmac::verify(&self.0, body, mac).ok()?;
        let (user, rest) = body.split_first_chunk::<16>()?;
        let (seconds, id) = rest.split_first_chunk::<8>()?;
        let marked = DateTime::from_timestamp(i64::from_be_bytes(*seconds), 0)?;
        let is_known = now - marked < TimeDelta::days(DEVICE_DAYS);
        is_known.then_some(Device { user: UserId(Uuid::from_bytes(*user)), id: id.try_into().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_by_what_it_keeps_and_for_some_time() {
        let key = DeviceKey::new(&[3; 32]);
        let device = Device { user: UserId(Uuid::from_u128(7)), id: [9; DEVICE_BYTES] };
        let now = DateTime::from_timestamp(1_789_398_245, 0).unwrap();
        let kept = key.mark(device, now);
        let last = now + TimeDelta::days(DEVICE_DAYS) - TimeDelta::seconds(1);
        assert_eq!(key.know(&kept, now), Some(device));
        assert_eq!(key.know(&kept, last), Some(device));
        assert_eq!(key.know(&kept, last + TimeDelta::seconds(1)), None);
        assert_eq!(DeviceKey::new(&[4; 32]).know(&kept, now), None);
        for at in 0..kept.len() {
            let mut bytes = kept.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.know(std::str::from_utf8(&bytes).unwrap(), now), None, "byte {at}");
        }
        assert_eq!(key.know("", now), None);
        assert_eq!(key.know(&kept[..20], now), None);
    }
}
