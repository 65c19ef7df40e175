//! Proves that pages of any size, forward and backward, are the whole list: nothing twice, nothing left out, also
//! when new calls arrive in between.

use serde_json::{Value, json};

use super::{World, now_ms, office::office};

const PAGE: &str = "query($query: String, $order: CallOrder, $first: Int, $after: String, $last: Int, $before: String) {
    company { calls(query: $query, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { callId } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } } }";

/// A page: the ids, and where it stands.
struct Page {
    ids: Vec<String>,
    info: Value,
}

async fn page(world: &World, arguments: Value) -> Page {
    let data = world.company.query(&world.server, PAGE, arguments).await;
    let calls = &data["company"]["calls"];
    let edges = calls["edges"].as_array().unwrap();
    let info = calls["pageInfo"].clone();
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    assert_eq!(info["startCursor"], cursor(edges.first()));
    assert_eq!(info["endCursor"], cursor(edges.last()));
    let ids = edges.iter().map(|edge| edge["node"]["callId"].as_str().unwrap().to_owned()).collect();
    Page { ids, info }
}

/// Walks the whole list by pages of `size`, from its start or from its end, and gives it in its order.
async fn walk(world: &World, question: &Value, size: usize, backward: bool) -> Vec<String> {
    let (count, cursor, more, edge) = if backward {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let (back, mut list, mut at) =
        (if backward { "hasNextPage" } else { "hasPreviousPage" }, Vec::new(), Value::Null);
    loop {
        let mut arguments = question.clone();
        crate::support::patch(&mut arguments, json!({ count: size, cursor: at }));
        let Page { ids, info } = page(world, arguments).await;
        assert_eq!(info[back], !list.is_empty(), "{size} {backward} {}", list.len());
        assert!(ids.len() <= size);
        if backward {
            list.splice(0..0, ids);
        } else {
            list.extend(ids);
        }
        if info[more] == false {
            return list;
        }
        at = info[edge].clone();
    }
}

#[tokio::test]
async fn pages_of_every_size_are_the_whole_list() {
    let world = World::new(30).await;
    let all = world.expected(|_| true);
    for size in (1..=32).chain([199, 200]) {
        for backward in [false, true] {
            assert_eq!(
                walk(&world, &json!({}), size, backward).await,
                all,
                "by {size}, backward: {backward}"
            );
        }
    }
    let reversed: Vec<_> = all.iter().rev().cloned().collect();
    let some = world.expected(|call| call.direction == "inbound");
    for size in [1, 2, 3, 7, 30] {
        for backward in [false, true] {
            let oldest_first = json!({ "order": "STARTED_ASC" });
            assert_eq!(walk(&world, &oldest_first, size, backward).await, reversed, "by {size}");
            let filtered = json!({ "query": "direction:inbound" });
            assert_eq!(walk(&world, &filtered, size, backward).await, some, "by {size}");
        }
    }
    // Without a number, and between two cursors.
    assert_eq!(page(&world, json!({})).await.ids, all);
    let data = world.company.query(&world.server, PAGE, json!({ "first": 30 })).await;
    let cursor = |at: usize| data["company"]["calls"]["edges"][at]["cursor"].clone();
    let between = json!({ "after": cursor(4), "before": cursor(20) });
    assert_eq!(page(&world, between).await.ids, all[5..20]);
    let first = json!({ "after": cursor(4), "before": cursor(20), "first": 3 });
    assert_eq!(page(&world, first).await.ids, all[5..8]);
    let last = json!({ "after": cursor(4), "before": cursor(20), "last": 3 });
    assert_eq!(page(&world, last).await.ids, all[17..20]);
    assert_eq!(page(&world, json!({ "after": cursor(29) })).await.ids, Vec::<String>::new());
}

#[tokio::test]
async fn new_calls_in_between_disturb_no_page() {
    let mut world = World::new(60).await;
    let before = world.expected(|_| true);
    let mut arrivals = office(100, now_ms()).into_iter().skip(60).collect::<Vec<_>>();
    // Newer than all, older than all, and among them.
    for (at, call) in arrivals.iter_mut().enumerate() {
        call.started_ms = world.now_ms - [30_000, 40 * super::DAY_MS, 3 * super::DAY_MS][at % 3] + at as i64;
    }
    let mut arrivals = arrivals.into_iter();
    let (mut list, mut after) = (Vec::new(), Value::Null);
    loop {
        let Page { ids, info } = page(&world, json!({ "first": 7, "after": after })).await;
        list.extend(ids);
        if info["hasNextPage"] == false {
            break;
        }
        after = info["endCursor"].clone();
        world.add(arrivals.by_ref().take(3).collect()).await;
    }
    let old: Vec<_> = list.iter().filter(|id| before.contains(id)).cloned().collect();
    assert_eq!(old, before, "what was there before is there once, in its order");
    let all = world.expected(|_| true);
    let in_order: Vec<_> = all.iter().filter(|id| list.contains(id)).cloned().collect();
    assert_eq!(list, in_order, "what came in between stands where it belongs, once");
    assert!(world.calls.len() > 75, "calls arrived in between");
}

/// Fields that a page knows, as they are asked for in the plainest way.
const PLAIN: &str = "id callId direction state stateRaw outcome internalNumber { raw e164 national country }
    externalNumber { raw e164 national country } target { id type name email phone { national } } contact { name }
    groupId dateStarted durationMs wasRecorded isTransferred labels updatedAt __typename";

#[tokio::test]
async fn however_a_page_is_asked_for_it_is_the_same() {
    let world = World::new(40).await;
    let nodes = async |fields: &str, fragments: &str, list: &str| {
        let query = format!("{{ company {{ calls(first: 30) {{ {list} {{ {fields} }} }} }} }} {fragments}");
        world.company.query(&world.server, &query, json!({})).await["company"]["calls"][list].clone()
    };
    let plain = nodes(PLAIN, "", "nodes").await;
    let of_rows = |rows: &Value, take: fn(&Value) -> Value| -> Value {
        rows.as_array().unwrap().iter().map(take).collect()
    };
    assert_eq!(plain.as_array().unwrap().len(), 30);
    // What waits for something has the library tell all of a row.
    let waiting = nodes(&format!("{PLAIN} depth"), "", "nodes").await;
    let without = |row: &Value| {
        let mut row = row.clone();
        assert_eq!(row.as_object_mut().unwrap().remove("depth"), Some(json!(0)));
        row
    };
    assert_eq!(of_rows(&waiting, without), plain);
    let fragment = format!("fragment All on Call {{ {PLAIN} }}");
    assert_eq!(nodes("...All", &fragment, "nodes").await, plain);
    assert_eq!(nodes("... on Node { ...All }", &fragment, "nodes").await, plain);
    assert_eq!(nodes(&format!("... on Call {{ {PLAIN} }}"), "", "nodes").await, plain);
    let twice = nodes(&format!("{PLAIN} target {{ name }} ...All"), &fragment, "nodes").await;
    assert_eq!(twice, plain);
    let edges = nodes(&format!("node {{ {PLAIN} }} cursor"), "", "edges").await;
    assert_eq!(of_rows(&edges, |edge| edge["node"].clone()), plain);
}

/// The names of members in the order in which they stand.
fn members(json: &str) -> Vec<&str> {
    let mut names: Vec<&str> = json.split("\":").filter_map(|part| part.rsplit('"').next()).collect();
    // Behind the last one stands its value.
    names.pop();
    names
}

#[tokio::test]
async fn members_stand_in_the_order_in_which_they_were_asked_for() {
    let world = World::new(3).await;
    // What has to be waited for stands before what is there at once.
    let query = "{ company { callFacets { outcome { count { value } } } calls(first: 1) { totalCount { exact value } nodes {
        events(first: 1) { pageInfo { hasNextPage } } target { type } depth callId ...Rest } pageInfo { endCursor } } slug }
        viewer { __typename } } fragment Rest on Call { contact { id } callId direction }";
    let wanted = "data company callFacets outcome calls totalCount exact value nodes events pageInfo hasNextPage target type
        depth callId contact id direction pageInfo endCursor slug viewer __typename";
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    for _ in 0..8 {
        let answer = world.company.ask(&world.server, query, json!({})).await;
        let members = members(answer.text.split(",\"extensions\"").next().unwrap());
        let outcomes = members.iter().filter(|name| **name == "count").count();
        // However many outcomes there are, they are said alike.
        let start = members.iter().position(|name| *name == "calls").unwrap();
        assert_eq!(start, 4 + 2 * outcomes, "{}", answer.text);
        assert_eq!([&members[..4], &members[start..]].concat(), wanted, "{}", answer.text);
    }
}
