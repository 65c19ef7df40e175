//! What a receiver must survive although nobody promised it would come: correctly signed, strangely filled.

use serde_json::{Value, json};

use super::{Script, Step, direct};
use crate::office::spoken;

/// A transcript of this size is rare and allowed.
const LONG_TRANSCRIPT_BYTES: usize = 200 * 1024;

/// An answered call with one of the oddities.
pub(super) fn odd(script: &mut Script<'_>) {
    direct::answered(script);
    let oddity = script.rng.below(9);
    match oddity {
        0 => script.steps.retain(|step| step.payload["state"] != "hangup"),
        1 => each(&mut script.steps, |claims| claims["event_timestamp"] = Value::Null),
        2 => each(&mut script.steps, links_as_text),
        3 => each(&mut script.steps, |claims| claims["contact"] = json!({})),
        4 => each(&mut script.steps, |claims| {
            let number = claims["external_number"].as_str().map(spoken);
            claims["external_number"] = json!(number.unwrap_or_default());
        }),
        5 => each(&mut script.steps, |claims| {
            claims["sentiment_v2"] = json!({ "score": 0.82, "words": ["thanks", null] });
            claims["is_internal"] = json!("FALSE");
        }),
        6 => unknown_state(&mut script.steps),
        7 => long_transcript(&mut script.steps),
        _ => other_content(&mut script.steps),
    }
}

fn each(steps: &mut [Step], change: impl Fn(&mut Value)) {
    for step in steps {
        change(&mut step.payload);
    }
}

/// Ids of links as text, and the words some senders write for nothing.
fn links_as_text(claims: &mut Value) {
    claims["master_call_id"] = json!("null");
    claims["entry_point_call_id"] = json!("");
    claims["operator_call_id"] = json!("0");
    claims["target"]["id"] = json!(claims["target"]["id"].to_string());
}

/// A state of next year between two known ones.
fn unknown_state(steps: &mut Vec<Step>) {
    if let Some(mut step) = steps.get(1).cloned() {
        step.payload["state"] = json!("hologram_connected");
        steps.insert(2, step);
    }
}

/// The last event carries a transcript as long as they get.
fn long_transcript(steps: &mut [Step]) {
    const LINE: &str = "and then we talked about the weather for a while, ";
    if let Some(step) = steps.last_mut() {
        step.payload["transcription_text"] = json!(LINE.repeat(LONG_TRANSCRIPT_BYTES / LINE.len()));
    }
}

/// The same key twice with other content: a new version of the same event.
fn other_content(steps: &mut Vec<Step>) {
    if let Some(mut step) = steps.last().cloned() {
        step.payload["labels"] = json!(["second version"]);
        steps.push(step);
    }
}
