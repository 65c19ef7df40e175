//! Proves how companies and accounts end: by who may end them and shows the password, a company only after days in which
//! it can be kept, then wholly, and nothing of anybody else's.

use serde_json::{Value, json};

use super::mail::newest;
use super::{auth, sign_in, viewer};
use crate::support::database::psql;
use crate::support::postbox::mailbox;
use crate::support::{Caller, Company, Database, Event, Server, Start, eventually};

const PASSWORD: &str = "a quiet staircase";

/// Asks for a change; answers the code of the refusal, empty when there is none.
async fn ask(server: &Server, caller: &Caller, field: &str, input: Value) -> String {
    let name = field[..1].to_uppercase() + &field[1..];
    let mutation =
        format!("mutation($input: {name}Input!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}");
    let answer = caller.ask(server, &mutation, json!({ "input": input })).await;
    let refused = &answer.json["data"][field]["userErrors"][0]["code"];
    refused.as_str().unwrap_or_else(|| answer.code()).to_owned()
}

async fn deleted_from(server: &Server, caller: &Caller) -> Value {
    caller.query(server, "{ company { deletedFrom } }", json!({})).await["company"]["deletedFrom"].take()
}

/// The rows that a company has, by table; its own row apart.
fn rows_of(url: &str, tenant: &str) -> Vec<String> {
    let tables =
        "SELECT relname FROM pg_class t WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname <> 'tenants' AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'tenant_id') ORDER BY 1";
    let count = |table: &str| format!("SELECT '{table}', count(*) FROM {table} WHERE tenant_id = '{tenant}'");
    let counts: Vec<_> = psql(url, tables).unwrap().lines().map(count).collect();
    let counted = psql(url, &format!("{} ORDER BY 1", counts.join(" UNION ALL "))).unwrap();
    counted.lines().map(str::to_owned).collect()
}

fn tenant_of(url: &str, company: &Company) -> String {
    psql(url, &format!("SELECT tenant_id FROM tenants WHERE slug = '{}'", company.slug))
        .unwrap()
        .trim()
        .to_owned()
}

async fn call(server: &Server, company: &Company) {
    let contact = json!({ "id": "7", "type": "local", "name": "Ada Lovelace", "phone": "+12065550133" });
    let event =
        Event::new("4711", "hangup").with(json!({ "contact": contact, "entry_point_call_id": "4710" }));
    company.deliver(server, event.payload()).await;
    company.deliver(server, event.payload()).await;
    company.deliver(server, "{}").await;
    eventually(async || match company.call_ids(server, json!({})).await {
        ids if ids == ["4711"] => Ok(()),
        ids => Err(format!("{ids:?}")),
    })
    .await;
}

#[tokio::test]
async fn a_company_ends_by_its_owners_word_and_can_be_kept() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let url = server.database_url().unwrap();
    company.join(url, "admin@example.com", "admin");
    company.join(url, "member@example.com", "member");
    let admin = company.sign_in(&server, "admin@example.com").await;
    let input = |name: &str, password: &str| json!({ "name": name, "currentPassword": password });
    for (who, caller, name, password, code) in [
        ("an admin", &admin, "Hopper Lines", PASSWORD, "FORBIDDEN"),
        ("a key", &company.key(), "Hopper Lines", PASSWORD, "PEOPLE_ONLY"),
        ("the owner", &owner, "Hopper Lines", "not the password", "BAD_CREDENTIALS"),
        ("the owner", &owner, "Hopper", PASSWORD, "OTHER_NAME"),
    ] {
        assert_eq!(ask(&server, caller, "deleteCompany", input(name, password)).await, code, "{who}, {name}");
    }
    assert_eq!(deleted_from(&server, &owner).await, Value::Null);
    assert_eq!(ask(&server, &owner, "deleteCompany", input(" Hopper Lines ", PASSWORD)).await, "");
    let day = deleted_from(&server, &admin).await;
    let in_days = format!(
        "SELECT round(extract(epoch FROM '{}'::timestamptz - now()) / 86400, 3)",
        day.as_str().unwrap()
    );
    assert_eq!(psql(url, &in_days).unwrap().trim(), "14.000");
    // Whoever says it again does not put it off.
    assert_eq!(ask(&server, &owner, "deleteCompany", input("Hopper Lines", PASSWORD)).await, "");
    assert_eq!(deleted_from(&server, &owner).await, day);
    // Until then it works, and those who run it know.
    call(&server, &company).await;
    let told = |mails: &[Value]| {
        let mut told: Vec<_> =
            mails.iter().map(|mail| format!("{}: {}", mail["to"], mail["subject"])).collect();
        told.sort_unstable();
        told
    };
    let wanted = |subject: &str| {
        ["admin@example.com", "hopper.lines@example.com"]
            .map(|to| format!("\"{to}\": \"“Hopper Lines” {subject}\""))
    };
    assert_eq!(told(&mailbox(&server)), wanted("will be deleted"));
    assert_eq!(ask(&server, &admin, "keepCompany", json!({})).await, "FORBIDDEN");
    assert_eq!(ask(&server, &owner, "keepCompany", json!({})).await, "");
    assert_eq!(deleted_from(&server, &owner).await, Value::Null);
    let stays = wanted("stays");
    assert!(stays.iter().all(|mail| told(&mailbox(&server)).contains(mail)), "{:?}", mailbox(&server));
    let audit = "{ company { audit(first: 2) { nodes { action subject detail } } } }";
    let noted = owner.query(&server, audit, json!({})).await["company"]["audit"]["nodes"].take();
    assert_eq!(noted[0], json!({ "action": "COMPANY_KEPT", "subject": "Hopper Lines", "detail": null }));
    assert_eq!(noted[1]["action"], "COMPANY_DELETED");
}

fn without_row_level_security(url: &str) {
    let tables = "SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', oid::regclass) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity";
    psql(url, &psql(url, tables).unwrap()).unwrap();
}

#[tokio::test]
async fn when_its_time_has_come_everything_of_a_company_goes_and_nothing_else() {
    let database = Database::new();
    let url = database.url();
    let server = Server::start_on(Start::At(url.clone()));
    let (company, other) =
        (Company::create(&server, "Hopper Lines"), Company::create(&server, "Lovelace Freight"));
    for one in [&company, &other] {
        call(&server, one).await;
    }
    let owner = company.owner(&server).await;
    let view = "mutation { createSavedView(input: { name: \"x\", content: \"{}\", isShared: true }) { userErrors { code } } }";
    owner.query(&server, view, json!({})).await;
    let invite = json!({ "email": "ada@example.com", "role": "MEMBER" });
    assert_eq!(ask(&server, &owner, "inviteMember", invite).await, "");
    let (tenant, others) = (tenant_of(&url, &company), tenant_of(&url, &other));
    // How deliveries fare is written down a moment later.
    let before = eventually(async || {
        let both = [&tenant, &others].map(|one| rows_of(&url, one));
        let filled = both.each_ref().map(|rows| rows.iter().filter(|row| !row.ends_with("\t0")).count());
        if filled[0] >= 19 && filled[1] >= 16 { Ok(rows_of(&url, &others)) } else { Err(format!("{both:?}")) }
    })
    .await;
    let input = json!({ "name": "Hopper Lines", "currentPassword": PASSWORD });
    assert_eq!(ask(&server, &owner, "deleteCompany", input).await, "");
    let due =
        format!("UPDATE tenants SET erase_at = now() - interval '2 minutes' WHERE tenant_id = '{tenant}'");
    psql(&url, &due).unwrap();
    assert_eq!(ask(&server, &owner, "keepCompany", json!({})).await, "BAD_INPUT", "it is too late");
    // A process looks when it begins.
    let _eraser = server.replica();
    eventually(async || {
        let erased = format!("SELECT erased_at IS NOT NULL, name FROM tenants WHERE tenant_id = '{tenant}'");
        let erased = psql(&url, &erased).unwrap();
        if erased.trim_end_matches('\n') == "t\t" { Ok(()) } else { Err(erased) }
    })
    .await;
    let left: Vec<_> = rows_of(&url, &tenant).into_iter().filter(|row| !row.ends_with("\t0")).collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(rows_of(&url, &others), before);
    // Nobody gets in any more, by whatever way.
    eventually(async || match company.post(&server, "x.y.z").await.0 {
        404 => Ok(()),
        status => Err(status.to_string()),
    })
    .await;
    eventually(async || {
        match company.ask(&server, "{ company { name } }", json!({})).await.status.as_u16() {
            401 => Ok(()),
            status => Err(status.to_string()),
        }
    })
    .await;
    let companies = "{ viewer { companies { name } } }";
    assert_eq!(owner.query(&server, companies, json!({})).await["viewer"]["companies"], json!([]));
    assert_eq!(other.call_ids(&server, json!({})).await, ["4711"]);
    // What is written late goes, too; the address is nobody else's.
    psql(&url, &format!("INSERT INTO dirty_calls (tenant_id, call_id) VALUES ('{tenant}', 7)")).unwrap();
    // The eraser names what it erases: it does not lean on the wall alone.
    without_row_level_security(&url);
    let _later = server.replica();
    eventually(async || match rows_of(&url, &tenant).into_iter().find(|row| !row.ends_with("\t0")) {
        None => Ok(()),
        Some(row) => Err(row),
    })
    .await;
    assert_eq!(rows_of(&url, &others), before);
    let again = Company::create(&server, "Hopper-Lines");
    assert_ne!(again.slug, company.slug);
}

#[tokio::test]
async fn an_account_ends_with_what_is_only_its_persons() {
    let server = Server::start();
    let url = server.database_url().unwrap().to_owned();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    company.join(&url, "ada@example.com", "admin");
    let ada = company.sign_in(&server, "ada@example.com").await;
    for (name, is_shared) in [("hers", false), ("everybody's", true)] {
        let view = json!({ "name": name, "content": "{}", "isShared": is_shared });
        assert_eq!(ask(&server, &ada, "createSavedView", view).await, "");
    }
    assert_eq!(
        ask(&server, &ada, "inviteMember", json!({ "email": "new@example.com", "role": "VIEWER" })).await,
        ""
    );
    let delete = async |caller: &Caller, password: &str| {
        ask(&server, caller, "deleteAccount", json!({ "currentPassword": password })).await
    };
    assert_eq!(delete(&ada, "not the password").await, "BAD_CREDENTIALS");
    assert_eq!(delete(&company.key(), PASSWORD).await, "PEOPLE_ONLY");
    assert_eq!(delete(&owner, PASSWORD).await, "LAST_OWNER");
    let person = "SELECT user_id FROM users WHERE email_key = 'ada@example.com'";
    let person = psql(&url, person).unwrap().trim().to_owned();
    assert_eq!(delete(&ada, PASSWORD).await, "");
    assert_eq!(viewer(&server, &ada).await.0, 401);
    assert_eq!(sign_in(&server, "ada@example.com", PASSWORD).await.status(), 401);
    let mails = mailbox(&server).len();
    let told = newest(&server, mails).await;
    assert_eq!(
        (&told["to"], &told["subject"]),
        (&json!("ada@example.com"), &json!("Your account was deleted"))
    );
    let asked = "{ company { members { email } invitations { email } savedViews { name madeBy isOwn }
        audit(first: 1) { nodes { actor action subject } } auditCheck { isWhole } } }";
    let seen = &owner.query(&server, asked, json!({})).await["company"];
    assert_eq!(seen["members"], json!([{ "email": company.owner_email }]));
    assert_eq!(seen["invitations"], json!([]));
    assert_eq!(
        seen["savedViews"],
        json!([{ "name": "everybody's", "madeBy": "ada@example.com", "isOwn": false }])
    );
    let noted =
        json!({ "actor": "ada@example.com", "action": "ACCOUNT_DELETED", "subject": "ada@example.com" });
    assert_eq!(seen["audit"]["nodes"], json!([noted]));
    assert_eq!(seen["auditCheck"]["isWhole"], true);
    // Nothing is left of them but what the company wrote down.
    let tables = "SELECT relname FROM pg_class t WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'user_id')";
    for table in psql(&url, tables).unwrap().lines() {
        let left = psql(&url, &format!("SELECT count(*) FROM {table} WHERE user_id = '{person}'")).unwrap();
        assert_eq!(left.trim(), "0", "{table}");
    }
    // The address is free again.
    let body = json!({ "companyName": "Lovelace Freight", "email": "ada@example.com", "password": "another password" });
    assert_eq!(
        auth(&server, "sign-up", &body).header("origin", server.url()).send().await.unwrap().status(),
        201
    );
    // Whoever has their company deleted may go before it does.
    let input = json!({ "name": "Hopper Lines", "currentPassword": PASSWORD });
    assert_eq!(ask(&server, &owner, "deleteCompany", input).await, "");
    assert_eq!(delete(&owner, PASSWORD).await, "");
}
