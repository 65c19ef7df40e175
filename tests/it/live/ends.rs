//! Every end of a connection has its code: what the client did wrong, that its rights ended, that it was too slow, or
//! that something may be missing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{CALLS, until_told};
use crate::support::database::psql;
use crate::support::{Company, Database, PATIENCE, Server, Socket, Start, Told, eventually};

/// The rights of somebody who connects are looked at again within this time.
const RIGHTS_TIMEOUT: Duration = Duration::from_secs(5);

fn text(message: &str) -> Message {
    Message::Text(message.to_owned().into())
}

fn init(key: &str) -> Message {
    text(
        &json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {key}") } })
            .to_string(),
    )
}

#[tokio::test]
async fn what_a_client_does_wrong_has_its_code() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let good = init(&company.api_key);
    let subscribe = |id: &str| {
        let payload = json!({ "query": "subscription { callChanged { id } }" });
        text(&json!({ "type": "subscribe", "id": id, "payload": payload }).to_string())
    };
    let wrong_key = format!("tl_live_{}", "0".repeat(56));
    let cases: Vec<(&str, Vec<Message>, u16)> = vec![
        ("nothing before the init", vec![subscribe("a")], 4_401),
        ("a key that is none", vec![init("x")], 4_403),
        ("a key of nobody", vec![init(&wrong_key)], 4_403),
        ("no key", vec![text("{\"type\":\"connection_init\"}")], 4_403),
        ("no JSON", vec![text("hello")], 4_400),
        ("no message", vec![good.clone(), text("{\"type\":\"start\"}")], 4_400),
        ("bytes", vec![good.clone(), Message::Binary(vec![1].into())], 4_400),
        ("a second init", vec![good.clone(), good.clone()], 4_429),
        ("an id twice", vec![good.clone(), subscribe("a"), subscribe("a")], 4_409),
        ("64 KiB and one", vec![good.clone(), text(&" ".repeat(65_537))], 1_009),
        ("a mebibyte", vec![text(&" ".repeat(1_024 * 1_024))], 1_009),
        (
            "too many",
            std::iter::once(good.clone()).chain((0..200).map(|_| Message::Ping(vec![].into()))).collect(),
            1_008,
        ),
    ];
    for (what, messages, code) in cases {
        let mut socket = Socket::new(&server).await;
        for message in messages {
            socket.send(message).await;
        }
        assert_eq!(socket.closed().await, code, "{what}");
    }
    let mut other = Socket::open(&server, &[]).await.unwrap();
    assert_eq!(other.closed().await, 4_406, "the protocol has to be named");
    // Who says nothing is asked to leave after five seconds.
    let begun = Instant::now();
    assert_eq!(Socket::new(&server).await.closed().await, 4_408);
    assert!((4..8).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_connection_ends_with_its_rights() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let companies: Vec<Company> = ["Hopper Lines", "Lovelace Ltd", "Lamarr Inc", "Johnson Co"]
        .map(|name| Company::create(&server, name))
        .into();
    // Once somebody hears of changes there are no gaps any more.
    let mut by_key = Socket::of(&server, &companies[0]).await;
    let mut sockets = Vec::new();
    for company in &companies {
        let owner = company.owner(&server).await;
        let mut socket = Socket::of_browser(&server, &owner).await;
        socket.subscribe("all", CALLS, json!({})).await;
        sockets.push((socket, owner));
    }
    let mut kept = Socket::of(&server, &companies[3]).await;
    let of = |at: usize| format!("(SELECT tenant_id FROM tenants WHERE slug = '{}')", companies[at].slug);
    // Signed out, role cut, session run out, key revoked.
    let sign_out = server.http().post(server.url() + "/auth/sign-out");
    assert_eq!(sockets[0].1.signed(&server, sign_out).send().await.unwrap().status(), 204);
    psql(&url, &format!("UPDATE memberships SET role = 'viewer' WHERE tenant_id = {}", of(1))).unwrap();
    psql(
        &url,
        &format!(
            "UPDATE sessions SET expires_at = now() FROM memberships
                         WHERE memberships.user_id = sessions.user_id AND tenant_id = {}",
            of(2)
        ),
    )
    .unwrap();
    psql(&url, &format!("UPDATE api_keys SET revoked_at = now() WHERE tenant_id = {}", of(0))).unwrap();
    let begun = Instant::now();
    for (socket, _) in &mut sockets[..3] {
        assert_eq!(socket.closed().await, 4_403);
    }
    assert_eq!(by_key.closed().await, 4_403);
    assert!(begun.elapsed() < RIGHTS_TIMEOUT, "{:?}", begun.elapsed());
    // Nobody else was sent away.
    kept.say(json!({ "type": "ping" })).await;
    assert_eq!(kept.hear().await, Told::Said(json!({ "type": "pong" })));
    until_told(&server, &companies[3], &mut sockets[3].0, 1_000).await;
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let mut server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let mut socket = Socket::of(&server, &company).await;
    socket.subscribe("all", CALLS, json!({})).await;
    let stopping = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        server.stop();
        begun.elapsed()
    });
    assert_eq!(socket.closed().await, 1_001);
    drop(socket);
    assert!(stopping.await.unwrap() < Duration::from_secs(10));
}

#[tokio::test]
async fn who_may_have_missed_something_is_told_to_read_again() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    let mut socket = Socket::of(&server, &company).await;
    let mut idle = Socket::of(&server, &company).await;
    socket.subscribe("all", CALLS, json!({})).await;
    until_told(&server, &company, &mut socket, 1_000).await;
    // PostgreSQL ends the connection that listens.
    eventually(async || {
        let listening = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                         WHERE datname = current_database() AND query ILIKE 'LISTEN%' OR query = 'SELECT 1'
                           AND datname = current_database()";
        match psql(&url, listening).unwrap().trim() {
            "0" => Err("nobody listens".to_owned()),
            _ => Ok(()),
        }
    })
    .await;
    let mut said_delayed = false;
    let code = loop {
        match socket.hear_any().await {
            Told::Said(said) => said_delayed |= said["payload"]["liveUpdates"] == "delayed",
            Told::Closed(code, _) => break code,
        }
    };
    assert_eq!((code, said_delayed), (1_012, true));
    // Who watches nothing missed nothing.
    idle.say(json!({ "type": "ping" })).await;
    assert_eq!(idle.hear().await, Told::Said(json!({ "type": "pong" })));
    idle.subscribe("all", CALLS, json!({})).await;
    until_told(&server, &company, &mut idle, 2_000).await;
}

/// Has PostgreSQL tell that calls changed, as the projector does.
pub(super) fn tell(url: &str, company: &Company, calls: std::ops::Range<i64>) {
    let sql = format!(
        "SELECT pg_notify('trunkline_live', replace(tenant_id::text, '-', '') || ':' || string_agg(to_hex(id), ','))
         FROM tenants, LATERAL (SELECT id, id / 500 AS part FROM generate_series({}::bigint, {}) id) changed
         WHERE slug = '{}' GROUP BY tenant_id, part",
        calls.start,
        calls.end - 1,
        company.slug
    );
    psql(url, &sql).unwrap();
}

/// Puts calls into the table itself, newest last.
pub(super) fn fill(url: &str, company: &Company, calls: std::ops::Range<i64>) {
    let sql = format!(
        "INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, voicemail_link,
                            labels, label_terms, event_count, updated_at, conversation_id)
         SELECT tenant_id, n, at, 'inbound', 'hangup', 'hangup', 'answered', 'https://dialpad.com/' || repeat('x', 300),
                '{{}}', '{{}}', 1, at, n
         FROM tenants, LATERAL (SELECT n, timestamptz '2026-03-01' + n * interval '1 second' AS at
                                FROM generate_series({}::bigint, {}) n) made
         WHERE slug = '{}'",
        calls.start,
        calls.end - 1,
        company.slug
    );
    psql(url, &sql).unwrap();
}

#[tokio::test]
async fn who_reads_too_slowly_is_let_go_and_holds_up_nobody() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    fill(&url, &company, 1..1_001);
    let aliases: String = (0..25).map(|at| format!("a{at}: voicemailLink ")).collect();
    let mut slow = Socket::of(&server, &company).await;
    let query = format!("subscription {{ callChanged {{ {aliases} }} }}");
    slow.subscribe("slow", &query, Value::Null).await;
    let mut reader = Socket::of(&server, &company).await;
    reader.subscribe("reader", CALLS, json!({})).await;
    // One of them reads all the time, and is told all the time; the other one does not, until it is let go.
    let (mut is_begun, deadline) = (false, Instant::now() + 3 * PATIENCE);
    while !server.log().contains("TooSlow") {
        assert!(Instant::now() < deadline, "the slow one is still there");
        tell(&url, &company, 1..1_001);
        // Once it was told something it is told something every time.
        let patience = if is_begun { PATIENCE } else { Duration::from_millis(500) };
        let told = reader.hear_within(patience).await;
        assert!(told.is_some() || !is_begun, "who reads is told");
        is_begun |= told.is_some();
        while reader.hear_within(Duration::from_millis(50)).await.is_some() {}
    }
    let code = slow.closed().await;
    assert!([4_410, 0].contains(&code), "{code}");
    tell(&url, &company, 1..2);
    assert!(matches!(reader.hear().await, Told::Said(_)));
}
