# shellcheck shell=bash
# Sourced by the other scripts: where things are, and how they are found. Has no effect but on this shell.

set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"

# What is downloaded besides cargo's and npm's own caches lies outside the clone, so that it outlives it.
cache="${TRUNKLINE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/trunkline}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}"
export PYTHONPATH="$cache/python${PYTHONPATH:+:$PYTHONPATH}"

postgres_major_min=15
node_major_min=20

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

node_ok() {
    local version
    version="$(node --version 2>/dev/null)" || return 1
    version="${version#v}"
    [ "${version%%.*}" -ge "$node_major_min" ]
}

# A newer Node than the system's, if install.sh had to fetch one.
if ! node_ok && [ -x "$cache/node/current/bin/node" ]; then
    PATH="$cache/node/current/bin:$PATH"
fi

# Prints the directory of the newest usable PostgreSQL.
postgres_bin() {
    local directory version best='' best_major=0
    local named="${TRUNKLINE_POSTGRES_BIN_DIR:-}"
    local places=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin)
    if command -v postgres >/dev/null; then
        places+=("$(dirname "$(command -v postgres)")")
    fi
    if [ -n "$named" ]; then
        places=("$named")
    fi
    for directory in "${places[@]}"; do
        if [ ! -x "$directory/postgres" ] || [ ! -x "$directory/initdb" ]; then continue; fi
        version="$("$directory/postgres" --version)" || continue
        version="$(printf '%s' "$version" | sed -n 's/^.*(PostgreSQL) \([0-9]*\).*$/\1/p')"
        if [ "${version:-0}" -ge "$postgres_major_min" ] && [ "$version" -gt "$best_major" ]; then
            best="$directory"
            best_major="$version"
        fi
    done
    [ -n "$best" ] && printf '%s\n' "$best"
}

# `npm ci` only when the lock file changed since the last one, because it starts from nothing each time. The exact
# versions of Node.js and npm that a package names are those it is developed with; newer ones build it as well.
npm_packages() {
    local directory="$1" stamp="$1/node_modules/.trunkline-lock"
    if ! cmp -s "$directory/package-lock.json" "$stamp"; then
        (cd "$directory" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm_config_engine_strict=false npm ci --no-audit --no-fund)
        cp "$directory/package-lock.json" "$stamp"
    fi
}

# Builds the web app if a source is newer than what was built.
web_build() {
    [ -f web/package.json ] || return 0
    local built=web/dist/index.html
    if [ -f "$built" ] && [ -z "$(find web \( -path web/node_modules -o -path web/dist \) -prune -o \
        -type f -newer "$built" -print -quit)" ]; then
        return 0
    fi
    npm_packages web
    (cd web && npm_config_engine_strict=false npm run build)
}
