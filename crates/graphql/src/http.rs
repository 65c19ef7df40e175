//! `POST /graphql`: JSON in, JSON out, for people with a session and programs with a key.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use accounts::{Identity, Sender, check_same_origin};
use async_graphql::dataloader::DataLoader;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection};
use async_graphql::{Request, Response, ServerError, Value};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::post;
use domain::ids::API_KEY_PREFIX;
use store::Api;
use tokio::sync::Semaphore;

use crate::budget::{BoundedBytes, Budget};
use crate::call::CallLoader;
use crate::conversation::LegsLoader;
use crate::delivery::{ContentLoader, FirstReceivedLoader};
use crate::error::{RESPONSE_TOO_LARGE, TOO_LARGE, why_nobody};
use crate::event::{ArrivalLoader, EventLoader};
use crate::live::{Hearing, Live};
use crate::member_order::MemberOrder;
use crate::party::PartyLoader;
use crate::precheck::{self, precheck};
use crate::services::{COUNTING_AT_ONCE_MAX, RequestState, Services};
use crate::watch::Watch;
use crate::{ApiSchema, schema};

/// Bytes of a GraphQL request.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1_024;

/// The address of somebody whose address is not known.
const UNKNOWN_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Who asks, and from where.
struct Asking {
    identity: Identity,
    address: IpAddr,
}

struct Endpoint {
    schema: ApiSchema,
    services: Arc<Services>,
}

/// The routes of the API. `live` is the door for those who watch. Must be called on the runtime that it works on.
pub fn router(services: Arc<Services>, live: Api, hearing: Hearing) -> Router {
    let watch = Arc::new(Watch::default());
    tokio::spawn({
        let (watch, services) = (Arc::clone(&watch), Arc::clone(&services));
        async move { watch.keep_looking(&services.accounts, &services.stop).await }
    });
    let exports = crate::export::router(Arc::clone(&services), Arc::clone(&watch));
    let watching = Arc::new(Services { api: live, ..services.as_ref().clone() });
    let live = crate::live::router(Live::start(watching, watch, hearing));
    let endpoint = Endpoint { schema: schema().finish(), services };
    Router::new().route("/graphql", post(answer)).with_state(Arc::new(endpoint)).merge(exports).merge(live)
}

/// A request that is not executed.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message) }
    }
}

impl From<precheck::Refused> for Refused {
    fn from(refused: precheck::Refused) -> Self {
        let (code, message) = match refused {
            precheck::Refused::Syntax(message) => ("BAD_REQUEST", message),
            precheck::Refused::TooComplex(message) => ("TOO_COMPLEX", message),
        };
        Self { status: StatusCode::BAD_REQUEST, code, message: Cow::Owned(message) }
    }
}

async fn answer(
    State(endpoint): State<Arc<Endpoint>>,
    Sender(address): Sender,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> axum::response::Response {
    let request_id = endpoint.services.edge.new_uuid().to_string();
    let answered = match endpoint.execute(address, &uri, &headers, body).await {
        Ok(response) => {
            let status = status_of(&response);
            write_down(response, &request_id).map(|json| (status, json)).ok_or_else(too_large)
        }
        Err(refused) => Err(refused),
    };
    let (status, json) = answered.unwrap_or_else(|refused| {
        let error = refusal(refused.code, refused.message);
        (refused.status, write_down(Response::from_errors(vec![error]), &request_id).unwrap_or_default())
    });
    tracing::info!(request.id = request_id, status = status.as_u16(), "graphql");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, json).into_response()
}

impl Endpoint {
    async fn execute(
        &self,
        address: IpAddr,
        uri: &Uri,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Response, Refused> {
        check_address(uri)?;
        check_media_type(headers)?;
        let same_origin = check_same_origin(headers).map_err(|_| {
            Refused::new(StatusCode::FORBIDDEN, "CROSS_SITE", "The request comes from another site.")
        })?;
        let identity = self.identify(headers, address).await?;
        let mut request = read(body).await?;
        let document = precheck(&request.query)?;
        let is_from_us = same_origin || headers.contains_key(AUTHORIZATION);
        let changes_something = changes_something(&document);
        if !is_from_us && changes_something {
            // A cookie alone may not change anything: the browser must say that our own page sends it.
            let message =
                "With a session cookie, a change must say where it comes from (Origin or Sec-Fetch-Site).";
            return Err(Refused::new(StatusCode::FORBIDDEN, "CROSS_SITE", message));
        }
        let order = MemberOrder::of(&document, request.operation_name.as_deref());
        request.set_parsed_query(document);
        let budget = Arc::new(Budget::default());
        let request = with_loaders(request, &self.services, Asking { identity, address }, budget);
        let schema = self.schema.clone();
        let response = unless_it_panics(async move { schema.execute(request).await }).await;
        if changes_something {
            self.services.accounts.changed();
        }
        let mut response = response?;
        order.put(&mut response.data);
        let is_too_large = |error: &ServerError| code_of(error) == RESPONSE_TOO_LARGE;
        if response.errors.iter().any(is_too_large) { Err(too_large()) } else { Ok(response) }
    }

    async fn identify(&self, headers: &HeaderMap, address: IpAddr) -> Result<Identity, Refused> {
        let identified = self.services.accounts.identify(headers, address).await.map_err(|error| {
            if let Some((status, code, message)) = why_nobody(&error) {
                return Refused { status, code, message: Cow::Owned(message) };
            }
            tracing::error!(error = &error as &dyn std::error::Error, "nobody could be identified");
            let message = "Trunkline cannot reach its database. Try again in a moment.";
            Refused::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
        })?;
        let message = "Sign in, or send an API key as a bearer token.";
        identified.ok_or(Refused::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message))
    }
}

/// An API key does not belong into an address, which everything on the way writes into its logs.
fn check_address(uri: &Uri) -> Result<(), Refused> {
    if !uri.query().is_some_and(|query| query.contains(API_KEY_PREFIX)) {
        return Ok(());
    }
    tracing::warn!("an API key came in the address of a request");
    let message = "There is an API key in the address. Addresses stand in logs: replace that key, and send keys as bearer tokens.";
    Err(Refused::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message))
}

/// Runs a query as a task of its own, so that a mistake of ours in it costs this answer and nothing else.
async fn unless_it_panics(
    execution: impl Future<Output = Response> + Send + 'static,
) -> Result<Response, Refused> {
    tokio::spawn(execution).await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a query could not be answered");
        Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side.")
    })
}

fn too_large() -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, RESPONSE_TOO_LARGE, TOO_LARGE)
}

/// The answer in JSON; nothing when there is too much of it.
fn write_down(response: Response, request_id: &str) -> Option<Vec<u8>> {
    let mut bytes = BoundedBytes::default();
    serde_json::to_writer(&mut bytes, &with_request_id(response, request_id)).ok()?;
    Some(bytes.into_bytes())
}

/// The request with what is made for each.
fn with_loaders(request: Request, services: &Arc<Services>, asking: Asking, budget: Arc<Budget>) -> Request {
    let state = RequestState {
        cursors: services.keys.cursor_key(),
        services: Arc::clone(services),
        identity: asking.identity,
        address: asking.address,
        budget: Arc::clone(&budget),
        counters: Semaphore::new(COUNTING_AT_ONCE_MAX),
    };
    let events = DataLoader::new(EventLoader(Arc::clone(services), Arc::clone(&budget)), tokio::spawn);
    let arrivals = DataLoader::new(ArrivalLoader(Arc::clone(services)), tokio::spawn);
    let calls = DataLoader::new(CallLoader(Arc::clone(services)), tokio::spawn);
    let contents = DataLoader::new(ContentLoader(Arc::clone(services), budget), tokio::spawn);
    let first_received = DataLoader::new(FirstReceivedLoader(Arc::clone(services)), tokio::spawn);
    let legs = DataLoader::new(LegsLoader(Arc::clone(services)), tokio::spawn);
    let request = request.data(state).data(PartyLoader::parties(services)).data(events).data(arrivals);
    request.data(calls).data(contents).data(first_received).data(legs)
}

/// A subscription, ready to be executed, and how its answers are ordered: what else comes over a WebSocket is refused, like
/// what is too complex.
pub(crate) fn subscription(
    mut request: Request,
    services: &Arc<Services>,
    identity: Identity,
) -> Result<(Request, MemberOrder), ServerError> {
    let document = precheck(&request.query).map_err(|refused| {
        let Refused { code, message, .. } = Refused::from(refused);
        refusal(code, message)
    })?;
    let mut operations = document.operations.iter().map(|(_, operation)| &operation.node);
    if !operations.all(|operation| operation.ty == OperationType::Subscription) {
        let message = "Send queries and mutations to /graphql; here are subscriptions only.";
        return Err(refusal("SUBSCRIPTIONS_ONLY", message));
    }
    let is_one = |operation: &OperationDefinition| matches!(operation.selection_set.node.items.as_slice(), [only] if matches!(only.node, Selection::Field(_)));
    if !document.operations.iter().all(|(_, operation)| is_one(&operation.node)) {
        return Err(refusal("BAD_REQUEST", "A subscription has one field."));
    }
    let order = MemberOrder::of(&document, request.operation_name.as_deref());
    request.set_parsed_query(document);
    // Nothing is changed over a WebSocket, so nobody asks where it comes from.
    let asking = Asking { identity, address: UNKNOWN_ADDRESS };
    Ok((with_loaders(request, services, asking, Arc::default()), order))
}

/// An error with its code.
pub(crate) fn refusal(code: &str, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    error
}

fn changes_something(document: &ExecutableDocument) -> bool {
    document.operations.iter().any(|(_, operation)| operation.node.ty != OperationType::Query)
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Refused> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let is_json = parts.next().is_some_and(|essence| essence == "application/json");
    let is_utf8 = parts.all(|parameter| {
        parameter.strip_prefix("charset=").is_none_or(|charset| charset.trim_matches('"') == "utf-8")
    });
    if is_json && is_utf8 && !headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    let message = "Send uncompressed JSON, with Content-Type: application/json.";
    Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message))
}

async fn read(body: Body) -> Result<Request, Refused> {
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", "A request can have 64 KiB.")
    })?;
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Refused::new(StatusCode::BAD_REQUEST, "BATCH_DISABLED", "Send one request at a time."));
    }
    let message = "The body is not a GraphQL request: a JSON object with a query.";
    serde_json::from_slice(&bytes).map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message))
}

/// The code of an error; empty when the library made it.
fn code_of(error: &ServerError) -> &str {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(Value::String(code)) => code,
        _ => "",
    }
}

/// Errors of the caller are 400, ours 500 or 503; a partial answer for want of a right is still an answer.
fn status_of(response: &Response) -> StatusCode {
    match response.errors.first().map(code_of) {
        None | Some("FORBIDDEN") => StatusCode::OK,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Some(_) => StatusCode::BAD_REQUEST,
    }
}

/// Every error can be found in the log; errors of the query itself get their code here.
pub(crate) fn with_request_id(mut response: Response, request_id: &str) -> Response {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", "BAD_REQUEST");
        }
        extensions.set("requestId", request_id);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_of_ours_costs_one_answer() {
        struct Query;

        #[async_graphql::Object]
        impl Query {
            async fn mistake(&self) -> i32 {
                std::hint::black_box(Vec::<i32>::new()).remove(0)
            }
        }

        let schema =
            async_graphql::Schema::new(Query, async_graphql::EmptyMutation, async_graphql::EmptySubscription);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..2 {
            let schema = schema.clone();
            let answer = unless_it_panics(async move { schema.execute("{ mistake }").await });
            let refused = runtime.block_on(answer).err().unwrap();
            assert_eq!((refused.status.as_u16(), refused.code), (500, "INTERNAL"));
            assert_eq!(refused.message, "Something went wrong on our side.");
        }
    }

    #[test]
    fn every_error_has_a_code_and_the_number_of_its_request() {
        let bare = ServerError::new("wrong", None);
        let json = write_down(Response::from_errors(vec![bare.clone(), bare]), "7").unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        for error in json["errors"].as_array().unwrap() {
            assert_eq!(error["extensions"], serde_json::json!({ "code": "BAD_REQUEST", "requestId": "7" }));
        }
    }
}
