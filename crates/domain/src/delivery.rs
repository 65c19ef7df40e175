//! What becomes of a delivery, in words for programs and for people.

use crate::event::{NotUnderstood, OtherKind};
use crate::ids::DeliveryId;
use crate::jws::Refusal;

/// An event that was received later than this after it happened is called late, in seconds. Dialpad gives up after
/// about 14, so such an event waited somewhere else.
pub const LATE_AFTER_SECONDS: i64 = 30;

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryOutcome {
    /// Stored and understood.
    Accepted,
    /// The same event was stored before.
    Duplicate,
    /// Signed, but not understood: kept, to be read again by a later version.
    Quarantined,
    /// Refused.
    Rejected,
}

impl DeliveryOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Duplicate, Self::Quarantined, Self::Rejected];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Quarantined => "quarantined",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// What a delivery is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryKind {
    /// An event of a call.
    CallEvent,
    /// A text message.
    Sms,
    /// A contact was created, updated or deleted.
    Contact,
    /// An agent's duty status changed.
    AgentStatus,
    /// A setting was changed.
    ChangeLog,
    /// Not understood, or refused before it was read.
    Unknown,
}

impl DeliveryKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::CallEvent, Self::Sms, Self::Contact, Self::AgentStatus, Self::ChangeLog, Self::Unknown];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CallEvent => "call_event",
            Self::Sms => OtherKind::Sms.as_str(),
            Self::Contact => OtherKind::Contact.as_str(),
            Self::AgentStatus => OtherKind::AgentStatus.as_str(),
            Self::ChangeLog => OtherKind::ChangeLog.as_str(),
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl From<OtherKind> for DeliveryKind {
    fn from(kind: OtherKind) -> Self {
        match kind {
            OtherKind::Sms => Self::Sms,
            OtherKind::Contact => Self::Contact,
            OtherKind::AgentStatus => Self::AgentStatus,
            OtherKind::ChangeLog => Self::ChangeLog,
        }
    }
}

/// Why a delivery was quarantined or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryReason {
    /// Signed, but no event that is known.
    NotUnderstood(NotUnderstood),
    /// Not signed as it must be.
    Refused(Refusal),
    /// The body is compressed; nothing is ever inflated.
    Compressed,
    /// The body is larger than a delivery may be.
    TooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The body ended before it was complete.
    BodyBroken,
}

impl DeliveryReason {
    /// Every reason that is stored.
    pub fn all() -> impl Iterator<Item = Self> {
        // Other events are accepted.
        let is_quarantined = |reason: &NotUnderstood| !matches!(reason, NotUnderstood::OtherEvent(_));
        let quarantined = NotUnderstood::ALL.iter().copied().filter(is_quarantined).map(Self::NotUnderstood);
        let refused = Refusal::ALL.iter().copied().map(Self::Refused);
        let others = [Self::Compressed, Self::TooLarge, Self::BodyTooSlow, Self::BodyBroken];
        quarantined.chain(refused).chain(others)
    }

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotUnderstood(reason) => reason.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Compressed => "COMPRESSED",
            Self::TooLarge => "TOO_LARGE",
            Self::BodyTooSlow => "BODY_TOO_SLOW",
            Self::BodyBroken => "BODY_BROKEN",
        }
    }

    /// Reads the stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|reason| reason.code() == code)
    }

    /// The HTTP status that a delivery with this reason is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotUnderstood(_) => 200,
            Self::Refused(_) => 401,
            Self::Compressed => 415,
            Self::TooLarge => 413,
            Self::BodyTooSlow => 408,
            Self::BodyBroken => 400,
        }
    }

    /// What happened and what to do about it, for people.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::NotUnderstood(reason) => not_understood(reason),
            Self::Refused(refusal) => refused(refusal),
            Self::Compressed => {
                "Refused: the body is compressed. Dialpad never does that; look at what stands in between."
            }
            Self::TooLarge => "Refused: the body is larger than 1 MiB, which no call event is.",
            Self::BodyTooSlow => {
                "Refused: the body did not arrive within 2.5 seconds. The network in between is slow."
            }
            Self::BodyBroken => "Refused: the connection ended before the body was complete.",
        }
    }
}

const fn not_understood(reason: NotUnderstood) -> &'static str {
    match reason {
        NotUnderstood::NotJson => "Signed, but the payload is not JSON. It is kept and can be re-checked.",
        NotUnderstood::NotAnObject => {
            "Signed, but the payload is not a JSON object. It is kept and can be re-checked."
        }
        NotUnderstood::NoCallId => {
            "Signed, but of a kind that is not known here: it has no call_id. It is kept and can be re-checked."
        }
        NotUnderstood::BadCallId => {
            "Signed, but its call_id is not a positive 64-bit number. It is kept and can be re-checked."
        }
        NotUnderstood::DuplicateKey => {
            "Signed, but it names several call_ids, so which call is meant cannot be known. It is kept."
        }
        NotUnderstood::OtherEvent(_) => "Signed, and of another kind than call events. It is kept.",
    }
}

const fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "Refused: the body is empty.",
        Refusal::Unsigned => {
            "Refused: the event is not signed. The webhook in Dialpad has no secret; enter the secret there."
        }
        Refusal::NotCompact => {
            "Refused: the body is not a signed token. It was probably not sent by Dialpad."
        }
        Refusal::HeaderTooLong => "Refused: the token's header is longer than 2 KiB. Dialpad's has 27 bytes.",
        Refusal::HeaderNotObject => {
            "Refused: the token's header cannot be read. It was probably not sent by Dialpad."
        }
        Refusal::HeaderExtension => {
            "Refused: the token's header asks for an extension that Dialpad does not use."
        }
        Refusal::Algorithm => {
            "Refused: the token is not signed with HS256, the only algorithm that Dialpad signs with."
        }
        Refusal::Signature => {
            "Refused: the signature does not match. The secret in Dialpad is another one than the secret here; make \
             them equal, then re-check."
        }
    }
}

/// What a re-check made of a quarantined or rejected delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rechecked {
    /// What told it from others before.
    pub before: DeliveryId,
    /// What tells it from others now.
    pub now: DeliveryId,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// Why, when it was not taken in.
    pub reason: Option<DeliveryReason>,
}

/// How many answers took how long: counts by the upper edge of their latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Latencies([u32; Latencies::BUCKETS]);

impl Latencies {
    /// Upper edges in milliseconds; what took longer is counted with the last.
    pub const EDGES_MS: [f64; Self::BUCKETS] = [
        0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 80.0, 120.0, 200.0, 300.0, 500.0, 800.0,
        1_200.0, 2_000.0, 3_000.0, 5_000.0,
    ];
    /// Counts that are kept.
    pub const BUCKETS: usize = 20;

    /// Counts one answer.
    pub fn add(&mut self, ms: f64) {
        let at = Self::EDGES_MS.iter().position(|edge| ms <= *edge).unwrap_or(Self::BUCKETS - 1);
        if let Some(count) = self.0.get_mut(at) {
            *count = count.saturating_add(1);
        }
    }

    /// Adds what another has counted.
    pub fn add_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count = count.saturating_add(more));
    }

    /// The counts, in the order of their edges.
    pub fn counts(&self) -> &[u32; Self::BUCKETS] {
        &self.0
    }

    /// The edge below which `share` of the answers lie, from counts in the order of the edges. Nothing without answers.
    pub fn percentile(counts: &[i64], share: f64) -> Option<f64> {
        let total: i64 = counts.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^53")]
        let wanted = total as f64 * share;
        let mut seen = 0;
        counts.iter().zip(Self::EDGES_MS).find_map(|(count, edge)| {
            seen += count;
            #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^53")]
            let reached = seen > 0 && seen as f64 >= wanted;
            reached.then_some(edge)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn words_round_trip_and_no_two_are_equal() {
        assert!(DeliveryOutcome::ALL.iter().all(|one| DeliveryOutcome::parse(one.as_str()) == Some(*one)));
        assert!(DeliveryKind::ALL.iter().all(|one| DeliveryKind::parse(one.as_str()) == Some(*one)));
        assert!(DeliveryReason::all().all(|one| DeliveryReason::parse(one.code()) == Some(one)));
        let codes: HashSet<_> = DeliveryReason::all().map(DeliveryReason::code).collect();
        assert_eq!(codes.len(), DeliveryReason::all().count());
        assert_eq!(DeliveryReason::parse("WEATHER"), None);
    }

    #[test]
    fn only_what_is_signed_is_answered_200() {
        for reason in DeliveryReason::all() {
            let is_signed = matches!(reason, DeliveryReason::NotUnderstood(_));
            assert_eq!(reason.status() == 200, is_signed, "{}", reason.code());
            assert_eq!(reason.explanation().starts_with("Signed"), is_signed, "{}", reason.code());
        }
    }

    #[test]
    fn percentiles_are_edges_of_what_was_counted() {
        let mut latencies = Latencies::default();
        for _ in 0..95 {
            latencies.add(4.2);
        }
        for _ in 0..5 {
            latencies.add(9_999.0);
        }
        let mut twice = latencies;
        twice.add_all(&latencies);
        let counts: Vec<i64> = twice.counts().iter().map(|count| i64::from(*count)).collect();
        assert_eq!(counts.iter().sum::<i64>(), 200);
        assert_eq!(Latencies::percentile(&counts, 0.5), Some(5.0));
        assert_eq!(Latencies::percentile(&counts, 0.95), Some(5.0));
        assert_eq!(Latencies::percentile(&counts, 0.96), Some(5_000.0));
        assert_eq!(Latencies::percentile(&[0; Latencies::BUCKETS], 0.5), None);
        assert_eq!(Latencies::percentile(&[], 0.5), None);
    }
}
