//! What can stop a run before it begins. What the receiver does is never an error here: it is counted.

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// No scenario has this name.
    #[error("there is no scenario `{0}`")]
    UnknownScenario(String),
    /// No misbehaviour has this name.
    #[error("there is no misbehaviour `{0}`")]
    UnknownMisbehave(String),
    /// The target is no absolute http or https address.
    #[error("`{0}` is not an http or https address")]
    Url(String),
    /// No subscription could have this secret.
    #[error("the secret cannot be used")]
    Secret(#[from] domain::jws::SecretError),
    /// A number of the plan is out of its range.
    #[error("{0}")]
    Plan(&'static str),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}
