//! JSON as it arrives: parsed once, borrowed where possible, with sorted members, and a digest of its meaning.
//!
//! `serde_json::Value` is not used here because it silently drops duplicate keys (which the receive path must
//! notice) and copies every string. What is deliberately absent: any knowledge of Dialpad's fields.

mod parse;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use aws_lc_rs::digest;
use serde_json::{Map, Number, Value};

/// One JSON value, borrowing from the text it was parsed from wherever a string holds no escapes.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits in 64 bits with a sign.
    Int(i64),
    /// A whole number above `i64::MAX` that still fits in 64 bits.
    UInt(u64),
    /// Every other number; always finite, because the parser refuses what does not fit.
    Float(f64),
    /// A string, with escapes resolved.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// The members of a JSON object, sorted by key; members with the same key keep the order they were sent in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object<'a> {
    members: Vec<Member<'a>>,
}

/// A key with its value. Keys are compared very often, when members are sorted and whenever a field is read, and the
/// beginning of a key as a number decides nearly always.
#[derive(Debug, Clone, PartialEq)]
struct Member<'a> {
    beginning: u64,
    key: Cow<'a, str>,
    value: Json<'a>,
}

impl<'a> Member<'a> {
    fn new(key: Cow<'a, str>, value: Json<'a>) -> Self {
        Self { beginning: beginning(key.as_bytes()), key, value }
    }

    /// How this member's key compares to one that begins with `beginning`: as the bytes of the two keys do.
    fn compare_key(&self, other_beginning: u64, other: &str) -> Ordering {
        self.beginning.cmp(&other_beginning).then_with(|| self.key.as_ref().cmp(other))
    }
}

/// The first eight bytes of a key, as a number that is ordered like them. Shorter keys are filled up with zeros: keys
/// with the same number still have to be compared.
fn beginning(key: &[u8]) -> u64 {
    match key.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            key.iter().enumerate().fold(0, |number, (at, byte)| number | u64::from(*byte) << (56 - 8 * at))
        }
    }
}

/// The bytes are not one JSON text: wrong syntax, invalid UTF-8, a lone surrogate, a number beyond `f64`,
/// nesting deeper than serde_json's limit of 128, or something after the value.
#[derive(Debug, thiserror::Error)]
#[error("not a JSON text")]
pub struct JsonError(#[source] serde_json::Error);

/// The first 16 bytes of SHA-256 over the canonical form of a JSON value: equal for equal claims, whatever the
/// order of keys, the white space, the escapes or the spelling of numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; Digest::BYTES]);

impl Digest {
    /// The length of a digest in bytes.
    pub const BYTES: usize = 16;

    /// A digest that was computed before, for example one read from the database.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<'a> Json<'a> {
    /// Parses one JSON text.
    ///
    /// # Errors
    /// [`JsonError`] when the bytes are anything but exactly one JSON text.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JsonError> {
        // Checked as UTF-8 once and whole, not string by string. What is no UTF-8 is refused with the place of it.
        let parsed = match std::str::from_utf8(bytes) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(bytes),
        };
        parsed.map_err(JsonError)
    }

    /// The value as an object, if it is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value as a string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True for what Dialpad sends when it has nothing to say: `null`, `""` (or only white space), `[]`, `{}`.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Array(items) => items.is_empty(),
            Self::Object(object) => object.members.is_empty(),
            Self::Bool(_) | Self::Int(_) | Self::UInt(_) | Self::Float(_) => false,
        }
    }

    /// The digest of the value. Only the order of keys, white space and spelling may differ between two texts of
    /// one digest; one exception: whole numbers beyond 64 bits are compared as `f64`.
    pub fn digest(&self) -> Digest {
        let mut canonical = Vec::with_capacity(CANONICAL_BYTES_EXPECTED);
        self.write_canonical(&mut canonical);
        let full = digest::digest(&digest::SHA256, &canonical);
        let mut bytes = [0; Digest::BYTES];
        bytes.iter_mut().zip(full.as_ref()).for_each(|(to, from)| *to = *from);
        Digest(bytes)
    }

    /// Each value is a tag, then its length where it has one, then its content: no two values share a form and
    /// nothing needs escaping. Stored digests depend on it, so it can never change (a test pins it).
    fn write_canonical(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.push(b'n'),
            Self::Bool(true) => out.push(b't'),
            Self::Bool(false) => out.push(b'f'),
            Self::Int(number) => write_whole(out, i128::from(*number)),
            Self::UInt(number) => write_whole(out, i128::from(*number)),
            Self::Float(number) => write_float(out, *number),
            Self::Text(text) => write_text(out, text),
            Self::Array(items) => {
                write_head(out, b'a', items.len());
                items.iter().for_each(|item| item.write_canonical(out));
            }
            Self::Object(object) => {
                write_head(out, b'o', object.members.len());
                for member in &object.members {
                    write_text(out, &member.key);
                    member.value.write_canonical(out);
                }
            }
        }
    }

    /// A copy that owns its content, fit for a `jsonb` column: NUL becomes U+FFFD, of duplicate keys the last wins.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => Value::from(*number),
            Self::UInt(number) => Value::from(*number),
            Self::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::String(without_nul(text)),
            Self::Array(items) => Value::Array(items.iter().map(Json::to_value).collect()),
            Self::Object(object) => {
                let members = object.iter().map(|(key, value)| (without_nul(key), value.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

impl<'a> Object<'a> {
    /// The value under a key; of several, the one sent last.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.same(key).last().map(|member| &member.value)
    }

    /// Every value under this key, in the order they were sent.
    pub fn get_all(&self, key: &str) -> impl Iterator<Item = &Json<'a>> {
        self.same(key).iter().map(|member| &member.value)
    }

    /// Whether there is a member with this key, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        !self.same(key).is_empty()
    }

    /// The members with this key.
    fn same(&self, key: &str) -> &[Member<'a>] {
        let wanted = beginning(key.as_bytes());
        let start = self.members.partition_point(|member| member.compare_key(wanted, key).is_lt());
        let behind = self.members.get(start..).unwrap_or_default();
        let count = behind.iter().take_while(|member| member.compare_key(wanted, key).is_eq()).count();
        behind.get(..count).unwrap_or_default()
    }

    /// The keys that occur more than once, each named once.
    pub fn duplicate_keys(&self) -> impl Iterator<Item = &str> {
        let groups = self.members.chunk_by(|left, right| left.key == right.key);
        groups.filter(|same| same.len() > 1).filter_map(|same| same.first().map(|member| member.key.as_ref()))
    }

    /// All members in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.members.iter().map(|member| (member.key.as_ref(), &member.value))
    }

    /// How many members there are, duplicates counted.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// True for `{}`.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// A copy of a text in which NUL, which PostgreSQL cannot store, is replaced by U+FFFD.
pub(crate) fn without_nul(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// Room for the canonical form of a typical event (1.2 kB of JSON), so that it is written without growing.
const CANONICAL_BYTES_EXPECTED: usize = 4_096;

fn write_head(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    out.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_head(out, b's', text.len());
    out.extend_from_slice(text.as_bytes());
}

fn write_whole(out: &mut Vec<u8>, number: i128) {
    out.push(b'i');
    out.extend_from_slice(&number.to_be_bytes());
}

/// `1.0`, `1e0` and `1` are the same number: an encoder may change its mind between two tries of one event.
fn write_float(out: &mut Vec<u8>, number: f64) {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0; // 2^53: above it neighbouring whole numbers collapse.
    if number.fract() == 0.0 && number.abs() <= EXACT_MAX {
        // Exact: the number is whole and small enough.
        write_whole(out, number as i128);
    } else {
        out.push(b'd');
        out.extend_from_slice(&number.to_bits().to_be_bytes());
    }
}
