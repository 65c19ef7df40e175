#!/usr/bin/env bash
# Pictures of every page and state, in both themes, on a wide and a narrow screen, from made-up calls of a company that
# exists only for them. They go to $SCREENSHOTS_DIR; nothing else is left behind.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

export SCREENSHOTS_DIR="${SCREENSHOTS_DIR:-$root/screenshots}"
mkdir -p "$SCREENSHOTS_DIR"
SCREENSHOTS_DIR="$(cd "$SCREENSHOTS_DIR" && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/trunkline-screenshots.XXXXXX")"
# The user PostgreSQL runs as must get through.
chmod 711 "$work"
server=''

finish() {
    local status=$?
    trap - EXIT INT TERM
    if [ -n "$server" ] && kill -TERM "$server" 2>/dev/null; then wait "$server" || true; fi
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

unset DATABASE_URL TRUNKLINE_DATABASE_URL REDIS_URL TRUNKLINE_REDIS_URL TRUNKLINE_MASTER_KEY TRUNKLINE_DATA_DIR TRUNKLINE_LISTEN
TRUNKLINE_BIN="$(cd "$CARGO_TARGET_DIR" && pwd)/release/trunkline"
"$TRUNKLINE_BIN" serve --listen 127.0.0.1:0 --data-dir "$work/data" >"$work/trunkline.log" 2>&1 &
server=$!
address() { sed -nE 's/^.*listening on (https?:\/\/[^ ]+).*$/\1/p' "$work/trunkline.log" | head -n 1; }
until [ -n "$(address)" ]; do
    kill -0 "$server" 2>/dev/null || { cat "$work/trunkline.log" >&2; die 'trunkline did not start'; }
    sleep 0.1
done

TRUNKLINE_URL="$(address)"
TRUNKLINE_TEST_DATA_DIR="$work/data"
CHROMIUM="$(command -v chromium || command -v chromium-browser || command -v google-chrome)"
export TRUNKLINE_URL TRUNKLINE_BIN TRUNKLINE_TEST_DATA_DIR CHROMIUM
npm_packages tests/browser
(cd tests/browser && npx playwright test screenshots)
say "The pictures are in $SCREENSHOTS_DIR."
