#!/usr/bin/env bash
# The fault suite with many more events, faults in any order, long outages, and many more forged tokens. Prints its
# seed: the same seed makes the same events and the same order of faults.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

export TRUNKLINE_CHAOS_EVENTS="${EVENTS:-200000}"
export TRUNKLINE_CHAOS_SEED="${SEED:-$RANDOM$RANDOM}"
export TRUNKLINE_CHAOS_TOKENS="${TOKENS:-10000000}"
# A setting of the person's own installation must not reach what is tested.
unset DATABASE_URL TRUNKLINE_DATABASE_URL TRUNKLINE_MASTER_KEY TRUNKLINE_DATA_DIR TRUNKLINE_LISTEN

web_build
cargo build --package server --bin trunkline --locked
TRUNKLINE_BIN="$(cd "$CARGO_TARGET_DIR/debug" && pwd)/trunkline"
export TRUNKLINE_BIN
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --package tests --test faults --locked --profile chaos
    cargo nextest run --package domain --locked --profile chaos independent
else
    cargo test --package tests --test faults --locked -- --nocapture
    cargo test --package domain --locked -- --nocapture independent
fi
