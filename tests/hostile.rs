//! No workspace of a stranger takes the process down, or long: each of these ends soon, with the codes that it names.

#![allow(clippy::disallowed_methods, reason = "measures how long it takes")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a workspace that cannot be read is a fault")]

mod workspace;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use workspace::{InMemory, codes};

const HEAD: &str = "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\n";

/// A workspace with one service that says `words`.
fn says(words: &str) -> String {
    format!("{HEAD}service web namespace=shop {{ port 80 http; {words} }}\n")
}

/// The same with a guard.
fn guarded(require: &str) -> String {
    format!("{}guard g for=service {{ require \"{require}\" }}\n", says(""))
}

fn patched(text: &str) -> String {
    says(&format!("timeout \"1s\"; patch VirtualService #\"\"\"\n    {text}\n    \"\"\"#"))
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn pages() -> Vec<(&'static str, String)> {
    let all = |inner: &str| format!("[1, 2, 3, 4, 5, 6, 7, 8, 9, 0].all(x, {inner})");
    vec![
        ("kdl-syntax too-deep", format!("{HEAD}{}", "a { ".repeat(3_000))),
        ("too-deep", says(&format!("route r {{ match {{ {} }} }}", nested("not { ", "", " }", 500)))),
        ("bad-name", format!("{HEAD}service {} namespace=shop {{ port 80 http }}\n", "a".repeat(300))),
        ("string-too-long", says(&format!("timeout \"{}\"", "x".repeat(70_000)))),
        ("file-too-large", format!("{HEAD}{}", "// a\n".repeat(60_000))),
        ("hidden-character", says("route r { match { path \"/a\u{202e}b\" } }")),
        ("hidden-character", format!("{}// \u{202e} a comment\n", says(""))),
        ("bad-yaml", patched("a: &a [x, x]\n    b: [*a, *a]")),
        ("bad-yaml", patched("spec: !!python/object:os.system x")),
        ("bad-yaml", patched("spec: {<<: {a: b}}")),
        ("bad-yaml", patched("spec: {hosts: [a], hosts: [b]}")),
        ("bad-yaml", patched(&format!("spec: {}", nested("[", "", "]", 3_000)))),
        ("bad-yaml", patched(&format!("spec: {}", nested("{a: ", "1", "}", 3_000)))),
        ("unknown-field", patched(&format!("spec:\n{}", each(3_000, |at| format!("      k{at}: {at}\n"))))),
        ("bad-cel", says(&format!("telemetry {{ access-log all filter=\"{}\" }}", "(".repeat(900)))),
        ("cel-error", guarded(&format!("1{} > 0", "+1".repeat(3_000)))),
        ("cel-error", guarded(&all(&all(&all(&all(&all(&all(&all("true"))))))))),
        ("cel-error", guarded("service.name.matches('((a{0,100}){0,100}){0,100}')")),
        ("undefined-variable", says("timeout \"${b}\"").replace("language=1 {", "language=1 { var a \"1\";")),
        (
            "grant-unused repeated",
            format!(
                "{}{}group g99 {{ member web.shop }}\n",
                says("allow group:g0"),
                each(99, |at| {
                    let next = at + 1;
                    format!("group g{at} {{ member group:g{next} group:g{next} }}\n")
                })
            ),
        ),
        (
            "repeated",
            format!(
                "{}{}profile p40 {{ timeout \"1s\" }}\n",
                says("use p0"),
                each(40, |at| {
                    let next = at + 1;
                    format!("profile p{at} {{ use p{next} p{next} }}\n")
                })
            ),
        ),
        (
            "",
            format!(
                "{}{}environment e60\n",
                says(""),
                each(60, |at| format!("environment e{at} extends=e{}\n", at + 1))
            ),
        ),
        ("", says(&each(400, |at| format!("route r{at} {{ match {{ path \"/a{at}/*\"; not {{ method GET }} }} }}\n")))),
        ("", says(&each(3_000, |at| format!("route r{at} {{ match {{ path \"/a{at}/*\" }}; timeout \"1s\" }}\n")))),
        ("", says(&each(2_500, |at| format!("route r{at} {{ match {{ header x-a v{at} }}; timeout \"1s\" }}\n")))),
        ("", says(&each(14_000, |at| format!("port {} tcp\n", at + 100))).replace("port 80 http; ", "")),
        ("unknown-node", says(&each(20_000, |at| format!("xy{at}\n")))),
        ("unknown-name", says(&each(9_000, |at| format!("allow unknown{at}\n")))),
        ("", says(&format!("headers {{ request {{ {} }} }}", each(8_000, |at| format!("set x-{at} v\n"))))),
        (
            "grant-unused",
            format!(
                "{}{}group g3000 {{ member web.shop }}\n",
                says(&each(3_000, |at| format!("allow group:g{at}\n"))),
                each(3_000, |at| format!("group g{at} {{ member group:g{} }}\n", at + 1))
            ),
        ),
        (
            "host-unused",
            format!(
                "{}namespace edge\ngateway public namespace=edge {{ selector a=b; service-account a; {} }}\n",
                says(""),
                each(5_000, |at| format!("listen {} http {{ host shop.example }}\n", at + 1))
            ),
        ),
        ("no-mesh", String::new()),
        ("number-out-of-range", format!("{HEAD}service web namespace=shop {{ port {} http }}\n", "9".repeat(60))),
    ]
}

#[test]
fn hostile_workspaces_end_soon() {
    let mut faults = Vec::new();
    for (wanted, text) in pages() {
        let begun = Instant::now();
        let read = InMemory::split(&text)
            .read()
            .unwrap_or_else(|panic| panic!("{panic}\n{}", text.chars().take(200).collect::<String>()));
        let found: BTreeSet<&str> = codes(&read).into_iter().collect();
        let wanted: BTreeSet<&str> = wanted.split_whitespace().collect();
        let took = begun.elapsed();
        if found != wanted || took > Duration::from_mins(2) {
            let shown: String = text.chars().skip(HEAD.len()).take(100).collect();
            faults.push(format!("expected {wanted:?}, found {found:?} in {took:?}: {shown}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
