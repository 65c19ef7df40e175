#!/usr/bin/env bash
# Every check that runs nothing of the product.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

cargo fmt --all --check
web_build
cargo clippy --workspace --all-targets --locked -- -D warnings
if [ -f web/package.json ]; then
    npm_packages web
    (cd web && npm_config_engine_strict=false npm run check)
fi
