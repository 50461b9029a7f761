//! How fast files are read: our reader and the `kdl` crate over the same service files, in one run.
//!
//! `cargo bench --bench read` measures service files; `cargo bench --bench read -- hostile` shows a text of 126 bytes
//! on which the crate takes twice as long with every seven bytes more, which is why it is not the reader.
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock

use mesh::diagnostic::Diagnostics;
use mesh::source::FileId;
use mesh::syntax;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Service files in the measured workspace.
const SERVICES: usize = 5_000;

/// The best of so many runs counts: others were disturbed.
const RUNS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "hostile") {
        hostile();
    } else {
        services();
    }
}

/// Reads a workspace of service files with both.
fn services() {
    let files: Vec<String> = (0..SERVICES).map(service).collect();
    let bytes: usize = files.iter().map(String::len).sum();
    let ours = best(RUNS, || files.iter().for_each(|text| read(text)));
    // The crate is so slow that a twentieth of the files and a few runs tell enough.
    let some = || files.iter().take(SERVICES / 20);
    let some_bytes: usize = some().map(String::len).sum();
    let theirs = best(3, || some().for_each(|text| drop(black_box(kdl::KdlDocument::parse_v2(text)))));
    let (ours, theirs) = (speed(bytes, ours), speed(some_bytes, theirs));
    println!("{SERVICES} service files, {} bytes each on average", bytes / SERVICES);
    println!("mesh {ours:8.1} MB/s");
    println!("kdl  {theirs:8.1} MB/s");
    println!("     {:8.0} times as fast", ours / theirs);
}

/// Nests slashdashes, and shows how long each takes.
fn hostile() {
    for depth in [2, 4, 6, 8, 10, 12, 14, 16, 18] {
        let text = "a /-{ ".repeat(depth) + &"}".repeat(depth);
        let ours = best(1, || read(&text));
        let theirs = best(1, || drop(black_box(kdl::KdlDocument::parse_v2(&text))));
        println!("`a /-{{ ` {depth:2} times, {:3} bytes: mesh {ours:10.1?}, kdl {theirs:10.1?}", text.len());
    }
}

fn read(text: &str) {
    let mut found = Diagnostics::default();
    drop(black_box(syntax::parse(FileId::new(0), black_box(text), &mut found)));
}

fn best(runs: usize, mut run: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss)] // far fewer than 2^52 bytes
fn speed(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}

/// A service as a team writes it: a canary, a breaker, strict mTLS, and three neighbours on each side.
fn service(number: usize) -> String {
    let name = |number: usize| format!("svc-{number:05}.team-{:04}", number / 10);
    let mut text = format!(
        "service svc-{number:05} namespace=team-{:04} {{
    port {} http
    versions v1 v2

    canary v2 percent={} {{
        match {{ header x-canary \"beta-{}\" }}
    }}
    breaker {{
        consecutive-5xx {}
        interval \"{}s\"
        base-ejection \"{}s\"
        max-ejection {}
        connections {}
        pending-requests {}
        requests {}
        requests-per-connection {}
    }}
    mtls strict
",
        number / 10,
        8080 + number % 7,
        1 + number % 49,
        number % 5,
        3 + number % 7,
        5 + number % 25,
        30 + number % 60,
        10 + number % 90,
        100 + number % 900,
        16 + number % 48,
        128 + number % 128,
        1 + number % 20,
    );
    for step in 1..=3 {
        let _ = writeln!(text, "    allow {}", name((number * 7 + step * 13) % SERVICES));
    }
    for step in 1..=3 {
        let _ = writeln!(text, "    calls {}", name((number * 11 + step * 17) % SERVICES));
    }
    text + "}\n"
}
