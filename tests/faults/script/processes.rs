//! Processes that end, hang, or come back in another time.

use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::Extent;
use crate::cluster::Stop;
use crate::support::{PATIENCE, Way, fake_time, within};
use crate::world::World;

/// Parts in which events are sent while PostgreSQL is away for long.
const PARTS: u32 = 20;
/// Of a thousand clients: go away before the answer, when many do.
const MANY_ABORTS: usize = 500;
/// The clock's jumps, and when what was received after one says that it was.
const JUMPS: [(&str, &str); 3] = [
    ("-2d", "now() - interval '3 days' AND now() - interval '1 day'"),
    ("+2d", "now() + interval '1 day' AND now() + interval '3 days'"),
    ("+0", "now() - interval '1 day' AND now() + interval '1 day'"),
];

impl World {
    pub(super) async fn server_is_killed(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.kill_server();
        self.server.begin();
    }

    pub(super) async fn database_is_stopped_at_once(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.stop(Stop::Immediate);
        self.note("pg_ctl stop -m immediate");
        self.accept_more(extent, 30).await;
        self.cluster.begin();
    }

    pub(super) async fn backend_is_killed(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.kill_backend();
        self.note("kill -9 of a backend");
        self.load.until_done().await;
        self.cluster.mend();
    }

    pub(super) async fn database_is_frozen(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.freeze();
        self.note("SIGSTOP of PostgreSQL");
        self.accept_more(extent, 40).await;
        self.cluster.thaw();
    }

    pub(super) async fn database_is_away(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.stop(Stop::Fast);
        self.note("PostgreSQL stopped for long");
        let mut parts = interval(extent.away / PARTS);
        parts.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..=PARTS {
            parts.tick().await;
            self.release(extent.events / PARTS as usize);
            self.load.until_done().await;
        }
        self.cluster.begin();
    }

    pub(super) async fn server_is_killed_while_database_is_away(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.cluster.stop(Stop::Fast);
        self.note("PostgreSQL stopped");
        self.accept_more(extent, 20).await;
        self.kill_server();
        self.server.begin();
        self.accept_more(extent, 20).await;
        self.kill_server();
        self.server.begin();
        self.accept_more(extent, 20).await;
        self.cluster.begin();
    }

    pub(super) async fn server_is_killed_while_journal_moves(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.proxy.set(Way::Closed);
        self.load.until_done().await;
        let before = self.events_stored();
        self.proxy.set(Way::Open);
        within(Duration::from_secs(60), async || match self.events_stored() {
            stored if stored > before => Ok(()),
            stored => Err(format!("{stored} events are stored, none of them from the journal")),
        })
        .await;
        self.kill_server();
        self.server.begin();
    }

    fn events_stored(&self) -> usize {
        self.cluster.sql("SELECT count(*) FROM events").unwrap().trim().parse().unwrap()
    }

    /// How many events say that they were received at such a time.
    fn events_received(&self, between: &str) -> usize {
        let asked = format!("SELECT count(*) FROM events WHERE received_at BETWEEN {between}");
        self.cluster.sql(&asked).unwrap().trim().parse().unwrap()
    }

    pub(super) async fn clients_abort(&mut self, extent: Extent) {
        self.load.set_aborts(Some(MANY_ABORTS));
        self.note("half of the clients abort");
        self.release(extent.events);
        self.load.until_done().await;
        self.load.set_aborts(None);
    }

    /// The server's clock goes back and forth by days; the time that passes goes on.
    pub(super) async fn clock_jumps(&mut self, extent: Extent) {
        let clock = self.file("clock");
        let set = |offset: &str| {
            // At once or not at all: it is read at any moment.
            std::fs::write(clock.with_extension("new"), offset).unwrap();
            std::fs::rename(clock.with_extension("new"), &clock).unwrap();
        };
        set("+0");
        let variables = [
            ("LD_PRELOAD", fake_time().display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", clock.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
        ];
        self.kill_server();
        variables.iter().for_each(|(name, value)| self.server.set_variable(name, Some(value.clone())));
        self.server.begin();
        for (offset, when) in JUMPS {
            let before = self.events_received(when);
            self.release(extent.events / 6);
            set(offset);
            self.note("clock jumps");
            self.load.until_done().await;
            // libfaketime goes on for some time with what it had read; the fault would prove nothing if the server did
            // not see it.
            let deadline = Instant::now() + PATIENCE;
            while self.events_received(when) == before {
                assert!(Instant::now() < deadline, "the server's clock did not jump by {offset}");
                self.release(extent.events / 30);
                self.load.until_done().await;
            }
            self.release(extent.events / 6);
            self.load.until_done().await;
        }
        self.kill_server();
        variables.iter().for_each(|(name, _)| self.server.set_variable(name, None));
        self.server.begin();
    }
}
