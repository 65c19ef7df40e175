#!/usr/bin/env bash
# Every check, each with a heading and its time. Stops at the first step that fails; whatever happens, nothing is left
# running and the last line says how many tests passed and failed.
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

export NO_COLOR=1 CARGO_TERM_COLOR=never
unset FORCE_COLOR
# A setting of the person's own installation must not reach what is tested.
unset DATABASE_URL TRUNKLINE_DATABASE_URL REDIS_URL TRUNKLINE_REDIS_URL TRUNKLINE_MASTER_KEY TRUNKLINE_DATA_DIR TRUNKLINE_LISTEN

work="$(mktemp -d "${TMPDIR:-/tmp}/trunkline-test.XXXXXX")"
# The user PostgreSQL runs as must get through.
chmod 711 "$work"
binary="$CARGO_TARGET_DIR/debug/trunkline"
started=()
summary=''
passed=0
failed=0
current='setting up'

finish() {
    local status=$?
    trap - EXIT INT TERM
    set +e
    stop_started
    rm -rf "$work"
    if [ "$status" != 0 ]; then
        printf '\nFAILED: %s\n' "$current"
        # A step that counts no tests has failed as one.
        [ "$failed" != 0 ] || failed=1
    fi
    printf '\n'
    [ -z "$summary" ] || printf '%s\n' "$summary"
    printf '%s passed, %s failed\n' "$passed" "$failed"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step() {
    local began=$SECONDS
    current="$1"
    shift
    printf '\n== %s\n' "$current"
    "$@"
    printf -- '-- %s: %s s\n' "$current" "$((SECONDS - began))"
}

# Ends what this script started (`SIGNAL PID`), the last first; what does not listen is killed.
stop_started() {
    local index signal pid deadline
    for ((index = ${#started[@]} - 1; index >= 0; index--)); do
        read -r signal pid <<<"${started[index]}"
        kill "-$signal" "$pid" 2>/dev/null || continue
        deadline=$((SECONDS + 60))
        while kill -0 "$pid" 2>/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                kill -KILL "$pid"
                break
            fi
            sleep 0.1
        done
        wait "$pid" 2>/dev/null
    done
    started=()
}

# until_true SECONDS COMMAND...
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# Counts, in the words of each test runner, from the file it was recorded in.
count() {
    local file="$1" pattern="$2"
    # Colours off or not, some runners colour their last lines.
    sed 's/\x1b\[[0-9;]*m//g' "$file" | sed -nE "s/$pattern/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

web_check() {
    npm_packages web
    local status=0
    (cd web && npm_config_engine_strict=false npm run check) 2>&1 | tee "$work/web.log" || status=$?
    # vitest: "Tests  1 failed | 11 passed (12)"
    passed=$((passed + $(count "$work/web.log" '^ *Tests .* ([0-9]+) passed.*$')))
    failed=$((failed + $(count "$work/web.log" '^ *Tests .* ([0-9]+) failed.*$')))
    return "$status"
}

# A PostgreSQL for this run only. It may forget everything, so it does not wait for the disk.
start_postgres() {
    local bin as=() data="$work/postgres" port password try
    bin="$(postgres_bin)"
    mkdir "$data"
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    printf '%s' "$password" >"$work/password"
    if [ "$(id -u)" = 0 ]; then
        # PostgreSQL refuses root. It is also told to end if this script dies.
        local user=postgres
        id -u "$user" >/dev/null 2>&1 || user=nobody
        chown "$user" "$data" "$work/password"
        as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups --pdeathsig INT)
    fi
    chmod 700 "$data"
    chmod 600 "$work/password"
    (cd / && ${as[@]+"${as[@]}"} "$bin/initdb" --pgdata "$data" --pwfile "$work/password" --username postgres \
        --auth scram-sha-256 --encoding UTF8 --locale C --lc-ctype C.UTF-8 --no-sync --no-instructions) >/dev/null
    for try in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 10000))
        (cd / && exec ${as[@]+"${as[@]}"} "$bin/postgres" -D "$data" -c "port=$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories= -c max_connections=200 -c shared_buffers=128MB -c fsync=off \
            -c full_page_writes=off -c synchronous_commit=off) >"$work/postgres.log" 2>&1 &
        local pid=$!
        if until_true 60 postgres_settled "$bin" "$port" "$pid" && kill -0 "$pid" 2>/dev/null; then
            started+=("INT $pid")
            export TRUNKLINE_TEST_DATABASE_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"
            return
        fi
        say "PostgreSQL did not start (try $try):"
        tail -n 5 "$work/postgres.log" >&2
    done
    return 1
}

postgres_settled() {
    "$1/pg_isready" -q -h 127.0.0.1 -p "$2" || ! kill -0 "$3" 2>/dev/null
}

rust_tests() {
    local status=0 profile=default
    [ -z "${CI:-}" ] || profile=ci
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace --locked --no-fail-fast --profile "$profile" --color never 2>&1 |
            tee "$work/rust.log" || status=$?
        summary="$(grep -E '^ *Summary \[' "$work/rust.log" | tail -n 1)" || true
        passed=$((passed + $(count "$work/rust.log" '^ *Summary \[.* ([0-9]+) passed.*$')))
        failed=$((failed + $(count "$work/rust.log" '^ *Summary \[.* ([0-9]+) failed.*$')))
        failed=$((failed + $(count "$work/rust.log" '^ *Summary \[.* ([0-9]+) timed out.*$')))
    else
        cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$work/rust.log" || status=$?
        passed=$((passed + $(count "$work/rust.log" '^test result: .* ([0-9]+) passed;.*$')))
        failed=$((failed + $(count "$work/rust.log" '^test result: .* ([0-9]+) failed;.*$')))
    fi
    return "$status"
}

schema_check() {
    "$binary" schema | diff - web/schema.graphql ||
        { say "web/schema.graphql is not what the binary serves; run: make codegen"; return 1; }
}

start_trunkline() {
    "$binary" serve --listen 127.0.0.1:0 --data-dir "$work/data" >"$work/trunkline.log" 2>&1 &
    local pid=$!
    started+=("TERM $pid")
    if ! until_true 180 trunkline_settled "$pid" || ! kill -0 "$pid" 2>/dev/null; then
        cat "$work/trunkline.log" >&2
        return 1
    fi
    TRUNKLINE_URL="$(listening)"
    export TRUNKLINE_URL
}

listening() { sed 's/\x1b\[[0-9;]*m//g' "$work/trunkline.log" | sed -nE 's/^.*listening on (https?:\/\/[^ ]+).*$/\1/p' | head -n 1; }

trunkline_settled() { [ -n "$(listening)" ] || ! kill -0 "$1" 2>/dev/null; }

browser_tests() {
    local status=0 browser
    browser="$(command -v chromium || command -v chromium-browser || command -v google-chrome)"
    export TRUNKLINE_CHROMIUM="$browser"
    export TRUNKLINE_TEST_DATA_DIR="$work/data"
    npm_packages tests/browser
    start_trunkline
    (cd tests/browser && npx playwright test) 2>&1 | tee "$work/browser.log" || status=$?
    passed=$((passed + $(count "$work/browser.log" '^ +([0-9]+) passed( \(.*\))?$')))
    failed=$((failed + $(count "$work/browser.log" '^ +([0-9]+) failed$')))
    [ "$status" = 0 ] || tail -n 50 "$work/trunkline.log" >&2
    return "$status"
}

build() {
    cargo build --package server --bin trunkline --locked
    TRUNKLINE_BIN="$(cd "$(dirname "$binary")" && pwd)/trunkline"
    export TRUNKLINE_BIN
}

step 'format' cargo fmt --all --check
if [ -f web/package.json ]; then
    step 'web checks' web_check
    # The binary contains the built app, so it is needed from here on.
    step 'web build' web_build
fi
step 'lint' cargo clippy --workspace --all-targets --locked -- -D warnings
step 'build' build
step 'PostgreSQL for the tests' start_postgres
step 'tests' rust_tests
if [ -f web/schema.graphql ]; then
    step 'printed schema' schema_check
fi
if [ -f tests/browser/package.json ]; then
    step 'browser tests' browser_tests
fi
current=''
