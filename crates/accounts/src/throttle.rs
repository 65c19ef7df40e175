//! Slowing down whoever guesses passwords, or asks for too much, without Redis: tries are counted in memory by account
//! and address.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Failures of one account from one address before sign-in pauses.
const FAILURES_MAX: u32 = 10;
/// How long failures count.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// What one address may ask for in an hour without an account: companies, new passwords.
const REQUESTS_MAX: u32 = 500;
/// Mails that are written to one address in an hour.
const MAILS_MAX: u32 = 10;
/// How long requests and mails count.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Pairs of account and address that are remembered.
const PAIRS_MAX: u64 = 100_000;

pub(crate) struct Throttle {
    failures: moka::sync::Cache<(String, IpAddr), Arc<AtomicU32>>,
    most: u32,
}

impl Throttle {
    /// For signing in.
    pub(crate) fn of_failures() -> Self {
        Self::new(FAILURES_MAX, WINDOW)
    }

    /// For what an address asks for without an account.
    pub(crate) fn of_requests() -> Self {
        Self::new(REQUESTS_MAX, HOUR)
    }

    /// For mail to an address.
    pub(crate) fn of_mails() -> Self {
        Self::new(MAILS_MAX, HOUR)
    }

    fn new(most: u32, window: Duration) -> Self {
        let failures = moka::sync::Cache::builder().max_capacity(PAIRS_MAX).time_to_live(window).build();
        Self { failures, most }
    }

    /// Whether this account may try now from this address. The try counts as a failure at once, so that tries made at
    /// the same time are all counted; say afterwards if it [succeeded](Self::succeeded) or was not [made](Self::not_made).
    pub(crate) fn allows(&self, email_key: &str, address: IpAddr) -> bool {
        let failures = self.failures.get_with((email_key.to_owned(), network(address)), Arc::default);
        failures.fetch_add(1, Ordering::Relaxed) < self.most
    }

    pub(crate) fn not_made(&self, email_key: &str, address: IpAddr) {
        if let Some(failures) = self.failures.get(&(email_key.to_owned(), network(address))) {
            // Someone may have signed in meanwhile, and nothing be left to take away.
            failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).ok();
        }
    }

    pub(crate) fn succeeded(&self, email_key: &str, address: IpAddr) {
        self.failures.invalidate(&(email_key.to_owned(), network(address)));
    }
}

/// One household or office has a whole /64 of IPv6 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_waits_and_others_do_not() {
        let throttle = Throttle::of_failures();
        let (here, there) = ("192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap());
        for _ in 0..FAILURES_MAX {
            assert!(throttle.allows("a", here));
        }
        throttle.not_made("a", here);
        assert!(throttle.allows("a", here), "a try that was not made does not count");
        assert!(!throttle.allows("a", here));
        assert!(throttle.allows("a", there) && throttle.allows("b", here));
        throttle.succeeded("a", here);
        assert!(throttle.allows("a", here));
        for host in 2..=FAILURES_MAX {
            assert!(throttle.allows("a", format!("2001:db8::{host:x}").parse().unwrap()));
        }
        assert!(!throttle.allows("a", there), "one /64 counts as one address");
    }
}
