//! The HTTP shell: one listening socket, two worlds behind it.
//!
//! Connections are accepted and read on the runtime of the receive path. A delivery is answered right there; everything
//! else is carried over to the runtime of people, so that no query of theirs can hold up a 200.

mod assets;
mod connections;
mod framing;
mod headers;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::network::{self, Networks};
use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use ingest::{HOOKS_PATH, Receiver};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use self::connections::{Connections, Seat};
use self::framing::Watched;

/// A connection that has not sent a whole header by then is closed, the first time by us: hyper does not look at the
/// clock before it knows the version of HTTP. So is an idle one.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests that are under way may take when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes that a connection buffers while it reads a header.
const HEADER_BYTES_MAX: usize = 64 * 1_024;
/// HTTP/2 streams of one connection.
const STREAMS_MAX: u32 = 256;
/// What proxies write who a request is of into, one behind the other.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// After a failure to accept, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What answers requests.
#[derive(Clone)]
pub(crate) struct Shell {
    /// Answers deliveries; `None` in a process that does not receive.
    pub(crate) receiver: Option<Arc<Receiver>>,
    /// Answers people; runs on `people_runtime`.
    pub(crate) people: Router,
    pub(crate) people_runtime: tokio::runtime::Handle,
    /// The proxies whose word counts for who sends a request.
    pub(crate) proxies: Arc<Networks>,
}

/// Everything that is not the receive path: `routes`, then the web app, behind the headers that every page needs.
pub(crate) fn people_router(routes: Router) -> Router {
    routes
        .route("/healthz", axum::routing::get(|| async { "ok" }))
        .fallback(assets::serve)
        .layer(axum::middleware::map_response(headers::secure))
        .layer(CatchPanicLayer::new())
}

/// `routes`, answered 503 until `ready` is true: a person is told to wait, not that something is broken.
pub(crate) fn only_when(ready: Arc<AtomicBool>, routes: Router) -> Router {
    routes.layer(axum::middleware::from_fn(move |request, next: axum::middleware::Next| {
        let is_ready = ready.load(Ordering::Acquire);
        async move {
            if is_ready {
                return next.run(request).await;
            }
            let mut response = Response::new(Body::from(r#"{"code":"UNAVAILABLE"}"#));
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
    }))
}

/// Accepts connections until `stop`, then lets what is under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    shell: Shell,
    connections_max: usize,
    stop: CancellationToken,
) {
    connections::allow_files();
    let (connections, serving) = (Connections::new(connections_max), TaskTracker::new());
    loop {
        let (stream, peer) = match stop.run_until_cancelled(listener.accept()).await {
            None => break,
            Some(Ok(accepted)) => accepted,
            Some(Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                connections.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(Some(seat)) = stop.run_until_cancelled(connections.seat()).await else { break };
        serving.spawn(serve_connection(stream, peer, shell.clone(), Arc::new(seat), stop.clone()));
    }
    drop(listener);
    serving.close();
    if tokio::time::timeout(STOP_TIMEOUT, serving.wait()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    shell: Shell,
    seat: Arc<Seat>,
    stop: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let (stream, framing) = Watched::new(stream, HEADER_BYTES_MAX);
    let requests = AtomicU64::new(0);
    let service = service_fn(|request| {
        let is_ambiguous = framing.is_ambiguous(requests.fetch_add(1, Ordering::Relaxed));
        let (shell, under_way) = (shell.clone(), seat.request());
        async move {
            let response = answer(shell, request, peer, is_ambiguous).await;
            drop(under_way);
            Ok::<_, Infallible>(response)
        }
    });
    let builder = builder();
    let mut connection =
        std::pin::pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut first_request = std::pin::pin!(tokio::time::sleep(HEADER_READ_TIMEOUT));
    let mut is_leaving = false;
    let ended = loop {
        tokio::select! {
            ended = connection.as_mut() => break ended,
            () = first_request.as_mut(), if !seat.was_served() => {
                if !seat.was_served() {
                    return;
                }
                continue;
            }
            () = stop.cancelled(), if !is_leaving => {}
            () = seat.asked_to_leave(), if !is_leaving => {
                // Nothing was promised to one that has not even said what it wants.
                if !seat.was_served() {
                    return;
                }
            }
        }
        is_leaving = true;
        connection.as_mut().graceful_shutdown();
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        .max_buf_size(HEADER_BYTES_MAX)
        .half_close(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .keep_alive_interval(HEADER_READ_TIMEOUT)
        .keep_alive_timeout(HEADER_READ_TIMEOUT);
    builder
}

/// Answers a request. After one that is refused the connection is closed, so that what follows it can never be taken for
/// the next one; and after one in chunks, see [`framing`].
async fn answer(
    shell: Shell,
    request: Request<Incoming>,
    peer: SocketAddr,
    is_ambiguous: bool,
) -> Response<Body> {
    let is_http1 = request.version() < Version::HTTP_2;
    let (is_hook, is_last) = (is_hook(&request), framing::is_last(request.headers()));
    let mut response =
        if is_ambiguous { status(StatusCode::BAD_REQUEST) } else { route(shell, request, peer).await };
    let is_refused = is_hook && response.status().is_client_error();
    if is_http1 && (is_ambiguous || is_last || is_refused) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn is_hook(request: &Request<Incoming>) -> bool {
    request.uri().path().starts_with(HOOKS_PATH)
}

async fn route(shell: Shell, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    if is_hook(&request) {
        return match &shell.receiver {
            Some(receiver) => receiver.handle(request).await.map(Body::new),
            None => status(StatusCode::NOT_FOUND),
        };
    }
    let forwarded = request.headers().get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let sender = network::sender(peer.ip(), forwarded.flat_map(|value| value.split(',')), &shell.proxies);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(sender, peer.port())));
    // A task of its own: a client that goes away must not cut a transaction off half-way.
    let answered = shell.people_runtime.spawn(shell.people.oneshot(request.map(Body::new)));
    match answered.await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(error) => {
            tracing::error!(%error, "a request could not be answered");
            status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
