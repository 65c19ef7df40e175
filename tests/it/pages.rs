//! Proves what browsers are given: pages with a policy of their own, headers that keep other sites out, and nothing
//! for paths that lead elsewhere.

use std::collections::HashSet;

use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use reqwest::{Method, Response};

use crate::support::{Company, Server, exchange};

async fn get(server: &Server, path: &str) -> Response {
    server.http().get(server.url() + path).send().await.unwrap()
}

fn header(response: &Response, name: impl reqwest::header::AsHeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn nonce(policy: &str) -> &str {
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split('\'').next().unwrap()
}

#[tokio::test]
async fn pages_come_with_a_policy_and_a_fresh_nonce() {
    let server = Server::start();
    let mut nonces = HashSet::new();
    for (path, status) in [
        ("/", 200),
        ("/signin", 200),
        ("/c/x/calls", 200),
        ("/c/x/calls/42?q=a.b", 200),
        ("/c/a.b/calls", 200),
        ("/no/such/page", 404),
    ] {
        for _ in 0..3 {
            let response = get(&server, path).await;
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(header(&response, CONTENT_TYPE), "text/html; charset=utf-8", "{path}");
            assert_eq!(header(&response, CACHE_CONTROL), "no-store", "{path}");
            let policy = header(&response, CONTENT_SECURITY_POLICY);
            for part in
                ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
            {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe-"), "{policy}");
            let nonce = nonce(&policy).to_owned();
            assert!(nonce.len() >= 22, "128 bits: {nonce}");
            let page = response.text().await.unwrap();
            assert!(page.to_lowercase().starts_with("<!doctype html>"), "{path}: {page}");
            assert!(!page.contains("__CSP_NONCE__"), "the nonce is put in its place");
            assert!(nonces.insert(nonce), "every page has its own nonce");
        }
    }
    let head = server.http().head(server.url() + "/signin").send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.text().await.unwrap(), "");
}

#[tokio::test]
async fn every_answer_to_a_browser_keeps_other_sites_out() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let post = |path: &str| server.http().post(server.url() + path).header(CONTENT_TYPE, "application/json");
    let answers = [
        get(&server, "/").await,
        get(&server, "/signin").await,
        get(&server, "/assets/unknown.js").await,
        get(&server, "/healthz").await,
        get(&server, "/graphql").await,
        post("/graphql").body("{}").send().await.unwrap(),
        post("/graphql").bearer_auth(&company.api_key).body("{}").send().await.unwrap(),
        post("/auth/sign-in").body("{}").send().await.unwrap(),
        post("/auth/sign-out").send().await.unwrap(),
        server.http().put(server.url() + "/").send().await.unwrap(),
    ];
    for answer in answers {
        let about = format!("{} {}", answer.url().path(), answer.status());
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&answer, name), value, "{about}: {name}");
        }
        assert!(header(&answer, "permissions-policy").contains("camera=()"), "{about}");
        assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("access-control-")), "{about}");
        assert!(answer.headers().get("server").is_none() && answer.headers().get("x-powered-by").is_none());
        if ["/graphql", "/auth/sign-in", "/auth/sign-out"].contains(&answer.url().path())
            && answer.status() != 405
        {
            assert_eq!(header(&answer, CACHE_CONTROL), "no-store", "{about}");
        }
    }
    assert_eq!(get(&server, "/healthz").await.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn paths_that_lead_elsewhere_lead_nowhere() {
    let server = Server::start();
    for path in ["/assets/unknown.js", "/assets/", "/assets/index.html"] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status(), 404, "{path}");
        // A stale tab must not get a page as its script.
        assert_eq!(answer.text().await.unwrap(), "", "{path}");
    }
    for path in
        ["/favicon.png.exe", "/robots.md", "/.env", "/x/.git", "/a.php", "/index.html.br", "/index.html"]
    {
        assert_eq!(get(&server, path).await.status(), 404, "{path}");
    }
    // Sent as bytes: a client library would tidy them up.
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..\\..\\Cargo.toml",
        "/assets/....//....//etc/passwd.txt",
        "/assets//etc/passwd",
        "/%2e%2e/%2e%2e/master.key",
        "/../../master.key",
        "/assets/index.html%00.js",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = exchange(server.address(), request.as_bytes()).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(["404", "400"].contains(&status), "{path}: {answer}");
        assert!(!answer.contains("root:") && !answer.contains("[workspace"), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = server.http().request(method, server.url() + "/signin").send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }
}

#[tokio::test]
async fn what_a_page_asks_for_is_there_and_kept() {
    let server = Server::start();
    let page = get(&server, "/signin").await.text().await.unwrap();
    let quoted = page.split('"').filter(|part| part.starts_with('/') && part.contains('.'));
    let names: HashSet<&str> = quoted.collect();
    if page.contains("built without the web app") {
        assert!(names.is_empty(), "{names:?}");
        return;
    }
    assert!(names.iter().any(|name| name.starts_with("/assets/") && name.ends_with(".js")), "{names:?}");
    for name in names {
        let answer = get(&server, name).await;
        assert_eq!(answer.status(), 200, "{name}");
        let (etag, kept) = (header(&answer, ETAG), header(&answer, CACHE_CONTROL));
        assert_eq!(kept.contains("immutable"), name.starts_with("/assets/"), "{name}: {kept}");
        assert_eq!(header(&answer, VARY), "accept-encoding", "{name}");
        let content_type = header(&answer, CONTENT_TYPE);
        let plain = answer.bytes().await.unwrap();
        assert!(!plain.is_empty() && !content_type.starts_with("text/html"), "{name}: {content_type}");
        let again = server.http().get(server.url() + name).header(IF_NONE_MATCH, &etag).send().await.unwrap();
        assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0), "{name}");
        let small =
            server.http().get(server.url() + name).header(ACCEPT_ENCODING, "gzip, br").send().await.unwrap();
        let encoding = header(&small, CONTENT_ENCODING);
        assert!(["", "br", "gzip"].contains(&encoding.as_str()), "{name}: {encoding}");
        assert!(encoding.is_empty() || small.bytes().await.unwrap().len() < plain.len(), "{name}");
    }
}
