//! What follows a call: recordings, transcripts, recaps, surveys. None of it changes how the call ended.

use serde_json::{Value, json};

use super::Script;
use crate::leg::{Era, Leg};

const SUMMARIES: [&str; 4] = [
    "The customer asked about a delayed delivery. The agent found the parcel and promised a call back.",
    "The customer wanted to change the address on the account. The change was made during the call.",
    "The caller reported a wrong amount on the invoice. A corrected invoice will be sent.",
    "A first talk about the larger plan. The customer will decide after seeing the offer.",
];
const VOICEMAILS: [&str; 3] = [
    "Hi, this is about my order from last week. Please call me back when you have a moment. Thank you.",
    "Hello, I missed your call. You can reach me until five today.",
    "Good morning, I have a question about the invoice, it seems one line is there twice.",
];

/// How long two people talk: mostly short, sometimes long.
pub(super) fn talk_ms(script: &mut Script<'_>) -> i64 {
    let longest = if script.rng.chance(15) { 600_000 } else { 120_000 };
    script.rng.between(6_000, longest)
}

/// The end of the leg; a leg without one is treated as if it ended when it began.
fn ended(leg: &Leg) -> i64 {
    leg.ended.unwrap_or(leg.started)
}

/// A third of the ordinary calls is recorded, a quarter has a recap.
pub(super) fn usual(script: &mut Script<'_>, leg: &mut Leg) {
    if leg.era == Era::Legacy {
        return;
    }
    if script.rng.chance(33) {
        recording(script, leg);
    }
    if script.rng.chance(25) {
        call_transcription(script, leg);
        recap(script, leg);
    }
}

fn detail(script: &mut Script<'_>, leg: &Leg, kind: &str, from: i64) -> (Value, String) {
    let id = script.rng.dialpad_id();
    let url = format!("https://dialpad.com/blob/{kind}/{id}.mp3");
    let detail = json!({
        "id": id.to_string(),
        "duration": ended(leg) - from,
        "recording_type": kind,
        "start_time": from,
        "url": url,
    });
    (detail, url)
}

/// The recording is ready one to three minutes after the end. Half of the companies record as administrators.
pub(super) fn recording(script: &mut Script<'_>, leg: &mut Leg) {
    let when = ended(leg) + script.rng.between(60_000, 180_000);
    let from = leg.answered.unwrap_or(leg.started);
    let by_administrator = script.rng.chance(50);
    let (state, kind, key) = if by_administrator {
        ("admin_recording", "admincallrecording", "admin_recording_urls")
    } else {
        ("recording", "callrecording", "recording_url")
    };
    let (detail, url) = detail(script, leg, kind, from);
    leg.recording_details.push(detail);
    // An administrator's recording leaves `was_recorded` false.
    leg.was_recorded = !by_administrator;
    let urls = if !by_administrator && script.rng.chance(20) { json!(url) } else { json!([url]) };
    script.emit_with(leg, state, when, &[(key, urls)]);
}

/// The transcript can be fetched; the event itself carries no text.
pub(super) fn call_transcription(script: &mut Script<'_>, leg: &mut Leg) {
    let when = ended(leg) + script.rng.between(60_000, 120_000);
    script.emit(leg, "call_transcription", when);
}

/// The recap: one event per part, two to three minutes after the end.
pub(super) fn recap(script: &mut Script<'_>, leg: &mut Leg) {
    let base = ended(leg);
    let summary = *script.rng.pick(&SUMMARIES);
    let parts = [
        ("recap_summary", json!(summary)),
        ("recap_outcome", json!("Resolved on the call")),
        ("recap_purposes", json!(["Order status", "Account change"])),
        ("recap_action_items", json!(["Call the customer back", "Send the corrected document"])),
    ];
    for (state, value) in parts {
        let when = base + script.rng.between(120_000, 180_000);
        script.emit_with(leg, state, when, &[(state, value)]);
    }
}

/// Surveys, wrap-up and notes of a call center.
pub(super) fn wrap_up(script: &mut Script<'_>, leg: &mut Leg) {
    let base = ended(leg);
    if script.rng.chance(20) {
        let dispositions = json!([*script.rng.pick(&["Solved", "Call back", "Wrong number"])]);
        script.emit_with(leg, "dispositions", base + 8_000, &[("call_dispositions", dispositions)]);
    }
    if script.rng.chance(10) {
        script.emit(leg, "postcall", base + 20_000);
    }
    if script.rng.chance(10) {
        let score = json!(script.rng.between(1, 5).to_string());
        script.emit_with(leg, "csat", base + 45_000, &[("csat_score", score)]);
    }
}

/// The file of a message, then its text. Both may be late.
pub(super) fn voicemail_files(script: &mut Script<'_>, leg: &mut Leg, from: i64) {
    let late = if script.rng.chance(20) { 150_000 } else { 0 };
    let uploaded = ended(leg) + script.rng.between(3_000, 12_000) + late;
    let (detail, url) = detail(script, leg, "voicemail", from);
    leg.recording_details.push(detail);
    leg.voicemail_link = Some(url);
    script.emit(leg, "voicemail_uploaded", uploaded);
    leg.transcription = Some((*script.rng.pick(&VOICEMAILS)).to_owned());
    let transcribed = uploaded + script.rng.between(2_000, 30_000);
    script.emit(leg, "transcription", transcribed);
}
