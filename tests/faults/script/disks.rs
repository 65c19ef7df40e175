//! Disks that are full: the journal's, and PostgreSQL's.

use super::Extent;
use crate::cluster::Stop;
use crate::volume::{Inside, Volume};
use crate::world::World;

/// What is free at first and in the end: more than everything that may have to wait.
const JOURNAL_FREE_BYTES: u64 = 64 * 1_024 * 1_024;
const DATABASE_FREE_BYTES: u64 = 48 * 1_024 * 1_024;
/// Long events that are sent at once to fill the journal, and in all.
const LONG_EVENTS: usize = 150;
const LONG_EVENTS_MAX: usize = 3_000;
/// Answers 503 that show that nothing can be taken any more.
const REFUSALS: usize = 30;

impl World {
    /// PostgreSQL is away and the journal has no room: come again. Then there is room.
    pub(super) async fn journal_has_no_room(&mut self, extent: Extent) {
        self.kill_server();
        let volume = Volume::over(&self.server.data_dir().join("data"), JOURNAL_FREE_BYTES);
        println!("the journal is on {}", volume.describe());
        self.server.set_wrapper(volume.wrapper());
        self.server.begin();
        self.midst(extent).await;
        self.cluster.stop(Stop::Fast);
        let inside = Inside { pids: vec![self.server.pid().unwrap()], user: Vec::new() };
        let journal = std::fs::metadata(self.server.data_dir().join("data/journal.redb")).unwrap().len();
        volume.fill(&inside, journal);
        self.note("journal volume full");
        let (events, refusals) = (self.events(), self.load.unavailable() + REFUSALS);
        // What was freed inside of the file is taken first.
        while !self.load.until_unavailable_or_done(refusals).await {
            assert!(self.events() < events + LONG_EVENTS_MAX, "the volume is full at last");
            self.release_long(LONG_EVENTS);
        }
        volume.free(&inside);
        self.load.until_done().await;
        self.cluster.begin();
        self.midst(extent).await;
        self.kill_server();
        volume.leave();
        self.server.set_wrapper(Vec::new());
        self.server.begin();
    }

    /// PostgreSQL can neither extend a table nor, after a while, write its log.
    pub(super) async fn database_has_no_room(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.stop(Stop::Fast);
        let volume = Volume::over(&self.cluster.data(), DATABASE_FREE_BYTES);
        println!("PostgreSQL is on {}", volume.describe());
        self.cluster.set_wrapper(volume.wrapper());
        self.cluster.begin();
        self.load.until_done().await;
        volume.fill(&self.cluster.inside(), 1_024 * 1_024);
        self.note("PostgreSQL volume full");
        self.accept_more(extent, 40).await;
        // Its log needs a new file now and then: it gives up when that cannot be made.
        let log = "SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000000)) FROM generate_series(1, 100)";
        let ended = self.cluster.sql(log).expect_err("there is no room for a hundred megabytes");
        println!("PostgreSQL without room for its log: {}", ended.trim());
        self.accept_more(extent, 40).await;
        volume.free(&self.cluster.inside());
        self.cluster.mend();
        self.load.until_done().await;
        self.cluster.stop(Stop::Fast);
        volume.leave();
        self.cluster.set_wrapper(Vec::new());
        self.cluster.begin();
    }
}
