//! The provider by which people of a company sign in.

use async_graphql::{Context, Enum, Error, ID, InputObject, Object, SimpleObject};
use domain::access::{self, Action};
use domain::audit::AuditAction;
use domain::group_scope::GroupScope;
use domain::sign_on::{Domains, check_client};
use store::{NewSignOn, SignOn, TenantAccess};

use crate::company::Company;
use crate::error::ApiError;
use crate::group_scope::{GroupNames, ScopedGroup, scope_for, scope_text};
use crate::membership::Change;
use crate::mutation::UserError;
use crate::node::company_access;
use crate::services::{RequestState, require};

/// What people are who come first by a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DefaultRole {
    /// Reads what is there and shares views.
    Member,
    /// Reads calls only.
    Viewer,
}

impl DefaultRole {
    fn of(role: access::Role) -> Self {
        match role {
            access::Role::Viewer => Self::Viewer,
            access::Role::Owner | access::Role::Admin | access::Role::Member => Self::Member,
        }
    }

    fn role(self) -> access::Role {
        match self {
            Self::Member => access::Role::Member,
            Self::Viewer => access::Role::Viewer,
        }
    }
}

/// How people of a company sign in by its own provider (OpenID Connect). Whoever does so reaches this company only, and
/// nothing of their account; owners are admins then.
#[derive(SimpleObject)]
pub(crate) struct SingleSignOn {
    /// The provider: its address, as it calls itself; null when there is none.
    issuer: Option<String>,
    /// What the provider calls Trunkline; null when there is none.
    client_id: Option<String>,
    /// The domains of the e-mail addresses that the provider may speak for.
    domains: Vec<String>,
    /// What people are who come first; null when there is no provider.
    default_role: Option<DefaultRole>,
    /// The groups and people whose calls they see; null: all calls of the company.
    group_scope: Option<Vec<ScopedGroup>>,
    /// Where the provider sends people back to: to be entered there, before the provider is set here.
    callback_url: String,
}

impl SingleSignOn {
    /// Of the company of `access`.
    pub(crate) async fn load(ctx: &Context<'_>, access: TenantAccess) -> Result<Self, Error> {
        require(&access, Action::ManageSecurity)?;
        let state = RequestState::of(ctx);
        let tx = state.begin(&access).await.map_err(ApiError::from)?;
        let known = tx.single_sign_on().await.map_err(ApiError::from)?;
        let scope = known.as_ref().and_then(|known| known.group_scope.as_ref()).map(GroupScope::texts);
        let names = GroupNames::read(&tx, std::iter::once(scope)).await?;
        Ok(Self {
            group_scope: names.of(scope),
            domains: known.as_ref().map(|known| known.domains.texts().to_vec()).unwrap_or_default(),
            default_role: known.as_ref().map(|known| DefaultRole::of(known.default_role)),
            client_id: known.as_ref().map(|known| known.client_id.clone()),
            issuer: known.map(|known| known.issuer),
            callback_url: state.services.accounts.sign_on_callback(access.tenant()),
        })
    }
}

/// A company's provider from now on.
#[derive(InputObject)]
pub(crate) struct SetSingleSignOnInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The address of the issuer, as the provider shows it; it begins with `https://`.
    issuer: String,
    /// What the provider calls Trunkline.
    client_id: String,
    /// The secret that the provider gave for that; null: the one of before, for the same issuer and client. It cannot be
    /// read again.
    client_secret: Option<String>,
    /// The domains of the e-mail addresses that the provider may speak for, 1 to 10.
    domains: Vec<String>,
    /// What people are who come first.
    default_role: DefaultRole,
    /// The groups and people whose calls they see: `Department:…`, `CallCenter:…`, `User:…`; at most 100. Without it, all
    /// calls of the company. Who is in the company already sees what they saw.
    group_scope: Option<Vec<String>>,
}

/// A company whose people can sign in by its provider.
#[derive(SimpleObject)]
pub(crate) struct SetSingleSignOnPayload {
    /// The company; null when nothing was changed.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Which company has no provider any more.
#[derive(InputObject)]
pub(crate) struct EndSingleSignOnInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
}

/// A company whose people sign in with their passwords only.
#[derive(SimpleObject)]
pub(crate) struct EndSingleSignOnPayload {
    /// The company.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

impl From<UserError> for SetSingleSignOnPayload {
    fn from(error: UserError) -> Self {
        Self { company: None, user_errors: vec![error] }
    }
}

impl SetSingleSignOnInput {
    /// What can be read without asking anybody, and the secret. The issuer is as it was typed.
    fn read(&self) -> Result<(SignOn, Option<String>), UserError> {
        let wrong = |wrong: domain::account::InvalidInput| {
            UserError::new(Some(wrong.field), wrong.code, wrong.message)
        };
        let sign_on = SignOn {
            issuer: self.issuer.trim().to_owned(),
            client_id: check_client("clientId", &self.client_id).map_err(wrong)?,
            domains: Domains::parse(self.domains.iter().map(String::as_str)).map_err(wrong)?,
            default_role: self.default_role.role(),
            group_scope: scope_for(self.default_role.role(), self.group_scope.as_deref())?,
        };
        let secret = self.client_secret.as_deref().map(|secret| check_client("clientSecret", secret));
        Ok((sign_on, secret.transpose().map_err(wrong)?))
    }
}

/// Changes of how people of a company sign in.
#[derive(Default)]
pub(crate) struct SingleSignOnMutation;

/// Changes of how people of a company sign in.
#[Object]
impl SingleSignOnMutation {
    /// Lets people sign in by a provider of the company's, which is asked first whether it is there. Whoever came in by
    /// another one, or by one that spoke for more domains, has to sign in again.
    async fn set_single_sign_on(
        &self,
        ctx: &Context<'_>,
        input: SetSingleSignOnInput,
    ) -> Result<SetSingleSignOnPayload, Error> {
        let state = RequestState::of(ctx);
        state.person()?;
        let access = company_access(ctx, input.company_id.as_ref());
        let access = access.ok_or_else(|| ApiError::input("There is no such company."))?;
        require(&access, Action::ManageSecurity)?;
        let (sign_on, secret) = match input.read() {
            Ok(read) => read,
            Err(error) => return Ok(error.into()),
        };
        // Before the company is locked: it takes its time.
        if let Err(error) = state.services.accounts.check_issuer(&access, &sign_on.issuer).await {
            return Ok(UserError::of(error, "issuer")?.into());
        }
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManageSecurity)).await?;
        let new = NewSignOn { sign_on: &sign_on, client_secret: secret.as_deref() };
        let set = change.tx.set_single_sign_on(&state.services.keys, &new).await.map_err(ApiError::from)?;
        if !set {
            let message = "Copy the client secret from your provider.";
            return Ok(UserError::new(Some("clientSecret"), "INVALID", message).into());
        }
        let detail = format!(
            "{} · {} · {} · {}{}",
            sign_on.client_id,
            sign_on.domains.texts().join(" "),
            sign_on.default_role.as_str(),
            scope_text(sign_on.group_scope.as_ref()),
            if secret.is_some() { " · new secret" } else { "" }
        );
        change.note(AuditAction::SingleSignOnSet, &sign_on.issuer, &detail).await?;
        let access = change.access;
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(SetSingleSignOnPayload { company: Company::load(ctx, access).await?, user_errors: vec![] })
    }

    /// Nobody signs in by the company's provider any more. Whoever came in by it is out, the viewer too; people stay in
    /// the company, and can choose a password by mail.
    async fn end_single_sign_on(
        &self,
        ctx: &Context<'_>,
        input: EndSingleSignOnInput,
    ) -> Result<EndSingleSignOnPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManageSecurity)).await?;
        let known = change.tx.single_sign_on().await.map_err(ApiError::from)?;
        if let Some(known) = known {
            change.tx.end_single_sign_on().await.map_err(ApiError::from)?;
            change.note(AuditAction::SingleSignOnEnded, &known.issuer, "").await?;
        }
        let access = change.access;
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(EndSingleSignOnPayload { company: Company::load(ctx, access).await?, user_errors: vec![] })
    }
}
