//! Proves what a second factor is worth: without its code a password opens nothing, no code opens twice, and a company
//! that asks for one is shut to whoever has none.

use std::process::Command;

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use super::people::join;
use super::{PASSWORD, auth, hopper, session, sign_in, sign_up, viewer};
use crate::support::database::psql;
use crate::support::postbox::mailbox;
use crate::support::{Caller, Company, Database, Export, Server, Socket, Start};

const APP: &str = include_str!("../support/authenticator.py");
const BEGIN: &str = "mutation($password: String!) { beginSecondFactor(input: { password: $password }) {
    otpauthUrl secret userErrors { field code } } }";
const CONFIRM: &str = "mutation($code: String!) { confirmSecondFactor(input: { code: $code }) {
    recoveryCodes endedCount userErrors { field code } } }";
const END: &str = "mutation($password: String!) { endSecondFactor(input: { password: $password }) {
    isEnded userErrors { field code } } }";
const REPLACE: &str = "mutation($password: String!) { replaceRecoveryCodes(input: { password: $password }) {
    recoveryCodes userErrors { field code } } }";
const OWN: &str = "{ viewer { secondFactor { since recoveryCodesLeft } } }";
const REQUIRE: &str = "mutation($from: DateTime) { requireSecondFactor(input: { requiredFrom: $from }) {
    company { secondFactorRule { requiredFrom missing { email } } } userErrors { field code } } }";

/// Someone with a second factor.
pub(super) struct Factor {
    pub(super) secret: String,
    pub(super) recovery_codes: Vec<String>,
}

impl Factor {
    /// Sets one up by the code of now; the next code is good too.
    pub(super) async fn set_up(server: &Server, caller: &Caller, password: &str) -> Self {
        let begun = caller.query(server, BEGIN, json!({ "password": password })).await;
        let secret = begun["beginSecondFactor"]["secret"].as_str().unwrap().to_owned();
        let confirmed = caller.query(server, CONFIRM, json!({ "code": code(&secret, 0) })).await;
        let codes = confirmed["confirmSecondFactor"]["recoveryCodes"].as_array().unwrap();
        let recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        Self { secret, recovery_codes }
    }
}

/// What the app shows in so many seconds.
pub(super) fn code(secret: &str, seconds: i32) -> String {
    let app = Command::new("python3").args(["-c", APP, secret, &seconds.to_string()]).output().unwrap();
    assert!(app.status.success(), "{}", String::from_utf8_lossy(&app.stderr));
    String::from_utf8(app.stdout).unwrap().trim().to_owned()
}

/// Gives e-mail and password; answers the half-session.
pub(super) async fn first_step(server: &Server, email: &str, password: &str) -> Caller {
    let response = sign_in(server, email, password).await;
    assert_eq!(response.status(), 200);
    let half = session(&response);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer, json!({ "needsCode": true, "companies": [] }), "nothing is told yet");
    half
}

pub(super) async fn second_step(server: &Server, half: &Caller, code: &str) -> Result<Caller, (u16, String)> {
    let Caller::Session(cookie) = half else { panic!("a half-session") };
    let request = auth(server, "second-step", &json!({ "code": code })).header(ORIGIN, server.url());
    let response = request.header(COOKIE, cookie).send().await.unwrap();
    if response.status() == 200 {
        return Ok(session(&response));
    }
    assert!(!response.headers().contains_key(SET_COOKIE));
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    Err((status, answer["error"]["code"].as_str().unwrap().to_owned()))
}

fn refused(code: &str) -> (u16, String) {
    let status = if code == "TOO_MANY_ATTEMPTS" { 429 } else { 401 };
    (status, code.to_owned())
}

/// The code of what a person got wrong; empty when nothing.
fn wrong(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_password_alone_opens_nothing_any_more() {
    let server = Server::start();
    let grace = session(&sign_up(&server, &hopper()).await);
    let elsewhere = session(&sign_in(&server, "grace@example.com", PASSWORD).await);
    assert_eq!(grace.query(&server, OWN, json!({})).await["viewer"]["secondFactor"], Value::Null);
    let factor = Factor::set_up(&server, &grace, PASSWORD).await;
    assert_eq!(viewer(&server, &elsewhere).await.0, 401, "what was begun without a code has ended");
    assert_eq!(viewer(&server, &grace).await.0, 200);
    let own = grace.query(&server, OWN, json!({})).await;
    assert_eq!(own["viewer"]["secondFactor"]["recoveryCodesLeft"], 10);

    let half = first_step(&server, "grace@example.com", PASSWORD).await;
    // Nothing anywhere, and it says why.
    let answer = half.ask(&server, "{ viewer { user { email } } }", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "MFA_REQUIRED"));
    let export = Export::get(&server, &half, "format=csv").await;
    assert_eq!((export.status, export.code().as_str()), (401, "MFA_REQUIRED"));
    let mut socket = Socket::of_browser(&server, &half).await;
    assert_eq!(socket.closed().await, 4_403, "no live updates");
    // A link that needs somebody who is signed in takes it for nobody.
    let request = auth(&server, "accept-invitation", &json!({ "link": "x" })).header(ORIGIN, server.url());
    let Caller::Session(cookie) = &half else { panic!("a half-session") };
    assert_eq!(request.header(COOKIE, cookie).send().await.unwrap().status(), 401);

    let next = code(&factor.secret, 30);
    let signed_in = second_step(&server, &half, &next).await.unwrap();
    assert_eq!(viewer(&server, &signed_in).await.0, 200);
    let (Caller::Session(before), Caller::Session(after)) = (&half, &signed_in) else { panic!("sessions") };
    assert_ne!(before, after, "another id");
    assert_eq!(second_step(&server, &half, &next).await.err(), Some(refused("SIGN_IN_AGAIN")), "it is over");

    let half = first_step(&server, "grace@example.com", PASSWORD).await;
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    for (shown, what) in [
        (next.as_str(), "used before"),
        (&spaced, "the same with a space"),
        (&code(&factor.secret, 0), "older than one that was used"),
        (&code(&factor.secret, -90), "of long ago"),
        (&code(&factor.secret, 120), "of later"),
        ("", "nothing"),
        ("1234567", "too long"),
    ] {
        assert_eq!(second_step(&server, &half, shown).await.err(), Some(refused("BAD_CODE")), "{what}");
    }
    // Signing out ends a half-session too.
    let out = auth(&server, "sign-out", &json!({})).header(ORIGIN, server.url());
    let Caller::Session(cookie) = &half else { panic!("a half-session") };
    assert_eq!(out.header(COOKIE, cookie).send().await.unwrap().status(), 204);
    assert_eq!(second_step(&server, &half, "123456").await.err(), Some(refused("SIGN_IN_AGAIN")));
}

#[tokio::test]
async fn recovery_codes_open_once_each() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let grace = session(&sign_up(&server, &hopper()).await);
    let factor = Factor::set_up(&server, &grace, PASSWORD).await;
    assert_eq!(factor.recovery_codes.len(), 10);
    let [first, second, third, ..] = factor.recovery_codes.as_slice() else { panic!("ten codes") };
    let half = async || first_step(&server, "grace@example.com", PASSWORD).await;
    let typed = format!(" {} ", first.to_uppercase().replace('-', " "));
    assert!(second_step(&server, &half().await, &typed).await.is_ok(), "however it is typed");
    assert_eq!(second_step(&server, &half().await, first).await.err(), Some(refused("BAD_CODE")), "once");
    // Shown in many places at once, it opens one.
    let mut halves = Vec::new();
    for _ in 0..6 {
        halves.push(half().await);
    }
    let tries = halves.iter().map(|half| second_step(&server, half, second));
    let opened = futures_util::future::join_all(tries).await.iter().filter(|opened| opened.is_ok()).count();
    assert_eq!(opened, 1);
    let left = grace.query(&server, OWN, json!({})).await;
    assert_eq!(left["viewer"]["secondFactor"]["recoveryCodesLeft"], 8);
    // The database has nothing that opens: not the codes, and not what codes are made from.
    let dump = psql(
        &url,
        "SELECT encode(code_hash, 'escape'), encode(code_hash, 'hex') FROM recovery_codes
        UNION ALL SELECT encode(secret, 'escape'), encode(secret, 'hex') FROM second_factors",
    )
    .unwrap();
    for code in &factor.recovery_codes {
        assert!(!dump.contains(&code.replace('-', "")) && !dump.contains(code.as_str()));
    }
    assert!(!dump.contains(&factor.secret));

    let replaced = grace.query(&server, REPLACE, json!({ "password": "wrong horse" })).await;
    assert_eq!(wrong(&replaced["replaceRecoveryCodes"]), "BAD_CREDENTIALS");
    let replaced = grace.query(&server, REPLACE, json!({ "password": PASSWORD })).await;
    let new = replaced["replaceRecoveryCodes"]["recoveryCodes"][0].as_str().unwrap().to_owned();
    assert_eq!(second_step(&server, &half().await, third).await.err(), Some(refused("BAD_CODE")), "replaced");
    assert!(second_step(&server, &half().await, &new).await.is_ok());
}

#[tokio::test]
async fn it_is_set_up_and_ended_with_the_password_only() {
    let server = Server::start();
    let grace = session(&sign_up(&server, &hopper()).await);
    let ask = async |query: &str, variables: Value| {
        let mut data = grace.query(&server, query, variables).await;
        data.as_object_mut().unwrap().values_mut().next().unwrap().take()
    };
    let begun = ask(BEGIN, json!({ "password": "wrong horse" })).await;
    let nothing = json!({ "otpauthUrl": null, "secret": null,
        "userErrors": [{ "field": ["password"], "code": "BAD_CREDENTIALS" }] });
    assert_eq!(begun, nothing);
    assert_eq!(wrong(&ask(CONFIRM, json!({ "code": "123456" })).await), "SECOND_FACTOR_OFF");
    assert_eq!(wrong(&ask(END, json!({ "password": PASSWORD })).await), "SECOND_FACTOR_OFF");
    assert_eq!(wrong(&ask(REPLACE, json!({ "password": PASSWORD })).await), "SECOND_FACTOR_OFF");

    let first = ask(BEGIN, json!({ "password": PASSWORD })).await["secret"].as_str().unwrap().to_owned();
    // Begun is not confirmed: nothing is asked for, and it can be begun again.
    assert_eq!(
        sign_in(&server, "grace@example.com", PASSWORD).await.json::<Value>().await.unwrap()["needsCode"],
        false
    );
    let begun = ask(BEGIN, json!({ "password": PASSWORD })).await;
    let secret = begun["secret"].as_str().unwrap();
    let url = begun["otpauthUrl"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/Trunkline:") && url.contains(secret), "{url}");
    assert!(url.contains("issuer=Trunkline") && url.contains("Grace%40Example.com"), "{url}");
    assert_ne!(first, secret);
    assert_eq!(
        wrong(&ask(CONFIRM, json!({ "code": code(&first, 0) })).await),
        "BAD_CODE",
        "of the one before"
    );
    assert_eq!(ask(CONFIRM, json!({ "code": code(secret, 0) })).await["userErrors"], json!([]));
    assert_eq!(wrong(&ask(BEGIN, json!({ "password": PASSWORD })).await), "SECOND_FACTOR_ON");
    assert_eq!(wrong(&ask(CONFIRM, json!({ "code": code(secret, 30) })).await), "SECOND_FACTOR_ON");

    assert_eq!(wrong(&ask(END, json!({ "password": "wrong horse" })).await), "BAD_CREDENTIALS");
    assert_eq!(ask(END, json!({ "password": PASSWORD })).await, json!({ "isEnded": true, "userErrors": [] }));
    let signed_in = sign_in(&server, "grace@example.com", PASSWORD).await;
    assert_eq!(viewer(&server, &session(&signed_in)).await.0, 200);
    let subjects: Vec<_> = mailbox(&server).iter().map(|mail| mail["subject"].clone()).collect();
    assert_eq!(
        subjects,
        ["Confirm your e-mail address"],
        "an address that is not proven is told nothing of it"
    );
    // A key has no second factor, and none of this is for it.
    let company = Company::create(&server, "Other Lines");
    let answer = company.ask(&server, BEGIN, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.code(), "PEOPLE_ONLY");
}

#[tokio::test]
async fn whoever_has_proven_their_address_is_told_what_is_changed() {
    const CHANGE: &str = "mutation($new: String!, $password: String!) {
        changePassword(input: { currentPassword: $password, newPassword: $new }) { userErrors { code } } }";
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let password = "a quiet staircase";
    Factor::set_up(&server, &owner, password).await;
    for (change, new) in [(REPLACE, ""), (END, ""), (CHANGE, "another good one")] {
        let asked = json!({ "password": password, "new": new });
        let data = owner.query(&server, change, asked).await;
        assert_eq!(data.as_object().unwrap().values().next().unwrap()["userErrors"], json!([]));
    }
    let mails = mailbox(&server);
    let subjects: Vec<_> = mails.iter().rev().map(|mail| mail["subject"].as_str().unwrap()).collect();
    assert_eq!(
        subjects,
        [
            "Your second factor was turned on",
            "Your recovery codes were replaced",
            "Your second factor was turned off",
            "Your password was changed"
        ]
    );
    for mail in mails {
        let text = mail["text"].as_str().unwrap();
        assert_eq!(mail["to"], company.owner_email.as_str());
        assert!(text.contains("from 127.0.0.1.") && text.contains("/forgot-password\n"), "{text}");
    }
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let server = Server::start();
    let grace = session(&sign_up(&server, &hopper()).await);
    let factor = Factor::set_up(&server, &grace, PASSWORD).await;
    for guess in 0..10 {
        // With a half-session of its own each time: the account is what counts.
        let half = first_step(&server, "grace@example.com", PASSWORD).await;
        let shown = format!("{guess:04}-0000-0000-0000");
        assert_eq!(
            second_step(&server, &half, &shown).await.err(),
            Some(refused("BAD_CODE")),
            "guess {guess}"
        );
    }
    let half = first_step(&server, "grace@example.com", PASSWORD).await;
    for right in [code(&factor.secret, 30), factor.recovery_codes[0].clone()] {
        assert_eq!(second_step(&server, &half, &right).await.err(), Some(refused("TOO_MANY_ATTEMPTS")));
    }
    // Who is signed in goes on, and nobody else waits.
    assert_eq!(viewer(&server, &grace).await.0, 200);
    let ada = json!({ "companyName": "Other", "email": "ada@example.com", "password": PASSWORD });
    let ada = session(&sign_up(&server, &ada).await);
    Factor::set_up(&server, &ada, PASSWORD).await;
}

#[tokio::test]
async fn a_new_password_ends_half_sessions() {
    let server = Server::start();
    let grace = session(&sign_up(&server, &hopper()).await);
    let factor = Factor::set_up(&server, &grace, PASSWORD).await;
    let half = first_step(&server, "grace@example.com", PASSWORD).await;
    let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { endedCount } }";
    let input = json!({ "currentPassword": PASSWORD, "newPassword": "another quiet staircase" });
    grace.query(&server, change, json!({ "input": input })).await;
    let shown = code(&factor.secret, 30);
    assert_eq!(second_step(&server, &half, &shown).await.err(), Some(refused("SIGN_IN_AGAIN")));
    let half = first_step(&server, "grace@example.com", "another quiet staircase").await;
    assert!(second_step(&server, &half, &shown).await.is_ok(), "the code was not used up");
}

#[tokio::test]
async fn a_company_that_asks_for_one_is_shut_to_who_has_none() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let ada = join(&server, &owner, "ada@example.com", "ADMIN").await;
    let bob = join(&server, &owner, "bob@example.com", "VIEWER").await;
    let require = async |caller: &Caller, from: Value| {
        caller.query(&server, REQUIRE, json!({ "from": from })).await["requireSecondFactor"].take()
    };
    let now = json!("2020-01-01T00:00:00Z");
    assert_eq!(wrong(&require(&owner, now.clone()).await), "SET_UP_FIRST");
    Factor::set_up(&server, &owner, "a quiet staircase").await;
    assert_eq!(wrong(&require(&owner, json!("2099-01-01T00:00:00Z")).await), "INVALID");
    let refused = bob.ask(&server, REQUIRE, json!({ "from": now })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(
        bob.ask(&server, "{ company { secondFactorRule { requiredFrom } } }", json!({})).await.code(),
        "FORBIDDEN"
    );

    // From a day on: until then everything goes on, and one sees who has to hurry.
    // In a week, when this session ends.
    let sessions = owner.query(&server, "{ viewer { sessions { expiresAt } } }", json!({})).await;
    let soon = sessions["viewer"]["sessions"][0]["expiresAt"].clone();
    let rule = require(&owner, soon).await["company"]["secondFactorRule"].take();
    assert_eq!(rule["missing"], json!([{ "email": "ada@example.com" }, { "email": "bob@example.com" }]));
    assert_eq!(viewer(&server, &ada).await.0, 200);
    assert!(ada.query(&server, "{ company { name } }", json!({})).await["company"]["name"].is_string());

    let mut watching = Socket::of_browser(&server, &ada).await;
    watching.subscribe("all", "subscription { callChanged { callId } }", json!({})).await;
    require(&owner, now).await;
    // Open connections end, and the company is as if it were not there.
    assert_eq!(watching.closed().await, 4_403);
    let barred = "{ company { name } viewer { companies { name } barredCompanies { slug name } } }";
    for person in [&ada, &bob] {
        let data = person.query(&server, barred, json!({})).await;
        let there = json!([{ "slug": company.slug, "name": "Hopper Lines" }]);
        assert_eq!(data, json!({ "company": null, "viewer": { "companies": [], "barredCompanies": there } }));
        let by_id = format!("{{ node(id: \"{}\") {{ id }} company(id: \"{0}\") {{ id }} }}", company.id);
        assert_eq!(person.query(&server, &by_id, json!({})).await, json!({ "node": null, "company": null }));
        let invite = "mutation { inviteMember(input: { email: \"x@example.com\", role: VIEWER }) { invitation { id } } }";
        assert_eq!(person.ask(&server, invite, json!({})).await.code(), "BAD_INPUT");
        assert_ne!(Export::get(&server, person, "format=csv").await.status, 200);
    }
    let signed_in: Value = sign_in(&server, "bob@example.com", PASSWORD).await.json().await.unwrap();
    assert_eq!(signed_in["companies"], json!([]));
    assert_eq!(signed_in["barredCompanies"][0]["slug"], company.slug.as_str());
    // Programs go on, and so does who has one.
    assert!(company.query(&server, "{ company { name } }", json!({})).await["company"]["name"].is_string());
    assert!(owner.query(&server, "{ company { name } }", json!({})).await["company"]["name"].is_string());
    // Setting one up is what they can do, and it opens the company at once.
    Factor::set_up(&server, &ada, PASSWORD).await;
    let data =
        ada.query(&server, "{ company { name audit(first: 1) { nodes { action } } } }", json!({})).await;
    assert_eq!(data["company"]["audit"]["nodes"][0]["action"], "SECOND_FACTOR_REQUIRED");
    // Lifted, it opens for everybody.
    assert_eq!(require(&ada, Value::Null).await["userErrors"], json!([]));
    assert!(bob.query(&server, "{ company { name } }", json!({})).await["company"]["name"].is_string());
}
