#!/usr/bin/env bash
# Installs what is missing to build, to run with a private PostgreSQL, and to test. Does nothing, and asks no network,
# when nothing is missing. On other systems than Debian and Ubuntu it says what to install.
#
# usage: install.sh [build] [database] [test]
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

rust_minor_min=95
updated=''

has_apt() { command -v apt-get >/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "installing packages needs root: run as root: $*"
    fi
}

apt_update() {
    if [ -z "$updated" ]; then
        as_root apt-get update -qq
        updated=yes
    fi
}

# apt_install WHY PACKAGE...
apt_install() {
    local why="$1"
    shift
    say "installing $* ($why)"
    apt_update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

# The major version that apt would install, or 0.
apt_major() {
    apt_update
    local version
    version="$(apt-cache policy "$1" | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9]*\).*$/\2/p')"
    printf '%s\n' "${version:-0}"
}

need_compiler() {
    command -v cc >/dev/null && command -v make >/dev/null && return
    has_apt || die "a C compiler and make are missing; install them (macOS: xcode-select --install; Fedora: dnf install gcc make)"
    apt_install "a C compiler" build-essential
}

need_rust() {
    local minor
    minor="$(cargo --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\)\..*$/\1/p')" || true
    if [ -z "$minor" ]; then
        die "Rust is missing; install it with rustup (https://rustup.rs), then open a new shell"
    fi
    [ "$minor" -ge "$rust_minor_min" ] || die "Rust 1.$rust_minor_min or newer is needed and this is 1.$minor; run: rustup update stable"
}

need_node() {
    if node_ok && command -v npm >/dev/null; then return; fi
    local wanted="Node.js $node_major_min or newer with npm"
    has_apt || die "$wanted is missing; install it (https://nodejs.org, or macOS: brew install node)"
    if ! node_ok && [ "$(apt_major nodejs)" -ge "$node_major_min" ]; then
        apt_install "$wanted" nodejs
    fi
    command -v npm >/dev/null || apt_install "$wanted" npm
    node_ok && return
    # Debian 12 has an older one. Node.js is also packaged for npm, which needs no rights on this machine.
    local arch
    case "$(uname -m)" in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) die "$wanted is missing; install it (https://nodejs.org)" ;;
    esac
    say "installing Node.js into $cache/node"
    npm install --prefix "$cache/node" --no-audit --no-fund --loglevel=error "node-linux-$arch@^22" >/dev/null
    ln -sfn "node_modules/node-linux-$arch" "$cache/node/current"
    PATH="$cache/node/current/bin:$PATH"
    node_ok || die "$wanted is missing; install it (https://nodejs.org)"
}

need_postgres() {
    postgres_bin >/dev/null && return
    local wanted="PostgreSQL $postgres_major_min or newer"
    has_apt || die "$wanted is missing; install it (macOS: brew install postgresql@17; Fedora: dnf install postgresql-server postgresql-contrib) or set DATABASE_URL"
    apt_update
    local package
    package="$(apt-cache search --names-only '^postgresql-[0-9]+$' | sed -n 's/^\(postgresql-[0-9]*\) .*$/\1/p' | sort -t- -k2 -n | tail -n 1)"
    if [ -z "$package" ] || [ "${package#postgresql-}" -lt "$postgres_major_min" ]; then
        die "this system packages no $wanted; add PostgreSQL's own repository (https://www.postgresql.org/download/linux/) and install it, or set DATABASE_URL"
    fi
    # Debian's server package makes a cluster and starts it. Only the programs are wanted, so that is switched off for
    # the time of the installation; where a server is installed already nothing of it is changed.
    local switch=/etc/postgresql-common/createcluster.d/trunkline.conf
    apt_install "$wanted" postgresql-common
    as_root mkdir -p "$(dirname "$switch")"
    echo 'create_main_cluster = false' | as_root tee "$switch" >/dev/null
    local installed=0
    apt_install "$wanted" "$package" || installed=$?
    as_root rm -f "$switch"
    if [ "$installed" != 0 ] || ! postgres_bin >/dev/null; then
        die "$package could not be installed"
    fi
}

need_browser() {
    if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then
        return
    fi
    has_apt || die "Chromium is missing; install it (macOS: brew install --cask chromium)"
    apt_install "the browser tests" chromium fonts-liberation
}

# A clock that jumps, for the fault suite.
need_faketime() {
    if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || compgen -G '/usr/*lib*/faketime/libfaketimeMT.so.1' >/dev/null; then
        return
    fi
    has_apt || die "libfaketime is missing; install it (Fedora: dnf install libfaketime)"
    apt_install "the fault suite" faketime
}

# An independent implementation of the signature, so that ours is not tested against itself.
need_pyjwt() {
    python3 -c 'import jwt' 2>/dev/null && return
    if ! command -v python3 >/dev/null || ! python3 -m pip --version >/dev/null 2>&1; then
        has_apt || die "Python 3 with pip is missing; install it"
        apt_install "the signature tests" python3 python3-pip
    fi
    say "installing PyJWT into $cache/python"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$cache/python" 'PyJWT==2.10.1'
}

# A subscriber that nobody here wrote.
need_gql() {
    python3 -c 'import gql, websockets' 2>/dev/null && return
    say "installing gql into $cache/python"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$cache/python" 'gql[websockets]==4.4.0' 'websockets==15.0.1'
}

# A mail server that nobody here wrote.
need_aiosmtpd() {
    python3 -c 'import aiosmtpd' 2>/dev/null && return
    say "installing aiosmtpd into $cache/python"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --target "$cache/python" 'aiosmtpd==1.4.6'
}

# An OpenID provider that nobody here wrote.
need_oidc() {
    [ ! -d "$cache/oidc/node_modules/oidc-provider" ] || return 0
    need_node
    say "installing oidc-provider into $cache/oidc"
    npm install --prefix "$cache/oidc" --no-audit --no-fund --loglevel=error 'oidc-provider@9.13.3' >/dev/null
}

# Live updates through Redis, and without it.
need_redis() {
    command -v redis-server >/dev/null && return
    has_apt || die "redis-server is missing; install it (macOS: brew install redis; Fedora: dnf install redis)"
    apt_install "the tests of live updates" redis-server
}

for what in "$@"; do
    case "$what" in
        build)
            need_compiler
            need_rust
            [ ! -f web/package.json ] || need_node
            ;;
        database) [ -n "${DATABASE_URL:-}${TRUNKLINE_DATABASE_URL:-}" ] || need_postgres ;;
        test)
            need_postgres
            need_browser
            need_faketime
            need_pyjwt
            need_gql
            need_aiosmtpd
            need_oidc
            need_redis
            ;;
        *) die "usage: install.sh [build] [database] [test]" ;;
    esac
done
