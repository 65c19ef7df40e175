//! Proves what API keys may do and for how long: their scopes, their end, replacing one while both are good, and that a
//! revoked one opens nothing any more.

use std::time::{Duration, Instant};

use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use super::{auth, hopper, session, sign_up};
use crate::support::database::psql;
use crate::support::postbox::{link_of, mailbox};
use crate::support::{Caller, Company, Database, Event, Server, Socket, Start, eventually};

const CREATE: &str = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    apiKey { id name hint scopes createdBy lastUsedAt expiresAt isExpired } secret userErrors { field code } } }";
const ROTATE: &str = "mutation($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
    apiKey { id name scopes } secret replaced { id expiresAt } userErrors { field code } } }";
const REVOKE: &str =
    "mutation($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { revokedApiKeyId userErrors { code } } }";
const KEYS: &str = "{ company { apiKeys { id name hint scopes createdBy lastUsedAt isExpired } } }";
const NAME: &str = "{ company { name } }";
/// What a key has open ends within this time.
const RIGHTS_TIMEOUT: Duration = Duration::from_secs(5);

async fn create(server: &Server, owner: &Caller, name: &str, scopes: &[&str]) -> (Value, Caller) {
    let data = owner.query(server, CREATE, json!({ "input": { "name": name, "scopes": scopes } })).await;
    let payload = &data["createApiKey"];
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    (payload["apiKey"].clone(), Caller::Key(payload["secret"].as_str().unwrap().to_owned()))
}

/// What each scope lets a key do, of what there is to do.
#[tokio::test]
async fn a_key_does_what_its_scopes_say() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    company.deliver(&server, Event::new("700", "hangup").payload()).await;
    eventually(async || {
        let ids = company.call_ids(&server, json!({})).await;
        if ids == ["700"] { Ok(()) } else { Err(format!("{ids:?}")) }
    })
    .await;
    let questions = [
        "{ company { calls { nodes { callId } } } }",
        "{ company { calls { nodes { events { nodes { state } } } } } }",
        "{ company { deliveries { nodes { outcome } } } }",
        "{ company { deliveries { nodes { call { callId } } } } }",
        "{ company { changes { nodes { changedAt } } } }",
        "{ company { apiKeys { id } } }",
        "{ company { audit { nodes { number } } } }",
    ];
    for (scopes, allowed) in [
        (vec!["CALLS_READ"], [true, false, false, false, true, false, false]),
        (vec!["EVENTS_READ"], [false; 7]),
        (vec!["CALLS_READ", "EVENTS_READ"], [true, true, false, false, true, false, false]),
        (vec!["DELIVERIES_READ"], [false, false, true, false, false, false, false]),
        (vec!["EXPORT"], [false; 7]),
        (vec!["ADMIN"], [true; 7]),
    ] {
        let (listed, key) = create(&server, &owner, "a program", &scopes).await;
        assert_eq!(listed["scopes"], json!(scopes));
        for (question, allowed) in questions.into_iter().zip(allowed) {
            let answer = key.ask(&server, question, json!({})).await;
            assert_eq!(answer.code(), if allowed { "" } else { "FORBIDDEN" }, "{scopes:?}: {question}");
        }
        let may_export = scopes.contains(&"EXPORT") || scopes.contains(&"ADMIN");
        let export = server.http().get(server.url() + "/api/export?format=jsonl");
        let status = key.signed(&server, export).send().await.unwrap().status().as_u16();
        assert_eq!(status, if may_export { 200 } else { 403 }, "{scopes:?}");
        // No key makes another.
        let input = json!({ "input": { "name": "another", "scopes": ["ADMIN"] } });
        assert_eq!(key.ask(&server, CREATE, input).await.code(), "PEOPLE_ONLY");
    }
}

#[tokio::test]
async fn a_key_is_listed_replaced_and_revoked() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let owner = company.owner(&server).await;
    let (made, old) = create(&server, &owner, "  nightly copy ", &["CALLS_READ"]).await;
    let Caller::Key(secret) = &old else { panic!("a key") };
    assert_eq!((&made["name"], &made["createdBy"]), (&json!("nightly copy"), &json!(company.owner_email)));
    assert!(secret.starts_with(made["hint"].as_str().unwrap()) && made["lastUsedAt"].is_null());
    assert_eq!(old.ask(&server, NAME, json!({})).await.status, 200);
    let listed = owner.query(&server, KEYS, json!({})).await["company"]["apiKeys"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 2, "and the one that was made with the company");
    assert!(listed[0]["lastUsedAt"].is_string() && listed[1]["scopes"].is_null());
    assert!(!listed.to_string().contains(secret.as_str()));

    let rotate = |id: &Value, hours: i32| json!({ "input": { "apiKeyId": id, "overlapHours": hours } });
    for (id, hours, field) in
        [(&json!("x"), 1, "apiKeyId"), (&made["id"], 169, "overlapHours"), (&made["id"], -1, "overlapHours")]
    {
        let refused = owner.query(&server, ROTATE, rotate(id, hours)).await["rotateApiKey"].clone();
        assert_eq!((&refused["secret"], &refused["userErrors"][0]["field"]), (&Value::Null, &json!([field])));
    }
    let foreign = other.owner(&server).await.query(&server, ROTATE, rotate(&made["id"], 1)).await;
    assert_eq!(foreign["rotateApiKey"]["userErrors"][0]["code"], "NOT_FOUND");
    let rotated = owner.query(&server, ROTATE, rotate(&made["id"], 24)).await["rotateApiKey"].clone();
    assert_eq!((&rotated["apiKey"]["name"], &rotated["apiKey"]["scopes"]), (&made["name"], &made["scopes"]));
    assert!(rotated["replaced"]["expiresAt"].is_string());
    let new = Caller::Key(rotated["secret"].as_str().unwrap().to_owned());
    assert_eq!(
        (old.ask(&server, NAME, json!({})).await.status, new.ask(&server, NAME, json!({})).await.status),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    psql(&url, "UPDATE api_keys SET expires_at = now() WHERE expires_at IS NOT NULL").unwrap();
    // Behind the server's back, so that it may know the key a moment longer.
    eventually(async || match old.ask(&server, NAME, json!({})).await.status.as_u16() {
        401 => Ok(()),
        status => Err(format!("a key that has run out is answered {status}")),
    })
    .await;
    assert_eq!(new.ask(&server, NAME, json!({})).await.status, 200);

    let foreign =
        other.owner(&server).await.query(&server, REVOKE, json!({ "id": rotated["apiKey"]["id"] })).await;
    assert_eq!(foreign["revokeApiKey"]["userErrors"][0]["code"], "NOT_FOUND");
    let revoked = owner.query(&server, REVOKE, json!({ "id": rotated["apiKey"]["id"] })).await;
    assert_eq!(
        revoked["revokeApiKey"],
        json!({ "revokedApiKeyId": rotated["apiKey"]["id"], "userErrors": [] })
    );
    assert_eq!(new.ask(&server, NAME, json!({})).await.status, 401);
    let log = "{ company { audit { nodes { action subject } } } }";
    let log = owner.query(&server, log, json!({})).await["company"]["audit"]["nodes"].clone();
    let actions: Vec<_> = log.as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["API_KEY_REVOKED", "API_KEY_ROTATED", "API_KEY_CREATED"]);
    assert!(!log.to_string().contains(secret.as_str()));
}

#[tokio::test]
async fn what_a_key_has_open_ends_with_it() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let mut socket = Socket::of(&server, &company).await;
    socket.subscribe("all", "subscription { callChanged { callId } }", json!({})).await;
    let id = owner.query(&server, KEYS, json!({})).await["company"]["apiKeys"][0]["id"].clone();
    owner.query(&server, REVOKE, json!({ "id": id })).await;
    let begun = Instant::now();
    assert_eq!(socket.closed().await, 4_403);
    assert!(begun.elapsed() < RIGHTS_TIMEOUT, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_typed_for_a_key_is_checked() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    for (input, field) in [
        (json!({ "name": " ", "scopes": ["EXPORT"] }), "name"),
        (json!({ "name": "x".repeat(61), "scopes": ["EXPORT"] }), "name"),
        (json!({ "name": "a\nb", "scopes": ["EXPORT"] }), "name"),
        (json!({ "name": "a", "scopes": [] }), "scopes"),
        (json!({ "name": "a", "scopes": ["EXPORT"], "expiresAt": "2020-01-01T00:00:00Z" }), "expiresAt"),
    ] {
        let payload = owner.query(&server, CREATE, json!({ "input": input })).await["createApiKey"].clone();
        assert_eq!(payload["userErrors"], json!([{ "field": [field], "code": "INVALID" }]), "{input}");
        assert!(payload["secret"].is_null() && payload["apiKey"].is_null());
    }
}

#[tokio::test]
async fn a_key_with_networks_is_good_from_there_only() {
    let mut server = Server::prepared(Start::Fresh);
    server.set_variable("TRUNKLINE_TRUSTED_PROXIES", Some("127.0.0.0/8, ::1".to_owned()));
    server.begin();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let create = async |networks: Value| {
        let input = json!({ "name": "a program", "scopes": ["CALLS_READ", "EXPORT"], "networks": networks });
        let query = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
            apiKey { id networks } secret userErrors { field code message } } }";
        owner.query(&server, query, json!({ "input": input })).await["createApiKey"].take()
    };
    let refused = create(json!(["192.0.2.0/24", "somewhere"])).await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["networks"]));
    assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("somewhere"), "{refused}");
    let made = create(json!(["192.0.2.77/24", "2001:db8::1"])).await;
    assert_eq!(made["apiKey"]["networks"], json!(["192.0.2.0/24", "2001:db8::1/128"]));
    let key = Caller::Key(made["secret"].as_str().unwrap().to_owned());
    let ask = async |key: &Caller, path: &str, from: &str| {
        let request = server.http().post(server.url() + path).header("content-type", "application/json");
        let body = if path == "/graphql" { json!({ "query": NAME }) } else { json!({ "format": "jsonl" }) };
        let request = request.body(body.to_string()).header("x-forwarded-for", from);
        let answer = key.signed(&server, request).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, text.contains("ADDRESS_NOT_ALLOWED"))
    };
    for path in ["/graphql", "/api/export"] {
        for (from, is_good) in [
            ("192.0.2.9", true),
            ("2001:db8::1", true),
            ("203.0.113.9, 192.0.2.9", true),
            ("192.0.2.9, 203.0.113.9", false),
            ("203.0.113.9", false),
            ("2001:db8::2", false),
        ] {
            let wanted = if is_good { (200, false) } else { (403, true) };
            assert_eq!(ask(&key, path, from).await, wanted, "{path} from {from}");
        }
    }
    // The one that replaces it is good from the same places.
    let data = owner.query(&server, ROTATE, json!({ "input": { "apiKeyId": made["apiKey"]["id"] } })).await;
    let next = Caller::Key(data["rotateApiKey"]["secret"].as_str().unwrap().to_owned());
    assert_eq!(ask(&next, "/graphql", "203.0.113.9").await, (403, true));
    assert_eq!(ask(&next, "/graphql", "192.0.2.9").await, (200, false));
    // Where it was done from is written down.
    let audit = "{ company { audit(first: 1) { nodes { address detail } } } }";
    let request = server.http().post(server.url() + "/graphql").header("content-type", "application/json");
    let request = request.header("origin", server.url()).header("x-forwarded-for", "198.51.100.7");
    let leave =
        json!({ "query": "mutation { updateCompany(input: { name: \"Hopper\" }) { userErrors { code } } }" });
    owner.signed(&server, request.body(leave.to_string())).send().await.unwrap();
    let noted = owner.query(&server, audit, json!({})).await["company"]["audit"]["nodes"][0].take();
    assert_eq!(noted["address"], "198.51.100.7");
}

#[tokio::test]
async fn whoever_is_no_proxy_of_ours_says_nothing_about_the_sender() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let input = json!({ "name": "a program", "scopes": ["CALLS_READ"], "networks": ["192.0.2.0/24"] });
    let data = owner.query(&server, CREATE, json!({ "input": input })).await;
    let key = Caller::Key(data["createApiKey"]["secret"].as_str().unwrap().to_owned());
    let request = server.http().post(server.url() + "/graphql").header("content-type", "application/json");
    let request = request.header("x-forwarded-for", "192.0.2.9").body(json!({ "query": NAME }).to_string());
    assert_eq!(key.signed(&server, request).send().await.unwrap().status(), 403);
    assert_eq!(key.ask(&server, NAME, json!({})).await.code(), "ADDRESS_NOT_ALLOWED");
    let mut socket = Socket::new(&server).await;
    let Caller::Key(secret) = key else { unreachable!() };
    socket
        .say(json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {secret}") } }))
        .await;
    assert_eq!(socket.closed().await, 4403);
}

#[tokio::test]
async fn keys_do_not_outlast_who_made_them_unless_somebody_takes_them() {
    const MADE: &str = "{ company { members { id email apiKeyCount } apiKeys { name createdBy } } }";
    let server = Server::start();
    let url = server.database_url().unwrap().to_owned();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let remove = async |email: &str, keep: bool| {
        let members = owner.query(&server, MADE, json!({})).await["company"]["members"].take();
        let member = members.as_array().unwrap().iter().find(|one| one["email"] == email).unwrap().clone();
        assert_eq!(member["apiKeyCount"], 1, "{email}");
        let remove =
            "mutation($input: RemoveMemberInput!) { removeMember(input: $input) { userErrors { code } } }";
        let input = json!({ "memberId": member["id"], "keepApiKeys": keep });
        let data = owner.query(&server, remove, json!({ "input": input })).await;
        assert_eq!(data["removeMember"]["userErrors"], json!([]));
    };
    let admin = async |email: &str| {
        company.join(&url, email, "admin");
        let admin = company.sign_in(&server, email).await;
        let (_, key) = create(&server, &admin, &format!("of {email}"), &["CALLS_READ"]).await;
        assert_eq!(key.ask(&server, NAME, json!({})).await.code(), "");
        (admin, key)
    };
    let ends = async |key: &Caller| {
        eventually(async || match key.ask(&server, NAME, json!({})).await.code() {
            "UNAUTHENTICATED" => Ok(()),
            code => Err(code.to_owned()),
        })
        .await;
    };
    let (_, key) = admin("ada@example.com").await;
    remove("ada@example.com", false).await;
    ends(&key).await;
    let (_, kept) = admin("bob@example.com").await;
    remove("bob@example.com", true).await;
    assert_eq!(kept.ask(&server, NAME, json!({})).await.code(), "");
    let data = &owner.query(&server, MADE, json!({})).await["company"];
    let its = json!({ "name": "of bob@example.com", "createdBy": company.owner_email });
    assert!(data["apiKeys"].as_array().unwrap().contains(&its), "{data}");
    assert_eq!(data["members"][0]["apiKeyCount"], 1, "it is the owner's now");
    // Who goes by themselves leaves none.
    let (cleo, key) = admin("cleo@example.com").await;
    cleo.query(&server, "mutation { leaveCompany(input: {}) { userErrors { code } } }", json!({})).await;
    ends(&key).await;
    let (dora, key) = admin("dora@example.com").await;
    let delete = "mutation { deleteAccount(input: { currentPassword: \"a quiet staircase\" }) { userErrors { code } } }";
    dora.query(&server, delete, json!({})).await;
    ends(&key).await;
    let audit = "{ company { audit(first: 3) { nodes { action subject detail } } auditCheck { isWhole } } }";
    let data = &owner.query(&server, audit, json!({})).await["company"];
    let noted = json!({ "action": "ACCOUNT_DELETED", "subject": "dora@example.com", "detail": "of dora@example.com" });
    assert_eq!(data["audit"]["nodes"][0], noted);
    assert_eq!(data["auditCheck"]["isWhole"], true);
    // One that the operator made is nobody's.
    assert_eq!(company.ask(&server, NAME, json!({})).await.code(), "");
}

#[tokio::test]
async fn who_has_not_proven_their_address_makes_no_key() {
    let server = Server::start();
    let unproven = session(&sign_up(&server, &hopper()).await);
    let asked = json!({ "input": { "name": "Nightly copy", "scopes": ["CALLS_READ"] } });
    let refused = unproven.query(&server, CREATE, asked.clone()).await;
    assert_eq!(refused["createApiKey"]["userErrors"], json!([{ "field": null, "code": "VERIFY_FIRST" }]));
    let proven = json!({ "link": link_of(&mailbox(&server)[0]) });
    let verified = auth(&server, "verify-email", &proven).header(ORIGIN, server.url()).send().await.unwrap();
    assert_eq!(verified.status(), 204);
    let made = unproven.query(&server, CREATE, asked).await;
    assert_eq!(made["createApiKey"]["userErrors"], json!([]));
}
