//! Proves what every kind of delivery is answered: accepted and kept, refused in always the same words, or "come
//! again" while something here is broken. The rows are data, see `receive/signatures.rs` and `receive/contents.rs`.

mod contents;
mod fairness;
mod floods;
mod list;
mod nodes;
mod outage;
mod rotation;
mod shapes;
mod signatures;
mod wire;

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{Company, Server, eventually};

/// What a delivery must be answered, and what must be known of it afterwards.
#[derive(Clone, Debug, PartialEq)]
enum Expect {
    /// 200, and the call of this id has the payload as an event.
    Call(&'static str),
    /// 200: kept, and no call comes of it.
    Kept,
    /// 401.
    Refused,
}

/// One row: a body, and what it must be answered.
struct Row {
    /// The number in the list of hostile inputs, and what is hostile about it.
    name: &'static str,
    body: Vec<u8>,
    expect: Expect,
}

impl Row {
    fn new(name: &'static str, body: impl Into<Vec<u8>>, expect: Expect) -> Self {
        Self { name, body: body.into(), expect }
    }
}

/// What the endpoint of a company counts: deliveries that were kept, and refused ones.
async fn counts(server: &Server, company: &Company) -> (i64, i64) {
    let query = "{ company { endpoint { acceptedCount duplicateCount quarantinedCount refusedCount } } }";
    let data = company.query(server, query, json!({})).await;
    let count = |key: &str| data["company"]["endpoint"][key].as_i64().unwrap();
    let kept = count("acceptedCount") + count("duplicateCount") + count("quarantinedCount");
    (kept, count("refusedCount"))
}

/// Waits until every delivery was counted.
async fn must_count(server: &Server, company: &Company, kept: usize, refused: usize) {
    let wanted = (i64::try_from(kept).unwrap(), i64::try_from(refused).unwrap());
    eventually(async || match counts(server, company).await {
        counted if counted == wanted => Ok(()),
        counted => Err(format!("kept and refused are {counted:?} instead of {wanted:?}")),
    })
    .await;
}

/// The raw texts of a call's events.
async fn raw_events(server: &Server, company: &Company, call_id: &str) -> Vec<String> {
    let query = "query($id: ID!) { company { call(callId: $id) { events(first: 200) { nodes { raw } } } } }";
    let data = company.query(server, query, json!({ "id": call_id })).await;
    let nodes = data["company"]["call"]["events"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.iter().map(|node| node["raw"].as_str().unwrap().to_owned()).collect()
}

/// Posts every row, checks the answers, then what was made of them.
async fn must_answer(server: &Server, company: &Company, rows: &[Row]) {
    let mut refusals = HashSet::new();
    for row in rows {
        let (status, body) = company.post(server, row.body.clone()).await;
        let wanted = if row.expect == Expect::Refused { 401 } else { 200 };
        assert_eq!(status, wanted, "{}: {body}", row.name);
        if status == 401 {
            refusals.insert(body);
        } else {
            assert_eq!(body, "", "{}", row.name);
        }
    }
    assert!(refusals.len() <= 1, "all refusals are the same bytes: {refusals:?}");
    let refused = rows.iter().filter(|row| row.expect == Expect::Refused).count();
    must_count(server, company, rows.len() - refused, refused).await;
    let mut calls: Vec<_> = rows
        .iter()
        .filter_map(|row| match row.expect {
            Expect::Call(id) => Some(id.to_owned()),
            Expect::Kept | Expect::Refused => None,
        })
        .collect();
    calls.sort();
    calls.dedup();
    eventually(async || {
        let mut found = company.call_ids(server, json!({})).await;
        found.sort();
        if found == calls { Ok(()) } else { Err(format!("calls are {found:?} instead of {calls:?}")) }
    })
    .await;
}

/// Nothing that was hostile may have shaken the server, or come into its log.
fn assert_calm(server: &Server, companies: &[&Company]) {
    let log = server.log();
    assert!(!log.contains("panicked"), "the server panicked");
    for company in companies {
        for secret in [company.secret.as_str(), &company.api_key, company.token()] {
            assert!(!log.contains(secret), "a secret is in the log");
        }
    }
    assert!(!log.contains("+1206555") && !log.contains("@example.org"), "a person is in the log");
    assert!(!log.contains('\u{1b}'), "an escape sequence is in the log");
}

#[tokio::test]
async fn only_the_company_that_has_the_secret_is_believed() {
    let server = Server::start();
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    must_answer(&server, &company, &signatures::rows(&company, &other)).await;
    assert_eq!(counts(&server, &other).await, (0, 0), "the other company is untouched");
    assert_calm(&server, &[&company, &other]);
}

#[tokio::test]
async fn no_bit_of_a_token_can_be_turned() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let token = crate::support::sign(r#"{"call_id":44}"#, &company.secret).into_bytes();
    for at in 0..token.len() {
        for bit in 0..8 {
            let mut turned = token.clone();
            turned[at] ^= 1 << bit;
            let (status, _) = company.post(&server, turned).await;
            assert_eq!(status, 401, "WH-044 bit {bit} of byte {at}");
        }
    }
    assert_eq!(company.post(&server, token.clone()).await.0, 200);
    must_count(&server, &company, 1, token.len() * 8).await;
}

#[tokio::test]
async fn whatever_is_signed_is_kept() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let contents = contents::rows();
    let sign = |payload: &Vec<u8>| crate::support::sign(payload, &company.secret);
    let rows: Vec<_> = contents
        .iter()
        .map(|row| Row { name: row.name, body: sign(&row.body).into_bytes(), expect: row.expect.clone() })
        .collect();
    must_answer(&server, &company, &rows).await;
    for row in contents {
        if let Expect::Call(id) = row.expect {
            let raw = String::from_utf8(row.body).unwrap();
            assert!(raw_events(&server, &company, id).await.contains(&raw), "{}: raw is intact", row.name);
        }
    }
    assert_calm(&server, &[&company]);
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    for (at, (row, name, shown)) in contents::names().into_iter().enumerate() {
        let call_id = (80_000 + at).to_string();
        let payload = format!(r#"{{"call_id":{call_id},"contact":{{"type":"local","name":{name}}}}}"#);
        company.deliver(&server, payload).await;
        let query = "query($id: ID!) { company { call(callId: $id) { contact { name } } } }";
        eventually(async || {
            let data = company.query(&server, query, json!({ "id": call_id })).await;
            match &data["company"]["call"] {
                Value::Null => Err(format!("no call {call_id}")),
                call => {
                    assert_eq!(call["contact"]["name"], json!(shown), "{row}: {name}");
                    Ok(())
                }
            }
        })
        .await;
    }
    // Composed and decomposed letters are the same name to whoever searches.
    for query in ["zoë", "ZOE\u{308}", "zoe"] {
        assert_eq!(company.call_ids(&server, json!({ "query": query })).await.len(), 2, "WH-080 {query}");
    }
    assert_calm(&server, &[&company]);
}

#[tokio::test]
async fn numbers_that_are_none_are_shown_as_sent() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let cases = [
        ("", Value::Null),
        ("+", json!({ "raw": "+", "e164": null })),
        ("anonymous", json!({ "raw": "anonymous", "e164": null })),
        ("1-800-CALL-NOW", json!({ "raw": "1-800-CALL-NOW", "e164": null })),
        ("1234567890123456789012345678901234567890", {
            json!({ "raw": "1234567890123456789012345678901234567890", "e164": null })
        }),
        ("٠١٢٣٤٥٦٧٨٩", json!({ "raw": "٠١٢٣٤٥٦٧٨٩", "e164": null })),
        ("+1 (206) 555-0133", json!({ "raw": "+1 (206) 555-0133", "e164": "+12065550133" })),
    ];
    for (at, (sent, shown)) in cases.into_iter().enumerate() {
        let call_id = (81_000 + at).to_string();
        company.deliver(&server, json!({ "call_id": call_id, "external_number": sent }).to_string()).await;
        let query = "query($id: ID!) { company { call(callId: $id) { externalNumber { raw e164 } } } }";
        eventually(async || {
            let data = company.query(&server, query, json!({ "id": call_id })).await;
            match &data["company"]["call"] {
                Value::Null => Err(format!("no call {call_id}")),
                call => {
                    assert_eq!(call["externalNumber"], shown, "{sent}");
                    Ok(())
                }
            }
        })
        .await;
    }
}
