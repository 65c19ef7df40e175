//! What the events of a call add up to, written from the description of Dialpad's events and nothing else: another
//! implementation, to be compared with the projection.

use serde_json::{Value, json};

/// An event that is stored: its place among others of the same moment, and what it says.
pub(crate) struct Told {
    pub(crate) occurred_at_ms: i64,
    pub(crate) digest: String,
    pub(crate) claims: Value,
}

/// The columns of `calls` that are compared, in the order of [`COLUMNS`].
pub(crate) const COLUMNS: [&str; 22] = [
    "state",
    "outcome",
    "direction",
    "internal_number",
    "external_number",
    "started_at",
    "date_started",
    "date_queued",
    "date_first_rang",
    "date_rang",
    "date_connected",
    "date_ended",
    "duration_ms",
    "total_duration_ms",
    "talk_time_ms",
    "hold_time_ms",
    "voicemail_link",
    "was_recorded",
    "is_transferred",
    "group_id",
    "entry_point_call_id",
    "event_count",
];

/// How far a state of the life cycle is; nothing for what only adds to a call.
fn rank(state: &str) -> Option<u8> {
    match state {
        "preanswer" => Some(0),
        "calling" => Some(1),
        "ringing" | "queued" => Some(2),
        "connected" | "hold" | "parked" | "merged" => Some(3),
        "voicemail" => Some(4),
        "blocked" | "missed" | "hangup" => Some(5),
        _ => None,
    }
}

/// The newest value that is not blank.
fn newest<'e>(events: &'e [Told], key: &str) -> Option<&'e Value> {
    let blank = [Value::Null, json!(""), json!([]), json!({})];
    events.iter().rev().map(|event| &event.claims[key]).find(|value| !blank.contains(value))
}

/// The call, column by column. Moments and durations are milliseconds.
pub(crate) fn fold(mut events: Vec<Told>) -> Vec<Value> {
    let state_of = |event: &Told| event.claims["state"].as_str().unwrap_or_default().to_owned();
    let place = |event: &Told| rank(&state_of(event)).map_or(7, |rank| rank + 1);
    events.sort_by_key(|event| (event.occurred_at_ms, place(event), event.digest.clone()));
    let ranked = events.iter().filter_map(|event| Some((rank(&state_of(event))?, state_of(event))));
    // The last of the highest.
    let state = ranked.max_by_key(|(rank, _)| *rank).map_or("unknown".to_owned(), |(_, state)| state);
    let get = |key: &str| newest(&events, key).cloned().unwrap_or(Value::Null);
    let hangup = |event: &&Told| state_of(event) == "hangup";
    let length = |key: &str| {
        let last = events.iter().rev().filter(hangup).map(|event| &event.claims[key]);
        let value = last.into_iter().find(|value| value.is_number()).cloned().unwrap_or_else(|| get(key));
        value.as_f64().map_or(Value::Null, |value| json!(value))
    };
    let dates =
        ["date_started", "date_queued", "date_first_rang", "date_rang", "date_connected", "date_ended"];
    let dates = dates.map(get);
    let mut columns = vec![json!(state), json!(outcome(&events)), get("direction")];
    columns.extend(["internal_number", "external_number"].map(get));
    let first = events.first().map_or(Value::Null, |event| json!(event.occurred_at_ms));
    let earliest = dates.iter().filter_map(Value::as_i64).min().map_or(first, |date| json!(date));
    columns.push(if dates[0].is_null() { earliest } else { dates[0].clone() });
    columns.extend(dates);
    columns.extend(["duration", "total_duration", "talk_time", "hold_time"].map(length));
    let more = ["voicemail_link", "was_recorded", "is_transferred", "group_id", "entry_point_call_id"];
    columns.extend(more.map(get));
    columns.push(json!(events.len()));
    columns
}

/// How the call came out. A conversation outweighs a voicemail or a miss before it.
fn outcome(events: &[Told]) -> &'static str {
    let saw = |states: &[&str]| {
        events.iter().any(|event| event.claims["state"].as_str().is_some_and(|state| states.contains(&state)))
    };
    let has = |key: &str| newest(events, key).is_some();
    let talked = newest(events, "talk_time").and_then(Value::as_f64).is_some_and(|talked| talked > 0.0);
    let is_outbound = newest(events, "direction") == Some(&json!("outbound"));
    let after = ["voicemail_uploaded", "transcription", "recording", "admin_recording", "recap_summary"];
    let is_over = saw(&["hangup", "missed", "blocked"]) || saw(&after) || has("date_ended");
    let is_person = newest(events, "target").is_some_and(|target| target["type"] == "user");
    let is_voicemail = saw(&["voicemail", "voicemail_uploaded", "transcription"]) || has("voicemail_link");
    let rang = saw(&["ringing"]) || has("date_rang") || has("date_first_rang");
    match () {
        () if saw(&["blocked"]) => "blocked",
        () if is_voicemail && !talked => "voicemail",
        () if saw(&["missed"]) && !talked && !is_outbound => "missed",
        () if !is_over => "ongoing",
        () if is_outbound => {
            if has("date_connected") {
                "answered"
            } else {
                "cancelled"
            }
        }
        () if has("date_connected") && (is_person || talked || has("operator_call_id")) => "answered",
        () if saw(&["queued"]) || has("date_queued") || !rang => "abandoned",
        () => "missed",
    }
}
