//! Whether it is worth asking PostgreSQL at all.
//!
//! While it is away nobody may wait for it: after one failure the way is open (as of a switch, nothing passes), and
//! one attempt a second finds out whether it is back.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often PostgreSQL is tried while it is away.
pub(crate) const PROBE_EVERY: Duration = Duration::from_secs(1);

#[derive(Clone, Copy)]
enum State {
    /// PostgreSQL answers, as far as is known.
    Closed,
    /// It did not answer; the next attempt may be made then.
    Open { next_probe: Instant },
}

/// A switch between us and PostgreSQL.
pub(crate) struct Circuit(Mutex<State>);

impl Circuit {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State::Closed))
    }

    pub(crate) fn is_closed(&self) -> bool {
        matches!(*self.lock(), State::Closed)
    }

    /// True when the caller may try: always while the circuit is closed, once in [`PROBE_EVERY`] while it is open.
    pub(crate) fn may_try(&self, now: Instant) -> bool {
        let mut state = self.lock();
        match *state {
            State::Closed => true,
            State::Open { next_probe } if now >= next_probe => {
                *state = State::Open { next_probe: now + PROBE_EVERY };
                true
            }
            State::Open { .. } => false,
        }
    }

    /// An attempt was answered. True when that is news.
    pub(crate) fn close(&self) -> bool {
        matches!(std::mem::replace(&mut *self.lock(), State::Closed), State::Open { .. })
    }

    /// An attempt failed. True when that is news.
    pub(crate) fn open(&self, now: Instant) -> bool {
        let open = State::Open { next_probe: now + PROBE_EVERY };
        matches!(std::mem::replace(&mut *self.lock(), open), State::Closed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_circuit_lets_one_attempt_a_second_pass() {
        let (circuit, start) = (Circuit::new(), Instant::now());
        assert!(circuit.may_try(start) && circuit.may_try(start));
        assert!(circuit.open(start));
        assert!(!circuit.open(start), "no news");
        assert!(!circuit.may_try(start) && !circuit.is_closed());
        assert!(circuit.may_try(start + PROBE_EVERY));
        assert!(!circuit.may_try(start + PROBE_EVERY), "one is enough");
        assert!(circuit.close() && !circuit.close());
        assert!(circuit.may_try(start));
    }
}
