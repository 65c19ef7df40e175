//! Proves the outcome of calls as people would tell them.

use domain::fold::fold;
use domain::state::Outcome;
use serde_json::{Value, json};

use crate::samples::{START_MS, agent_leg, direct_hangup, event, group_leg, with};

fn outcome_of(payloads: &[Value]) -> Outcome {
    let events: Vec<_> = payloads.iter().map(event).collect();
    fold(events.iter().map(|(event, digest)| (event, *digest))).unwrap().outcome
}

/// The direct call with other members, ended without an answer unless they say otherwise.
fn unanswered(members: Value) -> Value {
    let never = json!({
        "date_connected": null, "date_rang": null, "date_first_rang": null, "duration": 0, "talk_time": 0
    });
    with(with(direct_hangup(), never), members)
}

#[test]
fn answered() {
    assert_eq!(outcome_of(&[direct_hangup()]), Outcome::Answered);
    assert_eq!(outcome_of(&[group_leg()]), Outcome::Answered);
    assert_eq!(outcome_of(&[agent_leg()]), Outcome::Answered);
    assert_eq!(outcome_of(&[with(direct_hangup(), json!({"direction": null}))]), Outcome::Answered);
    let outbound =
        json!({"direction": "outbound", "target": {"id": 1, "type": "call_center"}, "talk_time": null});
    assert_eq!(outcome_of(&[with(direct_hangup(), outbound)]), Outcome::Answered);
    let room = json!({"target": {"id": 1, "type": "room"}, "talk_time": null});
    assert_eq!(outcome_of(&[with(direct_hangup(), room)]), Outcome::Answered);
}

#[test]
fn picked_up_by_a_menu_only() {
    let menu = json!({"operator_call_id": null, "talk_time": 0});
    assert_eq!(outcome_of(&[with(group_leg(), menu.clone())]), Outcome::Abandoned, "it was queued");
    let rang = with(with(group_leg(), menu), json!({"date_queued": null}));
    assert_eq!(outcome_of(&[rang]), Outcome::Missed);
}

#[test]
fn missed_abandoned_cancelled() {
    assert_eq!(outcome_of(&[unanswered(json!({"date_first_rang": START_MS + 600}))]), Outcome::Missed);
    assert_eq!(outcome_of(&[unanswered(json!({"direction": ""}))]), Outcome::Abandoned);
    assert_eq!(outcome_of(&[unanswered(json!({}))]), Outcome::Abandoned, "gone before it rang");
    let rang = unanswered(json!({"state": "ringing", "date_ended": null}));
    assert_eq!(outcome_of(&[rang.clone(), unanswered(json!({}))]), Outcome::Missed);
    let queued = unanswered(json!({"state": "queued", "date_ended": null}));
    assert_eq!(
        outcome_of(&[queued, rang, unanswered(json!({}))]),
        Outcome::Abandoned,
        "gave up in the queue"
    );
    assert_eq!(outcome_of(&[unanswered(json!({"state": "missed"})), unanswered(json!({}))]), Outcome::Missed);
    assert_eq!(outcome_of(&[unanswered(json!({"direction": "outbound"}))]), Outcome::Cancelled);
}

#[test]
fn voicemail_blocked_and_their_exceptions() {
    let voicemail = unanswered(json!({"state": "voicemail", "date_ended": null}));
    assert_eq!(outcome_of(&[voicemail.clone(), unanswered(json!({}))]), Outcome::Voicemail);
    assert_eq!(
        outcome_of(&[unanswered(json!({"voicemail_link": "https://dialpad.com/vm/1"}))]),
        Outcome::Voicemail
    );
    assert_eq!(outcome_of(&[unanswered(json!({"state": "voicemail_uploaded"}))]), Outcome::Voicemail);
    assert_eq!(outcome_of(&[voicemail, direct_hangup()]), Outcome::Answered, "somebody talked");
    assert_eq!(outcome_of(&[unanswered(json!({"state": "missed"})), direct_hangup()]), Outcome::Answered);
    assert_eq!(outcome_of(&[unanswered(json!({"state": "blocked"})), direct_hangup()]), Outcome::Blocked);
}

#[test]
fn ongoing_until_something_proves_the_end() {
    let ringing = unanswered(json!({"state": "ringing", "date_ended": null, "date_first_rang": START_MS}));
    let connected =
        with(direct_hangup(), json!({"state": "connected", "date_ended": null, "talk_time": null}));
    assert_eq!(outcome_of(std::slice::from_ref(&ringing)), Outcome::Ongoing);
    assert_eq!(outcome_of(&[ringing, connected.clone()]), Outcome::Ongoing);
    let moments = with(connected.clone(), json!({"state": "call_moments"}));
    assert_eq!(outcome_of(&[connected.clone(), moments]), Outcome::Ongoing);
    for after in
        ["recording", "call_transcription", "recap_summary", "csat", "dispositions", "postcall", "pcsat"]
    {
        let after = with(connected.clone(), json!({"state": after}));
        assert_eq!(outcome_of(&[connected.clone(), after]), Outcome::Answered);
    }
    let ended = with(connected, json!({"date_ended": START_MS + 151_700}));
    assert_eq!(outcome_of(&[ended]), Outcome::Answered, "the hangup was lost");
}

#[test]
fn nobody_misses_a_call_of_ones_own() {
    let outbound = json!({"direction": "outbound", "state": "missed"});
    assert_eq!(outcome_of(&[unanswered(outbound)]), Outcome::Cancelled);
    assert_eq!(outcome_of(&[unanswered(json!({"state": "missed"}))]), Outcome::Missed);
}
