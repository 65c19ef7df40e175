//! Reading conversations: calls that belong together.
//!
//! A conversation has no row of its own. In a list it stands where the oldest of its legs stands that passes the filter:
//! so the list is a walk over `calls` in their order, as for calls, and a leg that comes later moves nothing.

use std::collections::{HashMap, HashSet};

use domain::search::CallFilter;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, Value};

use crate::api::TenantTx;
use crate::calls::{Call, Count, TOTAL_COUNT_MAX};
use crate::counts::COUNTED_CALLS_MAX;
use crate::entity::call;
use crate::error::StoreError;
use crate::page::{ListOf, Page, Slice};
use crate::search::{Reading, Search};

/// Legs that are looked at first for those that stand for their conversations.
const LEGS_AT_ONCE_MIN: u64 = 20;
/// Legs that are looked at at once when many of those before stand for nothing.
const LEGS_AT_ONCE_MAX: u64 = 2_000;

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
        self.slice(&self.look_up(filter).await?, page, ListOf::Conversations).await
    }

    /// The first legs of a stretch that stand for their conversations.
    pub(crate) async fn standing(
        &self,
        search: &Search<'_>,
        reading: Reading,
    ) -> Result<Vec<Call>, StoreError> {
        let mut standing = Vec::new();
        let mut next = Reading { limit: Ord::max(reading.limit, LEGS_AT_ONCE_MIN), ..reading };
        loop {
            let legs = self.passing(search, next).await?;
            let oldest = self.oldest_passing(search, &legs).await?;
            let is_end = (legs.len() as u64) < next.limit;
            if let Some(last) = legs.last() {
                next = next.behind(last);
            }
            standing.extend(legs.into_iter().filter(|leg| oldest.contains(&leg.call_id)));
            if is_end || standing.len() as u64 >= reading.limit {
                break;
            }
            next.limit = Ord::min(next.limit * 2, LEGS_AT_ONCE_MAX);
        }
        standing.truncate(usize::try_from(reading.limit).unwrap_or(usize::MAX));
        Ok(standing)
    }

    /// The oldest leg that passes, of each conversation that one of `legs` belongs to.
    async fn oldest_passing(&self, search: &Search<'_>, legs: &[Call]) -> Result<HashSet<i64>, StoreError> {
        if legs.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<i64> = legs.iter().map(|leg| leg.call_id).collect();
        // Arrays, not joins: whatever the planner thinks of the tables, it can only look the legs up.
        let together = Expr::cust_with_values(
            "\"calls\".\"call_id\" = ANY (ARRAY (
                SELECT unnest($2::bigint[]) UNION SELECT member.call_id FROM conversation_legs member
                WHERE member.tenant_id = $1 AND member.conversation_id = ANY (ARRAY (
                    SELECT leg.conversation_id FROM conversation_legs leg
                    WHERE leg.tenant_id = $1 AND leg.call_id = ANY ($2)))))",
            [Value::from(self.tenant().0), Value::from(ids)],
        );
        let oldest = Query::select()
            .expr_as(Expr::cust("(array_agg(call_id ORDER BY started_at, call_id))[1]"), Alias::new("oldest"))
            .from(call::Entity)
            .and_where(self.seen())
            .and_where(together)
            .cond_where(search.condition_on_each())
            .add_group_by([conversation()])
            .to_owned();
        let rows = self.connection().query_all(&oldest).await?;
        Ok(rows.iter().map(|row| row.try_get("", "oldest")).collect::<Result<_, _>>()?)
    }

    /// How many conversations have a leg that passes `filter`, counted up to [`TOTAL_COUNT_MAX`] in at most
    /// [`COUNTED_CALLS_MAX`] legs.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count_conversations(&self, filter: &CallFilter) -> Result<Count, StoreError> {
        // All legs that pass, not one of each conversation: to find out for each whether it is the oldest costs more
        // than to count them.
        let search = self.look_up_to_count(filter).await?;
        let legs = Query::select()
            .expr_as(conversation(), Alias::new("conversation"))
            .from(call::Entity)
            .and_where(self.seen())
            .cond_where(search.condition())
            .limit(COUNTED_CALLS_MAX + 1)
            .to_owned();
        let each = Query::select()
            .expr_as(Expr::cust("count(*)"), Alias::new("legs"))
            .from_subquery(legs, Alias::new("leg"))
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
                SELECT * FROM calls WHERE tenant_id = $1 AND call_id = ANY (ARRAY (SELECT call_id FROM member)) AND SEEN
            )
            SELECT member.id AS asked_id, leg.* FROM member JOIN leg ON leg.call_id = member.call_id";
        let statement = self.raw_on_calls(sql, [ids.to_vec().into()]);
        let mut legs: HashMap<i64, Vec<Call>> = HashMap::new();
        for row in self.connection().query_all_raw(statement).await? {
            let asked: i64 = row.try_get("", "asked_id")?;
            legs.entry(asked).or_default().push(call::Model::from_query_result(&row, "")?);
        }
        Ok(legs)
    }
}

/// The id of the conversation of a call, as [`Call::conversation`].
fn conversation() -> SimpleExpr {
    Expr::col((call::Entity, call::Column::ConversationId))
        .if_null(Expr::col((call::Entity, call::Column::CallId)))
}
