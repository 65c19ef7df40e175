//! A storm in one company: its subscribers are told the newest, and that it is not everything; PostgreSQL is asked a few
//! times a second; others notice nothing.

use std::time::{Duration, Instant};

use serde_json::json;

use super::ends::{fill, tell};
use super::{CALLS, until_told};
use crate::support::database::psql;
use crate::support::{Company, Database, Server, Socket, Start, Told};

/// How long it storms.
const STORM: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_storm_is_told_in_part_and_stays_at_home() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let (stormy, calm) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    fill(&url, &stormy, 1..20_001);
    let mut in_storm = Socket::of(&server, &stormy).await;
    in_storm.subscribe("all", CALLS, json!({})).await;
    in_storm.subscribe("some", CALLS, json!({ "query": "outcome:answered" })).await;
    let mut aside = Socket::of(&server, &calm).await;
    aside.subscribe("all", CALLS, json!({})).await;
    until_told(&server, &calm, &mut aside, 1_000).await;
    let transactions = || -> i64 {
        let sql =
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";
        psql(&url, sql).unwrap().trim().parse().unwrap()
    };
    let before = transactions();
    let (begun, mut told, mut is_sampled, mut slowest) = (Instant::now(), 0, false, Duration::ZERO);
    let (mut call, mut storms) = (3_000, 0);
    while begun.elapsed() < STORM {
        // Twenty thousand changes a time, several times a second.
        tell(&url, &stormy, 1..20_001);
        storms += 1;
        call += 1;
        let posted = Instant::now();
        calm.deliver(&server, super::event(call, "missed", "Ada Lovelace", 0)).await;
        loop {
            let Told::Said(said) = aside.hear().await else { panic!("it was closed") };
            if said["payload"]["data"]["callChanged"]["callId"] == json!(call.to_string()) {
                break;
            }
        }
        slowest = slowest.max(posted.elapsed());
        while let Some(Told::Said(said)) = in_storm.hear_within(Duration::from_millis(1)).await {
            told += u32::from(said["type"] == "next");
            is_sampled |= said["payload"]["liveUpdates"] == "sampled";
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    assert!(is_sampled && told > 0, "it is said that not everything is told ({told})");
    assert!(f64::from(told) < seconds * 2.0 * 210.0 + 100.0, "{told} changes in {seconds} s");
    assert!(slowest < Duration::from_secs(3), "another company waited {slowest:?}");
    // Each look is a few transactions; everything else in here is a few more.
    let asked = transactions() - before;
    assert!(asked < 100 * (seconds as i64 + 2), "{asked} transactions in {seconds} s of {storms} storms");
    // It is over: said so, and everything is told again.
    in_storm.until_updates_are("on").await;
}
