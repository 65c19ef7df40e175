//! How a call came out, in the words people use.
//!
//! Dialpad's states describe a leg's machinery: every leg ends with `hangup`, and a menu picking up is `connected`.
//! The outcome is what a person would say, from all that is known of the leg.

use crate::event::{Facts, Party};
use crate::fold::Seen;
use crate::state::{Direction, Outcome};

/// What the outcome depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// An unknown direction counts as inbound, the more common and the more careful reading.
    pub direction: Direction,
    /// The caller was blocked.
    pub blocked: bool,
    /// The caller reached voicemail.
    pub voicemail: bool,
    /// Dialpad called it missed.
    pub missed: bool,
    /// The call is over.
    pub ended: bool,
    /// Somebody or something picked up.
    pub connected: bool,
    /// Who picked up is a person: the leg is one person's, or names the leg of the agent who answered.
    pub person: bool,
    /// An agent talked.
    pub talked: bool,
    /// The caller waited in a queue.
    pub queued: bool,
    /// A device rang.
    pub rang: bool,
}

impl Evidence {
    /// The evidence in a call's facts and seen states.
    pub fn of(facts: &Facts, seen: Seen, ended: bool) -> Self {
        Self {
            direction: facts.direction,
            blocked: seen.blocked,
            voicemail: seen.voicemail || facts.voicemail_link.is_some(),
            missed: seen.missed,
            ended,
            connected: facts.date_connected.is_some(),
            person: facts.target.as_ref().is_some_and(Party::is_person) || facts.operator_call_id.is_some(),
            talked: facts.talk_time_ms.is_some_and(|talked_ms| talked_ms > 0.0),
            queued: seen.queued || facts.date_queued.is_some(),
            rang: seen.ringing || facts.date_rang.is_some() || facts.date_first_rang.is_some(),
        }
    }
}

/// The outcome that the evidence allows. A conversation outweighs a voicemail or a miss before it.
pub fn outcome(evidence: &Evidence) -> Outcome {
    let Evidence { direction, blocked, voicemail, missed, ended, connected, person, talked, queued, rang } =
        *evidence;
    if blocked {
        return Outcome::Blocked;
    }
    if voicemail && !talked {
        return Outcome::Voicemail;
    }
    // Nobody misses a call of one's own: an outbound call that nobody answered was cancelled.
    if missed && !talked && direction != Direction::Outbound {
        return Outcome::Missed;
    }
    if !ended {
        return Outcome::Ongoing;
    }
    match direction {
        Direction::Outbound if connected => Outcome::Answered,
        Direction::Outbound => Outcome::Cancelled,
        Direction::Inbound | Direction::Unknown if connected && (person || talked) => Outcome::Answered,
        Direction::Inbound | Direction::Unknown if queued || !rang => Outcome::Abandoned,
        Direction::Inbound | Direction::Unknown => Outcome::Missed,
    }
}
