//! The receive path: Request URL → durable → 200; and the projector that follows it.
//!
//! [`Receiver`] answers `POST /hooks/{token}`. A delivery is verified, handed to a writer task that owns its
//! connection, and answered when the commit is on disk; when PostgreSQL cannot take it, the [`journal`] does, and the
//! [`Drainer`] moves it later. [`run_projector`] folds what was written into calls.
//!
//! What is absent: folding on the way to a 200, any answer 429, a 4xx for trouble of our own, and any path by which a
//! request future could hold a database connection.

mod activity;
mod budget;
mod circuit;
mod clock;
mod delivery;
mod drainer;
mod endpoints;
mod fair;
pub mod journal;
mod projector;
mod queue;
mod receiver;
mod recheck;
mod snapshot;

pub use drainer::{DrainError, Drained, Drainer};
pub use projector::run_projector;
#[cfg(debug_assertions)]
pub use queue::ACKNOWLEDGE_EARLY;
pub use receiver::{BODY_BYTES_MAX, HOOKS_PATH, Receiver, ReceiverParts};
pub use recheck::Rechecker;
pub use snapshot::SNAPSHOT_FILE;
