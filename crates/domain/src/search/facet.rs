//! Facets: how many calls there are of each direction, state, outcome and so on, among those that pass a filter.
//!
//! A facet is counted without its own condition, so that what was not chosen can still be seen and chosen.

use super::{CallFilter, PersonSide};

/// What calls are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Which way the call went.
    Direction,
    /// Its life-cycle state.
    State,
    /// What came of it.
    Outcome,
    /// Who of the company is on it.
    Person,
    /// Its group.
    Group,
    /// Whether it was recorded.
    Recorded,
    /// Whether a voicemail was left.
    Voicemail,
}

impl Facet {
    /// Every facet.
    pub const ALL: &'static [Self] = &[
        Self::Direction,
        Self::State,
        Self::Outcome,
        Self::Person,
        Self::Group,
        Self::Recorded,
        Self::Voicemail,
    ];

    /// Whether `filter` has a condition of its own on what this facet counts by: the one that [`CallFilter::without`]
    /// leaves out.
    pub fn is_asked_in(self, filter: &CallFilter) -> bool {
        filter.conjuncts().into_iter().any(|part| self.is_own(part))
    }

    /// Whether `filter` is a plain condition on what this facet counts by.
    fn is_own(self, filter: &CallFilter) -> bool {
        match filter {
            CallFilter::Direction(_) => self == Self::Direction,
            CallFilter::State(_) => self == Self::State,
            CallFilter::Outcome(_) => self == Self::Outcome,
            CallFilter::Person(PersonSide::Internal, _) => self == Self::Person,
            CallFilter::Group(_) => self == Self::Group,
            CallFilter::Recorded(_) => self == Self::Recorded,
            CallFilter::Voicemail(_) => self == Self::Voicemail,
            CallFilter::Person(PersonSide::Contact, _)
            | CallFilter::All(_)
            | CallFilter::Any(_)
            | CallFilter::Not(_)
            | CallFilter::Number(..)
            | CallFilter::Text(_)
            | CallFilter::Started(..)
            | CallFilter::Millis(..)
            | CallFilter::Transferred(_)
            | CallFilter::CallId(_)
            | CallFilter::Label(_) => false,
        }
    }
}

impl CallFilter {
    /// The conditions that must all hold, with those of `All` in `All` taken apart.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            one => vec![one],
        }
    }

    /// This filter without the conditions that are `facet`'s own. Those inside of `Any` and `Not` say something about
    /// other calls too, so they stay.
    #[must_use]
    pub fn without(&self, facet: Facet) -> Self {
        let others = self.conjuncts().into_iter().filter(|part| !facet.is_own(part));
        Self::All(others.cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::TextMatch;
    use crate::state::{Direction, Outcome};

    fn own() -> Vec<(Facet, CallFilter)> {
        let person = CallFilter::Person(PersonSide::Internal, TextMatch::Contains("ivo".to_owned()));
        vec![
            (Facet::Direction, CallFilter::Direction(vec![Direction::Inbound])),
            (Facet::State, CallFilter::State(Vec::new())),
            (Facet::Outcome, CallFilter::Outcome(vec![Outcome::Missed])),
            (Facet::Person, person),
            (Facet::Group, CallFilter::Group(vec!["Office:1".to_owned()])),
            (Facet::Recorded, CallFilter::Recorded(true)),
            (Facet::Voicemail, CallFilter::Voicemail(false)),
        ]
    }

    #[test]
    fn only_the_own_condition_goes() {
        let all: Vec<CallFilter> = own().into_iter().map(|(_, filter)| filter).collect();
        for (at, facet) in Facet::ALL.iter().enumerate() {
            let mut wanted = all.clone();
            wanted.remove(at);
            assert!(facet.is_asked_in(&CallFilter::All(all.clone())));
            assert!(!facet.is_asked_in(&CallFilter::All(wanted.clone())));
            assert_eq!(CallFilter::All(all.clone()).without(*facet), CallFilter::All(wanted.clone()));
            // However deep the conjunction is.
            let (left, right) = all.split_at(3);
            let nested = CallFilter::All(vec![
                CallFilter::All(left.to_vec()),
                CallFilter::All(vec![CallFilter::All(right.to_vec())]),
            ]);
            assert_eq!(nested.without(*facet), CallFilter::All(wanted));
        }
    }

    #[test]
    fn what_says_more_stays() {
        for (facet, filter) in own() {
            let stays = [
                CallFilter::Any(vec![filter.clone()]),
                CallFilter::Not(Box::new(filter.clone())),
                CallFilter::Text("ivo".to_owned()),
                CallFilter::Person(PersonSide::Contact, TextMatch::Is("ivo".to_owned())),
            ];
            let both = CallFilter::All(stays.iter().cloned().chain([filter.clone()]).collect());
            assert_eq!(both.without(facet), CallFilter::All(stays.to_vec()));
            assert_eq!(filter.without(facet), CallFilter::everything(), "also when it is all there is");
        }
    }
}
