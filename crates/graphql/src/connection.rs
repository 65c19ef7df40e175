//! Relay's connections: pages by keyset, in both directions.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use domain::cursor::Position;
use domain::ids::TenantId;
use store::{Count, Page};

use crate::error::ApiError;
use crate::services::RequestState;

/// Rows of a page.
pub(crate) const PAGE_ROWS_MAX: i32 = 200;
/// Rows of a page when nothing is asked for.
pub(crate) const PAGE_ROWS_DEFAULT: i32 = 50;

/// Where a page stands in its list.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether there is something behind the last edge.
    pub(crate) has_next_page: bool,
    /// Whether there is something before the first edge.
    pub(crate) has_previous_page: bool,
    /// The cursor of the first edge.
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the last edge.
    pub(crate) end_cursor: Option<String>,
}

/// How many there are. Counting stops at 25,000, and in some histograms at 100,000; `exact` says whether it did.
pub(crate) struct TotalCount(pub(crate) Count);

/// How many there are. Counting stops at 25,000, and in some histograms at 100,000; `exact` says whether it did.
#[Object]
impl TotalCount {
    /// The number; when it is not exact, there are more.
    async fn value(&self) -> i32 {
        i32::try_from(self.0.value).unwrap_or(i32::MAX)
    }

    /// Whether the number is exact.
    async fn exact(&self) -> bool {
        self.0.exact
    }
}

/// The order of a list of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum CallOrder {
    /// Newest first.
    #[default]
    StartedDesc,
    /// Oldest first.
    StartedAsc,
}

/// The arguments that pick a page.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct PageArguments {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

/// A list whose cursors belong to one company and one question.
pub(crate) struct CursorScope<'a> {
    pub(crate) state: &'a RequestState,
    pub(crate) tenant: TenantId,
    pub(crate) question: &'a str,
}

impl<'a> CursorScope<'a> {
    pub(crate) fn new(ctx: &Context<'a>, tenant: TenantId, question: &'a str) -> Self {
        Self { state: RequestState::of(ctx), tenant, question }
    }

    pub(crate) fn seal(&self, position: Position) -> String {
        self.state.cursors.seal(self.tenant, self.question, position)
    }

    pub(crate) fn open(&self, cursor: Option<&String>) -> Result<Option<Position>, ApiError> {
        let open = |cursor: &String| self.state.cursors.open(self.tenant, self.question, cursor);
        cursor.map(|cursor| open(cursor).ok_or(ApiError::BadCursor)).transpose()
    }
}

impl PageArguments {
    /// The page that is asked for.
    pub(crate) fn page(&self, oldest_first: bool, scope: &CursorScope<'_>) -> Result<Page, ApiError> {
        if self.first.is_some() && self.last.is_some() {
            return Err(ApiError::input("Ask for the first rows or for the last rows, not for both."));
        }
        let limit = rows("first", self.first)?.or(rows("last", self.last)?);
        Ok(Page {
            oldest_first,
            after: scope.open(self.after.as_ref())?,
            before: scope.open(self.before.as_ref())?,
            from_end: self.last.is_some(),
            limit: limit.unwrap_or(PAGE_ROWS_DEFAULT.unsigned_abs().into()),
        })
    }
}

/// Checks a number of rows.
pub(crate) fn rows(name: &str, asked: Option<i32>) -> Result<Option<u64>, ApiError> {
    match asked {
        None => Ok(None),
        Some(rows) if (1..=PAGE_ROWS_MAX).contains(&rows) => Ok(Some(u64::from(rows.unsigned_abs()))),
        Some(rows) => Err(ApiError::input(format!("{name} is {rows}: ask for 1 to {PAGE_ROWS_MAX} rows."))),
    }
}

/// What a page costs: its rows times what one row costs.
pub(crate) fn page_cost(rows: Option<i32>, row_cost: usize) -> usize {
    let rows = rows.unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, PAGE_ROWS_MAX);
    usize::try_from(rows).unwrap_or(1).saturating_mul(row_cost)
}
