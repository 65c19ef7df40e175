//! Proves what a company sees of its deliveries: every one in its place, whatever page is asked for; and that what is
//! refused is kept within bounds.

use domain::cursor::Position;
use domain::delivery::{DeliveryKind, DeliveryOutcome, DeliveryReason};
use domain::event::{NotUnderstood, OtherKind};
use domain::ids::DeliveryId;
use store::{Api, Delivery, DeliveryFilter, Ingest, Page, RING_ITEMS_MAX, Slice, TenantTx, Write, WriteKind};

use crate::support::{Company, Database, at, column};

/// Deliveries of every outcome, some of them at the same time.
async fn delivered(database: &Database, company: &Company) {
    let mut writer = Ingest::new(&database.logins).writer();
    for round in 0..12_i64 {
        let event = company.event(&format!(r#"{{"call_id":{},"state":"hangup"}}"#, round % 5 + 1));
        let sms = Write { kind: WriteKind::Other(OtherKind::Sms), ..company.quarantined("{}", 200) };
        let number = u8::try_from(round).unwrap();
        let batch = [
            event,
            sms,
            company.rejected("a.b.c", 50 + number),
            company.rejected("", 100 + number),
            company.quarantined("?", number),
        ];
        // Three at a time share their moment.
        let batch = batch.map(|write| Write { received_at: at(round / 3), ..write });
        writer.write(&batch).await.unwrap();
    }
}

fn place(delivery: &Delivery) -> Position {
    let DeliveryId { received_at, digest } = delivery.id;
    Position { at: received_at, tie: u128::from_be_bytes(*digest.as_bytes()) }
}

fn page(limit: u64) -> Page {
    Page { oldest_first: false, after: None, before: None, from_end: false, limit }
}

async fn all(tx: &TenantTx, filter: &DeliveryFilter) -> Vec<Delivery> {
    let Slice { rows, has_previous, has_next } = tx.deliveries(filter, page(200)).await.unwrap();
    assert!(!has_previous && !has_next);
    assert!(rows.is_sorted_by(|one, next| place(one) > place(next)), "newest first");
    rows
}

#[tokio::test]
async fn every_page_is_a_part_of_the_whole() {
    let database = Database::new().await;
    let company = database.company(1).await;
    delivered(&database, &company).await;
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    let only = |outcome| DeliveryFilter { outcomes: vec![outcome], ..DeliveryFilter::default() };
    let mut filters = vec![DeliveryFilter::default()];
    filters.extend(DeliveryOutcome::ALL.map(only));
    filters.push(DeliveryFilter { kinds: vec![DeliveryKind::Sms], ..DeliveryFilter::default() });
    filters.push(DeliveryFilter { since: Some(at(1)), until: Some(at(3)), ..DeliveryFilter::default() });
    let reasons = vec![DeliveryReason::NotUnderstood(NotUnderstood::NotJson)];
    filters.push(DeliveryFilter { reasons: Some(reasons), ..DeliveryFilter::default() });
    for filter in &filters {
        let whole = all(&tx, filter).await;
        assert_eq!(tx.count_deliveries(filter).await.unwrap().value, whole.len() as u64, "{filter:?}");
        assert!(!whole.is_empty(), "{filter:?}");
        for limit in [1, 2, 7] {
            walk(&tx, filter, &whole, limit).await;
        }
    }
    for delivery in all(&tx, &filters[0]).await {
        assert_eq!(tx.delivery(delivery.id).await.unwrap(), Some(delivery));
    }
}

/// Walks there page by page, and back.
async fn walk(tx: &TenantTx, filter: &DeliveryFilter, whole: &[Delivery], limit: u64) {
    let mut seen: Vec<Delivery> = Vec::new();
    let mut asked = page(limit);
    loop {
        let Slice { rows, has_previous, has_next } = tx.deliveries(filter, asked).await.unwrap();
        assert_eq!(has_previous, !seen.is_empty());
        seen.extend(&rows);
        assert_eq!(has_next, seen.len() < whole.len());
        let Some(last) = rows.last().filter(|_| has_next) else { break };
        asked.after = Some(place(last));
    }
    assert_eq!(seen, whole, "forwards by {limit}");
    let mut seen = Vec::new();
    let mut asked = Page { from_end: true, ..page(limit) };
    loop {
        let Slice { rows, has_previous, has_next } = tx.deliveries(filter, asked).await.unwrap();
        assert_eq!(has_next, !seen.is_empty());
        seen.splice(0..0, rows.iter().copied());
        assert_eq!(has_previous, seen.len() < whole.len());
        let Some(first) = rows.first().filter(|_| has_previous) else { break };
        asked.before = Some(place(first));
    }
    assert_eq!(seen, whole, "backwards by {limit}");
}

#[tokio::test]
async fn the_outcomes_are_those_of_what_was_delivered() {
    let database = Database::new().await;
    let (company, other) = (database.company(1).await, database.company(2).await);
    delivered(&database, &company).await;
    let api = Api::new(&database.logins);
    let tx = api.begin(&company.access).await.unwrap();
    let whole = all(&tx, &DeliveryFilter::default()).await;
    let count = |outcome, kind| whole.iter().filter(|one| one.outcome == outcome && one.kind == kind).count();
    // Five events and one text message are new; the others repeat them. Those of one moment are one delivery.
    assert_eq!(count(DeliveryOutcome::Accepted, DeliveryKind::CallEvent), 5);
    assert_eq!(count(DeliveryOutcome::Duplicate, DeliveryKind::CallEvent), 7);
    assert_eq!(count(DeliveryOutcome::Accepted, DeliveryKind::Sms), 1);
    assert_eq!(count(DeliveryOutcome::Duplicate, DeliveryKind::Sms), 3);
    assert_eq!(count(DeliveryOutcome::Quarantined, DeliveryKind::Unknown), 12);
    assert_eq!(count(DeliveryOutcome::Rejected, DeliveryKind::Unknown), 24);
    assert_eq!(tx.count_recheckable(1_000).await.unwrap(), 24, "nothing is kept of an empty body");
    let contents = tx.delivery_contents(&whole, database.logins.keys(), &mut 1_000_000).await.unwrap();
    for delivery in &whole {
        let content = contents.get(&delivery.id).map(|content| String::from_utf8_lossy(content));
        match (delivery.kind, delivery.outcome, delivery.body_bytes) {
            (DeliveryKind::CallEvent, ..) => assert!(content.unwrap().contains("hangup")),
            (DeliveryKind::Sms, ..) => assert_eq!(content.unwrap(), "{}"),
            (_, DeliveryOutcome::Quarantined, _) => assert_eq!(content.unwrap(), "?"),
            _ => assert!(content.is_none_or(|content| content == "a.b.c")),
        }
    }
    let stranger = api.begin(&other.access).await.unwrap();
    assert_eq!(all(&stranger, &DeliveryFilter::default()).await, []);
    assert_eq!(stranger.delivery(whole[0].id).await.unwrap(), None);
    let foreign = stranger.delivery_contents(&whole, database.logins.keys(), &mut 1_000_000).await.unwrap();
    assert!(foreign.is_empty());
}

#[tokio::test]
async fn a_refused_body_is_sealed_and_the_ring_has_a_bound() {
    let database = Database::new().await;
    let (company, quiet) = (database.company(1).await, database.company(2).await);
    let ingest = Ingest::new(&database.logins);
    let mut writer = ingest.writer();
    writer.write(&[quiet.rejected("a.b.c", 1), company.quarantined("kept", 1)]).await.unwrap();
    let refused: Vec<Write> = (1..=RING_ITEMS_MAX + 25)
        .map(|number| Write { received_at: at(number), ..company.rejected("secret body", 7) })
        .collect();
    for batch in refused.chunks(128) {
        writer.write(batch).await.unwrap();
    }
    let endpoints = [(company.access.tenant(), company.endpoint), (quiet.access.tenant(), quiet.endpoint)];
    assert_eq!(ingest.trim_deliveries(&endpoints).await.unwrap(), 25);
    assert_eq!(ingest.trim_deliveries(&endpoints).await.unwrap(), 0);
    let mut owner = database.owner().await;
    let oldest =
        "SELECT (min(received_at)::timestamptz(3) = to_timestamp(1789398245.026))::text FROM deliveries
                  WHERE outcome = 'rejected' AND tenant_id = ";
    let oldest = format!("{oldest} '{}'", company.tenant());
    assert_eq!(column(&mut owner, &oldest).await, ["true"], "the newest stay");
    let readable = "SELECT count(*)::text FROM deliveries WHERE position('secret'::bytea IN body) > 0";
    assert_eq!(column(&mut owner, readable).await, ["0"]);
    let found = ingest.recheckable(company.access.tenant(), None).await.unwrap();
    assert_eq!(found.len(), usize::try_from(RING_ITEMS_MAX).unwrap());
    assert!(found.iter().all(|one| one.body == b"secret body"));
    // A week later only what was signed is left.
    ingest.expire_deliveries(at(8 * 24 * 3_600_000)).await.unwrap();
    assert_eq!(column(&mut owner, "SELECT outcome FROM deliveries").await, ["quarantined"]);
}
