//! `POST /hooks/{token}`: one delivery, from bytes to answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::edge::Edge;
use domain::event::{NotUnderstood, read_key};
use domain::ids::{EndpointToken, sha256};
use domain::json::Digest;
use domain::jws::{KeyUsed, Refusal, Verified, verify};
use http::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use store::{EndpointSecrets, Ingest, StoreError, Write, WriteKind};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::activity::Activity;
use crate::endpoints::Endpoints;
use crate::queue::WriteQueue;

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

/// The receive path of one process.
pub struct Receiver {
    endpoints: Arc<Endpoints>,
    queue: WriteQueue,
    activity: Arc<Activity>,
    counting: TaskTracker,
    edge: Edge,
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
    /// Starts the writers. Call it on the runtime of the receive path. `written` is notified when there is something
    /// to project; counts are written until `stop`.
    pub fn start(store: &Ingest, edge: Edge, written: &Arc<Notify>, stop: CancellationToken) -> Self {
        let activity = Arc::new(Activity::default());
        let (counting, counted_in) = (Arc::clone(&activity), store.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(async move { counting.keep_writing(&counted_in, stop).await });
        tasks.close();
        Self {
            endpoints: Arc::new(Endpoints::new(store.clone(), edge)),
            queue: WriteQueue::start(|| store.writer(), written),
            activity,
            counting: tasks,
            edge,
        }
    }

    /// Waits, after `stop`, until everything that was counted is written down.
    pub async fn finished(&self) {
        self.counting.wait().await;
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
            Err(error) => {
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
    ) -> Result<Answer, StoreError> {
        let now = self.edge.now();
        let mut endpoint = self.endpoints.known(token).await?;
        let mut verified = endpoint.as_deref().map(|endpoint| self.verify(body, endpoint));
        if !matches!(verified, Some(Ok(_))) {
            // Nothing is refused on old knowledge.
            endpoint = self.endpoints.asked_since(token, started).await?;
            verified = endpoint.as_deref().map(|endpoint| self.verify(body, endpoint));
        }
        let (Some(endpoint), Some(verified)) = (endpoint, verified) else {
            return Ok(Answer::UnknownEndpoint);
        };
        let payload = match verified {
            Ok(verified) => verified.payload,
            Err(refusal) => {
                self.activity.refused(endpoint.tenant, endpoint.endpoint, now, refusal.kind());
                tracing::info!(tenant.id = %endpoint.tenant, reason = refusal.code(), "a delivery was refused");
                return Ok(Answer::Refused);
            }
        };
        let (kind, digest) = understand(&payload);
        let lane = lane(&kind, digest);
        let write = Write {
            tenant: endpoint.tenant,
            endpoint: endpoint.endpoint,
            received_at: now,
            digest,
            payload,
            kind,
        };
        Ok(match self.queue.write(lane, write).await {
            Ok(_) => {
                self.activity.accepted(endpoint.tenant, endpoint.endpoint, now);
                Answer::Accepted
            }
            Err(_) => Answer::Unavailable,
        })
    }

    fn verify(&self, body: &[u8], endpoint: &EndpointSecrets) -> Result<Verified, Refusal> {
        let verified = verify(body, &endpoint.secrets)?;
        let grace_is_over = endpoint.previous_until.is_none_or(|until| self.edge.now() >= until);
        if verified.key == KeyUsed::Previous && grace_is_over {
            Err(Refusal::Signature)
        } else {
            Ok(verified)
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

/// What a signed payload is, and what tells it from others.
fn understand(payload: &[u8]) -> (WriteKind, Digest) {
    match read_key(payload) {
        Ok(key) => (WriteKind::Event { call_id: key.call_id, occurred_at: key.occurred_at }, key.digest),
        Err(reason) => {
            let mut digest = [0; Digest::BYTES];
            digest.copy_from_slice(&sha256(payload)[..Digest::BYTES]);
            (WriteKind::Quarantined(NotUnderstood::code(reason)), Digest::from_bytes(digest))
        }
    }
}

/// Events of one call share a writer, so that two writers never insert the same event at the same time.
fn lane(kind: &WriteKind, digest: Digest) -> u64 {
    match kind {
        // Dialpad's ids end in many zero bits; a multiplication spreads the others.
        WriteKind::Event { call_id, .. } => call_id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32,
        WriteKind::Quarantined(_) => u64::from(digest.as_bytes()[0]),
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
