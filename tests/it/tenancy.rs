//! Proves that a company sees its own and nothing else: what belongs to another answers like what is not there.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Company, Event, Server, eventually, sign};

/// Two companies with calls of their own. Call 700 exists in both, with different people.
struct World {
    server: Server,
    a: Company,
    b: Company,
}

const SHARED_CALL: &str = "700";
const CALL_OF_A: &str = "701";

fn event(call_id: &str, name: &str, phone: &str) -> String {
    let event = Event::new(call_id, "hangup").at(call_id.parse().unwrap());
    let contact = json!({ "id": format!("id-{name}"), "type": "local", "name": name,
        "email": format!("{}@example.org", name.to_lowercase()), "phone": phone });
    event.with(json!({ "external_number": phone, "contact": contact, "direction": "inbound" })).payload()
}

impl World {
    async fn new() -> Self {
        let server = Server::start();
        let (a, b) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
        a.deliver(&server, event(SHARED_CALL, "Adelheid", "+12065550111")).await;
        a.deliver(&server, event(CALL_OF_A, "Anselm", "+12065550112")).await;
        b.deliver(&server, event(SHARED_CALL, "Berengar", "+12065550121")).await;
        b.deliver(&server, event("702", "Bertram", "+12065550122")).await;
        let world = Self { server, a, b };
        eventually(async || {
            let lists = [world.list(&world.a).await, world.list(&world.b).await];
            let wanted = [vec![CALL_OF_A, SHARED_CALL], vec!["702", SHARED_CALL]];
            if lists == wanted { Ok(()) } else { Err(format!("{lists:?}")) }
        })
        .await;
        world
    }

    async fn list(&self, company: &Company) -> Vec<String> {
        company.call_ids(&self.server, json!({})).await
    }

    /// The global ids of a company's objects: itself, its endpoint, its calls.
    async fn ids(&self, company: &Company) -> Vec<String> {
        let query = "{ company { id endpoint { id } calls { nodes { id } } } }";
        let data = company.query(&self.server, query, json!({})).await;
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let mut ids = vec![id(&data["company"]), id(&data["company"]["endpoint"])];
        ids.extend(data["company"]["calls"]["nodes"].as_array().unwrap().iter().map(id));
        ids
    }
}

/// A global id of the same shape that nobody has: the company's part is another.
fn nobodys(id: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = URL_SAFE_NO_PAD.decode(id).unwrap();
    bytes[1..17].iter_mut().for_each(|byte| *byte ^= 0x5a);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The two answers are the same, byte for byte, apart from the number of the request.
fn assert_same(foreign: &Answer, random: &Answer, what: &str) {
    let without_number = |answer: &Answer| {
        let id = answer.json["errors"][0]["extensions"]["requestId"].as_str().unwrap_or("none").to_owned();
        (answer.status, answer.text.replace(&id, "…"))
    };
    assert_eq!(without_number(foreign), without_number(random), "{what}");
}

#[tokio::test]
async fn what_is_foreign_answers_like_what_is_not_there() {
    let world = World::new().await;
    let (server, b) = (&world.server, &world.b);
    let owner = b.owner(server).await;
    for caller in [b.key(), owner.clone()] {
        for id in world.ids(&world.a).await {
            let random = nobodys(&id);
            for query in [
                "query($id: ID!) { node(id: $id) { id ... on Company { name } ... on Call { callId } } }",
                "query($id: ID!) { nodes(ids: [$id]) { id } }",
                "query($id: ID!) { company(id: $id) { name slug calls { nodes { callId } } } }",
            ] {
                let foreign = caller.ask(server, query, json!({ "id": id })).await;
                let unknown = caller.ask(server, query, json!({ "id": random })).await;
                assert_same(&foreign, &unknown, query);
                let nothing =
                    [json!({ "node": null }), json!({ "nodes": [null] }), json!({ "company": null })];
                assert!(nothing.contains(&foreign.json["data"]), "{query}: {}", foreign.text);
            }
        }
        // The same, asked for its own: the test can tell the difference.
        for id in world.ids(b).await {
            let own =
                caller.query(server, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(own["node"]["id"], json!(id));
        }
    }
    for mutation in [
        "mutation($id: ID) { replaceEndpointSecret(input: { companyId: $id, secret: \"taken over by someone\" }) {
            endpoint { requestUrl } userErrors { code } } }",
        "mutation($id: ID) { sendTestCall(input: { companyId: $id }) { call userErrors { code } } }",
    ] {
        let foreign = owner.ask(server, mutation, json!({ "id": world.a.id })).await;
        let unknown = owner.ask(server, mutation, json!({ "id": nobodys(&world.a.id) })).await;
        assert_same(&foreign, &unknown, mutation);
        assert_eq!(foreign.json["data"], Value::Null, "{}", foreign.text);
    }
    // A's secret is what it was.
    world.a.deliver(server, event("703", "Anton", "+12065550113")).await;
}

#[tokio::test]
async fn calls_of_another_company_are_not_found() {
    let world = World::new().await;
    let (server, b) = (&world.server, &world.b);
    let call = "query($id: ID!) { company { call(callId: $id) { contact { name } } } }";
    assert_eq!(b.query(server, call, json!({ "id": CALL_OF_A })).await["company"]["call"], Value::Null);
    let shared = b.query(server, call, json!({ "id": SHARED_CALL })).await;
    assert_eq!(shared["company"]["call"]["contact"]["name"], "Berengar");
    let own = world.a.query(server, call, json!({ "id": SHARED_CALL })).await;
    assert_eq!(own["company"]["call"]["contact"]["name"], "Adelheid");

    let a_finds = vec![CALL_OF_A.to_owned()];
    for (query, filter) in [
        ("anselm", json!({ "text": "Anselm" })),
        ("ans", json!({ "contact": { "startsWith": "ans" } })),
        ("contact:nselm", json!({ "contact": { "contains": "nselm" } })),
        ("anselm@example.org", json!({ "contact": { "eq": "anselm@example.org" } })),
        ("0112", json!({ "externalNumber": { "endsWith": "0112" } })),
        ("(206) 555-0112", json!({ "number": { "eq": "+12065550112" } })),
        ("number:*55501*12".trim_end_matches("*12"), json!({ "number": { "contains": "5550112" } })),
        (CALL_OF_A, json!({ "callId": { "eq": CALL_OF_A } })),
        ("call:701", json!({ "callId": { "in": ["701"] } })),
        ("contact:id-Anselm", json!({ "contact": { "eq": "id-Anselm" } })),
    ] {
        for arguments in [json!({ "query": query }), json!({ "filter": filter })] {
            let found = b.call_ids(server, arguments.clone()).await;
            let foreign: Vec<_> = found.iter().filter(|id| *id == CALL_OF_A).collect();
            assert!(foreign.is_empty(), "{arguments} finds {foreign:?} of another company");
        }
        // A finds it by the typed filter, so the filter does find something.
        assert_eq!(world.a.call_ids(server, json!({ "filter": filter })).await, a_finds, "{filter}");
    }
    // Counts are those of a world without the other company.
    let count = "{ company { calls(first: 1) { totalCount { value } } } }";
    for company in [&world.a, b] {
        let data = company.query(server, count, json!({})).await;
        assert_eq!(data["company"]["calls"]["totalCount"]["value"], 2);
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_one_company_and_one_question() {
    let world = World::new().await;
    let server = &world.server;
    const PAGE: &str = "query($query: String, $after: String, $before: String) { company {
        calls(query: $query, after: $after, before: $before) { nodes { callId } pageInfo { startCursor } } } }";
    let start_cursor = async |company: &Company, arguments: Value| {
        let data = company.query(server, PAGE, arguments).await;
        data["company"]["calls"]["pageInfo"]["startCursor"].as_str().unwrap().to_owned()
    };
    let of_a = start_cursor(&world.a, json!({})).await;
    let of_b = start_cursor(&world.b, json!({})).await;
    let of_other_question = start_cursor(&world.b, json!({ "query": "bert" })).await;
    let mut tampered = of_b.clone().into_bytes();
    tampered[4] = if tampered[4] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    for bad in [of_a.as_str(), &of_other_question, &tampered, &of_b[1..], "", "0", "🦀"] {
        for argument in ["after", "before"] {
            let answer = world.b.ask(server, PAGE, json!({ argument: bad })).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_CURSOR"), "{argument}: {bad}");
            assert_eq!(answer.json["data"]["company"], Value::Null);
        }
    }
    let page = world.b.query(server, PAGE, json!({ "after": of_b })).await;
    assert_eq!(page["company"]["calls"]["nodes"], json!([{ "callId": SHARED_CALL }]));
    // Cursors of a call's events: the same call id, the other company.
    const EVENTS: &str = "query($after: String) { company { call(callId: 700) {
        events(after: $after) { nodes { id } pageInfo { endCursor } } } } }";
    let data = world.a.query(server, EVENTS, json!({})).await;
    let cursor = &data["company"]["call"]["events"]["pageInfo"]["endCursor"];
    assert!(cursor.is_string());
    let answer = world.b.ask(server, EVENTS, json!({ "after": cursor })).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_CURSOR"));
}

#[tokio::test]
async fn an_event_of_one_company_is_refused_at_the_other() {
    let world = World::new().await;
    let (server, a, b) = (&world.server, &world.a, &world.b);
    let before = (world.list(a).await, world.list(b).await);
    let token_of_a = sign(event("799", "Arnulf", "+12065550119"), &a.secret);
    let (status, body) = b.post(server, token_of_a.clone()).await;
    assert_eq!(status, 401, "{body}");
    // Members that claim to be another company change nothing.
    let claim = json!({ "tenant_id": a.id, "company_id": a.id, "is_admin": true, "user_id": 1 });
    b.deliver(server, Event::new(798, "hangup").at(798).with(claim).payload()).await;
    eventually(async || match world.list(b).await {
        list if list.iter().any(|id| id == "798") => Ok(()),
        list => Err(format!("{list:?}")),
    })
    .await;
    assert_eq!(world.list(a).await, before.0, "A is untouched");
    assert_eq!(world.list(b).await.len(), before.1.len() + 1);
    // The refusal is B's to see, and only B's.
    let refused = "{ company { endpoint { refusedCount lastRefusal } } }";
    eventually(async || {
        let seen = b.query(server, refused, json!({})).await;
        let wanted = json!({ "refusedCount": 1, "lastRefusal": "BAD_SIGNATURE" });
        if seen["company"]["endpoint"] == wanted { Ok(()) } else { Err(seen.to_string()) }
    })
    .await;
    let of_a = a.query(server, refused, json!({})).await;
    assert_eq!(of_a["company"]["endpoint"], json!({ "refusedCount": 0, "lastRefusal": null }));
    // At its own company the same token is welcome.
    assert_eq!(a.post(server, token_of_a).await.0, 200);
}

#[tokio::test]
async fn sessions_and_keys_open_their_company_only() {
    let world = World::new().await;
    let server = &world.server;
    let companies = "{ viewer { user { email } companies { slug } } company { slug } }";
    let session_of_a = world.a.owner(server).await;
    let data = session_of_a.query(server, companies, json!({})).await;
    let own = json!([{ "slug": world.a.slug }]);
    assert_eq!(data["viewer"], json!({ "user": { "email": world.a.owner_email }, "companies": own }));
    let data = world.a.query(server, companies, json!({})).await;
    assert_eq!(data["viewer"], json!({ "user": null, "companies": own }));
    let other = "query($id: ID) { company(id: $id) { slug } }";
    for caller in [&session_of_a, &world.a.key()] {
        let data = caller.query(server, other, json!({ "id": world.b.id })).await;
        assert_eq!(data["company"], Value::Null);
        let data = caller.query(server, other, json!({ "id": world.a.id })).await;
        assert_eq!(data["company"]["slug"], json!(world.a.slug));
    }
    // Headers and parameters that name another company are not listened to.
    let query = json!({ "query": "{ company { slug } }" }).to_string();
    let url = format!("{}/graphql?tenant={}", server.url(), world.b.slug);
    let request = server.http().post(url).bearer_auth(&world.a.api_key).header("x-tenant", &world.b.id);
    let request = request.header("content-type", "application/json").body(query);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["company"]["slug"], json!(world.a.slug));
}

#[tokio::test]
async fn a_key_may_read_and_not_manage() {
    let world = World::new().await;
    let (server, key) = (&world.server, world.a.key());
    let data =
        key.query(server, "{ company { viewerRole endpoint { requestUrl secret } } }", json!({})).await;
    assert_eq!(data["company"]["viewerRole"], "MEMBER");
    assert_eq!(data["company"]["endpoint"]["secret"], Value::Null);
    let mutation = "mutation { replaceEndpointSecret(input: { secret: \"another long secret\" }) {
        endpoint { id } } }";
    let answer = key.ask(server, mutation, json!({})).await;
    assert_eq!(answer.code(), "FORBIDDEN", "{}", answer.text);
    assert_eq!(answer.json["data"], Value::Null);
    world.a.deliver(server, event("704", "Alma", "+12065550114")).await;
    let Caller::Session(_) = world.a.owner(server).await else { panic!("an owner has a session") };
}
