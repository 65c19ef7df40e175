//! Proves what mail does: it shows whose an address is and lets people choose a new password, once and not for ever; and
//! nobody learns from it, or from its absence, who has an account.

use reqwest::header::{HOST, ORIGIN};
use serde_json::{Value, json};

use super::{PASSWORD, auth, hopper, session, sign_in, sign_up, viewer};
use crate::support::database::psql;
use crate::support::postbox::{Postbox, link_of, mailbox};
use crate::support::{Caller, Database, Server, Start, eventually};

const VERIFIED: &str = "{ viewer { user { isVerified } } }";

/// Posts below `/auth/`; answers the status and the code of the refusal.
pub(super) async fn post(server: &Server, route: &str, body: Value) -> (u16, String) {
    let response = auth(server, route, &body).header(ORIGIN, server.url()).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
}

async fn is_verified(server: &Server, caller: &Caller) -> bool {
    caller.query(server, VERIFIED, json!({})).await["viewer"]["user"]["isVerified"] == true
}

/// The newest mail of the local mailbox, when there are so many.
pub(super) async fn newest(server: &Server, count: usize) -> Value {
    eventually(async || {
        let mails = mailbox(server);
        if mails.len() == count { Ok(mails[0].clone()) } else { Err(format!("{} mails", mails.len())) }
    })
    .await
}

pub(super) fn gone() -> (u16, String) {
    (410, "LINK_GONE".to_owned())
}

pub(super) fn done() -> (u16, String) {
    (204, String::new())
}

#[tokio::test]
async fn an_address_is_proven_by_its_mail_once() {
    let server = Server::start();
    let grace = session(&sign_up(&server, &hopper()).await);
    assert!(!is_verified(&server, &grace).await);
    assert!(server.log().contains("trunkline mailbox"), "the log says where mail is");
    let first = link_of(&newest(&server, 1).await);
    // Another link, and the first is good no more.
    let again = "mutation { sendVerification { isVerified userErrors { code } } }";
    let sent = grace.query(&server, again, json!({})).await;
    assert_eq!(sent["sendVerification"], json!({ "isVerified": false, "userErrors": [] }));
    let mail = newest(&server, 2).await;
    assert_eq!(mail["to"], "Grace@Example.com");
    let link = link_of(&mail);
    let turned = format!("{}{}", &link[1..], &link[..1]);
    for wrong in [first.as_str(), &turned, &link[..link.len() - 1], "", "x"] {
        assert_eq!(post(&server, "verify-email", json!({ "link": wrong })).await, gone(), "{wrong}");
    }
    // Whoever only looks at the page uses nothing up.
    for path in ["verify-email", "auth/verify-email"] {
        let page = server.http().get(format!("{}/{path}?link={link}", server.url())).send().await.unwrap();
        assert_ne!(page.status(), 204, "{path}");
    }
    assert_eq!(post(&server, "reset-password", json!({ "link": link, "password": PASSWORD })).await, gone());
    // Of two who use it at once one is told that it was good.
    let (one, other) = tokio::join!(
        post(&server, "verify-email", json!({ "link": link })),
        post(&server, "verify-email", json!({ "link": link }))
    );
    let mut answers = [one, other];
    answers.sort();
    assert_eq!(answers, [done(), gone()]);
    assert!(is_verified(&server, &grace).await);
    let sent = grace.query(&server, again, json!({})).await;
    assert_eq!(sent["sendVerification"]["isVerified"], true);
    assert_eq!(mailbox(&server).len(), 2, "nothing more is sent");
}

#[tokio::test]
async fn signing_up_tells_nobody_who_has_an_account() {
    let server = Server::start();
    let owner = session(&sign_up(&server, &hopper()).await);
    let link = link_of(&newest(&server, 1).await);
    assert_eq!(post(&server, "verify-email", json!({ "link": link })).await, done());
    // The same address again, however it is written: the same answer, and a company that is nothing to the owner's.
    let body = |company: &str, email: &str| json!({ "companyName": company, "email": email, "password": "another password" });
    let taken = sign_up(&server, &body("Mallory One", "GRACE@example.com")).await;
    let free = sign_up(&server, &body("Mallory Two", "nobody@example.com")).await;
    assert_eq!((taken.status(), free.status()), (free.status(), reqwest::StatusCode::CREATED));
    let names =
        |response: &reqwest::Response| response.headers().keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&taken), names(&free));
    let mallory = session(&taken);
    let (taken, free) = (taken.text().await.unwrap(), free.text().await.unwrap());
    assert_eq!(
        taken.replace("mallory-one", "x").replace("One", "x"),
        free.replace("mallory-two", "x").replace("Two", "x")
    );
    assert!(viewer(&server, &mallory).await.1.contains("Mallory One"));
    assert!(viewer(&server, &owner).await.1.contains("Hopper Lines"));
    // Each signs in with the own password, and gets to the own company.
    for (password, company) in [(PASSWORD, "hopper-lines"), ("another password", "mallory-one")] {
        let answer: Value = sign_in(&server, "grace@example.com", password).await.json().await.unwrap();
        let slugs: Vec<_> = answer["companies"].as_array().unwrap().iter().map(|one| &one["slug"]).collect();
        assert_eq!(slugs, [company]);
    }
    assert_eq!(sign_in(&server, "grace@example.com", "a third password").await.status(), 401);
    // The owner is told, and is given no link that would prove the other's claim.
    let mails = mailbox(&server);
    let told = mails.iter().find(|mail| mail["subject"] == "You have an account already").unwrap();
    assert_eq!(told["to"], "Grace@Example.com");
    assert!(!told["text"].as_str().unwrap().contains('#'));
    assert!(!is_verified(&server, &mallory).await);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail() {
    let database = Database::new();
    let url = database.url();
    let mut server = Server::prepared(Start::At(url.clone()));
    server.set_variable("TRUNKLINE_PUBLIC_URL", Some("https://calls.example.com".to_owned()));
    server.begin();
    let own = |request: reqwest::RequestBuilder| {
        request.header(HOST, "evil.example").header("x-forwarded-host", "evil.example")
    };
    let old = session(&sign_up(&server, &hopper()).await);
    assert!(
        newest(&server, 1).await["text"]
            .as_str()
            .unwrap()
            .contains("https://calls.example.com/verify-email#")
    );
    let ask = async |email: &str| {
        let request = auth(&server, "request-password-reset", &json!({ "email": email }));
        let response = own(request).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let answer = ask("grace@example.com").await;
    assert_eq!(answer.0, 202);
    for email in ["nobody@example.com", "no address", ""] {
        assert_eq!(ask(email).await, answer, "{email}");
    }
    let first = newest(&server, 2).await;
    let text = first["text"].as_str().unwrap();
    assert!(text.contains("https://calls.example.com/reset-password#") && !text.contains("evil"), "{text}");
    assert_eq!(ask(" GRACE@example.com ").await, answer);
    let link = link_of(&newest(&server, 3).await);
    let reset = async |link: &str, password: &str| {
        post(&server, "reset-password", json!({ "link": link, "password": password })).await
    };
    assert_eq!(reset(&link_of(&first), "a new password").await, gone(), "only the newest is good");
    for weak in ["short", "hopper lines", "grace@example.com"] {
        assert_eq!(reset(&link, weak).await, (400, "WEAK_PASSWORD".to_owned()), "{weak}");
    }
    assert_eq!(viewer(&server, &old).await.0, 200, "nothing has happened so far");
    assert_eq!(reset(&link, "a new password").await, done());
    assert_eq!(reset(&link, "a newer password").await, gone());
    assert_eq!(viewer(&server, &old).await.0, 401, "all sessions have ended");
    let told = newest(&server, 4).await;
    assert_eq!(
        (&told["to"], &told["subject"]),
        (&json!("Grace@Example.com"), &json!("Your password was changed"))
    );
    assert!(told["text"].as_str().unwrap().contains("from 127.0.0.1"), "{told}");
    assert_eq!(sign_in(&server, "grace@example.com", PASSWORD).await.status(), 401);
    assert!(
        is_verified(&server, &session(&sign_in(&server, "grace@example.com", "a new password").await)).await
    );
    // What has run out is good no more, and what is stored opens nothing.
    assert_eq!(ask("grace@example.com").await, answer);
    let late = link_of(&newest(&server, 5).await);
    psql(&url, "UPDATE links SET expires_at = now()").unwrap();
    assert_eq!(reset(&late, "a newest password").await, gone());
    let dump = psql(&url, "SELECT string_agg(links::text, ' ') FROM links").unwrap()
        + &psql(&url, "SELECT string_agg(encode(sealed, 'escape'), ' ') FROM mails").unwrap();
    assert!(!dump.contains(&late) && !dump.contains("reset-password"), "only hashes, and sealed text");
}

#[tokio::test]
async fn mail_goes_out_by_the_mail_server() {
    let postbox = Postbox::start(0);
    let mut server = Server::prepared(Start::Fresh);
    server.set_variable("TRUNKLINE_SMTP_URL", Some(postbox.url()));
    server.set_variable("TRUNKLINE_MAIL_FROM", Some("Trunkline <calls@example.com>".to_owned()));
    server.begin();
    let grace = session(&sign_up(&server, &hopper()).await);
    let mail = postbox.next();
    assert_eq!((&mail["from"], &mail["to"]), (&json!("calls@example.com"), &json!(["Grace@Example.com"])));
    assert_eq!(mail["heads"]["subject"], "Confirm your e-mail address");
    assert_eq!(mail["heads"]["from"], "Trunkline <calls@example.com>");
    assert_eq!(post(&server, "verify-email", json!({ "link": link_of(&mail) })).await, done());
    assert!(is_verified(&server, &grace).await);
    eventually(async || if mailbox(&server).is_empty() { Ok(()) } else { Err("it still waits".to_owned()) })
        .await;
    assert!(!postbox.has_more());
    assert!(!server.log().contains("Grace@Example.com") && !server.log().contains(&link_of(&mail)));
}

#[tokio::test]
async fn a_mail_server_that_is_away_holds_nobody_up() {
    let mut server = Server::prepared(Start::Fresh);
    // Nobody listens there.
    server.set_variable("TRUNKLINE_SMTP_URL", Some("smtp://127.0.0.1:9".to_owned()));
    server.begin();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    eventually(async || {
        let mails = mailbox(&server);
        if mails[0]["tries"] == 1 { Ok(()) } else { Err(format!("{mails:?}")) }
    })
    .await;
    let postbox = Postbox::start(0);
    server.stop();
    server.set_variable("TRUNKLINE_SMTP_URL", Some(postbox.url()));
    server.begin();
    // It is tried again when its time has come: seconds after the first failure.
    assert_eq!(postbox.next()["to"], json!(["Grace@Example.com"]));
}
