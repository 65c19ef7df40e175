//! Two companies that have something of everything. The second one can be made later, so that the first can be asked
//! everything in a world of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::values::{CALLS, Holdings, Marks, ROLES, uuid};
use crate::support::database::psql;
use crate::support::{Caller, Company, Database, Event, Server, Start, eventually, sign};

/// What keys are made for.
const SCOPES: [&str; 5] = ["CALLS_READ", "EVENTS_READ", "DELIVERIES_READ", "EXPORT", "ADMIN"];
/// Who asks with all rights.
pub(super) const OWNER: &str = "owner";
/// A call id that both companies have.
const SHARED_CALL: &str = "424242";
/// A table's rows are kept here while others are tried out.
const KEPT: &str = "kept";
/// Work that is done once, and the schema's history.
const NOT_KEPT: &str = "('_sqlx_migrations', 'dirty_calls', 'marked_calls')";

/// Somebody who asks.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) name: String,
    /// Nothing: nobody.
    pub(super) caller: Option<Caller>,
}

/// A company with its people.
pub(super) struct Side {
    pub(super) company: Company,
    pub(super) owner: Caller,
    pub(super) held: Holdings,
}

/// A server with its database, and who asks there.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) database: Database,
    pub(super) own: Side,
    pub(super) askers: Vec<Asker>,
}

impl World {
    /// A world with the first company in it. The server reaches its database through `address`.
    pub(super) async fn new(database: Database, address: Option<SocketAddr>) -> Self {
        let url = address.map_or_else(|| database.url(), |address| database.url_through(address));
        let server = Server::start_on(Start::At(url));
        let marks = Marks {
            word: "hopper".to_owned(),
            digits: "11223344".to_owned(),
            phone: "206555011".to_owned(),
            milliseconds: 113,
        };
        let own = Side::fill(&server, &database, marks).await;
        let mut askers = vec![Asker { name: "nobody".to_owned(), caller: None }];
        askers.push(Asker { name: OWNER.to_owned(), caller: Some(own.owner.clone()) });
        for role in ROLES {
            let caller = own.person(&server, role).await;
            askers.push(Asker { name: role.to_owned(), caller: Some(caller) });
        }
        askers.push(Asker { name: "key without scopes".to_owned(), caller: Some(own.company.key()) });
        for scope in SCOPES {
            let caller = Some(own.key(&server, scope).await);
            askers.push(Asker { name: format!("key for {scope}"), caller });
        }
        Self { server, database, own, askers }
    }

    /// Makes the other company.
    pub(super) async fn other(&self) -> Side {
        let marks = Marks {
            word: "zanzib".to_owned(),
            digits: "88664422".to_owned(),
            phone: "206555017".to_owned(),
            milliseconds: 737,
        };
        Side::fill(&self.server, &self.database, marks).await
    }

    pub(super) fn owner(&self) -> &Caller {
        &self.own.owner
    }

    /// Runs statements as the superuser.
    pub(super) fn run(&self, sql: &str) -> String {
        psql(&self.database.url(), sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The tables, those that companies have rows in when `of_companies`.
    pub(super) fn tables(&self, of_companies: bool) -> Vec<String> {
        let sql = format!(
            "SELECT relname FROM pg_class t WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND NOT relispartition AND relname NOT IN {NOT_KEPT} AND (NOT {of_companies} OR EXISTS (
                SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'tenant_id')) ORDER BY 1");
        self.run(&sql).lines().map(str::to_owned).collect()
    }

    /// The tables from which people are answered.
    pub(super) fn tables_of_people(&self) -> Vec<String> {
        let sql = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND has_any_column_privilege('trunkline_api', oid, 'SELECT') ORDER BY 1";
        self.run(sql).lines().map(str::to_owned).collect()
    }

    /// Takes the second wall away from every table, or raises it again.
    pub(super) fn raise_second_wall(&self, stands: bool) {
        let (verb, tables) = (if stands { "ENABLE" } else { "DISABLE" }, self.tables(true));
        let alter = |table: &String| format!("ALTER TABLE {table} {verb} ROW LEVEL SECURITY;");
        self.run(&tables.iter().map(alter).collect::<String>());
    }

    /// The login of a role in this database.
    pub(super) fn role(&self, name: &str) -> String {
        let database = self.run("SELECT current_database()");
        format!("tl_{}_{name}", database.trim())
    }

    /// A digest over every row of a company and over its people, by table.
    pub(super) fn digests(&self, of: &Side) -> BTreeMap<String, String> {
        let tenant = uuid(&of.held.tenant);
        let people = format!("user_id IN (SELECT user_id FROM memberships WHERE tenant_id = '{tenant}')");
        let of_company =
            self.tables(true).into_iter().map(|table| (table, format!("tenant_id = '{tenant}'")));
        let of_people = ["users", "sessions"].map(|table| (table.to_owned(), people.clone()));
        let select = |(table, condition)| {
            format!(
                "SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE {condition}"
            )
        };
        let sql: Vec<_> = of_company.chain(of_people).map(select).collect();
        let rows = self.run(&sql.join(" UNION ALL "));
        let digest = |row: &str| {
            row.split_once('\t').map(|(table, rest)| (table.to_owned(), rest.to_owned())).unwrap()
        };
        rows.lines().map(digest).collect()
    }

    /// Keeps all rows as they are now.
    pub(super) fn keep(&self) {
        let keep = |table: &String| format!("CREATE TABLE {KEPT}.{table} AS TABLE public.{table};");
        let sql: String = self.tables(false).iter().map(keep).collect();
        self.run(&format!("DROP SCHEMA IF EXISTS {KEPT} CASCADE; CREATE SCHEMA {KEPT}; {sql}"));
    }

    /// Makes the server forget how often this one failed to show the password; that is counted outside the database.
    /// The session that this leaves goes with [`World::restore`].
    pub(super) async fn forget_failures(&self, asker: &Asker) {
        if asker.name == OWNER {
            self.own.company.owner(&self.server).await;
        } else if ROLES.contains(&asker.name.as_str()) {
            self.own.person(&self.server, &asker.name).await;
        }
    }

    /// Brings all rows back as they were kept.
    pub(super) fn restore(&self) {
        let tables = self.tables(false);
        let insert = |table: &String| format!("INSERT INTO public.{table} TABLE {KEPT}.{table};");
        let sql: String = tables.iter().map(insert).collect();
        let all = tables.join(", ");
        self.run(&format!("SET session_replication_role = replica; BEGIN; TRUNCATE {all}; {sql} COMMIT"));
    }
}

impl Side {
    /// Makes a company that has something of everything, with `marks` on all of it.
    async fn fill(server: &Server, database: &Database, marks: Marks) -> Self {
        let mut name = format!("{} lines", marks.word);
        name[..1].make_ascii_uppercase();
        let company = Company::create(server, &name);
        let owner = company.owner(server).await;
        let held = Holdings {
            marks,
            tenant: [0; 16],
            objects: vec![],
            members: vec![],
            api_keys: vec![],
            invitations: vec![],
            sessions: vec![],
            views: vec![],
            cursors: vec![],
            slug: company.slug.clone(),
        };
        let mut side = Self { company, owner, held };
        side.people(database);
        side.calls(server).await;
        side.deliveries(server).await;
        side.settings(server).await;
        side.holdings(server).await;
        side
    }

    fn email(&self, role: &str) -> String {
        format!("{role}@{}.example", self.held.marks.word)
    }

    /// Signs somebody of the company in.
    async fn person(&self, server: &Server, role: &str) -> Caller {
        self.company.sign_in(server, &self.email(role)).await
    }

    async fn key(&self, server: &Server, scope: &str) -> Caller {
        let create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }";
        let input = json!({ "name": format!("{} {scope}", self.held.marks.word), "scopes": [scope] });
        let data = self.owner.query(server, create, json!({ "input": input })).await;
        Caller::Key(data["createApiKey"]["secret"].as_str().unwrap().to_owned())
    }

    /// People with the owner's password, one of each role.
    fn people(&self, database: &Database) {
        for role in ROLES {
            self.company.join(&database.url(), &self.email(role), role);
        }
    }

    fn event(&self, at: usize, call_id: &str) -> Event {
        let marks = &self.held.marks;
        let moment = marks.moment(at);
        let day = i64::try_from(at % CALLS).unwrap();
        // 2026-05-01 15:04:05 UTC.
        let started = 1_777_647_845_000 + day * 86_400_000 + i64::from(marks.milliseconds);
        let contact = json!({ "id": marks.id(800), "type": "local", "name": marks.person(at), "email": marks.email(at),
            "phone": marks.number(at) });
        let target = json!({ "id": marks.id(801 + at % 2), "type": "user", "name": marks.person(at + 1),
            "email": marks.email(at + 1), "phone": marks.number(at + 1) });
        let center =
            json!({ "id": marks.id(900), "type": "call_center", "name": format!("{} desk", marks.word) });
        let is_leg = at % 3 == 1;
        Event::new(call_id, "hangup").with(json!({
            "event_timestamp": started + 60_000, "date_started": started, "date_rang": started + 1_000,
            "date_connected": started + 2_000, "date_ended": started + 60_000, "direction": "inbound",
            "external_number": marks.number(at), "internal_number": marks.number(at + 1), "contact": contact,
            "target": target, "entry_point_target": center, "group_id": marks.group(), "labels": [marks.label()],
            "entry_point_call_id": is_leg.then(|| marks.id(at - 1)), "duration": 58_000.0, "talk_time": 57_000.0,
            "was_recorded": true, "voicemail_link": format!("https://{}.example/{moment}", marks.word),
        }))
    }

    async fn calls(&self, server: &Server) {
        let ids = (0..CALLS).map(|at| self.held.marks.id(at)).chain([SHARED_CALL.to_owned()]);
        for (at, id) in ids.enumerate() {
            self.company.deliver(server, self.event(at, &id).payload()).await;
        }
        eventually(async || match self.company.call_ids(server, json!({})).await {
            ids if ids.len() == CALLS + 1 => Ok(()),
            ids => Err(format!("{ids:?}")),
        })
        .await;
    }

    /// Deliveries of every kind, under the old and the new address and secret.
    async fn deliveries(&mut self, server: &Server) {
        let marks = &self.held.marks;
        let repeated = self.event(0, &marks.id(0)).payload();
        self.company.deliver(server, repeated).await;
        self.company.deliver(server, json!({ "note": marks.secret() }).to_string()).await;
        self.company
            .deliver(
                server,
                json!({ "sms": { "text": marks.secret() }, "sender": marks.number(0) }).to_string(),
            )
            .await;
        let forged = sign(self.event(0, &marks.id(1)).payload(), "another secret");
        assert_eq!(self.company.post(server, forged).await.0, 401);
        eventually(async || {
            let count = "{ company { endpoint { refusedCount } deliveries { totalCount { value } } } }";
            let data = self.owner.query(server, count, json!({})).await;
            let refused = &data["company"]["endpoint"]["refusedCount"];
            let all = &data["company"]["deliveries"]["totalCount"]["value"];
            if *refused == 1 && *all == CALLS + 5 { Ok(()) } else { Err(format!("{data}")) }
        })
        .await;
    }

    /// An invitation, a secret of its own, and another address.
    async fn settings(&mut self, server: &Server) {
        for at in 0..2 {
            let invite = "mutation($input: InviteMemberInput!) { inviteMember(input: $input) { userErrors { code } } }";
            let input = json!({ "email": self.held.marks.email(at), "role": "VIEWER" });
            let data = self.owner.query(server, invite, json!({ "input": input })).await;
            assert_eq!(data["inviteMember"]["userErrors"], json!([]));
        }
        let view = "mutation($input: CreateSavedViewInput!) { createSavedView(input: $input) { userErrors { code } } }";
        let content = json!({ "query": self.held.marks.word }).to_string();
        let input = json!({ "name": self.held.marks.person(0), "content": content, "isShared": true });
        let data = self.owner.query(server, view, json!({ "input": input })).await;
        assert_eq!(data["createSavedView"]["userErrors"], json!([]));
        let secret = "mutation($secret: String!) { replaceEndpointSecret(input: { secret: $secret }) { userErrors { code } } }";
        self.owner.query(server, secret, json!({ "secret": self.held.marks.secret() })).await;
        let rotate = "mutation { rotateEndpointUrl(input: {}) { endpoint { requestUrl } } }";
        self.owner.query(server, rotate, json!({})).await;
        self.key(server, "EXPORT").await;
    }

    /// Finds out what the company holds now.
    async fn holdings(&mut self, server: &Server) {
        let query = "query($call: ID!) { viewer { sessions { id } } company { id endpoint { id } members { id } apiKeys { id } invitations { id } savedViews { id }
            calls(first: 2) { nodes { id } pageInfo { endCursor } }
            conversations(first: 2) { nodes { id } pageInfo { endCursor } }
            deliveries(first: 3) { nodes { id } pageInfo { endCursor } }
            changes(first: 2) { pageInfo { endCursor } } audit(first: 2) { pageInfo { endCursor } }
            call(callId: $call) { events { pageInfo { endCursor } } } } }";
        let data = self.owner.query(server, query, json!({ "call": self.held.marks.id(0) })).await;
        let company = &data["company"];
        let ids = |list: &Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let lists = ["calls", "conversations", "deliveries"];
        let mut global = vec![
            company["id"].as_str().unwrap().to_owned(),
            company["endpoint"]["id"].as_str().unwrap().to_owned(),
        ];
        global.extend(lists.into_iter().flat_map(|list| ids(&company[list]["nodes"])));
        let objects = global.iter().map(|id| {
            let bytes = URL_SAFE_NO_PAD.decode(id).unwrap();
            self.held.tenant.copy_from_slice(&bytes[1..17]);
            (bytes[0], bytes[17..].to_vec())
        });
        self.held.objects = objects.collect();
        let with_cursors = lists.into_iter().chain(["changes", "audit"]).map(|list| &company[list]);
        let cursors = with_cursors.chain([&company["call"]["events"]]);
        self.held.cursors =
            cursors.map(|list| list["pageInfo"]["endCursor"].as_str().unwrap().to_owned()).collect();
        self.held.members = ids(&company["members"]);
        self.held.api_keys = ids(&company["apiKeys"]);
        self.held.invitations = ids(&company["invitations"]);
        self.held.views = ids(&company["savedViews"]);
        self.held.sessions = ids(&data["viewer"]["sessions"]);
    }

    /// What must never be seen by anybody else.
    pub(super) fn canaries(&self) -> Vec<String> {
        let held = &self.held;
        let marks = &held.marks;
        let digits = &marks.phone;
        let mut canaries = vec![
            marks.word.clone(),
            marks.digits.clone(),
            digits.clone(),
            format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]),
            format!("05.{}", marks.milliseconds),
            self.company.token().to_owned(),
        ];
        canaries.extend(
            [&held.members, &held.api_keys, &held.invitations, &held.sessions, &held.views]
                .into_iter()
                .flatten()
                .cloned(),
        );
        canaries.push(uuid(&held.tenant));
        // What every global id begins with: the kind and the company, as far as they fill whole characters.
        canaries.extend(b"CELVD".iter().map(|tag| {
            let id = URL_SAFE_NO_PAD.encode([&[*tag], &held.tenant[..]].concat());
            id[..22].to_lowercase()
        }));
        canaries
    }
}
