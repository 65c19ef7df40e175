//! Identifiers: one type per thing, so that the id of one can never be passed for the id of another.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::json::Digest;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id!(
    /// A company. `tenant` in SQL and Rust, `Company` in GraphQL and in the browser.
    TenantId
);
uuid_id!(
    /// A company's Request URL with its secrets.
    EndpointId
);
uuid_id!(
    /// A person who can sign in, in one company or in several.
    UserId
);
uuid_id!(
    /// A session of a person. Tells sessions apart in lists; opens nothing.
    SessionId
);
uuid_id!(
    /// An invitation into a company.
    InvitationId
);
uuid_id!(
    /// An API key of a company.
    ApiKeyId
);
uuid_id!(
    /// A saved view of a company.
    SavedViewId
);
uuid_id!(
    /// A distinct party (someone or some number on a call) of a company; derived from its content.
    PartyId
);

/// Lower-case Crockford base 32: no letter that reads like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of the random part of an endpoint token: 128 bits.
const TOKEN_BODY_CHARS: usize = 26;
/// Characters of its check part: 20 bits, so that mistyped and guessed tokens never reach the database.
const TOKEN_CHECK_CHARS: usize = 4;
/// What an API key starts with, so that people and secret scanners recognise it.
pub const API_KEY_PREFIX: &str = "tl_live_";
/// What the credential of a session begins with that reaches one company only.
const COMPANY_SESSION_PREFIX: &str = "co_";

/// The unguessable last part of a Request URL. It names an endpoint; it proves nothing (the signature does).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndpointToken(String);

impl EndpointToken {
    /// Makes the token of 128 random bits.
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut text = base32(&random, TOKEN_BODY_CHARS);
        text.push_str(&check_chars(&text));
        Self(text)
    }

    /// Reads a token as it stands in a URL. `None` when it was not made by us: wrong length, alphabet, case or
    /// check characters.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TOKEN_BODY_CHARS + TOKEN_CHECK_CHARS || !text.is_ascii() {
            return None;
        }
        let (body, check) = text.split_at(TOKEN_BODY_CHARS);
        (check_chars(body) == check).then(|| Self(text.to_owned()))
    }

    /// The token as it stands in the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A bearer credential in clear text: an API key (`tl_live_…`) or the content of a session cookie.
/// Only its hash is ever stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(String);

impl Credential {
    /// A new API key of 256 random bits with check characters.
    pub fn new_api_key(random: [u8; 32]) -> Self {
        let body = base32(&random, 52);
        Self(format!("{API_KEY_PREFIX}{body}{}", check_chars(&body)))
    }

    /// A new session credential of 256 random bits with check characters.
    pub fn new_session(random: [u8; 32]) -> Self {
        let body = base32(&random, 52);
        Self(format!("{body}{}", check_chars(&body)))
    }

    /// A new credential of a session that reaches one company only. It looks otherwise than those that reach all of a
    /// person's, so that a version that knows no such sessions lets nobody in by it.
    pub fn new_company_session(random: [u8; 32]) -> Self {
        Self(format!("{COMPANY_SESSION_PREFIX}{}", Self::new_session(random).0))
    }

    /// Reads an API key. `None` when the check characters are wrong, which needs no look-up to refuse.
    pub fn parse_api_key(text: &str) -> Option<Self> {
        Self::checked(text.strip_prefix(API_KEY_PREFIX)?).then(|| Self(text.to_owned()))
    }

    /// Reads the content of a session cookie.
    pub fn parse_session(text: &str) -> Option<Self> {
        let bare = text.strip_prefix(COMPANY_SESSION_PREFIX).unwrap_or(text);
        Self::checked(bare).then(|| Self(text.to_owned()))
    }

    fn checked(text: &str) -> bool {
        text.len() == 52 + TOKEN_CHECK_CHARS && text.is_ascii() && {
            let (body, check) = text.split_at(52);
            check_chars(body) == check
        }
    }

    /// The credential in clear, to be shown or sent once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored: SHA-256. 256 random bits need no slow hash.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }

    /// The first characters, by which people tell keys apart in a list.
    pub fn hint(&self) -> &str {
        self.0.get(..API_KEY_PREFIX.len() + 6).unwrap_or(&self.0)
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// What tells a delivery from others of its company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId {
    /// When it arrived; a process that receives gives no time twice.
    pub received_at: DateTime<Utc>,
    /// Over the event's claims, or over what else was kept of it.
    pub digest: Digest,
}

/// An object's id in GraphQL: opaque to clients, carries the company so that `node(id:)` needs no other argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalId {
    /// A company.
    Company(TenantId),
    /// An endpoint of a company.
    Endpoint(TenantId, EndpointId),
    /// A call of a company, by Dialpad's id.
    Call(TenantId, i64),
    /// A delivery to a company.
    Delivery(TenantId, DeliveryId),
    /// A conversation of a company, by the smallest id of its legs.
    Conversation(TenantId, i64),
}

impl GlobalId {
    /// The opaque text.
    pub fn encode(self) -> String {
        let mut bytes = Vec::with_capacity(33);
        match self {
            Self::Company(tenant) => {
                bytes.push(b'C');
                bytes.extend(tenant.0.as_bytes());
            }
            Self::Endpoint(tenant, endpoint) => {
                bytes.push(b'E');
                bytes.extend(tenant.0.as_bytes());
                bytes.extend(endpoint.0.as_bytes());
            }
            Self::Call(tenant, call) => {
                bytes.push(b'L');
                bytes.extend(tenant.0.as_bytes());
                bytes.extend(call.to_be_bytes());
            }
            Self::Delivery(tenant, delivery) => {
                bytes.push(b'D');
                bytes.extend(tenant.0.as_bytes());
                bytes.extend(delivery.received_at.timestamp_micros().to_be_bytes());
                bytes.extend(delivery.digest.as_bytes());
            }
            Self::Conversation(tenant, conversation) => {
                bytes.push(b'V');
                bytes.extend(tenant.0.as_bytes());
                bytes.extend(conversation.to_be_bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the opaque text. `None` for anything we did not write.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (kind, rest) = bytes.split_first()?;
        let tenant = TenantId(Uuid::from_slice(rest.get(..16)?).ok()?);
        let tail = rest.get(16..)?;
        match kind {
            b'C' if tail.is_empty() => Some(Self::Company(tenant)),
            b'E' => Some(Self::Endpoint(tenant, EndpointId(Uuid::from_slice(tail).ok()?))),
            b'L' => Some(Self::Call(tenant, i64::from_be_bytes(tail.try_into().ok()?))),
            b'V' => Some(Self::Conversation(tenant, i64::from_be_bytes(tail.try_into().ok()?))),
            b'D' => {
                let (micros, digest) = tail.split_first_chunk()?;
                let received_at = DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?;
                let digest = Digest::from_bytes(digest.try_into().ok()?);
                Some(Self::Delivery(tenant, DeliveryId { received_at, digest }))
            }
            _ => None,
        }
    }

    /// The company the object belongs to.
    pub fn tenant(self) -> TenantId {
        match self {
            Self::Company(tenant)
            | Self::Endpoint(tenant, _)
            | Self::Call(tenant, _)
            | Self::Delivery(tenant, _)
            | Self::Conversation(tenant, _) => tenant,
        }
    }
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// The leading `chars` base-32 characters of `bytes`, most significant bit first, missing bits as zero.
pub(crate) fn base32(bytes: &[u8], chars: usize) -> String {
    let bit = |index: usize| bytes.get(index / 8).map_or(0, |byte| (byte >> (7 - index % 8)) & 1);
    (0..chars)
        .map(|at| {
            let value = (0..5).fold(0, |value, offset| (value << 1) | bit(at * 5 + offset));
            char::from(ALPHABET[usize::from(value)])
        })
        .collect()
}

fn check_chars(body: &str) -> String {
    base32(&sha256(format!("trunkline check {body}").as_bytes()), TOKEN_CHECK_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_reading_and_nothing_near_it_does() {
        let token = EndpointToken::from_random([0xa5; 16]);
        let text = token.as_str();
        assert_eq!(EndpointToken::parse(text), Some(token.clone()));
        for wrong in [
            text.to_uppercase(),
            format!("{text}0"),
            text[..29].to_owned(),
            text.replacen(&text[..1], if text.starts_with('0') { "1" } else { "0" }, 1),
            String::new(),
            "é".repeat(15),
        ] {
            assert_eq!(EndpointToken::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn keys_and_sessions_are_told_apart() {
        let key = Credential::new_api_key([7; 32]);
        assert_eq!(Credential::parse_api_key(key.reveal()), Some(key.clone()));
        assert_eq!(Credential::parse_session(key.reveal()), None);
        let session = Credential::new_session([8; 32]);
        assert_eq!(Credential::parse_session(session.reveal()), Some(session.clone()));
        assert_eq!(Credential::parse_api_key(session.reveal()), None);
        assert_ne!(key.hash(), session.hash());
        let of_company = Credential::new_company_session([8; 32]);
        assert_eq!(Credential::parse_session(of_company.reveal()), Some(of_company.clone()));
        assert_ne!(of_company.hash(), session.hash(), "the same bits under another name are another session");
        assert_eq!(format!("{key:?}"), "Credential(…)");
    }

    #[test]
    fn global_ids_round_trip() {
        let tenant = TenantId(Uuid::from_u128(7));
        for id in [
            GlobalId::Company(tenant),
            GlobalId::Endpoint(tenant, EndpointId(Uuid::from_u128(9))),
            GlobalId::Call(tenant, i64::MAX),
            GlobalId::Conversation(tenant, 1),
            GlobalId::Delivery(
                tenant,
                DeliveryId { received_at: DateTime::UNIX_EPOCH, digest: Digest::from_bytes([7; 16]) },
            ),
        ] {
            assert_eq!(GlobalId::decode(&id.encode()), Some(id));
            assert_eq!(id.tenant(), tenant);
        }
        for wrong in ["", "AAAA", "Q", "!!", &GlobalId::Company(tenant).encode()[1..]] {
            assert_eq!(GlobalId::decode(wrong), None, "{wrong}");
        }
    }
}
