//! Proves that text, typed filter and chips are three faces of one question: each that is made from another finds the
//! same calls, the ones that a naive reader finds.

use serde_json::{Value, json};

use super::World;
use super::office::Call;
use super::oracle::{Question, questions};
use crate::support::Dice;
use crate::support::{Company, Server};

const FACES: &str =
    "query($query: String, $filter: CallFilter) { company { callQuery(query: $query, filter: $filter) {
    text filter chips { text start end key value negated opposite } } } }";
const FOUND: &str = "query($query: String, $filter: CallFilter) { company {
    calls(query: $query, filter: $filter, first: 200) { nodes { callId } totalCount { value exact } } } }";

/// A question that is put together from others, in two languages and as a plain reading.
struct Combined<'a> {
    text: String,
    filter: Value,
    passes: Box<dyn Fn(&Call) -> bool + 'a>,
}

/// A question of chance, with groups in groups up to `depth` deep.
fn combined<'a>(simple: &[&'a Question], dice: &mut Dice, depth: usize) -> Combined<'a> {
    let kind = if depth == 0 { 0 } else { dice.roll(5) };
    if kind < 2 {
        let question = simple[dice.roll(simple.len())];
        let text = question.query.clone().unwrap_or_default();
        return Combined { text, filter: question.filter.clone(), passes: Box::new(&question.passes) };
    }
    if kind == 2 {
        let Combined { text, filter, passes } = combined(simple, dice, depth - 1);
        let text = format!("-({text})");
        return Combined {
            text,
            filter: json!({ "not": filter }),
            passes: Box::new(move |call| !passes(call)),
        };
    }
    let parts: Vec<_> = (0..dice.roll(4)).map(|_| combined(simple, dice, depth - 1)).collect();
    let filters: Vec<_> = parts.iter().map(|part| part.filter.clone()).collect();
    let texts: Vec<_> = parts.iter().map(|part| format!("({})", part.text)).collect();
    if kind == 3 {
        let text = texts.join(" ");
        let passes = Box::new(move |call: &Call| parts.iter().all(|part| (part.passes)(call)));
        return Combined { text, filter: json!({ "and": filters }), passes };
    }
    let text = if texts.is_empty() { "-()".to_owned() } else { texts.join(" OR ") };
    let passes = Box::new(move |call: &Call| parts.iter().any(|part| (part.passes)(call)));
    Combined { text, filter: json!({ "or": filters }), passes }
}

impl World {
    async fn faces(&self, arguments: Value) -> Value {
        let data = self.company.query(&self.server, FACES, arguments).await;
        data["company"]["callQuery"].clone()
    }

    async fn assert_finds(&self, arguments: Value, wanted: &[String]) {
        let data = self.company.query(&self.server, FOUND, arguments.clone()).await;
        let calls = &data["company"]["calls"];
        let ids: Vec<_> =
            calls["nodes"].as_array().unwrap().iter().map(|node| node["callId"].as_str().unwrap()).collect();
        assert_eq!(ids, wanted, "{arguments}");
        assert_eq!(calls["totalCount"], json!({ "value": wanted.len(), "exact": true }), "{arguments}");
    }
}

#[tokio::test]
async fn all_faces_find_the_same_calls() {
    let world = World::new(200).await;
    let questions = questions(world.now_ms);
    // Parentheses around nothing but a number are a part of the number, so a number stands here in quotes or not at all.
    let is_number = |text: &str| !text.chars().any(|c| c.is_alphabetic() || c == '"');
    let usable =
        |one: &&Question| !one.filter.is_null() && one.query.as_ref().is_some_and(|query| !is_number(query));
    let simple: Vec<_> = questions.iter().filter(usable).collect();
    let mut dice = Dice::new(20);
    let (mut told_apart, mut printed, mut too_long) = (0, 0, 0);
    for _ in 0..300 {
        let Combined { text, filter, passes } = combined(&simple, &mut dice, 3);
        let wanted = world.expected(passes);
        told_apart += usize::from((1..200).contains(&wanted.len()));
        let faces = world.faces(json!({ "filter": filter })).await;
        world.assert_finds(json!({ "filter": faces["filter"] }), &wanted).await;
        assert_eq!(world.faces(json!({ "filter": faces["filter"] })).await, faces, "{filter}");
        if text.chars().count() <= 128 {
            world.assert_finds(json!({ "query": text }), &wanted).await;
        }
        let Some(canonical) = faces["text"].as_str() else {
            too_long += 1;
            continue;
        };
        printed += 1;
        world.assert_finds(json!({ "query": canonical }), &wanted).await;
        assert_eq!(world.faces(json!({ "query": canonical })).await, faces, "{canonical}");
        let chips = faces["chips"].as_array().unwrap();
        let texts: Vec<_> = chips.iter().map(|chip| chip["text"].as_str().unwrap()).collect();
        assert_eq!(texts.join(" "), canonical);
    }
    assert!(told_apart > 100 && printed > 150 && too_long > 0, "{told_apart} {printed} {too_long}");
}

#[tokio::test]
async fn faces_of_what_people_type() {
    let server = Server::start();
    let company = Company::create_in(&server, "Hopper Lines", super::ZONE);
    let faces = async |arguments: Value| {
        let data = company.query(&server, FACES, arguments).await;
        let faces = data["company"]["callQuery"].clone();
        (faces["text"].clone(), faces["filter"].clone(), faces["chips"].clone())
    };
    let (text, filter, chips) =
        faces(json!({ "query": "dir:Inbound  -(state:missed OR grace) last:24h" })).await;
    assert_eq!(text, "direction:inbound -(state:missed OR grace) last:1d");
    assert_eq!(
        filter,
        json!({ "and": [
            { "direction": { "eq": "INBOUND" } },
            { "not": { "or": [{ "state": { "eq": "MISSED" } }, { "text": "grace" }] } },
            { "dateStarted": { "gte": "-P1D" } },
        ] })
    );
    let negated = json!({ "text": "-(state:missed OR grace)", "start": 18, "end": 42, "key": null,
        "value": "state:missed OR grace", "negated": true, "opposite": "(state:missed OR grace)" });
    assert_eq!(chips[1], negated);
    assert_eq!(
        (&chips[0]["key"], &chips[0]["opposite"]),
        (&json!("direction"), &json!("-direction:inbound"))
    );

    // Days are the company's; both faces together are one question.
    let typed = json!({ "durationMs": { "gt": 1.5 }, "dateStarted": { "gte": "-PT36H" } });
    let (text, filter, _) = faces(json!({ "query": "on:2026-03-08", "filter": typed })).await;
    assert_eq!(text, "on:2026-03-08 last:36h duration:>1.5ms");
    assert_eq!(
        filter["and"].as_array().unwrap()[1..],
        [
            json!({ "dateStarted": { "lt": "2026-03-08T18:30:00Z" } }),
            json!({ "dateStarted": { "gte": "-PT36H" } }),
            json!({ "durationMs": { "gt": 1.5 } }),
        ]
    );
    let nothing = (json!(""), json!({}), json!([]));
    for arguments in [json!({}), json!({ "query": " " }), json!({ "filter": { "and": [] } })] {
        assert_eq!(faces(arguments).await, nothing);
    }
    let long: Vec<_> = (0..30).map(|n| json!({ "text": format!("word{n}") })).collect();
    let (text, filter, chips) = faces(json!({ "filter": { "or": long } })).await;
    assert_eq!((text, filter), (Value::Null, json!({ "or": long })));
    assert_eq!(chips.as_array().unwrap().len(), 1);
    let answer = company.ask(&server, FACES, json!({ "query": "grace (missed" })).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_QUERY"), "{}", answer.text);
    assert_eq!(answer.json["errors"][0]["extensions"]["position"], json!({ "start": 6, "end": 13 }));
}
