//! Who is connected. When every place is taken, the connection that was quiet for longest makes room: many sockets
//! that say nothing must not keep out one that brings an event.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// All connections of a process.
pub(super) struct Connections {
    places: Arc<Semaphore>,
    /// Those without a request under way, the one that is quiet for longest first.
    quiet: Mutex<BTreeMap<u64, CancellationToken>>,
    next: AtomicU64,
}

impl Connections {
    pub(super) fn new(connections_max: usize) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(connections_max));
        Arc::new(Self { places, quiet: Mutex::default(), next: AtomicU64::new(0) })
    }

    /// A place for one more; waits for it when all are busy. `None` only when there are no places at all.
    pub(super) async fn seat(self: &Arc<Self>) -> Option<Seat> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                self.make_room();
                Arc::clone(&self.places).acquire_owned().await.ok()?
            }
        };
        let seat = Seat {
            connections: Arc::clone(self),
            leave: CancellationToken::new(),
            number: AtomicU64::new(0),
            requests: AtomicUsize::new(0),
            was_served: AtomicBool::new(false),
            _place: place,
        };
        seat.is_quiet();
        Some(seat)
    }

    /// Asks the connection that was quiet for longest to leave.
    pub(super) fn make_room(&self) {
        if let Some((_, leave)) = self.lock().pop_first() {
            leave.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, CancellationToken>> {
        self.quiet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one connection; given back when it is dropped.
pub(super) struct Seat {
    connections: Arc<Connections>,
    leave: CancellationToken,
    /// Its place among the quiet ones.
    number: AtomicU64,
    /// Requests under way.
    requests: AtomicUsize,
    was_served: AtomicBool,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    /// Comes back when somebody else needs the place.
    pub(super) async fn asked_to_leave(&self) {
        self.leave.cancelled().await;
    }

    /// True when it has brought at least one request.
    pub(super) fn was_served(&self) -> bool {
        self.was_served.load(Ordering::Relaxed)
    }

    /// Has a request under way until that is dropped.
    pub(super) fn request(self: &Arc<Self>) -> UnderWay {
        self.was_served.store(true, Ordering::Relaxed);
        if self.requests.fetch_add(1, Ordering::Relaxed) == 0 {
            self.connections.lock().remove(&self.number.load(Ordering::Relaxed));
        }
        UnderWay(Arc::clone(self))
    }

    fn is_quiet(&self) {
        let number = self.connections.next.fetch_add(1, Ordering::Relaxed);
        self.number.store(number, Ordering::Relaxed);
        self.connections.lock().insert(number, self.leave.clone());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.number.load(Ordering::Relaxed));
    }
}

/// A request that is being answered.
pub(super) struct UnderWay(Arc<Seat>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.0.requests.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.is_quiet();
        }
    }
}

/// Lets this process have as many files open as it may: every connection is one, and shells start programs with few.
pub(super) fn allow_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::debug!(%error, "the number of open files could not be raised");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_one_that_was_quiet_for_longest_makes_room() {
        let connections = Connections::new(3);
        let mut seats = Vec::new();
        for _ in 0..3 {
            seats.push(Arc::new(connections.seat().await.unwrap()));
        }
        // The first has a request under way, the second had one since the third came.
        let under_way = seats[0].request();
        drop(seats[1].request());
        let (waiting, third) = (connections.seat(), seats.pop().unwrap());
        tokio::pin!(waiting);
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("there is no room"),
            () = third.asked_to_leave() => assert!(!third.was_served()),
        }
        drop(third);
        let fourth = waiting.await.unwrap();
        connections.make_room();
        seats[1].asked_to_leave().await;
        connections.make_room();
        fourth.asked_to_leave().await;
        connections.make_room();
        assert!(!seats[0].leave.is_cancelled(), "never one that is being served");
        drop(under_way);
        connections.make_room();
        seats[0].asked_to_leave().await;
        drop(seats);
        drop(fourth);
        assert!(connections.lock().is_empty());
    }
}
