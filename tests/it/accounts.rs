//! Proves how people and programs get in: cookies that browsers keep to us, answers that betray no account, limits on
//! guessing, nothing for other sites; and what the API refuses before it looks at a query.

mod door;
mod email;
mod ending;
mod factor;
mod group_scope;
mod keys;
mod mail;
mod people;
mod sealed;
mod sessions;
mod settings;
mod sso;

use reqwest::header::{CONNECTION, COOKIE, HOST, ORIGIN, SET_COOKIE};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{Caller, Company, Server};

const PASSWORD: &str = "correct horse battery";

fn auth(server: &Server, route: &str, body: &Value) -> RequestBuilder {
    server.http().post(format!("{}/auth/{route}", server.url())).json(body)
}

async fn sign_up(server: &Server, body: &Value) -> Response {
    auth(server, "sign-up", body).header(ORIGIN, server.url()).send().await.unwrap()
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password });
    auth(server, "sign-in", &body).header(ORIGIN, server.url()).send().await.unwrap()
}

fn hopper() -> Value {
    json!({ "companyName": "Hopper Lines", "email": "Grace@Example.com", "password": PASSWORD,
        "timeZone": "America/New_York" })
}

/// The session of an answer, as a browser sends it back.
fn session(response: &Response) -> Caller {
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    Caller::Session(cookie.split(';').next().unwrap().to_owned())
}

async fn viewer(server: &Server, caller: &Caller) -> (u16, String) {
    let answer =
        caller.ask(server, "{ viewer { user { email } } company { name timeZone } }", json!({})).await;
    (answer.status.as_u16(), answer.text)
}

#[tokio::test]
async fn a_session_begins_with_signing_up_and_ends_with_signing_out() {
    let server = Server::start();
    let signed_up = sign_up(&server, &hopper()).await;
    assert_eq!(signed_up.status(), 201);
    let first = session(&signed_up);
    let made: Value = signed_up.json().await.unwrap();
    assert_eq!(made, json!({ "company": { "slug": "hopper-lines", "name": "Hopper Lines" } }));
    let data = first
        .query(&server, "{ viewer { user { email } } company { slug timeZone viewerRole } }", json!({}))
        .await;
    assert_eq!(data["viewer"]["user"]["email"], "Grace@Example.com");
    let company = json!({ "slug": "hopper-lines", "timeZone": "America/New_York", "viewerRole": "OWNER" });
    assert_eq!(data["company"], company);

    let signed_in = sign_in(&server, "  GRACE@example.COM ", PASSWORD).await;
    assert_eq!(signed_in.status(), 200);
    let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let attributes: Vec<_> = cookie.split("; ").collect();
    assert!(attributes[0].starts_with("__Host-") && attributes[0].len() > 60, "{cookie}");
    let mut rest = attributes[1..].to_vec();
    rest.sort_unstable();
    assert_eq!(
        rest,
        ["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax", "Secure"],
        "no Domain: {cookie}"
    );
    let second = session(&signed_in);
    assert_eq!(signed_in.json::<Value>().await.unwrap()["companies"], json!([made["company"]]));

    let Caller::Session(cookie) = &second else { panic!("a session") };
    let out = auth(&server, "sign-out", &json!({})).header(ORIGIN, server.url()).header(COOKIE, cookie);
    let out = out.send().await.unwrap();
    assert_eq!(out.status(), 204);
    let gone = out.headers()[SET_COOKIE].to_str().unwrap();
    assert!(gone.starts_with("__Host-trunkline=; ") && gone.contains("Max-Age=0"), "{gone}");
    assert!(out.headers().contains_key("clear-site-data"));
    assert_eq!(viewer(&server, &second).await.0, 401, "the session is over");
    assert_eq!(viewer(&server, &first).await.0, 200, "the other one is not");
    // Signing out twice, or without a session, is no error.
    for cookie in [cookie.as_str(), "__Host-trunkline=nonsense", "other=1"] {
        let out = auth(&server, "sign-out", &json!({})).header(ORIGIN, server.url()).header(COOKIE, cookie);
        assert_eq!(out.send().await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn a_session_that_was_put_there_is_not_taken_over() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    let planted = "__Host-trunkline=0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjkmnpqrstvwxyz";
    let body = json!({ "email": "grace@example.com", "password": PASSWORD });
    let request = auth(&server, "sign-in", &body).header(ORIGIN, server.url()).header(COOKIE, planted);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let Caller::Session(fresh) = session(&response) else { panic!("a session") };
    assert_ne!(fresh, planted);
    assert_eq!(viewer(&server, &Caller::Session(planted.to_owned())).await.0, 401);
    // One character more, one less, one turned, in capitals, or in another cookie: nobody.
    let value = fresh.strip_prefix("__Host-trunkline=").unwrap();
    let turned = if value.starts_with('0') { "1" } else { "0" };
    for wrong in [
        format!("{fresh}0"),
        fresh[..fresh.len() - 1].to_owned(),
        format!("__Host-trunkline={turned}{}", &value[1..]),
        format!("__Host-trunkline={}", value.to_uppercase()),
        format!("trunkline={value}"),
        format!("__Host-trunkline=\"{value}\""),
    ] {
        assert_eq!(viewer(&server, &Caller::Session(wrong.clone())).await.0, 401, "{wrong}");
    }
    // A session is no bearer token.
    assert_eq!(viewer(&server, &Caller::Key(value.to_owned())).await.0, 401);
    assert_eq!(viewer(&server, &Caller::Session(format!("a=b; {fresh}; c=d"))).await.0, 200);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    let mut answers = Vec::new();
    for (email, password) in [
        ("grace@example.com", "wrong horse battery"),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
        ("grace@example.com", ""),
        ("grace@example.com", &"x".repeat(300)),
        ("", ""),
    ] {
        let response = sign_in(&server, email, password).await;
        assert!(!response.headers().contains_key(SET_COOKIE));
        answers.push((response.status().as_u16(), response.text().await.unwrap()));
    }
    assert_eq!(answers[0].0, 401, "{}", answers[0].1);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // A password is all of its characters.
    let long = "x".repeat(100);
    let body = json!({ "companyName": "Long", "email": "long@example.com", "password": format!("{long}1") });
    assert_eq!(sign_up(&server, &body).await.status(), 201);
    assert_eq!(sign_in(&server, "long@example.com", &format!("{long}2")).await.status(), 401);
    assert_eq!(sign_in(&server, "long@example.com", &format!("{long}1")).await.status(), 200);
}

#[tokio::test]
async fn the_eleventh_failure_waits() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    for failure in 1..=10 {
        assert_eq!(
            sign_in(&server, "grace@example.com", "wrong horse").await.status(),
            401,
            "failure {failure}"
        );
    }
    for (email, password) in [("grace@example.com", "wrong horse"), ("GRACE@example.com", PASSWORD)] {
        let response = sign_in(&server, email, password).await;
        assert_eq!(response.status(), 429);
        assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], "TOO_MANY_ATTEMPTS");
    }
    // An address that somebody claims is not an address.
    let body = json!({ "email": "grace@example.com", "password": PASSWORD });
    let claimed =
        auth(&server, "sign-in", &body).header(ORIGIN, server.url()).header("x-forwarded-for", "192.0.2.77");
    assert_eq!(claimed.send().await.unwrap().status(), 429);
    // Others are not held up, whether they exist or not.
    let other = json!({ "companyName": "Other", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(sign_up(&server, &other).await.status(), 201);
    assert_eq!(sign_in(&server, "ada@example.com", PASSWORD).await.status(), 200);
    for failure in 1..=10 {
        assert_eq!(sign_in(&server, "nobody@example.com", "x").await.status(), 401, "failure {failure}");
    }
    assert_eq!(
        sign_in(&server, "nobody@example.com", "x").await.status(),
        429,
        "as if there were an account"
    );
}

/// What a browser keeps of a device on which somebody signed in.
fn device(response: &Response) -> String {
    let mut kept = response.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let kept = kept.rfind(|cookie| cookie.starts_with("__Host-trunkline-device=")).unwrap();
    assert!(kept.ends_with("; Path=/; Max-Age=7776000; Secure; HttpOnly; SameSite=Lax"), "{kept}");
    kept.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_is_locked_out_by_others_comes_in_on_a_device_of_their_own() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    let own = device(&sign_in(&server, "grace@example.com", PASSWORD).await);
    // Whoever claims the same address has a device too, and of somebody else one is nothing here.
    let claim =
        json!({ "companyName": "Mallory", "email": "grace@example.com", "password": "mallory's words" });
    assert_eq!(sign_up(&server, &claim).await.status(), 201);
    let claimed = device(&sign_in(&server, "grace@example.com", "mallory's words").await);
    let other = json!({ "companyName": "Other", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(sign_up(&server, &other).await.status(), 201);
    let others = device(&sign_in(&server, "ada@example.com", PASSWORD).await);
    let sign_in_on = async |device: &str, password: &str| {
        let body = json!({ "email": "grace@example.com", "password": password });
        let request = auth(&server, "sign-in", &body).header(ORIGIN, server.url()).header(COOKIE, device);
        request.send().await.unwrap().status().as_u16()
    };
    for _ in 0..10 {
        assert_eq!(sign_in(&server, "grace@example.com", "wrong horse").await.status(), 401);
    }
    assert_eq!(sign_in(&server, "grace@example.com", PASSWORD).await.status(), 429);
    let forged = own.replace('=', "=A");
    for nothing in [forged.as_str(), "__Host-trunkline-device=", "__Host-trunkline-device=AAAA"] {
        assert_eq!(sign_in_on(nothing, PASSWORD).await, 429, "{nothing}");
    }
    for nobodys in [&claimed, &others] {
        assert_eq!(sign_in_on(nobodys, PASSWORD).await, 401, "the right password, of another account");
    }
    assert_eq!(sign_in_on(&own, PASSWORD).await, 200);
    assert_eq!(
        sign_in(&server, "grace@example.com", PASSWORD).await.status(),
        429,
        "of others nothing is forgotten"
    );
    // A device that was stolen guesses no faster.
    for _ in 0..10 {
        assert_eq!(sign_in_on(&own, "wrong horse").await, 401);
    }
    assert_eq!(sign_in_on(&own, PASSWORD).await, 429);
}

#[tokio::test]
async fn guesses_made_at_once_are_counted_too() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    let guesses = (0..40).map(|_| {
        let body = json!({ "email": "grace@example.com", "password": "wrong horse" });
        let request = auth(&server, "sign-in", &body).header(ORIGIN, server.url());
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    let mut answers = Vec::new();
    for guess in guesses.collect::<Vec<_>>() {
        answers.push(guess.await.unwrap());
    }
    let checked = answers.iter().filter(|status| **status == 401).count();
    assert!((1..=10).contains(&checked), "{checked} of 40 guesses were checked: {answers:?}");
    // The others were told to wait, or that there is no turn for them.
    assert!(answers.iter().all(|status| [401, 429, 503].contains(status)), "{answers:?}");
}

#[tokio::test]
async fn what_is_typed_is_checked() {
    let server = Server::start();
    let with = |members: Value| {
        let mut body = hopper();
        crate::support::patch(&mut body, members);
        body
    };
    let email = |email: &str| (with(json!({ "email": email })), 400, json!("email"));
    let password = |password: &str| (with(json!({ "password": password })), 400, json!("password"));
    let name = |name: &str| (with(json!({ "companyName": name })), 400, json!("companyName"));
    let cases = [
        email(""),
        email("grace"),
        email("grace@localhost"),
        email("grace@example.com."),
        email("grace@example.com\r\nBcc: x@example.com"),
        email("a@example.com,b@example.com"),
        email("<grace@example.com>"),
        email("\u{212a}ate@example.com"),
        email("gr\u{131}ce@example.com"),
        email(&format!("{}@example.com", "x".repeat(250))),
        password(""),
        password("seven 7"),
        password("password"),
        password("PassWord1"),
        password("12345678"),
        password("hopper lines"),
        password("grace@example.com"),
        password("trunkline2026"),
        password(&"x".repeat(257)),
        name(""),
        name("   "),
        name("https://evil.example"),
        name("<b>Hopper</b>"),
        name(&"x".repeat(101)),
        (with(json!({ "role": "owner" })), 422, Value::Null),
        (json!({}), 422, Value::Null),
        (json!([]), 422, Value::Null),
    ];
    for (body, status, field) in cases {
        let response = sign_up(&server, &body).await;
        assert!(!response.headers().contains_key(SET_COOKIE));
        let got = response.status().as_u16();
        let error: Value = response.json().await.unwrap();
        assert_eq!((got, &error["error"]["field"]), (status, &field), "{body}: {error}");
        assert!(error["error"]["message"].as_str().unwrap().len() > 10, "a sentence: {error}");
    }
    // What is unusual and fine.
    for (at, fine) in
        ["eightchr", "pass phrase of many words and 😀", "\u{0}nul is a character", &"x".repeat(256)]
            .iter()
            .enumerate()
    {
        let body = with(json!({ "email": format!("p{at}@example.com"), "password": fine }));
        assert_eq!(sign_up(&server, &body).await.status(), 201, "{fine}");
        assert_eq!(sign_in(&server, &format!("p{at}@example.com"), fine).await.status(), 200, "{fine}");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_json_are_refused() {
    let server = Server::start();
    let url = |route: &str| format!("{}/auth/{route}", server.url());
    for route in ["sign-up", "sign-in"] {
        // A little above the limit of 8 KiB; the connection ends with it, because the rest may not be read.
        let large = json!({ "email": "grace@example.com", "password": "x".repeat(9_000) });
        let request = auth(&server, route, &large).header(ORIGIN, server.url()).header(CONNECTION, "close");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 413, "{route}");
        for (content_type, body, status) in [
            ("application/x-www-form-urlencoded", "email=a&password=b", 415),
            ("text/plain", "{}", 415),
            ("application/json", "{", 400),
            ("application/json", "", 400),
        ] {
            let request = server
                .http()
                .post(url(route))
                .header("content-type", content_type)
                .header(ORIGIN, server.url());
            assert_eq!(
                request.body(body).send().await.unwrap().status(),
                status,
                "{route} {content_type} {body}"
            );
        }
        assert_eq!(server.http().get(url(route)).send().await.unwrap().status(), 405, "{route}");
    }
}

/// What a browser says about a request that another site made it send.
const CROSS_SITE: [(&str, &str); 6] = [
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("origin", "https://www.app.example.com"),
    ("origin", "https://app.example.com.evil.example"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
];

#[tokio::test]
async fn other_sites_can_do_nothing() {
    let server = Server::start();
    assert_eq!(sign_up(&server, &hopper()).await.status(), 201);
    let Caller::Session(cookie) = session(&sign_in(&server, "grace@example.com", PASSWORD).await) else {
        panic!("a session")
    };
    let credentials = json!({ "email": "grace@example.com", "password": PASSWORD });
    let query = json!({ "query": "{ viewer { user { email } } }" });
    for (name, value) in CROSS_SITE {
        for (route, body) in [
            ("auth/sign-in", &credentials),
            ("auth/sign-up", &hopper()),
            ("auth/sign-out", &json!({})),
            ("graphql", &query),
        ] {
            let request = server.http().post(format!("{}/{route}", server.url())).json(body);
            let request = request.header(HOST, "app.example.com").header(COOKIE, &cookie).header(name, value);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{route} with {name}: {value}");
            assert!(!response.headers().contains_key(SET_COOKIE));
            assert!(response.text().await.unwrap().contains("CROSS_SITE"));
        }
    }
    // A preflight gives nothing away.
    let preflight = server.http().request(reqwest::Method::OPTIONS, server.url() + "/graphql");
    let preflight =
        preflight.header(ORIGIN, "https://evil.example").header("access-control-request-method", "POST");
    let response = preflight.send().await.unwrap();
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")));
    assert!(!response.status().is_success(), "{}", response.status());
    // The session was not ended by any of them.
    assert_eq!(viewer(&server, &Caller::Session(cookie)).await.0, 200);
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let Caller::Session(cookie) = company.owner(&server).await else { panic!("a session") };
    let send = async |query: &str, headers: &[(&str, &str)]| {
        let mut request = server.http().post(server.url() + "/graphql").json(&json!({ "query": query }));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let mutation =
        "mutation { replaceEndpointSecret(input: { secret: \"a secret of somebody else\" }) { warning } }";
    let (own, bearer) = (server.url(), format!("Bearer {}", company.api_key));
    assert_eq!(send(mutation, &[("cookie", &cookie)]).await, 403);
    assert_eq!(send(&format!("# query\n{mutation}"), &[("cookie", &cookie)]).await, 403);
    // Behind a query it is refused before anybody asks where it comes from: one operation at a time.
    let hidden = format!("query A {{ viewer {{ companies {{ id }} }} }} {mutation}");
    assert_eq!(send(&hidden, &[("cookie", &cookie)]).await, 400);
    company.deliver(&server, r#"{"call_id":1}"#).await;
    // Reading is harmless: no other site can see the answer.
    assert_eq!(send("{ viewer { user { email } } }", &[("cookie", &cookie)]).await, 200);
    assert_eq!(send(mutation, &[("cookie", &cookie), ("origin", &own)]).await, 200);
    assert_eq!(send(mutation, &[("cookie", &cookie), ("sec-fetch-site", "same-origin")]).await, 200);
    // A program says who it is by itself; it may not do this, but that is another answer.
    assert_eq!(send(mutation, &[("authorization", &bearer)]).await, 200);
}
