//! `POST /hooks/{token}`: one delivery, from bytes to answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::delivery::DeliveryReason;
use domain::edge::Edge;
use domain::ids::EndpointToken;
use domain::jws::Refusal;
use http::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use store::{Arrival, EndpointSecrets, Ingest, Stored, Write};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::activity::{Activity, Counted};
use crate::budget::RefusedBudget;
use crate::circuit::Circuit;
use crate::clock::ArrivalClock;
use crate::delivery::{Origin, verified};
use crate::drainer::Drainer;
use crate::endpoints::{Endpoints, LookupError};
use crate::journal::{Journal, Record};
use crate::queue::{NotWritten, WriteQueue, Writing, Written, not_written};
use crate::snapshot;

/// Where Request URLs begin.
pub const HOOKS_PATH: &str = "/hooks/";
/// Bytes of a delivery; larger ones are answered 413.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A delivery whose body is not complete by then is answered 408.
const BODY_TIMEOUT: Duration = Duration::from_millis(2_500);
/// A delivery that is not durable by then is answered 503: Dialpad counts five seconds as a failed connection.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(2_800);
/// When Dialpad may come again after a 503, in seconds.
const RETRY_AFTER_SECONDS: &str = "1";

/// Notes about deliveries that could not be read that are written at the same time; others are not written.
const NOTES_MAX: usize = 64;

/// How often the journal is tried out while nobody needs it.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(30);

/// The receive path of one process.
pub struct Receiver {
    endpoints: Arc<Endpoints>,
    queue: WriteQueue,
    journal: Arc<Journal>,
    activity: Arc<Activity>,
    budget: RefusedBudget,
    /// Notes about deliveries that could not be read, under way.
    notes: Arc<Semaphore>,
    tasks: TaskTracker,
    clock: ArrivalClock,
}

/// What a receive path is made of.
pub struct ReceiverParts {
    /// Its door to the database.
    pub store: Ingest,
    /// Clock and chance.
    pub edge: Edge,
    /// Notified when there is something to project.
    pub written: Arc<Notify>,
    /// Takes what the database does not.
    pub journal: Journal,
    /// The file of the snapshot of endpoints.
    pub snapshot: PathBuf,
    /// Ends what works in the background: counting, moving the journal.
    pub stop: CancellationToken,
}

/// How a delivery ends.
enum Answer {
    Accepted,
    MethodNotAllowed,
    UnknownEndpoint,
    Rejected(DeliveryReason),
    Unavailable,
}

impl Receiver {
    /// Starts the writers and what works beside them. Call it on the runtime of the receive path.
    pub fn start(parts: ReceiverParts) -> Self {
        let ReceiverParts { store, edge, written, journal, snapshot, stop } = parts;
        let (journal, activity) = (Arc::new(journal), Arc::new(Activity::default()));
        let endpoints = Arc::new(Endpoints::new(store.clone(), edge));
        endpoints.remember(snapshot::load(&snapshot, store.keys()));
        let writing = Arc::new(Writing {
            journal: Arc::clone(&journal),
            circuit: Circuit::new(),
            written,
            batches: AtomicU64::new(0),
        });
        let tasks = TaskTracker::new();
        let drainer =
            Drainer::sharing(Arc::clone(&journal), &store, Arc::clone(&endpoints), Arc::clone(&activity));
        tasks.spawn(drainer.run(Arc::clone(&writing), stop.clone()));
        tasks.spawn(keep_beating(Arc::clone(&journal), edge, stop.clone()));
        let keys = Arc::clone(store.keys());
        tasks.spawn(snapshot::keep_writing(Arc::clone(&endpoints), snapshot, keys, stop.clone()));
        let (counting, counted_in) = (Arc::clone(&activity), store.clone());
        tasks.spawn(async move { counting.keep_writing(&counted_in, edge, stop).await });
        tasks.close();
        Self {
            endpoints,
            queue: WriteQueue::start(|| store.writer(), &writing),
            journal,
            activity,
            budget: RefusedBudget::default(),
            notes: Arc::new(Semaphore::new(NOTES_MAX)),
            tasks,
            clock: ArrivalClock::new(edge),
        }
    }

    /// Batches of deliveries that arrived so far.
    pub fn batches(&self) -> u64 {
        self.queue.batches()
    }

    /// Waits, after `stop`, until everything that was counted is written down and the journal is closed.
    pub async fn finished(&self) {
        self.tasks.wait().await;
        self.journal.close().await;
    }

    /// Answers one request below [`HOOKS_PATH`], within three seconds whatever is broken.
    pub async fn handle<B>(self: &Arc<Self>, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let started = Instant::now();
        let answer = tokio::time::timeout(ANSWER_TIMEOUT, self.receive(request, started)).await;
        answer.unwrap_or(Answer::Unavailable).into_response()
    }

    async fn receive<B>(self: &Arc<Self>, request: Request<B>, started: Instant) -> Answer
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if request.method() != Method::POST {
            return Answer::MethodNotAllowed;
        }
        let Some(token) = request.uri().path().strip_prefix(HOOKS_PATH).and_then(EndpointToken::parse) else {
            return Answer::UnknownEndpoint;
        };
        // Nothing is ever inflated: a few kilobytes could become gigabytes.
        if request.headers().get_all(CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
            self.note(token, DeliveryReason::Compressed, started);
            return Answer::Rejected(DeliveryReason::Compressed);
        }
        let body = match read_body(request.into_body()).await {
            Ok(body) => body,
            Err(reason) => {
                self.note(token, reason, started);
                return Answer::Rejected(reason);
            }
        };
        match self.accept(&token, &body, started).await {
            Ok(answer) => answer,
            Err(LookupError::Away) => self.accept_unverified(token, &body).await,
            Err(LookupError::Store(error)) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an endpoint could not be looked up"
                );
                Answer::Unavailable
            }
        }
    }

    async fn accept(
        &self,
        token: &EndpointToken,
        body: &Bytes,
        started: Instant,
    ) -> Result<Answer, LookupError> {
        let received_at = self.clock.next();
        let mut endpoint = self.endpoints.known(token).await?;
        let check = |endpoint: Option<&EndpointSecrets>| {
            let endpoint = endpoint.filter(|endpoint| endpoint.is_open(received_at))?;
            Some(verified(body, endpoint, received_at))
        };
        let mut checked = check(endpoint.as_deref());
        if !matches!(checked, Some(Ok(_))) {
            // Nothing is refused on old knowledge.
            endpoint = self.endpoints.asked_since(token, started).await?;
            checked = check(endpoint.as_deref());
        }
        let (Some(endpoint), Some(checked)) = (endpoint, checked) else {
            return Ok(Answer::UnknownEndpoint);
        };
        let origin = Origin::of(&endpoint, received_at);
        let arrival = arrival(&endpoint, Some(body.len()), started);
        let verified = match checked {
            Ok(verified) => verified,
            Err(refusal) => return self.refuse(token, origin, refusal, body, arrival).await,
        };
        let arrival = Arrival { key: Some(verified.key), ..arrival };
        let written = self.write(origin.signed(verified.payload, arrival)).await;
        Ok(if written.is_ok() { Answer::Accepted } else { Answer::Unavailable })
    }

    /// Keeps a sealed copy of what is refused, as far as that is within bounds, then refuses it.
    async fn refuse(
        &self,
        token: &EndpointToken,
        origin: Origin,
        refusal: Refusal,
        body: &Bytes,
        arrival: Arrival,
    ) -> Result<Answer, LookupError> {
        let reason = DeliveryReason::Refused(refusal);
        tracing::info!(tenant.id = %origin.tenant, reason = refusal.code(), "a delivery was refused");
        if !self.budget.take(origin.endpoint, Instant::now()) {
            let unkept = origin.rejected(reason, Vec::new(), arrival);
            self.activity.stored(&Counted::of(&unkept), Stored::New);
            return Ok(Answer::Rejected(reason));
        }
        match self.write(origin.rejected(reason, body.to_vec(), arrival)).await {
            Ok(_) => Ok(Answer::Rejected(reason)),
            // The database went away in this very moment. Refusing without a copy would lose the delivery.
            Err(NotWritten) => Ok(self.accept_unverified(token.clone(), body).await),
        }
    }

    /// Writes a delivery down and counts what became of it.
    async fn write(&self, write: Write) -> Result<Written, NotWritten> {
        let counted = Counted::of(&write);
        let written = self.queue.write(write).await?;
        match written {
            Written::Stored(stored) => self.activity.stored(&counted, stored),
            Written::Journalled => self.activity.journalled(&counted),
        }
        Ok(written)
    }

    /// Writes down, behind the answer, that a delivery was refused whose body could not be read.
    fn note(self: &Arc<Self>, token: EndpointToken, reason: DeliveryReason, started: Instant) {
        let Ok(permit) = Arc::clone(&self.notes).try_acquire_owned() else { return };
        let (receiver, received_at) = (Arc::clone(self), self.clock.next());
        self.tasks.spawn(async move {
            let _permit = permit;
            let Ok(Some(endpoint)) = receiver.endpoints.known(&token).await else { return };
            let write = Origin::of(&endpoint, received_at).rejected(
                reason,
                Vec::new(),
                arrival(&endpoint, None, started),
            );
            if !receiver.budget.take(endpoint.endpoint, Instant::now()) {
                receiver.activity.stored(&Counted::of(&write), Stored::New);
            } else if receiver.write(write).await.is_err() {
                tracing::debug!(reason = reason.code(), "a refused delivery could not be noted");
            }
        });
    }

    /// Nobody can say now whether this delivery is good. It is kept, and verified when somebody can.
    async fn accept_unverified(&self, token: EndpointToken, body: &Bytes) -> Answer {
        let record = Record::Unverified { token, received_at: self.clock.next(), body: body.to_vec() };
        match self.journal.append(record).await.map_err(|error| not_written(&error)) {
            Ok(_) => Answer::Accepted,
            Err(_) => Answer::Unavailable,
        }
    }
}

/// Tries the journal out, so that it works when it is needed.
async fn keep_beating(journal: Arc<Journal>, edge: Edge, stop: CancellationToken) {
    loop {
        if let Some(Err(error)) = stop.run_until_cancelled(journal.beat(edge.now())).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the journal does not work: an outage of the database would cost deliveries"
            );
        }
        if stop.run_until_cancelled(tokio::time::sleep(HEARTBEAT_EVERY)).await.is_none() {
            return;
        }
    }
}

fn arrival(endpoint: &EndpointSecrets, body_bytes: Option<usize>, started: Instant) -> Arrival {
    Arrival {
        previous_url: endpoint.url_until.is_some(),
        body_bytes: body_bytes.and_then(|bytes| u32::try_from(bytes).ok()),
        since: Some(started),
        ..Arrival::default()
    }
}

async fn read_body<B>(body: B) -> Result<Bytes, DeliveryReason>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let collected = Box::pin(Limited::new(body, BODY_BYTES_MAX).collect());
    match tokio::time::timeout(BODY_TIMEOUT, collected).await {
        Err(_) => Err(DeliveryReason::BodyTooSlow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(DeliveryReason::TooLarge),
        Ok(Err(_)) => Err(DeliveryReason::BodyBroken),
    }
}

/// Why an event was refused is for its company to see, not for whoever sent it.
fn rejected_body(reason: DeliveryReason) -> &'static str {
    match reason {
        DeliveryReason::Compressed => r#"{"code":"COMPRESSED"}"#,
        DeliveryReason::TooLarge => r#"{"code":"TOO_LARGE"}"#,
        DeliveryReason::BodyTooSlow => r#"{"code":"BODY_TOO_SLOW"}"#,
        DeliveryReason::BodyBroken => r#"{"code":"BODY_BROKEN"}"#,
        DeliveryReason::Refused(_) | DeliveryReason::NotUnderstood(_) => r#"{"code":"SIGNATURE_REFUSED"}"#,
    }
}

impl Answer {
    fn into_response(self) -> Response<Full<Bytes>> {
        let (status, body) = match self {
            Self::Accepted => (StatusCode::OK, ""),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, r#"{"code":"METHOD_NOT_ALLOWED"}"#),
            Self::UnknownEndpoint => (StatusCode::NOT_FOUND, r#"{"code":"UNKNOWN_ENDPOINT"}"#),
            Self::Rejected(reason) => {
                let status = StatusCode::from_u16(reason.status()).unwrap_or(StatusCode::BAD_REQUEST);
                (status, rejected_body(reason))
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, r#"{"code":"UNAVAILABLE"}"#),
        };
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        match self {
            Self::MethodNotAllowed => drop(headers.insert(ALLOW, HeaderValue::from_static("POST"))),
            Self::Unavailable => {
                drop(headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS)))
            }
            _ => {}
        }
        response
    }
}
