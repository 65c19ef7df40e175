//! One leg of a conversation: everything Dialpad knows about it at a moment.
//!
//! A scenario moves a leg along and asks for a snapshot after each step; the keys of the snapshot are decided in
//! [`crate::payload`], so that a scenario does not care about the year it plays in.

use serde_json::{Value, json};

use crate::office::Party;

/// The set of keys a payload has. Dialpad adds keys every year and never removes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Era {
    /// Until about 2017: 13 keys, numbers without `+`.
    Legacy,
    /// Without queue, talk and hold times.
    Y2023,
    /// The common set.
    Y2024,
    /// With `integrations`.
    Y2025,
    /// With `is_internal`, `transferred_from` and `selected_caller_id`.
    Y2026,
}

/// Which side began the leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From outside.
    Inbound,
    /// From the company.
    Outbound,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// The state of one leg. All times are milliseconds since 1970.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) era: Era,
    pub(crate) call_id: i64,
    pub(crate) direction: Direction,
    pub(crate) internal_number: String,
    /// `None` is an anonymous caller.
    pub(crate) external_number: Option<String>,
    pub(crate) target: Option<Party>,
    pub(crate) contact: Value,
    pub(crate) proxy_target: Option<Party>,
    pub(crate) entry_point_target: Option<Party>,
    pub(crate) transferred_from: Option<Party>,
    pub(crate) entry_point_call_id: Option<i64>,
    pub(crate) operator_call_id: Option<i64>,
    pub(crate) master_call_id: Option<i64>,
    pub(crate) group_id: Option<String>,
    pub(crate) office_id: i64,
    pub(crate) is_internal: bool,
    pub(crate) is_transferred: bool,
    pub(crate) was_recorded: bool,
    pub(crate) started: i64,
    pub(crate) first_rang: Option<i64>,
    pub(crate) queued: Option<i64>,
    /// The ring that led to an answer: set together with `connected`.
    pub(crate) rang: Option<i64>,
    pub(crate) connected: Option<i64>,
    pub(crate) ended: Option<i64>,
    /// When a menu or a queue took the call: durations of groups count from here.
    pub(crate) picked_up: Option<i64>,
    /// When a person answered.
    pub(crate) answered: Option<i64>,
    pub(crate) hold_ms: i64,
    /// What Dialpad's arithmetic leaves behind the milliseconds.
    pub(crate) noise: f64,
    pub(crate) mos: Option<f64>,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) integrations: Value,
    pub(crate) custom_data: Option<String>,
    pub(crate) recording_details: Vec<Value>,
    pub(crate) voicemail_link: Option<String>,
    pub(crate) transcription: Option<String>,
    pub(crate) share_token: Option<u64>,
    /// Stamp and sending time of the leg's last event: those of one leg never run backwards.
    pub(crate) last_stamp: i64,
    pub(crate) last_at: i64,
}

impl Leg {
    /// Rings for the first time. Whether this ring is the one that counts is known only on an answer.
    pub(crate) fn ring(&mut self, when: i64) {
        self.first_rang = self.first_rang.or(Some(when));
    }

    /// A person answers.
    pub(crate) fn answer(&mut self, when: i64) {
        self.connected = Some(when);
        self.answered = Some(when);
        // `date_rang` is an inbound notion: it stays null on outbound legs even when the other side rang.
        if self.direction == Direction::Inbound {
            self.rang = self.first_rang;
        }
    }

    /// `duration`: null before the end, the integer 0 when nothing ever picked up, else a noisy float.
    pub(crate) fn duration(&self) -> Value {
        match (self.ended, self.picked_up.or(self.connected)) {
            (None, _) => Value::Null,
            (Some(_), None) => json!(0),
            (Some(ended), Some(from)) => self.noisy(ended - from),
        }
    }

    /// `total_duration`: from the first moment, ringing included.
    pub(crate) fn total_duration(&self) -> Value {
        self.ended.map_or(Value::Null, |ended| self.noisy(ended - self.started))
    }

    /// `talk_time`: set at the end only, 0 when no person spoke.
    pub(crate) fn talk_time(&self) -> Value {
        match (self.ended, self.answered) {
            (None, _) => Value::Null,
            (Some(_), None) => json!(0),
            (Some(ended), Some(answered)) => self.noisy(ended - answered - self.hold_ms),
        }
    }

    /// `hold_time`: set at the end only.
    pub(crate) fn hold_time(&self) -> Value {
        match (self.ended, self.hold_ms) {
            (None, _) => Value::Null,
            (Some(_), 0) => json!(0),
            (Some(_), hold_ms) => self.noisy(hold_ms),
        }
    }

    fn noisy(&self, duration_ms: i64) -> Value {
        json!(duration_ms as f64 + self.noise)
    }
}
