//! Proves that the tallies of calls say what counting the calls says, however calls were written.

use sqlx::postgres::PgConnection;

use crate::support::{Database, column, run};

/// Counts the calls of a time, one line for each direction and outcome; by arithmetic that the tallies do not use.
const COUNTED: &str = "
    SELECT concat_ws(' ', tenant_id, span, to_timestamp(floor(extract(epoch FROM started_at) / span) * span) AT TIME ZONE 'UTC',
                     direction, outcome, count(*))
    FROM calls, (VALUES (900), (86400)) AS spans (span)
    GROUP BY tenant_id, span, floor(extract(epoch FROM started_at) / span), direction, outcome";

/// What the tallies say, written the same way.
const TALLIED: &str = "
    SELECT concat_ws(' ', tenant_id, CASE WHEN is_day THEN 86400 ELSE 900 END, starts_at AT TIME ZONE 'UTC', direction,
                     outcome, calls)
    FROM call_tallies, LATERAL (VALUES ('answered', answered), ('missed', missed), ('abandoned', abandoned),
        ('voicemail', voicemail), ('blocked', blocked), ('cancelled', cancelled), ('ongoing', ongoing)) AS one (outcome, calls)
    WHERE calls <> 0";

/// Calls of two companies around the edges of quarters and days, before and after 1970 too.
const INSERT: &str = "
    INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, labels, label_terms,
                       event_count, updated_at, conversation_id)
    SELECT tenant_id, id, start, (ARRAY['inbound','outbound','unknown'])[1 + id % 3], 'hangup', 'hangup',
           (ARRAY['answered','missed','abandoned','voicemail','blocked','cancelled','ongoing'])[1 + id % 7],
           '{}', '{}', 1, now(), id
    FROM (SELECT tenant_id FROM tenants) AS companies,
         unnest(ARRAY['1969-12-31 23:59:59.999999Z','1970-01-01Z','2026-03-08T06:59:59.999999Z','2026-03-08T07:00Z',
                      '2026-03-08T07:14:59Z','2026-03-08T07:15Z','2026-03-08T23:45Z','2026-03-09T00:00Z',
                      '1901-02-03T04:05:06Z','9999-12-31T23:59:59Z']::timestamptz[]) WITH ORDINALITY AS times (start, at),
         generate_series(at, 400, 10) AS id";

/// Ways in which calls are written, one after the other.
const WRITTEN: [&str; 7] = [
    INSERT,
    // Some are there, some are not.
    "INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, labels, label_terms,
                       event_count, updated_at, conversation_id)
     SELECT tenant_id, call_id + 200, started_at + interval '7 minutes', 'inbound', state, state_raw, 'missed', labels,
            label_terms, 1, updated_at, 1 FROM calls WHERE call_id > 190
     ON CONFLICT (tenant_id, call_id) DO UPDATE SET started_at = excluded.started_at, outcome = excluded.outcome",
    "UPDATE calls SET outcome = 'answered' WHERE outcome = 'ongoing'",
    "UPDATE calls SET started_at = started_at - interval '1 day', direction = 'outbound' WHERE call_id % 5 = 0",
    "UPDATE calls SET event_count = event_count + 1",
    "DELETE FROM calls WHERE call_id % 4 = 0",
    "DELETE FROM calls",
];

async fn assert_tallied(owner: &mut PgConnection, written: &str) {
    let (mut counted, mut tallied) = (column(owner, COUNTED).await, column(owner, TALLIED).await);
    counted.sort_unstable();
    tallied.sort_unstable();
    assert_eq!(tallied, counted, "after {written}");
}

#[tokio::test]
async fn tallies_say_what_counting_says() {
    let database = Database::new().await;
    database.company(1).await;
    database.company(2).await;
    let mut owner = database.owner().await;
    for written in WRITTEN {
        run(&mut owner, written).await.unwrap();
        assert_tallied(&mut owner, written).await;
    }
    assert_eq!(column(&mut owner, COUNTED).await, Vec::<String>::new(), "the last one took all away");
}

#[tokio::test]
async fn calls_of_before_are_tallied_by_the_migration() {
    let database = Database::new().await;
    database.company(1).await;
    let mut owner = database.owner().await;
    let migration = include_str!("../../../../migrations/0020_call_tallies.sql");
    // As it was before.
    run(
        &mut owner,
        "DROP TABLE call_tallies; DROP FUNCTION app.tally_calls CASCADE; DROP INDEX party_terms_by_party",
    )
    .await
    .unwrap();
    run(&mut owner, INSERT).await.unwrap();
    run(&mut owner, migration).await.unwrap();
    assert_tallied(&mut owner, "the migration").await;
    assert!(!column(&mut owner, COUNTED).await.is_empty());
}
