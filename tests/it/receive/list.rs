//! The list of hostile deliveries, and that every row of it is asserted somewhere.

use std::path::Path;

/// The numbers of the list.
const ROWS: [u32; 104] = [
    1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 32, 33, 34, 36, 37,
    38, 40, 41, 42, 44, 45, 46, 48, 49, 50, 52, 53, 54, 60, 61, 62, 64, 65, 66, 68, 69, 70, 72, 73, 74, 76,
    77, 78, 80, 81, 82, 84, 85, 86, 88, 89, 90, 92, 93, 94, 96, 97, 98, 100, 101, 102, 104, 105, 110, 112,
    113, 114, 116, 117, 118, 120, 121, 122, 124, 125, 126, 128, 129, 130, 132, 133, 134, 136, 137, 138, 140,
    141, 142, 144, 145, 146,
];

/// Rows about what the product does not have yet.
const WAITING: [(u32, &str); 2] = [(116, "no company can be suspended"), (145, "nothing uses Redis")];

/// Where rows are asserted.
const PLACES: [&str; 5] =
    ["it/receive.rs", "it/receive", "faults", "../crates/domain/tests", "../crates/server/tests"];

/// The text of a source file, or of all below a directory, but not of this one.
fn texts(place: &Path, found: &mut String) {
    if place.is_dir() {
        let entries = std::fs::read_dir(place).unwrap();
        entries.for_each(|entry| texts(&entry.unwrap().path(), found));
    } else if place.extension().is_some_and(|extension| extension == "rs") && !place.ends_with("list.rs") {
        found.push_str(&std::fs::read_to_string(place).unwrap());
    }
}

#[test]
fn every_row_of_the_list_is_asserted() {
    let mut text = String::new();
    PLACES.iter().for_each(|place| texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(place), &mut text));
    let is_named = |row: &u32| text.contains(&format!("WH-{row:03}"));
    let is_waiting = |row: &u32| WAITING.iter().any(|(waiting, _)| waiting == row);
    let missing: Vec<&u32> = ROWS.iter().filter(|row| !is_named(row) && !is_waiting(row)).collect();
    assert!(missing.is_empty(), "nothing asserts rows {missing:?}");
    let done: Vec<_> = WAITING.iter().filter(|(row, _)| is_named(row)).collect();
    assert!(done.is_empty(), "these wait no longer: {done:?}");
}
