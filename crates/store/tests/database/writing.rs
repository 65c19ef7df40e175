//! Proves what writers and the projector leave behind: each delivery once, as it was signed, and a call for it.

use std::time::Duration;

use chrono::DateTime;
use domain::ids::{EndpointToken, TenantId};
use domain::json::Digest;
use store::{Api, Ingest, Projector, StoreError, Stored, Write};

use crate::support::{Company, Database, at, column, rows, run};

#[tokio::test]
async fn what_is_written_twice_is_there_once() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let other = database.company(2).await;
    let mut writer = Ingest::new(&database.logins).writer();
    let event = |id: i64| company.event(&format!(r#"{{"call_id":{id},"state":"hangup"}}"#));
    // A delivery is told from another one with the same content by the time it arrived.
    let later = |write: Write, ms: i64| Write { received_at: at(ms), ..write };
    let first = [
        event(1),
        event(2),
        later(event(1), 1),
        company.quarantined("no JSON", 9),
        later(company.quarantined("no JSON", 9), 1),
    ];
    let stored = writer.write(&first).await.unwrap();
    assert_eq!(stored, [Stored::New, Stored::New, Stored::Duplicate, Stored::New, Stored::Duplicate]);
    assert_eq!(writer.write(&first).await.unwrap(), stored, "the same deliveries again");
    let second = [
        later(event(2), 2),
        event(3),
        later(company.quarantined("no JSON", 9), 2),
        other.event(r#"{"call_id":1,"state":"hangup"}"#),
    ];
    let stored = writer.write(&second).await.unwrap();
    assert_eq!(stored, [Stored::Duplicate, Stored::New, Stored::Duplicate, Stored::New]);
    assert_eq!(writer.write(&[]).await.unwrap(), []);
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    let mut events = tx.first_events(&[1, 2, 3], 10, &mut 1_000_000).await.unwrap();
    for id in 1..=3 {
        let kept = events.remove(&id).unwrap().rows;
        let kept: Vec<_> = kept.iter().map(|event| String::from_utf8_lossy(&event.payload)).collect();
        assert_eq!(kept, [format!(r#"{{"call_id":{id},"state":"hangup"}}"#)]);
    }
    let mut owner = database.owner().await;
    let kept =
        "SELECT outcome, kind, coalesce(reason, ''), coalesce(convert_from(body, 'UTF8'), '') FROM deliveries
                ORDER BY received_at, kind";
    let expected = [
        ["quarantined", "unknown", "NOT_JSON", "no JSON"],
        ["duplicate", "call_event", "", ""],
        ["duplicate", "unknown", "", ""],
        ["duplicate", "call_event", "", ""],
        ["duplicate", "unknown", "", ""],
    ];
    assert_eq!(rows(&mut owner, kept).await.unwrap(), expected);
    let counted = "SELECT call_id::text, duplicates::text FROM event_duplicates ORDER BY call_id";
    assert_eq!(rows(&mut owner, counted).await.unwrap(), [["1", "1"], ["2", "1"]]);
    // What was there already is not folded again.
    let marked = "SELECT unnest(call_ids)::text FROM marked_calls ORDER BY marked";
    assert_eq!(column(&mut owner, marked).await.len(), 4);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_kept_as_they_are() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let mut write = company.quarantined("", 1);
    write.payload = vec![0, 0xff, 0xfe, b'"', 0];
    Ingest::new(&database.logins).writer().write(&[write]).await.unwrap();
    let mut owner = database.owner().await;
    assert_eq!(column(&mut owner, "SELECT encode(body, 'hex') FROM deliveries").await, ["00fffe2200"]);
}

#[tokio::test]
async fn what_is_too_large_is_not_read() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let event = |id: u32, text: &str| company.event(&format!(r#"{{"call_id":{id},"custom_data":"{text}"}}"#));
    // One that gets small when it is stored, and one that does not.
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from((state >> 24) % 26).unwrap())
    };
    let noise: String = (0..50_000).map(|_| noise()).collect();
    let writes = [event(1, &"x".repeat(50_000)), event(2, &noise), event(3, "small")];
    Ingest::new(&database.logins).writer().write(&writes).await.unwrap();
    for (call, write) in (1..).zip(&writes) {
        let bytes = write.payload.len() as u64;
        let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
        let mut left = bytes + 5;
        assert_eq!(tx.first_events(&[call], 10, &mut left).await.unwrap()[&call].rows.len(), 1);
        assert_eq!(left, 5);
        let before_all = (DateTime::UNIX_EPOCH - chrono::TimeDelta::days(1), Digest::from_bytes([0; 16]));
        for left in [0, bytes - 1] {
            let first = tx.first_events(&[3, call], 10, &mut left.clone()).await;
            assert!(matches!(first, Err(StoreError::TooLarge)), "{first:?}");
            let after = tx.events_after(call, before_all, 10, &mut left.clone()).await;
            assert!(matches!(after, Err(StoreError::TooLarge)), "{after:?}");
        }
    }
}

#[tokio::test]
async fn a_step_that_does_not_end_has_not_happened() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let writes: Vec<_> = (1..=50).map(|id| company.event(&format!(r#"{{"call_id":{id}}}"#))).collect();
    Ingest::new(&database.logins).writer().write(&writes).await.unwrap();
    let projector = Projector::new(&database.logins);
    // Given up at every stage of its work, the first of them at once.
    for wait_ms in [0, 1, 2, 4, 8, 16] {
        tokio::time::timeout(Duration::from_millis(wait_ms), projector.step(50, at(0))).await.ok();
        let mut owner = database.owner().await;
        // Rows of a step that was given up stay locked until PostgreSQL notices; they count as not there.
        let both = "SELECT (SELECT count(*) FROM calls)::text, (SELECT count(DISTINCT call_id) FROM marked_calls, unnest(call_ids) call_id)::text";
        let counts = rows(&mut owner, both).await.unwrap().remove(0);
        assert!(counts == ["0", "50"] || counts == ["50", "0"], "calls and markers: {counts:?}");
    }
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    let mut owner = database.owner().await;
    while column(&mut owner, "SELECT count(*)::text FROM calls").await != ["50"] {
        assert!(tokio::time::Instant::now() < deadline, "the calls are folded");
        projector.step(50, at(0)).await.unwrap();
    }
    assert_eq!(column(&mut owner, "SELECT count(*)::text FROM marked_calls").await, ["0"]);
}

#[tokio::test]
async fn two_projectors_share_the_work() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let writes: Vec<_> =
        (0..400).map(|id| company.event(&format!(r#"{{"call_id":{},"n":{id}}}"#, id % 40 + 1))).collect();
    Ingest::new(&database.logins).writer().write(&writes).await.unwrap();
    let folding: Vec<_> = (0..3)
        .map(|_| {
            let projector = Projector::new(&database.logins);
            tokio::spawn(async move {
                let mut idle = 0;
                while idle < 3 {
                    idle = if projector.step(7, at(0)).await.unwrap().markers == 0 { idle + 1 } else { 0 };
                }
            })
        })
        .collect();
    for one in folding {
        one.await.unwrap();
    }
    let mut owner = database.owner().await;
    let folded = "SELECT count(*)::text, sum(event_count)::text FROM calls";
    assert_eq!(rows(&mut owner, folded).await.unwrap(), [["40", "400"]]);
}

#[tokio::test]
async fn a_marker_that_is_postponed_comes_last() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let mut writer = Ingest::new(&database.logins).writer();
    let event = |id: u32| company.event(&format!(r#"{{"call_id":{id}}}"#));
    for batch in [vec![event(1), event(2)], vec![event(3)], vec![event(4)]] {
        writer.write(&batch).await.unwrap();
    }
    let projector = Projector::new(&database.logins);
    let tenant = company.access.tenant();
    assert_eq!(projector.postpone_oldest().await.unwrap(), [(tenant, 1), (tenant, 2)]);
    let mut owner = database.owner().await;
    let marked = "SELECT call_ids::text FROM marked_calls ORDER BY marked";
    assert_eq!(column(&mut owner, marked).await, ["{3}", "{4}", "{1}", "{2}"], "each by itself, and last");
    let done = projector.step(100, at(0)).await.unwrap();
    assert_eq!((done.markers, done.calls.len()), (4, 4));
    assert_eq!(projector.postpone_oldest().await.unwrap(), []);
}

/// While a new version is rolled out, the one before it still writes.
#[tokio::test]
async fn markers_of_the_version_before_are_taken_too() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let write = [company.event(r#"{"call_id":1}"#), company.event(r#"{"call_id":2}"#)];
    Ingest::new(&database.logins).writer().write(&write).await.unwrap();
    let mut owner = database.owner().await;
    let as_before = "WITH taken AS (DELETE FROM marked_calls RETURNING tenant_id, call_ids)
                     INSERT INTO dirty_calls (tenant_id, call_id) SELECT tenant_id, unnest(call_ids) FROM taken
                     RETURNING call_id::text";
    assert_eq!(column(&mut owner, as_before).await, ["1", "2"]);
    let projector = Projector::new(&database.logins);
    assert_eq!(projector.postpone_oldest().await.unwrap(), [(company.access.tenant(), 1)]);
    let done = projector.step(100, at(0)).await.unwrap();
    assert_eq!((done.markers, done.calls.len()), (2, 2));
}

#[tokio::test]
async fn an_endpoint_is_found_by_its_token_and_keeps_its_last_two_secrets() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let ingest = Ingest::new(&database.logins);
    assert!(ingest.endpoint(&EndpointToken::from_random([9; 16]), at(0)).await.unwrap().is_none());
    let found = ingest.endpoint(&company.token, at(0)).await.unwrap().unwrap();
    assert_eq!((found.tenant, found.endpoint), (company.access.tenant(), company.endpoint));
    assert!(found.secrets.previous.is_none());
    let secret = domain::jws::Secret::new("another secret of this company").unwrap();
    let tx = Api::new(&database.logins).begin(&company.access).await.unwrap();
    tx.replace_secret(database.logins.keys(), company.endpoint, &secret, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let day_ms = 24 * 3_600_000;
    for (after_ms, has_previous) in [(0, true), (day_ms - 1, true), (day_ms, false)] {
        let found = ingest.endpoint(&company.token, at(after_ms)).await.unwrap().unwrap();
        assert_eq!(found.secrets.current.expose_bytes(), secret.expose_bytes());
        assert_eq!(found.secrets.previous.is_some(), has_previous, "{after_ms} ms later");
    }
    // Sealed: what is stored is not what is signed with.
    let stored = column(
        &mut database.owner().await,
        "SELECT encode(secret, 'escape') || encode(previous_secret, 'escape') FROM endpoints",
    )
    .await;
    assert!(!stored[0].contains("secret of"), "{stored:?}");
}

#[tokio::test]
async fn calls_are_folded_again_from_their_events() {
    let database = Database::new().await;
    let (company, other) = (database.company(1).await, database.company(2).await);
    let event =
        |company: &Company, id: u32| company.event(&format!(r#"{{"call_id":{id},"state":"hangup"}}"#));
    let writes: Vec<_> = (1..=25).map(|id| event(&company, id)).chain([event(&other, 1)]).collect();
    database.deliver(&writes).await;
    let mut owner = database.owner().await;
    column(&mut owner, "UPDATE calls SET state = 'ringing', labels = '{wrong}' RETURNING call_id::text")
        .await;
    column(&mut owner, "DELETE FROM calls WHERE call_id = 7 RETURNING call_id::text").await;
    let states = "SELECT state || cardinality(labels), count(*)::text FROM calls GROUP BY 1 ORDER BY 1";

    let projector = Projector::new(&database.logins);
    let rebuild = async |company: Option<TenantId>| {
        let mut after = None;
        while let Some(last) = projector.mark_again(company, after, 10).await.unwrap() {
            after = Some(last);
            while projector.step(100, at(0)).await.unwrap().markers > 0 {}
        }
    };
    rebuild(Some(company.access.tenant())).await;
    assert_eq!(rows(&mut owner, states).await.unwrap(), [["hangup0", "25"], ["ringing1", "1"]]);
    rebuild(None).await;
    assert_eq!(rows(&mut owner, states).await.unwrap(), [["hangup0", "26"]]);
}

#[tokio::test]
async fn what_only_the_machine_can_mend_is_trouble_that_passes() {
    let database = Database::new().await;
    let company = database.company(1).await;
    let write = [company.event(r#"{"call_id":1}"#)];
    let mut owner = database.owner().await;
    // Disk full, a quota or a damaged file, an error of the system, out of memory.
    for code in ["53100", "XX000", "XX001", "58030", "53200"] {
        let failing = format!(
            "CREATE OR REPLACE FUNCTION app.fail() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$;
             CREATE OR REPLACE TRIGGER failing BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION app.fail()"
        );
        run(&mut owner, &failing).await.unwrap();
        let written = Ingest::new(&database.logins).writer().write(&write).await;
        assert!(matches!(written, Err(StoreError::Unavailable(_))), "{code}: {written:?}");
    }
    run(&mut owner, "DROP TRIGGER failing ON events").await.unwrap();
    let written = Ingest::new(&database.logins).writer().write(&write).await.unwrap();
    assert_eq!(written, [Stored::New]);
}
