//! Buckets of a histogram: a stretch of time, cut where a wall clock reads a round time.
//!
//! Days, weeks and months begin at midnight of a time zone, so a day can have 23 or 25 hours. An hour that happens twice
//! is two buckets, one that never happens is none. Buckets tile their stretch: no gap, no overlap.

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::value::start_of_day;
use super::{Bound, CallFilter};

/// Buckets of one histogram.
pub const BUCKETS_MAX: usize = 60;

/// The finest difference between two times of calls.
const TICK: TimeDelta = TimeDelta::microseconds(1);

/// How long the buckets of a histogram are by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BucketUnit {
    /// A minute.
    Minute,
    /// A quarter of an hour.
    QuarterHour,
    /// An hour.
    Hour,
    /// From midnight, six, noon or eighteen o'clock.
    SixHours,
    /// From midnight.
    Day,
    /// From Monday.
    Week,
    /// From the first; several months each when there would still be too many buckets.
    Month,
}

impl BucketUnit {
    /// Every unit, the shortest first.
    pub const ALL: &'static [Self] =
        &[Self::Minute, Self::QuarterHour, Self::Hour, Self::SixHours, Self::Day, Self::Week, Self::Month];
}

/// A stretch of time, with its first and its last moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Belongs to it.
    pub first: DateTime<Utc>,
    /// Belongs to it.
    pub last: DateTime<Utc>,
}

/// What a filter says about the first and the last moment at which a call can start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StartBounds {
    /// No call starts earlier.
    pub first: Option<DateTime<Utc>>,
    /// No call starts later.
    pub last: Option<DateTime<Utc>>,
}

/// A stretch of time in buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// How long they are.
    pub unit: BucketUnit,
    /// Where each begins, and behind the last one where it ends. Strictly rising.
    pub edges: Vec<DateTime<Utc>>,
}

impl CallFilter {
    /// The bounds that the filter's own conditions on the start set; those inside of `Any` and `Not` do not count.
    pub fn start_bounds(&self) -> StartBounds {
        let mut bounds = StartBounds::default();
        for part in self.conjuncts() {
            let Self::Started(bound, at) = part else { continue };
            let (first, last) = match bound {
                Bound::From => (Some(*at), None),
                Bound::After => (at.checked_add_signed(TICK), None),
                Bound::UpTo => (None, Some(*at)),
                Bound::Before => (None, at.checked_sub_signed(TICK)),
                Bound::Exactly => (Some(*at), Some(*at)),
            };
            bounds.first = bounds.first.max(first);
            bounds.last = bounds.last.into_iter().chain(last).min();
        }
        bounds
    }
}

impl Buckets {
    /// No time, no buckets.
    pub fn none() -> Self {
        Self { unit: BucketUnit::Minute, edges: Vec::new() }
    }

    /// Cuts `stretch` at round times of `zone`, as finely as `most` buckets allow (at least one, at most
    /// [`BUCKETS_MAX`]). A stretch that ends before it begins has none.
    pub fn of(stretch: Stretch, zone: Tz, most: usize) -> Self {
        let most = most.clamp(1, BUCKETS_MAX);
        if stretch.last < stretch.first {
            return Self::none();
        }
        let cut = BucketUnit::ALL
            .iter()
            .find_map(|unit| Some(Self { unit: *unit, edges: edges(*unit, stretch, zone, most)? }));
        cut.or_else(|| several_months(stretch, zone, most)).unwrap_or_else(|| {
            // The calendar does not reach so far: one bucket that holds it all.
            let end = stretch.last.checked_add_signed(TICK).unwrap_or(DateTime::<Utc>::MAX_UTC);
            Self { unit: BucketUnit::Month, edges: vec![stretch.first, end] }
        })
    }
}

/// The edges of at most `most` buckets; `None` when more are needed.
fn edges(unit: BucketUnit, stretch: Stretch, zone: Tz, most: usize) -> Option<Vec<DateTime<Utc>>> {
    let today = date_of(stretch.first, zone)?;
    match unit {
        BucketUnit::Minute => clock_edges(60, today, stretch, zone, most),
        BucketUnit::QuarterHour => clock_edges(15 * 60, today, stretch, zone, most),
        BucketUnit::Hour => clock_edges(3_600, today, stretch, zone, most),
        BucketUnit::SixHours => clock_edges(6 * 3_600, today, stretch, zone, most),
        BucketUnit::Day => date_edges(today, |date| date.succ_opt(), stretch, zone, most),
        BucketUnit::Week => {
            let monday = today.week(chrono::Weekday::Mon).checked_first_day()?;
            let next = |date: NaiveDate| date.checked_add_signed(TimeDelta::days(7));
            date_edges(monday, next, stretch, zone, most)
        }
        BucketUnit::Month => date_edges(
            today.with_day(1)?,
            |date| date.checked_add_months(Months::new(1)),
            stretch,
            zone,
            most,
        ),
    }
}

/// As many months to a bucket as it takes.
fn several_months(stretch: Stretch, zone: Tz, most: usize) -> Option<Buckets> {
    let (from, to) = (date_of(stretch.first, zone)?, date_of(stretch.last, zone)?);
    let number = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    let months = usize::try_from(number(to) - number(from) + 1).ok()?;
    let each = Months::new(u32::try_from(months.div_ceil(most)).ok()?);
    let edges = date_edges(from.with_day(1)?, |date| date.checked_add_months(each), stretch, zone, most)?;
    Some(Buckets { unit: BucketUnit::Month, edges })
}

/// Edges at the beginnings of dates, `date` being the first one.
fn date_edges(
    mut date: NaiveDate,
    next: impl Fn(NaiveDate) -> Option<NaiveDate>,
    stretch: Stretch,
    zone: Tz,
    most: usize,
) -> Option<Vec<DateTime<Utc>>> {
    let mut edges = vec![start_of_day(date, zone)?];
    while *edges.last()? <= stretch.last {
        if edges.len() > most {
            return None;
        }
        date = next(date)?;
        let start = start_of_day(date, zone)?;
        // A date that a zone left out begins with the one behind it.
        if start > *edges.last()? {
            edges.push(start);
        }
    }
    Some(edges)
}

/// Edges where the clock reads a multiple of `unit_seconds` since midnight.
fn clock_edges(
    unit_seconds: i64,
    today: NaiveDate,
    stretch: Stretch,
    zone: Tz,
    most: usize,
) -> Option<Vec<DateTime<Utc>>> {
    let mut start = start_of_day(today, zone)?;
    let mut next = clock_edge_after(start, unit_seconds, zone)?;
    while next <= stretch.first {
        start = next;
        next = clock_edge_after(start, unit_seconds, zone)?;
    }
    let mut edges = vec![start, next];
    while *edges.last()? <= stretch.last {
        if edges.len() > most {
            return None;
        }
        edges.push(clock_edge_after(*edges.last()?, unit_seconds, zone)?);
    }
    (edges.len() <= most + 1).then_some(edges)
}

/// Where the bucket that begins at `start` ends.
fn clock_edge_after(start: DateTime<Utc>, unit_seconds: i64, zone: Tz) -> Option<DateTime<Utc>> {
    let clock = |at: DateTime<Utc>| at.timestamp() + offset_seconds(at, zone);
    let mut from = start;
    loop {
        let rest = unit_seconds - clock(from).rem_euclid(unit_seconds);
        let end = from.checked_add_signed(TimeDelta::seconds(rest))?;
        if offset_seconds(from, zone) == offset_seconds(end, zone) {
            return Some(end);
        }
        // The clock is put forward or back on the way.
        let change = change_between(from, end, zone);
        let is_elsewhere = clock(change).div_euclid(unit_seconds) != clock(start).div_euclid(unit_seconds);
        let is_once_more =
            clock(change).rem_euclid(unit_seconds) == 0 && (change - start).num_seconds() >= unit_seconds;
        if is_elsewhere || is_once_more {
            return Some(change);
        }
        from = change;
    }
}

/// The first second at which the zone's offset is the one at `to`, when it differs from the one at `from`.
fn change_between(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let old = offset_seconds(from, zone);
    let (mut before, mut behind) = (from, to);
    while (behind - before).num_seconds() > 1 {
        let middle = before + TimeDelta::seconds((behind - before).num_seconds() / 2);
        if offset_seconds(middle, zone) == old { before = middle } else { behind = middle }
    }
    behind
}

fn offset_seconds(at: DateTime<Utc>, zone: Tz) -> i64 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into()
}

/// The date that began last. Where the clock is put back just after midnight, that is not what the clock says.
fn date_of(at: DateTime<Utc>, zone: Tz) -> Option<NaiveDate> {
    let shown = at.with_timezone(&zone).date_naive();
    [shown.succ_opt()?, shown, shown.pred_opt()?]
        .into_iter()
        .find(|date| start_of_day(*date, zone).is_some_and(|start| start <= at))
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn cut(first: &str, last: &str, zone: Tz, most: usize) -> (BucketUnit, Vec<String>) {
        let buckets = Buckets::of(Stretch { first: at(first), last: at(last) }, zone, most);
        let shown = |edge: &DateTime<Utc>| edge.with_timezone(&zone).format("%m-%d %H:%M %z").to_string();
        (buckets.unit, buckets.edges.iter().map(shown).collect())
    }

    #[test]
    fn days_weeks_and_months_begin_in_the_zone() {
        let zone = chrono_tz::America::New_York;
        // The clock goes forward on the 8th: that day has 23 hours.
        let (unit, edges) = cut("2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z", zone, 3);
        assert_eq!(unit, BucketUnit::Day);
        let days = ["03-07 00:00 -0500", "03-08 00:00 -0500", "03-09 00:00 -0400", "03-10 00:00 -0400"];
        assert_eq!(edges, days);
        let (unit, edges) = cut("2026-03-01T12:00:00Z", "2026-03-09T12:00:00Z", zone, 3);
        let mondays = ["02-23 00:00 -0500", "03-02 00:00 -0500", "03-09 00:00 -0400", "03-16 00:00 -0400"];
        assert_eq!((unit, edges), (BucketUnit::Week, mondays.map(str::to_owned).to_vec()));
        let (unit, edges) = cut("2026-02-01T04:59:59Z", "2026-03-09T12:00:00Z", zone, 3);
        let firsts = ["01-01 00:00 -0500", "02-01 00:00 -0500", "03-01 00:00 -0500", "04-01 00:00 -0400"];
        assert_eq!((unit, edges), (BucketUnit::Month, firsts.map(str::to_owned).to_vec()));
    }

    #[test]
    fn an_hour_that_happens_twice_is_two_and_one_that_never_happens_is_none() {
        let zone = chrono_tz::America::New_York;
        let (unit, edges) = cut("2026-11-01T04:30:00Z", "2026-11-01T07:59:59.999999Z", zone, 5);
        let twice = [
            "11-01 00:00 -0400",
            "11-01 01:00 -0400",
            "11-01 01:00 -0500",
            "11-01 02:00 -0500",
            "11-01 03:00 -0500",
        ];
        assert_eq!((unit, edges), (BucketUnit::Hour, twice.map(str::to_owned).to_vec()));
        let (_, edges) = cut("2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", zone, 2);
        assert_eq!(edges, ["03-08 01:00 -0500", "03-08 03:00 -0400", "03-08 04:00 -0400"]);
        let (unit, edges) = cut("2026-03-08T05:00:00Z", "2026-03-09T03:59:59Z", zone, 4);
        let quarters = [
            "03-08 00:00 -0500",
            "03-08 06:00 -0400",
            "03-08 12:00 -0400",
            "03-08 18:00 -0400",
            "03-09 00:00 -0400",
        ];
        assert_eq!((unit, edges), (BucketUnit::SixHours, quarters.map(str::to_owned).to_vec()));
        let (_, edges) = cut("2026-11-01T05:50:00Z", "2026-11-01T06:10:00Z", zone, 2);
        assert_eq!(edges, ["11-01 01:45 -0400", "11-01 01:00 -0500", "11-01 01:15 -0500"]);
    }

    #[test]
    fn odd_zones() {
        let (_, edges) = cut("2026-03-08T00:00:00Z", "2026-03-08T01:00:00Z", chrono_tz::Asia::Kathmandu, 2);
        assert_eq!(edges, ["03-08 05:00 +0545", "03-08 06:00 +0545", "03-08 07:00 +0545"]);
        // The clock moves by half an hour: that hour has 90 minutes, and in spring 30.
        let zone = chrono_tz::Australia::Lord_Howe;
        let (_, edges) = cut("2026-04-04T14:30:00Z", "2026-04-04T16:00:00Z", zone, 2);
        assert_eq!(edges, ["04-05 01:00 +1100", "04-05 02:00 +1030", "04-05 03:00 +1030"]);
        let (_, edges) = cut("2026-10-03T15:00:00Z", "2026-10-03T16:30:00Z", zone, 3);
        let hours = ["10-04 01:00 +1030", "10-04 02:30 +1100", "10-04 03:00 +1100", "10-04 04:00 +1100"];
        assert_eq!(edges, hours);
        // Midnight does not exist, a whole day does not exist, midnight happens twice.
        let (_, edges) = cut("2024-03-30T21:00:00Z", "2024-03-31T12:00:00Z", chrono_tz::Asia::Beirut, 2);
        assert_eq!(edges, ["03-30 00:00 +0200", "03-31 01:00 +0300", "04-01 00:00 +0300"]);
        let (_, edges) = cut("2011-12-29T12:00:00Z", "2011-12-30T12:00:00Z", chrono_tz::Pacific::Apia, 2);
        assert_eq!(edges, ["12-29 00:00 -1000", "12-31 00:00 +1400", "01-01 00:00 +1400"]);
        let (_, edges) = cut("2026-11-01T03:59:00Z", "2026-11-01T05:30:00Z", chrono_tz::America::Havana, 2);
        assert_eq!(edges, ["10-31 18:00 -0400", "11-01 00:00 -0400", "11-01 06:00 -0500"]);
        let (_, edges) = cut("2026-10-31T05:00:00Z", "2026-11-02T04:59:00Z", chrono_tz::America::Havana, 2);
        assert_eq!(edges, ["10-31 00:00 -0400", "11-01 00:00 -0400", "11-02 00:00 -0500"]);
    }

    #[test]
    fn too_many_months_are_taken_together() {
        let (unit, edges) = cut("1970-01-01T00:00:00Z", "2026-11-22T00:00:00Z", chrono_tz::UTC, 60);
        assert_eq!((unit, edges.len() - 1), (BucketUnit::Month, 57), "683 months, twelve each");
        let (_, edges) = cut("2025-12-20T00:00:00Z", "2026-01-10T00:00:00Z", chrono_tz::UTC, 1);
        assert_eq!(edges, ["12-01 00:00 +0000", "02-01 00:00 +0000"]);
        let (_, edges) = cut("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", chrono_tz::UTC, 60);
        assert_eq!(edges.len() - 1, 60);
        let all = Stretch { first: DateTime::<Utc>::MIN_UTC, last: DateTime::<Utc>::MAX_UTC };
        assert_eq!(Buckets::of(all, chrono_tz::UTC, 7).edges.len() - 1, 1);
        let nothing = Stretch { first: at("2026-01-01T00:00:01Z"), last: at("2026-01-01T00:00:00Z") };
        assert_eq!(Buckets::of(nothing, chrono_tz::UTC, 7), Buckets::none());
    }

    #[test]
    fn bounds_are_the_filter_s_own() {
        let started = |bound, text| CallFilter::Started(bound, at(text));
        let (early, late) = ("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z");
        let just_before = Some(at("2026-03-08T23:59:59.999999Z"));
        for (filter, first, last) in [
            (CallFilter::everything(), None, None),
            (started(Bound::From, early), Some(at(early)), None),
            (started(Bound::After, early), Some(at("2026-03-01T00:00:00.000001Z")), None),
            (started(Bound::UpTo, late), None, Some(at(late))),
            (started(Bound::Exactly, late), Some(at(late)), Some(at(late))),
            (
                CallFilter::All(vec![
                    CallFilter::All(vec![started(Bound::From, early), started(Bound::Before, late)]),
                    started(Bound::From, "2026-02-01T00:00:00Z"),
                    started(Bound::UpTo, late),
                ]),
                Some(at(early)),
                just_before,
            ),
            (CallFilter::Not(Box::new(started(Bound::From, early))), None, None),
            (CallFilter::Any(vec![started(Bound::From, early)]), None, None),
        ] {
            assert_eq!(filter.start_bounds(), StartBounds { first, last }, "{filter:?}");
        }
    }

    /// A stretch of any length from a microsecond to centuries, anywhere in three centuries, in any zone.
    fn stretch() -> impl Strategy<Value = (Stretch, Tz)> {
        let first = -2_500_000_000_i64..7_000_000_000;
        (first, 0_i64..1_000_000, 0_u32..53, any::<u64>(), 0..TZ_VARIANTS.len()).prop_map(
            |(seconds, micros, magnitude, length, zone)| {
                let first = DateTime::from_timestamp(seconds, 0).unwrap() + TimeDelta::microseconds(micros);
                let length = i64::try_from(length % (1 << magnitude)).unwrap();
                (Stretch { first, last: first + TimeDelta::microseconds(length) }, TZ_VARIANTS[zone])
            },
        )
    }

    proptest! {
        #[test]
        fn buckets_tile_the_stretch((stretch, zone) in stretch(), most in 1..=BUCKETS_MAX) {
            let Buckets { unit, edges } = Buckets::of(stretch, zone, most);
            prop_assert!((2..=most + 1).contains(&edges.len()), "{unit:?} {edges:?}");
            prop_assert!(edges.is_sorted_by(|one, next| one < next), "{unit:?} {edges:?}");
            prop_assert!(edges[0] <= stretch.first && stretch.first < edges[1], "{unit:?} {edges:?}");
            let last = edges.len() - 1;
            prop_assert!(edges[last - 1] <= stretch.last && stretch.last < edges[last], "{unit:?} {edges:?}");
            // The same buckets, whatever the stretch is within them.
            if unit < BucketUnit::Month {
                let whole = Stretch { first: edges[0], last: edges[last] - TICK };
                prop_assert_eq!(Buckets::of(whole, zone, most), Buckets { unit, edges });
            }
        }

        #[test]
        fn more_buckets_are_finer((stretch, zone) in stretch(), most in 1..BUCKETS_MAX) {
            let (few, many) = (Buckets::of(stretch, zone, most), Buckets::of(stretch, zone, most + 1));
            prop_assert!(many.unit <= few.unit && many.edges.len() >= few.edges.len());
        }

        /// Read off a clock, a quarter of an hour at a time: a bucket begins where what the clock shows is new.
        #[test]
        fn buckets_begin_where_the_clock_says(
            from in 1_700_000_000_i64..1_900_000_000, days in 0_i64..80, zone in 0..5_usize, most in 4..=BUCKETS_MAX
        ) {
            let zone = [
                chrono_tz::America::New_York, chrono_tz::Asia::Kathmandu, chrono_tz::Europe::London,
                chrono_tz::Africa::Casablanca, chrono_tz::America::Santiago,
            ][zone];
            let first = DateTime::from_timestamp(from / 900 * 900, 0).unwrap();
            let stretch = Stretch { first, last: first + TimeDelta::days(days) };
            let Buckets { unit, edges } = Buckets::of(stretch, zone, most);
            let shown = |at: DateTime<Utc>| {
                let local = at.with_timezone(&zone);
                let (date, hour) = (local.date_naive(), local.hour());
                match unit {
                    BucketUnit::Minute => unreachable!("days have too many minutes"),
                    BucketUnit::QuarterHour => at.to_rfc3339(),
                    BucketUnit::Hour => format!("{date} {hour} {}", local.offset().fix()),
                    BucketUnit::SixHours => format!("{date} {}", hour / 6),
                    BucketUnit::Day => date.to_string(),
                    BucketUnit::Week => format!("{:?}", date.iso_week()),
                    BucketUnit::Month => format!("{} {}", date.year(), date.month()),
                }
            };
            prop_assume!(days > 0);
            let end = edges[edges.len() - 1];
            let mut read = vec![edges[0]];
            let mut now = edges[0];
            while now < end {
                let next = now + TimeDelta::minutes(15);
                if shown(next) != shown(now) {
                    read.push(next);
                }
                now = next;
            }
            prop_assert_eq!(edges, read, "{:?}", unit);
        }
    }
}
