//! The real clock and real chance. Nothing else may make an [`Edge`].

use chrono::{DateTime, Utc};
use domain::edge::Edge;

/// The world outside.
pub(crate) fn edge() -> Edge {
    Edge::new(now, fill)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks for chance")]
fn fill(bytes: &mut [u8]) {
    #[expect(clippy::expect_used, reason = "without randomness nothing here is safe; better to stop")]
    aws_lc_rs::rand::fill(bytes).expect("the system gives random bytes");
}
