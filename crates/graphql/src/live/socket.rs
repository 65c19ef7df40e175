//! One connection: who it is, what it subscribes to, and what it is told.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use accounts::{Identity, Pass};
use async_graphql::ServerError;
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable, once};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use super::Live;
use super::link::{Link, SAMPLED_FOR};
use super::messages::{Close, Liveness, Said, Told};
use super::seats::Seat;
use crate::error::why_nobody;
use crate::http::{BODY_BYTES_MAX, refusal, subscription, with_request_id};
use crate::watch::Watched;

/// How long a client may take to say who it is.
const INIT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a client is asked whether it is still there; one that said nothing twice as long is gone.
const PING_EVERY: Duration = Duration::from_secs(15);
/// How long a client may take to take one message.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to take the reason of the end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Subscriptions of one connection.
const SUBSCRIPTIONS_MAX: usize = 20;
/// Messages of a client in one second.
const MESSAGES_PER_SECOND_MAX: u32 = 100;
/// Bytes of an id that a client chooses.
const ID_BYTES_MAX: usize = 128;

/// What a subscription gives.
enum Event {
    Next(Box<async_graphql::Response>),
    Done,
}

/// What asked for the connection.
pub(super) struct Asking {
    pub(super) address: IpAddr,
    pub(super) headers: HeaderMap,
    pub(super) is_same_origin: bool,
}

/// `None`: the client is gone.
type Ending = Option<Close>;

/// Talks with a client until one of both ends it.
pub(super) async fn serve(mut socket: WebSocket, live: Arc<Live>, asking: Asking) {
    let ending = match greet(&mut socket, &live, asking).await {
        Ok(guest) => Connection::new(socket, live, guest).talk().await,
        Err(ending) => (socket, ending),
    };
    let (mut socket, Some(close)) = ending else { return };
    tracing::info!(?close, "a subscriber is sent away");
    let closing = async {
        if socket.send(close.message()).await.is_ok() {
            // What is not read when a connection is closed can take the reason away from the client.
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    if timeout(CLOSE_TIMEOUT, closing).await.is_err() {
        tracing::debug!(?close, "a client did not take the reason of the end");
    }
}

/// Who is connected.
struct Guest {
    identity: Identity,
    watched: Watched,
    _seat: Seat,
}

/// Finds out who it is.
async fn greet(socket: &mut WebSocket, live: &Live, asking: Asking) -> Result<Guest, Ending> {
    let Asking { address, mut headers, is_same_origin } = asking;
    if socket.protocol().is_none() {
        return Err(Some(Close::Subprotocol));
    }
    let seat = live.seats.seat().ok_or(Some(Close::Busy))?;
    let first = async {
        loop {
            match read(socket.recv().await)? {
                Some(Said::ConnectionInit { payload }) => return Ok(payload),
                Some(Said::Ping) => send(socket, Told::Pong.message()).await?,
                Some(Said::Subscribe { .. }) => return Err(Some(Close::Unauthorized)),
                Some(Said::Complete { .. }) => return Err(Some(Close::BadMessage)),
                Some(Said::Pong) | None => {}
            }
        }
    };
    let stopping = live.services.stop.cancelled();
    let payload = tokio::select! {
        first = timeout(INIT_TIMEOUT, first) => first.map_err(|_| Some(Close::InitTimeout))??,
        () = stopping => return Err(Some(Close::Stopping)),
    };
    let shows_key = match payload.as_ref().and_then(key_of) {
        Some(key) => {
            headers.insert(AUTHORIZATION, HeaderValue::try_from(key).map_err(|_| Some(Close::Forbidden))?);
            true
        }
        None => headers.contains_key(AUTHORIZATION),
    };
    // A cookie alone does not say that a page of ours opened the connection.
    if !shows_key && !is_same_origin {
        return Err(Some(Close::Forbidden));
    }
    let pass = Pass::of(&headers).ok_or(Some(Close::Forbidden))?;
    let identified = live.services.accounts.identify(&headers, address).await.map_err(|error| {
        if why_nobody(&error).is_some() {
            return Some(Close::Forbidden);
        }
        tracing::warn!(error = &error as &dyn std::error::Error, "nobody could be identified");
        Some(Close::Busy)
    })?;
    let identity = identified.ok_or(Some(Close::Forbidden))?;
    let accesses: Vec<_> = identity.memberships().iter().map(|one| one.access).collect();
    let seat = seat.of(accesses.iter().map(|access| access.tenant()).collect()).ok_or(Some(Close::Busy))?;
    Ok(Guest { identity, watched: live.watch.enter(pass, accesses), _seat: seat })
}

/// The key in the payload of the first message, as a header says it.
fn key_of(payload: &Value) -> Option<String> {
    let bearer = ["Authorization", "authorization"].iter().find_map(|name| payload.get(name)?.as_str());
    let key = || payload.get("apiKey")?.as_str().map(|key| format!("Bearer {key}"));
    bearer.map(str::to_owned).or_else(key)
}

/// What a client said; nothing for a message of the wire.
fn read(received: Option<Result<Message, axum::Error>>) -> Result<Option<Said>, Ending> {
    let message = match received {
        None => return Err(None),
        Some(Ok(message)) => message,
        Some(Err(error)) => {
            let wire = error.into_inner();
            let is_large = matches!(wire.downcast_ref(), Some(tungstenite::Error::Capacity(_)));
            return Err(is_large.then_some(Close::TooLarge));
        }
    };
    match message {
        Message::Text(text) if text.len() > BODY_BYTES_MAX => Err(Some(Close::TooLarge)),
        Message::Text(text) => serde_json::from_str(&text).map(Some).map_err(|_| Some(Close::BadMessage)),
        Message::Binary(bytes) if bytes.len() > BODY_BYTES_MAX => Err(Some(Close::TooLarge)),
        Message::Binary(_) => Err(Some(Close::BadMessage)),
        Message::Ping(_) | Message::Pong(_) => Ok(None),
        Message::Close(_) => Err(None),
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Ending> {
    match timeout(SEND_TIMEOUT, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(None),
        Err(_) => Err(Some(Close::TooSlow)),
    }
}

struct Connection {
    socket: WebSocket,
    live: Arc<Live>,
    guest: Guest,
    link: Arc<Link>,
    /// By the client's id: a number of ours, because an id may be used again, and what ends it.
    subscriptions: HashMap<String, (u64, AbortHandle)>,
    events: SelectAll<BoxStream<'static, (String, u64, Event)>>,
    begun: u64,
    told: Liveness,
    gaps: watch::Receiver<u64>,
    ways: watch::Receiver<store::Ways>,
    heard_at: Instant,
    /// Messages in the second that began then.
    messages: (Instant, u32),
}

impl Connection {
    fn new(socket: WebSocket, live: Arc<Live>, guest: Guest) -> Self {
        let (gaps, ways, now) = (live.gaps.subscribe(), live.ways.clone(), Instant::now());
        Self {
            socket,
            live,
            guest,
            link: Arc::default(),
            subscriptions: HashMap::new(),
            events: SelectAll::new(),
            begun: 0,
            told: Liveness::On,
            gaps,
            ways,
            heard_at: now,
            messages: (now, 0),
        }
    }

    async fn talk(mut self) -> (WebSocket, Ending) {
        let (stop, ended) = (self.live.services.stop.clone(), self.guest.watched.ended.clone());
        let link = Arc::clone(&self.link);
        // Whatever the connection waits for, these end it at once.
        let ending = tokio::select! {
            ending = self.answer() => ending,
            () = stop.cancelled() => Some(Close::Stopping),
            () = ended.cancelled() => Some(Close::Forbidden),
            () = link.too_slow.cancelled() => Some(Close::TooSlow),
        };
        (self.socket, ending)
    }

    async fn answer(&mut self) -> Ending {
        match self.keep_answering().await {
            Ok(never) => match never {},
            Err(ending) => ending,
        }
    }

    async fn keep_answering(&mut self) -> Result<std::convert::Infallible, Ending> {
        self.told = self.liveness();
        let payload = self.told.payload();
        send(&mut self.socket, Told::ConnectionAck { payload }.message()).await?;
        let link = Arc::clone(&self.link);
        let (mut ping, mut look) = (interval(PING_EVERY), interval(SAMPLED_FOR));
        ping.reset();
        loop {
            tokio::select! {
                received = self.socket.recv() => {
                    self.count_message()?;
                    if let Some(said) = read(received)? {
                        self.hear(said).await?;
                    }
                }
                Some((id, number, event)) = self.events.next() => self.tell(&id, number, event).await?,
                Ok(()) = self.gaps.changed() => {
                    if !self.subscriptions.is_empty() {
                        return Err(Some(Close::Gap));
                    }
                }
                Ok(()) = self.ways.changed() => self.tell_liveness(false).await?,
                () = link.until_sampled() => self.tell_liveness(false).await?,
                _ = look.tick() => self.tell_liveness(false).await?,
                _ = ping.tick() => {
                    if self.heard_at.elapsed() > 2 * PING_EVERY {
                        return Err(None);
                    }
                    self.tell_liveness(true).await?;
                }
            }
        }
    }

    fn count_message(&mut self) -> Result<(), Ending> {
        self.heard_at = Instant::now();
        let (began, count) = &mut self.messages;
        if began.elapsed() >= Duration::from_secs(1) {
            (*began, *count) = (self.heard_at, 0);
        }
        *count += 1;
        if *count > MESSAGES_PER_SECOND_MAX { Err(Some(Close::TooManyMessages)) } else { Ok(()) }
    }

    async fn hear(&mut self, said: Said) -> Result<(), Ending> {
        match said {
            Said::ConnectionInit { .. } => Err(Some(Close::SecondInit)),
            Said::Ping => send(&mut self.socket, Told::Pong.message()).await,
            Said::Pong => Ok(()),
            Said::Complete { id } => {
                if let Some((_, ending)) = self.subscriptions.remove(&id) {
                    ending.abort();
                }
                Ok(())
            }
            Said::Subscribe { id, .. } if id.len() > ID_BYTES_MAX => Err(Some(Close::BadMessage)),
            Said::Subscribe { id, .. } if self.subscriptions.contains_key(&id) => Err(Some(Close::Taken)),
            Said::Subscribe { id, payload } => self.subscribe(id, *payload).await,
        }
    }

    async fn subscribe(&mut self, id: String, request: async_graphql::Request) -> Result<(), Ending> {
        let request = if self.subscriptions.len() < SUBSCRIPTIONS_MAX {
            subscription(request, &self.live.services, self.guest.identity.clone())
        } else {
            let message = format!("A connection can have {SUBSCRIPTIONS_MAX} subscriptions.");
            Err(refusal("TOO_MANY_SUBSCRIPTIONS", message))
        };
        let (request, order) = match request {
            Ok((request, order)) => {
                (request.data(Arc::clone(&self.live)).data(Arc::clone(&self.link)), order)
            }
            Err(refused) => return self.tell_error(&id, vec![refused]).await,
        };
        self.begun += 1;
        let number = self.begun;
        let responses = self.live.schema.execute_stream(request).map(move |mut response| {
            order.put(&mut response.data);
            Event::Next(Box::new(response))
        });
        let (responses, ending) = abortable(responses.chain(once(async { Event::Done })));
        self.subscriptions.insert(id.clone(), (number, ending));
        self.events.push(responses.map(move |event| (id.clone(), number, event)).boxed());
        Ok(())
    }

    async fn tell(&mut self, id: &str, number: u64, event: Event) -> Result<(), Ending> {
        // The client may have ended it, and begun another with the same id.
        if self.subscriptions.get(id).is_none_or(|(known, _)| *known != number) {
            return Ok(());
        }
        match event {
            Event::Next(response) => {
                let request_id = self.live.services.edge.new_uuid().to_string();
                let response = with_request_id(*response, &request_id);
                if response.data == async_graphql::Value::Null && !response.errors.is_empty() {
                    self.end(id);
                    return self.tell_error(id, response.errors).await;
                }
                send(&mut self.socket, Told::Next { id, payload: &response }.message()).await
            }
            Event::Done => {
                self.end(id);
                send(&mut self.socket, Told::Complete { id }.message()).await
            }
        }
    }

    fn end(&mut self, id: &str) {
        if let Some((_, ending)) = self.subscriptions.remove(id) {
            ending.abort();
        }
    }

    async fn tell_error(&mut self, id: &str, errors: Vec<ServerError>) -> Result<(), Ending> {
        send(&mut self.socket, Told::Error { id, payload: &errors }.message()).await
    }

    /// Says how live updates are, when that changed, or when it has to be said anyway.
    async fn tell_liveness(&mut self, anyway: bool) -> Result<(), Ending> {
        let now = self.liveness();
        if now == self.told && !anyway {
            return Ok(());
        }
        self.told = now;
        send(&mut self.socket, Told::Ping { payload: now.payload() }.message()).await
    }

    fn liveness(&self) -> Liveness {
        if self.link.is_sampled() {
            Liveness::Sampled
        } else if self.ways.borrow().are_open() {
            Liveness::On
        } else {
            Liveness::Delayed
        }
    }
}
