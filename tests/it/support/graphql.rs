//! Asking the API, as a program with a key or as someone who signed in.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use super::{Server, eventually};

/// In an answer, or a part of it, that is missing because the database was not reached in time.
pub(crate) const UNAVAILABLE: &str = "\"code\":\"UNAVAILABLE\"";

/// Who asks.
#[derive(Clone)]
pub(crate) enum Caller {
    /// A program with this API key.
    Key(String),
    /// A browser with this cookie.
    Session(String),
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The body as it came.
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    /// The code of the first error; empty without an error.
    pub(crate) fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }
}

impl Caller {
    /// Signs in.
    pub(crate) async fn sign_in(server: &Server, email: &str, password: &str) -> Self {
        let request = server.http().post(server.url() + "/auth/sign-in").header(ORIGIN, server.url());
        let response = request.json(&json!({ "email": email, "password": password })).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{email} can sign in");
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
        Self::Session(cookie.split(';').next().unwrap().to_owned())
    }

    /// Asks; there must be no error.
    pub(crate) async fn query(&self, server: &Server, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(server, query, variables).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}\n{}", answer.text);
        assert!(answer.json.get("errors").is_none(), "{query}\n{}", answer.text);
        answer.json["data"].take()
    }

    /// Asks.
    pub(crate) async fn ask(&self, server: &Server, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(server, body).await
    }

    /// Asks until there is a whole answer: the machine is busy with other tests.
    pub(crate) async fn ask_again(&self, server: &Server, query: &str, variables: &Value) -> Answer {
        eventually(async || {
            let answer = self.ask(server, query, variables.clone()).await;
            if answer.text.contains(UNAVAILABLE) { Err(answer.text) } else { Ok(answer) }
        })
        .await
    }

    /// Sends a body as it is.
    pub(crate) async fn send(&self, server: &Server, body: String) -> Answer {
        let request = server.http().post(server.url() + "/graphql").header(CONTENT_TYPE, "application/json");
        let response = self.signed(server, request).body(body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}, not JSON: {text}"));
        Answer { status, text, json }
    }
}
