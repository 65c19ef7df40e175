//! Whether those who were let in may still be in: many sessions and keys by one statement each.

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::ids::{TenantId, UserId};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::accounts::{ADMITS, Accounts};
use crate::api::TenantAccess;
use crate::error::StoreError;
use crate::sessions::{AWAKE, Awake, Reach};

#[expect(
    clippy::disallowed_methods,
    reason = "these tables are read before a company is known; the role sees no others"
)]
impl Accounts {
    /// What each of these sessions opens at `now`, one company a row; nothing for those that have ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions_open(
        &self,
        hashes: &[[u8; 32]],
        now: DateTime<Utc>,
    ) -> Result<Vec<([u8; 32], TenantAccess)>, StoreError> {
        let sql = format!(
            "SELECT session_hash, memberships.tenant_id, memberships.role, sessions.only_tenant_id,
                    memberships.user_id, memberships.group_scope IS NOT NULL
             FROM sessions JOIN memberships USING (user_id) JOIN tenants USING (tenant_id)
             WHERE session_hash = ANY ($1) AND expires_at > $2 AND {AWAKE}
                 AND CASE WHEN sessions.only_tenant_id IS NULL THEN {ADMITS}
                     ELSE sessions.only_tenant_id = memberships.tenant_id END"
        );
        let awake = Awake::at(now);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(hashes.iter().map(|hash| hash.as_slice()).collect::<Vec<_>>())
            .bind(now)
            .bind(awake.0)
            .bind(awake.1)
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(read_open).collect()
    }
}

fn read_open(row: &PgRow) -> Result<([u8; 32], TenantAccess), StoreError> {
    let inconsistent = |column| StoreError::Inconsistent { table: "memberships", column };
    let hash = <[u8; 32]>::try_from(row.get::<&[u8], _>(0)).map_err(|_| inconsistent("hash"))?;
    let role = Role::parse(row.get(2)).ok_or_else(|| inconsistent("role"))?;
    let role = Reach::read(row.get(3)).admits(role);
    Ok((hash, TenantAccess::of_member(TenantId(row.get(1)), role, UserId(row.get(4)), row.get(5))))
}
