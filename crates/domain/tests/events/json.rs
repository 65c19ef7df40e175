//! Proves that a digest follows the meaning of a payload, and that duplicate keys are noticed.

use domain::json::Json;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples::direct_hangup;

fn digest(text: &str) -> [u8; 16] {
    *Json::parse(text.as_bytes()).unwrap().digest().as_bytes()
}

#[test]
fn digest_ignores_order_white_space_and_spelling() {
    let expected = digest(r#"{"a":1,"b":[true,null],"c":"é\n"}"#);
    for same in [
        r#"{"b":[true,null],"c":"é\n","a":1}"#,
        "{ \"a\" : 1 ,\r\n\t\"b\" : [ true , null ], \"c\" : \"\\u00e9\\u000a\" } ",
        r#"{"a":1.0,"b":[true,null],"c":"é\n"}"#,
        r#"{"a":10e-1,"b":[true,null],"c":"é\n"}"#,
        r#"{"\u0061":1,"b":[true,null],"c":"é\n"}"#,
    ] {
        assert_eq!(digest(same), expected, "{same}");
    }
}

#[test]
fn digest_sees_every_difference() {
    let texts = [
        r#"{"a":1,"b":2}"#,
        r#"{"a":2,"b":1}"#,
        r#"{"a":1}"#,
        r#"{"a":1,"b":null}"#,
        r#"{"a":"1","b":2}"#,
        r#"{"a":1,"b":2,"b":2}"#,
        r#"{"a":1,"b":[2]}"#,
        r#"[1,2]"#,
        r#"[2,1]"#,
        r#"[[1],2]"#,
        r#"[[1,2]]"#,
        r#"[]"#,
        r#"{}"#,
        r#""""#,
        r#"null"#,
        r#"false"#,
        r#"true"#,
        r#"0"#,
        r#"1"#,
        r#"-1"#,
        r#"0.1"#,
        r#""0""#,
        r#"[""]"#,
        r#"["",""]"#,
        r#"["a","b"]"#,
        r#"["ab",""]"#,
        r#"9223372036854775807"#,
        r#"9223372036854775808"#,
        r#"18446744073709551615"#,
        r#"9007199254740993"#,
        r#"9007199254740992"#,
        "\"e\u{301}\"",
        r#""é""#,
    ];
    let digests: std::collections::BTreeSet<_> = texts.iter().map(|text| digest(text)).collect();
    assert_eq!(digests.len(), texts.len());
}

#[test]
fn the_canonical_form_never_changes() {
    // Stored digests are compared with new ones: another form would make every retry a new event.
    let text = r#"{"call_id":7,"n":[1.5,-2,18446744073709551615],"t":"x","b":true,"f":false,"z":null}"#;
    let parsed = Json::parse(text.as_bytes()).unwrap();
    assert_eq!(format!("{:?}", parsed.digest()), "12a924c8cf9187d0fba9cfcba7ead326");
}

#[test]
fn duplicate_keys_are_listed_and_the_last_wins() {
    let text = br#"{"b":1,"a":1,"b":2,"c":0,"a":3,"b":3}"#;
    let json = Json::parse(text).unwrap();
    let object = json.as_object().unwrap();
    assert_eq!(object.duplicate_keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(object.get("b"), Some(&Json::Int(3)));
    assert_eq!(object.get("c"), Some(&Json::Int(0)));
    assert_eq!(object.get("d"), None);
    assert_eq!(object.get_all("b").count(), 3);
}

#[test]
fn values_for_the_database_hold_no_nul() {
    let json = Json::parse(br#"{"a\u0000":["x\u0000y"]}"#).unwrap();
    assert_eq!(json.to_value(), json!({"a\u{fffd}": ["x\u{fffd}y"]}));
}

fn shuffled(value: &Value, seed: u64) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| {
                key.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
            });
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{} :\n{}", json!(key), shuffled(value, seed)))
                .collect();
            format!("{{ {} }}", members.join(" , "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| shuffled(item, seed)).collect();
            format!("[ {}\t]", items.join(" , "))
        }
        scalar => scalar.to_string(),
    }
}

proptest! {
    #[test]
    fn digest_of_a_shuffled_event_is_the_same(seed in any::<u64>()) {
        let payload = direct_hangup();
        prop_assert_eq!(digest(&shuffled(&payload, seed)), digest(&payload.to_string()));
    }

    #[test]
    fn parser_agrees_with_serde_json(text in "[\\[\\]{}\",:0-9a-zA-Z. \\\\-]{0,40}") {
        let ours = Json::parse(text.as_bytes()).map(|json| json.to_value()).ok();
        prop_assert_eq!(ours, serde_json::from_str::<Value>(&text).ok());
    }
}
