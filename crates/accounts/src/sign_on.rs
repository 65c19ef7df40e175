//! Signing in by the provider of a company.
//!
//! What the provider says counts in its company and nowhere else: the session that it opens reaches nothing else of who
//! came, so that nobody who makes a company and its provider gets into anything of whom they name.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::account::{Email, InvalidInput, PersonName};
use domain::ids::{Credential, TenantId, UserId, sha256};
use store::{Admission, Admitted, Provider, Reach, TenantAccess};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::provider::{ProviderError, Said, Ties};
use crate::service::{AccountError, AccountService};
use crate::sessions::Client;

/// How long somebody may stay at the provider.
pub(crate) const AWAY_MINUTES: i64 = 10;
/// How often the provider of one company is asked at a time, and how long others wait for their turn.
const ASKED_AT_ONCE: usize = 8;
const TURN_TIMEOUT: Duration = Duration::from_secs(2);
/// Companies of which that is counted.
pub(crate) const ASKED_COMPANIES_MAX: u64 = 10_000;
/// Where the provider sends browsers back to. Behind it stands the company, so that what one company's provider is given
/// for us cannot be handed to another's.
const CALLBACK: &str = "/auth/sso/callback/";

/// Why nobody was let in by a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOnRefusal {
    /// The browser did not leave for this provider, or too long ago, or was back already.
    Expired,
    /// The provider did not let them in.
    Declined,
    /// The provider does not answer, or not as it should.
    Unavailable,
    /// What the provider says is not signed by it, not for us or not for this time.
    Invalid,
    /// The provider knows no address of theirs, or says that it is not proven.
    NoEmail,
    /// The provider may not speak for this address.
    OtherDomain,
    /// There are too many people in the company.
    Full,
}

impl SignOnRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Expired => "SSO_EXPIRED",
            Self::Declined => "SSO_DECLINED",
            Self::Unavailable => "SSO_UNAVAILABLE",
            Self::Invalid => "SSO_INVALID",
            Self::NoEmail => "SSO_NO_EMAIL",
            Self::OtherDomain => "SSO_OTHER_DOMAIN",
            Self::Full => "SSO_COMPANY_FULL",
        }
    }
}

impl std::fmt::Display for SignOnRefusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Expired => "That took too long, or was begun in another browser. Start again.",
            Self::Declined => "Your company's provider did not let you in.",
            Self::Unavailable => {
                "Your company's provider does not answer as it should. Try again in a moment."
            }
            Self::Invalid => "What your company's provider says cannot be trusted. Ask who runs it.",
            Self::NoEmail => "Your company's provider does not say which proven e-mail address you have.",
            Self::OtherDomain => "Your company's provider may not speak for your e-mail address.",
            Self::Full => "There are too many people in this company.",
        })
    }
}

/// What a browser comes back with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// For what the provider tells who it is.
    pub(crate) code: Option<String>,
    /// What the browser was sent there with.
    pub(crate) state: Option<String>,
    /// What the provider calls itself, if it says so.
    pub(crate) issuer: Option<String>,
}

/// Somebody who is in by the provider of a company.
pub(crate) struct SignedOn {
    /// The session.
    pub(crate) session: Credential,
    /// The company's part of the address of every page.
    pub(crate) slug: String,
}

impl Ties {
    /// They follow from what is in the browser's cookie, so that nobody has to keep them.
    fn of(browser: &Credential) -> Self {
        let part = |purpose: &str| -> String {
            let bytes = sha256(format!("{purpose}/{}", browser.reveal()).as_bytes());
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self { state: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }
}

impl AccountService {
    /// Where the provider of a company sends browsers back to: what has to be entered there.
    pub fn sign_on_callback(&self, tenant: TenantId) -> String {
        format!("{}{CALLBACK}{tenant}", self.mailing.public_url)
    }

    /// Reads the address of a provider that a company names, and asks whether it is there. Gives the address.
    ///
    /// # Errors
    /// [`AccountError::Invalid`] with a sentence; [`AccountError::Busy`] for who asks for too many at once.
    pub async fn check_issuer(&self, access: &TenantAccess, typed: &str) -> Result<String, AccountError> {
        let _turn = self.turn_to_ask(access.tenant()).await?;
        let issuer = typed.trim();
        let Err(error) = self.providers.check(issuer).await else { return Ok(issuer.to_owned()) };
        tracing::info!(
            tenant.id = %access.tenant(),
            error = &error as &dyn std::error::Error,
            "a provider could not be set"
        );
        let message = match error {
            ProviderError::Address => {
                "Write the address of the issuer as your provider shows it: it begins with https://."
            }
            ProviderError::NotAllowed => {
                "This address is in a network that Trunkline may not ask. Who runs this server can allow it."
            }
            ProviderError::Away(_) => "The provider does not answer at this address within 5 seconds.",
            ProviderError::NoProvider(_) | ProviderError::Code(_) | ProviderError::Token(_) => {
                "There is no OpenID Connect provider of this name at this address. Copy the issuer as your provider \
                 shows it, with or without the slash at its end."
            }
        };
        Err(InvalidInput { field: "issuer", code: "INVALID", message: message.to_owned() }.into())
    }

    /// Sends somebody to the provider of the company whose pages have this address. Gives what its browser keeps
    /// meanwhile, and where it goes.
    ///
    /// # Errors
    /// [`AccountError::NoSingleSignOn`] when there is no such company or it has no provider; [`AccountError::SignOn`] when
    /// the provider does not answer; [`AccountError::TooManyAttempts`], [`AccountError::Busy`].
    pub(crate) async fn begin_sign_on(
        &self,
        slug: &str,
        client: &Client,
    ) -> Result<(Credential, String), AccountError> {
        if !self.requests.allows("", client.address).await {
            return Err(AccountError::TooManyAttempts);
        }
        let provider = self.store.provider_of(slug.trim()).await?.ok_or(AccountError::NoSingleSignOn)?;
        let _turn = self.turn_to_ask(provider.tenant).await?;
        let browser = Credential::new_session(self.edge.random());
        let callback = self.sign_on_callback(provider.tenant);
        let address = self.providers.address(&provider, &callback, Ties::of(&browser)).await;
        let address = address.map_err(|error| refused(provider.tenant, &error))?;
        let now = self.edge.now();
        let until = now + TimeDelta::minutes(AWAY_MINUTES);
        self.store.begin_sign_on(provider.tenant, browser.hash(), now, until).await?;
        Ok((browser, address))
    }

    /// Lets in who comes back from the provider of a company, with an account and a place in the company if they had none.
    ///
    /// # Errors
    /// [`AccountError::SignOn`] with the reason.
    pub(crate) async fn finish_sign_on(
        &self,
        tenant: TenantId,
        browser: Option<Credential>,
        answer: Answer,
        client: &Client,
    ) -> Result<SignedOn, AccountError> {
        let browser = browser.ok_or(SignOnRefusal::Expired)?;
        let ties = Ties::of(&browser);
        if answer.state.as_ref() != Some(&ties.state) {
            return Err(SignOnRefusal::Expired.into());
        }
        let _turn = self.turn_to_ask(tenant).await?;
        if !self.store.end_sign_on(tenant, browser.hash(), self.edge.now()).await? {
            return Err(SignOnRefusal::Expired.into());
        }
        let provider = self.store.provider(tenant).await?.ok_or(SignOnRefusal::Expired)?;
        if answer.issuer.is_some_and(|issuer| issuer != provider.sign_on.issuer) {
            return Err(SignOnRefusal::Invalid.into());
        }
        let code = answer.code.ok_or(SignOnRefusal::Declined)?;
        let callback = self.sign_on_callback(tenant);
        let said = self.providers.who(&provider, &callback, code, ties, self.edge.now()).await;
        let said = said.map_err(|error| refused(tenant, &error))?;
        let user = self.admit(&provider, said, client).await?;
        let session = self.start_session_of(user, Reach::Company(tenant), client).await?;
        Ok(SignedOn { session, slug: provider.slug })
    }

    /// Takes in whom the provider may speak for.
    async fn admit(&self, provider: &Provider, said: Said, client: &Client) -> Result<UserId, AccountError> {
        let email = said.email.filter(|_| !said.is_unproven).ok_or(SignOnRefusal::NoEmail)?;
        let email = Email::parse(&email).map_err(|_| SignOnRefusal::NoEmail)?;
        if !provider.sign_on.domains.include(&email) {
            return Err(SignOnRefusal::OtherDomain.into());
        }
        // A name that nobody could give themselves here is none.
        let name = said.name.and_then(|name| PersonName::parse(&name).ok().flatten());
        let admission = Admission {
            tenant: provider.tenant,
            issuer: &provider.sign_on.issuer,
            subject: &said.subject,
            email: &email,
            name: name.as_ref().map(PersonName::as_str),
            new_user: UserId(self.edge.new_uuid()),
            address: &client.address.to_canonical().to_string(),
            now: self.edge.now(),
        };
        match self.store.admit(&admission).await? {
            Admitted::In(user) => Ok(user),
            Admitted::NoProvider => Err(SignOnRefusal::Expired.into()),
            Admitted::Full => Err(SignOnRefusal::Full.into()),
        }
    }

    /// One company's provider may keep us waiting, and only so many of its people.
    async fn turn_to_ask(&self, tenant: TenantId) -> Result<OwnedSemaphorePermit, AccountError> {
        let turns = self.asking.get_with(tenant, || Arc::new(Semaphore::new(ASKED_AT_ONCE)));
        let turn = tokio::time::timeout(TURN_TIMEOUT, turns.acquire_owned()).await;
        turn.map_err(|_| AccountError::Busy)?.map_err(|_| AccountError::Busy)
    }
}

/// What people are told; the rest is for who runs this.
fn refused(tenant: TenantId, error: &ProviderError) -> AccountError {
    tracing::warn!(
        tenant.id = %tenant,
        error = error as &dyn std::error::Error,
        "nobody could be let in by the provider of a company"
    );
    match error {
        ProviderError::Address
        | ProviderError::NotAllowed
        | ProviderError::Away(_)
        | ProviderError::NoProvider(_)
        | ProviderError::Code(_) => SignOnRefusal::Unavailable.into(),
        ProviderError::Token(_) => SignOnRefusal::Invalid.into(),
    }
}
