//! Proves that an export is the list: for every question the same calls in the same order, with the values that the API
//! gives.

use serde_json::{Value, json};

use super::World;
use super::oracle::{Question, questions};
use crate::support::{Export, csv_rows};

const NODES: &str = "query($after: String) { company { calls(first: 200, after: $after) {
    nodes { callId dateStarted direction outcome state stateRaw externalNumber { raw } internalNumber { raw }
            contact { id type name email phone { raw } } target { id type name email phone { raw } }
            entryPointTarget { id type name phone { raw } } proxyTarget { id type name } groupId
            dateQueued dateFirstRang dateRang dateConnected dateEnded
            durationMs totalDurationMs talkTimeMs holdTimeMs wasRecorded voicemailLink isTransferred labels
            entryPointCallId masterCallId operatorCallId }
    pageInfo { endCursor hasNextPage } } } }";

/// The line that a node of the API becomes.
fn line(node: &Value) -> Value {
    let mut line = serde_json::Map::new();
    for (name, value) in node.as_object().unwrap() {
        match (name.as_str(), value) {
            ("externalNumber" | "internalNumber", number) => {
                drop(line.insert(name.clone(), number["raw"].clone()))
            }
            ("contact" | "target" | "entryPointTarget" | "proxyTarget", party) => {
                let members = match name.as_str() {
                    "contact" | "target" => &["id", "type", "name", "email", "phone"][..],
                    "entryPointTarget" => &["id", "type", "name", "phone"],
                    _ => &["id", "type", "name"],
                };
                for member in members {
                    let of_party = if *member == "phone" { &party["phone"]["raw"] } else { &party[member] };
                    let member = member[..1].to_uppercase() + &member[1..];
                    line.insert(format!("{name}{member}"), of_party.clone());
                }
            }
            ("direction" | "outcome" | "state", word) => {
                line.insert(name.clone(), word.as_str().unwrap().to_lowercase().into());
            }
            (_, value) => drop(line.insert(name.clone(), value.clone())),
        }
    }
    Value::Object(line)
}

/// Numbers as numbers, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        (one, other) => one == other,
    }
}

#[tokio::test]
async fn every_question_exports_its_list() {
    let world = World::new(200).await;
    let key = world.company.key();
    let mut exported = 0;
    for (at, Question { query, filter, passes }) in questions(world.now_ms).into_iter().enumerate() {
        let wanted = world.expected(&passes);
        let mut asked = json!({ "query": query, "filter": filter, "format": "jsonl" });
        if at % 3 == 1 {
            asked["format"] = "csv-raw".into();
        }
        let export = Export::post(&world.server, &key, &asked).await;
        assert_eq!(export.header("trunkline-total-count"), wanted.len().to_string(), "{asked}");
        let found: Vec<String> = if at % 3 == 1 {
            csv_rows(&export.text()).into_iter().skip(1).map(|row| row[0].clone()).collect()
        } else {
            export.lines().iter().map(|line| line["callId"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found, wanted, "{asked}");
        exported += usize::from(!wanted.is_empty());
    }
    assert!(exported >= 60, "{exported} exports have calls");
}

#[tokio::test]
async fn every_value_is_the_one_of_the_api() {
    let world = World::new(230).await;
    let key = world.company.key();
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = key.query(&world.server, NODES, json!({ "after": after })).await;
        let calls = &data["company"]["calls"];
        nodes.extend(calls["nodes"].as_array().unwrap().iter().map(line));
        if calls["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = calls["pageInfo"]["endCursor"].clone();
    }
    let lines = Export::post(&world.server, &key, &json!({ "format": "jsonl" })).await.lines();
    assert_eq!(lines.len(), nodes.len());
    for (line, node) in lines.iter().zip(&nodes) {
        assert!(same(line, node), "{line}\n{node}");
    }
    // The same in CSV: exact, and with texts only marked for spreadsheets.
    let raw = csv_rows(&Export::post(&world.server, &key, &json!({ "format": "csv-raw" })).await.text());
    let safe = Export::post(&world.server, &key, &json!({})).await.text();
    let safe = csv_rows(safe.strip_prefix('\u{feff}').unwrap());
    assert_eq!((raw.len(), safe.len()), (nodes.len() + 1, nodes.len() + 1));
    for ((raw, safe), line) in raw.iter().zip(&safe).skip(1).zip(&lines) {
        assert_eq!(raw.len(), line.as_object().unwrap().len());
        for ((name, raw), safe) in columns().zip(raw).zip(safe) {
            let value = match &line[&name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(*raw, value, "{name}");
            if !name.starts_with("date") && name != "labels" {
                assert_eq!(safe.trim_start_matches('\''), *raw, "{name}");
            }
        }
    }
}

/// The names of the columns as the API writes them, in their order.
fn columns() -> impl Iterator<Item = String> {
    const NAMES: &str = "callId dateStarted direction outcome externalNumber internalNumber contactName contactEmail \
        contactPhone contactType contactId targetName targetEmail targetPhone targetType targetId \
        entryPointTargetName entryPointTargetPhone entryPointTargetType entryPointTargetId proxyTargetName \
        proxyTargetType proxyTargetId groupId dateQueued dateFirstRang dateRang dateConnected dateEnded durationMs \
        totalDurationMs talkTimeMs holdTimeMs wasRecorded voicemailLink isTransferred labels state stateRaw \
        entryPointCallId masterCallId operatorCallId";
    NAMES.split_whitespace().map(str::to_owned)
}
