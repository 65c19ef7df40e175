//! What a call is and what may be done with it.
//!
//! Pure: no IO, no async, no clock, no randomness. Every rule of the product that can be a function of its
//! arguments lives here, so that it can be tested by law rather than by example.

pub mod access;
pub mod account;
pub mod audit;
pub mod conversation;
pub mod cursor;
pub mod delivery;
pub mod device;
pub mod edge;
pub mod event;
pub mod export;
pub mod fold;
pub mod group_scope;
pub mod ids;
pub mod json;
pub mod jws;
pub mod network;
pub mod notice;
pub mod outcome;
pub mod parties;
pub mod phone;
pub mod recovery;
pub mod search;
pub mod sign_on;
pub mod state;
pub mod text;
