//! Searching calls: one filter, and the text people type for it.
//!
//! [`CallFilter`] is what every face of search (query text, chips, GraphQL input) turns into; `store` turns it into
//! SQL. Nothing here knows a database.

mod facet;
mod histogram;
mod parse;
mod value;

use chrono::{DateTime, Utc};

pub use facet::Facet;
pub use histogram::{BUCKETS_MAX, BucketUnit, Buckets, StartBounds, Stretch};
pub use parse::{QueryError, parse};
pub use value::{parse_date_bound, relative_span};

use crate::state::{CallState, Direction, Outcome};

/// Characters of a search text; longer ones are refused.
pub const QUERY_CHARS_MAX: usize = 128;
/// Nested and sibling conditions of one filter; more are refused.
pub const FILTER_NODES_MAX: usize = 64;

/// A condition on calls. Combines freely.
#[derive(Clone, Debug, PartialEq)]
pub enum CallFilter {
    /// Every one of these holds. Of none: always true.
    All(Vec<CallFilter>),
    /// At least one of these holds. Of none: never true.
    Any(Vec<CallFilter>),
    /// This does not hold.
    Not(Box<CallFilter>),
    /// The direction is one of these.
    Direction(Vec<Direction>),
    /// The life-cycle state is one of these.
    State(Vec<CallState>),
    /// The outcome is one of these.
    Outcome(Vec<Outcome>),
    /// A number on that side matches.
    Number(NumberSide, NumberMatch),
    /// Someone of that side matches by name, e-mail or Dialpad id.
    Person(PersonSide, TextMatch),
    /// Free text: either party by name, e-mail, digits of a number or id; or the call's id.
    Text(String),
    /// When the call started.
    Started(Bound, DateTime<Utc>),
    /// Milliseconds of that measure; calls without it never match.
    Millis(Measure, Bound, f64),
    /// Dialpad said the call was recorded.
    Recorded(bool),
    /// A voicemail was left.
    Voicemail(bool),
    /// The call was transferred.
    Transferred(bool),
    /// The group (`Office:…`, `CallCenter:…`) is one of these.
    Group(Vec<String>),
    /// Dialpad's call id is one of these.
    CallId(Vec<i64>),
    /// A label matches; case does not matter.
    Label(TextMatch),
}

impl CallFilter {
    /// The filter that every call passes.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// How many conditions the filter holds, itself included.
    pub fn nodes(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => 1 + parts.iter().map(Self::nodes).sum::<usize>(),
            Self::Not(inner) => 1 + inner.nodes(),
            Self::Direction(_)
            | Self::State(_)
            | Self::Outcome(_)
            | Self::Number(..)
            | Self::Person(..)
            | Self::Text(_)
            | Self::Started(..)
            | Self::Millis(..)
            | Self::Recorded(_)
            | Self::Voicemail(_)
            | Self::Transferred(_)
            | Self::Group(_)
            | Self::CallId(_)
            | Self::Label(_) => 1,
        }
    }
}

/// Which number of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberSide {
    /// Any number that appears on the call.
    Any,
    /// The other side's.
    External,
    /// The company's.
    Internal,
}

/// Which person of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonSide {
    /// Someone or some group of the company: target, caller-id proxy or entry point.
    Internal,
    /// The contact.
    Contact,
}

/// How a number is compared: by its digits, so that format never matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberMatch {
    /// This number, in any format; or these words ("blocked").
    Is(String),
    /// Begins with these digits, with or without the country code.
    StartsWith(String),
    /// Ends with these digits.
    EndsWith(String),
    /// Has these digits somewhere.
    Contains(String),
}

/// How a name, e-mail or id is compared: folded, so that case and accents never matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// The whole name, e-mail or id.
    Is(String),
    /// The name or e-mail begins with this.
    StartsWith(String),
    /// The name or e-mail has this somewhere.
    Contains(String),
}

/// A comparison with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `<`
    Before,
    /// `<=`
    UpTo,
    /// `>`
    After,
    /// `>=`
    From,
    /// `=`
    Exactly,
}

/// A length of time on a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Dialpad's `duration`.
    Duration,
    /// Dialpad's `talk_time`.
    TalkTime,
}
