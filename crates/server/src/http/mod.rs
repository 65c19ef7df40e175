//! The HTTP shell: one listening socket, two worlds behind it.
//!
//! Connections are accepted and read on the runtime of the receive path. A delivery is answered right there; everything
//! else is carried over to the runtime of people, so that no query of theirs can hold up a 200.

mod assets;
mod headers;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use ingest::{HOOKS_PATH, Receiver};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

/// A connection that has not sent a whole header by then is closed; so is an idle one.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests that are under way may take when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes that a connection buffers while it reads a header.
const HEADER_BYTES_MAX: usize = 64 * 1_024;
/// HTTP/2 streams of one connection.
const STREAMS_MAX: u32 = 256;
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
    let places = Arc::new(Semaphore::new(connections_max));
    let graceful = Arc::new(GracefulShutdown::new());
    loop {
        let Some(Ok(place)) = stop.run_until_cancelled(Arc::clone(&places).acquire_owned()).await else {
            break;
        };
        let (stream, peer) = match stop.run_until_cancelled(listener.accept()).await {
            None => break,
            Some(Ok(accepted)) => accepted,
            Some(Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (shell, watcher) = (shell.clone(), graceful.watcher());
        tokio::spawn(async move {
            serve_connection(stream, peer, shell, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    let Some(graceful) = Arc::into_inner(graceful) else { return };
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    shell: Shell,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // hyper's timer starts with the first byte; a connection that never sends one is closed here.
    if tokio::time::timeout(HEADER_READ_TIMEOUT, stream.readable()).await.is_err() {
        return;
    }
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
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
    let service = service_fn(move |request| {
        let shell = shell.clone();
        async move { Ok::<_, Infallible>(answer(shell, request, peer).await) }
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error = %error, "a connection ended early");
    }
}

async fn answer(shell: Shell, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    if request.uri().path().starts_with(HOOKS_PATH) {
        return match &shell.receiver {
            Some(receiver) => receiver.handle(request).await.map(Body::new),
            None => status(StatusCode::NOT_FOUND),
        };
    }
    request.extensions_mut().insert(ConnectInfo(peer));
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
