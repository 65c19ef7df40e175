//! Proves that somebody who is scoped to groups sees the calls of these and nothing else: every field of the schema,
//! lists and counts under every kind of filter, and exports answer as if there were no other calls.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::office::{Call, office};
use super::oracle::questions;
use super::worlds::{Schema, lasting, session};
use super::{World, now_ms};
use crate::support::{Caller, Company, Server, Socket, Told};

const SCOPE: &str = "mutation($id: ID!, $groups: [String!]) {
    scopeMember(input: { memberId: $id, groupScope: $groups }) { member { groupScope { groupId name } } userErrors { code } } }";
/// Groups and people of the office: one that calls name, one that only stands on calls, and one of its people.
const GROUPS: [&str; 3] = ["call_center:55330718", "CallCenter:5533120", "User:6300002"];

/// Whether a call is of one of [`GROUPS`].
fn is_seen(call: &Call) -> bool {
    let is_one = |kind: &str, id: &str| {
        kind == "call_center" && ["55330718", "5533120"].contains(&id) || (kind, id) == ("user", "6300002")
    };
    call.group == Some("CallCenter:55330718")
        || call.people.iter().any(|(_, person)| is_one(person.kind, &person.id))
}

/// Somebody in the company who sees the calls of these groups only.
async fn scoped(server: &Server, company: &Company, email: &str, groups: &[&str]) -> Caller {
    company.join(server.database_url().unwrap(), email, "member");
    let owner = company.owner(server).await;
    let data = owner.query(server, "{ company { members { id email } } }", json!({})).await;
    let members = data["company"]["members"].as_array().unwrap().clone();
    let id = &members.iter().find(|member| member["email"] == email).unwrap()["id"];
    let data = owner.query(server, SCOPE, json!({ "id": id, "groups": groups })).await;
    assert_eq!(data["scopeMember"]["userErrors"], json!([]));
    company.sign_in(server, email).await
}

#[tokio::test]
async fn who_is_scoped_to_groups_is_answered_as_if_there_were_no_other_calls() {
    let server = Server::start();
    let company = Company::create_in(&server, "Hopper Lines", super::ZONE);
    let now_ms = now_ms();
    let mut world = World { server, company, calls: Vec::new(), now_ms };
    let (seen, others): (Vec<Call>, Vec<Call>) = office(240, now_ms).into_iter().partition(is_seen);
    assert!(seen.len() > 60 && others.len() > 60, "{} of {}", seen.len(), others.len());
    let call = seen[3].id;
    let hidden: Vec<i64> = others.iter().map(|call| call.id).collect();
    world.add(seen).await;
    let member = scoped(&world.server, &world.company, "mei@example.com", &GROUPS).await;
    let owner = world.company.owner(&world.server).await;

    let schema = Schema::read(&world.server, &member).await;
    let own = format!("{{ company {{ call(callId: \"{call}\") {{ id }} }} }}");
    let own = member.query(&world.server, &own, json!({})).await["company"]["call"]["id"].clone();
    let told = HashMap::from([
        ("node", format!("id: {own}")),
        ("nodes", format!("ids: [{own}]")),
        ("call", format!("callId: \"{call}\"")),
        ("conversation", format!("id: \"{call}\"")),
        ("deliverySummary", "since: \"2026-01-01T00:00:00Z\", until: \"2026-03-01T00:00:00Z\"".to_owned()),
    ]);
    let probes = schema.probes(&told);
    let filters: Vec<Value> = lasting(questions(now_ms)).step_by(5).collect();
    let alone = session(&world.server, &member, &probes, &filters).await;
    // Who sees everything is answered the same to every list, count and export: everything is what the scope lets see.
    let everything = session(&world.server, &owner, &[], &filters).await;
    assert_eq!(alone[probes.len()..], everything);
    assert!(everything.len() > 20, "{} answers", everything.len());

    world.add(others).await;
    let among_others = session(&world.server, &member, &probes, &filters).await;
    for (alone, among_others) in alone.iter().zip(&among_others) {
        assert_eq!(alone, among_others);
    }
    let all = session(&world.server, &owner, &[], &filters).await;
    let different = all.iter().zip(&everything).filter(|(all, seen)| all != seen).count();
    assert!(different * 2 > all.len(), "most answers could have been others: {different}");

    // What is not seen is, by its id, what is not there.
    let by_id =
        "query($id: ID!) { company { call(callId: $id) { callId } conversation(id: $id) { legCount } } }";
    for id in [hidden[0], hidden[1], 1] {
        let answer = member.ask(&world.server, by_id, json!({ "id": id.to_string() })).await;
        assert_eq!(answer.json["data"]["company"], json!({ "call": null, "conversation": null }), "{id}");
    }
    let data = owner.query(&world.server, by_id, json!({ "id": hidden[0].to_string() })).await;
    assert_eq!(data["company"]["call"]["callId"], hidden[0].to_string());
}

#[tokio::test]
async fn who_is_scoped_to_groups_sees_no_delivery_and_not_how_they_fare() {
    let mut world = World::new(20).await;
    let member = scoped(&world.server, &world.company, "mei@example.com", &GROUPS).await;
    for forbidden in [
        "{ company { deliveries(first: 1) { nodes { id } } } }",
        "{ company { deliverySummary(since: \"2026-01-01T00:00:00Z\", until: \"2026-01-02T00:00:00Z\") { accepted } } }",
    ] {
        let answer = member.ask_again(&world.server, forbidden, &json!({})).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{forbidden}");
    }
    let data = member.query(&world.server, "{ company { endpoint { id } viewerMay } }", json!({})).await;
    assert_eq!(data["company"]["endpoint"], Value::Null);
    assert!(!data["company"]["viewerMay"].to_string().contains("DELIVERIES"), "{data}");
    let newest = world.company.query(
        &world.server,
        "{ company { deliveries(first: 1) { nodes { id } } } }",
        json!({}),
    );
    let id = newest.await["company"]["deliveries"]["nodes"][0]["id"].clone();
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    assert_eq!(member.query(&world.server, node, json!({ "id": id })).await["node"], Value::Null);
    // A leg of a conversation is seen without those that are not.
    let with_legs = |id: i64, kind: &str, group: &str, master: Option<i64>| {
        json!({ "call_id": id, "state": "hangup", "event_timestamp": world.now_ms, "date_started": world.now_ms,
            "direction": "inbound", "target": { "id": group, "type": kind, "name": "Somebody" },
            "master_call_id": master })
        .to_string()
    };
    let (first, second) = (9_001, 9_002);
    let legs = [with_legs(first, "user", "77", None), with_legs(second, "user", "6300002", Some(first))];
    for leg in legs {
        world.company.deliver(&world.server, leg).await;
    }
    world.calls.clear();
    let legs = "query($id: ID!) { company { conversation(id: $id) { legs { callId } } } }";
    let of = async |caller: &Caller| {
        caller.query(&world.server, legs, json!({ "id": first.to_string() })).await["company"]["conversation"]
            ["legs"]
            .clone()
    };
    let owner = world.company.owner(&world.server).await;
    crate::support::eventually(async || match of(&owner).await {
        legs if legs.as_array().is_some_and(|legs| legs.len() == 2) => Ok(()),
        legs => Err(legs.to_string()),
    })
    .await;
    assert_eq!(of(&member).await, json!([{ "callId": second.to_string() }]));
}

#[tokio::test]
async fn who_is_scoped_to_groups_is_told_of_their_calls_only() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let member = scoped(&server, &company, "mei@example.com", &["User:31"]).await;
    // Once somebody hears of changes there are no gaps any more.
    drop(Socket::of(&server, &company).await);
    let mut socket = Socket::of_browser(&server, &member).await;
    let calls = "subscription { callChanged { callId } }";
    socket.subscribe("calls", calls, json!({})).await;
    socket.subscribe("deliveries", "subscription { deliveryReceived { kind } }", json!({})).await;
    let event = |id: i64, target: i64| {
        json!({ "call_id": id, "state": "hangup", "event_timestamp": 1_777_647_845_000_i64 + id,
            "date_started": 1_777_647_845_000_i64 + id, "direction": "inbound",
            "target": { "id": target, "type": "user", "name": format!("Person {target}") } })
        .to_string()
    };
    let mut told = Vec::new();
    let mut refused = false;
    // Of each pair one call is theirs. Nobody says when a subscription has begun, so calls go on until some are told.
    for id in (1_000..).step_by(2).take(100) {
        company.deliver(&server, event(id, 77)).await;
        company.deliver(&server, event(id + 1, 31)).await;
        while let Some(heard) = socket.hear_within(std::time::Duration::from_millis(300)).await {
            let Told::Said(said) = heard else { panic!("it was closed") };
            if said["id"] == "deliveries" {
                refused |= said.to_string().contains("FORBIDDEN");
            } else if said["type"] == "next" {
                let id = &said["payload"]["data"]["callChanged"]["callId"];
                told.push(id.as_str().unwrap().parse::<i64>().unwrap());
            }
        }
        if told.len() >= 3 {
            break;
        }
    }
    assert!(told.len() >= 3 && told.iter().all(|id| id % 2 == 1), "{told:?}");
    assert!(refused, "deliveries are not told");
}
