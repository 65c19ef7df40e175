#!/usr/bin/env bash
# Formats all sources.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

cargo fmt --all
if [ -f web/package.json ]; then
    npm_packages web
    (cd web && npm run format --if-present)
fi
