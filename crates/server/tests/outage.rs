//! Proves that deliveries are answered 200 and kept while PostgreSQL is away: cut off, silent, or gone since before the
//! server started; and 503 when the journal is full too. The real binary, behind a proxy that can cut and stall.
//!
//! Needs `TRUNKLINE_TEST_DATABASE_URL` (a user that may create databases) and `psql`.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test finds its database in its environment, and says how fast the journal was"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::ids::EndpointToken;
use domain::jws::{Secret, sign};
use reqwest::StatusCode;
use serde_json::{Value, json};

const PASSES: u8 = 0;
const CUT: u8 = 1;
const STALLED: u8 = 2;
/// What a delivery may take, whatever is broken.
const ANSWER_MAX: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(60);

/// Stands between the server and PostgreSQL.
struct Proxy {
    address: SocketAddr,
    mode: Arc<AtomicU8>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (mode, open) = (Arc::new(AtomicU8::new(PASSES)), Arc::new(Mutex::new(Vec::new())));
        let (its_mode, its_open) = (Arc::clone(&mode), Arc::clone(&open));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection");
                if its_mode.load(Ordering::SeqCst) == CUT {
                    continue;
                }
                let server = TcpStream::connect(&target).expect("PostgreSQL is there");
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().expect("a copy"), to.try_clone().expect("a copy"));
                    its_open.lock().expect("a lock").push(from.try_clone().expect("a copy"));
                    let mode = Arc::clone(&its_mode);
                    std::thread::spawn(move || forward(from, to, &mode));
                }
            }
        });
        Self { address, mode, open }
    }

    fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
        if mode == CUT {
            for stream in self.open.lock().expect("a lock").drain(..) {
                drop(stream.shutdown(Shutdown::Both));
            }
        }
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, mode: &AtomicU8) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        // What a stopped process does: it is connected, and says nothing.
        while mode.load(Ordering::SeqCst) == STALLED {
            std::thread::sleep(Duration::from_millis(5));
        }
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}

/// A database of its own behind a proxy, a data directory, and a company.
struct World {
    proxy: Proxy,
    directory: tempfile::TempDir,
    database: String,
    journal_bytes_max: u64,
    company: Value,
    client: reqwest::Client,
}

impl World {
    fn new(name: &str, journal_bytes_max: u64) -> Self {
        let url = std::env::var("TRUNKLINE_TEST_DATABASE_URL").expect("TRUNKLINE_TEST_DATABASE_URL is set");
        let database = format!("outage_{name}_{}", std::process::id());
        let made = Command::new("psql").args([&url, "-qc", &format!("CREATE DATABASE {database}")]).status();
        assert!(made.expect("psql runs").success());
        let (head, rest) = url.split_once('@').expect("user@host");
        let host = rest.split('/').next().expect("a host").to_owned();
        let proxy = Proxy::start(host);
        let database = format!("{head}@{}/{database}", proxy.address);
        let directory = tempfile::tempdir().expect("a directory");
        drop(rustls_provider());
        let client = reqwest::Client::new();
        let company = Value::Null;
        let mut world = Self { proxy, directory, database, journal_bytes_max, company, client };
        world.company =
            world.command(&["company", "create", "--name", "Outage", "--owner-email", "a@example.com"]);
        world
    }

    fn binary(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command
            .args(["--data-dir", self.directory.path().to_str().expect("a path")])
            .env("DATABASE_URL", &self.database)
            .env("TRUNKLINE_JOURNAL_BYTES_MAX", self.journal_bytes_max.to_string())
            .env("TRUNKLINE_LOG", "error");
        command
    }

    fn command(&self, arguments: &[&str]) -> Value {
        let done = self.binary().args(["--format", "json"]).args(arguments).output().expect("it runs");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).expect("JSON")
    }

    fn serve(&self) -> Server {
        let mut serve = self.binary();
        let serve = serve.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = serve.spawn().expect("it runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let url = line.trim().rsplit(' ').next().expect("an address").to_owned();
        Server { url, child }
    }

    fn token_path(&self) -> String {
        let url = self.company["requestUrl"].as_str().expect("a URL");
        url[url.find("/hooks/").expect("a Request URL")..].to_owned()
    }

    fn body(&self, call: u64) -> String {
        let secret = Secret::new(self.company["secret"].as_str().expect("a secret")).expect("a secret");
        sign(event(call).to_string().as_bytes(), &secret)
    }

    async fn post(&self, server: &Server, path: &str, body: String) -> (StatusCode, bool, Duration) {
        let started = Instant::now();
        let answered = self.client.post(format!("{}{path}", server.url)).body(body).send().await;
        let answered = answered.expect("an answer");
        let took = started.elapsed();
        assert!(took <= ANSWER_MAX, "{took:?}");
        (answered.status(), answered.headers().contains_key("retry-after"), took)
    }

    /// Posts one event for each of `calls`, 16 at a time; each must be answered 200.
    async fn accepted(self: &Arc<Self>, server: &Arc<Server>, calls: std::ops::Range<u64>, what: &str) {
        let (started, count) = (Instant::now(), calls.end - calls.start);
        let next = Arc::new(std::sync::atomic::AtomicU64::new(calls.start));
        let posters: Vec<_> = (0..16)
            .map(|_| {
                let (world, server, next) = (Arc::clone(self), Arc::clone(server), Arc::clone(&next));
                let end = calls.end;
                tokio::spawn(async move {
                    let (mut took, path) = (Vec::new(), world.token_path());
                    loop {
                        let call = next.fetch_add(1, Ordering::SeqCst);
                        if call >= end {
                            return took;
                        }
                        let (status, _, time) = world.post(&server, &path, world.body(call)).await;
                        assert_eq!(status, StatusCode::OK, "call {call}");
                        took.push(time);
                    }
                })
            })
            .collect();
        let mut took = Vec::new();
        for poster in posters {
            took.extend(poster.await.expect("every answer was 200"));
        }
        let rate = f64::from(u32::try_from(count).expect("few")) / started.elapsed().as_secs_f64();
        took.sort();
        println!(
            "{what}: {rate:.0}/s, p50 {:?}, p99 {:?}, max {:?}",
            took[took.len() / 2],
            took[took.len() * 99 / 100],
            took[took.len() - 1]
        );
    }

    async fn ask(&self, server: &Server) -> (StatusCode, Value) {
        self.query(server, "{ company { calls(first: 1) { totalCount { value } } } }").await
    }

    async fn query(&self, server: &Server, query: &str) -> (StatusCode, Value) {
        let asked = self
            .client
            .post(format!("{}/graphql", server.url))
            .bearer_auth(self.company["apiKey"].as_str().expect("a key"))
            .json(&json!({ "query": query }))
            .send()
            .await
            .expect("an answer");
        let status = asked.status();
        (status, asked.json().await.unwrap_or_default())
    }

    async fn until_calls(&self, server: &Server, calls: u64) {
        let mut seen = Value::Null;
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                seen = self.ask(server).await.1["data"]["company"]["calls"]["totalCount"]["value"].clone();
                if seen == json!(calls) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        assert!(found.await.is_ok(), "{calls} calls expected, {seen} found");
    }
}

/// The HTTP client needs to be told which cryptography to use.
fn rustls_provider() -> Result<(), Arc<rustls::crypto::CryptoProvider>> {
    rustls::crypto::aws_lc_rs::default_provider().install_default()
}

fn event(call: u64) -> Value {
    let at = 1_790_000_000_000_u64 + call;
    json!({ "call_id": 5_000_000_000_000_000 + call, "state": "hangup", "direction": "inbound",
            "event_timestamp": at, "date_started": at - 60_000, "date_ended": at,
            "external_number": "+14155550123", "filler": "x".repeat(900) })
}

struct Server {
    url: String,
    child: Child,
}

impl Server {
    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop((self.child.kill(), self.child.wait()));
    }
}

fn until_exists(file: &Path) {
    let started = Instant::now();
    while !file.exists() {
        assert!(started.elapsed() < PATIENCE, "{} never comes", file.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_costs_no_delivery() {
    let world = World::new("costs", 1 << 30);
    let world = Arc::new(world);
    let server = Arc::new(world.serve());
    world.accepted(&server, 0..200, "database there").await;
    world.until_calls(&server, 200).await;
    until_exists(&world.directory.path().join("endpoints.snapshot"));

    world.proxy.set(CUT);
    world.accepted(&server, 200..2_200, "database cut off").await;
    // Nobody can say whether these are good: they are kept, and judged later.
    let forged = sign(event(9_999).to_string().as_bytes(), &Secret::new("not the secret").expect("a secret"));
    let (status, ..) = world.post(&server, &world.token_path(), forged).await;
    assert_eq!(status, StatusCode::OK);
    let nobody = format!("/hooks/{}", EndpointToken::from_random([9; 16]).as_str());
    let (status, ..) = world.post(&server, &nobody, world.body(9_998)).await;
    assert_eq!(status, StatusCode::OK);
    world.proxy.set(PASSES);
    world.until_calls(&server, 2_200).await;

    world.proxy.set(STALLED);
    world.accepted(&server, 2_200..2_400, "database silent").await;
    world.proxy.set(PASSES);
    world.until_calls(&server, 2_400).await;

    world.proxy.set(CUT);
    world.accepted(&server, 2_400..2_420, "before the kill").await;
    Arc::into_inner(server).expect("nobody else has it").kill();
    let listed = world.command(&["journal", "ls"]);
    assert!(listed["verified"].as_u64() >= Some(20) && listed["unreadable"] == 0, "{listed}");
    assert_eq!(world.command(&["journal", "verify"])["ok"], true);
    let server = Arc::new(world.serve());
    world.accepted(&server, 2_420..2_440, "started without a database").await;
    assert_eq!(world.ask(&server).await.0, StatusCode::SERVICE_UNAVAILABLE);
    world.proxy.set(PASSES);
    world.until_calls(&server, 2_440).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_journal_says_come_again_and_can_be_moved_by_hand() {
    let world = World::new("full", 20_000);
    let server = world.serve();
    let path = world.token_path();
    let (status, ..) = world.post(&server, &path, world.body(0)).await;
    assert_eq!(status, StatusCode::OK);
    world.proxy.set(CUT);
    let mut taken = 1;
    let refused = loop {
        let (status, come_again, _) = world.post(&server, &path, world.body(taken)).await;
        if status != StatusCode::OK {
            break (status, come_again);
        }
        taken += 1;
        assert!(taken < 100, "20 KB are full long before");
    };
    assert_eq!(refused, (StatusCode::SERVICE_UNAVAILABLE, true), "WH-141");
    assert!(taken > 5, "{taken} were taken");
    let held = world.binary().args(["journal", "ls"]).output().expect("it runs");
    assert!(!held.status.success());
    assert!(String::from_utf8_lossy(&held.stderr).contains("another trunkline process holds the journal"));
    server.kill();
    world.proxy.set(PASSES);
    assert_eq!(world.command(&["journal", "drain"]), json!({ "stored": taken - 1, "refused": 0, "kept": 0 }));
    let server = world.serve();
    world.until_calls(&server, taken).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_journal_is_moved_nothing_is_lost_and_nothing_is_there_twice() {
    const CALLS: u64 = 1_500;
    let world = Arc::new(World::new("moved", 1 << 30));
    let server = Arc::new(world.serve());
    world.accepted(&server, 0..1, "database there").await;
    until_exists(&world.directory.path().join("endpoints.snapshot"));
    world.proxy.set(CUT);
    world.accepted(&server, 1..CALLS, "database cut off").await;
    Arc::into_inner(server).expect("nobody else has it").kill();
    world.proxy.set(PASSES);

    // Every try lives a little longer than the one before, so that they die everywhere on the way.
    let (mut left, mut parts) = (CALLS - 1, 0);
    for lives_ms in (0..2_000).step_by(10) {
        let mut moving =
            world.binary().args(["journal", "drain"]).stdout(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(lives_ms));
        drop((moving.kill(), moving.wait()));
        let listed = world.command(&["journal", "ls"]);
        assert_eq!(listed["unreadable"], 0, "{listed}");
        let still = listed["verified"].as_u64().expect("a number");
        assert!(still <= left, "{still} of {left}: what was moved does not come back");
        parts += u32::from(still < left && still > 0);
        left = still;
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0);
    assert!(parts > 1, "some were killed half-way");
    let server = world.serve();
    world.until_calls(&server, CALLS).await;
    let asked = "{ company { calls(first: 100) { nodes { events { totalCount { value } } } } } }";
    let answer = world.query(&server, asked).await.1;
    let calls = answer["data"]["company"]["calls"]["nodes"].as_array().expect("calls");
    assert_eq!(calls.len(), 100);
    assert!(calls.iter().all(|call| call["events"]["totalCount"]["value"] == 1), "{answer}");
}
