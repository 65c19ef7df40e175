//! Proves the spine: what Dialpad signs and posts is answered 200, and soon every field of every call reads as its
//! events say, whatever their order, repetition or spelling; what was signed is kept byte for byte.

mod calls;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Company, Event, PATIENCE, Server, eventually, patch, rfc3339, sign, within};
use calls::{CallCase, HELP_ARTICLE};

/// A call is visible this long after the 200 at the latest.
const VISIBLE_WITHIN: Duration = Duration::from_secs(2);

/// Every field of a call that is compared; a test below holds it to the schema.
const FIELDS: &str =
    "callId direction state stateRaw outcome groupId entryPointCallId masterCallId operatorCallId
    internalNumber { ...number } externalNumber { ...number }
    target { ...party } proxyTarget { ...party } entryPointTarget { ...party } contact { ...party }
    dateStarted dateFirstRang dateQueued dateRang dateConnected dateEnded
    durationMs totalDurationMs talkTimeMs holdTimeMs wasRecorded voicemailLink isTransferred labels";

const FRAGMENTS: &str = "
    fragment number on PhoneNumber { raw e164 national country }
    fragment party on Party { id type name email phone { ...number } }";

/// Fields that are proved elsewhere: `id` by tenancy, `events` and `updatedAt` below.
const FIELDS_ELSEWHERE: [&str; 6] = ["id", "events", "updatedAt", "conversation", "parent", "depth"];

/// The call as the API shows it; `Err` while it is not there.
async fn read_call(server: &Server, company: &Company, call_id: &str) -> Result<Value, String> {
    let query = format!("query($id: ID!) {{ company {{ call(callId: $id) {{ {FIELDS} }} }} }} {FRAGMENTS}");
    let mut data = company.query(server, &query, json!({ "id": call_id })).await;
    match data["company"]["call"].take() {
        Value::Null => Err(format!("there is no call {call_id}")),
        call => Ok(call),
    }
}

/// The events of a call: state, raw text, moment and problems, in the order of the API.
async fn read_events(server: &Server, company: &Company, call_id: &str) -> Vec<Value> {
    const QUERY: &str = "query($id: ID!) { company { call(callId: $id) { events(first: 200) {
        totalCount { value exact } nodes { state stateRaw occurredAt raw problems } } } } }";
    let mut data = company.query(server, QUERY, json!({ "id": call_id })).await;
    let events = &mut data["company"]["call"]["events"];
    let Value::Array(nodes) = events["nodes"].take() else { panic!("no call {call_id}") };
    assert_eq!(events["totalCount"], json!({ "value": nodes.len(), "exact": true }));
    nodes
}

/// A call of which nothing is known, with some fields set.
fn expected(fields: Value) -> Value {
    let mut call = json!({
        "direction": "UNKNOWN", "state": "UNKNOWN", "stateRaw": "", "outcome": "ONGOING", "groupId": null,
        "entryPointCallId": null, "masterCallId": null, "operatorCallId": null, "internalNumber": null,
        "externalNumber": null, "target": null, "proxyTarget": null, "entryPointTarget": null, "contact": null,
        "dateStarted": null, "dateFirstRang": null, "dateQueued": null, "dateRang": null, "dateConnected": null,
        "dateEnded": null, "durationMs": null, "totalDurationMs": null, "talkTimeMs": null, "holdTimeMs": null,
        "wasRecorded": false, "voicemailLink": null, "isTransferred": false, "labels": []
    });
    patch(&mut call, fields);
    call
}

/// Waits until the call reads as it should.
async fn must_read(server: &Server, company: &Company, name: &str, wanted: &Value) {
    let call_id = wanted["callId"].as_str().unwrap();
    eventually(async || {
        let call = read_call(server, company, call_id).await?;
        let wrong = |(key, value): (&String, &Value)| {
            (call[key] != *value).then(|| format!("{key}: {} instead of {value}", call[key]))
        };
        let wrong: Vec<_> = wanted.as_object().unwrap().iter().filter_map(wrong).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{name}: {}", wrong.join("\n"))) }
    })
    .await;
}

#[tokio::test]
async fn every_call_reads_as_its_events_say() {
    let server = Server::start();
    let companies = [Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd")];
    let cases = calls::all();
    // Each company gets every other case, so that neither can stand in for the other.
    for (at, CallCase { payloads, .. }) in cases.iter().enumerate() {
        for payload in payloads {
            companies[at % 2].deliver(&server, payload).await;
        }
    }
    for (at, case) in cases.iter().enumerate() {
        let company = &companies[at % 2];
        must_read(&server, company, case.name, &expected(case.call.clone())).await;
        let call_id = case.call["callId"].as_str().unwrap();
        let mut raws: Vec<_> =
            read_events(&server, company, call_id).await.iter().map(|event| event["raw"].clone()).collect();
        let mut payloads: Vec<_> = case.payloads.iter().map(|payload| json!(payload)).collect();
        raws.sort_by_key(Value::to_string);
        payloads.sort_by_key(Value::to_string);
        assert_eq!(raws, payloads, "{}: what was signed is kept byte for byte", case.name);
        let other = read_call(&server, &companies[(at + 1) % 2], call_id).await;
        assert!(other.is_err(), "{}: the other company has nothing of it", case.name);
    }
}

#[tokio::test]
async fn the_fields_that_are_compared_are_all_there_are() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let types = [
        ("Call", format!("{FIELDS} {}", FIELDS_ELSEWHERE.join(" "))),
        ("PhoneNumber", "raw e164 national country".to_owned()),
        ("Party", "id type name email phone".to_owned()),
    ];
    for (name, compared) in types {
        let query = "query($name: String!) { __type(name: $name) { fields { name } } }";
        let data = company.query(&server, query, json!({ "name": name })).await;
        let fields = data["__type"]["fields"].as_array().unwrap().iter();
        let mut fields: Vec<_> = fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect();
        let words = compared.split_whitespace().filter(|word| word.chars().all(char::is_alphanumeric));
        let mut compared: Vec<_> = words.map(str::to_owned).collect();
        fields.sort();
        compared.sort();
        assert_eq!(fields, compared, "{name}: a new field is added to FIELDS and to the expectations");
    }
}

#[tokio::test]
async fn the_printed_example_is_visible_within_two_seconds() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for try_number in 0..5 {
        // The example's call_id is 7.
        let call_id = (70 + try_number).to_string();
        let payload = HELP_ARTICLE.replace("\"call_id\":7", &format!("\"call_id\":{call_id}"));
        company.deliver(&server, payload).await;
        let answered = Instant::now();
        within(VISIBLE_WITHIN, async || read_call(&server, &company, &call_id).await).await;
        assert!(answered.elapsed() < VISIBLE_WITHIN);
    }
}

#[tokio::test]
async fn events_come_in_the_order_in_which_they_happened() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let event = |state, at| Event::new(901, state).at(at);
    let sent =
        [event("recording", 9_000), event("ringing", 0), event("hangup", 5_000), event("connected", 0)];
    for event in &sent {
        company.deliver(&server, event.payload()).await;
    }
    eventually(async || read_call(&server, &company, "901").await).await;
    let read = read_events(&server, &company, "901").await;
    let moments: Vec<_> = read.iter().map(|event| event["occurredAt"].as_str().unwrap()).collect();
    assert_eq!(moments, [rfc3339(0), rfc3339(0), rfc3339(5_000), rfc3339(9_000)]);
    let states: Vec<_> = read.iter().map(|event| event["stateRaw"].as_str().unwrap()).collect();
    assert_eq!(states[2..], ["hangup", "recording"]);
    // Page by page they are the same.
    const QUERY: &str =
        "query($after: String) { company { call(callId: 901) { events(first: 1, after: $after) {
        edges { cursor node { stateRaw } } pageInfo { hasNextPage endCursor startCursor } } } } }";
    let mut after = Value::Null;
    for (at, state) in states.iter().enumerate() {
        let data = company.query(&server, QUERY, json!({ "after": after })).await;
        let page = &data["company"]["call"]["events"];
        assert_eq!(page["edges"][0]["node"]["stateRaw"], *state);
        assert_eq!(page["pageInfo"]["hasNextPage"], at + 1 < states.len());
        assert_eq!(page["pageInfo"]["endCursor"], page["edges"][0]["cursor"]);
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn a_repeated_event_is_one_event() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let event = Event::new(910, "hangup").at(4_000).with(json!({
        "date_started": rfc(0), "mos_score": 4.25, "labels": ["vip"], "contact": {"name": "Zoë", "type": "local"}
    }));
    let token = sign(event.payload(), &company.secret);
    // One after another, and all at once: a retry does not wait for the first try's answer.
    for _ in 0..5 {
        assert_eq!(company.post(&server, token.clone()).await.0, 200);
    }
    let at_once = (0..15).map(|_| {
        let (http, url, token) = (server.http().clone(), server.url() + &company.hook, token.clone());
        tokio::spawn(async move { http.post(url).body(token).send().await.unwrap().status().as_u16() })
    });
    for post in at_once.collect::<Vec<_>>() {
        assert_eq!(post.await.unwrap(), 200);
    }
    // Signed again, with other white space and the keys in another order: the same claims.
    company.deliver(&server, event.payload_rewritten()).await;
    // The same number, spelt otherwise; `\u00eb` is ë.
    let respelt = event.payload().replace("4.25", "425e-2").replace('ë', "\\u00eb");
    assert_ne!(respelt, event.payload());
    company.deliver(&server, respelt).await;
    // Other content at the same moment in the same state is another event: both versions are kept.
    company.deliver(&server, event.clone().with(json!({ "mos_score": 4.3 })).payload()).await;
    eventually(async || match read_events(&server, &company, "910").await {
        events if events.len() == 2 => Ok(()),
        events => Err(format!("{} events", events.len())),
    })
    .await;
    let raws = read_events(&server, &company, "910").await;
    assert!(raws.iter().any(|read| read["raw"] == event.payload()), "the first copy is the one that is kept");
    // Every delivery is counted all the same: two of them were new.
    let wanted = json!({ "acceptedCount": 2, "duplicateCount": 5 + 15 + 3 - 2 });
    within(PATIENCE, async || {
        let query = "{ company { endpoint { acceptedCount duplicateCount } } }";
        let data = company.query(&server, query, json!({})).await;
        let counted = &data["company"]["endpoint"];
        if *counted == wanted { Ok(()) } else { Err(format!("{counted} instead of {wanted}")) }
    })
    .await;
}

/// What an event's date looks like: milliseconds after the start of the samples.
fn rfc(milliseconds: i64) -> i64 {
    crate::support::START_MS + milliseconds
}

#[tokio::test]
async fn what_is_not_understood_is_named_and_kept() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let cases = [
        (json!({ "date_ended": 0 }), "date_ended: out of range"),
        (json!({ "date_ended": -1 }), "date_ended: out of range"),
        (json!({ "date_ended": 1_000_000_000_000_000_000_i64 }), "date_ended: out of range"),
        (json!({ "date_ended": START_SECONDS }), "date_ended: out of range"),
        (json!({ "date_ended": "abc" }), "date_ended: not understood"),
        (json!({ "date_started": rfc(1), "date_ended": rfc(0) }), "date_ended: before date_started"),
        (json!({ "was_recorded": "false" }), "was_recorded: not understood"),
        (json!({ "duration": -5 }), "duration: out of range"),
        (json!({ "master_call_id": 1.5 }), "master_call_id: out of range"),
        (json!({ "target": "Desk" }), "target: not understood"),
        (json!({ "contact": { "office_id": -3, "name": "x" } }), "contact.office_id: out of range"),
        (json!({ "direction": "sideways" }), "direction: not understood"),
    ];
    for (at, (members, problem)) in cases.into_iter().enumerate() {
        let call_id = (950 + at).to_string();
        let event = Event::new(call_id.as_str(), "hangup").at(0).with(members);
        company.deliver(&server, event.payload()).await;
        eventually(async || read_call(&server, &company, &call_id).await).await;
        let events = read_events(&server, &company, &call_id).await;
        assert_eq!(events[0]["problems"], json!([problem]));
        assert_eq!(events[0]["raw"], event.payload());
    }
}

/// The start of the samples in seconds, where milliseconds belong.
const START_SECONDS: i64 = crate::support::START_MS / 1_000;
