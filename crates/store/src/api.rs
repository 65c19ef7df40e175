//! The door for people: one company's data, behind two walls.
//!
//! Wall one is here: [`TenantTx`] is the only way to a company's rows, and puts `tenant_id = …` on every query itself.
//! Wall two is PostgreSQL's: the transaction names the company, and row-level security shows nothing else.

use chrono::{DateTime, Utc};
use domain::access::{Action, Role, ScopeSet, allows, allows_scoped};
use domain::ids::{TenantId, UserId};
use sea_orm::{ConnectionTrait as _, DbBackend, QueryFilter as _, Select, Statement, Value};
use sqlx::postgres::PgPool;

use crate::entity::{self, TenantEntity, belongs_to};
use crate::error::StoreError;
use crate::export::{EXPORT_CONNECTIONS_MAX, EXPORT_STATEMENT_TIMEOUT};
use crate::migrate::{DbRole, Logins};
use crate::pool;
use crate::seen::Scope;
use crate::transaction::Transaction;

/// Connections for answering people.
const API_CONNECTIONS_MAX: u32 = 12;

/// Connections for live updates.
const LIVE_CONNECTIONS_MAX: u32 = 3;

/// The right to work in one company, with a role. Made only where a session, an API key or a new company was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantAccess {
    tenant: TenantId,
    role: Role,
    /// Of what the role may do, a key may do these; `None`: all of it.
    scopes: Option<ScopeSet>,
    /// The member who sees the calls of some groups only; which, is read when a transaction begins.
    scoped: Option<UserId>,
}

impl TenantAccess {
    pub(crate) fn new(tenant: TenantId, role: Role) -> Self {
        Self::of_key(tenant, role, None)
    }

    /// The right of a member, who may be scoped to groups.
    pub(crate) fn of_member(tenant: TenantId, role: Role, user: UserId, is_scoped: bool) -> Self {
        Self { scoped: is_scoped.then_some(user), ..Self::new(tenant, role) }
    }

    pub(crate) fn of_key(tenant: TenantId, role: Role, scopes: Option<ScopeSet>) -> Self {
        Self { tenant, role, scopes, scoped: None }
    }

    /// The company.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What the person or key is there.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The member who sees the calls of some groups only; `None`: all calls are seen.
    pub fn scoped(&self) -> Option<UserId> {
        self.scoped
    }

    /// Whether the role may do `action`, and the key, if it is one.
    pub fn allows(&self, action: Action) -> bool {
        let may = if self.scoped.is_some() { allows_scoped } else { allows };
        may(self.role, action) && self.scopes.is_none_or(|scopes| scopes.opens(action))
    }
}

/// A company as its people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    /// Its id.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Its part of the address of every page.
    pub slug: String,
    /// IANA time zone: decides where a day begins.
    pub time_zone: String,
    /// When it signed up.
    pub created_at: DateTime<Utc>,
    /// From when on nobody without a second factor enters it.
    pub second_factor_from: Option<DateTime<Utc>>,
    /// From when on everything of it is erased.
    pub erase_at: Option<DateTime<Utc>>,
}

/// Opens [`TenantTx`]s. Connects as the role that row-level security holds to one company.
#[derive(Clone)]
pub struct Api {
    pool: PgPool,
}

impl Api {
    /// Connections are opened when they are first needed.
    pub fn new(logins: &Logins) -> Self {
        let options = logins.options(DbRole::Api);
        Self { pool: pool::lazy_telling(options, API_CONNECTIONS_MAX, logins.people_backend()) }
    }

    /// The same door with connections of its own, for exports: each of their statements may take longer than a person
    /// would wait.
    pub fn for_exports(logins: &Logins) -> Self {
        let timeout = EXPORT_STATEMENT_TIMEOUT.as_millis().to_string();
        let options = logins.options(DbRole::Api).options([("statement_timeout", timeout)]);
        Self { pool: pool::lazy_patient(options, EXPORT_CONNECTIONS_MAX, logins.people_backend()) }
    }

    /// The same door with connections of its own, for live updates: however many people watch, they take no more.
    pub fn for_live_updates(logins: &Logins) -> Self {
        let options = logins.options(DbRole::Api);
        Self { pool: pool::lazy_patient(options, LIVE_CONNECTIONS_MAX, logins.people_backend()) }
    }

    /// Begins a transaction in the company of `access`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is to be had within a second.
    pub async fn begin(&self, access: &TenantAccess) -> Result<TenantTx, StoreError> {
        // A statement, not `set_config`: Citus forwards only the statement to its workers. A uuid needs no quoting.
        let statements = format!("BEGIN; SET LOCAL app.tenant_id = '{}'", access.tenant);
        let transaction = Transaction::begin(&self.pool, statements).await?;
        let scope = match access.scoped {
            Some(user) => Scope::read(&transaction, access.tenant, user).await?,
            None => None,
        };
        Ok(TenantTx { transaction, access: *access, scope })
    }
}

/// A transaction that sees one company. Dropped without [`TenantTx::commit`], it changes nothing.
pub struct TenantTx {
    transaction: Transaction,
    access: TenantAccess,
    scope: Option<Scope>,
}

impl TenantTx {
    /// The company of this transaction.
    pub fn tenant(&self) -> TenantId {
        self.access.tenant
    }

    /// Keeps what was changed.
    ///
    /// # Errors
    /// [`StoreError`] when the change did not become durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await
    }

    /// The company itself.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn company(&self) -> Result<Option<Company>, StoreError> {
        let row = self.select::<entity::tenant::Entity>().one(self.connection()).await?;
        Ok(row.map(|row| Company {
            tenant: TenantId(row.tenant_id),
            name: row.name,
            slug: row.slug,
            time_zone: row.time_zone,
            created_at: row.created_at,
            second_factor_from: row.second_factor_from,
            erase_at: row.erase_at,
        }))
    }

    /// Changes what the company says of itself.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another company has the slug.
    pub async fn update_company(&self, name: &str, slug: &str, time_zone: &str) -> Result<(), StoreError> {
        let sql = "UPDATE tenants SET name = $2, slug = $3, time_zone = $4 WHERE tenant_id = $1";
        let values = [name.into(), slug.into(), time_zone.into()];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// From `from` on nobody enters the company without a second factor; `None`: everybody may.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn require_second_factor(&self, from: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        let sql = "UPDATE tenants SET second_factor_from = $2 WHERE tenant_id = $1";
        self.connection().execute_raw(self.raw(sql, [from.into()])).await?;
        Ok(())
    }

    /// Where every query on a company's table begins.
    #[expect(clippy::disallowed_methods, reason = "this is the place that adds the company")]
    pub(crate) fn select<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(belongs_to::<E>(self.access.tenant))
    }

    /// A statement about this company: `$1` is the company.
    pub(crate) fn raw<const N: usize>(&self, sql: &str, values: [Value; N]) -> Statement {
        let values = std::iter::once(self.tenant().0.into()).chain(values);
        Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
    }

    /// The groups whose calls are seen; `None`: all calls are.
    pub(crate) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    pub(crate) fn connection(&self) -> &Transaction {
        &self.transaction
    }
}
