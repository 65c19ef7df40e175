//! Saved views of a company: everybody's shared ones, and each person's own.

use chrono::{DateTime, Utc};
use domain::ids::{SavedViewId, UserId};
use sea_orm::{ConnectionTrait as _, QueryResult};

use crate::api::TenantTx;
use crate::error::StoreError;

/// Views that a company shares.
pub const SHARED_VIEWS_MAX: i64 = 200;
/// Views that a person has for themselves in a company.
pub const PRIVATE_VIEWS_MAX: i64 = 50;

/// A saved view.
#[derive(Clone, Debug)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// What people call it.
    pub name: String,
    /// A JSON object of the pages.
    pub content: String,
    /// Whether everybody in the company has it.
    pub is_shared: bool,
    /// Who made it; `None`: is not in the company any more.
    pub owner: Option<UserId>,
    /// Their address, as it was then.
    pub owner_email: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed.
    pub changed_at: DateTime<Utc>,
}

/// Whose views a statement sees: `$2` is a person, or nobody.
const SEEN: &str = "tenant_id = $1 AND (is_shared OR owner_id = $2)";

impl TenantTx {
    /// The views that a person sees, by name; nobody's own without one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_views(&self, person: Option<UserId>) -> Result<Vec<SavedView>, StoreError> {
        let sql = format!("SELECT * FROM saved_views WHERE {SEEN} ORDER BY name, view_id LIMIT $3");
        let most = SHARED_VIEWS_MAX + PRIVATE_VIEWS_MAX;
        let values = [person.map(|person| person.0).into(), most.into()];
        let rows = self.connection().query_all_raw(self.raw(&sql, values)).await?;
        rows.iter().map(read).collect()
    }

    /// One of the views that a person sees.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn saved_view(&self, person: UserId, id: SavedViewId) -> Result<Option<SavedView>, StoreError> {
        let sql = format!("SELECT * FROM saved_views WHERE {SEEN} AND view_id = $3");
        let row = self.connection().query_one_raw(self.raw(&sql, [person.0.into(), id.0.into()])).await?;
        row.as_ref().map(read).transpose()
    }

    /// Stores a new view, or one that was changed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn keep_view(&self, view: &SavedView) -> Result<(), StoreError> {
        let sql = "INSERT INTO saved_views
                       (tenant_id, view_id, name, content, is_shared, owner_id, owner, created_at, changed_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                   ON CONFLICT (tenant_id, view_id) DO UPDATE SET name = excluded.name,
                       content = excluded.content, is_shared = excluded.is_shared, changed_at = excluded.changed_at";
        let values = [
            view.id.0.into(),
            view.name.as_str().into(),
            view.content.as_str().into(),
            view.is_shared.into(),
            view.owner.map(|owner| owner.0).into(),
            view.owner_email.as_str().into(),
            view.created_at.into(),
            view.changed_at.into(),
        ];
        self.connection().execute_raw(self.raw(sql, values)).await?;
        Ok(())
    }

    /// Removes a view.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn remove_view(&self, id: SavedViewId) -> Result<(), StoreError> {
        let sql = "DELETE FROM saved_views WHERE tenant_id = $1 AND view_id = $2";
        self.connection().execute_raw(self.raw(sql, [id.0.into()])).await?;
        Ok(())
    }

    /// Somebody is not in the company any more: what they had for themselves goes, what they shared stays.
    pub(crate) async fn leave_views(&self, person: UserId) -> Result<(), StoreError> {
        let own = "DELETE FROM saved_views WHERE tenant_id = $1 AND owner_id = $2 AND NOT is_shared";
        self.connection().execute_raw(self.raw(own, [person.0.into()])).await?;
        let shared = "UPDATE saved_views SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2";
        self.connection().execute_raw(self.raw(shared, [person.0.into()])).await?;
        Ok(())
    }
}

fn read(row: &QueryResult) -> Result<SavedView, StoreError> {
    Ok(SavedView {
        id: SavedViewId(row.try_get("", "view_id")?),
        name: row.try_get("", "name")?,
        content: row.try_get("", "content")?,
        is_shared: row.try_get("", "is_shared")?,
        owner: row.try_get::<Option<uuid::Uuid>>("", "owner_id")?.map(UserId),
        owner_email: row.try_get("", "owner")?,
        created_at: row.try_get("", "created_at")?,
        changed_at: row.try_get("", "changed_at")?,
    })
}
