//! Proves what goes over the wire: method, headers, body, kept connections, no redirects, answers counted.

#![expect(
    clippy::unwrap_used,
    reason = "the lint's exemption for tests does not reach the functions they share"
)]

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use domain::jws::{LiveSecrets, Secret, verify};
use simulator::{Misbehave, Plan, Prepared, Report, SimulatorError, run, send_test_call};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a secret of sixteen or more";

#[derive(Clone)]
struct Request {
    connection: usize,
    head: String,
    body: Vec<u8>,
}

/// Requests and their order; the answer's status is worked out from the body.
type Seen = Arc<Mutex<Vec<Request>>>;

async fn receiver(status: fn(&[u8]) -> u16) -> (String, Seen) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hooks/abc", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        for connection in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, connection, status, Arc::clone(&log)));
        }
    });
    (url, seen)
}

/// As much HTTP as a receiver needs: heads with a content length, answers without a body.
async fn serve(stream: TcpStream, connection: usize, status: fn(&[u8]) -> u16, log: Seen) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.unwrap_or(0) == 0 {
                return;
            }
        }
        head.make_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        let answer = format!(
            "HTTP/1.1 {} x\r\ncontent-length: 0\r\nlocation: http://127.0.0.1:1/elsewhere\r\n\r\n",
            status(&body)
        );
        log.lock().unwrap().push(Request { connection, head, body });
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn plan(url: &str, calls: u64) -> Plan {
    let start = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    Plan { calls, concurrency: 4, ..Plan::new(url, SECRET, start) }
}

fn genuine(body: &[u8]) -> bool {
    let secrets = LiveSecrets { current: Secret::new(SECRET).unwrap(), previous: None };
    verify(body, &secrets).is_ok()
}

async fn run_against(status: fn(&[u8]) -> u16, change: impl FnOnce(Plan) -> Plan) -> (Report, Vec<Request>) {
    let (url, seen) = receiver(status).await;
    let report = run(change(plan(&url, 30))).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    (report, seen)
}

#[tokio::test]
async fn bare_tokens_over_a_few_kept_connections() {
    let (report, seen) = run_against(|_| 200, |plan| plan).await;
    assert_eq!(seen.len() as u64, report.sent);
    assert_eq!((report.accepted, report.requests, report.retries), (report.sent, report.sent, 0));
    assert!(report.p50_ms > 0.0 && report.p50_ms <= report.p99_ms && report.p99_ms <= report.max_ms);
    for request in &seen {
        assert!(request.head.starts_with("post /hooks/abc http/1.1\r\n"), "{}", request.head);
        assert!(request.head.contains("\r\ncontent-type: application/jwt\r\n"));
        assert!(genuine(&request.body));
    }
    assert!(seen.iter().all(|request| request.connection < 4), "more connections than lanes");
}

#[tokio::test]
async fn the_events_of_a_call_arrive_in_order() {
    let (_, seen) = run_against(|_| 200, |plan| Plan { concurrency: 8, ..plan }).await;
    let secrets = LiveSecrets { current: Secret::new(SECRET).unwrap(), previous: None };
    let mut stamps = std::collections::BTreeMap::new();
    for request in seen {
        let verified = verify(&request.body, &secrets).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&verified.payload).unwrap();
        let (Some(id), Some(stamp)) = (claims["call_id"].as_i64(), claims["event_timestamp"].as_i64()) else {
            continue;
        };
        assert!(stamps.insert(id, stamp).is_none_or(|earlier| earlier < stamp));
    }
}

#[tokio::test]
async fn a_redirect_is_lost_not_followed() {
    let (report, seen) = run_against(|_| 307, |plan| plan).await;
    assert_eq!((report.refused, seen.len() as u64), (report.sent, report.sent));
}

#[tokio::test]
async fn a_receiver_that_verifies_refuses_exactly_the_bad_ones() {
    let misbehaving = |plan| Plan { misbehave: Misbehave::ALL.to_vec(), ..plan };
    let (report, _) = run_against(|body| if genuine(body) { 200 } else { 401 }, misbehaving).await;
    assert!(report.sent_bad > 0);
    assert_eq!((report.bad_refused, report.bad_accepted), (report.sent_bad, 0));
    assert_eq!((report.accepted, report.refused), (report.sent, 0));
}

#[tokio::test]
async fn prepared_bodies_are_those_of_the_plan() {
    let (url, seen) = receiver(|_| 200).await;
    let prepared = Prepared::new(plan(&url, 30)).unwrap();
    let count = prepared.len();
    assert_eq!(prepared.run().await.unwrap().accepted, count as u64);
    let bodies = |seen: Seen| {
        let mut bodies: Vec<Vec<u8>> =
            seen.lock().unwrap().iter().map(|request| request.body.clone()).collect();
        bodies.sort();
        bodies
    };
    let (second, again) = receiver(|_| 200).await;
    run(plan(&second, 30)).await.unwrap();
    assert_eq!(bodies(seen), bodies(again));
}

#[tokio::test]
async fn nobody_listening_is_three_failed_connections() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let report = run(plan(&url, 2)).await.unwrap();
    assert_eq!((report.failed_after_retries, report.unreachable), (report.sent, 3 * report.sent));
}

#[tokio::test]
async fn a_test_call_reports_each_answer() {
    let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let (url, seen) = receiver(|_| 200).await;
    let sent = send_test_call(&url, SECRET, now, 1).await.unwrap();
    let states: Vec<&str> = sent.deliveries.iter().map(|delivery| delivery.state.as_str()).collect();
    assert_eq!(states, ["ringing", "connected", "hangup"]);
    assert!(sent.deliveries.iter().all(|delivery| delivery.status == Some(200) && delivery.error.is_none()));
    assert!(seen.lock().unwrap().iter().all(|request| genuine(&request.body)));

    let unreachable = send_test_call("http://127.0.0.1:1/", SECRET, now, 1).await.unwrap();
    assert!(
        unreachable.deliveries.iter().all(|delivery| delivery.status.is_none() && delivery.error.is_some())
    );
}

#[tokio::test]
async fn an_unusable_address_is_an_error() {
    for url in ["", "hooks/abc", "ftp://example.com/", "file:///etc"] {
        assert!(matches!(run(plan(url, 1)).await, Err(SimulatorError::Url(_))), "{url}");
    }
}
