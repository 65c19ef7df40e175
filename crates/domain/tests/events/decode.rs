//! Proves that every field is read as Dialpad means it, and that nothing sent can make reading fail or panic.

use domain::event::{NotUnderstood, OtherKind, decode, read_key};
use domain::state::{CallState, Direction};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples::{HELP_ARTICLE, START_MS, agent_leg, at, direct_hangup, event, group_leg, with, without};

#[test]
fn the_printed_example_is_read_exactly() {
    let event = decode(HELP_ARTICLE.as_bytes()).unwrap();
    assert_eq!((event.call_id, event.state, event.state_raw.as_str()), (7, CallState::Hangup, "hangup"));
    assert_eq!(event.direction, Direction::Inbound);
    let internal = event.internal_number.as_ref().unwrap();
    assert_eq!((internal.raw(), internal.e164()), ("14155551001", Some("+14155551001")));
    let external = event.external_number.as_ref().unwrap();
    assert_eq!((external.raw(), external.e164()), ("14155556666", Some("+14155556666")));
    let target = event.target.as_ref().unwrap();
    assert_eq!((target.id.as_deref(), target.kind.as_str()), (Some("2"), "user"));
    assert_eq!((target.email.as_deref(), &target.name), (Some("bot@fuzz-ball.com"), &None));
    assert_eq!(target.phone.as_ref().unwrap().e164(), Some("+14155551001"));
    assert_eq!((&event.proxy_target, &event.entry_point_target, &event.contact), (&None, &None, &None));
    assert_eq!(event.was_recorded, Some(false));
    assert_eq!(event.date_started, Some(at(1_494_624_097_927)));
    let answered = Some(at(1_494_624_100_265));
    assert_eq!((event.date_rang, event.date_connected, event.date_ended), (answered, answered, answered));
    assert_eq!((event.event_timestamp, event.duration_ms), (None, None));
    assert_eq!(event.occurred_at, at(1_494_624_100_265));
    assert_eq!(event.problems, []);
}

#[test]
fn a_full_event_is_read_without_problems() {
    let (event, _) = event(&direct_hangup());
    assert_eq!(event.problems, []);
    assert_eq!(event.occurred_at, at(START_MS + 153_100));
    assert_eq!(event.talk_time_ms, Some(142_400.017));
    assert_eq!((event.hold_time_ms, event.mos_score), (Some(0.0), Some(4.37)));
    assert_eq!((event.date_queued, event.is_internal), (None, Some(false)));
    let contact = event.contact.as_ref().unwrap();
    assert_eq!(contact.id.as_deref(), Some("shared_contact_pool_Company:9042_uid_k18"));
    assert_eq!(contact.kind, "shared");
    assert_eq!(event.target.as_ref().unwrap().office_id, Some(4_911_873_300_267_008));
    assert_eq!((&event.transferred_from, &event.integrations), (&None, &None));
    assert_eq!(event.target_availability_status.as_deref(), Some("open"));
}

#[test]
fn group_and_agent_legs_name_each_other() {
    let (group, agent) = (event(&group_leg()).0, event(&agent_leg()).0);
    assert_eq!(group.operator_call_id, Some(agent.call_id));
    assert_eq!(agent.entry_point_call_id, Some(group.call_id));
    assert_eq!(agent.entry_point_target.as_ref().unwrap().kind, "call_center");
    assert_eq!(group.contact.as_ref().unwrap().email, None, "an empty e-mail is absent");
    assert_eq!((group.problems.len(), agent.problems.len()), (0, 0));
}

#[test]
fn later_fields_are_read() {
    let (event, _) = event(&with(
        direct_hangup(),
        json!({
            "recording_details": [
                {"id": "5001", "duration": 61_000, "recording_type": "callrecording", "start_time": START_MS + 9_400,
                 "url": "https://dialpad.com/blob/callrecording/5001.mp3"},
                {"id": 5002, "recording_type": "voicemail"}
            ],
            "recording_url": "https://dialpad.com/r/1", "admin_recording_urls": ["https://dialpad.com/a/1", ""],
            "recap_summary": "They agreed.", "recap_purposes": [{"name": "Billing"}, "Renewal"],
            "recap_action_items": ["Send the offer"], "call_dispositions": [{"disposition": "Sold"}],
            "csat_score": 4, "custom_data": {"order": 12}, "labels": ["vip", "vip"],
            "integrations": {"salesforce": {"primary_record_id": "0X1"}}, "transferred_from": {"id": 5, "type": "Office"},
            "routing_breadcrumbs": [{"breadcrumb_type": "callrouter", "date": START_MS}]
        }),
    ));
    assert_eq!(event.problems, []);
    assert_eq!(event.recording_details[0].started_at, Some(at(START_MS + 9_400)));
    assert_eq!(event.recording_details[0].duration_ms, Some(61_000.0));
    assert_eq!(event.recording_details[1].id.as_deref(), Some("5002"));
    assert_eq!(event.recording_urls, ["https://dialpad.com/r/1"]);
    assert_eq!(event.admin_recording_urls, ["https://dialpad.com/a/1"]);
    assert_eq!(event.recap_purposes, ["Billing", "Renewal"]);
    assert_eq!(event.dispositions, ["Sold"]);
    assert_eq!(event.csat_score.as_deref(), Some("4"));
    assert_eq!(event.custom_data.as_deref(), Some(r#"{"order":12}"#));
    assert_eq!(event.integrations, Some(json!({"salesforce": {"primary_record_id": "0X1"}})));
    assert_eq!(event.transferred_from.as_ref().unwrap().kind, "office");
    assert_eq!(event.routing_breadcrumbs.len(), 1);
}

#[test]
fn kinds_of_parties_have_one_spelling() {
    for (sent, expected) in [
        ("call_center", "call_center"),
        ("callcenter", "call_center"),
        ("CallCenter", "call_center"),
        ("Call Center", "call_center"),
        ("UserProfile", "user"),
        ("user", "user"),
        ("Department", "department"),
        ("coaching_team", "coaching_team"),
        ("staffgroup", "staff_group"),
        ("", "unknown"),
        ("New Thing", "newthing"),
    ] {
        let (event, _) = event(&with(direct_hangup(), json!({"target": {"id": 1, "type": sent}})));
        assert_eq!(event.target.as_ref().unwrap().kind, expected, "{sent}");
    }
}

#[test]
fn every_way_to_say_nothing_is_the_same() {
    let keys = direct_hangup().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for key in keys.iter().filter(|key| *key != "call_id") {
        let absent = decode(without(direct_hangup(), key).to_string().as_bytes()).unwrap();
        for blank in [Value::Null, json!(""), json!("  "), json!([]), json!({})] {
            let blanked = with(direct_hangup(), json!({ key.clone(): blank }));
            assert_eq!(decode(blanked.to_string().as_bytes()).unwrap(), absent, "{key}: {blank}");
        }
    }
}

#[test]
fn link_ids_have_words_for_none() {
    for none in [json!(0), json!("0"), json!("null"), json!("")] {
        let (event, _) =
            event(&with(direct_hangup(), json!({"master_call_id": none, "operator_call_id": "77"})));
        assert_eq!((event.master_call_id, event.operator_call_id), (None, Some(77)));
        assert_eq!(event.problems, []);
    }
}

#[test]
fn occurred_at_comes_from_the_payload_alone() {
    let without_timestamp = without(direct_hangup(), "event_timestamp");
    assert_eq!(event(&without_timestamp).0.occurred_at, at(START_MS + 151_700));
    let absurd = with(direct_hangup(), json!({"event_timestamp": 12}));
    assert_eq!(event(&absurd).0.occurred_at, at(START_MS + 151_700));
    let (bare, _) = event(&json!({"call_id": 7}));
    assert_eq!(bare.occurred_at, at(0));
    assert_eq!((bare.state, bare.state_raw.as_str()), (CallState::Unknown, ""));
}

#[test]
fn a_wrapped_event_is_unwrapped_once() {
    let inner = direct_hangup();
    let expected = event(&inner).0;
    assert_eq!(event(&json!({"type": "call", "event": inner})).0, expected);
    assert_eq!(event(&json!({"call_id": null, "event": inner})).0, expected);
    let two = json!({"a": inner, "b": inner});
    assert_eq!(decode(two.to_string().as_bytes()), Err(NotUnderstood::NoCallId));
    let deeper = json!({"a": {"b": inner}});
    assert_eq!(decode(deeper.to_string().as_bytes()), Err(NotUnderstood::NoCallId));
}

#[test]
fn other_events_are_told_apart() {
    for (payload, kind) in [
        (
            json!({"id": 9, "from_number": "+12065550133", "to_number": ["+12065550190"], "text": "Hi"}),
            OtherKind::Sms,
        ),
        (json!({"event": "Updated", "contact": {"id": "c1", "phones": []}}), OtherKind::Contact),
        (json!({"on_duty_status": "Available", "target": {"id": 5, "type": "user"}}), OtherKind::AgentStatus),
        (json!({"action": "edit", "changed_by": {"id": 5}, "date": START_MS}), OtherKind::ChangeLog),
    ] {
        let expected = NotUnderstood::OtherEvent(kind);
        assert_eq!(decode(payload.to_string().as_bytes()), Err(expected));
        assert_eq!(read_key(payload.to_string().as_bytes()), Err(expected));
    }
    let codes: std::collections::BTreeSet<_> =
        NotUnderstood::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), NotUnderstood::ALL.len());
}

/// Any JSON, shallow.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (START_MS - 5..START_MS + 5).prop_map(Value::from),
        (START_MS - 5..START_MS + 5).prop_map(|number| Value::from(number.to_string())),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["TRUE", "false", "null", "0", "-1", "1e9", "12.5", "\0", "hangup"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("type".to_owned()),
            Just("phone".to_owned()),
            Just("call_id".to_owned()),
            "[a-z_]{1,8}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A valid event with some members replaced by anything.
fn any_event() -> impl Strategy<Value = Value> {
    let keys = direct_hangup().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    prop::collection::btree_map(prop::sample::select(keys), any_json(), 0..8)
        .prop_map(|members| with(direct_hangup(), Value::Object(members.into_iter().collect())))
}

fn agree(payload: &[u8]) -> Result<(), TestCaseError> {
    match (read_key(payload), decode(payload)) {
        (Ok(key), Ok(event)) => {
            prop_assert_eq!(key.call_id, event.call_id);
            prop_assert_eq!(key.occurred_at, event.occurred_at);
            prop_assert_eq!(key.state_raw, event.state_raw);
            prop_assert!(key.call_id > 0);
        }
        (Err(key), Err(event)) => prop_assert_eq!(key, event),
        (key, event) => prop_assert!(false, "{key:?} but {event:?}"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn key_and_event_agree(payload in any_event()) {
        agree(payload.to_string().as_bytes())?;
    }

    #[test]
    fn any_json_is_judged(payload in any_json()) {
        agree(payload.to_string().as_bytes())?;
    }

    #[test]
    fn any_bytes_are_judged(payload in prop::collection::vec(any::<u8>(), 0..200)) {
        agree(&payload)?;
    }

    #[test]
    fn spoilt_bytes_are_judged(
        spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut payload = direct_hangup().to_string().into_bytes();
        spots.iter().for_each(|(index, byte)| *index.get_mut(&mut payload) = *byte);
        agree(&payload)?;
    }

    #[test]
    fn no_text_holds_nul(payload in any_event()) {
        if let Ok(event) = decode(payload.to_string().as_bytes()) {
            let shown = format!("{event:?}");
            prop_assert!(!shown.contains("\\0"), "{}", shown);
        }
    }
}
