//! Facets: how many of the calls that pass a filter are inbound, missed, of this person and so on.
//!
//! Facets that the filter says nothing about are counted together, by one statement that reads each call once; a facet
//! with a condition of its own is counted over other calls, so it has a statement of its own. Both see the newest
//! [`TOTAL_COUNT_MAX`] calls, so they cost the same however many there are.

use domain::parties::group_party;
use domain::search::{CallFilter, Facet};
use domain::state::{CallState, Direction, Outcome};
use sea_orm::sea_query::{PostgresQueryBuilder, SimpleExpr};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DbBackend, QueryResult, Statement};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::calls::{Count, TOTAL_COUNT_MAX};
use crate::entity::call;
use crate::error::StoreError;
use crate::filter::{has_voicemail, is_true};

/// Parties of one group that are looked at for its name.
const NAMES_OF_GROUP_MAX: i64 = 100;

/// How many calls have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<T> {
    /// The value.
    pub value: T,
    /// How many calls.
    pub count: Count,
}

/// A group of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As Dialpad writes it: `CallCenter:…`.
    pub id: String,
    /// The name of the party that it is, when one is known.
    pub name: Option<String>,
}

/// The values of facets; empty for those that were not counted. The most frequent comes first, and those that are as
/// frequent stand in their own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By direction.
    pub direction: Vec<Counted<Direction>>,
    /// By state.
    pub state: Vec<Counted<CallState>>,
    /// By outcome.
    pub outcome: Vec<Counted<Outcome>>,
    /// By the party that is the call's target.
    pub person: Vec<Counted<Uuid>>,
    /// By group.
    pub group: Vec<Counted<Group>>,
    /// By whether it was recorded.
    pub recorded: Vec<Counted<bool>>,
    /// By whether a voicemail was left.
    pub voicemail: Vec<Counted<bool>>,
}

impl TenantTx {
    /// How many calls that pass `filter` have which values, each facet without the filter's own condition on it; at most
    /// `most` values of each.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn facets(
        &self,
        filter: &CallFilter,
        wanted: &[Facet],
        most: usize,
    ) -> Result<Facets, StoreError> {
        let mut facets = Facets::default();
        let (alone, together): (Vec<Facet>, Vec<Facet>) =
            wanted.iter().partition(|facet| facet.is_asked_in(filter));
        if !together.is_empty() {
            self.count_together(filter, &together, most, &mut facets).await?;
        }
        for facet in alone {
            self.count_together(&filter.without(facet), &[facet], most, &mut facets).await?;
        }
        let groups: Vec<&str> = facets.group.iter().map(|group| group.value.id.as_str()).collect();
        let names = self.group_names(&groups).await?;
        for (group, name) in facets.group.iter_mut().zip(names) {
            group.value.name = name;
        }
        Ok(facets)
    }

    /// Counts the values of `facets` in the calls that pass `filter`.
    async fn count_together(
        &self,
        filter: &CallFilter,
        facets: &[Facet],
        most: usize,
        counted: &mut Facets,
    ) -> Result<(), StoreError> {
        let mut newest = self.newest(filter, TOTAL_COUNT_MAX + 1).await?;
        for (at, facet) in facets.iter().enumerate() {
            newest.expr_as(expression(*facet), format!("value{at}"));
        }
        let (newest, values) = newest.build(PostgresQueryBuilder);
        let columns: Vec<String> = (0..facets.len()).map(|at| format!("value{at}")).collect();
        let columns = columns.join(", ");
        // Few calls differ in everything: what is alike is counted first, and each facet adds that up.
        let of_facet = |at: usize| {
            format!(
                "(SELECT {at} AS facet, value{at}::text AS value, sum(calls)::bigint AS calls
                  FROM alike WHERE value{at} IS NOT NULL GROUP BY value{at}
                  ORDER BY 3 DESC, value{at} LIMIT {most})"
            )
        };
        let of_facets: Vec<String> = (0..facets.len()).map(of_facet).collect();
        let sql = format!(
            "WITH newest AS ({newest}),
                  alike AS MATERIALIZED (SELECT {columns}, count(*) AS calls FROM newest GROUP BY {columns})
             SELECT facet, value, calls, (SELECT sum(calls) FROM alike)::bigint AS of_all FROM ({}) AS counted",
            of_facets.join(" UNION ALL ")
        );
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        for row in self.connection().query_all_raw(statement).await? {
            let facet: i32 = row.try_get("", "facet")?;
            if let Some(facet) = usize::try_from(facet).ok().and_then(|at| facets.get(at)) {
                counted.add(*facet, &row)?;
            }
        }
        Ok(())
    }

    /// The name of each group's party; the one of the newest call when it had several.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn group_names(&self, groups: &[&str]) -> Result<Vec<Option<String>>, StoreError> {
        const SQL: &str = "
            SELECT wanted.place, named.name
            FROM UNNEST($2::text[], $3::text[]) WITH ORDINALITY AS wanted (kind, term, place)
            CROSS JOIN LATERAL (
                SELECT party.name, link.started_at, party.party_id
                FROM (SELECT party_id FROM party_terms
                      WHERE tenant_id = $1 AND term = wanted.term LIMIT $4) AS found
                JOIN parties AS party ON party.tenant_id = $1 AND party.party_id = found.party_id
                CROSS JOIN LATERAL (
                    SELECT started_at FROM call_parties
                    WHERE tenant_id = $1 AND party_id = party.party_id ORDER BY started_at DESC LIMIT 1) AS link
                WHERE party.kind = wanted.kind AND party.name IS NOT NULL
                ORDER BY link.started_at DESC, party.party_id LIMIT 1) AS named";
        // A group that can be no party gets a term that nothing has.
        let wanted = groups.iter().map(|group| group_party(group).unwrap_or_default());
        let (kinds, terms): (Vec<String>, Vec<String>) = wanted.unzip();
        let values = [self.tenant().0.into(), kinds.into(), terms.into(), NAMES_OF_GROUP_MAX.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, SQL, values);
        let mut names = vec![None; groups.len()];
        for row in self.connection().query_all_raw(statement).await? {
            let place: i64 = row.try_get("", "place")?;
            if let Some(name) = usize::try_from(place - 1).ok().and_then(|place| names.get_mut(place)) {
                *name = row.try_get("", "name")?;
            }
        }
        Ok(names)
    }
}

impl Facets {
    /// Adds what a row says of a facet.
    fn add(&mut self, facet: Facet, row: &QueryResult) -> Result<(), StoreError> {
        let value: String = row.try_get("", "value")?;
        let (calls, of_all): (i64, i64) = (row.try_get("", "calls")?, row.try_get("", "of_all")?);
        let exact = of_all.unsigned_abs() <= TOTAL_COUNT_MAX;
        let count = Count { value: Ord::min(calls.unsigned_abs(), TOTAL_COUNT_MAX), exact };
        let wrong = |column| StoreError::Inconsistent { table: "calls", column };
        match facet {
            Facet::Direction => self.direction.push(Counted { value: Direction::parse(&value), count }),
            Facet::State => self.state.push(Counted { value: CallState::parse(&value), count }),
            Facet::Outcome => {
                let value = Outcome::parse(&value).ok_or_else(|| wrong("outcome"))?;
                self.outcome.push(Counted { value, count });
            }
            Facet::Person => {
                let value = value.parse().map_err(|_| wrong("target_party"))?;
                self.person.push(Counted { value, count });
            }
            Facet::Group => {
                self.group.push(Counted { value: Group { id: value, name: None }, count });
            }
            Facet::Recorded => self.recorded.push(Counted { value: value == "true", count }),
            Facet::Voicemail => self.voicemail.push(Counted { value: value == "true", count }),
        }
        Ok(())
    }
}

/// What a facet counts by.
fn expression(facet: Facet) -> SimpleExpr {
    match facet {
        Facet::Direction => call::Column::Direction.into_expr(),
        Facet::State => call::Column::State.into_expr(),
        Facet::Outcome => call::Column::Outcome.into_expr(),
        Facet::Person => call::Column::TargetParty.into_expr(),
        Facet::Group => call::Column::GroupId.into_expr(),
        // What Dialpad did not say counts as "no", as in the filter.
        Facet::Recorded => is_true(call::Column::WasRecorded.into_expr()),
        Facet::Voicemail => is_true(has_voicemail()),
    }
}
