#!/usr/bin/env bash
# Builds the image of the plugin's sidecar, as far as this machine can: the static binary, the files of the Dockerfile,
# a run of the binary among nothing but them, and the image itself where there is a container engine.
#
#   deploy/argocd/image.sh                                     target/argocd/image: the files
#   deploy/argocd/image.sh --tag registry.example/mesh:0.1.0   and the image, by docker, podman or buildah
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly machine=$(uname -m)
readonly target="$machine-unknown-linux-musl"
readonly context=target/argocd/context image=target/argocd/image
tag=
if [ "${1:-}" = --tag ]; then tag=${2:?--tag needs the name of an image}; fi

say() { echo "image: $*"; }
refuse() { echo "image: $*" >&2; exit 1; }

install_musl_gcc() {
    command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ] || refuse "needs musl-gcc: install musl-tools"
    say "installing musl-tools"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends musl-tools >/dev/null
}

build() {
    if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
        command -v rustup >/dev/null || refuse "needs Rust's target $target, and there is no rustup to add it"
        rustup target add "$target"
    fi
    # The allocator is C.
    command -v musl-gcc >/dev/null || install_musl_gcc
    cargo build --quiet --release --locked --target "$target"
    mkdir -p "$context"
    cp "target/$target/release/mesh" deploy/argocd/plugin.yaml "$context/"
    # A static binary names no interpreter.
    ! LC_ALL=C grep -q 'ld-linux\|ld-musl' "$context/mesh" || refuse "the binary is not static"
    say "static binary, $(wc -c <"$context/mesh") bytes"
}

# Lays out what the Dockerfile copies.
lay_out() {
    rm -rf "$image"
    local from to
    while read -r _ from to; do
        mkdir -p "$image$(dirname "$to")"
        cp "$context/$from" "$image$to"
    done < <(grep '^COPY ' deploy/argocd/Dockerfile)
    say "files: $(cd "$image" && find . -type f | sort | tr '\n' ' ')"
}

# Runs the binary as the sidecar would: as user 999, with nothing but the image and a workspace that it may only read.
run() {
    if [ "$(id -u)" -ne 0 ]; then
        say "skipped: running it in a root of its own needs root"
        "$context/mesh" argocd generate -C examples/hello >/dev/null
        return
    fi
    local root
    root=$(mktemp -d)
    trap "rm -rf '$root'" RETURN
    cp -r "$image/." "$root/"
    mkdir "$root/work" && cp -r examples/hello/. "$root/work/"
    chmod -R go-w,go+rX "$root"
    local objects
    objects=$(env -i PATH=/usr/local/bin "$(command -v chroot)" --userspec=999:999 "$root" \
        mesh argocd generate -C /work | grep -c '^kind:')
    [ "$objects" -gt 5 ] || refuse "expected the objects of examples/hello, found $objects"
    say "run among nothing but its files, as user 999: $objects objects"
}

# The same behind Argo CD's own server, where the live suite has built it.
serve() {
    local server root begun=$SECONDS
    server=$(tests/live/setup.sh --list | sed -n 's/^cmp-server //p')
    if [ "$server" = - ] || [ "$(id -u)" -ne 0 ]; then
        say "skipped: asking Argo CD's server needs it, and root (tests/live/setup.sh)"
        return
    fi
    root=$(mktemp -d)
    cp -r "$image/." "$root/"
    mkdir -p "$root/var/run/argocd" "$root/home/argocd/cmp-server/plugins" "$root/tmp" "$root/dev"
    # What every container has.
    mknod -m 666 "$root/dev/null" c 1 3
    cp "$server" "$root/var/run/argocd/argocd-cmp-server"
    chmod -R go-w,go+rX "$root"
    chown 999:999 "$root/tmp" "$root/home/argocd/cmp-server/plugins"
    env -i PATH=/usr/local/bin "$(command -v chroot)" --userspec=999:999 "$root" \
        /var/run/argocd/argocd-cmp-server serve --loglevel warn &
    local pid=$!
    trap "kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null || true; rm -rf '$root'" EXIT
    until [ -S "$root/home/argocd/cmp-server/plugins/mesh.sock" ]; do
        [ $((SECONDS - begun)) -lt 20 ] || refuse "the server opened no socket"
        sleep 0.1
    done
    local question answer
    question="{\"call\":\"generate\",\"plugin\":\"mesh\",\"repository\":\"$PWD/examples/hello\",\"path\":\".\",\"timeout\":20000}"
    answer=$(ARGOCD_PLUGINSOCKFILEPATH="$root/home/argocd/cmp-server/plugins" "$server" ask <<<"$question" 2>/dev/null)
    grep -q '"kind":"VirtualService"' <<<"$answer" || refuse "the server answered: $answer"
    say "asked through Argo CD's own server, in a root of its own: it answered"
}

engine() {
    local program
    for program in docker podman buildah; do
        if command -v "$program" >/dev/null; then
            "$program" build --tag "$tag" --file deploy/argocd/Dockerfile "$context"
            say "built $tag"
            return
        fi
    done
    refuse "$tag is not built: there is no docker, podman or buildah"
}

build
lay_out
run
serve
[ -z "$tag" ] || engine
