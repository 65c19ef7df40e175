//! A Dialpad that is not Dialpad: signs and posts realistic event sequences, and can misbehave.
//!
//! [`generate`] plays one conversation, [`run`] a whole plan of them against a Request URL with Dialpad's time-out
//! and retries, [`send_test_call`] three events for whoever wants to see the way work. Everything follows from a
//! seed and a given `now`; nothing here reads a clock except to measure how long answers take.
//!
//! Deliberately absent: Dialpad's REST API as a server. [`rest_rows`] gives its row shapes for trying an import.

mod conversation;
mod deliver;
mod error;
mod leg;
mod misbehave;
mod office;
mod payload;
mod plan;
mod report;
mod rest;
mod rng;
mod run;
mod scenario;
mod sign;
mod test_call;
mod wire;

pub use reqwest::Client;

pub use conversation::{Step, generate};
pub use deliver::{ANSWER_TIMEOUT, Attempt, IMMEDIATE_TRIES, RETRY_WAITS, client, post_once};
pub use error::SimulatorError;
pub use misbehave::{Misbehave, SHARE_PERCENT};
pub use office::{CUSTOMERS_DEFAULT, CUSTOMERS_MAX, ContactKind, Customer, Office, Party, PartyKind};
pub use plan::{CALL_GAP_DEFAULT, CONCURRENCY_MAX, EVENTS_PER_CALL, Plan};
pub use report::Report;
pub use rest::rest_rows;
pub use rng::Rng;
pub use run::{Prepared, run};
pub use scenario::Scenario;
pub use test_call::{TEST_CONTACT, TEST_LABEL, TestCall, TestDelivery, send_test_call, test_call};
