//! Proves what a company may choose as its secret, and that changing it costs no event.

use serde_json::{Value, json};

use super::must_count;
use crate::support::{Answer, Caller, Company, Server, sign};

/// WH-052: how often the secret is replaced under load.
const TURNS: usize = 100;

const REPLACE: &str = "mutation($secret: String!) { replaceEndpointSecret(input: { secret: $secret }) {
    endpoint { secret } warning userErrors { field code message } } }";

async fn replace(server: &Server, owner: &Caller, secret: &str) -> Value {
    let mut data = owner.query(server, REPLACE, json!({ "secret": secret })).await;
    data["replaceEndpointSecret"].take()
}

#[tokio::test]
async fn a_secret_is_one_line_and_a_weak_one_is_warned_of() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    for bad in ["", "a\nb", "a\0b", "tab\there", "\u{7f}", &"x".repeat(257)] {
        let answer = replace(&server, &owner, bad).await;
        assert_eq!(answer["userErrors"][0]["code"], "INVALID_SECRET", "WH-049 {bad:?}");
        assert_eq!(answer["userErrors"][0]["field"], json!(["secret"]), "{bad:?}");
        assert_eq!(answer["endpoint"], Value::Null, "{bad:?}");
    }
    company.deliver(&server, r#"{"call_id":1}"#).await;
    let strong = "a secret of many words, nowhere printed";
    for (secret, warned) in
        [("puppy", true), ("aaaaaaaaaaaaaaaaaaaaaaaa", true), (strong, false), ("🗝 sixteen chars 🗝", false)]
    {
        let answer = replace(&server, &owner, secret).await;
        assert_eq!(answer["userErrors"], json!([]), "{secret}");
        assert_eq!(answer["warning"].is_string(), warned, "WH-049 {secret}: {answer}");
        assert_eq!(answer["endpoint"]["secret"], secret);
        assert_eq!(company.post(&server, sign(r#"{"call_id":2}"#, secret)).await.0, 200, "{secret}");
    }
    assert!(!server.log().contains(strong), "a secret is in the log");
}

#[tokio::test]
async fn the_previous_secret_is_accepted_and_the_one_before_is_not() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let secrets =
        [company.secret.as_str(), "the second secret of this company", "the third secret of this company"];
    let post = async |secret: &str| company.post(&server, sign(r#"{"call_id":50}"#, secret)).await.0;
    assert_eq!(post(secrets[0]).await, 200);
    replace(&server, &owner, secrets[1]).await;
    // At once, without a wait: nothing is refused on old knowledge.
    assert_eq!([post(secrets[1]).await, post(secrets[0]).await], [200, 200]);
    replace(&server, &owner, secrets[2]).await;
    assert_eq!([post(secrets[2]).await, post(secrets[1]).await, post(secrets[0]).await], [200, 200, 401]);
    must_count(&server, &company, 5, 1).await;
}

#[tokio::test]
async fn rotating_under_load_refuses_nothing() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let mut secret = company.secret.clone();
    for turn in 0..TURNS {
        let next = format!("secret number {turn} of this company");
        // Signed with either, posted while the secret changes.
        let tokens = [sign(format!(r#"{{"call_id":{}}}"#, 1_000 + turn), &secret), String::new()];
        let posts = tokens.into_iter().filter(|token| !token.is_empty()).cycle().take(8).map(|token| {
            let (http, url) = (server.http().clone(), server.url() + &company.hook);
            tokio::spawn(async move { http.post(url).body(token).send().await.unwrap().status().as_u16() })
        });
        let posts: Vec<_> = posts.collect();
        let answer: Answer = owner.ask(&server, REPLACE, json!({ "secret": next })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        for post in posts {
            assert_eq!(post.await.unwrap(), 200, "turn {turn}");
        }
        assert_eq!(company.post(&server, sign(r#"{"call_id":999}"#, &next)).await.0, 200, "turn {turn}");
        secret = next;
    }
    must_count(&server, &company, TURNS * 9, 0).await;
}
