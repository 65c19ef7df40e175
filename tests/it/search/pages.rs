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
