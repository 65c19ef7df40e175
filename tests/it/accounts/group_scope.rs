//! Proves who may say whose calls somebody sees, that it counts at once, and that it comes with an invitation. What is
//! seen then is proven in `search::scoped`.

use serde_json::{Value, json};

use super::people::{accept, id_of, link_to};
use crate::support::{Caller, Company, Server, Socket};

const INVITE: &str = "mutation($email: String!, $role: Role!, $groups: [String!]) {
    inviteMember(input: { email: $email, role: $role, groupScope: $groups }) {
        invitation { id groupScope { groupId } } userErrors { field code message } } }";
const RESEND: &str = "mutation($id: ID!) { resendInvitation(input: { invitationId: $id }) {
    invitation { groupScope { groupId } } userErrors { code } } }";
const SCOPE: &str = "mutation($id: ID!, $groups: [String!]) {
    scopeMember(input: { memberId: $id, groupScope: $groups }) {
        member { groupScope { groupId name } } userErrors { field code message } } }";
const ROLE: &str = "mutation($id: ID!, $role: Role!) {
    changeMemberRole(input: { memberId: $id, role: $role }) { member { groupScope { groupId } } userErrors { code } } }";
const OWN: &str =
    "{ company { viewerMay viewerGroupScope { groupId name } calls(first: 10) { nodes { callId } } } }";

async fn own(server: &Server, caller: &Caller) -> (Value, Vec<String>) {
    let data = caller.query(server, OWN, json!({})).await;
    let calls = data["company"]["calls"]["nodes"].as_array().unwrap();
    let calls = calls.iter().map(|call| call["callId"].as_str().unwrap().to_owned()).collect();
    (data["company"]["viewerGroupScope"].clone(), calls)
}

/// Two calls: 1 of a department, 2 of somebody else.
async fn calls(server: &Server, company: &Company) {
    for (id, kind, target, name) in [(1, "department", 5533, "Repairs"), (2, "user", 77, "Ivo Lindqvist")] {
        let payload = json!({ "call_id": id, "state": "hangup", "event_timestamp": 1_777_647_845_000_i64 + id,
            "date_started": 1_777_647_845_000_i64 + id, "direction": "inbound",
            "target": { "id": target, "type": kind, "name": name } });
        company.deliver(server, payload.to_string()).await;
    }
    crate::support::eventually(async || match company.call_ids(server, json!({})).await {
        ids if ids.len() == 2 => Ok(()),
        ids => Err(format!("{ids:?}")),
    })
    .await;
}

fn refusal(payload: &Value) -> (&str, &str) {
    let error = &payload["userErrors"][0];
    (error["field"][0].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn whose_calls_one_sees_comes_with_the_invitation() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    calls(&server, &company).await;
    let owner = company.owner(&server).await;
    let invite = async |role: &str, groups: Value| {
        let variables = json!({ "email": "mei@example.com", "role": role, "groups": groups });
        owner.query(&server, INVITE, variables).await["inviteMember"].clone()
    };
    let refused = invite("ADMIN", json!(["Department:5533"])).await;
    assert_eq!(refusal(&refused), ("groupScope", "NOT_SCOPABLE"));
    for wrong in [json!([]), json!(["5533"]), json!(["Department:"]), json!(["User:'; --"])] {
        assert_eq!(refusal(&invite("MEMBER", wrong.clone()).await), ("groupScope", "INVALID"), "{wrong}");
    }
    let invited = invite("VIEWER", json!(["department:5533", "Department:5533"])).await;
    let wanted = json!([{ "groupId": "Department:5533" }]);
    assert_eq!(invited["invitation"]["groupScope"], wanted);
    let resent = owner.query(&server, RESEND, json!({ "id": invited["invitation"]["id"] })).await;
    assert_eq!(resent["resendInvitation"]["invitation"]["groupScope"], wanted, "sent again it is the same");
    let mei = accept(&server, &link_to(&server, "mei@example.com")).await;
    let (scope, seen) = own(&server, &mei).await;
    assert_eq!(scope, json!([{ "groupId": "Department:5533", "name": "Repairs" }]));
    assert_eq!(seen, ["1"]);
    let audit = "{ company { audit(first: 10) { nodes { action subject detail } } } }";
    let audit = owner.query(&server, audit, json!({})).await["company"]["audit"]["nodes"].to_string();
    assert!(audit.contains("viewer: Department:5533"), "{audit}");
}

#[tokio::test]
async fn it_counts_at_once_and_only_for_who_does_not_run_the_company() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    calls(&server, &company).await;
    for (email, role) in [("mei@example.com", "member"), ("ada@example.com", "admin")] {
        company.join(server.database_url().unwrap(), email, role);
    }
    let (owner, ada) = (company.owner(&server).await, company.sign_in(&server, "ada@example.com").await);
    let mei = company.sign_in(&server, "mei@example.com").await;
    let id = id_of(&server, &owner, "mei@example.com").await;
    assert_eq!(own(&server, &mei).await, (Value::Null, vec!["2".to_owned(), "1".to_owned()]));
    drop(Socket::of(&server, &company).await);
    let mut socket = Socket::of_browser(&server, &mei).await;

    let scope = async |caller: &Caller, id: &Value, groups: Value| {
        let answer = caller.ask_again(&server, SCOPE, &json!({ "id": id, "groups": groups })).await;
        answer.json["data"]["scopeMember"].clone()
    };
    assert_eq!(scope(&mei, &id, json!(["User:77"])).await, Value::Null, "members scope nobody");
    let scoped = scope(&ada, &id, json!(["User:77", "User:78"])).await;
    assert_eq!(
        scoped["member"]["groupScope"],
        json!([{ "groupId": "User:77", "name": "Ivo Lindqvist" }, { "groupId": "User:78", "name": null }])
    );
    assert_eq!(own(&server, &mei).await.1, ["2"]);
    // What was open when everything was seen ends.
    assert_eq!(socket.closed().await, 4403);
    assert_eq!(scope(&owner, &id, json!(["Department:5533"])).await["userErrors"], json!([]));
    assert_eq!(own(&server, &mei).await.1, ["1"]);
    for who in ["ada@example.com", &company.owner_email] {
        let refused = scope(&owner, &id_of(&server, &owner, who).await, json!(["User:77"])).await;
        assert_eq!(refusal(&refused), ("groupScope", "NOT_SCOPABLE"), "{who}");
    }
    let of_owner = scope(&ada, &id_of(&server, &owner, &company.owner_email).await, Value::Null).await;
    assert_eq!(refusal(&of_owner), ("memberId", "ABOVE_YOUR_ROLE"));
    // Whoever runs the company sees all of it, and is not scoped when that ends.
    for (role, scope) in [("VIEWER", json!([{ "groupId": "Department:5533" }])), ("ADMIN", Value::Null)] {
        let data = owner.query(&server, ROLE, json!({ "id": id, "role": role })).await;
        assert_eq!(data["changeMemberRole"]["member"]["groupScope"], scope);
    }
    owner.query(&server, ROLE, json!({ "id": id, "role": "MEMBER" })).await;
    assert_eq!(own(&server, &mei).await.1, ["2", "1"]);
    assert_eq!(scope(&owner, &id, json!(["User:1"])).await["userErrors"], json!([]));
    assert_eq!(own(&server, &mei).await.1, Vec::<String>::new(), "of nobody who was ever on a call");
    assert_eq!(scope(&owner, &id, Value::Null).await["member"]["groupScope"], Value::Null);
    assert_eq!(own(&server, &mei).await.1, ["2", "1"]);
}
