//! Reading single fields of a payload object: one method per kind of value Dialpad sends.
//!
//! Each method gives `None` (or an empty list) for what is absent, and notes a problem for what is there but
//! cannot be read. Tolerances are those seen in Dialpad's payloads, exports and API rows.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Fault, Problem};
use crate::json::{Json, Object, without_nul};
use crate::phone::PhoneNumber;

/// The longest name, e-mail, id or other short text, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_024;

/// The longest URL, in bytes.
pub const URL_BYTES_MAX: usize = 4_096;

/// The longest transcript, recap or custom data, in bytes: as much as a delivery can hold.
pub const LONG_TEXT_BYTES_MAX: usize = 1_048_576;

/// The most items kept of a list in one event.
pub const LIST_ITEMS_MAX: usize = 200;

/// The most problems noted for one event; further ones say nothing new.
pub const PROBLEMS_MAX: usize = 50;

/// The longest duration believed, in milliseconds: one year.
pub const MILLISECONDS_MAX: f64 = 31_536_000_000.0;

/// 2000-01-01 and 2100-01-01 in milliseconds since the epoch: dates in seconds or from broken clocks fall outside.
const DATE_MS_MIN: i64 = 946_684_800_000;
const DATE_MS_END: i64 = 4_102_444_800_000;

/// Members that hold the words of a list item which Dialpad may send as an object instead of a string.
const ITEM_TEXT_KEYS: [&str; 5] = ["name", "text", "content", "value", "disposition"];

/// One object of a payload while its fields are read.
pub(super) struct Fields<'r, 'j> {
    object: &'r Object<'j>,
    /// The path of the object, with a dot at the end; empty for the event itself.
    path: &'static str,
    problems: &'r mut Vec<Problem>,
}

impl<'r, 'j> Fields<'r, 'j> {
    pub(super) fn new(object: &'r Object<'j>, path: &'static str, problems: &'r mut Vec<Problem>) -> Self {
        Self { object, path, problems }
    }

    pub(super) fn note(&mut self, key: &'static str, fault: Fault) {
        if self.problems.len() < PROBLEMS_MAX {
            let path = self.path;
            let field = if path.is_empty() { Cow::Borrowed(key) } else { Cow::Owned(format!("{path}{key}")) };
            self.problems.push(Problem { field, fault });
        }
    }

    fn present(&self, key: &str) -> Option<&'r Json<'j>> {
        self.object.get(key).filter(|value| !value.is_blank())
    }

    fn noted<T>(&mut self, key: &'static str, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.note(key, fault)).ok()
    }

    /// A text of at most `bytes_max` bytes; numbers are taken as their digits.
    pub(super) fn text(&mut self, key: &'static str, bytes_max: usize) -> Option<String> {
        let value = self.present(key)?;
        let text = scalar(value).ok_or(Fault::NotUnderstood);
        let text = self.noted(key, text)?;
        Some(self.cut(key, text, bytes_max))
    }

    fn cut(&mut self, key: &'static str, text: Cow<'_, str>, bytes_max: usize) -> String {
        let mut text = without_nul(&text);
        if text.len() > bytes_max {
            text.truncate(text.floor_char_boundary(bytes_max));
            self.note(key, Fault::Cut);
        }
        text
    }

    /// A text that may also be sent as an object or list, which is then kept as compact JSON.
    pub(super) fn text_or_json(&mut self, key: &'static str, bytes_max: usize) -> Option<String> {
        let text = words(self.present(key)?);
        Some(self.cut(key, text, bytes_max))
    }

    /// The id of another object of Dialpad, kept as text: numbers for people and groups, strings for shared contacts.
    pub(super) fn name_id(&mut self, key: &'static str) -> Option<String> {
        let id = match self.present(key)? {
            Json::Int(0) => return None,
            Json::Int(id) if *id > 0 => Ok(Cow::Owned(id.to_string())),
            Json::Int(_) => Err(Fault::OutOfRange),
            Json::UInt(id) => Ok(Cow::Owned(id.to_string())),
            Json::Text(text) if is_no_id(text) => return None,
            Json::Text(text) => Ok(Cow::Borrowed(text.as_ref())),
            _ => Err(Fault::NotUnderstood),
        };
        let id = self.noted(key, id)?;
        Some(self.cut(key, id, TEXT_BYTES_MAX))
    }

    /// The numeric id of another object of Dialpad; `0`, `"0"` and `"null"` are absent.
    pub(super) fn link_id(&mut self, key: &'static str) -> Option<i64> {
        let value = self.present(key)?;
        if matches!(value, Json::Int(0)) || value.as_str().is_some_and(is_no_id) {
            return None;
        }
        self.noted(key, whole_id(value))
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let flag = match self.present(key)? {
            Json::Bool(value) => Ok(*value),
            // Spreadsheets write them like this; `"false"` in lower case has never been seen and may mean anything.
            Json::Text(text) if text == "TRUE" => Ok(true),
            Json::Text(text) if text == "FALSE" => Ok(false),
            _ => Err(Fault::NotUnderstood),
        };
        self.noted(key, flag)
    }

    pub(super) fn date(&mut self, key: &'static str) -> Option<DateTime<Utc>> {
        let date = date(self.present(key)?);
        self.noted(key, date)
    }

    /// A duration in milliseconds, with the fraction Dialpad sends.
    pub(super) fn duration(&mut self, key: &'static str) -> Option<f64> {
        self.amount(key, MILLISECONDS_MAX)
    }

    /// A number from 0 to `max`.
    pub(super) fn amount(&mut self, key: &'static str, max: f64) -> Option<f64> {
        let amount = match number(self.present(key)?) {
            Some(amount) if (0.0..=max).contains(&amount) => Ok(amount + 0.0), // -0.0 becomes 0.0
            Some(_) => Err(Fault::OutOfRange),
            None => Err(Fault::NotUnderstood),
        };
        self.noted(key, amount)
    }

    pub(super) fn phone(&mut self, key: &'static str) -> Option<PhoneNumber> {
        let value = self.present(key)?;
        let text = self.noted(key, scalar(value).ok_or(Fault::NotUnderstood))?;
        PhoneNumber::parse(&text)
    }

    /// The items of a list, or the one value sent in place of it.
    fn items(&mut self, key: &'static str) -> impl Iterator<Item = &'r Json<'j>> + use<'r, 'j> {
        let items = match self.present(key) {
            None => &[],
            Some(Json::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
        };
        if items.len() > LIST_ITEMS_MAX {
            self.note(key, Fault::TooMany);
        }
        items.iter().take(LIST_ITEMS_MAX).filter(|item| !item.is_blank())
    }

    /// A list of texts, each of at most `bytes_max` bytes.
    pub(super) fn texts(&mut self, key: &'static str, bytes_max: usize) -> Vec<String> {
        self.items(key).map(|item| self.cut(key, words(item), bytes_max)).collect()
    }

    /// A list kept as it was sent.
    pub(super) fn values(&mut self, key: &'static str) -> Vec<Value> {
        self.items(key).map(Json::to_value).collect()
    }

    /// A value kept as it was sent.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Value> {
        self.present(key).map(Json::to_value)
    }

    /// An object with fields of its own, read by `read`; `path` is its key with a dot.
    pub(super) fn nested<T>(
        &mut self,
        key: &'static str,
        path: &'static str,
        read: impl FnOnce(&mut Fields<'_, 'j>) -> Option<T>,
    ) -> Option<T> {
        let Json::Object(object) = self.present(key)? else {
            self.note(key, Fault::NotUnderstood);
            return None;
        };
        read(&mut Fields::new(object, path, self.problems))
    }

    /// A list of objects, each read by `read`.
    pub(super) fn nested_list<T>(
        &mut self,
        key: &'static str,
        path: &'static str,
        mut read: impl FnMut(&mut Fields<'_, 'j>) -> Option<T>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        for item in self.items(key) {
            match item {
                Json::Object(object) => list.extend(read(&mut Fields::new(object, path, self.problems))),
                _ => self.note(key, Fault::NotUnderstood),
            }
        }
        list
    }
}

/// A whole number from 1 to `i64::MAX`, as a number or in decimal digits.
pub(super) fn whole_id(value: &Json<'_>) -> Result<i64, Fault> {
    let id = match value {
        Json::Int(id) => *id,
        Json::UInt(_) | Json::Float(_) => return Err(Fault::OutOfRange),
        Json::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map_err(|_| Fault::OutOfRange)?
        }
        _ => return Err(Fault::NotUnderstood),
    };
    if id > 0 { Ok(id) } else { Err(Fault::OutOfRange) }
}

/// A moment in milliseconds since the epoch, within this century.
pub(super) fn date(value: &Json<'_>) -> Result<DateTime<Utc>, Fault> {
    let number = number(value).ok_or(Fault::NotUnderstood)?;
    // Exact for every date in range; the cast saturates, and what saturates is out of range.
    let milliseconds = number.floor() as i64;
    if !(DATE_MS_MIN..DATE_MS_END).contains(&milliseconds) {
        return Err(Fault::OutOfRange);
    }
    DateTime::from_timestamp_millis(milliseconds).ok_or(Fault::OutOfRange)
}

/// A finite number, also in a string of decimal digits with at most a sign and a fraction.
fn number(value: &Json<'_>) -> Option<f64> {
    match value {
        // Inexact only above 2^53, which is out of every range we accept.
        Json::Int(number) => Some(*number as f64),
        Json::UInt(number) => Some(*number as f64),
        Json::Float(number) => Some(*number),
        // Rust also reads "inf", "nan" and exponents, which nobody sends as a duration.
        Json::Text(text) if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-')) => {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        }
        _ => None,
    }
}

/// A string or number as text.
fn scalar<'v>(value: &'v Json<'_>) -> Option<Cow<'v, str>> {
    match value {
        Json::Text(text) => Some(Cow::Borrowed(text)),
        Json::Int(number) => Some(Cow::Owned(number.to_string())),
        Json::UInt(number) => Some(Cow::Owned(number.to_string())),
        Json::Float(number) => Some(Cow::Owned(number.to_string())),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The words of a list item: itself, the member that holds them, or all of it as compact JSON.
fn words<'v>(value: &'v Json<'_>) -> Cow<'v, str> {
    let named = |object: &'v Object<'_>| ITEM_TEXT_KEYS.iter().find_map(|key| object.get(key)?.as_str());
    match (scalar(value), value.as_object().and_then(named)) {
        (Some(text), _) => text,
        (None, Some(text)) => Cow::Borrowed(text),
        (None, None) => Cow::Owned(value.to_value().to_string()),
    }
}

/// Texts that stand for "no id".
fn is_no_id(text: &str) -> bool {
    matches!(text.trim(), "" | "0" | "null")
}
