//! Proves the first promise where it is hard to keep: while processes are killed, disks fill up, wires hang and clocks
//! jump, no event that was answered 200 is lost, doubled, changed or given to another company, and calls follow.
//!
//! A client keeps a ledger of what it knows ([`ledger`]); at the end it is compared with the database ([`audit`]).
//! Nothing here shares code with the server: events are signed by PyJWT, read by SQL, folded by another fold.
//! `make test` runs the short profile, `make chaos` a long one.
#![recursion_limit = "256"] // for `json!` with many members
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it did"
)]

mod audit;
mod chance;
mod cluster;
mod fold;
mod ledger;
mod load;
mod script;
mod stored;
mod stories;
mod suite;
#[expect(dead_code, unused_imports, reason = "the other tests use the rest")]
#[path = "../it/support/mod.rs"]
mod support;
mod teeth;
mod volume;
mod world;
