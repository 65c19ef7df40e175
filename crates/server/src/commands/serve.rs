//! `trunkline serve`: receives, projects, answers; all of it, or a part.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::{AccountService, Mailing, run_mailer};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use graphql::{Hearing, Services};
use ingest::journal::Journal;
use ingest::{Receiver, ReceiverParts, SNAPSHOT_FILE, run_projector};
use store::{Accounts, Announcer, Api, Ingest, Logins, MigrateError, Projector, SharedTries};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::print;
use crate::config::Settings;
use crate::database::Database;
use crate::edge::edge;
use crate::embedded::Purpose;
use crate::http::{self, Shell};
use crate::priority;
use crate::services::{Rechecking, Simulated};

/// Threads of the runtime that receives.
const RECEIVING_THREADS: usize = 2;
/// Threads of the runtime that folds: it does one thing after the other.
const FOLDING_THREADS: usize = 1;
/// Connections that wait to be taken, when many come at once; the system may allow fewer.
const WAITING_CONNECTIONS_MAX: i32 = 4_096;
/// How long the rest of the process may take to stop when nothing is served any more.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for the database before serving without it.
const SET_UP_PATIENCE: Duration = Duration::from_secs(3);
/// How often it is tried then.
const SET_UP_EVERY: Duration = Duration::from_secs(1);

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
    /// Notified when there is something to project.
    written: Arc<Notify>,
    pub(crate) stop: CancellationToken,
    /// What has to end before the process does.
    tasks: TaskTracker,
}

impl Serving {
    fn shell(&self, receiver: Option<Arc<Receiver>>, routes: axum::Router) -> anyhow::Result<Shell> {
        Ok(Shell {
            receiver,
            people: http::people_router(routes),
            people_runtime: self.people_runtime.clone(),
            proxies: Arc::new(self.settings.trusted_proxies()?),
        })
    }

    /// Erases companies as their time comes.
    fn erase(&self) {
        let eraser = store::run_eraser(self.logins.clone(), self.stop.clone());
        self.tasks.spawn_on(eraser, &self.people_runtime);
    }
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
    // The library's own choice is 128; a connection that finds no place tries again only after a second.
    rustix::net::listen(&listener, WAITING_CONNECTIONS_MAX)?;
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
    #[cfg(debug_assertions)]
    ingest::ACKNOWLEDGE_EARLY.store(settings.acknowledge_early, Ordering::Relaxed);
    let address = listener.local_addr()?;
    let public_url = settings.public_url(address);
    let receive_runtime = runtime("receive", RECEIVING_THREADS).build()?;
    let folding_runtime = runtime("fold", FOLDING_THREADS).build()?;
    let people_runtime =
        runtime("people", priority::people_threads()).on_thread_start(priority::lower_thread).build()?;
    let remembered = (role != Role::Worker).then(|| public_url.clone());
    // Before waiting for a database: the journal of another process is a mistake that waiting does not mend.
    let journal =
        matches!(role, Role::All | Role::Ingest).then(|| super::journal::open(settings)).transpose()?;
    let ready = Arc::new(AtomicBool::new(false));
    let parts = BackgroundParts { journal, snapshot: settings.data_dir.join(SNAPSHOT_FILE) };
    // Pools and tasks belong to the runtime where they are made.
    let entered = people_runtime.enter();
    let announcer = settings.redis_url().and_then(|url| Announcer::start(url, &database.logins));
    let mut background = Background::receive(parts, &database.logins, announcer, &receive_runtime);
    let serving = Serving {
        settings: settings.clone(),
        logins: database.logins.clone(),
        accounts: account_service(settings, &database.logins, &public_url)?,
        public_url,
        people_runtime: people_runtime.handle().clone(),
        written: Arc::clone(&background.written),
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    let routes = http::only_when(Arc::clone(&ready), routes(role, &serving));
    start_tasks(role, &serving, background.receiver.as_ref())?;
    drop(entered);
    let shell = serving.shell(background.receiver.clone(), routes)?;
    let (connections_max, stop) = (settings.connections_max, serving.stop.clone());
    let served = receive_runtime.spawn(async move {
        let listener = TcpListener::from_std(listener)?;
        http::serve(listener, shell, connections_max, stop).await;
        anyhow::Ok(())
    });
    // Deliveries are answered from here on, however long the database takes.
    let ended = people_runtime.block_on(set_up(database, remembered, ready)).and_then(|()| {
        if matches!(role, Role::All | Role::Worker) {
            background.project(&database.logins, &folding_runtime);
            serving.erase();
        }
        announce(address, &serving.public_url, database);
        begin(&serving)?;
        people_runtime.block_on(wait_for_stop(&serving.stop))
    });
    tracing::info!("stopping");
    serving.stop.cancel();
    receive_runtime.block_on(served)??;
    serving.tasks.close();
    in_time(&people_runtime, "live updates", serving.tasks.wait());
    background.end(&receive_runtime, &folding_runtime);
    drop(serving);
    receive_runtime.shutdown_timeout(STOP_TIMEOUT);
    folding_runtime.shutdown_timeout(STOP_TIMEOUT);
    people_runtime.shutdown_timeout(STOP_TIMEOUT);
    ended
}

/// What works beside the answers: the receive path with its writers, and the projector.
struct Background {
    receiver: Option<Arc<Receiver>>,
    projector: Option<JoinHandle<()>>,
    /// Tells those who answer people what changed, where PostgreSQL does not.
    announcer: Option<Announcer>,
    /// Notified when there is something to project.
    written: Arc<Notify>,
    /// Given only after the last delivery was answered, so that nothing is left to count or to fold.
    stop: CancellationToken,
}

struct BackgroundParts {
    /// There is one in a process that receives.
    journal: Option<Journal>,
    snapshot: PathBuf,
}

impl Background {
    fn receive(
        parts: BackgroundParts,
        logins: &Logins,
        announcer: Option<Announcer>,
        receive_runtime: &Runtime,
    ) -> Self {
        let BackgroundParts { journal, snapshot } = parts;
        let stop = CancellationToken::new();
        let written = Arc::new(Notify::new());
        let receiver = journal.map(|journal| {
            let _entered = receive_runtime.enter();
            Arc::new(Receiver::start(ReceiverParts {
                store: Ingest::new(logins).announcing_by(announcer.clone()),
                edge: edge(),
                written: Arc::clone(&written),
                journal,
                snapshot,
                stop: stop.clone(),
            }))
        });
        Self { receiver, projector: None, announcer, written, stop }
    }

    fn project(&mut self, logins: &Logins, folding_runtime: &Runtime) {
        let _entered = folding_runtime.enter();
        let projector = Projector::new(logins).announcing_by(self.announcer.clone());
        let written = Arc::clone(&self.written);
        self.projector =
            Some(folding_runtime.spawn(run_projector(projector, edge(), written, self.stop.clone())));
    }

    fn end(self, receive_runtime: &Runtime, folding_runtime: &Runtime) {
        self.stop.cancel();
        if let Some(receiver) = self.receiver {
            in_time(receive_runtime, "the receive path", async move { receiver.finished().await });
        }
        if let Some(projector) = self.projector {
            in_time(folding_runtime, "the projector", async move { drop(projector.await) });
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

/// Makes the database ready. When it is away that goes on in the background: deliveries are taken all the same, and
/// people are answered when `ready` is true.
async fn set_up(
    database: &Database,
    remembered: Option<String>,
    ready: Arc<AtomicBool>,
) -> anyhow::Result<()> {
    if database.is_embedded() {
        store::migrate(&database.logins, remembered.as_deref()).await?;
        ready.store(true, Ordering::Release);
        return Ok(());
    }
    let (tried_in, tried) = tokio::sync::oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let logins = database.logins.clone();
    let setting_up = move || runtime.block_on(keep_setting_up(logins, remembered, ready, tried_in));
    // On a thread of its own, which nobody waits for: it may take long, and is safe to be cut off at any time.
    std::thread::Builder::new().name("set-up".to_owned()).spawn(setting_up)?;
    // What somebody has to mend is said at once. A database that is away, or slow, is waited for in the background.
    match tokio::time::timeout(SET_UP_PATIENCE, tried).await {
        Ok(Ok(Err(error))) if !error.is_passing() => return Err(error.into()),
        Ok(Ok(Ok(()))) => {}
        Ok(_) | Err(_) => {
            tracing::error!("the database is not there yet: deliveries are taken, people have to wait");
        }
    }
    Ok(())
}

/// Tries until the database is ready. How the first attempt ended is told to `tried`.
async fn keep_setting_up(
    logins: Logins,
    remembered: Option<String>,
    ready: Arc<AtomicBool>,
    tried: tokio::sync::oneshot::Sender<Result<(), MigrateError>>,
) {
    let first = store::migrate(&logins, remembered.as_deref()).await.map(drop);
    let is_ready = first.is_ok();
    ready.store(is_ready, Ordering::Release);
    drop(tried.send(first));
    if is_ready {
        return;
    }
    loop {
        tokio::time::sleep(SET_UP_EVERY).await;
        match store::migrate(&logins, remembered.as_deref()).await {
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the database is not ready");
            }
        }
    }
    ready.store(true, Ordering::Release);
    tracing::info!("the database is ready");
}

fn runtime(name: &str, threads: usize) -> tokio::runtime::Builder {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(threads).thread_name(name).enable_all();
    runtime
}

/// What people and programs reach apart from the receive path and the web app.
fn routes(role: Role, serving: &Serving) -> axum::Router {
    match role {
        Role::All | Role::Api => {}
        Role::Ingest | Role::Worker => return axum::Router::new(),
    }
    let services = Services {
        api: Api::new(&serving.logins),
        exports: Api::for_exports(&serving.logins),
        accounts: Arc::clone(&serving.accounts),
        keys: Arc::clone(serving.logins.keys()),
        edge: edge(),
        public_url: serving.public_url.clone(),
        test_caller: Arc::new(Simulated),
        rechecker: Arc::new(Rechecking::new(&serving.logins, edge(), Arc::clone(&serving.written))),
        stop: serving.stop.clone(),
        tasks: serving.tasks.clone(),
    };
    let live = Api::for_live_updates(&serving.logins);
    let (heard, ways) = store::listen(&serving.logins, serving.settings.redis_url(), &serving.stop);
    accounts::router(Arc::clone(&serving.accounts)).merge(graphql::router(
        Arc::new(services),
        live,
        Hearing { heard, ways },
    ))
}

fn account_service(
    settings: &Settings,
    logins: &Logins,
    public_url: &str,
) -> anyhow::Result<Arc<AccountService>> {
    let mailing = Mailing { public_url: public_url.to_owned(), queued: Arc::default() };
    let places = settings.provider_places(public_url)?;
    let shared = settings.redis_url().and_then(|url| SharedTries::new(url, logins));
    Ok(Arc::new(AccountService::new(
        Accounts::new(logins),
        logins.keys().device_key(),
        edge(),
        mailing,
        places,
        shared,
    )))
}

/// Starts what goes on beside the answers in every process, and what this one does.
fn start_tasks(role: Role, serving: &Serving, receiver: Option<&Arc<Receiver>>) -> anyhow::Result<()> {
    if let Some(receiver) = receiver {
        serving.tasks.spawn(priority::give_way(Arc::clone(receiver), serving.stop.clone()));
    }
    serving.tasks.spawn(store::follow_sealing_keys(serving.logins.clone(), serving.stop.clone()));
    send_mail(role, serving)
}

/// Sends what people are written, where there is a mail server.
fn send_mail(role: Role, serving: &Serving) -> anyhow::Result<()> {
    match role {
        Role::All | Role::Api => {}
        Role::Ingest | Role::Worker => return Ok(()),
    }
    let Some(server) = serving.settings.mail_server()? else {
        tracing::info!("no mail server is set: mail stays in the database, see `trunkline mailbox ls`");
        return Ok(());
    };
    let (store, queued) = (Accounts::new(&serving.logins), serving.accounts.mail_queued());
    serving.tasks.spawn(run_mailer(store, server, edge(), queued, serving.stop.clone()));
    Ok(())
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
