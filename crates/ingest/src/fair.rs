//! A queue in which nobody waits for others: what waits is taken in turn from everyone who has something waiting.
//!
//! A company that sends fifty times its share fills its own line and delays itself.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::hash::Hash;

/// How much may wait in a queue, of one owner and of all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) items_of_one: usize,
    pub(crate) bytes_of_one: usize,
    pub(crate) items: usize,
}

/// What one owner has waiting.
struct Line<T> {
    items: VecDeque<(usize, T)>,
    bytes: usize,
}

/// What waits, by owner.
pub(crate) struct FairQueue<K, T> {
    bounds: Bounds,
    lines: HashMap<K, Line<T>>,
    /// Everyone who has something waiting, whoever is next in front.
    turns: VecDeque<K>,
    items: usize,
}

impl<K: Copy + Eq + Hash, T> FairQueue<K, T> {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, lines: HashMap::new(), turns: VecDeque::new(), items: 0 }
    }

    /// Adds an item of so many bytes, or gives it back when too much is waiting. Something always has room in an empty
    /// line.
    pub(crate) fn push(&mut self, owner: K, bytes: usize, item: T) -> Result<(), T> {
        if self.items >= self.bounds.items {
            return Err(item);
        }
        match self.lines.entry(owner) {
            Entry::Vacant(vacant) => {
                vacant.insert(Line { items: VecDeque::from([(bytes, item)]), bytes });
                self.turns.push_back(owner);
            }
            Entry::Occupied(occupied) => {
                let line = occupied.into_mut();
                let is_full = line.items.len() >= self.bounds.items_of_one
                    || line.bytes.saturating_add(bytes) > self.bounds.bytes_of_one;
                if is_full {
                    return Err(item);
                }
                line.bytes += bytes;
                line.items.push_back((bytes, item));
            }
        }
        self.items += 1;
        Ok(())
    }

    /// Takes items until there are `items_max` of them or one more would make it more than `bytes_max`: one of
    /// everybody in turn, each owner's in the order they came. The first is taken however large it is.
    pub(crate) fn take(&mut self, items_max: usize, bytes_max: usize, into: &mut Vec<T>) {
        let (mut items, mut bytes) = (0, 0_usize);
        while items < items_max {
            let Some(owner) = self.turns.pop_front() else { return };
            let Entry::Occupied(mut occupied) = self.lines.entry(owner) else { continue };
            let line = occupied.get_mut();
            let Some((size, item)) = line.items.pop_front() else { continue };
            if items > 0 && bytes.saturating_add(size) > bytes_max {
                line.items.push_front((size, item));
                self.turns.push_front(owner);
                return;
            }
            (items, bytes) = (items + 1, bytes.saturating_add(size));
            line.bytes -= size;
            self.items -= 1;
            into.push(item);
            if line.items.is_empty() {
                occupied.remove();
            } else {
                self.turns.push_back(owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { items_of_one: 50, bytes_of_one: 1_000, items: 120 };

    fn take(queue: &mut FairQueue<u8, (u8, usize)>, max: usize) -> Vec<(u8, usize)> {
        let mut taken = Vec::new();
        queue.take(max, usize::MAX, &mut taken);
        taken
    }

    #[test]
    fn one_at_fifty_times_its_share_delays_only_itself() {
        let mut queue = FairQueue::new(BOUNDS);
        for number in 0..50 {
            queue.push(1, 1, (1, number)).unwrap();
        }
        assert_eq!(queue.push(1, 1, (1, 50)), Err((1, 50)), "its line is full");
        queue.push(2, 1, (2, 0)).unwrap();
        queue.push(3, 1, (3, 0)).unwrap();
        assert_eq!(take(&mut queue, 4), [(1, 0), (2, 0), (3, 0), (1, 1)]);
        queue.push(2, 1, (2, 1)).unwrap();
        assert_eq!(take(&mut queue, 2), [(1, 2), (2, 1)]);
    }

    #[test]
    fn a_line_has_room_for_so_many_bytes_and_an_empty_one_for_anything() {
        let mut queue = FairQueue::new(BOUNDS);
        queue.push(1, 5_000, (1, 0)).unwrap();
        assert!(queue.push(1, 1, (1, 1)).is_err());
        assert_eq!(take(&mut queue, 10), [(1, 0)]);
        queue.push(1, 999, (1, 1)).unwrap();
        queue.push(1, 1, (1, 2)).unwrap();
        assert!(queue.push(1, 1, (1, 3)).is_err());
    }

    #[test]
    fn what_is_taken_at_once_has_a_size() {
        let mut queue = FairQueue::new(BOUNDS);
        queue.push(1, 900, (1, 0)).unwrap();
        queue.push(2, 300, (2, 0)).unwrap();
        queue.push(3, 100, (3, 0)).unwrap();
        let sizes = [1, 2].map(|_| {
            let mut taken = Vec::new();
            queue.take(10, 400, &mut taken);
            taken.len()
        });
        assert_eq!(sizes, [1, 2], "the first however large, then those that fit");
        assert_eq!(queue.items, 0);
    }

    proptest! {
        /// Whatever is pushed and taken: nothing is lost or doubled, each owner's items keep their order, nobody who
        /// waits is passed over twice, and the bounds hold.
        #[test]
        fn nothing_is_lost_and_everyone_has_a_turn(
            steps in prop::collection::vec((0_u8..5, 0_usize..400, 0_usize..8), 1..300),
        ) {
            let mut queue = FairQueue::new(BOUNDS);
            let mut waiting: HashMap<u8, VecDeque<usize>> = HashMap::new();
            for (number, (owner, bytes, taking)) in steps.into_iter().enumerate() {
                if queue.push(owner, bytes, (owner, number)).is_ok() {
                    waiting.entry(owner).or_default().push_back(number);
                }
                let owners = waiting.values().filter(|line| !line.is_empty()).count();
                let taken = take(&mut queue, taking);
                let distinct: std::collections::HashSet<_> = taken.iter().map(|(owner, _)| owner).collect();
                prop_assert_eq!(distinct.len(), owners.min(taking));
                for (owner, number) in taken {
                    prop_assert_eq!(waiting.get_mut(&owner).and_then(VecDeque::pop_front), Some(number));
                }
                let left: usize = waiting.values().map(VecDeque::len).sum();
                prop_assert_eq!(queue.items, left);
                prop_assert!(left <= BOUNDS.items && waiting.values().all(|line| line.len() <= BOUNDS.items_of_one));
            }
        }
    }
}
