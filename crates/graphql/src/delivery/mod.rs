//! Deliveries: everything that was posted to the Request URL, and what became of it.

mod list;
mod recheck;
mod summary;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Enum, Error, ID, Object};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::delivery::{self, DeliveryReason as Reason};
use domain::event::{CallEvent, NotUnderstood, decode};
use domain::ids::{DeliveryId, GlobalId};
use domain::jws::{KeyUsed, Refusal};
use store::TenantAccess;

use crate::budget::{Budget, spend};
use crate::call::{Call, CallLoader};
use crate::enums::CallState;
use crate::error::ApiError;
use crate::event::CallKey;
use crate::loader::{Access, by_company};
use crate::services::{RequestState, Services, require};

pub(crate) use list::{DeliveryConnection, DeliveryFilter};
pub(crate) use recheck::{RecheckDeliveriesInput, RecheckDeliveriesPayload, recheck};
pub(crate) use summary::DeliverySummary;

/// Milliseconds of a microsecond.
const MS_PER_US: f64 = 0.001;

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "delivery::DeliveryOutcome")]
pub(crate) enum DeliveryOutcome {
    /// Stored and understood.
    Accepted,
    /// The same event was stored before.
    Duplicate,
    /// Signed, but not understood: kept, to be read again.
    Quarantined,
    /// Refused.
    Rejected,
}

/// What a delivery is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "delivery::DeliveryKind")]
pub(crate) enum DeliveryKind {
    /// An event of a call.
    CallEvent,
    /// A text message.
    Sms,
    /// A contact was created, updated or deleted.
    Contact,
    /// An agent's duty status changed.
    AgentStatus,
    /// A setting was changed.
    ChangeLog,
    /// Not understood, or refused before it was read.
    Unknown,
}

/// The secret that a delivery was signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "KeyUsed")]
pub(crate) enum DeliveryKey {
    /// The secret of now.
    Current,
    /// The one before it: Dialpad was not told the new secret yet.
    Previous,
}

/// Why a delivery was quarantined or rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DeliveryReason {
    /// Quarantined: the payload is not JSON.
    NotJson,
    /// Quarantined: the payload is not a JSON object.
    NotAnObject,
    /// Quarantined: there is no `call_id`, and it is no other kind of event that is known.
    NoCallId,
    /// Quarantined: `call_id` is not a positive 64-bit number.
    BadCallId,
    /// Quarantined: there are several `call_id`s.
    DuplicateKey,
    /// Rejected: the body is empty.
    Empty,
    /// Rejected: plain JSON; the webhook in Dialpad has no secret.
    Unsigned,
    /// Rejected: not a signed token.
    NotCompact,
    /// Rejected: the token's header is too long.
    HeaderTooLong,
    /// Rejected: the token's header cannot be read.
    HeaderNotObject,
    /// Rejected: the token's header asks for an extension.
    HeaderExtension,
    /// Rejected: not signed with HS256.
    Algorithm,
    /// Rejected: signed with another secret.
    Signature,
    /// Rejected: the body is compressed.
    Compressed,
    /// Rejected: the body is larger than 1 MiB.
    TooLarge,
    /// Rejected: the body did not arrive in time.
    BodyTooSlow,
    /// Rejected: the connection ended before the body was complete.
    BodyBroken,
}

impl DeliveryReason {
    /// The API's name of a reason. Other kinds of events are accepted, so their reason is never stored.
    fn of(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::NotUnderstood(NotUnderstood::NotJson) => Self::NotJson,
            Reason::NotUnderstood(NotUnderstood::NotAnObject) => Self::NotAnObject,
            Reason::NotUnderstood(NotUnderstood::NoCallId) => Self::NoCallId,
            Reason::NotUnderstood(NotUnderstood::BadCallId) => Self::BadCallId,
            Reason::NotUnderstood(NotUnderstood::DuplicateKey) => Self::DuplicateKey,
            Reason::NotUnderstood(NotUnderstood::OtherEvent(_)) => return None,
            Reason::Refused(Refusal::Empty) => Self::Empty,
            Reason::Refused(Refusal::Unsigned) => Self::Unsigned,
            Reason::Refused(Refusal::NotCompact) => Self::NotCompact,
            Reason::Refused(Refusal::HeaderTooLong) => Self::HeaderTooLong,
            Reason::Refused(Refusal::HeaderNotObject) => Self::HeaderNotObject,
            Reason::Refused(Refusal::HeaderExtension) => Self::HeaderExtension,
            Reason::Refused(Refusal::Algorithm) => Self::Algorithm,
            Reason::Refused(Refusal::Signature) => Self::Signature,
            Reason::Compressed => Self::Compressed,
            Reason::TooLarge => Self::TooLarge,
            Reason::BodyTooSlow => Self::BodyTooSlow,
            Reason::BodyBroken => Self::BodyBroken,
        })
    }
}

/// What a delivery changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DeliveryEffect {
    /// It was the first event of a call.
    CallStarted,
    /// It was added to a call.
    EventAdded,
    /// It is kept among the events of other kinds.
    OtherEventKept,
    /// Nothing.
    Nothing,
}

/// One POST to the Request URL, with what became of it.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) access: TenantAccess,
    pub(crate) row: store::Delivery,
}

impl Delivery {
    /// The delivery with this id.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        id: DeliveryId,
    ) -> Result<Option<Self>, Error> {
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let row = tx.delivery(id).await.map_err(ApiError::from)?;
        Ok(row.map(|row| Self { access, row }))
    }

    fn call_key(&self) -> Option<CallKey> {
        self.row.event.map(|(call_id, _)| CallKey { access: Access(self.access), call_id })
    }

    async fn content(&self, ctx: &Context<'_>) -> Result<Option<Arc<Vec<u8>>>, Error> {
        let loader = ctx.data_unchecked::<DataLoader<ContentLoader>>();
        loader.load_one(ContentKey { access: Access(self.access), delivery: self.row }).await
    }

    async fn decoded(&self, ctx: &Context<'_>) -> Result<Option<CallEvent>, Error> {
        if self.row.event.is_none() {
            return Ok(None);
        }
        Ok(self.content(ctx).await?.and_then(|content| decode(&content).ok()))
    }
}

/// One POST to the Request URL, with what became of it.
#[Object]
impl Delivery {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::Delivery(self.access.tenant(), self.row.id).encode())
    }

    /// When it arrived.
    async fn received_at(&self) -> DateTime<Utc> {
        self.row.id.received_at
    }

    /// What became of it.
    async fn outcome(&self) -> DeliveryOutcome {
        self.row.outcome.into()
    }

    /// Why it was quarantined or rejected; null otherwise.
    async fn reason(&self) -> Option<DeliveryReason> {
        self.row.reason.and_then(DeliveryReason::of)
    }

    /// What became of it, why, and what to do: a sentence for people.
    async fn explanation(&self) -> &'static str {
        match (self.row.outcome, self.row.reason, self.row.kind) {
            (_, Some(reason), _) => reason.explanation(),
            (delivery::DeliveryOutcome::Duplicate, ..) => {
                "The same content was received before. It is stored once and counted here."
            }
            (.., delivery::DeliveryKind::CallEvent) if self.row.recovered => {
                "Refused when it arrived, taken in by a re-check."
            }
            (.., delivery::DeliveryKind::CallEvent) => "Stored as an event of its call.",
            _ => "Stored. It is no event of a call.",
        }
    }

    /// What it is about.
    async fn kind(&self) -> DeliveryKind {
        self.row.kind.into()
    }

    /// What it changed.
    async fn effect(&self, ctx: &Context<'_>) -> Result<DeliveryEffect, Error> {
        if self.row.outcome != delivery::DeliveryOutcome::Accepted {
            return Ok(DeliveryEffect::Nothing);
        }
        let Some(call) = self.call_key() else { return Ok(DeliveryEffect::OtherEventKept) };
        let first = ctx.data_unchecked::<DataLoader<FirstReceivedLoader>>().load_one(call).await?;
        let is_first = first == Some(self.row.id.received_at);
        Ok(if is_first { DeliveryEffect::CallStarted } else { DeliveryEffect::EventAdded })
    }

    /// The HTTP status it was answered with.
    async fn status(&self) -> i32 {
        let refused_first = self.row.recovered.then_some(Reason::Refused(Refusal::Signature));
        self.row.reason.or(refused_first).map_or(200, |reason| i32::from(reason.status()))
    }

    /// The secret that fitted; null when none did, or when that is not known.
    async fn key(&self) -> Option<DeliveryKey> {
        self.row.key.map(Into::into)
    }

    /// Whether it came to a Request URL that had been replaced.
    async fn previous_url(&self) -> bool {
        self.row.previous_url
    }

    /// Bytes of the request's body; null when not known.
    async fn body_bytes(&self) -> Option<i32> {
        self.row.body_bytes
    }

    /// Milliseconds from its arrival until it was handed to the disk; null when not known, as after an outage.
    async fn latency_ms(&self) -> Option<f64> {
        self.row.latency_us.map(|us| f64::from(us) * MS_PER_US)
    }

    /// Whether it was refused first and taken in by a re-check.
    async fn recovered(&self) -> bool {
        self.row.recovered
    }

    /// Dialpad's state, of an event of a call.
    async fn state(&self, ctx: &Context<'_>) -> Result<Option<CallState>, Error> {
        Ok(self.decoded(ctx).await?.map(|event| event.state.into()))
    }

    /// That state as sent.
    async fn state_raw(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.decoded(ctx).await?.map(|event| event.state_raw))
    }

    /// When the event of a call happened, by Dialpad's clock.
    async fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.row.event.map(|(_, occurred_at)| occurred_at)
    }

    /// The call it belongs to; null until it is folded, and for everything that is no event of a call.
    async fn call(&self, ctx: &Context<'_>) -> Result<Option<Call>, Error> {
        require(&self.access, Action::ReadCalls)?;
        let Some(key) = self.call_key() else { return Ok(None) };
        ctx.data_unchecked::<DataLoader<CallLoader>>().load_one(key).await
    }

    /// The JSON as Dialpad signed it; of a rejected delivery the body as it came. Bytes that are no UTF-8 are shown as
    /// U+FFFD. Null when nothing was kept.
    async fn raw(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        let Some(content) = self.content(ctx).await? else { return Ok(None) };
        let raw = String::from_utf8_lossy(&content);
        spend(ctx, &raw)?;
        Ok(Some(raw.into_owned()))
    }

    /// Fields that were sent and not understood, such as `date_ended: out of range`.
    async fn problems(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        let event = self.decoded(ctx).await?;
        Ok(event.iter().flat_map(|event| &event.problems).map(ToString::to_string).collect())
    }
}

/// A delivery whose content is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ContentKey {
    access: Access,
    delivery: store::Delivery,
}

/// Loads what many deliveries held. Made for one request.
pub(crate) struct ContentLoader(pub(crate) Arc<Services>, pub(crate) Arc<Budget>);

impl Loader<ContentKey> for ContentLoader {
    type Value = Arc<Vec<u8>>;
    type Error = Error;

    async fn load(&self, keys: &[ContentKey]) -> Result<HashMap<ContentKey, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, deliveries) in by_company(keys.iter().map(|key| (key.access, key.delivery))) {
            let mut left = self.1.payload_bytes().await;
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            let contents = tx.delivery_contents(&deliveries, &self.0.keys, &mut left).await;
            let contents = contents.map_err(ApiError::from)?;
            let contents: HashMap<_, _> =
                contents.into_iter().map(|(id, content)| (id, Arc::new(content))).collect();
            for delivery in deliveries {
                let content = contents.get(&delivery.id).map(Arc::clone);
                found.extend(content.map(|content| (ContentKey { access, delivery }, content)));
            }
        }
        Ok(found)
    }
}

/// Loads when the first event of many calls was received. Made for one request.
pub(crate) struct FirstReceivedLoader(pub(crate) Arc<Services>);

impl Loader<CallKey> for FirstReceivedLoader {
    type Value = DateTime<Utc>;
    type Error = Error;

    async fn load(&self, keys: &[CallKey]) -> Result<HashMap<CallKey, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, calls) in by_company(keys.iter().map(|key| (key.access, key.call_id))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            let first = tx.first_received(&calls).await.map_err(ApiError::from)?;
            found.extend(first.into_iter().map(|(call_id, at)| (CallKey { access, call_id }, at)));
        }
        Ok(found)
    }
}
