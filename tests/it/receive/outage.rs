//! Proves that nothing temporary costs an event: while PostgreSQL is away, every delivery is kept and answered 200 within
//! three seconds, never by a 4xx; when it is back, what was kept is there, and what nobody signed is not.

use std::time::{Duration, Instant};

use serde_json::json;

use super::raw_events;
use crate::support::{Company, Database, Proxy, Server, Start, Way, eventually, sign};

/// The answer's limit, and a little for a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_millis(3_500);

/// Posts; answers the status, and checks what must be true of every answer during an outage.
async fn post_in_outage(server: &Server, hook: &str, body: String, what: &str) {
    let begun = Instant::now();
    let response = server.http().post(server.url() + hook).body(body).send().await.unwrap();
    let took = begun.elapsed();
    assert_eq!(response.status(), 200, "{what}");
    assert!(took < ANSWERED_WITHIN, "{what} took {took:?}");
}

async fn outage(way: Way) {
    let database = Database::new();
    let proxy = Proxy::to(database.address()).await;
    let server = Server::start_on(Start::Through { database, address: proxy.address() });
    let known = Company::create(&server, "Hopper Lines");
    let cold = Company::create(&server, "Lovelace Ltd");
    known.deliver(&server, r#"{"call_id":140}"#).await;

    proxy.set(way);
    let kept = sign(r#"{"call_id":141}"#, &known.secret);
    post_in_outage(&server, &known.hook, kept.clone(), "a company that is known").await;
    let cold_event = sign(r#"{"call_id":142}"#, &cold.secret);
    post_in_outage(&server, &cold.hook, cold_event, "WH-142 a company that was not seen yet").await;
    // The secret may have been replaced a moment ago: nobody can know.
    let other_secret = sign(r#"{"call_id":143}"#, "a secret that nobody has");
    post_in_outage(&server, &known.hook, other_secret.clone(), "another secret").await;
    let at_once = (0..20).map(|_| post_in_outage(&server, &known.hook, kept.clone(), "one of many"));
    futures(at_once.collect()).await;
    // What needs no database is known all the same.
    let unknown = format!("{}/hooks/{}", server.url(), "0".repeat(30));
    assert_eq!(server.http().post(unknown).body("x").send().await.unwrap().status(), 404);
    let begun = Instant::now();
    let people = known.ask(&server, "{ company { name } }", json!({})).await;
    assert_eq!((people.status.as_u16(), people.code()), (503, "UNAVAILABLE"), "{}", people.text);
    assert!(!people.text.contains("sql") && !people.text.contains("postgres"), "{}", people.text);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());

    proxy.set(Way::Open);
    for (company, call_id) in [(&known, "140"), (&known, "141"), (&cold, "142")] {
        eventually(async || match raw_events(&server, company, call_id).await.len() {
            1 => Ok(()),
            events => Err(format!("call {call_id} has {events} events")),
        })
        .await;
    }
    // What could not be verified then is verified now, and seen if it is refused.
    assert_eq!(raw_events(&server, &known, "143").await.len(), 0);
    eventually(async || {
        let query =
            "{ company { deliveries(filter: { reason: { eq: SIGNATURE } }) { nodes { outcome raw } } } }";
        let data = known.query(&server, query, json!({})).await;
        let wanted = json!([{ "outcome": "REJECTED", "raw": other_secret }]);
        let nodes = &data["company"]["deliveries"]["nodes"];
        if *nodes == wanted { Ok(()) } else { Err(nodes.to_string()) }
    })
    .await;
    eventually(async || match known.post(&server, other_secret.clone()).await {
        (401, _) => Ok(()),
        (status, body) => Err(format!("{status} {body}")),
    })
    .await;
}

/// Runs futures at the same time.
async fn futures<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut running: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        running.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

// The wire needs threads of its own: starting the server blocks one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_was_stopped_costs_no_event() {
    outage(Way::Closed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_costs_no_event() {
    // WH-140
    outage(Way::Silent).await;
}
