//! The receive path: Request URL → durable → 200; and the projector that follows it.
//!
//! [`Receiver`] answers `POST /hooks/{token}`. A delivery is verified, handed to a writer task that owns its
//! connection, and answered when the commit is on disk. [`run_projector`] folds what was written into calls.
//!
//! What is absent: folding on the way to a 200, any answer 429, a 4xx for trouble of our own, and any path by which a
//! request future could hold a database connection.

mod activity;
mod endpoints;
mod projector;
mod queue;
mod receiver;

pub use projector::run_projector;
pub use receiver::{BODY_BYTES_MAX, HOOKS_PATH, Receiver};
