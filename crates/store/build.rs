//! Rebuilds when a migration was added: the files are embedded.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
