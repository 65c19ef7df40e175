//! The test call: three events that show an owner that the whole way works, and that nobody can take for a real call.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::conversation::Step;
use crate::deliver::{Attempt, Http, Transport};
use crate::error::SimulatorError;
use crate::rng::Rng;
use crate::sign::Signer;

/// The label on every event of a test call.
pub const TEST_LABEL: &str = "test";
/// The name of a test call's contact.
pub const TEST_CONTACT: &str = "Trunkline test call";

const INTERNAL_NUMBER: &str = "+12065550100";
const EXTERNAL_NUMBER: &str = "+12065550199";
/// Fixed ids, so that repeated test calls do not invent new people and offices.
const OFFICE_ID: i64 = 4_500_000_000_000_001;
const TARGET_ID: i64 = 4_500_000_000_000_002;
const CONTACT_ID: i64 = 4_500_000_000_000_003;

/// What came of a test call.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCall {
    /// The call's id, by which it can be found.
    pub call_id: i64,
    /// One entry per event, in sending order.
    pub deliveries: Vec<TestDelivery>,
}

/// What came of one event of a test call.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestDelivery {
    /// The event's state.
    pub state: String,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// How long the answer took.
    pub latency_ms: f64,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// Ringing, connected, hangup: a short call that ended just before `now`. The id follows from the seed.
#[must_use]
pub fn test_call(now: DateTime<Utc>, seed: u64) -> Vec<Step> {
    let call_id = Rng::new(seed).dialpad_id();
    // The last event is generated 800 ms after the fact; no time may lie in the future.
    let ended = now.timestamp_millis() - 800;
    let (started, rang, connected) = (ended - 8_500, ended - 8_000, ended - 5_000);
    let step = |state: &str, fact: i64, known: Value| {
        let stamp = fact + 800;
        let mut payload = claims(call_id, started, rang);
        payload["state"] = json!(state);
        payload["event_timestamp"] = json!(stamp);
        if let (Some(claims), Value::Object(known)) = (payload.as_object_mut(), known) {
            claims.extend(known);
        }
        Step { at: now - TimeDelta::milliseconds(now.timestamp_millis() - stamp), payload }
    };
    let talked = (ended - connected) as f64 + 0.021;
    vec![
        step("ringing", rang, json!({})),
        step("connected", connected, json!({ "date_rang": rang, "date_connected": connected })),
        step(
            "hangup",
            ended,
            json!({
                "date_rang": rang, "date_connected": connected, "date_ended": ended, "duration": talked,
                "total_duration": (ended - started) as f64 + 0.021, "talk_time": talked, "hold_time": 0,
                "mos_score": 4.41,
            }),
        ),
    ]
}

fn claims(call_id: i64, started: i64, rang: i64) -> Value {
    json!({
        "call_id": call_id,
        "direction": "inbound",
        "external_number": EXTERNAL_NUMBER,
        "internal_number": INTERNAL_NUMBER,
        "contact": {
            "id": CONTACT_ID, "type": "local", "name": TEST_CONTACT, "email": "", "phone": EXTERNAL_NUMBER,
        },
        "target": {
            "id": TARGET_ID, "type": "user", "name": "Test User", "email": "test@example.com",
            "phone": INTERNAL_NUMBER, "office_id": OFFICE_ID,
        },
        "proxy_target": {}, "entry_point_target": {}, "transferred_from": {},
        "entry_point_call_id": null, "operator_call_id": null, "master_call_id": null, "group_id": null,
        "is_internal": false, "is_transferred": false, "selected_caller_id": null,
        "date_started": started, "date_first_rang": rang, "date_queued": null, "date_rang": null,
        "date_connected": null, "date_ended": null,
        "duration": null, "total_duration": null, "talk_time": null, "hold_time": null,
        "target_availability_status": "open", "callback_requested": null, "csat_score": null, "mos_score": null,
        "labels": [TEST_LABEL], "routing_breadcrumbs": [], "integrations": {},
        "was_recorded": false, "recording_details": [], "call_recording_ids": [],
        "voicemail_link": null, "voicemail_recording_id": null, "transcription_text": null,
    })
}

/// Signs and posts the test call's events one after the other, each once: whoever pressed the button is waiting.
///
/// # Errors
/// When the URL or the secret is not usable. What the receiver answers is in the result.
pub async fn send_test_call(
    url: &str,
    secret: &str,
    now: DateTime<Utc>,
    seed: u64,
) -> Result<TestCall, SimulatorError> {
    let http = Http::new(url, 1)?;
    let signer = Signer::new(secret)?;
    let mut deliveries = Vec::with_capacity(3);
    let mut call_id = 0;
    for step in test_call(now, seed) {
        call_id = step.payload["call_id"].as_i64().unwrap_or_default();
        let state = step.payload["state"].as_str().unwrap_or_default().to_owned();
        deliveries.push(deliver(&http, state, signer.sign(&step.payload)).await);
    }
    Ok(TestCall { call_id, deliveries })
}

async fn deliver(http: &Http, state: String, body: Bytes) -> TestDelivery {
    let begun = Instant::now();
    let attempt = http.post(body).await;
    let latency_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    let (status, error) = match attempt {
        Attempt::Answered(status) => (Some(status), None),
        Attempt::TimedOut => (None, Some("no answer within 5 s".to_owned())),
        Attempt::Unreachable(reason) => (None, Some(reason)),
    };
    TestDelivery { state, status, latency_ms, error }
}
