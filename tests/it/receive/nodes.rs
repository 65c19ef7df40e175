//! Rows about the same event again: on another node, in another time, at the same moment.

use std::path::Path;

use serde_json::json;

use super::{must_count, raw_events};
use crate::support::database::psql;
use crate::support::{Company, Database, Event, Server, Start, eventually, fake_time, sign};

/// Copies of one event that are sent at the same time.
const COPIES: usize = 50;

/// How many events are stored.
fn stored(url: &str) -> usize {
    psql(url, "SELECT count(*) FROM events").unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn two_nodes_keep_an_event_once() {
    let database = Database::new();
    let url = database.url();
    let one = Server::start_on(Start::At(url.clone()));
    let other = one.replica();
    let company = Company::create(&one, "Hopper Lines");
    for call_id in [61, 62, 63] {
        let token = sign(json!({ "call_id": call_id, "state": "hangup" }).to_string(), &company.secret);
        let posts = (0..COPIES).map(|at| {
            let server = if at % 2 == 0 { &one } else { &other };
            let (http, url, token) = (server.http().clone(), server.url() + &company.hook, token.clone());
            tokio::spawn(async move { http.post(url).body(token).send().await.unwrap().status().as_u16() })
        });
        for post in posts.collect::<Vec<_>>() {
            assert_eq!(post.await.unwrap(), 200, "WH-061");
        }
    }
    assert_eq!(stored(&url), 3, "WH-061: each event once");
    let ids = async || match company.call_ids(&other, json!({})).await {
        ids if ids == ["63", "62", "61"] => Ok(()),
        ids => Err(format!("WH-061: {ids:?}")),
    };
    eventually(ids).await;
}

/// Restarts the server with its clock moved; back to now with `None`.
fn move_clock(server: &mut Server, library: &Path, offset: Option<&str>) {
    server.stop();
    server.set_variable("LD_PRELOAD", offset.map(|_| library.display().to_string()));
    server.set_variable("FAKETIME", offset.map(str::to_owned));
    server.set_variable("FAKETIME_DONT_FAKE_MONOTONIC", offset.map(|_| "1".to_owned()));
    server.set_variable("DONT_FAKE_MONOTONIC", offset.map(|_| "1".to_owned()));
    server.begin();
}

#[tokio::test]
async fn an_event_is_the_same_at_any_time() {
    let (database, library) = (Database::new(), fake_time());
    let url = database.url();
    let mut server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    let token = sign(r#"{"call_id":62,"state":"hangup","exp":1,"iat":1789398245}"#, &company.secret);
    assert_eq!(company.post(&server, token.clone()).await.0, 200);
    // A connection of its own each time: those to the process before are dead.
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    let post = async |server: &Server, token: String| {
        http.post(server.url() + &company.hook).body(token).send().await.unwrap().status().as_u16()
    };
    for (row, offset) in [("WH-062", "+90d"), ("WH-146", "-2d"), ("WH-146", "+2d")] {
        move_clock(&mut server, &library, Some(offset));
        assert_eq!(post(&server, token.clone()).await, 200, "{row}: {offset}");
        let own = sign(json!({ "call_id": 146, "state": offset }).to_string(), &company.secret);
        assert_eq!(post(&server, own).await, 200, "{row}: {offset}");
    }
    move_clock(&mut server, &library, None);
    assert_eq!(post(&server, token).await, 200);
    let seen = psql(&url, "SELECT count(*) FILTER (WHERE received_at > now() + interval '80 days'),
                           count(*) FILTER (WHERE received_at < now() - interval '1 day'), count(*) FROM events");
    assert_eq!(seen.unwrap().trim(), "1\t1\t4", "WH-062, WH-146: one old event, and the clock did jump");
    must_count(&server, &company, 8, 0).await;
    assert_eq!(raw_events(&server, &company, "62").await.len(), 1);
}

#[tokio::test]
async fn a_company_that_is_gone_is_unknown() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    company.deliver(&server, r#"{"call_id":117}"#).await;
    let nobody = server.http().post(format!("{}/hooks/{}", server.url(), "0".repeat(30)));
    let nobody = nobody.body("x").send().await.unwrap().text().await.unwrap();
    // Rows only, without what refers to them: a lock on all those tables would wait for the server, and it for that.
    psql(&url, "SET session_replication_role = replica; DELETE FROM endpoints").unwrap();
    // What is known of it may be used for a moment.
    eventually(async || {
        let wrong = sign(r#"{"call_id":117}"#, "another secret than the company's");
        match company.post(&server, wrong).await {
            (404, body) if body == nobody => Ok(()),
            other => Err(format!("WH-117: {other:?}")),
        }
    })
    .await;
}

#[tokio::test]
async fn what_comes_late_or_otherwise_is_kept_and_changes_nothing() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let event = |state: &str, at: i64, more: &str| {
        Event::new(68, state).at(at).with(json!({ "direction": "inbound", "custom_data": more })).payload()
    };
    // The same call, state and moment, with other content: both are kept.
    let payloads =
        [event("hangup", 9_000, "one"), event("hangup", 9_000, "other"), event("ringing", 1_000, "late")];
    for payload in &payloads {
        company.deliver(&server, payload).await;
    }
    eventually(async || {
        let mut raws = raw_events(&server, &company, "68").await;
        let mut wanted = payloads.to_vec();
        raws.sort();
        wanted.sort();
        if raws == wanted { Ok(()) } else { Err(format!("WH-069: {} events", raws.len())) }
    })
    .await;
    let query = "{ company { call(callId: \"68\") { state outcome } } }";
    let data = company.query(&server, query, json!({})).await;
    assert_eq!(data["company"]["call"], json!({ "state": "HANGUP", "outcome": "MISSED" }), "WH-068");
}
