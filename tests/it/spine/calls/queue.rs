//! Calls to a call centre: the leg of the group, and one leg for each agent whose phone rang.

use serde_json::{Value, json};

use super::{CallCase, case, ms, number};
use crate::support::{Event, patch, rfc3339};

pub(super) fn all() -> Vec<CallCase> {
    vec![group_leg(), agent_leg(), unanswered_agent_leg()]
}

const GROUP_LEG: i64 = 4_650_183_920_574_011;
const AGENT_LEG: i64 = 4_650_184_461_213_022;

/// What both legs of a call to the call centre say.
fn queue_leg(call_id: i64, state: &str) -> Event {
    Event::new(call_id, state).with(json!({
        "direction": "inbound", "external_number": "+12065550177", "date_started": ms(0),
        "contact": { "id": 4_987_120_665_331_033_i64, "type": "local", "name": "(206) 555-0177", "email": "",
            "phone": "+12065550177" },
        "group_id": "CallCenter:5533071840296044"
    }))
}

fn queue() -> Value {
    json!({ "id": 5_533_071_840_296_044_i64, "type": "call_center", "name": "Support", "email": "",
        "phone": "+12065550110", "office_id": 4_799_205_513_846_055_i64 })
}

fn queue_leg_shown(call_id: i64, fields: Value) -> Value {
    let mut call = json!({
        "callId": call_id.to_string(), "direction": "INBOUND", "externalNumber": number("+12065550177", "0177"),
        "contact": { "id": "4987120665331033", "type": "local", "name": "(206) 555-0177", "email": null,
            "phone": number("+12065550177", "0177") },
        "groupId": "CallCenter:5533071840296044", "dateStarted": rfc3339(0)
    });
    patch(&mut call, fields);
    call
}

fn queue_shown() -> Value {
    json!({ "id": "5533071840296044", "type": "call_center", "name": "Support", "email": null,
        "phone": number("+12065550110", "0110") })
}

/// The menu picks up, the caller waits, an agent answers: the length of the group's leg includes all of it.
fn group_leg() -> CallCase {
    let line = json!({ "internal_number": "+12065550110", "target": queue() });
    let queued = json!({ "date_connected": ms(2_000), "date_queued": ms(21_300) });
    let ended = json!({
        "operator_call_id": AGENT_LEG, "date_first_rang": ms(23_900), "date_rang": ms(23_900),
        "date_connected": ms(31_050), "date_ended": ms(256_700), "duration": 254_700.014,
        "total_duration": 256_700.014, "talk_time": 225_650.014, "hold_time": 0, "mos_score": 4.41
    });
    let event = |state, at| queue_leg(GROUP_LEG, state).at(at).with(line.clone());
    case(
        "call centre: the group's leg",
        vec![
            event("connected", 2_900).with(json!({ "date_connected": ms(2_000) })),
            event("queued", 22_000).with(queued.clone()),
            event("hangup", 258_122).with(queued).with(ended),
        ],
        queue_leg_shown(
            GROUP_LEG,
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED", "operatorCallId": AGENT_LEG.to_string(),
                "internalNumber": number("+12065550110", "0110"), "target": queue_shown(),
                "dateFirstRang": rfc3339(23_900), "dateQueued": rfc3339(21_300), "dateRang": rfc3339(23_900),
                "dateConnected": rfc3339(31_050), "dateEnded": rfc3339(256_700), "durationMs": 254_700.014,
                "totalDurationMs": 256_700.014, "talkTimeMs": 225_650.014, "holdTimeMs": 0.0
            }),
        ),
    )
}

/// The agent's leg arrives before its parent says anything of it.
fn agent_leg() -> CallCase {
    let agent = json!({ "id": 6_220_417_088_913_066_i64, "type": "user", "name": "Mei Okafor",
        "email": "mei@example.com", "phone": "+12065550104", "office_id": 4_799_205_513_846_055_i64 });
    let line = json!({ "internal_number": "+12065550104", "target": agent, "entry_point_target": queue(),
        "entry_point_call_id": GROUP_LEG });
    let ended = json!({
        "date_first_rang": ms(23_900), "date_rang": ms(23_900), "date_connected": ms(31_050),
        "date_ended": ms(256_655), "duration": 225_605.02, "total_duration": 233_155.02, "talk_time": 225_605.02,
        "hold_time": 0
    });
    case(
        "call centre: the agent's leg",
        vec![queue_leg(AGENT_LEG, "hangup").at(258_240).with(line).with(ended)],
        queue_leg_shown(
            AGENT_LEG,
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED", "entryPointCallId": GROUP_LEG.to_string(),
                "internalNumber": number("+12065550104", "0104"), "entryPointTarget": queue_shown(),
                "target": { "id": "6220417088913066", "type": "user", "name": "Mei Okafor", "email": "mei@example.com",
                    "phone": number("+12065550104", "0104") },
                "dateFirstRang": rfc3339(23_900), "dateRang": rfc3339(23_900), "dateConnected": rfc3339(31_050),
                "dateEnded": rfc3339(256_655), "durationMs": 225_605.02, "totalDurationMs": 233_155.02,
                "talkTimeMs": 225_605.02, "holdTimeMs": 0.0
            }),
        ),
    )
}

/// It rang at another agent too, who did not answer.
fn unanswered_agent_leg() -> CallCase {
    let id = AGENT_LEG + 1;
    let line = json!({
        "internal_number": "+12065550105", "entry_point_call_id": GROUP_LEG, "entry_point_target": queue(),
        "target": { "id": 6_220_417_088_913_077_i64, "type": "user", "name": "Ana Ruiz", "email": "", "phone": "+12065550105" }
    });
    case(
        "call centre: a leg that nobody answered",
        vec![
            queue_leg(id, "hangup").at(32_500).with(line.clone()).with(json!({
                "date_first_rang": ms(24_000), "date_ended": ms(31_100), "duration": 0, "total_duration": 7_600.0 })),
            queue_leg(id, "ringing").at(24_800).with(line).with(json!({ "date_first_rang": ms(24_000) })),
        ],
        queue_leg_shown(
            id,
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "MISSED", "entryPointCallId": GROUP_LEG.to_string(),
                "internalNumber": number("+12065550105", "0105"), "entryPointTarget": queue_shown(),
                "target": { "id": "6220417088913077", "type": "user", "name": "Ana Ruiz", "email": null,
                    "phone": number("+12065550105", "0105") },
                "dateFirstRang": rfc3339(24_000), "dateEnded": rfc3339(31_100), "durationMs": 0.0,
                "totalDurationMs": 7_600.0
            }),
        ),
    )
}
