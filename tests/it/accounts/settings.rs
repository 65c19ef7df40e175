//! Proves what a company says of itself and what its people keep: by role, within bounds, written down, and never seen
//! by who should not.

use serde_json::{Value, json};

use super::people::{join, join_also};
use crate::support::database::psql;
use crate::support::{Caller, Company, Export, Server, csv_rows};

const UPDATE: &str = "mutation($input: UpdateCompanyInput!) { updateCompany(input: $input) {
    company { name slug timeZone } userErrors { field code message } } }";
const VIEWS: &str = "{ company { savedViews { id name content isShared isOwn viewerMayChange madeBy } } }";
const CREATE: &str = "mutation($input: CreateSavedViewInput!) { createSavedView(input: $input) {
    savedView { id name isShared isOwn viewerMayChange } userErrors { field code } } }";
const CHANGE: &str = "mutation($input: UpdateSavedViewInput!) { updateSavedView(input: $input) {
    savedView { name content isShared } userErrors { field code } } }";
const DELETE: &str = "mutation($id: ID!) { deleteSavedView(input: { viewId: $id }) {
    deletedSavedViewId userErrors { field code } } }";
const AUDIT: &str = "{ company { audit(first: 20) { nodes { action subject detail } } } }";

async fn update(server: &Server, caller: &Caller, input: Value) -> Value {
    caller.query(server, UPDATE, json!({ "input": input })).await["updateCompany"].take()
}

async fn create(server: &Server, caller: &Caller, name: &str, is_shared: bool) -> Value {
    let content = json!({ "query": "outcome:missed", "columns": ["who"], "range": "7d" }).to_string();
    let input = json!({ "name": name, "content": content, "isShared": is_shared });
    caller.query(server, CREATE, json!({ "input": input })).await["createSavedView"].take()
}

async fn change(server: &Server, caller: &Caller, input: Value) -> Value {
    caller.query(server, CHANGE, json!({ "input": input })).await["updateSavedView"].take()
}

async fn delete(server: &Server, caller: &Caller, id: &Value) -> Value {
    caller.query(server, DELETE, json!({ "id": id })).await["deleteSavedView"].take()
}

async fn names(server: &Server, caller: &Caller) -> Vec<String> {
    let data = caller.query(server, VIEWS, json!({})).await;
    let views = data["company"]["savedViews"].as_array().unwrap();
    views.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

fn wrong(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_company_changes_what_it_says_of_itself() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    Company::create(&server, "Other Lines");
    let owner = company.owner(&server).await;
    for (input, field, code) in [
        (json!({ "name": "  " }), "name", "INVALID"),
        (json!({ "name": "<b>Hopper</b>" }), "name", "INVALID"),
        (json!({ "slug": "Hopper Lines" }), "slug", "INVALID"),
        (json!({ "slug": "a" }), "slug", "INVALID"),
        (json!({ "slug": "other-lines" }), "slug", "SLUG_TAKEN"),
        (json!({ "name": "New", "timeZone": "Mars/Olympus" }), "timeZone", "INVALID"),
    ] {
        let answer = update(&server, &owner, input.clone()).await;
        assert_eq!(answer["company"], Value::Null, "{input}");
        assert_eq!(answer["userErrors"][0]["field"], json!([field]), "{input}: {answer}");
        assert_eq!(wrong(&answer), code, "{input}");
    }
    let unchanged = owner.query(&server, "{ company { name slug timeZone } }", json!({})).await;
    assert_eq!(
        unchanged["company"],
        json!({ "name": "Hopper Lines", "slug": "hopper-lines", "timeZone": "UTC" })
    );

    let input = json!({ "name": "Hopper & Söhne", "slug": "hopper", "timeZone": "Europe/Berlin" });
    let changed = update(&server, &owner, input.clone()).await;
    assert_eq!(changed, json!({ "company": input, "userErrors": [] }));
    // Saying the same again changes nothing, and nothing is written down.
    update(&server, &owner, input).await;
    let audit = owner.query(&server, AUDIT, json!({})).await;
    let entry = |subject: &str, detail: &str| json!({ "action": "COMPANY_CHANGED", "subject": subject, "detail": detail });
    let wanted = [
        entry("timeZone", "UTC → Europe/Berlin"),
        entry("slug", "hopper-lines → hopper"),
        entry("name", "Hopper Lines → Hopper & Söhne"),
    ];
    assert_eq!(audit["company"]["audit"]["nodes"], json!(wanted));

    let member = join(&server, &owner, "ada@example.com", "MEMBER").await;
    let refused = member.ask(&server, UPDATE, json!({ "input": { "name": "Mine" } })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let refused = company.ask(&server, UPDATE, json!({ "input": { "name": "Mine" } })).await;
    assert_eq!(refused.code(), "PEOPLE_ONLY");
}

#[tokio::test]
async fn views_are_ones_own_or_everybodys() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let member = join(&server, &owner, "ada@example.com", "MEMBER").await;
    let viewer = join(&server, &owner, "bob@example.com", "VIEWER").await;
    let own = create(&server, &viewer, " Mine ", false).await["savedView"].take();
    assert_eq!(
        (&own["name"], &own["isOwn"], &own["viewerMayChange"]),
        (&json!("Mine"), &json!(true), &json!(true))
    );
    let refused = create(&server, &viewer, "Ours", true).await;
    assert_eq!((wrong(&refused), &refused["savedView"]), ("NOT_ALLOWED", &Value::Null));
    let shared = create(&server, &member, "Ours", true).await["savedView"].take();
    create(&server, &member, "Ada's", false).await;
    assert_eq!(names(&server, &viewer).await, ["Mine", "Ours"]);
    assert_eq!(names(&server, &member).await, ["Ada's", "Ours"]);
    assert_eq!(names(&server, &owner).await, ["Ours"]);
    assert_eq!(names(&server, &company.key()).await, ["Ours"]);

    // What is somebody else's own answers as what is not there; what is shared says why.
    let rename = async |caller: &Caller, id: &Value| {
        change(&server, caller, json!({ "viewId": id, "name": "Taken" })).await
    };
    for id in [&own["id"], &json!("01900000-0000-7000-8000-000000000000"), &json!("x")] {
        assert_eq!(wrong(&rename(&owner, id).await), "NOT_FOUND");
        assert_eq!(wrong(&delete(&server, &owner, id).await), "NOT_FOUND");
    }
    assert_eq!(wrong(&rename(&viewer, &shared["id"]).await), "NOT_YOURS");
    assert_eq!(wrong(&delete(&server, &viewer, &shared["id"]).await), "NOT_YOURS");
    let share = json!({ "viewId": own["id"], "isShared": true });
    assert_eq!(wrong(&change(&server, &viewer, share).await), "NOT_ALLOWED");
    // An owner changes what is shared, and cannot take it for themselves.
    let input = json!({ "viewId": shared["id"], "content": "{\"query\":\"\"}", "isShared": false });
    let changed = change(&server, &owner, input).await["savedView"].take();
    assert_eq!(changed, json!({ "name": "Ours", "content": "{\"query\":\"\"}", "isShared": true }));

    // Another company sees none of it.
    let other = Company::create(&server, "Other Lines");
    let stranger = other.owner(&server).await;
    assert_eq!(names(&server, &stranger).await, Vec::<String>::new());
    assert_eq!(wrong(&rename(&stranger, &shared["id"]).await), "NOT_FOUND");
    assert_eq!(wrong(&delete(&server, &stranger, &shared["id"]).await), "NOT_FOUND");

    // Who leaves takes their own along and leaves what they shared.
    member.query(&server, "mutation { leaveCompany(input: {}) { leftCompanyId } }", json!({})).await;
    assert_eq!(names(&server, &owner).await, ["Ours"]);
    assert_eq!(delete(&server, &owner, &shared["id"]).await["deletedSavedViewId"], shared["id"]);
    assert_eq!(names(&server, &viewer).await, ["Mine"]);
    let audit = owner.query(&server, AUDIT, json!({})).await;
    let nodes = audit["company"]["audit"]["nodes"].as_array().unwrap();
    let of_views = nodes.iter().filter_map(|node| node["action"].as_str()?.strip_prefix("SHARED_VIEW_"));
    assert_eq!(of_views.collect::<Vec<_>>(), ["REMOVED", "KEPT", "KEPT"], "one's own are nobody's business");
}

#[tokio::test]
async fn views_have_bounds() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let large = json!({ "query": "x".repeat(4_100) }).to_string();
    for (name, content, field) in [
        ("", "{}", "name"),
        (&*"x".repeat(61), "{}", "name"),
        ("a\nb", "{}", "name"),
        ("fine", "", "content"),
        ("fine", "[]", "content"),
        ("fine", "{\"a\":", "content"),
        ("fine", &large, "content"),
    ] {
        let input = json!({ "input": { "name": name, "content": content } });
        let answer = owner.query(&server, CREATE, input).await["createSavedView"].take();
        assert_eq!(
            answer["userErrors"],
            json!([{ "field": [field], "code": "INVALID" }]),
            "{name} {content}"
        );
    }
    for at in 0..50 {
        assert_eq!(wrong(&create(&server, &owner, &format!("view {at}"), false).await), "", "view {at}");
    }
    assert_eq!(wrong(&create(&server, &owner, "one more", false).await), "TOO_MANY");
    let shared = create(&server, &owner, "one more", true).await["savedView"].take();
    assert_eq!(shared["isShared"], true, "what is shared is counted by itself");
    let own = json!({ "viewId": shared["id"], "isShared": false });
    assert_eq!(wrong(&change(&server, &owner, own).await), "TOO_MANY");
    assert_eq!(names(&server, &owner).await.len(), 51);
    // A key keeps nothing.
    let refused = company.ask(&server, CREATE, json!({ "input": { "name": "a", "content": "{}" } })).await;
    assert_eq!(refused.code(), "PEOPLE_ONLY");
}

#[tokio::test]
async fn people_are_called_what_they_say() {
    const RENAME: &str = "mutation($name: String!) { updateProfile(input: { name: $name }) {
        user { name } userErrors { field code } } }";
    const NAMES: &str = "{ viewer { user { name } } company { members { email name }
        audit(first: 10, filter: { actions: [\"MEMBER_RENAMED\"] }) { nodes { actor subject detail } } } }";
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let other = Company::create(&server, "Other Lines");
    let owner = company.owner(&server).await;
    let ada = join(&server, &owner, "ada@example.com", "VIEWER").await;
    let rename = async |caller: &Caller, name: &str| {
        caller.query(&server, RENAME, json!({ "name": name })).await["updateProfile"].take()
    };
    let name_of_ada = |data: &Value| {
        let members = data["company"]["members"].as_array().unwrap();
        members.iter().find(|one| one["email"] == "ada@example.com").unwrap()["name"].clone()
    };
    for wrong in ["<b>Ada</b>", "grace@example.com", "Ada\u{202e}", "https://example.com", &"a".repeat(61)] {
        let answer = rename(&ada, wrong).await;
        assert_eq!(
            answer,
            json!({ "user": null, "userErrors": [{ "field": ["name"], "code": "INVALID" }] }),
            "{wrong}"
        );
    }
    let before = owner.query(&server, NAMES, json!({})).await;
    assert_eq!(name_of_ada(&before), Value::Null);

    let answer = rename(&ada, " Ada Lovelace ").await;
    assert_eq!(answer, json!({ "user": { "name": "Ada Lovelace" }, "userErrors": [] }));
    rename(&ada, "Ada Lovelace").await;
    let after = owner.query(&server, NAMES, json!({})).await;
    assert_eq!(name_of_ada(&after), "Ada Lovelace");
    assert_eq!(after["viewer"]["user"]["name"], Value::Null, "only she is renamed");
    let entry =
        json!({ "actor": "ada@example.com", "subject": "ada@example.com", "detail": "- → Ada Lovelace" });
    assert_eq!(after["company"]["audit"]["nodes"], json!([entry]), "the same again is no change");
    // Whoever comes into another company brings the name along.
    let other = other.owner(&server).await;
    join_also(&server, &other, "ada@example.com", &ada).await;
    assert_eq!(name_of_ada(&other.query(&server, NAMES, json!({})).await), "Ada Lovelace");
    // It is one name, in both companies.
    rename(&ada, "").await;
    for company in [&owner, &other] {
        let data = company.query(&server, NAMES, json!({})).await;
        assert_eq!(name_of_ada(&data), Value::Null);
        assert_eq!(data["company"]["audit"]["nodes"][0]["detail"], "Ada Lovelace → -");
    }
    let key = company.ask(&server, RENAME, json!({ "name": "Key" })).await;
    assert_eq!(key.code(), "PEOPLE_ONLY");
}

#[tokio::test]
async fn the_audit_log_is_searched() {
    const SEARCH: &str = "query($filter: AuditFilter, $after: String) { company {
        audit(first: 2, after: $after, filter: $filter) { nodes { number at } pageInfo { hasNextPage endCursor } } } }";
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    join(&server, &owner, "ada@example.com", "MEMBER").await;
    for name in ["One", "Two", "Three"] {
        update(&server, &owner, json!({ "name": name })).await;
    }
    let ask = async |filter: Value, after: Value| {
        let asked = json!({ "filter": filter, "after": after });
        owner.query(&server, SEARCH, asked).await["company"]["audit"].take()
    };
    let numbers = |page: &Value| -> Vec<i64> {
        page["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect()
    };
    let changed = json!({ "actions": ["COMPANY_CHANGED"], "actor": company.owner_email.to_uppercase() });
    let first = ask(changed.clone(), Value::Null).await;
    assert_eq!((numbers(&first), &first["pageInfo"]["hasNextPage"]), (vec![5, 4], &json!(true)));
    let second = ask(changed, first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!((numbers(&second), &second["pageInfo"]["hasNextPage"]), (vec![3], &json!(false)));
    let by_ada = ask(json!({ "actor": "ada@example.com" }), Value::Null).await;
    assert_eq!(numbers(&by_ada), [2]);
    // From the fourth on, and what was before it.
    let fourth = &first["nodes"][1]["at"];
    assert_eq!(numbers(&ask(json!({ "since": fourth }), Value::Null).await), [5, 4]);
    assert_eq!(numbers(&ask(json!({ "until": fourth }), Value::Null).await), [3, 2]);
    assert_eq!(numbers(&ask(json!({ "actions": [] }), Value::Null).await), Vec::<i64>::new());
    let wrong = owner.ask(&server, SEARCH, json!({ "filter": { "actions": ["NOTHING"] } })).await;
    assert_eq!(wrong.code(), "BAD_INPUT");
}

#[tokio::test]
async fn the_audit_log_is_exported() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let ada = join(&server, &owner, "ada@example.com", "MEMBER").await;
    update(&server, &owner, json!({ "name": "=1+1" })).await;
    let export = async |caller: &Caller, parameters: &str| {
        let request = server.http().get(format!("{}/api/export/audit?{parameters}", server.url()));
        Export::send(caller.signed(&server, request)).await
    };
    let lines = export(&owner, "format=jsonl").await.lines();
    let numbers: Vec<_> = lines.iter().map(|line| line["number"].clone()).collect();
    assert_eq!(numbers, ["3", "2", "1"]);
    let last = &lines[0];
    let told = [&last["action"], &last["actor"], &last["subject"], &last["detail"], &last["address"]];
    assert_eq!(told, ["COMPANY_CHANGED", &company.owner_email, "name", "Hopper Lines → =1+1", "127.0.0.1"]);
    assert_eq!(last["digest"].as_str().unwrap().len(), 64);
    assert_ne!(last["digest"], lines[1]["digest"]);
    let csv = export(&owner, "").await;
    assert!(csv.header("content-disposition").contains("audit-hopper-lines-"));
    let rows = csv_rows(&csv.text());
    assert_eq!(rows[0][0].trim_start_matches('\u{feff}'), "number");
    assert_eq!((rows.len(), &rows[1][4]), (4, &"COMPANY_CHANGED".to_owned()));
    let of_ada =
        export(&owner, "format=jsonl&actor=Ada@example.com&actions=INVITATION_ACCEPTED,MEMBER_LEFT").await;
    assert_eq!(of_ada.lines().len(), 1);
    let since = last["at"].as_str().unwrap().replace('+', "%2B");
    assert_eq!(export(&owner, &format!("format=jsonl&since={since}")).await.lines().len(), 1);
    assert_eq!(export(&owner, &format!("format=jsonl&until={since}")).await.lines().len(), 2);
    // For whom, and for what, it is not.
    assert_eq!(export(&ada, "").await.code(), "FORBIDDEN");
    assert_eq!(export(&company.key(), "").await.code(), "FORBIDDEN");
    for wrong in ["actions=NOTHING", "format=xml", "since=yesterday", "question=what"] {
        assert_eq!(export(&owner, wrong).await.status, 400, "{wrong}");
    }
    // All of it, however much there is.
    let many = "INSERT INTO audit_entries SELECT tenant_id, n, now(), NULL, 'x', '', 'MEMBER_LEFT', 'x', '', sha256('x')
        FROM tenants, generate_series(4, 1700) n";
    psql(server.database_url().unwrap(), many).unwrap();
    let lines = export(&owner, "format=jsonl").await.lines();
    let numbers = lines.iter().map(|line| line["number"].as_str().unwrap().parse::<i64>().unwrap());
    assert!(numbers.eq((1..=1700).rev()), "{} lines", lines.len());
}
