//! Proves that people see where they are signed in and can end it, and that what has ended opens nothing, whatever was
//! open before.

use std::time::{Duration, Instant};

use reqwest::header::{ORIGIN, SET_COOKIE, USER_AGENT};
use serde_json::{Value, json};

use super::{PASSWORD, hopper, session, sign_in, sign_up, viewer};
use crate::support::database::psql;
use crate::support::{Caller, Company, Database, Server, Socket, Start, eventually};

/// What a session has open ends within this time.
const RIGHTS_TIMEOUT: Duration = Duration::from_secs(5);

const SESSIONS: &str =
    "{ viewer { sessions { id address userAgent startedAt lastSeenAt expiresAt isCurrent } } }";
const END: &str = "mutation($id: ID!) { endSession(input: { sessionId: $id }) { endedSessionId userErrors { field code } } }";
const CHANGE: &str = "mutation($input: ChangePasswordInput!) {
    changePassword(input: $input) { endedCount userErrors { field code message } } }";

async fn sessions(server: &Server, caller: &Caller) -> Vec<Value> {
    let data = caller.query(server, SESSIONS, json!({})).await;
    data["viewer"]["sessions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_not_used_ends() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let company = Company::create(&server, "Other Lines");
    let _hears = Socket::of(&server, &company).await;
    let used = session(&sign_up(&server, &hopper()).await);
    let unused = session(&sign_in(&server, "grace@example.com", PASSWORD).await);
    let Caller::Session(cookie) = &unused else { panic!("a session") };
    let headers = [
        ("sec-websocket-protocol", "graphql-transport-ws"),
        ("origin", &server.url()),
        ("cookie", cookie.as_str()),
    ];
    let mut socket = Socket::open(&server, &headers).await.unwrap();
    socket.say(json!({ "type": "connection_init" })).await;
    socket.subscribe("all", "subscription { callChanged { callId } }", json!({})).await;
    // Both are as old; one was used a little less than so long ago, the other a little more.
    let aged = |minutes: i32, is: &str| {
        let sql = format!(
            "UPDATE sessions SET created_at = least(created_at, now() - interval '1 day'),
                 seen_at = now() - interval '{minutes} minutes'
             WHERE session_id {is} (SELECT session_id FROM sessions ORDER BY created_at DESC LIMIT 1)"
        );
        psql(&url, &sql).unwrap();
    };
    let role = |role: &str| psql(&url, &format!("UPDATE memberships SET role = '{role}'")).unwrap();
    role("admin");
    aged(28, "<>");
    aged(28, "=");
    assert_eq!(sessions(&server, &used).await.len(), 2);
    aged(31, "=");
    assert_eq!(sessions(&server, &used).await.len(), 1, "not listed, and not good");
    role("member");
    assert_eq!(sessions(&server, &used).await.len(), 2, "who runs no company has more time");
    aged(8 * 60 - 2, "<>");
    aged(8 * 60 + 1, "=");
    assert_eq!(socket.closed().await, 4_403, "what it has open ends");
    // Who was recognised a moment ago is known for another second.
    eventually(async || match viewer(&server, &unused).await.0 {
        401 => Ok(()),
        status => Err(format!("it answers {status}")),
    })
    .await;
    let used_now = "SELECT count(*) FROM sessions WHERE seen_at > now() - interval '1 minute'";
    eventually(async || {
        assert_eq!(sessions(&server, &used).await.len(), 1, "it is not listed either");
        match psql(&url, used_now).unwrap().trim() {
            "1" => Ok(()),
            seen => Err(format!("using one begins the eight hours again, of {seen}")),
        }
    })
    .await;
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_end_it() {
    let server = Server::start();
    let first = session(&sign_up(&server, &hopper()).await);
    let body = json!({ "email": "grace@example.com", "password": PASSWORD });
    let request = super::auth(&server, "sign-in", &body).header(ORIGIN, server.url());
    let response = request.header(USER_AGENT, "Navigator <b>4</b>").send().await.unwrap();
    assert!(response.headers().contains_key(SET_COOKIE));
    let second = session(&response);

    let listed = sessions(&server, &second).await;
    assert_eq!(listed.len(), 2);
    let current: Vec<_> = listed.iter().filter(|one| one["isCurrent"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["userAgent"], "Navigator <b>4</b>", "as it says itself");
    assert_eq!(current[0]["address"], "127.0.0.1");
    assert!(current[0]["startedAt"].as_str() < current[0]["expiresAt"].as_str());
    let other = listed.iter().find(|one| one["isCurrent"] == false).unwrap()["id"].clone();

    // Nobody ends another's session, and nobody learns that there is one.
    let stranger = json!({ "companyName": "Other", "email": "ada@example.com", "password": PASSWORD });
    let stranger = session(&sign_up(&server, &stranger).await);
    for id in [other.clone(), json!("01900000-0000-7000-8000-000000000000"), json!("x")] {
        let answer = stranger.query(&server, END, json!({ "id": id })).await;
        let none = json!({ "endedSessionId": null, "userErrors": [{ "field": ["sessionId"], "code": "NOT_FOUND" }] });
        assert_eq!(answer["endSession"], none);
    }
    let ended = second.query(&server, END, json!({ "id": other })).await;
    assert_eq!(ended["endSession"], json!({ "endedSessionId": other, "userErrors": [] }));
    assert_eq!(viewer(&server, &first).await.0, 401);
    assert_eq!(sessions(&server, &second).await.len(), 1);

    // Everywhere else, then everywhere.
    let third = session(&sign_in(&server, "grace@example.com", PASSWORD).await);
    let others = "mutation { endSessions(input: {}) { endedCount userErrors { code } } }";
    let ended = third.query(&server, others, json!({})).await;
    assert_eq!(ended["endSessions"], json!({ "endedCount": 1, "userErrors": [] }));
    assert_eq!((viewer(&server, &second).await.0, viewer(&server, &third).await.0), (401, 200));
    let all = "mutation { endSessions(input: { keepCurrent: false }) { endedCount } }";
    assert_eq!(third.query(&server, all, json!({})).await["endSessions"]["endedCount"], 1);
    assert_eq!((viewer(&server, &third).await.0, viewer(&server, &stranger).await.0), (401, 200));
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let server = Server::start();
    let thief = session(&sign_up(&server, &hopper()).await);
    let own = session(&sign_in(&server, "grace@example.com", PASSWORD).await);
    let input =
        |current: &str, new: &str| json!({ "input": { "currentPassword": current, "newPassword": new } });
    for (current, new, field, code) in [
        ("wrong horse", "another good one", "currentPassword", "BAD_CREDENTIALS"),
        (&"x".repeat(300), "another good one", "currentPassword", "BAD_CREDENTIALS"),
        (PASSWORD, "short", "newPassword", "WEAK_PASSWORD"),
        (PASSWORD, "hopper lines", "newPassword", "WEAK_PASSWORD"),
        (PASSWORD, "Grace@Example.com", "newPassword", "WEAK_PASSWORD"),
    ] {
        let answer = own.query(&server, CHANGE, input(current, new)).await["changePassword"].clone();
        assert_eq!(answer["endedCount"], Value::Null);
        let error = &answer["userErrors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!([field]), &json!(code)), "{answer}");
    }
    assert_eq!(viewer(&server, &thief).await.0, 200, "nothing has changed so far");
    let changed = own.query(&server, CHANGE, input(PASSWORD, "another good one")).await;
    assert_eq!(changed["changePassword"], json!({ "endedCount": 1, "userErrors": [] }));
    assert_eq!((viewer(&server, &thief).await.0, viewer(&server, &own).await.0), (401, 200));
    assert_eq!(sign_in(&server, "grace@example.com", PASSWORD).await.status(), 401);
    assert_eq!(sign_in(&server, "grace@example.com", "another good one").await.status(), 200);
    // Guessing by a session that was left open is counted like guessing at the door.
    let mut codes = Vec::new();
    for guess in 0..11 {
        let answer = own.query(&server, CHANGE, input(&format!("guess {guess}"), "yet another one")).await;
        codes.push(answer["changePassword"]["userErrors"][0]["code"].clone());
    }
    assert_eq!(codes[9..], [json!("BAD_CREDENTIALS"), json!("TOO_MANY_ATTEMPTS")]);
}

#[tokio::test]
async fn what_a_session_has_open_ends_with_it() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let (watching, other) = (company.owner(&server).await, company.owner(&server).await);
    // Once somebody hears of changes there are no gaps any more.
    let _hears = Socket::of(&server, &company).await;
    let mut socket = Socket::of_browser(&server, &watching).await;
    socket.subscribe("all", "subscription { callChanged { callId } }", json!({})).await;
    let all = "mutation { endSessions(input: {}) { endedCount } }";
    assert_eq!(other.query(&server, all, json!({})).await["endSessions"]["endedCount"], 1);
    assert_eq!(viewer(&server, &watching).await.0, 401, "at once for what is asked now");
    let begun = Instant::now();
    assert_eq!(socket.closed().await, 4_403, "and soon for what is open");
    assert!(begun.elapsed() < RIGHTS_TIMEOUT, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_key_has_no_sessions() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    assert!(sessions(&server, &company.key()).await.is_empty());
    for mutation in [
        "endSessions(input: {}) { endedCount }",
        "endSession(input: { sessionId: \"x\" }) { endedSessionId }",
        "changePassword(input: { currentPassword: \"a\", newPassword: \"b\" }) { endedCount }",
    ] {
        let answer = company.ask(&server, &format!("mutation {{ {mutation} }}"), json!({})).await;
        assert_eq!(answer.code(), "PEOPLE_ONLY", "{}", answer.text);
    }
}
