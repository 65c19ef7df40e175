//! Proves that what is generated looks like what Dialpad sends: links, ids, numbers, dates, terminal states.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use simulator::{Misbehave, Office, Rng, Scenario, Step, generate, rest_rows, test_call};

const LINKS: [&str; 3] = ["master_call_id", "entry_point_call_id", "operator_call_id"];
const BASE_2026: usize = 41;

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_790_000_000)
}

/// Sixty conversations of a scenario, each with its own seed.
fn conversations(scenario: Scenario) -> impl Iterator<Item = Vec<Step>> {
    let office = Office::new(11);
    (0..60).map(move |index| generate(scenario, &office, &mut Rng::nth(5, index), start()))
}

fn calls_only() -> impl Iterator<Item = Scenario> {
    Scenario::ALL.into_iter().filter(|scenario| !matches!(scenario, Scenario::OtherEvent | Scenario::Mix))
}

fn orderly() -> impl Iterator<Item = Scenario> {
    calls_only().filter(|scenario| *scenario != Scenario::Odd)
}

/// Every text in the value, however deep.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn states(steps: &[Step]) -> Vec<&str> {
    steps.iter().filter_map(|step| step.payload["state"].as_str()).collect()
}

#[test]
fn every_event_of_a_call_has_an_integer_id_and_a_state() {
    for scenario in calls_only() {
        for steps in conversations(scenario) {
            assert!(!steps.is_empty(), "{scenario}");
            for step in &steps {
                let id = step.payload["call_id"].as_i64().unwrap();
                assert!((1_000_000_000_000_000..1 << 53).contains(&id), "{scenario}: {id}");
                assert!(!step.payload["state"].as_str().unwrap().is_empty(), "{scenario}");
                assert!(step.payload.is_object() && step.at > start(), "{scenario}");
            }
        }
    }
}

#[test]
fn steps_are_in_sending_order_and_stamped_before_they_are_sent() {
    for scenario in orderly() {
        for steps in conversations(scenario) {
            assert!(steps.is_sorted_by_key(|step| step.at), "{scenario}");
            for step in steps.iter().filter(|step| !step.payload["event_timestamp"].is_null()) {
                let stamp = step.payload["event_timestamp"].as_i64().unwrap();
                let known = ["date_started", "date_connected", "date_ended"];
                let latest = known.iter().filter_map(|key| step.payload[*key].as_i64()).max().unwrap();
                assert!(stamp <= step.at.timestamp_millis(), "{scenario}");
                assert!(stamp >= latest, "{scenario}: an event cannot know the future");
            }
        }
    }
}

#[test]
fn the_legs_of_a_conversation_are_linked() {
    for scenario in orderly().filter(|scenario| *scenario != Scenario::Merged) {
        for steps in conversations(scenario) {
            let ids: BTreeSet<i64> =
                steps.iter().filter_map(|step| step.payload["call_id"].as_i64()).collect();
            let mut reached: BTreeSet<i64> = ids.iter().take(1).copied().collect();
            // Following the links often enough reaches every leg from any.
            for _ in 0..ids.len() {
                for step in &steps {
                    let id = step.payload["call_id"].as_i64().unwrap();
                    for other in LINKS.iter().filter_map(|link| step.payload[*link].as_i64()) {
                        assert!(ids.contains(&other), "{scenario}: a link to nowhere");
                        if reached.contains(&id) || reached.contains(&other) {
                            reached.extend([id, other]);
                        }
                    }
                }
            }
            assert_eq!(reached, ids, "{scenario}: a leg stands alone");
        }
    }
}

#[test]
fn every_leg_ends_once_and_knows_when() {
    for scenario in orderly() {
        for steps in conversations(scenario) {
            let mut hangups: BTreeMap<i64, u32> = BTreeMap::new();
            for step in &steps {
                let count = hangups.entry(step.payload["call_id"].as_i64().unwrap()).or_default();
                if matches!(step.payload["state"].as_str(), Some("hangup" | "blocked")) {
                    *count += 1;
                    assert!(step.payload["date_ended"].is_i64(), "{scenario}");
                }
            }
            assert!(hangups.values().all(|count| *count == 1), "{scenario}: {:?}", states(&steps));
        }
    }
}

#[test]
fn durations_follow_the_dates() {
    for scenario in orderly().filter(|scenario| *scenario != Scenario::Legacy) {
        for step in conversations(scenario).flatten() {
            let (payload, ended) = (&step.payload, step.payload["date_ended"].as_i64());
            let Some(ended) = ended else {
                assert!(payload["duration"].is_null() && payload["total_duration"].is_null(), "{scenario}");
                continue;
            };
            let total = payload["total_duration"].as_f64().unwrap();
            let duration = payload["duration"].as_f64().unwrap();
            let whole = (ended - payload["date_started"].as_i64().unwrap()) as f64;
            assert!((total - whole).abs() < 1.0, "{scenario}");
            assert!((0.0..=total).contains(&duration), "{scenario}");
            assert_eq!(payload["date_connected"].is_null(), payload["duration"] == 0, "{scenario}");
            if let Some(talked) = payload["talk_time"].as_f64() {
                assert!((0.0..=duration).contains(&talked), "{scenario}");
            }
        }
    }
}

#[test]
fn numbers_are_fictional_and_mail_goes_nowhere() {
    for scenario in Scenario::ALL {
        for step in conversations(scenario).flatten() {
            let mut found = Vec::new();
            texts(&step.payload, &mut found);
            for text in found {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let is_number = (10..=11).contains(&digits.len())
                    && text.chars().all(|sign| sign.is_ascii_digit() || "+() -".contains(sign));
                assert!(!is_number || digits[digits.len() - 7..].starts_with("55501"), "{scenario}: {text}");
                assert!(!text.contains('@') || text.ends_with("@example.com"), "{scenario}: {text}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for scenario in Scenario::ALL {
        let all = |seed| generate(scenario, &Office::new(3), &mut Rng::new(seed), start());
        assert_eq!(all(1), all(1), "{scenario}");
        assert_ne!(all(1), all(2), "{scenario}");
    }
}

#[test]
fn the_sets_of_keys_follow_the_years() {
    let mut sizes: BTreeMap<usize, u32> = BTreeMap::new();
    for step in
        conversations(Scenario::OutboundUnanswered).chain(conversations(Scenario::InboundMissed)).flatten()
    {
        let object = step.payload.as_object().unwrap();
        // The share links come with the hangup only.
        *sizes.entry(object.keys().filter(|key| !key.ends_with("share_link")).count()).or_default() += 1;
    }
    let (y2023, y2024, y2025) = (BASE_2026 - 10, BASE_2026 - 4, BASE_2026 - 3);
    assert_eq!(sizes.keys().copied().collect::<Vec<_>>(), [y2023, y2024, y2025, BASE_2026]);
    for step in conversations(Scenario::Legacy).flatten() {
        let object = step.payload.as_object().unwrap();
        assert_eq!(object.len(), 13);
        assert!(!object["internal_number"].as_str().unwrap().starts_with('+'));
    }
}

#[test]
fn every_documented_shape_occurs() {
    let seen = |scenario: Scenario, is_there: &dyn Fn(&Value) -> bool| {
        assert!(conversations(scenario).flatten().any(|step| is_there(&step.payload)), "{scenario}");
    };
    let state = |payload: &Value, state: &str| payload["state"] == state;
    seen(Scenario::OutboundAnswered, &|p| !p.as_object().unwrap().contains_key("talk_time"));
    seen(Scenario::InboundAnswered, &|p| state(p, "ringing") && p["date_rang"].is_null());
    seen(Scenario::Transfer, &|p| {
        let office = p["group_id"].as_str().is_some_and(|group| group.starts_with("Office:"));
        state(p, "hangup") && office && p["is_transferred"] == true && p["duration"] == 0
    });
    seen(Scenario::OutboundAnswered, &|p| state(p, "calling") && p["contact"]["id"].is_string());
    seen(Scenario::OutboundUnanswered, &|p| {
        state(p, "ringing") && p["internal_number"] == "blocked" && p["date_ended"].is_i64()
    });
    seen(Scenario::ApiStarted, &|p| p["custom_data"].is_string() && p["admin_recording_urls"].is_array());
    seen(Scenario::CallCenter, &|p| {
        state(p, "connected") && p["target"]["type"] == "call_center" && p["operator_call_id"].is_null()
    });
    seen(Scenario::CallCenter, &|p| state(p, "hangup") && p["operator_call_id"].is_i64());
    seen(Scenario::CallCenter, &|p| {
        state(p, "hangup")
            && p["entry_point_call_id"].is_i64()
            && p["talk_time"].as_f64().is_some_and(|ms| ms > 0.0)
    });
    seen(Scenario::Transfer, &|p| p["master_call_id"].is_i64() && p["operator_call_id"].is_i64());
    seen(Scenario::MissedGroup, &|p| state(p, "hangup") && p["entry_point_call_id"].is_i64());
    seen(Scenario::Voicemail, &|p| state(p, "voicemail_uploaded") && p["voicemail_link"].is_string());
    seen(Scenario::Voicemail, &|p| state(p, "transcription") && p["transcription_text"].is_string());
    seen(Scenario::Recording, &|p| state(p, "recording") && p["recording_url"].is_array());
    seen(Scenario::Recording, &|p| state(p, "admin_recording") && p["admin_recording_urls"].is_array());
    seen(Scenario::Recap, &|p| state(p, "recap_summary") && p["recap_summary"].is_string());
    seen(Scenario::Internal, &|p| p["contact"]["type"] == "user");
    seen(Scenario::ClickToCall, &|p| p["integrations"]["salesforce"]["primary_record_id"].is_string());
    seen(Scenario::Parked, &|p| state(p, "parked"));
    seen(Scenario::Merged, &|p| state(p, "merged"));
    seen(Scenario::InboundMissed, &|p| p["external_number"] == "blocked" || p["external_number"].is_null());
    seen(Scenario::OtherEvent, &|p| p["to_number"].is_array() && p.get("call_id").is_none());
}

#[test]
fn hold_toggles_and_is_counted() {
    for steps in conversations(Scenario::Hold) {
        let states = states(&steps);
        assert!(states.starts_with(&["ringing", "connected", "hold", "connected"]), "{states:?}");
        let hangup = steps.iter().find(|step| step.payload["state"] == "hangup").unwrap();
        assert!(hangup.payload["hold_time"].is_null() || hangup.payload["hold_time"].as_f64() > Some(0.0));
    }
}

#[test]
fn rows_of_the_rest_api_have_text_ids_and_no_blanks() {
    for steps in conversations(Scenario::CallCenter) {
        let rows = rest_rows(&steps);
        assert!(rows.len() >= 2);
        for row in &rows {
            assert!(
                row["call_id"].is_string()
                    && row["date_started"].is_string()
                    && row["target"]["id"].is_string()
            );
            assert!(row["duration"].is_f64() && row.get("talk_time").is_none());
            assert!(row.as_object().unwrap().values().all(|value| !value.is_null()));
        }
    }
}

#[test]
fn a_test_call_is_marked_and_its_own() {
    let steps = test_call(start(), 9);
    assert_eq!(states(&steps), ["ringing", "connected", "hangup"]);
    for step in &steps {
        assert_eq!(step.payload["labels"], serde_json::json!(["test"]));
        assert_eq!(step.payload["contact"]["name"], "Trunkline test call");
        assert_eq!(step.payload["call_id"].to_string().len(), 16);
        assert_eq!(step.payload["event_timestamp"].as_i64(), Some(step.at.timestamp_millis()));
        assert!(step.at <= start());
    }
    assert_ne!(steps[0].payload["call_id"], test_call(start(), 10)[0].payload["call_id"]);
}

#[test]
fn an_office_has_distinct_customers() {
    for wanted in [1, 60, 2_500] {
        let office = Office::with_customers(4, wanted);
        let distinct: BTreeSet<&str> =
            office.customers.iter().map(|customer| customer.phone.as_str()).collect();
        assert_eq!(distinct.len(), wanted);
        assert!(office.people.iter().all(|person| !distinct.contains(person.phone.as_str())));
    }
}

#[test]
fn names_parse_back() {
    for scenario in Scenario::ALL {
        assert_eq!(scenario.to_string().parse::<Scenario>().unwrap(), scenario);
    }
    for misbehave in Misbehave::ALL {
        assert_eq!(misbehave.to_string().parse::<Misbehave>().unwrap(), misbehave);
    }
    assert!("nonsense".parse::<Scenario>().is_err() && "nonsense".parse::<Misbehave>().is_err());
}
