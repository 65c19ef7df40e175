//! Payloads in the shapes Dialpad sends, with invented people and numbers, and ways to vary them.

use chrono::{DateTime, Utc};
use domain::event::{CallEvent, decode, read_key};
use domain::json::Digest;
use serde_json::{Value, json};

/// The example printed in Dialpad's help article, byte for byte.
pub(crate) const HELP_ARTICLE: &str = r#"{  
  "internal_number":"14155551001",
  "target":{  
     "phone":"+14155551001",
     "type":"user",
     "id":2,
     "email":"bot@fuzz-ball.com"
  },
  "date_ended":1494624100265,
  "proxy_target":{  

  },
  "date_connected":1494624100265,
  "direction":"inbound",
  "call_id":7,
  "state":"hangup",
  "external_number":"14155556666",
  "was_recorded":false,
  "entry_point_target":{  

  },
  "date_rang":1494624100265,
  "date_started":1494624097927
}"#;

/// The moment the sample calls start: 2026-09-14 15:04:05 UTC, in milliseconds.
pub(crate) const START_MS: i64 = 1_789_398_245_000;

pub(crate) fn at(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap()
}

/// A direct call to a user, answered and ended, with every key such an event has.
pub(crate) fn direct_hangup() -> Value {
    json!({
        "date_started": START_MS, "call_id": 5_820_117_409_431_552_i64, "state": "hangup", "direction": "inbound",
        "external_number": "+12065550133", "internal_number": "+12065550190",
        "contact": {
            "id": "shared_contact_pool_Company:9042_uid_k18", "type": "shared", "name": "Nadia Brook",
            "email": "nadia@example.org", "phone": "+12065550133"
        },
        "target": {
            "id": 6_301_550_172_004_352_i64, "type": "user", "name": "Ivo Lindqvist", "email": "ivo@example.com",
            "phone": "+12065550190", "office_id": 4_911_873_300_267_008_i64
        },
        "proxy_target": {}, "entry_point_target": {}, "transferred_from": {}, "integrations": {},
        "entry_point_call_id": null, "operator_call_id": null, "master_call_id": null, "group_id": null,
        "is_internal": false, "is_transferred": false, "selected_caller_id": null, "callback_requested": null,
        "date_first_rang": START_MS + 600, "date_queued": null, "date_rang": START_MS + 600,
        "date_connected": START_MS + 9_300, "date_ended": START_MS + 151_700, "event_timestamp": START_MS + 153_100,
        "duration": 142_400.017, "total_duration": 151_700.017, "talk_time": 142_400.017, "hold_time": 0,
        "target_availability_status": "open", "csat_score": null, "mos_score": 4.37, "labels": [],
        "routing_breadcrumbs": [], "was_recorded": false, "recording_details": [], "call_recording_ids": [],
        "voicemail_link": null, "voicemail_recording_id": null, "transcription_text": null,
        "company_call_review_share_link": "https://dialpad.com/shared/call/CCCC3",
        "public_call_review_share_link": "https://dialpad.com/shared/call/DDDD4"
    })
}

/// The leg of a call centre whose agent answered on [`agent_leg`].
pub(crate) fn group_leg() -> Value {
    with(
        direct_hangup(),
        json!({
            "call_id": 4_702_336_918_118_400_i64, "operator_call_id": 4_702_337_002_004_480_i64,
            "external_number": "+12065550161", "internal_number": "+12065550120",
            "contact": {"id": 5_006_447_912_058_880_i64, "type": "local", "name": "(206) 555-0161", "email": "",
                "phone": "+12065550161"},
            "target": {"id": 5_611_204_773_117_952_i64, "type": "call_center", "name": "Repairs", "email": "",
                "phone": "+12065550120", "office_id": 4_911_873_300_267_008_i64},
            "group_id": "CallCenter:5611204773117952", "date_queued": START_MS + 21_000,
            "duration": 254_000.5, "talk_time": 225_000.5
        }),
    )
}

/// The leg of the agent who answered the call of [`group_leg`].
pub(crate) fn agent_leg() -> Value {
    with(
        group_leg(),
        json!({
            "call_id": 4_702_337_002_004_480_i64, "entry_point_call_id": 4_702_336_918_118_400_i64,
            "operator_call_id": null, "date_queued": null, "internal_number": "+12065550108",
            "target": {"id": 6_199_038_205_747_200_i64, "type": "user", "name": "Mei Okafor",
                "email": "mei@example.com", "phone": "+12065550108"},
            "entry_point_target": {"id": 5_611_204_773_117_952_i64, "type": "call_center", "name": "Repairs",
                "email": "", "phone": "+12065550120"}
        }),
    )
}

/// The payload with some members replaced.
pub(crate) fn with(mut payload: Value, members: Value) -> Value {
    let (Some(object), Value::Object(members)) = (payload.as_object_mut(), members) else { return payload };
    object.extend(members);
    payload
}

/// The payload without one member.
pub(crate) fn without(mut payload: Value, key: &str) -> Value {
    payload.as_object_mut().unwrap().remove(key);
    payload
}

/// The event and digest of a payload.
pub(crate) fn event(payload: &Value) -> (CallEvent, Digest) {
    let bytes = payload.to_string().into_bytes();
    (decode(&bytes).unwrap(), read_key(&bytes).unwrap().digest)
}
