//! No template takes the process down, whatever it says: each of these ends soon, with a fault of the template.

#![allow(clippy::disallowed_methods, reason = "measures how long it takes")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a workspace that cannot be read is a fault")]

mod workspace;

use std::time::{Duration, Instant};
use workspace::{InMemory, codes, report};

/// What is found in a workspace whose service asks for the template `text`, and how long that takes.
fn run(text: &str) -> (Vec<&'static str>, String, Duration) {
    let begun = Instant::now();
    let page = "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\n\
                template t for=service file=\"t.yaml\"\n\
                service web namespace=shop { port 8080 http; extra t }\n";
    let files = InMemory::split(&format!("{page}// file: t.yaml\n{text}"));
    let read = files.read().unwrap_or_else(|panic| panic!("{panic}\n{}", &text[..text.len().min(200)]));
    (codes(&read), report(&read), begun.elapsed())
}

fn filled(before: &str, part: &str, after: &str) -> String {
    let times = (60 * 1024 - before.len() - after.len()) / part.len();
    format!("{before}{}{after}", part.repeat(times))
}

fn doubled(first: &str, step: &str, last: &str) -> String {
    format!("{first}{}{last}", step.repeat(40))
}

#[test]
fn hostile_templates_end_soon() {
    let hostile = [
        filled("{% if a %}", "{% elif a %}", "{% endif %}"),
        filled("{{ ", "-", "1 }}"),
        filled("{{ 1", "+1", " }}"),
        filled("{{ 1", "~1", " }}"),
        filled("{{ it", ".a", " }}"),
        filled("{{ it", "|lower", " }}"),
        filled("{{ it", "[0]", " }}"),
        filled("{{ it", "()", " }}"),
        filled("{{ ", "(", ""),
        filled("{{ ", "[", ""),
        filled("{{ ", "{", ""),
        filled("{{ ", "not ", "1 }}"),
        filled("{{ 1", " if 1 else 1", " }}"),
        filled("", "{% if it %}", ""),
        filled("", "{% for a in it %}", ""),
        doubled("{% set a = 'x' %}", "{% set a = a ~ a %}", "{{ a }}"),
        doubled("{% set a = 'x' %}", "{% set a %}{{ a }}{{ a }}{% endset %}", "{{ a }}"),
        doubled("{% set a = [1] %}", "{% set a = [a, a] %}", "{{ a }}"),
        doubled("{% set a = [1] %}", "{% set a = [a, a] %}", "{{ a == a }}"),
        doubled("{% set a = (1, 2) %}", "{% set a = (a, a) %}", "{{ a == a }}"),
        doubled("{% set a = 1, 2 %}", "{% set a = a, a %}", "{{ a == a }}"),
        doubled("{% set a = {'b': 1} %}", "{% set a = {'b': a, 'c': a} %}", "{{ a|json }}"),
        "{{ 'x' * 10**9 }}".to_owned(),
        "{{ ('x' * 100000)|replace('x', 'x' * 100000) }}".to_owned(),
        "{% for a in range(1000000000) %}x{% endfor %}".to_owned(),
        "{% for a in range(90000) %}{% for b in range(90000) %}x{% endfor %}{% endfor %}".to_owned(),
        "{% for a in range(9000) %}{% if it == it %}{% endif %}{% endfor %}{{ 1 / 0 }}".to_owned(),
        "{{ range(90000)|join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') }}".to_owned(),
        "{{ 1.5|round(1000000000) }}{{ nothing }}".to_owned(),
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".to_owned(),
        "{% for a in it.port recursive %}{{ loop(it.port) }}{% endfor %}".to_owned(),
        "{% set n = namespace(a='x') %}{% for i in range(1000) %}{% set n.a = n.a ~ n.a %}{% endfor %}".to_owned(),
        "{% include '/etc/passwd' %}".to_owned(),
        "{% import 'mesh.kdl' as x %}{{ x }}".to_owned(),
        "{% extends '../secret' %}".to_owned(),
        "{{ debug() }}".to_owned(),
        "{{ it.name.__class__ }}".to_owned(),
        "{{ itt.name }}".to_owned(),
        "{{ it.nam }}".to_owned(),
        "{{ it }}".to_owned(),
        "{{ it.port }}".to_owned(),
        "{{ params.nothing }}".to_owned(),
        "{{ }".to_owned(),
        "{% if %}".to_owned(),
        "{% raw %}".to_owned(),
        "x".repeat(70 * 1024),
    ];
    for text in &hostile {
        let (codes, report, took) = run(text);
        let start = &text[..text.len().min(100)];
        assert_eq!(codes, ["template-error"], "{start}\n{report}");
        assert!(took < Duration::from_mins(2), "{start} takes {took:?}");
    }
}

#[test]
fn what_a_template_makes_is_held_against_the_same_as_all_else() {
    let object = |kind: &str, rest: &str| format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: a\n{rest}");
    for (text, code) in [
        (object("Secret", ""), "kind-not-allowed"),
        (object("Pod", ""), "kind-not-allowed"),
        (object("Service", ""), "kind-not-allowed"),
        (object("ConfigMap", "daata: {}\n"), "unknown-field"),
        (object("ConfigMap", "data: {a: {{ it.port|length }}}\n"), "wrong-field-type"),
        (object("ConfigMap", "data: {a: on}\n"), "bad-yaml"),
        (object("ConfigMap", "  namespace: other\n"), "field-not-allowed"),
        (object("ConfigMap", "  finalizers: [a]\n"), "field-not-allowed"),
        (object("ConfigMap", "").replace("name: a", "name: ../{{ it.name }}"), "wrong-field-type"),
        (object("ConfigMap", "").replace("name: a", "labels: {}"), "missing-field"),
        ("a: [".to_owned(), "bad-yaml"),
        (object("ConfigMap", "---\n") + &object("ConfigMap", ""), "object-twice"),
    ] {
        let (codes, report, _) = run(&text);
        assert_eq!(codes, [code], "{text}\n{report}");
    }
    let fine = object("ConfigMap", "data:\n  ports: {{ it.port|length|json|json }}\n");
    let (codes, report, _) = run(&fine);
    assert!(codes.is_empty(), "{report}");
}

#[test]
fn many_things_do_not_each_do_all_that_one_may() {
    let things = |count: usize| {
        let services = (0..count).map(|at| format!("service s{at} namespace=shop {{ port 8080 http; extra t }}\n"));
        let page =
            "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\ntemplate t for=service file=\"t.yaml\"\n";
        let text = "{% for a in range(12000) %}{% endfor %}\napiVersion: v1\nkind: ConfigMap\n\
                    metadata: {name: \"{{ it.name }}\"}\n";
        let files = InMemory::split(&format!("{page}{}// file: t.yaml\n{text}", services.collect::<String>()));
        let begun = Instant::now();
        let read = files.read().unwrap();
        (codes(&read), report(&read), begun.elapsed())
    };
    let (fine, _, _) = things(200);
    assert!(fine.is_empty(), "{fine:?}");
    let (found, said, took) = things(2_000);
    assert_eq!(found, ["template-error"]);
    assert!(said.contains("for 200 things of this workspace templates do more than is usual"), "{said}");
    assert!(took < Duration::from_mins(2), "{took:?}");
    println!("{took:?}");
}
