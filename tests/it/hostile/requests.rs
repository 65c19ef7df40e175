//! GQ-022 to GQ-034: the form of a request, and where it comes from.

use std::io::Write as _;

use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, ORIGIN};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Caller, Company, Server};

const READ: &str = r#"{"query":"{ company { name } }"}"#;
const CHANGE: &str = r#"{"query":"mutation { sendTestCall(input: {}) { userErrors { code } } }"}"#;
const JSON: &str = "application/json";

struct Form<'a> {
    server: &'a Server,
    key: String,
    cookie: String,
}

impl Form<'_> {
    fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.server.http().post(self.server.url() + "/graphql");
        request.header(CONTENT_TYPE, content_type).body(body)
    }

    /// As a program.
    fn key(&self, content_type: &str, body: &'static str) -> RequestBuilder {
        self.post(content_type, body).header(AUTHORIZATION, &self.key)
    }

    /// As a browser that another page made send it.
    fn cookie(&self, body: &'static str, headers: &[(&'static str, &str)]) -> RequestBuilder {
        let request = self.post(JSON, body).header(COOKIE, &self.cookie);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    }

    fn rows(&self) -> Vec<(&'static str, RequestBuilder, u16)> {
        let host = self.server.address().to_string();
        let url = self.server.url() + "/graphql?query=%7B%20company%20%7B%20name%20%7D%20%7D";
        let get = |method| self.server.http().request(method, &url).header(AUTHORIZATION, &self.key);
        let sibling = format!("http://other.{host}");
        let ours = self.server.url();
        let (fetch, multipart) = ("sec-fetch-site", "multipart/form-data; boundary=x");
        let part = "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--x--\r\n";
        let untyped = self.server.http().post(self.server.url() + "/graphql").body(READ);
        vec![
            ("a program may ask", self.key(JSON, READ), 200),
            ("GQ-022 GET", get(Method::GET), 405),
            ("GQ-022 PUT", get(Method::PUT), 405),
            ("GQ-024", self.key("application/x-www-form-urlencoded", "query=%7B%20company%20%7D"), 415),
            ("GQ-025", self.key(multipart, part), 415),
            ("GQ-026 no type", untyped.header(AUTHORIZATION, &self.key), 415),
            ("GQ-026 application/graphql", self.key("application/graphql", "{ company { name } }"), 415),
            ("GQ-026 utf-16", self.key("application/json; charset=utf-16", READ), 415),
            ("our own page may ask", self.cookie(READ, &[("origin", &ours)]), 200),
            ("our own page may change", self.cookie(CHANGE, &[(fetch, "same-origin")]), 200),
            ("GQ-028 evil", self.cookie(READ, &[("origin", "https://evil.example")]), 403),
            ("GQ-028 null", self.cookie(READ, &[("origin", "null")]), 403),
            ("GQ-028 a sibling", self.cookie(READ, &[("origin", &sibling)]), 403),
            ("GQ-029 cross-site", self.cookie(READ, &[(fetch, "cross-site")]), 403),
            ("GQ-029 same-site", self.cookie(READ, &[(fetch, "same-site")]), 403),
            ("GQ-030 an old browser asks", self.cookie(READ, &[]), 200),
            ("GQ-030 an old browser changes", self.cookie(CHANGE, &[]), 403),
            ("GQ-034", self.key(JSON, READ).header(CONTENT_ENCODING, "gzip"), 415),
        ]
    }
}

#[tokio::test]
async fn only_what_people_and_programs_send_is_read() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let Caller::Session(cookie) = company.owner(&server).await else { panic!("an owner has a session") };
    let form = Form { server: &server, key: format!("Bearer {}", company.api_key), cookie };
    for (name, request, status) in form.rows() {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{name}");
        let text = response.text().await.unwrap();
        if status != 200 && status != 405 {
            let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{name}: {text}"));
            let extensions = &answer["errors"][0]["extensions"];
            assert!(
                extensions["code"].is_string() && extensions["requestId"].is_string(),
                "{name}: {answer}"
            );
            assert!(answer["data"].is_null(), "{name}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_key_in_an_address_opens_nothing() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let Caller::Session(cookie) = company.owner(&server).await else { panic!("an owner has a session") };
    let key = &company.api_key;
    for address in [format!("?api_key={key}"), format!("?access_token={key}&x=1"), format!("?{key}")] {
        let post = || {
            server
                .http()
                .post(format!("{}/graphql{address}", server.url()))
                .header(CONTENT_TYPE, JSON)
                .body(READ)
        };
        let with_cookie = post().header(COOKIE, &cookie).header(ORIGIN, server.url());
        // GQ-032: also beside credentials that are good.
        for request in [post(), post().bearer_auth(key), with_cookie] {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 401);
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
    }
    assert!(server.log().contains("in the address"), "whoever runs the server is told");
    assert!(!server.log().contains(key.as_str()));
}

/// Kilobytes of memory that a process has.
fn resident_kib(server: &Server) -> u64 {
    let pid = server.pid().unwrap().as_raw_nonzero();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_body_without_end_is_not_kept() {
    const MEMORY_KIB_MAX: u64 = 64 * 1_024;
    const CHUNK_BYTES: usize = 64 * 1_024;
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for _ in 0..20 {
        company.query(&server, "{ company { name } }", json!({})).await;
    }
    let before = resident_kib(&server);
    // GQ-033: as much of 10 GiB as is taken.
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let mut head = Vec::new();
    write!(
        head,
        "POST /graphql HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n",
        server.address(),
        company.api_key
    )
    .unwrap();
    write!(head, "Content-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    stream.write_all(&head).await.unwrap();
    let mut chunk = format!("{CHUNK_BYTES:x}\r\n").into_bytes();
    chunk.extend(vec![b' '; CHUNK_BYTES]);
    chunk.extend(b"\r\n");
    let (mut from, mut to) = stream.split();
    let sending = async { while to.write_all(&chunk).await.is_ok() {} };
    let mut answer = vec![0; 1_024];
    let read = tokio::select! {
        () = sending => from.read(&mut answer).await.unwrap_or(0),
        read = from.read(&mut answer) => read.unwrap(),
    };
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let after = resident_kib(&server);
    assert!(after < before + MEMORY_KIB_MAX, "{before} KiB, then {after} KiB");
    let large = format!("{READ}{}", " ".repeat(64 * 1_024 + 1 - READ.len()));
    let answer = company.key().send(&server, large).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "TOO_LARGE"));
    let fits = format!("{READ}{}", " ".repeat(64 * 1_024 - READ.len()));
    assert_eq!(company.key().send(&server, fits).await.status, 200);
    // GQ-036: a variable of a mebibyte.
    let variable = json!({ "query": "{ company { name } }", "variables": { "x": "x".repeat(1 << 20) } });
    assert_eq!(company.key().send(&server, variable.to_string()).await.status, 413);
}
