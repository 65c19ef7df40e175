//! Proves how legs join into conversations, and that the order in which they come does not matter.

use std::collections::{BTreeMap, BTreeSet};

use domain::conversation::{Conversation, Leg, link};
use domain::event::decode;
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

#[test]
fn a_long_chain_is_linked_in_reasonable_time() {
    let legs: Vec<Leg> = (1..=100_000).map(|id| Leg { master_call_id: Some(id + 1), ..leg(id) }).collect();
    let found = link(&legs);
    assert_eq!((found.len(), found[0].id, found[0].stub_ids.as_slice()), (1, 1, [100_001].as_slice()));
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

proptest! {
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
