//! Live updates: who watches is told what changed.
//!
//! A process hears of changes once, however many watch, and looks at each company's changes at most a few times a
//! second: what changed is read once, each filter that is watched is tried once, and whoever takes too long is let go.
//! What is absent: a queue that grows, and any promise that nothing is missed. Whoever may have missed something is
//! told, and reads again.

mod company;
mod link;
mod messages;
mod seats;
mod socket;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use accounts::Sender;
use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use domain::ids::TenantId;
use domain::search::CallFilter;
use http::{HeaderMap, StatusCode};
use store::{Heard, TenantAccess, Ways};
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

use self::company::{Changed, Company, Wanted, Watching};
use self::link::Link;
use self::seats::Seats;
use self::socket::Asking;
use crate::services::Services;
use crate::watch::Watch;
use crate::{ApiSchema, schema};

pub(crate) use self::company::{ChangedCall, Received};
pub(crate) use self::link::Link as WatchingLink;

/// The protocol that is spoken: <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.
const SUBPROTOCOL: &str = "graphql-transport-ws";
/// Bytes of a message that is read at all. One that is longer than a request may be is refused with a reason; of one that
/// is longer than this nothing more is read.
const READ_BYTES_MAX: usize = 1_024 * 1_024 + 64 * 1_024;
/// Bytes that wait for a client before nothing more is written to it.
const WRITE_BUFFER_BYTES_MAX: usize = 4 * 1_024 * 1_024;

/// What is heard of other processes.
pub struct Hearing {
    /// What changed.
    pub heard: mpsc::Receiver<Heard>,
    /// The ways it comes by.
    pub ways: watch::Receiver<Ways>,
}

/// Everybody who watches, by company.
pub(crate) struct Live {
    /// With connections of its own.
    services: Arc<Services>,
    schema: ApiSchema,
    watch: Arc<Watch>,
    ways: watch::Receiver<Ways>,
    /// Counts the gaps: what changed in between may be missing.
    gaps: watch::Sender<u64>,
    companies: Mutex<HashMap<TenantId, Arc<Company>>>,
    seats: Seats,
    tasks: TaskTracker,
}

impl Live {
    /// Begins to listen. Must be called on the runtime that it works on.
    pub(crate) fn start(services: Arc<Services>, watch: Arc<Watch>, hearing: Hearing) -> Arc<Self> {
        let Hearing { heard, ways } = hearing;
        let tasks = services.tasks.clone();
        let live = Arc::new(Self {
            services,
            schema: schema().finish(),
            watch,
            ways,
            gaps: watch::Sender::new(0),
            companies: Mutex::default(),
            seats: Seats::default(),
            tasks,
        });
        tokio::spawn(Arc::clone(&live).pass_on(heard));
        live
    }

    /// Passes on what is heard, until nobody says anything any more.
    async fn pass_on(self: Arc<Self>, mut heard: mpsc::Receiver<Heard>) {
        while let Some(heard) = heard.recv().await {
            match heard {
                Heard::Gap => self.gaps.send_modify(|gaps| *gaps += 1),
                Heard::Notice(notice) => {
                    for (tenant, calls) in notice {
                        let company = self.locked().get(&tenant).map(Arc::clone);
                        company.iter().for_each(|company| company.changed(&calls));
                    }
                }
            }
        }
    }

    /// Watches calls that pass `filter`.
    pub(crate) fn watch_calls(
        self: &Arc<Self>,
        access: TenantAccess,
        filter: CallFilter,
        link: &Arc<Link>,
    ) -> Option<Watching<ChangedCall>> {
        self.add(access, link, |changed| Wanted::Calls { filter: Arc::new(filter), changed })
    }

    /// Watches deliveries.
    pub(crate) fn watch_deliveries(
        self: &Arc<Self>,
        access: TenantAccess,
        link: &Arc<Link>,
    ) -> Option<Watching<Received>> {
        self.add(access, link, |received| Wanted::Deliveries { received })
    }

    /// Adds somebody who watches; `None` when the company has too many.
    fn add<T: Changed>(
        self: &Arc<Self>,
        access: TenantAccess,
        link: &Arc<Link>,
        wanted: impl FnOnce(mpsc::Sender<T>) -> Wanted,
    ) -> Option<Watching<T>> {
        let now = self.services.edge.now();
        let mut companies = self.locked();
        let company = companies.entry(access.tenant()).or_insert_with(|| {
            let company = Arc::new(Company::new(now));
            tokio::spawn(Arc::clone(&company).keep_telling(Arc::clone(self)));
            company
        });
        company.add(access, now, Arc::clone(link), wanted)
    }

    /// Forgets a company that nobody watches; answers whether it did.
    fn forget(&self, company: &Arc<Company>) -> bool {
        let mut companies = self.locked();
        let is_forgotten = company.is_unwatched();
        if is_forgotten {
            companies.retain(|_, known| !Arc::ptr_eq(known, company));
        }
        is_forgotten
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Arc<Company>>> {
        self.companies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The route of subscriptions.
pub(crate) fn router(live: Arc<Live>) -> Router {
    Router::new().route("/graphql/ws", any(upgrade)).with_state(live)
}

/// A page of another site is refused before anything is said: a browser sends the cookie with every WebSocket.
async fn upgrade(
    State(live): State<Arc<Live>>,
    Sender(address): Sender,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(is_same_origin) = accounts::check_same_origin(&headers) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let upgrade = upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(READ_BYTES_MAX)
        .max_frame_size(READ_BYTES_MAX)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX);
    upgrade.on_upgrade(move |socket| {
        let tasks = live.tasks.clone();
        tasks.track_future(socket::serve(socket, live, Asking { address, headers, is_same_origin }))
    })
}
