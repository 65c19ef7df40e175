//! Objects that know their fields, told one field after the other.
//!
//! The library makes a task of every field of every row and a heap of futures of every object. That pays where fields
//! wait for something, and their loads meet; for a page of calls, of which everything was read before, it is four
//! fifths of the work.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, Selection};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_list;
use async_graphql::{ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};

/// An object that knows some of its fields, or all.
pub(crate) trait Plain: ContainerType + Sync {
    /// Whether `field` waits for nothing. Here and below in what it gives.
    fn is_known(ctx: &ContextSelectionSet<'_>, field: &Field) -> bool;
}

/// An object that is told field by field where it knows all that is asked, and as the library does where it does not.
pub(crate) struct Told<T>(pub(crate) T);

/// A list of such objects.
pub(crate) struct Rows<T>(pub(crate) Vec<T>);

impl<T: Plain> OutputType for Told<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match known::<T>(ctx) {
            Some(fields) => Ok(tell(ctx, &fields, &self.0).await),
            None => Box::pin(self.0.resolve(ctx, field)).await,
        }
    }
}

impl<T: Plain> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let Some(fields) = known::<T>(ctx) else {
            return Box::pin(resolve_list(ctx, field, &self.0, Some(self.0.len()))).await;
        };
        let mut rows = Vec::with_capacity(self.0.len());
        for (index, row) in self.0.iter().enumerate() {
            rows.push(tell(&ctx.with_index(index), &fields, row).await);
        }
        Ok(Value::List(rows))
    }
}

/// What is asked of a `T`, if it knows all of it.
pub(crate) fn known<'a, T: Plain>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let mut fields = Vec::with_capacity(ctx.item.node.items.len());
    let mut names: Vec<&str> = Vec::with_capacity(fields.capacity());
    gather::<T>(ctx, &mut |field| {
        let name = field.node.response_key().node.as_str();
        // What is asked twice has to be merged, which is the library's business.
        let is_new = !names.contains(&name);
        names.push(name);
        fields.push(field);
        is_new
            && field.node.directives.is_empty()
            && (is_type_name(&field.node) || T::is_known(ctx, &field.node))
    })
    .then_some(fields)
}

/// Gives `take` each field, also those of fragments, until it has had enough; whether it took all.
fn gather<'a, T: Plain>(
    ctx: &ContextSelectionSet<'a>,
    take: &mut impl FnMut(&'a Positioned<Field>) -> bool,
) -> bool {
    ctx.item.node.items.iter().all(|selection| {
        let (condition, selected) = match &selection.node {
            Selection::Field(field) => return take(field),
            Selection::FragmentSpread(spread) => {
                match ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set),
                    None => return false,
                }
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
            }
        };
        // A condition on an interface needs the schema to be understood.
        condition.is_none_or(|condition| *condition.node.on.node == *T::type_name())
            && gather::<T>(&ctx.with_selection_set(selected), take)
    })
}

async fn tell<T: Plain>(ctx: &ContextSelectionSet<'_>, fields: &[&Positioned<Field>], object: &T) -> Value {
    let mut told = IndexMap::with_capacity(fields.len());
    for field in fields {
        let name: Name = field.node.response_key().node.clone();
        if is_type_name(&field.node) {
            told.insert(name, Value::String(T::type_name().into_owned()));
            continue;
        }
        match object.resolve_field(&ctx.with_field(field)).await {
            Ok(value) => _ = told.insert(name, value.unwrap_or_default()),
            Err(error) => ctx.add_error(error),
        }
    }
    if told.is_empty() { Value::Null } else { Value::Object(told) }
}

fn is_type_name(field: &Field) -> bool {
    field.name.node == "__typename"
}
