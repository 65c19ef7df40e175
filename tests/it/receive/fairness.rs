//! Proves that a company which sends far more than others delays itself, and loses nothing by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::must_count;
use crate::support::{Company, Database, Proxy, Server, Start, Way, eventually, sign, sign_all};

/// Senders of the loud company, each with one delivery that waits: several statements full.
const LOUD: usize = 600;

// The wire needs threads of its own: starting the server blocks one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_company_at_many_times_its_share_delays_only_itself() {
    let database = Database::new();
    let proxy = Proxy::to(database.address()).await;
    let server = Server::start_on(Start::Through { database, address: proxy.address() });
    let (loud, quiet) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    for company in [&loud, &quiet] {
        company.deliver(&server, r#"{"call_id":1}"#).await;
    }
    let payloads: Vec<_> = (0..LOUD).map(|call| format!(r#"{{"call_id":{}}}"#, 10 + call)).collect();
    // Slow enough that what is sent waits in the queue.
    proxy.set(Way::Slow(Duration::from_millis(100)));
    let (answered, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let senders = sign_all(&payloads, &loud.secret).into_iter().map(|token| {
        let (http, url) = (server.http().clone(), server.url() + &loud.hook);
        let (answered, enough) = (Arc::clone(&answered), Arc::clone(&enough));
        tokio::spawn(async move {
            let mut sent = 0;
            while !enough.load(Ordering::Relaxed) {
                let status = http.post(&url).body(token.clone()).send().await.unwrap().status().as_u16();
                assert_eq!(status, 200, "nobody is dropped");
                answered.fetch_add(1, Ordering::Relaxed);
                sent += 1;
            }
            sent
        })
    });
    let senders: Vec<_> = senders.collect();
    // By then each of them waits, and goes on waiting: whoever is answered sends the same again.
    eventually(async || match answered.load(Ordering::Relaxed) {
        0 => Err("no delivery is answered".to_owned()),
        _ => Ok(()),
    })
    .await;
    let token = sign(r#"{"call_id":2}"#, &quiet.secret);
    let before = answered.load(Ordering::Relaxed);
    let status = quiet.post(&server, token).await.0;
    let meanwhile = answered.load(Ordering::Relaxed) - before;
    assert_eq!(status, 200);
    assert!(
        meanwhile < LOUD * 3 / 4,
        "{meanwhile} deliveries of {LOUD} senders were answered before one of another company"
    );
    enough.store(true, Ordering::Relaxed);
    let mut sent = 0;
    for sender in senders {
        sent += sender.await.unwrap();
    }
    proxy.set(Way::Open);
    must_count(&server, &loud, 1 + sent, 0).await;
    must_count(&server, &quiet, 2, 0).await;
}
