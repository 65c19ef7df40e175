//! `/auth/`: sign-up, sign-in and sign-out, as plain JSON.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Path, Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::device::DEVICE_DAYS;
use domain::ids::{Credential, TenantId};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;
use store::{BarredCompany, Membership};

use crate::factor::HALF_SESSION_MINUTES;
use crate::identity::{Identity, SESSION_COOKIE, cookie as cookie_of, session_credential};
use crate::origin::check_same_origin;
use crate::people::Arrival;
use crate::service::{AccountError, AccountService, NewCompanyRequest, SignedIn};
use crate::sessions::{Client, SESSION_DAYS};
use crate::sign_on::{AWAY_MINUTES, Answer, SignOnRefusal};

/// Bytes of a request below `/auth/`.
const BODY_BYTES_MAX: usize = 8 * 1_024;

/// Bytes of the address of a page to go on to.
const NEXT_BYTES_MAX: usize = 2_000;

/// The cookie by which a device is known on which somebody signed in.
const DEVICE_COOKIE: &str = "__Host-trunkline-device";
/// What a browser keeps while it is at a provider: what the provider has to send it back with follows from, and the page
/// to go on to.
const SIGN_ON_COOKIE: &str = "__Host-trunkline-sso";

/// The routes below `/auth/`.
pub fn router(service: Arc<AccountService>) -> Router {
    Router::new()
        .route("/auth/sign-up", post(sign_up))
        .route("/auth/sign-in", post(sign_in))
        .route("/auth/second-step", post(second_step))
        .route("/auth/sign-out", post(sign_out))
        .route("/auth/verify-email", post(verify_email))
        .route("/auth/request-password-reset", post(request_reset))
        .route("/auth/reset-password", post(reset_password))
        .route("/auth/change-email", post(change_email))
        .route("/auth/undo-email-change", post(undo_email_change))
        .route("/auth/invitation", post(open_invitation))
        .route("/auth/accept-invitation", post(accept_invitation))
        .route("/auth/sso", post(begin_sign_on))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), change))
        .layer(middleware::from_fn(only_same_origin))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        // Browsers come there from another site: what they bring has to fit what is in their cookie.
        .route("/auth/sso/callback/{company}", get(finish_sign_on))
        .with_state(service)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignUp {
    company_name: String,
    email: String,
    password: String,
    #[serde(default)]
    time_zone: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondStep {
    /// Of the app, or a recovery code.
    code: String,
}

/// What opens something once, and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    link: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestReset {
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    link: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptInvitation {
    link: String,
    /// Of the account that is made; none for who is signed in.
    password: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeginSignOn {
    /// The company's part of the address of every page.
    company: String,
    /// The page of the company to go on to, with its search.
    next: Option<String>,
}

/// What a provider sends browsers back with; what else it says does not matter.
#[derive(Default, Deserialize)]
struct FinishSignOn {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// A refusal as every route below `/auth/` answers it.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    field: Option<&'static str>,
    message: String,
}

/// The address from which a request is sent.
#[derive(Clone, Copy, Debug)]
pub struct Sender(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip())))
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Sender(address) = Sender::from_request_parts(parts, state).await?;
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self::new(address, user_agent))
    }
}

async fn sign_up(
    State(service): State<Arc<AccountService>>,
    client: Client,
    body: Result<Json<SignUp>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(body) = body?;
    let request = NewCompanyRequest {
        company_name: &body.company_name,
        email: &body.email,
        password: &body.password,
        time_zone: &body.time_zone,
    };
    let (session, created) = service.sign_up(request, &client).await?;
    let company = json!({ "company": { "slug": created.slug, "name": created.name } });
    Ok((StatusCode::CREATED, set_cookie(&session), Json(company)).into_response())
}

async fn sign_in(
    State(service): State<Arc<AccountService>>,
    client: Client,
    headers: HeaderMap,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(body) = body?;
    let device = cookie_of(&headers, DEVICE_COOKIE);
    Ok(signed_in(&service.sign_in(&body.email, &body.password, device, &client).await?))
}

async fn second_step(
    State(service): State<Arc<AccountService>>,
    client: Client,
    headers: HeaderMap,
    body: Result<Json<SecondStep>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(body) = body?;
    let half_session = session_credential(&headers).ok_or(AccountError::SignInAgain)?;
    Ok(signed_in(&service.second_step(&half_session, &body.code, &client).await?))
}

fn signed_in(signed_in: &SignedIn) -> Response {
    match signed_in {
        SignedIn::Half(half_session) => {
            let cookie = [(SET_COOKIE, cookie(half_session.reveal(), HALF_SESSION_MINUTES * 60))];
            (cookie, Json(json!({ "needsCode": true, "companies": [] }))).into_response()
        }
        SignedIn::In { session, memberships, device } => {
            let open = |one: &Membership| json!({ "slug": one.slug, "name": one.name });
            let barred = |one: &BarredCompany| json!({ "slug": one.slug, "name": one.name });
            let companies: Vec<_> = memberships.open.iter().map(open).collect();
            let barred: Vec<_> = memberships.barred.iter().map(barred).collect();
            let body = json!({ "needsCode": false, "companies": companies, "barredCompanies": barred });
            let mut response = (set_cookie(session), Json(body)).into_response();
            let kept = named_cookie(DEVICE_COOKIE, device, DEVICE_DAYS * 24 * 3_600);
            response.headers_mut().append(SET_COOKIE, kept);
            response
        }
    }
}

async fn sign_out(
    State(service): State<Arc<AccountService>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(session) = session_credential(&headers) {
        service.end_session(&session).await?;
    }
    let gone = cookie("", 0);
    // Pages in the back-forward cache must not show anything either.
    let clear = ("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE.as_str(), gone), clear]).into_response())
}

async fn verify_email(
    State(service): State<Arc<AccountService>>,
    body: Result<Json<Link>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    service.verify_email(&body?.link).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn request_reset(
    State(service): State<Arc<AccountService>>,
    client: Client,
    body: Result<Json<RequestReset>, JsonRejection>,
) -> Result<Response, Refusal> {
    service.request_reset(&body?.email, &client).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

async fn reset_password(
    State(service): State<Arc<AccountService>>,
    client: Client,
    body: Result<Json<ResetPassword>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let Json(body) = body?;
    service.reset_password(&body.link, &body.password, client.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_email(
    State(service): State<Arc<AccountService>>,
    client: Client,
    headers: HeaderMap,
    body: Result<Json<Link>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let keep = match service.identify(&headers, client.address).await? {
        Some(Identity::Person(person)) => Some(person.session),
        Some(Identity::Key(_)) | None => None,
    };
    service.change_email(&body?.link, keep, client.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn undo_email_change(
    State(service): State<Arc<AccountService>>,
    client: Client,
    body: Result<Json<Link>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    service.undo_email_change(&body?.link, client.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn open_invitation(
    State(service): State<Arc<AccountService>>,
    body: Result<Json<Link>, JsonRejection>,
) -> Result<Response, Refusal> {
    let (invitation, has_account) = service.open_invitation(&body?.link).await?;
    Ok(Json(json!({
        "company": { "slug": invitation.slug, "name": invitation.company },
        "email": invitation.email, "role": invitation.role, "hasAccount": has_account,
    }))
    .into_response())
}

async fn accept_invitation(
    State(service): State<Arc<AccountService>>,
    client: Client,
    headers: HeaderMap,
    body: Result<Json<AcceptInvitation>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(body) = body?;
    let arrival = match (body.password, service.identify(&headers, client.address).await?) {
        (Some(password), _) => Arrival::New(password),
        (None, Some(Identity::Person(person))) => Arrival::SignedIn(person),
        (None, Some(Identity::Key(_)) | None) => return Err(AccountError::SignInFirst.into()),
    };
    let arrived = service.accept_invitation(&body.link, arrival, &client).await?;
    let company = json!({ "slug": arrived.invitation.slug, "name": arrived.invitation.company });
    let body = Json(json!({ "company": company }));
    Ok(match arrived.session {
        Some(session) => (StatusCode::CREATED, set_cookie(&session), body).into_response(),
        None => body.into_response(),
    })
}

async fn begin_sign_on(
    State(service): State<Arc<AccountService>>,
    client: Client,
    body: Result<Json<BeginSignOn>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(BeginSignOn { company, next }) = body?;
    let (browser, url) = service.begin_sign_on(&company, &client).await?;
    let next = next.filter(|next| next.len() <= NEXT_BYTES_MAX).unwrap_or_default();
    let kept = format!("{}.{}", browser.reveal(), URL_SAFE_NO_PAD.encode(next));
    let cookie = named_cookie(SIGN_ON_COOKIE, &kept, AWAY_MINUTES * 60);
    Ok(([(SET_COOKIE, cookie)], Json(json!({ "url": url }))).into_response())
}

/// Somebody comes back from a provider, and sees a page whatever became of it.
async fn finish_sign_on(
    State(service): State<Arc<AccountService>>,
    client: Client,
    headers: HeaderMap,
    Path(company): Path<String>,
    answer: Result<Query<FinishSignOn>, QueryRejection>,
) -> Response {
    let kept = cookie_of(&headers, SIGN_ON_COOKIE).and_then(|kept| kept.split_once('.'));
    let browser = kept.and_then(|(browser, _)| Credential::parse_session(browser));
    let Query(answer) = answer.unwrap_or_default();
    let answer = Answer { code: answer.code, state: answer.state, issuer: answer.iss };
    let finished = match company.parse().map(TenantId) {
        Ok(tenant) => service.finish_sign_on(tenant, browser, answer, &client).await,
        Err(_) => Err(SignOnRefusal::Expired.into()),
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = match finished {
        Ok(signed_on) => {
            let gone = named_cookie(SIGN_ON_COOKIE, "", 0);
            response.headers_mut().append(SET_COOKIE, gone);
            let session = cookie(signed_on.session.reveal(), SESSION_DAYS * 24 * 3_600);
            response.headers_mut().append(SET_COOKIE, session);
            next_page(&signed_on.slug, kept.map_or("", |(_, next)| next))
        }
        Err(error) => format!("/single-sign-on?error={}", Refusal::from(error).code),
    };
    #[expect(
        clippy::expect_used,
        reason = "codes and slugs are letters, digits and hyphens, and pages visible signs"
    )]
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(&to).expect("ASCII"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Only pages of the company that somebody came into.
fn next_page(slug: &str, kept: &str) -> String {
    let company = format!("/c/{slug}/");
    let next = URL_SAFE_NO_PAD.decode(kept).ok().and_then(|next| String::from_utf8(next).ok());
    let is_page =
        |next: &String| next.starts_with(&company) && next.bytes().all(|byte| byte.is_ascii_graphic());
    next.filter(is_page).unwrap_or(company + "calls")
}

/// Signing somebody in or out from another site is refused, also when no cookie is needed for it.
/// Whatever is posted here may change who somebody is.
async fn change(State(service): State<Arc<AccountService>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    service.changed();
    response
}

async fn only_same_origin(request: Request, next: Next) -> Response {
    let mut response = match check_same_origin(request.headers()) {
        Ok(_) => next.run(request).await,
        Err(cross_site) => Refusal {
            status: StatusCode::FORBIDDEN,
            code: "CROSS_SITE",
            field: None,
            message: cross_site.to_string(),
        }
        .into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn set_cookie(session: &Credential) -> [(&'static str, HeaderValue); 1] {
    [("set-cookie", cookie(session.reveal(), SESSION_DAYS * 24 * 3_600))]
}

fn cookie(value: &str, max_age_seconds: i64) -> HeaderValue {
    named_cookie(SESSION_COOKIE, value, max_age_seconds)
}

fn named_cookie(name: &str, value: &str, max_age_seconds: i64) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; Secure; HttpOnly; SameSite=Lax");
    #[expect(clippy::expect_used, reason = "the value is of base 32 and base 64, or empty")]
    HeaderValue::from_str(&text).expect("ASCII")
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        let (status, code, field) = match &error {
            AccountError::Invalid(invalid) => (StatusCode::BAD_REQUEST, invalid.code, Some(invalid.field)),
            AccountError::Refused => (StatusCode::CONFLICT, "SIGN_UP_REFUSED", Some("email")),
            AccountError::BadCredentials => (StatusCode::UNAUTHORIZED, "BAD_CREDENTIALS", None),
            AccountError::TooManyAttempts => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_ATTEMPTS", None),
            AccountError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "BUSY", None),
            AccountError::LinkGone => (StatusCode::GONE, "LINK_GONE", None),
            AccountError::OtherPerson => (StatusCode::FORBIDDEN, "OTHER_PERSON", None),
            AccountError::SignInFirst => (StatusCode::CONFLICT, "SIGN_IN_FIRST", None),
            AccountError::AddressTaken => (StatusCode::CONFLICT, "ADDRESS_TAKEN", None),
            AccountError::BadCode => (StatusCode::UNAUTHORIZED, "BAD_CODE", Some("code")),
            AccountError::SecondStepNeeded => (StatusCode::UNAUTHORIZED, "MFA_REQUIRED", None),
            AccountError::SignInAgain => (StatusCode::UNAUTHORIZED, "SIGN_IN_AGAIN", None),
            AccountError::FactorOn => (StatusCode::CONFLICT, "SECOND_FACTOR_ON", None),
            AccountError::OtherNetwork(_) => (StatusCode::FORBIDDEN, "ADDRESS_NOT_ALLOWED", None),
            AccountError::LastOwner(_) => (StatusCode::CONFLICT, "LAST_OWNER", None),
            AccountError::FactorOff => (StatusCode::CONFLICT, "SECOND_FACTOR_OFF", None),
            AccountError::NoSingleSignOn => (StatusCode::NOT_FOUND, "NO_SINGLE_SIGN_ON", None),
            AccountError::SignOn(refusal) => (StatusCode::BAD_GATEWAY, refusal.code(), None),
            AccountError::CompanySession => (StatusCode::FORBIDDEN, "COMPANY_SESSION", None),
            AccountError::Unavailable(source) => {
                tracing::error!(
                    error = source as &dyn std::error::Error,
                    "accounts could not reach the database"
                );
                (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", None)
            }
        };
        Self { status, code, field, message: error.to_string() }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        let message = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "The request is too large.",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "Send JSON, with Content-Type: application/json.",
            _ => "The request is not the JSON object that is expected here.",
        };
        Self { status: rejection.status(), code: "INVALID", field: None, message: message.to_owned() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = json!({ "error": { "code": self.code, "message": self.message, "field": self.field } });
        (self.status, Json(error)).into_response()
    }
}
