//! What a person says of themselves.

use async_graphql::{Context, Error, InputObject, Object, SimpleObject};

use crate::mutation::UserError;
use crate::services::RequestState;
use crate::viewer::User;

/// What the viewer says of themselves from now on.
#[derive(InputObject)]
pub(crate) struct UpdateProfileInput {
    /// What people call them, at most 60 characters; an empty text takes the name away.
    name: String,
}

/// A person who was changed.
#[derive(SimpleObject)]
pub(crate) struct UpdateProfilePayload {
    /// The person; null when nothing was changed.
    user: Option<User>,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Where to move the viewer's account.
#[derive(InputObject)]
pub(crate) struct RequestEmailChangeInput {
    /// The new e-mail address.
    email: String,
    /// The password of now.
    current_password: String,
}

/// A link that was asked for.
#[derive(SimpleObject)]
pub(crate) struct RequestEmailChangePayload {
    /// Whether a mail was written to the new address. It says the same when the address has an account already; then
    /// the mail holds no link.
    is_sent: bool,
    /// What went wrong.
    user_errors: Vec<UserError>,
}

/// Changes of what a person says of themselves.
#[derive(Default)]
pub(crate) struct ProfileMutation;

/// Changes of what a person says of themselves.
#[Object]
impl ProfileMutation {
    /// Changes what everybody in the viewer's companies calls the viewer.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, Error> {
        let state = RequestState::of(ctx);
        let person = state.account()?;
        match state.services.accounts.rename(person, &input.name, state.address).await {
            Ok(name) => {
                let name = name.map(|name| name.as_str().to_owned());
                Ok(UpdateProfilePayload { user: Some(User::of(person, name)), user_errors: vec![] })
            }
            Err(error) => {
                let error = UserError::of(error, "name")?;
                Ok(UpdateProfilePayload { user: None, user_errors: vec![error] })
            }
        }
    }
    /// Mails a link to a new address. Opening it moves the viewer's account there, ends all other sessions and mails a
    /// way back to the address of before, which is good for 7 days.
    async fn request_email_change(
        &self,
        ctx: &Context<'_>,
        input: RequestEmailChangeInput,
    ) -> Result<RequestEmailChangePayload, Error> {
        let state = RequestState::of(ctx);
        let (person, accounts) = (state.account()?, &state.services.accounts);
        let RequestEmailChangeInput { email, current_password } = input;
        match accounts.request_email_change(person, &email, &current_password, state.address).await {
            Ok(()) => Ok(RequestEmailChangePayload { is_sent: true, user_errors: vec![] }),
            Err(error) => {
                let error = UserError::of(error, "currentPassword")?;
                Ok(RequestEmailChangePayload { is_sent: false, user_errors: vec![error] })
            }
        }
    }
}
