//! Calls as sequences of events, and what each must read as, worked out by hand. People and numbers are invented.

mod queue;

use serde_json::{Value, json};

use crate::support::{Event, START_MS, rfc3339};

/// The events of one call in the order in which they arrive, and the fields that are not blank.
pub(super) struct CallCase {
    pub(super) name: &'static str,
    pub(super) payloads: Vec<String>,
    pub(super) call: Value,
}

/// The example printed in Dialpad's help article, byte for byte.
pub(super) const HELP_ARTICLE: &str = r#"{  
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

/// Every case.
pub(super) fn all() -> Vec<CallCase> {
    let mut cases = vec![help_article(), legacy_keys()];
    cases.extend([answered(), missed(), abandoned(), voicemail(), blocked(), held(), transferred()]);
    cases.extend(queue::all());
    cases.extend([outbound_unanswered(), outbound_answered()]);
    cases.extend([late_ringing(), lost_hangup(), strings_and_floats(), unknown_state(), blank_objects()]);
    cases.extend([internal_blocked(), still_ringing(), wrapped()]);
    cases
}

fn case(name: &'static str, events: Vec<Event>, call: Value) -> CallCase {
    CallCase { name, payloads: events.iter().map(Event::payload).collect(), call }
}

/// Milliseconds after the start, as Dialpad writes them.
fn ms(after: i64) -> i64 {
    START_MS + after
}

/// A number of Seattle in full, as the API shows it.
fn number(raw: &str, last: &str) -> Value {
    json!({ "raw": raw, "e164": format!("+1206555{last}"), "national": format!("(206) 555-{last}"), "country": "US" })
}

fn customer() -> Value {
    json!({ "id": "shared_contact_pool_Company:8120_uid_q4", "type": "shared", "name": "Nadia Brook",
        "email": "nadia@example.org", "phone": "+12065550133" })
}

fn customer_shown() -> Value {
    json!({ "id": "shared_contact_pool_Company:8120_uid_q4", "type": "shared", "name": "Nadia Brook",
        "email": "nadia@example.org", "phone": number("+12065550133", "0133") })
}

fn user() -> Value {
    json!({ "id": 6_301_550_172_004_352_i64, "type": "user", "name": "Ivo Lindqvist", "email": "ivo@example.com",
        "phone": "+12065550190", "office_id": 4_911_873_300_267_008_i64 })
}

fn user_shown() -> Value {
    json!({ "id": "6301550172004352", "type": "user", "name": "Ivo Lindqvist", "email": "ivo@example.com",
        "phone": number("+12065550190", "0190") })
}

/// What all events of a direct call to Ivo say.
fn direct(call_id: i64, state: &str) -> Event {
    Event::new(call_id, state).with(json!({
        "direction": "inbound", "external_number": "+12065550133", "internal_number": "+12065550190",
        "contact": customer(), "target": user(), "date_started": ms(0)
    }))
}

/// How a direct call to Ivo reads, with some fields set.
fn direct_shown(call_id: &str, fields: Value) -> Value {
    let mut call = json!({
        "callId": call_id, "direction": "INBOUND", "externalNumber": number("+12065550133", "0133"),
        "internalNumber": number("+12065550190", "0190"), "contact": customer_shown(), "target": user_shown(),
        "dateStarted": rfc3339(0)
    });
    crate::support::patch(&mut call, fields);
    call
}

fn help_article() -> CallCase {
    let call = json!({
        "callId": "7", "direction": "INBOUND", "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED",
        "internalNumber": { "raw": "14155551001", "e164": "+14155551001", "national": "(415) 555-1001", "country": "US" },
        "externalNumber": { "raw": "14155556666", "e164": "+14155556666", "national": "(415) 555-6666", "country": "US" },
        "target": { "id": "2", "type": "user", "name": null, "email": "bot@fuzz-ball.com",
            "phone": { "raw": "+14155551001", "e164": "+14155551001", "national": "(415) 555-1001", "country": "US" } },
        "dateStarted": "2017-05-12T21:21:37.927+00:00", "dateRang": "2017-05-12T21:21:40.265+00:00",
        "dateConnected": "2017-05-12T21:21:40.265+00:00", "dateEnded": "2017-05-12T21:21:40.265+00:00",
        "isTransferred": null
    });
    CallCase { name: "the help article's example", payloads: vec![HELP_ARTICLE.to_owned()], call }
}

/// The thirteen keys of the article, as a call that was never answered.
fn legacy_keys() -> CallCase {
    let event = Event::new(5_003, "hangup")
        .with(json!({
            "direction": "inbound", "external_number": "12065550142", "internal_number": "12065550101",
            "target": { "phone": "+12065550101", "type": "user", "id": 31, "email": "desk@example.com" },
            "date_started": ms(0), "date_rang": ms(1_906), "date_ended": ms(13_204)
        }))
        .without(&["event_timestamp", "contact", "duration", "labels", "is_transferred", "is_internal"]);
    case(
        "missed, with the article's keys",
        vec![event],
        json!({
            "callId": "5003", "direction": "INBOUND", "state": "HANGUP", "stateRaw": "hangup", "outcome": "MISSED",
            "internalNumber": number("12065550101", "0101"), "externalNumber": number("12065550142", "0142"),
            "target": { "id": "31", "type": "user", "name": null, "email": "desk@example.com",
                "phone": number("+12065550101", "0101") },
            "dateStarted": rfc3339(0), "dateRang": rfc3339(1_906), "dateEnded": rfc3339(13_204),
            "isTransferred": null
        }),
    )
}

fn answered() -> CallCase {
    let id = 5_210_447_316_082_001;
    let rang = json!({ "date_first_rang": ms(640), "date_rang": ms(640) });
    let connected = json!({ "date_connected": ms(9_412), "date_ended": null });
    let ended = json!({
        "date_ended": ms(151_874), "duration": 142_462.029, "total_duration": 151_874.031, "talk_time": 142_462.029,
        "hold_time": 0, "mos_score": 4.38, "was_recorded": true, "labels": ["Renewal"]
    });
    let hangup =
        direct(id, "hangup").at(153_490).with(rang.clone()).with(connected.clone()).with(ended.clone());
    let after = |state, at| hangup.clone().at(at).with(json!({ "state": state }));
    let recording = after("recording", 200_000).with(json!({
        "labels": ["Renewal", "Price"],
        "recording_details": [{ "id": "r1", "duration": 142_000, "recording_type": "callrecording",
            "start_time": ms(9_412), "url": "https://dialpad.com/r/secureblob/call/r1.mp3" }]
    }));
    case(
        "inbound, answered, enriched",
        vec![
            direct(id, "ringing").at(1_500).with(json!({ "date_first_rang": ms(640) })),
            direct(id, "connected").at(10_200).with(rang.clone()).with(connected),
            hangup.clone(),
            recording,
            after("call_transcription", 230_000),
            after("recap_summary", 290_000).with(json!({ "recap_summary": "Asked about the renewal." })),
        ],
        direct_shown(
            "5210447316082001",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED", "dateFirstRang": rfc3339(640),
                "dateRang": rfc3339(640), "dateConnected": rfc3339(9_412), "dateEnded": rfc3339(151_874),
                "durationMs": 142_462.029, "totalDurationMs": 151_874.031, "talkTimeMs": 142_462.029,
                "holdTimeMs": 0.0, "wasRecorded": true, "labels": ["Renewal", "Price"]
            }),
        ),
    )
}

fn missed() -> CallCase {
    let id = 5_210_447_316_082_002;
    case(
        "inbound, missed",
        vec![
            direct(id, "ringing").at(1_400).with(json!({ "date_first_rang": ms(700) })),
            direct(id, "hangup").at(26_900).with(json!({
                "date_first_rang": ms(700), "date_ended": ms(25_800), "duration": 0, "total_duration": 25_800.25,
                "talk_time": 0, "hold_time": 0
            })),
        ],
        direct_shown(
            "5210447316082002",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "MISSED", "dateFirstRang": rfc3339(700),
                "dateEnded": rfc3339(25_800), "durationMs": 0.0, "totalDurationMs": 25_800.25, "talkTimeMs": 0.0,
                "holdTimeMs": 0.0
            }),
        ),
    )
}

/// The caller hung up before anything rang.
fn abandoned() -> CallCase {
    let id = 5_210_447_316_082_003;
    let ended = json!({ "date_ended": ms(2_300), "duration": 0, "total_duration": 2_300.0 });
    case(
        "inbound, abandoned",
        vec![direct(id, "hangup").at(3_000).with(ended)],
        direct_shown(
            "5210447316082003",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ABANDONED", "dateEnded": rfc3339(2_300),
                "durationMs": 0.0, "totalDurationMs": 2_300.0
            }),
        ),
    )
}

/// The enrichment arrives first, the beginning last.
fn voicemail() -> CallCase {
    let id = 5_210_447_316_082_004;
    let ended = json!({ "date_first_rang": ms(650), "date_ended": ms(58_000), "duration": 0, "total_duration": 58_000.5 });
    let link = json!({ "voicemail_link": "https://dialpad.com/v/secureblob/vm-1.mp3" });
    case(
        "voicemail, enrichment first, beginning last",
        vec![
            direct(id, "transcription")
                .at(95_000)
                .with(ended.clone())
                .with(json!({ "transcription_text": "Please call back." })),
            direct(id, "voicemail_uploaded").at(80_000).with(ended.clone()).with(link),
            direct(id, "hangup").at(59_300).with(ended),
            direct(id, "voicemail").at(31_000).with(json!({ "date_first_rang": ms(650) })),
            direct(id, "ringing").at(1_400).with(json!({ "date_first_rang": ms(650) })),
        ],
        direct_shown(
            "5210447316082004",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "VOICEMAIL", "dateFirstRang": rfc3339(650),
                "dateEnded": rfc3339(58_000), "durationMs": 0.0, "totalDurationMs": 58_000.5,
                "voicemailLink": "https://dialpad.com/v/secureblob/vm-1.mp3"
            }),
        ),
    )
}

fn blocked() -> CallCase {
    let id = 5_210_447_316_082_005;
    case(
        "inbound, blocked: one event",
        vec![direct(id, "blocked").at(300)],
        direct_shown(
            "5210447316082005",
            json!({ "state": "BLOCKED", "stateRaw": "blocked", "outcome": "BLOCKED" }),
        ),
    )
}

/// Hold and connected alternate; the later one counts. The call is not over.
fn held() -> CallCase {
    let id = 5_210_447_316_082_006;
    let on = |state, at| {
        direct(id, state).at(at).with(json!({ "date_rang": ms(900), "date_connected": ms(4_000) }))
    };
    case(
        "inbound, on hold and back",
        vec![on("hold", 60_000), on("connected", 5_000), on("connected", 90_000)],
        direct_shown(
            "5210447316082006",
            json!({
                "state": "CONNECTED", "stateRaw": "connected", "outcome": "ONGOING", "dateRang": rfc3339(900),
                "dateConnected": rfc3339(4_000)
            }),
        ),
    )
}

/// The leg behind a transfer names the first leg.
fn transferred() -> CallCase {
    let id = 5_210_447_316_082_007;
    let ended = json!({
        "master_call_id": 5_210_447_316_082_000_i64, "is_transferred": true, "date_rang": ms(100),
        "date_connected": ms(2_000), "date_ended": ms(9_000), "duration": 7_000.0, "talk_time": 7_000.0
    });
    case(
        "reached by transfer",
        vec![direct(id, "hangup").at(10_000).with(ended)],
        direct_shown(
            "5210447316082007",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED", "masterCallId": "5210447316082000",
                "isTransferred": true, "dateRang": rfc3339(100), "dateConnected": rfc3339(2_000),
                "dateEnded": rfc3339(9_000), "durationMs": 7_000.0, "talkTimeMs": 7_000.0
            }),
        ),
    )
}

/// What all events of a call of Ivo's say, under the caller id of his department.
fn outbound(call_id: i64, state: &str) -> Event {
    direct(call_id, state).with(json!({
        "direction": "outbound",
        "proxy_target": { "id": 5_700_000_000_000_088_i64, "type": "department", "name": "Sales", "email": "",
            "phone": "+12065550120" }
    }))
}

fn outbound_shown(call_id: &str, fields: Value) -> Value {
    let mut call = direct_shown(call_id, fields);
    crate::support::patch(
        &mut call,
        json!({
            "direction": "OUTBOUND",
            "proxyTarget": { "id": "5700000000000088", "type": "department", "name": "Sales", "email": null,
                "phone": number("+12065550120", "0120") }
        }),
    );
    call
}

fn outbound_unanswered() -> CallCase {
    let id = 5_210_447_316_082_011;
    let ended = json!({ "date_first_rang": ms(1_800), "date_ended": ms(31_000), "duration": 0, "total_duration": 31_000.5 });
    case(
        "outbound, unanswered",
        vec![
            outbound(id, "calling").at(700),
            // Dialpad sends the state of its snapshot, which may be older than what the snapshot says.
            outbound(id, "ringing").at(32_000).with(ended.clone()),
            outbound(id, "hangup").at(32_400).with(ended),
        ],
        outbound_shown(
            "5210447316082011",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "CANCELLED", "dateFirstRang": rfc3339(1_800),
                "dateEnded": rfc3339(31_000), "durationMs": 0.0, "totalDurationMs": 31_000.5
            }),
        ),
    )
}

fn outbound_answered() -> CallCase {
    let id = 5_210_447_316_082_012;
    let connected = json!({ "date_connected": ms(8_000) });
    let ended = json!({
        "date_ended": ms(68_000), "duration": 60_000.25, "total_duration": 68_000.25, "talk_time": 50_000.0,
        "hold_time": 10_000.25
    });
    case(
        "outbound, answered",
        vec![
            outbound(id, "calling").at(700),
            outbound(id, "connected").at(9_000).with(connected.clone()),
            outbound(id, "hangup").at(69_000).with(connected).with(ended),
        ],
        outbound_shown(
            "5210447316082012",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "ANSWERED", "dateConnected": rfc3339(8_000),
                "dateEnded": rfc3339(68_000), "durationMs": 60_000.25, "totalDurationMs": 68_000.25,
                "talkTimeMs": 50_000.0, "holdTimeMs": 10_000.25
            }),
        ),
    )
}

/// Late by the wire and late by Dialpad's clock: neither reopens a call.
fn late_ringing() -> CallCase {
    let id = 5_210_447_316_082_013;
    case(
        "ringing after the hangup",
        vec![
            direct(id, "hangup")
                .at(26_000)
                .with(json!({ "date_first_rang": ms(500), "date_ended": ms(25_000) })),
            direct(id, "ringing").at(1_000).with(json!({ "date_first_rang": ms(500) })),
            direct(id, "ringing").at(60_000),
        ],
        direct_shown(
            "5210447316082013",
            json!({
                "state": "HANGUP", "stateRaw": "hangup", "outcome": "MISSED", "dateFirstRang": rfc3339(500),
                "dateEnded": rfc3339(25_000)
            }),
        ),
    )
}

/// The hangup never came; a recap is only made of a call that is over.
fn lost_hangup() -> CallCase {
    let id = 5_210_447_316_082_014;
    let connected = json!({ "date_rang": ms(800), "date_connected": ms(3_000) });
    case(
        "lost hangup",
        vec![
            direct(id, "connected").at(4_000).with(connected.clone()),
            direct(id, "recap_outcome").at(400_000).with(connected),
        ],
        direct_shown(
            "5210447316082014",
            json!({
                "state": "CONNECTED", "stateRaw": "connected", "outcome": "ANSWERED", "dateRang": rfc3339(800),
                "dateConnected": rfc3339(3_000)
            }),
        ),
    )
}

/// As rows of Dialpad's REST API: ids and dates as strings, dates with fractions.
fn strings_and_floats() -> CallCase {
    let event = Event::new("5210447316082015", "hangup").with(json!({
        "direction": "INBOUND", "external_number": 12_065_550_133_i64, "internal_number": "(206) 555-0190",
        "target": { "id": "6301550172004352", "type": "UserProfile", "name": "Ivo Lindqvist" },
        "entry_point_call_id": "0", "master_call_id": "null", "operator_call_id": "",
        "date_started": ms(0).to_string(), "date_rang": format!("{}.75", ms(900)), "date_connected": 1_789_398_247_000.5,
        "date_ended": ms(9_000) as f64, "event_timestamp": ms(9_500).to_string(), "duration": "7000.5",
        "was_recorded": "TRUE", "is_transferred": "FALSE", "labels": "Renewal"
    }));
    case(
        "string ids, float dates",
        vec![event],
        json!({
            "callId": "5210447316082015", "direction": "INBOUND", "state": "HANGUP", "stateRaw": "hangup",
            "outcome": "ANSWERED", "externalNumber": number("12065550133", "0133"),
            "internalNumber": number("(206) 555-0190", "0190"),
            "target": { "id": "6301550172004352", "type": "user", "name": "Ivo Lindqvist", "email": null, "phone": null },
            "dateStarted": rfc3339(0), "dateRang": rfc3339(900), "dateConnected": rfc3339(2_000),
            "dateEnded": rfc3339(9_000), "durationMs": 7_000.5, "wasRecorded": true, "isTransferred": false,
            "labels": ["Renewal"]
        }),
    )
}

fn unknown_state() -> CallCase {
    let id = 5_210_447_316_082_016;
    case(
        "a state of tomorrow",
        vec![direct(id, "teleported").at(100)],
        direct_shown(
            "5210447316082016",
            json!({ "state": "UNKNOWN", "stateRaw": "teleported", "outcome": "ONGOING" }),
        ),
    )
}

fn blank_objects() -> CallCase {
    let event = r#"{"call_id":5210447316082017,"state":"hangup","direction":"","external_number":"","internal_number":null,
        "contact":{},"target":[],"proxy_target":"","labels":{},"date_started":null,"duration":"","was_recorded":null}"#;
    CallCase {
        name: "nothing but an id and a state",
        payloads: vec![event.to_owned()],
        call: json!({
            "callId": "5210447316082017", "state": "HANGUP", "stateRaw": "hangup", "outcome": "ABANDONED",
            "wasRecorded": null, "isTransferred": null
        }),
    }
}

/// A word in place of the number; the number of a caller abroad.
fn internal_blocked() -> CallCase {
    let id = 5_210_447_316_082_018;
    let words = json!({ "internal_number": "blocked", "external_number": "+442079460018", "contact": {}, "target": {} });
    case(
        "words and foreign numbers",
        vec![direct(id, "hangup").at(900).with(words)],
        json!({
            "callId": "5210447316082018", "direction": "INBOUND", "state": "HANGUP", "stateRaw": "hangup",
            "outcome": "ABANDONED", "dateStarted": rfc3339(0),
            "internalNumber": { "raw": "blocked", "e164": null, "national": null, "country": null },
            "externalNumber": { "raw": "+442079460018", "e164": "+442079460018", "national": "020 7946 0018",
                "country": "GB" }
        }),
    )
}

fn still_ringing() -> CallCase {
    let id = 5_210_447_316_082_019;
    case(
        "still ringing",
        vec![direct(id, "ringing").at(900).with(json!({ "date_first_rang": ms(300) }))],
        direct_shown(
            "5210447316082019",
            json!({ "state": "RINGING", "stateRaw": "ringing", "outcome": "ONGOING", "dateFirstRang": rfc3339(300) }),
        ),
    )
}

/// "Wrapped", as the help article says.
fn wrapped() -> CallCase {
    let inner = direct(5_210_447_316_082_020, "ringing").at(900).payload();
    CallCase {
        name: "one level down",
        payloads: vec![format!("{{\"event\":\"call\",\"data\":{inner}}}")],
        call: direct_shown("5210447316082020", json!({ "state": "RINGING", "stateRaw": "ringing" })),
    }
}
