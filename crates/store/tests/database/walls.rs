//! Proves that the second wall stands by itself: whatever SQL a role of the server sends, it reaches its own part of
//! its own company's data, and a forgotten company is an error and never an empty list.

use sqlx::postgres::PgConnection;
use store::{Api, Page};

use crate::support::{Company, Database, ROLES, at, column, refusal, rows, run};

/// Refused for want of a right, or by row-level security.
const FORBIDDEN: &str = "42501";
/// No company is set.
const NO_TENANT: &str = "P0T01";

/// Two companies with something in every table. Call 7 exists in both.
async fn two_companies() -> (Database, Company, Company) {
    let database = Database::new().await;
    let (a, b) = (database.company(1).await, database.company(2).await);
    let payload = |name: &str| {
        format!(
            r#"{{"call_id":7,"state":"hangup","contact":{{"type":"local","name":"{name}","phone":"+12065550133"}}}}"#
        )
    };
    let writes = [
        a.event(&payload("Adelheid")),
        b.event(&payload("Berengar")),
        a.quarantined("x", 1),
        b.quarantined("y", 2),
    ];
    database.deliver(&writes).await;
    let mut owner = database.owner().await;
    for company in [&a, &b] {
        let (tenant, endpoint) = (company.tenant(), company.endpoint);
        run(
            &mut owner,
            &format!(
                "INSERT INTO endpoint_activity (tenant_id, endpoint_id) VALUES ('{tenant}', '{endpoint}');
             INSERT INTO delivery_hours VALUES ('{tenant}', '{endpoint}', now(), 1, 0, 0, 0, '{{0}}');
             INSERT INTO event_duplicates VALUES ('{tenant}', 7, now(), '\\x00', 1, now());
             INSERT INTO dirty_calls (tenant_id, call_id) VALUES ('{tenant}', 7);
             INSERT INTO marked_calls (tenant_id, call_ids) VALUES ('{tenant}', '{{7}}');
             INSERT INTO conversation_legs (tenant_id, call_id, conversation_id) VALUES ('{tenant}', 7, 7);
             INSERT INTO api_keys SELECT tenant_id, gen_random_uuid(), 'key', '\\x00', 'hint', 'member', now()
                 FROM tenants WHERE tenant_id = '{tenant}';
             INSERT INTO invitations SELECT tenant_id, gen_random_uuid(), 'x', 'x', 'member', '\\x00', user_id, now(), now()
                 FROM memberships WHERE tenant_id = '{tenant}';
             INSERT INTO saved_views SELECT tenant_id, gen_random_uuid(), 'x', '{{}}', true, user_id, 'x', now(), now()
                 FROM memberships WHERE tenant_id = '{tenant}';
             INSERT INTO single_sign_on VALUES ('{tenant}', 'https://id.example', 'x', '\\x00', '{{example.com}}', 'viewer');
             INSERT INTO single_sign_on_people SELECT tenant_id, 'https://id.example', 'x', user_id, now()
                 FROM memberships WHERE tenant_id = '{tenant}';
             INSERT INTO single_sign_on_tries VALUES ('{tenant}', '\\x00', now());
             INSERT INTO audit_entries VALUES ('{tenant}', 1, now(), NULL, 'x', '', 'MEMBER_LEFT', 'x', '', '\\x00');
             INSERT INTO sessions SELECT sha256(user_id::text::bytea), user_id, now(), now() FROM memberships
                 WHERE tenant_id = '{tenant}'"
            ),
        )
        .await
        .unwrap();
    }
    (database, a, b)
}

/// The tables from which the role may read something.
async fn readable(database: &Database, role: &str) -> Vec<String> {
    let sql =
        format!(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND has_any_column_privilege('tl_{}_{role}', oid, 'SELECT') ORDER BY 1", database.name);
    column(&mut database.owner().await, &sql).await
}

async fn in_company(connection: &mut PgConnection, company: &Company) {
    run(connection, &format!("BEGIN; SET LOCAL app.tenant_id = '{}'", company.tenant())).await.unwrap();
}

#[tokio::test]
async fn without_a_company_reading_is_an_error() {
    let (database, ..) = two_companies().await;
    let mut api = database.login("api").await;
    let tables = readable(&database, "api").await;
    assert!(tables.len() >= 8, "{tables:?}");
    assert_eq!(refusal(&mut api, "COPY calls TO STDOUT").await, NO_TENANT);
    for table in tables {
        for sql in [
            format!("SELECT count(*)::text FROM {table}"),
            format!("SELECT tenant_id::text FROM {table} LIMIT 1"),
            format!("SELECT tenant_id::text FROM {table} WHERE tenant_id = gen_random_uuid()"),
        ] {
            assert_eq!(refusal(&mut api, &sql).await, NO_TENANT, "{sql}");
        }
        // Set for a transaction that is over, or to nothing.
        run(&mut api, "BEGIN; SET LOCAL app.tenant_id = '01010000-0000-7000-8000-000000000001'; COMMIT")
            .await
            .unwrap();
        assert_eq!(refusal(&mut api, &format!("SELECT count(*)::text FROM {table}")).await, NO_TENANT);
        assert_eq!(
            refusal(&mut api, &format!("SET row_security = off; SELECT count(*)::text FROM {table}")).await,
            FORBIDDEN
        );
        run(&mut api, "RESET row_security").await.unwrap();
    }
}

#[tokio::test]
async fn with_a_company_only_its_rows_are_there() {
    let (database, a, b) = two_companies().await;
    let mut api = database.login("api").await;
    for table in readable(&database, "api").await {
        for (own, other) in [(&a, &b), (&b, &a)] {
            in_company(&mut api, own).await;
            let seen = column(&mut api, &format!("SELECT DISTINCT tenant_id::text FROM {table}")).await;
            assert_eq!(seen, [own.tenant().to_string()], "{table}");
            let asked = format!("SELECT tenant_id::text FROM {table} WHERE tenant_id = '{}'", other.tenant());
            assert_eq!(column(&mut api, &asked).await, Vec::<String>::new(), "{table}");
            run(&mut api, "ROLLBACK").await.unwrap();
        }
    }
}

#[tokio::test]
async fn text_in_the_middle_is_found_in_ones_own_company_only() {
    let (database, a, b) = two_companies().await;
    let mut api = database.login("api").await;
    let found = |wanted: &str| {
        format!("SELECT party_id::text FROM app.parties_containing('n', '{wanted}', 10) AS party_id")
    };
    assert_eq!(refusal(&mut api, &found("del")).await, NO_TENANT);
    for (company, own, other) in [(&a, "delhei", "ereng"), (&b, "ereng", "delhei")] {
        in_company(&mut api, company).await;
        assert_eq!(column(&mut api, &found(own)).await.len(), 1);
        for nothing in [other, "%", "_delhei", "adelheidx", "nadelheid", "\\"] {
            assert_eq!(column(&mut api, &found(nothing)).await, Vec::<String>::new(), "{nothing}");
        }
        run(&mut api, "ROLLBACK").await.unwrap();
    }
    for role in ROLES.into_iter().filter(|role| *role != "api") {
        let mut login = database.login(role).await;
        assert_eq!(refusal(&mut login, &found("del")).await, FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn nothing_can_be_put_into_another_company() {
    let (database, a, b) = two_companies().await;
    // More rights than it has, so that it is row-level security that refuses.
    run(&mut database.owner().await, "GRANT INSERT, UPDATE, DELETE ON parties, endpoints TO trunkline_api")
        .await
        .unwrap();
    let mut api = database.login("api").await;
    let insert = |company: &Company| {
        format!(
            "INSERT INTO parties (tenant_id, party_id, kind) VALUES ('{}', gen_random_uuid(), 'x')",
            company.tenant()
        )
    };
    in_company(&mut api, &a).await;
    run(&mut api, &insert(&a)).await.unwrap();
    assert_eq!(refusal(&mut api, &insert(&b)).await, FORBIDDEN);
    run(&mut api, "ROLLBACK").await.unwrap();
    for statement in [
        format!("UPDATE endpoints SET secret = '\\x00' WHERE tenant_id = '{}' RETURNING token", b.tenant()),
        format!("DELETE FROM parties WHERE tenant_id = '{}' RETURNING kind", b.tenant()),
    ] {
        in_company(&mut api, &a).await;
        assert_eq!(column(&mut api, &statement).await, Vec::<String>::new(), "{statement}");
        run(&mut api, "ROLLBACK").await.unwrap();
    }
    in_company(&mut api, &a).await;
    let give_away = format!("UPDATE endpoints SET tenant_id = '{}'", b.tenant());
    assert_eq!(refusal(&mut api, &give_away).await, FORBIDDEN);
    run(&mut api, "ROLLBACK").await.unwrap();
    // A child cannot point at another company's parent.
    let child = format!(
        "INSERT INTO party_terms SELECT '{}', 'wx', party_id FROM parties WHERE tenant_id = '{}' LIMIT 1",
        a.tenant(),
        b.tenant()
    );
    let orphan = refusal(&mut database.owner().await, &child).await;
    assert_eq!(orphan, "23503");
}

/// What each role may not do, because it is the work of another.
const OTHERS_WORK: [(&str, &[&str]); 4] = [
    (
        "ingest",
        &[
            "SELECT payload::text FROM events",
            "SELECT * FROM events",
            "UPDATE deliveries SET body = NULL",
            "UPDATE events SET payload = ''",
            "DELETE FROM events",
            "SELECT * FROM calls",
            "SELECT * FROM parties",
            "SELECT * FROM users",
            "SELECT * FROM sessions",
            "SELECT * FROM dirty_calls",
            "SELECT * FROM marked_calls",
            "UPDATE endpoints SET secret = ''",
            "SELECT app.make_event_months('2031-01-01', 1)",
        ],
    ),
    (
        "projector",
        &[
            "INSERT INTO events SELECT * FROM events",
            "UPDATE events SET payload = ''",
            "DELETE FROM events",
            "SELECT * FROM endpoints",
            "SELECT * FROM deliveries",
            "SELECT * FROM users",
            "SELECT * FROM sessions",
            "SELECT * FROM api_keys",
            "UPDATE parties SET name = ''",
            "DELETE FROM parties",
        ],
    ),
    (
        "accounts",
        &[
            "SELECT * FROM events",
            "SELECT * FROM calls",
            "SELECT * FROM parties",
            "SELECT * FROM deliveries",
            "SELECT secret::text FROM endpoints",
            "UPDATE users SET user_id = gen_random_uuid()",
            "UPDATE memberships SET role = 'owner'",
            "UPDATE invitations SET role = 'admin'",
            "UPDATE audit_entries SET subject = ''",
            "DELETE FROM audit_entries",
            "DELETE FROM tenants",
        ],
    ),
    (
        "api",
        &[
            "INSERT INTO events SELECT * FROM events",
            "UPDATE calls SET state = ''",
            "DELETE FROM calls",
            "SELECT * FROM users",
            "SELECT * FROM sessions",
            "INSERT INTO memberships SELECT * FROM memberships",
            "UPDATE memberships SET tenant_id = gen_random_uuid()",
            "SELECT key_hash::text FROM api_keys",
            "SELECT link_hash::text FROM invitations",
            "UPDATE audit_entries SET subject = ''",
            "DELETE FROM audit_entries",
            "SELECT * FROM dirty_calls",
            "SELECT * FROM marked_calls",
            "UPDATE endpoints SET created_at = now()",
            "UPDATE endpoints SET tenant_id = gen_random_uuid()",
            "UPDATE tenants SET created_at = now()",
            "UPDATE tenants SET tenant_id = gen_random_uuid()",
        ],
    ),
];

#[tokio::test]
async fn each_role_does_its_own_work_and_no_other() {
    let (database, a, _) = two_companies().await;
    let tenant = a.tenant();
    for (role, statements) in OTHERS_WORK {
        let mut login = database.login(role).await;
        for sql in statements {
            // Also in a company it is a matter of rights.
            run(&mut login, &format!("BEGIN; SET LOCAL app.tenant_id = '{tenant}'")).await.unwrap();
            assert_eq!(refusal(&mut login, sql).await, FORBIDDEN, "{role}: {sql}");
            run(&mut login, "ROLLBACK").await.unwrap();
        }
    }
}

#[tokio::test]
async fn no_role_can_get_more_than_it_has() {
    let (database, a, _) = two_companies().await;
    for role in ROLES {
        let mut login = database.login(role).await;
        for sql in [
            "TRUNCATE calls",
            "CREATE TABLE mine (x int)",
            "CREATE TEMPORARY TABLE mine (x int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE VIEW mine AS SELECT 1",
            "CREATE ROLE mine",
            "SET ROLE postgres",
            "ALTER TABLE calls DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE calls OWNER TO CURRENT_USER",
            "DROP POLICY tenant ON calls",
            "CREATE POLICY mine ON calls USING (true)",
            "CALL app.wall('calls')",
            "SELECT key_check::text FROM app.installation",
            "SELECT * FROM _sqlx_migrations",
            "SELECT * FROM events_other",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT rolpassword FROM pg_authid",
        ] {
            assert_eq!(refusal(&mut login, sql).await, FORBIDDEN, "{role}: {sql}");
        }
        for other in ROLES.iter().filter(|other| **other != role) {
            assert_eq!(
                refusal(&mut login, &format!("SET ROLE trunkline_{other}")).await,
                FORBIDDEN,
                "{role} as {other}"
            );
        }
        let months = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'";
        for partition in column(&mut database.owner().await, months).await {
            run(&mut login, &format!("BEGIN; SET LOCAL app.tenant_id = '{}'", a.tenant())).await.unwrap();
            assert_eq!(
                refusal(&mut login, &format!("SELECT * FROM {partition}")).await,
                FORBIDDEN,
                "{role}: {partition}"
            );
            run(&mut login, "ROLLBACK").await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_first_wall_stands_too() {
    let (database, a, b) = two_companies().await;
    // Without the second wall: as if row-level security were switched off by mistake.
    let mut owner = database.owner().await;
    let tables = column(
        &mut owner,
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace",
    )
    .await;
    for table in tables {
        run(&mut owner, &format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await.unwrap();
    }
    let api = Api::new(&database.logins);
    let page = Page { oldest_first: false, after: None, before: None, from_end: false, limit: 100 };
    for (company, name) in [(&a, "Adelheid"), (&b, "Berengar")] {
        let tx = api.begin(&company.access).await.unwrap();
        let everything = domain::search::CallFilter::everything();
        let calls = tx.calls(&everything, page).await.unwrap().rows;
        let seen: Vec<_> = calls.iter().map(|call| (call.tenant_id, call.call_id)).collect();
        assert_eq!(seen, [(company.tenant(), 7)]);
        assert_eq!(tx.count_calls(&everything).await.unwrap().value, 1);
        assert_eq!(tx.call(7).await.unwrap().unwrap().tenant_id, company.tenant());
        let events = tx.first_events(&[7], 100, &mut 1_000_000).await.unwrap().remove(&7).unwrap().rows;
        assert_eq!(events.len(), 1);
        assert_eq!(tx.count_events(&[7]).await.unwrap()[&7].value, 1);
        let before_all = (chrono::DateTime::UNIX_EPOCH, domain::json::Digest::from_bytes([0; 16]));
        assert_eq!(tx.events_after(7, before_all, 100, &mut 1_000_000).await.unwrap().rows, events);
        assert!(String::from_utf8_lossy(&events[0].payload).contains(name));
        let parties = tx.parties(calls[0].contact_party.into_iter().collect()).await.unwrap();
        assert_eq!(parties.iter().map(|party| party.name.as_deref()).collect::<Vec<_>>(), [Some(name)]);
        for other in ["Adelheid", "Berengar"] {
            let filter = domain::search::CallFilter::Text(other.to_owned());
            assert_eq!(
                tx.count_calls(&filter).await.unwrap().value,
                u64::from(other == name),
                "{other} by {name}"
            );
        }
        let endpoint = tx.endpoint(database.logins.keys(), at(0)).await.unwrap().unwrap().endpoint;
        assert_eq!(
            (endpoint.tenant, endpoint.token.as_str()),
            (company.access.tenant(), company.token.as_str())
        );
        assert_eq!(tx.company().await.unwrap().unwrap().tenant, company.access.tenant());
    }
    assert_eq!(
        rows(&mut owner, "SELECT call_id::text FROM calls").await.unwrap().len(),
        2,
        "there are two to be seen"
    );
}
