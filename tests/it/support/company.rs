//! A company: what `trunkline company create` prints, and what is done with it.

use serde_json::Value;

use super::database::psql;
use super::{Answer, Caller, Server, sign};

/// The password of every owner in these tests.
const PASSWORD: &str = "a quiet staircase";

/// A company that was made by the command.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) id: String,
    pub(crate) slug: String,
    /// The path of the Request URL; the port of a server may change, this does not.
    pub(crate) hook: String,
    pub(crate) secret: String,
    pub(crate) api_key: String,
    pub(crate) owner_email: String,
}

impl Company {
    /// Makes a company in UTC; its owner's address follows from its name.
    pub(crate) fn create(server: &Server, name: &str) -> Self {
        Self::create_in(server, name, "UTC")
    }

    /// Makes a company in a time zone.
    pub(crate) fn create_in(server: &Server, name: &str, time_zone: &str) -> Self {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let output = server.run(&[
            "company",
            "create",
            "--name",
            name,
            "--owner-email",
            &email,
            "--owner-password",
            PASSWORD,
            "--time-zone",
            time_zone,
            "--format",
            "json",
        ]);
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let made: Value = serde_json::from_str(&stdout).unwrap();
        let text =
            |key: &str| made[key].as_str().unwrap_or_else(|| panic!("no {key} in {stdout}")).to_owned();
        let request_url = text("requestUrl");
        let hook = request_url.find("/hooks/").map(|at| request_url[at..].to_owned());
        Self {
            id: text("companyId"),
            slug: text("slug"),
            hook: hook.unwrap_or_else(|| panic!("{request_url} is no Request URL")),
            secret: text("secret"),
            api_key: text("apiKey"),
            owner_email: email,
        }
    }

    /// The last part of the Request URL.
    pub(crate) fn token(&self) -> &str {
        self.hook.rsplit('/').next().unwrap()
    }

    /// Posts a body to the Request URL; answers status and body.
    pub(crate) async fn post(&self, server: &Server, body: impl Into<Vec<u8>>) -> (u16, String) {
        let request = server.http().post(server.url() + &self.hook).header("content-type", "application/jwt");
        let response = request.body(body.into()).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Signs a payload and posts it; it must be answered 200.
    pub(crate) async fn deliver(&self, server: &Server, payload: impl AsRef<[u8]>) {
        let token = sign(payload.as_ref(), &self.secret);
        let (status, body) = self.post(server, token).await;
        assert_eq!((status, body.as_str()), (200, ""), "{}", String::from_utf8_lossy(payload.as_ref()));
    }

    /// The program with the company's API key.
    pub(crate) fn key(&self) -> Caller {
        Caller::Key(self.api_key.clone())
    }

    /// Signs the owner in.
    pub(crate) async fn owner(&self, server: &Server) -> Caller {
        self.sign_in(server, &self.owner_email).await
    }

    /// Has somebody with the owner's password in the company, who is no part of what is tested.
    pub(crate) fn join(&self, database_url: &str, email: &str, role: &str) {
        let owner = &self.owner_email;
        let sql = format!(
            "WITH made AS (
               INSERT INTO users SELECT (jsonb_populate_record(users, jsonb_build_object(
                 'user_id', gen_random_uuid(), 'email', '{email}', 'email_key', '{email}', 'verified_at', now()))).*
               FROM users WHERE email_key = '{owner}' RETURNING user_id)
             INSERT INTO memberships SELECT (jsonb_populate_record(memberships, jsonb_build_object(
                 'user_id', (SELECT user_id FROM made), 'email', '{email}', 'role', '{role}', 'created_at', now()))).*
             FROM memberships JOIN users USING (user_id) WHERE email_key = '{owner}'");
        psql(database_url, &sql).unwrap();
    }

    /// Signs somebody in who has the owner's password.
    pub(crate) async fn sign_in(&self, server: &Server, email: &str) -> Caller {
        Caller::sign_in(server, email, PASSWORD).await
    }

    /// Asks with the API key; there must be no error.
    pub(crate) async fn query(&self, server: &Server, query: &str, variables: Value) -> Value {
        self.key().query(server, query, variables).await
    }

    /// Asks with the API key.
    pub(crate) async fn ask(&self, server: &Server, query: &str, variables: Value) -> Answer {
        self.key().ask(server, query, variables).await
    }

    /// The ids of all calls that the arguments of `calls` find, in the order of the list; at most 200.
    pub(crate) async fn call_ids(&self, server: &Server, arguments: Value) -> Vec<String> {
        const QUERY: &str = "query($query: String, $filter: CallFilter, $orderBy: CallOrder) {
            company { calls(query: $query, filter: $filter, orderBy: $orderBy, first: 200) { nodes { callId } } } }";
        let data = self.query(server, QUERY, arguments).await;
        let nodes = data["company"]["calls"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["callId"].as_str().unwrap().to_owned()).collect()
    }
}
