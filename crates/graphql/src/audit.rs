//! The audit log of a company.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::audit::AuditAction;
use domain::cursor::Position;
use store::{Chain, NumberedEntry, TenantAccess};

use crate::connection::{CursorScope, PAGE_ROWS_DEFAULT, PageInfo, rows};
use crate::error::ApiError;
use crate::services::{RequestState, require};

/// What cursors of this list belong to.
const QUESTION: &str = "audit";

/// A change that somebody made in a company.
#[derive(Clone, SimpleObject)]
pub(crate) struct AuditEntry {
    /// Its place in the log: 1, 2, 3 … without a gap.
    number: i32,
    /// When.
    at: DateTime<Utc>,
    /// Who, as they were called then.
    actor: String,
    /// The id of the person or the key; null for the operator.
    actor_id: Option<ID>,
    /// The address from which it was done; null when it is not known.
    address: Option<String>,
    /// What was done: a stable code such as `MEMBER_INVITED`.
    action: String,
    /// To what or whom.
    subject: String,
    /// What it became; null when there is nothing to say.
    detail: Option<String>,
}

/// Conditions on changes. Those that are given must all hold.
#[derive(Default, InputObject)]
pub(crate) struct AuditFilter {
    /// Who, as they were called then; the whole address or name, in any case.
    actor: Option<String>,
    /// What was done is one of these codes.
    actions: Option<Vec<String>>,
    /// Not before this moment.
    since: Option<DateTime<Utc>>,
    /// Before this moment.
    until: Option<DateTime<Utc>>,
}

/// A change and its cursor.
#[derive(SimpleObject)]
pub(crate) struct AuditEdge {
    /// The change.
    node: AuditEntry,
    /// Its place in the list.
    cursor: String,
}

/// Whether the log is as it was written.
#[derive(SimpleObject)]
pub(crate) struct AuditCheck {
    /// Whether every entry is as it was written, and none between them is missing.
    is_whole: bool,
    /// The number of the first entry that is not; null when all are.
    broken_at: Option<i32>,
}

/// A page of changes, newest first.
pub(crate) struct AuditConnection {
    access: TenantAccess,
    entries: Vec<NumberedEntry>,
    has_next: bool,
    has_previous: bool,
}

impl AuditFilter {
    fn read(self) -> Result<store::AuditFilter, ApiError> {
        let actions = actions(self.actions)?;
        Ok(store::AuditFilter { actor: self.actor, actions, since: self.since, until: self.until })
    }
}

/// The actions with these codes.
pub(crate) fn actions(codes: Option<Vec<String>>) -> Result<Option<Vec<AuditAction>>, ApiError> {
    let action = |code: &String| {
        let unknown = || ApiError::input("There is no such action among those of AuditEntry.action.");
        AuditAction::parse(code).ok_or_else(unknown)
    };
    codes.as_ref().map(|codes| codes.iter().map(action).collect()).transpose()
}

impl AuditConnection {
    pub(crate) async fn load(
        ctx: &Context<'_>,
        access: TenantAccess,
        first: Option<i32>,
        after: Option<String>,
        filter: AuditFilter,
    ) -> Result<Self, Error> {
        require(&access, Action::ReadAudit)?;
        let filter = filter.read()?;
        let scope = CursorScope::new(ctx, access.tenant(), QUESTION);
        let limit = rows("first", first)?.unwrap_or(PAGE_ROWS_DEFAULT.unsigned_abs().into());
        let after = scope.open(after.as_ref())?;
        let below = after.map_or(i64::MAX, |position| i64::try_from(position.tie).unwrap_or(i64::MAX));
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let mut entries =
            tx.audit_entries(&filter, below, limit.saturating_add(1)).await.map_err(ApiError::from)?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_next = entries.len() > most;
        entries.truncate(most);
        Ok(Self { access, entries, has_next, has_previous: after.is_some() })
    }

    fn cursor(&self, ctx: &Context<'_>, entry: &NumberedEntry) -> String {
        let scope = CursorScope::new(ctx, self.access.tenant(), QUESTION);
        let tie = u128::try_from(entry.number).unwrap_or_default();
        scope.seal(Position { at: entry.entry.at, tie })
    }
}

impl AuditCheck {
    pub(crate) async fn load(ctx: &Context<'_>, access: TenantAccess) -> Result<Self, Error> {
        require(&access, Action::ReadAudit)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        Ok(match tx.check_audit().await.map_err(ApiError::from)? {
            Chain::Whole(_) => Self { is_whole: true, broken_at: None },
            Chain::BrokenAt(number) => Self { is_whole: false, broken_at: Some(small(number)) },
        })
    }
}

/// A page of changes, newest first.
#[Object]
impl AuditConnection {
    /// The changes with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<AuditEdge> {
        let edge = |entry: &NumberedEntry| AuditEdge { node: node(entry), cursor: self.cursor(ctx, entry) };
        self.entries.iter().map(edge).collect()
    }

    /// The changes.
    async fn nodes(&self) -> Vec<AuditEntry> {
        self.entries.iter().map(node).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.entries.first().map(|entry| self.cursor(ctx, entry)),
            end_cursor: self.entries.last().map(|entry| self.cursor(ctx, entry)),
        }
    }
}

fn node(known: &NumberedEntry) -> AuditEntry {
    let entry = known.entry.clone();
    let said = |text: String| (!text.is_empty()).then_some(text);
    AuditEntry {
        number: small(known.number),
        at: entry.at,
        actor: entry.actor,
        actor_id: entry.actor_id.map(|id| ID(id.to_string())),
        address: said(entry.address),
        action: entry.action,
        subject: entry.subject,
        detail: said(entry.detail),
    }
}

fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
