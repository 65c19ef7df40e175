//! The events of a call: what Dialpad signed, byte for byte, and what was understood of it.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::cursor::Position;
use domain::json::Digest;
use store::TenantAccess;

use crate::connection::{CursorScope, PAGE_ROWS_DEFAULT, PageInfo, TotalCount, rows};
use crate::enums::CallState;
use crate::error::ApiError;
use crate::services::RequestState;

/// One signed event of a call.
pub(crate) struct CallEvent {
    stored: store::Event,
    decoded: Option<domain::event::CallEvent>,
}

/// One signed event of a call.
#[Object]
impl CallEvent {
    /// What tells the event from others of its call.
    async fn id(&self) -> ID {
        let at = self.stored.occurred_at.timestamp_micros();
        let digest = u128::from_be_bytes(*self.stored.digest.as_bytes());
        ID(format!("{at}-{digest:032x}"))
    }

    /// The state.
    async fn state(&self) -> CallState {
        self.decoded.as_ref().map_or(domain::state::CallState::Unknown, |event| event.state).into()
    }

    /// The state as sent.
    async fn state_raw(&self) -> &str {
        self.decoded.as_ref().map_or("", |event| &event.state_raw)
    }

    /// When it happened, by Dialpad's clock.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.stored.occurred_at
    }

    /// When it arrived here.
    async fn received_at(&self) -> DateTime<Utc> {
        self.stored.received_at
    }

    /// The JSON as Dialpad signed it. Bytes that are no UTF-8 are shown as U+FFFD.
    async fn raw(&self) -> String {
        String::from_utf8_lossy(&self.stored.payload).into_owned()
    }

    /// Fields that were sent and not understood, such as `date_ended: out of range`.
    async fn problems(&self) -> Vec<String> {
        let problems = self.decoded.iter().flat_map(|event| &event.problems);
        problems.map(ToString::to_string).collect()
    }
}

/// A page of the events of a call, in the order in which they happened.
pub(crate) struct CallEventConnection {
    access: TenantAccess,
    call_id: i64,
    question: String,
    slice: store::Slice<store::Event>,
}

/// An event and its cursor.
#[derive(SimpleObject)]
pub(crate) struct CallEventEdge {
    /// The event.
    node: CallEvent,
    /// Its place in the list.
    cursor: String,
}

impl CallEventConnection {
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        call_id: i64,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, Error> {
        let question = format!("events of {call_id}");
        let after = CursorScope::new(ctx, access.tenant(), &question).open(after.as_ref())?;
        let after = after.map(|at| (at.at, Digest::from_bytes(at.tie.to_be_bytes())));
        let limit = rows("first", first)?.unwrap_or(PAGE_ROWS_DEFAULT.unsigned_abs().into());
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let slice = tx.events(call_id, after, limit).await.map_err(ApiError::from)?;
        Ok(Self { access, call_id, question, slice })
    }

    fn cursor(&self, ctx: &Context<'_>, event: &store::Event) -> String {
        let tie = u128::from_be_bytes(*event.digest.as_bytes());
        let scope = CursorScope::new(ctx, self.access.tenant(), &self.question);
        scope.seal(Position { at: event.occurred_at, tie })
    }
}

/// A page of the events of a call, in the order in which they happened.
#[Object]
impl CallEventConnection {
    /// The events with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<CallEventEdge> {
        let edge =
            |event: &store::Event| CallEventEdge { node: node(event), cursor: self.cursor(ctx, event) };
        self.slice.rows.iter().map(edge).collect()
    }

    /// The events.
    async fn nodes(&self) -> Vec<CallEvent> {
        self.slice.rows.iter().map(node).collect()
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
        let tx = RequestState::of(ctx).begin(&self.access).await.map_err(ApiError::from)?;
        Ok(TotalCount(tx.count_events(self.call_id).await.map_err(ApiError::from)?))
    }
}

fn node(event: &store::Event) -> CallEvent {
    CallEvent { stored: event.clone(), decoded: domain::event::decode(&event.payload).ok() }
}
