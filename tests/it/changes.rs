//! Proves that a program that follows the changes ends with what the API shows, while calls change all the time.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Company, Event, Server, eventually};

const CHANGES: &str =
    "query($since: String, $first: Int) { company { latestChange changes(since: $since, first: $first) {
    edges { cursor } nodes { changedAt call { callId state stateRaw labels } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";

/// A copy of the calls, kept up to date by the feed.
#[derive(Default)]
struct Follower {
    since: Value,
    calls: BTreeMap<String, Value>,
    places: Vec<String>,
}

impl Follower {
    /// Reads what has changed, page by page; how many changes there were.
    async fn read(&mut self, server: &Server, company: &Company) -> usize {
        let before = self.places.len();
        loop {
            let data = company.query(server, CHANGES, json!({ "since": self.since, "first": 3 })).await;
            let page = &data["company"]["changes"];
            for node in page["nodes"].as_array().unwrap() {
                let call = &node["call"];
                self.calls.insert(call["callId"].as_str().unwrap().to_owned(), call.clone());
                self.places.push(node["changedAt"].as_str().unwrap().to_owned());
            }
            assert_eq!(
                page["edges"].as_array().unwrap().last().map(|edge| &edge["cursor"]).unwrap_or(&self.since),
                &page["pageInfo"]["endCursor"]
            );
            self.since = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                return self.places.len() - before;
            }
        }
    }
}

fn event(call_id: i64, number: i64) -> String {
    let state = ["calling", "ringing", "connected", "hangup"][usize::try_from(number % 4).unwrap()];
    Event::new(call_id, state).at(number).with(json!({ "labels": [format!("edit {number}")] })).payload()
}

#[tokio::test]
async fn whoever_follows_has_the_last_state_of_every_call() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let mut follower = Follower::default();
    assert_eq!(follower.read(&server, &company).await, 0, "nothing yet, and nothing to go on from");
    assert_eq!(follower.since, Value::Null);
    let posting = async {
        for number in 0..12 {
            for call_id in 1..=10 {
                company.deliver(&server, event(call_id, number * 10 + call_id)).await;
            }
        }
    };
    let mut posting = std::pin::pin!(posting);
    loop {
        tokio::select! {
            () = posting.as_mut() => break,
            _ = follower.read(&server, &company) => {}
        }
    }
    let now = "{ company { calls(first: 200) { nodes { callId state stateRaw labels } } } }";
    eventually(async || {
        let data = company.query(&server, now, json!({})).await;
        let calls = data["company"]["calls"]["nodes"].as_array().unwrap();
        let is_done =
            calls.len() == 10 && calls.iter().all(|call| call["labels"].as_array().unwrap().len() == 12);
        if is_done { Ok(()) } else { Err(data.to_string()) }
    })
    .await;
    follower.read(&server, &company).await;
    let data = company.query(&server, now, json!({})).await;
    let calls = data["company"]["calls"]["nodes"].as_array().unwrap().iter();
    let calls: BTreeMap<_, _> =
        calls.map(|call| (call["callId"].as_str().unwrap().to_owned(), call.clone())).collect();
    assert_eq!(follower.calls, calls);
    assert!(follower.places.is_sorted(), "in the order of their changes");

    // From now on: what changes later, and nothing else.
    let latest = company.query(&server, CHANGES, json!({})).await["company"]["latestChange"].clone();
    assert_eq!(latest, follower.since);
    company.deliver(&server, event(3, 997)).await;
    eventually(async || {
        let data = company.query(&server, CHANGES, json!({ "since": latest })).await;
        let nodes = &data["company"]["changes"]["nodes"];
        let ids: Vec<_> = nodes.as_array().unwrap().iter().map(|node| &node["call"]["callId"]).collect();
        if ids == [&json!("3")] { Ok(()) } else { Err(data.to_string()) }
    })
    .await;
}

#[tokio::test]
async fn a_place_belongs_to_one_company_and_to_changes() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    for company in [&company, &other] {
        company.deliver(&server, event(1, 1)).await;
    }
    let place = async |company: &Company| {
        eventually(async || match company.call_ids(&server, json!({})).await {
            ids if ids == ["1"] => Ok(()),
            ids => Err(format!("{ids:?}")),
        })
        .await;
        company.query(&server, CHANGES, json!({})).await["company"]["latestChange"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (own, foreign) = (place(&company).await, place(&other).await);
    let cursors = "{ company { calls { pageInfo { endCursor } } } }";
    let data = company.query(&server, cursors, json!({})).await;
    let of_calls = data["company"]["calls"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    for bad in [foreign.as_str(), &of_calls, "", "x", &own[1..]] {
        let answer = company.ask(&server, CHANGES, json!({ "since": bad })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_CURSOR"), "{bad}: {}", answer.text);
    }
    for first in [0, -1, 201] {
        let answer = company.ask(&server, CHANGES, json!({ "first": first })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_INPUT"), "{first}");
    }
    let data = company.query(&server, CHANGES, json!({ "since": own })).await;
    assert_eq!(data["company"]["changes"]["nodes"], json!([]));
    assert_eq!(data["company"]["changes"]["pageInfo"]["endCursor"], json!(own), "to go on from");
}
