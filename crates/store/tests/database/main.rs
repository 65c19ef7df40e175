//! The walls and the doors of the database, on a real PostgreSQL: each test has a database of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod catalogue;
mod changes;
mod conversations;
mod deliveries;
mod migration;
mod search;
mod support;
mod tallies;
mod walls;
mod writing;
