//! Signing in by the provider of a company: what is kept of the provider, of whoever is there at the moment, and of whom
//! it has brought.

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::account::Email;
use domain::audit::AuditAction;
use domain::group_scope::GroupScope;
use domain::ids::{TenantId, UserId};
use domain::sign_on::Domains;
use sea_orm::{ConnectionTrait as _, QueryResult};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};

use crate::accounts::Accounts;
use crate::api::TenantTx;
use crate::audit::{Actor, Note, lock_in, note_in};
use crate::error::StoreError;
use crate::keys::Keys;
use crate::people::MEMBERS_MAX;

/// Who can be at the provider of a company at a time; who left first has to start again when there are more.
const TRIES_MAX: i64 = 1_000;
/// People whom the provider of a company has ever brought.
const BROUGHT_MAX: i64 = 10_000;

/// The provider of a company, as the company sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOn {
    /// Its address, which is its name too.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// Whose addresses it may speak for.
    pub domains: Domains,
    /// What people are who come first.
    pub default_role: Role,
    /// The groups and people whose calls they see; `None`: all calls.
    pub group_scope: Option<GroupScope>,
}

/// A provider to be stored.
pub struct NewSignOn<'a> {
    /// What the company sees of it.
    pub sign_on: &'a SignOn,
    /// The secret that it gave us; `None`: the one of before.
    pub client_secret: Option<&'a str>,
}

/// The provider of a company, with what is needed to ask it.
pub struct Provider {
    /// The company.
    pub tenant: TenantId,
    /// The company's part of the address of every page.
    pub slug: String,
    /// What the company says of it.
    pub sign_on: SignOn,
    /// The secret that it gave us.
    pub client_secret: String,
}

/// Somebody of whom a provider says who they are.
pub struct Admission<'a> {
    /// The company whose provider it is.
    pub tenant: TenantId,
    /// The provider.
    pub issuer: &'a str,
    /// What it calls them, for ever.
    pub subject: &'a str,
    /// Their address.
    pub email: &'a Email,
    /// What they are called, if it says so.
    pub name: Option<&'a str>,
    /// The id of their account, when they get one.
    pub new_user: UserId,
    /// From where they come.
    pub address: &'a str,
    /// The time of day.
    pub now: DateTime<Utc>,
}

/// What becomes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// They are in the company.
    In(UserId),
    /// The company has not this provider any more.
    NoProvider,
    /// There are too many people in the company.
    Full,
}

/// What binds the secret to its row.
pub(crate) fn place(tenant: TenantId) -> String {
    format!("single_sign_on.client_secret/{tenant}")
}

const INCONSISTENT: StoreError = StoreError::Inconsistent { table: "single_sign_on", column: "domains" };

fn sign_on(
    issuer: String,
    client_id: String,
    domains: &[String],
    role: &str,
    groups: Option<&[String]>,
) -> Result<SignOn, StoreError> {
    let scope = groups.map(|groups| GroupScope::parse(groups.iter().map(String::as_str))).transpose();
    Ok(SignOn {
        issuer,
        client_id,
        domains: Domains::parse(domains.iter().map(String::as_str)).map_err(|_| INCONSISTENT)?,
        default_role: Role::parse(role).ok_or(INCONSISTENT)?,
        group_scope: scope.map_err(|_| INCONSISTENT)?,
    })
}

impl TenantTx {
    /// The company's provider.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn single_sign_on(&self) -> Result<Option<SignOn>, StoreError> {
        let sql = "SELECT issuer, client_id, domains, default_role, group_scope FROM single_sign_on
                   WHERE tenant_id = $1";
        let row = self.connection().query_one_raw(self.raw(sql, [])).await?;
        let read = |row: QueryResult| {
            let domains: Vec<String> = row.try_get("", "domains")?;
            let role: String = row.try_get("", "default_role")?;
            let groups: Option<Vec<String>> = row.try_get("", "group_scope")?;
            let (issuer, client_id) = (row.try_get("", "issuer")?, row.try_get("", "client_id")?);
            sign_on(issuer, client_id, &domains, &role, groups.as_deref())
        };
        row.map(read).transpose()
    }

    /// Stores the company's provider. Whoever came in by the one of before has to come again, unless this is the same
    /// one and speaks for all it spoke for. Says whether it was stored: without a secret only the same one is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn set_single_sign_on(&self, keys: &Keys, new: &NewSignOn<'_>) -> Result<bool, StoreError> {
        let known = self.single_sign_on().await?;
        let is_same =
            |known: &SignOn| known.issuer == new.sign_on.issuer && known.client_id == new.sign_on.client_id;
        let same = known.filter(is_same);
        let Some(sealed) = self.sealed_secret(keys, new, same.is_some()).await? else { return Ok(false) };
        let stays = same.is_some_and(|known| known.domains.are_within(&new.sign_on.domains));
        if !stays {
            self.end_single_sign_on().await?;
        }
        // What it is called stays in a row that stays, so that is not written again.
        let sql =
            "INSERT INTO single_sign_on (tenant_id, issuer, client_id, client_secret, domains, default_role, group_scope)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (tenant_id) DO UPDATE SET client_secret = excluded.client_secret,
                       domains = excluded.domains, default_role = excluded.default_role, group_scope = excluded.group_scope";
        let values = [
            new.sign_on.issuer.as_str().into(),
            new.sign_on.client_id.as_str().into(),
            sealed.into(),
            new.sign_on.domains.texts().to_vec().into(),
            new.sign_on.default_role.as_str().into(),
            new.sign_on.group_scope.as_ref().map(|scope| scope.texts().to_vec()).into(),
        ];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(true)
    }

    async fn sealed_secret(
        &self,
        keys: &Keys,
        new: &NewSignOn<'_>,
        is_same: bool,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(secret) = new.client_secret {
            return Ok(Some(keys.seal_row(&place(self.tenant()), secret.as_bytes())));
        }
        let sql = "SELECT client_secret FROM single_sign_on WHERE tenant_id = $1 AND $2";
        let row = self.connection().query_one_raw(self.raw(sql, [is_same.into()])).await?;
        Ok(row.map(|row| row.try_get("", "client_secret")).transpose()?)
    }

    /// The company has no provider any more, and whoever came in by it is out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_single_sign_on(&self) -> Result<(), StoreError> {
        // Sessions that it opened, and who is there at the moment, go with it.
        let sql = "DELETE FROM single_sign_on WHERE tenant_id = $1";
        self.connection().execute_raw(self.raw(sql, [])).await?;
        Ok(())
    }
}

const PROVIDER: &str =
    "SELECT tenant_id, slug, issuer, client_id, domains, default_role, client_secret, group_scope
    FROM single_sign_on JOIN tenants USING (tenant_id)";

#[expect(
    clippy::disallowed_methods,
    reason = "whoever signs in is not known yet, and is told of the company only where its provider is"
)]
impl Accounts {
    /// The provider of the company whose pages have this address.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when the secret was sealed with another key.
    pub async fn provider_of(&self, slug: &str) -> Result<Option<Provider>, StoreError> {
        let sql = format!("{PROVIDER} WHERE slug = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(slug).fetch_optional(self.pool()).await?;
        row.map(|row| provider(self.keys(), &row)).transpose()
    }

    /// The provider of a company.
    ///
    /// # Errors
    /// [`StoreError`]; `Inconsistent` when the secret was sealed with another key.
    pub async fn provider(&self, tenant: TenantId) -> Result<Option<Provider>, StoreError> {
        let sql = format!("{PROVIDER} WHERE tenant_id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.0).fetch_optional(self.pool()).await?;
        row.map(|row| provider(self.keys(), &row)).transpose()
    }

    /// Remembers a browser that leaves for the provider of a company.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn begin_sign_on(
        &self,
        tenant: TenantId,
        browser: [u8; 32],
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        sqlx::query(
            "DELETE FROM single_sign_on_tries WHERE tenant_id = $1 AND (expires_at <= $2 OR browser_hash IN (
                 SELECT browser_hash FROM single_sign_on_tries WHERE tenant_id = $1
                 ORDER BY expires_at DESC, browser_hash OFFSET $3))",
        )
        .bind(tenant.0)
        .bind(now)
        .bind(TRIES_MAX - 1)
        .execute(&mut *tx)
        .await?;
        // Nothing, when the provider went away meanwhile: coming back finds nothing then.
        sqlx::query(
            "INSERT INTO single_sign_on_tries (tenant_id, browser_hash, expires_at)
             SELECT tenant_id, $2, $3 FROM single_sign_on WHERE tenant_id = $1",
        )
        .bind(tenant.0)
        .bind(browser.as_slice())
        .bind(expires_at)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A browser is back. Says whether it had left for this company's provider, not too long ago, and was not back yet:
    /// of many who come back at once, one is told so.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_sign_on(
        &self,
        tenant: TenantId,
        browser: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM single_sign_on_tries
                   WHERE tenant_id = $1 AND browser_hash = $2 AND expires_at > $3";
        let ended = sqlx::query(sql).bind(tenant.0).bind(browser.as_slice()).bind(now);
        Ok(ended.execute(self.pool()).await?.rows_affected() > 0)
    }

    /// Takes somebody into the company whose provider says who they are; whoever is in it already stays what they are.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn admit(&self, new: &Admission<'_>) -> Result<Admitted, StoreError> {
        let mut tx = self.pool().begin().await?;
        // Two who are the same person wait for each other here.
        lock_in(&mut tx, new.tenant).await?;
        let role = sqlx::query(
            "SELECT default_role, (SELECT count(*) FROM memberships WHERE tenant_id = $1),
                    (SELECT count(*) FROM single_sign_on_people WHERE tenant_id = $1), group_scope
             FROM single_sign_on WHERE tenant_id = $1 AND issuer = $2",
        );
        let role = role.bind(new.tenant.0).bind(new.issuer).fetch_optional(&mut *tx).await?;
        let Some(role) = role else { return Ok(Admitted::NoProvider) };
        let (default_role, members, brought): (String, i64, i64) = (role.get(0), role.get(1), role.get(2));
        let (user, is_brought) = match known(&mut tx, new).await? {
            Known::Brought(user) => (user, true),
            Known::HasAccount(user) => (user, false),
            Known::Nobody if brought >= BROUGHT_MAX => return Ok(Admitted::Full),
            Known::Nobody => (make_account(&mut tx, new).await?, false),
        };
        if !is_brought {
            if brought >= BROUGHT_MAX {
                return Ok(Admitted::Full);
            }
            bring(&mut tx, new, user).await?;
        }
        if join(&mut tx, new, user, &default_role, role.get(3)).await? && members >= MEMBERS_MAX {
            return Ok(Admitted::Full);
        }
        tx.commit().await?;
        Ok(Admitted::In(user))
    }
}

/// Who somebody is, of whom a provider speaks.
enum Known {
    /// Whom it has brought before.
    Brought(UserId),
    /// Whose address it is.
    HasAccount(UserId),
    /// Nobody yet.
    Nobody,
}

/// An address that is only claimed is nobody's, or whoever claims the address of another would be let in with them. In the
/// company itself nobody claims one but who made it.
#[expect(clippy::disallowed_methods, reason = "a person belongs to no company")]
async fn known(connection: &mut PgConnection, new: &Admission<'_>) -> Result<Known, StoreError> {
    let brought = sqlx::query(
        "SELECT user_id FROM single_sign_on_people WHERE tenant_id = $1 AND issuer = $2 AND subject = $3",
    );
    let brought = brought.bind(new.tenant.0).bind(new.issuer).bind(new.subject);
    if let Some(row) = brought.fetch_optional(&mut *connection).await? {
        return Ok(Known::Brought(UserId(row.get(0))));
    }
    let row = sqlx::query(
        "SELECT user_id FROM users LEFT JOIN memberships m USING (user_id)
         WHERE email_key = $2 AND (m.tenant_id = $1 OR verified_at IS NOT NULL)
         ORDER BY m.tenant_id IS DISTINCT FROM $1, verified_at IS NULL, users.created_at, user_id LIMIT 1",
    );
    let row = row.bind(new.tenant.0).bind(new.email.key()).fetch_optional(connection).await?;
    Ok(row.map_or(Known::Nobody, |row| Known::HasAccount(UserId(row.get(0)))))
}

/// An account without a password. Its address is not proven: a company's provider speaks to this company only.
#[expect(clippy::disallowed_methods, reason = "a person belongs to no company")]
async fn make_account(connection: &mut PgConnection, new: &Admission<'_>) -> Result<UserId, StoreError> {
    sqlx::query(
        "INSERT INTO users (user_id, email, email_key, password_hash, created_at, name) VALUES ($1, $2, $3, '', $4, $5)",
    )
    .bind(new.new_user.0)
    .bind(new.email.as_str())
    .bind(new.email.key())
    .bind(new.now)
    .bind(new.name)
    .execute(connection)
    .await?;
    Ok(new.new_user)
}

#[expect(clippy::disallowed_methods, reason = "the company is the one whose provider speaks")]
async fn bring(connection: &mut PgConnection, new: &Admission<'_>, user: UserId) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO single_sign_on_people (tenant_id, issuer, subject, user_id, created_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.tenant.0)
    .bind(new.issuer)
    .bind(new.subject)
    .bind(user.0)
    .bind(new.now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Says whether they were not in the company before. Address and name there are what the provider says, not what their
/// account does: whoever says that an address is theirs must not learn whose it is.
#[expect(clippy::disallowed_methods, reason = "the company is the one whose provider speaks")]
async fn join(
    connection: &mut PgConnection,
    new: &Admission<'_>,
    user: UserId,
    role: &str,
    group_scope: Option<Vec<String>>,
) -> Result<bool, StoreError> {
    let joined = sqlx::query(
        "INSERT INTO memberships (tenant_id, user_id, role, created_at, email, name, group_scope)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, user_id) DO NOTHING",
    )
    .bind(new.tenant.0)
    .bind(user.0)
    .bind(role)
    .bind(new.now)
    .bind(new.email.as_str())
    .bind(new.name)
    .bind(group_scope)
    .execute(&mut *connection)
    .await?;
    if joined.rows_affected() == 0 {
        return Ok(false);
    }
    let email = new.email.as_str();
    let actor = Actor { id: Some(user.0), name: email.to_owned(), address: new.address.to_owned() };
    let action = AuditAction::MemberJoined;
    let note = Note { actor: &actor, action, subject: email, detail: role, now: new.now };
    note_in(connection, new.tenant, &note).await?;
    Ok(true)
}

fn provider(keys: &Keys, row: &PgRow) -> Result<Provider, StoreError> {
    let inconsistent = || StoreError::Inconsistent { table: "single_sign_on", column: "client_secret" };
    let tenant = TenantId(row.get(0));
    let domains: Vec<String> = row.get(4);
    let groups: Option<Vec<String>> = row.get(7);
    let secret = keys.open(&place(tenant), row.get(6)).map_err(|_| inconsistent())?;
    Ok(Provider {
        tenant,
        slug: row.get(1),
        sign_on: sign_on(row.get(2), row.get(3), &domains, row.get(5), groups.as_deref())?,
        client_secret: String::from_utf8(secret).map_err(|_| inconsistent())?,
    })
}
