//! GQ-056 and GQ-060: a database that is away, and answers without end.

use serde_json::{Value, json};

use crate::support::{Company, Database, Event, Proxy, Server, Start, Way, eventually};

/// Bytes of the long text of each event; a delivery may have a mebibyte.
const TEXT_BYTES: usize = 600_000;
/// Events that are more than an answer holds, and not much more.
const EVENTS: i64 = 14;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_said_so() {
    let database = Database::new();
    let proxy = Proxy::to(database.address()).await;
    let server = Server::start_on(Start::Through { database, address: proxy.address() });
    let company = Company::create(&server, "Hopper Lines");
    let caller = company.key();
    proxy.set(Way::Closed);
    let query = "{ company { name calls { nodes { id } } } }";
    for _ in 0..3 {
        let answer = caller.ask(&server, query, json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (503, "UNAVAILABLE"), "{}", answer.text);
        let error = &answer.json["errors"][0];
        assert_eq!(error["message"], "Trunkline cannot reach its database. Try again in a moment.");
        assert!(error["extensions"]["requestId"].is_string());
    }
    proxy.set(Way::Open);
    eventually(async || match caller.ask(&server, query, json!({})).await {
        answer if answer.status == 200 => Ok(()),
        answer => Err(answer.text),
    })
    .await;
}

#[tokio::test]
async fn an_answer_has_an_end() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let text = "\u{20ac}\"".repeat(TEXT_BYTES / 5);
    for at in 0..EVENTS {
        let labels: Vec<_> =
            (0..200).map(|label| format!("{at:03} {label:03} {}", "x".repeat(1_000))).collect();
        let event = Event::new(600, "recording").at(at).with(json!({ "custom_data": text }));
        company.deliver(&server, event.payload()).await;
        let event = Event::new(700 + at, "hangup").at(at).with(json!({ "labels": labels }));
        company.deliver(&server, event.payload()).await;
    }
    let ids: Vec<_> = (0..EVENTS).map(|at| (700 + at).to_string()).collect();
    eventually(async || {
        match company.call_ids(&server, json!({ "filter": { "callId": { "in": ids } } })).await {
            found if found.len() == ids.len() => Ok(()),
            found => Err(format!("{found:?}")),
        }
    })
    .await;
    let raw = |first: i64| {
        format!("call(callId: 600) {{ events(first: {first}) {{ nodes {{ occurredAt raw }} }} }}")
    };
    let labels = |first: i64| format!("calls(first: {first}) {{ nodes {{ labels }} }}");
    let aliases =
        |selection: String| (0..8).map(|at| format!("a{at}: {selection}")).collect::<Vec<_>>().join(" ");
    for (what, selection) in [
        ("events", raw(EVENTS)),
        ("few events, many times", aliases(raw(3))),
        ("labels", aliases(labels(50))),
        ("deliveries", "deliveries(first: 100) { nodes { raw } }".to_owned()),
    ] {
        let answer = company.ask(&server, &format!("{{ company {{ name {selection} }} }}"), json!({})).await;
        let shown = &answer.text[..answer.text.len().min(300)];
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, "RESPONSE_TOO_LARGE"),
            "GQ-060 {what}: {shown}"
        );
        assert_eq!(answer.json["data"], Value::Null, "{what}");
        assert!(answer.json["errors"][0]["extensions"]["requestId"].is_string(), "{what}");
    }
    // What fits is given, and what is left out costs nothing.
    for selection in
        [raw(3), labels(50), format!("call(callId: 600) {{ events(first: {}) {{ nodes {{ state }} }} }}", 3)]
    {
        let answer = company.ask(&server, &format!("{{ company {{ {selection} }} }}"), json!({})).await;
        assert_eq!(answer.status, 200, "{}", &answer.text[..answer.text.len().min(300)]);
    }
}
