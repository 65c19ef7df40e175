//! Proves that a call is a function of the set of its events, and the rules by which it is made.

use domain::event::{CallEvent, decode, read_key};
use domain::fold::{Call, fold};
use domain::json::Digest;
use domain::state::{CallState, Direction, Outcome};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::samples::{HELP_ARTICLE, START_MS, at, direct_hangup, event, with};

fn fold_all(events: &[(CallEvent, Digest)]) -> Option<Call> {
    fold(events.iter().map(|(event, digest)| (event, *digest)))
}

fn fold_of(payloads: &[Value]) -> Call {
    fold_all(&payloads.iter().map(event).collect::<Vec<_>>()).unwrap()
}

/// An event of the direct call, a number of milliseconds after its start, that says nothing but its state.
fn bare(state: &str, after_ms: i64) -> Value {
    json!({"call_id": 5_820_117_409_431_552_i64, "state": state, "event_timestamp": START_MS + after_ms})
}

#[test]
fn the_printed_example_comes_out_answered() {
    let payload = HELP_ARTICLE.as_bytes();
    let event = decode(payload).unwrap();
    let call = fold([(&event, read_key(payload).unwrap().digest)]).unwrap();
    assert_eq!((call.call_id, call.outcome, call.state), (7, Outcome::Answered, CallState::Hangup));
    assert_eq!((call.state_raw.as_str(), call.is_ended, call.event_count), ("hangup", true, 1));
    assert_eq!(call.started_at, at(1_494_624_097_927));
    assert_eq!(
        (call.first_occurred_at, call.last_occurred_at),
        (at(1_494_624_100_265), at(1_494_624_100_265))
    );
    assert_eq!(call.facts, event.facts);
    assert_eq!(call.problems, []);
}

#[test]
fn no_events_are_no_call() {
    assert_eq!(fold([]), None);
}

#[test]
fn the_state_follows_the_life_cycle() {
    for (states, expected) in [
        (vec![("ringing", 1), ("connected", 2), ("hold", 3), ("connected", 4)], "connected"),
        (vec![("connected", 2), ("hold", 3)], "hold"),
        (vec![("connected", 2), ("ringing", 3)], "connected"),
        (vec![("ringing", 1), ("queued", 2)], "queued"),
        (vec![("hangup", 5), ("connected", 6), ("ringing", 7)], "hangup"),
        (vec![("missed", 5), ("hangup", 6)], "hangup"),
        (vec![("hangup", 5), ("missed", 6)], "missed"),
        (vec![("voicemail", 3), ("connected", 4)], "voicemail"),
        (vec![("hangup", 5), ("recap_summary", 9), ("dancing", 10)], "hangup"),
        (vec![("calling", 1), ("preanswer", 2)], "calling"),
    ] {
        let payloads: Vec<Value> = states.iter().map(|(state, after_ms)| bare(state, *after_ms)).collect();
        let call = fold_of(&payloads);
        assert_eq!((call.state.as_str(), call.state_raw.as_str()), (expected, expected), "{states:?}");
    }
}

#[test]
fn without_a_life_cycle_the_state_is_unknown() {
    let call = fold_of(&[bare("recording", 5), bare("dancing", 3)]);
    assert_eq!((call.state, call.state_raw.as_str()), (CallState::Unknown, "recording"));
    assert_eq!(call.started_at, at(START_MS + 3));
}

#[test]
fn the_newest_value_wins_and_blanks_never_erase() {
    let other =
        json!({"external_number": "+12065550111", "group_id": "Office:1", "event_timestamp": START_MS + 1});
    let call = fold_of(&[direct_hangup(), with(direct_hangup(), other), bare("recording", 900_000)]);
    assert_eq!(call.external_number.as_ref().unwrap().e164(), Some("+12065550133"));
    assert_eq!(call.group_id.as_deref(), Some("Office:1"));
    assert_eq!(call.target.as_ref().unwrap().name.as_deref(), Some("Ivo Lindqvist"));
    assert_eq!(call.direction, Direction::Inbound);
}

#[test]
fn the_hangup_knows_the_durations() {
    let late = with(bare("recording", 900_000), json!({"duration": 1, "talk_time": 2, "hold_time": null}));
    let call = fold_of(&[late.clone(), direct_hangup()]);
    assert_eq!((call.duration_ms, call.talk_time_ms), (Some(142_400.017), Some(142_400.017)));
    let without_hangup = fold_of(&[late, bare("connected", 5)]);
    assert_eq!((without_hangup.duration_ms, without_hangup.talk_time_ms), (Some(1.0), Some(2.0)));
}

#[test]
fn lists_are_united() {
    let first = with(
        bare("recording", 10),
        json!({
            "labels": ["a", "b"], "recap_purposes": ["p"],
            "recording_details": [{"id": "2", "recording_type": "callrecording"}, {"id": "1", "duration": 5}]
        }),
    );
    let second = with(
        bare("admin_recording", 20),
        json!({
            "labels": ["c", "a"],
            "recording_details": [{"id": "3"}, {"id": "2", "url": "https://dialpad.com/r/2"}]
        }),
    );
    let call = fold_of(&[second, first]);
    assert_eq!(call.labels, ["a", "b", "c"]);
    assert_eq!(call.recap_purposes, ["p"]);
    let recordings: Vec<_> =
        call.recording_details.iter().map(|found| found.id.as_deref().unwrap()).collect();
    assert_eq!(recordings, ["2", "1", "3"]);
    let merged = &call.recording_details[0];
    assert_eq!(merged.kind.as_deref(), Some("callrecording"));
    assert_eq!(merged.url.as_deref(), Some("https://dialpad.com/r/2"));
}

#[test]
fn the_same_party_is_filled_in_and_another_replaces() {
    let target = |after_ms, target: Value| with(bare("connected", after_ms), json!({"target": target}));
    let named = json!({"id": 5, "type": "user", "name": "Ivo", "email": "ivo@example.com"});
    let filled = fold_of(&[target(1, named.clone()), target(2, json!({"id": "5", "name": "Ivo L."}))]);
    let party = filled.target.as_ref().unwrap();
    assert_eq!((party.name.as_deref(), party.email.as_deref()), (Some("Ivo L."), Some("ivo@example.com")));
    assert_eq!(party.kind, "user");
    let replaced = fold_of(&[target(1, named), target(2, json!({"id": 6, "type": "user"}))]);
    assert_eq!(replaced.target.as_ref().unwrap().name, None);
}

#[test]
fn an_end_before_the_start_is_shown_on_the_call() {
    let call =
        fold_of(&[with(direct_hangup(), json!({"date_ended": START_MS - 5})), bare("recording", 900_000)]);
    assert_eq!(
        call.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["date_ended: before date_started"]
    );
    assert_eq!(call.date_ended, Some(at(START_MS - 5)));
}

const BLANKS: [&str; 5] = ["null", "\"\"", "[]", "{}", "\" \""];

/// Anything a field may hold in one of a few conflicting versions, blank ones among them.
fn any_value(key: &'static str) -> BoxedStrategy<(String, Value)> {
    let number = 0..4_i64;
    let value: BoxedStrategy<Value> = match key {
        "direction" => prop::sample::select(vec![json!("inbound"), json!("outbound"), json!("?")]).boxed(),
        "target" | "contact" | "transferred_from" => (number, any::<bool>())
            .prop_map(|(id, named)| match named {
                true => json!({"id": id, "type": "user", "name": format!("Name {id}")}),
                false => json!({"id": id, "phone": "+12065550100"}),
            })
            .boxed(),
        "labels" | "recap_purposes" => {
            prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..4).prop_map(Value::from).boxed()
        }
        "recording_details" => prop::sample::subsequence(vec![0, 1, 2, 3], 1..3)
            .prop_map(|ids| ids.into_iter().map(|id| json!({"id": id, "duration": id})).collect())
            .boxed(),
        "external_number" | "voicemail_link" | "group_id" => {
            number.prop_map(|id| json!(format!("+1206555010{id}"))).boxed()
        }
        "is_transferred" => any::<bool>().prop_map(Value::from).boxed(),
        key if key.starts_with("date_") => number.prop_map(|id| json!(START_MS + id)).boxed(),
        _ => number.prop_map(|id| json!(id)).boxed(),
    };
    let blank = prop::sample::select(BLANKS.to_vec()).prop_map(|text| serde_json::from_str(text).unwrap());
    prop_oneof![3 => value, 1 => blank].prop_map(move |value| (key.to_owned(), value)).boxed()
}

const KEYS: [&str; 20] = [
    "direction",
    "target",
    "contact",
    "transferred_from",
    "labels",
    "recap_purposes",
    "recording_details",
    "external_number",
    "voicemail_link",
    "group_id",
    "is_transferred",
    "date_started",
    "date_queued",
    "date_first_rang",
    "date_connected",
    "date_ended",
    "duration",
    "talk_time",
    "operator_call_id",
    "csat_score",
];

/// An event of one call: any state, one of few moments (so that many are equal), some fields.
fn any_payload() -> impl Strategy<Value = Value> {
    let states: Vec<&str> =
        CallState::ALL.iter().map(|state| state.as_str()).chain(["dancing", ""]).collect();
    let members = prop::sample::subsequence(KEYS.to_vec(), 0..8)
        .prop_flat_map(|keys| keys.into_iter().map(any_value).collect::<Vec<_>>());
    (prop::sample::select(states), prop::option::weighted(0.9, 0..4_i64), members).prop_map(
        |(state, after_ms, members)| {
            let timestamp = after_ms.map(|after_ms| START_MS + after_ms);
            let base = json!({"call_id": 7, "state": state, "event_timestamp": timestamp});
            with(base, Value::Object(members.into_iter().collect::<Map<_, _>>()))
        },
    )
}

type Events = Vec<(CallEvent, Digest)>;

fn any_events() -> impl Strategy<Value = Events> {
    prop::collection::vec(any_payload().prop_map(|payload| event(&payload)), 1..9)
}

/// The same events in another order, some of them several times.
fn events_and_mixed() -> impl Strategy<Value = (Events, Events)> {
    any_events().prop_flat_map(|events| {
        let again = prop::sample::subsequence(events.clone(), 0..=events.len());
        let mixed = again.prop_flat_map({
            let events = events.clone();
            move |again| Just([events.clone(), again].concat()).prop_shuffle()
        });
        (Just(events), mixed)
    })
}

fn payload_at(state: &str, after_ms: i64) -> (CallEvent, Digest) {
    event(&json!({"call_id": 7, "state": state, "event_timestamp": START_MS + after_ms}))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn order_and_repetition_do_not_matter((events, mixed) in events_and_mixed()) {
        prop_assert_eq!(fold_all(&mixed), fold_all(&events));
    }

    #[test]
    fn what_is_over_stays_over(
        mut events in any_events(),
        state in prop::sample::select(vec!["preanswer", "calling", "ringing", "queued", "connected", "hold"]),
        after_ms in 0..9_i64,
    ) {
        events.push(payload_at("hangup", 2));
        let before = fold_all(&events).unwrap();
        events.push(payload_at(state, after_ms));
        let after = fold_all(&events).unwrap();
        prop_assert!(after.is_ended && after.state.is_terminal());
        prop_assert_eq!((after.state, after.state_raw), (before.state, before.state_raw));
        prop_assert_ne!(after.outcome, Outcome::Ongoing);
    }

    #[test]
    fn a_blank_event_erases_nothing(mut events in any_events(), after_ms in -1..9_i64) {
        let before = fold_all(&events).unwrap();
        events.push(payload_at("ai_playbook", after_ms));
        let after = fold_all(&events).unwrap();
        prop_assert_eq!(after.facts, before.facts);
        prop_assert_eq!((after.state, after.outcome), (before.state, before.outcome));
    }

    #[test]
    fn enrichment_never_moves_the_life_cycle(
        mut events in any_events(),
        enrichment in any_payload(),
        state in prop::sample::select(CallState::ALL.to_vec()),
    ) {
        prop_assume!(state.is_enrichment());
        events.push(payload_at("calling", 0));
        let before = fold_all(&events).unwrap();
        events.push(event(&with(enrichment, json!({"state": state.as_str()}))));
        let after = fold_all(&events).unwrap();
        prop_assert_eq!((after.state, after.state_raw), (before.state, before.state_raw));
    }

    #[test]
    fn marks_stay(mut events in any_events(), mark in prop::sample::select(vec!["missed", "blocked", "voicemail"])) {
        events.push(payload_at(mark, 1));
        let seen = fold_all(&events).unwrap().seen;
        let is_marked = match mark {
            "missed" => seen.missed,
            "blocked" => seen.blocked,
            _ => seen.voicemail,
        };
        prop_assert!(is_marked);
    }

    #[test]
    fn a_call_of_one_event_is_that_event(payload in any_payload()) {
        let (event, digest) = event(&payload);
        let call = fold([(&event, digest)]).unwrap();
        prop_assert_eq!(call.facts, event.facts.clone());
        prop_assert_eq!((call.event_count, call.first_occurred_at), (1, event.occurred_at));
    }
}
