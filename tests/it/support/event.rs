//! Events in the shapes Dialpad sends, with invented people and numbers.

use serde_json::{Value, json};

/// The moment sample calls start: 2026-09-14 15:04:05 UTC, in milliseconds.
pub(crate) const START_MS: i64 = 1_789_398_245_000;

/// A call event being written.
#[derive(Clone)]
pub(crate) struct Event(Value);

impl Event {
    /// An event with every key that such an event has in 2026, all of them blank.
    pub(crate) fn new(call_id: impl Into<Value>, state: &str) -> Self {
        Self(json!({
            "date_started": null, "call_id": call_id.into(), "state": state, "direction": null,
            "external_number": null, "internal_number": null, "contact": {}, "target": {}, "proxy_target": {},
            "entry_point_target": {}, "entry_point_call_id": null, "operator_call_id": null, "master_call_id": null,
            "group_id": null, "is_internal": false, "is_transferred": false, "transferred_from": {},
            "selected_caller_id": null, "date_first_rang": null, "date_queued": null, "date_rang": null,
            "date_connected": null, "date_ended": null, "event_timestamp": null, "duration": null,
            "total_duration": null, "talk_time": null, "hold_time": null, "target_availability_status": "open",
            "callback_requested": null, "csat_score": null, "mos_score": null, "labels": [],
            "routing_breadcrumbs": [], "integrations": {}, "was_recorded": false, "recording_details": [],
            "call_recording_ids": [], "voicemail_link": null, "voicemail_recording_id": null,
            "transcription_text": null
        }))
    }

    /// With some members replaced or added.
    pub(crate) fn with(mut self, members: Value) -> Self {
        patch(&mut self.0, members);
        self
    }

    /// Made so many milliseconds after [`START_MS`].
    pub(crate) fn at(self, milliseconds: i64) -> Self {
        self.with(json!({ "event_timestamp": START_MS + milliseconds }))
    }

    /// With some members taken away.
    pub(crate) fn without(mut self, keys: &[&str]) -> Self {
        let members = self.0.as_object_mut().unwrap();
        members.retain(|key, _| !keys.contains(&key.as_str()));
        self
    }

    /// The payload as it is signed.
    pub(crate) fn payload(&self) -> String {
        self.0.to_string()
    }

    /// The same claims with the keys in another order and other white space.
    pub(crate) fn payload_rewritten(&self) -> String {
        let members = self.0.as_object().unwrap().iter().rev();
        let members: Vec<_> = members.map(|(key, value)| format!("  {} :\t{value}", json!(key))).collect();
        format!("{{\n{}\r\n}} ", members.join(",\n"))
    }
}

/// Replaces or adds the members of an object.
pub(crate) fn patch(value: &mut Value, members: Value) {
    match (value.as_object_mut(), members) {
        (Some(object), Value::Object(members)) => object.extend(members),
        (_, other) => panic!("{other} is no object"),
    }
}

/// The moment so many milliseconds after [`START_MS`] as the API writes it; within the same hour.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    let (minutes, rest) = ((5_000 + milliseconds) / 60_000, (5_000 + milliseconds) % 60_000);
    assert!((0..56).contains(&minutes) && rest >= 0, "within the hour");
    let minute = 4 + minutes;
    match (rest / 1_000, rest % 1_000) {
        (second, 0) => format!("2026-09-14T15:{minute:02}:{second:02}+00:00"),
        (second, milli) => format!("2026-09-14T15:{minute:02}:{second:02}.{milli:03}+00:00"),
    }
}
