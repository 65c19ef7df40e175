//! Rows about numbers: thousands of sockets, requests and frames must not keep out the one delivery that counts.

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::must_count;
use crate::support::{Company, Server, Start, sign};

/// Sockets that say nothing: as many as the server has places for.
const IDLE: u64 = 10_000;
/// Files that this process needs besides.
const OTHER_FILES: u64 = 500;
/// Requests that are open when the server is told to stop.
const OPEN: usize = 1_000;
/// What every answer has to keep to.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// What a flood may cost, in MiB.
const FLOOD_MIB_MAX: u64 = 50;

/// Memory of the server, in MiB.
fn memory(server: &Server) -> u64 {
    let pid = rustix::process::RawPid::from(server.pid().unwrap().as_raw_nonzero());
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

async fn must_take_a_delivery(server: &Server, company: &Company, what: &str) {
    let begun = Instant::now();
    company.deliver(server, json!({ "call_id": 137, "state": what }).to_string()).await;
    assert!(begun.elapsed() < ANSWER_MAX, "{what}: {:?}", begun.elapsed());
}

/// Raises the limit of open files; answers how many idle sockets it allows.
fn idle_sockets() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    limit.maximum.map_or(IDLE, |files| files.saturating_sub(OTHER_FILES).min(IDLE))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_say_nothing_make_room() {
    let mut server = Server::prepared(Start::Fresh);
    let idle = idle_sockets();
    server.set_variable("TRUNKLINE_CONNECTIONS_MAX", Some(idle.to_string()));
    // As a shell starts it: with few files, and the right to more.
    server.set_wrapper(["prlimit", "--nofile=1024:", "--"].map(str::to_owned).to_vec());
    server.begin();
    let company = Company::create(&server, "Hopper Lines");
    let mut sockets = Vec::new();
    for number in 0..idle {
        let mut socket = TcpStream::connect(server.address()).await.unwrap();
        // Some of them say a little.
        if number % 4 == 0 {
            socket.write_all(b"POST /hooks/").await.unwrap();
        }
        sockets.push(socket);
    }
    for _ in 0..5 {
        // A connection of its own each time: one that is open already proves nothing.
        let body = sign(r#"{"call_id":137}"#, &company.secret);
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head =
            format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", company.hook, body.len());
        let begun = Instant::now();
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200", "WH-137");
        assert!(begun.elapsed() < ANSWER_MAX, "WH-137: {:?} beside {idle} idle sockets", begun.elapsed());
    }
    drop(sockets);
    must_count(&server, &company, 5, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_company_that_floods_does_not_keep_out_another() {
    let server = Server::start();
    let (loud, quiet) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let flood: Vec<_> = (0..50)
        .map(|number| {
            let (http, url) = (server.http().clone(), server.url() + &loud.hook);
            let body = sign(
                json!({ "call_id": 1_000 + number, "filler": "x".repeat(20_000) }).to_string(),
                &loud.secret,
            );
            tokio::spawn(async move {
                loop {
                    let answer = http.post(&url).body(body.clone()).send().await.unwrap();
                    assert!([200, 503].contains(&answer.status().as_u16()), "WH-138: {}", answer.status());
                }
            })
        })
        .collect();
    for _ in 0..40 {
        must_take_a_delivery(&server, &quiet, "WH-138 beside a flood").await;
    }
    assert!(flood.iter().all(|sender| !sender.is_finished()), "WH-138: it was flooded all the time");
    flood.iter().for_each(|sender| sender.abort());
    must_count(&server, &quiet, 40, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_when_the_server_stops() {
    let mut server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    idle_sockets();
    let body = sign(r#"{"call_id":144}"#, &company.secret);
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        company.hook,
        body.len()
    );
    let (stopped, stop) = tokio::sync::watch::channel(false);
    let (begun_in, mut begun) = tokio::sync::mpsc::channel(OPEN);
    let requests: Vec<_> = (0..OPEN)
        .map(|_| {
            let (address, head, body) = (server.address(), head.clone(), body.clone());
            let (mut stop, begun) = (stop.clone(), begun_in.clone());
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
                // Said when the body is wanted: the request is under way.
                let mut go_on = [0; 25];
                stream.read_exact(&mut go_on).await.unwrap();
                assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
                begun.send(()).await.unwrap();
                stop.wait_for(|stop| *stop).await.unwrap();
                stream.write_all(body.as_bytes()).await.unwrap();
                let mut answer = [0; 12];
                stream.read_exact(&mut answer).await.unwrap();
                String::from_utf8_lossy(&answer).into_owned()
            })
        })
        .collect();
    for _ in 0..OPEN {
        begun.recv().await.unwrap();
    }
    kill_process(server.pid().unwrap(), Signal::TERM).unwrap();
    stopped.send_replace(true);
    for request in requests {
        assert_eq!(request.await.unwrap(), "HTTP/1.1 200", "WH-144");
    }
    server.stop();
}

/// One frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Many frames of each kind that was once used to flood servers; and whether the connection has to be closed for it.
fn http2_floods() -> [(&'static str, Vec<u8>, bool); 6] {
    let get = [0x82, 0x86, 0x84];
    let resets = (0..20_000_u32)
        .flat_map(|n| [frame(1, 5, 2 * n + 1, &get), frame(3, 0, 2 * n + 1, &[0, 0, 0, 8])].concat());
    let opened = |flags| frame(1, flags, 1, &get);
    let continued = frame(9, 0, 1, &b"\x00\x01a\x01b".repeat(200));
    [
        ("WH-133 rapid reset", resets.collect(), true),
        ("WH-133 CONTINUATION", [opened(0), continued.repeat(5_000)].concat(), true),
        ("WH-133 empty DATA", [opened(4), frame(0, 0, 1, b"").repeat(50_000)].concat(), true),
        ("WH-133 SETTINGS", frame(4, 0, 0, &[0, 3, 0, 0, 0, 100]).repeat(50_000), false),
        ("WH-133 PING", frame(6, 0, 0, &[7; 8]).repeat(50_000), false),
        ("WH-133 PRIORITY", frame(2, 0, 1, &[0, 0, 0, 0, 1]).repeat(50_000), false),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_frames_cost_little() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    must_take_a_delivery(&server, &company, "before").await;
    for (name, frames, is_closed) in http2_floods() {
        let before = memory(&server);
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let hello = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), frame(4, 0, 0, b"")].concat();
        let writer = tokio::spawn(async move {
            let written = writing.write_all(&[hello, frames].concat()).await;
            (written.is_ok(), writing)
        });
        // Reads what it is told, as long as it is told something.
        let mut buffer = vec![0; 64 * 1_024];
        let ended = loop {
            match tokio::time::timeout(Duration::from_secs(2), reading.read(&mut buffer)).await {
                Err(_) => break false,
                Ok(Ok(1..)) => {}
                Ok(Ok(0) | Err(_)) => break true,
            }
        };
        assert_eq!(ended, is_closed, "{name}");
        writer.abort();
        let grown = memory(&server).saturating_sub(before);
        assert!(grown <= FLOOD_MIB_MAX, "{name}: {grown} MiB more");
        must_take_a_delivery(&server, &company, name).await;
    }
}
