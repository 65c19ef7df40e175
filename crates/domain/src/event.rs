//! A Dialpad call event: what was signed, read into types that cannot be wrong.
//!
//! Nothing Dialpad sends can make an event unreadable except a missing `call_id`: every other field that is not
//! understood is left out and named in [`CallEvent::problems`], because the raw payload is stored beside it.
//! Missing, `null`, `{}`, `[]` and `""` all mean absent.

mod decode;
mod facts;
mod party;
mod read;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use chrono::{DateTime, Utc};

use crate::json::Digest;
use crate::state::CallState;

pub use decode::{decode, read_key};
pub(crate) use facts::unite;
pub use facts::{Facts, Recording};
pub use party::Party;
pub(crate) use party::kind_name;
pub use read::{
    LIST_ITEMS_MAX, LONG_TEXT_BYTES_MAX, MILLISECONDS_MAX, PROBLEMS_MAX, TEXT_BYTES_MAX, URL_BYTES_MAX,
};

/// What the receive path needs to store an event: its identity, read from the payload alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKey {
    /// Dialpad's id of the leg, positive.
    pub call_id: i64,
    /// The moment of the event, see [`CallEvent::occurred_at`].
    pub occurred_at: DateTime<Utc>,
    /// The state as sent, at most [`TEXT_BYTES_MAX`] bytes; empty if none was sent.
    pub state_raw: String,
    /// The digest of all claims: equal for retries, also when they were signed again.
    pub digest: Digest,
}

/// One event of one call leg.
#[derive(Debug, Clone, PartialEq)]
pub struct CallEvent {
    /// Dialpad's id of the leg, positive.
    pub call_id: i64,
    /// `event_timestamp`, else the latest of the event's dates, else the Unix epoch. It never depends on when the
    /// event arrived, so that every copy of an event has the same identity.
    pub occurred_at: DateTime<Utc>,
    /// When Dialpad made the event: 0.7 to 1.6 seconds after the fact.
    pub event_timestamp: Option<DateTime<Utc>>,
    /// The state.
    pub state: CallState,
    /// The state as sent; empty if none was sent.
    pub state_raw: String,
    /// Everything the event says about its call. Readable directly: `event.direction`.
    pub facts: Facts,
    /// What was sent but not understood, in the order it was met; at most [`PROBLEMS_MAX`].
    pub problems: Vec<Problem>,
}

/// Reading `event.facts.direction` as `event.direction` keeps one list of fields for events and calls.
impl Deref for CallEvent {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// One field that was sent but could not be understood, shown as `date_ended: out of range`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Problem {
    /// The field's path in the payload, for example `target.office_id`.
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// A value of another type, or a string that does not read as the type.
    NotUnderstood,
    /// A date outside 2000 to 2099, a negative or absurd duration, an id that is not positive.
    OutOfRange,
    /// The end is before the start; both are kept.
    BeforeStart,
    /// The text was longer than its limit and was cut.
    Cut,
    /// The list had more than [`LIST_ITEMS_MAX`] items; the rest was left out.
    TooMany,
}

impl Fault {
    /// What to show a person.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotUnderstood => "not understood",
            Self::OutOfRange => "out of range",
            Self::BeforeStart => "before date_started",
            Self::Cut => "cut, too long",
            Self::TooMany => "cut, too many items",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.fault.as_str())
    }
}

/// Why a signed payload is not a call event. It is kept and can be read again by a later version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotUnderstood {
    /// Not a JSON text (or one nested too deeply).
    #[error("the payload is not JSON")]
    NotJson,
    /// JSON, but not an object.
    #[error("the payload is not a JSON object")]
    NotAnObject,
    /// No `call_id`, and none of the other kinds of event we know.
    #[error("the payload has no call_id")]
    NoCallId,
    /// A `call_id` that is not a whole number from 1 to 2^63 - 1.
    #[error("the payload's call_id is not a positive 64-bit number")]
    BadCallId,
    /// Several `call_id` with different values: which call is meant cannot be known.
    #[error("the payload has several call_ids")]
    DuplicateKey,
    /// An event of another Dialpad subscription on the same URL.
    #[error("the payload is not a call event but: {}", .0.as_str())]
    OtherEvent(OtherKind),
}

impl NotUnderstood {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::NotJson,
        Self::NotAnObject,
        Self::NoCallId,
        Self::BadCallId,
        Self::DuplicateKey,
        Self::OtherEvent(OtherKind::Sms),
        Self::OtherEvent(OtherKind::Contact),
        Self::OtherEvent(OtherKind::AgentStatus),
        Self::OtherEvent(OtherKind::ChangeLog),
    ];

    /// The stable code, as stored with a delivery.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotJson => "NOT_JSON",
            Self::NotAnObject => "NOT_AN_OBJECT",
            Self::NoCallId => "NO_CALL_ID",
            Self::BadCallId => "BAD_CALL_ID",
            Self::DuplicateKey => "DUPLICATE_KEY",
            Self::OtherEvent(OtherKind::Sms) => "OTHER_SMS",
            Self::OtherEvent(OtherKind::Contact) => "OTHER_CONTACT",
            Self::OtherEvent(OtherKind::AgentStatus) => "OTHER_AGENT_STATUS",
            Self::OtherEvent(OtherKind::ChangeLog) => "OTHER_CHANGE_LOG",
        }
    }
}

/// The other Dialpad events that may be sent to the same URL; kept and counted, never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherKind {
    /// A text message.
    Sms,
    /// A contact was created, updated or deleted.
    Contact,
    /// An agent's duty status changed.
    AgentStatus,
    /// A setting was changed.
    ChangeLog,
}

impl OtherKind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Contact => "contact",
            Self::AgentStatus => "agent_status",
            Self::ChangeLog => "change_log",
        }
    }
}
