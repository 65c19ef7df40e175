//! What the API asks of other parts of the server.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::delivery::Rechecked;
use domain::edge::Edge;
use domain::ids::DeliveryId;
use domain::jws::Secret;
use graphql::{Rechecker, TestCall, TestCaller, TestDelivery};
use store::{Ingest, Logins, StoreError, TenantAccess};
use tokio::sync::Notify;

use crate::edge::edge;

/// Re-checks take in what the receive path had refused, by the same rules.
pub(crate) struct Rechecking(Arc<ingest::Rechecker>);

impl Rechecking {
    /// `written` is notified when something was taken in. Must be called on the runtime that it works on.
    pub(crate) fn new(logins: &Logins, edge: Edge, written: Arc<Notify>) -> Self {
        Self(Arc::new(ingest::Rechecker::new(Ingest::new(logins), edge, written)))
    }
}

impl Rechecker for Rechecking {
    fn recheck(
        &self,
        access: TenantAccess,
        only: Option<Vec<DeliveryId>>,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Rechecked>, StoreError>> + Send>> {
        let rechecker = Arc::clone(&self.0);
        Box::pin(async move { rechecker.recheck(access.tenant(), only.as_deref()).await })
    }
}

/// Test calls come from the simulator: they take the whole way that Dialpad's take.
pub(crate) struct Simulated;

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
