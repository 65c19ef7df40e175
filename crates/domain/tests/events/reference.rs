//! Another reading of tokens and events, written from the RFCs and from the description of Dialpad's events, sharing no
//! code with the crate and none with the libraries it uses: slow, plain, and made only to be compared with it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How deep JSON may be nested.
const DEPTH_MAX: usize = 127;
const HEADER_BYTES_MAX: usize = 2_048;
/// 2000 to 2099, in milliseconds.
const DATES: std::ops::Range<f64> = 946_684_800_000.0..4_102_444_800_000.0;
const DATE_KEYS: [&str; 6] =
    ["date_started", "date_queued", "date_first_rang", "date_rang", "date_connected", "date_ended"];

/// The payload of a token that one of the secrets has signed.
pub(crate) fn verify(body: &[u8], secrets: &[&[u8]]) -> Option<Vec<u8>> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
    let start = body.iter().position(|byte| !is_space(byte))?;
    let end = body.iter().rposition(|byte| !is_space(byte))? + 1;
    let token = &body[start..end];
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let [header, payload, tag] = parts[..] else { return None };
    let header = base64url(header).filter(|header| header.len() <= HEADER_BYTES_MAX)?;
    if !is_header(&header) {
        return None;
    }
    let signed = &token[..token.len() - tag.len() - 1];
    let (payload, tag) = (base64url(payload)?, base64url(tag)?);
    let signs = |secret: &&&[u8]| mac(secret, signed) == tag;
    secrets.iter().find(signs).map(|_| payload)
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn is_header(bytes: &[u8]) -> bool {
    let Some(Value::Object(members)) = parse(bytes) else { return false };
    let named = |name: &str| members.iter().filter(|(key, _)| key == name).count();
    let is_distinct = members.iter().all(|(key, _)| named(key) == 1);
    let is_hs256 = members.contains(&("alg".to_owned(), Value::Text("HS256".to_owned())));
    is_distinct && is_hs256 && ["crit", "b64", "zip"].iter().all(|name| named(name) == 0)
}

/// RFC 4648, section 5: no padding, and no bits that mean nothing.
fn base64url(text: &[u8]) -> Option<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text {
        let value = LETTERS.iter().position(|known| known == letter)?;
        held = held << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
            held &= (1 << bits) - 1;
        }
    }
    (bits < 6 && held == 0).then_some(bytes)
}

/// JSON. Members keep their order, and all of them are kept.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Bool,
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// RFC 8259, in UTF-8; nothing for what is not JSON, is too deep, or has a number that no computer holds.
fn parse(bytes: &[u8]) -> Option<Value> {
    let text: Vec<char> = std::str::from_utf8(bytes).ok()?.chars().collect();
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    (reader.next_sign().is_none()).then_some(value)
}

struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let taken = self.peek();
        self.at += usize::from(taken.is_some());
        taken
    }

    /// The next character that is no white space, not taken.
    fn next_sign(&mut self) -> Option<char> {
        while self.peek().is_some_and(|c| [' ', '\t', '\n', '\r'].contains(&c)) {
            self.at += 1;
        }
        self.peek()
    }

    fn must(&mut self, wanted: char) -> Option<()> {
        (self.take()? == wanted).then_some(())
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        word.chars().try_for_each(|wanted| self.must(wanted)).map(|()| value)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.next_sign()? {
            '{' | '[' if depth >= DEPTH_MAX => None,
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.string().map(Value::Text),
            't' => self.word("true", Value::Bool),
            'f' => self.word("false", Value::Bool),
            'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.must('{')?;
        let mut members = Vec::new();
        if self.next_sign()? == '}' {
            self.at += 1;
            return Some(Value::Object(members));
        }
        loop {
            self.next_sign()?;
            let key = self.string()?;
            self.next_sign()?;
            self.must(':')?;
            members.push((key, self.value(depth + 1)?));
            self.next_sign()?;
            match self.take()? {
                ',' => {}
                '}' => return Some(Value::Object(members)),
                _ => return None,
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.must('[')?;
        let mut items = Vec::new();
        if self.next_sign()? == ']' {
            self.at += 1;
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.next_sign()?;
            match self.take()? {
                ',' => {}
                ']' => return Some(Value::List(items)),
                _ => return None,
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.must('"')?;
        let mut text = String::new();
        loop {
            match self.take()? {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.take()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.four_digits()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.must('\\')?;
                self.must('u')?;
                let second = self.four_digits().filter(|second| (0xdc00..0xe000).contains(second))?;
                return char::from_u32(0x10000 + (first - 0xd800) * 0x400 + second - 0xdc00);
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |sum, _| Some(sum * 16 + self.take()?.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some('-'));
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text[self.at - whole] == '0') {
            return None;
        }
        if self.peek() == Some('.') {
            self.at += 1;
            (self.digits() > 0).then_some(())?;
        }
        if self.peek().is_some_and(|c| c == 'e' || c == 'E') {
            self.at += 1;
            self.at += usize::from(self.peek().is_some_and(|c| c == '+' || c == '-'));
            (self.digits() > 0).then_some(())?;
        }
        let text: String = self.text[start..self.at].iter().collect();
        text.parse::<f64>().ok().filter(|number| number.is_finite())?;
        Some(Value::Number(text))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}

/// What a payload says that is about a call.
#[derive(Debug, PartialEq)]
pub(crate) enum Reading {
    /// Its id, and its moment in milliseconds.
    Event { call_id: i64, occurred_at_ms: i64 },
    /// Not an event of a call.
    Nothing,
    /// There is no `call_id` at the top; it may be wrapped, or be something else.
    Elsewhere,
}

pub(crate) fn read(payload: &[u8]) -> Reading {
    let Some(Value::Object(members)) = parse(payload) else { return Reading::Nothing };
    let mut ids = members.iter().filter(|(key, _)| key == "call_id").map(|(_, value)| call_id(value));
    let Some(first) = ids.next() else { return Reading::Elsewhere };
    if ids.any(|other| other != first) {
        return Reading::Nothing;
    }
    let last =
        |key: &str| members.iter().rev().find(|(name, _)| name == key).and_then(|(_, value)| date(value));
    let dates = DATE_KEYS.iter().filter_map(|key| last(key));
    let occurred_at_ms = last("event_timestamp").or_else(|| dates.max()).unwrap_or(0);
    match first {
        Id::Good(call_id) => Reading::Event { call_id, occurred_at_ms },
        Id::Bad => Reading::Nothing,
        Id::Blank => Reading::Elsewhere,
    }
}

#[derive(PartialEq)]
enum Id {
    Good(i64),
    Bad,
    Blank,
}

fn call_id(value: &Value) -> Id {
    let whole = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0).map_or(Id::Bad, Id::Good);
    match value {
        Value::Null => Id::Blank,
        Value::Text(text) if text.trim().is_empty() => Id::Blank,
        Value::List(items) if items.is_empty() => Id::Blank,
        Value::Object(members) if members.is_empty() => Id::Blank,
        Value::Text(text) if text.chars().all(|c| c.is_ascii_digit()) => whole(text),
        Value::Number(text) => whole(text),
        Value::Bool | Value::Text(_) | Value::List(_) | Value::Object(_) => Id::Bad,
    }
}

fn date(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(text) => text,
        Value::Text(text) if text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-') => text,
        _ => return None,
    };
    let moment = text.parse::<f64>().ok()?.floor();
    DATES.contains(&moment).then_some(moment as i64)
}
