//! Rows about HTTP as bytes: heads that lie, bodies that end elsewhere, clients that take their time. Every row says how
//! its connection is answered, and that it is closed; none of them may bring in a second, smuggled delivery.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{counts, raw_events};
use crate::support::{Company, Server, eventually, exchange, sign};

/// What a connection that is not closed after its answer would be kept for.
const CLOSED_WITHIN: Duration = Duration::from_secs(9);
/// A head that is not complete by then never will be; with a little for a busy machine.
const HEAD_WITHIN: Duration = Duration::from_millis(11_500);
/// The call of deliveries that nobody may take in.
const SMUGGLED: &str = "121121";

/// A request as it is sent, and the status it must be answered with.
struct Row {
    name: &'static str,
    request: Vec<u8>,
    status: &'static str,
}

fn row(name: &'static str, status: &'static str, head: &[u8], body: &[u8]) -> Row {
    Row { name, request: [head, b"\r\n", body].concat(), status }
}

/// Rows around one good delivery.
fn rows(hook: &str, token: &str, smuggled: &str) -> Vec<Row> {
    let post = format!("POST {hook} HTTP/1.1\r\nHost: localhost\r\n");
    let length = |length: usize| format!("Content-Length: {length}\r\n");
    let good = length(token.len());
    let close = "Connection: close\r\n";
    let head = |headers: &[&str]| [&[post.as_str()], headers].concat().concat().into_bytes();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let chunks = format!("{:x}\r\n{token}\r\n0\r\n\r\n", token.len());
    let second = format!("{post}{}\r\n{smuggled}", length(smuggled.len()));
    let mut rows = vec![
        row("one delivery", "200", &head(&[&good, close]), token.as_bytes()),
        row("in chunks", "200", &head(&[chunked]), chunks.as_bytes()),
        row("WH-121 a length too small", "401", &head(&[&length(10)]), token.as_bytes()),
        row(
            "WH-121 a request behind it",
            "401",
            &head(&[&length(10)]),
            format!("{:10.10}{second}", token).as_bytes(),
        ),
        row("WH-121 a length too big", "408", &head(&[&length(token.len() + 9)]), token.as_bytes()),
        row("WH-122 a length, then chunks", "400", &head(&[&good, chunked]), chunks.as_bytes()),
        row("WH-122 chunks, then a length", "400", &head(&[chunked, &good]), chunks.as_bytes()),
        row(
            "WH-122 a request behind the chunks",
            "400",
            &head(&[&length(4), chunked]),
            format!("0\r\n\r\n{second}").as_bytes(),
        ),
        row(
            "WH-122 a request inside of the length",
            "400",
            &head(&[&length(second.len() + 5), chunked]),
            format!("0\r\n\r\n{second}").as_bytes(),
        ),
        row("WH-124 two lengths", "400", &head(&[&good, &length(token.len() + 1)]), token.as_bytes()),
        row("WH-124 two lengths in one", "400", &head(&["Content-Length: 5, 6\r\n"]), token.as_bytes()),
        row("WH-124 a length with a sign", "400", &head(&["Content-Length: +5\r\n"]), token.as_bytes()),
        row("WH-124 a length below zero", "400", &head(&["Content-Length: -5\r\n"]), token.as_bytes()),
        row(
            "WH-124 a length beyond all numbers",
            "400",
            &head(&["Content-Length: 99999999999999999999\r\n"]),
            token.as_bytes(),
        ),
    ];
    rows.extend(chunk_rows(&head(&[chunked]), token, &second));
    rows.extend(head_rows(&post, &good, token));
    rows
}

/// Chunks that are none. `second` is a request that follows where a lenient reader sees an end.
fn chunk_rows(head: &[u8], token: &str, second: &str) -> Vec<Row> {
    let size = token.len();
    let chunked = |name, body: String| row(name, "400", head, body.as_bytes());
    let encoding = |name, value: &str| {
        let head = String::from_utf8_lossy(head).replace("Transfer-Encoding: chunked", value);
        row(name, "400", head.as_bytes(), format!("{size:x}\r\n{token}\r\n0\r\n\r\n{second}").as_bytes())
    };
    vec![
        chunked("WH-125 a size beyond all numbers", format!("fffffffffffffffff\r\n{token}")),
        chunked("WH-125 a size below zero", format!("-1\r\n{token}\r\n0\r\n\r\n{second}")),
        chunked("WH-125 a size with 0x", format!("0x{size:x}\r\n{token}\r\n0\r\n\r\n{second}")),
        chunked(
            "WH-125 an extension of a mebibyte",
            format!("{size:x};{}\r\n{token}\r\n0\r\n\r\n", "x".repeat(1 << 20)),
        ),
        chunked("WH-125 lines without a return", format!("{size:x}\n{token}\n0\n\n{second}")),
        chunked("WH-125 no end of a chunk", format!("{size:x}\r\n{token}XX0\r\n\r\n{second}")),
        chunked(
            "WH-125 two thousand trailers",
            format!("{size:x}\r\n{token}\r\n0\r\n{}\r\n", "X-T: y\r\n".repeat(2_000)),
        ),
        encoding("WH-125 another encoding", "Transfer-Encoding: xchunked"),
        encoding("WH-125 chunks inside of something", "Transfer-Encoding: chunked, identity"),
        encoding("WH-125 no encoding", "Transfer-Encoding: identity"),
        encoding("WH-125 a blank in front of the colon", "Transfer-Encoding : chunked"),
        encoding("WH-125 a tab that is none", "Transfer-Encoding:\u{b}chunked"),
    ]
}

fn head_rows(post: &str, length: &str, token: &str) -> Vec<Row> {
    let close = "Connection: close\r\n";
    let head = |headers: &str| format!("{post}{length}{close}{headers}").into_bytes();
    let many = |count: usize, header: &str| head(&header.repeat(count));
    let list = (0..1_000).map(|n| format!("192.0.2.{}, ", n % 256)).collect::<String>();
    let forwarded =
        format!("X-Forwarded-For: {list}\r\nForwarded: for=127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n");
    let upgrade =
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n";
    let with = |name, status, head: Vec<u8>| row(name, status, &head, token.as_bytes());
    vec![
        with("WH-130 500 headers", "431", many(500, "X-A: y\r\n")),
        with("WH-130 90 headers", "200", many(90, "X-A: y\r\n")),
        with("WH-130 a header of 100 KiB", "431", head(&format!("X-A: {}\r\n", "y".repeat(100 * 1_024)))),
        with(
            "WH-132 HTTP/1.0",
            "200",
            format!("POST {} HTTP/1.0\r\n{length}", post.split(' ').nth(1).unwrap()).into_bytes(),
        ),
        row("WH-132 HTTP/0.9", "400", b"GET /hooks/x", b""),
        with("WH-132 an upgrade to h2c", "200", head(upgrade)),
        with("WH-134 a thousand addresses", "200", head(&forwarded)),
        with(
            "WH-134 a thousand headers with addresses",
            "431",
            many(1_000, "X-Forwarded-For: 192.0.2.1\r\n"),
        ),
        with("a folded header", "400", head("X-A: b\r\n folded\r\n")),
        with("NUL in a header", "400", head("X-A: a\0b\r\n")),
    ]
}

/// Waits until so many deliveries were kept; refused ones may be counted or not.
async fn must_keep(server: &Server, company: &Company, kept: usize) {
    eventually(async || match counts(server, company).await {
        (counted, _) if counted == i64::try_from(kept).unwrap() => Ok(()),
        counted => Err(format!("kept and refused are {counted:?}, and {kept} should be kept")),
    })
    .await;
}

/// Sends bytes, keeps the way open, and reads until the connection is closed; nothing when it is not.
async fn answer_and_close(server: &Server, request: &[u8]) -> Option<String> {
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let request = request.to_vec();
    // The other side may close before it has read everything.
    let writer = tokio::spawn(async move {
        writing.write_all(&request).await.ok();
        writing
    });
    let mut answer = Vec::new();
    let read = tokio::time::timeout(CLOSED_WITHIN, async {
        let mut buffer = [0; 4_096];
        while let Ok(read @ 1..) = reading.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..read]);
        }
    });
    let is_closed = read.await.is_ok();
    writer.abort();
    is_closed.then(|| String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn a_request_ends_where_both_sides_say() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let smuggled = sign(format!(r#"{{"call_id":{SMUGGLED}}}"#), &company.secret);
    let rows = rows(&company.hook, &sign(r#"{"call_id":121}"#, &company.secret), &smuggled);
    for Row { name, request, status } in &rows {
        let answer = answer_and_close(&server, request).await;
        let answer = answer.unwrap_or_else(|| panic!("{name}: the connection stays open"));
        let first = answer.split(' ').nth(1).unwrap_or_default();
        assert_eq!(first, *status, "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{name}: one answer: {answer}");
    }
    let count = |status: &str| rows.iter().filter(|row| row.status == status).count();
    // What came with a body that is none is counted too.
    must_keep(&server, &company, count("200")).await;
    assert_eq!(raw_events(&server, &company, SMUGGLED).await.len(), 0, "nothing was smuggled in");
}

#[tokio::test]
async fn an_ambiguous_request_behind_good_ones_is_refused_too() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let token = sign(r#"{"call_id":122}"#, &company.secret);
    let post =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", company.hook, token.len());
    let good = format!("{post}\r\n{token}");
    let ambiguous = format!("{post}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    let answer =
        answer_and_close(&server, [good.as_str(), &good, &ambiguous, &good].concat().as_bytes()).await;
    let answer = answer.expect("WH-122: closed");
    let statuses: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).collect();
    assert_eq!(statuses, ["200 OK", "200 OK", "400 Bad Request"], "WH-122: {answer}");
    must_keep(&server, &company, 2).await;
}

#[tokio::test]
async fn a_client_may_be_slow_only_so_long() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let token = sign(r#"{"call_id":128}"#, &company.secret);
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        company.hook,
        token.len()
    );
    let (silent, slow_head, slow_body, slow_reader) = tokio::join!(
        drip(&server, "", Duration::from_secs(5)),
        drip(&server, &head, Duration::from_secs(5)),
        async {
            let mut stream = TcpStream::connect(server.address()).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            drip_into(stream, &token, Duration::from_secs(1)).await
        },
        async {
            // Says that nothing more will come, and reads when it likes.
            let mut stream = TcpStream::connect(server.address()).await.unwrap();
            stream.write_all(format!("{head}{token}").as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            tokio::time::sleep(Duration::from_secs(4)).await;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        }
    );
    let (answer, took) = silent;
    assert!(answer.is_empty() && took < HEAD_WITHIN, "WH-128 nothing at all: {took:?} {answer}");
    let (answer, took) = slow_head;
    assert!(!answer.contains("200") && took < HEAD_WITHIN, "WH-128 a head byte by byte: {took:?} {answer}");
    let (answer, took) = slow_body;
    assert!(answer.starts_with("HTTP/1.1 408"), "WH-129 a body byte by byte: {answer}");
    assert!(took < Duration::from_secs(4), "WH-129 a body byte by byte: {took:?}");
    assert!(slow_reader.starts_with("HTTP/1.1 200"), "WH-136 half closed, read late: {slow_reader}");
    // HTTP/0.9 has no version; what may still become one is waited for, and no longer.
    let answer = exchange(server.address(), format!("POST {}\r\n", company.hook).as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "WH-132 HTTP/0.9: {answer}");
    must_keep(&server, &company, 1).await;
    eventually(async || match raw_events(&server, &company, "128").await.len() {
        1 => Ok(()),
        events => Err(format!("{events} events")),
    })
    .await;
}

/// Sends a byte at a time; answers what was answered until the connection was closed, and how long that took.
async fn drip(server: &Server, text: &str, every: Duration) -> (String, Duration) {
    drip_into(TcpStream::connect(server.address()).await.unwrap(), text, every).await
}

async fn drip_into(stream: TcpStream, text: &str, every: Duration) -> (String, Duration) {
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let bytes = text.as_bytes().to_vec();
    let writer = tokio::spawn(async move {
        for byte in bytes {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(every).await;
        }
        // Says nothing, and stays.
        std::future::pending::<()>().await;
    });
    let mut answer = Vec::new();
    reading.read_to_end(&mut answer).await.ok();
    writer.abort();
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}
