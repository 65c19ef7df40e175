//! How deliveries fared over a time.

use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::delivery::Latencies;
use store::DeliveryHour;

/// How deliveries fared over a time. Counts are exact, also of deliveries that are no longer kept.
pub(crate) struct DeliverySummary(pub(crate) Vec<DeliveryHour>);

/// How deliveries of one hour fared.
#[derive(SimpleObject)]
pub(crate) struct DeliveryBucket {
    /// When the hour begins.
    starts_at: DateTime<Utc>,
    /// Stored and understood.
    accepted: i64,
    /// Stored before.
    duplicate: i64,
    /// Kept, not understood.
    quarantined: i64,
    /// Refused.
    rejected: i64,
}

impl DeliverySummary {
    fn sum(&self, pick: fn(&DeliveryHour) -> i64) -> i64 {
        self.0.iter().map(pick).sum()
    }

    fn percentile(&self, share: f64) -> Option<f64> {
        let mut counts = [0; Latencies::BUCKETS];
        for hour in &self.0 {
            counts.iter_mut().zip(&hour.latencies).for_each(|(count, more)| *count += more);
        }
        Latencies::percentile(&counts, share)
    }
}

/// How deliveries fared over a time. Counts are exact, also of deliveries that are no longer kept.
#[Object]
impl DeliverySummary {
    /// All of them.
    async fn received(&self) -> i64 {
        self.sum(|hour| hour.accepted + hour.duplicate + hour.quarantined + hour.rejected)
    }

    /// Stored and understood.
    async fn accepted(&self) -> i64 {
        self.sum(|hour| hour.accepted)
    }

    /// Stored before.
    async fn duplicate(&self) -> i64 {
        self.sum(|hour| hour.duplicate)
    }

    /// Kept, not understood.
    async fn quarantined(&self) -> i64 {
        self.sum(|hour| hour.quarantined)
    }

    /// Refused.
    async fn rejected(&self) -> i64 {
        self.sum(|hour| hour.rejected)
    }

    /// Half of the deliveries were answered within so many milliseconds; null without any.
    async fn p50_latency_ms(&self) -> Option<f64> {
        self.percentile(0.5)
    }

    /// 95 % of the deliveries were answered within so many milliseconds; null without any.
    async fn p95_latency_ms(&self) -> Option<f64> {
        self.percentile(0.95)
    }

    /// Hour by hour, oldest first; hours without deliveries are left out.
    async fn buckets(&self) -> Vec<DeliveryBucket> {
        let bucket = |hour: &DeliveryHour| DeliveryBucket {
            starts_at: hour.hour,
            accepted: hour.accepted,
            duplicate: hour.duplicate,
            quarantined: hour.quarantined,
            rejected: hour.rejected,
        };
        self.0.iter().map(bucket).collect()
    }
}
