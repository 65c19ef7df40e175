//! Making companies, signing in and out.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use chrono_tz::Tz;
use domain::access::Role;
use domain::account::{CompanyName, Email, InvalidInput, PASSWORD_CHARS_MAX, check_password};
use domain::device::{Device, DeviceKey};
use domain::edge::Edge;
use domain::ids::{ApiKeyId, Credential, EndpointId, EndpointToken, TenantId, UserId};
use domain::jws::Secret;
use store::{
    Accounts, CLAIMANTS_MAX, Memberships, NewApiKey, NewCompany, SharedTries, StoreError, TenantAccess,
    UserCredentials,
};
use tokio::sync::{Notify, Semaphore};

use crate::identity::Identity;
use crate::password::{Busy, Hasher};
use crate::provider::{ProviderPlaces, Providers};
use crate::recognised::Recognised;
use crate::sessions::Client;
use crate::sign_on::{ASKED_COMPANIES_MAX, SignOnRefusal};
use crate::throttle::Throttle;

/// New passwords that are offered at a time.
const RESETS_MAX: usize = 8;
/// Names that are tried before giving up on a slug; each has 20 bits of chance behind the first.
const SLUG_TRIES: usize = 5;

/// Something an account operation could not do.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// What was typed is not right.
    #[error(transparent)]
    Invalid(#[from] InvalidInput),
    /// The account cannot be made. Does not say why: that would tell who has an account.
    #[error("This account cannot be created. If you have one already, sign in instead.")]
    Refused,
    /// E-mail and password do not belong together, or there is no such account.
    #[error("E-mail or password is wrong.")]
    BadCredentials,
    /// Too many failures.
    #[error("Too many attempts. Try again in 15 minutes.")]
    TooManyAttempts,
    /// Too many people sign in at this moment.
    #[error("Many people are signing in at this moment. Try again in a few seconds.")]
    Busy,
    /// A link that was used, has run out, was replaced by a newer one, or never was one. Does not say which.
    #[error("This link does not work any more. Ask for a new one.")]
    LinkGone,
    /// Somebody else is signed in than was invited.
    #[error("This invitation is for another e-mail address. Sign out, or sign in with that one.")]
    OtherPerson,
    /// The address that was invited has an account.
    #[error("You have an account already. Sign in, then open the invitation again.")]
    SignInFirst,
    /// The address that a link proves is another account's already.
    #[error("This e-mail address belongs to another account. Sign in with that one.")]
    AddressTaken,
    /// A code that is not one of now, was used before, or never was one.
    #[error(
        "This code is not right. Codes change every 30 seconds and work once; check the clock of your device."
    )]
    BadCode,
    /// The password was given, and the code is owed.
    #[error("Enter the code of your authenticator app first.")]
    SecondStepNeeded,
    /// There is no half-session that a code could end.
    #[error("That took too long. Sign in again.")]
    SignInAgain,
    /// There is a second factor already.
    #[error("There is a second factor already. Turn it off first.")]
    FactorOn,
    /// There is no second factor.
    #[error("There is no second factor. Set one up first.")]
    FactorOff,
    /// A key is shown from where it may not be used.
    #[error("This API key cannot be used from {0}. Its networks are set in the settings of the company.")]
    OtherNetwork(IpAddr),
    /// Companies would have no owner.
    #[error("You are the only owner of {}. Hand it over to somebody, or delete it, first.", .0.join(", "))]
    LastOwner(Vec<String>),
    /// There is no company with this address, or none whose people sign in by a provider. Does not say which.
    #[error(
        "There is no single sign-on at this address. Check the address of your company, or sign in with your password."
    )]
    NoSingleSignOn,
    /// Nobody was let in by a provider.
    #[error("{0}")]
    SignOn(SignOnRefusal),
    /// Who is there by a company's provider asks for what only the account's own person may.
    #[error(
        "You signed in by your company's provider, which opens this company only. Sign in with your password for this."
    )]
    CompanySession,
    /// The database is away, or refused a statement.
    #[error("Trunkline cannot reach its database. Try again in a moment.")]
    Unavailable(#[from] StoreError),
}

impl From<SignOnRefusal> for AccountError {
    fn from(refusal: SignOnRefusal) -> Self {
        Self::SignOn(refusal)
    }
}

impl From<Busy> for AccountError {
    fn from(Busy: Busy) -> Self {
        Self::Busy
    }
}

/// A company to be made, as typed.
#[derive(Clone, Debug)]
pub struct NewCompanyRequest<'a> {
    /// Its name.
    pub company_name: &'a str,
    /// The owner's e-mail.
    pub email: &'a str,
    /// The owner's password.
    pub password: &'a str,
    /// IANA time zone; UTC when unknown.
    pub time_zone: &'a str,
}

/// A company that was made.
#[derive(Clone, Debug)]
pub struct CreatedCompany {
    /// The right to enter it.
    pub access: TenantAccess,
    /// Its part of the address of every page.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: UserId,
    /// Its endpoint's token: the last part of the Request URL.
    pub token: EndpointToken,
    /// Its endpoint's secret.
    pub secret: Secret,
}

/// Somebody who gave what was asked for.
pub(crate) enum SignedIn {
    /// All of it.
    In { session: Credential, memberships: Memberships, device: String },
    /// The password; a code is owed.
    Half(Credential),
}

/// A try to sign in.
struct Try {
    /// What it is counted by, and from where.
    counted: String,
    address: IpAddr,
    /// Whose password may be right; `None`: of everybody who has the address.
    only: Option<UserId>,
}

/// Does the work of accounts.
pub struct AccountService {
    pub(crate) store: Accounts,
    pub(crate) edge: Edge,
    pub(crate) mailing: Mailing,
    pub(crate) hasher: Hasher,
    devices: DeviceKey,
    pub(crate) recognised: Recognised<Identity>,
    pub(crate) throttle: Throttle,
    pub(crate) requests: Throttle,
    pub(crate) mails: Throttle,
    /// One for each new password that may be offered at a time.
    pub(crate) resets: Arc<Semaphore>,
    pub(crate) providers: Providers,
    /// Of each company, one for each time that its provider may be asked at once.
    pub(crate) asking: moka::sync::Cache<TenantId, Arc<Semaphore>>,
}

/// How people are written to.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// The address that links lead to, without a slash at its end. Never what a request says it is.
    pub public_url: String,
    /// Notified when a mail was written.
    pub queued: Arc<Notify>,
}

/// Whose address it is that a company is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// The operator says that it is the owner's.
    Proven,
    /// Somebody typed it.
    Typed,
}

impl AccountService {
    /// `store` is the door to accounts, `devices` knows where people have signed in, `edge` is the world outside;
    /// providers of companies are asked at `places`. Tries are counted in `shared` too, with other processes.
    pub fn new(
        store: Accounts,
        devices: DeviceKey,
        edge: Edge,
        mailing: Mailing,
        places: ProviderPlaces,
        shared: Option<SharedTries>,
    ) -> Self {
        Self {
            store,
            edge,
            mailing,
            hasher: Hasher::new(edge.random()),
            devices,
            recognised: Recognised::default(),
            throttle: Throttle::of_failures(shared.clone()),
            requests: Throttle::of_requests(shared.clone()),
            mails: Throttle::of_mails(shared),
            resets: Arc::new(Semaphore::new(RESETS_MAX)),
            providers: Providers::new(places),
            asking: moka::sync::Cache::builder().max_capacity(ASKED_COMPANIES_MAX).build(),
        }
    }

    /// Notified when a mail was written.
    pub fn mail_queued(&self) -> Arc<Notify> {
        Arc::clone(&self.mailing.queued)
    }

    /// Makes a company with its owner and its endpoint. The address is taken to be the owner's: this is for operators.
    ///
    /// # Errors
    /// [`AccountError::Invalid`] with the field, [`AccountError::Refused`] when the e-mail has an account.
    pub async fn create_company(
        &self,
        request: NewCompanyRequest<'_>,
    ) -> Result<CreatedCompany, AccountError> {
        self.make_company(request, Claim::Proven).await
    }

    /// Makes a company for whoever asks, and writes to the address. Whether the address has an account changes neither
    /// the answer nor the time that it takes: whoever signs up gets a company of their own, and the address is theirs
    /// when they have opened the link.
    ///
    /// # Errors
    /// [`AccountError::Invalid`] with the field, [`AccountError::TooManyAttempts`] for whoever asks too often.
    pub(crate) async fn sign_up(
        &self,
        request: NewCompanyRequest<'_>,
        client: &Client,
    ) -> Result<(Credential, CreatedCompany), AccountError> {
        if !self.requests.allows("", client.address).await {
            return Err(AccountError::TooManyAttempts);
        }
        let email = Email::parse(request.email)?;
        let created = self.make_company(request, Claim::Typed).await?;
        self.welcome(created.owner, &email).await?;
        Ok((self.start_session(created.owner, client).await?, created))
    }

    async fn make_company(
        &self,
        request: NewCompanyRequest<'_>,
        claim: Claim,
    ) -> Result<CreatedCompany, AccountError> {
        let company_name = CompanyName::parse(request.company_name)?;
        let email = Email::parse(request.email)?;
        check_password(request.password, &email, &[company_name.as_str()])?;
        let time_zone = request.time_zone.parse::<Tz>().unwrap_or(Tz::UTC);
        let password_hash = self.hasher.hash(request.password, self.edge.random()).await?;
        let token = EndpointToken::from_random(self.edge.random());
        let secret = self.new_secret();
        let owner = UserId(self.edge.new_uuid());
        let mut slug = company_name.slug();
        for _ in 0..SLUG_TRIES {
            let new = NewCompany {
                tenant: TenantId(self.edge.new_uuid()),
                name: company_name.as_str(),
                slug: &slug,
                time_zone: time_zone.name(),
                owner,
                owner_email: email.as_str(),
                owner_email_key: &email.key(),
                owner_password_hash: &password_hash,
                owner_verified_at: (claim == Claim::Proven).then(|| self.edge.now()),
                endpoint: EndpointId(self.edge.new_uuid()),
                token: &token,
                secret: &secret,
                now: self.edge.now(),
            };
            match self.store.create_company(&new).await {
                Ok(access) => {
                    let name = company_name.as_str().to_owned();
                    return Ok(CreatedCompany { access, slug, name, owner, token, secret });
                }
                Err(StoreError::Conflict { constraint }) if constraint == "tenants_slug_key" => {
                    let random = EndpointToken::from_random(self.edge.random());
                    slug =
                        format!("{}-{}", company_name.slug(), random.as_str().get(..4).unwrap_or_default());
                }
                Err(StoreError::Conflict { .. }) => return Err(AccountError::Refused),
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Refused)
    }

    /// Makes an API key of a company. It can be shown this once.
    ///
    /// # Errors
    /// [`AccountError::Unavailable`]
    pub async fn create_api_key(
        &self,
        access: &TenantAccess,
        name: &str,
    ) -> Result<Credential, AccountError> {
        let key = Credential::new_api_key(self.edge.random());
        let new = NewApiKey {
            id: ApiKeyId(self.edge.new_uuid()),
            name,
            hash: key.hash(),
            hint: key.hint(),
            role: Role::Member,
            now: self.edge.now(),
        };
        self.store.create_api_key(access, &new).await?;
        Ok(key)
    }

    /// Checks e-mail and password and starts a session, or a half-session when a code is asked for too.
    ///
    /// # Errors
    /// [`AccountError::BadCredentials`] whether the e-mail or the password is wrong, after the same time;
    /// [`AccountError::TooManyAttempts`] after ten failures, which somebody else may have made: on a `device` on which
    /// somebody signed in before, their own tries go on then.
    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        device: Option<&str>,
        client: &Client,
    ) -> Result<SignedIn, AccountError> {
        let email_key = email.trim().to_ascii_lowercase();
        let tried = self.count_try(&email_key, device, client.address).await?;
        if password.chars().count() > PASSWORD_CHARS_MAX {
            return Err(AccountError::BadCredentials);
        }
        let checked = self.check_credentials(&email_key, password, tried.only).await;
        let known = checked.inspect_err(|_| self.throttle.not_made(&tried.counted, tried.address))?;
        let known = known.ok_or(AccountError::BadCredentials)?;
        self.throttle.succeeded(&tried.counted, tried.address);
        if known.has_second_factor {
            return Ok(SignedIn::Half(self.start_half_session(known.user).await?));
        }
        self.let_in(known.user, client).await
    }

    /// Counts a try to sign in as a failure, until it is known to be none.
    async fn count_try(
        &self,
        email_key: &str,
        device: Option<&str>,
        address: IpAddr,
    ) -> Result<Try, AccountError> {
        if self.throttle.allows(email_key, address).await {
            return Ok(Try { counted: email_key.to_owned(), address, only: None });
        }
        let device = device.and_then(|kept| self.devices.know(kept, self.edge.now()));
        let Device { user, id } = device.ok_or(AccountError::TooManyAttempts)?;
        // Wherever the device is now. It may try the account that was signed in to there and no other: whoever claims
        // somebody's address has a device too.
        let (counted, anywhere) =
            (format!("device {:032x}", u128::from_be_bytes(id)), Ipv4Addr::UNSPECIFIED.into());
        if !self.throttle.allows(&counted, anywhere).await {
            return Err(AccountError::TooManyAttempts);
        }
        Ok(Try { counted, address: anywhere, only: Some(user) })
    }

    /// Starts a session for somebody who gave all that is asked for.
    pub(crate) async fn let_in(&self, user: UserId, client: &Client) -> Result<SignedIn, AccountError> {
        let session = self.start_session(user, client).await?;
        let now = self.edge.now();
        let device = self.devices.mark(Device { user, id: self.edge.random() }, now);
        Ok(SignedIn::In { session, memberships: self.store.memberships(user, now).await?, device })
    }

    /// Whose e-mail and password these are, of nobody but `only` if there is one; takes as long when they are nobody's.
    async fn check_credentials(
        &self,
        email_key: &str,
        password: &str,
        only: Option<UserId>,
    ) -> Result<Option<UserCredentials>, AccountError> {
        let mut known = self.store.credentials(email_key).await?;
        known.retain(|known| only.is_none_or(|only| known.user == only));
        let stored: [_; CLAIMANTS_MAX] =
            std::array::from_fn(|at| known.get(at).map(|known| known.password_hash.as_str()));
        let is_right = self.hasher.verify_each(password, stored).await?;
        Ok(known.into_iter().zip(is_right).find_map(|(known, is_right)| is_right.then_some(known)))
    }

    /// 256 random bits, in characters that survive copying.
    fn new_secret(&self) -> Secret {
        let key = Credential::new_session(self.edge.random());
        #[expect(clippy::expect_used, reason = "56 letters and digits are a secret")]
        Secret::new(key.reveal()).expect("letters and digits")
    }
}
