//! `/api/export`: all calls that a filter finds, written as they are read.
//!
//! The question is the one of `calls(query, filter)`, and the answer the same calls in the same order. An export that
//! breaks off is gone on with by `after`, the call of its last row: nothing of the first half has to be kept anywhere.
//! What is absent: a file on our side, and anything that would have to be fetched later.

mod audit;
mod columns;
mod stream;
mod turns;

use std::net::IpAddr;
use std::sync::Arc;

use accounts::{Identity, Pass, Sender, check_same_origin};
use async_graphql::{InputType as _, Request, Variables};
use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use domain::access::Action;
use domain::cursor::Position;
use domain::export::{Format, RowWriter};
use domain::ids::GlobalId;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER, TRAILER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{TenantAccess, TenantTx};

use self::columns::COLUMNS;
use self::stream::{CALLS_TRAILER, Export, ExportBody, Leave};
use self::turns::{Turn, Turns};
use crate::company::condition;
use crate::error::{ApiError, why_nobody};
use crate::filter::CallFilter;
use crate::services::{Services, require};
use crate::watch::Watch;
use crate::{ApiSchema, schema};

/// Bytes of the JSON of an export that is asked for by POST.
const BODY_BYTES_MAX: usize = 64 * 1_024;
/// Seconds after which an export that got no turn may be tried again.
const RETRY_AFTER_SECONDS: u16 = 10;
/// How many calls the whole export has, when that is known exactly.
const TOTAL_HEADER: HeaderName = HeaderName::from_static("trunkline-total-count");
/// The moment that periods such as `last:7d` count back from: to be sent as `asOf` when an export is gone on with.
const AS_OF_HEADER: HeaderName = HeaderName::from_static("trunkline-as-of");
/// Only validates the filter: nothing of it is executed.
const FILTER_CHECK: &str = "query($filter: CallFilter) {
    company @skip(if: true) { calls(filter: $filter) { pageInfo { hasNextPage } } } }";

pub(crate) struct Exports {
    services: Arc<Services>,
    watch: Arc<Watch>,
    turns: Turns,
    schema: ApiSchema,
}

/// The route of exports.
pub(crate) fn router(services: Arc<Services>, watch: Arc<Watch>) -> Router {
    let exports = Exports { services, watch, turns: Turns::new(), schema: schema().finish() };
    Router::new()
        .route("/api/export", get(by_address).post(by_body))
        .route("/api/export/audit", get(audit::by_address))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(Arc::new(exports))
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked<F> {
    company: Option<String>,
    query: Option<String>,
    filter: Option<F>,
    format: Option<String>,
    time_zone: Option<String>,
    /// The call of the last row that is there already.
    after: Option<String>,
    as_of: Option<DateTime<Utc>>,
}

/// An export that is not begun.
struct Refused {
    status: StatusCode,
    code: String,
    message: String,
}

impl Refused {
    fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    fn input(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_INPUT", message)
    }
}

async fn by_address(
    State(exports): State<Arc<Exports>>,
    version: Version,
    Sender(address): Sender,
    headers: HeaderMap,
    asked: Result<Query<Asked<String>>, QueryRejection>,
) -> Result<Response, Refused> {
    let Query(asked) = asked.map_err(|error| Refused::input(error.body_text()))?;
    let filter = asked.filter.as_deref().map(serde_json::from_str::<Value>).transpose();
    let filter = filter.map_err(|_| Refused::input("filter must be a JSON object."))?;
    let Asked { company, query, format, time_zone, after, as_of, .. } = asked;
    let asked = Asked { company, query, filter, format, time_zone, after, as_of };
    exports.answer(version, address, &headers, asked).await
}

async fn by_body(
    State(exports): State<Arc<Exports>>,
    version: Version,
    Sender(address): Sender,
    headers: HeaderMap,
    asked: Result<Json<Asked<Value>>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(asked) = asked.map_err(|error| Refused::new(error.status(), "BAD_INPUT", error.body_text()))?;
    exports.answer(version, address, &headers, asked).await
}

impl Exports {
    async fn answer(
        &self,
        version: Version,
        address: IpAddr,
        headers: &HeaderMap,
        asked: Asked<Value>,
    ) -> Result<Response, Refused> {
        check_version(version)?;
        let (pass, access) = self.identify(headers, address, asked.company.as_deref()).await?;
        require(&access, Action::ExportCalls)?;
        let format = format(asked.format.as_deref())?;
        let filter = self.filter(asked.filter).await?;
        let as_of = asked.as_of.unwrap_or_else(|| self.services.edge.now());
        let turn = self.turn(&access).await?;
        let tx = self.services.exports.begin(&access).await?;
        let company = tx.company().await?.ok_or_else(no_company)?;
        let company_zone = company.time_zone.parse().unwrap_or(Tz::UTC);
        let filter = condition(asked.query.as_deref(), filter.as_ref(), as_of, company_zone)?;
        let zone = match &asked.time_zone {
            Some(name) => crate::histogram::zone(name)?,
            None if format == Format::Csv => company_zone,
            None => Tz::UTC,
        };
        let after = position(&tx, asked.after.as_deref()).await?;
        drop(tx);
        let total = self.total(&access, &filter).await;
        let name = format!(
            "calls-{}-{}.{}",
            company.slug,
            as_of.with_timezone(&zone).date_naive(),
            format.extension()
        );
        let export = Export {
            api: self.services.exports.clone(),
            access,
            filter,
            after,
            writer: RowWriter::new(format, zone, COLUMNS),
        };
        let body = self.leave(turn, pass, access).begin(access.tenant(), |parts| export.write(parts));
        let mut response = attachment(body, format, &name);
        let headers = response.headers_mut();
        headers.insert(TRAILER, HeaderValue::from_name(CALLS_TRAILER));
        let as_of = as_of.to_rfc3339_opts(SecondsFormat::Micros, true);
        headers.extend(HeaderValue::try_from(as_of).ok().map(|value| (AS_OF_HEADER, value)));
        headers.extend(total.map(|total| (TOTAL_HEADER, HeaderValue::from(total))));
        Ok(response)
    }

    fn leave(&self, turn: Turn, pass: Pass, access: TenantAccess) -> Leave {
        Leave { turn, watched: self.watch.enter(pass, vec![access]), stop: self.services.stop.clone() }
    }

    /// Waits for the company's turn.
    async fn turn(&self, access: &TenantAccess) -> Result<Turn, Refused> {
        let busy = "Other exports are running. Try again in a moment.";
        let refused = || Refused::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_EXPORTS", busy);
        self.turns.turn(access.tenant()).await.ok_or_else(refused)
    }

    /// How many calls there are, when that is known soon and exactly.
    async fn total(&self, access: &TenantAccess, filter: &domain::search::CallFilter) -> Option<u64> {
        let tx = self.services.api.begin(access).await.ok()?;
        let count = tx.count_calls(filter).await.ok()?;
        count.exact.then_some(count.value)
    }

    /// Who asks, and the right to enter the company that is meant.
    async fn identify(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
        company: Option<&str>,
    ) -> Result<(Pass, TenantAccess), Refused> {
        check_same_origin(headers).map_err(|_| {
            Refused::new(StatusCode::FORBIDDEN, "CROSS_SITE", "The request comes from another site.")
        })?;
        let identity = self.services.accounts.identify(headers, address).await.map_err(|error| {
            if let Some((status, code, message)) = why_nobody(&error) {
                return Refused::new(status, code, message);
            }
            tracing::error!(error = &error as &dyn std::error::Error, "nobody could be identified");
            unavailable()
        })?;
        let message = "Sign in, or send an API key as a bearer token.";
        let unknown = || Refused::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
        let identity: Identity = identity.ok_or_else(unknown)?;
        let pass = Pass::of(headers).ok_or_else(unknown)?;
        let access = match company {
            None => match identity.memberships() {
                [only] => Some(only.access),
                _ => None,
            },
            Some(id) => match GlobalId::decode(id) {
                Some(GlobalId::Company(tenant)) => {
                    identity.memberships().iter().map(|one| one.access).find(|one| one.tenant() == tenant)
                }
                Some(
                    GlobalId::Endpoint(..)
                    | GlobalId::Call(..)
                    | GlobalId::Conversation(..)
                    | GlobalId::Delivery(..),
                )
                | None => None,
            },
        };
        Ok((pass, access.ok_or_else(no_company)?))
    }

    /// The typed filter, checked by the same rules as in a query.
    async fn filter(&self, filter: Option<Value>) -> Result<Option<CallFilter>, Refused> {
        let Some(filter) = filter.filter(|filter| !filter.is_null()) else { return Ok(None) };
        let variables = Variables::from_json(json!({ "filter": filter }));
        let request = Request::new(FILTER_CHECK).variables(variables.clone());
        if let Some(error) = self.schema.execute(request).await.errors.into_iter().next() {
            return Err(Refused::input(error.message));
        }
        let filter = variables.get("filter").cloned();
        let parsed = Option::<CallFilter>::parse(filter);
        parsed.map_err(|_| Refused::input("filter is no CallFilter; see the schema."))
    }
}

/// Where the call of the last row stands. A spreadsheet's apostrophe in front of its id does not matter.
async fn position(tx: &TenantTx, after: Option<&str>) -> Result<Option<Position>, Refused> {
    let Some(after) = after else { return Ok(None) };
    let call = match after.trim_start_matches('\'').parse() {
        Ok(call_id) => tx.call(call_id).await?,
        Err(_) => None,
    };
    let call = call.ok_or_else(|| {
        let message = "after is the callId of the last row that is there already.";
        Refused::new(StatusCode::BAD_REQUEST, "BAD_CURSOR", message)
    })?;
    Ok(Some(Position { at: call.started_at, tie: u128::from(call.call_id.unsigned_abs()) }))
}

fn check_version(version: Version) -> Result<(), Refused> {
    let message = "HTTP/1.0 cannot tell an export that broke off from a whole one. Use HTTP/1.1 or newer.";
    let refused = || Refused::new(StatusCode::HTTP_VERSION_NOT_SUPPORTED, "HTTP_VERSION", message);
    if version < Version::HTTP_11 { Err(refused()) } else { Ok(()) }
}

fn format(asked: Option<&str>) -> Result<Format, Refused> {
    let format = Format::parse(asked.unwrap_or(Format::Csv.as_str()));
    format.ok_or_else(|| Refused::input("format is csv (for spreadsheets), csv-raw or jsonl."))
}

/// An answer that browsers save as a file of this name.
fn attachment(body: ExportBody, format: Format, name: &str) -> Response {
    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.extend(HeaderValue::try_from(disposition).ok().map(|value| (CONTENT_DISPOSITION, value)));
    response
}

fn no_company() -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is no such company, or you have several: say which.",
    )
}

fn unavailable() -> Refused {
    let message = "Trunkline cannot reach its database. Try again in a moment.";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        let status = match &error {
            ApiError::Forbidden(_) | ApiError::PeopleOnly | ApiError::CompanySession => StatusCode::FORBIDDEN,
            ApiError::BadInput(_) | ApiError::BadQuery(_) | ApiError::BadCursor | ApiError::TooLarge => {
                StatusCode::BAD_REQUEST
            }
            ApiError::Store(store::StoreError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let error = async_graphql::Error::from(error);
        let code = match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
            Some(async_graphql::Value::String(code)) => code.clone(),
            _ => "INTERNAL".to_owned(),
        };
        Self::new(status, code, error.message)
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        ApiError::from(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let error = json!({ "error": { "code": self.code, "message": self.message } });
        let mut response = (self.status, Json(error)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        }
        response
    }
}
