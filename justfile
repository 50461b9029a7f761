# The tasks of this repository. `just` lists them.

_default:
    @just --list --unsorted

# All that a change has to pass, but for the live suite.
check: lint test book

# Every test that needs nothing but Rust.
test:
    cargo test

# Formatting, clippy, the API's documentation, dependencies.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
    cargo deny check licenses bans sources

# Known vulnerabilities of dependencies: fetches the advisory database.
advisories:
    cargo deny check advisories

# Rewrites what the tests compare with. Read the diff before it is committed.
bless:
    BLESS=1 cargo test
    git diff --stat

# The compiled examples in Istio's own code and in a real mesh. Says what it lacks where it cannot run.
live:
    cargo test --test 'live*' -- --nocapture

# The book, in book/book.
book:
    mdbook build book

# Speed, beside others' in the same run.
bench:
    cargo bench --bench '*'
