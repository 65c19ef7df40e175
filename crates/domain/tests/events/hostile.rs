//! Proves what becomes of hostile content under a right signature (the webhook rows WH-060 to WH-105 that concern
//! payloads).

use domain::event::{
    CallEvent, LIST_ITEMS_MAX, NotUnderstood, PROBLEMS_MAX, TEXT_BYTES_MAX, decode, read_key,
};
use domain::state::CallState;
use serde_json::{Value, json};

use crate::samples::{START_MS, direct_hangup, with};

fn read(members: Value) -> CallEvent {
    decode(with(direct_hangup(), members).to_string().as_bytes()).unwrap()
}

fn problems(event: &CallEvent) -> Vec<String> {
    event.problems.iter().map(ToString::to_string).collect()
}

/// The valid event as text, with `"call_id":…` replaced by other text.
fn with_call_id(text: &str) -> String {
    let payload = crate::samples::without(direct_hangup(), "call_id").to_string();
    payload.replacen('{', &format!("{{{text}"), 1)
}

#[test]
fn payloads_that_are_not_understood() {
    let deep = |depth: usize| format!(r#"{{"call_id":7,"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let rows: Vec<(&str, Vec<u8>, NotUnderstood)> = vec![
        ("WH-013", b"".into(), NotUnderstood::NotJson),
        ("WH-065", br#"{"call_id":7,"exp":1e400}"#.into(), NotUnderstood::NotJson),
        ("WH-070", b"hello".into(), NotUnderstood::NotJson),
        ("BOM", b"\xef\xbb\xbf{\"call_id\":7}".into(), NotUnderstood::NotJson),
        ("two texts", br#"{"call_id":7}{"call_id":7}"#.into(), NotUnderstood::NotJson),
        ("array", br#"[{"call_id":7}]"#.into(), NotUnderstood::NotAnObject),
        ("string", br#""call_id""#.into(), NotUnderstood::NotAnObject),
        ("WH-072 200", deep(200).into(), NotUnderstood::NotJson),
        ("WH-072 100 000", deep(100_000).into(), NotUnderstood::NotJson),
        ("WH-072 open", "{\"a\":".repeat(100_000).into(), NotUnderstood::NotJson),
        ("WH-074", with_call_id(r#""call_id":7,"call_id":8,"#).into(), NotUnderstood::DuplicateKey),
        (
            "WH-074 escaped",
            with_call_id(r#""call_id":7,"call\u005fid":8,"#).into(),
            NotUnderstood::DuplicateKey,
        ),
        ("null twin", with_call_id(r#""call_id":null,"call_id":8,"#).into(), NotUnderstood::DuplicateKey),
        ("bad twin", with_call_id(r#""call_id":7,"call_id":"x","#).into(), NotUnderstood::DuplicateKey),
        ("WH-077", br#"{"call_id":7,"state":"\ud800"}"#.into(), NotUnderstood::NotJson),
        ("WH-078", b"{\"call_id\":7,\"state\":\"\xff\"}".into(), NotUnderstood::NotJson),
        ("WH-088 2^63", with_call_id(r#""call_id":9223372036854775808,"#).into(), NotUnderstood::BadCallId),
        ("WH-088 2^64", with_call_id(r#""call_id":18446744073709551616,"#).into(), NotUnderstood::BadCallId),
        ("WH-088 text", with_call_id(r#""call_id":"9223372036854775808","#).into(), NotUnderstood::BadCallId),
        ("WH-088 1e30", with_call_id(r#""call_id":1e30,"#).into(), NotUnderstood::BadCallId),
        ("WH-088 -1", with_call_id(r#""call_id":-1,"#).into(), NotUnderstood::BadCallId),
        ("WH-088 0", with_call_id(r#""call_id":0,"#).into(), NotUnderstood::BadCallId),
        ("WH-088 1.5", with_call_id(r#""call_id":1.5,"#).into(), NotUnderstood::BadCallId),
        ("text", with_call_id(r#""call_id":"7a","#).into(), NotUnderstood::BadCallId),
        ("sign", with_call_id(r#""call_id":"+7","#).into(), NotUnderstood::BadCallId),
        ("space", with_call_id(r#""call_id":" 7","#).into(), NotUnderstood::BadCallId),
        ("WH-090 null", with_call_id(r#""call_id":null,"#).into(), NotUnderstood::NoCallId),
        ("WH-090 missing", with_call_id("").into(), NotUnderstood::NoCallId),
        ("WH-090 true", with_call_id(r#""call_id":true,"#).into(), NotUnderstood::BadCallId),
        ("WH-090 {}", with_call_id(r#""call_id":{},"#).into(), NotUnderstood::NoCallId),
        ("WH-090 empty", with_call_id(r#""call_id":"","#).into(), NotUnderstood::NoCallId),
    ];
    for (name, payload, expected) in rows {
        assert_eq!(decode(&payload), Err(expected), "{name}");
        assert_eq!(read_key(&payload), Err(expected), "{name}");
    }
}

#[test]
fn payloads_that_are_understood_all_the_same() {
    let rows: Vec<(&str, Value)> = vec![
        ("WH-064", json!({"exp": 1, "nbf": 99_999_999_999_i64, "iat": 99_999_999_999_i64})),
        ("WH-065", json!({"exp": "never", "iat": -1, "nbf": 18_446_744_073_709_551_615_u64})),
        ("WH-066", json!({"aud": ["x"], "iss": {"a": 1}, "sub": 5})),
        ("WH-104", json!({"__proto__": {"x": 1}, "constructor": 1, "toString": null})),
        ("WH-105", json!({"tenant_id": "t", "is_admin": true, "user_id": 1})),
    ];
    let plain = read(json!({}));
    for (name, members) in rows {
        assert_eq!(read(members), plain, "{name}");
    }
    let many: serde_json::Map<_, _> =
        (0..300).map(|number| (format!("new_{number}"), json!(number))).collect();
    assert_eq!(read(Value::Object(many)), plain, "WH-102");
    let same_twice = with_call_id(r#""call_id":5820117409431552,"call_id":"5820117409431552","#);
    assert_eq!(decode(same_twice.as_bytes()), Ok(plain));
    let text_id = with_call_id(r#""call_id":"7","#);
    assert_eq!(decode(text_id.as_bytes()).unwrap().call_id, 7, "WH-089");
    let largest = with_call_id(r#""call_id":9223372036854775807,"#);
    assert_eq!(decode(largest.as_bytes()).unwrap().call_id, i64::MAX);
}

#[test]
fn a_hundred_thousand_keys_are_read() {
    let members: Vec<String> = (0..100_000).map(|number| format!(r#""{number:05}":1"#)).collect();
    let payload = format!(r#"{{{},"call_id":7}}"#, members.join(","));
    assert!(payload.len() > 900_000, "WH-073");
    assert_eq!(read_key(payload.as_bytes()).unwrap().call_id, 7);
    assert_eq!(decode(payload.as_bytes()).unwrap().call_id, 7);
}

#[test]
fn hostile_texts_are_kept_as_text() {
    for text in [
        "<script>alert(1)</script>",
        "\"><svg onload=alert(1)>",
        "=HYPERLINK(\"http://evil.example\")",
        "@SUM(A1)",
        "-2+3",
        "\u{1b}]0;owned\u{7}",
        "a\r\nSet-Cookie: x=1",
        "'; drop table calls;--",
        "e\u{301}",
        "é",
        "\u{202e}abc",
    ] {
        let event = read(json!({
            "contact": {"id": text, "type": "local", "name": text, "email": text, "phone": text}, "labels": [text],
            "group_id": text, "voicemail_link": text, "custom_data": text, "transcription_text": text
        }));
        let contact = event.contact.as_ref().unwrap();
        assert_eq!((contact.name.as_deref(), contact.email.as_deref()), (Some(text), Some(text)));
        assert_eq!(contact.phone.as_ref().unwrap().raw(), text);
        assert_eq!(
            event.voicemail_link.as_deref(),
            Some(text),
            "WH-096: whether it is a link is decided later"
        );
        assert_eq!(problems(&event), Vec::<String>::new());
    }
    let event = read(json!({"contact": {"id": "1", "type": "local", "name": "a\0b"}}));
    assert_eq!(event.contact.as_ref().unwrap().name.as_deref(), Some("a\u{fffd}b"), "WH-076");
}

#[test]
fn dates_out_of_range_are_left_out_and_named() {
    for bad in [
        json!(0),
        json!(-1),
        json!(1_000_000_000_000_000_000_i64),
        json!(1e18),
        json!(1_789_398_245),
        json!(18_446_744_073_709_551_615_u64),
        json!(1e300),
        json!("-5"),
        json!(4_102_444_800_000_i64),
    ] {
        let event = read(json!({"date_rang": bad}));
        assert_eq!(event.date_rang, None, "{bad}");
        assert_eq!(problems(&event), ["date_rang: out of range"], "WH-092 {bad}");
    }
    for bad in
        [json!("abc"), json!(true), json!([1]), json!({"a": 1}), json!("2026-09-14T15:04:05Z"), json!("1e12")]
    {
        let event = read(json!({"date_rang": bad}));
        assert_eq!(event.date_rang, None, "{bad}");
        assert_eq!(problems(&event), ["date_rang: not understood"], "WH-092 {bad}");
    }
    let wanted = crate::samples::at(START_MS + 600);
    for good in [
        json!(START_MS + 600),
        json!((START_MS + 600).to_string()),
        json!(format!("{}.9", START_MS + 600)),
        json!(START_MS as f64 + 600.75),
    ] {
        let event = read(json!({"date_rang": good}));
        assert_eq!((event.date_rang, event.problems.len()), (Some(wanted), 0), "{good}");
    }
}

#[test]
fn an_end_before_the_start_is_kept_and_named() {
    let event = read(json!({"date_ended": START_MS - 1}));
    assert_eq!(event.date_ended, Some(crate::samples::at(START_MS - 1)));
    assert_eq!(problems(&event), ["date_ended: before date_started"], "WH-093");
}

#[test]
fn numbers_that_are_not_numbers_are_kept() {
    for raw in
        ["+", "1234567890123456789012345678901234567890", "letters", "anonymous", "٢٠٦٥٥٥٠١٧٧", "blocked"]
    {
        let event = read(json!({"external_number": raw}));
        let number = event.external_number.as_ref().unwrap();
        assert_eq!((number.raw(), number.e164()), (raw, None), "WH-094");
        assert_eq!(problems(&event), Vec::<String>::new());
    }
    assert_eq!(read(json!({"external_number": ""})).external_number, None, "WH-094");
    assert_eq!(
        read(json!({"external_number": 12_065_550_133_i64})).external_number.as_ref().unwrap().e164(),
        Some("+12065550133")
    );
}

#[test]
fn states_that_are_none() {
    for (state, raw) in [(json!("dancing"), "dancing"), (json!(5), "5"), (json!(null), ""), (json!([1]), "")]
    {
        let event = read(json!({"state": state}));
        assert_eq!((event.state, event.state_raw.as_str()), (CallState::Unknown, raw), "WH-100");
    }
    assert_eq!(read(json!({"state": " HangUp "})).state, CallState::Hangup);
}

#[test]
fn flags_durations_and_ids_that_are_none() {
    for (members, expected) in [
        (json!({"was_recorded": "false"}), "was_recorded: not understood"),
        (json!({"was_recorded": 1}), "was_recorded: not understood"),
        (json!({"duration": -1}), "duration: out of range"),
        (json!({"duration": 1e300}), "duration: out of range"),
        (json!({"duration": "NaN"}), "duration: not understood"),
        (json!({"duration": "inf"}), "duration: not understood"),
        (json!({"talk_time": {"a": 1}}), "talk_time: not understood"),
        (json!({"master_call_id": -7}), "master_call_id: out of range"),
        (json!({"master_call_id": 1.5}), "master_call_id: out of range"),
        (json!({"master_call_id": "x"}), "master_call_id: not understood"),
        (json!({"target": "Nadia"}), "target: not understood"),
        (json!({"target": {"id": 1, "office_id": "x"}}), "target.office_id: not understood"),
        (json!({"recording_details": [5]}), "recording_details: not understood"),
        (json!({"direction": "sideways"}), "direction: not understood"),
        (json!({"group_id": true}), "group_id: not understood"),
    ] {
        assert_eq!(problems(&read(members.clone())), [expected], "WH-101 {members}");
    }
    let exported =
        read(json!({"was_recorded": "TRUE", "is_internal": "FALSE", "duration": "8951.029999999"}));
    assert_eq!((exported.was_recorded, exported.is_internal), (Some(true), Some(false)));
    assert_eq!((exported.duration_ms, exported.problems.len()), (Some(8951.029999999), 0));
}

#[test]
fn everything_has_a_limit() {
    let long = "é".repeat(TEXT_BYTES_MAX);
    let event = read(json!({
        "group_id": long, "labels": vec!["x"; LIST_ITEMS_MAX + 1], "transcription_text": "x".repeat(200_000)
    }));
    assert_eq!(event.group_id.as_ref().map(String::len), Some(TEXT_BYTES_MAX));
    assert_eq!(event.labels.len(), LIST_ITEMS_MAX);
    assert_eq!(event.transcription_text.as_ref().map(String::len), Some(200_000));
    assert_eq!(problems(&event), ["group_id: cut, too long", "labels: cut, too many items"]);
    let event = read(json!({"recording_details": vec![json!({"duration": -1}); LIST_ITEMS_MAX]}));
    assert_eq!(event.problems.len(), PROBLEMS_MAX);
}
