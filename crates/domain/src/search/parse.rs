//! The query text: conditions beside each other must all hold, `OR` and parentheses group them, `-` is the opposite.
//!
//! ```text
//! state:[missed,voicemail] -direction:outbound number:*5678 duration:>5m (has:voicemail OR grace) last:7d 5678
//! ```
//! Case never matters, but for `OR`. A bare number may be written in any format, with spaces. Errors name the characters
//! they are about.

use std::ops::Range;

use chrono_tz::Tz;

use super::condition::condition;
use super::lex::{Kind, tokens};
use super::{CallFilter, FILTER_NODES_MAX, QUERY_CHARS_MAX, When};

/// What is wrong with a query text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// A clear sentence.
    pub message: String,
    /// The characters (not bytes) it is about.
    pub at: Range<usize>,
}

impl QueryError {
    pub(super) fn new(message: impl Into<String>, at: Range<usize>) -> Self {
        Self { message: message.into(), at }
    }

    pub(super) fn lonely_or(at: Range<usize>) -> Self {
        Self::new("OR stands between two conditions. As a word, write it in quotes.", at)
    }
}

/// Reads a query text; the filter is [`CallFilter::normal`]. `zone` says when a day begins.
///
/// # Errors
/// [`QueryError`] with a sentence and the position of the offending characters.
pub fn parse(query: &str, zone: Tz) -> Result<CallFilter<When>, QueryError> {
    let length = query.chars().count();
    if length > QUERY_CHARS_MAX {
        let message = format!("A search can have {QUERY_CHARS_MAX} characters; this one has {length}.");
        return Err(QueryError::new(message, QUERY_CHARS_MAX..length));
    }
    let filter = read(query, zone)?;
    if filter.nodes() > FILTER_NODES_MAX {
        let message = format!("A search can hold {FILTER_NODES_MAX} conditions.");
        return Err(QueryError::new(message, 0..length));
    }
    Ok(filter)
}

/// Reads a query text of any length.
pub(super) fn read(query: &str, zone: Tz) -> Result<CallFilter<When>, QueryError> {
    // PostgreSQL cannot store it, so it cannot be looked for.
    let chars: Vec<char> = query.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect();
    let mut open = Vec::new();
    let mut group = Group::default();
    for token in tokens(&chars)? {
        match token.kind {
            Kind::Open => {
                let inner = Group { negations: token.negations, ..Group::default() };
                open.push(std::mem::replace(&mut group, inner));
            }
            Kind::Close => {
                // The lexer gives out a `Close` only for an `Open`.
                let outer = open.pop().unwrap_or_default();
                let inner = std::mem::replace(&mut group, outer);
                let negations = inner.negations;
                group.add(inner.close()?, negations);
            }
            Kind::Or => group.or(token.at)?,
            Kind::Condition { key, value } => {
                let read = condition(key.as_deref(), &value, zone);
                group.add(read.map_err(|message| QueryError::new(message, token.at))?, token.negations);
            }
        }
    }
    Ok(group.close()?.normal())
}

/// A group that is being read: the alternatives so far, and the conditions of the present one.
#[derive(Default)]
struct Group {
    negations: usize,
    alternatives: Vec<CallFilter<When>>,
    conditions: Vec<CallFilter<When>>,
    /// Where the last `OR` is.
    or: Range<usize>,
}

impl Group {
    fn add(&mut self, filter: CallFilter<When>, negations: usize) {
        let is_negated = negations % 2 == 1;
        self.conditions.push(if is_negated { CallFilter::Not(Box::new(filter)) } else { filter });
    }

    fn or(&mut self, at: Range<usize>) -> Result<(), QueryError> {
        self.or = at;
        self.end_alternative()
    }

    fn end_alternative(&mut self) -> Result<(), QueryError> {
        let conditions = std::mem::take(&mut self.conditions);
        if conditions.is_empty() {
            return Err(QueryError::lonely_or(self.or.clone()));
        }
        self.alternatives.push(CallFilter::All(conditions));
        Ok(())
    }

    fn close(mut self) -> Result<CallFilter<When>, QueryError> {
        if self.alternatives.is_empty() {
            return Ok(CallFilter::All(self.conditions));
        }
        self.end_alternative()?;
        Ok(CallFilter::Any(self.alternatives))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bound, Measure, NumberMatch, NumberSide, PersonSide, TextMatch, print};
    use super::*;
    use crate::state::{CallState, Direction};

    fn read(query: &str) -> Result<CallFilter<When>, QueryError> {
        parse(query, chrono_tz::UTC)
    }

    fn parts(query: &str) -> Vec<CallFilter<When>> {
        match read(query) {
            Ok(CallFilter::All(parts)) => parts,
            Ok(one) => vec![one],
            Err(error) => panic!("{query}: {error}"),
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
                CallFilter::Started(Bound::From, When::Ago(chrono::TimeDelta::days(7))),
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
    fn or_and_parentheses() {
        let word = |text: &str| CallFilter::Text(text.to_owned());
        let not = |filter| CallFilter::Not(Box::new(filter));
        let (all, any) = (CallFilter::All, CallFilter::Any);
        for (query, wanted) in [
            ("a b OR c", any(vec![all(vec![word("a"), word("b")]), word("c")])),
            ("a (b OR c)", all(vec![word("a"), any(vec![word("b"), word("c")])])),
            ("-(a b)", not(all(vec![word("a"), word("b")]))),
            ("(a)(b)", all(vec![word("a"), word("b")])),
            ("(a)OR(b)", any(vec![word("a"), word("b")])),
            ("a or b", all(vec![word("a"), word("or"), word("b")])),
            ("a \"OR\" ORb", all(vec![word("a"), word("OR"), word("ORb")])),
            ("()", all(vec![])),
            ("-()", any(vec![])),
            ("a () -(-())", word("a")),
            ("--a", word("a")),
            // Parentheses of numbers, and those within words.
            ("(206) 555 0177", word("(206)5550177")),
            ("( 206 555 ) 0177", word("(206555)0177")),
            ("-(206) 555", not(word("(206)555"))),
            ("(206 grace", all(vec![word("(206"), word("grace")])),
            ("((206) 555 OR a(b))", any(vec![word("(206)555"), word("a(b)")])),
            ("(206 a)", all(vec![word("206"), word("a")])),
            ("a) b", all(vec![word("a)"), word("b")])),
        ] {
            assert_eq!(read(query), Ok(wanted), "{query}");
        }
    }

    #[test]
    fn signs_count_outside_of_quotes_only() {
        let is = |text: &str| TextMatch::Is(text.to_owned());
        let starts = |text: &str| TextMatch::StartsWith(text.to_owned());
        let contains = |text: &str| TextMatch::Contains(text.to_owned());
        for (value, person, label) in [
            ("ab", contains("ab"), is("ab")),
            ("=ab", is("ab"), is("ab")),
            ("ab*", starts("ab"), starts("ab")),
            ("*ab*", contains("ab"), contains("ab")),
            ("*ab", contains("ab"), contains("ab")),
            ("a*b", contains("a*b"), is("a*b")),
            (r#""a b*""#, contains("a b*"), is("a b*")),
            (r#"="=a""#, is("=a"), is("=a")),
            (r#""a*"*"#, starts("a*"), starts("a*")),
            (r#"*"a"*"#, contains("a"), contains("a")),
            (r#""a\"\\b\c""#, contains(r#"a"\b\c"#), is(r#"a"\b\c"#)),
        ] {
            let query = format!("person:{value} label:{value}");
            let wanted = [CallFilter::Person(PersonSide::Internal, person), CallFilter::Label(label)];
            assert_eq!(parts(&query), wanted, "{query}");
        }
        let number = |wanted| CallFilter::Number(NumberSide::Any, wanted);
        assert_eq!(
            parts(r#"number:"*55" number:*55 group:["a,b", c] group:"a,b""#),
            [
                number(NumberMatch::Is("*55".to_owned())),
                number(NumberMatch::EndsWith("55".to_owned())),
                CallFilter::Group(vec!["a,b".to_owned(), "c".to_owned()]),
                CallFilter::Group(vec!["a,b".to_owned()]),
            ]
        );
    }

    #[test]
    fn times_and_lengths() {
        let at = |text: &str| When::At(text.parse().unwrap());
        let started = CallFilter::Started;
        let (first, next) = (at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z"));
        let on = || CallFilter::All(vec![started(Bound::From, first), started(Bound::Before, next)]);
        let exact = at("2026-03-01T09:00:00.5Z");
        let ago = When::Ago(chrono::TimeDelta::hours(36));
        for (query, wanted) in [
            ("on:2026-03-01", on()),
            ("started:2026-03-01", on()),
            ("started:=2026-03-01", on()),
            ("started:>2026-03-01", started(Bound::From, next)),
            ("started:>=2026-03-01", started(Bound::From, first)),
            ("started:<2026-03-01", started(Bound::Before, first)),
            ("started:<=2026-03-01", started(Bound::Before, next)),
            ("started:>2026-03-01T09:00:00.5Z", started(Bound::After, exact)),
            ("started:2026-03-01T14:30:00.5+05:30", started(Bound::Exactly, exact)),
            ("started:<=-36h", started(Bound::UpTo, ago)),
            ("before:-36h", started(Bound::Before, ago)),
            ("last:36h", started(Bound::From, ago)),
            ("recorded:no", CallFilter::Recorded(false)),
            ("voicemail:YES", CallFilter::Voicemail(true)),
            ("transferred:no", CallFilter::Transferred(false)),
            ("talk:=0.25ms", CallFilter::Millis(Measure::TalkTime, Bound::Exactly, 0.25)),
            ("duration:>-1e300ms", CallFilter::Millis(Measure::Duration, Bound::After, -1e300)),
            ("duration:<1.001s", CallFilter::Millis(Measure::Duration, Bound::Before, 1_001.0)),
        ] {
            assert_eq!(read(query), Ok(wanted), "{query}");
        }
    }

    #[test]
    fn the_shortest_form_is_written() {
        for (query, wanted) in [
            ("dir:INBOUND  state:[Missed]", "direction:inbound state:missed"),
            ("(a (b)) OR ((c OR d))", "a b OR c OR d"),
            ("(a OR b) c", "(a OR b) c"),
            ("-(-(a))", "a"),
            ("contact:\"grace\" contact:*grace*", "contact:grace contact:grace"),
            ("person:=\"grace hopper\"", "person:=\"grace hopper\""),
            ("after:2026-03-01 before:2026-03-02", "on:2026-03-01"),
            ("after:2026-03-01T00:00:00Z", "after:2026-03-01"),
            ("after:2026-03-01T09:00:00+01:00", "after:2026-03-01T08:00:00Z"),
            ("last:168h started:>=-90m", "last:7d last:90m"),
            ("duration:120 talk:>=30s talk:<=120s", "duration:>=2m talk:30s..2m"),
            ("duration:>1500.5ms", "duration:>1500.5ms"),
            ("recorded:yes voicemail:no", "has:recording voicemail:no"),
            ("206 grace 555", "206 grace \"555\""),
            ("-(206 -555)", "-(206-555)"),
            ("-(\"206\" -555)", "-(206 -\"555\")"),
            ("-(\"206\" -())", "-(\"206\" -())"),
            ("\"(\" a(b)", "\"(\" a(b)"),
            ("group:[]", "group:[]"),
            ("a -()", "a -()"),
        ] {
            assert_eq!(print(&read(query).unwrap(), chrono_tz::UTC), wanted, "{query}");
        }
        assert_eq!(print(&CallFilter::State(Vec::new()), chrono_tz::UTC), "-()");
    }

    #[test]
    fn errors_say_where() {
        let many = "a ".repeat(64);
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
            ("-", 0..1),
            ("state:[]", 0..8),
            // Groups.
            ("é (a b", 2..6),
            ("a -(b", 3..5),
            ("(a (b) c", 0..8),
            ("a ) b", 2..3),
            ("(a))", 3..4),
            ("OR a", 0..2),
            ("é OR", 2..4),
            ("a OR OR b", 5..7),
            ("(a OR) b", 3..5),
            ("(OR a)", 1..3),
            ("a -OR b", 2..5),
            ("(a state:nope)", 3..13),
            (many.as_str(), 0..128),
            // Quotes and lists.
            (r#"x "a\""#, 2..6),
            ("\"\"", 0..2),
            ("a group:[\"b\"c]", 12..13),
            ("group:[\"b]", 7..10),
            ("group:[a,\"\"]", 0..12),
            ("contact:\" \"", 0..11),
            ("contact:=a*", 0..11),
            ("contact:>\"a\"", 0..12),
            ("label:*", 0..7),
            // Values.
            ("a started:>x", 2..12),
            ("started:>-7y", 0..12),
            ("before:-x", 0..9),
            ("after:0000-01-01T00:00:00+05:30", 0..31),
            ("duration:nanms", 0..14),
            ("duration:1e999ms", 0..16),
            ("recorded:maybe", 0..14),
            ("(voicemail:1)", 1..12),
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
