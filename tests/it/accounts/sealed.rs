//! Proves that what the database keeps is worth nothing without the master key, and that the keys in between can be
//! replaced while everything goes on.

use std::process::Command;
use std::sync::Arc;

use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use super::factor::{Factor, code, first_step, second_step};
use super::sso::provide;
use super::{PASSWORD, auth, hopper, session, sign_up, viewer};
use crate::support::database::{program, psql};
use crate::support::openid::CLIENT_SECRET;
use crate::support::postbox::{link_of, mailbox};
use crate::support::{Caller, Company, Database, Event, Server, Start, eventually};

/// The keys of what is sealed in the database, but for what was refused.
const HEADS: &str = "SELECT DISTINCT encode(substr(sealed, 2, 4), 'hex') FROM (
    SELECT secret FROM endpoints UNION ALL SELECT previous_secret FROM endpoints WHERE previous_secret IS NOT NULL
    UNION ALL SELECT client_secret FROM single_sign_on
    UNION ALL SELECT secret FROM second_factors UNION ALL SELECT sealed FROM mails) AS all_of_it (sealed)";
const NEWEST: &str = "SELECT encode(key_id, 'hex') FROM sealing_keys ORDER BY seals_from DESC LIMIT 1";
const SECRET: &str = "mutation($secret: String!) {
    replaceEndpointSecret(input: { secret: $secret }) { userErrors { code } } }";

/// A company that was used: everything that opens something has been made.
struct Used {
    company: Company,
    owner: Caller,
    factor: Factor,
    /// Everything that opens something.
    open: Vec<String>,
}

impl Used {
    async fn new(server: &Server) -> Self {
        let company = Company::create(server, "Lovelace Ltd");
        let owner = session(&sign_up(server, &hopper()).await);
        provide(server, &owner).await;
        let factor = Factor::set_up(server, &owner, PASSWORD).await;
        let half = first_step(server, "grace@example.com", PASSWORD).await;
        // Who makes keys has proven their address.
        let link = link_of(mailbox(server).last().unwrap());
        let proven = auth(server, "verify-email", &json!({ "link": link }));
        assert_eq!(proven.header(ORIGIN, server.url()).send().await.unwrap().status(), 204);
        let asked = auth(server, "request-password-reset", &json!({ "email": "grace@example.com" }));
        assert_eq!(asked.header(ORIGIN, server.url()).send().await.unwrap().status(), 202);
        assert_eq!(company.post(server, "eyJub2JvZHkn.signed.this-one").await.0, 401);
        let made = owner
            .query(
                server,
                "mutation { createApiKey(input: { name: \"x\", scopes: [ADMIN] }) { secret } }",
                json!({}),
            )
            .await;
        let mails = eventually(async || {
            let mails = mailbox(server);
            if mails.len() == 2 { Ok(mails) } else { Err(format!("{} mails", mails.len())) }
        })
        .await;
        let mut open = vec![PASSWORD.to_owned(), company.secret.clone(), company.api_key.clone()];
        open.extend([factor.secret.clone(), made["createApiKey"]["secret"].as_str().unwrap().to_owned()]);
        open.extend(factor.recovery_codes.iter().cloned());
        open.extend(mails.iter().map(link_of));
        open.extend([&owner, &half].map(|caller| {
            let Caller::Session(cookie) = caller else { panic!("a session") };
            cookie.split_once('=').unwrap().1.to_owned()
        }));
        open.extend(["eyJub2JvZHkn.signed.this-one".to_owned(), CLIENT_SECRET.to_owned()]);
        Self { company, owner, factor, open }
    }
}

/// As the database may keep a text: itself, its bytes in hexadecimal digits, and without what only helps people read it.
fn forms(text: &str) -> Vec<String> {
    let plain = text.replace(['-', ' '], "");
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    vec![text.to_owned(), hex(text), hex(&plain), plain]
}

/// The bytes of a base 32 text, as an authenticator app reads it, in hexadecimal digits.
fn base32_hex(text: &str) -> String {
    let program = "import base64, sys; print(base64.b32decode(sys.argv[1]).hex())";
    let output = Command::new("python3").args(["-c", program, text]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_copy_of_the_database_opens_nothing() {
    let database = Database::new();
    let server = Server::start_on(Start::At(database.url()));
    let used = Used::new(&server).await;
    let dump = Command::new(program("pg_dump")).args(["--inserts", "--dbname", &database.url()]).output();
    let dump = dump.unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8_lossy(&dump.stdout).to_lowercase();
    // What may be read is there, as text and as bytes, so what is not found is not there.
    assert!(dump.contains("lovelace ltd") && dump.contains("grace@example.com"));
    let head = psql(&database.url(), "SELECT encode(secret, 'hex') FROM endpoints LIMIT 1").unwrap();
    assert!(dump.contains(head.trim()));
    let master = std::fs::read_to_string(server.data_dir().join("data/master.key")).unwrap();
    for text in used.open.iter().map(String::as_str).chain([master.trim()]) {
        for form in forms(text) {
            assert!(!dump.contains(&form.to_lowercase()), "{form} is in the database");
        }
    }
    assert!(!dump.contains(&base32_hex(&used.factor.secret)));
    assert_eq!(viewer(&server, &used.owner).await.0, 200);
}

/// Runs `trunkline keys …` while events arrive, all of which are taken.
async fn keys(server: &Arc<Server>, company: &Company, command: &'static str, calls: &mut u32) -> Value {
    let runner = Arc::clone(server);
    let run = tokio::task::spawn_blocking(move || runner.run(&["keys", command, "--format", "json"]));
    while !run.is_finished() {
        *calls += 1;
        company.deliver(server, Event::new(1_000 + *calls, "hangup").payload()).await;
        tokio::task::yield_now().await;
    }
    let output = run.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn keys_are_replaced_while_everything_goes_on() {
    let database = Database::new();
    let url = database.url();
    let server = Arc::new(Server::start_on(Start::At(url.clone())));
    let used = Used::new(&server).await;
    let company = Company { secret: "another quiet staircase".to_owned(), ..used.company.clone() };
    let owner = used.company.owner(&server).await;
    let replaced = owner.query(&server, SECRET, json!({ "secret": company.secret })).await;
    assert_eq!(replaced["replaceEndpointSecret"]["userErrors"], json!([]));
    let mut calls = 0;
    let first = psql(&url, HEADS).unwrap();
    assert_eq!(first.lines().count(), 1);
    let mut before = first;
    // Two secrets and the other company's, its provider's, the second factor, two mails; then another company's secret and
    // mail too.
    for (kept, values) in [("1", 7), ("2", 9)] {
        let rotated = keys(&server, &company, "rotate", &mut calls).await;
        assert_eq!(rotated["sealedAgain"], values);
        let now = psql(&url, HEADS).unwrap();
        assert_eq!((now.trim(), now == before), (psql(&url, NEWEST).unwrap().trim(), false));
        before = now;
        assert_eq!(psql(&url, "SELECT count(*) FROM sealing_keys").unwrap().trim(), kept);
        // The server that was there all the time seals with it too.
        let email = format!("someone{kept}@example.com");
        let someone = json!({ "companyName": "Later", "email": email, "password": PASSWORD });
        assert_eq!(sign_up(&server, &someone).await.status(), 201);
        eventually(async || {
            let mails = mailbox(&server);
            if mails[0]["to"] == email.as_str() { Ok(()) } else { Err(format!("{mails:?}")) }
        })
        .await;
        assert_eq!(psql(&url, HEADS).unwrap(), before);
        assert_eq!(company.post(&server, format!("nobody.signed.this{kept}")).await.0, 401);
        // Both secrets are good, and so is the second factor.
        let previous = Company { secret: used.company.secret.clone(), ..company.clone() };
        previous.deliver(&server, Event::new(7, &format!("state{kept}")).payload()).await;
        psql(&url, "UPDATE second_factors SET last_step = 0, tries = 0").unwrap();
        let half = first_step(&server, "grace@example.com", PASSWORD).await;
        second_step(&server, &half, &code(&used.factor.secret, 0)).await.unwrap();
    }
    let forgotten = keys(&server, &company, "forget", &mut calls).await;
    assert_eq!(
        (&forgotten["forgotten"], &forgotten["kept"]),
        (&json!(0), &json!(1)),
        "something refused needs it"
    );
    psql(&url, "DELETE FROM deliveries WHERE encoding = 2").unwrap();
    let forgotten = keys(&server, &company, "forget", &mut calls).await;
    assert_eq!((&forgotten["forgotten"], &forgotten["kept"]), (&json!(1), &json!(0)));
    assert_eq!(psql(&url, "SELECT count(*) FROM sealing_keys").unwrap().trim(), "1");
    // A process that begins now knows the newest key only.
    assert!(!mailbox(&server).is_empty());
    company.deliver(&server, Event::new(8, "hangup").payload()).await;
}

#[tokio::test]
async fn a_key_stays_while_something_cannot_be_opened() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    Company::create(&server, "Hopper Lines");
    psql(&url, "UPDATE endpoints SET secret = '\\x01020304050607080910111213141516171819202122232425262728'")
        .unwrap();
    let output = server.run(&["keys", "forget"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 values can be opened with no key"));
}
