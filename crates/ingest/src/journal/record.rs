//! What a journal keeps, as bytes.
//!
//! A stored value is `kind, received_at, sealed content`. The head is readable without a key, so that counting needs
//! none, and it is part of what the seal protects, together with the sequence: no record can stand in for another.

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, EndpointToken, TenantId};
use store::{Keys, Write};

/// Bytes before the sealed content: one for the kind, eight for the time.
const HEAD_BYTES: usize = 9;
/// Bytes of an id.
const ID_BYTES: usize = 16;

/// A delivery that waits for PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// Its signature was verified when it arrived.
    Verified {
        /// The company.
        tenant: TenantId,
        /// The endpoint it came to.
        endpoint: EndpointId,
        /// When it arrived.
        received_at: DateTime<Utc>,
        /// The claims as they were signed. What they are is read from them again when they are moved.
        payload: Vec<u8>,
    },
    /// Nobody could be asked whether it is signed well; that is done when it is moved.
    Unverified {
        /// The token of its Request URL.
        token: EndpointToken,
        /// When it arrived.
        received_at: DateTime<Utc>,
        /// The body as it came.
        body: Vec<u8>,
    },
    /// No delivery: proves that the journal works.
    Heartbeat {
        /// When it was made.
        made_at: DateTime<Utc>,
    },
}

/// What kind of record something is; readable without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// [`Record::Verified`].
    Verified,
    /// [`Record::Unverified`].
    Unverified,
    /// [`Record::Heartbeat`].
    Heartbeat,
}

/// A record as it was found in the journal.
#[derive(Debug)]
pub struct Entry {
    /// Its place in the order of arrival.
    pub sequence: u64,
    /// When it arrived; nothing when not even that can be read.
    pub received_at: Option<DateTime<Utc>>,
    /// What it is.
    pub record: Result<Record, Unreadable>,
}

/// A record that is damaged, or was written by a version that knows more kinds than this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record is damaged or of an unknown kind")]
pub struct Unreadable;

impl Record {
    pub(super) fn kind(&self) -> RecordKind {
        match self {
            Self::Verified { .. } => RecordKind::Verified,
            Self::Unverified { .. } => RecordKind::Unverified,
            Self::Heartbeat { .. } => RecordKind::Heartbeat,
        }
    }

    /// Bytes of it that matter for bounds in memory.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Verified { payload, .. } => payload.len(),
            Self::Unverified { body, .. } => body.len(),
            Self::Heartbeat { .. } => 0,
        }
    }

    /// The value to store under `sequence`.
    pub(super) fn seal(&self, keys: &Keys, sequence: u64) -> Vec<u8> {
        let (received_at, content) = match self {
            Self::Verified { tenant, endpoint, received_at, payload } => {
                let ids = [tenant.0.as_bytes().as_slice(), endpoint.0.as_bytes()].concat();
                (received_at, [ids.as_slice(), payload].concat())
            }
            Self::Unverified { token, received_at, body } => {
                let token = token.as_str().as_bytes();
                let length = u8::try_from(token.len()).unwrap_or(0);
                (received_at, [&[length], token, body.as_slice()].concat())
            }
            Self::Heartbeat { made_at } => (made_at, Vec::new()),
        };
        let mut value = vec![self.kind().as_byte()];
        value.extend(received_at.timestamp_micros().to_be_bytes());
        let sealed = keys.seal(&place(sequence, &value), &content);
        value.extend(sealed);
        value
    }
}

impl Entry {
    /// Reads the value that is stored under `sequence`.
    pub(super) fn read(keys: &Keys, sequence: u64, value: &[u8]) -> Self {
        let received_at = head(value).map(|(_, received_at)| received_at);
        Self { sequence, received_at, record: open(keys, sequence, value).ok_or(Unreadable) }
    }
}

impl From<Write> for Record {
    fn from(write: Write) -> Self {
        let Write { tenant, endpoint, received_at, payload, digest: _, kind: _ } = write;
        Self::Verified { tenant, endpoint, received_at, payload }
    }
}

impl RecordKind {
    /// The kind of a stored value.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        head(value).map(|(kind, _)| kind)
    }

    fn as_byte(self) -> u8 {
        match self {
            Self::Verified => 1,
            Self::Unverified => 2,
            Self::Heartbeat => 3,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Verified, Self::Unverified, Self::Heartbeat].into_iter().find(|kind| kind.as_byte() == byte)
    }
}

fn head(value: &[u8]) -> Option<(RecordKind, DateTime<Utc>)> {
    let (kind, rest) = value.split_first()?;
    let micros = i64::from_be_bytes(*rest.first_chunk()?);
    Some((RecordKind::from_byte(*kind)?, DateTime::from_timestamp_micros(micros)?))
}

fn open(keys: &Keys, sequence: u64, value: &[u8]) -> Option<Record> {
    let (kind, received_at) = head(value)?;
    let (head, sealed) = value.split_at_checked(HEAD_BYTES)?;
    let content = keys.open(&place(sequence, head), sealed).ok()?;
    Some(match kind {
        RecordKind::Verified => {
            let (tenant, rest) = content.split_at_checked(ID_BYTES)?;
            let (endpoint, payload) = rest.split_at_checked(ID_BYTES)?;
            Record::Verified {
                tenant: TenantId(uuid::Uuid::from_slice(tenant).ok()?),
                endpoint: EndpointId(uuid::Uuid::from_slice(endpoint).ok()?),
                received_at,
                payload: payload.to_vec(),
            }
        }
        RecordKind::Unverified => {
            let (length, rest) = content.split_first()?;
            let (token, body) = rest.split_at_checked(usize::from(*length))?;
            let token = EndpointToken::parse(std::str::from_utf8(token).ok()?)?;
            Record::Unverified { token, received_at, body: body.to_vec() }
        }
        RecordKind::Heartbeat => Record::Heartbeat { made_at: received_at },
    })
}

/// What binds a record to where it stands.
fn place(sequence: u64, head: &[u8]) -> String {
    let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("journal/{sequence}/{head}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> [Record; 3] {
        let at = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        [
            Record::Verified {
                tenant: TenantId(uuid::Uuid::from_u128(1)),
                endpoint: EndpointId(uuid::Uuid::from_u128(2)),
                received_at: at,
                payload: b"{}".to_vec(),
            },
            Record::Unverified {
                token: EndpointToken::from_random([3; 16]),
                received_at: at,
                body: b"a.b.c".to_vec(),
            },
            Record::Heartbeat { made_at: at },
        ]
    }

    #[test]
    fn records_survive_and_nothing_near_them_does() {
        let keys = Keys::new(&[1; 32]);
        for record in records() {
            let value = record.seal(&keys, 7);
            assert_eq!(Entry::read(&keys, 7, &value).record, Ok(record.clone()));
            assert_eq!(RecordKind::of(&value), Some(record.kind()));
            assert_eq!(Entry::read(&keys, 8, &value).record, Err(Unreadable), "moved");
            assert_eq!(Entry::read(&Keys::new(&[2; 32]), 7, &value).record, Err(Unreadable), "another key");
            for at in 0..value.len() {
                let mut altered = value.clone();
                altered[at] ^= 1;
                assert_eq!(Entry::read(&keys, 7, &altered).record, Err(Unreadable), "byte {at}");
                assert_eq!(Entry::read(&keys, 7, &value[..at]).record, Err(Unreadable), "cut at {at}");
            }
        }
    }
}
