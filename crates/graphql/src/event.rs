//! The events of a call: what Dialpad signed, byte for byte, and what was understood of it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Error, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::cursor::Position;
use domain::delivery::LATE_AFTER_SECONDS;
use domain::json::Digest;
use store::{Count, EventArrival, EventPosition, Slice};

use crate::budget::{Budget, spend};
use crate::connection::{CursorScope, PAGE_ROWS_DEFAULT, PageInfo, TotalCount, rows};
use crate::enums::CallState;
use crate::error::ApiError;
use crate::loader::{Access, by_company};
use crate::services::{RequestState, Services};

/// One signed event of a call.
pub(crate) struct CallEvent {
    call: CallKey,
    /// The page it is of, and its place there: payloads are not copied.
    page: Arc<Slice<store::Event>>,
    at: usize,
    /// Read when something of it is asked for.
    decoded: OnceLock<Option<domain::event::CallEvent>>,
}

/// One signed event of a call.
#[Object]
impl CallEvent {
    /// What tells the event from others of its call.
    async fn id(&self) -> ID {
        let at = self.stored().occurred_at.timestamp_micros();
        let digest = u128::from_be_bytes(*self.stored().digest.as_bytes());
        ID(format!("{at}-{digest:032x}"))
    }

    /// The state.
    async fn state(&self) -> CallState {
        self.decoded().map_or(domain::state::CallState::Unknown, |event| event.state).into()
    }

    /// The state as sent.
    async fn state_raw(&self) -> &str {
        self.decoded().map_or("", |event| &event.state_raw)
    }

    /// When it happened, by Dialpad's clock.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.stored().occurred_at
    }

    /// When it arrived here.
    async fn received_at(&self) -> DateTime<Utc> {
        self.stored().received_at
    }

    /// Whether it was received more than 30 seconds after it happened.
    async fn late(&self) -> bool {
        let waited = self.stored().received_at - self.stored().occurred_at;
        waited.num_seconds() > LATE_AFTER_SECONDS
    }

    /// Whether an event that happened later was received before it.
    async fn out_of_order(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.arrival(ctx).await?.out_of_order)
    }

    /// How often it was received again.
    async fn duplicate_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(self.arrival(ctx).await?.duplicates)
    }

    /// The JSON as Dialpad signed it. Bytes that are no UTF-8 are shown as U+FFFD.
    async fn raw(&self, ctx: &Context<'_>) -> Result<Cow<'_, str>, Error> {
        let raw = String::from_utf8_lossy(&self.stored().payload);
        spend(ctx, &raw)?;
        Ok(raw)
    }

    /// Fields that were sent and not understood, such as `date_ended: out of range`.
    async fn problems(&self) -> Vec<String> {
        let problems = self.decoded().into_iter().flat_map(|event| &event.problems);
        problems.map(ToString::to_string).collect()
    }
}

impl CallEvent {
    #[expect(clippy::indexing_slicing, reason = "made of the places of this page")]
    fn stored(&self) -> &store::Event {
        &self.page.rows[self.at]
    }

    fn decoded(&self) -> Option<&domain::event::CallEvent> {
        self.decoded.get_or_init(|| domain::event::decode(&self.stored().payload).ok()).as_ref()
    }

    async fn arrival(&self, ctx: &Context<'_>) -> Result<EventArrival, Error> {
        let loader = ctx.data_unchecked::<DataLoader<ArrivalLoader>>();
        let arrivals = loader.load_one(self.call).await?.unwrap_or_default();
        Ok(arrivals.get(&(self.stored().occurred_at, self.stored().digest)).copied().unwrap_or_default())
    }
}

/// A page of the events of a call, in the order in which they happened.
pub(crate) struct CallEventConnection {
    call: CallKey,
    question: String,
    slice: Arc<Slice<store::Event>>,
}

/// An event and its cursor.
#[derive(SimpleObject)]
pub(crate) struct CallEventEdge {
    /// The event.
    node: CallEvent,
    /// Its place in the list.
    cursor: String,
}

/// A call of a company.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CallKey {
    pub(crate) access: Access,
    pub(crate) call_id: i64,
}

/// The first events of a call, at most `limit`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FirstEvents {
    call: CallKey,
    limit: u64,
}

/// Loads how the events of many calls arrived, by one statement. Made for one request.
pub(crate) struct ArrivalLoader(pub(crate) Arc<Services>);

impl Loader<CallKey> for ArrivalLoader {
    type Value = Arc<HashMap<EventPosition, EventArrival>>;
    type Error = Error;

    async fn load(&self, keys: &[CallKey]) -> Result<HashMap<CallKey, Self::Value>, Error> {
        let mut found: HashMap<CallKey, HashMap<EventPosition, EventArrival>> = HashMap::new();
        for (access, calls) in by_company(keys.iter().map(|key| (key.access, key.call_id))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            for ((call_id, position), arrival) in tx.event_arrivals(&calls).await.map_err(ApiError::from)? {
                found.entry(CallKey { access, call_id }).or_default().insert(position, arrival);
            }
        }
        Ok(found.into_iter().map(|(key, arrivals)| (key, Arc::new(arrivals))).collect())
    }
}

/// Loads events of many calls by one statement. Made for one request.
pub(crate) struct EventLoader(pub(crate) Arc<Services>, pub(crate) Arc<Budget>);

impl Loader<FirstEvents> for EventLoader {
    type Value = Arc<Slice<store::Event>>;
    type Error = Error;

    async fn load(&self, keys: &[FirstEvents]) -> Result<HashMap<FirstEvents, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        let limits: HashSet<u64> = keys.iter().map(|key| key.limit).collect();
        for limit in limits {
            let wanted = keys.iter().filter(|key| key.limit == limit);
            for (access, calls) in by_company(wanted.map(|key| (key.call.access, key.call.call_id))) {
                // First the turn, then the connection: whoever waits holds none.
                let mut left = self.1.payload_bytes().await;
                let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
                let first = tx.first_events(&calls, limit, &mut left).await.map_err(ApiError::from)?;
                for (call_id, slice) in first {
                    found.insert(FirstEvents { call: CallKey { access, call_id }, limit }, Arc::new(slice));
                }
            }
        }
        Ok(found)
    }
}

impl Loader<CallKey> for EventLoader {
    type Value = Count;
    type Error = Error;

    async fn load(&self, keys: &[CallKey]) -> Result<HashMap<CallKey, Count>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (access, calls) in by_company(keys.iter().map(|key| (key.access, key.call_id))) {
            let tx = self.0.api.begin(&access.0).await.map_err(ApiError::from)?;
            for (call_id, count) in tx.count_events(&calls).await.map_err(ApiError::from)? {
                found.insert(CallKey { access, call_id }, count);
            }
        }
        Ok(found)
    }
}

impl CallEventConnection {
    pub(crate) async fn load(
        ctx: &Context<'_>,
        call: CallKey,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, Error> {
        let question = format!("events of {}", call.call_id);
        let after = CursorScope::new(ctx, call.access.0.tenant(), &question).open(after.as_ref())?;
        let limit = rows("first", first)?.unwrap_or(PAGE_ROWS_DEFAULT.unsigned_abs().into());
        let slice = match after {
            None => {
                let loader = ctx.data_unchecked::<DataLoader<EventLoader>>();
                let none = || Arc::new(Slice { rows: Vec::new(), has_previous: false, has_next: false });
                loader.load_one(FirstEvents { call, limit }).await?.unwrap_or_else(none)
            }
            Some(after) => {
                let after = (after.at, Digest::from_bytes(after.tie.to_be_bytes()));
                let state = RequestState::of(ctx);
                let mut left = state.budget.payload_bytes().await;
                let tx = state.begin(&call.access.0).await.map_err(ApiError::from)?;
                let found = tx.events_after(call.call_id, after, limit, &mut left).await;
                Arc::new(found.map_err(ApiError::from)?)
            }
        };
        Ok(Self { call, question, slice })
    }

    fn node(&self, at: usize) -> CallEvent {
        CallEvent { call: self.call, page: Arc::clone(&self.slice), at, decoded: OnceLock::new() }
    }

    fn cursor(&self, ctx: &Context<'_>, event: &store::Event) -> String {
        let tie = u128::from_be_bytes(*event.digest.as_bytes());
        let scope = CursorScope::new(ctx, self.call.access.0.tenant(), &self.question);
        scope.seal(Position { at: event.occurred_at, tie })
    }
}

/// A page of the events of a call, in the order in which they happened.
#[Object]
impl CallEventConnection {
    /// The events with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<CallEventEdge> {
        let edge = |(at, event)| CallEventEdge { node: self.node(at), cursor: self.cursor(ctx, event) };
        self.slice.rows.iter().enumerate().map(edge).collect()
    }

    /// The events.
    async fn nodes(&self) -> Vec<CallEvent> {
        (0..self.slice.rows.len()).map(|at| self.node(at)).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_next_page: self.slice.has_next,
            has_previous_page: self.slice.has_previous,
            start_cursor: self.slice.rows.first().map(|event| self.cursor(ctx, event)),
            end_cursor: self.slice.rows.last().map(|event| self.cursor(ctx, event)),
        }
    }

    /// How many events the call has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, Error> {
        let count = ctx.data_unchecked::<DataLoader<EventLoader>>().load_one(self.call).await?;
        Ok(TotalCount(count.unwrap_or(Count { value: 0, exact: true })))
    }
}
