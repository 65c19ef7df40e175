//! Rebuilds when the web app was built: what is embedded is otherwise looked at only when a source file changes.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
