//! Proves that the histogram counts what the list shows, in buckets that begin where a clock of the time zone says so,
//! also when that clock is put forward or back.

use serde_json::{Value, json};

use super::facets::filter;
use super::office::{Call, office};
use super::{World, now_ms};
use crate::support::Dice;

const HISTOGRAM: &str =
    "query($query: String, $filter: CallFilter, $timeZone: String, $buckets: Int) { company {
    callHistogram(query: $query, filter: $filter, timeZone: $timeZone, buckets: $buckets) {
        timeZone unit total { value exact }
        buckets { startsAt endsAt total answered missed abandoned voicemail blocked cancelled ongoing } }
    calls(query: $query, filter: $filter, first: 200) { totalCount { value exact } nodes { callId } } } }";
const OUTCOMES: [&str; 7] =
    ["answered", "missed", "abandoned", "voicemail", "blocked", "cancelled", "ongoing"];
const UNITS: [&str; 7] = ["MINUTE", "QUARTER_HOUR", "HOUR", "SIX_HOURS", "DAY", "WEEK", "MONTH"];
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A time zone, and how far its clock is ahead of UTC at a time of 2026.
type Zone = (&'static str, fn(i64) -> i64);

const ZONES: [Zone; 4] = [
    ("UTC", |_| 0),
    ("Asia/Kolkata", |_| 330 * MINUTE_MS),
    ("Asia/Kathmandu", |_| 345 * MINUTE_MS),
    ("America/New_York", |at| {
        let summer = millis("2026-03-08T07:00:00Z")..millis("2026-11-01T06:00:00Z");
        if summer.contains(&at) { -4 * HOUR_MS } else { -5 * HOUR_MS }
    }),
];

/// The milliseconds of a time in UTC.
fn millis(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    assert!(text.ends_with('Z') || text.ends_with("+00:00"), "{text}");
    // Years that begin in March end with the leap day.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    ((days * 24 + number(11..13)) * 60 + number(14..16)) * MINUTE_MS + number(17..19) * 1_000
}

/// A time as text, in UTC.
fn text(at: i64) -> String {
    let (day, second) = (at.div_euclid(DAY_MS), at.rem_euclid(DAY_MS) / 1_000);
    format!("{}T{:02}:{:02}:{:02}Z", super::oracle::date(day), second / 3_600, second / 60 % 60, second % 60)
}

/// What is the same for all times of one bucket.
fn shown(unit: &str, at: i64, zone: Zone) -> (i64, i64) {
    let local = at + zone.1(at);
    let day = local.div_euclid(DAY_MS);
    match unit {
        "MINUTE" => (at.div_euclid(MINUTE_MS), 0),
        "QUARTER_HOUR" => (at.div_euclid(15 * MINUTE_MS), 0),
        // An hour that happens twice is two.
        "HOUR" => (local.div_euclid(HOUR_MS), zone.1(at)),
        "SIX_HOURS" => (local.div_euclid(6 * HOUR_MS), 0),
        "DAY" => (day, 0),
        // 1970 began on a Thursday.
        "WEEK" => ((day + 3).div_euclid(7), 0),
        "MONTH" => {
            let date = super::oracle::date(day);
            (date[0..4].parse().unwrap(), date[5..7].parse().unwrap())
        }
        other => panic!("{other} is no unit"),
    }
}

/// How many buckets of `unit` the time has, by a look at the clock in every minute or quarter of an hour.
fn needed(unit: &str, (first, last): (i64, i64), zone: Zone) -> usize {
    let step = if unit == "MINUTE" { MINUTE_MS } else { 15 * MINUTE_MS };
    let mut at = first.div_euclid(step) * step;
    let mut count = 1;
    while at + step <= last {
        count += usize::from(shown(unit, at, zone) != shown(unit, at + step, zone));
        at += step;
    }
    count
}

/// An answer, and the calls of the list that was asked for with it.
struct Histogram {
    unit: String,
    /// From, to, and the counts as they came.
    buckets: Vec<(i64, i64, Value)>,
    calls: Vec<Call>,
}

impl World {
    /// Asks, and checks everything that holds for every histogram.
    async fn histogram(&self, zone: Zone, most: usize, mut arguments: Value) -> Histogram {
        arguments["buckets"] = json!(most);
        if zone.0 != super::ZONE {
            arguments["timeZone"] = json!(zone.0);
        }
        let data = self.company.query(&self.server, HISTOGRAM, arguments.clone()).await;
        let (answer, list) = (&data["company"]["callHistogram"], &data["company"]["calls"]);
        assert_eq!(answer["timeZone"], zone.0, "the company's own by default");
        assert_eq!(answer["total"], list["totalCount"], "{arguments}");
        let listed = list["nodes"].as_array().unwrap().iter().map(|node| node["callId"].as_str().unwrap());
        let find = |id: &str| self.calls.iter().find(|call| call.id.to_string() == id).unwrap().clone();
        let calls: Vec<Call> = listed.map(find).collect();
        let time = |bucket: &Value, key: &str| millis(bucket[key].as_str().unwrap());
        let buckets: Vec<_> = answer["buckets"].as_array().unwrap().iter().collect();
        let buckets: Vec<(i64, i64, Value)> = buckets
            .into_iter()
            .map(|bucket| (time(bucket, "startsAt"), time(bucket, "endsAt"), bucket.clone()))
            .collect();
        let unit = answer["unit"].as_str().unwrap().to_owned();
        let histogram = Histogram { unit, buckets, calls };
        histogram.check(zone, most);
        histogram
    }
}

impl Histogram {
    fn check(&self, zone: Zone, most: usize) {
        assert!(self.buckets.len() <= most, "{} of {most}", self.buckets.len());
        assert!(self.buckets.windows(2).all(|pair| pair[0].1 == pair[1].0), "no gap, no overlap");
        let mut counted = 0;
        for (from, to, bucket) in &self.buckets {
            let inside: Vec<_> =
                self.calls.iter().filter(|call| (*from..*to).contains(&call.started_ms)).collect();
            assert_eq!(bucket["total"], inside.len(), "{bucket}");
            for outcome in OUTCOMES {
                let with = inside.iter().filter(|call| call.outcome == outcome).count();
                assert_eq!(bucket[outcome], with, "{outcome}: {bucket}");
            }
            counted += inside.len();
            assert_ne!(shown(&self.unit, from - 1, zone), shown(&self.unit, *from, zone), "{bucket}");
            assert_eq!(needed(&self.unit, (*from, to - 1), zone), 1, "{} {bucket}", self.unit);
        }
        assert_eq!(counted, self.calls.len(), "every call is in a bucket");
    }

    /// The buckets are those of this time, and no shorter ones would do.
    fn check_time(&self, time: (i64, i64), zone: Zone, most: usize) {
        let (first, last) = (&self.buckets[0], &self.buckets[self.buckets.len() - 1]);
        assert!((first.0..first.1).contains(&time.0), "{first:?} has {}", time.0);
        assert!((last.0..last.1).contains(&time.1), "{last:?} has {}", time.1);
        let at = UNITS.iter().position(|unit| *unit == self.unit).unwrap();
        assert_eq!(needed(UNITS[at], time, zone), self.buckets.len(), "{}", self.unit);
        if let Some(shorter) = at.checked_sub(1) {
            assert!(needed(UNITS[shorter], time, zone) > most, "{} would do", UNITS[shorter]);
        }
    }
}

#[tokio::test]
async fn the_histogram_counts_the_calls_of_the_list() {
    let world = World::new(200).await;
    let mut dice = Dice::new(11);
    let mut found = 0;
    for round in 0..80 {
        let most = 2 + dice.roll(59);
        let zone = ZONES[round % ZONES.len()];
        let filter = filter(&mut dice);
        let histogram = world.histogram(zone, most, json!({ "filter": filter })).await;
        let starts = || histogram.calls.iter().map(|call| call.started_ms);
        match (starts().min(), starts().max()) {
            // Of a filter that names no time, the histogram reaches from the first call to the last one.
            (Some(first), Some(last)) if !filter.contains_key("dateStarted") => {
                histogram.check_time((first, last), zone, most);
            }
            (None, _) if !filter.contains_key("dateStarted") => assert!(histogram.buckets.is_empty()),
            _ => {}
        }
        found += usize::from(histogram.calls.len() > 3);
    }
    assert!(found > 40, "{found} histograms show something");
}

#[tokio::test]
async fn the_time_is_the_one_that_was_asked_for() {
    let world = World::new(60).await;
    for (query, days) in
        [("last:7d", 7), ("last:24h", 1), ("outcome:missed last:2w", 14), ("nobody last:3d", 3)]
    {
        for zone in ZONES {
            let before = now_ms();
            let histogram = world.histogram(zone, 40, json!({ "query": query })).await;
            let (first, last) = (&histogram.buckets[0], &histogram.buckets[histogram.buckets.len() - 1]);
            let since = [before, now_ms()].map(|now| now - days * DAY_MS);
            assert!(first.0 <= since[1] && since[0] < first.1, "{query}: {first:?}");
            assert!(last.0 <= now_ms() && before < last.1, "{query} reaches until now: {last:?}");
        }
    }
    let of = |since: &str, until: &str| json!({ "filter": { "and": [{ "dateStarted": { "gte": since } }], "dateStarted": { "lt": until } } });
    for (since, until, most, unit, buckets) in [
        ("2026-10-01T00:00:00Z", "2026-10-31T00:00:00Z", 30, "DAY", 30),
        ("2026-10-01T00:00:00Z", "2026-10-31T00:00:00Z", 29, "WEEK", 5),
        ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", 60, "HOUR", 24),
        ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", 23, "SIX_HOURS", 4),
        ("2026-10-01T00:00:00Z", "2026-10-01T01:00:00Z", 60, "MINUTE", 60),
        ("2026-10-01T00:00:00Z", "2026-10-01T01:00:01Z", 60, "QUARTER_HOUR", 5),
        ("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z", 12, "MONTH", 12),
    ] {
        let histogram = world.histogram(ZONES[0], most, of(since, until)).await;
        assert_eq!((histogram.unit.as_str(), histogram.buckets.len()), (unit, buckets), "{since} {until}");
        histogram.check_time((millis(since), millis(until) - 1), ZONES[0], most);
    }
    // Nothing can match: no time, no buckets.
    let none = world.histogram(ZONES[0], 60, of("2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z")).await;
    assert!(none.buckets.is_empty() && none.calls.is_empty());
}

/// Calls every 31 minutes.
fn calls_from(first: &str, ids: i64) -> Vec<Call> {
    let mut calls = office(90, now_ms());
    for (at, call) in (0..).zip(&mut calls) {
        call.started_ms = millis(first) + at * 31 * MINUTE_MS;
        call.id += ids;
    }
    calls
}

#[tokio::test]
async fn days_have_23_and_25_hours_when_the_clock_changes() {
    let mut world = World::new(0).await;
    world.add(calls_from("2026-03-07T12:10:00Z", 0)).await;
    world.add(calls_from("2026-10-31T12:10:00Z", 1_000_000)).await;
    let zone = ZONES[3];
    let changes = [
        // The hour from two to three never happens, the hour from one to two happens twice.
        (("2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z"), [24, 23, 24]),
        (("2026-10-31T04:00:00Z", "2026-11-03T05:00:00Z"), [24, 25, 24]),
    ];
    for ((since, until), hours) in changes {
        let of = |since: i64, until: i64| {
            json!({ "filter": { "dateStarted": {
                "gte": text(since), "lt": text(until) } } })
        };
        let (since, until) = (millis(since), millis(until));
        let histogram = world.histogram(zone, 3, of(since, until)).await;
        assert_eq!(histogram.unit, "DAY");
        let lengths: Vec<_> = histogram.buckets.iter().map(|(from, to, _)| (to - from) / HOUR_MS).collect();
        assert_eq!(lengths, hours);
        assert_eq!(histogram.calls.len(), 90);
        // Hours and quarters of a day around the change, and any stretch in any zone.
        let mut dice = Dice::new(3);
        for round in 0..60 {
            let (zone, most) = (ZONES[round % ZONES.len()], 2 + dice.roll(59));
            let first = since + i64::try_from(dice.roll(3 * 24 * 60)).unwrap() * MINUTE_MS;
            let end = first + (1 + i64::try_from(dice.roll(2 * 24 * 60)).unwrap()) * MINUTE_MS;
            let histogram = world.histogram(zone, most, of(first, end)).await;
            histogram.check_time((first, end - 1), zone, most);
        }
        let day = world.histogram(zone, 60, of(since + DAY_MS, since + DAY_MS + hours[1] * HOUR_MS)).await;
        assert_eq!((day.unit.as_str(), day.buckets.len()), ("HOUR", usize::try_from(hours[1]).unwrap()));
    }
}
