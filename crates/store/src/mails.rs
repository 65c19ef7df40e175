//! Mail that waits to be sent. Without a mail server it stays here: the local mailbox.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::error::StoreError;
use crate::keys::Keys;

/// Mails that are kept; the oldest go first.
pub const MAILS_MAX: i64 = 10_000;
/// Days for which a mail is kept.
pub const MAIL_DAYS: i64 = 7;

/// A mail, as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// A mail with its id and the time at which it was written.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// Its id.
    pub id: Uuid,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often it was tried to be sent.
    pub tries: i32,
    /// What it says.
    pub mail: Mail,
}

#[expect(
    clippy::disallowed_methods,
    reason = "mail is to people, not about a company's data; the role sees none of it"
)]
impl Accounts {
    /// Keeps a mail until it is sent.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn queue_mail(&self, id: Uuid, mail: &Mail, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        queue(&mut tx, self.keys(), id, mail, now).await?;
        tx.commit().await?;
        sqlx::query(
            "DELETE FROM mails WHERE created_at <= $1 OR created_at <
                 (SELECT created_at FROM mails ORDER BY created_at DESC OFFSET $2 LIMIT 1)",
        )
        .bind(now - Duration::days(MAIL_DAYS))
        .bind(MAILS_MAX - 1)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Takes mails that are due; they are due again at `again_at` unless they are [sent](Self::remove_mail) before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_mails(
        &self,
        now: DateTime<Utc>,
        again_at: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<StoredMail>, StoreError> {
        let rows = sqlx::query(
            "UPDATE mails SET due_at = $2, tries = tries + 1 WHERE mail_id IN (
                 SELECT mail_id FROM mails WHERE due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
             RETURNING mail_id, created_at, tries, sealed",
        )
        .bind(now)
        .bind(again_at)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| read(self.keys(), row)).collect()
    }

    /// Has a mail tried again at `due_at`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn postpone_mail(&self, id: Uuid, due_at: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE mails SET due_at = $2 WHERE mail_id = $1")
            .bind(id)
            .bind(due_at)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Forgets a mail: it was sent, or never will be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn remove_mail(&self, id: Uuid) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM mails WHERE mail_id = $1").bind(id).execute(self.pool()).await?;
        Ok(())
    }

    /// The mails that are there, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails(&self, limit: i64) -> Result<Vec<StoredMail>, StoreError> {
        let sql = "SELECT mail_id, created_at, tries, sealed FROM mails
                   ORDER BY created_at DESC, mail_id DESC LIMIT $1";
        let rows = sqlx::query(sql).bind(limit).fetch_all(self.pool()).await?;
        rows.iter().map(|row| read(self.keys(), row)).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "mail is to people, not about a company's data")]
async fn queue(
    connection: &mut PgConnection,
    keys: &Keys,
    id: Uuid,
    mail: &Mail,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let text = serde_json::to_vec(mail)
        .map_err(|_| StoreError::Inconsistent { table: "mails", column: "sealed" })?;
    sqlx::query("INSERT INTO mails (mail_id, sealed, created_at, due_at) VALUES ($1, $2, $3, $3)")
        .bind(id)
        .bind(keys.seal_row(&place(id), &text))
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(keys: &Keys, row: &PgRow) -> Result<StoredMail, StoreError> {
    let inconsistent = || StoreError::Inconsistent { table: "mails", column: "sealed" };
    let id: Uuid = row.get(0);
    let text = keys.open(&place(id), row.get(3)).map_err(|_| inconsistent())?;
    let mail = serde_json::from_slice(&text).map_err(|_| inconsistent())?;
    Ok(StoredMail { id, created_at: row.get(1), tries: row.get(2), mail })
}

/// What binds what is sealed to its row.
pub(crate) fn place(id: Uuid) -> String {
    format!("mails/{id}")
}
