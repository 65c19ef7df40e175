//! What is said on a connection: the messages of `graphql-transport-ws`, and why a connection is closed.

use async_graphql::{Request, Response};
use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Value>,
    },
    Ping,
    Pong,
    Subscribe {
        id: String,
        payload: Box<Request>,
    },
    Complete {
        id: String,
    },
}

/// What a client is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Told<'a> {
    ConnectionAck { payload: Value },
    Ping { payload: Value },
    Pong,
    Next { id: &'a str, payload: &'a Response },
    Error { id: &'a str, payload: &'a [async_graphql::ServerError] },
    Complete { id: &'a str },
}

impl Told<'_> {
    pub(super) fn message(&self) -> Message {
        Message::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

/// How live the updates of a connection are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Liveness {
    /// As they should be.
    On,
    /// A way by which changes are heard is away: they may come late.
    Delayed,
    /// More changes than is told: read again when this is over.
    Sampled,
}

impl Liveness {
    /// The payload that says so.
    pub(super) fn payload(self) -> Value {
        let word = match self {
            Self::On => "on",
            Self::Delayed => "delayed",
            Self::Sampled => "sampled",
        };
        json!({ "liveUpdates": word })
    }
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    Stopping,
    TooManyMessages,
    TooLarge,
    Gap,
    Busy,
    BadMessage,
    Unauthorized,
    Forbidden,
    Subprotocol,
    InitTimeout,
    Taken,
    TooSlow,
    SecondInit,
}

impl Close {
    fn parts(self) -> (u16, &'static str) {
        match self {
            Self::Stopping => (1_001, "The server stops: connect again"),
            Self::TooManyMessages => (1_008, "Too many messages"),
            Self::TooLarge => (1_009, "A message can have 64 KiB"),
            Self::Gap => (1_012, "Changes may be missing: connect again and read again"),
            Self::Busy => (1_013, "Too many connections: try again later"),
            Self::BadMessage => (4_400, "This is no message of graphql-transport-ws"),
            Self::Unauthorized => (4_401, "Unauthorized"),
            Self::Forbidden => (4_403, "Forbidden"),
            Self::Subprotocol => (4_406, "Subprotocol not acceptable"),
            Self::InitTimeout => (4_408, "Connection initialisation timeout"),
            Self::Taken => (4_409, "Subscriber for this id already exists"),
            Self::TooSlow => (4_410, "Too slow: connect again and read again"),
            Self::SecondInit => (4_429, "Too many initialisation requests"),
        }
    }

    pub(super) fn message(self) -> Message {
        let (code, reason) = self.parts();
        Message::Close(Some(CloseFrame { code, reason: reason.into() }))
    }
}
