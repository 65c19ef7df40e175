//! The API keys of a company. A key is shown once, when it is made.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{Action, ScopeSet};
use domain::audit::AuditAction;
use domain::ids::{ApiKeyId, Credential};
use domain::network::Networks;
use store::{API_KEYS_MAX, NewScopedKey, SessionUser, TenantAccess, TenantTx};

use crate::enums::KeyScope;
use crate::error::ApiError;
use crate::membership::unproven;
use crate::mutation::UserError;
use crate::node::company_access;
use crate::services::{RequestState, require};

/// Characters of a key's name.
const NAME_CHARS_MAX: usize = 60;
/// Hours for which a key may be good beside the one that replaces it.
const OVERLAP_HOURS_MAX: i32 = 7 * 24;

/// An API key. What it is made of is nowhere; it is told from others by its first characters.
#[derive(SimpleObject)]
pub(crate) struct ApiKey {
    /// Tells it from others of the company; opens nothing.
    id: ID,
    /// What people call it.
    name: String,
    /// Its first characters.
    hint: String,
    /// What it may do; null for all that a member may do.
    scopes: Option<Vec<KeyScope>>,
    /// The address of who made it; null for the operator.
    created_by: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute; null when it never was.
    last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good; null when it does not run out.
    expires_at: Option<DateTime<Utc>>,
    /// Whether it has run out.
    is_expired: bool,
    /// From where it may be used, such as `192.0.2.0/24`; none: from everywhere.
    networks: Vec<String>,
}

impl ApiKey {
    fn new(ctx: &Context<'_>, key: store::ApiKey) -> Self {
        let now = RequestState::of(ctx).services.edge.now();
        Self {
            id: ID(key.id.to_string()),
            name: key.name,
            hint: key.hint,
            scopes: key.scopes.map(|scopes| scopes.iter().map(Into::into).collect()),
            created_by: key.created_by,
            created_at: key.created_at,
            last_used_at: key.used_at,
            is_expired: key.expires_at.is_some_and(|expires_at| expires_at <= now),
            expires_at: key.expires_at,
            networks: key.networks.texts().collect(),
        }
    }

    /// The keys of the company of `access` that are not revoked.
    pub(crate) async fn load_all(ctx: &Context<'_>, access: TenantAccess) -> Result<Vec<Self>, Error> {
        require(&access, Action::ManageApiKeys)?;
        let tx = RequestState::of(ctx).begin(&access).await.map_err(ApiError::from)?;
        let keys = tx.api_keys().await.map_err(ApiError::from)?;
        Ok(keys.into_iter().map(|key| Self::new(ctx, key)).collect())
    }
}

/// An API key to be made.
#[derive(InputObject)]
pub(crate) struct CreateApiKeyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// What people will call it: 1 to 60 characters.
    name: String,
    /// What it may do: at least one.
    scopes: Vec<KeyScope>,
    /// Until when it is good; without it, until it is revoked.
    expires_at: Option<DateTime<Utc>>,
    /// From where it may be used: at most 20 addresses or networks such as `192.0.2.0/24`; none: from everywhere.
    #[graphql(default)]
    networks: Vec<String>,
}

/// An API key to be replaced.
#[derive(InputObject)]
pub(crate) struct RotateApiKeyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The key.
    api_key_id: ID,
    /// Hours for which the old one is good beside the new one, 0 to 168.
    #[graphql(default = 24)]
    overlap_hours: i32,
}

/// An API key to be revoked.
#[derive(InputObject)]
pub(crate) struct RevokeApiKeyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The key.
    api_key_id: ID,
}

/// An API key that was made.
#[derive(SimpleObject)]
pub(crate) struct CreateApiKeyPayload {
    /// The key in the list; null when none was made.
    api_key: Option<ApiKey>,
    /// The key itself: it is shown this once.
    secret: Option<String>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// An API key that replaces another with the same rights.
#[derive(SimpleObject)]
pub(crate) struct RotateApiKeyPayload {
    /// The new key in the list; null when none was made.
    api_key: Option<ApiKey>,
    /// The new key itself: it is shown this once.
    secret: Option<String>,
    /// The old key, with the time at which it ends.
    replaced: Option<ApiKey>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// An API key that was revoked.
#[derive(SimpleObject)]
pub(crate) struct RevokeApiKeyPayload {
    /// Its id; null when there is none.
    revoked_api_key_id: Option<ID>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// A change of keys under way: nobody else changes them meanwhile.
struct Change<'a> {
    state: &'a RequestState,
    person: &'a SessionUser,
    tx: TenantTx,
    keys: Vec<store::ApiKey>,
}

impl<'a> Change<'a> {
    /// Only people change keys: one that was stolen must not make another that outlives it.
    async fn begin(ctx: &Context<'a>, company: Option<&ID>) -> Result<Self, ApiError> {
        let state = RequestState::of(ctx);
        let person = state.person()?;
        let access =
            company_access(ctx, company).ok_or_else(|| ApiError::input("There is no such company."))?;
        require(&access, Action::ManageApiKeys)?;
        let tx = state.begin(&access).await?;
        tx.lock().await?;
        let keys = tx.api_keys().await?;
        Ok(Self { state, person, tx, keys })
    }

    fn key(&self, id: &ID) -> Result<store::ApiKey, UserError> {
        let id = id.parse().map(ApiKeyId).ok();
        let found = self.keys.iter().find(|key| Some(key.id) == id).cloned();
        found.ok_or_else(|| UserError::new(Some("apiKeyId"), "NOT_FOUND", "There is no such key."))
    }

    fn why_no_more(&self) -> Option<UserError> {
        if let Some(error) = unproven(self.person) {
            return Some(error);
        }
        let is_full = i64::try_from(self.keys.len()).is_ok_and(|count| count >= API_KEYS_MAX);
        let message = format!("A company can have {API_KEYS_MAX} keys. Revoke one first.");
        is_full.then(|| UserError::new(None, "TOO_MANY", message))
    }

    async fn create(
        &self,
        name: &str,
        scopes: ScopeSet,
        expires_at: Option<DateTime<Utc>>,
        networks: &Networks,
    ) -> Result<(store::ApiKey, Credential), ApiError> {
        let edge = self.state.services.edge;
        let (secret, id, now) =
            (Credential::new_api_key(edge.random()), ApiKeyId(edge.new_uuid()), edge.now());
        let email = self.person.email.as_str();
        let created_by = (self.person.user, email);
        let (hash, hint) = (secret.hash(), secret.hint());
        let new = NewScopedKey { id, name, hash, hint, scopes, created_by, now, expires_at, networks };
        self.tx.create_api_key(&new).await?;
        let key = store::ApiKey {
            id,
            name: name.to_owned(),
            hint: hint.to_owned(),
            scopes: Some(scopes),
            created_by: Some(email.to_owned()),
            created_at: now,
            expires_at,
            used_at: None,
            networks: networks.clone(),
        };
        Ok((key, secret))
    }

    async fn note(&self, action: AuditAction, subject: &str, detail: &str) -> Result<(), ApiError> {
        Ok(self.state.note(&self.tx, action, subject, detail).await?)
    }
}

/// What is wrong with a key to be made.
fn check(input: &CreateApiKeyInput, now: DateTime<Utc>) -> Option<UserError> {
    let name = input.name.trim();
    let is_name =
        !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control);
    if !is_name {
        let message = format!("A key's name has 1 to {NAME_CHARS_MAX} characters.");
        return Some(UserError::new(Some("name"), "INVALID", message));
    }
    if input.scopes.is_empty() {
        return Some(UserError::new(Some("scopes"), "INVALID", "Choose what the key may do."));
    }
    if input.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Some(UserError::new(Some("expiresAt"), "INVALID", "Choose a time that is to come."));
    }
    None
}

fn named(key: &store::ApiKey) -> String {
    named_by(&key.name, &key.hint)
}

/// A key as the audit log calls it.
pub(crate) fn named_by(name: &str, hint: &str) -> String {
    format!("{name} ({hint}…)")
}

fn words(scopes: ScopeSet) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Changes of API keys.
#[derive(Default)]
pub(crate) struct ApiKeyMutation;

/// Changes of API keys.
#[Object]
impl ApiKeyMutation {
    /// Makes an API key.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref()).await?;
        let wrong = check(&input, change.state.services.edge.now()).or_else(|| change.why_no_more());
        if let Some(error) = wrong {
            return Ok(CreateApiKeyPayload { api_key: None, secret: None, user_errors: vec![error] });
        }
        let networks = match Networks::parse(input.networks.iter().map(String::as_str)) {
            Ok(networks) => networks,
            Err(wrong) => {
                let error = UserError::new(Some(wrong.field), wrong.code, wrong.message);
                return Ok(CreateApiKeyPayload { api_key: None, secret: None, user_errors: vec![error] });
            }
        };
        let scopes: ScopeSet = input.scopes.iter().map(|scope| (*scope).into()).collect();
        let (key, secret) = change.create(input.name.trim(), scopes, input.expires_at, &networks).await?;
        let detail = format!("{} {networks}", words(scopes));
        change.note(AuditAction::ApiKeyCreated, &named(&key), detail.trim_end()).await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        let api_key = Some(ApiKey::new(ctx, key));
        Ok(CreateApiKeyPayload { api_key, secret: Some(secret.reveal().to_owned()), user_errors: vec![] })
    }

    /// Makes an API key in place of another, with the same name and rights. The old one is good for some hours more.
    async fn rotate_api_key(
        &self,
        ctx: &Context<'_>,
        input: RotateApiKeyInput,
    ) -> Result<RotateApiKeyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref()).await?;
        let refused = |error| RotateApiKeyPayload {
            api_key: None,
            secret: None,
            replaced: None,
            user_errors: vec![error],
        };
        if !(0..=OVERLAP_HOURS_MAX).contains(&input.overlap_hours) {
            let message = format!("The old key can be good for 0 to {OVERLAP_HOURS_MAX} hours more.");
            return Ok(refused(UserError::new(Some("overlapHours"), "INVALID", message)));
        }
        let mut old = match change.key(&input.api_key_id) {
            Ok(old) => old,
            Err(error) => return Ok(refused(error)),
        };
        if let Some(error) = change.why_no_more() {
            return Ok(refused(error));
        }
        let until = change.state.services.edge.now() + TimeDelta::hours(i64::from(input.overlap_hours));
        // One that is good for all that a member may do becomes one that says so.
        let scopes = old.scopes.unwrap_or_else(ScopeSet::of_members);
        let (key, secret) = change.create(&old.name, scopes, old.expires_at, &old.networks).await?;
        change.tx.limit_api_key(old.id, until).await.map_err(ApiError::from)?;
        change.note(AuditAction::ApiKeyRotated, &named(&old), &named(&key)).await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        old.expires_at = Some(old.expires_at.map_or(until, |expires_at| expires_at.min(until)));
        Ok(RotateApiKeyPayload {
            api_key: Some(ApiKey::new(ctx, key)),
            secret: Some(secret.reveal().to_owned()),
            replaced: Some(ApiKey::new(ctx, old)),
            user_errors: vec![],
        })
    }

    /// Revokes an API key. It is refused with the next request, and what it has open ends within seconds.
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref()).await?;
        let key = match change.key(&input.api_key_id) {
            Ok(key) => key,
            Err(error) => {
                return Ok(RevokeApiKeyPayload { revoked_api_key_id: None, user_errors: vec![error] });
            }
        };
        let now = change.state.services.edge.now();
        change.tx.revoke_api_key(key.id, now).await.map_err(ApiError::from)?;
        change.note(AuditAction::ApiKeyRevoked, &named(&key), "").await?;
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(RevokeApiKeyPayload { revoked_api_key_id: Some(input.api_key_id), user_errors: vec![] })
    }
}
