//! Calls placed by the company: answered or not, started from elsewhere, joined, or between colleagues.

use serde_json::{Value, json};

use super::{Script, after};
use crate::leg::{Direction, Leg};

/// A person dials a customer.
fn dialled(script: &mut Script<'_>) -> Leg {
    let (person, customer) = (script.any_person(), script.any_customer());
    let mut leg = script.customer_leg(Direction::Outbound, person, customer, script.origin);
    if script.rng.chance(15) {
        // Under the number of a department: the caller stays the target.
        let office = script.office;
        let department = script.rng.pick(&office.departments);
        leg.proxy_target = Some(department.clone());
        leg.internal_number.clone_from(&department.phone);
    } else if script.rng.chance(4) {
        leg.internal_number = "blocked".to_owned();
    }
    leg
}

/// Calling, at times ringing, connected. Returns the moment of the answer.
fn reach(script: &mut Script<'_>, leg: &mut Leg, connected_extra: &[(&str, Value)]) -> i64 {
    let started = leg.started;
    script.emit(leg, "calling", started);
    let rang = started + script.rng.between(1_200, 3_500);
    leg.ring(rang);
    if script.rng.chance(40) {
        script.emit(leg, "ringing", rang);
    }
    let answered = rang + script.rng.between(2_000, 20_000);
    leg.answer(answered);
    script.emit_with(leg, "connected", answered, connected_extra);
    answered
}

/// The customer answers.
pub(super) fn answered(script: &mut Script<'_>) {
    let mut leg = dialled(script);
    let from = reach(script, &mut leg, &[]);
    let ended = from + after::talk_ms(script);
    script.hang_up(&mut leg, ended);
    after::usual(script, &mut leg);
}

/// The customer does not answer. Some of these `ringing` events are sent after the end and know it.
pub(super) fn unanswered(script: &mut Script<'_>) {
    let mut leg = dialled(script);
    let started = leg.started;
    if script.rng.chance(75) {
        script.emit(&mut leg, "calling", started);
    }
    let rang = started + script.rng.between(1_200, 3_500);
    let ended = rang + script.rng.between(6_000, 45_000);
    leg.ring(rang);
    match script.rng.below(4) {
        0 => {
            leg.internal_number = "blocked".to_owned();
            script.end(&mut leg, ended);
            script.emit(&mut leg, "ringing", ended);
            script.emit(&mut leg, "hangup", ended);
        }
        1 => {
            script.hang_up(&mut leg, ended);
            script.emit(&mut leg, "ringing", ended);
        }
        2 => {
            script.emit(&mut leg, "ringing", rang);
            script.hang_up(&mut leg, ended);
        }
        _ => script.hang_up(&mut leg, ended),
    }
}

/// Started through the API: `custom_data` travels with every event, the recordings' addresses with the last two.
pub(super) fn api_started(script: &mut Script<'_>) {
    let mut leg = dialled(script);
    let ticket = script.rng.between(1_000, 9_999);
    leg.custom_data = Some(json!({ "ticket": ticket, "source": "helpdesk" }).to_string());
    let recording = script.rng.dialpad_id();
    let urls = json!([format!("https://dialpad.com/blob/adminrecording/{recording}.mp3")]);
    let from = reach(script, &mut leg, &[("admin_recording_urls", urls.clone())]);
    let ended = from + after::talk_ms(script);
    leg.recording_details.push(json!({
        "id": recording.to_string(), "duration": ended - from, "recording_type": "admincallrecording",
        "start_time": from, "url": urls[0],
    }));
    script.end(&mut leg, ended);
    script.emit_with(&mut leg, "hangup", ended, &[("admin_recording_urls", urls)]);
}

/// Started from a customer record: the link back is in `integrations`.
pub(super) fn click_to_call(script: &mut Script<'_>) {
    let mut leg = dialled(script);
    let record = format!("003{:015}", script.rng.between(0, 999_999_999_999_999));
    leg.integrations = json!({ "salesforce": { "primary_record_id": record } });
    let from = reach(script, &mut leg, &[]);
    let ended = from + after::talk_ms(script);
    let activity = format!("00T{:015}", script.rng.between(0, 999_999_999_999_999));
    leg.integrations["salesforce"]["salesforce_activity_id"] = json!(activity);
    script.hang_up(&mut leg, ended);
}

/// A third party joins; each party hangs up on its own leg, and nothing links the two.
pub(super) fn merged(script: &mut Script<'_>) {
    let mut leg = dialled(script);
    let from = reach(script, &mut leg, &[]);
    let joined = from + script.rng.between(10_000, 60_000);
    let (third, caller) = (script.any_customer(), leg.target.clone());
    let Some(caller) = caller else { return };
    let mut second = script.customer_leg(Direction::Outbound, &caller, third, joined);
    second.answer(joined);
    script.emit(&mut second, "merged", joined);
    let ended = joined + after::talk_ms(script);
    script.hang_up(&mut leg, ended);
    let second_ended = ended + script.rng.between(50, 4_000);
    script.hang_up(&mut second, second_ended);
}

/// Two colleagues: the contact is a user.
pub(super) fn internal(script: &mut Script<'_>) {
    let office = script.office;
    let people = script.rng.sample(&office.people, 2);
    let [caller, called] = people.as_slice() else { return };
    let mut leg = script.leg(Direction::Outbound, caller, Some(&called.phone), script.origin);
    leg.contact = json!({
        "id": called.id, "type": "user", "name": called.name, "email": called.email, "phone": called.phone,
    });
    leg.is_internal = true;
    let from = reach(script, &mut leg, &[]);
    let ended = from + after::talk_ms(script);
    script.hang_up(&mut leg, ended);
}
