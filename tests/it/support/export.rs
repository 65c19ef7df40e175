//! Exports as a program gets them, and CSV as Python reads it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use reqwest::RequestBuilder;
use reqwest::header::{COOKIE, HeaderMap, ORIGIN};
use serde_json::Value;

use super::{Caller, Server};

/// Reads CSV from its input and prints the rows as JSON.
const READER: &str = "import csv, io, json, sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')
print(json.dumps(list(csv.reader(text, strict=True))))";

/// An export that arrived.
pub(crate) struct Export {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Export {
    /// Asks by POST.
    pub(crate) async fn post(server: &Server, caller: &Caller, asked: &Value) -> Self {
        let request = server.http().post(server.url() + "/api/export").body(asked.to_string());
        let request = request.header("content-type", "application/json");
        Self::send(caller.signed(server, request)).await
    }

    /// Asks by GET, with these parameters.
    pub(crate) async fn get(server: &Server, caller: &Caller, parameters: &str) -> Self {
        let request = server.http().get(format!("{}/api/export?{parameters}", server.url()));
        Self::send(caller.signed(server, request)).await
    }

    pub(crate) async fn send(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body; the export must have begun.
    pub(crate) fn text(&self) -> String {
        let text = String::from_utf8(self.body.clone()).unwrap();
        assert_eq!(self.status, 200, "{text}");
        text
    }

    /// The lines of an export in JSON Lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap();
        json["error"]["code"].as_str().unwrap().to_owned()
    }
}

impl Caller {
    /// The request with what the caller shows.
    pub(crate) fn signed(&self, server: &Server, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::Key(key) => request.bearer_auth(key),
            Self::Session(cookie) => request.header(COOKIE, cookie).header(ORIGIN, server.url()),
        }
    }
}

/// The rows of a CSV text, read by Python's reader.
pub(crate) fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "Python reads the CSV");
    serde_json::from_slice(&output.stdout).unwrap()
}
