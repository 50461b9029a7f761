//! Each guard of the book's page about them is kept by one mesh, and broken by another.

#![allow(clippy::disallowed_methods, reason = "reads the book from the disk")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a page that cannot be read is a fault"
)]

mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use workspace::InMemory;

/// A mesh that keeps every guard.
const KEEPS: &str = r#"
mesh shop language=1 { target istio "1.30" }
environment prod
namespace shop { label team=web }
gateway public namespace=shop {
    selector istio=ingress
    service-account ingress
    listen 443 https {
        host "*.shop.example"
        certificate shop-tls
    }
}
issuer customers {
    iss "https://login.example"
    jwks-uri "https://login.example/jwks.json"
    audience shop
}
service web namespace=shop {
    port 8080 http
    versions v1 v2
    canary v2 percent=10
    timeout "10s"
    retry 2
    expose public host=www.shop.example { require-token customers }
    allow same-namespace
}
"#;

/// What breaks each guard: what stands in the mesh, and what takes its place.
const BREAKS: [(&str, &str, &str); 12] = [
    ("deadlines", "    timeout \"10s\"\n    retry 2\n", "    retry 2\n"),
    ("careful-canaries", "percent=10", "percent=60"),
    ("public-doors", " { require-token customers }", ""),
    ("strict-in-prod", "port 8080 http", "port 8080 http { mtls permissive reason=\"terminals\" }"),
    ("no-plaintext-after-spring", "port 8080 http", "port 8080 http { mtls permissive until=\"2028-01-01\" }"),
    ("no-open-grants", "allow same-namespace", "allow anyone-in-mesh"),
    ("few-retries", "retry 2", "retry 5"),
    ("short-requests", "timeout \"10s\"", "timeout \"1m\""),
    ("owned", " { label team=web }", ""),
    ("encrypted-doors", "    listen 443", "    listen 80 http { host \"*.shop.example\" }\n    listen 443"),
    (
        "one-way-out",
        "issuer customers",
        "external cards namespace=shop { host cards.example; port 443 https }\nissuer customers",
    ),
    ("names", "service web ", "service web2 "),
];

fn guards() -> BTreeMap<String, String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/guards.md")).unwrap();
    let blocks = page.split("```kdl\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let name = |block: &str| block.strip_prefix("guard ").and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
    blocks.map(|block| (name(&block), block)).collect()
}

/// The guards that something does not keep.
fn failed(text: &str) -> Vec<String> {
    let found = InMemory::split(text).read().unwrap().found;
    let found = found.sorted();
    let unexpected: Vec<_> = found.iter().filter(|found| found.code.name == "cel-error").collect();
    assert!(unexpected.is_empty(), "{}", unexpected.iter().map(|it| it.title.as_str()).collect::<String>());
    let of_guards = found.iter().filter(|found| found.code.name == "guard-failed");
    let name = |title: &str| title.split('`').nth(3).unwrap().to_owned();
    let mut names: Vec<String> = of_guards.map(|found| name(&found.title)).collect();
    names.dedup();
    names
}

#[test]
fn each_guard_of_the_book_is_kept_by_one_mesh_and_broken_by_another() {
    let guards = guards();
    let all = guards.values().map(String::as_str).collect::<String>();
    assert_eq!(failed(&format!("{KEEPS}{all}")), Vec::<String>::new());
    for (name, guard) in &guards {
        let Some((_, kept, broken)) = BREAKS.iter().find(|(of, _, _)| of == name) else {
            panic!("nothing breaks {name}");
        };
        assert!(KEEPS.contains(kept), "{kept}");
        assert_eq!(failed(&format!("{}{guard}", KEEPS.replace(kept, broken))), [name.as_str()]);
    }
    assert_eq!(guards.len(), BREAKS.len());
}
