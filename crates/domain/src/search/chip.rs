//! Chips: the conditions of a query text that must all hold, each with its place in the text.

use std::ops::Range;

use super::condition::full_key;
use super::lex::{Kind, Token, Value, tokens};
use super::parse::QueryError;

/// One of the conditions that must all hold. Without its characters the text is the search without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// It as written.
    pub text: String,
    /// Its characters (not bytes) in the text.
    pub at: Range<usize>,
    /// What stands before the colon; words, numbers and groups have no key.
    pub key: Option<String>,
    /// What is behind the colon or between the parentheses, without quotes; or the words.
    pub value: String,
    /// Whether a `-` asks for the opposite.
    pub negated: bool,
    /// The same condition the other way round: in the place of `text` it asks for the other calls.
    pub opposite: String,
}

/// The chips of a query text, in its order. A text whose `OR` stands outside of all parentheses is one chip.
///
/// # Errors
/// [`QueryError`] when quotes, brackets or parentheses are not closed. What keys and values mean is not looked at.
pub fn chips(query: &str) -> Result<Vec<Chip>, QueryError> {
    let chars: Vec<char> = query.chars().collect();
    let tokens = tokens(&chars)?;
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut has_or = false;
    for token in &tokens {
        match &token.kind {
            Kind::Open => open.push(token),
            Kind::Close => {
                if let Some(first) = open.pop().filter(|_| open.is_empty()) {
                    let inner = first.at.end..token.at.start;
                    found.push(chip(&chars, first, token.at.end, None, chars[inner].iter().collect()));
                }
            }
            Kind::Or => has_or |= open.is_empty(),
            Kind::Condition { key, value } if open.is_empty() => {
                found.push(chip(&chars, token, token.at.end, key.as_deref(), shown(value)));
            }
            Kind::Condition { .. } => {}
        }
    }
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) if has_or => {
            let at = first.at.start..last.at.end;
            let text: String = chars[at.clone()].iter().collect();
            let (value, opposite) = (text.clone(), format!("-({text})"));
            Ok(vec![Chip { text, at, key: None, value, negated: false, opposite }])
        }
        _ => Ok(found),
    }
}

fn chip(chars: &[char], first: &Token, end: usize, key: Option<&str>, value: String) -> Chip {
    let at = first.at.start..end;
    let text: String = chars[at.clone()].iter().collect();
    let negated = first.negations % 2 == 1;
    let opposite = text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned);
    Chip { text, at, key: key.map(|key| full_key(key).to_owned()), value, negated, opposite }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Plain(text) => text.clone(),
        Value::Quoted { before, text, behind } => format!("{before}{text}{}", if *behind { "*" } else { "" }),
        Value::List(items) => items.join(", "),
    }
}
