//! Proves what `/graphql` refuses before or while it reads a query: who, in which form, how large, how deep.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use reqwest::header::{ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Caller, Company, Server};

/// Bytes of the largest request.
const BODY_BYTES_MAX: usize = 65_536;

fn graphql(server: &Server) -> RequestBuilder {
    server.http().post(server.url() + "/graphql")
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn without_credentials_nothing_is_told() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let queries = [
        "{ viewer { user { email } } }",
        "{ __schema { types { name } } }",
        "{ __typename }",
        "{ nope }",
        "{",
        "",
    ];
    let (front, last) = company.api_key.split_at(company.api_key.len() - 1);
    let wrong_check = format!("Bearer {front}{}", if last == "0" { "1" } else { "0" });
    let forged = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.".to_owned();
    let unprefixed = format!("Bearer {}", company.api_key.trim_start_matches("tl_live_"));
    let basic = format!("Basic {}", company.api_key);
    let other_case = format!("Bearer {}", company.api_key.to_uppercase());
    let mut seen = Vec::new();
    for query in queries {
        seen.push(answer(graphql(&server).json(&json!({ "query": query }))).await);
    }
    for header in [
        &wrong_check,
        &forged,
        &unprefixed,
        &basic,
        &other_case,
        &String::new(),
        &"Bearer ".to_owned(),
        &company.api_key,
    ] {
        let request = graphql(&server).header("authorization", header.as_str());
        seen.push(answer(request.json(&json!({ "query": queries[0] }))).await);
    }
    let in_url = server.http().post(format!("{}/graphql?api_key={}", server.url(), company.api_key));
    seen.push(answer(in_url.json(&json!({ "query": queries[0] }))).await);
    for (status, body) in seen {
        assert_eq!((status, code(&body)), (401, "UNAUTHENTICATED"), "{body}");
        assert!(body["data"].is_null());
    }
    // With a key, introspection is answered, and the scheme's case does not matter.
    let bearer = format!("bearer {}", company.api_key);
    let request = graphql(&server).header("authorization", bearer).json(&json!({ "query": queries[1] }));
    assert_eq!(answer(request).await.0, 200);
}

#[tokio::test]
async fn only_one_request_in_json_is_read() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let body = json!({ "query": "{ company { name } }" }).to_string();
    let post = |content_type: &str, body: String| {
        graphql(&server).bearer_auth(&company.api_key).header(CONTENT_TYPE, content_type).body(body)
    };
    for content_type in
        ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""]
    {
        assert_eq!(answer(post(content_type, body.clone())).await.0, 200, "{content_type}");
    }
    for content_type in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "text/plain",
        "application/json; charset=utf-16",
        "application/jsonx",
        "",
    ] {
        assert_eq!(answer(post(content_type, body.clone())).await.0, 415, "{content_type}");
    }
    let untyped = graphql(&server).bearer_auth(&company.api_key).body(body.clone());
    assert_eq!(answer(untyped).await.0, 415);
    let compressed = post("application/json", body.clone()).header(CONTENT_ENCODING, "gzip");
    assert_eq!(answer(compressed).await.0, 415);
    for many in [format!("[{body},{body}]"), format!(" \n[{body}]"), "[]".to_owned()] {
        let (status, refused) = answer(post("application/json", many)).await;
        assert_eq!((status, code(&refused)), (400, "BATCH_DISABLED"), "{refused}");
    }
    for wrong in [
        "",
        "{",
        "null",
        "1",
        "\"{ company { name } }\"",
        r#"{"query":1}"#,
        r#"{"query":"{ a }","variables":[1]}"#,
    ] {
        let (status, refused) = answer(post("application/json", wrong.to_owned())).await;
        assert_eq!(status, 400, "{wrong}: {refused}");
    }
    let get = format!("{}/graphql?query=%7B%20company%20%7B%20name%20%7D%20%7D", server.url());
    for method in ["GET", "PUT", "DELETE"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = server.http().request(method.clone(), &get).bearer_auth(&company.api_key);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()[ALLOW], "POST", "{method}");
    }
    for path in ["/graphiql.html", "/playground.html", "/graphql/", "/altair.js"] {
        let response = server.http().post(server.url() + path).json(&json!({})).send().await.unwrap();
        assert!(!response.status().is_success(), "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_refused() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let send = async |body: String| {
        let request = graphql(&server).bearer_auth(&company.api_key).header(CONTENT_TYPE, "application/json");
        // What is refused may not be read to its end.
        answer(request.header(CONNECTION, "close").body(body)).await
    };
    let frame = json!({ "query": "{ company { name } }", "operationName": null }).to_string();
    let fill = |bytes: usize| format!("{frame}{}", " ".repeat(bytes - frame.len()));
    assert_eq!(send(fill(BODY_BYTES_MAX)).await.0, 200);
    assert_eq!(send(fill(BODY_BYTES_MAX + 1)).await.0, 413);
    // `type` leads to another type without end.
    let nested = |levels: usize| {
        let (open, close) = ("{ ofType ".repeat(levels - 4), " }".repeat(levels - 4));
        format!("{{ __schema {{ types {{ fields {{ type {open} {{ name }} {close} }} }} }} }}")
    };
    let ask = async |query: String| company.ask(&server, &query, json!({})).await;
    let fine = ask(nested(14)).await;
    assert_eq!(fine.status, 200, "{}", fine.text);
    for levels in [17, 18, 100] {
        let deep = ask(nested(levels)).await;
        assert_eq!(deep.status, 400, "{levels} levels: {}", deep.text);
    }
    let inline = format!("{{ company {{ {} name {} }} }}", "... { ".repeat(2_000), " }".repeat(2_000));
    assert_eq!(ask(inline).await.status, 400);
    // Too many rows of too many fields.
    let dear =
        (0..40).map(|at| format!("c{at}: calls(first: 200) {{ nodes {{ id callId state outcome }} }}"));
    let dear = format!("{{ company {{ {} }} }}", dear.collect::<Vec<_>>().join(" "));
    assert_eq!(ask(dear).await.status, 400);
    let directives = format!("{{ company {{ name {} }} }}", "@include(if: true) ".repeat(1_000));
    assert_eq!(ask(directives).await.status, 400);
    let ids: Vec<_> = (0..101).map(|_| "\"AAAA\"").collect();
    assert_eq!(ask(format!("{{ nodes(ids: [{}]) {{ id }} }}", ids.join(","))).await.status, 400);
}

/// How long a refusal may take, with much room for a busy machine: what is refused is not walked through.
const REFUSED_WITHIN: Duration = Duration::from_secs(2);

/// Documents that are short and cost much.
fn dear_documents() -> Vec<(&'static str, String)> {
    let twice = |at: usize| format!("fragment f{at} on Company {{ ...f{0} ...f{0} }} ", at + 1);
    let doubling = |fragments: usize| {
        let spreads: String = (0..fragments).map(twice).collect();
        format!("{{ company {{ ...f0 }} }} {spreads} fragment f{fragments} on Company {{ name }}")
    };
    let eight =
        |at: usize| format!("fragment f{at} on Company {{ {} }} ", format!("...f{} ", at + 1).repeat(8));
    let wide: String = (0..8).map(eight).collect();
    let wide = format!("{{ company {{ ...f0 }} }} {wide} fragment f8 on Company {{ name }}");
    let many = |what: fn(usize) -> String, times: usize| {
        format!("{{ company {{ {} }} }}", (0..times).map(what).collect::<Vec<_>>().join(" "))
    };
    let unused: String = (0..2_000).map(|at| format!("fragment u{at} on Company{{id}}")).collect();
    let inline = format!("{{ company {{ {} name {} }} }}", "... { ".repeat(60), " }".repeat(60));
    vec![
        ("GQ-001 30 fragments, each spread twice", doubling(30)),
        ("GQ-001 14 fragments, each spread twice", doubling(14)),
        ("GQ-002 8 levels of 8 spreads", wide),
        ("GQ-004 unused fragments", format!("{{ company {{ id }} }} {unused}")),
        ("GQ-005 inline fragments 60 deep", inline),
        ("GQ-010 1,000 aliases", many(|at| format!("a{at}: name"), 1_000)),
        ("GQ-013 one field 10,000 times", many(|_| "name".to_owned(), 10_000)),
        ("GQ-014 1,000 directives", format!("{{ company {{ name {} }} }}", "@aa ".repeat(1_000))),
        ("GQ-016 @defer", "{ company { ... @defer { name } } }".to_owned()),
        ("fields far deeper than a stack", "{ a".repeat(16_000)),
        ("lists far deeper than a stack", format!("{{ a(b: {}", "[".repeat(60_000))),
        ("types far deeper than a stack", format!("query($a: {}", "[".repeat(60_000))),
    ]
}

#[tokio::test]
async fn what_would_cost_too_much_is_refused_at_once() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for (what, query) in dear_documents() {
        let begun = Instant::now();
        let answer = company.ask(&server, &query, json!({})).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text);
        assert!(begun.elapsed() < REFUSED_WITHIN, "{what} took {:?}", begun.elapsed());
    }
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let deep_variable =
        format!(r#"{{"query":"{{ company {{ name }} }}","variables":{{"x":{open}{close}}}}}"#);
    assert_eq!(company.key().send(&server, deep_variable).await.status, 400);
    assert_eq!(company.ask(&server, "{ company { name } }", json!({})).await.status, 200, "the server lives");
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_without_hints() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let caller: Caller = company.key();
    for query in [
        "{ compny { name } }",
        "{ company { nam } }",
        "{ company { calls { nodes { callIdd } } } }",
        "{ company { calls(frist: 1) { nodes { id } } } }",
        "mutation { replaceEndpointSecre(input: {}) { warning } }",
        "{ company { calls(filter: { outcom: {} }) { nodes { id } } } }",
    ] {
        let answer = caller.ask(&server, query, json!({})).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        assert!(!answer.text.contains("Did you mean"), "{query}: {}", answer.text);
        assert!(answer.json["data"].is_null(), "{query}");
        assert!(answer.json["errors"][0]["extensions"]["requestId"].is_string(), "{query}: {}", answer.text);
    }
    for (body, what) in [
        (json!({ "query": "query A { company { name } } query B { company { slug } }" }), "which of two"),
        (json!({ "query": "query A { company { name } }", "operationName": "B" }), "an unknown name"),
        (json!({ "query": "query($id: ID!) { node(id: $id) { id } }" }), "a missing variable"),
        (
            json!({ "query": "query($id: ID!) { node(id: $id) { id } }", "variables": { "id": ["x"] } }),
            "an id in a list",
        ),
        (
            json!({ "query": "query($id: ID!) { node(id: $id) { id } }", "variables": { "id": {} } }),
            "an id that is an object",
        ),
        (
            json!({ "query": "query($id: ID!) { node(id: $id) { id } }", "variables": { "id": 1.5 } }),
            "an id with a fraction",
        ),
        (
            json!({ "query": "{ company { ... A } } fragment A on Company { ... A }" }),
            "a circle of fragments",
        ),
        (json!({ "query": "subscription { x }" }), "a subscription over HTTP"),
    ] {
        let answer = caller.send(&server, body.to_string()).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text);
    }
    // An id that nobody has, however it is written, is nothing.
    for id in ["", "x", "💥", &"A".repeat(10_000), "null", "../../etc/passwd"] {
        let data =
            caller.query(&server, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(data["node"], Value::Null);
    }
    for call_id in ["", "x", "-1", "0", "1.5", "99999999999999999999", "７"] {
        let query = "query($id: ID!) { company { call(callId: $id) { id } } }";
        let data = caller.query(&server, query, json!({ "id": call_id })).await;
        assert_eq!(data["company"]["call"], Value::Null, "{call_id}");
    }
    let log = server.log();
    assert!(!log.contains("panicked") && !log.contains(&company.api_key));
}
