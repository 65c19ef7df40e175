//! The way back: a filter as the text that people would type for it.
//!
//! Of the ways to write a condition the first one is taken that is read as that condition again, so what is written here
//! cannot drift from what [`super::parse`] reads.

use chrono_tz::Tz;

use super::lex::is_number;
use super::parse::read;
use super::value::{day_text, span_text};
use super::{
    Bound, CallFilter, Measure, NumberMatch, NumberSide, PersonSide, QUERY_CHARS_MAX, TextMatch, When,
};

type Said = CallFilter<When>;

/// The units of a length, the longest first, and their milliseconds.
const UNITS: [(&str, f64); 3] = [("h", 3_600_000.0), ("m", 60_000.0), ("s", 1_000.0)];

/// Writes a filter as a query text. [`super::parse`] reads it as the same filter ([`CallFilter::normal`]), as long as
/// it does not have too many characters. `zone` says when a day begins.
pub fn print(filter: &Said, zone: Tz) -> String {
    let printer = Printer { zone, quotes_words: false };
    match without_empty_choices(filter).normal() {
        CallFilter::All(parts) => printer.conjunction(&parts).join(" "),
        CallFilter::Any(parts) if !parts.is_empty() => printer.alternatives(&parts),
        one => printer.term(&one),
    }
}

/// One of no states is nothing; the text has one way to say nothing.
fn without_empty_choices(filter: &Said) -> Said {
    let each = |parts: &[Said]| parts.iter().map(without_empty_choices).collect();
    match filter {
        CallFilter::All(parts) => CallFilter::All(each(parts)),
        CallFilter::Any(parts) => CallFilter::Any(each(parts)),
        CallFilter::Not(inner) => CallFilter::Not(Box::new(without_empty_choices(inner))),
        CallFilter::Direction(any) if any.is_empty() => CallFilter::Any(Vec::new()),
        CallFilter::State(any) if any.is_empty() => CallFilter::Any(Vec::new()),
        CallFilter::Outcome(any) if any.is_empty() => CallFilter::Any(Vec::new()),
        simple => simple.clone(),
    }
}

#[derive(Clone, Copy)]
struct Printer {
    zone: Tz,
    /// Whether words stand in quotes although they could do without.
    quotes_words: bool,
}

impl Printer {
    /// Conditions that must all hold, one text each; two bounds that people say in one are one.
    fn conjunction(&self, parts: &[Said]) -> Vec<String> {
        let mut terms = Vec::new();
        let mut has_number = false;
        let mut rest = parts;
        while let [first, behind @ ..] = rest {
            rest = behind;
            if let Some(pair) = behind.first().and_then(|second| self.pair(first, second)) {
                terms.push(pair);
                rest = &behind[1..];
                continue;
            }
            let term = self.term(first);
            // Two bare numbers beside each other would be read as one, also when what is between them is taken out.
            let is_bare_number = is_number(term.chars()) && is_word(first);
            terms.push(if is_bare_number && has_number { self.quoting().term(first) } else { term });
            has_number |= is_bare_number;
        }
        terms
    }

    fn alternatives(&self, parts: &[Said]) -> String {
        let texts = parts.iter().map(|part| match part {
            CallFilter::All(parts) if !parts.is_empty() => self.conjunction(parts).join(" "),
            one => self.term(one),
        });
        texts.collect::<Vec<_>>().join(" OR ")
    }

    /// A condition that can stand beside others and behind a `-`.
    fn term(&self, filter: &Said) -> String {
        match filter {
            CallFilter::All(parts) => match self.conjunction(parts).as_slice() {
                [one] => one.clone(),
                many => in_parentheses(many.join(" "), || self.quoting().conjunction(parts).join(" ")),
            },
            CallFilter::Any(parts) if parts.is_empty() => "-()".to_owned(),
            CallFilter::Any(parts) => {
                in_parentheses(self.alternatives(parts), || self.quoting().alternatives(parts))
            }
            CallFilter::Not(inner) => format!("-{}", self.term(inner)),
            simple => self.simple(simple),
        }
    }

    fn quoting(&self) -> Self {
        Self { quotes_words: true, ..*self }
    }

    fn pair(&self, first: &Said, second: &Said) -> Option<String> {
        let text = match (first, second) {
            (
                CallFilter::Started(Bound::From, When::At(from)),
                CallFilter::Started(Bound::Before, When::At(_)),
            ) => format!("on:{}", day_text(*from, self.zone)),
            (CallFilter::Millis(measure, Bound::From, low), CallFilter::Millis(other, Bound::UpTo, high))
                if measure == other =>
            {
                format!("{}:{}..{}", key(*measure), self.length(*low), self.length(*high))
            }
            _ => return None,
        };
        self.is_read_as(&text, &CallFilter::All(vec![first.clone(), second.clone()])).then_some(text)
    }

    fn simple(&self, filter: &Said) -> String {
        let (key, values) = match filter {
            CallFilter::Direction(any) => ("direction", list(any.iter().map(ToString::to_string))),
            CallFilter::State(any) => ("state", list(any.iter().map(ToString::to_string))),
            CallFilter::Outcome(any) => ("outcome", list(any.iter().map(ToString::to_string))),
            CallFilter::CallId(any) => ("call", list(any.iter().map(ToString::to_string))),
            CallFilter::Group(any) => ("group", self.groups(any)),
            CallFilter::Number(side, wanted) => (number_key(*side), number(wanted)),
            CallFilter::Person(side, wanted) => (person_key(*side), name(wanted)),
            CallFilter::Label(wanted) => ("label", label(wanted)),
            CallFilter::Started(bound, when) => return self.started(*bound, *when, filter),
            CallFilter::Millis(measure, bound, ms) => {
                (key(*measure), vec![format!("{}{}", bound.sign(), self.length(*ms))])
            }
            CallFilter::Recorded(wanted) => return flag(*wanted, "has:recording", "recorded:no"),
            CallFilter::Voicemail(wanted) => return flag(*wanted, "has:voicemail", "voicemail:no"),
            CallFilter::Transferred(wanted) => return flag(*wanted, "has:transfer", "transferred:no"),
            CallFilter::Text(text) if self.quotes_words => return quoted(text),
            CallFilter::Text(text) => return self.first_read_as(vec![text.clone(), quoted(text)], filter),
            CallFilter::All(_) | CallFilter::Any(_) | CallFilter::Not(_) => return self.term(filter),
        };
        let texts = values.into_iter().map(|value| format!("{key}:{value}")).collect();
        self.first_read_as(texts, filter)
    }

    fn started(&self, bound: Bound, when: When, filter: &Said) -> String {
        let (short, exact) = match when {
            When::At(at) => (day_text(at, self.zone), when.iso()),
            When::Ago(span) => (span_text(span), format!("-{}", span_text(span))),
        };
        let mut texts = match (bound, when) {
            (Bound::From, When::At(_)) => vec![format!("after:{short}"), format!("after:{exact}")],
            (Bound::From, When::Ago(_)) => vec![format!("last:{short}")],
            (Bound::Before, _) => vec![format!("before:{short}"), format!("before:{exact}")],
            (Bound::UpTo | Bound::After | Bound::Exactly, _) => Vec::new(),
        };
        texts.push(format!("started:{}{exact}", bound.sign()));
        self.first_read_as(texts, filter)
    }

    /// A list of groups; those with signs in them in quotes.
    fn groups(&self, groups: &[String]) -> Vec<String> {
        let item = |group: &String| {
            let one = CallFilter::Group(vec![group.clone()]);
            if self.is_read_as(&format!("group:[{group}]"), &one) { group.clone() } else { quoted(group) }
        };
        match groups {
            [one] => vec![one.clone(), quoted(one)],
            many => vec![format!("[{}]", many.iter().map(item).collect::<Vec<_>>().join(","))],
        }
    }

    /// A length in the longest unit that says it exactly.
    fn length(&self, ms: f64) -> String {
        let exact = [format!("{ms}ms"), format!("{ms:e}ms")];
        let exact = exact.into_iter().min_by_key(String::len).unwrap_or_default();
        let mut texts: Vec<String> = Vec::new();
        for (unit, size) in UNITS {
            let is_whole = (ms / size).fract() == 0.0 && (ms >= size || unit == "s");
            texts.extend(is_whole.then(|| format!("{}{unit}", ms / size)));
        }
        texts.push(exact.clone());
        let wanted = CallFilter::Millis(Measure::Duration, Bound::From, ms);
        texts.into_iter().find(|text| self.is_read_as(&format!("duration:{text}"), &wanted)).unwrap_or(exact)
    }

    /// The first text that is read as `filter`; the last one has no exceptions.
    fn first_read_as(&self, texts: Vec<String>, filter: &Said) -> String {
        let last = texts.len().saturating_sub(1);
        let mut texts = texts.into_iter().enumerate();
        let fits = |(at, text): &(usize, String)| *at == last || self.is_read_as(text, filter);
        texts.find(fits).map(|(_, text)| text).unwrap_or_default()
    }

    fn is_read_as(&self, text: &str, filter: &Said) -> bool {
        // Where a `)` could be taken for the end of a group around it, quotes are needed.
        let is_short = text.chars().take(QUERY_CHARS_MAX + 1).count() <= QUERY_CHARS_MAX;
        is_short && has_balance(text) && read(text, self.zone).is_ok_and(|read| read == *filter)
    }
}

/// Parentheses around nothing but numbers would be a part of a number; in quotes they are not.
fn in_parentheses(text: String, in_quotes: impl Fn() -> String) -> String {
    if is_number(text.chars()) { format!("({})", in_quotes()) } else { format!("({text})") }
}

/// Whether every parenthesis that closes stands behind one that opens, and the other way round.
pub(super) fn has_balance(text: &str) -> bool {
    let mut open = 0_usize;
    for c in text.chars() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return false,
            ')' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

fn is_word(filter: &Said) -> bool {
    match filter {
        CallFilter::Not(inner) => is_word(inner),
        other => matches!(other, CallFilter::Text(_)),
    }
}

fn flag(wanted: bool, yes: &str, no: &str) -> String {
    if wanted { yes.to_owned() } else { no.to_owned() }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(values: impl Iterator<Item = String>) -> Vec<String> {
    let values: Vec<String> = values.collect();
    match values.as_slice() {
        [one] => vec![one.clone()],
        many => vec![format!("[{}]", many.join(","))],
    }
}

fn key(measure: Measure) -> &'static str {
    match measure {
        Measure::Duration => "duration",
        Measure::TalkTime => "talk",
    }
}

fn number_key(side: NumberSide) -> &'static str {
    match side {
        NumberSide::Any => "number",
        NumberSide::External => "external",
        NumberSide::Internal => "internal",
    }
}

fn person_key(side: PersonSide) -> &'static str {
    match side {
        PersonSide::Internal => "person",
        PersonSide::Contact => "contact",
    }
}

fn number(wanted: &NumberMatch) -> Vec<String> {
    match wanted {
        NumberMatch::Is(number) => vec![number.clone(), quoted(number)],
        NumberMatch::StartsWith(digits) => vec![format!("{digits}*")],
        NumberMatch::EndsWith(digits) => vec![format!("*{digits}")],
        NumberMatch::Contains(digits) => vec![format!("*{digits}*")],
    }
}

fn name(wanted: &TextMatch) -> Vec<String> {
    match wanted {
        TextMatch::Is(text) => vec![format!("={text}"), format!("={}", quoted(text))],
        TextMatch::StartsWith(text) => vec![format!("{text}*"), format!("{}*", quoted(text))],
        TextMatch::Contains(text) => vec![text.clone(), quoted(text)],
    }
}

fn label(wanted: &TextMatch) -> Vec<String> {
    match wanted {
        TextMatch::Is(text) => vec![text.clone(), quoted(text)],
        TextMatch::StartsWith(text) => vec![format!("{text}*"), format!("{}*", quoted(text))],
        TextMatch::Contains(text) => vec![format!("*{text}*"), format!("*{}*", quoted(text))],
    }
}
