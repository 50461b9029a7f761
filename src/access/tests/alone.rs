//! Comparisons that can be judged by eye.

use super::{
    Action, Because, Condition, Dimension, Operation, Outcome, Policy, Request, Rule, STEPS, Source, Verdicts, Wire,
};
use smol_str::SmolStr;

fn words(words: &[&str]) -> Vec<SmolStr> {
    words.iter().map(|word| (*word).into()).collect()
}

fn allow(rules: Vec<Rule>) -> Policy {
    Policy { action: Action::Allow, namespace: "shop".into(), rules }
}

fn deny(rules: Vec<Rule>) -> Policy {
    Policy { action: Action::Deny, namespace: "shop".into(), rules }
}

fn of(principals: &[&str], methods: &[&str], paths: &[&str]) -> Rule {
    let source = Source { principals: words(principals), ..Source::default() };
    let operation = Operation { methods: words(methods), paths: words(paths), ..Operation::default() };
    Rule { from: vec![source], to: vec![operation], when: Vec::new() }
}

/// What a comparison says, a line for each difference.
fn told(before: &[Policy], after: &[Policy]) -> String {
    let found = Verdicts::compare(before, after, Wire::Http, STEPS).expect("within the bound");
    let line = |difference: &super::super::Difference| {
        let sign = if difference.is_wider() { '+' } else { '-' };
        format!("{sign} {} [{}]\n", difference.requests, difference.witness)
    };
    found.all.iter().map(line).collect()
}

const WEB: &str = "cluster.local/ns/shop/sa/web";

#[test]
fn a_path_that_is_added_is_told_without_the_paths_that_were_there() {
    let before = [allow(vec![of(&[WEB], &["GET"], &["/a/*"])])];
    let after = [allow(vec![of(&[WEB], &["GET"], &["/a/*", "/a*"])])];
    assert_eq!(
        told(&before, &after),
        "+ identity `cluster.local/ns/shop/sa/web`; method `GET`; path `/a*` but not path `/a/*` [identity \
         \"cluster.local/ns/shop/sa/web\", method \"GET\", path \"/a\"]\n"
    );
}

#[test]
fn the_last_policy_that_allows_lets_everybody_in_when_it_goes() {
    let before = [allow(vec![of(&[WEB], &[], &[])])];
    assert_eq!(told(&before, &[]), "+ identity: any but identity `cluster.local/ns/shop/sa/web` [identity none]\n");
    assert_eq!(told(&[], &[allow(Vec::new())]), "- every request []\n");
}

#[test]
fn a_denial_that_a_wider_one_holds_changes_nothing() {
    let open = allow(vec![Rule::default()]);
    let before = [open.clone(), deny(vec![of(&[], &[], &["/admin*"])])];
    let after = [open, deny(vec![of(&[], &[], &["/admin*"]), of(&[], &[], &["/admin/{*}"])])];
    assert_eq!(told(&before, &after), "");
}

#[test]
fn what_is_not_known_is_a_condition_of_its_own() {
    let asks = |value: &str| {
        let when = Condition {
            key: "experimental.envoy.filters.a[b]".into(),
            values: words(&[value]),
            ..Condition::default()
        };
        [allow(vec![Rule { when: vec![when], ..Rule::default() }])]
    };
    assert_eq!(told(&asks("x"), &asks("x")), "");
    let found = Verdicts::compare(&asks("x"), &asks("y"), Wire::Http, STEPS).unwrap();
    assert!(found.all.iter().all(|difference| difference.unknown().next().is_some()) && found.all.len() == 2);
}

#[test]
fn says_which_rule_decides() {
    let policies = [allow(vec![of(&[WEB], &["GET"], &[])]), deny(vec![of(&[], &[], &["/x"])])];
    let request = Request::default().with_text(Dimension::Principal, WEB);
    let verdict = Verdicts::decide(&policies, Wire::Http, &request);
    assert!(matches!(verdict.because, Because::Rule(at) if at.policy == 0));
    let verdict = Verdicts::decide(&policies, Wire::Http, &request.with_text(Dimension::Path, "/x"));
    assert!(matches!(verdict.because, Because::Rule(at) if at.policy == 1));
    assert_eq!(Verdicts::decide(&policies, Wire::Http, &Request::default()).because, Because::NoRule);
    assert_eq!(Verdicts::decide(&[], Wire::Http, &Request::default()).outcome, Outcome::Allowed);
}

/// The bound is met by rules that no cell takes together, and not by many rules alone.
#[test]
fn many_rules_are_compared_within_the_bound() {
    let rules = |count: usize| -> Vec<Rule> {
        let rule =
            |at: usize| of(&[&format!("t/ns/shop/sa/s{at}")], &["GET", "POST"], &[&format!("/s{at}/*"), "*.png"]);
        (0..count).map(rule).collect()
    };
    let mut after = rules(200);
    after[70] = of(&["t/ns/shop/sa/s70"], &["GET", "POST", "PUT"], &["/s70/*", "*.png"]);
    assert_eq!(told(&[allow(rules(200))], &[allow(after.clone())]).lines().count(), 1);
    let too_much = Verdicts::compare(&[allow(rules(200))], &[allow(after)], Wire::Http, 1_000).expect_err("too much");
    assert_eq!((too_much.only_before.len(), too_much.only_after.len(), too_much.steps), (1, 1, 1_000));
}
