//! Proves that every table, key, view, function and role keeps the rules of tenancy, and that whatever breaks one is
//! found: the catalogue is searched for offences, and each kind of offence is committed once to see it found.

use sqlx::postgres::PgConnection;

use crate::support::{Database, ROLES, rows, run};

/// What may break a rule, and why. These lists only shrink.
const NOT_A_COMPANYS: [(&str, &str); 10] = [
    ("users", "a person belongs to no company; memberships say where they may go"),
    ("sessions", "a session is a person's"),
    ("second_factors", "a second factor is a person's"),
    ("recovery_codes", "a recovery code is a person's"),
    ("half_sessions", "a half-session is a person's"),
    ("links", "a link that was mailed is a person's"),
    ("former_emails", "an address that was left is a person's"),
    ("mails", "a mail is written to an address, which may be nobody's yet"),
    ("sealing_keys", "the keys of rows are the installation's"),
    ("_sqlx_migrations", "the schema's own history; no role may read it"),
];
const UNIQUE_ANYWHERE: [(&str, &str); 1] = [("tenants_slug_key", "a slug is in the address of every page")];
const WITHOUT_KEY: [(&str, &str); 2] = [
    ("dirty_calls", "a queue: the same call may stand in it twice"),
    ("marked_calls", "a queue: the same call may stand in it twice"),
];

fn exempt<const N: usize>(list: [(&str, &str); N]) -> String {
    list.map(|(name, _)| format!("'{name}'")).join(", ")
}

/// The rules, each with the query that finds what breaks it. Words in capitals stand for what `offences` puts there.
const RULES: [(&str, &str); 20] = [
    ("no row-level security", "SELECT relname FROM (TABLES) t WHERE NOT (relrowsecurity AND relforcerowsecurity) AND relname <> '_sqlx_migrations'"),
    ("no tenant_id", "SELECT relname FROM (TABLES) t WHERE relname NOT IN (NOBODYS) AND NOT EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnotnull
                AND a.atttypid = 'uuid'::regtype)"),
    ("no primary key", "SELECT relname FROM (TABLES) t WHERE relname NOT IN (KEYLESS)
                AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)"),
    ("unique across companies", "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN (TABLES) t ON t.oid = i.indrelid
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
                WHERE i.indisunique AND a.attname <> 'tenant_id' AND t.relname NOT IN (NOBODYS)
                AND i.indexrelid::regclass::text NOT IN (ANYWHERE)"),
    ("a reference across companies", "SELECT conname FROM pg_constraint c JOIN (TABLES) t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
                WHERE contype = 'f' AND r.relname NOT IN (NOBODYS) AND t.relname NOT IN (NOBODYS) AND NOT EXISTS (
                    SELECT FROM unnest(c.conkey, c.confkey) k (own, other)
                    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own AND a.attname = 'tenant_id'
                    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other AND b.attname = 'tenant_id')"),
    ("a right on a partition", "SELECT relname FROM (TABLES) t, aclexplode(relacl) right_of WHERE relispartition AND right_of.grantee <> relowner"),
    ("a right of everybody", "SELECT relname FROM (TABLES) t, aclexplode(relacl) right_of WHERE right_of.grantee = 0"),
    ("a right on the schema's history", "SELECT relname FROM pg_class, aclexplode(relacl) right_of
            WHERE relname = '_sqlx_migrations' AND right_of.grantee <> relowner"),
    ("a policy for everybody", "SELECT relname FROM (POLICIES) p WHERE 0 = ANY (polroles)"),
    ("a policy that lets the API see another company", "SELECT relname || '.' || polname FROM (POLICIES) p WHERE 'trunkline_api'::regrole = ANY (polroles)
                AND (polcmd <> '*' OR pg_get_expr(polqual, polrelid) IS DISTINCT FROM '(tenant_id = app.tenant())'
                     OR pg_get_expr(polwithcheck, polrelid) IS DISTINCT FROM '(tenant_id = app.tenant())')"),
    ("no restrictive twin", "SELECT t.relname FROM (TABLES) t WHERE NOT relispartition AND EXISTS (
                SELECT FROM aclexplode(relacl) right_of WHERE right_of.grantee = 'trunkline_api'::regrole)
                AND NOT EXISTS (SELECT FROM (POLICIES) p WHERE p.polrelid = t.oid AND NOT polpermissive
                                AND 'trunkline_api'::regrole = ANY (polroles))"),
    ("a policy on a partition", "SELECT relname FROM (POLICIES) p WHERE EXISTS (SELECT FROM pg_inherits WHERE inhrelid = polrelid)"),
    ("a function that works as its owner without a search path", "SELECT proname FROM pg_proc
            WHERE pronamespace IN ('public'::regnamespace, 'app'::regnamespace) AND prosecdef
            AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog'], false)"),
    ("a function that everybody may call", "SELECT proname FROM pg_proc
            WHERE pronamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) right_of WHERE right_of.grantee = 0))"),
    ("a view with its owner's eyes", "SELECT relname FROM pg_class
            WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND relkind = 'v'
            AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)"),
    ("a materialised view", "SELECT relname FROM pg_class
            WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND relkind = 'm'"),
    ("a role that is more than a role", "SELECT rolname FROM pg_roles WHERE (rolname LIKE 'trunkline\\_%'
            OR rolname LIKE 'tl\\_' || replace(current_database(), '_', '\\_') || '\\_%')
            AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"),
    ("a login with another role", "SELECT m.rolname || ' is in ' || r.rolname FROM pg_auth_members am
            JOIN pg_roles m ON m.oid = am.member JOIN pg_roles r ON r.oid = am.roleid
            WHERE (m.rolname LIKE 'trunkline\\_%' OR m.rolname LIKE 'tl\\_' || replace(current_database(), '_', '\\_') || '\\_%')
            AND m.rolname <> 'tl_' || current_database() || replace(r.rolname, 'trunkline', '')"),
    ("everybody may create", "SELECT nspname FROM pg_namespace, aclexplode(nspacl) right_of
            WHERE nspname IN ('public', 'app') AND right_of.grantee = 0 AND right_of.privilege_type = 'CREATE'"),
    ("everybody may make temporary tables", "SELECT datname FROM pg_database,
            aclexplode(coalesce(datacl, acldefault('d', datdba))) right_of
            WHERE datname = current_database() AND right_of.grantee = 0 AND right_of.privilege_type = 'TEMPORARY'"),
];

/// Everything in the schemas of ours that breaks a rule.
async fn offences(connection: &mut PgConnection) -> Vec<String> {
    let tables = "SELECT oid, relname, relrowsecurity, relforcerowsecurity, relispartition, relacl, relowner
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')";
    let policies = "SELECT c.relname, p.* FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid";
    let mut found = Vec::new();
    for (rule, sql) in RULES {
        let sql = sql.replace("TABLES", tables).replace("POLICIES", policies);
        let sql =
            sql.replace("NOBODYS", &exempt(NOT_A_COMPANYS)).replace("ANYWHERE", &exempt(UNIQUE_ANYWHERE));
        let sql = sql.replace("KEYLESS", &exempt(WITHOUT_KEY));
        let broken = rows(connection, &sql).await.unwrap_or_else(|error| panic!("{rule}: {error}"));
        found.extend(broken.into_iter().map(|row| format!("{rule}: {}", row.join(" "))));
    }
    found
}

#[tokio::test]
async fn nothing_breaks_the_rules_of_tenancy() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    assert_eq!(offences(&mut owner).await, Vec::<String>::new());
    // Months that are made later keep them too.
    run(&mut owner, "SELECT app.make_event_months('2031-01-01', 3)").await.unwrap();
    assert_eq!(offences(&mut owner).await, Vec::<String>::new());
}

#[tokio::test]
async fn whatever_breaks_a_rule_is_found() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    let walled = "CREATE TABLE notes (tenant_id uuid NOT NULL, note_id uuid NOT NULL, PRIMARY KEY (tenant_id, note_id));
                  CALL app.wall('notes');";
    let login = format!("tl_{}_api", database.name);
    for (deed, found) in [
        ("CREATE TABLE notes (tenant_id uuid NOT NULL, PRIMARY KEY (tenant_id))", "no row-level security: notes"),
        ("ALTER TABLE calls NO FORCE ROW LEVEL SECURITY", "no row-level security: calls"),
        ("CREATE TABLE notes (note_id uuid PRIMARY KEY)", "no tenant_id: notes"),
        ("CREATE TABLE notes (tenant_id uuid NOT NULL)", "no primary key: notes"),
        ("CREATE UNIQUE INDEX one_name ON parties (name)", "unique across companies: one_name"),
        ("ALTER TABLE endpoints ADD UNIQUE (token, tenant_id)", "unique across companies: endpoints_token_tenant_id_key"),
        (&format!("{walled} ALTER TABLE endpoints ADD UNIQUE (endpoint_id);
                   ALTER TABLE notes ADD CONSTRAINT far FOREIGN KEY (note_id) REFERENCES endpoints (endpoint_id)"),
         "a reference across companies: far"),
        ("GRANT SELECT ON events_other TO trunkline_api", "a right on a partition: events_other"),
        ("GRANT SELECT ON calls TO PUBLIC", "a right of everybody: calls"),
        ("GRANT SELECT ON _sqlx_migrations TO trunkline_api", "a right on the schema's history: _sqlx_migrations"),
        ("CREATE POLICY all_of_it ON calls USING (true)", "a policy for everybody: calls"),
        ("CREATE POLICY wide ON calls TO trunkline_api USING (true)",
         "a policy that lets the API see another company: calls.wide"),
        ("DROP POLICY tenant_wall ON calls", "no restrictive twin: calls"),
        ("CREATE POLICY wide ON events_other TO trunkline_projector USING (true)", "a policy on a partition: events_other"),
        ("CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
         "a function that works as its owner without a search path: f"),
        ("CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "a function that everybody may call: f"),
        ("CREATE VIEW all_calls AS SELECT * FROM calls", "a view with its owner's eyes: all_calls"),
        ("CREATE MATERIALIZED VIEW all_calls AS SELECT * FROM calls", "a materialised view: all_calls"),
        (&format!("ALTER ROLE {login} BYPASSRLS"), &format!("a role that is more than a role: {login}")),
        (&format!("GRANT trunkline_projector TO {login}"), &format!("a login with another role: {login} is in trunkline_projector")),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "everybody may create: public"),
        (&format!("GRANT TEMPORARY ON DATABASE {} TO PUBLIC", database.name),
         &format!("everybody may make temporary tables: {}", database.name)),
    ] {
        run(&mut owner, &format!("BEGIN; {deed}")).await.unwrap_or_else(|error| panic!("{deed}: {error}"));
        let seen = offences(&mut owner).await;
        assert!(seen.iter().any(|offence| offence == found), "{deed}: {found:?} is not in {seen:?}");
        run(&mut owner, "ROLLBACK").await.unwrap();
    }
}

/// Who may do what: `s`elect, `i`nsert, `u`pdate, `d`elete; in capitals the whole row, small some columns of it.
const RIGHTS: &str = "\
table               api   accounts ingest projector eraser
api_keys            sIu-  SIu-     ----   ----      s--D
audit_entries       SI--  SI--     ----   ----      s--D
call_changes        S---  ----     ----   SIU-      s--D
call_clocks         ----  ----     ----   SIU-      s--D
call_parties        S---  ----     ----   SIUD      s--D
call_tallies        S---  ----     ----   SIU-      SIUD
calls               S---  ----     ----   SIUD      s--D
conversation_legs   S---  ----     ----   SIU-      s--D
deliveries          S---  ----     SIuD   ----      s--D
delivery_hours      S---  ----     SIUD   ----      s--D
dirty_calls         ----  ----     -I--   SIUD      s--D
endpoint_activity   S---  ----     SIU-   ----      s--D
endpoints           S-u-  -I--     S---   ----      s--D
event_duplicates    S---  ----     SIU-   ----      s--D
events              S---  ----     sI--   S---      s--D
former_emails       ----  SI-D     ----   ----      ----
half_sessions       ----  SI-D     ----   ----      ----
invitations         sI-D  S--D     ----   ----      s--D
links               ----  SIuD     ----   ----      ----
mails               ----  SIuD     ----   ----      ----
marked_calls        ----  ----     -I--   SIUD      s--D
memberships         S-uD  SIuD     ----   ----      s--D
parties             S---  ----     ----   SI--      s--D
party_terms         S---  ----     ----   SI--      s--D
recovery_codes      ----  SI-D     ----   ----      ----
saved_views         SIuD  s-uD     ----   ----      s--D
sealing_keys        ----  SI-D     ----   ----      ----
second_factors      ----  SIuD     ----   ----      ----
sessions            ----  SIuD     ----   ----      ----
single_sign_on      SIuD  S---     ----   ----      s--D
single_sign_on_people ----  SI--     ----   ----      s--D
single_sign_on_tries ----  SI-D     ----   ----      s--D
tenants             S-u-  SI--     ----   ----      s-u-
users               ----  SIuD     ----   ----      ----
";

#[tokio::test]
async fn rights_are_the_table() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    let right = |role: &str, right: &str| {
        format!("CASE WHEN has_table_privilege('tl_{0}_{role}', oid, '{right}') THEN upper(left('{right}', 1))
                      WHEN '{right}' <> 'DELETE' AND has_any_column_privilege('tl_{0}_{role}', oid,
                           CASE '{right}' WHEN 'DELETE' THEN 'SELECT' ELSE '{right}' END) THEN lower(left('{right}', 1))
                      ELSE '-' END", database.name)
    };
    let of_role =
        |role: &str| ["SELECT", "INSERT", "UPDATE", "DELETE"].map(|one| right(role, one)).join(" || ");
    let columns = ROLES.map(of_role).join(", ");
    let sql = format!(
        "SELECT relname, {columns} FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> '_sqlx_migrations' ORDER BY relname COLLATE \"C\"");
    let mut table = String::from("table               api   accounts ingest projector eraser\n");
    for row in rows(&mut owner, &sql).await.unwrap() {
        let [name, api, accounts, ingest, projector, eraser] = row.try_into().unwrap();
        table += &format!("{name:<19} {api}  {accounts}     {ingest}   {projector}      {eraser}\n");
    }
    assert_eq!(table, RIGHTS);
    // Nobody truncates, references or triggers, and nobody reaches the installation or the partitions.
    let others = "SELECT c.relname || ' ' || r.rolname || ' ' || privilege_type
        FROM pg_class c, aclexplode(c.relacl) right_of JOIN pg_roles r ON r.oid = right_of.grantee
        WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND right_of.grantee <> c.relowner
        AND (privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') OR c.relispartition OR c.relname = 'installation')";
    assert_eq!(rows(&mut owner, others).await.unwrap(), Vec::<Vec<String>>::new());
}

/// The functions that see more than whoever calls them: as whom they work, and who may call them.
const WORK_AS_OWNER: [[&str; 3]; 2] = [
    ["make_event_months", "the owner of the tables", "trunkline_projector"],
    ["parties_containing", "trunkline_search", "trunkline_api"],
];

#[tokio::test]
async fn functions_that_work_as_their_owner_are_these() {
    let database = Database::new().await;
    let mut owner = database.owner().await;
    let sql = "SELECT proname,
            CASE WHEN proowner = (SELECT relowner FROM pg_class WHERE oid = 'calls'::regclass)
                 THEN 'the owner of the tables' ELSE proowner::regrole::text END,
            (SELECT string_agg(grantee::regrole::text, ' ' ORDER BY 1) FROM aclexplode(proacl) WHERE grantee <> proowner)
        FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'app'::regnamespace) AND prosecdef ORDER BY 1";
    assert_eq!(rows(&mut owner, sql).await.unwrap(), WORK_AS_OWNER);
    // The role that searches can read terms, and nothing else.
    let rights = "SELECT relname || ' ' || privilege_type FROM pg_class, aclexplode(relacl) right_of
        WHERE right_of.grantee = 'trunkline_search'::regrole";
    assert_eq!(rows(&mut owner, rights).await.unwrap(), [["party_terms SELECT"]]);
}
