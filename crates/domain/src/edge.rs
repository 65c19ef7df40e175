//! The two things a pure function cannot have: the time of day and chance.
//!
//! They are handed in, so that tests decide them. The only real ones are made in `server`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The world outside, as two functions. Copied freely; holds no state.
#[derive(Clone, Copy)]
pub struct Edge {
    now: fn() -> DateTime<Utc>,
    fill: fn(&mut [u8]),
}

impl Edge {
    /// `now` tells the time of day, `fill` fills a buffer with bytes nobody can predict.
    pub fn new(now: fn() -> DateTime<Utc>, fill: fn(&mut [u8])) -> Self {
        Self { now, fill }
    }

    /// The time of day.
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// `N` unpredictable bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.fill)(&mut bytes);
        bytes
    }

    /// A version 7 id: sortable by the millisecond it was made in, unpredictable in the rest.
    pub fn new_uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random::<10>()).into_uuid()
    }
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Edge")
    }
}
