//! Proves what a company's own provider is worth: it lets people into its company, and into nothing else of whoever it
//! names; only the browser that left for it, once, in time; and only those for whom it may speak.

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Response, Url};
use serde_json::{Value, json};

use super::people::join_also;
use super::{PASSWORD, auth, session, sign_in, sign_up};
use crate::support::database::psql;
use crate::support::openid::{CLIENT_ID, CLIENT_SECRET, OpenIdProvider};
use crate::support::{Caller, Company, Database, Export, Server, Start};

const RULE: &str = "{ company { singleSignOn { issuer clientId domains defaultRole callbackUrl } } }";
const SET: &str = "mutation($input: SetSingleSignOnInput!) { setSingleSignOn(input: $input) {
    company { singleSignOn { issuer clientId domains defaultRole } } userErrors { field code message } } }";
const END: &str =
    "mutation { endSingleSignOn(input: {}) { company { singleSignOn { issuer } } userErrors { code } } }";
const WHO: &str = "{ viewer { isBySingleSignOn user { email name isVerified } companies { slug viewerRole }
    barredCompanies { slug } sessions { id isCurrent } } }";
const AUDIT: &str = "{ company { audit(first: 50) { nodes { action actor subject detail } } } }";
const MEMBERS: &str = "{ company { members { id email name role } } }";

/// A company with a provider, and the browser of somebody.
struct Office {
    database: Database,
    server: Server,
    company: Company,
    owner: Caller,
    provider: OpenIdProvider,
}

/// Somebody who left for the provider: what the browser keeps, and where it goes.
struct Away {
    cookie: String,
    page: String,
}

fn input(issuer: &str) -> Value {
    json!({ "issuer": issuer, "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET,
        "domains": ["hopper.example", "Lines.Example"], "defaultRole": "VIEWER" })
}

fn ada() -> Value {
    json!({ "sub": "ada-1", "email": "Ada@hopper.example", "email_verified": true, "name": "Ada Lovelace" })
}

async fn callback_of(server: &Server, owner: &Caller) -> String {
    let data = owner.query(server, RULE, json!({})).await;
    data["company"]["singleSignOn"]["callbackUrl"].as_str().unwrap().to_owned()
}

async fn set(server: &Server, caller: &Caller, input: Value) -> Value {
    caller.query(server, SET, json!({ "input": input })).await["setSingleSignOn"].take()
}

/// Gives a company a provider.
pub(super) async fn provide(server: &Server, owner: &Caller) -> OpenIdProvider {
    let provider = OpenIdProvider::start(&callback_of(server, owner).await);
    let answer = set(server, owner, input(&provider.issuer)).await;
    assert_eq!(answer["userErrors"], json!([]));
    provider
}

impl Office {
    async fn open() -> Self {
        let database = Database::new();
        let server = Server::start_on(Start::At(database.url()));
        let company = Company::create(&server, "Hopper Lines");
        let owner = company.owner(&server).await;
        let provider = provide(&server, &owner).await;
        Self { database, server, company, owner, provider }
    }

    async fn leave(&self) -> Away {
        self.leave_with(&json!({ "company": self.company.slug })).await
    }

    async fn leave_with(&self, body: &Value) -> Away {
        let answer = leave_with(&self.server, body).await;
        assert_eq!(answer.status(), 200);
        let cookie = cookie(&answer, "__Host-trunkline-sso").unwrap();
        let said: Value = answer.json().await.unwrap();
        Away { cookie, page: said["url"].as_str().unwrap().to_owned() }
    }

    /// Leaves, signs in as who the provider says, and comes back.
    async fn go(&mut self, who: &Value) -> Response {
        self.provider.says(who);
        let away = self.leave().await;
        let back = self.provider.visit(&self.server, &away.page).await;
        come_back(&self.server, &back, Some(&away.cookie)).await
    }

    /// The same, for who is let in.
    async fn enter(&mut self, who: &Value) -> Caller {
        let answer = self.go(who).await;
        assert_eq!(place(&answer), "/c/hopper-lines/calls");
        Caller::Session(cookie(&answer, "__Host-trunkline").unwrap())
    }

    /// The same, for who is not: why.
    async fn refused(&mut self, who: &Value) -> String {
        let answer = self.go(who).await;
        refusal(&answer)
    }

    fn sql(&self, sql: &str) -> String {
        psql(&self.database.url(), sql).unwrap().trim().to_owned()
    }
}

async fn leave_for(server: &Server, slug: &str) -> Response {
    leave_with(server, &json!({ "company": slug })).await
}

async fn leave_with(server: &Server, body: &Value) -> Response {
    auth(server, "sso", body).header(ORIGIN, server.url()).send().await.unwrap()
}

/// A browser comes from another site, as it says.
async fn come_back(server: &Server, back: &Url, cookie: Option<&str>) -> Response {
    let mut request = server.http().get(back.clone()).header("sec-fetch-site", "cross-site");
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    request.send().await.unwrap()
}

/// Where a browser is sent.
fn place(answer: &Response) -> String {
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

fn refusal(answer: &Response) -> String {
    assert_eq!(cookie(answer, "__Host-trunkline"), None);
    let place = place(answer);
    place.strip_prefix("/single-sign-on?error=").unwrap_or_else(|| panic!("let in: {place}")).to_owned()
}

/// A cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Response, name: &str) -> Option<String> {
    let lines = answer.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    let mut kept = lines.filter(|line| !line.contains("Max-Age=0"));
    let line = kept.find(|line| line.split_once('=').unwrap().0 == name)?;
    for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(line.contains(attribute) && !line.contains("Domain"), "{line}");
    }
    Some(line.split(';').next().unwrap().to_owned())
}

fn parameter(page: &str, name: &str) -> String {
    let page = Url::parse(page).unwrap();
    let found = page.query_pairs().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in {page}")).1.into_owned()
}

/// The page with another value of a parameter.
fn altered(page: &str, name: &str, value: &str) -> Url {
    let mut page = Url::parse(page).unwrap();
    let pairs: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    let others = pairs.into_iter().filter(|(known, _)| known != name);
    page.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    page
}

#[tokio::test]
async fn somebody_comes_first_and_again_by_the_provider() {
    let mut office = Office::open().await;
    let away = office.leave().await;
    assert!(away.page.starts_with(&office.provider.issuer), "{}", away.page);
    assert_eq!(parameter(&away.page, "response_type"), "code");
    assert_eq!(parameter(&away.page, "code_challenge_method"), "S256");
    assert_eq!(parameter(&away.page, "client_id"), CLIENT_ID);
    assert_eq!(parameter(&away.page, "redirect_uri"), callback_of(&office.server, &office.owner).await);
    for tie in ["state", "nonce", "code_challenge"] {
        assert!(parameter(&away.page, tie).len() >= 43, "{}", away.page);
        assert_ne!(
            parameter(&away.page, tie),
            parameter(&office.leave().await.page, tie),
            "each has its own"
        );
    }
    let kept = away.cookie.split(['=', '.']).nth(1).unwrap();
    assert!(kept.len() > 20 && !away.page.contains(kept), "the cookie goes nowhere");

    let first = office.enter(&ada()).await;
    let who = first.query(&office.server, WHO, json!({})).await["viewer"].take();
    let user = json!({ "email": "Ada@hopper.example", "name": "Ada Lovelace", "isVerified": true });
    assert_eq!(who["user"], user);
    assert_eq!(who["companies"], json!([{ "slug": "hopper-lines", "viewerRole": "VIEWER" }]));
    // Whatever is said of them later, they are the same person.
    let later = json!({ "sub": "ada-1", "email": "ada.king@lines.example", "email_verified": true });
    let again = office.enter(&later).await;
    assert_eq!(again.query(&office.server, WHO, json!({})).await["viewer"]["user"], user);
    // Another is another.
    office.enter(&json!({ "sub": "bo-2", "email": "bo@lines.example" })).await;
    let members = office.owner.query(&office.server, MEMBERS, json!({})).await;
    let members = members["company"]["members"].as_array().unwrap().clone();
    let emails: Vec<_> = members.iter().map(|member| member["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["hopper.lines@example.com", "Ada@hopper.example", "bo@lines.example"]);
    let audit = office.owner.query(&office.server, AUDIT, json!({})).await;
    let entries = audit["company"]["audit"]["nodes"].as_array().unwrap();
    let joined =
        |who: &str| json!({ "action": "MEMBER_JOINED", "actor": who, "subject": who, "detail": "viewer" });
    assert_eq!(entries[0], joined("bo@lines.example"));
    assert_eq!(entries[1], joined("Ada@hopper.example"));
    assert_eq!(entries[2]["action"], "SINGLE_SIGN_ON_SET");
    assert_eq!(entries.len(), 3, "{entries:?}");
}

#[tokio::test]
async fn who_is_let_in_goes_on_at_a_page_of_the_company_and_nowhere_else() {
    let mut office = Office::open().await;
    office.provider.says(&ada());
    let long = format!("/c/hopper-lines/calls?q={}", "x".repeat(2_000));
    for (next, led_to) in [
        ("/c/hopper-lines/calls?q=ada%20l&sort=%3B", "/c/hopper-lines/calls?q=ada%20l&sort=%3B"),
        ("/c/hopper-lines/", "/c/hopper-lines/"),
        ("/c/other-lines/calls", "/c/hopper-lines/calls"),
        ("/c/hopper-lines", "/c/hopper-lines/calls"),
        ("//example.com/c/hopper-lines/", "/c/hopper-lines/calls"),
        ("https://example.com", "/c/hopper-lines/calls"),
        ("/c/hopper-lines/a\r\nset-cookie: a=b", "/c/hopper-lines/calls"),
        ("/c/hopper-lines/\u{e4}", "/c/hopper-lines/calls"),
        (&long, "/c/hopper-lines/calls"),
        ("", "/c/hopper-lines/calls"),
    ] {
        let away = office.leave_with(&json!({ "company": "hopper-lines", "next": next })).await;
        let back = office.provider.visit(&office.server, &away.page).await;
        let answer = come_back(&office.server, &back, Some(&away.cookie)).await;
        assert_eq!(place(&answer), led_to, "{next}");
    }
}

#[tokio::test]
async fn nobody_is_let_in_for_whom_it_may_not_speak() {
    let mut office = Office::open().await;
    let says = |email: &str, more: Value| {
        let mut who = json!({ "sub": "ada-1", "email": email });
        who.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        who
    };
    for email in ["ada@example.com", "ada@sub.hopper.example", "ada@hopper.example.evil.example"] {
        assert_eq!(office.refused(&says(email, json!({}))).await, "SSO_OTHER_DOMAIN", "{email}");
    }
    for (who, code) in [
        (says("ada@hopper.example", json!({ "email_verified": false })), "SSO_NO_EMAIL"),
        (json!({ "sub": "ada-1" }), "SSO_NO_EMAIL"),
        (says("not an address", json!({})), "SSO_NO_EMAIL"),
        (says("evil@example.com@hopper.example", json!({})), "SSO_NO_EMAIL"),
        (json!({ "sub": "ada-1", "refused": true }), "SSO_DECLINED"),
    ] {
        assert_eq!(office.refused(&who).await, code, "{who}");
    }
    assert_eq!(office.sql("SELECT count(*) FROM users"), "1", "nobody was made");
    // Some providers say an address only to who asks for it.
    office.provider.says_when_asked(&ada());
    let away = office.leave().await;
    let back = office.provider.visit(&office.server, &away.page).await;
    let answer = come_back(&office.server, &back, Some(&away.cookie)).await;
    assert_eq!(place(&answer), "/c/hopper-lines/calls");
}

#[tokio::test]
async fn only_the_browser_that_left_comes_back_once_in_time() {
    let mut office = Office::open().await;
    office.provider.says(&ada());
    let (away, other) = (office.leave().await, office.leave().await);
    let back = office.provider.visit(&office.server, &away.page).await;
    for (cookie, why) in [
        (None, "no cookie"),
        (Some(other.cookie.as_str()), "another browser"),
        (Some("__Host-trunkline-sso=nonsense"), "nonsense"),
    ] {
        let answer = come_back(&office.server, &back, cookie).await;
        assert_eq!(refusal(&answer), "SSO_EXPIRED", "{why}");
    }
    let own = Some(away.cookie.as_str());
    for (name, value) in [("state", "x"), ("state", parameter(&other.page, "state").as_str())] {
        let answer = come_back(&office.server, &altered(back.as_str(), name, value), own).await;
        assert_eq!(refusal(&answer), "SSO_EXPIRED", "another state");
    }
    // What is meant for one company is not good at another, nor at none.
    let stranger = Company::create(&office.server, "Other Lines");
    let callback = callback_of(&office.server, &stranger.owner(&office.server).await).await;
    for place in [callback.as_str(), &format!("{}/auth/sso/callback/x", office.server.url())] {
        let mut elsewhere = Url::parse(place).unwrap();
        elsewhere.set_query(back.query());
        assert_eq!(refusal(&come_back(&office.server, &elsewhere, own).await), "SSO_EXPIRED", "{place}");
    }
    // None of that kept the right one from coming back, once.
    assert_eq!(place(&come_back(&office.server, &back, own).await), "/c/hopper-lines/calls");
    assert_eq!(refusal(&come_back(&office.server, &back, own).await), "SSO_EXPIRED");

    let late = office.leave().await;
    let back = office.provider.visit(&office.server, &late.page).await;
    office.sql("UPDATE single_sign_on_tries SET expires_at = expires_at - interval '10 minutes'");
    assert_eq!(refusal(&come_back(&office.server, &back, Some(&late.cookie)).await), "SSO_EXPIRED");
}

#[tokio::test]
async fn what_the_provider_signs_is_for_this_browser_and_from_this_provider() {
    let mut office = Office::open().await;
    office.provider.says(&ada());
    for (name, value, code) in [
        // The token is for somebody else's nonce.
        ("nonce", "somebody-elses", "SSO_INVALID"),
        // The code is for somebody else's verifier: the provider does not take it.
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "SSO_UNAVAILABLE"),
    ] {
        let away = office.leave().await;
        let page = altered(&away.page, name, value);
        let back = office.provider.visit(&office.server, page.as_str()).await;
        let answer = come_back(&office.server, &back, Some(&away.cookie)).await;
        assert_eq!(refusal(&answer), code, "{name}");
    }
    // Another provider's answer.
    let away = office.leave().await;
    let back = office.provider.visit(&office.server, &away.page).await;
    let mixed = altered(back.as_str(), "iss", "https://other.example");
    assert_eq!(refusal(&come_back(&office.server, &mixed, Some(&away.cookie)).await), "SSO_INVALID");
    // It ends while somebody is there.
    let away = office.leave().await;
    let back = office.provider.visit(&office.server, &away.page).await;
    let Office { database, server, owner, provider, .. } = office;
    let issuer = provider.issuer.clone();
    drop(provider);
    assert_eq!(refusal(&come_back(&server, &back, Some(&away.cookie)).await), "SSO_UNAVAILABLE");
    let answer = set(&server, &owner, input(&issuer)).await;
    assert_eq!(answer["userErrors"][0]["field"], json!(["issuer"]), "{answer}");
    assert_eq!(psql(&database.url(), "SELECT count(*) FROM users").unwrap().trim(), "1");
}

/// What is of an account, and not of a company.
const OF_ACCOUNTS: [&str; 11] = [
    "mutation { changePassword(input: { currentPassword: \"correct horse battery\", newPassword: \"another horse battery\" }) { endedCount } }",
    "mutation { requestEmailChange(input: { email: \"x@example.com\", currentPassword: \"correct horse battery\" }) { isSent } }",
    "mutation { updateProfile(input: { name: \"Eve\" }) { user { name } } }",
    "mutation { sendVerification { isVerified } }",
    "mutation { endSessions(input: { keepCurrent: true }) { endedCount } }",
    "mutation { endSession(input: { sessionId: \"00000000-0000-0000-0000-000000000000\" }) { endedSessionId } }",
    "mutation { beginSecondFactor(input: { password: \"correct horse battery\" }) { secret } }",
    "mutation { confirmSecondFactor(input: { code: \"000000\" }) { endedCount } }",
    "mutation { endSecondFactor(input: { password: \"correct horse battery\" }) { isEnded } }",
    "mutation { replaceRecoveryCodes(input: { password: \"correct horse battery\" }) { recoveryCodes } }",
    "mutation { deleteAccount(input: { currentPassword: \"correct horse battery\" }) { isDeleted } }",
];

#[tokio::test]
async fn a_providers_session_reaches_nothing_else_of_an_account() {
    let mut office = Office::open().await;
    // Somebody with an account, a company of theirs, and a name that the provider's company does not know.
    let theirs = Company::create(&office.server, "Ada Engines");
    office.sql(
        "UPDATE users SET email = 'ada@hopper.example', email_key = 'ada@hopper.example', name = 'Countess'
                WHERE email_key = 'ada.engines@example.com'",
    );
    let with_password = theirs.sign_in(&office.server, "ada@hopper.example").await;
    let by_provider = office.enter(&ada()).await;
    let server = &office.server;

    let who = by_provider.query(server, WHO, json!({})).await["viewer"].take();
    assert_eq!(who["companies"], json!([{ "slug": "hopper-lines", "viewerRole": "VIEWER" }]));
    assert_eq!(who["isBySingleSignOn"], true);
    let viewer = with_password.query(server, WHO, json!({})).await["viewer"].take();
    assert_eq!(viewer["isBySingleSignOn"], false);
    assert_eq!(who["user"]["name"], "Ada Lovelace", "what the provider says, not what the account does");
    assert_eq!(who["sessions"].as_array().unwrap().len(), 1, "{who}");
    let other = json!({ "id": theirs.id });
    let answer =
        by_provider.ask(server, "query($id: ID!) { node(id: $id) { id } company(id: $id) { name } }", other);
    let answer = answer.await;
    assert_eq!(answer.json["data"], json!({ "node": null, "company": null }), "{}", answer.text);
    for deed in OF_ACCOUNTS {
        let answer = by_provider.ask(server, deed, json!({})).await;
        assert_eq!(answer.code(), "COMPANY_SESSION", "{deed}: {}", answer.text);
    }
    let exported = Export::get(server, &by_provider, &format!("format=jsonl&company={}", theirs.id)).await;
    assert_ne!(exported.status, 200);
    // An invitation to another company is the account's to accept.
    let owner = Company::create(server, "Third Lines").owner(server).await;
    let invite = "mutation { inviteMember(input: { email: \"ada@hopper.example\", role: MEMBER }) { userErrors { code } } }";
    owner.query(server, invite, json!({})).await;
    let link = crate::support::postbox::link_of(&crate::support::postbox::mailbox(server)[0]);
    let Caller::Session(cookie) = &by_provider else { panic!("a session") };
    let request = auth(server, "accept-invitation", &json!({ "link": link }));
    let answer = request.header(ORIGIN, server.url()).header(COOKIE, cookie).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"]["code"], "COMPANY_SESSION");

    // The account is as it was, and is in the company now.
    let who = with_password.query(server, WHO, json!({})).await["viewer"].take();
    assert_eq!(who["user"]["name"], "Countess");
    let slugs: Vec<_> = who["companies"].as_array().unwrap().iter().map(|one| &one["slug"]).collect();
    assert_eq!(slugs, ["ada-engines", "hopper-lines"]);
    assert_eq!(who["sessions"].as_array().unwrap().len(), 2);
    theirs.sign_in(server, "ada@hopper.example").await;
    // Ending all others ends the provider's too.
    with_password.query(server, "mutation { endSessions(input: {}) { endedCount } }", json!({})).await;
    assert_eq!(by_provider.ask(server, WHO, json!({})).await.status, 401);
}

#[tokio::test]
async fn who_only_claims_an_address_is_not_let_in_with_its_owner() {
    let mut office = Office::open().await;
    let body = json!({ "companyName": "Eve Ltd", "email": "ada@hopper.example", "password": PASSWORD });
    let eve = session(&sign_up(&office.server, &body).await);
    let ada = office.enter(&ada()).await;
    let companies = |who: &Value| who["viewer"]["companies"].clone();
    let seen = eve.query(&office.server, WHO, json!({})).await;
    assert_eq!(companies(&seen), json!([{ "slug": "eve-ltd", "viewerRole": "OWNER" }]));
    let seen = ada.query(&office.server, WHO, json!({})).await;
    assert_eq!(companies(&seen), json!([{ "slug": "hopper-lines", "viewerRole": "VIEWER" }]));
    // Whoever came by the provider has no password, and keeps nobody from signing in with theirs.
    assert_eq!(sign_in(&office.server, "ada@hopper.example", "").await.status(), 401);
    assert_eq!(sign_in(&office.server, "ada@hopper.example", PASSWORD).await.status(), 200);
    assert_eq!(
        office.sql("SELECT count(*) FROM users WHERE verified_at IS NULL"),
        "2",
        "a provider proves nothing"
    );
}

#[tokio::test]
async fn a_provider_makes_nobody_an_owner() {
    let mut office = Office::open().await;
    let owner_email = "grace@hopper.example";
    office.sql(&format!("UPDATE users SET email = '{owner_email}', email_key = '{owner_email}'"));
    office.sql(&format!("UPDATE memberships SET email = '{owner_email}'"));
    let eve = json!({ "sub": "eve", "email": owner_email });
    let eve = office.enter(&eve).await;
    let server = &office.server;
    let who = eve.query(server, WHO, json!({})).await;
    assert_eq!(who["viewer"]["companies"], json!([{ "slug": "hopper-lines", "viewerRole": "ADMIN" }]));
    join_also(server, &office.owner, "third@example.com", &{
        let body = json!({ "companyName": "Third", "email": "third@example.com", "password": PASSWORD });
        session(&sign_up(server, &body).await)
    })
    .await;
    let members = eve.query(server, MEMBERS, json!({})).await["company"]["members"].take();
    let third = members.as_array().unwrap().iter().find(|one| one["email"] == "third@example.com").unwrap();
    let id = json!({ "id": third["id"] });
    let transfer =
        "mutation($id: ID!) { transferOwnership(input: { memberId: $id }) { userErrors { code } } }";
    assert_eq!(eve.ask(server, transfer, id.clone()).await.code(), "FORBIDDEN");
    let promote = "mutation($id: ID!) { changeMemberRole(input: { memberId: $id, role: OWNER }) { userErrors { code } } }";
    let answer = eve.query(server, promote, id.clone()).await;
    assert_eq!(answer["changeMemberRole"]["userErrors"][0]["code"], "ABOVE_YOUR_ROLE");
    // With two owners one could leave: not by a provider.
    office.owner.query(server, promote, id).await;
    let leave = "mutation { leaveCompany(input: {}) { userErrors { code } } }";
    let answer = eve.query(server, leave, json!({})).await;
    assert_eq!(answer["leaveCompany"]["userErrors"][0]["code"], "ABOVE_YOUR_ROLE");
    for deed in [
        "mutation { deleteCompany(input: { name: \"Hopper Lines\", currentPassword: \"correct horse battery\" }) { userErrors { code } } }",
        "mutation { keepCompany(input: {}) { userErrors { code } } }",
    ] {
        let answer = eve.ask(server, deed, json!({})).await;
        assert!(["FORBIDDEN", "COMPANY_SESSION"].contains(&answer.code()), "{deed}: {}", answer.text);
    }
}

#[tokio::test]
async fn who_is_removed_or_whose_provider_ends_is_out() {
    let mut office = Office::open().await;
    let ada_session = office.enter(&ada()).await;
    let members = office.owner.query(&office.server, MEMBERS, json!({})).await["company"]["members"].take();
    let remove = "mutation($id: ID!) { removeMember(input: { memberId: $id }) { userErrors { code } } }";
    office.owner.query(&office.server, remove, json!({ "id": members[1]["id"] })).await;
    let seen = ada_session.query(&office.server, WHO, json!({})).await;
    assert_eq!(seen["viewer"]["companies"], json!([]));
    // The provider brings them back, as who comes first.
    let again = office.enter(&ada()).await;
    assert_eq!(office.sql("SELECT count(*) FROM users"), "2");
    // A company that asks for a second factor leaves that to its provider.
    office.sql("UPDATE tenants SET second_factor_from = now()");
    let seen = again.query(&office.server, WHO, json!({})).await["viewer"].take();
    assert_eq!(seen["companies"][0]["slug"], "hopper-lines");
    assert_eq!(seen["barredCompanies"], json!([]));
    office.sql("UPDATE tenants SET second_factor_from = NULL");

    // Another secret, another role, one more domain: whoever is in stays. Fewer domains, another client: out.
    let server = &office.server;
    let mut changed = input(&office.provider.issuer);
    changed["clientSecret"] = Value::Null;
    changed["domains"] = json!(["hopper.example", "lines.example", "third.example"]);
    changed["defaultRole"] = json!("MEMBER");
    assert_eq!(set(server, &office.owner, changed.clone()).await["userErrors"], json!([]));
    assert_eq!(again.ask(server, WHO, json!({})).await.status, 200);
    let mut other_client = changed.clone();
    other_client["clientId"] = json!("another");
    let answer = set(server, &office.owner, other_client).await;
    assert_eq!(answer["userErrors"][0]["field"], json!(["clientSecret"]), "a secret is one client's");
    changed["domains"] = json!(["lines.example"]);
    assert_eq!(set(server, &office.owner, changed).await["userErrors"], json!([]));
    assert_eq!(again.ask(server, WHO, json!({})).await.status, 401);
    let bo = json!({ "sub": "bo-2", "email": "bo@lines.example" });
    let bo = office.enter(&bo).await;
    let away = office.leave().await;
    let back = office.provider.visit(&office.server, &away.page).await;
    let ended = office.owner.query(&office.server, END, json!({})).await;
    assert_eq!(ended["endSingleSignOn"]["company"]["singleSignOn"]["issuer"], Value::Null);
    assert_eq!(bo.ask(&office.server, WHO, json!({})).await.status, 401);
    assert_eq!(refusal(&come_back(&office.server, &back, Some(&away.cookie)).await), "SSO_EXPIRED");
    assert_eq!(leave_for(&office.server, &office.company.slug).await.status(), 404);
    let audit = office.owner.query(&office.server, AUDIT, json!({})).await;
    assert_eq!(audit["company"]["audit"]["nodes"][0]["action"], "SINGLE_SIGN_ON_ENDED");
}

#[tokio::test]
async fn a_company_without_a_provider_answers_as_one_that_is_not_there() {
    let server = Server::start();
    let company = Company::create(&server, "Hopper Lines");
    let mut answers = Vec::new();
    for slug in [company.slug.as_str(), "nobody", "", "../x"] {
        let answer = leave_for(&server, slug).await;
        assert!(!answer.headers().contains_key(SET_COOKIE));
        answers.push((answer.status().as_u16(), answer.text().await.unwrap()));
    }
    assert_eq!(answers[0].0, 404, "{}", answers[0].1);
    assert!(answers[0].1.contains("NO_SINGLE_SIGN_ON"), "{}", answers[0].1);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // Another site sends nobody there.
    let request = auth(&server, "sso", &json!({ "company": company.slug }));
    let answer = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn a_provider_is_set_by_who_may_and_only_where_it_may_be() {
    let mut server = Server::prepared(Start::Fresh);
    server.set_variable("TRUNKLINE_PUBLIC_URL", Some("https://calls.example.com".to_owned()));
    server.begin();
    let company = Company::create(&server, "Hopper Lines");
    let owner = company.owner(&server).await;
    let data = owner.query(&server, RULE, json!({})).await["company"]["singleSignOn"].take();
    assert!(
        data["callbackUrl"].as_str().unwrap().starts_with("https://calls.example.com/auth/sso/callback/")
    );
    assert_eq!((&data["issuer"], &data["domains"]), (&Value::Null, &json!([])));
    let provider = OpenIdProvider::start(data["callbackUrl"].as_str().unwrap());
    for (field, value) in [
        // There is a provider, but on this machine: not for a server that others reach.
        ("issuer", json!(provider.issuer)),
        ("issuer", json!("https://127.0.0.1")),
        ("issuer", json!("https://localhost")),
        ("issuer", json!("https://169.254.169.254/latest")),
        ("issuer", json!("https://[::ffff:10.0.0.1]/")),
        ("issuer", json!("http://id.example.com")),
        ("issuer", json!("javascript:alert(1)")),
        ("issuer", json!("")),
        ("clientId", json!(" ")),
        ("clientSecret", json!("a\nb")),
        ("domains", json!([])),
        ("domains", json!(["com"])),
    ] {
        let mut input = input("https://127.0.0.1");
        input[field] = value;
        let answer = set(&server, &owner, input.clone()).await;
        assert_eq!(answer["company"], Value::Null, "{input}");
        assert_eq!(answer["userErrors"][0]["field"], json!([field]), "{input}: {answer}");
        assert_eq!(answer["userErrors"][0]["code"], "INVALID", "{input}");
    }
    company.join(server.database_url().unwrap(), "ada@example.com", "member");
    let member = company.sign_in(&server, "ada@example.com").await;
    for query in [RULE, END] {
        assert_eq!(member.ask(&server, query, json!({})).await.code(), "FORBIDDEN", "{query}");
    }
    let asked = member.ask(&server, SET, json!({ "input": input("https://id.example.com") })).await;
    assert_eq!(asked.code(), "FORBIDDEN");
}

#[tokio::test]
async fn who_comes_first_sees_the_calls_that_newcomers_see() {
    const OWN: &str = "{ company { viewerGroupScope { groupId } } }";
    let mut office = Office::open().await;
    let mut rule = input(&office.provider.issuer);
    rule["groupScope"] = json!(["5533"]);
    let refused = set(&office.server, &office.owner, rule.clone()).await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["groupScope"]), "{refused}");
    let scope = json!([{ "groupId": "Department:5533" }]);
    for groups in [json!(["department:5533"]), Value::Null] {
        rule["groupScope"] = groups;
        assert_eq!(set(&office.server, &office.owner, rule.clone()).await["userErrors"], json!([]));
        let ada = office.enter(&ada()).await;
        let own = ada.query(&office.server, OWN, json!({})).await;
        assert_eq!(own["company"]["viewerGroupScope"], scope, "who is there already stays as they are");
    }
}
