//! Proves that a company's answers are the same, byte for byte, in a world without the others and in one with them: every
//! field of the schema that can be read, lists and counts under every kind of filter, exports, and ids of nothing.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::World;
use super::office::{Call, office};
use super::oracle::{Question, questions};
use crate::support::{Caller, Company, Export, Server, eventually, sign_all};

/// How deep fields of fields are asked for, from the company on.
const DEPTH: usize = 5;
/// Rows of lists in lists.
const ROWS: usize = 3;
/// Names that only the other company has.
const CANARY: &str = "Zanzibar";

const SCHEMA: &str = "{ __schema { queryType { name } types { name kind fields { name
    args { name type { kind } defaultValue } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
const FILTERED: &str = "query($query: String, $filter: CallFilter) { company {
    calls(query: $query, filter: $filter, first: 20) { totalCount { value exact } pageInfo { hasNextPage endCursor }
        nodes { id callId contact { name email } target { name } } }
    conversations(query: $query, filter: $filter, first: 5) { totalCount { value exact } nodes { conversationId legCount } }
    callFacets(query: $query, filter: $filter) { direction { value count { value } } state { value count { value } }
        outcome { value count { value } } recorded { value count { value } } voicemail { value count { value } }
        person { party { name } count { value } } group { groupId name count { value } } }
    callHistogram(query: $query, filter: $filter) { total { value exact } buckets { startsAt total } } } }";

/// The object types of the schema: their fields, with what they are and what must be said to ask for them.
pub(super) struct Schema(HashMap<String, Vec<Field>>);

struct Field {
    name: String,
    /// The object type; none for scalars and enums.
    object: Option<String>,
    must_be_told: bool,
    is_list_of_rows: bool,
}

impl Schema {
    pub(super) async fn read(server: &Server, caller: &Caller) -> Self {
        let data = caller.query(server, SCHEMA, json!({})).await;
        let types = data["__schema"]["types"].as_array().unwrap();
        let named = |mut of: &Value| {
            while of["name"].is_null() {
                of = &of["ofType"];
            }
            (of["kind"] == "OBJECT").then(|| of["name"].as_str().unwrap().to_owned())
        };
        let field = |field: &Value| {
            let args = field["args"].as_array().unwrap();
            let is_required =
                |arg: &Value| arg["type"]["kind"] == "NON_NULL" && arg["defaultValue"].is_null();
            Field {
                name: field["name"].as_str().unwrap().to_owned(),
                object: named(&field["type"]),
                must_be_told: args.iter().any(is_required),
                is_list_of_rows: args.iter().any(|arg| arg["name"] == "first"),
            }
        };
        let objects = types.iter().filter(|one| one["kind"] == "OBJECT");
        let fields = |of: &Value| of["fields"].as_array().unwrap().iter().map(field).collect();
        Self(objects.map(|of| (of["name"].as_str().unwrap().to_owned(), fields(of))).collect())
    }

    /// Everything that can be asked of a type without saying more, as deep as `depth`.
    fn all_of(&self, of: &str, depth: usize, above: &mut Vec<String>) -> String {
        let mut asked = vec!["__typename".to_owned()];
        above.push(of.to_owned());
        for field in &self.0[of] {
            match &field.object {
                None if !field.must_be_told => asked.push(field.name.clone()),
                Some(object) if depth > 0 && !field.must_be_told && !above.contains(object) => {
                    let rows = if field.is_list_of_rows { format!("(first: {ROWS})") } else { String::new() };
                    let inner = self.all_of(object, depth - 1, above);
                    asked.push(format!("{}{rows} {{ {inner} }}", field.name));
                }
                _ => {}
            }
        }
        above.pop();
        asked.join(" ")
    }

    /// A query for each field of the root and of the company. `told` says what must be said for some.
    pub(super) fn probes(&self, told: &HashMap<&str, String>) -> Vec<String> {
        let mut probes = Vec::new();
        for (of, begin, end) in [("Query", "{ ", " }"), ("Company", "{ company { ", " } }")] {
            for field in &self.0[of] {
                let arguments = match told.get(field.name.as_str()) {
                    Some(arguments) => format!("({arguments})"),
                    None if field.must_be_told => panic!("{of}.{} is not covered", field.name),
                    None if field.is_list_of_rows => format!("(first: {ROWS})"),
                    None => String::new(),
                };
                let inner = match field.object.as_deref() {
                    Some("Company") => continue,
                    Some(object) => {
                        format!(" {{ {} }}", self.all_of(object, DEPTH - 1, &mut vec![of.to_owned()]))
                    }
                    // An interface: what there is of every type.
                    None if field.name.starts_with("node") => {
                        let of_calls = self.all_of("Call", 1, &mut Vec::new());
                        format!(" {{ __typename ... on Call {{ {of_calls} }} }}")
                    }
                    None => String::new(),
                };
                probes.push(format!("{begin}{}{arguments}{inner}{end}", field.name));
            }
        }
        probes
    }
}

/// What a company was answered to everything, without the numbers that requests are given.
pub(super) async fn session(
    server: &Server,
    caller: &Caller,
    probes: &[String],
    filters: &[Value],
) -> Vec<String> {
    let mut answers = Vec::new();
    let asked = probes.iter().map(|probe| (probe.as_str(), json!({})));
    for (query, variables) in asked.chain(filters.iter().map(|filter| (FILTERED, filter.clone()))) {
        let mut answer = caller.ask_again(server, query, &variables).await;
        if let Some(errors) = answer.json["errors"].as_array_mut() {
            errors.iter_mut().for_each(|error| error["extensions"]["requestId"] = Value::Null);
        }
        answers.push(format!("{query} {variables}\n{} {}", answer.status, answer.json));
    }
    for format in ["csv", "csv-raw", "jsonl"] {
        let export = Export::post(server, caller, &json!({ "format": format })).await;
        answers.push(format!("{format} {} {}", export.header("trunkline-total-count"), export.text()));
    }
    answers
}

/// The questions as they are sent, without those that are others a moment later because they count from now.
pub(super) fn lasting(questions: Vec<Question>) -> impl Iterator<Item = Value> {
    let sent = |question: Question| json!({ "query": question.query, "filter": question.filter });
    let is_lasting =
        |filter: &Value| !filter.to_string().contains("last:") && !filter.to_string().contains("\"-P");
    questions.into_iter().map(sent).filter(is_lasting)
}

async fn id(server: &Server, company: &Company) -> String {
    let data = company.query(server, "{ company { calls(first: 1) { nodes { id } } } }", json!({})).await;
    data["company"]["calls"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn others_change_no_byte() {
    let world = World::without_statistics(120).await;
    let World { server, company, now_ms, .. } = &world;
    let caller = company.key();
    let schema = Schema::read(server, &caller).await;
    let own = id(server, company).await;
    let call = world.calls[7].id;
    let nothing = "QwGiBV53CHi2tKXZV7dGqdM";
    let told = HashMap::from([
        ("node", format!("id: \"{own}\"")),
        ("nodes", format!("ids: [\"{own}\", \"{nothing}\"]")),
        ("call", format!("callId: \"{call}\"")),
        ("conversation", format!("id: \"{call}\"")),
        ("deliverySummary", "since: \"2026-01-01T00:00:00Z\", until: \"2026-03-01T00:00:00Z\"".to_owned()),
    ]);
    let probes = schema.probes(&told);
    let filters: Vec<Value> = lasting(questions(*now_ms)).step_by(6).collect();
    let without = session(server, &caller, &probes, &filters).await;
    for (probe, answer) in probes.iter().zip(&without) {
        // A key may not see the secret of the endpoint, which is said beside the answer.
        assert!(answer.contains("\n200 OK {\"data\":{"), "{probe}: {answer}");
    }

    // The same calls, people and groups under other names, and more of them.
    let other = Company::create(server, "Zanzibar Ltd");
    let rename = |call: &Call| call.payload().replace("Gráce", CANARY).replace("Ivo", CANARY);
    let payloads: Vec<String> = office(240, *now_ms).iter().map(rename).collect();
    for token in sign_all(&payloads, &other.secret) {
        assert_eq!(other.post(server, token).await.0, 200);
    }
    eventually(async || {
        let count = "{ company { calls(first: 1) { totalCount { value } } } }";
        let data = other.query(server, count, json!({})).await;
        let counted = &data["company"]["calls"]["totalCount"]["value"];
        if *counted == payloads.len() { Ok(()) } else { Err(format!("{counted} calls")) }
    })
    .await;

    let with = session(server, &caller, &probes, &filters).await;
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
        assert!(!with.contains(CANARY), "{with}");
    }
    assert!(with.len() > 40, "{} answers", with.len());
    // The other company has an answer of its own to most, so they could have been mixed up.
    let others = session(server, &other.key(), &probes, &filters).await;
    let different = with.iter().zip(&others).filter(|(own, other)| own != other).count();
    assert!(different * 2 > with.len() && others.iter().any(|answer| answer.contains(CANARY)), "{different}");
    // What the other company has is, for this one, what nobody has.
    let foreign = id(server, &other).await;
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    let of_other = caller.ask(server, node, json!({ "id": foreign })).await;
    assert_eq!(of_other.text, caller.ask(server, node, json!({ "id": nothing })).await.text);
}
