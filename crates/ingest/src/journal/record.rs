//! What a journal keeps, as bytes.
//!
//! A stored value is `kind, received_at, sealed content`. The head is readable without a key, so that counting needs
//! none, and it is part of what the seal protects, together with the sequence: no record can stand in for another.

use chrono::{DateTime, Utc};
use domain::ids::{EndpointId, EndpointToken, TenantId};
use domain::jws::KeyUsed;
use store::{Arrival, Keys, Write, WriteKind};

/// Bytes before the sealed content: one for the kind, eight for the time.
const HEAD_BYTES: usize = 9;
/// Bytes of an id.
const ID_BYTES: usize = 16;
/// Bytes that say how a delivery arrived.
const ARRIVAL_BYTES: usize = 6;
/// Stands for a size that is not known.
const SIZE_UNKNOWN: u32 = u32::MAX;
/// Verified deliveries of earlier versions, which did not keep how they arrived.
const VERIFIED_WITHOUT_ARRIVAL: u8 = 1;

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
        /// How it arrived, as far as that is worth keeping.
        arrival: Arrival,
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
            Self::Verified { tenant, endpoint, received_at, payload, arrival } => {
                let ids = [tenant.0.as_bytes().as_slice(), endpoint.0.as_bytes()].concat();
                (received_at, [ids.as_slice(), &arrival_bytes(arrival), payload].concat())
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

impl Record {
    /// What is kept of a signed delivery. A refused one is not kept so: whether it is good is found out again.
    pub(crate) fn signed(write: Write) -> Option<Self> {
        let Write { tenant, endpoint, received_at, payload, digest: _, kind, arrival } = write;
        let arrival = Arrival { since: None, ..arrival };
        let is_signed = !matches!(kind, WriteKind::Rejected(_));
        is_signed.then_some(Self::Verified { tenant, endpoint, received_at, payload, arrival })
    }
}

impl RecordKind {
    /// The kind of a stored value.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        head(value).map(|(kind, _)| kind)
    }

    fn as_byte(self) -> u8 {
        match self {
            Self::Verified => 4,
            Self::Unverified => 2,
            Self::Heartbeat => 3,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            VERIFIED_WITHOUT_ARRIVAL | 4 => Some(Self::Verified),
            2 => Some(Self::Unverified),
            3 => Some(Self::Heartbeat),
            _ => None,
        }
    }
}

/// How a delivery arrived: which secret fitted, which Request URL, how large it was.
fn arrival_bytes(arrival: &Arrival) -> [u8; ARRIVAL_BYTES] {
    let key = match arrival.key {
        None => 0,
        Some(KeyUsed::Current) => 1,
        Some(KeyUsed::Previous) => 2,
    };
    let [a, b, c, d] = arrival.body_bytes.unwrap_or(SIZE_UNKNOWN).to_be_bytes();
    [key, u8::from(arrival.previous_url), a, b, c, d]
}

fn read_arrival(bytes: &[u8]) -> Option<Arrival> {
    let [key, previous_url, size @ ..] = *bytes.first_chunk::<ARRIVAL_BYTES>()?;
    let key = match key {
        1 => Some(KeyUsed::Current),
        2 => Some(KeyUsed::Previous),
        _ => None,
    };
    let body_bytes = Some(u32::from_be_bytes(size)).filter(|size| *size != SIZE_UNKNOWN);
    Some(Arrival { key, previous_url: previous_url == 1, recovered: false, body_bytes, since: None })
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
            let (endpoint, rest) = rest.split_at_checked(ID_BYTES)?;
            let (arrival, payload) = if head.first() == Some(&VERIFIED_WITHOUT_ARRIVAL) {
                (Arrival::default(), rest)
            } else {
                let (arrival, payload) = rest.split_at_checked(ARRIVAL_BYTES)?;
                (read_arrival(arrival)?, payload)
            };
            Record::Verified {
                tenant: TenantId(uuid::Uuid::from_slice(tenant).ok()?),
                endpoint: EndpointId(uuid::Uuid::from_slice(endpoint).ok()?),
                received_at,
                payload: payload.to_vec(),
                arrival,
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
                arrival: Arrival {
                    key: Some(KeyUsed::Previous),
                    previous_url: true,
                    body_bytes: Some(77),
                    ..Arrival::default()
                },
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
    fn a_record_of_an_earlier_version_is_read() {
        let (keys, at) = (Keys::new(&[1; 32]), 1_700_000_000_123_456_i64);
        let mut value = vec![VERIFIED_WITHOUT_ARRIVAL];
        value.extend(at.to_be_bytes());
        let content = [[1_u8; ID_BYTES].as_slice(), &[2; ID_BYTES], b"{}"].concat();
        let sealed = keys.seal(&place(7, &value), &content);
        value.extend(sealed);
        let Ok(Record::Verified { payload, arrival, .. }) = Entry::read(&keys, 7, &value).record else {
            panic!("it is a verified delivery");
        };
        assert_eq!((payload.as_slice(), arrival), (b"{}".as_slice(), Arrival::default()));
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
