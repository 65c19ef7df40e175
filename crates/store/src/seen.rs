//! Which calls somebody sees: those of the company, or of it only those of some groups and people.
//!
//! A call is of a group when it says so, and when the group is its target, its entry point or the caller id that was
//! shown. Every statement about calls begins here, so that none can forget it; `call` is no `TenantEntity`.

use domain::group_scope::spellings;
use domain::ids::{TenantId, UserId};
use domain::parties::group_party;
use domain::search::{CallFilter, Tallied};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, Select, Statement,
    Value,
};
use uuid::Uuid;

use crate::api::TenantTx;
use crate::entity::call;
use crate::error::StoreError;
use crate::transaction::Transaction;

/// Parties of one scope, the newest content of each first: a person who is renamed is another party.
const SCOPE_PARTIES_MAX: i64 = 10_000;

/// The groups and people whose calls somebody sees.
#[derive(Debug)]
pub(crate) struct Scope {
    /// As they were chosen.
    groups: Vec<String>,
    /// As calls may write them.
    spellings: Vec<String>,
    /// All parties that they are or were.
    parties: Vec<Uuid>,
}

impl Scope {
    /// Reads the scope of a member, as it is now. Whoever is not in the company any more sees nothing.
    pub(crate) async fn read(
        transaction: &Transaction,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT group_scope FROM memberships WHERE tenant_id = $1 AND user_id = $2";
        let values: [Value; 2] = [tenant.0.into(), user.0.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let groups: Option<Vec<String>> = match transaction.query_one_raw(statement).await? {
            Some(row) => row.try_get("", "group_scope")?,
            None => Some(Vec::new()),
        };
        let Some(groups) = groups else { return Ok(None) };
        let (kinds, terms): (Vec<String>, Vec<String>) =
            groups.iter().filter_map(|group| group_party(group)).unzip();
        let sql = "SELECT party.party_id FROM UNNEST($2::text[], $3::text[]) AS wanted (kind, term)
                   JOIN party_terms term ON term.tenant_id = $1 AND term.term = wanted.term
                   JOIN parties party ON party.tenant_id = $1 AND party.party_id = term.party_id
                   WHERE party.kind = wanted.kind LIMIT $4";
        let values: [Value; 4] = [tenant.0.into(), kinds.into(), terms.into(), SCOPE_PARTIES_MAX.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let rows = transaction.query_all_raw(statement).await?;
        let parties = rows.iter().map(|row| row.try_get("", "party_id")).collect::<Result<_, _>>()?;
        let spellings = groups.iter().flat_map(|group| spellings(group)).collect();
        Ok(Some(Self { groups, spellings, parties }))
    }

    /// That a call is of one of them. `$1` are the groups, `$2` the parties.
    const SQL: &str = "(\"calls\".\"group_id\" = ANY ($1) OR \"calls\".\"target_party\" = ANY ($2)
        OR \"calls\".\"entry_point_party\" = ANY ($2) OR \"calls\".\"proxy_target_party\" = ANY ($2))";

    fn values(&self) -> [Value; 2] {
        [self.spellings.clone().into(), self.parties.clone().into()]
    }

    /// The condition on `calls` that one is of them.
    pub(crate) fn condition(&self) -> SimpleExpr {
        Expr::cust_with_values(Self::SQL, self.values())
    }
}

impl TenantTx {
    /// The condition that every statement about calls begins with: the company's, and seen by who asks.
    pub(crate) fn seen(&self) -> SimpleExpr {
        let of_company = call::Column::TenantId.eq(self.tenant().0);
        match self.scope() {
            Some(scope) => of_company.and(scope.condition()),
            None => of_company,
        }
    }

    /// The groups and people whose calls are seen; `None`: all calls are.
    pub fn own_group_scope(&self) -> Option<&[String]> {
        self.scope().map(|scope| scope.groups.as_slice())
    }

    /// The calls that are seen.
    #[expect(clippy::disallowed_methods, reason = "this is the place that adds who sees them")]
    pub(crate) fn select_calls(&self) -> Select<call::Entity> {
        call::Entity::find().filter(self.seen())
    }

    /// A statement about calls that is written out: `$1` is the company, and `SEEN` stands where a condition on the rows
    /// of `calls` can.
    pub(crate) fn raw_on_calls<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        let mut values: Vec<Value> = std::iter::once(self.tenant().0.into()).chain(values).collect();
        let condition = match self.scope() {
            Some(scope) => {
                let next = values.len();
                values.extend(scope.values());
                Scope::SQL.replace("$2", &format!("${}", next + 2)).replace("$1", &format!("${}", next + 1))
            }
            None => "true".to_owned(),
        };
        Statement::from_sql_and_values(DbBackend::Postgres, sql.replace("SEEN", &condition), values)
    }

    /// What a filter asks of the tallies, which count all calls of a company: nothing for who does not see them all.
    pub(crate) fn tallied(&self, filter: &CallFilter) -> Option<Tallied> {
        if self.scope().is_some() { None } else { filter.tallied() }
    }
}
