//! The web app, built into the binary.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderValue, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, Method, Request, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::headers::content_security_policy;
use crate::edge::edge;

/// Names below this carry a hash of their content: they never change.
const IMMUTABLE: &str = "assets/";
/// What addresses of pages begin with; the app says itself what it does not find below them.
const PAGES: [&str; 12] = [
    "",
    "signin",
    "signup",
    "forgot-password",
    "reset-password",
    "verify-email",
    "change-email",
    "undo-email-change",
    "second-factor",
    "single-sign-on",
    "invitation",
    "c",
];
/// Stands in the page where the nonce belongs.
const NONCE_MARK: &str = "__CSP_NONCE__";
/// What is shown when the binary was built without the web app.
const NO_APP: &str =
    "<!doctype html><title>Trunkline</title><p>This binary was built without the web app.</p>";

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct App;

/// Serves a file of the app, else the page that starts it: the app knows its own addresses.
pub(super) async fn serve(request: Request<Body>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = request.uri().path().trim_start_matches('/');
    if let Some(file) = App::get(name).filter(|_| name != "index.html") {
        return serve_file(name, file, request.headers());
    }
    // A stale tab that asks for an asset of an older build must see that it is gone, not get a page as its script.
    if name.starts_with(IMMUTABLE) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let first = name.split('/').next().unwrap_or_default();
    let status = if PAGES.contains(&first) { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, serve_page()).into_response()
}

fn serve_page() -> Response {
    let nonce = STANDARD.encode(edge().random::<16>());
    let page =
        App::get("index.html").map(|file| String::from_utf8_lossy(&file.data).replace(NONCE_MARK, &nonce));
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_SECURITY_POLICY, content_security_policy(&nonce)),
    ];
    (headers, page.unwrap_or_else(|| NO_APP.to_owned())).into_response()
}

fn serve_file(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!(
        "\"{}\"",
        file.metadata.sha256_hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );
    let content_type = file.metadata.mimetype().to_owned();
    let cache = if name.starts_with(IMMUTABLE) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (data, encoding) = best_variant(name, file, headers);
        let mut response = Body::from(data.into_owned()).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    for (name, value) in [(CONTENT_TYPE, content_type), (CACHE_CONTROL, cache.to_owned()), (ETAG, etag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// The smallest form of a file that the browser takes; they are made when the app is built.
fn best_variant(
    name: &str,
    plain: EmbeddedFile,
    headers: &HeaderMap,
) -> (std::borrow::Cow<'static, [u8]>, Option<&'static str>) {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts =
        |encoding: &str| accepted.split(',').any(|one| one.trim().split(';').next() == Some(encoding));
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(encoding)
            && let Some(variant) = App::get(&format!("{name}.{ending}"))
        {
            return (variant.data, Some(encoding));
        }
    }
    (plain.data, None)
}
