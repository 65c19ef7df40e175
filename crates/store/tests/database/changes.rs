//! Proves that whoever follows the changes of a company misses none, whatever commits when.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::cursor::Position;
use store::{Api, CallChange, Ingest, Projector};
use tokio::time::timeout;

use crate::support::{Company, Database, at, column, run};

/// Long enough for a statement that does not wait for anybody.
const A_MOMENT: Duration = Duration::from_millis(300);
/// Far more than anything here needs.
const PATIENCE: Duration = Duration::from_secs(20);

fn place(change: &CallChange) -> Position {
    Position { at: change.changed_at, tie: u128::try_from(change.call.call_id).unwrap() }
}

/// Everything that changed after a place, in pages.
async fn read(api: &Api, company: &Company, after: &mut Option<Position>, limit: u64) -> Vec<CallChange> {
    let mut all = Vec::new();
    loop {
        let tx = api.begin(&company.access).await.unwrap();
        let slice = tx.call_changes(*after, limit).await.unwrap();
        *after = slice.rows.last().map(place).or(*after);
        all.extend(slice.rows);
        if !slice.has_next {
            return all;
        }
    }
}

fn event(company: &Company, call_id: u32, number: u32) -> store::Write {
    let at_ms = 1_789_398_245_000_i64 + i64::from(number);
    company.event(&format!(r#"{{"call_id":{call_id},"state":"calling","event_timestamp":{at_ms}}}"#))
}

#[tokio::test]
async fn a_change_that_is_seen_late_is_not_passed() {
    let database = Database::new().await;
    let (company, other) = (database.company(1).await, database.company(2).await);
    database.deliver(&[event(&company, 1, 1), event(&company, 2, 1)]).await;
    let (api, mut after) = (Api::new(&database.logins), None);
    assert_eq!(read(&api, &company, &mut after, 1).await.len(), 2);

    // A projector that has changed call 1 and does not commit.
    let mut slow = database.login("projector").await;
    let tenant = company.tenant();
    let change = format!(
        "BEGIN; WITH clock AS (UPDATE call_clocks SET last_change = clock_timestamp() WHERE tenant_id = '{tenant}' RETURNING last_change)
         UPDATE call_changes SET changed_at = last_change FROM clock WHERE tenant_id = '{tenant}' AND call_id = 1"
    );
    run(&mut slow, &change).await.unwrap();
    let writes = [event(&company, 2, 2), event(&company, 3, 2)];
    Ingest::new(&database.logins).writer().write(&writes).await.unwrap();
    let projector = Projector::new(&database.logins);
    let mut fast = tokio::spawn(async move { projector.step(10, at(0)).await.unwrap() });
    assert!(timeout(A_MOMENT, &mut fast).await.is_err(), "it waits for its turn");
    assert_eq!(
        read(&api, &company, &mut after, 1).await,
        [],
        "nothing can be seen yet, and nothing is passed"
    );
    // Another company waits for nobody.
    database.deliver(&[event(&other, 9, 1)]).await;

    run(&mut slow, "COMMIT").await.unwrap();
    timeout(PATIENCE, fast).await.unwrap().unwrap();
    let found: Vec<i64> =
        read(&api, &company, &mut after, 1).await.iter().map(|change| change.call.call_id).collect();
    assert_eq!(found, [1, 2, 3]);
    let tx = api.begin(&company.access).await.unwrap();
    assert_eq!(tx.latest_call_change().await.unwrap(), after);
    assert_eq!(read(&api, &other, &mut None, 1).await.len(), 1);
}

#[tokio::test]
async fn a_reader_sees_the_last_state_of_every_call() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let api = Api::new(&database.logins);
    let is_done = Arc::new(AtomicBool::new(false));
    let projectors: Vec<_> = (0..3)
        .map(|_| {
            let (projector, is_done) = (Projector::new(&database.logins), Arc::clone(&is_done));
            tokio::spawn(async move {
                while !is_done.load(Ordering::Relaxed) || projector.step(2, at(0)).await.unwrap().markers > 0
                {
                    projector.step(2, at(0)).await.unwrap();
                }
            })
        })
        .collect();
    let mut writer = Ingest::new(&database.logins).writer();
    let (mut after, mut seen) = (None, BTreeMap::new());
    let mut places = Vec::new();
    for number in 0..150_u32 {
        let writes: Vec<_> = (0..4).map(|at| event(&company, (number * 4 + at) % 37 + 1, number)).collect();
        writer.write(&writes).await.unwrap();
        for change in read(&api, &company, &mut after, 3).await {
            places.push(place(&change));
            seen.insert(change.call.call_id, change.call);
        }
    }
    is_done.store(true, Ordering::Relaxed);
    for projector in projectors {
        projector.await.unwrap();
    }
    for change in read(&api, &company, &mut after, 3).await {
        places.push(place(&change));
        seen.insert(change.call.call_id, change.call);
    }
    assert!(places.is_sorted(), "in order, and nothing twice at one place");
    let ids: Vec<i64> = (1..=37).collect();
    let tx = api.begin(&company.access).await.unwrap();
    let now: BTreeMap<_, _> =
        tx.calls_by_id(&ids).await.unwrap().into_iter().map(|call| (call.call_id, call)).collect();
    assert_eq!(now.len(), 37);
    assert_eq!(seen, now, "the last state of each");
}

#[tokio::test]
async fn the_clock_never_stands_still() {
    let database = Database::new().await;
    let company = database.company(1).await;
    database.deliver(&[event(&company, 1, 1)]).await;
    let mut owner = database.owner().await;
    // A clock that was far ahead, and was put right.
    run(&mut owner, "UPDATE call_clocks SET last_change = '2099-01-01'; UPDATE call_changes SET changed_at = '2099-01-01'").await.unwrap();
    database.deliver(&[event(&company, 1, 2)]).await;
    database.deliver(&[event(&company, 2, 1)]).await;
    let order = "SELECT call_id::text FROM call_changes WHERE changed_at > '2099-01-01' ORDER BY changed_at";
    assert_eq!(column(&mut owner, order).await, ["1", "2"]);
}
