//! `trunkline mailbox`: the mail that waits to be sent. Without a mail server that is all mail.

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};
use store::{Accounts, MAILS_MAX, StoredMail};

use super::{Format, print_result};
use crate::database::Database;

/// Mails that are listed, the newest.
const LISTED_MAX: i64 = 50;

/// Read the mail that waits.
#[derive(Subcommand)]
pub(crate) enum MailboxCommand {
    /// List the newest mails.
    Ls,
    /// Print one mail, the newest when none is named.
    Show {
        /// Its id, from the list.
        id: Option<String>,
    },
}

/// Runs the command.
///
/// # Errors
/// When there is no such mail, or the database fails.
pub(crate) async fn run(command: MailboxCommand, database: &Database, format: Format) -> anyhow::Result<()> {
    store::migrate(&database.logins, None).await?;
    let store = Accounts::new(&database.logins);
    match command {
        MailboxCommand::Ls => {
            let mails = store.mails(LISTED_MAX).await?;
            let line = |mail: &StoredMail| {
                let at = mail.created_at.format("%Y-%m-%d %H:%M:%S");
                format!("{}  {at}  {}  {}", mail.id, mail.mail.to, mail.mail.subject)
            };
            let text: Vec<_> = mails.iter().map(line).collect();
            let text = if text.is_empty() { "No mail waits.".to_owned() } else { text.join("\n") };
            print_result(format, &mails.iter().map(as_json).collect::<Vec<_>>(), &text);
        }
        MailboxCommand::Show { id } => {
            let mails = store.mails(if id.is_some() { MAILS_MAX } else { 1 }).await?;
            let is_meant = |mail: &StoredMail| id.as_ref().is_none_or(|id| mail.id.to_string() == *id);
            let mail = mails.iter().find(|mail| is_meant(mail)).context("there is no such mail")?;
            let text = format!(
                "To: {}\nSubject: {}\n\n{}",
                mail.mail.to,
                mail.mail.subject,
                mail.mail.text.trim_end()
            );
            print_result(format, &as_json(mail), &text);
        }
    }
    Ok(())
}

fn as_json(mail: &StoredMail) -> Value {
    json!({ "id": mail.id.to_string(), "createdAt": mail.created_at, "tries": mail.tries,
        "to": mail.mail.to, "subject": mail.mail.subject, "text": mail.mail.text })
}
