//! Signing: claims in, compact token out.

use bytes::Bytes;
use domain::jws::{self, Secret, SecretError};
use serde_json::Value;

/// Signs as one subscription does.
pub(crate) struct Signer(Secret);

impl Signer {
    pub(crate) fn new(secret: &str) -> Result<Self, SecretError> {
        Secret::new(secret).map(Self)
    }

    /// The request body for these claims: the bare token.
    pub(crate) fn sign(&self, claims: &Value) -> Bytes {
        Bytes::from(jws::sign(claims.to_string().as_bytes(), &self.0))
    }
}
