//! The order of members in an answer: that of the fields in the document, as the specification of GraphQL wants it. The
//! library puts them in as they get ready, so the same question would be answered with other bytes each time.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value};

/// The members of an object, each with those of the objects that it holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MemberOrder(IndexMap<Name, Self>);

impl MemberOrder {
    /// Of the operation that is executed; of a document that has passed the check before execution, because its fragments
    /// are expanded.
    pub(crate) fn of(document: &ExecutableDocument, operation: Option<&str>) -> Self {
        let operation = match (&document.operations, operation) {
            (DocumentOperations::Single(only), _) => Some(only),
            (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
            (DocumentOperations::Multiple(all), None) => all.values().next(),
        };
        let mut order = Self::default();
        if let Some(operation) = operation {
            order.add(&operation.node.selection_set, &document.fragments);
        }
        order
    }

    fn add(
        &mut self,
        selections: &Positioned<SelectionSet>,
        fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    ) {
        for selection in &selections.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.response_key().node.clone();
                    self.0.entry(name).or_default().add(&field.node.selection_set, fragments);
                }
                Selection::InlineFragment(fragment) => self.add(&fragment.node.selection_set, fragments),
                Selection::FragmentSpread(spread) => {
                    // One that does not exist is refused by the validator.
                    if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                        self.add(&fragment.node.selection_set, fragments);
                    }
                }
            }
        }
    }

    /// Puts the members of `answer` in order.
    pub(crate) fn put(&self, answer: &mut Value) {
        match answer {
            Value::List(items) => items.iter_mut().for_each(|item| self.put(item)),
            Value::Object(members) => {
                let place = |name: &Name| self.0.get_index_of(name);
                if !members.keys().map(place).is_sorted() {
                    members.sort_by(|one, _, other, _| place(one).cmp(&place(other)));
                }
                for (name, member) in members {
                    // An object whose members nobody chose is a scalar: it stays as it is.
                    if let Some(order) = self.0.get(name).filter(|order| !order.0.is_empty()) {
                        order.put(member);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn ordered(document: &str, operation: Option<&str>, answer: &str) -> String {
        let mut answer: Value = serde_json::from_str(answer).unwrap();
        MemberOrder::of(&parse_query(document).unwrap(), operation).put(&mut answer);
        serde_json::to_string(&answer).unwrap()
    }

    #[test]
    fn members_stand_as_they_were_asked_for() {
        let document = "query A { x } query B { b: a { d, ...F, c } a ... on Query { z { y } } b { e } }
                        fragment F on T { f }";
        let answer =
            r#"{"z":{"y":{"q":1,"p":2}},"a":null,"b":[{"e":5,"c":4,"f":3,"d":2},null,{"c":1,"d":[]}]}"#;
        let wanted =
            r#"{"b":[{"d":2,"f":3,"c":4,"e":5},null,{"d":[],"c":1}],"a":null,"z":{"y":{"q":1,"p":2}}}"#;
        assert_eq!(ordered(document, Some("B"), answer), wanted);
        assert_eq!(ordered("{ a }", None, "null"), "null");
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        assert_eq!(ordered("query A { a } query B { b }", Some("C"), r#"{"b":1,"a":2}"#), r#"{"b":1,"a":2}"#);
        assert_eq!(ordered("{ ...Nothing }", None, r#"{"b":1,"a":2}"#), r#"{"b":1,"a":2}"#);
    }
}
