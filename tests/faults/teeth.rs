//! Proves that the audit finds what it looks for: a server that answers before the commit loses events, one that does
//! not loses none in the same storm, and whatever is done to the database by hand is seen.

use crate::audit::{Finding, Report};
use crate::world::World;

/// Accepts events while PostgreSQL stands still, and is killed before anything that waits for it can be written.
async fn killed_before_the_commit(variables: &[(&'static str, &str)]) -> World {
    let mut world = World::new(1, variables).await;
    world.release(300);
    world.load.until_done().await;
    let before = world.load.accepted();
    world.cluster.freeze();
    world.release(600);
    world.load.until_accepted(before + 50).await;
    world.kill_server();
    world.cluster.thaw();
    world.server.begin();
    world
}

fn counts(report: &Report) -> [usize; 7] {
    Finding::ALL.map(|finding| report.count(finding))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_before_the_commit_is_seen_as_a_loss() {
    let mut world = killed_before_the_commit(&[("TRUNKLINE_ACKNOWLEDGE_EARLY", "true")]).await;
    let report = world.audit().await;
    println!("answered before the commit:\n{report}");
    let [lost, rest @ ..] = counts(&report);
    assert!(lost > 0, "the audit sees what was lost");
    assert_eq!(rest, [0; 6], "and nothing else happened");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_to_the_database_is_seen() {
    let mut world = killed_before_the_commit(&[]).await;
    let report = world.audit().await;
    assert_eq!(counts(&report), [0; 7], "answered after the commit:\n{report}");
    // Rows of calls that have two companies and several events: every company has the same ids.
    let one = "(tenant_id, call_id, digest) = (SELECT tenant_id, call_id, digest FROM events
                WHERE encoding <> 0 ORDER BY call_id, tenant_id, digest LIMIT 1)";
    let again = format!(
        "INSERT INTO events SELECT tenant_id, call_id, occurred_at, decode(md5('x'), 'hex'),
                         received_at, encoding, payload FROM events WHERE {one}"
    );
    let other = "(SELECT tenant_id FROM tenants ORDER BY tenant_id DESC LIMIT 1)";
    let cases = [
        (Finding::Lost, format!("DELETE FROM events WHERE {one}")),
        (Finding::Duplicated, again),
        (Finding::Misrouted, format!("UPDATE events SET tenant_id = {other} WHERE {one}")),
        (Finding::Corrupt, format!("UPDATE events SET encoding = 0 WHERE {one}")),
        (
            Finding::Corrupt,
            format!("UPDATE events SET occurred_at = occurred_at + interval '1 ms' WHERE {one}"),
        ),
        (
            Finding::Stale,
            "UPDATE calls SET talk_time_ms = talk_time_ms + 1 WHERE talk_time_ms > 0".to_owned(),
        ),
        (Finding::Stale, "DELETE FROM calls WHERE outcome = 'missed'".to_owned()),
    ];
    world.server.stop();
    for (finding, done) in cases {
        world
            .cluster
            .sql("CREATE TABLE kept AS SELECT * FROM events; CREATE TABLE kept_calls AS SELECT * FROM calls")
            .unwrap();
        world.cluster.sql(&done).unwrap();
        let report = world.look();
        assert!(report.count(finding) > 0, "{done} is {finding:?}:\n{report}");
        let back = "TRUNCATE events, calls; INSERT INTO events SELECT * FROM kept;
                    INSERT INTO calls SELECT * FROM kept_calls; DROP TABLE kept, kept_calls";
        world.cluster.sql(back).unwrap();
    }
    assert_eq!(counts(&world.look()), [0; 7], "and all of it was undone");
    world.load.end().await;
}
