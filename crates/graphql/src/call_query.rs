//! A question about calls in its three ways: text, typed filter and chips. Each says all that the others can say.

use async_graphql::{Json, SimpleObject, Value};
use chrono_tz::Tz;
use domain::search::{self, FILTER_NODES_MAX, QUERY_CHARS_MAX, When};

use crate::error::ApiError;
use crate::filter::CallFilter;

/// The filter that query text and typed filter make together, with times as they were said. `zone` says when a day
/// begins.
pub(crate) fn said(
    query: Option<&str>,
    filter: Option<&CallFilter>,
    zone: Tz,
) -> Result<search::CallFilter<When>, ApiError> {
    let text = search::parse(query.unwrap_or_default(), zone).map_err(ApiError::BadQuery)?;
    let typed = filter.map(CallFilter::condition).transpose()?;
    let both = search::CallFilter::All(std::iter::once(text).chain(typed).collect()).normal();
    if both.nodes() > FILTER_NODES_MAX {
        return Err(ApiError::input(format!("A filter can hold {FILTER_NODES_MAX} conditions.")));
    }
    Ok(both)
}

/// A question about calls in the three ways in which it can be asked.
#[derive(SimpleObject)]
pub(crate) struct CallQuery {
    /// As query text, in its shortest form. Null when that would have more than 128 characters.
    text: Option<String>,
    /// As a value for the input type `CallFilter`. What counts from now still does.
    filter: Json<Value>,
    /// The conditions of the text that must all hold, in its order.
    chips: Vec<QueryChip>,
}

/// One of the conditions of a query text that must all hold.
#[derive(SimpleObject)]
pub(crate) struct QueryChip {
    /// It as it stands in the text. Without these characters the text is the question without this condition.
    text: String,
    /// The first of its characters in the text, counted from 0.
    start: i32,
    /// The character behind it.
    end: i32,
    /// What stands before the colon: `state`. Words, numbers and groups have no key.
    key: Option<String>,
    /// What stands behind the colon, without quotes; or the words; or what is between the parentheses.
    value: String,
    /// Whether it asks for the opposite.
    negated: bool,
    /// The same condition the other way round, to stand in its place.
    opposite: String,
}

impl CallQuery {
    pub(crate) fn new(filter: &search::CallFilter<When>, zone: Tz) -> Result<Self, ApiError> {
        let text = search::print(filter, zone);
        let chips = search::chips(&text).map_err(ApiError::BadQuery)?;
        Ok(Self {
            filter: Json(CallFilter::of(filter).value()),
            chips: chips.into_iter().map(QueryChip::new).collect(),
            text: Some(text).filter(|text| text.chars().count() <= QUERY_CHARS_MAX),
        })
    }
}

impl QueryChip {
    fn new(chip: search::Chip) -> Self {
        let place = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        Self {
            start: place(chip.at.start),
            end: place(chip.at.end),
            text: chip.text,
            key: chip.key,
            value: chip.value,
            negated: chip.negated,
            opposite: chip.opposite,
        }
    }
}
