//! The people of a company, and whom it has invited.

use chrono::{DateTime, Utc};
use domain::access::{Role, may_be_scoped};
use domain::group_scope::GroupScope;
use domain::ids::{InvitationId, UserId};
use sea_orm::{ConnectionTrait as _, QueryResult};

use crate::api::TenantTx;
use crate::error::StoreError;

/// People of a company.
pub const MEMBERS_MAX: i64 = 1_000;
/// Invitations of a company that wait.
pub const INVITATIONS_MAX: i64 = 200;

/// Someone in a company.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The address by which the company knows them.
    pub email: String,
    /// What they are called; `None`: they did not say.
    pub name: Option<String>,
    /// What they are there.
    pub role: Role,
    /// The groups and people whose calls they see; `None`: all calls.
    pub group_scope: Option<Vec<String>>,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    /// API keys that they made and that are not revoked.
    pub api_keys: i64,
}

/// Somebody who was invited and has not come yet.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To whom.
    pub email: String,
    /// What they would be.
    pub role: Role,
    /// The groups and people whose calls they would see; `None`: all calls.
    pub group_scope: Option<Vec<String>>,
    /// The address of who invited them; `None`: is not in the company any more, so that the invitation is good no more.
    pub invited_by: Option<String>,
    /// When its mail was written.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// An invitation to be stored; of what opens it only the hash is.
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// To whom, as typed.
    pub email: &'a str,
    /// To whom, folded.
    pub email_key: &'a str,
    /// What they would be.
    pub role: Role,
    /// The groups and people whose calls they would see; `None`: all calls.
    pub group_scope: Option<&'a GroupScope>,
    /// Hash of what opens it.
    pub link_hash: [u8; 32],
    /// Who invites.
    pub invited_by: UserId,
    /// The time of day.
    pub now: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

const INVITATIONS: &str =
    "SELECT i.invitation_id, i.email, i.role, i.group_scope, m.email AS inviter, i.created_at, i.expires_at
    FROM invitations i LEFT JOIN memberships m
      ON m.tenant_id = $1 AND m.user_id = i.invited_by AND m.role IN ('owner', 'admin')
    WHERE i.tenant_id = $1";

impl TenantTx {
    /// Everybody in the company, in the order of joining.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let sql = "SELECT user_id, coalesce(email, '') AS email, name, role, group_scope, created_at,
                       (SELECT count(*) FROM api_keys k WHERE k.tenant_id = $1 AND k.created_by_id = m.user_id
                            AND revoked_at IS NULL) AS api_keys
                   FROM memberships m WHERE tenant_id = $1 ORDER BY created_at, user_id LIMIT $2";
        let rows = self.connection().query_all_raw(self.raw(sql, [MEMBERS_MAX.into()])).await?;
        rows.iter().map(member).collect()
    }

    /// Makes somebody of the company something else. Whom that role cannot be scoped for sees all calls from now on.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn change_role(&self, user: UserId, role: Role) -> Result<(), StoreError> {
        let sql = "UPDATE memberships SET role = $3, group_scope = CASE WHEN $4 THEN group_scope END
                   WHERE tenant_id = $1 AND user_id = $2";
        let values = [user.0.into(), role.as_str().into(), may_be_scoped(role).into()];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// From now on somebody sees the calls of these groups only; `None`: all calls.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn scope_member(&self, user: UserId, scope: Option<&GroupScope>) -> Result<(), StoreError> {
        let sql = "UPDATE memberships SET group_scope = $3 WHERE tenant_id = $1 AND user_id = $2";
        let scope = scope.map(|scope| scope.texts().to_vec());
        self.connection().execute_raw(self.raw(sql, [user.0.into(), scope.into()])).await?;
        Ok(())
    }

    /// Takes somebody out of the company.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn remove_member(&self, user: UserId) -> Result<(), StoreError> {
        self.leave_views(user).await?;
        let sql = "DELETE FROM memberships WHERE tenant_id = $1 AND user_id = $2";
        self.connection().execute_raw(self.raw(sql, [user.0.into()])).await?;
        Ok(())
    }

    /// Who was invited and has not come, the newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitations(&self) -> Result<Vec<Invitation>, StoreError> {
        let sql = format!("{INVITATIONS} ORDER BY i.created_at DESC, i.invitation_id LIMIT $2");
        let rows = self.connection().query_all_raw(self.raw(&sql, [INVITATIONS_MAX.into()])).await?;
        rows.iter().map(invitation).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        let sql = format!("{INVITATIONS} AND i.invitation_id = $2");
        let row = self.connection().query_one_raw(self.raw(&sql, [id.0.into()])).await?;
        row.as_ref().map(invitation).transpose()
    }

    /// Stores an invitation, in place of one that this address had.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn invite(&self, new: &NewInvitation<'_>) -> Result<(), StoreError> {
        let replaced = "DELETE FROM invitations WHERE tenant_id = $1 AND email_key = $2";
        self.connection().execute_raw(self.raw(replaced, [new.email_key.into()])).await?;
        let sql = "INSERT INTO invitations (tenant_id, invitation_id, email, email_key, role, link_hash, invited_by,
                       created_at, expires_at, group_scope) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values = [
            new.id.0.into(),
            new.email.into(),
            new.email_key.into(),
            new.role.as_str().into(),
            new.link_hash.to_vec().into(),
            new.invited_by.0.into(),
            new.now.into(),
            new.expires_at.into(),
            new.group_scope.map(|scope| scope.texts().to_vec()).into(),
        ];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke_invitation(&self, id: InvitationId) -> Result<(), StoreError> {
        let sql = "DELETE FROM invitations WHERE tenant_id = $1 AND invitation_id = $2";
        self.connection().execute_raw(self.raw(sql, [id.0.into()])).await?;
        Ok(())
    }
}

fn role(row: &QueryResult, table: &'static str) -> Result<Role, StoreError> {
    let role: String = row.try_get("", "role")?;
    Role::parse(&role).ok_or(StoreError::Inconsistent { table, column: "role" })
}

fn member(row: &QueryResult) -> Result<Member, StoreError> {
    Ok(Member {
        user: UserId(row.try_get("", "user_id")?),
        email: row.try_get("", "email")?,
        name: row.try_get("", "name")?,
        role: role(row, "memberships")?,
        group_scope: row.try_get("", "group_scope")?,
        joined_at: row.try_get("", "created_at")?,
        api_keys: row.try_get("", "api_keys")?,
    })
}

fn invitation(row: &QueryResult) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: InvitationId(row.try_get("", "invitation_id")?),
        email: row.try_get("", "email")?,
        role: role(row, "invitations")?,
        group_scope: row.try_get("", "group_scope")?,
        invited_by: row.try_get("", "inviter")?,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
    })
}
