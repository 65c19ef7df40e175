//! GQ-041 to GQ-054: what belongs to somebody else, what is of another kind, and what a role may not.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::database::psql;
use crate::support::{Answer, Company, Database, Event, Server, Start, eventually};

/// Everything that has a global id, with something to ask of it.
const NODE: &str =
    "query($id: ID!) { node(id: $id) { id ... on Company { name } ... on Endpoint { requestUrl }
    ... on Call { callId } ... on Delivery { raw } ... on Conversation { legCount } } }";
const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";

fn event(call_id: i64, links: Value) -> String {
    Event::new(call_id, "hangup").at(call_id).with(json!({ "direction": "inbound" })).with(links).payload()
}

/// The global ids of one object of each kind.
async fn ids(server: &Server, company: &Company, call_id: &str) -> Vec<String> {
    let query = "query($id: ID!) { company { id endpoint { id } deliveries(first: 1) { nodes { id } }
        call(callId: $id) { id conversation { id } } } }";
    eventually(async || {
        let data = company.query(server, query, json!({ "id": call_id })).await;
        let company = &data["company"];
        let found = [
            &company["id"],
            &company["endpoint"]["id"],
            &company["deliveries"]["nodes"][0]["id"],
            &company["call"]["id"],
            &company["call"]["conversation"]["id"],
        ];
        found
            .map(|id| id.as_str().map(str::to_owned))
            .into_iter()
            .collect::<Option<_>>()
            .ok_or(data.to_string())
    })
    .await
}

/// The id with other bytes.
fn altered(id: &str, alter: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(id).unwrap();
    alter(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The answer without the number of its request.
fn bytes(answer: &Answer) -> (u16, String) {
    let id = answer.json["errors"][0]["extensions"]["requestId"].as_str().unwrap_or("none").to_owned();
    (answer.status.as_u16(), answer.text.replace(&id, "…"))
}

#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let server = Server::start();
    let (a, b) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    a.deliver(&server, event(701, json!({}))).await;
    b.deliver(&server, event(702, json!({}))).await;
    let (of_a, of_b) = (ids(&server, &a, "701").await, ids(&server, &b, "702").await);
    let owner = b.owner(&server).await;
    for caller in [b.key(), owner] {
        let nothing = bytes(&caller.ask(&server, NODE, json!({ "id": "AAAA" })).await);
        assert_eq!(nothing.0, 200);
        let mut strange = Vec::new();
        for (foreign, own) in of_a.iter().zip(&of_b) {
            // GQ-041: another's, nobody's, of a company that is not there, cut off, too long.
            strange.push(foreign.clone());
            strange.push(altered(foreign, |bytes| bytes[1..17].iter_mut().for_each(|byte| *byte ^= 0x5a)));
            strange.push(altered(foreign, |bytes| bytes.truncate(12)));
            strange.push(altered(own, |bytes| bytes.push(0)));
            // Own company, nobody's object: only a company has nothing else that could differ.
            if own != &of_b[0] {
                strange.push(altered(own, |bytes| *bytes.last_mut().unwrap() ^= 1));
            }
            // GQ-054: the same bytes as another kind.
            for kind in [b'C', b'E', b'D', b'X'] {
                let other = altered(own, |bytes| bytes[0] = kind);
                strange.extend((other != *own).then_some(other));
            }
        }
        for id in &strange {
            assert_eq!(bytes(&caller.ask(&server, NODE, json!({ "id": id })).await), nothing, "{id}");
        }
        let answer = caller.query(&server, NODES, json!({ "ids": &strange[..60.min(strange.len())] })).await;
        assert!(answer["nodes"].as_array().unwrap().iter().all(Value::is_null), "{answer}");
        // Its own are there, in the order that was asked for: the test can tell the difference.
        let mut wanted = of_b.clone();
        wanted.reverse();
        let answer = caller.query(&server, NODES, json!({ "ids": wanted })).await;
        let kinds: Vec<_> =
            answer["nodes"].as_array().unwrap().iter().map(|node| &node["__typename"]).collect();
        assert_eq!(kinds, ["Conversation", "Call", "Delivery", "Endpoint", "Company"]);
        for id in &of_b {
            let answer = caller.query(&server, NODE, json!({ "id": id })).await;
            assert_eq!(answer["node"]["id"], json!(id));
        }
    }
    // GQ-054: ids of another kind where one kind is wanted.
    for id in &of_b[1..] {
        let query = "query($id: ID!) { company(id: $id) { name } }";
        assert_eq!(b.query(&server, query, json!({ "id": id })).await["company"], Value::Null);
    }
    for field in ["call(callId: $id) { callId }", "conversation(id: $id) { legCount }"] {
        let query = format!("query($id: ID!) {{ company {{ found: {field} }} }}");
        for id in of_b.iter().map(String::as_str).chain(["701", "999"]) {
            assert_eq!(
                b.query(&server, &query, json!({ "id": id })).await["company"]["found"],
                Value::Null,
                "{field}"
            );
        }
    }
}

#[tokio::test]
async fn a_hop_never_leads_to_another_company() {
    let server = Server::start();
    let (a, b) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    a.deliver(&server, event(701, json!({ "group_id": "CallCenter:701" }))).await;
    ids(&server, &a, "701").await;
    // GQ-042: legs that name a leg of A, and one that nobody has.
    let hops = "{ company { call(callId: 702) { parent { callId } depth conversation { conversationId legCount legs { callId } } } } }";
    let mut seen = Vec::new();
    for named in ["701", "666"] {
        let id = named.parse::<i64>().unwrap();
        let company = Company::create(&server, &format!("Company {named}"));
        company.deliver(&server, event(702, json!({ "entry_point_call_id": id }))).await;
        ids(&server, &company, "702").await;
        let answer = company.ask(&server, hops, json!({})).await;
        let text = answer.json["data"].to_string();
        assert_eq!(answer.json["data"]["company"]["call"]["parent"], Value::Null, "{text}");
        seen.push(text.replace(named, "…"));
    }
    assert_eq!(seen[0], seen[1]);
    // GQ-045: a filter by what only A has finds as much as one by what nobody has.
    let list =
        "query($filter: CallFilter) { company { calls(filter: $filter) { nodes { id } totalCount { value } }
        conversations(filter: $filter) { nodes { id } totalCount { value } } } }";
    let filter = |id: &str| json!({ "filter": { "or": [{ "groupId": { "eq": format!("CallCenter:{id}") } }, { "callId": { "eq": id } }] } });
    let foreign = b.query(&server, list, filter("701")).await;
    assert_eq!(foreign, b.query(&server, list, filter("666")).await);
    assert_eq!(foreign["company"]["conversations"]["totalCount"]["value"], 0);
    assert_eq!(a.query(&server, list, filter("701")).await["company"]["calls"]["totalCount"]["value"], 1);
    // GQ-044: a place in A's list is none in B's, nor in another question.
    let cursors = "{ company { calls { pageInfo { endCursor } } conversations { pageInfo { endCursor } } latestChange } }";
    let data = a.query(&server, cursors, json!({})).await;
    let after = "query($after: String) { company { calls(after: $after) { nodes { id } } } }";
    let company = &data["company"];
    let of_calls = &company["calls"]["pageInfo"]["endCursor"];
    for (caller, cursor) in [
        (&b, of_calls),
        (&a, &company["conversations"]["pageInfo"]["endCursor"]),
        (&a, &company["latestChange"]),
    ] {
        let answer = caller.ask(&server, after, json!({ "after": cursor })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_CURSOR"));
    }
    assert_eq!(a.ask(&server, after, json!({ "after": of_calls })).await.status, 200);
}

#[tokio::test]
async fn a_role_may_what_it_may() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    company.deliver(&server, event(701, json!({}))).await;
    let delivery = ids(&server, &company, "701").await.remove(2);
    // GQ-052: a key reads.
    let change =
        "mutation { replaceEndpointSecret(input: { secret: \"another long secret\" }) { endpoint { id } } }";
    let answer = company.ask(&server, change, json!({})).await;
    assert_eq!((answer.code(), &answer.json["data"]), ("FORBIDDEN", &Value::Null), "{}", answer.text);
    // GQ-050: somebody who may only see calls.
    psql(&url, "UPDATE api_keys SET role = 'viewer'").unwrap();
    for field in
        ["deliveries { nodes { id } }", "deliverySummary(since: \"2026-01-01T00:00:00Z\") { __typename }"]
    {
        let answer = company.ask(&server, &format!("{{ company {{ {field} }} }}"), json!({})).await;
        assert_eq!(
            (answer.code(), &answer.json["data"]["company"]),
            ("FORBIDDEN", &Value::Null),
            "{field}: {}",
            answer.text
        );
    }
    let data = company.query(&server, "{ company { endpoint { requestUrl } } }", json!({})).await;
    assert_eq!(data["company"]["endpoint"], Value::Null);
    let nothing = bytes(&company.ask(&server, NODE, json!({ "id": "AAAA" })).await);
    assert_eq!(bytes(&company.ask(&server, NODE, json!({ "id": delivery })).await), nothing);
    assert_eq!(company.call_ids(&server, json!({})).await, ["701"], "calls may be seen");
}
