//! The plans by which PostgreSQL answers the main questions, kept in `plans.txt`: an index that is lost, or a statement
//! that no longer suits one, is seen in review.

use serde_json::{Value, json};

use crate::support::database::psql;
use crate::support::{Company, Database, Server, Start, eventually};

/// Two companies with enough calls for plans to matter.
const CALLS: &str = include_str!("plans.sql");
/// What is known, and where it stands.
const KNOWN: &str = include_str!("plans.txt");
const KNOWN_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/it/search/plans.txt");
/// Set to have what is found written down as what is known.
const WRITE: &str = "TRUNKLINE_WRITE_PLANS";

/// The questions, as fields of a company.
const QUESTIONS: [(&str, &str); 13] = [
    ("first page", "calls(first: 50) { nodes { callId contact { name } } }"),
    (
        "page behind a cursor",
        "calls(first: 50, filter: { dateStarted: { lt: \"2026-04-01T00:00:00Z\" } }) { nodes { callId } }",
    ),
    ("filtered page", "calls(first: 50, query: \"outcome:missed direction:inbound\") { nodes { callId } }"),
    ("last digits", "calls(first: 50, query: \"5550177\") { nodes { callId } }"),
    ("first name, of everybody", "calls(first: 50, query: \"grace\") { nodes { callId } }"),
    ("whole name, of one", "calls(first: 50, query: \"\\\"grace hopper177\\\"\") { nodes { callId } }"),
    ("e-mail", "calls(first: 50, query: \"grace.177@example.com\") { nodes { callId } }"),
    ("text within a name", "calls(first: 50, query: \"contact:*opper177*\") { nodes { callId } }"),
    ("count", "calls(first: 1) { totalCount { value } }"),
    ("one call", "call(callId: \"177\") { callId }"),
    ("conversations", "conversations(first: 50) { nodes { legCount } }"),
    ("changes", "changes(first: 50) { nodes { changedAt } }"),
    ("facets", "callFacets { outcome { value count { value } } person { count { value } } }"),
];

/// Has the server's connections for people say how each statement was carried out.
fn explain(url: &str) {
    let database = url.rsplit_once('/').unwrap().1;
    let settings = [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_level = 'notice'",
    ];
    for setting in settings {
        psql(url, &format!("ALTER ROLE tl_{database}_api SET {setting}")).unwrap();
    }
}

/// The plans in what was logged: what is read by which index, without costs and values.
fn plans(log: &str) -> String {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let notices = lines.filter_map(|line| line["fields"]["message"].as_str().map(str::to_owned));
    notices.filter_map(|notice| Some(scans(notice.split_once(" plan:\n")?.1))).collect()
}

fn scans(plan: &str) -> String {
    let nodes = plan
        .lines()
        .filter_map(|line| Some(line.split_once("  (cost=")?.0.trim_start_matches([' ', '-', '>'])));
    nodes.filter(|node| node.contains(" Scan")).map(|node| format!("  {node}\n")).collect()
}

/// Has the tables looked over until nothing is left to be done: while somebody, such as the server that was just stopped,
/// might still see what was there before, pages count as changed, and an index alone answers nothing.
async fn settle(url: &str) {
    let is_settled = "SELECT bool_and(relallvisible = relpages) FROM pg_class
        WHERE relname IN ('calls', 'call_parties', 'conversation_legs', 'parties', 'party_terms', 'call_changes')";
    eventually(async || {
        psql(url, "VACUUM (FREEZE, ANALYZE)")?;
        match psql(url, is_settled)?.trim() {
            "t" => Ok(()),
            other => Err(format!("settled: {other}")),
        }
    })
    .await;
}

#[tokio::test]
async fn the_main_questions_are_answered_by_the_known_plans() {
    let database = Database::new();
    let url = database.url();
    let mut server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Hopper Lines");
    Company::create(&server, "Lovelace Freight");
    server.stop();
    psql(&url, CALLS).unwrap();
    explain(&url);
    // Statistics of all rows, not of some by chance.
    let name = url.rsplit_once('/').unwrap().1;
    psql(&url, &format!("ALTER DATABASE {name} SET default_statistics_target = 1000")).unwrap();
    settle(&url).await;
    server.set_variable("TRUNKLINE_LOG_FORMAT", Some("json".to_owned()));
    server.begin();
    let mut found = String::new();
    for (name, question) in QUESTIONS {
        let before = server.log().len();
        company.query(&server, &format!("{{ company {{ {question} }} }}"), json!({})).await;
        found += &format!("{name}\n{}\n", plans(&server.log()[before..]));
    }
    if crate::support::setting(WRITE).is_some() {
        std::fs::write(KNOWN_PATH, &found).unwrap();
        return;
    }
    assert!(found == KNOWN, "other plans than in {KNOWN_PATH} ({WRITE}=1 writes them down):\n{found}");
}
