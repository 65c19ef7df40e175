//! What Dialpad would send: calls from ring to recap, in the order they happen, then the disorder on the way.
//!
//! Companies use the same call ids for different calls, so that an event that ends up at the wrong company is seen.

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::support::{Event, START_MS};

/// Where the ids of calls begin; Dialpad's have sixteen digits.
const CALL_ID_MIN: i64 = 4_500_000_000_000_000;
/// Between the beginnings of two calls of a company.
const CALL_EVERY_MS: i64 = 61_000;
/// Of a thousand events: text messages, signed by another company, and sent to a Request URL that nobody has.
const OTHER: usize = 10;
const FORGED: usize = 8;
const STRAY: usize = 4;
/// Within how many neighbours the order is lost, and how far a late event falls behind.
const REORDER_WINDOW: usize = 8;
const LATE: usize = 10;
const LATE_BY: usize = 400;

/// What an event should be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Signed by its company: to be accepted.
    Good,
    /// Signed by its company, and about no call: to be accepted all the same.
    Other,
    /// Signed by another company: never to be stored.
    Forged,
    /// Sent to a Request URL that nobody has.
    Stray,
}

/// How an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Plain,
    /// The same claims in another order, signed again.
    Rewritten,
}

impl Form {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Rewritten => "rewritten",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Plain, Self::Rewritten].into_iter().find(|form| form.as_str() == text)
    }
}

/// One event, by its number in the plan.
pub(crate) struct Planned {
    pub(crate) company: usize,
    pub(crate) kind: Kind,
    pub(crate) call_id: i64,
    pub(crate) occurred_at_ms: i64,
    pub(crate) payload: String,
    pub(crate) rewritten: String,
}

impl Planned {
    pub(crate) fn payload(&self, form: Form) -> &str {
        match form {
            Form::Plain => &self.payload,
            Form::Rewritten => &self.rewritten,
        }
    }
}

/// Makes events without end.
pub(crate) struct Stories {
    chance: Chance,
    companies: usize,
    /// Calls that every company has so far.
    calls: i64,
    events: usize,
    /// Events that fell behind: after how many others they come.
    late: Vec<(usize, Planned)>,
}

impl Stories {
    pub(crate) fn new(seed: u64, companies: usize) -> Self {
        Self { chance: Chance::new(seed), companies, calls: 0, events: 0, late: Vec::new() }
    }

    /// About `count` further events, in the order they are sent, each with a transcript of `transcript_bytes`. The
    /// number of an event in the plan is written into it, and `first` is the next.
    pub(crate) fn next(&mut self, first: usize, count: usize, transcript_bytes: usize) -> Vec<Planned> {
        let mut events = Vec::new();
        while events.len() < count {
            for company in 0..self.companies {
                events.extend(self.call(company, transcript_bytes));
            }
            self.calls += 1;
        }
        for window in events.chunks_mut(REORDER_WINDOW) {
            if self.chance.happens(400) {
                self.chance.shuffle(window);
            }
        }
        self.delay(&mut events);
        for (number, planned) in (first..).zip(&mut events) {
            planned.mark(number);
        }
        events
    }

    /// Takes some events out, and lets earlier ones in.
    fn delay(&mut self, events: &mut Vec<Planned>) {
        let mut sent = Vec::with_capacity(events.len());
        for planned in events.drain(..) {
            self.events += 1;
            let due = self.events;
            let (now, later) = std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= due);
            self.late = later;
            let now: Vec<(usize, Planned)> = now;
            sent.extend(now.into_iter().map(|(_, planned)| planned));
            if self.chance.happens(LATE) {
                let by = self.chance.between(LATE_BY / 4, LATE_BY);
                self.late.push((due + by, planned));
            } else {
                sent.push(planned);
            }
        }
        *events = sent;
    }

    fn call(&mut self, company: usize, transcript_bytes: usize) -> Vec<Planned> {
        let chance = &mut self.chance;
        let call_id = CALL_ID_MIN + self.calls * 4_096;
        let start = START_MS + self.calls * CALL_EVERY_MS;
        let direction = if chance.happens(350) { "outbound" } else { "inbound" };
        let mut leg = Leg {
            event: Event::new(call_id, "").with(json!({
                "direction": direction,
                "date_started": start,
                "external_number": external_number(chance),
                "internal_number": format!("+1415555{:04}", chance.between(0, 9_999)),
                "target": { "id": 6_110_938_457_202_688_i64 + chance.between(0, 40) as i64, "type": "user",
                    "name": "Agent", "email": "agent@example.org", "phone": "+14155550100" },
                "transcription_text": "so they said ".repeat(transcript_bytes / 13),
            })),
            start,
            made: Vec::new(),
        };
        if direction == "outbound" {
            leg.outbound(chance)
        } else {
            leg.inbound(chance)
        }
        let kinds = |chance: &mut Chance| match () {
            () if chance.happens(OTHER) => Kind::Other,
            () if chance.happens(FORGED) => Kind::Forged,
            () if chance.happens(STRAY) => Kind::Stray,
            () => Kind::Good,
        };
        let made = leg.made.into_iter().map(|(occurred_at_ms, event)| match kinds(chance) {
            Kind::Other => Planned::other(company),
            kind => {
                let (payload, rewritten) = (event.payload(), event.payload_rewritten());
                Planned { company, kind, call_id, occurred_at_ms, payload, rewritten }
            }
        });
        made.collect()
    }
}

impl Kind {
    /// True for what is answered 200 and kept.
    pub(crate) fn is_accepted(self) -> bool {
        matches!(self, Self::Good | Self::Other)
    }
}

impl Planned {
    /// A text message instead of an event of a call.
    fn other(company: usize) -> Self {
        let payload =
            json!({ "id": 1, "from_number": "+12065550100", "to_number": ["+12065550101"], "text": "hi",
            "custom_data": Self::BLANK })
            .to_string();
        Self {
            company,
            kind: Kind::Other,
            call_id: 0,
            occurred_at_ms: 0,
            rewritten: payload.clone(),
            payload,
        }
    }

    /// Where [`Planned::mark`] writes.
    const BLANK: &str = "event 0000000000";

    fn mark(&mut self, number: usize) {
        let mark = format!("event {number:010}");
        self.payload = self.payload.replacen(Self::BLANK, &mark, 1);
        self.rewritten = self.rewritten.replacen(Self::BLANK, &mark, 1);
    }

    /// The number that is written in a payload.
    pub(crate) fn number(payload: &Value) -> Option<usize> {
        payload["custom_data"].as_str()?.strip_prefix("event ")?.parse().ok()
    }
}

fn external_number(chance: &mut Chance) -> Value {
    match chance.between(0, 19) {
        0 => Value::Null,
        1 => json!("anonymous"),
        _ => json!(format!("+1206555{:04}", chance.between(0, 9_999))),
    }
}

/// A leg of a call while it happens.
struct Leg {
    /// What the next event says, besides its state.
    event: Event,
    start: i64,
    made: Vec<(i64, Event)>,
}

impl Leg {
    /// Something happens `at` milliseconds after the start, and Dialpad says so a second later.
    fn tell(&mut self, state: &str, at: i64, facts: Value) {
        self.event = self.event.clone().with(facts);
        // Never the same moment twice: `made.len()` is part of it.
        let told_at = self.start + at + 700 + self.made.len() as i64;
        let said = json!({ "state": state, "event_timestamp": told_at, "custom_data": Planned::BLANK });
        self.made.push((told_at, self.event.clone().with(said)));
    }

    fn hangup(&mut self, connected: Option<i64>, at: i64, hold: i64) {
        let talk = connected.map_or(0, |connected| at - connected - hold);
        let duration = connected.map_or(json!(0), |connected| json!((at - connected) as f64 + 0.029));
        self.tell(
            "hangup",
            at,
            json!({ "date_ended": self.start + at, "duration": duration,
            "total_duration": at as f64 + 0.5, "talk_time": talk, "hold_time": hold }),
        );
    }

    fn inbound(&mut self, chance: &mut Chance) {
        let rang = chance.between(300, 2_000) as i64;
        let connected = rang + chance.between(2_000, 9_000) as i64;
        let ended = connected + chance.between(5_000, 40_000) as i64;
        let kind = chance.between(0, 99);
        if kind < 4 {
            return self.tell("blocked", 10, json!({ "date_ended": self.start + 10 }));
        }
        if kind < 12 {
            self.tell("queued", rang, json!({ "date_queued": self.start + rang }));
            return self.hangup(None, connected, 0);
        }
        self.tell("ringing", rang, json!({ "date_first_rang": self.start + rang }));
        if kind < 25 {
            if chance.happens(500) {
                self.tell("missed", connected, json!({}));
            }
            return self.hangup(None, connected, 0);
        }
        if kind < 37 {
            return self.voicemail(connected, ended);
        }
        self.answered(chance, rang, connected, ended);
    }

    fn voicemail(&mut self, at: i64, ended: i64) {
        self.tell("voicemail", at, json!({}));
        self.hangup(None, ended, 0);
        let link = format!("https://dialpad.com/v/{}", self.start);
        self.tell("voicemail_uploaded", ended + 3_000, json!({ "voicemail_link": link }));
        self.tell(
            "transcription",
            ended + 5_000,
            json!({ "transcription_text": "please call back ".repeat(8) }),
        );
    }

    fn answered(&mut self, chance: &mut Chance, rang: i64, connected: i64, ended: i64) {
        let dates = json!({ "date_rang": self.start + rang, "date_connected": self.start + connected });
        self.tell("connected", connected, dates);
        let hold = if chance.happens(200) { 1_500 } else { 0 };
        if hold > 0 {
            self.tell("hold", connected + 1_000, json!({}));
            self.tell("connected", connected + 2_500, json!({}));
        }
        if chance.happens(40) {
            return; // the hangup never comes
        }
        let transferred = chance.happens(100);
        self.event = self.event.clone().with(json!({ "is_transferred": transferred, "mos_score": 4.38 }));
        self.hangup(Some(connected), ended, hold);
        if chance.happens(400) {
            let recording = json!([{ "id": self.start.to_string(), "recording_type": "admincallrecording",
                "duration": ended - connected, "start_time": self.start + connected,
                "url": "https://dialpad.com/blob/adminrecording/1.mp3" }]);
            self.tell(
                "recording",
                ended + 60_000,
                json!({ "recording_details": recording, "was_recorded": true }),
            );
        }
        if chance.happens(200) {
            let summary = "The caller asked about an invoice; the agent sent it again. ".repeat(6);
            self.tell("recap_summary", ended + 120_000, json!({ "recap_summary": summary }));
        }
    }

    fn outbound(&mut self, chance: &mut Chance) {
        let rang = chance.between(500, 1_500) as i64;
        let connected = rang + chance.between(2_000, 9_000) as i64;
        self.tell("calling", 0, json!({}));
        self.tell("ringing", rang, json!({ "date_first_rang": self.start + rang }));
        if chance.happens(300) {
            return self.hangup(None, connected, 0);
        }
        let ended = connected + chance.between(5_000, 40_000) as i64;
        self.answered(chance, rang, connected, ended);
    }
}
