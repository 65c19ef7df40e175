//! Proves that facets count what the list shows: every facet is the list without its own condition, counted by hand.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::World;
use crate::support::Dice;
use crate::support::{Company, Server, eventually};

const FACETS: &str = "query($query: String, $filter: CallFilter) { company { callFacets(query: $query, filter: $filter) {
    direction { value count { value exact } } state { value count { value exact } } outcome { value count { value exact } }
    recorded { value count { value exact } } voicemail { value count { value exact } }
    person(first: 50) { party { id type name email phone { raw } } count { value exact } }
    group(first: 50) { groupId name count { value exact } } } } }";
const LIST: &str = "query($query: String, $filter: CallFilter) { company { calls(query: $query, filter: $filter, first: 200) {
    totalCount { value exact } nodes { direction state outcome wasRecorded voicemailLink groupId
    target { id type name email phone { raw } } } } } }";

/// The facets with the names of their own conditions in the filter.
const OWN: [(&str, &str); 7] = [
    ("direction", "direction"),
    ("state", "state"),
    ("outcome", "outcome"),
    ("recorded", "wasRecorded"),
    ("voicemail", "hasVoicemail"),
    ("person", "person"),
    ("group", "groupId"),
];

/// A filter with one to four conditions.
pub(super) fn filter(dice: &mut Dice) -> Map<String, Value> {
    let choices = [
        ("direction", vec![json!({ "eq": "INBOUND" }), json!({ "in": ["OUTBOUND", "UNKNOWN"] })]),
        (
            "state",
            vec![json!({ "eq": "HANGUP" }), json!({ "in": ["VOICEMAIL", "CONNECTED"] }), json!({ "in": [] })],
        ),
        ("outcome", vec![json!({ "eq": "ANSWERED" }), json!({ "in": ["MISSED", "VOICEMAIL", "ABANDONED"] })]),
        ("wasRecorded", vec![json!(true), json!(false)]),
        ("hasVoicemail", vec![json!(true), json!(false)]),
        ("person", vec![json!({ "contains": "grace" }), json!({ "eq": "Mei Okafor" })]),
        ("groupId", vec![json!({ "eq": "Office:47992055" }), json!({ "eq": "none" })]),
        ("isTransferred", vec![json!(true), json!(false)]),
        ("dateStarted", vec![json!({ "gte": "-P10D" }), json!({ "lt": "-P3D" })]),
        ("durationMs", vec![json!({ "gte": 120_000 })]),
        ("text", vec![json!("grace"), json!("206"), json!("0133")]),
        ("contact", vec![json!({ "contains": "a" })]),
        ("or", vec![json!([{ "direction": { "eq": "OUTBOUND" } }, { "outcome": { "eq": "MISSED" } }])]),
        (
            "not",
            vec![
                json!({ "outcome": { "eq": "ANSWERED" } }),
                json!({ "groupId": { "eq": "Office:47992055" } }),
            ],
        ),
    ];
    let mut filter = Map::new();
    for _ in 0..1 + dice.roll(4) {
        let (key, values) = &choices[dice.roll(choices.len())];
        filter.insert((*key).to_owned(), values[dice.roll(values.len())].clone());
    }
    filter
}

/// What stands in a facet for a call of the list.
fn value_of(facet: &str, call: &Value) -> Value {
    match facet {
        "recorded" => json!(call["wasRecorded"] == json!(true)),
        "voicemail" => json!(!call["voicemailLink"].is_null() || call["outcome"] == "VOICEMAIL"),
        "person" => call["target"].clone(),
        "group" => call["groupId"].clone(),
        other => call[other].clone(),
    }
}

/// Counts by hand; calls without a value are left out.
fn counted(facet: &str, calls: &[Value]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in calls.iter().map(|call| value_of(facet, call)).filter(|value| !value.is_null()) {
        *counts.entry(value.to_string()).or_insert(0) += 1;
    }
    counts
}

/// A facet of an answer, and its counts in the order in which they came.
fn answered(facet: &str, answer: &Value) -> (BTreeMap<String, u64>, Vec<u64>) {
    let key =
        ["value", "party", "groupId"][usize::from(facet == "person") + 2 * usize::from(facet == "group")];
    let rows = answer[facet].as_array().unwrap();
    let count = |row: &Value| {
        assert_eq!(row["count"]["exact"], true, "{row}");
        row["count"]["value"].as_u64().unwrap()
    };
    let counts: BTreeMap<_, _> = rows.iter().map(|row| (row[key].to_string(), count(row))).collect();
    assert_eq!(counts.len(), rows.len(), "no value comes twice: {rows:?}");
    (counts, rows.iter().map(count).collect())
}

impl World {
    async fn list(&self, arguments: Value) -> Vec<Value> {
        let data = self.company.query(&self.server, LIST, arguments).await;
        let calls = &data["company"]["calls"];
        let nodes = calls["nodes"].as_array().unwrap();
        assert_eq!(calls["totalCount"], json!({ "value": nodes.len(), "exact": true }));
        nodes.clone()
    }

    async fn facets(&self, arguments: Value) -> Value {
        let data = self.company.query(&self.server, FACETS, arguments).await;
        data["company"]["callFacets"].clone()
    }
}

/// The most frequent first; of those that are as frequent, in the order of their names.
fn assert_in_order(facet: &str, rows: &Value) {
    let rows = rows.as_array().unwrap();
    for pair in rows.windows(2) {
        let [one, next] =
            [0, 1].map(|at| (pair[at]["count"]["value"].as_u64().unwrap(), pair[at]["value"].to_string()));
        assert!(
            one.0 > next.0 || (one.0 == next.0 && (one.1 < next.1 || next.1 == "null")),
            "{facet}: {rows:?}"
        );
    }
}

#[tokio::test]
async fn facets_are_the_list_without_their_own_condition() {
    let world = World::new(200).await;
    let mut dice = Dice::new(7);
    let (mut differing, mut values) = (0, 0);
    for round in 0..60 {
        let whole = filter(&mut dice);
        // The same conditions at once, or taken apart into a conjunction of their own.
        let asked = if round % 3 == 0 {
            let parts: Vec<Value> = whole.iter().map(|(key, value)| json!({ key: value })).collect();
            json!({ "and": parts })
        } else {
            json!(whole)
        };
        let answer = world.facets(json!({ "filter": asked })).await;
        let matching = world.list(json!({ "filter": whole })).await;
        for (facet, own) in OWN {
            let mut others = whole.clone();
            let calls = match others.remove(own) {
                Some(_) => world.list(json!({ "filter": others })).await,
                None => matching.clone(),
            };
            let (counts, order) = answered(facet, &answer);
            assert_eq!(counts, counted(facet, &calls), "{facet} of {asked}");
            assert!(order.is_sorted_by(|one, next| one >= next), "{facet} of {asked}: {order:?}");
            assert_in_order(facet, &answer[facet]);
            // Everything has a direction, a state, an outcome and both answers.
            if !["person", "group"].contains(&facet) {
                assert_eq!(order.iter().sum::<u64>(), calls.len() as u64, "{facet} of {asked}");
            }
            differing += usize::from(calls.len() != matching.len());
            values += counts.len();
        }
    }
    assert!(differing > 30 && values > 400, "the filters tell calls apart: {differing}, {values}");
}

#[tokio::test]
async fn query_text_counts_like_the_filter() {
    let world = World::new(120).await;
    for (query, filter) in [
        ("", json!({})),
        ("direction:inbound", json!({ "direction": { "eq": "INBOUND" } })),
        (
            "outcome:[missed,voicemail] grace",
            json!({ "outcome": { "in": ["MISSED", "VOICEMAIL"] }, "text": "grace" }),
        ),
        ("-outcome:answered has:recording", json!({ "outcome": { "neq": "ANSWERED" }, "wasRecorded": true })),
        (
            "-has:voicemail person:grace",
            json!({ "not": { "hasVoicemail": true }, "person": { "contains": "grace" } }),
        ),
        ("nobody", json!({ "text": "nobody" })),
    ] {
        let by_text = world.facets(json!({ "query": query })).await;
        assert_eq!(by_text, world.facets(json!({ "filter": filter })).await, "{query}");
        // Both at once say nothing else.
        assert_eq!(by_text, world.facets(json!({ "query": query, "filter": filter })).await, "{query}");
    }
    // What is excluded stays excluded: the other values are still there to be seen.
    let facets = world.facets(json!({ "query": "-direction:outbound" })).await;
    let (directions, _) = answered("direction", &facets);
    assert!(directions.len() == 2 && !directions.contains_key("\"OUTBOUND\""), "{directions:?}");
    assert_eq!(world.facets(json!({ "query": "nobody" })).await["person"], json!([]));
}

#[tokio::test]
async fn groups_have_the_name_of_their_party() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let call = |id: i64, group: &str, target: Value| {
        json!({ "call_id": id, "state": "hangup", "direction": "inbound", "date_started": 1_789_398_000_000_i64 + id,
                "event_timestamp": 1_789_398_100_000_i64, "group_id": group, "target": target })
        .to_string()
    };
    let party = |kind: &str, id: i64, name: &str| json!({ "type": kind, "id": id, "name": name });
    for payload in [
        call(1, "CallCenter:5533", party("call_center", 5533, "Support, as it was")),
        call(2, "CallCenter:5533", party("call_center", 5533, "Support")),
        // The agent's leg names the agent, who has an id of his own; a person with the id of a group is no group.
        call(3, "CallCenter:5533", party("user", 61, "Agent Two")),
        call(4, "Office:61", party("user", 61, "Agent Two")),
        call(5, "Department:70", party("department", 70, "")),
        call(6, "Elsewhere", party("user", 61, "Agent Two")),
    ] {
        company.deliver(&server, payload).await;
    }
    let query = "{ company { callFacets { group { groupId name count { value } } person(first: 1) { party { name } count { value } } } } }";
    let group = |id: &str, name: Option<&str>, count: u64| json!({ "groupId": id, "name": name, "count": { "value": count } });
    let wanted = json!({
        "group": [group("CallCenter:5533", Some("Support"), 3), group("Department:70", None, 1), group("Elsewhere", None, 1),
                  group("Office:61", None, 1)],
        "person": [{ "party": { "name": "Agent Two" }, "count": { "value": 3 } }]
    });
    eventually(async || {
        let data = company.query(&server, query, json!({})).await;
        let facets = &data["company"]["callFacets"];
        if *facets == wanted { Ok(()) } else { Err(facets.to_string()) }
    })
    .await;
    let first = "query($first: Int) { company { callFacets { group(first: $first) { groupId } person { party { id } } } } }";
    let data = company.query(&server, first, json!({ "first": 2 })).await;
    let two = json!([{ "groupId": "CallCenter:5533" }, { "groupId": "Department:70" }]);
    assert_eq!(data["company"]["callFacets"]["group"], two);
    for wrong in [0, -1, 51] {
        let answer = company.ask(&server, first, json!({ "first": wrong })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_INPUT"), "{}", answer.text);
    }
}
