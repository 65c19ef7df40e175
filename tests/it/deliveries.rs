//! Proves the second promise: whatever arrived, its company can see it, with the reason if it was refused; and what was
//! refused for a wrong secret is not lost.

use serde_json::{Value, json};

use crate::support::{Caller, Company, Event, Server, eventually, sign, sign_all};

const LIST: &str = "query($filter: DeliveryFilter, $first: Int, $after: String) { company {
    deliveries(filter: $filter, first: $first, after: $after) {
        nodes { id receivedAt outcome reason explanation kind effect status key previousUrl bodyBytes latencyMs recovered
                state stateRaw occurredAt call { callId } raw problems }
        totalCount { value exact } pageInfo { hasNextPage endCursor } } } }";
const RECHECK: &str = "mutation($ids: [ID!]) { recheckDeliveries(input: { deliveryIds: $ids }) {
    checked accepted duplicate quarantined rejected hasMore
    results { deliveryId outcome reason delivery { id outcome recovered call { callId } } } userErrors { code } } }";

async fn list(server: &Server, company: &Company, filter: Value) -> Vec<Value> {
    let mut data = company.query(server, LIST, json!({ "filter": filter, "first": 200 })).await;
    let Value::Array(nodes) = data["company"]["deliveries"]["nodes"].take() else { panic!("a list") };
    nodes
}

async fn must_list(server: &Server, company: &Company, filter: Value, count: usize) -> Vec<Value> {
    eventually(async || match list(server, company, filter.clone()).await {
        nodes if nodes.len() == count => Ok(nodes),
        nodes => Err(format!("{} deliveries instead of {count}", nodes.len())),
    })
    .await
}

/// Posts with headers of its own; answers the status.
async fn post_with(server: &Server, company: &Company, header: (&str, &str), body: Vec<u8>) -> u16 {
    let request = server.http().post(server.url() + &company.hook).header(header.0, header.1);
    request.body(body).send().await.unwrap().status().as_u16()
}

/// One delivery of every kind; answers how many there are.
async fn deliver_everything(server: &Server, company: &Company) -> usize {
    let ringing = Event::new(77, "ringing").at(0).payload();
    for payload in [&ringing, &ringing, &ringing, &Event::new(77, "hangup").at(9_000).payload()] {
        company.deliver(server, payload).await;
    }
    company.deliver(server, "not JSON").await;
    company.deliver(server, "not JSON").await;
    let sms = json!({ "id": 4711, "direction": "inbound", "text": "hello", "message_status": "delivered",
        "from_number": "+12065550142", "to_number": ["+12065550143"], "created_date": 1_789_398_245_000_i64 });
    company.deliver(server, sms.to_string()).await;
    let refused = [
        String::new(),
        ringing.clone(),
        "three.parts.only".to_owned(),
        sign(&ringing, "another secret altogether"),
    ];
    for body in refused {
        assert_eq!(company.post(server, body).await.0, 401);
    }
    assert_eq!(company.post(server, vec![b'a'; 1_024 * 1_024 + 1]).await.0, 413);
    assert_eq!(post_with(server, company, ("content-encoding", "gzip"), vec![0x1f, 0x8b]).await, 415);
    13
}

/// Outcome, reason, kind, status and effect of every delivery, oldest first.
fn what_became(deliveries: &[Value]) -> Vec<String> {
    let words = |node: &Value| {
        let word = |key: &str| node[key].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {} {} {}",
            word("outcome"),
            word("reason"),
            word("kind"),
            node["status"],
            word("effect")
        )
    };
    deliveries.iter().rev().map(words).collect()
}

const BECAME: [&str; 13] = [
    "ACCEPTED - CALL_EVENT 200 CALL_STARTED",
    "DUPLICATE - CALL_EVENT 200 NOTHING",
    "DUPLICATE - CALL_EVENT 200 NOTHING",
    "ACCEPTED - CALL_EVENT 200 EVENT_ADDED",
    "QUARANTINED NOT_JSON UNKNOWN 200 NOTHING",
    "DUPLICATE - UNKNOWN 200 NOTHING",
    "ACCEPTED - SMS 200 OTHER_EVENT_KEPT",
    "REJECTED EMPTY UNKNOWN 401 NOTHING",
    "REJECTED UNSIGNED UNKNOWN 401 NOTHING",
    "REJECTED NOT_COMPACT UNKNOWN 401 NOTHING",
    "REJECTED SIGNATURE UNKNOWN 401 NOTHING",
    "REJECTED TOO_LARGE UNKNOWN 413 NOTHING",
    "REJECTED COMPRESSED UNKNOWN 415 NOTHING",
];

#[tokio::test]
async fn every_delivery_is_in_the_log_with_its_reason() {
    let mut server = Server::start();
    let (company, other) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace"));
    let count = deliver_everything(&server, &company).await;
    let all = must_list(&server, &company, json!({}), count).await;
    assert_eq!(what_became(&all), BECAME);
    assert!(all.is_sorted_by_key(|node| std::cmp::Reverse(node["receivedAt"].as_str().unwrap().to_owned())));
    must_sum_up(&server, &company).await;
    for node in &all {
        let understood = node["kind"] == "CALL_EVENT";
        assert_eq!(node["call"]["callId"] == "77", understood, "{node}");
        assert_eq!(node["stateRaw"].is_string() && node["occurredAt"].is_string(), understood, "{node}");
        assert_eq!(node["key"] == "CURRENT", node["status"] == 200, "{node}");
        assert!(
            node["latencyMs"].as_f64().unwrap() > 0.0 && !node["explanation"].as_str().unwrap().is_empty()
        );
        let is_kept = !["EMPTY", "TOO_LARGE", "COMPRESSED"].contains(&node["reason"].as_str().unwrap_or("-"));
        assert_eq!(node["raw"].is_string(), is_kept, "{node}");
        let by_id =
            company.query(&server, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": node["id"] }));
        assert_eq!(by_id.await["node"]["id"], node["id"]);
        let foreign =
            other.ask(&server, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": node["id"] }));
        let nobodys = other.ask(&server, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": "AAAA" }));
        let foreign = foreign.await;
        assert_eq!(foreign.json["data"], json!({ "node": null }));
        assert_eq!(foreign.text, nobodys.await.text);
    }
    assert_eq!(list(&server, &other, json!({})).await, Vec::<Value>::new());
    // Nothing of it depends on the process.
    server.kill();
    server.begin();
    eventually(async || match server.http().get(server.url()).send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("connections to the old process are still tried: {error}")),
    })
    .await;
    assert_eq!(list(&server, &company, json!({})).await, all);
}

/// The numbers above the list agree with it.
async fn must_sum_up(server: &Server, company: &Company) {
    let query = "query($since: DateTime!) { company { deliverySummary(since: $since) {
        received accepted duplicate quarantined rejected p95LatencyMs
        buckets { accepted duplicate quarantined rejected } } } }";
    eventually(async || {
        // An hour may have passed in between; the first of this year is long ago enough.
        let first = list(server, company, json!({})).await.pop().unwrap();
        let data = company.query(server, query, json!({ "since": first["receivedAt"] })).await;
        let summary = &data["company"]["deliverySummary"];
        let counts =
            ["received", "accepted", "duplicate", "quarantined", "rejected"].map(|key| &summary[key]);
        if counts != [13, 3, 3, 1, 6] {
            return Err(summary.to_string());
        }
        assert!(summary["p95LatencyMs"].as_f64().unwrap() > 0.0);
        let buckets = summary["buckets"].as_array().unwrap();
        assert_eq!(buckets.iter().map(|bucket| bucket["rejected"].as_i64().unwrap()).sum::<i64>(), 6);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_log_is_filtered_and_paged() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let count = deliver_everything(&server, &company).await;
    let all = must_list(&server, &company, json!({}), count).await;
    let time = all[4]["receivedAt"].as_str().unwrap();
    type Oracle<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let filters: [(Value, Oracle<'_>); 7] = [
        (json!({ "outcome": { "eq": "DUPLICATE" } }), Box::new(|node| node["outcome"] == "DUPLICATE")),
        (
            json!({ "outcome": { "nin": ["ACCEPTED", "DUPLICATE"] } }),
            Box::new(|node| node["outcome"] != "ACCEPTED" && node["outcome"] != "DUPLICATE"),
        ),
        (
            json!({ "reason": { "in": ["SIGNATURE", "UNSIGNED"] } }),
            Box::new(|node| node["reason"] == "SIGNATURE" || node["reason"] == "UNSIGNED"),
        ),
        (
            json!({ "reason": { "neq": "SIGNATURE" } }),
            Box::new(|node| node["reason"].is_string() && node["reason"] != "SIGNATURE"),
        ),
        (json!({ "kind": { "eq": "SMS" } }), Box::new(|node| node["kind"] == "SMS")),
        (
            json!({ "receivedAt": { "gte": time } }),
            Box::new(|node| node["receivedAt"].as_str().unwrap() >= time),
        ),
        (
            json!({ "receivedAt": { "lt": time }, "outcome": { "eq": "ACCEPTED" } }),
            Box::new(|node| node["receivedAt"].as_str().unwrap() < time && node["outcome"] == "ACCEPTED"),
        ),
    ];
    for (filter, oracle) in filters {
        let wanted: Vec<_> = all.iter().filter(|node| oracle(node)).cloned().collect();
        assert!(!wanted.is_empty(), "{filter}");
        assert_eq!(list(&server, &company, filter.clone()).await, wanted, "{filter}");
        let (mut paged, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "filter": filter, "first": 2, "after": after });
            let data = company.query(&server, LIST, variables).await;
            let page = &data["company"]["deliveries"];
            paged.extend(page["nodes"].as_array().unwrap().iter().cloned());
            assert_eq!(page["totalCount"], json!({ "value": wanted.len(), "exact": true }), "{filter}");
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(paged, wanted, "{filter}");
    }
    // A cursor belongs to its question.
    let data = company.query(&server, LIST, json!({ "first": 1 })).await;
    let cursor = &data["company"]["deliveries"]["pageInfo"]["endCursor"];
    let strange = json!({ "filter": { "kind": { "eq": "SMS" } }, "after": cursor });
    assert_eq!(company.ask(&server, LIST, strange).await.code(), "BAD_CURSOR");
}

async fn recheck(server: &Server, caller: &Caller, ids: Value) -> Value {
    let mut data = caller.query(server, RECHECK, json!({ "ids": ids })).await;
    data["recheckDeliveries"].take()
}

#[tokio::test]
async fn what_was_refused_for_a_wrong_secret_is_taken_in_when_it_is_corrected() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let typed = "what was typed into Dialpad";
    let payloads: Vec<String> = (0..30)
        .map(|call| {
            Event::new(500 + call / 2, if call % 2 == 0 { "ringing" } else { "hangup" }).at(call).payload()
        })
        .collect();
    for token in sign_all(&payloads, typed) {
        assert_eq!(company.post(&server, token).await.0, 401);
    }
    assert_eq!(company.post(&server, "not.a.token").await.0, 401);
    let refused = must_list(&server, &company, json!({ "outcome": { "eq": "REJECTED" } }), 31).await;
    // With the secrets of now nothing changes.
    let idle = recheck(&server, &owner, Value::Null).await;
    assert_eq!((&idle["checked"], &idle["rejected"]), (&json!(31), &json!(31)));
    assert_eq!(list(&server, &company, json!({})).await, refused);
    let replace = "mutation($secret: String!) { replaceEndpointSecret(input: { secret: $secret }) {
        recheck { checked accepted rejected results { deliveryId outcome reason delivery { recovered call { callId } } } } } }";
    let data = owner.query(&server, replace, json!({ "secret": typed })).await;
    let report = &data["replaceEndpointSecret"]["recheck"];
    assert_eq!(
        (&report["checked"], &report["accepted"], &report["rejected"]),
        (&json!(31), &json!(30), &json!(1))
    );
    let results = report["results"].as_array().unwrap();
    assert_eq!(results.len(), 31);
    for result in results {
        assert!(refused.iter().any(|node| node["id"] == result["deliveryId"]), "{result}");
        assert_eq!(result["outcome"] == "ACCEPTED", result["delivery"]["recovered"] == true, "{result}");
    }
    let calls = "{ company { calls { nodes { callId state } totalCount { value } }
                   endpoint { refusedCount recoveredCount recheckableCount } } }";
    eventually(async || {
        let data = company.query(&server, calls, json!({})).await;
        let folded = data["company"]["calls"]["nodes"].as_array().unwrap();
        let finished = folded.iter().filter(|call| call["state"] == "HANGUP").count();
        let endpoint = json!({ "refusedCount": 31, "recoveredCount": 30, "recheckableCount": 1 });
        if finished == 15 && data["company"]["endpoint"] == endpoint { Ok(()) } else { Err(data.to_string()) }
    })
    .await;
    let accepted = list(&server, &company, json!({ "outcome": { "eq": "ACCEPTED" } })).await;
    assert_eq!(accepted.len(), 30);
    for node in &accepted {
        let known = refused.iter().any(|before| before["receivedAt"] == node["receivedAt"]);
        assert!(
            known && node["recovered"] == true && node["status"] == 401 && node["key"] == "CURRENT",
            "{node}"
        );
    }
    // Again, and one by one: nothing is left to take in.
    let again = recheck(&server, &owner, Value::Null).await;
    assert_eq!((&again["checked"], &again["rejected"]), (&json!(1), &json!(1)));
    let one = recheck(&server, &owner, json!([again["results"][0]["deliveryId"], "nonsense"])).await;
    assert_eq!(one["checked"], 1);
}

#[tokio::test]
async fn a_company_rechecks_its_own_deliveries_only() {
    let server = Server::start();
    let (company, other) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace"));
    let token = sign(Event::new(1, "hangup").payload(), &other.secret);
    assert_eq!(company.post(&server, token).await.0, 401);
    let refused = must_list(&server, &company, json!({}), 1).await;
    let stranger = other.owner(&server).await;
    for ids in [Value::Null, json!([refused[0]["id"]])] {
        let report = recheck(&server, &stranger, ids).await;
        assert_eq!((&report["checked"], &report["results"]), (&json!(0), &json!([])));
    }
    assert_eq!(list(&server, &company, json!({})).await, refused);
    assert_eq!(list(&server, &other, json!({})).await, Vec::<Value>::new());
}

const URLS: &str = "{ company { endpoint { requestUrl previousUrl previousUrlUntil previousUrlLastUsedAt
    previousSecretUntil previousSecretLastUsedAt } } }";

#[tokio::test]
async fn a_request_url_is_replaced_without_losing_an_event() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let change = async |what: &str| {
        let mutation = format!(
            "mutation {{ {what}(input: {{}}) {{ endpoint {{ requestUrl previousUrl }} userErrors {{ code }} }} }}"
        );
        owner.query(&server, &mutation, json!({})).await[what]["endpoint"].take()
    };
    company.deliver(&server, Event::new(1, "hangup").payload()).await;
    let before = company.query(&server, URLS, json!({})).await["company"]["endpoint"].take();
    assert_eq!(before["previousUrl"], Value::Null);
    let rotated = change("rotateEndpointUrl").await;
    assert_eq!(rotated["previousUrl"], before["requestUrl"]);
    assert_ne!(rotated["requestUrl"], before["requestUrl"]);
    let unused = company.query(&server, URLS, json!({})).await["company"]["endpoint"].take();
    assert_eq!(unused["previousUrlLastUsedAt"], Value::Null);
    assert!(unused["previousUrlUntil"].is_string());
    // Both are good, and it shows which one was used.
    let hook = rotated["requestUrl"].as_str().unwrap().rsplit("/hooks/").next().unwrap();
    let moved = Company { hook: format!("/hooks/{hook}"), ..company.clone() };
    moved.deliver(&server, Event::new(3, "hangup").payload()).await;
    assert_eq!(list(&server, &company, json!({})).await[0]["previousUrl"], false);
    // What is known of the old one is refreshed within seconds.
    eventually(async || {
        company.deliver(&server, Event::new(2, "hangup").payload()).await;
        let newest = list(&server, &company, json!({})).await.swap_remove(0);
        if newest["previousUrl"] == true { Ok(()) } else { Err(newest.to_string()) }
    })
    .await;
    eventually(async || {
        let endpoint = company.query(&server, URLS, json!({})).await["company"]["endpoint"].take();
        let used = endpoint["previousUrlLastUsedAt"].is_string();
        if used { Ok(()) } else { Err(endpoint.to_string()) }
    })
    .await;
    let ended = change("endPreviousUrl").await;
    assert_eq!(ended["previousUrl"], Value::Null);
    eventually(async || match company.post(&server, "x").await.0 {
        404 => Ok(()),
        status => Err(format!("the old Request URL still answers {status}")),
    })
    .await;
    moved.deliver(&server, Event::new(4, "hangup").payload()).await;
}

#[tokio::test]
async fn the_overlap_of_two_secrets_is_seen_and_can_be_ended() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let replace = "mutation { replaceEndpointSecret(input: { secret: \"a secret chosen by the company\" }) {
        endpoint { previousSecretUntil previousSecretLastUsedAt } } }";
    let endpoint = owner.query(&server, replace, json!({})).await["replaceEndpointSecret"]["endpoint"].take();
    assert!(endpoint["previousSecretUntil"].is_string() && endpoint["previousSecretLastUsedAt"].is_null());
    company.deliver(&server, Event::new(1, "hangup").payload()).await;
    let listed = must_list(&server, &company, json!({}), 1).await;
    assert_eq!(listed[0]["key"], "PREVIOUS");
    eventually(async || {
        let endpoint = company.query(&server, URLS, json!({})).await["company"]["endpoint"].take();
        let used = endpoint["previousSecretLastUsedAt"].is_string();
        if used { Ok(()) } else { Err(endpoint.to_string()) }
    })
    .await;
    let end =
        "mutation { endPreviousSecret(input: {}) { endpoint { previousSecretUntil } userErrors { code } } }";
    let ended = owner.query(&server, end, json!({})).await;
    assert_eq!(ended["endPreviousSecret"]["endpoint"], json!({ "previousSecretUntil": null }));
    let token = sign(Event::new(2, "hangup").payload(), &company.secret);
    eventually(async || match company.post(&server, token.clone()).await.0 {
        401 => Ok(()),
        status => Err(format!("the old secret is still answered {status}")),
    })
    .await;
}

#[tokio::test]
async fn late_repeated_and_disordered_events_are_marked() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let now = now_ms();
    let event = |state: &str, ago_ms: i64| {
        Event::new(9, state).with(json!({ "event_timestamp": now - ago_ms })).payload()
    };
    let (ringing, connected, hangup) =
        (event("ringing", 60_000), event("connected", 5_000), event("hangup", 1_000));
    for payload in [&connected, &hangup, &ringing, &hangup, &hangup] {
        company.deliver(&server, payload).await;
    }
    let query =
        "{ company { call(callId: \"9\") { events { nodes { state late outOfOrder duplicateCount } } } } }";
    let wanted = json!([
        { "state": "RINGING", "late": true, "outOfOrder": true, "duplicateCount": 0 },
        { "state": "CONNECTED", "late": false, "outOfOrder": false, "duplicateCount": 0 },
        { "state": "HANGUP", "late": false, "outOfOrder": false, "duplicateCount": 2 },
    ]);
    eventually(async || {
        let data = company.query(&server, query, json!({})).await;
        let nodes = &data["company"]["call"]["events"]["nodes"];
        if *nodes == wanted { Ok(()) } else { Err(nodes.to_string()) }
    })
    .await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "lateness is measured by the clock of the server, which is this one"
)]
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test]
async fn a_flood_of_refused_deliveries_is_counted_and_kept_within_bounds() {
    const FLOOD: usize = 1_400;
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let senders = (0..8).map(|sender| {
        let (http, url) = (server.http().clone(), server.url() + &company.hook);
        tokio::spawn(async move {
            for number in 0..FLOOD / 8 {
                let answer = http.post(&url).body(format!("{sender}.{number}.c")).send().await.unwrap();
                assert_eq!(answer.status().as_u16(), 401);
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    let query = "{ company { endpoint { refusedCount } deliveries { totalCount { value } } } }";
    eventually(async || {
        let data = company.query(&server, query, json!({})).await;
        let counted = data["company"]["endpoint"]["refusedCount"].as_u64().unwrap();
        let kept = data["company"]["deliveries"]["totalCount"]["value"].as_u64().unwrap();
        if counted == FLOOD as u64 && kept == 1_000 { Ok(()) } else { Err(data.to_string()) }
    })
    .await;
}
