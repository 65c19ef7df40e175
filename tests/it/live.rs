//! Proves that whoever subscribes is told what changed and nothing else, with a client that nobody here wrote; that every
//! end of a connection has its reason; and that live updates harm nobody: not deliveries, and not other companies.

mod ends;
mod redis;
mod storm;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Caller, Company, Event, Server, Socket, Told, sign};

const CALLS: &str = "subscription($query: String, $filter: CallFilter, $company: ID) {
    callChanged(query: $query, filter: $filter, company: $company) {
        callId state outcome externalNumber { e164 } contact { name } target { name } } }";
const DELIVERIES: &str = "subscription { deliveryReceived { outcome reason kind call { callId } } }";

/// An event of a call with somebody on it.
fn event(call_id: i64, state: &str, name: &str, at_ms: i64) -> String {
    let contact =
        json!({ "id": format!("c-{name}"), "type": "local", "name": name, "phone": "+12065550142" });
    let members = json!({ "contact": contact, "external_number": "+12065550142", "direction": "inbound" });
    Event::new(call_id, state).at(at_ms).with(members).payload()
}

/// Delivers calls, one after the other with growing ids, until the socket is told of one: nobody says when a subscription
/// has begun. Answers the id of the first that was told.
async fn until_told(server: &Server, company: &Company, socket: &mut Socket, first: i64) -> i64 {
    match until_told_or_closed(server, company, socket, first).await {
        Ok(call_id) => call_id,
        Err((code, reason)) => panic!("closed: {code} {reason}"),
    }
}

/// As [`until_told`], or how the connection was closed before.
async fn until_told_or_closed(
    server: &Server,
    company: &Company,
    socket: &mut Socket,
    first: i64,
) -> Result<i64, (u16, String)> {
    for call_id in first..first + 100 {
        company.deliver(server, event(call_id, "hangup", "Nobody", 0)).await;
        while let Some(told) = socket.hear_within(Duration::from_millis(400)).await {
            match told {
                Told::Said(said) if said["type"] == "next" => return Ok(call_id),
                Told::Said(said) => assert_ne!(said["type"], "error", "{said}"),
                Told::Closed(code, reason) => return Err((code, reason)),
            }
        }
    }
    panic!("nothing was told");
}

/// The next call that is told to `id`, which must be told nothing else.
async fn next(socket: &mut Socket, id: &str) -> Value {
    let Told::Said(said) = socket.hear().await else { panic!("it was closed") };
    assert_eq!((said["type"].as_str(), said["id"].as_str()), (Some("next"), Some(id)), "{said}");
    said["payload"]["data"].clone()
}

#[tokio::test]
async fn a_client_nobody_here_wrote_sees_a_call_change() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    drop(Socket::of(&server, &company).await);
    let url = format!("ws://{}/graphql/ws", server.address());
    let query = "subscription { callChanged(query: \"outcome:missed\") { callId outcome contact { name } } }";
    let mut subscriber = Command::new("python3")
        .args(["-c", include_str!("support/subscriber.py"), &url, &company.api_key, query])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, lines) = mpsc::channel();
    let stdout = BufReader::new(subscriber.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            sender.send(serde_json::from_str::<Value>(&line).unwrap()).ok();
        }
    });
    assert_eq!(
        lines.recv_timeout(Duration::from_secs(20)).expect("install.sh test installs gql"),
        "connected"
    );
    let mut told = None;
    for call_id in 5_001.. {
        assert!(call_id < 5_101, "the subscriber was told nothing");
        company.deliver(&server, event(call_id, "ringing", "Grace Hopper", 0)).await;
        company.deliver(&server, event(call_id, "missed", "Grace Hopper", 1_000)).await;
        // It may be told that the call rings before it is told that it was missed.
        let mut changes = std::iter::from_fn(|| lines.recv_timeout(Duration::from_millis(400)).ok());
        told = changes.find(|told| told["callChanged"]["outcome"] == "MISSED");
        if told.is_some() {
            break;
        }
    }
    let told = told.unwrap();
    assert_eq!(told["callChanged"]["contact"]["name"], "Grace Hopper");
    subscriber.kill().unwrap();
    subscriber.wait().unwrap();
}

#[tokio::test]
async fn only_what_passes_the_filter_is_told_and_only_to_its_company() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let id = other.query(&server, "{ company { id } }", json!({})).await["company"]["id"].clone();
    let mut socket = Socket::of(&server, &company).await;
    // Another company's calls, and those of a company that is not there: silence, and no error.
    let random = "Q".to_owned() + &id.as_str().unwrap()[1..];
    for (name, company) in [("foreign", &id), ("none", &json!(random))] {
        socket.subscribe(name, CALLS, json!({ "company": company })).await;
    }
    let mut theirs = Socket::of(&server, &other).await;
    theirs.subscribe("theirs", CALLS, json!({})).await;
    socket.subscribe("grace", CALLS, json!({ "query": "grace" })).await;
    socket.subscribe("typed", CALLS, json!({ "filter": { "outcome": { "eq": "MISSED" } } })).await;
    // Nobody says when a subscription has begun; the last one is asked for after all others.
    socket.subscribe("all", CALLS, json!({})).await;
    until_told(&server, &company, &mut socket, 1_000).await;
    company.deliver(&server, event(2_001, "missed", "Ada Lovelace", 0)).await;
    let mut told = Vec::new();
    while told.len() < 2 {
        let Told::Said(said) = socket.hear().await else { panic!("it was closed") };
        let call = &said["payload"]["data"]["callChanged"];
        if call["callId"] == "2001" {
            assert_eq!(
                *call,
                json!({ "callId": "2001", "state": "MISSED", "outcome": "MISSED", "target": null,
                "externalNumber": { "e164": "+12065550142" }, "contact": { "name": "Ada Lovelace" } })
            );
            told.push(said["id"].as_str().unwrap().to_owned());
        } else {
            assert_eq!(said["id"], "all", "{said}");
        }
    }
    told.sort();
    assert_eq!(told, ["all", "typed"]);
    socket.say(json!({ "type": "complete", "id": "all" })).await;
    socket.say(json!({ "type": "complete", "id": "typed" })).await;
    company.deliver(&server, event(2_002, "missed", "Grace Hopper", 0)).await;
    loop {
        let data = next(&mut socket, "grace").await;
        if data["callChanged"]["callId"] == "2002" {
            break;
        }
    }
    // A call that passes only now.
    company.deliver(&server, event(2_001, "hangup", "Grace Ada", 2_000)).await;
    assert_eq!(next(&mut socket, "grace").await["callChanged"]["contact"]["name"], "Grace Ada");
    // All the while the other company was told nothing; its own call it is told.
    let first = until_told(&server, &other, &mut theirs, 9_000).await;
    assert!(first >= 9_000);
}

#[tokio::test]
async fn every_delivery_is_told_with_what_became_of_it() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let mut socket = Socket::of(&server, &company).await;
    socket.subscribe("all", DELIVERIES, json!({})).await;
    until_told(&server, &company, &mut socket, 1_000).await;
    while socket.hear_within(Duration::from_millis(1_200)).await.is_some() {}
    let payload = event(2_001, "missed", "Ada Lovelace", 0);
    company.deliver(&server, &payload).await;
    company.deliver(&server, &payload).await;
    assert_eq!(company.post(&server, sign(&payload, "another secret")).await.0, 401);
    company.deliver(&server, "[1]").await;
    other.deliver(&server, &payload).await;
    let mut told = Vec::new();
    while told.len() < 4 {
        let data = next(&mut socket, "all").await;
        told.push(data["deliveryReceived"].clone());
    }
    told.sort_by_key(|delivery| delivery["outcome"].to_string());
    let outcomes: Vec<_> =
        told.iter().map(|one| (one["outcome"].as_str().unwrap(), one["reason"].as_str())).collect();
    assert_eq!(
        outcomes,
        [
            ("ACCEPTED", None),
            ("DUPLICATE", None),
            ("QUARANTINED", Some("NOT_AN_OBJECT")),
            ("REJECTED", Some("SIGNATURE"))
        ]
    );
    assert_eq!(socket.hear_within(Duration::from_millis(1_200)).await, None, "each is told once");
}

#[tokio::test]
async fn nothing_but_subscriptions_is_answered_here() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let mut socket = Socket::of(&server, &company).await;
    let mut doubling = "subscription { callChanged { ...F0 } }".to_owned();
    for level in 0..15 {
        doubling += &format!(" fragment F{level} on Call {{ ...F{0} ...F{0} }}", level + 1);
    }
    doubling += " fragment F15 on Call { id }";
    for (query, code) in [
        ("{ viewer { user { email } } }", "SUBSCRIPTIONS_ONLY"),
        ("{ __schema { types { name } } }", "SUBSCRIPTIONS_ONLY"),
        ("mutation { sendTestCall { userErrors { message } } }", "SUBSCRIPTIONS_ONLY"),
        (doubling.as_str(), "TOO_COMPLEX"),
        ("subscription { a: callChanged { id } b: callChanged { id } }", "BAD_REQUEST"),
        ("subscription { callChanged { nope } }", "BAD_REQUEST"),
        ("subscription {", "BAD_REQUEST"),
        ("subscription { callChanged(query: \"duration:long\") { id } }", "BAD_QUERY"),
        ("subscription { callChanged(company: \"x\") { id } }", "BAD_INPUT"),
        (
            "subscription { callChanged { events(first: 200) { nodes { raw } } e: events(first: 200) { nodes { \
          raw state a: raw b: raw c: raw d: raw e: raw f: raw g: raw h: raw i: raw j: raw k: raw l: raw m: raw \
          call { events(first: 200) { nodes { raw } } } } } } }",
            "BAD_REQUEST",
        ),
    ] {
        socket.subscribe("one", query, json!({})).await;
        let Told::Said(said) = socket.hear().await else { panic!("closed: {query}") };
        assert_eq!(
            (said["type"].as_str(), said["id"].as_str()),
            (Some("error"), Some("one")),
            "{query}: {said}"
        );
        let extensions = &said["payload"][0]["extensions"];
        assert_eq!(extensions["code"], code, "{query}: {said}");
    }
    for at in 0..20 {
        socket.subscribe(&format!("s{at}"), "subscription { callChanged { id } }", json!({})).await;
    }
    socket.subscribe("one more", "subscription { callChanged { id } }", json!({})).await;
    let Told::Said(said) = socket.hear().await else { panic!("it was closed") };
    assert_eq!(said["payload"][0]["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS", "{said}");
    socket.say(json!({ "type": "complete", "id": "s7" })).await;
    socket.subscribe("s7", "subscription { callChanged { id } }", json!({})).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Told::Said(json!({ "type": "pong" })), "there is room again");
}

#[tokio::test]
async fn a_browser_subscribes_with_its_session_from_our_own_pages_only() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let Caller::Session(cookie) = &owner else { panic!("a session") };
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let opened = Socket::open(&server, &[protocol, ("cookie", cookie), (name, value)]).await;
        assert_eq!(opened.err(), Some(403), "{name}: {value}");
    }
    let mut nowhere = Socket::open(&server, &[protocol, ("cookie", cookie)]).await.unwrap();
    nowhere.say(json!({ "type": "connection_init" })).await;
    assert_eq!(nowhere.closed().await, 4_403, "a cookie needs an origin");
    drop(Socket::of(&server, &company).await);
    let mut own = Socket::of_browser(&server, &owner).await;
    own.subscribe("all", CALLS, json!({})).await;
    let Told::Said(ack) = own.hear_any().await else { panic!("it was closed") };
    assert_eq!(ack["type"], "connection_ack");
    until_told(&server, &company, &mut own, 1_000).await;
}
