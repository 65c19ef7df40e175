//! `POST /hooks/{token}`: one delivery, from bytes to answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::edge::Edge;
use domain::ids::EndpointToken;
use http::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use store::Ingest;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::activity::Activity;
use crate::circuit::Circuit;
use crate::delivery::{verified, write_of};
use crate::drainer::Drainer;
use crate::endpoints::{Endpoints, LookupError};
use crate::journal::{Journal, Record};
use crate::queue::{WriteQueue, Writing, not_written};
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

/// How often the journal is tried out while nobody needs it.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(30);

/// The receive path of one process.
pub struct Receiver {
    endpoints: Arc<Endpoints>,
    queue: WriteQueue,
    journal: Arc<Journal>,
    activity: Arc<Activity>,
    tasks: TaskTracker,
    edge: Edge,
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
    Refused,
    Compressed,
    TooLarge,
    BodyTooSlow,
    BodyBroken,
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
        tasks.spawn(async move { counting.keep_writing(&counted_in, stop).await });
        tasks.close();
        let queue = WriteQueue::start(|| store.writer(), &writing);
        Self { endpoints, queue, journal, activity, tasks, edge }
    }

    /// Waits, after `stop`, until everything that was counted is written down and the journal is closed.
    pub async fn finished(&self) {
        self.tasks.wait().await;
        self.journal.close().await;
    }

    /// Answers one request below [`HOOKS_PATH`], within three seconds whatever is broken.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let started = Instant::now();
        let answer = tokio::time::timeout(ANSWER_TIMEOUT, self.receive(request, started)).await;
        answer.unwrap_or(Answer::Unavailable).into_response()
    }

    async fn receive<B>(&self, request: Request<B>, started: Instant) -> Answer
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
            return Answer::Compressed;
        }
        let body = match read_body(request.into_body()).await {
            Ok(body) => body,
            Err(answer) => return answer,
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
        let now = self.edge.now();
        let mut endpoint = self.endpoints.known(token).await?;
        let mut checked = endpoint.as_deref().map(|endpoint| verified(body, endpoint, now));
        if !matches!(checked, Some(Ok(_))) {
            // Nothing is refused on old knowledge.
            endpoint = self.endpoints.asked_since(token, started).await?;
            checked = endpoint.as_deref().map(|endpoint| verified(body, endpoint, now));
        }
        let (Some(endpoint), Some(checked)) = (endpoint, checked) else {
            return Ok(Answer::UnknownEndpoint);
        };
        let payload = match checked {
            Ok(verified) => verified.payload,
            Err(refusal) => {
                self.activity.refused(endpoint.tenant, endpoint.endpoint, now, refusal.kind());
                tracing::info!(tenant.id = %endpoint.tenant, reason = refusal.code(), "a delivery was refused");
                return Ok(Answer::Refused);
            }
        };
        let write = write_of(endpoint.tenant, endpoint.endpoint, now, payload);
        Ok(match self.queue.write(write).await {
            Ok(()) => {
                self.activity.accepted(endpoint.tenant, endpoint.endpoint, now);
                Answer::Accepted
            }
            Err(_) => Answer::Unavailable,
        })
    }

    /// Nobody can say now whether this delivery is good. It is kept, and verified when somebody can.
    async fn accept_unverified(&self, token: EndpointToken, body: &Bytes) -> Answer {
        let record = Record::Unverified { token, received_at: self.edge.now(), body: body.to_vec() };
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

async fn read_body<B>(body: B) -> Result<Bytes, Answer>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let collected = Box::pin(Limited::new(body, BODY_BYTES_MAX).collect());
    match tokio::time::timeout(BODY_TIMEOUT, collected).await {
        Err(_) => Err(Answer::BodyTooSlow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Answer::TooLarge),
        Ok(Err(_)) => Err(Answer::BodyBroken),
    }
}

impl Answer {
    fn into_response(self) -> Response<Full<Bytes>> {
        let (status, body) = match self {
            Self::Accepted => (StatusCode::OK, ""),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, r#"{"code":"METHOD_NOT_ALLOWED"}"#),
            Self::UnknownEndpoint => (StatusCode::NOT_FOUND, r#"{"code":"UNKNOWN_ENDPOINT"}"#),
            Self::Refused => (StatusCode::UNAUTHORIZED, r#"{"code":"SIGNATURE_REFUSED"}"#),
            Self::Compressed => (StatusCode::UNSUPPORTED_MEDIA_TYPE, r#"{"code":"COMPRESSED"}"#),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, r#"{"code":"TOO_LARGE"}"#),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, r#"{"code":"BODY_TOO_SLOW"}"#),
            Self::BodyBroken => (StatusCode::BAD_REQUEST, r#"{"code":"BODY_BROKEN"}"#),
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
