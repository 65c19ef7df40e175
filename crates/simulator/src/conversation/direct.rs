//! A customer calls one person: answered, missed, voicemail, hold, park, blocked.

use super::{Script, after};
use crate::leg::{Direction, Leg};

/// Rings a person and lets them answer; returns the leg and the moment of the answer.
fn ring_and_answer(script: &mut Script<'_>) -> (Leg, i64) {
    let (person, customer) = (script.any_person(), script.any_customer());
    let start = script.origin;
    let mut leg = script.inbound(person, customer, start);
    let rang = start + script.rng.between(300, 900);
    leg.ring(rang);
    script.emit(&mut leg, "ringing", rang);
    let answered = rang + script.rng.between(2_000, 16_000);
    leg.answer(answered);
    script.emit(&mut leg, "connected", answered);
    (leg, answered)
}

/// Ringing, connected, hangup, and what usually follows.
pub(super) fn answered(script: &mut Script<'_>) {
    let (mut leg, from) = ring_and_answer(script);
    let ended = from + after::talk_ms(script);
    script.hang_up(&mut leg, ended);
    after::usual(script, &mut leg);
}

/// An answered call whose recording certainly follows.
pub(super) fn recorded(script: &mut Script<'_>) {
    let (mut leg, from) = ring_and_answer(script);
    let ended = from + after::talk_ms(script);
    script.hang_up(&mut leg, ended);
    after::recording(script, &mut leg);
    after::call_transcription(script, &mut leg);
}

/// Nobody answers. A fifth of these callers is gone before any phone rang.
pub(super) fn missed(script: &mut Script<'_>) {
    let (person, customer) = (script.any_person(), script.any_customer());
    let start = script.origin;
    let mut leg = script.inbound(person, customer, start);
    if script.rng.chance(20) {
        let ended = start + script.rng.between(200, 1_500);
        script.hang_up(&mut leg, ended);
        return;
    }
    let rang = start + script.rng.between(300, 900);
    let ended = rang + script.rng.between(4_000, 30_000);
    leg.ring(rang);
    if script.rng.chance(8) {
        // The snapshot is taken when the event is sent: this ringing already knows the end.
        script.end(&mut leg, ended);
        script.emit(&mut leg, "ringing", ended);
    } else {
        script.emit(&mut leg, "ringing", rang);
    }
    // Not every line sends `missed`, and its place against the hangup is not fixed.
    let missed = script.rng.below(3);
    script.end(&mut leg, ended);
    if missed == 1 {
        script.emit(&mut leg, "missed", ended);
    }
    script.emit(&mut leg, "hangup", ended);
    if missed == 2 {
        script.emit(&mut leg, "missed", ended);
    }
}

/// A message is left; its file and its transcript come later, the file sometimes minutes later.
pub(super) fn voicemail(script: &mut Script<'_>) {
    let (person, customer) = (script.any_person(), script.any_customer());
    let start = script.origin;
    let mut leg = script.inbound(person, customer, start);
    let rang = start + script.rng.between(300, 900);
    leg.ring(rang);
    script.emit(&mut leg, "ringing", rang);
    let greeted = rang + script.rng.between(15_000, 25_000);
    let ended = greeted + script.rng.between(6_000, 60_000);
    if script.rng.chance(70) {
        script.emit(&mut leg, "voicemail", greeted);
        script.hang_up(&mut leg, ended);
    } else {
        script.hang_up(&mut leg, ended);
        script.emit(&mut leg, "voicemail", ended);
    }
    after::voicemail_files(script, &mut leg, greeted);
}

/// Hold has a beginning but no end of its own: `connected` is sent again.
pub(super) fn hold(script: &mut Script<'_>) {
    let (mut leg, mut now) = ring_and_answer(script);
    for _ in 0..=script.rng.below(2) {
        now += script.rng.between(5_000, 40_000);
        script.emit(&mut leg, "hold", now);
        let held = script.rng.between(4_000, 50_000);
        now += held;
        leg.hold_ms += held;
        script.emit(&mut leg, "connected", now);
    }
    now += script.rng.between(5_000, 60_000);
    script.hang_up(&mut leg, now);
    after::usual(script, &mut leg);
}

/// Parked on the office line, picked up by a colleague on a leg of its own.
pub(super) fn parked(script: &mut Script<'_>) {
    let (mut first, answered) = ring_and_answer(script);
    let parked = answered + script.rng.between(8_000, 40_000);
    script.emit(&mut first, "parked", parked);
    let picked_up = parked + script.rng.between(6_000, 60_000);
    // The caller is the first leg's, known or not; any customer does for building the leg.
    let (colleague, stand_in) = (script.any_person(), script.any_customer());
    let mut second = script.customer_leg(Direction::Inbound, colleague, stand_in, picked_up);
    second.external_number.clone_from(&first.external_number);
    second.contact = first.contact.clone();
    second.master_call_id = Some(first.call_id);
    second.transferred_from.clone_from(&first.target);
    second.ring(picked_up);
    second.answer(picked_up);
    script.emit(&mut second, "connected", picked_up);
    first.is_transferred = true;
    script.hang_up(&mut first, picked_up);
    let ended = picked_up + after::talk_ms(script);
    script.hang_up(&mut second, ended);
}

/// One event and no more: the caller never gets through.
pub(super) fn blocked(script: &mut Script<'_>) {
    let (person, customer) = (script.any_person(), script.any_customer());
    let start = script.origin;
    let mut leg = script.customer_leg(Direction::Inbound, person, customer, start);
    leg.ended = Some(start + script.rng.between(100, 400));
    script.emit(&mut leg, "blocked", start);
}
