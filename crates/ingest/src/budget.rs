//! How many refused deliveries are kept in a while: a flood of them is answered and counted, but not written down one by
//! one, since only so many are kept anyway.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use domain::ids::EndpointId;

/// Refused deliveries of an endpoint that are kept at once: as many as its ring holds.
const BURST: f64 = 1_000.0;
/// And after that in every second.
const PER_SECOND: f64 = 20.0;
/// Endpoints that are remembered; those with the whole burst left need not be.
const ENDPOINTS_MAX: usize = 10_000;

/// What is left for an endpoint, and when that was true.
struct Left {
    items: f64,
    at: Instant,
}

#[derive(Default)]
pub(crate) struct RefusedBudget(Mutex<HashMap<EndpointId, Left>>);

impl RefusedBudget {
    /// Whether another refused delivery of `endpoint` is to be kept.
    pub(crate) fn take(&self, endpoint: EndpointId, now: Instant) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ENDPOINTS_MAX && !known.contains_key(&endpoint) {
            known.retain(|_, left| left.refilled(now) < BURST);
            if known.len() >= ENDPOINTS_MAX {
                return false;
            }
        }
        let left = known.entry(endpoint).or_insert(Left { items: BURST, at: now });
        let items = left.refilled(now);
        *left = Left { items: (items - 1.0).max(0.0), at: now };
        items >= 1.0
    }
}

impl Left {
    fn refilled(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        passed.mul_add(PER_SECOND, self.items).min(BURST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_flood_is_kept_up_to_a_bound_and_costs_others_nothing() {
        let (budget, start) = (RefusedBudget::default(), Instant::now());
        let (loud, quiet) = (EndpointId(uuid::Uuid::from_u128(1)), EndpointId(uuid::Uuid::from_u128(2)));
        let kept = (0..5_000).filter(|_| budget.take(loud, start)).count();
        assert_eq!(kept, 1_000);
        assert!(budget.take(quiet, start));
        let later = start + Duration::from_secs(2);
        assert_eq!((0..5_000).filter(|_| budget.take(loud, later)).count(), 40);
    }
}
