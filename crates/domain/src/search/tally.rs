//! Tallies: calls that were counted when they were written, by quarters of an hour and by days of UTC.
//!
//! They know the direction and the outcome of calls and nothing else. A filter that asks for no more is answered from
//! them, whatever the number of calls; only what is left at both ends of its time is counted call by call.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CallFilter, StartBounds};
use crate::state::{Direction, Outcome};

/// The shortest time that a tally is for.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);
const DAY: TimeDelta = TimeDelta::days(1);

/// What a filter asks, when it is nothing but the time, the direction and the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// One of these.
    pub directions: Vec<Direction>,
    /// One of these.
    pub outcomes: Vec<Outcome>,
    /// The time.
    pub bounds: StartBounds,
}

/// How long the time is that a tally is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A quarter of an hour.
    Quarter,
    /// A day of UTC.
    Day,
}

/// Some tallies that lie in one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bucket.
    pub bucket: usize,
    /// How long the tallies are.
    pub span: Span,
    /// Where the first one begins and the last one ends.
    pub time: Range<DateTime<Utc>>,
}

/// Buckets that are filled from tallies as far as there are some that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Where they fit.
    pub tallied: Vec<Piece>,
    /// What is left: less than a quarter of an hour at either end.
    pub rest: Vec<Range<DateTime<Utc>>>,
}

impl CallFilter {
    /// What is asked, when tallies can answer it.
    pub fn tallied(&self) -> Option<Tallied> {
        let mut tallied = Tallied {
            directions: Direction::ALL.to_vec(),
            outcomes: Outcome::ALL.to_vec(),
            bounds: self.start_bounds(),
        };
        for part in self.conjuncts() {
            match part {
                Self::Direction(any) => tallied.directions.retain(|one| any.contains(one)),
                Self::Outcome(any) => tallied.outcomes.retain(|one| any.contains(one)),
                Self::Started(..) => {}
                _ => return None,
            }
        }
        Some(tallied)
    }
}

impl Tallied {
    /// The directions as they are stored.
    pub fn direction_names(&self) -> Vec<String> {
        self.directions.iter().map(|direction| direction.as_str().to_owned()).collect()
    }
}

impl Pieces {
    /// Takes the buckets between `edges` apart, as far as they lie within `bounds`; nothing when a bucket begins within a
    /// quarter of an hour, and so would be counted call by call anyway.
    pub fn of(edges: &[DateTime<Utc>], bounds: StartBounds) -> Option<Self> {
        if edges.iter().any(|edge| floor(*edge, QUARTER) != *edge) {
            return None;
        }
        let mut pieces = Self::default();
        for (bucket, edge) in edges.windows(2).enumerate() {
            let from = bounds.first.map_or(edge[0], |first| first.max(edge[0]));
            // The last moment belongs to the time, an end does not.
            let end = bounds.last.and_then(|last| last.checked_add_signed(TimeDelta::microseconds(1)));
            let to = end.map_or(edge[1], |end| end.min(edge[1]));
            if from < to {
                pieces.add(bucket, from..to);
            }
        }
        Some(pieces)
    }

    fn add(&mut self, bucket: usize, time: Range<DateTime<Utc>>) {
        let Some(quarters) = within(&time, QUARTER) else {
            return self.rest.push(time);
        };
        self.rest.extend([time.start..quarters.start, quarters.end..time.end].into_iter().filter(is_some));
        let mut add = |span, time| {
            if is_some(&time) {
                self.tallied.push(Piece { bucket, span, time });
            }
        };
        match within(&quarters, DAY) {
            None => add(Span::Quarter, quarters),
            Some(days) => {
                add(Span::Quarter, quarters.start..days.start);
                add(Span::Quarter, days.end..quarters.end);
                add(Span::Day, days);
            }
        }
    }
}

fn is_some(time: &Range<DateTime<Utc>>) -> bool {
    time.start < time.end
}

/// The longest time of whole spans that lies within.
fn within(time: &Range<DateTime<Utc>>, span: TimeDelta) -> Option<Range<DateTime<Utc>>> {
    let (first, end) = (floor(time.start, span), floor(time.end, span));
    let start = if first < time.start { first.checked_add_signed(span)? } else { first };
    (start < end).then_some(start..end)
}

/// The begin of the span in which `at` lies.
fn floor(at: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    let since = TimeDelta::seconds(at.timestamp().rem_euclid(span.num_seconds()));
    let begin = at.checked_sub_signed(since + TimeDelta::nanoseconds(at.timestamp_subsec_nanos().into()));
    begin.unwrap_or(DateTime::<Utc>::MIN_UTC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::{BUCKETS_MAX, Bound, Buckets, Stretch};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn only_time_direction_and_outcome_are_tallied() {
        let missed = CallFilter::Outcome(vec![Outcome::Missed, Outcome::Abandoned]);
        let since = CallFilter::Started(Bound::From, at("2026-03-01T00:00:00Z"));
        let both = CallFilter::All(vec![missed.clone(), CallFilter::All(vec![since])]);
        let tallied = both.tallied().unwrap();
        assert_eq!(tallied.outcomes.len(), 2);
        assert_eq!(tallied.directions, Direction::ALL);
        assert_eq!(tallied.bounds.first, Some(at("2026-03-01T00:00:00Z")));
        let answered = CallFilter::Outcome(vec![Outcome::Answered]);
        assert_eq!(CallFilter::All(vec![missed.clone(), answered]).tallied().unwrap().outcomes, []);
        for more in
            [CallFilter::Recorded(true), CallFilter::Not(Box::new(missed.clone())), CallFilter::Any(vec![])]
        {
            assert_eq!(CallFilter::All(vec![missed.clone(), more]).tallied(), None);
        }
    }

    #[test]
    fn days_where_they_fit_quarters_around_them_and_calls_at_the_ends() {
        let edges = ["2026-03-01T05:00:00Z", "2026-03-02T05:00:00Z", "2026-03-05T05:00:00Z"].map(at);
        let bounds =
            StartBounds { first: Some(at("2026-03-01T07:20:00Z")), last: Some(at("2026-03-04T23:59:59Z")) };
        let pieces = Pieces::of(&edges, bounds).unwrap();
        let shown = |time: &Range<DateTime<Utc>>| {
            [time.start, time.end].map(|at| at.format("%d %H:%M:%S%.f").to_string()).join(" - ")
        };
        let tallied: Vec<_> =
            pieces.tallied.iter().map(|piece| (piece.bucket, piece.span, shown(&piece.time))).collect();
        let wanted = [
            (0, Span::Quarter, "01 07:30:00 - 02 05:00:00"),
            (1, Span::Quarter, "02 05:00:00 - 03 00:00:00"),
            (1, Span::Quarter, "04 00:00:00 - 04 23:45:00"),
            (1, Span::Day, "03 00:00:00 - 04 00:00:00"),
        ];
        assert_eq!(tallied, wanted.map(|(bucket, span, time)| (bucket, span, time.to_owned())));
        let rest: Vec<_> = pieces.rest.iter().map(shown).collect();
        assert_eq!(rest, ["01 07:20:00 - 01 07:30:00", "04 23:45:00 - 04 23:59:59.000001"]);
    }

    #[test]
    fn buckets_that_begin_within_a_quarter_are_counted_otherwise() {
        let edges = ["2026-03-01T05:00:00Z", "2026-03-01T05:01:00Z"].map(at);
        assert_eq!(Pieces::of(&edges, StartBounds::default()), None);
    }

    proptest! {
        #[test]
        fn every_moment_of_the_time_is_counted_once(
            first in 0_i64..4_000_000_000, seconds in 0_i64..200_000_000, zone in 0..chrono_tz::TZ_VARIANTS.len(),
            from in -1000_i64..100_000_000, to in -1000_i64..100_000_000, bounded in 0..4, offsets in any::<[u32; 20]>(),
        ) {
            let moment = |second: i64| DateTime::from_timestamp(first + second, 0).unwrap();
            let stretch = Stretch { first: moment(0), last: moment(seconds) };
            let edges = Buckets::of(stretch, chrono_tz::TZ_VARIANTS[zone], BUCKETS_MAX).edges;
            let bounds = StartBounds {
                first: (bounded & 1 > 0).then(|| moment(from)),
                last: (bounded & 2 > 0).then(|| moment(seconds - to)),
            };
            let Some(pieces) = Pieces::of(&edges, bounds) else { return Ok(()) };
            prop_assert!(pieces.rest.len() <= 2);
            for piece in &pieces.tallied {
                let span = if piece.span == Span::Day { DAY } else { QUARTER };
                prop_assert_eq!(floor(piece.time.start, span), piece.time.start);
                prop_assert_eq!(floor(piece.time.end, span), piece.time.end);
            }
            let (begin, end) = (edges[0], edges[edges.len() - 1]);
            let mut moments: Vec<_> =
                offsets.iter().map(|offset| begin + (end - begin) / 1000 * i32::try_from(offset % 1000).unwrap()).collect();
            moments.extend(edges.iter().copied());
            moments.extend(bounds.first.into_iter().chain(bounds.last));
            for moment in moments {
                let bucket = edges.windows(2).position(|edge| edge[0] <= moment && moment < edge[1]);
                let is_asked = bounds.first.is_none_or(|first| first <= moment)
                    && bounds.last.is_none_or(|last| moment <= last);
                let of_pieces: Vec<_> = pieces.tallied.iter().filter(|piece| piece.time.contains(&moment)).collect();
                let of_rest = pieces.rest.iter().filter(|time| time.contains(&moment)).count();
                let wanted = usize::from(is_asked && bucket.is_some());
                prop_assert_eq!(of_pieces.len() + of_rest, wanted, "{}", moment);
                if let [piece] = of_pieces.as_slice() {
                    prop_assert_eq!(Some(piece.bucket), bucket);
                }
            }
        }
    }
}
