//! Who sends the request.

use accounts::Identity;
use async_graphql::{Context, Error, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use store::{Reach, SessionUser};

use crate::company::Company;
use crate::second_factor::SecondFactor;
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
    /// What they are called; null when they did not say.
    name: Option<String>,
    /// Whether it is proven that the address is theirs. Until then they cannot invite anybody.
    is_verified: bool,
}

/// A company that the viewer is in and may not enter now.
#[derive(SimpleObject)]
pub(crate) struct BarredCompany {
    /// Its part of the address of every page.
    slug: String,
    /// Its name.
    name: String,
    /// Since when it asks for a second factor, which the viewer does not have.
    second_factor_required_from: DateTime<Utc>,
}

impl User {
    /// A person who is called `name`.
    pub(crate) fn of(person: &SessionUser, name: Option<String>) -> Self {
        let id = ID(person.user.to_string());
        Self { id, email: person.email.clone(), name, is_verified: person.is_verified }
    }
}

/// Who sends the request: someone who signed in, or a program with an API key.
#[Object]
impl Viewer {
    /// The person; null for an API key.
    async fn user(&self, ctx: &Context<'_>) -> Option<User> {
        match &RequestState::of(ctx).identity {
            Identity::Person(person) => Some(User::of(person, person.name.clone())),
            Identity::Key(_) => None,
        }
    }

    /// Whether the viewer is there by the single sign-on of a company: reaches this company only, and nothing of the
    /// person's account, such as its password.
    async fn is_by_single_sign_on(&self, ctx: &Context<'_>) -> bool {
        let person = RequestState::of(ctx).person();
        person.is_ok_and(|person| matches!(person.reach, Reach::Company(_)))
    }

    /// Where the person is signed in: sessions that reach all of their companies before others, the last used first. None
    /// for an API key; only its own for a session that a company's provider opened.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>, Error> {
        Session::load_own(ctx).await
    }

    /// What is asked for beside the password when the viewer signs in; null when nothing is, for an API key, and for a
    /// session that a company's provider opened.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<Option<SecondFactor>, Error> {
        SecondFactor::load_own(ctx).await
    }

    /// The companies that the viewer is in and may not enter: they ask for a second factor. Until it is set up they
    /// answer as if they were not there.
    async fn barred_companies(&self, ctx: &Context<'_>) -> Vec<BarredCompany> {
        let Ok(person) = RequestState::of(ctx).person() else { return Vec::new() };
        let barred = |one: &store::BarredCompany| BarredCompany {
            slug: one.slug.clone(),
            name: one.name.clone(),
            second_factor_required_from: one.second_factor_from,
        };
        person.barred.iter().map(barred).collect()
    }

    /// The companies that can be entered, in the order of joining.
    async fn companies(&self, ctx: &Context<'_>) -> Vec<Company> {
        let memberships = RequestState::of(ctx).identity.memberships();
        memberships.iter().map(|membership| Company::of(ctx, membership.access)).collect()
    }
}
