//! Which legs are one conversation: those that name each other, directly or through others.
//!
//! `group_id` names the group that was called, never the call, and joins nothing. Legs without links that belong
//! together (merges, some transfers) are not guessed here: a wrong join would show one customer's call to another.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Facts;

/// The ids by which one leg can be linked to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leg {
    /// The leg's own id.
    pub call_id: i64,
    /// The first leg, on legs reached by transfer.
    pub master_call_id: Option<i64>,
    /// The group's leg, on agents' legs.
    pub entry_point_call_id: Option<i64>,
    /// The leg of the agent who answered, on group legs.
    pub operator_call_id: Option<i64>,
}

impl Leg {
    /// The leg of a call or event.
    pub fn of(call_id: i64, facts: &Facts) -> Self {
        Self {
            call_id,
            master_call_id: facts.master_call_id,
            entry_point_call_id: facts.entry_point_call_id,
            operator_call_id: facts.operator_call_id,
        }
    }

    /// The ids of other legs that this one names; what is not positive is no id.
    pub fn links(&self) -> impl Iterator<Item = i64> {
        let call_id = self.call_id;
        let links = [self.master_call_id, self.entry_point_call_id, self.operator_call_id];
        links.into_iter().flatten().filter(move |id| *id > 0 && *id != call_id)
    }
}

/// Legs that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The smallest id of all its legs, which is the oldest: it stays the same when legs come later, and when two
    /// conversations turn out to be one, the older id remains.
    pub id: i64,
    /// The legs given, ascending.
    pub call_ids: Vec<i64>,
    /// Legs that others name but that were not given, ascending. They may never arrive.
    pub stub_ids: Vec<i64>,
}

/// Groups legs into conversations, ascending by id. The order of the legs and repeated legs do not matter.
pub fn link(legs: &[Leg]) -> Vec<Conversation> {
    let given: BTreeSet<i64> = legs.iter().map(|leg| leg.call_id).collect();
    let mut groups = Groups::default();
    for leg in legs {
        groups.root(leg.call_id);
        leg.links().for_each(|other| groups.join(leg.call_id, other));
    }
    let mut conversations = BTreeMap::new();
    for id in groups.ids() {
        let root = groups.root(id);
        let conversation = conversations.entry(root).or_insert_with(|| Conversation {
            id: root,
            call_ids: Vec::new(),
            stub_ids: Vec::new(),
        });
        let ids = if given.contains(&id) { &mut conversation.call_ids } else { &mut conversation.stub_ids };
        ids.push(id);
    }
    conversations.into_values().collect()
}

/// Union-find over ids; the root of a group is its smallest id.
#[derive(Default)]
struct Groups {
    parents: BTreeMap<i64, i64>,
}

impl Groups {
    fn ids(&self) -> Vec<i64> {
        self.parents.keys().copied().collect()
    }

    /// The smallest id of the group, which the id joins as a group of its own if it is new.
    fn root(&mut self, id: i64) -> i64 {
        let mut root = id;
        while let Some(parent) = self.parents.get(&root).copied().filter(|parent| *parent != root) {
            root = parent;
        }
        // Everything on the way points straight to the root from now on, or long chains would cost their square.
        let mut step = id;
        while let Some(next) = self.parents.insert(step, root).filter(|next| *next != step && step != root) {
            step = next;
        }
        root
    }

    fn join(&mut self, left: i64, right: i64) {
        let (left, right) = (self.root(left), self.root(right));
        self.parents.insert(left.max(right), left.min(right));
    }
}
