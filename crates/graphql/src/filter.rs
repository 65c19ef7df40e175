//! The typed filter: the same conditions as the query text.

mod typed;

use async_graphql::InputObject;
use chrono::{DateTime, TimeDelta, Utc};
use domain::search::{
    self, Bound, Measure, NumberMatch, NumberSide, PersonSide, QUERY_CHARS_MAX, TextMatch, When,
};
use domain::text;

use crate::enums::{CallOutcome, CallState, Direction};
use crate::error::ApiError;

/// Values of one list in a filter.
const LIST_VALUES_MAX: usize = 100;

type Condition = search::CallFilter<When>;

/// Conditions on calls. Those of one filter must all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct CallFilter {
    /// All of these hold.
    and: Option<Vec<CallFilter>>,
    /// At least one of these holds.
    or: Option<Vec<CallFilter>>,
    /// This does not hold.
    not: Option<Box<CallFilter>>,
    /// Which way the call went.
    direction: Option<DirectionFilter>,
    /// The furthest state of its life cycle.
    state: Option<CallStateFilter>,
    /// What came of it.
    outcome: Option<CallOutcomeFilter>,
    /// Any number on the call.
    number: Option<NumberFilter>,
    /// The other side's number.
    external_number: Option<NumberFilter>,
    /// The company's number.
    internal_number: Option<NumberFilter>,
    /// Someone or some group of the company, by name, e-mail or Dialpad id.
    person: Option<TextFilter>,
    /// The contact, by name, e-mail or Dialpad id.
    contact: Option<TextFilter>,
    /// Free text, as in the search box: either party by name, number or e-mail, or an id.
    text: Option<String>,
    /// When the call started.
    date_started: Option<DateTimeFilter>,
    /// Milliseconds from connection to end.
    duration_ms: Option<NumericFilter>,
    /// Milliseconds that people talked.
    talk_time_ms: Option<NumericFilter>,
    /// Whether it was recorded.
    was_recorded: Option<bool>,
    /// Whether a voicemail was left.
    has_voicemail: Option<bool>,
    /// Whether it was transferred.
    is_transferred: Option<bool>,
    /// The group.
    group_id: Option<IdFilter>,
    /// Dialpad's id of the call.
    call_id: Option<IdFilter>,
    /// A label.
    label: Option<TextFilter>,
}

macro_rules! enum_filter {
    ($(#[$doc:meta])* $name:ident of $value:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, InputObject)]
        pub(crate) struct $name {
            /// It is this.
            eq: Option<$value>,
            /// It is not this.
            neq: Option<$value>,
            /// It is one of these.
            #[graphql(name = "in")]
            is_in: Option<Vec<$value>>,
            /// It is none of these.
            nin: Option<Vec<$value>>,
        }

        impl $name {
            fn condition<T: From<$value>>(&self, make: fn(Vec<T>) -> Condition) -> Condition {
                let make = |values: &[$value]| make(values.iter().map(|value| T::from(*value)).collect());
                let not = |condition| Condition::Not(Box::new(condition));
                let mut all = Vec::new();
                all.extend(self.eq.map(|value| make(&[value])));
                all.extend(self.neq.map(|value| not(make(&[value]))));
                all.extend(self.is_in.as_deref().map(make));
                all.extend(self.nin.as_deref().map(|values| not(make(values))));
                Condition::All(all)
            }
        }
    };
}

enum_filter! {
    /// Compares a direction.
    DirectionFilter of Direction
}
enum_filter! {
    /// Compares a state.
    CallStateFilter of CallState
}
enum_filter! {
    /// Compares an outcome.
    CallOutcomeFilter of CallOutcome
}

/// Compares a number by its digits: format never matters.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct NumberFilter {
    /// It is this number, in any format.
    eq: Option<String>,
    /// It begins with these digits, with or without the country code.
    starts_with: Option<String>,
    /// It ends with these digits.
    ends_with: Option<String>,
    /// It has these digits somewhere.
    contains: Option<String>,
}

/// Compares text. Case and accents never matter.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct TextFilter {
    /// It is this.
    eq: Option<String>,
    /// It begins with this.
    starts_with: Option<String>,
    /// It has this somewhere.
    contains: Option<String>,
}

/// Compares a time. Times are RFC 3339, or a period back from now such as `-P7D` or `-PT24H`.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct DateTimeFilter {
    /// It is this.
    eq: Option<String>,
    /// It is before this.
    lt: Option<String>,
    /// It is this or before.
    lte: Option<String>,
    /// It is after this.
    gt: Option<String>,
    /// It is this or after.
    gte: Option<String>,
}

/// Compares a number.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct NumericFilter {
    /// It is this.
    eq: Option<f64>,
    /// It is less.
    lt: Option<f64>,
    /// It is this or less.
    lte: Option<f64>,
    /// It is more.
    gt: Option<f64>,
    /// It is this or more.
    gte: Option<f64>,
}

/// Compares an id.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct IdFilter {
    /// It is this.
    eq: Option<String>,
    /// It is one of these.
    #[graphql(name = "in")]
    is_in: Option<Vec<String>>,
}

impl CallFilter {
    /// The condition, with times as they were said.
    pub(crate) fn condition(&self) -> Result<Condition, ApiError> {
        let mut all = Vec::new();
        let many =
            |filters: &[Self]| filters.iter().map(Self::condition).collect::<Result<Vec<_>, ApiError>>();
        if let Some(filters) = &self.and {
            all.push(Condition::All(many(filters)?));
        }
        if let Some(filters) = &self.or {
            all.push(Condition::Any(many(filters)?));
        }
        if let Some(filter) = &self.not {
            all.push(Condition::Not(Box::new(filter.condition()?)));
        }
        all.extend(self.direction.as_ref().map(|filter| filter.condition(Condition::Direction)));
        all.extend(self.state.as_ref().map(|filter| filter.condition(Condition::State)));
        all.extend(self.outcome.as_ref().map(|filter| filter.condition(Condition::Outcome)));
        for (side, filter) in [
            (NumberSide::Any, &self.number),
            (NumberSide::External, &self.external_number),
            (NumberSide::Internal, &self.internal_number),
        ] {
            all.extend(filter.as_ref().map(|filter| filter.condition(side)).transpose()?);
        }
        for (side, filter) in [(PersonSide::Internal, &self.person), (PersonSide::Contact, &self.contact)] {
            let make = |wanted| Condition::Person(side, wanted);
            all.extend(filter.as_ref().map(|filter| filter.condition(make)).transpose()?);
        }
        all.extend(self.text.as_deref().map(|text| text_value(text).map(Condition::Text)).transpose()?);
        all.extend(self.date_started.as_ref().map(DateTimeFilter::condition).transpose()?);
        all.extend(self.duration_ms.as_ref().map(|filter| filter.condition(Measure::Duration)));
        all.extend(self.talk_time_ms.as_ref().map(|filter| filter.condition(Measure::TalkTime)));
        all.extend(self.was_recorded.map(Condition::Recorded));
        all.extend(self.has_voicemail.map(Condition::Voicemail));
        all.extend(self.is_transferred.map(Condition::Transferred));
        all.extend(
            self.group_id
                .as_ref()
                .map(|filter| filter.condition(|ids| Ok(Condition::Group(ids))))
                .transpose()?,
        );
        all.extend(self.call_id.as_ref().map(|filter| filter.condition(call_ids)).transpose()?);
        all.extend(self.label.as_ref().map(|filter| filter.condition(Condition::Label)).transpose()?);
        Ok(Condition::All(all))
    }
}

impl NumberFilter {
    fn condition(&self, side: NumberSide) -> Result<Condition, ApiError> {
        let digits = |value: &String| {
            let digits = text::digits(value);
            let message = || ApiError::input(format!("A number needs digits; {value:?} has none."));
            if digits.is_empty() || digits.len() > QUERY_CHARS_MAX { Err(message()) } else { Ok(digits) }
        };
        let mut all = Vec::new();
        all.extend(self.eq.as_deref().map(|value| text_value(value).map(NumberMatch::Is)).transpose()?);
        all.extend(
            self.starts_with.as_ref().map(|value| digits(value).map(NumberMatch::StartsWith)).transpose()?,
        );
        all.extend(
            self.ends_with.as_ref().map(|value| digits(value).map(NumberMatch::EndsWith)).transpose()?,
        );
        all.extend(self.contains.as_ref().map(|value| digits(value).map(NumberMatch::Contains)).transpose()?);
        Ok(Condition::All(all.into_iter().map(|wanted| Condition::Number(side, wanted)).collect()))
    }
}

impl TextFilter {
    fn condition(&self, make: impl Fn(TextMatch) -> Condition) -> Result<Condition, ApiError> {
        let mut all = Vec::new();
        all.extend(self.eq.as_deref().map(|value| text_value(value).map(TextMatch::Is)).transpose()?);
        all.extend(
            self.starts_with
                .as_deref()
                .map(|value| text_value(value).map(TextMatch::StartsWith))
                .transpose()?,
        );
        all.extend(
            self.contains.as_deref().map(|value| text_value(value).map(TextMatch::Contains)).transpose()?,
        );
        Ok(Condition::All(all.into_iter().map(make).collect()))
    }
}

/// The first time that passes and the first that no longer does.
pub(crate) type TimeRange = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl DateTimeFilter {
    fn condition(&self) -> Result<Condition, ApiError> {
        let bounds = self.bounds()?;
        Ok(Condition::All(bounds.into_iter().map(|(bound, when)| Condition::Started(bound, when)).collect()))
    }

    /// The range of times that pass, of times that are multiples of `step`.
    pub(crate) fn range(&self, now: DateTime<Utc>, step: TimeDelta) -> Result<TimeRange, ApiError> {
        let (mut since, mut until) = (None, None);
        for (bound, when) in self.bounds()? {
            let at = when.at(now);
            let (first, behind) = match bound {
                Bound::Exactly => (Some(at), Some(at + step)),
                Bound::Before => (None, Some(at)),
                Bound::UpTo => (None, Some(at + step)),
                Bound::After => (Some(at + step), None),
                Bound::From => (Some(at), None),
            };
            since = since.max(first);
            until = until.into_iter().chain(behind).min();
        }
        Ok((since, until))
    }

    fn bounds(&self) -> Result<Vec<(Bound, When)>, ApiError> {
        let bounds = [
            (Bound::Exactly, &self.eq),
            (Bound::Before, &self.lt),
            (Bound::UpTo, &self.lte),
            (Bound::After, &self.gt),
            (Bound::From, &self.gte),
        ];
        let mut read = Vec::new();
        for (bound, value) in bounds {
            let Some(value) = value else { continue };
            let when = When::parse_iso(value).ok_or_else(|| {
                ApiError::input(
                    "A time is RFC 3339 (2026-03-01T00:00:00Z), or a period back from now (-P7D, -PT24H).",
                )
            })?;
            read.push((bound, when));
        }
        Ok(read)
    }
}

impl NumericFilter {
    fn condition(&self, measure: Measure) -> Condition {
        let bounds = [
            (Bound::Exactly, self.eq),
            (Bound::Before, self.lt),
            (Bound::UpTo, self.lte),
            (Bound::After, self.gt),
            (Bound::From, self.gte),
        ];
        let present = bounds.into_iter().filter_map(|(bound, value)| Some((bound, value?)));
        Condition::All(present.map(|(bound, value)| Condition::Millis(measure, bound, value)).collect())
    }
}

impl IdFilter {
    fn condition(
        &self,
        make: impl Fn(Vec<String>) -> Result<Condition, ApiError>,
    ) -> Result<Condition, ApiError> {
        let lists = self.eq.iter().map(|id| vec![id.clone()]).chain(self.is_in.iter().cloned());
        let lists = lists.map(|ids| {
            if ids.len() > LIST_VALUES_MAX {
                return Err(ApiError::input(format!("A list can hold {LIST_VALUES_MAX} values.")));
            }
            make(ids.iter().map(|id| text_value(id)).collect::<Result<_, _>>()?)
        });
        Ok(Condition::All(lists.collect::<Result<_, _>>()?))
    }
}

/// Ids that are no numbers belong to no call.
fn call_ids(ids: Vec<String>) -> Result<Condition, ApiError> {
    Ok(Condition::CallId(ids.iter().filter_map(|id| id.parse().ok()).collect()))
}

fn text_value(value: &str) -> Result<String, ApiError> {
    if value.trim().is_empty() || value.chars().count() > QUERY_CHARS_MAX {
        return Err(ApiError::input(format!(
            "A text to compare with has 1 to {QUERY_CHARS_MAX} characters."
        )));
    }
    Ok(text::cap(value, QUERY_CHARS_MAX))
}
