//! Proves that a question that cannot be answered is refused with a code, and a query text with the place of its fault.

use serde_json::{Value, json};

use crate::support::{Company, Server};

const CALLS: &str = "query($query: String, $filter: CallFilter, $first: Int, $last: Int, $after: String) {
    company { calls(query: $query, filter: $filter, first: $first, last: $last, after: $after) { nodes { callId } } } }";

#[tokio::test]
async fn a_wrong_query_text_is_refused_with_its_place() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let long = "x".repeat(129);
    for (query, start, end) in [
        ("a state:nope b", 2, 12),
        ("nope:1", 0, 6),
        ("state:", 0, 6),
        ("x \"open", 2, 7),
        ("é state:[missed", 8, 15),
        ("last:x", 0, 6),
        ("last:7y", 0, 7),
        ("duration:>x", 0, 11),
        ("number:*abc", 0, 11),
        ("call:7a", 0, 7),
        ("on:2026-02-30", 0, 13),
        ("after:yesterday", 0, 15),
        ("has:wings", 0, 9),
        ("state:[]", 0, 8),
        (&long, 128, 129),
    ] {
        let answer = company.ask(&server, CALLS, json!({ "query": query })).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_QUERY"), "{query}: {}", answer.text);
        let error = &answer.json["errors"][0];
        assert_eq!(error["extensions"]["position"], json!({ "start": start, "end": end }), "{query}");
        assert!(error["message"].as_str().unwrap().len() > 10, "a sentence: {error}");
        assert_eq!(answer.json["data"]["company"], Value::Null);
    }
    // Hostile text is text.
    for query in ["ada %", "a%b", "o'neil'; drop table calls;--", r"a\b", ".*x", "_x_", &"x".repeat(128)] {
        let answer = company.ask(&server, CALLS, json!({ "query": query })).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_wrong_page_or_filter_is_refused() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let long = "x".repeat(129);
    let many: Vec<_> = (0..101).map(|id| id.to_string()).collect();
    let nodes: Vec<_> = (0..70).map(|_| json!({ "text": "x" })).collect();
    for (arguments, code) in [
        (json!({ "first": 0 }), "BAD_INPUT"),
        (json!({ "first": -1 }), "BAD_INPUT"),
        (json!({ "first": 201 }), "BAD_INPUT"),
        (json!({ "first": 1_000_000 }), "BAD_INPUT"),
        (json!({ "last": 0 }), "BAD_INPUT"),
        (json!({ "last": 201 }), "BAD_INPUT"),
        (json!({ "first": 10, "last": 10 }), "BAD_INPUT"),
        (json!({ "first": 2_147_483_648_i64 }), "BAD_REQUEST"),
        (json!({ "first": "10" }), "BAD_REQUEST"),
        (json!({ "first": 1.5 }), "BAD_REQUEST"),
        (json!({ "first": [1] }), "BAD_REQUEST"),
        (json!({ "after": "AAAA" }), "BAD_CURSOR"),
        (json!({ "filter": { "number": { "contains": "abc" } } }), "BAD_INPUT"),
        (json!({ "filter": { "number": { "eq": "" } } }), "BAD_INPUT"),
        (json!({ "filter": { "text": " " } }), "BAD_INPUT"),
        (json!({ "filter": { "text": long } }), "BAD_INPUT"),
        (json!({ "filter": { "dateStarted": { "gte": "yesterday" } } }), "BAD_INPUT"),
        (json!({ "filter": { "dateStarted": { "gte": "-P1000000000D" } } }), "BAD_INPUT"),
        (json!({ "filter": { "callId": { "in": many } } }), "BAD_INPUT"),
        (json!({ "filter": { "and": nodes } }), "BAD_INPUT"),
        (json!({ "filter": { "outcome": { "eq": "SOLVED" } } }), "BAD_REQUEST"),
        (json!({ "filter": { "tenantId": "x" } }), "BAD_REQUEST"),
        (json!({ "filter": { "direction": "INBOUND" } }), "BAD_REQUEST"),
    ] {
        let answer = company.ask(&server, CALLS, arguments.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, code), "{arguments}: {}", answer.text);
    }
    // The bounds themselves are fine, and null is not there.
    for arguments in
        [json!({ "first": 200 }), json!({ "last": 200 }), json!({ "first": 1 }), json!({ "first": null })]
    {
        assert_eq!(company.ask(&server, CALLS, arguments).await.status, 200);
    }
}
