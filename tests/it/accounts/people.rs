//! Proves who may do what to whom in a company: invitations, roles, leaving, handing over; that it counts at once; and
//! that all of it is written down where nobody can change it.

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use super::{PASSWORD, auth, hopper, session, sign_up};
use crate::support::database::psql;
use crate::support::postbox::{link_of, mailbox};
use crate::support::{Caller, Company, Database, Server, Start};

const INVITE: &str = "mutation($email: String!, $role: Role!, $company: ID) {
    inviteMember(input: { email: $email, role: $role, companyId: $company }) {
        invitation { id email role invitedBy isExpired } userErrors { field code message } } }";
const ROLE: &str = "mutation($id: ID!, $role: Role!) {
    changeMemberRole(input: { memberId: $id, role: $role }) { member { role } userErrors { field code } } }";
const REMOVE: &str = "mutation($id: ID!) {
    removeMember(input: { memberId: $id }) { removedMemberId userErrors { field code } } }";
const MEMBERS: &str = "{ company { members { id email role isViewer } } }";

/// Invites somebody and answers the code of what went wrong; empty when nothing did.
async fn invite(server: &Server, caller: &Caller, email: &str, role: &str) -> String {
    let data = caller.query(server, INVITE, json!({ "email": email, "role": role })).await;
    let payload = &data["inviteMember"];
    assert_eq!(payload["invitation"].is_null(), payload["userErrors"] != json!([]), "{payload}");
    payload["userErrors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

/// The link in the newest mail to an address.
pub(super) fn link_to(server: &Server, email: &str) -> String {
    let mails = mailbox(server);
    link_of(mails.iter().find(|mail| mail["to"] == email).unwrap_or_else(|| panic!("no mail to {email}")))
}

async fn post(server: &Server, route: &str, body: Value, caller: Option<&Caller>) -> reqwest::Response {
    let mut request = auth(server, route, &body).header(ORIGIN, server.url());
    if let Some(Caller::Session(cookie)) = caller {
        request = request.header(COOKIE, cookie);
    }
    request.send().await.unwrap()
}

async fn refusal(response: reqwest::Response) -> (u16, String) {
    assert!(!response.headers().contains_key(SET_COOKIE));
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
}

/// Somebody new who came in by an invitation.
pub(super) async fn join(server: &Server, inviter: &Caller, email: &str, role: &str) -> Caller {
    assert_eq!(invite(server, inviter, email, role).await, "");
    accept(server, &link_to(server, email)).await
}

/// Somebody new who opened the link of an invitation.
pub(super) async fn accept(server: &Server, link: &str) -> Caller {
    let body = json!({ "link": link, "password": PASSWORD });
    let response = post(server, "accept-invitation", body, None).await;
    assert_eq!(response.status(), 201);
    session(&response)
}

/// Has somebody who is signed in come in by an invitation too.
pub(super) async fn join_also(server: &Server, inviter: &Caller, email: &str, person: &Caller) {
    assert_eq!(invite(server, inviter, email, "MEMBER").await, "");
    let body = json!({ "link": link_to(server, email) });
    assert_eq!(post(server, "accept-invitation", body, Some(person)).await.status(), 200);
}

async fn members(server: &Server, caller: &Caller) -> Vec<Value> {
    caller.query(server, MEMBERS, json!({})).await["company"]["members"].as_array().unwrap().clone()
}

pub(super) async fn id_of(server: &Server, caller: &Caller, email: &str) -> Value {
    let members = members(server, caller).await;
    members.iter().find(|member| member["email"] == email).unwrap()["id"].clone()
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn somebody_comes_in_by_an_invitation_once() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    assert_eq!(invite(&server, &owner, "ada@example.com", "ADMIN").await, "");
    let first = link_to(&server, "ada@example.com");
    assert_eq!(invite(&server, &owner, "ADA@example.com", "MEMBER").await, "", "again, as something else");
    let link = link_to(&server, "ADA@example.com");
    for wrong in [first.as_str(), "", "x", &link[1..]] {
        let gone = (410, "LINK_GONE".to_owned());
        let body = json!({ "link": wrong, "password": PASSWORD });
        assert_eq!(refusal(post(&server, "accept-invitation", body, None).await).await, gone);
        assert_eq!(refusal(post(&server, "invitation", json!({ "link": wrong }), None).await).await, gone);
    }
    let shown: Value = post(&server, "invitation", json!({ "link": link }), None).await.json().await.unwrap();
    let wanted = json!({ "company": { "name": "Hopper Lines", "slug": company.slug },
        "email": "ADA@example.com", "role": "member", "hasAccount": false });
    assert_eq!(shown, wanted);
    // Nobody says what they will be, and nobody has a weak password.
    let body = json!({ "link": link, "password": PASSWORD, "role": "owner" });
    assert_eq!(post(&server, "accept-invitation", body, None).await.status(), 422);
    let weak = refusal(
        post(&server, "accept-invitation", json!({ "link": link, "password": "hopper lines" }), None).await,
    );
    assert_eq!(weak.await, (400, "WEAK_PASSWORD".to_owned()));
    let body = json!({ "link": link, "password": PASSWORD });
    let (one, other) = tokio::join!(
        post(&server, "accept-invitation", body.clone(), None),
        post(&server, "accept-invitation", body.clone(), None)
    );
    let mut statuses = [one.status().as_u16(), other.status().as_u16()];
    statuses.sort_unstable();
    assert!(statuses[0] == 201 && statuses[1] >= 409, "one comes in: {statuses:?}");
    let ada = session(if one.status() == 201 { &one } else { &other });
    let listed = members(&server, &ada).await;
    let roles: Vec<_> = listed.iter().map(|one| (&one["email"], &one["role"], &one["isViewer"])).collect();
    let of_owner = (&json!(company.owner_email), &json!("OWNER"), &json!(false));
    assert_eq!(roles, [of_owner, (&json!("ADA@example.com"), &json!("MEMBER"), &json!(true))]);
    let verified =
        ada.query(&server, "{ viewer { user { isVerified } } company { viewerMay } }", json!({})).await;
    assert_eq!(verified["viewer"]["user"]["isVerified"], true, "the link was in the mail");
    assert_eq!(
        verified["company"]["viewerMay"],
        json!([
            "READ_CALLS",
            "READ_EVENTS",
            "EXPORT_CALLS",
            "READ_ENDPOINT",
            "READ_DELIVERIES",
            "READ_PEOPLE",
            "SHARE_VIEWS"
        ])
    );
    assert_eq!(invite(&server, &owner, "Ada@example.com", "VIEWER").await, "ALREADY_MEMBER");
}

#[tokio::test]
async fn one_person_is_in_several_companies() {
    let server = Server::start();
    let (one, two) = (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let (grace, ada) = (one.owner(&server).await, two.owner(&server).await);
    assert_eq!(invite(&server, &grace, &two.owner_email, "VIEWER").await, "");
    let link = link_to(&server, &two.owner_email);
    let shown: Value = post(&server, "invitation", json!({ "link": link }), None).await.json().await.unwrap();
    assert_eq!(shown["hasAccount"], true);
    // Not with another password, not as somebody else, not without signing in.
    let body = json!({ "link": link });
    for (body, caller, wanted) in [
        (json!({ "link": link, "password": "a password of mine" }), None, (409, "SIGN_IN_FIRST")),
        (body.clone(), None, (409, "SIGN_IN_FIRST")),
        (body.clone(), Some(&grace), (403, "OTHER_PERSON")),
    ] {
        let refused = refusal(post(&server, "accept-invitation", body, caller).await).await;
        assert_eq!(refused, (wanted.0, wanted.1.to_owned()));
    }
    let accepted = post(&server, "accept-invitation", body, Some(&ada)).await;
    assert_eq!(accepted.status(), 200);
    assert!(!accepted.headers().contains_key(SET_COOKIE), "the session stays");
    let data = ada
        .query(&server, "{ viewer { companies { id name viewerRole } } company { name } }", json!({}))
        .await;
    let companies = data["viewer"]["companies"].as_array().unwrap();
    let roles: Vec<_> = companies.iter().map(|one| (&one["name"], &one["viewerRole"])).collect();
    assert_eq!(
        roles,
        [(&json!("Lovelace Ltd"), &json!("OWNER")), (&json!("Hopper Lines"), &json!("VIEWER"))]
    );
    assert_eq!(data["company"], Value::Null, "which one has to be said");
    // An owner in one is a viewer in the other.
    let invite_to = |company: &str| json!({ "email": "x@example.com", "role": "VIEWER", "company": company });
    assert_eq!(ada.ask(&server, INVITE, invite_to(&one.id)).await.code(), "FORBIDDEN");
    assert_eq!(ada.ask(&server, INVITE, invite_to(&two.id)).await.code(), "");
    let of_one = "query($id: ID) { company(id: $id) { members { email } } }";
    assert_eq!(ada.ask(&server, of_one, json!({ "id": one.id })).await.code(), "FORBIDDEN");
    let leave =
        "mutation($id: ID) { leaveCompany(input: { companyId: $id }) { leftCompanyId userErrors { code } } }";
    let left = ada.query(&server, leave, json!({ "id": one.id })).await;
    assert_eq!(left["leaveCompany"], json!({ "leftCompanyId": one.id, "userErrors": [] }));
    assert_eq!(
        ada.query(&server, "{ company { name } }", json!({})).await["company"]["name"],
        "Lovelace Ltd"
    );
}

#[tokio::test]
async fn nobody_does_more_than_their_role_lets_and_an_owner_stays() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let admin = join(&server, &owner, "admin@example.com", "ADMIN").await;
    let member = join(&server, &admin, "member@example.com", "MEMBER").await;
    let viewer = join(&server, &admin, "viewer@example.com", "VIEWER").await;
    let id = async |email: &str| id_of(&server, &owner, email).await;
    let (owner_id, member_id) = (id(&company.owner_email).await, id("member@example.com").await);
    // Refused whole, and for a key too.
    for (caller, wanted) in [(&member, "FORBIDDEN"), (&viewer, "FORBIDDEN"), (&company.key(), "PEOPLE_ONLY")]
    {
        for (query, variables) in [
            (INVITE, json!({ "email": "x@example.com", "role": "VIEWER" })),
            (ROLE, json!({ "id": member_id, "role": "ADMIN" })),
            (REMOVE, json!({ "id": owner_id })),
        ] {
            assert_eq!(caller.ask(&server, query, variables).await.code(), wanted, "{query}");
        }
    }
    for (caller, wanted) in [(&owner, ""), (&admin, ""), (&member, ""), (&viewer, "FORBIDDEN")] {
        assert_eq!(caller.ask(&server, MEMBERS, json!({})).await.code(), wanted);
    }
    // An admin neither makes owners nor touches them.
    assert_eq!(invite(&server, &admin, "x@example.com", "OWNER").await, "ABOVE_YOUR_ROLE");
    assert_eq!(
        invite(&server, &owner, "x@example.com", "OWNER").await,
        "ABOVE_YOUR_ROLE",
        "it is handed over"
    );
    let change = async |caller: &Caller, id: &Value, role: &str| {
        let data = caller.query(&server, ROLE, json!({ "id": id, "role": role })).await;
        code(&data["changeMemberRole"]).to_owned()
    };
    let remove = async |caller: &Caller, id: &Value| {
        code(&caller.query(&server, REMOVE, json!({ "id": id })).await["removeMember"]).to_owned()
    };
    assert_eq!(change(&admin, &member_id, "OWNER").await, "ABOVE_YOUR_ROLE");
    assert_eq!(change(&admin, &owner_id, "VIEWER").await, "ABOVE_YOUR_ROLE");
    assert_eq!(remove(&admin, &owner_id).await, "ABOVE_YOUR_ROLE");
    assert_eq!(change(&owner, &owner_id, "ADMIN").await, "LAST_OWNER");
    assert_eq!(remove(&owner, &owner_id).await, "LAST_OWNER");
    let leave = "mutation { leaveCompany(input: {}) { leftCompanyId userErrors { code } } }";
    assert_eq!(code(&owner.query(&server, leave, json!({})).await["leaveCompany"]), "LAST_OWNER");
    for nobody in [json!("x"), json!("01900000-0000-7000-8000-000000000000")] {
        assert_eq!(
            (change(&owner, &nobody, "ADMIN").await, remove(&owner, &nobody).await),
            ("NOT_FOUND".into(), "NOT_FOUND".into())
        );
    }
    // What is changed counts with the next request.
    assert_eq!(change(&admin, &member_id, "VIEWER").await, "");
    assert_eq!(member.ask(&server, MEMBERS, json!({})).await.code(), "FORBIDDEN");
    assert_eq!(remove(&admin, &member_id).await, "");
    let left = member.query(&server, "{ company { name } viewer { companies { name } } }", json!({})).await;
    assert_eq!(left, json!({ "company": null, "viewer": { "companies": [] } }));
    // Handed over: then the old owner may leave.
    let hand_over = "mutation($id: ID!) { transferOwnership(input: { memberId: $id }) { member { email role } userErrors { code } } }";
    let admin_id = id("admin@example.com").await;
    assert_eq!(admin.ask(&server, hand_over, json!({ "id": admin_id })).await.code(), "FORBIDDEN");
    let handed = owner.query(&server, hand_over, json!({ "id": admin_id })).await;
    assert_eq!(
        handed["transferOwnership"]["member"],
        json!({ "email": "admin@example.com", "role": "OWNER" })
    );
    assert_eq!(remove(&owner, &admin_id).await, "ABOVE_YOUR_ROLE", "an admin from now on");
    assert_eq!(code(&owner.query(&server, leave, json!({})).await["leaveCompany"]), "");
}

#[tokio::test]
async fn two_owners_cannot_both_go() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let one = company.owner(&server).await;
    let other = join(&server, &one, "ada@example.com", "ADMIN").await;
    let ada = id_of(&server, &one, "ada@example.com").await;
    one.query(&server, ROLE, json!({ "id": ada, "role": "OWNER" })).await;
    let leave = "mutation { leaveCompany(input: {}) { leftCompanyId userErrors { code } } }";
    let (first, second) =
        tokio::join!(one.ask(&server, leave, json!({})), other.ask(&server, leave, json!({})));
    let mut codes = [first, second].map(|answer| code(&answer.json["data"]["leaveCompany"]).to_owned());
    codes.sort();
    assert_eq!(codes, ["", "LAST_OWNER"]);
}

#[tokio::test]
async fn an_invitation_ends_with_who_sent_it() {
    let server = Server::start();
    let unproven = session(&sign_up(&server, &hopper()).await);
    assert_eq!(invite(&server, &unproven, "ada@example.com", "MEMBER").await, "VERIFY_FIRST");
    let company = Company::create(&server, "Lovelace Ltd");
    let owner = company.owner(&server).await;
    let admin = join(&server, &owner, "admin@example.com", "ADMIN").await;
    let is_good =
        async |link: &str| post(&server, "invitation", json!({ "link": link }), None).await.status() == 200;
    for email in ["one@example.com", "two@example.com"] {
        assert_eq!(invite(&server, &admin, email, "MEMBER").await, "");
    }
    let (one, two) = (link_to(&server, "one@example.com"), link_to(&server, "two@example.com"));
    assert!(is_good(&one).await && is_good(&two).await);
    let listed = "{ company { invitations { id email invitedBy isExpired } } }";
    let invitations = owner.query(&server, listed, json!({})).await["company"]["invitations"].clone();
    let id = |email: &str| {
        invitations.as_array().unwrap().iter().find(|one| one["email"] == email).unwrap()["id"].clone()
    };
    let revoke = "mutation($id: ID!) { revokeInvitation(input: { invitationId: $id }) { revokedInvitationId userErrors { code } } }";
    let revoked = owner.query(&server, revoke, json!({ "id": id("one@example.com") })).await;
    assert_eq!(revoked["revokeInvitation"]["revokedInvitationId"], id("one@example.com"));
    assert!(!is_good(&one).await);
    assert_eq!(
        code(&owner.query(&server, revoke, json!({ "id": id("one@example.com") })).await["revokeInvitation"]),
        "NOT_FOUND"
    );
    let admin_id = id_of(&server, &owner, "admin@example.com").await;
    owner.query(&server, REMOVE, json!({ "id": admin_id })).await;
    assert!(!is_good(&two).await);
    let left = owner.query(&server, listed, json!({})).await["company"]["invitations"][0].clone();
    assert_eq!((&left["invitedBy"], &left["isExpired"]), (&Value::Null, &json!(true)));
    // Who sends it again answers for it.
    let resend = "mutation($id: ID!) { resendInvitation(input: { invitationId: $id }) { invitation { invitedBy isExpired } userErrors { code } } }";
    let resent =
        owner.query(&server, resend, json!({ "id": left["id"] })).await["resendInvitation"]["invitation"]
            .clone();
    assert_eq!(resent, json!({ "invitedBy": company.owner_email, "isExpired": false }));
    assert!(!is_good(&two).await && is_good(&link_to(&server, "two@example.com")).await);
}

#[tokio::test]
async fn every_change_is_written_down_and_a_changed_entry_is_found() {
    const AUDIT: &str = "query($after: String) { company { audit(first: 2, after: $after) {
        nodes { number at actor address action subject detail } pageInfo { hasNextPage endCursor } }
        auditCheck { isWhole brokenAt } } }";
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Ltd"));
    let owner = company.owner(&server).await;
    let ada = join(&server, &owner, "ada@example.com", "MEMBER").await;
    let id = id_of(&server, &owner, "ada@example.com").await;
    owner.query(&server, ROLE, json!({ "id": id, "role": "VIEWER" })).await;
    owner.query(&server, REMOVE, json!({ "id": id })).await;
    let mut entries = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = owner.query(&server, AUDIT, json!({ "after": after })).await["company"].clone();
        assert_eq!(page["auditCheck"], json!({ "isWhole": true, "brokenAt": null }));
        entries.extend(page["audit"]["nodes"].as_array().unwrap().clone());
        after = page["audit"]["pageInfo"]["endCursor"].clone();
        if page["audit"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let said: Vec<_> = entries
        .iter()
        .map(|entry| {
            let text = |field: &str| entry[field].as_str().unwrap_or("-").to_owned();
            assert_eq!(text("address"), "127.0.0.1");
            format!(
                "{} {} {} {} {}",
                entry["number"],
                text("actor"),
                text("action"),
                text("subject"),
                text("detail")
            )
        })
        .collect();
    let by_owner = &company.owner_email;
    assert_eq!(
        said,
        [
            format!("4 {by_owner} MEMBER_REMOVED ada@example.com viewer"),
            format!("3 {by_owner} MEMBER_ROLE_CHANGED ada@example.com member → viewer"),
            "2 ada@example.com INVITATION_ACCEPTED ada@example.com member".to_owned(),
            format!("1 {by_owner} MEMBER_INVITED ada@example.com member"),
        ]
    );
    let of_other = other.owner(&server).await.query(&server, AUDIT, json!({})).await;
    assert_eq!(of_other["company"]["audit"]["nodes"], json!([]));
    assert_eq!(
        company.ask(&server, AUDIT, json!({})).await.code(),
        "FORBIDDEN",
        "not for a key that reads calls"
    );
    assert_eq!(ada.query(&server, AUDIT, json!({})).await["company"], Value::Null);
    a_changed_entry_is_found(&url, &company, async || {
        owner.query(&server, AUDIT, json!({})).await["company"]["auditCheck"].clone()
    })
    .await;
}

/// Whoever has all rights over the database and changes or moves entries is found.
async fn a_changed_entry_is_found(url: &str, company: &Company, check: impl AsyncFn() -> Value) {
    let of = format!("tenant_id = (SELECT tenant_id FROM tenants WHERE slug = '{}')", company.slug);
    for (deed, undo) in [
        (
            format!("UPDATE audit_entries SET subject = 'nobody' WHERE number = 3 AND {of}"),
            format!("UPDATE audit_entries SET subject = 'ada@example.com' WHERE number = 3 AND {of}"),
        ),
        (
            format!("UPDATE audit_entries SET number = number + 10 WHERE number > 2 AND {of}"),
            format!("UPDATE audit_entries SET number = number - 10 WHERE number > 2 AND {of}"),
        ),
    ] {
        psql(url, &deed).unwrap();
        assert_eq!(check().await, json!({ "isWhole": false, "brokenAt": 3 }), "{deed}");
        psql(url, &undo).unwrap();
        assert_eq!(check().await["isWhole"], true);
    }
}

#[tokio::test]
async fn changes_of_the_endpoint_are_written_down() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let secret = "a secret of forty and more characters, made up";
    for mutation in [
        format!("replaceEndpointSecret(input: {{ secret: \"{secret}\" }})"),
        "endPreviousSecret(input: {})".to_owned(),
        "rotateEndpointUrl(input: {})".to_owned(),
        "endPreviousUrl(input: {})".to_owned(),
    ] {
        let mutation = format!("mutation {{ {mutation} {{ userErrors {{ code }} }} }}");
        owner.query(&server, &mutation, json!({})).await;
    }
    let log = "{ company { audit { nodes { action actor subject detail } } auditCheck { isWhole } } }";
    let log = owner.query(&server, log, json!({})).await["company"].clone();
    let entries = log["audit"]["nodes"].as_array().unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| &entry["action"]).collect();
    let wanted = ["PREVIOUS_URL_ENDED", "REQUEST_URL_REPLACED", "PREVIOUS_SECRET_ENDED", "SECRET_REPLACED"];
    assert_eq!(actions, wanted);
    assert!(entries.iter().all(|entry| entry["actor"] == company.owner_email));
    assert!(!log.to_string().contains(secret) && log["auditCheck"]["isWhole"] == true);
}
