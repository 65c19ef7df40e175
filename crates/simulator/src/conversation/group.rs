//! Calls to a group: one leg for the group, one for each agent whose phone rings, and legs for what was before.
//!
//! The links: an agent's leg names the group's leg as its entry point, the group's leg names the agent who answered
//! as its operator, a leg reached by transfer names the first leg as its master.

use super::{Script, after};
use crate::leg::{Direction, Leg};
use crate::office::{Customer, Party, PartyKind};

/// A group's leg, with a menu in front or without.
fn group_leg(script: &mut Script<'_>, group: &Party, customer: &Customer, started: i64, menu: bool) -> Leg {
    let mut leg = script.inbound(group, customer, started);
    if menu {
        // `connected` without a person: the menu picked up. An operator is not known yet.
        let picked_up = started + script.rng.between(900, 2_200);
        leg.picked_up = Some(picked_up);
        leg.connected = Some(picked_up);
        script.emit(&mut leg, "connected", picked_up);
    }
    leg
}

/// One agent's leg, 1 to 3 s after the group's turn came.
fn agent_leg(script: &mut Script<'_>, parent: &Leg, agent: &Party, turn: i64) -> Leg {
    let started = turn + script.rng.between(1_000, 3_000);
    // The caller is the parent's, known or not; any customer does for building the leg.
    let customer = script.any_customer();
    let mut leg = script.customer_leg(Direction::Inbound, agent, customer, started);
    leg.contact = parent.contact.clone();
    leg.external_number.clone_from(&parent.external_number);
    leg.entry_point_call_id = Some(parent.call_id);
    leg.entry_point_target.clone_from(&parent.target);
    leg.group_id.clone_from(&parent.group_id);
    leg.transferred_from.clone_from(&parent.transferred_from);
    let rang = started + script.rng.between(300, 700);
    leg.ring(rang);
    script.emit(&mut leg, "ringing", rang);
    leg
}

/// Queues the caller, rings agents, lets one of them answer and both legs end. Returns the group's leg.
fn answered_group(script: &mut Script<'_>, mut parent: Leg) -> Leg {
    let mut turn = parent.connected.unwrap_or(parent.started);
    if parent.picked_up.is_some() && script.rng.chance(70) {
        turn += script.rng.between(2_000, 20_000);
        parent.queued = Some(turn);
        script.emit(&mut parent, "queued", turn);
        turn += script.rng.between(1_000, 25_000);
    }
    let (office, count) = (script.office, 1 + script.rng.below(4));
    let agents = script.rng.sample(&office.people, count);
    let mut legs: Vec<Leg> =
        agents.into_iter().map(|agent| agent_leg(script, &parent, agent, turn)).collect();
    let Some(mut operator) = legs.pop() else { return parent };
    let first_rang = legs.iter().chain([&operator]).filter_map(|leg| leg.first_rang).min();
    parent.first_rang = first_rang;
    let latest_ring = legs.iter().chain([&operator]).filter_map(|leg| leg.first_rang).max();
    let answered = latest_ring.unwrap_or(turn) + script.rng.between(1_500, 12_000);

    operator.answer(answered);
    script.emit(&mut operator, "connected", answered);
    parent.answer(answered);
    parent.operator_call_id = Some(operator.call_id);
    script.emit(&mut parent, "connected", answered);
    for mut other in legs {
        script.hang_up(&mut other, answered + 40);
    }
    let ended = answered + after::talk_ms(script);
    supervise(script, &mut operator, answered, ended);
    script.hang_up(&mut operator, ended);
    let parent_ended = ended + script.rng.between(20, 90);
    script.hang_up(&mut parent, parent_ended);
    after::wrap_up(script, &mut operator);
    parent
}

/// Now and then a supervisor listens in, speaks, or takes over.
fn supervise(script: &mut Script<'_>, operator: &mut Leg, answered: i64, ended: i64) {
    if script.rng.chance(5) {
        let when = script.rng.between(answered, ended);
        let state = *script.rng.pick(&["monitor", "eavesdrop", "barge", "takeover"]);
        script.emit(operator, state, when);
    }
}

fn any_call_center<'a>(script: &mut Script<'a>) -> &'a Party {
    let office = script.office;
    script.rng.pick(&office.call_centers)
}

fn any_group<'a>(script: &mut Script<'a>) -> &'a Party {
    let office = script.office;
    if script.rng.chance(50) { any_call_center(script) } else { script.rng.pick(&office.departments) }
}

fn answered_center(script: &mut Script<'_>) -> Leg {
    let (center, customer) = (any_call_center(script), script.any_customer());
    let menu = script.rng.chance(80);
    let parent = group_leg(script, center, customer, script.origin, menu);
    answered_group(script, parent)
}

/// A menu, a queue, ringing agents, an answer.
pub(super) fn call_center(script: &mut Script<'_>) {
    let mut parent = answered_center(script);
    after::usual(script, &mut parent);
}

/// The same with the whole recap on the group's leg.
pub(super) fn recapped(script: &mut Script<'_>) {
    let mut parent = answered_center(script);
    after::call_transcription(script, &mut parent);
    after::recap(script, &mut parent);
}

/// Everybody's phone rang, nobody answered: the parent carries no link at all.
pub(super) fn missed(script: &mut Script<'_>) {
    let (group, customer) = (any_group(script), script.any_customer());
    let start = script.origin;
    let mut parent = script.inbound(group, customer, start);
    let (office, count) = (script.office, 2 + script.rng.below(4));
    let agents = script.rng.sample(&office.people, count);
    let legs: Vec<Leg> = agents.into_iter().map(|agent| agent_leg(script, &parent, agent, start)).collect();
    parent.first_rang = legs.iter().filter_map(|leg| leg.first_rang).min();
    let rang = parent.first_rang.unwrap_or(start);
    script.emit(&mut parent, "ringing", rang);
    let ended = start + script.rng.between(12_000, 40_000);
    for mut leg in legs {
        script.hang_up(&mut leg, ended);
    }
    let parent_ended = ended + script.rng.between(20, 90);
    if script.rng.chance(40) {
        script.end(&mut parent, parent_ended);
        script.emit(&mut parent, "missed", parent_ended);
    }
    script.hang_up(&mut parent, parent_ended);
}

/// The caller gives up while waiting; with luck some phones rang before that.
pub(super) fn abandoned(script: &mut Script<'_>) {
    let (center, customer) = (any_call_center(script), script.any_customer());
    let mut parent = group_leg(script, center, customer, script.origin, true);
    let queued = parent.connected.unwrap_or(parent.started) + script.rng.between(3_000, 15_000);
    parent.queued = Some(queued);
    script.emit(&mut parent, "queued", queued);
    let ended = queued + script.rng.between(10_000, 120_000);
    if script.rng.chance(40) {
        let agent = script.any_person();
        let mut leg = agent_leg(script, &parent, agent, queued);
        parent.first_rang = leg.first_rang;
        script.hang_up(&mut leg, ended);
    }
    script.hang_up(&mut parent, ended);
}

/// Passed on: two thirds from the main line or a department to a call center, a third from person to person.
pub(super) fn transfer(script: &mut Script<'_>) {
    if script.rng.chance(33) {
        return person_to_person(script);
    }
    let office = script.office;
    let customer = script.any_customer();
    let first = if script.rng.chance(50) { &office.main_line } else { script.rng.pick(&office.departments) };
    let start = script.origin;
    let mut root = group_leg(script, first, customer, start, first.kind != PartyKind::Office);
    if first.kind == PartyKind::Office {
        let when = start + 400;
        script.emit(&mut root, "calling", when);
    }
    let passed_on = start + script.rng.between(4_000, 15_000);
    root.is_transferred = true;
    script.hang_up(&mut root, passed_on);

    let center = any_call_center(script);
    let mut second = group_leg(script, center, customer, passed_on, false);
    inherit(&mut second, &root);
    let mut second = answered_group(script, second);
    after::usual(script, &mut second);
}

/// Gives the second leg the caller and the link of the first.
fn inherit(second: &mut Leg, first: &Leg) {
    second.contact = first.contact.clone();
    second.external_number.clone_from(&first.external_number);
    second.master_call_id = Some(first.call_id);
    second.transferred_from.clone_from(&first.target);
}

fn person_to_person(script: &mut Script<'_>) {
    let (office, customer) = (script.office, script.any_customer());
    let people = script.rng.sample(&office.people, 2);
    let [from, to] = people.as_slice() else { return };
    let start = script.origin;
    let mut first = script.inbound(from, customer, start);
    first.ring(start + 500);
    script.emit(&mut first, "ringing", start + 500);
    let answered = start + script.rng.between(3_000, 12_000);
    first.answer(answered);
    script.emit(&mut first, "connected", answered);
    let passed_on = answered + script.rng.between(10_000, 60_000);
    first.is_transferred = true;
    script.hang_up(&mut first, passed_on);

    let mut second = script.inbound(to, customer, passed_on);
    inherit(&mut second, &first);
    let rang = passed_on + script.rng.between(300, 800);
    second.ring(rang);
    script.emit(&mut second, "ringing", rang);
    let taken = rang + script.rng.between(2_000, 9_000);
    second.answer(taken);
    script.emit(&mut second, "connected", taken);
    let ended = taken + after::talk_ms(script);
    script.hang_up(&mut second, ended);
    after::usual(script, &mut second);
}
