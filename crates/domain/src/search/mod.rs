//! Searching calls: one filter, and the text people type for it.
//!
//! [`CallFilter`] is what every face of search (query text, chips, GraphQL input) turns into, and what each can be made
//! from again; `store` turns it into SQL. Nothing here knows a database.
//!
//! What people say is a `CallFilter<When>`: "the last seven days" stays that. Only [`CallFilter::at`] makes the
//! `CallFilter` of it that can be executed, so nobody can forget to say what time it is.

mod chip;
mod condition;
mod facet;
mod histogram;
#[cfg(test)]
mod laws;
mod lex;
mod parse;
mod print;
mod tally;
mod value;

use chrono::{DateTime, Utc};

pub use chip::{Chip, chips};
pub use facet::Facet;
pub use histogram::{BUCKETS_MAX, BucketUnit, Buckets, StartBounds, Stretch};
pub use parse::{QueryError, parse};
pub use print::print;
pub use tally::{Piece, Pieces, QUARTER, Span, Tallied};
pub use value::{When, relative_span};

use crate::state::{CallState, Direction, Outcome};

/// Characters of a search text; longer ones are refused.
pub const QUERY_CHARS_MAX: usize = 128;
/// Nested and sibling conditions of one filter; more are refused.
pub const FILTER_NODES_MAX: usize = 64;

/// A condition on calls. Combines freely. `T` is a moment, or a [`When`] as long as nobody asked what time it is.
#[derive(Clone, Debug, PartialEq)]
pub enum CallFilter<T = DateTime<Utc>> {
    /// Every one of these holds. Of none: always true.
    All(Vec<Self>),
    /// At least one of these holds. Of none: never true.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
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
    Started(Bound, T),
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

impl<T> CallFilter<T> {
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

    /// The same filter without groups that say nothing: no `All` in `All`, no `Any` in `Any`, none of a single
    /// condition, no opposite of an opposite. The order of the conditions stays.
    #[must_use]
    pub fn normal(self) -> Self {
        match self {
            Self::All(parts) => {
                let parts = parts.into_iter().map(Self::normal);
                let flat = parts.flat_map(|part| match part {
                    Self::All(inner) => inner,
                    one => vec![one],
                });
                only(flat.collect()).unwrap_or_else(Self::All)
            }
            Self::Any(parts) => {
                let parts = parts.into_iter().map(Self::normal);
                let flat = parts.flat_map(|part| match part {
                    Self::Any(inner) => inner,
                    one => vec![one],
                });
                only(flat.collect()).unwrap_or_else(Self::Any)
            }
            Self::Not(inner) => match inner.normal() {
                Self::Not(inner) => *inner,
                Self::All(parts) if parts.is_empty() => Self::Any(parts),
                Self::Any(parts) if parts.is_empty() => Self::All(parts),
                one => Self::Not(Box::new(one)),
            },
            simple => simple,
        }
    }
}

/// The only one, or all of them again.
fn only<T>(mut parts: Vec<T>) -> Result<T, Vec<T>> {
    match parts.pop() {
        Some(one) if parts.is_empty() => Ok(one),
        last => {
            parts.extend(last);
            Err(parts)
        }
    }
}

impl CallFilter<When> {
    /// The filter that can be executed: times that count from now, counted from `now`.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> CallFilter {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.at(now)).collect();
        match self {
            Self::All(parts) => CallFilter::All(each(parts)),
            Self::Any(parts) => CallFilter::Any(each(parts)),
            Self::Not(inner) => CallFilter::Not(Box::new(inner.at(now))),
            Self::Started(bound, when) => CallFilter::Started(bound, when.at(now)),
            Self::Direction(any) => CallFilter::Direction(any),
            Self::State(any) => CallFilter::State(any),
            Self::Outcome(any) => CallFilter::Outcome(any),
            Self::Number(side, wanted) => CallFilter::Number(side, wanted),
            Self::Person(side, wanted) => CallFilter::Person(side, wanted),
            Self::Text(wanted) => CallFilter::Text(wanted),
            Self::Millis(measure, bound, ms) => CallFilter::Millis(measure, bound, ms),
            Self::Recorded(wanted) => CallFilter::Recorded(wanted),
            Self::Voicemail(wanted) => CallFilter::Voicemail(wanted),
            Self::Transferred(wanted) => CallFilter::Transferred(wanted),
            Self::Group(any) => CallFilter::Group(any),
            Self::CallId(any) => CallFilter::CallId(any),
            Self::Label(wanted) => CallFilter::Label(wanted),
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

impl Bound {
    /// Every comparison with its sign; a sign that begins like another stands before it.
    const SIGNS: [(&'static str, Self); 5] = [
        ("<=", Self::UpTo),
        (">=", Self::From),
        ("<", Self::Before),
        (">", Self::After),
        ("=", Self::Exactly),
    ];

    /// How it is written.
    fn sign(self) -> &'static str {
        match self {
            Self::Before => "<",
            Self::UpTo => "<=",
            Self::After => ">",
            Self::From => ">=",
            Self::Exactly => "=",
        }
    }
}

/// A length of time on a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Dialpad's `duration`.
    Duration,
    /// Dialpad's `talk_time`.
    TalkTime,
}
