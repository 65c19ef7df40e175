//! Changing what a company says of itself.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};
use chrono_tz::Tz;
use domain::access::Action;
use domain::account::{CompanyName, Slug};
use domain::audit::AuditAction;
use store::StoreError;

use crate::company::Company;
use crate::error::ApiError;
use crate::membership::Change;
use crate::mutation::UserError;

/// What a company says of itself from now on; what is left out stays.
#[derive(InputObject)]
pub(crate) struct UpdateCompanyInput {
    /// The company; without one, the viewer's only one.
    company_id: Option<ID>,
    /// Its name.
    name: Option<String>,
    /// Its part of the address of every page: 2 to 40 small letters, digits and hyphens. Links to pages with the one of
    /// before lead nowhere then.
    slug: Option<String>,
    /// Its IANA time zone: decides where a day begins.
    time_zone: Option<String>,
}

/// A company that was changed.
#[derive(SimpleObject)]
pub(crate) struct UpdateCompanyPayload {
    /// The company; null when nothing was changed.
    company: Option<Company>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

impl From<UserError> for UpdateCompanyPayload {
    fn from(error: UserError) -> Self {
        Self { company: None, user_errors: vec![error] }
    }
}

/// Changes of a company.
#[derive(Default)]
pub(crate) struct CompanyMutation;

/// Changes of a company.
#[Object]
impl CompanyMutation {
    /// Changes what a company says of itself.
    async fn update_company(
        &self,
        ctx: &Context<'_>,
        input: UpdateCompanyInput,
    ) -> Result<UpdateCompanyPayload, Error> {
        let change = Change::begin(ctx, input.company_id.as_ref(), Some(Action::ManageCompany)).await?;
        let before = change.tx.company().await.map_err(ApiError::from)?;
        let before = before.ok_or_else(|| ApiError::input("There is no such company."))?;
        let after = match changed(&before, &input) {
            Ok(after) => after,
            Err(error) => return Ok(error.into()),
        };
        match change.tx.update_company(&after.name, &after.slug, &after.time_zone).await {
            Ok(()) => {}
            Err(StoreError::Conflict { .. }) => {
                let message = "Another company has this address already. Choose another.";
                return Ok(UserError::new(Some("slug"), "SLUG_TAKEN", message).into());
            }
            Err(error) => return Err(ApiError::from(error).into()),
        }
        let parts = [
            ("name", &before.name, &after.name),
            ("slug", &before.slug, &after.slug),
            ("timeZone", &before.time_zone, &after.time_zone),
        ];
        for (part, before, after) in parts.into_iter().filter(|(_, before, after)| before != after) {
            change.note(AuditAction::CompanyChanged, part, &format!("{before} → {after}")).await?;
        }
        let access = change.access;
        change.tx.commit().await.map_err(ApiError::from)?;
        Ok(UpdateCompanyPayload { company: Company::load(ctx, access).await?, user_errors: vec![] })
    }
}

/// The company as it would be.
fn changed(before: &store::Company, input: &UpdateCompanyInput) -> Result<store::Company, UserError> {
    let mut after = before.clone();
    if let Some(name) = &input.name {
        let name = CompanyName::parse(name);
        let name = name.map_err(|wrong| UserError::new(Some("name"), wrong.code, wrong.message))?;
        name.as_str().clone_into(&mut after.name);
    }
    if let Some(slug) = &input.slug {
        let slug = Slug::parse(slug);
        let slug = slug.map_err(|wrong| UserError::new(Some("slug"), wrong.code, wrong.message))?;
        slug.as_str().clone_into(&mut after.slug);
    }
    if let Some(zone) = &input.time_zone {
        let message = "This is no IANA time zone such as Europe/Berlin.";
        let zone: Tz = zone.parse().map_err(|_| UserError::new(Some("timeZone"), "INVALID", message))?;
        zone.name().clone_into(&mut after.time_zone);
    }
    Ok(after)
}
