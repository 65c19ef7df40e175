//! The audit log of a company. Entries are only ever added; the roles of the database may do nothing else.

use chrono::{DateTime, SubsecRound as _, Utc};
use domain::audit::{self, AuditAction, AuditEntry, FIRST};
use domain::ids::TenantId;
use sea_orm::{ConnectionTrait as _, QueryResult};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::api::TenantTx;
use crate::error::StoreError;

/// One after the other within a company: who holds this may read the last entry and add the next, and decide by who is
/// in the company. Held until the transaction ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))";
const LAST: &str =
    "SELECT number, digest FROM audit_entries WHERE tenant_id = $1 ORDER BY number DESC LIMIT 1";
const ADD: &str = "INSERT INTO audit_entries
    (tenant_id, number, at, actor_id, actor, address, action, subject, detail, digest)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
/// Entries that are read at a time while the chain is checked.
const CHECKED_AT_ONCE: i64 = 500;

/// Who changes something, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person or the key; `None`: the operator.
    pub id: Option<Uuid>,
    /// What they are called.
    pub name: String,
    /// From where; empty when it is not known.
    pub address: String,
}

/// A change to be written down.
pub struct Note<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What.
    pub action: AuditAction,
    /// To what or whom.
    pub subject: &'a str,
    /// What it became; may be empty.
    pub detail: &'a str,
    /// The time of day.
    pub now: DateTime<Utc>,
}

/// An entry with its place in the log.
#[derive(Clone, Debug)]
pub struct NumberedEntry {
    /// 1, 2, 3 … of the company.
    pub number: i64,
    /// What was written down.
    pub entry: AuditEntry,
    /// Over this entry and the digest of the one before it, see [`audit::digest`].
    pub digest: [u8; 32],
}

/// Which entries are asked for; what is not said does not matter.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Who, as they were called then, whatever the case.
    pub actor: Option<String>,
    /// One of these was done.
    pub actions: Option<Vec<AuditAction>>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// A chain that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// It holds, over so many entries.
    Whole(i64),
    /// It breaks at the place of this entry.
    BrokenAt(i64),
}

impl Note<'_> {
    fn entry(&self) -> AuditEntry {
        AuditEntry {
            // As exact as it is stored, because it is in the digest.
            at: self.now.trunc_subsecs(6),
            actor_id: self.actor.id,
            actor: self.actor.name.clone(),
            address: self.actor.address.clone(),
            action: self.action.code().to_owned(),
            subject: self.subject.to_owned(),
            detail: self.detail.to_owned(),
        }
    }
}

impl TenantTx {
    /// Waits until nobody else changes the people, keys or log of this company.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn lock(&self) -> Result<(), StoreError> {
        self.connection().execute_raw(self.raw(LOCK, [])).await?;
        Ok(())
    }

    /// Writes a change down, behind all others. It is kept with what it is about, or not at all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn note(&self, note: &Note<'_>) -> Result<(), StoreError> {
        self.lock().await?;
        let last = self.connection().query_one_raw(self.raw(LAST, [])).await?;
        let (number, previous) = match &last {
            None => (0, FIRST),
            Some(row) => (row.try_get("", "number")?, digest_of(row)?),
        };
        let (entry, number) = (note.entry(), number + 1);
        let digest = audit::digest(self.tenant(), number, &previous, &entry);
        let values = [
            number.into(),
            entry.at.into(),
            entry.actor_id.into(),
            entry.actor.into(),
            entry.address.into(),
            entry.action.into(),
            entry.subject.into(),
            entry.detail.into(),
            digest.to_vec().into(),
        ];
        self.connection().execute_raw(self.raw(ADD, values)).await?;
        Ok(())
    }

    /// The newest entries below `below` that `filter` finds.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        below: i64,
        limit: u64,
    ) -> Result<Vec<NumberedEntry>, StoreError> {
        let sql = "SELECT * FROM audit_entries WHERE tenant_id = $1 AND number < $2
                       AND ($4::text IS NULL OR lower(actor) = lower($4))
                       AND ($5::text IS NULL OR action = ANY (string_to_array($5, ',')))
                       AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
                   ORDER BY number DESC LIMIT $3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let codes = |actions: &Vec<AuditAction>| {
            let codes: Vec<_> = actions.iter().map(|action| action.code()).collect();
            codes.join(",")
        };
        let values = [
            below.into(),
            limit.into(),
            filter.actor.clone().into(),
            filter.actions.as_ref().map(codes).into(),
            filter.since.into(),
            filter.until.into(),
        ];
        let rows = self.connection().query_all_raw(self.raw(sql, values)).await?;
        rows.iter().map(numbered).collect()
    }

    /// Whether every entry is as it was written, and none is missing but from the end.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn check_audit(&self) -> Result<Chain, StoreError> {
        let sql = "SELECT * FROM audit_entries WHERE tenant_id = $1 AND number > $2 ORDER BY number LIMIT $3";
        let (mut number, mut previous) = (0_i64, FIRST);
        loop {
            let values = [number.into(), CHECKED_AT_ONCE.into()];
            let rows = self.connection().query_all_raw(self.raw(sql, values)).await?;
            for row in &rows {
                let known = numbered(row)?;
                number += 1;
                let digest = audit::digest(self.tenant(), number, &previous, &known.entry);
                if known.number != number || known.digest != digest {
                    return Ok(Chain::BrokenAt(number));
                }
                previous = digest;
            }
            if rows.is_empty() {
                return Ok(Chain::Whole(number));
            }
        }
    }
}

/// The same for what a person does before a company is known to them: coming in.
#[expect(clippy::disallowed_methods, reason = "the company is named by the invitation that was shown")]
pub(crate) async fn note_in(
    connection: &mut PgConnection,
    tenant: TenantId,
    note: &Note<'_>,
) -> Result<(), StoreError> {
    lock_in(connection, tenant).await?;
    let last = sqlx::query(LAST).bind(tenant.0).fetch_optional(&mut *connection).await?;
    let inconsistent = StoreError::Inconsistent { table: "audit_entries", column: "digest" };
    let (number, previous) = match &last {
        None => (0_i64, FIRST),
        Some(row) => (row.get(0), row.get::<&[u8], _>(1).try_into().map_err(|_| inconsistent)?),
    };
    let (entry, number) = (note.entry(), number + 1);
    let digest = audit::digest(tenant, number, &previous, &entry);
    sqlx::query(ADD)
        .bind(tenant.0)
        .bind(number)
        .bind(entry.at)
        .bind(entry.actor_id)
        .bind(entry.actor)
        .bind(entry.address)
        .bind(entry.action)
        .bind(entry.subject)
        .bind(entry.detail)
        .bind(digest.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// [`TenantTx::lock`] for what a person does in all of their companies.
#[expect(clippy::disallowed_methods, reason = "nothing is read")]
pub(crate) async fn lock_in(connection: &mut PgConnection, tenant: TenantId) -> Result<(), StoreError> {
    sqlx::query(LOCK).bind(tenant.0).execute(connection).await?;
    Ok(())
}

fn numbered(row: &QueryResult) -> Result<NumberedEntry, StoreError> {
    let entry = AuditEntry {
        at: row.try_get("", "at")?,
        actor_id: row.try_get("", "actor_id")?,
        actor: row.try_get("", "actor")?,
        address: row.try_get("", "address")?,
        action: row.try_get("", "action")?,
        subject: row.try_get("", "subject")?,
        detail: row.try_get("", "detail")?,
    };
    Ok(NumberedEntry { number: row.try_get("", "number")?, entry, digest: digest_of(row)? })
}

fn digest_of(row: &QueryResult) -> Result<[u8; 32], StoreError> {
    let digest: Vec<u8> = row.try_get("", "digest")?;
    digest.try_into().map_err(|_| StoreError::Inconsistent { table: "audit_entries", column: "digest" })
}
