//! Values of the query text: lengths of time and dates.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::{GapInfo, Tz};

/// The longest relative span: a hundred years, in seconds.
const SPAN_SECONDS_MAX: i64 = 100 * 366 * 86_400;

/// Reads a span such as `90s`, `30m`, `24h`, `7d`, `2w`. A bare number is in `default_unit` (`s`, `m`, `h`, `d`, `w`).
pub fn relative_span(text: &str, default_unit: char) -> Option<Duration> {
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
    bounded.then(|| Duration::milliseconds((seconds * 1_000.0) as i64))
}

/// Reads an instant for the API: RFC 3339, or an ISO 8601 period back from `now` such as `-P7D`, `-PT24H`.
pub fn parse_date_bound(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Some(period) = text.strip_prefix("-P") else {
        return DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    };
    let span = match period.strip_prefix('T') {
        Some(time) if time.ends_with(['H', 'M', 'S']) => relative_span(time, ' '),
        None if period.ends_with(['D', 'W']) => relative_span(period, ' '),
        _ => None,
    }?;
    now.checked_sub_signed(span)
}

/// Reads a day (`2026-03-01`, its first moment in `zone`) or an RFC 3339 instant.
pub(super) fn day_or_instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc));
    }
    start_of_day(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?, zone)
}

/// The first and the last-but-not-included moment of a day in `zone`.
pub(super) fn day(text: &str, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some((start_of_day(date, zone)?, start_of_day(date.succ_opt()?, zone)?))
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
        assert_eq!(relative_span("7d", 's'), Some(Duration::days(7)));
        assert_eq!(relative_span("1.5h", 's'), Some(Duration::minutes(90)));
        assert_eq!(relative_span("90", 's'), Some(Duration::seconds(90)));
        for wrong in ["", "d", "-7d", "7y", "1e9d", "999999999999w", "1.2.3s", "é"] {
            assert_eq!(relative_span(wrong, 's'), None, "{wrong}");
        }
    }

    #[test]
    fn days_follow_the_zone_across_clock_changes() {
        let zone = chrono_tz::America::New_York;
        let (from, to) = day("2026-03-08", zone).unwrap();
        assert_eq!(to - from, Duration::hours(23));
        // Here midnight does not exist on the day the clock goes forward.
        let (from, _) = day("2024-03-31", chrono_tz::Asia::Beirut).unwrap();
        assert_eq!(from.to_rfc3339(), "2024-03-30T22:00:00+00:00");
        // Samoa left out a whole day.
        let (from, to) = day("2011-12-30", chrono_tz::Pacific::Apia).unwrap();
        assert_eq!((from, to - from), ("2011-12-30T10:00:00Z".parse().unwrap(), Duration::zero()));
    }

    #[test]
    fn date_bounds_of_the_api() {
        let now = DateTime::from_timestamp(1_789_398_245, 0).unwrap();
        assert_eq!(parse_date_bound("-P7D", now), Some(now - Duration::days(7)));
        assert_eq!(parse_date_bound("-PT24H", now), Some(now - Duration::hours(24)));
        assert!(parse_date_bound("2026-03-01T00:00:00Z", now).is_some());
        for wrong in ["", "-P", "-PT", "P7D", "-P7H", "-P1000000000D", "tomorrow", "-P7"] {
            assert_eq!(parse_date_bound(wrong, now), None, "{wrong}");
        }
    }
}
