//! Proves how calls become conversations for whoever asks: a tree of legs with one outcome, found by any of its legs, and
//! the same whatever came first.

use serde_json::{Value, json};

use crate::support::{Company, Event, START_MS, Server, eventually, patch, rfc3339};

const CONVERSATION: &str = "id conversationId dateStarted dateEnded outcome direction externalNumber { e164 }
    contact { name } legCount legs { callId depth parent { callId } outcome conversation { conversationId } }";

/// The states that end a leg, and what the event says besides.
fn end(outcome: &str, after: i64) -> (&'static str, Value) {
    let ended = START_MS + after;
    match outcome {
        "ANSWERED" => {
            ("hangup", json!({ "date_connected": START_MS + 4_000, "date_ended": ended, "talk_time": 9_000 }))
        }
        "MISSED" => ("missed", json!({ "date_rang": START_MS + 1_000, "date_ended": ended })),
        "ABANDONED" => ("hangup", json!({ "date_queued": START_MS + 500, "date_ended": ended })),
        "ONGOING" => ("ringing", json!({ "date_rang": START_MS + 1_000 })),
        other => panic!("{other} is not in use here"),
    }
}

/// A leg that started so many milliseconds after the first, as one event.
fn leg(call_id: i64, started: i64, outcome: &str, mut links: Value) -> String {
    let (state, facts) = end(outcome, started + 20_000);
    patch(&mut links, json!({ "direction": "inbound", "date_started": START_MS + started }));
    patch(&mut links, facts);
    let user = json!({ "id": call_id, "type": "user", "name": format!("Agent {call_id}") });
    Event::new(call_id, state).at(started + 20_000).with(json!({ "target": user })).with(links).payload()
}

/// A call to a group that rang two agents, one of whom answered and passed it on to somebody who did not.
fn group_call() -> Vec<String> {
    let contact = json!({ "id": 7, "type": "local", "name": "Grace Hopper", "phone": "+12065550142" });
    let side = json!({ "external_number": "+12065550142", "contact": contact, "operator_call_id": 1002,
                       "target": { "id": 1, "type": "callcenter", "name": "Support" } });
    vec![
        leg(1000, 0, "ANSWERED", side),
        leg(1001, 1_000, "MISSED", json!({ "entry_point_call_id": 1000 })),
        leg(1002, 2_000, "ANSWERED", json!({ "entry_point_call_id": 1000 })),
        leg(1003, 9_000, "MISSED", json!({ "master_call_id": 1002 })),
    ]
}

fn group_shown() -> Value {
    let leg = |id: &str, depth: i64, parent: Option<&str>, outcome: &str| {
        json!({ "callId": id, "depth": depth, "parent": parent.map(|id| json!({ "callId": id })), "outcome": outcome,
                "conversation": { "conversationId": "1000" } })
    };
    json!({
        "conversationId": "1000", "dateStarted": rfc3339(0), "dateEnded": rfc3339(29_000), "outcome": "ANSWERED",
        "direction": "INBOUND", "externalNumber": { "e164": "+12065550142" }, "contact": { "name": "Grace Hopper" },
        "legCount": 4, "legs": [
            leg("1000", 0, None, "ANSWERED"),
            leg("1001", 1, Some("1000"), "MISSED"),
            leg("1002", 1, Some("1000"), "ANSWERED"),
            leg("1003", 2, Some("1002"), "MISSED"),
        ]
    })
}

/// The conversations that the arguments find, without their global ids.
async fn list(server: &Server, company: &Company, arguments: Value) -> Vec<Value> {
    let query = format!(
        "query($query: String, $filter: CallFilter, $first: Int, $after: String) {{ company {{
            conversations(query: $query, filter: $filter, first: $first, after: $after) {{ nodes {{ {CONVERSATION} }} }} }} }}"
    );
    let mut data = company.query(server, &query, arguments).await;
    let Value::Array(mut nodes) = data["company"]["conversations"]["nodes"].take() else { panic!("{data}") };
    for node in &mut nodes {
        node.as_object_mut().unwrap().remove("id");
    }
    nodes
}

async fn ids(server: &Server, company: &Company, arguments: Value) -> Vec<String> {
    let nodes = list(server, company, arguments).await;
    nodes.iter().map(|node| node["conversationId"].as_str().unwrap().to_owned()).collect()
}

async fn must_list(server: &Server, company: &Company, wanted: &[Value]) {
    eventually(async || match list(server, company, json!({})).await {
        found if found == wanted => Ok(()),
        found => Err(format!("{}\nis not\n{}", json!(found), json!(wanted))),
    })
    .await;
}

#[tokio::test]
async fn legs_are_one_conversation_in_whatever_order_they_come() {
    let server = Server::start();
    let events = group_call();
    for (at, order) in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]].into_iter().enumerate() {
        let company = Company::create(&server, &format!("Hopper Lines {at}"));
        for place in order {
            company.deliver(&server, &events[place]).await;
        }
        must_list(&server, &company, &[group_shown()]).await;
    }
}

#[tokio::test]
async fn conversations_that_turn_out_to_be_one_are_one() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let events = group_call();
    // Two that do not know of each other, and one beside them.
    company.deliver(&server, &events[1]).await;
    company.deliver(&server, &events[3]).await;
    company.deliver(&server, leg(2000, 60_000, "ABANDONED", json!({}))).await;
    eventually(async || match ids(&server, &company, json!({})).await {
        found if found == ["2000", "1002", "1000"] => Ok(()),
        found => Err(format!("{found:?}")),
    })
    .await;
    let global = "{ company { conversation(id: 1003) { id } } }";
    let before = company.query(&server, global, json!({})).await["company"]["conversation"]["id"].clone();
    let feed = "query($since: String) { company { latestChange changes(since: $since) { nodes { call { callId } } } } }";
    let since = company.query(&server, feed, json!({})).await["company"]["latestChange"].clone();
    company.deliver(&server, &events[2]).await;
    company.deliver(&server, &events[0]).await;
    eventually(async || match list(&server, &company, json!({})).await {
        found if found.len() == 2 && found[1] == group_shown() => Ok(()),
        found => Err(format!("{}", json!(found))),
    })
    .await;
    // Links and ids of before lead to it.
    for id in [1000, 1001, 1002, 1003] {
        let query = "query($id: ID!) { company { conversation(id: $id) { conversationId } } }";
        let data = company.query(&server, query, json!({ "id": id.to_string() })).await;
        assert_eq!(data["company"]["conversation"]["conversationId"], "1000");
    }
    let node = "query($id: ID!) { node(id: $id) { ... on Conversation { conversationId } } }";
    let data = company.query(&server, node, json!({ "id": before })).await;
    assert_eq!(data["node"]["conversationId"], "1000");
    // Leg 1003 got no event, but it belongs elsewhere now: that is a change.
    let data = company.query(&server, feed, json!({ "since": since })).await;
    let changed: Vec<_> = data["company"]["changes"]["nodes"].as_array().unwrap().iter().collect();
    assert!(changed.iter().any(|node| node["call"]["callId"] == "1003"), "{changed:?}");
    assert!(!changed.iter().any(|node| node["call"]["callId"] == "2000"), "{changed:?}");
    // Folded again, it is the same.
    let output = server.run(&["project", "--rebuild", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    must_list(&server, &company, &{
        let found = list(&server, &company, json!({})).await;
        assert_eq!(found[1], group_shown());
        found
    })
    .await;
}

#[tokio::test]
async fn a_conversation_is_found_by_any_of_its_legs_and_counted_once() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for event in group_call() {
        company.deliver(&server, event).await;
    }
    for at in 0..5_i64 {
        let links = json!({ "external_number": "+12065550177" });
        company.deliver(&server, leg(2_000 + at, 60_000 * (at + 1), "MISSED", links)).await;
    }
    // Two legs of one whose group never came.
    company.deliver(&server, leg(3_001, 400_000, "MISSED", json!({ "entry_point_call_id": 3000 }))).await;
    company.deliver(&server, leg(3_002, 401_000, "ONGOING", json!({ "entry_point_call_id": 3000 }))).await;
    eventually(async || match ids(&server, &company, json!({})).await {
        found if found == ["3000", "2004", "2003", "2002", "2001", "2000", "1000"] => Ok(()),
        found => Err(format!("{found:?}")),
    })
    .await;
    for (query, wanted) in [
        ("outcome:missed", vec!["3000", "2004", "2003", "2002", "2001", "2000", "1000"]),
        ("outcome:answered", vec!["1000"]),
        ("grace", vec!["1000"]),
        ("person:\"Agent 1003\"", vec!["1000"]),
        ("call:3002", vec!["3000"]),
        ("-outcome:missed", vec!["3000", "1000"]),
        ("number:*0177", vec!["2004", "2003", "2002", "2001", "2000"]),
        ("nobody", vec![]),
    ] {
        assert_eq!(ids(&server, &company, json!({ "query": query })).await, wanted, "{query}");
        let count = "query($query: String) { company { conversations(query: $query, first: 1) { totalCount { value exact } } } }";
        let data = company.query(&server, count, json!({ "query": query })).await;
        let wanted = json!({ "value": wanted.len(), "exact": true });
        assert_eq!(data["company"]["conversations"]["totalCount"], wanted, "{query}");
    }
    let going_on = list(&server, &company, json!({ "query": "call:3002" })).await.remove(0);
    assert_eq!((&going_on["outcome"], &going_on["dateEnded"]), (&json!("ONGOING"), &Value::Null));
    assert_eq!((&going_on["legCount"], &going_on["legs"][1]["parent"]), (&json!(2), &Value::Null));
    // Page by page, and back.
    const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String) { company {
        conversations(first: $first, after: $after, last: $last, before: $before) {
            edges { cursor node { conversationId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";
    let mut forward = Vec::new();
    let mut arguments = json!({ "first": 3 });
    loop {
        let data = company.query(&server, PAGE, arguments).await;
        let page = &data["company"]["conversations"];
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!forward.is_empty()));
        forward.extend(edges.iter().map(|edge| edge["node"]["conversationId"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            arguments = json!({ "last": 2, "before": page["pageInfo"]["startCursor"] });
            break;
        }
        arguments = json!({ "first": 3, "after": page["pageInfo"]["endCursor"] });
    }
    assert_eq!(forward, ["3000", "2004", "2003", "2002", "2001", "2000", "1000"]);
    let data = company.query(&server, PAGE, arguments).await;
    let back: Vec<_> = data["company"]["conversations"]["edges"].as_array().unwrap().iter().collect();
    let back: Vec<_> = back.iter().map(|edge| edge["node"]["conversationId"].as_str().unwrap()).collect();
    assert_eq!(back, ["2001", "2000"]);
}

#[tokio::test]
async fn what_cannot_be_asked_of_conversations() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    for event in group_call() {
        company.deliver(&server, event).await;
    }
    must_list(&server, &company, &[group_shown()]).await;
    let query = format!("query($id: ID!) {{ company {{ conversation(id: $id) {{ {CONVERSATION} }} }} }}");
    for id in ["1000", "1003", "4711", "", "x", "-1", "99999999999999999999"] {
        let data = other.query(&server, &query, json!({ "id": id })).await;
        assert_eq!(data["company"]["conversation"], Value::Null, "{id}");
    }
    assert!(list(&server, &other, json!({})).await.is_empty());
    let legs = "query($first: Int) { company { conversation(id: 1000) { legCount legs(first: $first) { callId } } } }";
    for (first, wanted) in [(json!(1), 1), (json!(200), 4), (Value::Null, 4)] {
        let data = company.query(&server, legs, json!({ "first": first })).await;
        let conversation = &data["company"]["conversation"];
        assert_eq!(conversation["legs"].as_array().unwrap().len(), wanted);
        assert_eq!(conversation["legCount"], 4);
    }
    for first in [0, -1, 201] {
        let answer = company.ask(&server, legs, json!({ "first": first })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_INPUT"), "{first}");
    }
    // Legs of conversations of legs without end are refused before anything is read.
    let nested = format!("{}callId{}", "legs { conversation { ".repeat(5), " } }".repeat(5));
    let nested = nested.replace("{ callId }", "{ conversationId }").replace("callId", "conversationId");
    let dear = format!("{{ company {{ conversation(id: 1000) {{ {nested} }} }} }}");
    let answer = company.ask(&server, &dear, json!({})).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    let cursor = "{ company { calls { pageInfo { endCursor } } } }";
    let data = company.query(&server, cursor, json!({})).await;
    let of_calls = &data["company"]["calls"]["pageInfo"]["endCursor"];
    let after = "query($after: String) { company { conversations(after: $after) { nodes { id } } } }";
    let answer = company.ask(&server, after, json!({ "after": of_calls })).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_CURSOR"));
}
