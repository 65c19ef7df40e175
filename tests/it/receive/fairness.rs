//! Proves that a company which sends far more than others delays itself, and loses nothing by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::must_count;
use crate::support::{Company, Database, Proxy, Server, Start, Way, eventually, sign, sign_all};

/// Deliveries of the loud company that wait at the same time: several statements full.
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
    // Slow enough that what is sent meanwhile waits in the queue.
    proxy.set(Way::Slow(Duration::from_millis(100)));
    let answered = Arc::new(AtomicUsize::new(0));
    let posts = sign_all(&payloads, &loud.secret).into_iter().map(|token| {
        let (request, answered) = (server.http().post(server.url() + &loud.hook), Arc::clone(&answered));
        tokio::spawn(async move {
            let status = request.body(token).send().await.unwrap().status().as_u16();
            answered.fetch_add(1, Ordering::Relaxed);
            status
        })
    });
    let posts: Vec<_> = posts.collect();
    // By then all of them are on their way.
    eventually(async || match answered.load(Ordering::Relaxed) {
        0 => Err("no delivery is answered".to_owned()),
        _ => Ok(()),
    })
    .await;
    let status = quiet.post(&server, sign(r#"{"call_id":2}"#, &quiet.secret)).await.0;
    let before = answered.load(Ordering::Relaxed);
    assert_eq!(status, 200);
    assert!(
        before < LOUD * 3 / 4,
        "{before} of {LOUD} deliveries were answered before one of another company"
    );
    for post in posts {
        assert_eq!(post.await.unwrap(), 200, "nobody is dropped");
    }
    proxy.set(Way::Open);
    must_count(&server, &loud, 1 + LOUD, 0).await;
    must_count(&server, &quiet, 2, 0).await;
}
