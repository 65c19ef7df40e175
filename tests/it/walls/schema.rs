//! The schema as it is served: what can be asked, what can be given, and documents that do both. Nothing here knows a field
//! by its name, so a new one is asked for from the moment when it is served, and an argument without values is found.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::values::{Holdings, Kind, takes};
use crate::support::{Caller, Server};

/// Rows that are asked for of each list.
const ROWS: usize = 3;
/// How deep fields of fields are asked for when a document asks for everything, and when it is about one value.
const DEPTH_OF_ALL: usize = 4;
const DEPTH_OF_ONE: usize = 1;
/// When something is done.
const DEPTH_OF_DEED: usize = 2;

const INTROSPECTION: &str = "{ __schema { types { name kind possibleTypes { name } enumValues { name }
    inputFields { name defaultValue type { ...T } }
    fields { name type { ...T } args { name defaultValue type { ...T } } } } } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

pub(super) struct Schema {
    types: BTreeMap<String, Type>,
    /// Every field, argument and input field that a document of ours names.
    covered: RefCell<BTreeSet<String>>,
}

struct Type {
    kind: String,
    fields: Vec<Field>,
    inputs: Vec<Input>,
    /// Of an enum.
    values: Vec<String>,
    /// Of an interface.
    objects: Vec<String>,
}

struct Field {
    name: String,
    of: String,
    args: Vec<Input>,
}

/// After everything.
const UNTIL: &str = "2099-01-01T00:00:00Z";

/// How much a document asks for.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    All,
    /// What shows whether a value was found. Such documents are asked very often.
    Few,
}

/// An argument or a field of an input object.
#[derive(Clone)]
struct Input {
    name: String,
    /// As it is written in a document, such as `[ID!]!`.
    written: String,
    named: String,
    is_list: bool,
}

/// A place of the API that takes a value, and the document that gives it one.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) document: String,
    /// The members and lists between the variable and the value.
    path: Vec<String>,
    is_list: bool,
    /// What else the variable holds.
    others: Value,
}

impl Place {
    /// The variables of the document with `value` in this place.
    pub(super) fn variables(&self, value: &Value) -> Value {
        let value = if self.is_list { json!([value]) } else { value.clone() };
        let nested = self.path.iter().rev().fold(value, |inner, step| match step.as_str() {
            "[]" => json!([inner]),
            name => json!({ name: inner }),
        });
        let mut variable = self.others.clone();
        match (variable.as_object_mut(), nested) {
            (Some(others), Value::Object(members)) => others.extend(members),
            (_, nested) => variable = nested,
        }
        json!({ "v": variable })
    }
}

impl Schema {
    pub(super) async fn read(server: &Server, caller: &Caller) -> Self {
        let data = caller.query(server, INTROSPECTION, json!({})).await;
        let types = data["__schema"]["types"].as_array().unwrap().iter();
        let types = types.filter(|one| !one["name"].as_str().unwrap().starts_with("__"));
        Self { types: types.map(read_type).collect(), covered: RefCell::default() }
    }

    fn cover(&self, name: String) {
        self.covered.borrow_mut().insert(name);
    }

    /// What is served and no document has named.
    pub(super) fn uncovered(&self) -> Vec<String> {
        let covered = self.covered.borrow();
        let mut all = Vec::new();
        for (of, known) in &self.types {
            all.extend(known.inputs.iter().map(|input| format!("{of}.{}", input.name)));
            for field in known.fields.iter().filter(|_| known.kind == "OBJECT") {
                all.push(format!("{of}.{}", field.name));
                all.extend(field.args.iter().map(|arg| format!("{of}.{}({})", field.name, arg.name)));
            }
        }
        all.retain(|name| !covered.contains(name));
        all
    }

    pub(super) fn size(&self) -> usize {
        self.covered.borrow().len()
    }

    /// What is asked of a type as deep as `depth`, with `own` values where a field must be told something.
    fn selection(
        &self,
        of: &str,
        extent: Extent,
        depth: usize,
        own: &Holdings,
        above: &mut Vec<String>,
    ) -> String {
        let known = &self.types[of];
        let mut asked = vec!["__typename".to_owned()];
        for object in &known.objects {
            asked.push(format!("... on {object} {{ {} }}", self.selection(object, extent, 0, own, above)));
        }
        above.push(of.to_owned());
        let is_page = extent == Extent::Few && self.is_page(of);
        for field in known.fields.iter().filter(|_| known.kind == "OBJECT") {
            let is_leaf = self.types[&field.of].fields.is_empty();
            let has_id = self.types[&field.of].fields.iter().any(|field| field.name == "id");
            let is_asked = match extent {
                _ if above.contains(&field.of) => false,
                Extent::All => depth > 0,
                // Edges say again what nodes say.
                Extent::Few if is_page => field.name != "edges",
                Extent::Few => {
                    depth > 0 && !self.is_page(&field.of) && !self.types["Node"].objects.contains(&field.of)
                }
            };
            let inner = match extent {
                _ if is_leaf => String::new(),
                _ if is_asked => {
                    let depth = if is_page { depth } else { depth - 1 };
                    format!(" {{ {} }}", self.selection(&field.of, extent, depth, own, above))
                }
                Extent::All if has_id => " { id }".to_owned(),
                Extent::All | Extent::Few => continue,
            };
            self.cover(format!("{of}.{}", field.name));
            asked.push(format!("{}{}{inner}", field.name, self.arguments(of, field, None, own)));
        }
        above.pop();
        asked.join(" ")
    }

    fn is_page(&self, of: &str) -> bool {
        self.types[of].fields.iter().any(|field| field.name == "nodes")
    }

    /// The arguments of a field: rows of lists, own values where it must be told, and `$v` for `open`.
    fn arguments(&self, of: &str, field: &Field, open: Option<&str>, own: &Holdings) -> String {
        let mut given = Vec::new();
        let is_backward = open.is_some_and(|open| open == "last" || open == "before");
        for arg in &field.args {
            let name = format!("{of}.{}({})", field.name, arg.name);
            let value = match arg.name.as_str() {
                opened if open == Some(opened) => "$v".to_owned(),
                "first" if !is_backward => ROWS.to_string(),
                "last" if open == Some("before") => ROWS.to_string(),
                // What goes on until now would go on until later the next time.
                "until" => self.own_value(&name, arg, own).to_string(),
                _ if arg.is_list && arg.written.ends_with('!') => {
                    format!("[{}]", self.own_value(&name, arg, own))
                }
                _ if arg.written.ends_with('!') => self.own_value(&name, arg, own).to_string(),
                _ => continue,
            };
            self.cover(name);
            given.push(format!("{}: {value}", arg.name));
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    /// A value of the company's own for a place.
    fn own_value(&self, name: &str, input: &Input, own: &Holdings) -> Value {
        if name.ends_with("(until)") {
            return json!(UNTIL);
        }
        self.kind_of(name, input).value(0, own, own).value()
    }

    fn kind_of(&self, name: &str, input: &Input) -> Kind {
        let of = &self.types[&input.named];
        match (of.kind.as_str(), input.named.as_str()) {
            // The last one first: of roles, that is one which may be given to anybody.
            ("ENUM", _) => Kind::OneOf(of.values.iter().rev().map(|value| json!(value)).collect()),
            (_, "Boolean") => Kind::OneOf(vec![json!(true), json!(false)]),
            (_, "Int") => Kind::OneOf(vec![json!(1), json!(3)]),
            (_, "Float") => Kind::OneOf(vec![json!(0.5), json!(60_000)]),
            _ => takes(name).unwrap_or_else(|| {
                panic!("{name} is not covered: say in walls/values.rs, in TAKES, which values it takes")
            }),
        }
    }

    /// Documents that ask for all there is, without a value of anybody else: one for each field of the root and of the
    /// company, because what a caller may not do refuses a document as a whole.
    pub(super) fn everything(&self, own: &Holdings) -> Vec<String> {
        let mut documents = Vec::new();
        for (of, begin, end) in [("Query", "{ ", " }"), ("Company", "{ company { ", " } }")] {
            for field in &self.types[of].fields {
                let arguments = self.arguments(of, field, None, own);
                self.cover(format!("{of}.{}", field.name));
                let inner = if field.of == "Company" {
                    " { id }".to_owned()
                } else if self.types[&field.of].fields.is_empty() {
                    String::new()
                } else {
                    // The company's fields have documents of their own.
                    let mut above = vec![of.to_owned(), "Company".to_owned()];
                    format!(
                        " {{ {} }}",
                        self.selection(&field.of, Extent::All, DEPTH_OF_ALL, own, &mut above)
                    )
                };
                documents.push(format!("{begin}{}{arguments}{inner}{end}", field.name));
            }
        }
        documents
    }

    /// Every place of the API that takes a value when something is asked: arguments, and what input objects hold.
    pub(super) fn places(&self, own: &Holdings) -> Vec<Place> {
        let mut places = Vec::new();
        for (of, begin, end) in self.ways("Query", own) {
            for field in &self.types[&of].fields {
                for arg in &field.args {
                    let inner = self.inner(&of, field, own);
                    let arguments = self.arguments(&of, field, Some(&arg.name), own);
                    let document = format!(
                        "query($v: {}) {{ {begin}{}{arguments}{inner}{end} }}",
                        arg.written, field.name
                    );
                    let name = format!("{of}.{}({})", field.name, arg.name);
                    self.open(&name, arg, &document, &[], &json!(null), &mut places);
                }
            }
        }
        places
    }

    /// The same when something is done. What else a mutation must be told is the company's own.
    pub(super) fn deeds(&self, own: &Holdings) -> Vec<Place> {
        let mut places = Vec::new();
        for field in &self.types["Mutation"].fields {
            let inner =
                self.selection(&field.of, Extent::All, DEPTH_OF_DEED, own, &mut vec!["Company".to_owned()]);
            self.cover(format!("Mutation.{}", field.name));
            let Some(input) = field.args.first() else { continue };
            self.cover(format!("Mutation.{}({})", field.name, input.name));
            let document = format!(
                "mutation($v: {}) {{ {}({}: $v) {{ {inner} }} }}",
                input.written, field.name, input.name
            );
            let members = &self.types[&input.named].inputs;
            let value = |member: &Input| {
                let name = format!("{}.{}", input.named, member.name);
                self.cover(name.clone());
                let value = self.own_value(&name, member, own);
                (member.name.clone(), if member.is_list { json!([value]) } else { value })
            };
            let others: Value = members.iter().map(value).collect::<serde_json::Map<_, _>>().into();
            for member in members {
                let name = format!("{}.{}", input.named, member.name);
                self.open(&name, member, &document, std::slice::from_ref(&member.name), &others, &mut places);
            }
        }
        places.retain(|place| !matches!(place.kind, Kind::OneOf(_)));
        places
    }

    /// The subscriptions with each of their places.
    pub(super) fn subscriptions(&self, own: &Holdings) -> Vec<Place> {
        let mut places = Vec::new();
        for field in &self.types["Subscription"].fields {
            self.cover(format!("Subscription.{}", field.name));
            for arg in &field.args {
                let inner =
                    format!(" {{ {} }}", self.selection(&field.of, Extent::Few, 0, own, &mut Vec::new()));
                let document = format!(
                    "subscription($v: {}) {{ {}({}: $v){inner} }}",
                    arg.written, field.name, arg.name
                );
                let name = format!("Subscription.{}({})", field.name, arg.name);
                self.cover(name.clone());
                self.open(&name, arg, &document, &[], &json!(null), &mut places);
            }
        }
        places
    }

    fn inner(&self, of: &str, field: &Field, own: &Holdings) -> String {
        if self.types[&field.of].fields.is_empty() {
            return String::new();
        }
        let mut above = vec![of.to_owned()];
        format!(" {{ {} }}", self.selection(&field.of, Extent::Few, DEPTH_OF_ONE, own, &mut above))
    }

    /// Adds the places of an input: itself, or those of the members of its object.
    fn open(
        &self,
        name: &str,
        input: &Input,
        document: &str,
        path: &[String],
        others: &Value,
        places: &mut Vec<Place>,
    ) {
        let of = &self.types[&input.named];
        if of.inputs.is_empty() {
            let field = name.split(" at ").next().unwrap().to_owned();
            let kind = self.kind_of(&field, input);
            self.cover(field);
            places.push(Place {
                name: name.to_owned(),
                kind,
                document: document.to_owned(),
                path: path.to_vec(),
                is_list: input.is_list,
                others: others.clone(),
            });
            return;
        }
        for member in &of.inputs {
            let own_name = format!("{}.{}", input.named, member.name);
            let mut path = path.to_vec();
            path.extend(input.is_list.then(|| "[]".to_owned()));
            path.push(member.name.clone());
            self.cover(own_name.clone());
            // A filter in a filter: once around is enough, with a member that takes text.
            if member.named == input.named {
                let inner: Vec<String> =
                    member.is_list.then(|| "[]".to_owned()).into_iter().chain(["text".to_owned()]).collect();
                let text = of.inputs.iter().find(|other| other.name == "text").unwrap();
                self.open(
                    &format!("{}.text at {own_name}", input.named),
                    text,
                    document,
                    &[path, inner].concat(),
                    others,
                    places,
                );
            } else {
                let at = name.split(" at ").last().unwrap();
                self.open(&format!("{own_name} at {at}"), member, document, &path, others, places);
            }
        }
    }

    /// How to come to every type that has fields with arguments, by the shortest way from `root`.
    fn ways(&self, root: &str, own: &Holdings) -> Vec<(String, String, String)> {
        let mut ways = Vec::new();
        let (mut seen, mut waiting) =
            (BTreeSet::new(), VecDeque::from([(root.to_owned(), String::new(), String::new())]));
        while let Some((of, begin, end)) = waiting.pop_front() {
            if !seen.insert(of.clone()) {
                continue;
            }
            for field in &self.types[&of].fields {
                let arguments = self.arguments(&of, field, None, own);
                waiting.push_back((
                    field.of.clone(),
                    format!("{begin}{}{arguments} {{ ", field.name),
                    format!(" }}{end}"),
                ));
            }
            ways.push((of, begin, end));
        }
        ways
    }
}

fn read_type(one: &Value) -> (String, Type) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names = |value: &Value| list(value).iter().map(|one| text(&one["name"])).collect();
    let input = |one: &Value| {
        let (written, named) = written(&one["type"]);
        let has_default = !one["defaultValue"].is_null();
        let is_list = written.contains('[');
        // What has a default need not be told.
        let written = if has_default { written.trim_end_matches('!').to_owned() } else { written };
        Input { name: text(&one["name"]), written, named, is_list }
    };
    let field = |one: &Value| Field {
        name: text(&one["name"]),
        of: written(&one["type"]).1,
        args: list(&one["args"]).iter().map(input).collect(),
    };
    let known = Type {
        kind: text(&one["kind"]),
        fields: list(&one["fields"]).iter().map(field).collect(),
        inputs: list(&one["inputFields"]).iter().map(input).collect(),
        values: names(&one["enumValues"]),
        objects: names(&one["possibleTypes"]),
    };
    (text(&one["name"]), known)
}

/// A type as it is written, and the name in it.
fn written(of: &Value) -> (String, String) {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => {
            let (inner, named) = written(&of["ofType"]);
            (format!("{inner}!"), named)
        }
        "LIST" => {
            let (inner, named) = written(&of["ofType"]);
            (format!("[{inner}]"), named)
        }
        _ => {
            let name = of["name"].as_str().unwrap().to_owned();
            (name.clone(), name)
        }
    }
}
