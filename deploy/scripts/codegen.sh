#!/usr/bin/env bash
# Prints the schema the binary serves into web/schema.graphql and generates the web's types from it. What it makes is
# committed and never edited.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

cargo build --package server --bin trunkline --locked
"$CARGO_TARGET_DIR/debug/trunkline" schema >web/schema.graphql.new
mv web/schema.graphql.new web/schema.graphql
if [ -f web/package.json ]; then
    npm_packages web
    (cd web && npm run codegen --if-present)
fi
