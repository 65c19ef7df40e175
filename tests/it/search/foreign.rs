//! Proves that counts are of one company: what another has changes no byte of the answer. And that counting has its price
//! and its right arguments.

use serde_json::{Value, json};

use super::now_ms;
use super::office::{Call, office};
use crate::support::{Company, Server, eventually, sign_all};

const COUNTS: &str = "query($filter: CallFilter, $timeZone: String, $buckets: Int, $query: String) { company {
    callFacets(query: $query, filter: $filter) {
        direction { value count { value exact } } state { value count { value exact } } outcome { value count { value exact } }
        recorded { value count { value exact } } voicemail { value count { value exact } }
        person { party { id name email } count { value exact } } group { groupId name count { value exact } } }
    callHistogram(query: $query, filter: $filter, timeZone: $timeZone, buckets: $buckets) {
        timeZone unit total { value exact }
        buckets { startsAt endsAt total answered missed abandoned voicemail blocked cancelled ongoing } } } }";

async fn deliver(server: &Server, company: &Company, payloads: &[String]) {
    for token in sign_all(payloads, &company.secret) {
        assert_eq!(company.post(server, token).await.0, 200);
    }
    let count = "{ company { calls(first: 1) { totalCount { value } } } }";
    eventually(async || {
        let data = company.query(server, count, json!({})).await;
        let counted = &data["company"]["calls"]["totalCount"]["value"];
        if *counted == payloads.len() { Ok(()) } else { Err(format!("{counted} calls")) }
    })
    .await;
}

/// The counts as text, with the fields in one order.
async fn counts(server: &Server, company: &Company, question: &Value) -> String {
    company.query(server, COUNTS, question.clone()).await.to_string()
}

#[tokio::test]
async fn another_company_changes_no_byte() {
    let server = Server::start();
    let (a, b) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let now_ms = now_ms();
    let payloads: Vec<String> = office(60, now_ms).iter().map(Call::payload).collect();
    deliver(&server, &a, &payloads).await;
    let questions = [
        json!({}),
        json!({ "filter": { "outcome": { "eq": "MISSED" }, "groupId": { "eq": "Office:47992055" } } }),
        json!({ "filter": { "text": "grace" }, "timeZone": "America/New_York", "buckets": 7 }),
        json!({ "filter": { "person": { "contains": "bo" }, "dateStarted": { "lt": "2030-01-01T00:00:00Z" } } }),
    ];
    let mut before = Vec::new();
    for question in &questions {
        before.push(counts(&server, &a, question).await);
    }
    assert!(before.iter().all(|text| text.contains("\"ANSWERED\"")), "{before:?}");
    // The same calls, people and groups under other names, and more of them.
    let others: Vec<String> = office(120, now_ms)
        .iter()
        .map(|call| call.payload().replace("Gráce & Co Support", "Foreign Desk").replace("Ivo", "Foreign"))
        .collect();
    deliver(&server, &b, &others).await;
    for (question, before) in questions.iter().zip(&before) {
        let after = counts(&server, &a, question).await;
        assert_eq!(after, *before, "{question}");
        let foreign = counts(&server, &b, question).await;
        assert_ne!(foreign, *before, "the other company has its own");
        assert!(!before.contains("Foreign"));
    }
    // A company that is not one's own has no counts.
    let ids = a.query(&server, "{ company { id } }", json!({})).await;
    let other =
        "query($id: ID) { company(id: $id) { callFacets { direction { value } } callHistogram { unit } } }";
    let data = b.query(&server, other, json!({ "id": ids["company"]["id"] })).await;
    assert_eq!(data, json!({ "company": null }));
}

#[tokio::test]
async fn counting_has_its_price_and_its_arguments() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    // The whole page at once: a full list, every facet, the histogram.
    let party = "{ id type name email phone { raw e164 national country } }";
    let page = format!(
        "query($query: String) {{ company {{
            calls(query: $query, first: 200) {{ totalCount {{ value exact }} pageInfo {{ hasNextPage endCursor }} nodes {{
                id callId direction state outcome dateStarted dateConnected dateEnded durationMs talkTimeMs groupId labels
                wasRecorded voicemailLink isTransferred externalNumber {{ raw e164 national country }}
                internalNumber {{ raw e164 }} target {party} contact {party} entryPointTarget {party} }} }}
            callFacets(query: $query) {{
                direction {{ value count {{ value exact }} }} state {{ value count {{ value exact }} }}
                outcome {{ value count {{ value exact }} }} recorded {{ value count {{ value exact }} }}
                voicemail {{ value count {{ value exact }} }} person(first: 50) {{ party {party} count {{ value exact }} }}
                group(first: 50) {{ groupId name count {{ value exact }} }} }}
            callHistogram(query: $query) {{ timeZone unit total {{ value exact }} buckets {{ startsAt endsAt total answered
                missed abandoned voicemail blocked cancelled ongoing }} }} }} }}"
    );
    let data = company.query(&server, &page, json!({ "query": "last:7d" })).await;
    assert_eq!(data["company"]["callHistogram"]["total"], json!({ "value": 0, "exact": true }));
    // Many at once are too many.
    for field in
        ["callHistogram { unit }", "callFacets { direction { value } state { value } outcome { value } }"]
    {
        let many: String = (0..30).map(|at| format!("a{at}: {field} ")).collect();
        let answer = company.ask(&server, &format!("{{ company {{ {many} }} }}"), json!({})).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    for (arguments, code) in [
        (json!({ "timeZone": "Mars/Olympus" }), "BAD_INPUT"),
        (json!({ "timeZone": "" }), "BAD_INPUT"),
        (json!({ "timeZone": "+02:00" }), "BAD_INPUT"),
        (json!({ "buckets": 0 }), "BAD_INPUT"),
        (json!({ "buckets": -5 }), "BAD_INPUT"),
        (json!({ "buckets": 61 }), "BAD_INPUT"),
        (json!({ "query": "state:nope" }), "BAD_QUERY"),
        (json!({ "filter": { "text": " " } }), "BAD_INPUT"),
    ] {
        let answer = company.ask(&server, COUNTS, arguments.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, code), "{arguments}: {}", answer.text);
    }
    for arguments in
        [json!({ "buckets": 1 }), json!({ "buckets": 60 }), json!({ "timeZone": null, "buckets": null })]
    {
        let data = company.query(&server, COUNTS, arguments).await;
        assert_eq!(
            data["company"]["callHistogram"]["buckets"],
            Value::Array(Vec::new()),
            "no calls, no time"
        );
    }
}
