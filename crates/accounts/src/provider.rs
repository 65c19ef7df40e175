//! Asking the provider of a company who somebody is (OpenID Connect), and nothing else of anybody.
//!
//! Companies say where their provider is, so whatever is asked for here is asked for on somebody else's word: only by
//! HTTPS, only at addresses of the Internet unless the operator allows others, without redirects, not for long, and not
//! for much. What is absent: keys that are shared with the provider as signatures, and tokens that are kept.

use std::error::Error;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::network::{Networks, is_public};
use domain::sign_on::ISSUER_BYTES_MAX;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreUserInfoClaims,
};
use openidconnect::url::{Host, Url};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SubjectIdentifier, TokenResponse as _,
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use store::Provider;

/// How long a provider may take for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const ANSWER_BYTES_MAX: usize = 256 * 1_024;
/// Bytes of what a provider calls somebody; what OpenID Connect allows.
const SUBJECT_BYTES_MAX: usize = 255;
/// How long it is known what a provider says of itself, for leaving to it. Coming back asks again: keys change.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// How many providers are known at a time.
const KNOWN_MAX: u64 = 1_000;

/// Signatures that only the provider can make. Those by a shared secret are not among them, nor is none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where providers may be.
#[derive(Clone, Debug)]
pub struct ProviderPlaces {
    /// Networks of the operator's own.
    own: Networks,
    /// Whether this server is one for trying, that only its own machine reaches: then a provider may be there too.
    is_local: bool,
}

impl ProviderPlaces {
    /// Everywhere in the Internet and in `own` networks; on this machine when `public_url` is there too.
    pub fn new(own: Networks, public_url: &str) -> Self {
        let is_local =
            Url::parse(public_url).is_ok_and(|url| url.host().is_some_and(|host| is_loopback(&host)));
        Self { own, is_local }
    }

    fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.own.contain(address) || self.is_local && address.is_loopback()
    }

    /// Whether something may be asked for there; a name is looked at again when it is looked up.
    fn check(&self, url: &Url) -> Result<(), OutboundError> {
        let host = url.host().ok_or(OutboundError::NotAllowed)?;
        let is_sealed =
            url.scheme() == "https" || url.scheme() == "http" && self.is_local && is_loopback(&host);
        let is_there = match host {
            Host::Domain(_) => true,
            Host::Ipv4(address) => self.include(address.into()),
            Host::Ipv6(address) => self.include(address.into()),
        };
        let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if is_sealed && is_there && is_bare { Ok(()) } else { Err(OutboundError::NotAllowed) }
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Why nothing was answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboundError {
    /// Nothing may be asked for there.
    #[error("the address is not one that may be asked")]
    NotAllowed,
    /// No answer, or not in time.
    #[error("the provider does not answer")]
    Failed(#[source] reqwest::Error),
    /// An answer without end.
    #[error("the provider answers too much")]
    TooLarge,
}

/// Looks names up, and knows no addresses where nothing may be asked for.
struct Resolver(Arc<ProviderPlaces>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let places = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|address| places.include(address.ip())).collect();
            if allowed.is_empty() {
                return Err(OutboundError::NotAllowed.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// What a provider could not be asked, or answered wrongly.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// What is said of the provider cannot be used.
    #[error("the provider's address cannot be used")]
    Address,
    /// It may not be asked.
    #[error("the provider is where nothing may be asked for")]
    NotAllowed,
    /// It does not answer.
    #[error("the provider does not answer")]
    Away(#[source] OutboundError),
    /// It answers, and what it says of itself cannot be read or is not of this address.
    #[error("what the provider says of itself cannot be read: {0}")]
    NoProvider(String),
    /// It does not take the code.
    #[error("the provider does not take the code: {0}")]
    Code(String),
    /// What it says of somebody is not signed by it, not for us, or not for this time.
    #[error("what the provider says of somebody is not good: {0}")]
    Token(String),
}

/// Who somebody is, as the provider says.
pub(crate) struct Said {
    /// What it calls them, for ever.
    pub(crate) subject: String,
    /// Their address.
    pub(crate) email: Option<String>,
    /// Whether it says that the address is not proven.
    pub(crate) is_unproven: bool,
    /// What they are called.
    pub(crate) name: Option<String>,
}

/// What goes to the provider with a browser and has to come back with it.
pub(crate) struct Ties {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
}

/// Asks providers.
pub(crate) struct Providers {
    places: Arc<ProviderPlaces>,
    client: OnceLock<reqwest::Client>,
    known: moka::sync::Cache<String, CoreProviderMetadata>,
}

impl Providers {
    pub(crate) fn new(places: ProviderPlaces) -> Self {
        let known = moka::sync::Cache::builder().max_capacity(KNOWN_MAX).time_to_live(KNOWN_FOR).build();
        Self { places: Arc::new(places), client: OnceLock::new(), known }
    }

    /// Reads a provider's address, and asks whether it is there.
    pub(crate) async fn check(&self, issuer: &str) -> Result<(), ProviderError> {
        let url = Url::parse(issuer).map_err(|_| ProviderError::Address)?;
        if issuer.len() > ISSUER_BYTES_MAX || url.query().is_some() {
            return Err(ProviderError::Address);
        }
        match self.places.check(&url) {
            Err(_) if url.scheme() != "https" => return Err(ProviderError::Address),
            Err(_) => return Err(ProviderError::NotAllowed),
            Ok(()) => {}
        }
        self.discover(issuer).await.map(drop)
    }

    /// Where a browser is sent to sign in, with what has to come back.
    pub(crate) async fn address(
        &self,
        provider: &Provider,
        callback: &str,
        ties: Ties,
    ) -> Result<String, ProviderError> {
        let issuer = &provider.sign_on.issuer;
        let known = match self.known.get(issuer) {
            Some(known) => known,
            None => self.discover(issuer).await?,
        };
        let client = client_of(provider, callback, known)?;
        let (state, nonce) = (CsrfToken::new(ties.state), Nonce::new(ties.nonce));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(ties.verifier));
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge);
        Ok(request.url().0.into())
    }

    /// Has the provider say who came back with a code.
    pub(crate) async fn who(
        &self,
        provider: &Provider,
        callback: &str,
        code: String,
        ties: Ties,
        now: DateTime<Utc>,
    ) -> Result<Said, ProviderError> {
        let known = self.discover(&provider.sign_on.issuer).await?;
        let client = client_of(provider, callback, known)?;
        let outbound = self.outbound()?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ProviderError::NoProvider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(ties.verifier));
        let token = request.request_async(&outbound).await.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => ProviderError::from(error),
            // What it says stays here: it may hold what we sent.
            openidconnect::RequestTokenError::ServerResponse(said) => {
                ProviderError::Code(said.error().to_string())
            }
            openidconnect::RequestTokenError::Parse(..) => {
                ProviderError::Code("no answer of this kind".to_owned())
            }
            openidconnect::RequestTokenError::Other(why) => ProviderError::Code(why),
        })?;
        let id_token = token.id_token().ok_or_else(|| ProviderError::Token("there is none".to_owned()))?;
        let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || now);
        let claims = id_token
            .claims(&verifier, &Nonce::new(ties.nonce))
            .map_err(|error| ProviderError::Token(error.to_string()))?;
        let subject = claims.subject().clone();
        if subject.len() > SUBJECT_BYTES_MAX {
            return Err(ProviderError::Token("the subject is too long".to_owned()));
        }
        let said = Said {
            subject: subject.to_string(),
            email: claims.email().map(|email| email.to_string()),
            is_unproven: claims.email_verified() == Some(false),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
        };
        if said.email.is_some() || client.user_info_url().is_none() {
            return Ok(said);
        }
        // Some say no more than the subject there, and the rest to whoever asks.
        more(&client, &outbound, token.access_token(), subject).await
    }

    async fn discover(&self, issuer: &str) -> Result<CoreProviderMetadata, ProviderError> {
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|_| ProviderError::Address)?;
        let outbound = self.outbound()?;
        let known =
            CoreProviderMetadata::discover_async(url, &outbound).await.map_err(|error| match error {
                DiscoveryError::Request(error) => ProviderError::from(error),
                DiscoveryError::Validation(_) => ProviderError::NoProvider("it is another issuer".to_owned()),
                DiscoveryError::Response(status, ..) => {
                    ProviderError::NoProvider(format!("it answers {status}"))
                }
                _ => ProviderError::NoProvider("this is no discovery document".to_owned()),
            })?;
        // Browsers are sent there: nowhere but where we would go ourselves.
        self.places.check(known.authorization_endpoint().url()).map_err(ProviderError::from)?;
        self.known.insert(issuer.to_owned(), known.clone());
        Ok(known)
    }

    fn outbound(&self) -> Result<Outbound, ProviderError> {
        let client = match self.client.get() {
            Some(client) => client.clone(),
            None => {
                let made = reqwest::Client::builder()
                    .timeout(ANSWER_TIMEOUT)
                    .redirect(reqwest::redirect::Policy::none())
                    .no_proxy()
                    .referer(false)
                    .pool_max_idle_per_host(0)
                    .dns_resolver(Arc::new(Resolver(Arc::clone(&self.places))))
                    .build()
                    .map_err(OutboundError::Failed)?;
                self.client.get_or_init(|| made).clone()
            }
        };
        Ok(Outbound { client, places: Arc::clone(&self.places) })
    }
}

impl From<OutboundError> for ProviderError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::NotAllowed => Self::NotAllowed,
            OutboundError::Failed(_) | OutboundError::TooLarge => Self::Away(error),
        }
    }
}

fn client_of(
    provider: &Provider,
    callback: &str,
    known: CoreProviderMetadata,
) -> Result<Client, ProviderError> {
    let posts_only = known.token_endpoint_auth_methods_supported().is_some_and(|methods| {
        !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
            && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
    });
    let id = ClientId::new(provider.sign_on.client_id.clone());
    let secret = ClientSecret::new(provider.client_secret.clone());
    let callback = RedirectUrl::new(callback.to_owned()).map_err(|_| ProviderError::Address)?;
    let client = CoreClient::from_provider_metadata(known, id, Some(secret)).set_redirect_uri(callback);
    Ok(if posts_only { client.set_auth_type(AuthType::RequestBody) } else { client })
}

/// What the provider says of somebody when it is asked with the token for that.
async fn more(
    client: &Client,
    outbound: &Outbound,
    token: &AccessToken,
    subject: SubjectIdentifier,
) -> Result<Said, ProviderError> {
    let wrong = |why: &str| ProviderError::Token(why.to_owned());
    // It stands in a header.
    if !token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong("its access token cannot be sent"));
    }
    let request =
        client.user_info(token.clone(), Some(subject)).map_err(|_| wrong("it tells nobody more"))?;
    let claims: CoreUserInfoClaims = request.request_async(outbound).await.map_err(|error| match error {
        openidconnect::UserInfoError::Request(error) => ProviderError::from(error),
        _ => wrong("what it tells more cannot be read, or is of somebody else"),
    })?;
    Ok(Said {
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| email.to_string()),
        is_unproven: claims.email_verified() == Some(false),
        name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
    })
}

/// Sends requests where they may be sent.
struct Outbound {
    client: reqwest::Client,
    places: Arc<ProviderPlaces>,
}

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(OutboundError::Failed)?;
            self.places.check(request.url())?;
            let mut answer = self.client.execute(request).await.map_err(failed)?;
            let mut response = HttpResponse::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            while let Some(some) = answer.chunk().await.map_err(OutboundError::Failed)? {
                if response.body().len() + some.len() > ANSWER_BYTES_MAX {
                    return Err(OutboundError::TooLarge);
                }
                response.body_mut().extend_from_slice(&some);
            }
            Ok(response)
        })
    }
}

/// Tells a name that leads where nothing may be asked for from one that does not answer.
fn failed(error: reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(known) = cause {
        if matches!(known.downcast_ref(), Some(OutboundError::NotAllowed)) {
            return OutboundError::NotAllowed;
        }
        cause = known.source();
    }
    OutboundError::Failed(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(own: &str, public_url: &str) -> ProviderPlaces {
        ProviderPlaces::new(Networks::parse(own.split_whitespace()).unwrap(), public_url)
    }

    fn may_ask(places: &ProviderPlaces, url: &str) -> bool {
        places.check(&Url::parse(url).unwrap()).is_ok()
    }

    #[test]
    fn only_the_internet_is_asked_unless_the_operator_says_so() {
        let served = places("", "https://calls.example.com");
        assert!(may_ask(&served, "https://id.example.com/tenant") && may_ask(&served, "https://8.8.8.8/"));
        for wrong in [
            "http://id.example.com",
            "ftp://id.example.com",
            "javascript:alert(1)",
            "https://user@id.example.com",
            "https://id.example.com/#x",
            "http://127.0.0.1:9000",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://[::1]",
            "https://[::ffff:10.0.0.1]",
            "https://169.254.169.254/latest",
            "https://10.1.2.3",
        ] {
            assert!(!may_ask(&served, wrong), "{wrong}");
        }
        let with_own = places("10.1.0.0/16", "https://calls.example.com");
        assert!(may_ask(&with_own, "https://10.1.2.3"));
        assert!(!may_ask(&with_own, "http://10.1.2.3") && !may_ask(&with_own, "https://10.2.0.1"));
        let local = places("", "http://127.0.0.1:8080");
        assert!(may_ask(&local, "http://127.0.0.1:9000") && may_ask(&local, "http://localhost:9000"));
        assert!(!may_ask(&local, "http://10.1.2.3") && !may_ask(&local, "http://id.example.com"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_asked() {
        let providers = Providers::new(places("", "https://calls.example.com"));
        let asked = providers.check("https://localhost/").await;
        assert!(matches!(asked, Err(ProviderError::NotAllowed)), "{asked:?}");
        let asked = providers.check("http://localhost/").await;
        assert!(matches!(asked, Err(ProviderError::Address)), "{asked:?}");
    }
}
