//! Misbehaviour on demand.
//!
//! One law: whatever is switched on, every event still arrives once in good form. Duplicates and bad copies are
//! *added*, order and delay only move things. A receiver must therefore end up with the same calls as after a
//! well-behaved run.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::jws::SecretError;

use crate::conversation::Step;
use crate::error::SimulatorError;
use crate::rng::Rng;
use crate::sign::Signer;

/// How many of 100 events each misbehaviour touches.
pub const SHARE_PERCENT: u64 = 10;
/// Within how many neighbouring events of a conversation the order is lost.
const REORDER_WINDOW: usize = 4;
/// How long after the rest of its conversation a late event comes.
const LATE_SECONDS: i64 = 30;

/// One way not to behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Misbehave {
    /// Some events are sent again, byte for byte, 2, 4 or 8 s later.
    Duplicates,
    /// Some events change places with a near neighbour of their conversation.
    Reordering,
    /// Some events come after all the rest of their conversation.
    Late,
    /// Copies signed with another secret.
    WrongSecret,
    /// Copies as plain JSON.
    Unsigned,
    /// Copies that are broken: random bytes, cut tokens, `alg` none, padding, line breaks.
    Garbage,
}

impl Misbehave {
    /// Every misbehaviour.
    pub const ALL: [Self; 6] =
        [Self::Duplicates, Self::Reordering, Self::Late, Self::WrongSecret, Self::Unsigned, Self::Garbage];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duplicates => "duplicates",
            Self::Reordering => "reordering",
            Self::Late => "late",
            Self::WrongSecret => "wrong-secret",
            Self::Unsigned => "unsigned",
            Self::Garbage => "garbage",
        }
    }
}

impl fmt::Display for Misbehave {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Misbehave {
    type Err = SimulatorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|misbehave| misbehave.as_str() == text)
            .ok_or_else(|| SimulatorError::UnknownMisbehave(text.to_owned()))
    }
}

/// What a body is, and therefore what the receiver should do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An event for the first time.
    Good,
    /// An event again.
    Duplicate,
    /// To be refused.
    Bad,
}

/// A body ready to be posted.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// When it is sent on the simulated timeline.
    pub(crate) at: DateTime<Utc>,
    /// The number of the conversation: its deliveries keep their order.
    pub(crate) conversation: u64,
    pub(crate) form: Form,
    pub(crate) body: Bytes,
}

/// Both secrets of a run and what it should do wrong.
pub(crate) struct Sender {
    good: Signer,
    wrong: Signer,
    misbehave: Vec<Misbehave>,
}

impl Sender {
    pub(crate) fn new(secret: &str, misbehave: &[Misbehave]) -> Result<Self, SecretError> {
        const WRONG: [&str; 2] =
            ["the secret of another subscription", "the secret of yet another subscription"];
        let wrong = if secret == WRONG[0] { WRONG[1] } else { WRONG[0] };
        Ok(Self { good: Signer::new(secret)?, wrong: Signer::new(wrong)?, misbehave: misbehave.to_vec() })
    }

    fn does(&self, misbehave: Misbehave, rng: &mut Rng) -> bool {
        self.misbehave.contains(&misbehave) && rng.chance(SHARE_PERCENT)
    }

    /// Signs a conversation and adds what the plan wants wrong with it; not sorted.
    pub(crate) fn deliveries(&self, conversation: u64, mut steps: Vec<Step>, rng: &mut Rng) -> Vec<Delivery> {
        self.disorder(&mut steps, rng);
        let mut deliveries = Vec::with_capacity(steps.len());
        for step in &steps {
            let body = self.good.sign(&step.payload);
            let mut push = |at, form, body| deliveries.push(Delivery { at, conversation, form, body });
            if self.does(Misbehave::Duplicates, rng) {
                let again = step.at + TimeDelta::seconds(2 << rng.below(3));
                push(again, Form::Duplicate, body.clone());
            }
            if self.does(Misbehave::WrongSecret, rng) {
                push(step.at, Form::Bad, self.wrong.sign(&step.payload));
            }
            if self.does(Misbehave::Unsigned, rng) {
                push(step.at, Form::Bad, Bytes::from(step.payload.to_string()));
            }
            if self.does(Misbehave::Garbage, rng) {
                push(step.at, Form::Bad, broken(&body, rng));
            }
            push(step.at, Form::Good, body);
        }
        deliveries
    }

    /// Moves sending times; what the events say stays.
    fn disorder(&self, steps: &mut [Step], rng: &mut Rng) {
        for index in 0..steps.len() {
            if self.does(Misbehave::Reordering, rng) {
                let other = (index + 1 + rng.below(REORDER_WINDOW - 1)).min(steps.len() - 1);
                let moved = steps[index].at;
                steps[index].at = steps[other].at;
                steps[other].at = moved;
            }
        }
        let Some(last) = steps.iter().map(|step| step.at).max() else { return };
        for step in steps {
            if self.does(Misbehave::Late, rng) {
                step.at = last + TimeDelta::seconds(LATE_SECONDS + rng.between(0, LATE_SECONDS));
            }
        }
    }
}

/// A good token made unusable.
fn broken(token: &[u8], rng: &mut Rng) -> Bytes {
    let mut parts = token.split(|byte| *byte == b'.');
    let (header, claims) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match rng.below(8) {
        0 => (0..rng.between(1, 400)).map(|_| rng.next_u64() as u8).collect(),
        // Never only the last character or two: those of the signature might decode to the same bytes.
        1 => Bytes::copy_from_slice(&token[..token.len() / 2 + rng.below(token.len() / 4)]),
        2 => [b"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.", claims, b"."].concat().into(),
        3 => [token, b"=="].concat().into(),
        4 => {
            let (front, back) = token.split_at(header.len() + 1 + claims.len() / 2);
            [front, b"\n", back].concat().into()
        }
        5 => [b"\"", token, b"\""].concat().into(),
        6 => [b"\xef\xbb\xbf", token].concat().into(),
        _ => [header, b".", claims].concat().into(),
    }
}
