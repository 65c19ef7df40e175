//! Black-box tests, one file per area: the real binary over HTTP, and the rules of the house.
//!
//! A test starts `trunkline serve` on a database of its own, makes companies with `trunkline company create`, signs
//! events with PyJWT (never with our own code), and sees only what people, programs and Dialpad see.
//! `deploy/scripts/test.sh` says where the parts are: `TRUNKLINE_BIN`, `TRUNKLINE_TEST_DATABASE_URL`, `PYTHONPATH`.
#![recursion_limit = "256"] // for `json!` with many members
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod changes;
mod conversations;
mod crash;
mod deliveries;
mod export;
mod hostile;
mod house;
mod live;
mod pages;
mod receive;
mod search;
mod spine;
mod support;
mod tenancy;
mod walls;
