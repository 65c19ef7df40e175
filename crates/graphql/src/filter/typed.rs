//! The way back: the typed filter that says what a condition says.

use async_graphql::{InputType, Value};
use domain::search::{Bound, Measure, NumberMatch, NumberSide, PersonSide, TextMatch, When};

use super::{
    CallFilter, CallOutcomeFilter, CallStateFilter, Condition, DateTimeFilter, DirectionFilter, IdFilter,
    NumberFilter, NumericFilter, TextFilter,
};

impl CallFilter {
    /// The filter that is read as `condition`, in the same order. Periods back from now stay that.
    pub(crate) fn of(condition: &Condition) -> Self {
        let many = |parts: &[Condition]| Some(parts.iter().map(Self::of).collect());
        let none = Self::default();
        match condition {
            Condition::All(parts) if parts.is_empty() => none,
            Condition::All(parts) => Self { and: many(parts), ..none },
            Condition::Any(parts) => Self { or: many(parts), ..none },
            Condition::Not(inner) => Self { not: Some(Box::new(Self::of(inner))), ..none },
            Condition::Direction(any) => Self { direction: Some(DirectionFilter::of(any)), ..none },
            Condition::State(any) => Self { state: Some(CallStateFilter::of(any)), ..none },
            Condition::Outcome(any) => Self { outcome: Some(CallOutcomeFilter::of(any)), ..none },
            Condition::Number(side, wanted) => {
                let filter = Some(NumberFilter::of(wanted));
                match side {
                    NumberSide::Any => Self { number: filter, ..none },
                    NumberSide::External => Self { external_number: filter, ..none },
                    NumberSide::Internal => Self { internal_number: filter, ..none },
                }
            }
            Condition::Person(PersonSide::Internal, wanted) => {
                Self { person: Some(TextFilter::of(wanted)), ..none }
            }
            Condition::Person(PersonSide::Contact, wanted) => {
                Self { contact: Some(TextFilter::of(wanted)), ..none }
            }
            Condition::Text(text) => Self { text: Some(text.clone()), ..none },
            Condition::Started(bound, when) => {
                Self { date_started: Some(DateTimeFilter::of(*bound, *when)), ..none }
            }
            Condition::Millis(measure, bound, ms) => {
                let filter = Some(NumericFilter::of(*bound, *ms));
                match measure {
                    Measure::Duration => Self { duration_ms: filter, ..none },
                    Measure::TalkTime => Self { talk_time_ms: filter, ..none },
                }
            }
            Condition::Recorded(wanted) => Self { was_recorded: Some(*wanted), ..none },
            Condition::Voicemail(wanted) => Self { has_voicemail: Some(*wanted), ..none },
            Condition::Transferred(wanted) => Self { is_transferred: Some(*wanted), ..none },
            Condition::Group(any) => Self { group_id: Some(IdFilter::of(any)), ..none },
            Condition::CallId(any) => Self { call_id: Some(IdFilter::of(any)), ..none },
            Condition::Label(wanted) => Self { label: Some(TextFilter::of(wanted)), ..none },
        }
    }

    /// The filter as a value of its input type, without the members that are not there.
    pub(crate) fn value(&self) -> Value {
        without_nulls(self.to_value())
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let present = members.into_iter().filter(|(_, value)| *value != Value::Null);
            Value::Object(present.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(without_nulls).collect()),
        simple => simple,
    }
}

macro_rules! enum_filter_of {
    ($($name:ident of $value:path;)+) => {$(
        impl $name {
            fn of(any: &[$value]) -> Self {
                match any {
                    [one] => Self { eq: Some((*one).into()), ..Self::default() },
                    many => {
                        let values = many.iter().map(|one| (*one).into()).collect();
                        Self { is_in: Some(values), ..Self::default() }
                    }
                }
            }
        }
    )+};
}

enum_filter_of! {
    DirectionFilter of domain::state::Direction;
    CallStateFilter of domain::state::CallState;
    CallOutcomeFilter of domain::state::Outcome;
}

impl NumberFilter {
    fn of(wanted: &NumberMatch) -> Self {
        match wanted.clone() {
            NumberMatch::Is(number) => Self { eq: Some(number), ..Self::default() },
            NumberMatch::StartsWith(digits) => Self { starts_with: Some(digits), ..Self::default() },
            NumberMatch::EndsWith(digits) => Self { ends_with: Some(digits), ..Self::default() },
            NumberMatch::Contains(digits) => Self { contains: Some(digits), ..Self::default() },
        }
    }
}

impl TextFilter {
    fn of(wanted: &TextMatch) -> Self {
        match wanted.clone() {
            TextMatch::Is(text) => Self { eq: Some(text), ..Self::default() },
            TextMatch::StartsWith(text) => Self { starts_with: Some(text), ..Self::default() },
            TextMatch::Contains(text) => Self { contains: Some(text), ..Self::default() },
        }
    }
}

impl DateTimeFilter {
    fn of(bound: Bound, when: When) -> Self {
        let at = Some(when.iso());
        match bound {
            Bound::Exactly => Self { eq: at, ..Self::default() },
            Bound::Before => Self { lt: at, ..Self::default() },
            Bound::UpTo => Self { lte: at, ..Self::default() },
            Bound::After => Self { gt: at, ..Self::default() },
            Bound::From => Self { gte: at, ..Self::default() },
        }
    }
}

impl NumericFilter {
    fn of(bound: Bound, value: f64) -> Self {
        let value = Some(value);
        match bound {
            Bound::Exactly => Self { eq: value, ..Self::default() },
            Bound::Before => Self { lt: value, ..Self::default() },
            Bound::UpTo => Self { lte: value, ..Self::default() },
            Bound::After => Self { gt: value, ..Self::default() },
            Bound::From => Self { gte: value, ..Self::default() },
        }
    }
}

impl IdFilter {
    fn of<T: ToString>(any: &[T]) -> Self {
        match any {
            [one] => Self { eq: Some(one.to_string()), ..Self::default() },
            many => Self { is_in: Some(many.iter().map(T::to_string).collect()), ..Self::default() },
        }
    }
}
