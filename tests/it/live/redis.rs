//! With Redis: changes go through it from the process that folds to those that answer people; when it is killed or
//! hangs, updates come by another way and deliveries notice nothing.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{CALLS, event, until_told, until_told_or_closed};
use crate::support::{Company, Database, Redis, Server, Socket, Start, Told};

/// Both processes must open what the other sealed.
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Two processes on one database: one receives and folds, the other one answers people.
struct Pair {
    worker: Server,
    api: Server,
    company: Company,
    redis: Redis,
    _database: Database,
}

impl Pair {
    async fn new() -> Self {
        let (database, redis) = (Database::new(), Redis::start().await);
        let [worker, api] = ["all", "api"].map(|role| {
            let mut server = Server::prepared(Start::At(database.url()));
            server.set_role(role);
            server.set_variable("TRUNKLINE_MASTER_KEY", Some(MASTER_KEY.to_owned()));
            server.set_variable("TRUNKLINE_REDIS_URL", Some(redis.url()));
            server.begin();
            server
        });
        let company = Company::create(&worker, "Hopper Lines");
        Self { worker, api, company, redis, _database: database }
    }

    /// A subscriber at the process that only answers, who is told already.
    async fn subscriber(&self, first: i64) -> Socket {
        let mut socket = Socket::of(&self.api, &self.company).await;
        socket.subscribe("all", CALLS, json!({})).await;
        until_told(&self.worker, &self.company, &mut socket, first).await;
        socket
    }

    /// Delivers a call: it is answered at once, and told soon.
    async fn deliver_and_hear(&self, socket: &mut Socket, call: i64) {
        let posted = Instant::now();
        self.company.deliver(&self.worker, event(call, "missed", "Ada Lovelace", 0)).await;
        assert!(posted.elapsed() < Duration::from_secs(1), "{:?}", posted.elapsed());
        let call_id = json!(call.to_string());
        loop {
            match socket.hear().await {
                Told::Said(said) if said["payload"]["data"]["callChanged"]["callId"] == call_id => break,
                Told::Said(_) => {}
                Told::Closed(code, reason) => panic!("closed: {code} {reason}"),
            }
        }
        assert!(posted.elapsed() < Duration::from_secs(5), "{:?}", posted.elapsed());
    }

    /// How many notices went through Redis.
    async fn published(&self) -> u64 {
        let statistics = self.redis.ask("INFO commandstats").await.unwrap();
        let calls = statistics.split("cmdstat_publish:calls=").nth(1);
        calls.and_then(|rest| rest.split(',').next()).map_or(0, |calls| calls.parse().unwrap())
    }
}

#[tokio::test]
async fn changes_go_through_redis_and_around_it_when_it_is_killed() {
    let mut pair = Pair::new().await;
    let mut socket = pair.subscriber(1_000).await;
    let before = pair.published().await;
    pair.deliver_and_hear(&mut socket, 2_001).await;
    assert!(pair.published().await > before, "it went through Redis");
    pair.redis.kill();
    socket.until_updates_are("delayed").await;
    for call in 3_001..3_006 {
        pair.deliver_and_hear(&mut socket, call).await;
    }
    // It is back: what was told meanwhile may not be everything.
    pair.redis.begin().await;
    assert_eq!(socket.closed().await, 1_012);
    let mut again = pair.subscriber(4_000).await;
    let mut call = 5_000;
    while pair.published().await == 0 {
        assert!(call < 5_050, "nothing goes through Redis");
        call += 1;
        pair.deliver_and_hear(&mut again, call).await;
    }
}

#[tokio::test]
async fn a_redis_that_hangs_delays_nothing_but_updates() {
    let pair = Pair::new().await;
    let mut socket = pair.subscriber(1_000).await;
    pair.redis.hang();
    // At once, before anybody knows that it hangs.
    for call in 2_001..2_004 {
        pair.deliver_and_hear(&mut socket, call).await;
    }
    socket.until_updates_are("delayed").await;
    pair.deliver_and_hear(&mut socket, 2_010).await;
    pair.redis.go_on();
    assert_eq!(socket.closed().await, 1_012);
    pair.subscriber(3_000).await;
}

#[tokio::test]
async fn a_process_begins_without_redis() {
    let database = Database::new();
    let mut server = Server::prepared(Start::At(database.url()));
    server.set_variable("REDIS_URL", Some("redis://127.0.0.1:1".to_owned()));
    server.begin();
    let company = Company::create(&server, "Hopper Lines");
    let mut socket = subscriber_without_redis(&server, &company).await;
    if let Err((code, _)) = until_told_or_closed(&server, &company, &mut socket, 1_000).await {
        // It came before the server heard PostgreSQL: what changed in between may be missing, which is said once.
        assert_eq!(code, 1_012);
        let mut again = subscriber_without_redis(&server, &company).await;
        until_told(&server, &company, &mut again, 2_000).await;
    }
}

async fn subscriber_without_redis(server: &Server, company: &Company) -> Socket {
    let (mut socket, state) = Socket::connect(server, company).await;
    assert_eq!(state, "delayed");
    socket.subscribe("all", CALLS, json!({})).await;
    socket
}

/// Signs in as the owner; answers the status.
async fn sign_in(server: &Server, email: &str, password: &str) -> u16 {
    let request = server.http().post(server.url() + "/auth/sign-in").header("origin", server.url());
    let body = json!({ "email": email, "password": password });
    request.json(&body).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn wrong_passwords_are_counted_by_all_processes_together() {
    const WRONG: &str = "not the password";
    let mut pair = Pair::new().await;
    let (email, right) = (pair.company.owner_email.clone(), "a quiet staircase");
    for at in 0..10 {
        let server = if at % 2 == 0 { &pair.worker } else { &pair.api };
        assert_eq!(sign_in(server, &email, WRONG).await, 401, "try {at}");
    }
    for server in [&pair.worker, &pair.api] {
        assert_eq!(sign_in(server, &email, right).await, 429);
    }
    // What names people does not leave the process.
    let keys = pair.redis.ask("KEYS *").await.unwrap();
    assert!(keys.contains(":tries:") && !keys.contains("example.com"), "{keys}");
    // Without Redis each process counts for itself, and nobody waits for long.
    pair.redis.kill();
    let began = Instant::now();
    for at in 0..10 {
        assert_eq!(sign_in(&pair.api, "nobody@example.com", WRONG).await, 401, "try {at}");
    }
    assert_eq!(sign_in(&pair.api, "nobody@example.com", WRONG).await, 429);
    assert_eq!(sign_in(&pair.worker, "nobody@example.com", WRONG).await, 401);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
