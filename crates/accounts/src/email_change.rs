//! Moving an account to another e-mail address, and back.
//!
//! Whoever knows the password of an account can have it moved, so the address that is left gets a way back, which undoes
//! what came after it and lasts for days.

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::account::{Email, InvalidInput};
use domain::ids::{Credential, SessionId};
use store::{EmailChange, EmailReturn, LinkPurpose, SessionUser, StoreError};

use crate::letters;
use crate::service::{AccountError, AccountService};

/// How long an account can be moved back to an address that it left.
const WAY_BACK_DAYS: i64 = 7;
/// How often an account can be moved in that time.
const EMAIL_CHANGES_MAX: u64 = 5;
/// Where the way back leads; what opens it stands behind `#`, as in [`crate::links`].
const WAY_BACK_PAGE: &str = "/undo-email-change#";

impl AccountService {
    /// Mails a link to an address that moves somebody's account there. Whether the address has an account changes
    /// neither the answer nor what is done, but for what the mail says.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`] and [`AccountError::TooManyAttempts`] as when a password is changed,
    /// [`AccountError::Invalid`] with the field.
    pub async fn request_email_change(
        &self,
        person: &SessionUser,
        email: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let email = Email::parse(email)?;
        let invalid =
            |code, message: String| AccountError::Invalid(InvalidInput { field: "email", code, message });
        if email.as_str() == person.email {
            return Err(invalid("INVALID", "This is your address already.".to_owned()));
        }
        if self.store.former_emails(person.user, self.edge.now()).await? >= EMAIL_CHANGES_MAX {
            let message =
                format!("You can change your address {EMAIL_CHANGES_MAX} times in {WAY_BACK_DAYS} days.");
            return Err(invalid("TOO_MANY", message));
        }
        self.check_own_password(person, password, address).await?;
        let url = self.new_link(person.user, LinkPurpose::ChangeEmail, Some(email.as_str())).await?;
        let owner = self.store.addressee(&email.key()).await?;
        let other = owner.filter(|owner| owner.is_verified && owner.user != person.user);
        let mail = match other {
            Some(other) => letters::moved_here_again(&other.email),
            None => letters::email_change(email.as_str(), &url),
        };
        self.mail(&email.key(), mail).await
    }

    /// Uses a link that moves an account, and mails the way back to the address that is left. Of the person's sessions
    /// only `keep` stays.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`], [`AccountError::AddressTaken`].
    pub(crate) async fn change_email(
        &self,
        link: &str,
        keep: Option<SessionId>,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let link = Credential::parse_session(link).ok_or(AccountError::LinkGone)?;
        let (way_back, now) = (Credential::new_session(self.edge.random()), self.edge.now());
        let change = EmailChange {
            link: link.hash(),
            way_back: way_back.hash(),
            way_back_until: now + TimeDelta::days(WAY_BACK_DAYS),
            keep,
            address: &address.to_canonical().to_string(),
            now,
        };
        let moved = self.store.change_email(&change).await.map_err(taken)?.ok_or(AccountError::LinkGone)?;
        if moved.has_way_back {
            let url = format!("{}{WAY_BACK_PAGE}{}", self.mailing.public_url, way_back.reveal());
            let mail = letters::email_changed(&moved.from, &moved.to, &url);
            self.mail(&Email::parse(&moved.from)?.key(), mail).await?;
        }
        Ok(())
    }

    /// Moves an account back to an address that it left, and mails a link there by which a new password is chosen: the
    /// one of before is good no more, nor is any session.
    ///
    /// # Errors
    /// [`AccountError::LinkGone`], [`AccountError::AddressTaken`].
    pub(crate) async fn undo_email_change(&self, link: &str, address: IpAddr) -> Result<(), AccountError> {
        let link = Credential::parse_session(link).ok_or(AccountError::LinkGone)?;
        let nobodys = Credential::new_session(self.edge.random());
        let password_hash = self.hasher.hash(nobodys.reveal(), self.edge.random()).await?;
        let back = EmailReturn {
            way_back: link.hash(),
            password_hash: &password_hash,
            address: &address.to_canonical().to_string(),
            now: self.edge.now(),
        };
        let email = self.store.return_email(&back).await.map_err(taken)?.ok_or(AccountError::LinkGone)?;
        self.send_reset(&Email::parse(&email)?.key()).await
    }
}

fn taken(error: StoreError) -> AccountError {
    match error {
        StoreError::Conflict { .. } => AccountError::AddressTaken,
        error => error.into(),
    }
}
