#!/usr/bin/env bash
# The property of the two walls between companies with many more probes. Prints its seed: the same seed asks the same.
# TRUNKLINE_TEST_DATABASE_URL names a PostgreSQL that may be thrown away, with the user that owns it.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

export TRUNKLINE_WALLS_PROBES="${PROBES:-100000}"
export TRUNKLINE_WALLS_SEED="${SEED:-$RANDOM$RANDOM}"
# A setting of the person's own installation must not reach what is tested.
unset DATABASE_URL TRUNKLINE_DATABASE_URL TRUNKLINE_MASTER_KEY TRUNKLINE_DATA_DIR TRUNKLINE_LISTEN
say "seed $TRUNKLINE_WALLS_SEED, $TRUNKLINE_WALLS_PROBES probes"

web_build
cargo build --package server --bin trunkline --locked
TRUNKLINE_BIN="$(cd "$CARGO_TARGET_DIR/debug" && pwd)/trunkline"
export TRUNKLINE_BIN
cargo test --package tests --test it --locked -- --nocapture walls::
