//! The laws of signed events, their reading and their folding, as tables and properties.
#![recursion_limit = "256"] // for `json!` with many members
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conversation;
mod decode;
mod differential;
mod fold;
mod hostile;
mod json;
mod jws;
mod jws_laws;
mod outcome;
mod phone;
mod reference;
mod samples;
