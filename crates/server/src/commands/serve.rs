//! `trunkline serve`: receives, projects, answers; all of it, or a part.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use accounts::AccountService;
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use domain::jws::Secret;
use graphql::{Services, TestCall, TestCaller, TestDelivery};
use ingest::{Receiver, run_projector};
use store::{Accounts, Api, Ingest, Logins, Projector};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::print;
use crate::config::Settings;
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;
use crate::http::{self, Shell};

/// Threads of each runtime.
const RUNTIME_THREADS: usize = 2;
/// How long the rest of the process may take to stop when nothing is served any more.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Arguments of `trunkline serve`.
#[derive(Args)]
pub(crate) struct ServeArguments {
    /// Address and port to listen on; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Which part of the work this process does.
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub(crate) role: Role,
}

/// A part of the work.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Everything.
    All,
    /// Receives events.
    Ingest,
    /// Answers people.
    Api,
    /// Folds events into calls.
    Worker,
}

/// A process that serves.
pub(crate) struct Serving {
    pub(crate) settings: Settings,
    pub(crate) logins: Logins,
    pub(crate) public_url: String,
    pub(crate) accounts: Arc<AccountService>,
    pub(crate) people_runtime: tokio::runtime::Handle,
    pub(crate) stop: CancellationToken,
}

/// Serves until it is told to stop. `begin` is called when requests are answered.
///
/// # Errors
/// When it cannot begin; says why.
pub(crate) fn run(
    settings: &Settings,
    role: Role,
    begin: impl FnOnce(&Serving) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // Before anything is started: a port that is taken is the most likely mistake.
    let listen = settings.listen_address()?;
    let listener =
        std::net::TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    listener.set_nonblocking(true)?;
    let database = Database::open(settings, edge(), Purpose::Serve)?;
    let result = serve(settings, role, listener, &database, begin);
    database.close()?;
    result
}

fn serve(
    settings: &Settings,
    role: Role,
    listener: std::net::TcpListener,
    database: &Database,
    begin: impl FnOnce(&Serving) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let public_url = settings.public_url(address);
    let receive_runtime = runtime("receive")?;
    let people_runtime = runtime("people")?;
    let remembered = (role != Role::Worker).then_some(public_url.as_str());
    people_runtime.block_on(store::migrate(&database.logins, remembered))?;

    let background = Background::start(role, &database.logins, &receive_runtime, &people_runtime);
    // Pools start their upkeep where they are made.
    let entered = people_runtime.enter();
    let serving = Serving {
        settings: settings.clone(),
        logins: database.logins.clone(),
        public_url,
        accounts: Arc::new(AccountService::new(Accounts::new(&database.logins), edge())),
        people_runtime: people_runtime.handle().clone(),
        stop: CancellationToken::new(),
    };
    let routes = match role {
        Role::All | Role::Api => routes(&serving),
        Role::Ingest | Role::Worker => axum::Router::new(),
    };
    drop(entered);
    let shell = Shell {
        receiver: background.receiver.clone(),
        people: http::people_router(routes),
        people_runtime: people_runtime.handle().clone(),
    };
    let (connections_max, stop) = (settings.connections_max, serving.stop.clone());
    let served = receive_runtime.spawn(async move {
        let listener = TcpListener::from_std(listener)?;
        http::serve(listener, shell, connections_max, stop).await;
        anyhow::Ok(())
    });
    announce(address, &serving.public_url, database);
    begin(&serving)?;
    people_runtime.block_on(wait_for_stop(&serving.stop))?;
    tracing::info!("stopping");
    serving.stop.cancel();
    receive_runtime.block_on(served)??;
    background.end(&receive_runtime, &people_runtime);
    drop(serving);
    receive_runtime.shutdown_timeout(STOP_TIMEOUT);
    people_runtime.shutdown_timeout(STOP_TIMEOUT);
    Ok(())
}

/// What works beside the answers: the receive path with its writers, and the projector.
struct Background {
    receiver: Option<Arc<Receiver>>,
    projector: Option<JoinHandle<()>>,
    /// Given only after the last delivery was answered, so that nothing is left to count or to fold.
    stop: CancellationToken,
}

impl Background {
    fn start(role: Role, logins: &Logins, receive_runtime: &Runtime, people_runtime: &Runtime) -> Self {
        let stop = CancellationToken::new();
        let written = Arc::new(Notify::new());
        let projector = matches!(role, Role::All | Role::Worker).then(|| {
            let _entered = people_runtime.enter();
            let projector = Projector::new(logins);
            people_runtime.spawn(run_projector(projector, edge(), Arc::clone(&written), stop.clone()))
        });
        let receiver = matches!(role, Role::All | Role::Ingest).then(|| {
            let _entered = receive_runtime.enter();
            Arc::new(Receiver::start(&Ingest::new(logins), edge(), &written, stop.clone()))
        });
        Self { receiver, projector, stop }
    }

    fn end(self, receive_runtime: &Runtime, people_runtime: &Runtime) {
        self.stop.cancel();
        if let Some(receiver) = self.receiver {
            in_time(receive_runtime, "counting deliveries", async move { receiver.finished().await });
        }
        if let Some(projector) = self.projector {
            in_time(people_runtime, "the projector", async move { drop(projector.await) });
        }
    }
}

/// Waits for `ending`, but not for ever.
fn in_time(runtime: &Runtime, what: &str, ending: impl Future<Output = ()>) {
    let waited = runtime.block_on(async { tokio::time::timeout(STOP_TIMEOUT, ending).await });
    if waited.is_err() {
        tracing::warn!("{what} did not end in time");
    }
}

fn runtime(name: &str) -> anyhow::Result<Runtime> {
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .thread_name(name)
        .enable_all()
        .build();
    Ok(threads?)
}

/// What people and programs reach apart from the receive path and the web app.
fn routes(serving: &Serving) -> axum::Router {
    let services = Services {
        api: Api::new(&serving.logins),
        accounts: Arc::clone(&serving.accounts),
        keys: Arc::clone(serving.logins.keys()),
        edge: edge(),
        public_url: serving.public_url.clone(),
        test_caller: Arc::new(Simulated),
    };
    accounts::router(Arc::clone(&serving.accounts)).merge(graphql::router(Arc::new(services)))
}

fn announce(address: SocketAddr, public_url: &str, database: &Database) {
    print(format_args!("listening on http://{address}"));
    tracing::info!(%address, public_url, database = database.describe(), "serving");
}

async fn wait_for_stop(stop: &CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = stop.cancelled() => {}
    }
    Ok(())
}

/// Test calls come from the simulator: they take the whole way that Dialpad's take.
struct Simulated;

impl TestCaller for Simulated {
    fn call(&self, request_url: String, secret: Secret) -> Pin<Box<dyn Future<Output = TestCall> + Send>> {
        Box::pin(async move {
            let secret = String::from_utf8_lossy(secret.expose_bytes()).into_owned();
            let seed = u64::from_be_bytes(edge().random());
            match simulator::send_test_call(&request_url, &secret, edge().now(), seed).await {
                Ok(sent) => {
                    let deliveries = sent.deliveries.into_iter().map(|one| TestDelivery {
                        state: one.state,
                        status: one.status,
                        latency_ms: one.latency_ms,
                    });
                    TestCall { call_id: Some(sent.call_id), deliveries: deliveries.collect() }
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "a test call could not be made"
                    );
                    TestCall { call_id: None, deliveries: Vec::new() }
                }
            }
        })
    }
}
