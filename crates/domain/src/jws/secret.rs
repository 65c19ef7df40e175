//! The secrets that companies share with Dialpad.

use std::fmt;

use jsonwebtoken::DecodingKey;

/// The longest secret, in characters.
pub const SECRET_CHARS_MAX: usize = 256;

/// Secrets shorter than this many characters can be guessed from one captured event.
const SECRET_CHARS_STRONG: usize = 16;

/// Secrets printed in documentation, and the words people type instead of one.
const SECRETS_WELL_KNOWN: [&str; 6] = [
    "puppy",
    "secret",
    "your-256-bit-secret",
    "your_webhook_secret",
    "dialpad_webhook_secret",
    "changemechangeme",
];

/// A company's signing secret: the UTF-8 bytes of what was typed into Dialpad, never decoded from base64.
/// The key is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct Secret {
    key: DecodingKey,
    is_weak: bool,
}

/// Why a text cannot be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No characters at all.
    #[error("the secret is empty")]
    Empty,
    /// Line breaks, tabs, NUL and the like: Dialpad's form takes a single line.
    #[error("the secret contains a control character")]
    ControlCharacter,
    /// More than [`SECRET_CHARS_MAX`] characters.
    #[error("the secret is longer than {SECRET_CHARS_MAX} characters")]
    TooLong,
}

impl Secret {
    /// A secret as the company entered it in Dialpad, white space included.
    ///
    /// # Errors
    /// [`SecretError`] when no Dialpad subscription could have this secret.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        if text.chars().nth(SECRET_CHARS_MAX).is_some() {
            return Err(SecretError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(SecretError::ControlCharacter);
        }
        let is_short = text.chars().nth(SECRET_CHARS_STRONG - 1).is_none();
        let is_known = SECRETS_WELL_KNOWN.iter().any(|known| known.eq_ignore_ascii_case(text));
        let is_one_letter = text.chars().all(|letter| text.starts_with(letter));
        let key = DecodingKey::from_secret(text.as_bytes());
        Ok(Self { key, is_weak: is_short || is_known || is_one_letter })
    }

    /// True for a secret that should be accepted with a warning: short, repeated or printed in documentation.
    pub fn is_weak(&self) -> bool {
        self.is_weak
    }

    /// The key as the verifier takes it.
    pub(super) fn key(&self) -> &DecodingKey {
        &self.key
    }

    /// The secret itself, to be encrypted at once and never logged.
    pub fn expose_bytes(&self) -> &[u8] {
        // An HMAC key always has bytes; only RSA keys, which cannot get in here, have none.
        self.key.try_get_as_bytes().unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// The secrets an endpoint accepts at this moment.
#[derive(Debug, Clone)]
pub struct LiveSecrets {
    /// The secret that Dialpad should be signing with.
    pub current: Secret,
    /// The secret before the last rotation, as long as the overlap lasts.
    pub previous: Option<Secret>,
}

/// Which of the live secrets had signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUsed {
    /// [`LiveSecrets::current`].
    Current,
    /// [`LiveSecrets::previous`]: Dialpad was not told the new secret yet.
    Previous,
}

impl KeyUsed {
    /// The stable name, as stored with a delivery.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Previous => "previous",
        }
    }
}
