//! Errors as clients see them: a sentence and a stable code, never SQL.

use accounts::AccountError;
use async_graphql::{Error, ErrorExtensions as _, Value};
use axum::http::StatusCode;
use domain::access::Action;
use domain::search::QueryError;
use store::StoreError;

/// The code of an answer that would be too large: there is nothing of it.
pub(crate) const RESPONSE_TOO_LARGE: &str = "RESPONSE_TOO_LARGE";

/// What its caller reads.
pub(crate) const TOO_LARGE: &str =
    "The answer would be larger than 8 MiB. Ask for fewer rows, or for fewer raw events.";

/// How a request is answered of which it is known why nobody is behind it. What is not in here is ours to mend.
pub(crate) fn why_nobody(error: &AccountError) -> Option<(StatusCode, &'static str, String)> {
    match error {
        AccountError::SecondStepNeeded => Some((StatusCode::UNAUTHORIZED, "MFA_REQUIRED", error.to_string())),
        AccountError::OtherNetwork(_) => {
            Some((StatusCode::FORBIDDEN, "ADDRESS_NOT_ALLOWED", error.to_string()))
        }
        _ => None,
    }
}

/// Why a field has no value.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The role may not do this.
    Forbidden(Action),
    /// A program with a key asks for what only someone who signed in can do.
    PeopleOnly,
    /// Who is there by a company's provider asks for what only the account's own person may.
    CompanySession,
    /// An argument is wrong; the sentence says how.
    BadInput(String),
    /// The search text is wrong.
    BadQuery(QueryError),
    /// The cursor is not one of this list.
    BadCursor,
    /// The answer would be larger than we give.
    TooLarge,
    /// The database is away, or a row is not what we wrote.
    Store(StoreError),
}

impl ApiError {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooLarge => Self::TooLarge,
            error => Self::Store(error),
        }
    }
}

impl From<AccountError> for ApiError {
    /// What a person got wrong is told beside what was changed, see `UserError`: what comes here is ours.
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Unavailable(source) => Self::Store(source),
            AccountError::CompanySession => Self::CompanySession,
            AccountError::Invalid(_)
            | AccountError::Refused
            | AccountError::BadCredentials
            | AccountError::TooManyAttempts
            | AccountError::Busy
            | AccountError::LinkGone
            | AccountError::OtherPerson
            | AccountError::SignInFirst
            | AccountError::AddressTaken
            | AccountError::BadCode
            | AccountError::SecondStepNeeded
            | AccountError::OtherNetwork(_)
            | AccountError::NoSingleSignOn
            | AccountError::SignOn(_)
            | AccountError::SignInAgain
            | AccountError::LastOwner(_)
            | AccountError::FactorOn
            | AccountError::FactorOff => Self::BadInput(error.to_string()),
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let (code, message) = match &error {
            ApiError::Forbidden(action) => (
                "FORBIDDEN",
                format!("Your role or API key may not {}. Ask an owner or admin.", action.describe()),
            ),
            ApiError::PeopleOnly => {
                ("PEOPLE_ONLY", "An API key cannot do this. Sign in as a person.".to_owned())
            }
            ApiError::CompanySession => ("COMPANY_SESSION", AccountError::CompanySession.to_string()),
            ApiError::BadInput(message) => ("BAD_INPUT", message.clone()),
            ApiError::BadQuery(error) => ("BAD_QUERY", error.message.clone()),
            ApiError::BadCursor => ("BAD_CURSOR", "This cursor does not belong to this list.".to_owned()),
            ApiError::TooLarge => (
                RESPONSE_TOO_LARGE,
                "The answer would be larger than 8 MiB. Ask for fewer rows, or for fewer raw events."
                    .to_owned(),
            ),
            ApiError::Store(StoreError::Unavailable(source)) => {
                tracing::error!(
                    error = source as &dyn std::error::Error,
                    "the API could not reach the database"
                );
                ("UNAVAILABLE", "Trunkline cannot reach its database. Try again in a moment.".to_owned())
            }
            ApiError::Store(source) => {
                tracing::error!(error = source as &dyn std::error::Error, "the API failed");
                ("INTERNAL", "Something went wrong on our side.".to_owned())
            }
        };
        let position = match &error {
            ApiError::BadQuery(error) => Some(error.at.clone()),
            _ => None,
        };
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(at) = position {
                let at = [("start", at.start), ("end", at.end)];
                let at = at.map(|(name, value)| (async_graphql::Name::new(name), Value::from(value)));
                extensions.set("position", Value::Object(at.into_iter().collect()));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_says_is_not_repeated() {
        let conflict = StoreError::Conflict { constraint: "tenants_slug_key".to_owned() };
        let inconsistent = StoreError::Inconsistent { table: "calls", column: "state" };
        for error in [conflict, inconsistent] {
            let shown = Error::from(ApiError::from(error));
            assert_eq!(shown.message, "Something went wrong on our side.");
            let code = shown.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            assert_eq!(code, Some(&Value::from("INTERNAL")));
        }
    }
}
