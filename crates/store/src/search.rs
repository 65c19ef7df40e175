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
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait as _, QueryResult, QueryTrait as _, Value};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::calls::Call;
use crate::entity::call;
use crate::error::StoreError;
use crate::filter::{By, Conditions, Found, Parties, PartyText};
use crate::page::{position, tuple};
use crate::seen::Scope;

/// Parties whose calls are merged one by one. For more of them reading the next calls of each costs more than testing
/// calls.
const FEW_PARTIES_MAX: usize = 1_000;
/// Parties that are gathered before calls are tested for them. Of more of them a call is met so soon that asking for the
/// terms of those on each call costs less. Below the terms that are looked at for text in the middle before its index is.
const SOME_PARTIES_MAX: usize = 4_000;
/// Calls that are tested one by one before all calls of the parties are gathered.
const TESTED_CALLS_MAX: u64 = 5_000;
/// Calls of a few parties that are named when calls are counted. Of more it costs less to look at all calls.
const NAMED_CALLS_MAX: usize = 20_000;

/// A part of the calls, between two places of their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) above: Bound<Position>,
    pub(crate) below: Bound<Position>,
}

impl Stretch {
    /// What is left of it behind a call.
    fn behind(self, call: &Call, oldest_first: bool) -> Self {
        let here =
            Bound::Excluded(Position { at: call.started_at, tie: u128::try_from(call.call_id).unwrap_or(0) });
        if oldest_first { Self { above: here, ..self } } else { Self { below: here, ..self } }
    }

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

impl Reading {
    /// What comes behind a call of the same list.
    pub(crate) fn behind(self, call: &Call) -> Self {
        Self { stretch: self.stretch.behind(call, self.oldest_first), ..self }
    }
}

/// A filter whose texts were looked up.
pub(crate) struct Search<'a> {
    filter: &'a CallFilter,
    tenant: TenantId,
    found: Found,
    /// That a call is seen, when not all of the company are.
    seen: Option<SimpleExpr>,
    /// A text that must hold, and all calls that it finds.
    named: Option<(CallFilter, Vec<i64>)>,
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
        for (text, mut asked) in texts {
            if let Some(query) = asked.rarity_query(self.tenant(), FEW_PARTIES_MAX) {
                let rows = self.connection().query_all_raw(query).await?;
                let parties = rows.iter().map(|row| row.try_get("", "parties"));
                asked.rarest_first(&parties.collect::<Result<Vec<_>, _>>()?);
            }
            found.push((text.clone(), self.found_by(&asked).await?));
        }
        let seen = self.scope().map(Scope::condition);
        Ok(Search { filter, tenant: self.tenant(), found: Found::new(found), seen, named: None })
    }

    /// Looks up the texts of a filter to count what passes it. The calls of few parties are listed, so that only these are
    /// looked at: a planner that knows the parties alone looks at every call of the company to find theirs.
    pub(crate) async fn look_up_to_count<'a>(
        &self,
        filter: &'a CallFilter,
    ) -> Result<Search<'a>, StoreError> {
        let mut search = self.look_up(filter).await?;
        let Way::Parties { text, asked, ids } = search.way() else { return Ok(search) };
        let text = text.clone();
        let sql = "SELECT array_agg(call_id) AS calls FROM (
                     SELECT call_id FROM call_parties
                     WHERE tenant_id = $1 AND party_id = ANY ($2) AND (sides & $3) <> 0 LIMIT $4) AS first";
        let most = i64::try_from(NAMED_CALLS_MAX + 1).unwrap_or(i64::MAX);
        let values = [ids.to_vec().into(), asked.sides.into(), most.into()];
        let row = self.connection().query_one_raw(self.raw(sql, values)).await?;
        let calls: Option<Vec<i64>> = row.map(|row| row.try_get("", "calls")).transpose()?.flatten();
        let mut calls = calls.unwrap_or_default();
        if calls.len() <= NAMED_CALLS_MAX {
            calls.extend(asked.call_id);
            search.named = Some((text, calls));
        }
        Ok(search)
    }

    async fn found_by(&self, asked: &PartyText) -> Result<Parties, StoreError> {
        let query = asked.query(self.tenant(), SOME_PARTIES_MAX + 1);
        let row = self.connection().query_one_raw(query).await?;
        let found: Option<Vec<Uuid>> = row.map(|row| row.try_get("", "parties")).transpose()?.flatten();
        let found = found.unwrap_or_default();
        if found.len() > SOME_PARTIES_MAX {
            return Ok(Parties::Many);
        }
        let of = if found.len() <= FEW_PARTIES_MAX { Parties::Few } else { Parties::Some };
        Ok(of(found.into_iter().collect::<BTreeSet<_>>().into_iter().collect()))
    }

    /// The first calls of a stretch that pass a filter.
    pub(crate) async fn passing(
        &self,
        search: &Search<'_>,
        reading: Reading,
    ) -> Result<Vec<Call>, StoreError> {
        let rows = self.rows_passing(search, reading, self.select_calls().into_query()).await?;
        rows.iter().map(|row| Ok(Call::read(row)?)).collect()
    }

    /// The same, of each what `columns` selects of the calls of the company.
    pub(crate) async fn rows_passing(
        &self,
        search: &Search<'_>,
        reading: Reading,
        columns: SelectStatement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let order = if reading.oldest_first { Order::Asc } else { Order::Desc };
        let mut rows = Vec::new();
        for narrowed in search.ways(reading) {
            let calls = columns
                .clone()
                .cond_where(narrowed)
                .order_by((call::Entity, call::Column::StartedAt), order.clone())
                .order_by((call::Entity, call::Column::CallId), order.clone())
                .limit(reading.limit)
                .to_owned();
            rows = self.connection().query_all(&calls).await?;
            if rows.len() as u64 == reading.limit {
                break;
            }
        }
        Ok(rows)
    }
}

impl Search<'_> {
    /// The condition on `calls`, for counting and for whoever looks at every call anyway.
    pub(crate) fn condition(&self) -> Condition {
        if let Some((text, calls)) = &self.named {
            let is_named = Expr::cust_with_values("\"calls\".\"call_id\" = ANY ($1)", [calls.clone()]);
            let others = self.filter.conjuncts().into_iter().filter(|part| *part != text);
            let conditions = self.conditions(By::Call);
            return others.fold(Condition::all().add(is_named), |all, part| all.add(conditions.of(part)));
        }
        // In an `all` of its own: what is added to it must hold too, also when the filter is an `any`.
        Condition::all().add(self.conditions(By::Set).of(self.filter))
    }

    /// The condition on `calls`, for testing the few that something else says.
    pub(crate) fn condition_on_each(&self) -> Condition {
        Condition::all().add(self.conditions(By::Call).of(self.filter))
    }

    fn conditions(&self, by: By) -> Conditions<'_> {
        Conditions { tenant: self.tenant, found: &self.found, by }
    }

    /// The conditions for the first calls of a stretch that pass. Each finds only calls that do, but only the last finds
    /// them all: it is asked when those before it do not find as many as are read.
    fn ways(&self, reading: Reading) -> Vec<Condition> {
        let whole = || self.condition().add(reading.stretch.holds(&position()));
        match self.way() {
            Way::Nothing => Vec::new(),
            Way::Parties { text, asked, ids } => {
                vec![Condition::all().add(self.of_parties(text, &asked, ids, reading))]
            }
            Way::Calls => vec![Condition::all().add(self.of_next_calls(reading)), whole()],
            Way::Any => vec![whole()],
        }
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
                Parties::Some(_) | Parties::Many if matches!(way, Way::Any) => way = Way::Calls,
                Parties::Few(_) | Parties::Some(_) | Parties::Many => {}
            }
        }
        way
    }

    /// What else must hold; nothing when `text` is all that is asked.
    fn besides(&self, text: &CallFilter) -> Option<SimpleExpr> {
        let others: Vec<&CallFilter> =
            self.filter.conjuncts().into_iter().filter(|part| *part != text).collect();
        if others.is_empty() {
            return self.seen.clone();
        }
        let conditions = self.conditions(By::Call);
        let all = Condition::all().add_option(self.seen.clone());
        Some(others.into_iter().fold(all, |all, part| all.add(conditions.of(part))).into())
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
            .and_where(call::Column::TenantId.eq(self.tenant.0))
            .cond_where(Condition::all().add_option(self.seen.clone()))
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
