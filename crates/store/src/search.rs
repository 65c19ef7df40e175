//! Searching in two steps: first the parties that the texts of a filter find, then their calls, in the order of the list.
//!
//! A planner that sees both at once has to guess how many parties a text finds, and reads every call of a company when
//! it guesses wrong. Knowing them, there are three ways to a page, none of which looks at all calls of a large company:
//!
//! - few parties: the next calls of each of them, merged;
//! - many parties: the next calls, tested one by one, because what many have is soon met; when it is not, all calls of
//!   the parties are gathered after all;
//! - no text, or one that only excludes: whatever PostgreSQL finds best.

use std::collections::BTreeSet;
use std::ops::Bound;

use domain::cursor::Position;
use domain::ids::TenantId;
use domain::search::CallFilter;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Value,
};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::calls::{Call, position, tuple};
use crate::entity::{belongs_to, call};
use crate::error::StoreError;
use crate::filter::{By, Conditions, Found, Parties, PartyText};

/// Parties whose calls are merged one by one. For more of them reading the next calls of each costs more than testing
/// calls.
const FEW_PARTIES_MAX: usize = 300;
/// Calls that are tested one by one before all calls of the parties are gathered.
const TESTED_CALLS_MAX: u64 = 5_000;

/// A part of the calls, between two places of their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) above: Bound<Position>,
    pub(crate) below: Bound<Position>,
}

impl Stretch {
    /// Whether `place`, a tuple of columns, lies within.
    fn holds(self, place: &SimpleExpr) -> SimpleExpr {
        let above = match self.above {
            Bound::Included(at) => Some(place.clone().gte(tuple(at))),
            Bound::Excluded(at) => Some(place.clone().gt(tuple(at))),
            Bound::Unbounded => None,
        };
        let below = match self.below {
            Bound::Included(at) => Some(place.clone().lte(tuple(at))),
            Bound::Excluded(at) => Some(place.clone().lt(tuple(at))),
            Bound::Unbounded => None,
        };
        above.into_iter().chain(below).fold(Expr::val(true), |all, one| all.and(one))
    }
}

/// What is read of a list: the first `limit` calls of a stretch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) stretch: Stretch,
    pub(crate) oldest_first: bool,
    pub(crate) limit: u64,
}

/// A filter whose texts were looked up.
pub(crate) struct Search<'a> {
    filter: &'a CallFilter,
    tenant: TenantId,
    found: Found,
}

/// How a page is found.
enum Way<'a> {
    /// A text that must hold finds nothing.
    Nothing,
    /// By the calls of a few parties that one text finds.
    Parties { text: &'a CallFilter, asked: PartyText, ids: &'a [Uuid] },
    /// By testing call after call.
    Calls,
    /// As PostgreSQL likes.
    Any,
}

impl TenantTx {
    /// Looks up the texts of a filter.
    pub(crate) async fn look_up<'a>(&self, filter: &'a CallFilter) -> Result<Search<'a>, StoreError> {
        let mut texts = Vec::new();
        collect_texts(filter, &mut texts);
        let mut found = Vec::with_capacity(texts.len());
        for (text, asked) in texts {
            let query = asked.query(self.tenant(), FEW_PARTIES_MAX + 1);
            let rows = self.connection().query_all_raw(query).await?;
            let parties = if rows.len() > FEW_PARTIES_MAX {
                Parties::Many
            } else {
                let ids = rows.iter().map(|row| row.try_get("", "party_id"));
                let ids: BTreeSet<Uuid> = ids.collect::<Result<_, _>>()?;
                Parties::Few(ids.into_iter().collect())
            };
            found.push((text.clone(), parties));
        }
        Ok(Search { filter, tenant: self.tenant(), found: Found::new(found) })
    }

    /// The first calls of a stretch that pass a filter.
    pub(crate) async fn passing(
        &self,
        search: &Search<'_>,
        reading: Reading,
    ) -> Result<Vec<Call>, StoreError> {
        let order = if reading.oldest_first { Order::Asc } else { Order::Desc };
        let read = async |narrowed: Condition| {
            let calls = self.select::<call::Entity>().filter(narrowed);
            let calls = calls.order_by(call::Column::StartedAt, order.clone());
            calls
                .order_by(call::Column::CallId, order.clone())
                .limit(reading.limit)
                .all(self.connection())
                .await
        };
        let found = match search.way() {
            Way::Nothing => return Ok(Vec::new()),
            Way::Parties { text, asked, ids } => {
                read(Condition::all().add(search.of_parties(text, &asked, ids, reading))).await?
            }
            Way::Calls => {
                let next = read(Condition::all().add(search.of_next_calls(reading))).await?;
                if next.len() as u64 == reading.limit {
                    return Ok(next);
                }
                read(search.condition().add(reading.stretch.holds(&position()))).await?
            }
            Way::Any => read(search.condition().add(reading.stretch.holds(&position()))).await?,
        };
        Ok(found)
    }
}

impl Search<'_> {
    /// The condition on `calls`, for counting and for whoever looks at every call anyway.
    pub(crate) fn condition(&self) -> Condition {
        // In an `all` of its own: what is added to it must hold too, also when the filter is an `any`.
        Condition::all().add(self.conditions(By::Set).of(self.filter))
    }

    fn conditions(&self, by: By) -> Conditions<'_> {
        Conditions { tenant: self.tenant, found: &self.found, by }
    }

    fn way(&self) -> Way<'_> {
        let mut way = Way::Any;
        let mut fewest = usize::MAX;
        for text in self.filter.conjuncts() {
            let (Some(parties), Some(asked)) = (self.found.of(text), PartyText::of(text)) else { continue };
            match parties {
                Parties::Few(ids) if ids.is_empty() && asked.call_id.is_none() => return Way::Nothing,
                Parties::Few(ids) if ids.len() < fewest => {
                    fewest = ids.len();
                    way = Way::Parties { text, asked, ids };
                }
                Parties::Many if matches!(way, Way::Any) => way = Way::Calls,
                Parties::Few(_) | Parties::Many => {}
            }
        }
        way
    }

    /// What else must hold; nothing when `text` is all that is asked.
    fn besides(&self, text: &CallFilter) -> Option<SimpleExpr> {
        let others: Vec<&CallFilter> =
            self.filter.conjuncts().into_iter().filter(|part| *part != text).collect();
        if others.is_empty() {
            return None;
        }
        let conditions = self.conditions(By::Call);
        let all = others.into_iter().fold(Condition::all(), |all, part| all.add(conditions.of(part)));
        Some(all.into())
    }

    /// The call is one of the first of a stretch that pass, found by the parties of `text`.
    fn of_parties(&self, text: &CallFilter, asked: &PartyText, ids: &[Uuid], reading: Reading) -> SimpleExpr {
        let order = if reading.oldest_first { "ASC" } else { "DESC" };
        let limit = reading.limit;
        let place = |table: &'static str| {
            Expr::tuple(
                ["started_at", "call_id"].map(|name| Expr::col((Alias::new(table), Alias::new(name)))),
            )
        };
        let besides = self.besides(text);
        let join = if besides.is_some() {
            "JOIN calls ON calls.tenant_id = link.tenant_id AND calls.call_id = link.call_id"
        } else {
            ""
        };
        let besides = besides.unwrap_or_else(|| Expr::val(true));
        let mut sql = format!(
            "\"calls\".\"call_id\" IN (SELECT one.call_id FROM (
                SELECT of_party.started_at, of_party.call_id FROM unnest($1::uuid[]) AS party (id)
                CROSS JOIN LATERAL (
                    SELECT link.started_at, link.call_id FROM call_parties link {join}
                    WHERE link.tenant_id = $2 AND link.party_id = party.id AND (link.sides & $3) <> 0
                      AND ($4) AND ($5)
                    ORDER BY link.started_at {order}, link.call_id {order} LIMIT {limit}) AS of_party"
        );
        let mut values = vec![
            Expr::val(Value::from(ids.to_vec())),
            Expr::val(self.tenant.0),
            Expr::val(asked.sides),
            reading.stretch.holds(&place("link")),
            besides.clone(),
        ];
        if let Some(call_id) = asked.call_id {
            sql.push_str(
                " UNION ALL SELECT calls.started_at, calls.call_id FROM calls
                  WHERE calls.tenant_id = $2 AND calls.call_id = $6 AND ($7) AND ($5)",
            );
            values.extend([Expr::val(call_id), reading.stretch.holds(&place("calls"))]);
        }
        sql.push_str(&format!(
            ") AS one GROUP BY one.started_at, one.call_id
              ORDER BY one.started_at {order}, one.call_id {order} LIMIT {limit})"
        ));
        Expr::cust_with_exprs(sql, values)
    }

    /// The call is one of the first of a stretch that pass, among the next calls of it.
    fn of_next_calls(&self, reading: Reading) -> SimpleExpr {
        let (texts, others): (Vec<&CallFilter>, Vec<&CallFilter>) =
            self.filter.conjuncts().into_iter().partition(|part| has_text(part));
        let conditions = self.conditions(By::Call);
        let all = |parts: Vec<&CallFilter>| {
            parts.into_iter().fold(Condition::all(), |all, part| all.add(conditions.of(part)))
        };
        let order = if reading.oldest_first { Order::Asc } else { Order::Desc };
        let next = Query::select()
            .expr(Expr::cust("\"calls\".*"))
            .from(call::Entity)
            .and_where(belongs_to::<call::Entity>(self.tenant))
            .cond_where(all(others))
            .and_where(reading.stretch.holds(&position()))
            .order_by((call::Entity, call::Column::StartedAt), order.clone())
            .order_by((call::Entity, call::Column::CallId), order.clone())
            .limit(TESTED_CALLS_MAX)
            .to_owned();
        let passing = Query::select()
            .column((call::Entity, call::Column::CallId))
            .from_subquery(next, call::Entity)
            .cond_where(all(texts))
            .order_by((call::Entity, call::Column::StartedAt), order.clone())
            .order_by((call::Entity, call::Column::CallId), order)
            .limit(reading.limit)
            .to_owned();
        call::Column::CallId.in_subquery(passing)
    }
}

/// The texts of a filter, each once.
fn collect_texts<'a>(filter: &'a CallFilter, texts: &mut Vec<(&'a CallFilter, PartyText)>) {
    match filter {
        CallFilter::All(parts) | CallFilter::Any(parts) => {
            parts.iter().for_each(|part| collect_texts(part, texts));
        }
        CallFilter::Not(inner) => collect_texts(inner, texts),
        one => {
            if let Some(asked) = PartyText::of(one)
                && texts.iter().all(|(known, _)| *known != one)
            {
                texts.push((one, asked));
            }
        }
    }
}

fn has_text(filter: &CallFilter) -> bool {
    let mut texts = Vec::new();
    collect_texts(filter, &mut texts);
    !texts.is_empty()
}
