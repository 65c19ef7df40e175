//! A leg's snapshot as Dialpad writes it: which keys, which blanks, which number forms.

use serde_json::{Map, Value, json};

use crate::leg::{Era, Leg};
use crate::office::Party;

/// The keys that came after 2023.
const SINCE_2024: [&str; 6] = [
    "date_first_rang",
    "date_queued",
    "talk_time",
    "hold_time",
    "target_availability_status",
    "callback_requested",
];

/// The claims of one event.
pub(crate) fn event(leg: &Leg, state: &str, stamp: i64) -> Map<String, Value> {
    let mut claims = if leg.era == Era::Legacy { legacy(leg, state) } else { common(leg, state, stamp) };
    if leg.era == Era::Legacy {
        return claims;
    }
    if leg.era < Era::Y2024 {
        for key in SINCE_2024 {
            claims.remove(key);
        }
    }
    if leg.era >= Era::Y2025 {
        claims.insert("integrations".to_owned(), leg.integrations.clone());
    }
    if leg.era >= Era::Y2026 {
        claims.insert("selected_caller_id".to_owned(), Value::Null);
        claims.insert("is_internal".to_owned(), json!(leg.is_internal));
        claims.insert("transferred_from".to_owned(), party(leg.transferred_from.as_ref(), None));
    }
    if let Some(custom_data) = &leg.custom_data {
        claims.insert("custom_data".to_owned(), json!(custom_data));
    }
    if let Some(token) = leg.share_token {
        let link = |token: u64| json!(format!("https://dialpad.com/shared/call/{token:016x}"));
        claims.insert("company_call_review_share_link".to_owned(), link(token));
        claims.insert("public_call_review_share_link".to_owned(), link(token.rotate_left(17)));
    }
    claims
}

fn common(leg: &Leg, state: &str, stamp: i64) -> Map<String, Value> {
    let office_id = (leg.era >= Era::Y2024).then_some(leg.office_id);
    object(json!({
        "date_started": leg.started,
        "call_id": leg.call_id,
        "state": state,
        "direction": leg.direction.as_str(),
        "external_number": leg.external_number,
        "internal_number": leg.internal_number,
        "contact": leg.contact,
        "target": party(leg.target.as_ref(), office_id),
        "proxy_target": party(leg.proxy_target.as_ref(), None),
        "entry_point_target": party(leg.entry_point_target.as_ref(), None),
        "entry_point_call_id": leg.entry_point_call_id,
        "operator_call_id": leg.operator_call_id,
        "master_call_id": leg.master_call_id,
        "group_id": leg.group_id,
        "is_transferred": leg.is_transferred,
        "date_first_rang": leg.first_rang,
        "date_queued": leg.queued,
        "date_rang": leg.rang,
        "date_connected": leg.connected,
        "date_ended": leg.ended,
        "event_timestamp": stamp,
        "duration": leg.duration(),
        "total_duration": leg.total_duration(),
        "talk_time": leg.talk_time(),
        "hold_time": leg.hold_time(),
        "target_availability_status": "open",
        "callback_requested": null,
        "csat_score": null,
        "mos_score": leg.mos,
        "labels": leg.labels,
        "routing_breadcrumbs": [],
        "was_recorded": leg.was_recorded,
        "recording_details": leg.recording_details,
        "call_recording_ids": [],
        "voicemail_link": leg.voicemail_link,
        "voicemail_recording_id": null,
        "transcription_text": leg.transcription,
    }))
}

/// The 13 keys of the oldest subscriptions: no contact, no links, no time stamp, numbers without `+`.
fn legacy(leg: &Leg, state: &str) -> Map<String, Value> {
    let bare = |number: &str| number.trim_start_matches('+').to_owned();
    let short = |party: Option<&Party>| {
        party.map_or(json!({}), |party| {
            json!({"phone": party.phone, "type": party.kind.as_str(), "id": party.id, "email": party.email})
        })
    };
    object(json!({
        "internal_number": bare(&leg.internal_number),
        "target": short(leg.target.as_ref()),
        "date_ended": leg.ended,
        "proxy_target": {},
        "date_connected": leg.connected,
        "direction": leg.direction.as_str(),
        "call_id": leg.call_id,
        "state": state,
        "external_number": leg.external_number.as_deref().map(bare),
        "was_recorded": leg.was_recorded,
        "entry_point_target": {},
        "date_rang": leg.rang,
        "date_started": leg.started,
    }))
}

/// A target-like object, `{}` for nobody.
pub(crate) fn party(party: Option<&Party>, office_id: Option<i64>) -> Value {
    let Some(party) = party else { return json!({}) };
    let mut claims = object(json!({
        "id": party.id, "type": party.kind.as_str(), "name": party.name, "email": party.email, "phone": party.phone,
    }));
    if let Some(office_id) = office_id {
        claims.insert("office_id".to_owned(), json!(office_id));
    }
    Value::Object(claims)
}

/// The members of an object literal; nothing for any other value.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
