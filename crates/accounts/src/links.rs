//! What happens by mail: proving an address, and choosing a new password without the old one.

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::account::{Email, check_password};
use domain::ids::{Credential, UserId};
use store::{LinkPurpose, Mail, NewLink, SessionUser, StoreError};

use crate::letters::{self, Changed};
use crate::service::{AccountError, AccountService};
use crate::sessions::Client;

/// How long a link proves an address, or moves an account to it.
const VERIFY_HOURS: i64 = 24;
/// How long a link lets somebody choose a new password.
const RESET_MINUTES: i64 = 30;
/// Pages of the web app that links lead to. What opens stands behind `#`: browsers send it to nobody, so that it is in no
/// log and in no `Referer`, and nothing that only looks at links can use one up.
const VERIFY_PAGE: &str = "/verify-email#";
const RESET_PAGE: &str = "/reset-password#";
const CHANGE_PAGE: &str = "/change-email#";

impl AccountService {
    /// Writes to somebody who has just signed up. Says the same to the one who did, whoever has the address.
    pub(crate) async fn welcome(&self, user: UserId, email: &Email) -> Result<(), AccountError> {
        let owner = self.store.addressee(&email.key()).await?.filter(|known| known.is_verified);
        let url = self.new_link(user, LinkPurpose::VerifyEmail, None).await?;
        let mail = match owner {
            Some(owner) => letters::signed_up_again(&owner.email, &self.mailing.public_url),
            None => letters::verification(email.as_str(), &url),
        };
        self.mail(&email.key(), mail).await
    }

    /// Sends someone who signed in another link that proves the address. Nothing happens when it is proven.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn send_verification(&self, person: &SessionUser) -> Result<(), AccountError> {
        if person.is_verified {
            return Ok(());
        }
        let email = Email::parse(&person.email)?;
        let url = self.new_link(person.user, LinkPurpose::VerifyEmail, None).await?;
        self.mail(&email.key(), letters::verification(&person.email, &url)).await
    }

    /// Uses a link that proves an address.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`] when it is used, run out, replaced or none; [`AccountError::AddressTaken`] when the
    /// address is proven to be that of another account.
    pub(crate) async fn verify_email(&self, link: &str) -> Result<(), AccountError> {
        let link = Credential::parse_session(link).ok_or(AccountError::LinkGone)?;
        match self.store.verify_email(link.hash(), self.edge.now()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(AccountError::LinkGone),
            Err(StoreError::Conflict { .. }) => Err(AccountError::AddressTaken),
            Err(error) => Err(error.into()),
        }
    }

    /// Has a link sent by which a new password can be chosen. The answer is the same, and as fast, for an address that
    /// nobody has: the work is done afterwards.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`] for whoever asks too often, [`AccountError::Busy`] when too many ask at once.
    pub(crate) async fn request_reset(
        self: &std::sync::Arc<Self>,
        email: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        if !self.requests.allows("", client.address).await {
            return Err(AccountError::TooManyAttempts);
        }
        let turn = std::sync::Arc::clone(&self.resets).try_acquire_owned().map_err(|_| AccountError::Busy)?;
        let (service, email_key) = (std::sync::Arc::clone(self), email.trim().to_ascii_lowercase());
        tokio::spawn(async move {
            let _turn = turn;
            if let Err(error) = service.send_reset(&email_key).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a new password could not be offered"
                );
            }
        });
        Ok(())
    }

    pub(crate) async fn send_reset(&self, email_key: &str) -> Result<(), AccountError> {
        let Some(known) = self.store.addressee(email_key).await? else { return Ok(()) };
        let url = self.new_link(known.user, LinkPurpose::ResetPassword, None).await?;
        self.mail(email_key, letters::password_reset(&known.email, &url)).await
    }

    /// Uses a link to choose a new password. All sessions of the person end.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`], [`AccountError::Invalid`] when the password is weak; the link stays good then.
    pub(crate) async fn reset_password(
        &self,
        link: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let link = Credential::parse_session(link).ok_or(AccountError::LinkGone)?;
        let known = self.store.link(link.hash(), LinkPurpose::ResetPassword, self.edge.now()).await?;
        let known = known.ok_or(AccountError::LinkGone)?;
        let memberships = self.store.memberships(known.user, self.edge.now()).await?;
        let companies = memberships.open.iter().map(|one| one.name.as_str());
        let companies: Vec<&str> =
            companies.chain(memberships.barred.iter().map(|one| one.name.as_str())).collect();
        check_password(password, &Email::parse(&known.email)?, &companies)?;
        let hash = self.hasher.hash(password, self.edge.random()).await?;
        match self.store.reset_password(link.hash(), &hash, self.edge.now()).await {
            Ok(true) => {
                self.tell_changed(&known.email, Changed::Password, address).await;
                Ok(())
            }
            Ok(false) => Err(AccountError::LinkGone),
            Err(StoreError::Conflict { .. }) => Err(AccountError::AddressTaken),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a link, for moving the account with the address; the one of the same person and purpose before it is good no
    /// more.
    pub(crate) async fn new_link(
        &self,
        user: UserId,
        purpose: LinkPurpose,
        email: Option<&str>,
    ) -> Result<String, AccountError> {
        let link = Credential::new_session(self.edge.random());
        let (page, good_for) = match purpose {
            LinkPurpose::VerifyEmail => (VERIFY_PAGE, TimeDelta::hours(VERIFY_HOURS)),
            LinkPurpose::ResetPassword => (RESET_PAGE, TimeDelta::minutes(RESET_MINUTES)),
            LinkPurpose::ChangeEmail => (CHANGE_PAGE, TimeDelta::hours(VERIFY_HOURS)),
        };
        let expires_at = self.edge.now() + good_for;
        self.store.create_link(&NewLink { user, purpose, email, hash: link.hash(), expires_at }).await?;
        Ok(format!("{}{page}{}", self.mailing.public_url, link.reveal()))
    }

    /// Tells somebody whose address is proven that their way to sign in was changed. What was changed stays so, also when
    /// that cannot be written down.
    pub(crate) async fn tell_changed(&self, email: &str, changed: Changed, from: IpAddr) {
        let mail = letters::security_changed(email, changed, from, self.edge.now(), &self.mailing.public_url);
        let Ok(email) = Email::parse(email) else { return };
        if let Err(error) = self.mail(&email.key(), mail).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a change could not be told by mail");
        }
    }

    /// The same for who is signed in. An address that is not proven may be somebody else's.
    pub(crate) async fn tell_person(&self, person: &SessionUser, changed: Changed, from: IpAddr) {
        if person.is_verified {
            self.tell_changed(&person.email, changed, from).await;
        }
    }

    /// Writes a mail, unless this address gets too many: nobody's mailbox is filled from here.
    pub(crate) async fn mail(&self, email_key: &str, mail: Mail) -> Result<(), AccountError> {
        if !self.mails.allows(email_key, std::net::Ipv4Addr::UNSPECIFIED.into()).await {
            tracing::warn!("an address gets too many mails: one was not written");
            return Ok(());
        }
        let id = self.edge.new_uuid();
        self.store.queue_mail(id, &mail, self.edge.now()).await?;
        self.mailing.queued.notify_one();
        tracing::info!(mail.id = %id, "mail written");
        Ok(())
    }
}
