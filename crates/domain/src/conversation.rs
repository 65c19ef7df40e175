//! Which legs are one conversation: those that name each other, directly or through others.
//!
//! `group_id` names the group that was called, never the call, and joins nothing. Legs without links that belong
//! together (merges, some transfers) are not guessed here: a wrong join would show one customer's call to another.

//!
//! Links only ever grow: what counts is whether *any* event of a leg names another one, not what the latest says. So
//! conversations only ever join, in whatever order events come, and [`join`] can go on from what is stored.

mod tree;

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Facts;

pub use tree::{Place, TreeLeg, outcome, tree};

/// Ids of one conversation, those of legs that never arrived among them. What links more is no call of people, but a
/// mistake of a system or of somebody: all its legs stand alone then, or one more event would cost without bound.
pub const IDS_MAX: usize = 200;

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
    let mut conversations = Vec::new();
    for (id, ids) in groups.members() {
        let is_crowd = ids.len() > IDS_MAX;
        let (call_ids, stub_ids): (Vec<i64>, Vec<i64>) = ids.into_iter().partition(|id| given.contains(id));
        if is_crowd {
            let alone = |id| Conversation { id, call_ids: vec![id], stub_ids: Vec::new() };
            conversations.extend(call_ids.into_iter().map(alone));
        } else {
            conversations.push(Conversation { id, call_ids, stub_ids });
        }
    }
    conversations.sort_by_key(|conversation| conversation.id);
    conversations
}

/// What is known of an id that is linked to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It belongs to the conversation with this id.
    In(i64),
    /// It is linked to more than [`IDS_MAX`] ids, and stands alone. So does whatever is linked to it.
    Crowd,
}

impl Standing {
    /// The id of the conversation of a leg.
    pub fn conversation_of(self, call_id: i64) -> i64 {
        match self {
            Self::In(id) => id,
            Self::Crowd => call_id,
        }
    }
}

/// Joins legs to what is known; answers the ids whose standing is new or has changed. Joined bit by bit, in any
/// order, legs become what [`link`] makes of all of them.
///
/// `known` has what is known of every id that the legs have and name, and of all others of their conversations.
pub fn join(known: &BTreeMap<i64, Standing>, legs: &[Leg]) -> BTreeMap<i64, Standing> {
    let mut groups = Groups::default();
    for (id, standing) in known {
        groups.join(*id, standing.conversation_of(*id));
    }
    for leg in legs {
        leg.links().for_each(|other| groups.join(leg.call_id, other));
    }
    let mut changed = BTreeMap::new();
    for (root, ids) in groups.members() {
        let is_crowd = ids.len() > IDS_MAX || ids.iter().any(|id| known.get(id) == Some(&Standing::Crowd));
        let standing = if is_crowd { Standing::Crowd } else { Standing::In(root) };
        let news = ids.into_iter().filter(|id| known.get(id) != Some(&standing));
        changed.extend(news.map(|id| (id, standing)));
    }
    changed
}

/// Union-find over ids; the root of a group is its smallest id.
#[derive(Default)]
struct Groups {
    parents: BTreeMap<i64, i64>,
}

impl Groups {
    /// The ids of each group, ascending, by the smallest of them.
    fn members(mut self) -> BTreeMap<i64, Vec<i64>> {
        let ids: Vec<i64> = self.parents.keys().copied().collect();
        let mut members: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for id in ids {
            members.entry(self.root(id)).or_default().push(id);
        }
        members
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
