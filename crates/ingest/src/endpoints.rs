//! Which endpoint a token names, from memory.
//!
//! What is known is used at once and refreshed behind the answer. But no delivery is refused on old knowledge: before
//! a 401 or a 404 the endpoint is read again, by a query that began after the delivery arrived. So a secret that was
//! replaced a moment ago never costs an event, and a flood of bad deliveries costs one query at a time per endpoint.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::edge::Edge;
use domain::ids::EndpointToken;
use store::{EndpointSecrets, Ingest, StoreError};

/// Endpoints kept in memory.
const ENDPOINTS_MAX: u64 = 100_000;
/// Endpoints that nobody posts to are forgotten after this long.
const IDLE_MAX: Duration = Duration::from_secs(3_600);
/// Older knowledge is refreshed behind the answer.
const REFRESH_AFTER: Duration = Duration::from_secs(5);

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
    /// When the query began.
    asked_at: Instant,
}

pub(crate) struct Endpoints {
    store: Ingest,
    edge: Edge,
    slots: moka::sync::Cache<EndpointToken, Arc<Slot>>,
}

impl Endpoints {
    pub(crate) fn new(store: Ingest, edge: Edge) -> Self {
        let slots = moka::sync::Cache::builder().max_capacity(ENDPOINTS_MAX).time_to_idle(IDLE_MAX).build();
        Self { store, edge, slots }
    }

    /// The endpoint as far as it is known, however old that is; asks the database only when nothing is known.
    pub(crate) async fn known(
        self: &Arc<Self>,
        token: &EndpointToken,
    ) -> Result<Option<Arc<EndpointSecrets>>, StoreError> {
        let slot = self.slot(token);
        let Some(known) = slot.read() else { return self.asked_since(token, Instant::now()).await };
        if known.asked_at.elapsed() > REFRESH_AFTER && slot.asking.try_lock().is_ok() {
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

    /// The endpoint as the database had it at `since` or later.
    pub(crate) async fn asked_since(
        &self,
        token: &EndpointToken,
        since: Instant,
    ) -> Result<Option<Arc<EndpointSecrets>>, StoreError> {
        let slot = self.slot(token);
        let _asking = slot.asking.lock().await;
        if let Some(known) = slot.read().filter(|known| known.asked_at >= since) {
            return Ok(known.endpoint);
        }
        let asked_at = Instant::now();
        let endpoint = self.store.endpoint(token, self.edge.now()).await?.map(Arc::new);
        let known = Known { endpoint: endpoint.clone(), asked_at };
        *slot.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(endpoint)
    }

    fn slot(&self, token: &EndpointToken) -> Arc<Slot> {
        self.slots.get_with_by_ref(token, Arc::default)
    }
}

impl Slot {
    fn read(&self) -> Option<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
