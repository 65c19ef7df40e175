//! Values of the query text: lengths of time and dates.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{GapInfo, Tz};

/// The longest relative span: a hundred years, in seconds.
const SPAN_SECONDS_MAX: i64 = 100 * 366 * 86_400;

/// The instants that both faces of search can write: RFC 3339 has four digits for a year.
const YEARS: RangeInclusive<i32> = 0..=9999;

/// A time as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// This moment.
    At(DateTime<Utc>),
    /// So long before now: whole milliseconds.
    Ago(TimeDelta),
}

impl When {
    /// The moment that is meant at `now`.
    pub fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.checked_sub_signed(span).unwrap_or(DateTime::<Utc>::MIN_UTC),
        }
    }

    /// Reads a time of the API: RFC 3339, or an ISO 8601 period back from now such as `-P7D`, `-PT24H`.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let Some(period) = text.strip_prefix("-P") else { return instant(text).map(Self::At) };
        let span = match period.strip_prefix('T') {
            Some(time) if time.ends_with(['H', 'M', 'S']) => relative_span(time, ' '),
            None if period.ends_with(['D', 'W']) => relative_span(period, ' '),
            _ => None,
        }?;
        Some(Self::Ago(span))
    }

    /// How the API writes it.
    pub fn iso(self) -> String {
        match self {
            Self::At(at) => at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            Self::Ago(span) => {
                let span = span_text(span).to_uppercase();
                if span.ends_with('D') { format!("-P{span}") } else { format!("-PT{span}") }
            }
        }
    }
}

/// Reads a span such as `90s`, `30m`, `24h`, `7d`, `2w`. A bare number is in `default_unit` (`s`, `m`, `h`, `d`, `w`).
pub fn relative_span(text: &str, default_unit: char) -> Option<TimeDelta> {
    let text = text.trim();
    let (number, unit) = match text.chars().last()? {
        last if last.is_ascii_alphabetic() => (text.strip_suffix(last)?, last.to_ascii_lowercase()),
        _ => (text, default_unit),
    };
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let seconds_per_unit = match unit {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3_600.0,
        'd' => 86_400.0,
        'w' => 7.0 * 86_400.0,
        _ => return None,
    };
    let seconds = number.parse::<f64>().ok()? * seconds_per_unit;
    #[expect(clippy::cast_precision_loss, reason = "the bound is far below 2^53")]
    let bounded = seconds.is_finite() && seconds <= SPAN_SECONDS_MAX as f64;
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    bounded.then(|| TimeDelta::milliseconds((seconds * 1_000.0).round() as i64))
}

/// Writes a span as [`relative_span`] reads it: `7d`, `36h`, `1.5s`.
pub(super) fn span_text(span: TimeDelta) -> String {
    let ms = span.num_milliseconds();
    for (unit, size) in [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000), ('s', 1_000)] {
        if ms % size == 0 {
            return format!("{}{unit}", ms / size);
        }
    }
    let decimals = format!("{}.{:03}", ms / 1_000, ms % 1_000);
    format!("{}s", decimals.trim_end_matches('0'))
}

/// Reads an RFC 3339 instant.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    sayable(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
}

fn sayable(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    YEARS.contains(&at.year()).then_some(at)
}

/// Reads a time of the query text: a day (`2026-03-01`, its first moment in `zone`), an RFC 3339 instant, or a span back
/// from now (`-7d`).
pub(super) fn when(text: &str, zone: Tz) -> Option<When> {
    if let Some(span) = text.strip_prefix('-') {
        return relative_span(span, 'd').map(When::Ago);
    }
    instant(text).or_else(|| first_moment(text, zone)).map(When::At)
}

/// The first moment of a day in `zone`.
fn first_moment(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    sayable(start_of_day(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?, zone)?)
}

/// The first and the last-but-not-included moment of a day in `zone`.
pub(super) fn day(text: &str, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let next = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.succ_opt()?;
    Some((first_moment(text, zone)?, sayable(start_of_day(next, zone)?)?))
}

/// The day in `zone` that a moment belongs to, as [`day`] reads it.
pub(super) fn day_text(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d").to_string()
}

/// Days begin at midnight; where the clock skips midnight, at the first moment that exists.
pub(super) fn start_of_day(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = date.and_time(NaiveTime::MIN);
    let start = zone.from_local_datetime(&midnight).earliest();
    start.or_else(|| GapInfo::new(&midnight, &zone)?.end).map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        assert_eq!(relative_span("7d", 's'), Some(TimeDelta::days(7)));
        assert_eq!(relative_span("1.5h", 's'), Some(TimeDelta::minutes(90)));
        assert_eq!(relative_span("90", 's'), Some(TimeDelta::seconds(90)));
        for wrong in ["", "d", "-7d", "7y", "1e9d", "999999999999w", "1.2.3s", "é"] {
            assert_eq!(relative_span(wrong, 's'), None, "{wrong}");
        }
    }

    #[test]
    fn days_follow_the_zone_across_clock_changes() {
        let zone = chrono_tz::America::New_York;
        let (from, to) = day("2026-03-08", zone).unwrap();
        assert_eq!(to - from, TimeDelta::hours(23));
        // Here midnight does not exist on the day the clock goes forward.
        let (from, _) = day("2024-03-31", chrono_tz::Asia::Beirut).unwrap();
        assert_eq!(from.to_rfc3339(), "2024-03-30T22:00:00+00:00");
        // Samoa left out a whole day.
        let (from, to) = day("2011-12-30", chrono_tz::Pacific::Apia).unwrap();
        assert_eq!((from, to - from), ("2011-12-30T10:00:00Z".parse().unwrap(), TimeDelta::zero()));
    }

    #[test]
    fn times_of_the_api_are_read_and_written() {
        let now = DateTime::from_timestamp(1_789_398_245, 0).unwrap();
        assert_eq!(When::parse_iso("-P7D").unwrap().at(now), now - TimeDelta::days(7));
        assert_eq!(When::parse_iso("-PT24H").unwrap().at(now), now - TimeDelta::hours(24));
        for text in
            ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000001Z", "-P7D", "-PT36H", "-PT1.001S", "-P0D"]
        {
            assert_eq!(When::parse_iso(text).unwrap().iso(), text);
        }
        for wrong in ["", "-P", "-PT", "P7D", "-P7H", "-P1000000000D", "tomorrow", "-P7"] {
            assert_eq!(When::parse_iso(wrong), None, "{wrong}");
        }
        assert_eq!(When::parse_iso("0000-01-01T00:00:00+05:30"), None, "cannot be written in UTC");
    }
}
