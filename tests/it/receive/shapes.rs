//! Proves what HTTP around a delivery is answered: methods, paths, types, sizes, encodings.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{must_count, raw_events};
use crate::support::{Company, Server, eventually, exchange, sign};

/// Bytes of the largest delivery.
const BODY_BYTES_MAX: usize = 1_048_576;

#[tokio::test]
async fn only_post_is_allowed() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = server.url() + &company.hook;
        let response = server.http().request(method.clone(), url).send().await.unwrap();
        assert_eq!(response.status(), 405, "WH-110 {method}");
        assert_eq!(response.headers()[ALLOW], "POST", "WH-110 {method}");
    }
    must_count(&server, &company, 0, 0).await;
}

/// Sends a delivery to a path as it is written; answers status and body.
async fn post_raw(server: &Server, path: &str, body: &str) -> (String, String) {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let answer = exchange(server.address(), format!("{head}{body}").as_bytes()).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.split(' ').nth(1).unwrap_or_default().to_owned(), body.to_owned())
}

#[tokio::test]
async fn a_token_that_is_not_exactly_ours_is_unknown() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let token = company.token();
    let delivery = sign(r#"{"call_id":112}"#, &company.secret);
    let (front, last) = token.split_at(token.len() - 1);
    let other_last = if last == "0" { "1" } else { "0" };
    // WH-112 wrong check characters, WH-113 another case, a part, a longer one, WH-114 other spellings of the path.
    let paths = [
        format!("/hooks/{}", token.to_uppercase()),
        format!("/hooks/{front}"),
        format!("/hooks/{front}{other_last}"),
        format!("/hooks/{token}0"),
        format!("/hooks/{token}/"),
        format!("/hooks//{token}"),
        format!("/hooks/./{token}"),
        format!("/hooks/x/../{token}"),
        format!("/hooks/%2e%2e/hooks/{token}"),
        format!("/hooks/%2f{token}"),
        format!("/hooks/{token}%2f"),
        format!("/hooks/{token}%00"),
        format!("/hooks/{token};x=1"),
        format!("/hooks/%20{token}"),
        format!("/hooks/{}", token.replacen(&token[..1], &format!("%{:x}", token.as_bytes()[0]), 1)),
        "/hooks/".to_owned(),
        "/hooks/null".to_owned(),
        format!("/hooks/{}", "0".repeat(30)),
        format!("/hooks/{}", "z".repeat(5_000)),
    ];
    let mut bodies = HashSet::new();
    for path in &paths {
        let (status, body) = post_raw(&server, path, &delivery).await;
        assert_eq!(status, "404", "{path}: {body}");
        bodies.insert(body);
    }
    assert_eq!(bodies.len(), 1, "all are the same bytes: {bodies:?}");
    // A query is no part of the name.
    let (status, _) = post_raw(&server, &format!("/hooks/{token}?source=dialpad"), &delivery).await;
    assert_eq!(status, "200");
    must_count(&server, &company, 1, 0).await;
}

#[tokio::test]
async fn the_content_type_is_not_looked_at() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let types = [
        None,
        Some("application/json"),
        Some("text/plain; charset=utf-16"),
        Some("x/y"),
        Some("multipart/form-data"),
    ];
    for (at, content_type) in types.into_iter().enumerate() {
        let body = sign(format!(r#"{{"call_id":{}}}"#, at + 1), &company.secret);
        let mut request = server.http().post(server.url() + &company.hook).body(body);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        // Headers of other products' signatures prove nothing and disprove nothing.
        let request = request.header("x-signature", "forged").header("x-forwarded-for", "192.0.2.1");
        assert_eq!(request.send().await.unwrap().status(), 200, "WH-002 {content_type:?}");
    }
    must_count(&server, &company, 5, 0).await;
}

#[tokio::test]
async fn nothing_is_inflated() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for encoding in ["gzip", "br", "zstd", "deflate", "GZIP", "identity, gzip", "x-unknown"] {
        let request = server.http().post(server.url() + &company.hook).header(CONTENT_ENCODING, encoding);
        let response = request.body(vec![0x1f, 0x8b, 8, 0]).send().await.unwrap();
        assert_eq!(response.status(), 415, "WH-126 {encoding}");
    }
    let request = server.http().post(server.url() + &company.hook).header(CONTENT_ENCODING, "identity");
    let response = request.body(sign(r#"{"call_id":1}"#, &company.secret)).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_mebibyte_is_taken_and_a_byte_more_is_not() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let frame = r#"{"call_id":118,"transcription_text":""}"#.len();
    // The header and two dots and the signature take 36 + 2 + 43 characters; base64 turns 3 bytes into 4.
    let payload_bytes = (BODY_BYTES_MAX - 81) * 3 / 4;
    let payload =
        format!(r#"{{"call_id":118,"transcription_text":"{}"}}"#, "x".repeat(payload_bytes - frame));
    let mut token = sign(&payload, &company.secret);
    assert!((BODY_BYTES_MAX - 2..=BODY_BYTES_MAX).contains(&token.len()), "{}", token.len());
    token.push_str(&"\n".repeat(BODY_BYTES_MAX - token.len()));
    assert_eq!(company.post(&server, token.clone()).await.0, 200, "WH-118 a mebibyte");
    eventually(async || match raw_events(&server, &company, "118").await.as_slice() {
        [raw] if *raw == payload => Ok(()),
        other => Err(format!("{} events", other.len())),
    })
    .await;
    let (status, body) = company.post(&server, format!("{token}\n")).await;
    assert_eq!(status, 413, "WH-118 a byte more: {body}");
    // Without an announced length, and without an end.
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", company.hook);
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let (mut reading, mut writing) = stream.into_split();
    let writer = tokio::spawn(async move { while writing.write_all(chunk.as_bytes()).await.is_ok() {} });
    let mut answer = vec![0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 413", "WH-120");
    drop(reading);
    writer.abort();
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let head = format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\neyJ", company.hook);
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let begun = Instant::now();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 408");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    // A client that goes away in the middle leaves nothing behind but a note, like the one before.
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    must_count(&server, &company, 0, 2).await;
}
