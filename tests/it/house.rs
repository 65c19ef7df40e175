//! Proves the rules of the house that no compiler checks: which crate may know which, who may know the database, what
//! lies where, and how long a function or a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::setting;

/// Which of our crates each may depend on. A new arrow is a change of the design.
const ARROWS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("ingest", &["store", "domain"]),
    ("accounts", &["store", "domain"]),
    ("graphql", &["accounts", "store", "domain"]),
    ("simulator", &["domain"]),
    ("server", &["domain", "store", "ingest", "accounts", "graphql", "simulator"]),
    ("tests", &[]),
];

/// What only `store` may name: everything else reaches data through its doors.
const DOORS: [&str; 7] = ["sea-orm", "sea-query", "sqlx", "redis", "fred", "tokio-postgres", "postgres"];

/// Folders at the top; files and folders with a dot in front are for tools.
const FOLDERS: [&str; 5] = ["crates", "migrations", "web", "deploy", "tests"];

/// Lines of a function and of a file.
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 600;

/// Functions and files that are longer, with their lengths. This list only shrinks, and so do the numbers in it.
const LONGER: [(&str, usize); 0] = [];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Name and manifest of every package of the workspace.
fn packages() -> BTreeMap<String, Value> {
    let cargo = setting("CARGO").unwrap_or_else(|| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.map(|package| (package["name"].as_str().unwrap().to_owned(), package.clone())).collect()
}

/// The names of what a package depends on, with the kind: null, `dev` or `build`.
fn dependencies(package: &Value) -> Vec<(&str, Option<&str>)> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.map(|dependency| (dependency["name"].as_str().unwrap(), dependency["kind"].as_str())).collect()
}

/// The files that git knows, or would know when they are added.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    let files = listed.split('\0').filter(|file| !file.is_empty()).map(PathBuf::from);
    // What was deleted and not committed yet is still listed.
    files.filter(|file| root().join(file).exists()).collect()
}

fn rust_files() -> impl Iterator<Item = (PathBuf, String)> {
    let is_rust = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "rs");
    files().into_iter().filter(is_rust).map(|file| {
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        (file, text)
    })
}

#[test]
fn arrows_point_inward() {
    let packages = packages();
    let known: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, allowed)| (*name, allowed.iter().copied().collect())).collect();
    let names: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    assert_eq!(names, known.keys().copied().collect(), "every crate has its line in ARROWS");
    for (name, package) in &packages {
        for (dependency, kind) in dependencies(package) {
            if known.contains_key(dependency) {
                assert!(
                    known[name.as_str()].contains(dependency),
                    "{name} may not know {dependency} ({kind:?})"
                );
            }
            if name == "tests" {
                assert_eq!(kind, Some("dev"), "tests needs {dependency} for nothing but tests");
            }
        }
    }
}

#[test]
fn only_store_knows_the_database() {
    for (name, package) in packages() {
        for (dependency, _) in dependencies(&package) {
            let is_door =
                DOORS.iter().any(|door| dependency == *door || dependency.starts_with(&format!("{door}-")));
            assert!(!is_door || name == "store", "{name} names {dependency}: use the doors of store");
        }
    }
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    for (name, package) in packages() {
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[lints]");
        assert_eq!(lines.nth(1), Some("workspace = true"), "{name}: [lints] workspace = true");
        assert_eq!(package["publish"], serde_json::json!([]), "{name} is not published");
    }
}

#[test]
fn everything_lies_where_it_belongs() {
    let mut seen = BTreeSet::new();
    for file in files() {
        let mut parts = file.components().map(|part| part.as_os_str().to_str().unwrap());
        let (first, is_folder) = (parts.next().unwrap(), parts.next().is_some());
        if is_folder && !first.starts_with('.') {
            assert!(FOLDERS.contains(&first), "{} is in a folder that is not in FOLDERS", file.display());
            seen.insert(first.to_owned());
        }
    }
    for folder in ["crates", "migrations", "deploy", "tests"] {
        assert!(seen.contains(folder), "{folder} is gone");
    }
    for (file, _) in rust_files() {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let is_snake = stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(is_snake, "{}: snake_case", file.display());
        assert!(
            !["utils", "util", "helpers", "common", "misc"].contains(&stem),
            "{}: split by noun",
            file.display()
        );
    }
}

#[test]
fn functions_and_files_are_short() {
    let mut too_long = BTreeMap::new();
    let mut functions = 0;
    for (file, text) in rust_files() {
        let shown = file.display().to_string();
        if text.lines().count() > FILE_LINES_MAX {
            too_long.insert(shown.clone(), text.lines().count());
        }
        for (name, lines) in function_lengths(&text) {
            functions += 1;
            if lines > FUNCTION_LINES_MAX {
                too_long.insert(format!("{shown}: {name}"), lines);
            }
        }
    }
    assert!(functions > 500, "functions are found: {functions}");
    let allowed: BTreeMap<String, usize> =
        LONGER.iter().map(|(name, lines)| ((*name).to_owned(), *lines)).collect();
    assert_eq!(too_long, allowed, "split what is on the left; LONGER only shrinks");
}

#[test]
fn nothing_is_skipped_or_tried_twice() {
    // Put together here, so that this file does not find itself.
    let forbidden = ["ignore", "should_panic"].map(|attribute| format!("#[{attribute}"));
    for (file, text) in rust_files() {
        for attribute in &forbidden {
            assert!(!text.contains(attribute), "{} has {attribute}", file.display());
        }
    }
    let nextest = std::fs::read_to_string(root().join(".config/nextest.toml")).unwrap();
    let mut retries = nextest.lines().filter_map(|line| line.trim().strip_prefix("retries"));
    assert!(
        retries.all(|value| value.trim_start_matches([' ', '=']) == "0"),
        "a test that needs two tries has failed"
    );
}

#[test]
fn lengths_are_counted_right() {
    let text = "fn one() { let s = \"}\"; }\n/* fn no() { */\nfn two<'a>(c: char) -> bool {\n    // }\n    c == '}' || c == '\\'' || \
                r#\"}\"# == \"\\\"}\"\n}\ntrait T {\n    fn none();\n    fn three() {\n        if true {}\n    }\n}\ntype F = fn(u8) -> u8;\n";
    let wanted = [("one", 1), ("two", 4), ("three", 3)].map(|(name, lines)| (name.to_owned(), lines));
    assert_eq!(function_lengths(text), wanted);
}

/// Every function that has a body, and how many lines it takes from `fn` to its last brace.
fn function_lengths(text: &str) -> Vec<(String, usize)> {
    let code = blank_out(text);
    let bytes = code.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if at > 0 && is_word(at - 1) {
            continue;
        }
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            continue; // a type such as `fn (u8) -> u8`
        }
        if let Some(end) = end_of_body(bytes, at) {
            found.push((name, code[at..end].matches('\n').count() + 1));
        }
    }
    found
}

/// Behind the brace that closes the body of the function at `start`; `None` when a semicolon comes instead of a body.
fn end_of_body(code: &[u8], start: usize) -> Option<usize> {
    let (mut braces, mut brackets) = (0_i32, 0_i32);
    for (at, byte) in code.iter().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b';' if braces == 0 && brackets == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The text with everything in comments, strings and characters replaced by blanks; lines stay where they are.
fn blank_out(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let length = if rest.starts_with(b"//") {
            rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            find(rest, b"*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(bytes, at) {
            let closing = [&b"\""[..], &b"#".repeat(hashes)].concat();
            let body = 2 + hashes;
            find(&rest[body..], &closing).map_or(rest.len(), |end| body + end + closing.len())
        } else if rest[0] == b'"' {
            quoted(rest, b'"')
        } else if rest[0] == b'\'' && is_character(rest) {
            quoted(rest, b'\'')
        } else {
            at += 1;
            continue;
        };
        out[at..at + length].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at += length;
    }
    String::from_utf8(out).unwrap()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// The number of hashes when a raw string begins here.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    if bytes[at] != b'r' || before.is_some_and(|byte| byte.is_ascii_alphanumeric() && byte != b'b') {
        return None;
    }
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    (bytes.get(at + 1 + hashes) == Some(&b'"')).then_some(hashes)
}

/// Bytes up to and with the closing quote.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// A character, not a lifetime.
fn is_character(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[1..bytes.len().min(6)]).into_owned();
    let mut characters = text.chars();
    match characters.next() {
        Some('\\') => true,
        Some(_) => characters.next() == Some('\''),
        None => false,
    }
}
