//! Refuses documents that would cost too much to even look at, in time linear in their length.
//!
//! Fragments that spread each other double with every level: a kilobyte can expand to billions of fields, and a
//! validator that walks them all has lost before the first resolver runs. So the text is scanned before it is parsed,
//! and every fragment is measured once, however often it is spread.

use std::collections::{HashMap, HashSet};

use async_graphql::Name;
use async_graphql::Positioned;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet};

/// Lexical tokens of a document.
const TOKENS_MAX: usize = 2_000;
/// Brackets inside of brackets, of any kind; far above the depth of fields, below what a parser's stack bears.
const BRACKETS_DEPTH_MAX: usize = 64;
/// Fragments of a document.
const FRAGMENTS_MAX: usize = 16;
/// Spreads of fragments in a document.
const SPREADS_MAX: usize = 32;
/// Aliases of an operation, fragments expanded.
const ALIASES_MAX: u64 = 30;
/// Fields of an operation, fragments expanded.
const FIELDS_MAX: u64 = 1_000;
/// Directives on one field or fragment.
const DIRECTIVES_MAX: usize = 4;

/// Why a document is not executed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is no GraphQL; with the parser's sentence.
    Syntax(String),
    /// It is more than we look at; with the limit that it passes.
    TooComplex(String),
}

/// What a selection amounts to when its fragments are expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: u64,
    aliases: u64,
    depth: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.depth = self.depth.max(other.depth);
    }
}

/// Parses a document and checks its size.
///
/// # Errors
/// [`Refused`]
pub(crate) fn precheck(query: &str) -> Result<ExecutableDocument, Refused> {
    scan(query)?;
    let document = parse_query(query).map_err(|error| Refused::Syntax(error.to_string()))?;
    if document.fragments.len() > FRAGMENTS_MAX {
        return Err(too_complex("fragments", FRAGMENTS_MAX));
    }
    let mut walk =
        Walk { fragments: &document.fragments, measured: HashMap::new(), open: HashSet::new(), spreads: 0 };
    for name in document.fragments.keys() {
        walk.fragment(name)?;
    }
    for (_, operation) in document.operations.iter() {
        let size = walk.selections(&operation.node.selection_set)?;
        if size.fields > FIELDS_MAX {
            return Err(too_complex("fields", FIELDS_MAX));
        }
        if size.aliases > ALIASES_MAX {
            return Err(too_complex("aliases", ALIASES_MAX));
        }
        if size.depth > crate::DEPTH_MAX {
            return Err(too_complex("levels", crate::DEPTH_MAX));
        }
    }
    Ok(document)
}

struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    measured: HashMap<&'a Name, Size>,
    open: HashSet<&'a Name>,
    spreads: usize,
}

impl<'a> Walk<'a> {
    /// The size of a fragment; measured the first time.
    fn fragment(&mut self, name: &Name) -> Result<Size, Refused> {
        // A fragment that does not exist is the validator's to name.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Size::default()) };
        if let Some(size) = self.measured.get(name) {
            return Ok(*size);
        }
        if !self.open.insert(name) {
            return Err(Refused::TooComplex("A fragment spreads itself.".to_owned()));
        }
        let size = self.selections(&fragment.node.selection_set)?;
        self.open.remove(name);
        self.measured.insert(name, size);
        Ok(size)
    }

    fn selections(&mut self, selections: &'a Positioned<SelectionSet>) -> Result<Size, Refused> {
        let mut total = Size::default();
        for selection in &selections.node.items {
            let directives = match &selection.node {
                Selection::Field(field) => &field.node.directives,
                Selection::FragmentSpread(spread) => &spread.node.directives,
                Selection::InlineFragment(fragment) => &fragment.node.directives,
            };
            if directives.len() > DIRECTIVES_MAX {
                return Err(too_complex("directives on one field", DIRECTIVES_MAX));
            }
            total.add(match &selection.node {
                Selection::Field(field) => {
                    let mut size = self.selections(&field.node.selection_set)?;
                    size.fields = size.fields.saturating_add(1);
                    size.aliases = size.aliases.saturating_add(u64::from(field.node.alias.is_some()));
                    size.depth += 1;
                    size
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set)?,
                Selection::FragmentSpread(spread) => {
                    self.spreads += 1;
                    if self.spreads > SPREADS_MAX {
                        return Err(too_complex("spreads of fragments", SPREADS_MAX));
                    }
                    self.fragment(&spread.node.fragment_name.node)?
                }
            });
        }
        Ok(total)
    }
}

/// Counts tokens and measures the nesting of brackets, without building anything.
fn scan(query: &str) -> Result<(), Refused> {
    let bytes = query.as_bytes();
    let (mut at, mut tokens, mut depth) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let (length, is_token) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, false),
            b'#' => (rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len()), false),
            b'"' => (string_length(rest), true),
            b'{' | b'(' | b'[' => {
                depth += 1;
                (1, true)
            }
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                (1, true)
            }
            _ => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
                (rest.iter().position(|byte| !is_word(byte)).unwrap_or(rest.len()).max(1), true)
            }
        };
        at += length;
        tokens += usize::from(is_token);
        if tokens > TOKENS_MAX {
            return Err(too_complex("tokens", TOKENS_MAX));
        }
        if depth > BRACKETS_DEPTH_MAX {
            return Err(too_complex("levels of brackets", BRACKETS_DEPTH_MAX));
        }
    }
    Ok(())
}

/// Bytes of the string that `text` begins with, quotes included; all of it when it never ends.
fn string_length(text: &[u8]) -> usize {
    let quotes: &[u8] = if text.starts_with(b"\"\"\"") { b"\"\"\"" } else { b"\"" };
    let mut at = quotes.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quotes) {
            return at + quotes.len();
        }
        at += if rest.starts_with(b"\\") { 2 } else { 1 };
    }
    text.len()
}

fn too_complex(what: &str, most: impl std::fmt::Display) -> Refused {
    Refused::TooComplex(format!("A query can have at most {most} {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_complex(query: &str) -> bool {
        matches!(precheck(query), Err(Refused::TooComplex(_)))
    }

    #[test]
    fn what_people_send_passes() {
        for query in [
            "{ viewer { companies { name } } }",
            "query A { ...F } fragment F on Query { viewer { user { email } } }",
            "{ company { calls(query: \"a { b \\\" } (\", first: 2) { nodes { id } } } } # ) comment {",
            "query A { viewer { user { id } } } query B { viewer { user { id } } }",
        ] {
            assert!(precheck(query).is_ok(), "{query}: {:?}", precheck(query));
        }
    }

    #[test]
    fn what_expands_without_end_is_refused() {
        let mut doubling = "{ ...F0 }".to_owned();
        for level in 0..15 {
            doubling += &format!(" fragment F{level} on Query {{ ...F{0} ...F{0} }}", level + 1);
        }
        doubling += " fragment F15 on Query { viewer { user { id } } }";
        let many_spreads =
            format!("{{ {} }} fragment F on Query {{ viewer {{ user {{ id }} }} }}", "...F ".repeat(33));
        let many_fragments: String =
            (0..17).map(|at| format!(" fragment F{at} on Query {{ viewer {{ user {{ id }} }} }}")).collect();
        for query in [
            doubling.as_str(),
            &many_spreads,
            &format!("{{ viewer {{ user {{ id }} }} }} {many_fragments}"),
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
            &format!("{}id{}", "{a".repeat(17), "}".repeat(17)),
            &format!("{}id{}", "{... on Query".repeat(10_000), "}".repeat(10_000)),
            &format!(
                "{{ {} }}",
                (0..31).map(|at| format!("a{at}: viewer {{ user {{ id }} }} ")).collect::<String>()
            ),
            &format!("{{ {} }}", "viewer ".repeat(10_000)),
            &format!("{{ viewer {} {{ user {{ id }} }} }}", "@a ".repeat(5)),
            &format!("{{ a(b: {}1{}) }}", "[".repeat(5_000), "]".repeat(5_000)),
        ] {
            assert!(is_too_complex(query), "{:.80}: {:?}", query, precheck(query).err());
        }
    }

    #[test]
    fn nonsense_is_a_syntax_error() {
        for query in ["", "{", "}", "\"", "\"\"\"", "{ \u{0} }", "query", "{ a(b: \"\\", "é"] {
            assert!(matches!(precheck(query), Err(Refused::Syntax(_))), "{query:?}");
        }
    }
}
