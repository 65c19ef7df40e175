//! The end of accounts, and what is written to people about the end of companies.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Email;
use store::{AccountEnd, SessionUser};

use crate::letters;
use crate::service::{AccountError, AccountService};

/// For so long a company stays whole after an owner had it deleted.
pub const COMPANY_GRACE_DAYS: i64 = 14;

impl AccountService {
    /// When a company goes that an owner has deleted now.
    pub fn company_ends_at(&self) -> DateTime<Utc> {
        self.edge.now() + TimeDelta::days(COMPANY_GRACE_DAYS)
    }

    /// Has somebody show their password again, for what cannot be undone.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`], [`AccountError::TooManyAttempts`] after ten failures.
    pub async fn check_again(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        self.check_own_password(person, password, address).await.map(drop)
    }

    /// Deletes somebody's account, and says so by mail.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`] and [`AccountError::TooManyAttempts`] as when a password is changed,
    /// [`AccountError::LastOwner`] with the companies that would have no owner.
    pub async fn delete_account(
        &self,
        person: &SessionUser,
        password: &str,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        self.check_own_password(person, password, address).await?;
        let address = address.to_canonical().to_string();
        match self.store.delete_account(person.user, &address, self.edge.now()).await? {
            AccountEnd::Gone => {}
            AccountEnd::LastOwnerOf(companies) => return Err(AccountError::LastOwner(companies)),
        }
        let mail = letters::account_deleted(&person.email);
        self.mail(&Email::parse(&person.email)?.key(), mail).await
    }

    /// Writes to people of a company that `who` has it deleted at a moment, or keeps it.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn mail_about_end(
        &self,
        company: &str,
        who: &str,
        at: Option<DateTime<Utc>>,
        to: &[String],
    ) -> Result<(), AccountError> {
        for to in to {
            let mail = match at {
                Some(at) => letters::company_ends(to, company, who, at, &self.mailing.public_url),
                None => letters::company_stays(to, company, who),
            };
            self.mail(&Email::parse(to)?.key(), mail).await?;
        }
        Ok(())
    }
}
