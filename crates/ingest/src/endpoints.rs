//! Which endpoint a token names, from memory.
//!
//! What is known is used at once and refreshed behind the answer. But no delivery is refused on old knowledge: before
//! a 401 or a 404 the endpoint is read again, by a query that began after the delivery arrived. So a secret that was
//! replaced a moment ago never costs an event, and a flood of bad deliveries costs one query at a time per endpoint.
//! A snapshot of what is known survives on disk ([`crate::snapshot`]); what comes from it is old knowledge.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::edge::Edge;
use domain::ids::EndpointToken;
use store::{EndpointSecrets, Ingest, StoreError};

use crate::circuit::Circuit;

/// Endpoints kept in memory, and in the snapshot.
pub(crate) const ENDPOINTS_MAX: u64 = 100_000;
/// Endpoints that nobody posts to are forgotten after this long; a snapshot should know quiet ones too.
const IDLE_MAX: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Older knowledge is refreshed behind the answer.
const REFRESH_AFTER: Duration = Duration::from_secs(5);
/// How long a look-up may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(1);

/// Why an endpoint could not be looked up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookupError {
    /// The database did not answer, or did not a moment ago.
    #[error("the database cannot be asked")]
    Away,
    /// It did, but what it said cannot be used.
    #[error("an endpoint could not be looked up")]
    Store(#[source] StoreError),
}

/// What is known of a token.
#[derive(Default)]
struct Slot {
    known: RwLock<Option<Known>>,
    /// Held while a query is under way, so that one is enough for all who wait.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Known {
    /// `None`: there is no such endpoint.
    endpoint: Option<Arc<EndpointSecrets>>,
    /// When the query began; `None` when it was made by an earlier process.
    asked_at: Option<Instant>,
}

pub(crate) struct Endpoints {
    store: Ingest,
    edge: Edge,
    slots: moka::sync::Cache<EndpointToken, Arc<Slot>>,
    circuit: Circuit,
    /// Something is known that the snapshot does not know.
    changed: AtomicBool,
}

impl Endpoints {
    pub(crate) fn new(store: Ingest, edge: Edge) -> Self {
        let slots = moka::sync::Cache::builder().max_capacity(ENDPOINTS_MAX).time_to_idle(IDLE_MAX).build();
        Self { store, edge, slots, circuit: Circuit::new(), changed: AtomicBool::new(false) }
    }

    /// The endpoint as far as it is known, however old that is; asks the database only when nothing is known.
    pub(crate) async fn known(
        self: &Arc<Self>,
        token: &EndpointToken,
    ) -> Result<Option<Arc<EndpointSecrets>>, LookupError> {
        let slot = self.slot(token);
        let Some(known) = slot.read() else { return self.asked_since(token, Instant::now()).await };
        let is_old = known.asked_at.is_none_or(|asked_at| asked_at.elapsed() > REFRESH_AFTER);
        if is_old && self.circuit.is_closed() && slot.asking.try_lock().is_ok() {
            let (endpoints, token) = (Arc::clone(self), token.clone());
            tokio::spawn(async move {
                if let Err(error) = endpoints.asked_since(&token, Instant::now()).await {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "an endpoint could not be refreshed"
                    );
                }
            });
        }
        Ok(known.endpoint)
    }

    /// The endpoint as the database had it at `since` or later. Does not ask while the database is known to be away.
    pub(crate) async fn asked_since(
        &self,
        token: &EndpointToken,
        since: Instant,
    ) -> Result<Option<Arc<EndpointSecrets>>, LookupError> {
        let slot = self.slot(token);
        let _asking = slot.asking.lock().await;
        if let Some(known) = slot.read_since(since) {
            return Ok(known.endpoint);
        }
        if !self.circuit.may_try(Instant::now()) {
            return Err(LookupError::Away);
        }
        self.ask(token, &slot).await
    }

    /// Like [`Endpoints::asked_since`], for one who has the time to find out whether the database is back.
    pub(crate) async fn tried_since(
        &self,
        token: &EndpointToken,
        since: Instant,
    ) -> Result<Option<Arc<EndpointSecrets>>, LookupError> {
        let slot = self.slot(token);
        let _asking = slot.asking.lock().await;
        match slot.read_since(since) {
            Some(known) => Ok(known.endpoint),
            None => self.ask(token, &slot).await,
        }
    }

    async fn ask(
        &self,
        token: &EndpointToken,
        slot: &Slot,
    ) -> Result<Option<Arc<EndpointSecrets>>, LookupError> {
        let asked_at = Instant::now();
        let asked = tokio::time::timeout(LOOKUP_TIMEOUT, self.store.endpoint(token, self.edge.now())).await;
        let endpoint = match asked {
            Ok(Ok(endpoint)) => endpoint.map(Arc::new),
            Ok(Err(error)) if !matches!(error, StoreError::Unavailable(_)) => {
                return Err(LookupError::Store(error));
            }
            Ok(Err(_)) | Err(_) => {
                if self.circuit.open(Instant::now()) {
                    tracing::error!("the database does not answer; endpoints are taken from memory");
                }
                return Err(LookupError::Away);
            }
        };
        self.circuit.close();
        let known = Known { endpoint: endpoint.clone(), asked_at: Some(asked_at) };
        let before = slot.known.write().unwrap_or_else(PoisonError::into_inner).replace(known);
        if !same(before.and_then(|before| before.endpoint).as_deref(), endpoint.as_deref()) {
            self.changed.store(true, Ordering::Release);
        }
        Ok(endpoint)
    }

    /// Takes over what an earlier process knew.
    pub(crate) fn remember(&self, known: Vec<(EndpointToken, EndpointSecrets)>) {
        for (token, endpoint) in known {
            let known = Known { endpoint: Some(Arc::new(endpoint)), asked_at: None };
            *self.slot(&token).known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        }
    }

    /// Every endpoint that is known, when that changed since the last time.
    pub(crate) fn if_changed(&self) -> Option<Vec<(EndpointToken, Arc<EndpointSecrets>)>> {
        self.changed.swap(false, Ordering::AcqRel).then(|| {
            let known = |(token, slot): (Arc<EndpointToken>, Arc<Slot>)| {
                Some(((*token).clone(), slot.read()?.endpoint?))
            };
            self.slots.iter().filter_map(known).collect()
        })
    }

    /// Says that the snapshot does not know everything.
    pub(crate) fn set_changed(&self) {
        self.changed.store(true, Ordering::Release);
    }

    fn slot(&self, token: &EndpointToken) -> Arc<Slot> {
        self.slots.get_with_by_ref(token, Arc::default)
    }
}

impl Slot {
    fn read(&self) -> Option<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn read_since(&self, since: Instant) -> Option<Known> {
        self.read().filter(|known| known.asked_at.is_some_and(|asked_at| asked_at >= since))
    }
}

fn same(one: Option<&EndpointSecrets>, other: Option<&EndpointSecrets>) -> bool {
    let parts = |endpoint: &EndpointSecrets| {
        let previous = endpoint.secrets.previous.as_ref().map(|secret| secret.expose_bytes().to_vec());
        (endpoint.tenant, endpoint.endpoint, endpoint.previous_until, endpoint.url_until, previous)
    };
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            parts(one) == parts(other)
                && one.secrets.current.expose_bytes() == other.secrets.current.expose_bytes()
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}
