//! One condition of the query text: a key and what its value means.

use chrono_tz::Tz;

use super::lex::Value;
use super::value::{day, relative_span, when};
use super::{Bound, CallFilter, Measure, NumberMatch, NumberSide, PersonSide, TextMatch, When};
use crate::state::{CallState, Direction, Outcome};
use crate::text;

/// The keys that can stand before a colon, in the order in which they are offered.
const KEYS: &str = "state, direction, outcome, number, external, internal, person, contact, group, label, call, \
                    duration, talk, started, after, before, on, last, has, recorded, voicemail, transferred";

type Said = CallFilter<When>;

/// The condition, or the sentence that says what is wrong with it.
pub(super) fn condition(key: Option<&str>, value: &Value, zone: Tz) -> Result<Said, String> {
    match key {
        None => words(value),
        Some(key) if value.is_blank() => Err(format!("{key}: needs a value.")),
        Some(key) => keyed(key, value, zone),
    }
}

/// The key that is meant, when it has a shorter name.
pub(super) fn full_key(key: &str) -> &str {
    if key == "dir" { "direction" } else { key }
}

impl Value {
    fn is_blank(&self) -> bool {
        match self {
            Self::Plain(text) | Self::Quoted { text, .. } => text.trim().is_empty(),
            Self::List(_) => false,
        }
    }

    /// All of it, for keys to which quotes say nothing.
    fn text(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Quoted { before, text, behind } => {
                format!("{before}{text}{}", if *behind { "*" } else { "" })
            }
            Self::List(items) => format!("[{}]", items.join(",")),
        }
    }

    /// The items of `[a,b]`, of `a,b`, or the one value.
    fn items(&self) -> Vec<String> {
        match self {
            Self::List(items) => items.clone(),
            Self::Quoted { .. } => vec![self.text()],
            Self::Plain(text) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
        }
    }
}

/// Also signs without a letter or digit: they are looked for as they are. A minus by itself is nobody's text yet: what it
/// excludes is still to come.
fn words(value: &Value) -> Result<Said, String> {
    let (text, says_something) = match value {
        Value::Quoted { text, .. } => (text.clone(), !text.trim().is_empty()),
        Value::Plain(_) | Value::List(_) => {
            let text = value.text();
            let says_something = !text.trim_matches(|c: char| c == '-' || c.is_whitespace()).is_empty();
            (text, says_something)
        }
    };
    if !says_something {
        return Err("There is nothing to search for here.".to_owned());
    }
    Ok(CallFilter::Text(text))
}

fn keyed(key: &str, value: &Value, zone: Tz) -> Result<Said, String> {
    Ok(match full_key(key) {
        "state" => CallFilter::State(choice(value, CallState::ALL, CallState::as_str)?),
        "direction" => CallFilter::Direction(choice(value, Direction::ALL, Direction::as_str)?),
        "outcome" => CallFilter::Outcome(choice(value, Outcome::ALL, Outcome::as_str)?),
        "number" => CallFilter::Number(NumberSide::Any, number(value)?),
        "external" => CallFilter::Number(NumberSide::External, number(value)?),
        "internal" => CallFilter::Number(NumberSide::Internal, number(value)?),
        "person" => CallFilter::Person(PersonSide::Internal, name(value)?),
        "contact" => CallFilter::Person(PersonSide::Contact, name(value)?),
        "group" => CallFilter::Group(groups(value)?),
        "label" => CallFilter::Label(label(value)?),
        "call" => CallFilter::CallId(call_ids(value)?),
        "duration" => length(Measure::Duration, &value.text())?,
        "talk" => length(Measure::TalkTime, &value.text())?,
        "started" => started(&value.text(), zone)?,
        "after" => CallFilter::Started(Bound::From, time(&value.text(), zone)?),
        "before" => CallFilter::Started(Bound::Before, time(&value.text(), zone)?),
        "on" => {
            let text = value.text();
            on_day(Bound::Exactly, &text, zone)
                .ok_or_else(|| format!("{text} is not a day: write 2026-03-01."))?
        }
        "last" => {
            let text = value.text();
            let span = relative_span(&text, 'd')
                .ok_or_else(|| format!("{text} is not a span: write 30m, 24h, 7d or 2w."))?;
            CallFilter::Started(Bound::From, When::Ago(span))
        }
        "has" => match value.text().to_lowercase().as_str() {
            "voicemail" => CallFilter::Voicemail(true),
            "recording" => CallFilter::Recorded(true),
            "transfer" => CallFilter::Transferred(true),
            other => return Err(format!("has:{other} is not known: use voicemail, recording or transfer.")),
        },
        "recorded" => CallFilter::Recorded(yes(key, value)?),
        "voicemail" => CallFilter::Voicemail(yes(key, value)?),
        "transferred" => CallFilter::Transferred(yes(key, value)?),
        _ => return Err(format!("{key}: is not something to search by. There are: {KEYS}.")),
    })
}

fn choice<T: Copy>(value: &Value, all: &[T], name: fn(T) -> &'static str) -> Result<Vec<T>, String> {
    let chosen = value
        .items()
        .iter()
        .map(|item| {
            all.iter().copied().find(|known| name(*known).eq_ignore_ascii_case(item)).ok_or_else(|| {
                let names: Vec<_> = all.iter().map(|known| name(*known)).collect();
                format!("{item} is not one of: {}.", names.join(", "))
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if chosen.is_empty() { Err("The list is empty.".to_owned()) } else { Ok(chosen) }
}

fn yes(key: &str, value: &Value) -> Result<bool, String> {
    match value.text().to_lowercase().as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("{key}:{other} is not known: use yes or no.")),
    }
}

fn groups(value: &Value) -> Result<Vec<String>, String> {
    let groups = value.items();
    if groups.iter().any(|group| group.trim().is_empty()) {
        return Err("A group of the list is empty.".to_owned());
    }
    Ok(groups)
}

fn call_ids(value: &Value) -> Result<Vec<i64>, String> {
    let ids = value.items();
    ids.iter().map(|id| id.parse().map_err(|_| format!("{id} is not a call id: digits only."))).collect()
}

/// What the signs around a text ask for.
enum Pattern {
    /// `text`
    Plain(String),
    /// `=text`
    Whole(String),
    /// `text*`
    Begins(String),
    /// `*text`
    Ends(String),
    /// `*text*`
    Contains(String),
}

impl Pattern {
    /// A `*` counts at either end, and `=` at the beginning; neither does within quotes.
    fn of(value: &Value) -> Result<Self, String> {
        let whole = value.text();
        let (before, text, behind) = match value {
            Value::Quoted { before, text, behind } => (before.as_str(), text.as_str(), *behind),
            Value::Plain(_) | Value::List(_) => {
                let start = whole.len() - whole.trim_start_matches('*').len();
                let start = if whole.starts_with('=') { 1 } else { start };
                let (before, rest) = whole.split_at(start);
                (before, rest.trim_end_matches('*'), rest.ends_with('*'))
            }
        };
        let text = text.to_owned();
        let is_star = !before.is_empty() && before.chars().all(|c| c == '*');
        match (before, behind) {
            _ if text.trim().is_empty() => Err(format!("{whole} says nothing to search for.")),
            ("", false) => Ok(Self::Plain(text)),
            ("=", false) => Ok(Self::Whole(text)),
            ("", true) => Ok(Self::Begins(text)),
            (_, false) if is_star => Ok(Self::Ends(text)),
            (_, true) if is_star => Ok(Self::Contains(text)),
            _ => Err(format!("{whole} is not clear: write =text, text* or *text*.")),
        }
    }
}

fn number(value: &Value) -> Result<NumberMatch, String> {
    let digits = |text: String| {
        let digits = text::digits(&text);
        if digits.is_empty() { Err(format!("{text} has no digits.")) } else { Ok(digits) }
    };
    Ok(match Pattern::of(value)? {
        Pattern::Plain(text) | Pattern::Whole(text) => NumberMatch::Is(text),
        Pattern::Begins(text) => NumberMatch::StartsWith(digits(text)?),
        Pattern::Ends(text) => NumberMatch::EndsWith(digits(text)?),
        Pattern::Contains(text) => NumberMatch::Contains(digits(text)?),
    })
}

fn name(value: &Value) -> Result<TextMatch, String> {
    Ok(match Pattern::of(value)? {
        Pattern::Whole(text) => TextMatch::Is(text),
        Pattern::Begins(text) => TextMatch::StartsWith(text),
        Pattern::Plain(text) | Pattern::Ends(text) | Pattern::Contains(text) => TextMatch::Contains(text),
    })
}

fn label(value: &Value) -> Result<TextMatch, String> {
    Ok(match Pattern::of(value)? {
        Pattern::Plain(text) | Pattern::Whole(text) => TextMatch::Is(text),
        Pattern::Begins(text) => TextMatch::StartsWith(text),
        Pattern::Ends(text) | Pattern::Contains(text) => TextMatch::Contains(text),
    })
}

fn time(text: &str, zone: Tz) -> Result<When, String> {
    when(text, zone)
        .ok_or_else(|| format!("{text} is not a date: write 2026-03-01, 2026-03-01T09:00:00Z or -7d."))
}

/// The comparison that a text begins with, and what is compared with.
fn bound(text: &str) -> Option<(Bound, &str)> {
    Bound::SIGNS.iter().find_map(|(sign, bound)| Some((*bound, text.strip_prefix(sign)?)))
}

/// `>2026-03-01`, `<=2026-03-01T09:00:00Z`, `>-7d`. A day is compared as a whole.
fn started(text: &str, zone: Tz) -> Result<Said, String> {
    let (bound, rest) = bound(text).unwrap_or((Bound::Exactly, text));
    match on_day(bound, rest, zone) {
        Some(filter) => Ok(filter),
        None => Ok(CallFilter::Started(bound, time(rest, zone)?)),
    }
}

/// The comparison with a day, when it is one.
fn on_day(bound: Bound, text: &str, zone: Tz) -> Option<Said> {
    let (from, to) = day(text, zone)?;
    let started = |bound, at| CallFilter::Started(bound, When::At(at));
    Some(match bound {
        Bound::Before => started(Bound::Before, from),
        Bound::UpTo => started(Bound::Before, to),
        Bound::After => started(Bound::From, to),
        Bound::From => started(Bound::From, from),
        Bound::Exactly => CallFilter::All(vec![started(Bound::From, from), started(Bound::Before, to)]),
    })
}

/// `>5m`, `>=90`, `<1h`, `5m..10m`, `=1.5ms`; bare numbers are seconds.
fn length(measure: Measure, value: &str) -> Result<Said, String> {
    let millis = |text: &str| {
        millis(text).ok_or_else(|| format!("{text} is not a length: write 90s, 5m, 1h or 250ms."))
    };
    if let Some((low, high)) = value.split_once("..") {
        return Ok(CallFilter::All(vec![
            CallFilter::Millis(measure, Bound::From, millis(low)?),
            CallFilter::Millis(measure, Bound::UpTo, millis(high)?),
        ]));
    }
    let (bound, rest) = bound(value).unwrap_or((Bound::From, value));
    Ok(CallFilter::Millis(measure, bound, millis(rest)?))
}

/// Whole milliseconds of a span; or of `ms` any number, as the typed filter can have it.
fn millis(text: &str) -> Option<f64> {
    let lower = text.trim().to_lowercase();
    let Some(number) = lower.strip_suffix("ms") else {
        #[expect(clippy::cast_precision_loss, reason = "spans are bounded far below 2^53 ms")]
        return relative_span(text, 's').map(|span| span.num_milliseconds() as f64);
    };
    // `parse` also knows words: nan, infinity.
    let is_number = number.chars().all(|c| c.is_ascii_digit() || "+-.e".contains(c));
    number.parse().ok().filter(|ms: &f64| is_number && ms.is_finite())
}
