//! Who sends the request.

use accounts::Identity;
use async_graphql::{Context, Error, ID, Object, SimpleObject};

use crate::company::Company;
use crate::services::RequestState;
use crate::session::Session;

/// Who sends the request: someone who signed in, or a program with an API key.
pub(crate) struct Viewer;

/// Someone who can sign in.
#[derive(SimpleObject)]
pub(crate) struct User {
    /// What tells this person from others.
    id: ID,
    /// The e-mail address.
    email: String,
    /// Whether it is proven that the address is theirs. Until then they cannot invite anybody.
    is_verified: bool,
}

/// Who sends the request: someone who signed in, or a program with an API key.
#[Object]
impl Viewer {
    /// The person; null for an API key.
    async fn user(&self, ctx: &Context<'_>) -> Option<User> {
        match &RequestState::of(ctx).identity {
            Identity::Person(person) => Some(User {
                id: ID(person.user.to_string()),
                email: person.email.clone(),
                is_verified: person.is_verified,
            }),
            Identity::Key(_) => None,
        }
    }

    /// Where the person is signed in, the last used first; none for an API key.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>, Error> {
        Session::load_own(ctx).await
    }

    /// The companies that can be entered, in the order of joining.
    async fn companies(&self, ctx: &Context<'_>) -> Result<Vec<Company>, Error> {
        let mut companies = Vec::new();
        for membership in RequestState::of(ctx).identity.memberships() {
            companies.extend(Company::load(ctx, membership.access).await?);
        }
        Ok(companies)
    }
}
