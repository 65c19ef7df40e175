//! The query text: free words and `key:value`, joined by AND.
//!
//! ```text
//! state:[missed,voicemail] -direction:outbound number:*5678 duration:>5m has:voicemail last:7d "grace hopper" 5678
//! ```
//! Case never matters. A bare number may be written in any format, with spaces. Errors name the characters they
//! are about.

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::value::{day, day_or_instant, relative_span};
use super::{Bound, CallFilter, Measure, NumberMatch, NumberSide, PersonSide, QUERY_CHARS_MAX, TextMatch};
use crate::state::{CallState, Direction, Outcome};
use crate::text;

/// The keys that can stand before a colon, in the order in which they are offered.
const KEYS: &str = "state, direction, outcome, number, external, internal, person, contact, group, label, call, \
                    duration, talk, after, before, on, last, has";

/// What is wrong with a query text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// A clear sentence.
    pub message: String,
    /// The characters (not bytes) it is about.
    pub at: Range<usize>,
}

/// Reads a query text. `now` resolves relative spans, `zone` says when a day begins.
///
/// # Errors
/// [`QueryError`] with a sentence and the position of the offending characters.
pub fn parse(query: &str, now: DateTime<Utc>, zone: Tz) -> Result<CallFilter, QueryError> {
    let chars: Vec<char> = query.chars().collect();
    if chars.len() > QUERY_CHARS_MAX {
        let message =
            format!("A search can have {QUERY_CHARS_MAX} characters; this one has {}.", chars.len());
        return Err(QueryError { message, at: QUERY_CHARS_MAX..chars.len() });
    }
    let tokens = join_numbers(tokens(&chars)?);
    let reader = Reader { now, zone };
    let parts = tokens.into_iter().map(|token| reader.condition(token)).collect::<Result<Vec<_>, _>>()?;
    Ok(CallFilter::All(parts))
}

/// One blank-separated piece of the text.
#[derive(Debug)]
struct Token {
    negated: bool,
    key: Option<String>,
    value: String,
    quoted: bool,
    at: Range<usize>,
}

fn tokens(chars: &[char]) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let token = token(chars, at)?;
        at = token.at.end;
        tokens.push(token);
    }
    Ok(tokens)
}

/// Reads the token that begins at `start`: `-`? (key `:`)? then quoted text, a list in brackets, or plain characters.
fn token(chars: &[char], start: usize) -> Result<Token, QueryError> {
    let mut at = start;
    let negated = chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(|c| !c.is_whitespace());
    at += usize::from(negated);
    let word_end = (at..chars.len()).find(|&i| !chars[i].is_ascii_alphabetic()).unwrap_or(chars.len());
    let key = (word_end > at && chars.get(word_end) == Some(&':'))
        .then(|| chars[at..word_end].iter().collect::<String>().to_lowercase());
    if key.is_some() {
        at = word_end + 1;
    }
    let closing = match chars.get(at) {
        Some('"') => Some('"'),
        Some('[') if key.is_some() => Some(']'),
        _ => None,
    };
    let end = match closing {
        Some(closing) => {
            (at + 1..chars.len()).find(|&i| chars[i] == closing).map(|i| i + 1).ok_or_else(|| {
                let message = format!("This is never closed: a {closing} is missing.");
                QueryError { message, at: at..chars.len() }
            })?
        }
        None => (at..chars.len()).find(|&i| chars[i].is_whitespace()).unwrap_or(chars.len()),
    };
    let quoted = closing == Some('"');
    let value = if quoted { &chars[at + 1..end - 1] } else { &chars[at..end] };
    Ok(Token { negated, key, value: value.iter().collect(), quoted, at: start..end })
}

/// Joins neighbouring bare pieces of one number: `(206) 555 0177` is one thing to search for.
fn join_numbers(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens {
        match joined.last_mut() {
            Some(last) if is_number_piece(last) && is_number_piece(&token) && !token.negated => {
                last.value.push_str(&token.value);
                last.at.end = token.at.end;
            }
            _ => joined.push(token),
        }
    }
    joined
}

fn is_number_piece(token: &Token) -> bool {
    token.key.is_none()
        && !token.quoted
        && token.value.chars().all(|c| c.is_ascii_digit() || "+()-./".contains(c))
        && token.value.chars().any(|c| c.is_ascii_digit())
}

struct Reader {
    now: DateTime<Utc>,
    zone: Tz,
}

impl Reader {
    fn condition(&self, token: Token) -> Result<CallFilter, QueryError> {
        let at = token.at.clone();
        let refuse = |message: String| QueryError { message, at: at.clone() };
        let filter = match &token.key {
            None if text::words(&token.value).is_empty() => {
                return Err(refuse(
                    "There is nothing to search for here: no letter and no digit.".to_owned(),
                ));
            }
            None => CallFilter::Text(token.value),
            Some(key) if token.value.is_empty() => return Err(refuse(format!("{key}: needs a value."))),
            Some(key) => self.keyed(key, &token.value).map_err(refuse)?,
        };
        Ok(if token.negated { CallFilter::Not(Box::new(filter)) } else { filter })
    }

    /// The condition of `key:value`, or the sentence that says what is wrong.
    fn keyed(&self, key: &str, value: &str) -> Result<CallFilter, String> {
        Ok(match key {
            "state" => CallFilter::State(choice(value, CallState::ALL, CallState::as_str)?),
            "direction" | "dir" => CallFilter::Direction(choice(value, Direction::ALL, Direction::as_str)?),
            "outcome" => CallFilter::Outcome(choice(value, Outcome::ALL, Outcome::as_str)?),
            "number" => CallFilter::Number(NumberSide::Any, number(value)?),
            "external" => CallFilter::Number(NumberSide::External, number(value)?),
            "internal" => CallFilter::Number(NumberSide::Internal, number(value)?),
            "person" => CallFilter::Person(PersonSide::Internal, words(value)?),
            "contact" => CallFilter::Person(PersonSide::Contact, words(value)?),
            "group" => CallFilter::Group(list(value).map(str::to_owned).collect()),
            "label" => CallFilter::Label(TextMatch::Is(value.to_owned())),
            "call" => CallFilter::CallId(
                list(value)
                    .map(|id| id.parse().map_err(|_| format!("{id} is not a call id: digits only.")))
                    .collect::<Result<_, _>>()?,
            ),
            "duration" => length(Measure::Duration, value)?,
            "talk" => length(Measure::TalkTime, value)?,
            "after" => CallFilter::Started(Bound::From, self.date(value)?),
            "before" => CallFilter::Started(Bound::Before, self.date(value)?),
            "on" => {
                let (from, to) = day(value, self.zone)
                    .ok_or_else(|| format!("{value} is not a day: write 2026-03-01."))?;
                CallFilter::All(vec![
                    CallFilter::Started(Bound::From, from),
                    CallFilter::Started(Bound::Before, to),
                ])
            }
            "last" => {
                let since = relative_span(value, 'd').and_then(|span| self.now.checked_sub_signed(span));
                let since =
                    since.ok_or_else(|| format!("{value} is not a span: write 30m, 24h, 7d or 2w."))?;
                CallFilter::Started(Bound::From, since)
            }
            "has" => match value.to_lowercase().as_str() {
                "voicemail" => CallFilter::Voicemail(true),
                "recording" => CallFilter::Recorded(true),
                "transfer" => CallFilter::Transferred(true),
                other => {
                    return Err(format!("has:{other} is not known: use voicemail, recording or transfer."));
                }
            },
            other => return Err(format!("{other}: is not something to search by. There are: {KEYS}.")),
        })
    }

    fn date(&self, value: &str) -> Result<DateTime<Utc>, String> {
        day_or_instant(value, self.zone)
            .ok_or_else(|| format!("{value} is not a date: write 2026-03-01 or 2026-03-01T09:00:00Z."))
    }
}

/// The items of `[a,b]`, or the one value.
fn list(value: &str) -> impl Iterator<Item = &str> {
    let inner = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(value);
    inner.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn choice<T: Copy>(value: &str, all: &[T], name: fn(T) -> &'static str) -> Result<Vec<T>, String> {
    let chosen = list(value)
        .map(|item| {
            all.iter().copied().find(|known| name(*known).eq_ignore_ascii_case(item)).ok_or_else(|| {
                let names: Vec<_> = all.iter().map(|known| name(*known)).collect();
                format!("{item} is not one of: {}.", names.join(", "))
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if chosen.is_empty() { Err("The list is empty.".to_owned()) } else { Ok(chosen) }
}

fn number(value: &str) -> Result<NumberMatch, String> {
    let (from_start, to_end) = (!value.starts_with('*'), !value.ends_with('*'));
    let inner = value.trim_matches('*');
    if from_start && to_end {
        return Ok(NumberMatch::Is(inner.to_owned()));
    }
    let digits = text::digits(inner);
    if digits.is_empty() {
        return Err(format!("{value} has no digits."));
    }
    Ok(match (from_start, to_end) {
        (true, false) => NumberMatch::StartsWith(digits),
        (false, true) => NumberMatch::EndsWith(digits),
        _ => NumberMatch::Contains(digits),
    })
}

fn words(value: &str) -> Result<TextMatch, String> {
    let inner = value.trim_matches('*');
    if text::words(inner).is_empty() {
        return Err(format!("{value} has no letter and no digit."));
    }
    Ok(match (value.starts_with('*'), value.ends_with('*')) {
        (false, true) => TextMatch::StartsWith(inner.to_owned()),
        _ => TextMatch::Contains(inner.to_owned()),
    })
}

/// `>5m`, `>=90`, `<1h`, `5m..10m`; bare numbers are seconds.
fn length(measure: Measure, value: &str) -> Result<CallFilter, String> {
    let millis = |text: &str| {
        let span = relative_span(text, 's')
            .ok_or_else(|| format!("{text} is not a length: write 90s, 5m or 1h."))?;
        #[expect(clippy::cast_precision_loss, reason = "spans are bounded far below 2^53 ms")]
        Ok::<_, String>(span.num_milliseconds() as f64)
    };
    if let Some((low, high)) = value.split_once("..") {
        return Ok(CallFilter::All(vec![
            CallFilter::Millis(measure, Bound::From, millis(low)?),
            CallFilter::Millis(measure, Bound::UpTo, millis(high)?),
        ]));
    }
    for (sign, bound) in [
        (">=", Bound::From),
        ("<=", Bound::UpTo),
        (">", Bound::After),
        ("<", Bound::Before),
        ("=", Bound::Exactly),
    ] {
        if let Some(rest) = value.strip_prefix(sign) {
            return Ok(CallFilter::Millis(measure, bound, millis(rest)?));
        }
    }
    Ok(CallFilter::Millis(measure, Bound::From, millis(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_789_398_245, 0).unwrap()
    }

    fn read(query: &str) -> Result<CallFilter, QueryError> {
        parse(query, now(), chrono_tz::UTC)
    }

    fn parts(query: &str) -> Vec<CallFilter> {
        match read(query) {
            Ok(CallFilter::All(parts)) => parts,
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn the_example_of_the_help_page() {
        assert_eq!(
            parts("state:missed direction:inbound number:*5678 duration:>5m has:voicemail last:7d"),
            [
                CallFilter::State(vec![CallState::Missed]),
                CallFilter::Direction(vec![Direction::Inbound]),
                CallFilter::Number(NumberSide::Any, NumberMatch::EndsWith("5678".to_owned())),
                CallFilter::Millis(Measure::Duration, Bound::After, 300_000.0),
                CallFilter::Voicemail(true),
                CallFilter::Started(Bound::From, now() - chrono::Duration::days(7)),
            ]
        );
    }

    #[test]
    fn lists_negation_quotes_and_case() {
        assert_eq!(
            parts(r#"STATE:[Missed, voicemail] -dir:outbound "grace hopper" -bot"#),
            [
                CallFilter::State(vec![CallState::Missed, CallState::Voicemail]),
                CallFilter::Not(Box::new(CallFilter::Direction(vec![Direction::Outbound]))),
                CallFilter::Text("grace hopper".to_owned()),
                CallFilter::Not(Box::new(CallFilter::Text("bot".to_owned()))),
            ]
        );
    }

    #[test]
    fn a_number_with_blanks_is_one_thing() {
        assert_eq!(
            parts("grace (206) 555-0177 hopper"),
            [
                CallFilter::Text("grace".to_owned()),
                CallFilter::Text("(206)555-0177".to_owned()),
                CallFilter::Text("hopper".to_owned()),
            ]
        );
    }

    #[test]
    fn errors_say_where() {
        for (query, at) in [
            ("a state:nope b", 2..12),
            ("nope:1", 0..6),
            ("state:", 0..6),
            ("x \"open", 2..7),
            ("é state:[missed", 8..15),
            ("last:x", 0..6),
            ("duration:>x", 0..11),
            ("number:*abc", 0..11),
            ("call:7a", 0..7),
            ("on:2026-02-30", 0..13),
            ("%", 0..1),
            ("state:[]", 0..8),
        ] {
            let error = read(query).expect_err(query);
            assert_eq!(error.at, at, "{query}: {error}");
        }
        let error = read(&"x".repeat(129)).expect_err("too long");
        assert_eq!(error.at, 128..129);
    }

    #[test]
    fn hostile_text_is_plain_text() {
        for query in ["a%b", "o'neil", r"a\b", ".*x", "x--y", "a:b:c".trim_start_matches("a:b:")] {
            assert_eq!(parts(query), [CallFilter::Text(query.to_owned())]);
        }
        assert_eq!(parts(""), []);
        assert_eq!(parts("  \t "), []);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_positions_lie_inside(query in "\\PC{0,140}") {
            if let Err(error) = read(&query) {
                let chars = query.chars().count();
                proptest::prop_assert!(error.at.start <= error.at.end && error.at.end <= chars);
            }
        }
    }
}
