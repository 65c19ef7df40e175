//! The same legs as Dialpad's REST API would list them, for trying out an import.
//!
//! Rows differ from events: ids and dates are text, nulls are left out, durations are always floats, and a number of
//! keys is missing altogether.

use serde_json::{Map, Value, json};

use crate::conversation::Step;

/// Keys of events that the REST API does not know.
const EVENTS_ONLY: [&str; 16] = [
    "talk_time",
    "hold_time",
    "date_queued",
    "date_first_rang",
    "voicemail_link",
    "is_internal",
    "integrations",
    "recap_summary",
    "recap_outcome",
    "recap_purposes",
    "recap_action_items",
    "transferred_from",
    "selected_caller_id",
    "csat_score",
    "voicemail_recording_id",
    "callback_requested",
];
/// Keys that are 64-bit numbers in events and text in rows.
const AS_TEXT: [&str; 9] = [
    "call_id",
    "entry_point_call_id",
    "master_call_id",
    "operator_call_id",
    "date_started",
    "date_rang",
    "date_connected",
    "date_ended",
    "event_timestamp",
];

/// One row for each finished leg of a conversation, newest start first, as `GET /call` lists them.
#[must_use]
pub fn rest_rows(steps: &[Step]) -> Vec<Value> {
    let mut legs: Vec<(i64, i64, &Step)> = Vec::new();
    for step in steps {
        let Some(call_id) = step.payload["call_id"].as_i64() else { continue };
        if step.payload["date_ended"].is_null() {
            continue;
        }
        let started = step.payload["date_started"].as_i64().unwrap_or_default();
        match legs.iter_mut().find(|(_, id, _)| *id == call_id) {
            // Later events know at least as much as earlier ones.
            Some(known) => known.2 = step,
            None => legs.push((started, call_id, step)),
        }
    }
    legs.sort_by_key(|(started, _, _)| std::cmp::Reverse(*started));
    legs.iter().filter_map(|(_, _, step)| step.payload.as_object().map(rest_row)).collect()
}

fn rest_row(claims: &Map<String, Value>) -> Value {
    let mut row = Map::new();
    for (key, value) in claims {
        if value.is_null() || EVENTS_ONLY.contains(&key.as_str()) {
            continue;
        }
        let value = match key.as_str() {
            key if AS_TEXT.contains(&key) => json!(value.as_i64().map(|id| id.to_string())),
            "duration" | "total_duration" => json!(value.as_f64()),
            "target" | "contact" | "proxy_target" | "entry_point_target" => id_as_text(value),
            _ => value.clone(),
        };
        row.insert(key.clone(), value);
    }
    // The list shows how a leg ended, whatever was added later.
    row.insert("state".to_owned(), json!("hangup"));
    Value::Object(row)
}

fn id_as_text(party: &Value) -> Value {
    let mut party = party.clone();
    if let Some(id) = party["id"].as_i64() {
        party["id"] = json!(id.to_string());
    }
    party
}
