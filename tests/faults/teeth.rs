//! Proves that the audit finds what it looks for: a server that answers too early loses events, and what is done to
//! the database by hand is seen.

use crate::audit::Finding;
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
    world.server.kill();
    world.note("kill -9 of the server");
    world.cluster.thaw();
    world.server.begin();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_before_the_commit_is_seen_as_a_loss() {
    let mut world = killed_before_the_commit(&[("TRUNKLINE_ACKNOWLEDGE_EARLY", "true")]).await;
    let report = world.audit().await;
    println!("answered before the commit:\n{report}");
    assert!(report.count(Finding::Lost) > 0, "the audit sees what was lost");
}
