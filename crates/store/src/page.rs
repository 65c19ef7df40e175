//! A page of a list of calls, or of conversations, which stand where one of their legs does.

use std::ops::Bound;

use domain::cursor::Position;
use sea_orm::sea_query::{Expr, SimpleExpr};

use crate::api::TenantTx;
use crate::calls::Call;
use crate::entity::call;
use crate::error::StoreError;
use crate::search::{Reading, Search, Stretch};

/// Which part of a list is wanted. The list is ordered by start, newest first unless `oldest_first`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
    /// Only rows behind this one.
    pub after: Option<Position>,
    /// Only rows before this one.
    pub before: Option<Position>,
    /// Take the last rows of what is left instead of the first.
    pub from_end: bool,
    /// At most this many.
    pub limit: u64,
}

/// A part of a list, in the order of the list.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether there are rows before the first one.
    pub has_previous: bool,
    /// Whether there are rows behind the last one.
    pub has_next: bool,
}

/// What a list of calls has a row for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListOf {
    /// Each call that passes.
    Calls,
    /// Each conversation of which a leg passes.
    Conversations,
}

impl Page {
    /// The rows strictly behind `after` and strictly before `before`.
    fn stretch(&self) -> Stretch {
        let bound = |cursor: Option<Position>| cursor.map_or(Bound::Unbounded, Bound::Excluded);
        let (first, last) = (bound(self.after), bound(self.before));
        if self.oldest_first {
            Stretch { above: first, below: last }
        } else {
            Stretch { above: last, below: first }
        }
    }
}

impl TenantTx {
    /// The part of a list that `page` asks for.
    pub(crate) async fn slice(
        &self,
        search: &Search<'_>,
        page: Page,
        list: ListOf,
    ) -> Result<Slice<Call>, StoreError> {
        let reading = Reading {
            stretch: page.stretch(),
            oldest_first: page.oldest_first != page.from_end,
            limit: page.limit + 1,
        };
        let mut rows = self.rows(search, reading, list).await?;
        let more = rows.len() as u64 > page.limit;
        if more {
            rows.pop();
        }
        if page.from_end {
            rows.reverse();
        }
        // On the side that the page was cut from, `more` knows. On the other side there is something exactly when a
        // row stands at or beyond the cursor.
        let (has_previous, has_next) = if page.from_end {
            (more, self.any_beyond(search, &page, page.before, list).await?)
        } else {
            (self.any_beyond(search, &page, page.after, list).await?, more)
        };
        Ok(Slice { rows, has_previous, has_next })
    }

    /// Whether a row stands at `cursor`, where the page was begun, or beyond it.
    async fn any_beyond(
        &self,
        search: &Search<'_>,
        page: &Page,
        cursor: Option<Position>,
        list: ListOf,
    ) -> Result<bool, StoreError> {
        let Some(cursor) = cursor else { return Ok(false) };
        let older = page.oldest_first != page.from_end;
        let stretch = if older {
            Stretch { above: Bound::Unbounded, below: Bound::Included(cursor) }
        } else {
            Stretch { above: Bound::Included(cursor), below: Bound::Unbounded }
        };
        let found = self.rows(search, Reading { stretch, oldest_first: !older, limit: 1 }, list).await?;
        Ok(!found.is_empty())
    }

    async fn rows(
        &self,
        search: &Search<'_>,
        reading: Reading,
        list: ListOf,
    ) -> Result<Vec<Call>, StoreError> {
        match list {
            ListOf::Calls => self.passing(search, reading).await,
            ListOf::Conversations => self.standing(search, reading).await,
        }
    }
}

/// The place of a call in a list.
pub(crate) fn position() -> SimpleExpr {
    Expr::tuple([
        Expr::col((call::Entity, call::Column::StartedAt)),
        Expr::col((call::Entity, call::Column::CallId)),
    ])
}

/// A place as a value.
pub(crate) fn tuple(position: Position) -> SimpleExpr {
    let call_id = i64::try_from(position.tie).unwrap_or(i64::MAX);
    Expr::tuple([Expr::val(position.at), Expr::val(call_id)])
}
