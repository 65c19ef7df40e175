//! What has changed: every call at the place of its last change, so that whoever goes on from where they stopped has
//! seen the last state of all calls.

use std::sync::Arc;

use async_graphql::{Context, Error, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::cursor::Position;
use store::{Slice, TenantAccess};

use crate::call::Call;
use crate::connection::{CursorScope, PAGE_ROWS_DEFAULT, PageInfo, rows};
use crate::error::ApiError;
use crate::services::{RequestState, require};

/// What cursors of changes belong to.
const QUESTION: &str = "changes";

/// A call that changed.
#[derive(SimpleObject)]
pub(crate) struct CallChange {
    /// The call as it is now.
    call: Call,
    /// When it changed last, by the clock of the database.
    changed_at: DateTime<Utc>,
}

/// A change and its cursor.
#[derive(SimpleObject)]
pub(crate) struct CallChangeEdge {
    /// The change.
    node: CallChange,
    /// Its place: `since` for what changed afterwards.
    cursor: String,
}

/// Calls in the order in which they changed last.
pub(crate) struct CallChangeConnection {
    access: TenantAccess,
    since: Option<String>,
    slice: Slice<store::CallChange>,
}

impl CallChangeConnection {
    /// What changed since a place.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        since: Option<String>,
        first: Option<i32>,
    ) -> Result<Self, Error> {
        require(&access, Action::ReadCalls)?;
        let after = scope(ctx, access).open(since.as_ref())?;
        let limit = rows("first", first)?.unwrap_or(PAGE_ROWS_DEFAULT.unsigned_abs().into());
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let slice = tx.call_changes(after, limit).await.map_err(ApiError::from)?;
        Ok(Self { access, since, slice })
    }

    /// The place behind all changes so far.
    pub(crate) async fn latest(ctx: &Context<'_>, access: TenantAccess) -> Result<String, Error> {
        require(&access, Action::ReadCalls)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let latest = tx.latest_call_change().await.map_err(ApiError::from)?;
        // Before any change that there will ever be.
        let none = Position { at: DateTime::UNIX_EPOCH, tie: 0 };
        Ok(scope(ctx, access).seal(latest.unwrap_or(none)))
    }

    fn node(&self, change: &store::CallChange) -> CallChange {
        let call = Call { access: self.access, row: Arc::new(change.call.clone()) };
        CallChange { call, changed_at: change.changed_at }
    }

    fn cursor(&self, ctx: &Context<'_>, change: &store::CallChange) -> String {
        let tie = u128::from(change.call.call_id.unsigned_abs());
        scope(ctx, self.access).seal(Position { at: change.changed_at, tie })
    }
}

fn scope<'a>(ctx: &Context<'a>, access: TenantAccess) -> CursorScope<'a> {
    CursorScope::new(ctx, access.tenant(), QUESTION)
}

/// Calls in the order in which they changed last.
#[Object]
impl CallChangeConnection {
    /// The changes with their cursors, the oldest first. A call is there once, where it changed last.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<CallChangeEdge> {
        let edge = |change| CallChangeEdge { node: self.node(change), cursor: self.cursor(ctx, change) };
        self.slice.rows.iter().map(edge).collect()
    }

    /// The changes, the oldest first.
    async fn nodes(&self) -> Vec<CallChange> {
        self.slice.rows.iter().map(|change| self.node(change)).collect()
    }

    /// Where the page stands. `endCursor` is the `since` of the next question, also when nothing has changed; when there
    /// is no next page now, ask again later.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |change| self.cursor(ctx, change);
        PageInfo {
            has_next_page: self.slice.has_next,
            has_previous_page: self.slice.has_previous,
            start_cursor: self.slice.rows.first().map(cursor),
            end_cursor: self.slice.rows.last().map(cursor).or_else(|| self.since.clone()),
        }
    }
}
