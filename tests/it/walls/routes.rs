//! What can be tried at the routes that are not GraphQL's, or beside it: values in bodies, parameters, paths and headers.

use std::path::Path;

use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, RequestBuilder, Url};
use serde_json::{Value, json};

use super::suite::Spot;
use super::values::{Given, Kind};
use crate::support::Server;

/// The moment at which exports are asked for, so that nothing in them depends on when that is.
const AS_OF: &str = "2026-11-01T00:00:00Z";

/// Where in a request a value stands.
#[derive(Clone, Copy)]
enum At {
    /// A member of the JSON body.
    Member(&'static str),
    /// A member of the filter in the JSON body.
    Filter(&'static str),
    Parameter(&'static str),
    /// Behind the path.
    Path,
    Header(&'static str),
}

/// A route, what is said there beside the value, and the places.
type Route = (Method, &'static str, &'static str, &'static [(At, Kind)]);

/// Every route of the server. A new one needs its line here.
const ROUTES: [Route; 21] = [
    // What makes a company is refused here: for want of a good password, whatever else is said.
    (
        Method::POST,
        "/auth/sign-up",
        r#"{"companyName":"Third","email":"third@example.com","password":"x"}"#,
        &[(At::Member("email"), Kind::Account), (At::Member("companyName"), Kind::Name)],
    ),
    (
        Method::POST,
        "/auth/sign-in",
        r#"{"password":"not the password"}"#,
        &[(At::Member("email"), Kind::Account)],
    ),
    (Method::POST, "/auth/second-step", "{}", &[(At::Member("code"), Kind::Secret)]),
    (Method::POST, "/auth/sign-out", "{}", &[(At::Header("cookie"), Kind::Session)]),
    (Method::POST, "/auth/verify-email", "{}", &[(At::Member("link"), Kind::Invitation)]),
    (Method::POST, "/auth/request-password-reset", "{}", &[(At::Member("email"), Kind::Account)]),
    (
        Method::POST,
        "/auth/reset-password",
        r#"{"password":"correct horse battery"}"#,
        &[(At::Member("link"), Kind::Invitation)],
    ),
    (Method::POST, "/auth/change-email", "{}", &[(At::Member("link"), Kind::Invitation)]),
    (Method::POST, "/auth/undo-email-change", "{}", &[(At::Member("link"), Kind::Invitation)]),
    (Method::POST, "/auth/invitation", "{}", &[(At::Member("link"), Kind::Invitation)]),
    (
        Method::POST,
        "/auth/accept-invitation",
        r#"{"password":"correct horse battery"}"#,
        &[(At::Member("link"), Kind::Invitation)],
    ),
    (Method::POST, "/auth/sso", "{}", &[(At::Member("company"), Kind::Slug)]),
    // Behind it stands the company whose provider sends somebody back.
    (
        Method::GET,
        "/auth/sso/callback/",
        "",
        &[(At::Path, Kind::GlobalId), (At::Path, Kind::Slug), (At::Parameter("state"), Kind::Secret)],
    ),
    (
        Method::GET,
        "/api/export",
        "",
        &[
            (At::Parameter("company"), Kind::GlobalId),
            (At::Parameter("query"), Kind::Query),
            (At::Parameter("after"), Kind::CallId),
        ],
    ),
    (
        Method::POST,
        "/api/export",
        r#"{"format":"jsonl"}"#,
        &[
            (At::Member("company"), Kind::GlobalId),
            (At::Member("query"), Kind::Query),
            (At::Member("after"), Kind::CallId),
            (At::Filter("text"), Kind::Text),
        ],
    ),
    (
        Method::GET,
        "/api/export/audit",
        "",
        &[(At::Parameter("company"), Kind::GlobalId), (At::Parameter("actor"), Kind::Account)],
    ),
    (
        Method::POST,
        "/graphql",
        r#"{"query":"{ company { name slug calls { nodes { callId } } } }"}"#,
        &[
            (At::Header("x-tenant"), Kind::Slug),
            (At::Header("x-forwarded-host"), Kind::Slug),
            (At::Parameter("tenant"), Kind::GlobalId),
        ],
    ),
    // Sockets are asked in `live`; without the handshake there is no answer but one.
    (Method::GET, "/graphql/ws", "", &[(At::Parameter("company"), Kind::GlobalId)]),
    (Method::GET, "/healthz", "", &[(At::Parameter("company"), Kind::GlobalId)]),
    // Who has the last part of a Request URL has the address; nothing else leads there.
    (
        Method::POST,
        "/hooks/",
        "{}",
        &[(At::Path, Kind::Slug), (At::Path, Kind::GlobalId), (At::Path, Kind::ApiKey)],
    ),
    // Everything else is a page.
    (Method::GET, "/", "", &[(At::Path, Kind::Slug), (At::Path, Kind::CallId)]),
];

/// Routes that are not made by `.route(…)`.
const OTHER_ROUTES: [&str; 2] = ["/", "/hooks/"];

/// The places of all routes.
pub(super) fn spots() -> Vec<Spot> {
    let of_route = |(method, path, said, places): Route| {
        places.iter().map(move |(at, kind)| {
            let (at, method) = (*at, method.clone());
            let name = format!("{method} {path} by {}", at.describe());
            let request =
                move |server: &Server, given: &Given| request(server, &method, path, said, at, given);
            // Whoever is not known is who may sign in, and only so often.
            Spot {
                name,
                kind: kind.clone(),
                request: Box::new(request),
                is_for_nobody: path.starts_with("/auth/"),
                changes: false,
            }
        })
    };
    ROUTES.into_iter().flat_map(of_route).collect()
}

impl At {
    fn describe(self) -> &'static str {
        match self {
            Self::Member(name) | Self::Filter(name) | Self::Parameter(name) | Self::Header(name) => name,
            Self::Path => "path",
        }
    }
}

fn request(
    server: &Server,
    method: &Method,
    path: &str,
    said: &str,
    at: At,
    given: &Given,
) -> RequestBuilder {
    let (is_export, is_read) = (path == "/api/export", *method == Method::GET);
    let behind = if let At::Path = at { given.text() } else { String::new() };
    let mut parameters = Vec::new();
    let mut body: Value = serde_json::from_str(said).unwrap_or_default();
    match (is_export, is_read) {
        (true, true) => parameters.extend([("asOf", AS_OF.to_owned()), ("format", "csv-raw".to_owned())]),
        (true, false) => body["asOf"] = json!(AS_OF),
        (false, _) => {}
    }
    match at {
        At::Member(name) => body[name] = given.value(),
        At::Filter(name) => body["filter"] = json!({ name: given.value() }),
        At::Parameter(name) => parameters.push((name, given.text())),
        At::Header(_) | At::Path => {}
    }
    let url = format!("{}{path}{behind}", server.url());
    let mut request =
        server.http().request(method.clone(), Url::parse_with_params(&url, parameters).unwrap());
    if path.starts_with("/auth/") {
        request = request.header(ORIGIN, server.url());
    }
    request = match at {
        At::Header("cookie") => request.header(COOKIE, format!("__Host-trunkline={}", given.text())),
        At::Header(name) => request.header(name, given.text()),
        At::Member(_) | At::Filter(_) | At::Parameter(_) | At::Path => request,
    };
    if body.is_null() { request } else { request.json(&body) }
}

/// The routes that the sources make.
fn made(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            made(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let routes = text.split(".route(").skip(1).map(str::trim_start);
            // A route whose path is not written out is in nobody's list.
            found.extend(routes.map(
                |rest| match rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                    // What differs stands at the end.
                    Some((route, _)) => route.split('{').next().unwrap_or_default().to_owned(),
                    None => format!("a path that is not written out, in {}", path.display()),
                },
            ));
        }
    }
}

#[test]
fn every_route_has_a_probe() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        made(&entry.unwrap().path().join("src"), &mut found);
    }
    assert!(found.len() >= 12, "routes are found: {found:?}");
    let known: Vec<&str> = ROUTES.iter().map(|(_, path, ..)| *path).collect();
    for route in &found {
        assert!(
            known.contains(&route.as_str()),
            "{route} is not covered: say in ROUTES what can be tried there"
        );
    }
    for route in known {
        assert!(found.iter().any(|found| found == route) || OTHER_ROUTES.contains(&route), "{route} is gone");
    }
}
