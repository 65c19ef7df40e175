//! Counting while a run goes on, and the report at its end.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use serde::Serialize;

use crate::deliver::{Attempt, Outcome};
use crate::misbehave::Form;

/// Linear steps within one doubling of the latency: an error of at most 3 %.
const STEPS: u64 = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Enough doublings for an hour in microseconds.
const BUCKETS: usize = (STEPS as usize) * 32;

/// What came of a run. Times are in milliseconds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Conversations of the plan.
    pub calls: u64,
    /// Well-formed deliveries, duplicates included, retries not.
    pub sent: u64,
    /// Of those, how many repeated an earlier one on purpose.
    pub duplicates: u64,
    /// Answered 2xx.
    pub accepted: u64,
    /// Answered 4xx or 3xx: Dialpad would have lost them.
    pub refused: u64,
    /// Given up after all tries.
    pub failed_after_retries: u64,
    /// Deliveries that are meant to be refused.
    pub sent_bad: u64,
    /// Of those, how many were refused.
    pub bad_refused: u64,
    /// Of those, how many were accepted: a fault of the receiver, unless it has no secret.
    pub bad_accepted: u64,
    /// Of those, how many got no verdict after all tries.
    pub bad_failed: u64,
    /// All requests.
    pub requests: u64,
    /// Requests after the first of a delivery.
    pub retries: u64,
    /// Requests without an answer within five seconds.
    pub timeouts: u64,
    /// Requests whose connection failed.
    pub unreachable: u64,
    /// Requests answered 5xx.
    pub server_errors: u64,
    /// Half of the answers came within this time.
    pub p50_ms: f64,
    /// 99 of 100 answers came within this time.
    pub p99_ms: f64,
    /// The slowest answer.
    pub max_ms: f64,
    /// Deliveries, good and bad, per second.
    pub events_per_second: f64,
    /// From the first request to the last answer.
    pub elapsed_ms: f64,
}

/// Counters that all lanes share.
pub(crate) struct Stats {
    good: [AtomicU64; 3],
    bad: [AtomicU64; 3],
    duplicates: AtomicU64,
    requests: AtomicU64,
    retries: AtomicU64,
    timeouts: AtomicU64,
    unreachable: AtomicU64,
    server_errors: AtomicU64,
    max_us: AtomicU64,
    latency: Vec<AtomicU64>,
}

impl Stats {
    pub(crate) fn new() -> Self {
        Self {
            good: Default::default(),
            bad: Default::default(),
            duplicates: AtomicU64::default(),
            requests: AtomicU64::default(),
            retries: AtomicU64::default(),
            timeouts: AtomicU64::default(),
            unreachable: AtomicU64::default(),
            server_errors: AtomicU64::default(),
            max_us: AtomicU64::default(),
            latency: (0..BUCKETS).map(|_| AtomicU64::default()).collect(),
        }
    }

    pub(crate) fn count_retry(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_attempt(&self, attempt: &Attempt, took: Duration) {
        self.requests.fetch_add(1, Relaxed);
        match attempt {
            Attempt::TimedOut => self.timeouts.fetch_add(1, Relaxed),
            Attempt::Unreachable(_) => self.unreachable.fetch_add(1, Relaxed),
            Attempt::Answered(status) => {
                let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
                self.latency[bucket(took_us)].fetch_add(1, Relaxed);
                self.max_us.fetch_max(took_us, Relaxed);
                self.server_errors.fetch_add(u64::from(*status >= 500), Relaxed)
            }
        };
    }

    pub(crate) fn count_outcome(&self, form: Form, outcome: Outcome) {
        let row = match form {
            Form::Good => &self.good,
            Form::Duplicate => {
                self.duplicates.fetch_add(1, Relaxed);
                &self.good
            }
            Form::Bad => &self.bad,
        };
        let column = match outcome {
            Outcome::Delivered => 0,
            Outcome::Refused => 1,
            Outcome::GaveUp => 2,
        };
        row[column].fetch_add(1, Relaxed);
    }

    pub(crate) fn report(&self, calls: u64, elapsed: Duration) -> Report {
        let row = |row: &[AtomicU64; 3]| row.each_ref().map(|counter| counter.load(Relaxed));
        let [accepted, refused, failed_after_retries] = row(&self.good);
        let [bad_accepted, bad_refused, bad_failed] = row(&self.bad);
        let sent = accepted + refused + failed_after_retries;
        let sent_bad = bad_accepted + bad_refused + bad_failed;
        let seconds = elapsed.as_secs_f64();
        Report {
            calls,
            sent,
            duplicates: self.duplicates.load(Relaxed),
            accepted,
            refused,
            failed_after_retries,
            sent_bad,
            bad_refused,
            bad_accepted,
            bad_failed,
            requests: self.requests.load(Relaxed),
            retries: self.retries.load(Relaxed),
            timeouts: self.timeouts.load(Relaxed),
            unreachable: self.unreachable.load(Relaxed),
            server_errors: self.server_errors.load(Relaxed),
            p50_ms: self.quantile_ms(0.50),
            p99_ms: self.quantile_ms(0.99),
            max_ms: self.max_us.load(Relaxed) as f64 / 1_000.0,
            events_per_second: if seconds > 0.0 { (sent + sent_bad) as f64 / seconds } else { 0.0 },
            elapsed_ms: seconds * 1_000.0,
        }
    }

    fn quantile_ms(&self, quantile: f64) -> f64 {
        let counts: Vec<u64> = self.latency.iter().map(|counter| counter.load(Relaxed)).collect();
        let wanted = (counts.iter().sum::<u64>() as f64 * quantile).ceil() as u64;
        let mut seen = 0;
        for (index, count) in counts.iter().enumerate() {
            seen += count;
            if wanted > 0 && seen >= wanted {
                return bucket_end_us(index).min(self.max_us.load(Relaxed)) as f64 / 1_000.0;
            }
        }
        0.0
    }
}

/// Exact below [`STEPS`] microseconds, then [`STEPS`] linear steps per doubling.
fn bucket(us: u64) -> usize {
    let doubling = us.max(1).ilog2().saturating_sub(STEP_BITS);
    let index = u64::from(doubling) * STEPS + (us >> doubling);
    usize::try_from(index).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

/// The largest value a bucket holds.
fn bucket_end_us(index: usize) -> u64 {
    let index = index as u64;
    if index < 2 * STEPS {
        return index;
    }
    let doubling = index / STEPS - 1;
    ((index % STEPS + STEPS + 1) << doubling) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_at_most_three_percent_wide() {
        for us in (0..5_000_000).step_by(37) {
            let end = bucket_end_us(bucket(us));
            assert!(
                end >= us && end as f64 <= us as f64 * 1.033 + 1.0,
                "{us} µs fell into a bucket up to {end}"
            );
        }
    }

    #[test]
    fn quantiles_of_nothing_are_zero() {
        let report = Stats::new().report(0, Duration::ZERO);
        assert_eq!((report.p50_ms, report.p99_ms, report.events_per_second), (0.0, 0.0, 0.0));
    }
}
