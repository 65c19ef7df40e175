//! The legs of a conversation as a tree: which leg came of which, and what came of them all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Leg;
use crate::state::Outcome;

/// A leg as the tree needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeLeg {
    /// Its ids.
    pub leg: Leg,
    /// When it started.
    pub started_at: DateTime<Utc>,
}

/// Where a leg stands in the tree of its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The leg.
    pub call_id: i64,
    /// The leg that it came of: the group's leg of an agent's, the first leg of one that was transferred.
    pub parent: Option<i64>,
    /// How many legs are above it.
    pub depth: usize,
}

/// The legs in the order of a tree: each behind the leg that it came of, older ones first. Legs whose parent never
/// arrived begin a tree of their own. The order in which they are given does not matter.
pub fn tree(legs: &[TreeLeg]) -> Vec<Place> {
    let mut oldest_first: Vec<&TreeLeg> = legs.iter().collect();
    oldest_first.sort_unstable_by_key(|one| (one.started_at, one.leg.call_id));
    oldest_first.dedup_by_key(|one| one.leg.call_id);
    let parents = parents(&oldest_first);
    let mut children: BTreeMap<Option<i64>, Vec<i64>> = BTreeMap::new();
    // The youngest first: they are taken from the end.
    for one in oldest_first.iter().rev() {
        let call_id = one.leg.call_id;
        children.entry(parents.get(&call_id).copied()).or_default().push(call_id);
    }
    let mut places = Vec::with_capacity(oldest_first.len());
    let below = |parent: Option<i64>, depth| move |call_id| Place { call_id, parent, depth };
    let mut open: Vec<Place> =
        children.remove(&None).unwrap_or_default().into_iter().map(below(None, 0)).collect();
    while let Some(place) = open.pop() {
        let own = children.remove(&Some(place.call_id)).unwrap_or_default();
        open.extend(own.into_iter().map(below(Some(place.call_id), place.depth + 1)));
        places.push(place);
    }
    places
}

/// The parent of each leg that has one. Legs that name each other in a circle: the oldest of them has none.
fn parents(oldest_first: &[&TreeLeg]) -> BTreeMap<i64, i64> {
    let is_there = |id: &i64| oldest_first.iter().any(|one| one.leg.call_id == *id);
    let mut parents = BTreeMap::new();
    for one in oldest_first.iter().rev() {
        let leg = one.leg;
        let answered = oldest_first.iter().find(|other| other.leg.operator_call_id == Some(leg.call_id));
        // From the nearest to the farthest.
        let named = [leg.entry_point_call_id, answered.map(|group| group.leg.call_id), leg.master_call_id];
        let mut named = named.into_iter().flatten().filter(|id| *id != leg.call_id && is_there(id));
        if let Some(parent) = named.find(|parent| !is_above(&parents, leg.call_id, *parent)) {
            parents.insert(leg.call_id, parent);
        }
    }
    parents
}

/// Whether `above` is `below` or one of those above it.
fn is_above(parents: &BTreeMap<i64, i64>, above: i64, below: i64) -> bool {
    std::iter::successors(Some(below), |id| parents.get(id).copied()).any(|id| id == above)
}

/// What came of a conversation, from the outcomes of its legs in the order of the tree. When a person answered any
/// leg, it was answered, whoever else was rung in vain; while any leg goes on, it goes on; else a voicemail counts for
/// more than a miss. In all other cases the first leg, where the call came in, tells: an agent who did not pick up
/// does not turn a caller who gave up into a missed call.
pub fn outcome(legs: &[Outcome]) -> Outcome {
    let telling = [Outcome::Answered, Outcome::Ongoing, Outcome::Voicemail];
    let found = telling.into_iter().find(|outcome| legs.contains(outcome));
    found.or(legs.first().copied()).unwrap_or(Outcome::Ongoing)
}
