//! Proves that every way to a page finds the same calls as looking at each one: few parties and many, near and far, in
//! both directions, with everything else that a filter can ask.

use chrono::{DateTime, TimeDelta, Utc};
use domain::cursor::Position;
use domain::ids::UserId;
use domain::search::{Bound, CallFilter, NumberMatch, NumberSide, PersonSide, TextMatch};
use domain::state::Direction;
use domain::text;
use store::{Accounts, Api, Call, Page, TOTAL_COUNT_MAX, TenantTx};
use uuid::Uuid;

use crate::support::{Company, Database, at, column, run};

/// More than are tested one by one before the calls of the parties are gathered.
const CALLS: i64 = 7_000;
/// More than are gathered before calls are tested.
const CONTACTS: i64 = 5_400;
/// Of them these have no newer calls: more than are merged one by one.
const OLD_CONTACTS: i64 = 1_200;
/// And these behind them have all the newer calls. The others have none.
const NEW_CONTACTS: i64 = 50;
const AGENTS: i64 = 5;
/// Somebody who sees the calls of the department 2 and of the agent 4.
const SCOPED: Uuid = Uuid::from_u128(0x5c09ed);
/// Calls before this one are with old contacts.
const OLD_CALLS: i64 = 1_400;

/// A call of these tests: everything of it follows from its number.
struct Made(i64);

impl Made {
    /// Some calls start at the same moment.
    fn started_at(&self) -> DateTime<Utc> {
        at(0) - TimeDelta::days(30) + TimeDelta::seconds(self.0 / 3)
    }

    fn is_inbound(&self) -> bool {
        self.0 % 3 != 0
    }

    fn contact(&self) -> i64 {
        if self.0 <= OLD_CALLS { self.0 % OLD_CONTACTS } else { OLD_CONTACTS + self.0 % NEW_CONTACTS }
    }

    fn contact_name(&self) -> String {
        let number = self.contact();
        if number < OLD_CONTACTS { format!("Old Wide{number} Far") } else { format!("New Wide{number}") }
    }

    fn contact_digits(&self) -> String {
        format!("1206555{:04}", self.contact())
    }

    fn agent_name(&self) -> String {
        format!("Agent Number{}", self.0 % AGENTS)
    }

    fn passes(&self, filter: &CallFilter) -> bool {
        let starts = |name: &str, wanted: &str| {
            let words = text::words(name);
            text::words(wanted).iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        };
        match filter {
            CallFilter::All(parts) => parts.iter().all(|part| self.passes(part)),
            CallFilter::Any(parts) => parts.iter().any(|part| self.passes(part)),
            CallFilter::Not(inner) => !self.passes(inner),
            CallFilter::Direction(any) => {
                any.contains(if self.is_inbound() { &Direction::Inbound } else { &Direction::Outbound })
            }
            CallFilter::Text(wanted) => {
                let digits = text::digits(wanted);
                let is_number = !digits.is_empty() && digits.len() == wanted.len();
                let by_number = is_number
                    && (self.contact_digits().starts_with(&digits)
                        || self.contact_digits().ends_with(&digits)
                        || digits == self.0.to_string());
                by_number || starts(&self.contact_name(), wanted) || starts(&self.agent_name(), wanted)
            }
            CallFilter::Person(PersonSide::Contact, TextMatch::StartsWith(wanted)) => {
                text::fold(&self.contact_name()).starts_with(&text::fold(wanted))
            }
            CallFilter::Person(PersonSide::Contact, TextMatch::Contains(wanted)) => {
                text::fold(&self.contact_name()).contains(wanted)
            }
            CallFilter::Person(PersonSide::Internal, TextMatch::Contains(wanted)) => {
                text::fold(&self.agent_name()).contains(&text::fold(wanted))
            }
            CallFilter::Number(NumberSide::External, NumberMatch::EndsWith(digits)) => {
                self.contact_digits().ends_with(digits)
            }
            CallFilter::Started(Bound::Before, moment) => self.started_at() < *moment,
            other => panic!("{other:?} is not asked here"),
        }
    }
}

#[tokio::test]
async fn every_way_finds_what_looking_at_each_call_finds() {
    let database = Database::new().await;
    let (company, other) = (database.company(1).await, database.company(2).await);
    fill(&database, &company).await;
    fill(&database, &other).await;
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    for filter in filters() {
        let passing: Vec<Made> = (1..=CALLS).map(Made).filter(|call| call.passes(&filter)).collect();
        let count = tx.count_calls(&filter).await.unwrap();
        assert!(count.exact && passing.len() < usize::try_from(TOTAL_COUNT_MAX).unwrap());
        assert_eq!(count.value, passing.len() as u64, "{filter:?}");
        for oldest_first in [false, true] {
            let mut expected: Vec<i64> = passing.iter().map(|call| call.0).collect();
            if !oldest_first {
                expected.reverse();
            }
            pages_must_be(&tx, &filter, oldest_first, &expected).await;
        }
    }
}

#[tokio::test]
async fn every_way_finds_what_is_seen_and_nothing_else() {
    let database = Database::new().await;
    let company = database.company(1).await;
    fill(&database, &company).await;
    let tenant = company.tenant();
    let scoped = format!(
        "INSERT INTO users (user_id, email, email_key, password_hash, created_at)
           VALUES ('{SCOPED}', 'mei@example.com', 'mei@example.com', '', now());
         INSERT INTO memberships (tenant_id, user_id, role, created_at, group_scope)
           VALUES ('{tenant}', '{SCOPED}', 'viewer', now(), '{{Department:2,User:774}}')"
    );
    run(&mut database.owner().await, &scoped).await.unwrap();
    let memberships = Accounts::new(&database.logins).memberships(UserId(SCOPED), at(0)).await.unwrap();
    let tx = Api::new(&database.logins).begin(&memberships.open[0].access).await.unwrap();
    let is_seen = |call: &Made| [2, 4].contains(&(call.0 % AGENTS));
    for filter in filters().into_iter().step_by(4) {
        let passing = (1..=CALLS).map(Made).filter(|call| is_seen(call) && call.passes(&filter));
        let mut expected: Vec<i64> = passing.map(|call| call.0).collect();
        let count = tx.count_calls(&filter).await.unwrap();
        assert_eq!((count.value, count.exact), (expected.len() as u64, true), "{filter:?}");
        pages_must_be(&tx, &filter, true, &expected).await;
        expected.reverse();
        pages_must_be(&tx, &filter, false, &expected).await;
    }
}

/// Whether the name at this place has a mark.
type Has = fn(usize) -> bool;

/// Text in the middle of terms is found by the first of them, by more of them, or by the index.
#[tokio::test]
async fn text_in_the_middle_is_found_whichever_way_is_shorter() {
    // Fewer than are looked at before anything else, and more.
    const NAMES: [(u8, usize); 2] = [(1, 900), (2, 3_000)];
    let marks: [(&str, Has); 6] = [
        ("zall", |_| true),
        ("zthird", |at| at % 3 == 0),
        ("zsixth", |at| at % 6 == 0),
        ("zrare", |at| at % 500 == 7),
        ("zearly", |at| at < 500),
        ("zlate", |at| at > 2_700),
    ];
    let database = Database::new().await;
    let mut api = database.login("api").await;
    for (company, names) in NAMES {
        let company = database.company(company).await;
        let tenant = company.tenant();
        let named = |at: usize| {
            let marks = marks.iter().filter(|(_, has)| has(at)).map(|(mark, _)| *mark);
            format!("('n{at:05} {}')", marks.collect::<Vec<_>>().join(" "))
        };
        let named = (0..names).map(named).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "CREATE TEMP TABLE named AS SELECT gen_random_uuid() AS id, term FROM (VALUES {named}) AS it (term);
             INSERT INTO parties (tenant_id, party_id, kind) SELECT '{tenant}', id, 'local' FROM named;
             INSERT INTO party_terms (tenant_id, party_id, term)
               SELECT '{tenant}', id, unnest(ARRAY[term, 'e' || term]) FROM named;"
        );
        run(&mut database.owner().await, &sql).await.unwrap();
        run(&mut api, &format!("BEGIN; SET LOCAL app.tenant_id = '{tenant}'")).await.unwrap();
        for (mark, has) in marks {
            let expected = (0..names).filter(|at| has(*at)).count();
            for most in [10, 700, 4_001] {
                let context = format!("{mark}, {most} of {names}");
                let found = format!("app.parties_containing('n', '{mark}', {most})");
                let found = format!(
                    "SELECT count(*) || ' ' || count(DISTINCT party_id) || ' ' || count(*) FILTER (WHERE EXISTS (
                       SELECT FROM party_terms WHERE party_terms.party_id = found.party_id
                       AND term ^@ 'n' AND position('{mark}' in term) > 0)) FROM {found} AS found (party_id)"
                );
                let expected = expected.min(most);
                let expected = format!("{expected} {expected} {expected}");
                assert_eq!(column(&mut api, &found).await, [expected], "{context}");
            }
        }
        run(&mut api, "ROLLBACK").await.unwrap();
    }
}

/// The first pages from either end, forwards and backwards, and one from the middle.
async fn pages_must_be(tx: &TenantTx, filter: &CallFilter, oldest_first: bool, expected: &[i64]) {
    const LIMIT: usize = 40;
    let place = |id: i64| Position { at: Made(id).started_at(), tie: id.unsigned_abs().into() };
    let page = async |after: Option<usize>, before: Option<usize>, from_end: bool| {
        let place = |index: Option<usize>| index.and_then(|index| expected.get(index)).map(|id| place(*id));
        let (after, before) = (place(after), place(before));
        let slice = tx
            .calls(filter, Page { oldest_first, after, before, from_end, limit: LIMIT as u64 })
            .await
            .unwrap();
        let ids: Vec<i64> = slice.rows.iter().map(|call: &Call| call.call_id).collect();
        (ids, slice.has_previous, slice.has_next)
    };
    let all = expected.len();
    let wanted = |from: usize, to: usize| (expected[from..to].to_vec(), from > 0, to < all);
    let context = format!("{filter:?}, oldest first: {oldest_first}");
    assert_eq!(page(None, None, false).await, wanted(0, all.min(LIMIT)), "{context}");
    assert_eq!(page(None, None, true).await, wanted(all.saturating_sub(LIMIT), all), "{context}");
    if all > 2 {
        let middle = all / 2;
        let behind = wanted(middle + 1, all.min(middle + 1 + LIMIT));
        assert_eq!(page(Some(middle), None, false).await, behind, "{context}");
        let before = wanted(middle.saturating_sub(LIMIT), middle);
        assert_eq!(page(None, Some(middle), true).await, before, "{context}");
    }
}

fn filters() -> Vec<CallFilter> {
    let text = |text: &str| CallFilter::Text(text.to_owned());
    let not = |filter: CallFilter| CallFilter::Not(Box::new(filter));
    let contact =
        |name: &str| CallFilter::Person(PersonSide::Contact, TextMatch::StartsWith(name.to_owned()));
    let ends =
        |digits: &str| CallFilter::Number(NumberSide::External, NumberMatch::EndsWith(digits.to_owned()));
    let agent = CallFilter::Person(PersonSide::Internal, TextMatch::Contains("number3".to_owned()));
    let outbound = CallFilter::Direction(vec![Direction::Outbound]);
    let early = CallFilter::Started(Bound::Before, Made(900).started_at());
    let texts = [
        // Many parties, soon met; many that are met late; some that are met late; few with many calls; few; one; none.
        text("wide"),
        text("far"),
        text("far wide"),
        text("old"),
        contact("new wide"),
        CallFilter::Person(PersonSide::Contact, TextMatch::Contains("ld wid".to_owned())),
        CallFilter::Person(PersonSide::Contact, TextMatch::Contains("wide".to_owned())),
        text("agent"),
        agent,
        text("wide38"),
        text("new wide1239"),
        text("5550007"),
        ends("0007"),
        text("17"),
        text("nobody"),
        ends("9999"),
    ];
    let mut filters = vec![CallFilter::everything()];
    for one in &texts {
        filters.push(one.clone());
        filters.push(CallFilter::All(vec![one.clone(), outbound.clone()]));
        filters.push(CallFilter::All(vec![one.clone(), early.clone()]));
        filters.push(not(one.clone()));
        filters.push(CallFilter::Any(vec![one.clone(), early.clone()]));
        for other in [text("wide"), text("number2"), not(text("wide38"))] {
            filters.push(CallFilter::All(vec![one.clone(), other]));
        }
        filters.push(CallFilter::Any(vec![one.clone(), text("number2")]));
    }
    filters
}

/// Makes the calls, in SQL: the same arithmetic as in [`Made`], which is checked against it by everything here.
async fn fill(database: &Database, company: &Company) {
    let tenant = format!("'{}'::uuid", company.tenant());
    let start = (at(0) - TimeDelta::days(30)).to_rfc3339();
    let sql = format!(
        "CREATE TEMP TABLE made AS
           SELECT id, '{start}'::timestamptz + (id / 3) * interval '1 second' AS started_at, id % {AGENTS} AS agent,
                  CASE WHEN id <= {OLD_CALLS} THEN id % {OLD_CONTACTS}
                       ELSE {OLD_CONTACTS} + id % {NEW_CONTACTS} END AS contact
           FROM generate_series(1, {CALLS}) id;
         INSERT INTO parties (tenant_id, party_id, kind, name)
           SELECT {tenant}, md5('contact' || id)::uuid, 'local', 'Contact' FROM generate_series(0, {CONTACTS} - 1) id
           UNION ALL SELECT {tenant}, md5('agent' || id)::uuid, 'user', 'Agent' FROM generate_series(0, {AGENTS} - 1) id;
         INSERT INTO party_terms (tenant_id, party_id, term)
           SELECT {tenant}, md5('contact' || id)::uuid, term
           FROM generate_series(0, {CONTACTS} - 1) id,
                lateral (SELECT CASE WHEN id < {OLD_CONTACTS} THEN 'old'
                                     WHEN id < {OLD_CONTACTS} + {NEW_CONTACTS} THEN 'new' ELSE 'silent' END AS age,
                                '1206555' || lpad(id::text, 4, '0') AS digits) one,
                unnest(ARRAY['n' || age || ' wide' || id, 'w' || age, 'wwide' || id, 'd' || digits,
                             'r' || reverse(digits), CASE WHEN age <> 'new' THEN 'wfar' END]) term
           WHERE term IS NOT NULL
           UNION ALL SELECT {tenant}, md5('agent' || id)::uuid, term
           FROM generate_series(0, {AGENTS} - 1) id,
                unnest(ARRAY['nagent number' || id, 'wagent', 'wnumber' || id, 'i77' || id]) term;
         INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, labels, label_terms,
                            event_count, updated_at, conversation_id, group_id, target_party)
           SELECT {tenant}, id, started_at, CASE WHEN id % 3 = 0 THEN 'outbound' ELSE 'inbound' END, 'hangup',
                  'hangup', 'answered', '{{}}', '{{}}', 1, started_at, id,
                  'Department:' || agent, md5('agent' || agent)::uuid FROM made;
         INSERT INTO call_parties (tenant_id, call_id, party_id, sides, started_at)
           SELECT {tenant}, id, md5('contact' || contact)::uuid, 5, started_at FROM made
           UNION ALL SELECT {tenant}, id, md5('agent' || agent)::uuid, 10, started_at FROM made;
         DROP TABLE made; ANALYZE;"
    );
    run(&mut database.owner().await, &sql).await.unwrap();
}
