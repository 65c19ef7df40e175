//! Slowing down whoever guesses passwords, or asks for too much: tries are counted by account and address, in the memory of
//! each process, and by all processes together where there is a Redis.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use store::SharedTries;

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
    window: Duration,
    /// What is counted, for others who count it too.
    name: &'static str,
    shared: Option<SharedTries>,
}

impl Throttle {
    /// For signing in.
    pub(crate) fn of_failures(shared: Option<SharedTries>) -> Self {
        Self::new("failures", FAILURES_MAX, WINDOW, shared)
    }

    /// For what an address asks for without an account.
    pub(crate) fn of_requests(shared: Option<SharedTries>) -> Self {
        Self::new("requests", REQUESTS_MAX, HOUR, shared)
    }

    /// For mail to an address.
    pub(crate) fn of_mails(shared: Option<SharedTries>) -> Self {
        Self::new("mails", MAILS_MAX, HOUR, shared)
    }

    fn new(name: &'static str, most: u32, window: Duration, shared: Option<SharedTries>) -> Self {
        let failures = moka::sync::Cache::builder().max_capacity(PAIRS_MAX).time_to_live(window).build();
        Self { failures, most, window, name, shared }
    }

    /// Whether this account may try now from this address. The try counts as a failure at once, so that tries made at
    /// the same time are all counted; say afterwards if it [succeeded](Self::succeeded) or was not [made](Self::not_made).
    pub(crate) async fn allows(&self, email_key: &str, address: IpAddr) -> bool {
        let failures = self.failures.get_with((email_key.to_owned(), network(address)), Arc::default);
        if failures.fetch_add(1, Ordering::Relaxed) >= self.most {
            return false;
        }
        let Some(shared) = &self.shared else { return true };
        let counted = shared.count(&self.what(email_key, address), self.window).await;
        counted.is_none_or(|count| count <= self.most.into())
    }

    /// What others count under the same name.
    fn what(&self, email_key: &str, address: IpAddr) -> String {
        format!("{} {} {email_key}", self.name, network(address))
    }

    pub(crate) fn not_made(&self, email_key: &str, address: IpAddr) {
        if let Some(shared) = self.shared.clone() {
            let (what, window) = (self.what(email_key, address), self.window);
            tokio::spawn(async move { shared.take_back(&what, window).await });
        }
        if let Some(failures) = self.failures.get(&(email_key.to_owned(), network(address))) {
            // Someone may have signed in meanwhile, and nothing be left to take away.
            failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).ok();
        }
    }

    pub(crate) fn succeeded(&self, email_key: &str, address: IpAddr) {
        if let Some(shared) = self.shared.clone() {
            let what = self.what(email_key, address);
            tokio::spawn(async move { shared.forget(&what).await });
        }
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

    #[tokio::test]
    async fn the_eleventh_try_waits_and_others_do_not() {
        let throttle = Throttle::of_failures(None);
        let (here, there) = ("192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap());
        for _ in 0..FAILURES_MAX {
            assert!(throttle.allows("a", here).await);
        }
        throttle.not_made("a", here);
        assert!(throttle.allows("a", here).await, "a try that was not made does not count");
        assert!(!throttle.allows("a", here).await);
        assert!(throttle.allows("a", there).await && throttle.allows("b", here).await);
        throttle.succeeded("a", here);
        assert!(throttle.allows("a", here).await);
        for host in 2..=FAILURES_MAX {
            assert!(throttle.allows("a", format!("2001:db8::{host:x}").parse().unwrap()).await);
        }
        assert!(!throttle.allows("a", there).await, "one /64 counts as one address");
    }
}
