//! Deliveries: everything that was posted to a Request URL, and what became of it.
//!
//! An accepted event of a call is its own record (`events`); every other delivery has a row in `deliveries`. What was
//! signed is kept as long as events are. Refused and repeated deliveries are a ring per endpoint, so that a flood of
//! them cannot fill the disk; their counts stay exact.

mod keep;
mod read;

use chrono::{DateTime, Utc};
use domain::delivery::{DeliveryKind, DeliveryOutcome, DeliveryReason};
use domain::ids::DeliveryId;
use domain::jws::KeyUsed;

pub use keep::{RECHECKED_AT_ONCE_MAX, Recheckable};

/// Refused deliveries that are kept per endpoint, and as many repeated ones.
pub const RING_ITEMS_MAX: i64 = 1_000;
/// Bytes of refused deliveries that are kept per endpoint.
pub const RING_BYTES_MAX: i64 = 64 * 1_024 * 1_024;
/// How long refused and repeated deliveries are kept.
pub const RING_DAYS: i64 = 7;
/// How long counts by the hour are kept.
pub const HOURS_DAYS: i64 = 92;

/// A delivery as its company sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// What tells it from others.
    pub id: DeliveryId,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// What it is about.
    pub kind: DeliveryKind,
    /// Why it was quarantined or rejected.
    pub reason: Option<DeliveryReason>,
    /// The secret that fitted; nothing when none did or it is not known.
    pub key: Option<KeyUsed>,
    /// It came to the Request URL that was replaced.
    pub previous_url: bool,
    /// It was refused first, and taken in by a re-check.
    pub recovered: bool,
    /// Bytes of the request's body, when known.
    pub body_bytes: Option<i32>,
    /// Microseconds from its arrival until it was handed to the disk, when known.
    pub latency_us: Option<i32>,
    /// The event that it is or repeats, by call id and time.
    pub event: Option<(i64, DateTime<Utc>)>,
}

/// Which deliveries are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// With one of these outcomes.
    pub outcomes: Vec<DeliveryOutcome>,
    /// About one of these.
    pub kinds: Vec<DeliveryKind>,
    /// With one of these reasons; nothing asks for all, also for those without a reason.
    pub reasons: Option<Vec<DeliveryReason>>,
    /// Received then or later.
    pub since: Option<DateTime<Utc>>,
    /// Received earlier.
    pub until: Option<DateTime<Utc>>,
}

impl Default for DeliveryFilter {
    fn default() -> Self {
        Self {
            outcomes: DeliveryOutcome::ALL.to_vec(),
            kinds: DeliveryKind::ALL.to_vec(),
            reasons: None,
            since: None,
            until: None,
        }
    }
}

impl DeliveryFilter {
    /// Whether events of calls can be among the deliveries that are asked for.
    fn has_events(&self) -> bool {
        self.outcomes.contains(&DeliveryOutcome::Accepted)
            && self.kinds.contains(&DeliveryKind::CallEvent)
            && self.reasons.is_none()
    }
}

/// How deliveries of one hour fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryHour {
    /// When the hour begins.
    pub hour: DateTime<Utc>,
    /// Stored and understood.
    pub accepted: i64,
    /// Stored before.
    pub duplicate: i64,
    /// Kept, not understood.
    pub quarantined: i64,
    /// Refused.
    pub rejected: i64,
    /// Answers by latency, in the order of [`domain::delivery::Latencies::EDGES_MS`].
    pub latencies: Vec<i64>,
}
