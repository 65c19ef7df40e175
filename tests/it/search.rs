//! Proves that search finds exactly what it says: query text and typed filter both agree with a naive reading of what
//! was sent, and pages of any size, in both directions, are the whole list in its order.

mod export;
mod faces;
mod facets;
mod foreign;
mod histogram;
mod office;
mod oracle;
mod pages;
mod plans;
mod scoped;
mod worlds;
mod wrong;

use serde_json::{Value, json};

use crate::support::database::psql;
use crate::support::{Company, Server, eventually, sign_all};
use office::{Call, office};
use oracle::{DAY_MS, Question, date, questions};

/// The zone of the company: half an hour off the full hour, so that days do not begin with UTC's.
const ZONE: &str = "Asia/Kolkata";

/// A server with one company that has calls.
struct World {
    server: Server,
    company: Company,
    /// Newest first, as lists are ordered.
    calls: Vec<Call>,
    now_ms: i64,
}

impl World {
    async fn new(calls: usize) -> Self {
        Self::on(Server::start(), calls).await
    }

    /// A world whose database never finds out how large its tables are, as one that was just restored, or that grows
    /// faster than it is analyzed: no answer may take its time by that.
    async fn without_statistics(calls: usize) -> Self {
        let server = Server::start();
        let never = "DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name);
            END LOOP; END $$";
        psql(server.database_url().unwrap(), never).unwrap();
        Self::on(server, calls).await
    }

    async fn on(server: Server, calls: usize) -> Self {
        let company = Company::create_in(&server, "Hopper Lines", ZONE);
        let now_ms = now_ms();
        let mut world = Self { server, company, calls: Vec::new(), now_ms };
        world.add(office(calls, now_ms)).await;
        world
    }

    /// Delivers calls and waits until all are in the list.
    async fn add(&mut self, calls: Vec<Call>) {
        let payloads: Vec<_> = calls.iter().map(Call::payload).collect();
        for token in sign_all(&payloads, &self.company.secret) {
            assert_eq!(self.company.post(&self.server, token).await.0, 200);
        }
        self.calls.extend(calls);
        self.calls.sort_by_key(|call| std::cmp::Reverse((call.started_ms, call.id)));
        let count = "{ company { calls(first: 1) { totalCount { value exact } } } }";
        eventually(async || {
            let data = self.company.query(&self.server, count, json!({})).await;
            let counted = &data["company"]["calls"]["totalCount"];
            if *counted == json!({ "value": self.calls.len(), "exact": true }) {
                Ok(())
            } else {
                Err(format!("{counted} calls"))
            }
        })
        .await;
    }

    /// The ids of the calls that pass, in the order of lists.
    fn expected(&self, passes: impl Fn(&Call) -> bool) -> Vec<String> {
        self.calls.iter().filter(|call| passes(call)).map(|call| call.id.to_string()).collect()
    }

    async fn found(&self, arguments: Value) -> Vec<String> {
        self.company.call_ids(&self.server, arguments).await
    }
}

#[expect(clippy::disallowed_methods, reason = "`last:7d` counts from the real time of day")]
fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

#[tokio::test]
async fn text_and_filter_find_what_a_naive_reader_finds() {
    let world = World::new(200).await;
    let mut findings = 0;
    for (at, Question { query, filter, passes }) in questions(world.now_ms).into_iter().enumerate() {
        let wanted = world.expected(&passes);
        for arguments in [json!({ "query": query }), json!({ "filter": filter })] {
            if arguments["query"].is_string() || arguments["filter"].is_object() {
                assert_eq!(world.found(arguments.clone()).await, wanted, "{arguments}");
            }
        }
        // For every fourth question only, because they cost time: both at once, and the opposite.
        if at % 4 == 0 && query.is_some() && !filter.is_null() {
            assert_eq!(world.found(json!({ "query": query, "filter": filter })).await, wanted);
        }
        if at % 4 == 1 && !filter.is_null() {
            let others = world.expected(|call| !passes(call));
            assert_eq!(world.found(json!({ "filter": { "not": filter } })).await, others, "not {filter}");
        }
        findings += usize::from((1..200).contains(&wanted.len()));
    }
    assert!(findings >= 60, "the questions tell calls apart: {findings} of them do");
}

/// Whether a call passes that is inbound, is missed, has Grace on it.
type Combined = fn((bool, bool, bool)) -> bool;

#[tokio::test]
async fn conditions_combine() {
    let world = World::new(200).await;
    let found = |call: &Call| (call.direction == "inbound", call.outcome == "missed", call.has_word("grace"));
    let cases: [(Value, Combined); 8] = [
        (json!({ "query": "direction:inbound outcome:missed" }), |(inbound, missed, _)| inbound && missed),
        (json!({ "query": "-direction:inbound grace" }), |(inbound, _, grace)| !inbound && grace),
        (json!({ "query": "direction:inbound -outcome:missed -grace" }), |(inbound, missed, grace)| {
            inbound && !missed && !grace
        }),
        (
            json!({ "filter": { "or": [{ "outcome": { "eq": "MISSED" } }, { "text": "grace" }] } }),
            |(_, missed, grace)| missed || grace,
        ),
        (
            json!({ "filter": { "and": [{ "not": { "text": "grace" } }, { "direction": { "eq": "INBOUND" } }] } }),
            |(inbound, _, grace)| inbound && !grace,
        ),
        (
            json!({ "filter": { "text": "grace", "outcome": { "neq": "MISSED" }, "direction": { "nin": ["OUTBOUND", "UNKNOWN"] } } }),
            |(inbound, missed, grace)| inbound && !missed && grace,
        ),
        (json!({ "query": "grace", "filter": { "outcome": { "in": ["MISSED"] } } }), |(_, missed, grace)| {
            missed && grace
        }),
        (json!({ "filter": { "or": [] } }), |_| false),
    ];
    for (arguments, passes) in cases {
        let wanted = world.expected(|call| passes(found(call)));
        assert_eq!(world.found(arguments.clone()).await, wanted, "{arguments}");
    }
    // Everything, in both orders; `totalCount` is the list's.
    let mut all = world.expected(|_| true);
    for arguments in
        [json!({}), json!({ "query": "" }), json!({ "filter": {} }), json!({ "filter": { "and": [] } })]
    {
        assert_eq!(world.found(arguments).await, all);
    }
    all.reverse();
    assert_eq!(world.found(json!({ "orderBy": "STARTED_ASC" })).await, all);
    for query in ["grace", "outcome:missed", "nobody of this name"] {
        let question = "query($query: String) { company { calls(query: $query, first: 200) {
            nodes { callId } edges { node { callId } cursor } totalCount { value exact } } } }";
        let data = world.company.query(&world.server, question, json!({ "query": query })).await;
        let calls = &data["company"]["calls"];
        let nodes = calls["nodes"].as_array().unwrap();
        assert_eq!(calls["totalCount"], json!({ "value": nodes.len(), "exact": true }), "{query}");
        let edges = calls["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone());
        assert_eq!(*nodes, edges.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_day_is_a_day_of_the_company() {
    let world = World::new(120).await;
    let offset_ms = 5 * 3_600_000 + 30 * 60_000;
    let today = (world.now_ms + offset_ms).div_euclid(DAY_MS);
    let mut seen = 0;
    for back in 1..12 {
        let day = today - back;
        let (from, to) = (day * DAY_MS - offset_ms, (day + 1) * DAY_MS - offset_ms);
        let (this, next) = (date(day), date(day + 1));
        let on = world.expected(|call| (from..to).contains(&call.started_ms));
        assert_eq!(world.found(json!({ "query": format!("on:{this}") })).await, on);
        assert_eq!(world.found(json!({ "query": format!("after:{this} before:{next}") })).await, on);
        let typed = json!({ "dateStarted": {
            "gte": format!("{this}T00:00:00+05:30"), "lt": format!("{next}T00:00:00+05:30") } });
        assert_eq!(world.found(json!({ "filter": typed })).await, on);
        let utc = json!({ "dateStarted": { "gte": format!("{this}T00:00:00Z") } });
        let since = world.expected(|call| call.started_ms >= day * DAY_MS);
        assert_eq!(world.found(json!({ "filter": utc })).await, since);
        seen += on.len();
    }
    assert!(seen > 30, "{seen} calls were on those days");
}
