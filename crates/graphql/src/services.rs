//! What resolvers work with: the same for all requests, and what is made for each.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use accounts::{AccountService, Identity};
use async_graphql::Context;
use domain::access::Action;
use domain::audit::AuditAction;
use domain::cursor::CursorKey;
use domain::delivery::Rechecked;
use domain::edge::Edge;
use domain::ids::DeliveryId;
use domain::jws::Secret;
use store::{Actor, Api, Keys, Note, Reach, SessionUser, StoreError, TenantAccess, TenantTx};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::budget::Budget;
use crate::error::ApiError;

/// Transactions of one query that count at a time: facets and histograms are long statements, and may not take the
/// connections of everybody else.
pub(crate) const COUNTING_AT_ONCE_MAX: usize = 2;

/// What the API needs of the rest of the server.
#[derive(Clone)]
pub struct Services {
    /// The door to companies' data.
    pub api: Api,
    /// The same door for exports, with connections of its own.
    pub exports: Api,
    /// Who sends a request.
    pub accounts: Arc<AccountService>,
    /// Opens endpoint secrets.
    pub keys: Arc<Keys>,
    /// The world outside.
    pub edge: Edge,
    /// The address that people and Dialpad reach us at, without a slash at its end.
    pub public_url: String,
    /// Sends test calls.
    pub test_caller: Arc<dyn TestCaller>,
    /// Examines deliveries again.
    pub rechecker: Arc<dyn Rechecker>,
    /// Cancelled when the server stops: what takes long ends then.
    pub stop: CancellationToken,
    /// What has to end before the server does.
    pub tasks: TaskTracker,
}

/// Examines again what was rejected or quarantined, and takes in what is good.
pub trait Rechecker: Send + Sync {
    /// Examines deliveries of the company of `access`, only these when `only` names some. At most
    /// [`store::RECHECKED_AT_ONCE_MAX`].
    fn recheck(
        &self,
        access: TenantAccess,
        only: Option<Vec<DeliveryId>>,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Rechecked>, StoreError>> + Send>>;
}

/// Sends a test call to a Request URL, as Dialpad would.
pub trait TestCaller: Send + Sync {
    /// Signs the call's events with `secret` and posts them to `request_url`.
    fn call(&self, request_url: String, secret: Secret) -> Pin<Box<dyn Future<Output = TestCall> + Send>>;
}

/// A test call that was sent.
#[derive(Clone, Debug)]
pub struct TestCall {
    /// Its call id; `None` when nothing could be sent.
    pub call_id: Option<i64>,
    /// How each of its events was answered.
    pub deliveries: Vec<TestDelivery>,
}

/// How one event of a test call was answered.
#[derive(Clone, Debug)]
pub struct TestDelivery {
    /// The event's state.
    pub state: String,
    /// The HTTP status; `None` when the Request URL could not be reached.
    pub status: Option<u16>,
    /// Milliseconds until the answer.
    pub latency_ms: f64,
}

/// What is made for each request.
pub(crate) struct RequestState {
    pub(crate) services: Arc<Services>,
    pub(crate) cursors: CursorKey,
    pub(crate) identity: Identity,
    /// From where.
    pub(crate) address: IpAddr,
    /// What the answer may still hold.
    pub(crate) budget: Arc<Budget>,
    /// One for each transaction that may count at a time.
    pub(crate) counters: Semaphore,
}

/// A transaction that counts, and the right to do so now.
pub(crate) struct Counting<'a> {
    pub(crate) tx: TenantTx,
    _counter: Option<SemaphorePermit<'a>>,
}

impl RequestState {
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked()
    }

    /// The person who asks. A program with a key has no sessions, no password and no companies to join.
    pub(crate) fn person(&self) -> Result<&SessionUser, ApiError> {
        match &self.identity {
            Identity::Person(person) => Ok(person),
            Identity::Key(_) => Err(ApiError::PeopleOnly),
        }
    }

    /// The person who asks, for what is theirs in all companies. Who is there by the provider of one company only may not
    /// see or change any of that.
    pub(crate) fn account(&self) -> Result<&SessionUser, ApiError> {
        let person = self.person()?;
        match person.reach {
            Reach::Account => Ok(person),
            Reach::Company(_) => Err(ApiError::CompanySession),
        }
    }

    /// Who asks, as the audit log names them.
    fn actor(&self) -> Actor {
        let (id, name) = match &self.identity {
            Identity::Person(person) => (Some(person.user.0), person.email.clone()),
            Identity::Key(key) => (Some(key.id.0), format!("API key {}", key.name)),
        };
        let address = self.address.to_canonical();
        Actor {
            id,
            name,
            address: if address.is_unspecified() { String::new() } else { address.to_string() },
        }
    }

    /// Writes down in `tx` what is changed there.
    pub(crate) async fn note(
        &self,
        tx: &TenantTx,
        action: AuditAction,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let (actor, now) = (self.actor(), self.services.edge.now());
        tx.note(&Note { actor: &actor, action, subject, detail, now }).await
    }

    /// Begins a transaction in the company of `access`.
    pub(crate) async fn begin(&self, access: &TenantAccess) -> Result<TenantTx, StoreError> {
        self.services.api.begin(access).await
    }

    /// Begins a transaction that counts in the company of `access`, when it is its turn.
    pub(crate) async fn count(&self, access: &TenantAccess) -> Result<Counting<'_>, StoreError> {
        // It is never closed, so there is always a turn.
        let counter = self.counters.acquire().await.ok();
        Ok(Counting { tx: self.begin(access).await?, _counter: counter })
    }
}

/// Refuses what the role may not do.
pub(crate) fn require(access: &TenantAccess, action: Action) -> Result<(), ApiError> {
    if access.allows(action) { Ok(()) } else { Err(ApiError::Forbidden(action)) }
}
