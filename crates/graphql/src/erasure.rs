//! The end of companies and accounts.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::access::{Action, Role};
use domain::audit::AuditAction;

use crate::company::Company;
use crate::error::ApiError;
use crate::membership::Change;
use crate::mutation::UserError;
use crate::node::company_access;
use crate::services::{RequestState, require};

/// Which company to delete.
#[derive(InputObject)]
pub(crate) struct DeleteCompanyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// The name of the company, so that it is not another one by mistake.
    name: String,
    /// The viewer's password, again.
    current_password: String,
}

/// A company that will be deleted.
#[derive(SimpleObject)]
pub(crate) struct DeleteCompanyPayload {
    /// The company, which stays as it is until `deletedFrom`; null when nothing was changed.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Which company to keep.
#[derive(InputObject)]
pub(crate) struct KeepCompanyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
}

/// A company that stays.
#[derive(SimpleObject)]
pub(crate) struct KeepCompanyPayload {
    /// The company; null when nothing was changed.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Who deletes their account.
#[derive(InputObject)]
pub(crate) struct DeleteAccountInput {
    /// The viewer's password, again.
    current_password: String,
}

/// An account that is gone.
#[derive(SimpleObject)]
pub(crate) struct DeleteAccountPayload {
    /// Whether it was deleted; what the viewer has open ends then.
    is_deleted: bool,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

impl From<UserError> for DeleteCompanyPayload {
    fn from(error: UserError) -> Self {
        Self { company: None, user_errors: vec![error] }
    }
}

impl Change<'_> {
    /// Has the company end at a moment, or stay, and writes that to those who run it.
    async fn end_at(self, ctx: &Context<'_>, at: Option<DateTime<Utc>>) -> Result<Option<Company>, Error> {
        let before = self.tx.company().await.map_err(ApiError::from)?;
        let before = before.ok_or_else(|| ApiError::input("There is no such company."))?;
        let access = self.access;
        if before.erase_at.is_some_and(|from| from <= self.state.services.edge.now()) {
            return Err(ApiError::input("The company is being deleted already.").into());
        }
        // Who says it again changes nothing: not the day, and nobody gets another mail.
        if before.erase_at.is_none() == at.is_none() {
            return Company::load(ctx, access).await;
        }
        self.tx.erase_at(at).await.map_err(ApiError::from)?;
        let (action, detail) = match at {
            Some(at) => (AuditAction::CompanyDeleted, at.to_rfc3339()),
            None => (AuditAction::CompanyKept, String::new()),
        };
        self.note(action, &before.name, &detail).await?;
        let to = self.emails_of(&[Role::Owner, Role::Admin]);
        self.tx.commit().await.map_err(ApiError::from)?;
        let accounts = &self.state.services.accounts;
        let mailed = accounts.mail_about_end(&before.name, &self.person.email, at, &to).await;
        mailed.map_err(ApiError::from)?;
        Company::load(ctx, access).await
    }
}

/// The end of companies and accounts.
#[derive(Default)]
pub(crate) struct ErasureMutation;

/// The end of companies and accounts.
#[Object]
impl ErasureMutation {
    /// Has a company deleted 14 days from now, with everything in it. Until then it works as before, and an owner can
    /// keep it.
    async fn delete_company(
        &self,
        ctx: &Context<'_>,
        input: DeleteCompanyInput,
    ) -> Result<DeleteCompanyPayload, Error> {
        let state = RequestState::of(ctx);
        let (person, accounts) = (state.account()?, &state.services.accounts);
        let access = company_access(ctx, input.company_id.as_ref());
        let access = access.ok_or_else(|| ApiError::input("There is no such company."))?;
        require(&access, Action::DeleteCompany)?;
        // Before the company is locked: it takes its time.
        if let Err(error) = accounts.check_again(person, &input.current_password, state.address).await {
            return Ok(UserError::of(error, "currentPassword")?.into());
        }
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::DeleteCompany)).await?;
        let company = change.tx.company().await.map_err(ApiError::from)?;
        if company.is_none_or(|company| company.name != input.name.trim()) {
            let message = "This is not the name of the company.";
            return Ok(UserError::new(Some("name"), "OTHER_NAME", message).into());
        }
        let company = change.end_at(ctx, Some(accounts.company_ends_at())).await?;
        Ok(DeleteCompanyPayload { company, user_errors: vec![] })
    }

    /// Keeps a company that was to be deleted.
    async fn keep_company(
        &self,
        ctx: &Context<'_>,
        input: KeepCompanyInput,
    ) -> Result<KeepCompanyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::DeleteCompany)).await?;
        let company = change.end_at(ctx, None).await?;
        Ok(KeepCompanyPayload { company, user_errors: vec![] })
    }

    /// Deletes the viewer's account at once, and takes them out of their companies. The last owner of a company hands it
    /// over or deletes it first.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        input: DeleteAccountInput,
    ) -> Result<DeleteAccountPayload, Error> {
        let state = RequestState::of(ctx);
        let (person, accounts) = (state.account()?, &state.services.accounts);
        Ok(match accounts.delete_account(person, &input.current_password, state.address).await {
            Ok(()) => DeleteAccountPayload { is_deleted: true, user_errors: vec![] },
            Err(error) => {
                let error = UserError::of(error, "currentPassword")?;
                DeleteAccountPayload { is_deleted: false, user_errors: vec![error] }
            }
        })
    }
}
