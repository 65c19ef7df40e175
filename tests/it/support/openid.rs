//! A provider that nobody here wrote, and a browser that goes there and back.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Response, Url};
use serde_json::{Value, json};

use super::{Server, setting};

const PROGRAM: &str = include_str!("openid_provider.mjs");
/// Redirects that a browser follows at a provider.
const REDIRECTS_MAX: usize = 10;

pub(crate) const CLIENT_ID: &str = "trunkline-tests";
pub(crate) const CLIENT_SECRET: &str = "what only the provider and Trunkline know";

/// A provider. Ends when it is dropped.
pub(crate) struct OpenIdProvider {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) issuer: String,
}

/// Where install.sh puts it.
fn folder() -> PathBuf {
    let cache = setting("TRUNKLINE_CACHE").map(PathBuf::from).unwrap_or_else(|| {
        let caches = setting("XDG_CACHE_HOME").map(PathBuf::from);
        let home = || PathBuf::from(setting("HOME").unwrap_or_else(|| "/root".to_owned())).join(".cache");
        caches.unwrap_or_else(home).join("trunkline")
    });
    cache.join("oidc")
}

impl OpenIdProvider {
    /// One that sends browsers back to this address.
    pub(crate) fn start(callback: &str) -> Self {
        let mut process = Command::new("node")
            .args(["--input-type=module", "--eval", PROGRAM, CLIENT_ID, CLIENT_SECRET, callback])
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("no provider: {error}: deploy/scripts/install.sh test"));
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut provider = Self { process, input, output: BufReader::new(output), issuer: String::new() };
        provider.issuer = provider.answer().as_str().unwrap().to_owned();
        provider
    }

    /// Has it say this of whoever signs in from now on.
    pub(crate) fn says(&mut self, who: &Value) {
        self.told(&json!({ "who": who }));
    }

    /// The same, but nothing than the subject to who does not ask for more.
    pub(crate) fn says_when_asked(&mut self, who: &Value) {
        self.told(&json!({ "who": who, "tellsMoreOnlyWhenAsked": true }));
    }

    fn told(&mut self, line: &Value) {
        writeln!(self.input, "{line}").unwrap();
        assert_eq!(self.answer(), json!(true));
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("no provider answers {line:?}: deploy/scripts/install.sh test"))
    }

    /// Goes to a page of it as a fresh browser does, signs in there, and gives where that leads back to.
    pub(crate) async fn visit(&self, server: &Server, page: &str) -> Url {
        let mut cookies = BTreeMap::new();
        let mut page = Url::parse(page).unwrap();
        for _ in 0..REDIRECTS_MAX {
            let shown: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = server.http().get(page.clone()).header(COOKIE, shown.join("; "));
            let answer = request.send().await.unwrap();
            keep(&answer, &mut cookies);
            let status = answer.status();
            let Some(next) = answer.headers().get(LOCATION) else {
                panic!("{page} leads nowhere: {status} {}", answer.text().await.unwrap());
            };
            page = page.join(next.to_str().unwrap()).unwrap();
            if !page.as_str().starts_with(&self.issuer) {
                return page;
            }
        }
        panic!("{page} goes in circles")
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn keep(answer: &Response, cookies: &mut BTreeMap<String, String>) {
    for line in answer.headers().get_all(SET_COOKIE) {
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() {
            cookies.remove(name)
        } else {
            cookies.insert(name.to_owned(), value.to_owned())
        };
    }
}
