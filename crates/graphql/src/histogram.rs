//! The histogram: how many calls there are over time, by outcome.

use async_graphql::{Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::search::{self, BUCKETS_MAX, Buckets, CallFilter, Stretch};
use domain::state::Outcome;
use store::{BucketCounts, BucketedCalls, TenantTx};

use crate::connection::TotalCount;
use crate::error::ApiError;
use crate::facets::COUNTING_COST;

/// How long the buckets of a histogram are by the clock of its time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "search::BucketUnit")]
pub(crate) enum BucketUnit {
    /// A minute.
    Minute,
    /// A quarter of an hour.
    QuarterHour,
    /// An hour.
    Hour,
    /// From midnight, six, noon or eighteen o'clock.
    SixHours,
    /// From midnight; 23 or 25 hours when the clock changes.
    Day,
    /// From Monday.
    Week,
    /// From the first of a month; several months each when there would still be too many.
    Month,
}

/// How many calls there are over time.
pub(crate) struct CallHistogram {
    zone: Tz,
    buckets: Buckets,
    calls: BucketedCalls,
}

/// How many calls started in a part of the time.
#[derive(SimpleObject)]
pub(crate) struct CallBucket {
    /// Where it begins.
    starts_at: DateTime<Utc>,
    /// Where it ends, and the next one begins.
    ends_at: DateTime<Utc>,
    /// All calls.
    total: i32,
    /// Those that were answered.
    answered: i32,
    /// Those that were missed.
    missed: i32,
    /// Those that were abandoned.
    abandoned: i32,
    /// Those that reached voicemail.
    voicemail: i32,
    /// Those whose caller is blocked.
    blocked: i32,
    /// Those that the company's side cancelled.
    cancelled: i32,
    /// Those that are not over.
    ongoing: i32,
}

impl CallHistogram {
    pub(crate) async fn load(
        tx: &TenantTx,
        filter: &CallFilter,
        zone: Tz,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let buckets = match stretch(tx, filter, now).await? {
            Some(stretch) => Buckets::of(stretch, zone, most),
            None => Buckets::none(),
        };
        let calls = tx.calls_over_time(filter, &buckets).await?;
        Ok(Self { zone, buckets, calls })
    }
}

/// The time that the filter names. What it leaves open reaches from the first matching call to the last one; and after a
/// start that it names, at least until now.
async fn stretch(
    tx: &TenantTx,
    filter: &CallFilter,
    now: DateTime<Utc>,
) -> Result<Option<Stretch>, ApiError> {
    let bounds = filter.start_bounds();
    let first = match bounds.first {
        Some(first) => Some(first),
        None => tx.oldest_counted_start(filter).await?,
    };
    let last = match bounds.last {
        Some(last) => Some(last),
        None => tx.newest_start(filter).await?.max(bounds.first.map(|first| first.max(now))),
    };
    Ok(first.zip(last).map(|(first, last)| Stretch { first, last }))
}

/// How many calls there are over time, by outcome. The time is the one that the filter's own `dateStarted` or the query
/// text names (`last:7d`); what they leave open reaches from the first matching call to the last one. The buckets are the
/// shortest of which no more than asked for are needed. All calls are counted when the time, the direction and the outcome are
/// all that is asked for; otherwise counting stops at the newest 100,000 calls.
#[Object]
impl CallHistogram {
    /// The IANA time zone in which days, weeks and months begin.
    async fn time_zone(&self) -> &str {
        self.zone.name()
    }

    /// How long the buckets are.
    async fn unit(&self) -> BucketUnit {
        self.buckets.unit.into()
    }

    /// Every bucket, also those without calls, the oldest first.
    async fn buckets(&self) -> Vec<CallBucket> {
        let edges = self.buckets.edges.windows(2);
        edges.zip(&self.calls.counts).map(|(edges, counts)| CallBucket::new(edges, counts)).collect()
    }

    /// The calls of all buckets.
    async fn total(&self) -> TotalCount {
        TotalCount(self.calls.total)
    }
}

impl CallBucket {
    fn new(edges: &[DateTime<Utc>], counts: &BucketCounts) -> Self {
        let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        let with = |outcome| number(counts.with(outcome));
        Self {
            starts_at: edges[0],
            ends_at: edges[1],
            total: number(counts.total()),
            answered: with(Outcome::Answered),
            missed: with(Outcome::Missed),
            abandoned: with(Outcome::Abandoned),
            voicemail: with(Outcome::Voicemail),
            blocked: with(Outcome::Blocked),
            cancelled: with(Outcome::Cancelled),
            ongoing: with(Outcome::Ongoing),
        }
    }
}

/// The time zone of that name.
pub(crate) fn zone(name: &str) -> Result<Tz, ApiError> {
    name.parse().map_err(|_| {
        ApiError::input("This is not a time zone: use a name such as Europe/Berlin or America/New_York.")
    })
}

/// Checks a number of buckets.
pub(crate) fn buckets(asked: Option<i32>) -> Result<usize, ApiError> {
    let Some(asked) = asked else { return Ok(BUCKETS_MAX) };
    let buckets = usize::try_from(asked).ok().filter(|buckets| (1..=BUCKETS_MAX).contains(buckets));
    buckets.ok_or_else(|| ApiError::input(format!("buckets is {asked}: ask for 1 to {BUCKETS_MAX} buckets.")))
}

/// What a histogram costs: it counts twice when the filter names no time, and has a row for each bucket.
pub(crate) fn histogram_cost(asked: Option<i32>, bucket_cost: usize) -> usize {
    let buckets =
        asked.map_or(BUCKETS_MAX, |asked| usize::try_from(asked).unwrap_or(1).clamp(1, BUCKETS_MAX));
    (2 * COUNTING_COST).saturating_add(buckets.saturating_mul(bucket_cost))
}
