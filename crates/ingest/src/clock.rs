//! The times of arrival: no two deliveries of a process arrive at the same microsecond, so that a time tells them apart.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use domain::edge::Edge;

/// When the clock is set back by more than this, in microseconds, we follow it.
const SET_BACK_MAX: i64 = 1_000_000;

pub(crate) struct ArrivalClock {
    edge: Edge,
    last: AtomicI64,
}

impl ArrivalClock {
    pub(crate) fn new(edge: Edge) -> Self {
        Self { edge, last: AtomicI64::new(i64::MIN) }
    }

    /// The time now, or a little later when that was given already.
    pub(crate) fn next(&self) -> DateTime<Utc> {
        let now = self.edge.now();
        let micros = now.timestamp_micros();
        let given =
            self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(behind(last, micros)));
        DateTime::from_timestamp_micros(behind(given.unwrap_or(micros), micros)).unwrap_or(now)
    }
}

/// The time to give at `now` after `last` was given.
fn behind(last: i64, now: i64) -> i64 {
    if now > last || last.saturating_sub(now) > SET_BACK_MAX { now } else { last + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_given_twice_and_a_clock_that_is_set_back_is_followed() {
        assert_eq!(behind(i64::MIN, 5), 5);
        assert_eq!(behind(5, 6), 6);
        assert_eq!(behind(6, 6), 7);
        assert_eq!(behind(7, 6), 8);
        assert_eq!(behind(3 * SET_BACK_MAX, 6), 6);
    }
}
