//! What the tests are built with: servers, companies, signed events, queries.

mod clock;
mod company;
pub(crate) mod database;
mod dice;
mod event;
mod export;
mod graphql;
pub(crate) mod openid;
pub(crate) mod postbox;
mod proxy;
mod redis;
mod server;
mod signer;
mod socket;

use std::future::Future;
use std::time::{Duration, Instant};

pub(crate) use clock::fake_time;
pub(crate) use company::Company;
pub(crate) use database::Database;
pub(crate) use dice::Dice;
pub(crate) use event::{Event, START_MS, patch, rfc3339};
pub(crate) use export::{Export, csv_rows};
pub(crate) use graphql::{Answer, Caller, UNAVAILABLE};
pub(crate) use proxy::{Proxy, Way};
pub(crate) use redis::Redis;
pub(crate) use server::{Server, Start, exchange};
pub(crate) use signer::{Hash, mac, sign, sign_all, sign_with};
pub(crate) use socket::{Socket, Told};

/// How long something that must happen may take; far more than it ever needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at a condition.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Looks until `probe` gives `Ok`, and fails with its last `Err` after [`PATIENCE`].
pub(crate) async fn eventually<T, F: Future<Output = Result<T, String>>>(probe: impl FnMut() -> F) -> T {
    within(PATIENCE, probe).await
}

/// Looks until `probe` gives `Ok`, and fails with its last `Err` after `patience`.
pub(crate) async fn within<T, F: Future<Output = Result<T, String>>>(
    patience: Duration,
    mut probe: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        match probe().await {
            Ok(value) => return value,
            Err(last) if Instant::now() >= deadline => panic!("not within {patience:?}: {last}"),
            Err(_) => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}

/// A setting of the test run.
#[expect(clippy::disallowed_methods, reason = "test.sh says by these variables where the parts are")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
