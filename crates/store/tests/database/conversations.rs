//! Proves that what is stored of conversations is what all events together say, in whatever order they came, however
//! many projectors there are, and when a version before had folded the calls.

use std::collections::BTreeMap;

use domain::conversation::{IDS_MAX, Leg, link};
use domain::cursor::Position;
use domain::search::CallFilter;
use store::{Api, Ingest, Page, Projector, Write, migrate};

use crate::support::{Company, Database, at, column, refusal, rows, run};

/// An event that links a leg to others.
struct Link {
    call_id: i64,
    master: i64,
    entry_point: i64,
    operator: i64,
}

/// Events of legs with links here and there; some of them name legs that never come, and legs change what they name.
fn links() -> Vec<Link> {
    let mut state = 7_u64;
    let mut next = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % most).unwrap()
    };
    let mut maybe = |id: i64, of: u64| if next(of) == 0 { (id + next(7) - 3).max(0) } else { 0 };
    (0..240)
        .map(|at| {
            let call_id = at % 80 + 1;
            Link {
                call_id,
                master: maybe(call_id, 6),
                entry_point: maybe(call_id, 6),
                operator: maybe(call_id, 9),
            }
        })
        .collect()
}

fn event(company: &Company, at: usize, link: &Link) -> Write {
    let Link { call_id, master, entry_point, operator } = link;
    let id = |id: &i64| if *id == 0 { "null".to_owned() } else { id.to_string() };
    company.event(&format!(
        r#"{{"call_id":{call_id},"state":"calling","event_timestamp":{},"master_call_id":{},
            "entry_point_call_id":{},"operator_call_id":{}}}"#,
        1_789_398_245_000_i64 + i64::try_from(at).unwrap(),
        id(master),
        id(entry_point),
        id(operator)
    ))
}

/// The conversation of each call, as they are stored.
async fn stored(database: &Database) -> Vec<Vec<String>> {
    let sql = "SELECT tenant_id::text, call_id::text, conversation_id::text FROM calls ORDER BY calls.tenant_id, calls.call_id";
    rows(&mut database.owner().await, sql).await.unwrap()
}

/// The same, as the events say.
fn expected(companies: &[(&Company, &[Link])]) -> Vec<Vec<String>> {
    let mut expected = BTreeMap::new();
    for (company, links) in companies {
        let some = |id: i64| Some(id).filter(|id| *id != 0);
        let leg = |link: &Link| Leg {
            call_id: link.call_id,
            master_call_id: some(link.master),
            entry_point_call_id: some(link.entry_point),
            operator_call_id: some(link.operator),
        };
        for conversation in link(&links.iter().map(leg).collect::<Vec<_>>()) {
            for call_id in conversation.call_ids {
                expected.insert((company.tenant(), call_id), conversation.id);
            }
        }
    }
    let text = |((tenant, call), id): ((uuid::Uuid, i64), i64)| {
        vec![tenant.to_string(), call.to_string(), id.to_string()]
    };
    expected.into_iter().map(text).collect()
}

/// Folds until nothing is left to do.
async fn fold_all(projector: &Projector, markers_max: i64) {
    loop {
        let done = projector.step(markers_max, at(0)).await.unwrap();
        if done.markers == 0 && !done.is_more {
            break;
        }
    }
}

#[tokio::test]
async fn the_order_of_events_does_not_matter() {
    let links = links();
    let orders: [fn(usize) -> usize; 4] = [|at| at, |at| 239 - at, |at| at * 7 % 240, |at| at * 101 % 240];
    for (order, batch) in orders.into_iter().zip([5, 16, 60, 240]) {
        let database = Database::new().await;
        let (company, other) = (database.company(1).await, database.company(2).await);
        let mixed: Vec<Write> =
            (0..links.len()).map(|place| event(&company, order(place), &links[order(place)])).collect();
        let some = event(&other, 0, &links[0]);
        let projector = Projector::new(&database.logins);
        for writes in mixed.chunks(batch) {
            Ingest::new(&database.logins).writer().write(writes).await.unwrap();
            fold_all(&projector, 5).await;
        }
        Ingest::new(&database.logins).writer().write(&[some]).await.unwrap();
        fold_all(&projector, 5).await;
        let wanted = expected(&[(&company, &links), (&other, &links[..1])]);
        assert!(wanted.iter().any(|row| row[1] != row[2]), "some are together");
        assert_eq!(stored(&database).await, wanted, "in batches of {batch}");
        // Folded again, with and without what was known.
        for forgotten in ["SELECT 1", "TRUNCATE conversation_legs", "DELETE FROM calls"] {
            run(&mut database.owner().await, forgotten).await.unwrap();
            while projector.mark_again(None, None, 1_000).await.unwrap().is_none() {}
            fold_all(&projector, 100).await;
            assert_eq!(stored(&database).await, wanted, "after {forgotten}");
        }
    }
}

#[tokio::test]
async fn projectors_join_at_the_same_time() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let links = links();
    let mut writer = Ingest::new(&database.logins).writer();
    for (at, link) in links.iter().enumerate() {
        writer.write(&[event(&company, at, link)]).await.unwrap();
    }
    let folding: Vec<_> = (0..4)
        .map(|_| {
            let projector = Projector::new(&database.logins);
            tokio::spawn(async move {
                let mut idle = 0;
                while idle < 3 {
                    idle = if projector.step(3, at(0)).await.unwrap().markers == 0 { idle + 1 } else { 0 };
                }
            })
        })
        .collect();
    for one in folding {
        one.await.unwrap();
    }
    fold_all(&Projector::new(&database.logins), 100).await;
    assert_eq!(stored(&database).await, expected(&[(&company, &links)]));
}

#[tokio::test]
async fn a_crowd_is_no_conversation_and_costs_no_more() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let most = i64::try_from(IDS_MAX).unwrap();
    // The youngest first, so that each new one is the smallest and renames all that are there.
    let chain: Vec<Link> = (1..=most + 20)
        .rev()
        .map(|call_id| Link { call_id, master: call_id + 1, entry_point: 0, operator: 0 })
        .collect();
    for (at, links) in chain.chunks(50).enumerate() {
        let writes: Vec<_> = links.iter().map(|link| event(&company, at, link)).collect();
        database.deliver(&writes).await;
    }
    let alone = "SELECT count(*)::text FROM calls WHERE conversation_id = call_id";
    assert_eq!(column(&mut database.owner().await, alone).await, [chain.len().to_string()]);
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    let legs = tx.conversation_legs(&[5]).await.unwrap();
    assert_eq!(legs[&5].iter().map(|leg| leg.call_id).collect::<Vec<_>>(), [5]);
}

#[tokio::test]
async fn a_list_of_conversations_has_each_once_and_pages_both_ways() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let links = links();
    let writes: Vec<_> = links.iter().enumerate().map(|(at, link)| event(&company, at, link)).collect();
    database.deliver(&writes).await;
    let mut wanted: Vec<i64> =
        expected(&[(&company, &links)]).iter().map(|row| row[2].parse().unwrap()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let everything = CallFilter::everything();
    for (oldest_first, from_end) in [(false, false), (false, true), (true, false), (true, true)] {
        let (mut found, mut cursor): (Vec<i64>, Option<Position>) = (Vec::new(), None);
        loop {
            let (after, before) = if from_end { (None, cursor) } else { (cursor, None) };
            let page = Page { oldest_first, after, before, from_end, limit: 7 };
            let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
            assert_eq!(tx.count_conversations(&everything).await.unwrap().value, wanted.len() as u64);
            let slice = tx.conversations(&everything, page).await.unwrap();
            let (more, back) = if from_end {
                (slice.has_previous, slice.has_next)
            } else {
                (slice.has_next, slice.has_previous)
            };
            assert_eq!(back, cursor.is_some());
            let last = if from_end { slice.rows.first() } else { slice.rows.last() };
            cursor =
                last.map(|row| Position { at: row.started_at, tie: u128::try_from(row.call_id).unwrap() });
            found.extend(slice.rows.iter().map(store::Call::conversation));
            if !more {
                break;
            }
        }
        found.sort_unstable();
        assert_eq!(found, wanted, "each once");
    }
    // By any of its ids: all its legs.
    let all = expected(&[(&company, &links)]);
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    let asked: Vec<i64> = (1..=90).collect();
    let legs = tx.conversation_legs(&asked).await.unwrap();
    for row in &all {
        let together =
            all.iter().filter(|other| other[2] == row[2]).map(|other| other[1].parse::<i64>().unwrap());
        for id in [&row[1], &row[2]] {
            let mut found: Vec<i64> = legs[&id.parse().unwrap()].iter().map(|leg| leg.call_id).collect();
            found.sort_unstable();
            assert_eq!(found, together.clone().collect::<Vec<_>>(), "by {id}");
        }
    }
    assert!(!legs.contains_key(&90), "nobody has it");
    // By its legs: one leg is enough, and the others come with it.
    let filter = CallFilter::CallId((1..=80).filter(|id| id % 3 == 0).collect());
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    let page = Page { oldest_first: false, after: None, before: None, from_end: false, limit: 200 };
    let slice = tx.conversations(&filter, page).await.unwrap();
    let mut found: Vec<i64> = slice.rows.iter().map(store::Call::conversation).collect();
    found.sort_unstable();
    let of_three = expected(&[(&company, &links)]);
    let of_three = of_three.iter().filter(|row| row[1].parse::<i64>().unwrap() % 3 == 0);
    let mut wanted: Vec<i64> = of_three.map(|row| row[2].parse().unwrap()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn calls_of_a_version_before_are_folded_again() {
    let database = Database::empty().await;
    let mut owner = database.owner().await;
    let mut earlier = sqlx::migrate!("../../migrations");
    earlier.migrations = earlier.iter().filter(|one| one.version <= 7).cloned().collect::<Vec<_>>().into();
    earlier.run(&mut owner).await.unwrap();
    let tenant = uuid::Uuid::from_u128(1);
    let old_call = |id: i64| {
        let payload =
            format!(r#"{{"call_id":{id},"state":"hangup","master_call_id":{}}}"#, (id + 1) / 2 * 2 - 1);
        format!(
            "INSERT INTO events VALUES ('{tenant}', {id}, '2026-09-14', '\\x{id:032x}', '2026-09-14', 0, '{payload}');
             INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, labels, label_terms,
                                event_count, updated_at)
             VALUES ('{tenant}', {id}, '2026-09-14', 'inbound', 'ringing', 'ringing', 'ongoing', '{{}}', '{{}}', 1, now());"
        )
    };
    let calls: String = (1..=1_100).map(old_call).collect();
    run(&mut owner, &calls).await.unwrap();
    migrate(&database.logins, None).await.unwrap();
    // What a projector of the version before would write is refused, and stays marked.
    let as_before = format!(
        "SET ROLE trunkline_projector; INSERT INTO calls AS known (tenant_id, call_id, started_at, direction, state,
             state_raw, outcome, labels, label_terms, event_count, updated_at)
         VALUES ('{tenant}', 1, '2026-09-14', 'inbound', 'ringing', 'x', 'ongoing', '{{}}', '{{}}', 1, now())
         ON CONFLICT (tenant_id, call_id) DO UPDATE SET state_raw = excluded.state_raw"
    );
    assert_eq!(refusal(&mut owner, &as_before).await, "23514");
    run(&mut owner, "RESET ROLE").await.unwrap();
    fold_all(&Projector::new(&database.logins), 100).await;
    let together = "SELECT count(*)::text FROM calls WHERE conversation_id = (call_id + 1) / 2 * 2 - 1 AND state = 'hangup'";
    assert_eq!(column(&mut owner, together).await, ["1100"]);
    let changes = "SELECT count(*)::text FROM call_changes";
    assert_eq!(column(&mut owner, changes).await, ["1100"]);
    assert!(!Projector::new(&database.logins).step(100, at(0)).await.unwrap().is_more, "only once");
}
