//! What is broken, in which order, and for how long. Every fault strikes while events flow, lasts until a number of
//! events was taken in spite of it, and is over when every event was answered.

mod disks;
mod processes;
mod wire;

use std::time::Duration;

use crate::world::World;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    KillServer,
    StopDatabaseAtOnce,
    KillBackend,
    FreezeDatabase,
    DatabaseAway,
    KillServerWhileDatabaseAway,
    KillServerWhileDatabaseSilent,
    KillServerWhileJournalMoves,
    JournalVolumeFull,
    DatabaseVolumeFull,
    WireSlow,
    WireCut,
    WireSilent,
    ClientsAbort,
    ClockJumps,
}

impl Fault {
    /// One of each, in an order in which none hides another; then what the profile asks for more of.
    pub(crate) const SHORT: [Self; 19] = [
        Self::KillServer,
        Self::StopDatabaseAtOnce,
        Self::ClientsAbort,
        Self::KillBackend,
        Self::KillServer,
        Self::FreezeDatabase,
        Self::KillServerWhileDatabaseAway,
        Self::WireSlow,
        Self::KillServerWhileJournalMoves,
        Self::WireCut,
        Self::JournalVolumeFull,
        Self::StopDatabaseAtOnce,
        Self::WireSilent,
        Self::KillServer,
        Self::DatabaseVolumeFull,
        Self::ClockJumps,
        Self::KillServerWhileDatabaseSilent,
        Self::DatabaseAway,
        Self::KillServer,
    ];
}

/// How much of everything.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// Events that are sent around every fault.
    pub(crate) events: usize,
    /// How long PostgreSQL is away when it is away for long.
    pub(crate) away: Duration,
}

impl World {
    /// Lets one thing go wrong under load, and waits until it is over.
    pub(crate) async fn suffer(&mut self, fault: Fault, extent: Extent) {
        match fault {
            Fault::KillServer => self.server_is_killed(extent).await,
            Fault::StopDatabaseAtOnce => self.database_is_stopped_at_once(extent).await,
            Fault::KillBackend => self.backend_is_killed(extent).await,
            Fault::FreezeDatabase => self.database_is_frozen(extent).await,
            Fault::DatabaseAway => self.database_is_away(extent).await,
            Fault::KillServerWhileDatabaseAway => self.server_is_killed_while_database_is_away(extent).await,
            Fault::KillServerWhileDatabaseSilent => self.server_is_killed_while_wire_is_silent(extent).await,
            Fault::KillServerWhileJournalMoves => self.server_is_killed_while_journal_moves(extent).await,
            Fault::JournalVolumeFull => self.journal_has_no_room(extent).await,
            Fault::DatabaseVolumeFull => self.database_has_no_room(extent).await,
            Fault::WireSlow => self.wire_is_slow(extent).await,
            Fault::WireCut => self.wire_is_cut(extent).await,
            Fault::WireSilent => self.wire_is_silent(extent).await,
            Fault::ClientsAbort => self.clients_abort(extent).await,
            Fault::ClockJumps => self.clock_jumps(extent).await,
        }
        self.load.until_done().await;
    }

    /// Lets the events of a fault flow; comes back in the midst of them.
    async fn midst(&mut self, extent: Extent) {
        let before = self.load.accepted();
        self.release(extent.events);
        let flowing = self.chance.between(extent.events / 20, extent.events / 4);
        self.load.until_accepted(before + flowing).await;
    }

    /// Comes back when so many more deliveries were accepted; `share` is of the events of a fault, in percent.
    async fn accept_more(&mut self, extent: Extent, share: usize) {
        let wanted = self.load.accepted() + extent.events * share / 100;
        while !self.load.until_accepted_or_done(wanted).await {
            self.release(extent.events * share / 100);
        }
    }
}
