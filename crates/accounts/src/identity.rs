//! Who sends a request: a person with a session cookie, or a program with an API key.

use std::net::IpAddr;

use domain::ids::Credential;
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use store::{KeyHolder, Membership, SessionUser};

use crate::service::{AccountError, AccountService};

/// The cookie's name. Browsers keep `__Host-` cookies to this very host, and only over a secure connection.
pub const SESSION_COOKIE: &str = "__Host-trunkline";

/// Who sends a request.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Someone who signed in.
    Person(SessionUser),
    /// A program with an API key of one company.
    Key(KeyHolder),
}

impl Identity {
    /// The companies that can be entered.
    pub fn memberships(&self) -> &[Membership] {
        match self {
            Self::Person(person) => &person.memberships,
            Self::Key(key) => std::slice::from_ref(&key.membership),
        }
    }
}

impl AccountService {
    /// Tells who sends a request from an address. `None`: nobody we know. A bearer key counts before a cookie.
    ///
    /// # Errors
    /// [`AccountError::SecondStepNeeded`] for whoever owes a code, [`AccountError::OtherNetwork`] for a key that may not be
    /// used from there, [`AccountError::Unavailable`] when the database is away.
    pub async fn identify(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
    ) -> Result<Option<Identity>, AccountError> {
        if let Some(authorization) = headers.get(AUTHORIZATION) {
            let key = authorization.to_str().ok().and_then(bearer).and_then(Credential::parse_api_key);
            let Some(key) = key else { return Ok(None) };
            let holder = self.store.api_key(key.hash(), self.edge.now());
            let known = self.recognise(&key, async { Ok(holder.await?.map(Identity::Key)) }).await?;
            return match &known {
                Some(Identity::Key(key)) if !key.is_good_from(address) => {
                    Err(AccountError::OtherNetwork(address.to_canonical()))
                }
                _ => Ok(known),
            };
        }
        let Some(session) = session_credential(headers) else { return Ok(None) };
        self.recognise(&session, self.person(&session)).await
    }

    /// The person behind a session.
    async fn person(&self, session: &Credential) -> Result<Option<Identity>, AccountError> {
        let now = self.edge.now();
        match self.store.session(session.hash(), now).await? {
            Some(person) => Ok(Some(Identity::Person(person))),
            // Whoever owes a code is told so, and is nobody.
            None if self.store.half_session(session.hash(), now).await?.is_some() => {
                Err(AccountError::SecondStepNeeded)
            }
            None => Ok(None),
        }
    }

    /// The holder of a credential, by `asking` the database unless that was done a moment ago.
    async fn recognise(
        &self,
        credential: &Credential,
        asking: impl Future<Output = Result<Option<Identity>, AccountError>>,
    ) -> Result<Option<Identity>, AccountError> {
        let asked = match self.recognised.holder(credential) {
            Ok(holder) => return Ok(Some(holder)),
            Err(asked) => asked,
        };
        let holder = asking.await?;
        if let Some(holder) = &holder {
            self.recognised.remember(asked, credential, holder.clone());
        }
        Ok(holder)
    }

    /// To be called when something was changed that may concern who somebody is or what they may do: what was known of
    /// anybody is read again.
    pub fn changed(&self) {
        self.recognised.forget();
    }
}

/// The session cookie of a request.
pub(crate) fn session_credential(headers: &HeaderMap) -> Option<Credential> {
    cookie(headers, SESSION_COOKIE).and_then(Credential::parse_session)
}

/// What is in a cookie of a request.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
