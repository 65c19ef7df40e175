//! What a network does to the way between the server and PostgreSQL.

use std::time::Duration;

use super::Extent;
use crate::support::Way;
use crate::world::World;

/// Slow, but in time; and too slow to wait for.
const SLOW: Duration = Duration::from_millis(60);
const TOO_SLOW: Duration = Duration::from_millis(700);
/// How often the wire is cut.
const CUTS: usize = 5;

impl World {
    pub(super) async fn wire_is_slow(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.proxy.set(Way::Slow(SLOW));
        self.note("wire delays");
        self.accept_more(extent, 20).await;
        self.proxy.set(Way::Slow(TOO_SLOW));
        self.note("wire delays");
        self.accept_more(extent, 20).await;
        self.proxy.set(Way::Open);
    }

    pub(super) async fn wire_is_cut(&mut self, extent: Extent) {
        self.midst(extent).await;
        for _ in 0..CUTS {
            self.proxy.set(Way::Closed);
            self.note("wire is cut");
            self.accept_more(extent, 5).await;
            self.proxy.set(Way::Open);
            self.accept_more(extent, 5).await;
        }
    }

    pub(super) async fn wire_is_silent(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.proxy.set(Way::Silent);
        self.note("wire swallows everything");
        self.accept_more(extent, 40).await;
        self.proxy.set(Way::Open);
    }

    pub(super) async fn server_is_killed_while_wire_is_silent(&mut self, extent: Extent) {
        self.midst(extent).await;
        self.proxy.set(Way::Silent);
        self.note("wire swallows everything");
        self.accept_more(extent, 20).await;
        self.kill_server();
        self.server.begin();
        self.accept_more(extent, 20).await;
        self.proxy.set(Way::Open);
    }
}
