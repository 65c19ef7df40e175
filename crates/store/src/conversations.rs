//! Reading conversations: calls that belong together.
//!
//! A conversation has no row of its own. In a list it stands where the oldest of its legs stands that passes the filter:
//! so the list is a walk over `calls` in their order, as for calls, and a leg that comes later moves nothing.

use std::collections::HashMap;

use domain::cursor::Position;
use domain::search::CallFilter;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait as _, DbBackend, FromQueryResult as _, Iterable as _, Statement};

use crate::api::TenantTx;
use crate::calls::{Call, Count, Page, Slice, TOTAL_COUNT_MAX};
use crate::counts::COUNTED_CALLS_MAX;
use crate::entity::{belongs_to, call};
use crate::error::StoreError;
use crate::filter::condition;

/// The legs that stand for their conversations, as the outer query names them.
const LEG: &str = "leg";
/// `conversation_legs`, as the inner query names it.
const MEMBER: &str = "member";

impl Call {
    /// The id of the conversation that the call belongs to: the smallest id of its legs.
    pub fn conversation(&self) -> i64 {
        // Without one it was folded by a version before, and stands alone until it is folded again.
        self.conversation_id.unwrap_or(self.call_id)
    }
}

impl TenantTx {
    /// The conversations of which a leg passes `filter`, each by the oldest leg that does: the part that `page` asks for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn conversations(&self, filter: &CallFilter, page: Page) -> Result<Slice<Call>, StoreError> {
        let legs = self.legs_in_order(filter, page.oldest_first != page.from_end, |legs| {
            for (cursor, behind) in [(page.after, true), (page.before, false)] {
                let Some(cursor) = cursor else { continue };
                let larger = behind == page.oldest_first;
                legs.and_where(if larger { place().gt(tuple(cursor)) } else { place().lt(tuple(cursor)) });
            }
            legs.limit(page.limit + 1);
        });
        let legs = call::Model::find_by_statement(DbBackend::Postgres.build(&legs));
        let mut rows = legs.all(self.connection()).await?;
        let more = rows.len() as u64 > page.limit;
        if more {
            rows.pop();
        }
        if page.from_end {
            rows.reverse();
        }
        // As in a list of calls: on the other side there is something when a row stands at or beyond the cursor.
        let (has_previous, has_next) = if page.from_end {
            (more, self.any_leg_beyond(filter, &page, page.before, false).await?)
        } else {
            (self.any_leg_beyond(filter, &page, page.after, true).await?, more)
        };
        Ok(Slice { rows, has_previous, has_next })
    }

    async fn any_leg_beyond(
        &self,
        filter: &CallFilter,
        page: &Page,
        cursor: Option<Position>,
        towards_start: bool,
    ) -> Result<bool, StoreError> {
        let Some(cursor) = cursor else { return Ok(false) };
        let older = page.oldest_first == towards_start;
        let found = self.legs_in_order(filter, !older, |legs| {
            legs.and_where(if older { place().lte(tuple(cursor)) } else { place().gte(tuple(cursor)) });
            legs.limit(1);
        });
        Ok(self.connection().query_one(&found).await?.is_some())
    }

    /// How many conversations have a leg that passes `filter`, counted up to [`TOTAL_COUNT_MAX`] in at most
    /// [`COUNTED_CALLS_MAX`] legs.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_conversations(&self, filter: &CallFilter) -> Result<Count, StoreError> {
        // All legs that pass, not one of each conversation: to find out for each whether it is the oldest costs more
        // than to count them.
        let own = Expr::col((call::Entity, call::Column::CallId));
        let conversation = Expr::col((call::Entity, call::Column::ConversationId)).if_null(own);
        let legs = Query::select()
            .expr_as(conversation, Alias::new("conversation"))
            .from(call::Entity)
            .and_where(belongs_to::<call::Entity>(self.tenant()))
            .cond_where(condition(filter, self.tenant()))
            .limit(COUNTED_CALLS_MAX + 1)
            .to_owned();
        let each = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("legs"))
            .from_subquery(legs, Alias::new(LEG))
            .group_by_col(Alias::new("conversation"))
            .to_owned();
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("count"))
            .expr_as(Expr::cust("coalesce(sum(legs), 0)::bigint"), Alias::new("legs"))
            .from_subquery(each, Alias::new("matching"))
            .to_owned();
        let row = self.connection().query_one(&count).await?;
        let number = |column: &str| {
            let read = row.as_ref().map(|row| row.try_get::<i64>("", column)).transpose()?;
            Ok::<_, StoreError>(u64::try_from(read.unwrap_or(0)).unwrap_or(0))
        };
        let counted = Count::capped(number("count")?, TOTAL_COUNT_MAX);
        Ok(Count { exact: counted.exact && number("legs")? <= COUNTED_CALLS_MAX, ..counted })
    }

    /// The legs of conversations, each of which is asked for by the id of any of its legs, also of one that never came. What
    /// is not there is left out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn conversation_legs(&self, ids: &[i64]) -> Result<HashMap<i64, Vec<Call>>, StoreError> {
        // One statement, because a conversation that was read a moment ago may be part of another one by now. An array, not
        // a join: whatever the planner thinks of the tables, it can only look the calls up.
        let sql = "WITH asked AS MATERIALIZED (
                SELECT asked.id, coalesce(leg.conversation_id, asked.id) AS conversation_id
                FROM UNNEST($2::bigint[]) AS asked (id)
                LEFT JOIN conversation_legs leg ON leg.tenant_id = $1 AND leg.call_id = asked.id
            ), member AS MATERIALIZED (
                SELECT id, conversation_id AS call_id FROM asked
                UNION SELECT asked.id, leg.call_id FROM asked
                JOIN conversation_legs leg ON leg.tenant_id = $1 AND leg.conversation_id = asked.conversation_id
            ), leg AS MATERIALIZED (
                SELECT * FROM calls WHERE tenant_id = $1 AND call_id = ANY (ARRAY (SELECT call_id FROM member))
            )
            SELECT member.id AS asked_id, leg.* FROM member JOIN leg ON leg.call_id = member.call_id";
        let values = [self.tenant().0.into(), ids.to_vec().into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let mut legs: HashMap<i64, Vec<Call>> = HashMap::new();
        for row in self.connection().query_all_raw(statement).await? {
            let asked: i64 = row.try_get("", "asked_id")?;
            legs.entry(asked).or_default().push(call::Model::from_query_result(&row, "")?);
        }
        Ok(legs)
    }

    /// The legs that stand for conversations, in the order of their place, narrowed by `narrow`.
    fn legs_in_order(
        &self,
        filter: &CallFilter,
        oldest_first: bool,
        narrow: impl FnOnce(&mut SelectStatement),
    ) -> SelectStatement {
        let order = if oldest_first { Order::Asc } else { Order::Desc };
        let mut legs = self.first_legs(filter);
        narrow(&mut legs);
        legs.order_by((Alias::new(LEG), call::Column::StartedAt), order.clone())
            .order_by((Alias::new(LEG), call::Column::CallId), order);
        legs
    }

    /// The oldest leg of each conversation that passes `filter`.
    fn first_legs(&self, filter: &CallFilter) -> SelectStatement {
        let passing = Query::select()
            .columns(call::Column::iter().map(|column| (call::Entity, column)))
            .from(call::Entity)
            .and_where(belongs_to::<call::Entity>(self.tenant()))
            .cond_where(condition(filter, self.tenant()))
            .to_owned();
        let member = |column: &'static str| Expr::col((Alias::new(MEMBER), Alias::new(column)));
        let older = Query::select()
            .expr(Expr::val(1))
            .from_as(Alias::new("conversation_legs"), Alias::new(MEMBER))
            .from(call::Entity)
            .and_where(member("tenant_id").eq(self.tenant().0))
            .and_where(member("conversation_id").equals((Alias::new(LEG), call::Column::ConversationId)))
            .and_where(belongs_to::<call::Entity>(self.tenant()))
            .and_where(member("call_id").equals((call::Entity, call::Column::CallId)))
            .and_where(crate::calls::position().lt(place()))
            .cond_where(condition(filter, self.tenant()))
            // Keeps the planner from turning the question into a join with all conversations there are: it is asked
            // for the few legs of a page.
            .offset(0)
            .to_owned();
        Query::select()
            .columns(call::Column::iter().map(|column| (Alias::new(LEG), column)))
            .from_subquery(passing, Alias::new(LEG))
            .and_where(Expr::exists(older).not())
            .to_owned()
    }
}

/// The place of a leg that stands for its conversation.
fn place() -> SimpleExpr {
    Expr::tuple([
        Expr::col((Alias::new(LEG), call::Column::StartedAt)),
        Expr::col((Alias::new(LEG), call::Column::CallId)),
    ])
}

fn tuple(position: Position) -> SimpleExpr {
    crate::calls::tuple(position)
}
