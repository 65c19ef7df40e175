//! Dialpad's signature: a compact JWS with HMAC-SHA-256, read strictly.
//!
//! Dialpad sends the bare token as the body. What is refused is kept sealed and can be verified again later, so
//! strictness costs nothing and every lenient reading would be a second meaning of the same bytes. Deliberately
//! absent: `exp`, `nbf`, `iat` and `aud` (retries and transcripts are late, Dialpad sends none of them), every
//! header that names a key (`kid`, `jku`, `jwk`, `x5u`, `x5c`), and every algorithm but HS256.

mod secret;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;

use crate::json::{Json, Object};

pub use secret::{KeyUsed, LiveSecrets, SECRET_CHARS_MAX, Secret, SecretError};

/// The longest header that is looked at, decoded, in bytes; Dialpad's has 27.
pub const HEADER_BYTES_MAX: usize = 2_048;

/// The length of an HMAC-SHA-256, in bytes.
const SIGNATURE_BYTES: usize = 32;

/// The header of the tokens we make, as Dialpad's look.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// A body whose signature is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The signed bytes, which may be anything, also empty.
    pub payload: Vec<u8>,
    /// The secret that had signed.
    pub key: KeyUsed,
}

/// Why a body was not accepted as signed by this endpoint's company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Nothing but white space.
    #[error("the body is empty")]
    Empty,
    /// Plain JSON: the Dialpad webhook was made without a secret.
    #[error("the body is JSON without a signature")]
    Unsigned,
    /// Not three parts of canonical unpadded base64url.
    #[error("the body is not a compact token")]
    NotCompact,
    /// The header is longer than [`HEADER_BYTES_MAX`].
    #[error("the token's header is too long")]
    HeaderTooLong,
    /// The header is not a JSON object, or has a key twice.
    #[error("the token's header is not a JSON object with distinct keys")]
    HeaderNotObject,
    /// The header asks for an extension (`crit`, `b64`, `zip`), each of which changes what is signed.
    #[error("the token's header asks for an extension")]
    HeaderExtension,
    /// `alg` is missing or anything but `HS256`.
    #[error("the token's algorithm is not HS256")]
    Algorithm,
    /// No live secret gives this signature.
    #[error("no secret of this endpoint gives the token's signature")]
    Signature,
}

/// What to tell the company about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// Signed with another secret, or not with HS256.
    BadSignature,
    /// Not signed at all.
    Unsigned,
    /// Not something Dialpad sends.
    Malformed,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::BadSignature, Self::Unsigned, Self::Malformed];

    /// The stable name, as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadSignature => "BAD_SIGNATURE",
            Self::Unsigned => "UNSIGNED",
            Self::Malformed => "MALFORMED",
        }
    }
}

impl Refusal {
    /// Every refusal.
    pub const ALL: &'static [Self] = &[
        Self::Empty,
        Self::Unsigned,
        Self::NotCompact,
        Self::HeaderTooLong,
        Self::HeaderNotObject,
        Self::HeaderExtension,
        Self::Algorithm,
        Self::Signature,
    ];

    /// The stable code, as stored with a delivery.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::Unsigned => "UNSIGNED",
            Self::NotCompact => "NOT_COMPACT",
            Self::HeaderTooLong => "HEADER_TOO_LONG",
            Self::HeaderNotObject => "HEADER_NOT_OBJECT",
            Self::HeaderExtension => "HEADER_EXTENSION",
            Self::Algorithm => "ALGORITHM",
            Self::Signature => "SIGNATURE",
        }
    }

    /// The group the refusal belongs to.
    pub const fn kind(self) -> RefusalKind {
        match self {
            Self::Unsigned => RefusalKind::Unsigned,
            Self::Algorithm | Self::Signature => RefusalKind::BadSignature,
            Self::Empty | Self::NotCompact | Self::HeaderTooLong => RefusalKind::Malformed,
            Self::HeaderNotObject | Self::HeaderExtension => RefusalKind::Malformed,
        }
    }
}

/// Checks that a request body is a token signed with one of the live secrets, and gives its payload.
///
/// # Errors
/// [`Refusal`], the first reason found. None of them is temporary.
pub fn verify(body: &[u8], secrets: &LiveSecrets) -> Result<Verified, Refusal> {
    let token = body.trim_ascii();
    match token.first() {
        None => return Err(Refusal::Empty),
        Some(b'{') => return Err(Refusal::Unsigned),
        Some(_) => {}
    }
    let (signed, signature) = split_last_dot(token).ok_or(Refusal::NotCompact)?;
    let (header, payload) = split_first_dot(signed).ok_or(Refusal::NotCompact)?;
    if payload.contains(&b'.') {
        return Err(Refusal::NotCompact);
    }
    check_header(header)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Refusal::NotCompact)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Refusal::NotCompact)?;
    if signature.len() != SIGNATURE_BYTES {
        return Err(Refusal::Signature);
    }
    if has_signed(&secrets.current, signed, &signature) {
        return Ok(Verified { payload, key: KeyUsed::Current });
    }
    match &secrets.previous {
        Some(previous) if has_signed(previous, signed, &signature) => {
            Ok(Verified { payload, key: KeyUsed::Previous })
        }
        _ => Err(Refusal::Signature),
    }
}

/// Makes a token as Dialpad would: for the simulator, for tests and for the "send a test event" button.
pub fn sign(payload: &[u8], secret: &Secret) -> String {
    let mut token = URL_SAFE_NO_PAD.encode(HEADER);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_bytes());
    let tag = hmac::sign(&key, token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(tag, &mut token);
    token
}

/// What is before and after the last dot, which in a token is near its end.
fn split_last_dot(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = bytes.iter().rposition(|byte| *byte == b'.')?;
    Some((bytes.get(..dot)?, bytes.get(dot + 1..)?))
}

/// What is before and after the first dot, which in a token is near its beginning.
fn split_first_dot(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = bytes.iter().position(|byte| *byte == b'.')?;
    Some((bytes.get(..dot)?, bytes.get(dot + 1..)?))
}

fn check_header(encoded: &[u8]) -> Result<(), Refusal> {
    // Before decoding, so that a long header costs nothing.
    if encoded.len() > HEADER_BYTES_MAX.div_ceil(3) * 4 {
        return Err(Refusal::HeaderTooLong);
    }
    let header = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Refusal::NotCompact)?;
    if header.len() > HEADER_BYTES_MAX {
        return Err(Refusal::HeaderTooLong);
    }
    if header == HEADER.as_bytes() {
        return Ok(()); // The usual case needs no parser.
    }
    let parsed = Json::parse(&header).map_err(|_| Refusal::HeaderNotObject)?;
    let object = parsed.as_object().ok_or(Refusal::HeaderNotObject)?;
    check_members(object)
}

fn check_members(header: &Object<'_>) -> Result<(), Refusal> {
    if header.duplicate_keys().next().is_some() {
        return Err(Refusal::HeaderNotObject);
    }
    if header.get("alg").and_then(Json::as_str) != Some("HS256") {
        return Err(Refusal::Algorithm);
    }
    if ["crit", "b64", "zip"].iter().any(|extension| header.has(extension)) {
        return Err(Refusal::HeaderExtension);
    }
    Ok(())
}

/// The comparison is constant-time inside aws-lc. The provider is named instead of looked up, because the process
/// default panics as soon as any crate turns on jsonwebtoken's second backend.
fn has_signed(secret: &Secret, signed: &[u8], signature: &Vec<u8>) -> bool {
    (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::HS256, secret.key())
        .is_ok_and(|verifier| verifier.verify(signed, signature).is_ok())
}
