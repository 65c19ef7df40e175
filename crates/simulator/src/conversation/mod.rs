//! Scripts: one conversation each, from the first ring to the last late addition.
//!
//! A script moves [`Leg`]s along and emits a snapshot after each step. Times are milliseconds since 1970 and start
//! from the conversation's own beginning; nothing here reads a clock.

mod after;
mod direct;
mod group;
mod odd;
mod other;
mod outbound;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::leg::{Direction, Era, Leg};
use crate::office::{Customer, Office, Party};
use crate::payload;
use crate::rng::Rng;
use crate::scenario::Scenario;

/// Words a company sticks on calls.
const LABELS: [&str; 4] = ["vip", "billing", "returns", "follow up"];

/// One event: what Dialpad would send, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When Dialpad would send it.
    pub at: DateTime<Utc>,
    /// The claims, as they are before signing.
    pub payload: Value,
}

/// Plays one conversation that begins at `start`: all events of all its legs, in sending order.
///
/// The same arguments give the same events.
#[must_use]
pub fn generate(scenario: Scenario, office: &Office, rng: &mut Rng, start: DateTime<Utc>) -> Vec<Step> {
    let scenario = scenario.draw(rng);
    let mut script = Script::new(scenario, office, rng, start);
    match scenario {
        Scenario::InboundAnswered | Scenario::Legacy | Scenario::Mix => direct::answered(&mut script),
        Scenario::InboundMissed => direct::missed(&mut script),
        Scenario::Voicemail => direct::voicemail(&mut script),
        Scenario::Hold => direct::hold(&mut script),
        Scenario::Parked => direct::parked(&mut script),
        Scenario::Blocked => direct::blocked(&mut script),
        Scenario::Recording => direct::recorded(&mut script),
        Scenario::CallCenter => group::call_center(&mut script),
        Scenario::Recap => group::recapped(&mut script),
        Scenario::Transfer => group::transfer(&mut script),
        Scenario::MissedGroup => group::missed(&mut script),
        Scenario::Abandoned => group::abandoned(&mut script),
        Scenario::OutboundAnswered => outbound::answered(&mut script),
        Scenario::OutboundUnanswered => outbound::unanswered(&mut script),
        Scenario::Internal => outbound::internal(&mut script),
        Scenario::ApiStarted => outbound::api_started(&mut script),
        Scenario::ClickToCall => outbound::click_to_call(&mut script),
        Scenario::Merged => outbound::merged(&mut script),
        Scenario::Odd => odd::odd(&mut script),
        Scenario::OtherEvent => other::other(&mut script),
    }
    let mut steps = script.steps;
    // Legs were scripted one after another; the sort is stable, so a leg's own order stays.
    steps.sort_by_key(|step| step.at);
    steps
}

/// The conversation under way.
pub(crate) struct Script<'a> {
    pub(crate) office: &'a Office,
    pub(crate) rng: &'a mut Rng,
    start: DateTime<Utc>,
    /// The beginning in milliseconds since 1970.
    pub(crate) origin: i64,
    era: Era,
    /// Some old paths deliver numbers without `+`; all legs of a conversation agree on it.
    bare_numbers: bool,
    steps: Vec<Step>,
}

impl<'a> Script<'a> {
    fn new(scenario: Scenario, office: &'a Office, rng: &'a mut Rng, start: DateTime<Utc>) -> Self {
        let era = match (scenario, rng.below(20)) {
            (Scenario::Legacy, _) => Era::Legacy,
            (_, 0) => Era::Y2023,
            (_, 1 | 2) => Era::Y2024,
            (_, 3..=5) => Era::Y2025,
            (_, _) => Era::Y2026,
        };
        let bare_numbers = rng.chance(3);
        Self {
            office,
            rng,
            start,
            origin: start.timestamp_millis(),
            era,
            bare_numbers,
            steps: Vec::with_capacity(8),
        }
    }

    /// A leg between `target` and the outside number, not rung yet.
    fn leg(&mut self, direction: Direction, target: &Party, external: Option<&str>, started: i64) -> Leg {
        let form = |number: &str| {
            if self.bare_numbers { number.trim_start_matches('+').to_owned() } else { number.to_owned() }
        };
        let (internal_number, external_number) = (form(&target.phone), external.map(form));
        // Dialpad subtracts seconds as floats: mostly some microseconds too many, at times a long tail of nines.
        let noise =
            if self.rng.chance(15) { 0.029_999_999 } else { self.rng.between(8, 42) as f64 / 1_000.0 };
        let labels = if self.rng.chance(6) { vec![*self.rng.pick(&LABELS)] } else { Vec::new() };
        Leg {
            era: self.era,
            call_id: self.rng.dialpad_id(),
            direction,
            internal_number,
            external_number,
            target: Some(target.clone()),
            contact: json!({}),
            proxy_target: None,
            entry_point_target: None,
            transferred_from: None,
            entry_point_call_id: None,
            operator_call_id: None,
            master_call_id: None,
            group_id: target.kind.group_prefix().map(|prefix| format!("{prefix}:{}", target.id)),
            office_id: self.office.main_line.id,
            is_internal: false,
            is_transferred: false,
            was_recorded: false,
            started,
            first_rang: None,
            queued: None,
            rang: None,
            connected: None,
            ended: None,
            picked_up: None,
            answered: None,
            hold_ms: 0,
            noise,
            mos: None,
            labels,
            integrations: json!({}),
            custom_data: None,
            recording_details: Vec::new(),
            voicemail_link: None,
            transcription: None,
            share_token: None,
            last_stamp: 0,
            last_at: 0,
        }
    }

    /// A leg with a customer on the other side.
    pub(crate) fn customer_leg(
        &mut self,
        direction: Direction,
        to: &Party,
        who: &Customer,
        started: i64,
    ) -> Leg {
        let mut leg = self.leg(direction, to, Some(&who.phone), started);
        leg.contact = self.office.contact(who);
        leg
    }

    /// A customer calls; now and then an anonymous one, about whom nothing is known.
    pub(crate) fn inbound(&mut self, to: &Party, who: &Customer, started: i64) -> Leg {
        let mut leg = self.customer_leg(Direction::Inbound, to, who, started);
        if self.rng.chance(2) {
            leg.external_number = if self.rng.chance(50) { None } else { Some("blocked".to_owned()) };
            leg.contact = json!({});
        }
        leg
    }

    /// The leg ends: what Dialpad works out at that moment is filled in.
    pub(crate) fn end(&mut self, leg: &mut Leg, when: i64) {
        leg.ended = Some(when);
        leg.mos = Some(self.rng.between(380, 445) as f64 / 100.0);
        if leg.entry_point_call_id.is_none() && leg.era != Era::Legacy {
            leg.share_token = Some(self.rng.next_u64());
        }
    }

    /// Ends the leg and says so.
    pub(crate) fn hang_up(&mut self, leg: &mut Leg, when: i64) {
        self.end(leg, when);
        self.emit(leg, "hangup", when);
    }

    /// Sends a snapshot of the leg for something that happened at `fact`.
    pub(crate) fn emit(&mut self, leg: &mut Leg, state: &str, fact: i64) {
        self.emit_with(leg, state, fact, &[]);
    }

    /// The same with more keys than every event has.
    pub(crate) fn emit_with(&mut self, leg: &mut Leg, state: &str, fact: i64, extra: &[(&str, Value)]) {
        // Dialpad generates an event 0.7 to 1.6 s after the fact and sends it at once.
        let stamp = (fact + self.rng.between(700, 1_600)).max(leg.last_stamp + 1);
        let at = (stamp + self.rng.between(5, 80)).max(leg.last_at + 1);
        leg.last_stamp = stamp;
        leg.last_at = at;
        let mut claims = payload::event(leg, state, stamp);
        for (key, value) in extra {
            claims.insert((*key).to_owned(), value.clone());
        }
        self.push(at, Value::Object(claims));
    }

    /// Sends any claims at a time.
    pub(crate) fn push(&mut self, at: i64, payload: Value) {
        self.steps.push(Step { at: self.start + TimeDelta::milliseconds(at - self.origin), payload });
    }

    pub(crate) fn any_person(&mut self) -> &'a Party {
        let office = self.office;
        self.rng.pick(&office.people)
    }

    pub(crate) fn any_customer(&mut self) -> &'a Customer {
        let office = self.office;
        self.rng.pick(&office.customers)
    }
}
