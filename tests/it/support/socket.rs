//! A WebSocket that speaks `graphql-transport-ws`, message by message.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Caller, Company, Server, eventually};

/// How long the other side may take to say something that it must say.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What the other side said.
#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    Said(Value),
    /// It closed, with this code and reason; 0 without.
    Closed(u16, String),
}

impl Socket {
    /// Opens a connection with these headers.
    pub(crate) async fn open(server: &Server, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{}/graphql/ws", server.address()).into_client_request().unwrap();
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a connection and says nothing yet.
    pub(crate) async fn new(server: &Server) -> Self {
        Self::open(server, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    /// A connection of a browser with its session, from our own pages, which has begun.
    pub(crate) async fn of_browser(server: &Server, person: &Caller) -> Self {
        let Caller::Session(cookie) = person else { panic!("a browser has a session") };
        let url = server.url();
        let headers =
            [("sec-websocket-protocol", "graphql-transport-ws"), ("origin", &url), ("cookie", cookie)];
        let mut socket = Self::open(server, &headers).await.unwrap();
        socket.say(json!({ "type": "connection_init" })).await;
        socket
    }

    /// A connection of the company's API key to a server that hears of changes.
    pub(crate) async fn of(server: &Server, company: &Company) -> Self {
        eventually(async || match Self::connect(server, company).await {
            (socket, state) if state == "on" => Ok(socket),
            (_, state) => Err(format!("updates are {state}")),
        })
        .await
    }

    /// A connection of the company's API key, with how live its updates are.
    pub(crate) async fn connect(server: &Server, company: &Company) -> (Self, String) {
        let mut socket = Self::new(server).await;
        let key = format!("Bearer {}", company.api_key);
        socket.say(json!({ "type": "connection_init", "payload": { "Authorization": key } })).await;
        let Told::Said(ack) = socket.hear_any().await else { panic!("it was closed") };
        assert_eq!(ack["type"], "connection_ack", "{ack}");
        (socket, ack["payload"]["liveUpdates"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.send(Message::Text(message.to_string().into())).await;
    }

    /// Sends anything; a connection that is closed already is no mistake here.
    pub(crate) async fn send(&mut self, message: Message) {
        self.0.send(message).await.ok();
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// What the other side says next.
    pub(crate) async fn hear_any(&mut self) -> Told {
        self.hear_within(PATIENCE).await.unwrap()
    }

    /// What it says next, if it says anything in this time.
    pub(crate) async fn hear_within(&mut self, patience: Duration) -> Option<Told> {
        loop {
            let heard = tokio::time::timeout(patience, self.0.next()).await.ok()?;
            return Some(match heard {
                Some(Ok(Message::Text(text))) => {
                    let said: Value = serde_json::from_str(&text).unwrap();
                    if said["type"] == "ping" {
                        self.say(json!({ "type": "pong" })).await;
                    }
                    Told::Said(said)
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    Told::Closed(frame.code.into(), frame.reason.to_string())
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => Told::Closed(0, String::new()),
                Some(Ok(_)) => continue,
            });
        }
    }

    /// What it says next that is no ping.
    pub(crate) async fn hear(&mut self) -> Told {
        loop {
            match self.hear_any().await {
                Told::Said(said) if said["type"] == "ping" => {}
                told => return told,
            }
        }
    }

    /// The code it is closed with, whatever is said before.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Told::Closed(code, _) = self.hear_any().await {
                return code;
            }
        }
    }

    /// Waits until it says that updates are as live as this.
    pub(crate) async fn until_updates_are(&mut self, wanted: &str) {
        loop {
            match self.hear_any().await {
                Told::Said(said) if said["type"] == "ping" && said["payload"]["liveUpdates"] == wanted => {
                    return;
                }
                Told::Said(_) => {}
                Told::Closed(code, reason) => panic!("closed: {code} {reason}"),
            }
        }
    }
}
