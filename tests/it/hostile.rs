//! Hostile questions to the API, row by row: what each must be answered, and that the server lives.
//!
//! Rows that need a world of their own have a test of their own: `requests` about the form of a request and who sends it,
//! `objects` about what belongs to somebody else, `limits` about size and failure.

mod limits;
mod objects;
mod requests;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Company, Server};

/// How long a refusal may take, with much room for a busy machine: what is refused is not walked through.
const REFUSED_WITHIN: Duration = Duration::from_secs(1);

/// A question, and what it must be answered.
struct Row {
    name: &'static str,
    body: String,
    status: u16,
    code: &'static str,
}

fn row(name: &'static str, query: impl Into<String>, code: &'static str) -> Row {
    with(name, query, json!({}), code)
}

fn with(name: &'static str, query: impl Into<String>, variables: Value, code: &'static str) -> Row {
    let body = json!({ "query": query.into(), "variables": variables }).to_string();
    let status = if code.is_empty() { 200 } else { 400 };
    Row { name, body, status, code }
}

fn body(name: &'static str, body: impl Into<String>, code: &'static str) -> Row {
    Row { name, body: body.into(), status: 400, code }
}

/// Fragments that spread the next one so many times each.
fn spreading(fragments: usize, times: usize) -> String {
    let one =
        |at: usize| format!("fragment f{at} on Company {{ {} }} ", format!("...f{} ", at + 1).repeat(times));
    let all: String = (0..fragments).map(one).collect();
    format!("{{ company {{ ...f0 }} }} {all} fragment f{fragments} on Company {{ name }}")
}

/// A query of so many levels.
fn levels(levels: usize) -> String {
    let (open, close) = ("{ ofType ".repeat(levels - 5), " }".repeat(levels - 5));
    format!("{{ __schema {{ types {{ fields {{ type {open} {{ name }} {close} }} }} }} }}")
}

/// `company` with a selection that is repeated.
fn repeated(times: usize, one: impl Fn(usize) -> String) -> String {
    format!("{{ company {{ {} }} }}", (0..times).map(one).collect::<Vec<_>>().join(" "))
}

/// GQ-001 to GQ-018: documents that cost much, or nearly too much.
fn documents() -> Vec<Row> {
    let inline =
        |deep: usize| format!("{{ company {{ {} name {} }} }}", "... { ".repeat(deep), " }".repeat(deep));
    let unused: String = (0..5_000).map(|at| format!("fragment u{at} on Company{{id}}")).collect();
    let defer = "{ company { ... @defer { name } } }";
    let circular = "{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...T } } }";
    vec![
        row("GQ-001", spreading(30, 2), "TOO_COMPLEX"),
        row("GQ-001 within the number of fragments", spreading(14, 2), "TOO_COMPLEX"),
        row("GQ-002", spreading(8, 8), "TOO_COMPLEX"),
        row("GQ-004", format!("{{ company {{ id }} }} {}", &unused[..60_000]), "TOO_COMPLEX"),
        row("GQ-005", inline(63), "TOO_COMPLEX"),
        row("GQ-005 10,000", inline(5_000), "TOO_COMPLEX"),
        row("GQ-006", levels(17), "TOO_COMPLEX"),
        row("GQ-006 16 are fine", levels(16), ""),
        row("GQ-010", repeated(1_000, |at| format!("a{at}: name")), "TOO_COMPLEX"),
        row("GQ-010 31", repeated(31, |at| format!("a{at}: name")), "TOO_COMPLEX"),
        row("GQ-010 30 are fine", repeated(30, |at| format!("a{at}: name")), ""),
        row("GQ-013", repeated(10_000, |_| "name".to_owned()), "TOO_COMPLEX"),
        row("GQ-014", format!("{{ company {{ name {} }} }}", "@aa ".repeat(1_000)), "TOO_COMPLEX"),
        row(
            "GQ-014 @include",
            format!("{{ company {{ name {} }} }}", "@include(if: true) ".repeat(5)),
            "TOO_COMPLEX",
        ),
        row("GQ-016 @defer", defer, "BAD_REQUEST"),
        row("GQ-016 @stream", "{ company { calls { nodes @stream { id } } } }", "BAD_REQUEST"),
        row("GQ-017", "{ __schema { types { name fields { name } } } }", ""),
        row("GQ-017 __type", "{ __type(name: \"Company\") { name } }", ""),
        row("GQ-018", circular, "TOO_COMPLEX"),
        row("GQ-018 by hand", levels(40), "TOO_COMPLEX"),
    ]
}

/// A list of calls with these arguments.
fn calls(name: &'static str, arguments: Value, code: &'static str) -> Row {
    const CALLS: &str = "query($query: String, $filter: CallFilter, $first: Int, $last: Int, $after: String) { company {
        calls(query: $query, filter: $filter, first: $first, last: $last, after: $after) { nodes { id } } } }";
    with(name, CALLS, arguments, code)
}

/// GQ-008, GQ-009, GQ-037, GQ-044, GQ-048, GQ-049, GQ-053: arguments that are not what they should be.
fn arguments() -> Vec<Row> {
    let first = |name, first: Value, code| calls(name, json!({ "first": first }), code);
    let search = |name, text: &str, code| calls(name, json!({ "query": text }), code);
    let cursor = |name, cursor: &str| calls(name, json!({ "after": cursor }), "BAD_CURSOR");
    let node = |name, id: Value, code| {
        with(name, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }), code)
    };
    let input = |name, member: &str| {
        let change = "mutation($input: ReplaceEndpointSecretInput!) { replaceEndpointSecret(input: $input) { warning } }";
        let input = json!({ "secret": "a long enough secret", member: "OWNER" });
        with(name, change, json!({ "input": input }), "BAD_REQUEST")
    };
    vec![
        first("GQ-008", json!(1_000_000), "BAD_INPUT"),
        first("GQ-009 -1", json!(-1), "BAD_INPUT"),
        first("GQ-009 0", json!(0), "BAD_INPUT"),
        first("GQ-009 2^31", json!(1_i64 << 31), "BAD_REQUEST"),
        first("GQ-009 a text", json!("10"), "BAD_REQUEST"),
        first("GQ-009 null asks for nothing", Value::Null, ""),
        calls("GQ-009 with last", json!({ "first": 1, "last": 1 }), "BAD_INPUT"),
        calls("GQ-009 null with last", json!({ "first": null, "last": 0 }), "BAD_INPUT"),
        node("GQ-037 a list", json!(["x"]), "BAD_REQUEST"),
        node("GQ-037 an object", json!({ "x": 1 }), "BAD_REQUEST"),
        node("GQ-037 a fraction", json!(1.5), "BAD_REQUEST"),
        node("GQ-037 a very long text is nobody's", json!("A".repeat(50_000)), ""),
        cursor("GQ-044 nonsense", "AAAA"),
        cursor("GQ-044 another version", "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        search("GQ-048 % alone", "%", ""),
        search("GQ-048 _ alone", "_", ""),
        search("GQ-048 % is no wildcard", "a%b", ""),
        search("GQ-048 a backslash", "a\\", ""),
        search("GQ-048 an expression", ".*a", ""),
        search("GQ-048 10,000 characters", &"x".repeat(10_000), "BAD_QUERY"),
        search("GQ-049 by text", "last:1000000000d", "BAD_QUERY"),
        calls("GQ-049", json!({ "filter": { "dateStarted": { "gte": "-P1000000000D" } } }), "BAD_INPUT"),
        input("GQ-053 tenantId", "tenantId"),
        input("GQ-053 role", "role"),
        input("GQ-053 createdAt", "createdAt"),
    ]
}

/// GQ-012, GQ-036, GQ-038: bodies.
fn bodies() -> Vec<Row> {
    let one = json!({ "query": "{ company { name } }" }).to_string();
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let nested = format!(r#"{{"query":"{{ company {{ name }} }}","variables":{{"x":{open}{close}}}}}"#);
    let two = "query A { company { name } } query B { company { name } }";
    let named = |name: &str| json!({ "query": two, "operationName": name }).to_string();
    vec![
        body("GQ-012", format!("[{one},{one}]"), "BATCH_DISABLED"),
        body("GQ-012 1,000", format!("[{}]", vec![one; 1_000].join(",")), "BATCH_DISABLED"),
        body("GQ-036", nested, "BAD_REQUEST"),
        body("GQ-038", json!({ "query": two }).to_string(), "BAD_REQUEST"),
        body("GQ-038 an unknown name", named("C"), "BAD_REQUEST"),
        body("GQ-038 a long name", named(&"n".repeat(10 * 1_024)), "BAD_REQUEST"),
        body("nothing", "", "BAD_REQUEST"),
        body("no document", json!({ "query": "" }).to_string(), "BAD_REQUEST"),
    ]
}

/// An answer has the status and the code of the row, a request id with every error, and no word of what is inside.
fn must_be(answer: &Answer, row: &Row) {
    let found = (answer.status.as_u16(), answer.code());
    assert_eq!(found, (row.status, row.code), "{}: {:.500}", row.name, answer.text);
    for error in answer.json["errors"].as_array().into_iter().flatten() {
        assert!(
            error["extensions"]["requestId"].as_str().is_some_and(|id| id.len() == 36),
            "{}: {error}",
            row.name
        );
        assert!(error["extensions"]["code"].is_string(), "{}: {error}", row.name);
    }
    if row.status == 200 {
        let cost = &answer.json["extensions"]["cost"];
        let (value, max) = (cost["value"].as_u64(), cost["max"].as_u64());
        assert!(value.is_some_and(|value| value > 0) && value <= max, "{}: {cost}", row.name);
    }
    for word in ["SELECT", "tenant_id", "relation", "panicked", "Did you mean"] {
        assert!(!answer.text.contains(word), "{} says {word}: {:.500}", row.name, answer.text);
    }
}

#[tokio::test]
async fn every_row_is_answered_as_it_must_be() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let caller: Caller = company.owner(&server).await;
    for row in documents().into_iter().chain(arguments()).chain(bodies()) {
        let begun = Instant::now();
        let answer = caller.send(&server, row.body.clone()).await;
        must_be(&answer, &row);
        let took = begun.elapsed();
        assert!(row.status == 200 || took < REFUSED_WITHIN, "{} took {took:?}", row.name);
    }
    assert!(!server.log().contains("panicked"));
}

#[tokio::test]
async fn nobody_learns_a_name_by_guessing() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    // GQ-020: somebody who may ask everything gets no hint either.
    for (wrong, right) in
        [("compny", "company"), ("companyy", "company"), ("viewr", "viewer"), ("nods", "nodes")]
    {
        let answer = company.ask(&server, &format!("{{ {wrong} {{ id }} }}"), json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_REQUEST"), "{wrong}");
        let message = answer.json["errors"][0]["message"].as_str().unwrap().replace(wrong, "");
        assert!(!message.contains(right), "{message}");
    }
    // GQ-017, GQ-021: without credentials every word gets the same answer, byte for byte.
    let words = [
        "company",
        "companies",
        "viewer",
        "node",
        "nodes",
        "__schema",
        "__type",
        "__typename",
        "user",
        "calls",
    ];
    let mut seen = None;
    for at in 0..2_000 {
        let word = words.get(at).map_or_else(|| format!("word{at}"), |word| (*word).to_owned());
        let query = json!({ "query": format!("{{ {word} {{ id }} }}") });
        let response = server.http().post(server.url() + "/graphql").json(&query).send().await.unwrap();
        assert_eq!(response.status(), 401, "{word}");
        let text = response.text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let id = answer["errors"][0]["extensions"]["requestId"].as_str().unwrap();
        let text = text.replace(id, "…");
        assert_eq!(seen.get_or_insert_with(|| text.clone()), &text, "{word}");
    }
}
