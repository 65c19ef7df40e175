#!/usr/bin/env bash
# Builds the web app, if its sources changed, and the binary that contains it.
#
# usage: build.sh [release|debug]
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

web_build
case "${1:-release}" in
    release) cargo build --release --package server --bin trunkline --locked ;;
    debug) cargo build --package server --bin trunkline --locked ;;
    *) die "usage: build.sh [release|debug]" ;;
esac
