//! Sends the mail that waits, by the mail server of the settings. Without one mail stays where it is: the local mailbox,
//! which `trunkline mailbox` shows.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::edge::Edge;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use store::{Accounts, StoredMail};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long the mail server may take to answer.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);
/// Mails that are taken at a time.
const TAKEN_MAX: i64 = 20;
/// A mail that was taken and not sent, because the process ended, is tried again after this long.
const TAKEN_MINUTES: i64 = 10;
/// Tries before a mail is given up: with [`RETRY_SECONDS`] doubled each time, about a day.
const TRIES_MAX: i32 = 14;
/// After the first failure; doubled with each further one.
const RETRY_SECONDS: i64 = 5;
/// How often is looked for mail that is due, apart from new mail.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The settings of mail cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// The address of the server.
    #[error("smtp_url must be an address such as smtps://user:password@mail.example.com")]
    Server(#[source] lettre::transport::smtp::Error),
    /// The sender.
    #[error("mail_from must be an address such as Trunkline <calls@example.com>")]
    Sender(#[source] lettre::address::AddressError),
}

/// A mail server, and the address that mail comes from.
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailServer {
    /// Reads the settings. No connection is made.
    ///
    /// # Errors
    /// [`MailSettingsError`] says which setting is wrong.
    pub fn new(url: &str, from: &str) -> Result<Self, MailSettingsError> {
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailSettingsError::Server)?;
        let from = from.parse().map_err(MailSettingsError::Sender)?;
        Ok(Self { transport: builder.timeout(Some(SMTP_TIMEOUT)).build(), from })
    }

    async fn send(&self, stored: &StoredMail) -> Result<(), SendError> {
        let mail = &stored.mail;
        let message = Message::builder()
            .from(self.from.clone())
            .to(mail.to.parse()?)
            .subject(&mail.subject)
            // The same id with every try, so that a mail that is sent twice is shown once.
            .message_id(Some(format!("<{}@{}>", stored.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())?;
        self.transport.send(message).await?;
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("the address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    #[error("the mail cannot be put together")]
    Content(#[from] lettre::error::Error),
    #[error("the mail server did not take the mail")]
    Server(#[from] lettre::transport::smtp::Error),
}

/// Sends what waits until `stop`. `queued` is notified when a mail was written here; other processes' mail is found by
/// looking.
pub async fn run_mailer(
    store: Accounts,
    server: MailServer,
    edge: Edge,
    queued: Arc<Notify>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        let now = edge.now();
        let taken = store.take_mails(now, now + TimeDelta::minutes(TAKEN_MINUTES), TAKEN_MAX).await;
        let taken = taken.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "waiting mail could not be read");
            Vec::new()
        });
        if taken.is_empty() {
            let woken = tokio::time::timeout(LOOK_EVERY, queued.notified());
            stop.run_until_cancelled(woken).await;
            continue;
        }
        for mail in taken {
            let Some(sent) = stop.run_until_cancelled(server.send(&mail)).await else { return };
            if let Err(error) = settle(&store, &mail, sent, edge).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a mail may be sent twice");
            }
        }
    }
}

/// Forgets a mail that was sent, and puts off one that was not. Its address and text are not logged.
async fn settle(
    store: &Accounts,
    mail: &StoredMail,
    sent: Result<(), SendError>,
    edge: Edge,
) -> Result<(), store::StoreError> {
    let Err(error) = sent else {
        tracing::info!(mail.id = %mail.id, "mail sent");
        return store.remove_mail(mail.id).await;
    };
    let is_lasting = match &error {
        SendError::Address(_) | SendError::Content(_) => true,
        SendError::Server(error) => error.is_permanent(),
    };
    if is_lasting || mail.tries >= TRIES_MAX {
        tracing::error!(error = &error as &dyn std::error::Error, mail.id = %mail.id, "mail given up");
        return store.remove_mail(mail.id).await;
    }
    tracing::warn!(error = &error as &dyn std::error::Error, mail.id = %mail.id, "mail not sent yet");
    let exponent = u32::try_from(mail.tries.clamp(1, TRIES_MAX) - 1).unwrap_or(0);
    let wait = TimeDelta::seconds(RETRY_SECONDS.saturating_mul(2_i64.saturating_pow(exponent)));
    store.postpone_mail(mail.id, edge.now() + wait).await
}
