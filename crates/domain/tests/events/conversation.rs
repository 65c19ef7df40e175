//! Proves how legs join into conversations, and that the order in which they come does not matter.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use domain::conversation::{Conversation, IDS_MAX, Leg, Standing, TreeLeg, join, link, outcome, tree};
use domain::event::decode;
use domain::state::Outcome;
use proptest::prelude::*;

use crate::samples::{agent_leg, direct_hangup, group_leg};

fn leg(call_id: i64) -> Leg {
    Leg { call_id, master_call_id: None, entry_point_call_id: None, operator_call_id: None }
}

#[test]
fn a_transfer_to_a_call_centre_is_one_conversation() {
    let root = leg(100);
    let group = Leg { master_call_id: Some(100), operator_call_id: Some(102), ..leg(101) };
    let agent = Leg { entry_point_call_id: Some(101), ..leg(102) };
    let tried = Leg { entry_point_call_id: Some(101), ..leg(103) };
    let expected = Conversation { id: 100, call_ids: vec![100, 101, 102, 103], stub_ids: vec![] };
    assert_eq!(
        link(&[tried, agent, group, root, leg(7)]),
        [Conversation { id: 7, call_ids: vec![7], stub_ids: vec![] }, expected]
    );
}

#[test]
fn unseen_legs_are_stubs_and_join_their_children() {
    let first = Leg { entry_point_call_id: Some(50), ..leg(51) };
    let second = Leg { entry_point_call_id: Some(50), ..leg(52) };
    let expected = Conversation { id: 50, call_ids: vec![51, 52], stub_ids: vec![50] };
    assert_eq!(link(&[first, second]), [expected]);
}

#[test]
fn no_id_and_the_own_id_join_nothing() {
    let legs = [
        Leg { master_call_id: Some(0), ..leg(1) },
        Leg { master_call_id: Some(0), entry_point_call_id: Some(-5), operator_call_id: Some(2), ..leg(2) },
    ];
    assert_eq!(link(&legs).iter().map(|found| found.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(link(&[]), []);
}

#[test]
fn legs_of_decoded_events_join_but_groups_do_not() {
    let other_caller = crate::samples::with(
        direct_hangup(),
        serde_json::json!({
            "group_id": group_leg()["group_id"]
        }),
    );
    let legs = [group_leg(), agent_leg(), other_caller].map(|payload| {
        let event = decode(payload.to_string().as_bytes()).unwrap();
        Leg::of(event.call_id, &event.facts)
    });
    assert_eq!(link(&legs).iter().map(|found| found.call_ids.len()).collect::<Vec<_>>(), [2, 1]);
}

/// A chain of so many ids, each naming the next.
fn chain(ids: i64) -> Vec<Leg> {
    (1..ids).map(|id| Leg { master_call_id: Some(id + 1), ..leg(id) }).collect()
}

#[test]
fn what_links_too_many_is_no_conversation() {
    let most = i64::try_from(IDS_MAX).unwrap();
    let found = link(&chain(most));
    assert_eq!((found.len(), found[0].id, found[0].stub_ids.as_slice()), (1, 1, [most].as_slice()));
    let found = link(&chain(most + 1));
    let alone = |id| Conversation { id, call_ids: vec![id], stub_ids: vec![] };
    assert_eq!(found, (1..=most).map(alone).collect::<Vec<_>>());
    assert_eq!(link(&chain(100_000)).len(), 99_999, "in reasonable time");
}

fn any_leg() -> impl Strategy<Value = Leg> {
    let link = || prop::option::weighted(0.3, 0_i64..30);
    (1_i64..30, link(), link(), link()).prop_map(|(call_id, master, entry_point, operator)| Leg {
        call_id,
        master_call_id: master,
        entry_point_call_id: entry_point,
        operator_call_id: operator,
    })
}

/// Grows each group from its smallest id until nothing more can be reached.
fn by_reachability(legs: &[Leg]) -> BTreeMap<i64, BTreeSet<i64>> {
    let edges: BTreeSet<(i64, i64)> =
        legs.iter().flat_map(|leg| leg.links().map(move |other| (leg.call_id, other))).collect();
    let mut left: BTreeSet<i64> = legs.iter().map(|leg| leg.call_id).collect();
    left.extend(edges.iter().map(|(_, other)| *other));
    let mut groups = BTreeMap::new();
    while let Some(first) = left.first().copied() {
        let mut group = BTreeSet::from([first]);
        loop {
            let touching = edges.iter().filter(|(a, b)| group.contains(a) || group.contains(b));
            let grown: BTreeSet<i64> = touching.flat_map(|(a, b)| [*a, *b]).chain(group.clone()).collect();
            if grown.len() == group.len() {
                break;
            }
            group = grown;
        }
        left.retain(|id| !group.contains(id));
        groups.insert(first, group);
    }
    groups
}

/// Joins legs one batch after the other, as they are stored.
fn join_in_batches(batches: &[Vec<Leg>]) -> BTreeMap<i64, Standing> {
    let mut known = BTreeMap::new();
    for legs in batches {
        let changed = join(&known, legs);
        assert!(changed.iter().all(|(id, standing)| known.get(id) != Some(standing)), "only news");
        known.extend(changed);
    }
    known
}

/// What all of them together make: nothing of those that are alone.
fn join_at_once(legs: &[Leg]) -> BTreeMap<i64, Standing> {
    let linked: BTreeSet<i64> = legs
        .iter()
        .filter(|leg| leg.links().next().is_some())
        .flat_map(|leg| leg.links().chain([leg.call_id]))
        .collect();
    let groups = by_reachability(legs);
    let of = |(id, ids): (i64, BTreeSet<i64>)| {
        let standing = if ids.len() > IDS_MAX { Standing::Crowd } else { Standing::In(id) };
        ids.into_iter().map(move |id| (id, standing))
    };
    groups.into_iter().flat_map(of).filter(|(id, _)| linked.contains(id)).collect()
}

#[test]
fn a_crowd_stays_one_and_takes_in_what_is_linked_to_it() {
    let most = i64::try_from(IDS_MAX).unwrap();
    let both_ways: [Vec<Leg>; 2] = [chain(most + 50), chain(most + 50).into_iter().rev().collect()];
    for legs in both_ways {
        let batches: Vec<Vec<Leg>> = legs.chunks(7).map(<[Leg]>::to_vec).collect();
        let known = join_in_batches(&batches);
        assert_eq!(known.len(), IDS_MAX + 50);
        assert!(known.values().all(|standing| *standing == Standing::Crowd));
        let late = Leg { entry_point_call_id: Some(3), ..leg(9_000) };
        assert_eq!(join(&known, &[late]), BTreeMap::from([(9_000, Standing::Crowd)]));
    }
    assert_eq!((Standing::Crowd.conversation_of(5), Standing::In(3).conversation_of(5)), (5, 3));
}

/// A leg that started so many seconds after the first.
fn started(seconds: i64, leg: Leg) -> TreeLeg {
    TreeLeg { leg, started_at: DateTime::from_timestamp(1_789_398_245 + seconds, 0).unwrap() }
}

#[test]
fn the_tree_of_a_transfer() {
    let legs = [
        started(30, Leg { entry_point_call_id: Some(101), ..leg(103) }),
        started(20, Leg { master_call_id: Some(100), operator_call_id: Some(102), ..leg(101) }),
        started(0, leg(100)),
        // Named by its group only.
        started(25, leg(102)),
        started(40, Leg { master_call_id: Some(100), ..leg(104) }),
        started(50, Leg { entry_point_call_id: Some(99), ..leg(105) }),
    ];
    let expected = [
        (100, None, 0),
        (101, Some(100), 1),
        (102, Some(101), 2),
        (103, Some(101), 2),
        (104, Some(100), 1),
        (105, None, 0),
    ];
    let found: Vec<_> = tree(&legs).iter().map(|place| (place.call_id, place.parent, place.depth)).collect();
    assert_eq!(found, expected);
    assert_eq!(tree(&[]), []);
}

#[test]
fn a_conversation_came_out_as_its_legs_did() {
    use Outcome::{Abandoned, Answered, Blocked, Cancelled, Missed, Ongoing, Voicemail};
    for (legs, expected) in [
        (&[Missed, Missed, Answered][..], Answered),
        (&[Answered, Ongoing], Answered),
        (&[Missed, Ongoing, Voicemail], Ongoing),
        (&[Abandoned, Voicemail, Missed], Voicemail),
        (&[Abandoned, Missed], Abandoned),
        (&[Missed, Abandoned], Missed),
        (&[Cancelled], Cancelled),
        (&[Blocked], Blocked),
        (&[], Ongoing),
    ] {
        assert_eq!(outcome(legs), expected, "{legs:?}");
    }
}

proptest! {
    #[test]
    fn joining_bit_by_bit_is_joining_at_once(
        (legs, batches) in prop::collection::vec(any_leg(), 0..25).prop_flat_map(|legs| {
            let mixed = Just([legs.clone(), legs.clone()].concat()).prop_shuffle();
            (Just(legs), (mixed, 1_usize..6).prop_map(|(legs, size)| {
                legs.chunks(size).map(<[Leg]>::to_vec).collect::<Vec<_>>()
            }))
        })
    ) {
        prop_assert_eq!(join_in_batches(&batches), join_at_once(&legs));
    }

    #[test]
    fn every_leg_stands_once_behind_its_parent(
        (legs, mixed) in prop::collection::vec((any_leg(), 0_i64..5), 0..15)
            .prop_map(|legs| legs.into_iter().map(|(leg, at)| started(at, leg)).collect::<Vec<_>>())
            .prop_map(|legs| {
                let mut seen = BTreeSet::new();
                legs.into_iter().filter(|one| seen.insert(one.leg.call_id)).collect::<Vec<_>>()
            })
            .prop_flat_map(|legs| (Just(legs.clone()), Just(legs).prop_shuffle()))
    ) {
        let places = tree(&legs);
        prop_assert_eq!(places.len(), legs.len());
        for (at, place) in places.iter().enumerate() {
            match place.parent {
                None => prop_assert_eq!(place.depth, 0),
                Some(parent) => {
                    let above = places[..at].iter().find(|other| other.call_id == parent);
                    prop_assert_eq!(above.map(|above| above.depth + 1), Some(place.depth));
                }
            }
        }
        prop_assert_eq!(tree(&mixed), places);
    }

    #[test]
    fn groups_are_those_that_can_reach_each_other(legs in prop::collection::vec(any_leg(), 0..15)) {
        let found: BTreeMap<i64, BTreeSet<i64>> = link(&legs)
            .into_iter()
            .map(|found| (found.id, found.call_ids.into_iter().chain(found.stub_ids).collect()))
            .collect();
        prop_assert_eq!(found, by_reachability(&legs));
    }

    #[test]
    fn order_and_repetition_do_not_matter(
        (legs, mixed) in prop::collection::vec(any_leg(), 0..15)
            .prop_flat_map(|legs| (Just(legs.clone()), Just([legs.clone(), legs].concat()).prop_shuffle()))
    ) {
        prop_assert_eq!(link(&mixed), link(&legs));
    }
}
