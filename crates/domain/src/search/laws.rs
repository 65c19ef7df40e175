//! The laws of the three faces: whatever a filter is, its text is read as that filter; whatever a text is, what is
//! written for its filter stays; and a chip is a piece of the text that can be taken out or turned round.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::parse::read;
use super::print::has_balance;
use super::value::start_of_day;
use super::*;

type Said = CallFilter<When>;

const ZONES: [Tz; 5] = [
    chrono_tz::UTC,
    chrono_tz::America::New_York,
    chrono_tz::Asia::Kolkata,
    chrono_tz::Asia::Beirut,
    chrono_tz::Pacific::Apia,
];

/// Pieces that mean something, or nearly.
const PIECES: [&str; 62] = [
    " ",
    " ",
    " ",
    " ",
    "(",
    ")",
    "(",
    ")",
    "-",
    "--",
    " OR ",
    "OR",
    "or",
    "\"",
    "\\",
    "*",
    "=",
    ">",
    "<",
    ":",
    ",",
    "[",
    "]",
    ".",
    "+",
    "é",
    "李",
    "\u{a0}",
    "\n",
    "206",
    "(206)",
    "555 0177",
    "(206) 555",
    "grace",
    "\"grace hopper\"",
    "o'neil",
    "state:missed",
    "state:[missed,voicemail]",
    "dir:",
    "direction:inbound",
    "number:*5678",
    "number:\"555*\"",
    "person:=",
    "contact:\"zoë b\"*",
    "label:vip",
    "label:\"a*\"",
    "group:[\"a,b\",c]",
    "group:[]",
    "call:[7,8]",
    "duration:>5m",
    "talk:30s..2m",
    "duration:=1.5ms",
    "last:7d",
    "on:2026-03-08",
    "after:2026-03-08",
    "before:2026-03-09",
    "started:<=-36h",
    "started:>2026-03-01",
    "has:voicemail",
    "recorded:no",
    "-()",
    "\0",
];

fn words() -> impl Strategy<Value = String> {
    let pieces = vec(select(&PIECES[..]), 1..5).prop_map(|pieces| pieces.concat());
    let any = prop_oneof!["[a-z]{1,8}", "[0-9]{1,11}", "\\PC{1,12}", pieces];
    any.prop_filter("blank", |text| !text.trim().is_empty() && !text.contains('\0'))
}

fn text_match() -> impl Strategy<Value = TextMatch> {
    prop_oneof![
        words().prop_map(TextMatch::Is),
        words().prop_map(TextMatch::StartsWith),
        words().prop_map(TextMatch::Contains),
    ]
}

fn number_match() -> impl Strategy<Value = NumberMatch> {
    prop_oneof![
        words().prop_map(NumberMatch::Is),
        "[0-9]{1,11}".prop_map(NumberMatch::StartsWith),
        "[0-9]{1,11}".prop_map(NumberMatch::EndsWith),
        "[0-9]{1,11}".prop_map(NumberMatch::Contains),
    ]
}

fn bound() -> impl Strategy<Value = Bound> {
    select(&[Bound::Before, Bound::UpTo, Bound::After, Bound::From, Bound::Exactly][..])
}

fn time() -> impl Strategy<Value = When> {
    let instant = (-62_167_219_200_i64..253_402_300_800, prop_oneof![Just(0), 0..1_000_000_000_u32])
        .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap());
    let day = (0..3_650_u64, select(&ZONES[..])).prop_map(|(day, zone)| {
        let date = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap() + chrono::Days::new(day);
        start_of_day(date, zone).unwrap()
    });
    let span = prop_oneof![0..3_160_000_000_000_i64, (0..400_i64).prop_map(|hours| hours * 3_600_000)];
    prop_oneof![
        instant.prop_map(When::At),
        day.prop_map(When::At),
        span.prop_map(|ms| When::Ago(TimeDelta::milliseconds(ms))),
    ]
}

fn millis() -> impl Strategy<Value = f64> {
    let any = any::<f64>().prop_filter("a number", |ms| ms.is_finite());
    prop_oneof![any, (0..10_000_u32).prop_map(f64::from), (0..100_u32).prop_map(|s| f64::from(s) * 30_000.0)]
}

fn simple() -> impl Strategy<Value = Said> {
    let sides = select(&[NumberSide::Any, NumberSide::External, NumberSide::Internal][..]);
    let people = select(&[PersonSide::Internal, PersonSide::Contact][..]);
    let measures = select(&[Measure::Duration, Measure::TalkTime][..]);
    prop_oneof![
        1 => vec(select(Direction::ALL), 0..3).prop_map(CallFilter::Direction),
        1 => vec(select(CallState::ALL), 0..3).prop_map(CallFilter::State),
        1 => vec(select(Outcome::ALL), 0..3).prop_map(CallFilter::Outcome),
        1 => (sides, number_match()).prop_map(|(side, wanted)| CallFilter::Number(side, wanted)),
        1 => (people, text_match()).prop_map(|(side, wanted)| CallFilter::Person(side, wanted)),
        4 => words().prop_map(CallFilter::Text),
        3 => (bound(), time()).prop_map(|(bound, when)| CallFilter::Started(bound, when)),
        2 => (measures, bound(), millis()).prop_map(|(measure, bound, ms)| CallFilter::Millis(measure, bound, ms)),
        1 => any::<bool>().prop_map(CallFilter::Recorded),
        1 => any::<bool>().prop_map(CallFilter::Voicemail),
        1 => any::<bool>().prop_map(CallFilter::Transferred),
        1 => vec(words(), 0..3).prop_map(CallFilter::Group),
        1 => vec(any::<i64>(), 0..3).prop_map(CallFilter::CallId),
        1 => text_match().prop_map(CallFilter::Label),
    ]
}

/// Bounds that people say in one: `on:2026-03-01`, `duration:1m..2m`.
fn pair() -> impl Strategy<Value = Said> {
    let day = (0..3_650_u64, 1..3_u64, select(&ZONES[..])).prop_map(|(day, days, zone)| {
        let date = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap() + chrono::Days::new(day);
        let at = |date| When::At(start_of_day(date, zone).unwrap());
        CallFilter::All(vec![
            CallFilter::Started(Bound::From, at(date)),
            CallFilter::Started(Bound::Before, at(date + chrono::Days::new(days))),
        ])
    });
    let length = (millis(), millis()).prop_map(|(low, high)| {
        CallFilter::All(vec![
            CallFilter::Millis(Measure::TalkTime, Bound::From, low),
            CallFilter::Millis(Measure::TalkTime, Bound::UpTo, high),
        ])
    });
    prop_oneof![day, length]
}

fn filter() -> impl Strategy<Value = Said> {
    prop_oneof![6 => simple(), 1 => pair()].prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 0..4).prop_map(CallFilter::All),
            2 => vec(inner.clone(), 0..4).prop_map(CallFilter::Any),
            2 => inner.prop_map(|inner| CallFilter::Not(Box::new(inner))),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => vec(select(&PIECES[..]), 0..10).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,60}",
        1 => "[-()0-9a \"OR]{0,16}",
    ]
}

/// What the filter comes to when each condition holds as chance says; the same condition always alike. Of an empty list
/// nothing holds.
fn holds(filter: &Said, chance: u64) -> bool {
    match filter {
        CallFilter::All(parts) => parts.iter().all(|part| holds(part, chance)),
        CallFilter::Any(parts) => parts.iter().any(|part| holds(part, chance)),
        CallFilter::Not(inner) => !holds(inner, chance),
        CallFilter::Direction(any) if any.is_empty() => false,
        CallFilter::State(any) if any.is_empty() => false,
        CallFilter::Outcome(any) if any.is_empty() => false,
        simple => {
            format!("{simple:?}").bytes().fold(chance, |hash, byte| {
                (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95)
            }) & (1 << 40)
                != 0
        }
    }
}

/// No list of states is empty any more: the text says nothing in one way only.
fn has_empty_choice(filter: &Said) -> bool {
    match filter {
        CallFilter::All(parts) | CallFilter::Any(parts) => parts.iter().any(has_empty_choice),
        CallFilter::Not(inner) => has_empty_choice(inner),
        CallFilter::Direction(any) => any.is_empty(),
        CallFilter::State(any) => any.is_empty(),
        CallFilter::Outcome(any) => any.is_empty(),
        _ => false,
    }
}

fn cut(text: &str, at: std::ops::Range<usize>) -> String {
    text.chars().skip(at.start).take(at.len()).collect()
}

/// The text with other characters in the place of some.
fn replaced(text: &str, at: std::ops::Range<usize>, by: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (before, behind) = (&chars[..at.start], &chars[at.end..]);
    before.iter().copied().chain(by.chars()).chain(behind.iter().copied()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_simple_condition_is_read_as_it_is(filter in simple(), zone in select(&ZONES[..])) {
        if has_empty_choice(&filter) {
            return Ok(());
        }
        let text = print(&filter, zone);
        prop_assert_eq!(read(&text, zone), Ok(filter), "{}", text);
    }

    #[test]
    fn what_is_written_is_read_as_the_same_filter(
        filter in filter(), zone in select(&ZONES[..]), chances in vec(any::<u64>(), 8)
    ) {
        let text = print(&filter, zone);
        let back = read(&text, zone);
        prop_assert!(back.is_ok(), "{text}: {back:?}");
        let back = back.unwrap();
        for chance in chances {
            prop_assert_eq!(holds(&back, chance), holds(&filter, chance), "{}", text);
        }
        if !has_empty_choice(&filter) {
            prop_assert_eq!(&back, &filter.normal(), "{}", text);
        }
        prop_assert_eq!(print(&back, zone), text);
    }

    #[test]
    fn the_normal_filter_says_the_same(filter in filter(), chances in vec(any::<u64>(), 8)) {
        let normal = filter.clone().normal();
        for chance in chances {
            prop_assert_eq!(holds(&normal, chance), holds(&filter, chance));
        }
        prop_assert!(normal.nodes() <= filter.nodes());
        prop_assert_eq!(normal.clone().normal(), normal);
    }

    #[test]
    fn what_is_read_is_written_for_good(text in text(), zone in select(&ZONES[..])) {
        let Ok(filter) = read(&text, zone) else { return Ok(()) };
        let canonical = print(&filter, zone);
        prop_assert_eq!(read(&canonical, zone), Ok(filter.clone()), "{:?} became {}", text, canonical);
        prop_assert_eq!(print(&filter, zone), canonical);
        prop_assert_eq!(filter.clone().normal(), filter);
    }

    #[test]
    fn chips_cut_the_text(text in text(), zone in select(&ZONES[..])) {
        let (Ok(filter), Ok(chips)) = (read(&text, zone), chips(&text)) else { return Ok(()) };
        let mut end = 0;
        let mut all = Vec::new();
        for chip in chips {
            prop_assert!(end <= chip.at.start && chip.at.start < chip.at.end);
            end = chip.at.end;
            prop_assert_eq!(&cut(&text, chip.at.clone()), &chip.text);
            let alone = read(&chip.text, zone).unwrap();
            // A `)` that was no more than a character would end the parentheses that the other way round needs.
            if has_balance(&text) {
                let opposite = CallFilter::Not(Box::new(alone.clone())).normal();
                prop_assert_eq!(read(&chip.opposite, zone), Ok(opposite), "{}", chip.opposite);
            }
            all.push(alone);
        }
        prop_assert_eq!(CallFilter::All(all).normal(), filter);
    }

    #[test]
    fn a_chip_of_a_written_text_can_be_taken_out_or_turned_round(filter in filter(), zone in select(&ZONES[..])) {
        let text = print(&filter, zone);
        let chips = chips(&text).unwrap();
        let alone: Vec<_> = chips.iter().map(|chip| read(&chip.text, zone).unwrap()).collect();
        for (at, chip) in chips.iter().enumerate() {
            let mut others = alone.clone();
            let one = others.remove(at);
            let left = CallFilter::All(others.clone()).normal();
            let without = replaced(&text, chip.at.clone(), "");
            prop_assert_eq!(read(&without, zone), Ok(left), "{}", without);
            others.insert(at, CallFilter::Not(Box::new(one)));
            let turned = replaced(&text, chip.at.clone(), &chip.opposite);
            prop_assert_eq!(read(&turned, zone), Ok(CallFilter::All(others).normal()), "{}", turned);
        }
    }

    #[test]
    fn no_text_panics_and_positions_lie_inside(text in text()) {
        let length = text.chars().count();
        for error in [parse(&text, chrono_tz::UTC).err(), chips(&text).err()].into_iter().flatten() {
            prop_assert!(error.at.start < error.at.end && error.at.end <= length, "{error:?}");
            prop_assert!(error.message.len() > 10, "{error:?}");
        }
    }

    #[test]
    fn times_count_from_now(when in time(), seconds in 1_600_000_000_i64..2_000_000_000) {
        let now = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap();
        let asked = CallFilter::Not(Box::new(CallFilter::Any(vec![CallFilter::Started(Bound::From, when)]))).at(now);
        let at = match when {
            When::At(at) => at,
            When::Ago(span) => now - span,
        };
        let wanted = CallFilter::Not(Box::new(CallFilter::Any(vec![CallFilter::Started(Bound::From, at)])));
        prop_assert_eq!(asked, wanted);
        prop_assert_eq!(When::parse_iso(&when.iso()), Some(when), "the API writes and reads it too");
    }
}

#[test]
fn a_million_hostile_characters_take_no_time_to_speak_of() {
    // What looks ahead or back for each of these would look at 10^12 characters.
    for piece in [
        "(",
        ")",
        "-",
        "\"",
        "\\",
        "(5 ",
        "((5)",
        "5 ",
        "a(",
        "-(",
        "()",
        "OR ",
        "x:[",
        "x:\"",
        "x:[\"a\",",
        "=*",
        "(\"5",
        "x:(5",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let closed = format!("{text}{}", ")".repeat(1_000));
        for text in [text, closed] {
            let last = chips(&text)
                .map_or_else(|error| error.at.end, |chips| chips.last().map_or(0, |last| last.at.end));
            assert!((1..=text.chars().count()).contains(&last), "{piece}: {last}");
        }
    }
}
