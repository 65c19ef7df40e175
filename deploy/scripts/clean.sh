#!/usr/bin/env bash
# Removes what was built. Data directories stay.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

cargo clean
rm -rf web/dist web/node_modules tests/browser/node_modules tests/browser/results
