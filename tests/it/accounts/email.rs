//! Proves how an account gets another e-mail address: by its password and a link that only the new address reads, told to
//! nobody else, and undone from the old address whatever was done since.

use reqwest::header::{COOKIE, ORIGIN};
use serde_json::{Value, json};

use super::mail::{done, gone, newest, post};
use super::{PASSWORD, auth, hopper, session, sign_in, sign_up, viewer};
use crate::support::database::psql;
use crate::support::postbox::link_of;
use crate::support::{Caller, Server};

const OLD: &str = "grace@example.com";
const NEW: &str = "Grace@new.example";

/// Asks for a move; answers the code of the refusal, empty when a mail was written.
async fn ask(server: &Server, caller: &Caller, email: &str, password: &str) -> String {
    let mutation = "mutation($input: RequestEmailChangeInput!) {
        requestEmailChange(input: $input) { isSent userErrors { code } } }";
    let input = json!({ "input": { "email": email, "currentPassword": password } });
    let answer = &caller.query(server, mutation, input).await["requestEmailChange"];
    assert_eq!(answer["isSent"], answer["userErrors"] == json!([]));
    answer["userErrors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

/// Opens a link in the browser of `caller`.
async fn open(server: &Server, caller: &Caller, link: &str) -> u16 {
    let Caller::Session(cookie) = caller else { panic!("a key opens no link") };
    let request = auth(server, "change-email", &json!({ "link": link })).header(ORIGIN, server.url());
    request.header(COOKIE, cookie).send().await.unwrap().status().as_u16()
}

async fn address(server: &Server, caller: &Caller) -> Value {
    caller.query(server, "{ viewer { user { email isVerified } } }", json!({})).await["viewer"]["user"].take()
}

/// Somebody who signed up and proved the address; theirs is the newest mail.
async fn person(server: &Server, body: &Value, mails: usize) -> Caller {
    let caller = session(&sign_up(server, body).await);
    let link = link_of(&newest(server, mails).await);
    assert_eq!(post(server, "verify-email", json!({ "link": link })).await, done());
    caller
}

fn lovelace(email: &str) -> Value {
    json!({ "companyName": "Lovelace Freight", "email": email, "password": "another password" })
}

#[tokio::test]
async fn an_account_moves_to_an_address_that_its_person_reads() {
    let server = Server::start();
    let grace = person(&server, &hopper(), 1).await;
    let elsewhere = session(&sign_in(&server, OLD, PASSWORD).await);
    for (email, password, code) in [
        (NEW, "not the password", "BAD_CREDENTIALS"),
        ("Grace@Example.com", PASSWORD, "INVALID"),
        ("no address", PASSWORD, "INVALID"),
    ] {
        assert_eq!(ask(&server, &grace, email, password).await, code, "{email}");
    }
    // An address that has an account: the same answer, and no link.
    person(&server, &lovelace("ada@example.com"), 2).await;
    assert_eq!(ask(&server, &grace, "Ada@example.com", PASSWORD).await, "");
    let told = newest(&server, 3).await;
    assert_eq!(
        (&told["to"], &told["subject"]),
        (&json!("ada@example.com"), &json!("Your address has an account already"))
    );
    assert!(!told["text"].as_str().unwrap().contains('#'));
    assert_eq!(ask(&server, &grace, NEW, PASSWORD).await, "");
    let mail = newest(&server, 4).await;
    assert_eq!(mail["to"], NEW);
    let before = json!({ "email": "Grace@Example.com", "isVerified": true });
    assert_eq!(address(&server, &grace).await, before, "nothing has moved yet");
    // It opens nothing else, and is good once.
    let link = link_of(&mail);
    for route in ["verify-email", "undo-email-change"] {
        assert_eq!(post(&server, route, json!({ "link": link })).await, gone(), "{route}");
    }
    assert_eq!(open(&server, &grace, &link).await, 204);
    assert_eq!(open(&server, &grace, &link).await, 410);
    assert_eq!(address(&server, &grace).await, json!({ "email": NEW, "isVerified": true }));
    assert_eq!(viewer(&server, &elsewhere).await.0, 401, "all other sessions have ended");
    assert_eq!(sign_in(&server, OLD, PASSWORD).await.status(), 401);
    assert_eq!(sign_in(&server, NEW, PASSWORD).await.status(), 200);
    let company =
        "{ company { members { email } audit(first: 1) { nodes { actor action subject detail } } } }";
    let data = &grace.query(&server, company, json!({})).await["company"];
    assert_eq!(data["members"], json!([{ "email": NEW }]));
    let noted = json!({ "actor": "Grace@Example.com", "action": "MEMBER_EMAIL_CHANGED",
        "subject": "Grace@Example.com", "detail": NEW });
    assert_eq!(data["audit"]["nodes"], json!([noted]));
    let told = newest(&server, 5).await;
    assert_eq!(
        (&told["to"], &told["subject"]),
        (&json!("Grace@Example.com"), &json!("Your e-mail address was changed"))
    );
}

#[tokio::test]
async fn whoever_took_an_account_over_loses_it_again() {
    let server = Server::start();
    let grace = person(&server, &hopper(), 1).await;
    // Somebody who knows the password moves it, and once more, so that the first way back would be forgotten.
    let mallory = session(&sign_in(&server, OLD, PASSWORD).await);
    let mut ways_back = Vec::new();
    for (at, email) in ["mallory@example.com", "mallory@again.example"].into_iter().enumerate() {
        assert_eq!(ask(&server, &mallory, email, PASSWORD).await, "");
        let link = link_of(&newest(&server, 2 + 2 * at).await);
        assert_eq!(open(&server, &mallory, &link).await, 204);
        ways_back.push(link_of(&newest(&server, 3 + 2 * at).await));
    }
    assert_eq!(viewer(&server, &grace).await.0, 401);
    // A link for a new password at the address that is left would be another way in.
    let pending = ask(&server, &mallory, "mallory@third.example", PASSWORD).await;
    assert_eq!(pending, "");
    let third = link_of(&newest(&server, 6).await);
    let undo = async |link: &str| post(&server, "undo-email-change", json!({ "link": link })).await;
    assert_eq!(undo(&ways_back[0]).await, done());
    assert_eq!(viewer(&server, &mallory).await.0, 401, "signed out");
    for email in [OLD, "mallory@example.com", "mallory@again.example"] {
        assert_eq!(sign_in(&server, email, PASSWORD).await.status(), 401, "the password is known: {email}");
    }
    for link in &ways_back {
        assert_eq!(undo(link).await, gone(), "once, and not back to where it never was theirs");
    }
    assert_eq!(post(&server, "change-email", json!({ "link": third })).await, gone());
    let mail = newest(&server, 7).await;
    assert_eq!(mail["to"], "Grace@Example.com");
    let chosen = json!({ "link": link_of(&mail), "password": "a password of her own" });
    assert_eq!(post(&server, "reset-password", chosen).await, done());
    let grace = session(&sign_in(&server, OLD, "a password of her own").await);
    assert_eq!(address(&server, &grace).await["email"], "Grace@Example.com");
}

#[tokio::test]
async fn links_of_a_move_end() {
    let server = Server::start();
    let url = server.database_url().unwrap();
    let grace = person(&server, &hopper(), 1).await;
    assert_eq!(ask(&server, &grace, NEW, PASSWORD).await, "");
    let link = link_of(&newest(&server, 2).await);
    let run_out =
        |table: &str| psql(url, &format!("UPDATE {table} SET expires_at = now() - interval '1 minute'"));
    run_out("links").unwrap();
    assert_eq!(open(&server, &grace, &link).await, 410);
    // Somebody else proves the address first.
    assert_eq!(ask(&server, &grace, NEW, PASSWORD).await, "");
    let link = link_of(&newest(&server, 3).await);
    person(&server, &lovelace(NEW), 4).await;
    let taken = post(&server, "change-email", json!({ "link": link })).await;
    assert_eq!(taken, (409, "ADDRESS_TAKEN".to_owned()));
    // Opened where nobody is signed in: every session ends.
    assert_eq!(ask(&server, &grace, "grace@third.example", PASSWORD).await, "");
    let link = link_of(&newest(&server, 5).await);
    assert_eq!(post(&server, "change-email", json!({ "link": link })).await, done());
    assert_eq!(viewer(&server, &grace).await.0, 401);
    let way_back = link_of(&newest(&server, 6).await);
    run_out("former_emails").unwrap();
    assert_eq!(post(&server, "undo-email-change", json!({ "link": way_back })).await, gone());
}

#[tokio::test]
async fn an_account_does_not_move_all_the_time() {
    let server = Server::start();
    let grace = person(&server, &hopper(), 1).await;
    let mut mails = 1;
    for at in 0..5 {
        assert_eq!(ask(&server, &grace, &format!("grace@{at}.example"), PASSWORD).await, "", "{at}");
        assert_eq!(open(&server, &grace, &link_of(&newest(&server, mails + 1).await)).await, 204);
        mails += 2;
        newest(&server, mails).await;
    }
    assert_eq!(ask(&server, &grace, "grace@more.example", PASSWORD).await, "TOO_MANY");
}
