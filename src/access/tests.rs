//! Against a second reading of the same rules, written from what Istio's documentation and code say of a single request.

use super::{
    Action, Because, Condition, Dimension, Operation, Outcome, Policy, Request, Rule, STEPS, Source, Verdicts, Wire,
};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::{collection, option};
use smol_str::SmolStr;

mod alone;
mod plain;

use plain::Plain;

const PATHS: [&str; 14] =
    ["/a", "/a*", "*b", "/a/b", "/a/{*}", "/a/{**}", "/{*}/b", "*", "/ab*", "*/a", "/a/*", "/{**}", "/b/{*}/a", "/a?b"];
const PRINCIPALS: [&str; 8] =
    ["t/ns/a/sa/a", "t/ns/a/sa/b", "t/ns/b/*", "*/sa/a", "t/*", "*", "u/ns/a/sa/a", "t/ns/a*"];
const HOSTS: [&str; 7] = ["a.b", "A.B", "a.*", "*.b", "*", "a.b:*", "*:80"];
const METHODS: [&str; 4] = ["GET", "G*", "*", "*T"];
const ADDRESSES: [&str; 6] = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0", "fd00::/8", "10.255.255.255"];
const CLAIMS: [&str; 4] = ["a", "b", "a*", "*b"];
const TOKENS: [&str; 7] = ["i/a", "i/*", "*", "*/a", "*i/a", "i*", "i/a*"];
const PORTS: [&str; 2] = ["80", "81"];

fn some(pool: &'static [&'static str]) -> impl Strategy<Value = Vec<SmolStr>> {
    let words = pool.iter().copied().map(SmolStr::new_static).collect::<Vec<_>>();
    prop_oneof![3 => Just(Vec::new()), 2 => subsequence(words, 1..=2)]
}

fn source() -> impl Strategy<Value = Source> {
    let who = (some(&PRINCIPALS), some(&PRINCIPALS), some(&["a", "b", "a*"]), some(&["a", "*b"]));
    let where_from = (some(&ADDRESSES), some(&ADDRESSES), some(&TOKENS), some(&TOKENS));
    let rest = (some(&["a", "b/a"]), some(&["t", "*u"]), some(&ADDRESSES));
    (who, where_from, rest).prop_map(|(who, place, rest)| Source {
        principals: who.0,
        not_principals: who.1,
        namespaces: who.2,
        not_namespaces: who.3,
        ip_blocks: place.0,
        not_ip_blocks: place.1,
        request_principals: place.2,
        not_request_principals: place.3,
        service_accounts: rest.0,
        not_trust_domains: rest.1,
        remote_ip_blocks: rest.2,
        ..Source::default()
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    let one = (some(&HOSTS), some(&HOSTS), some(&PORTS), some(&PORTS));
    let other = (some(&METHODS), some(&METHODS), some(&PATHS), some(&PATHS));
    (one, other).prop_map(|(one, other)| Operation {
        hosts: one.0,
        not_hosts: one.1,
        ports: one.2,
        not_ports: one.3,
        methods: other.0,
        not_methods: other.1,
        paths: other.2,
        not_paths: other.3,
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let of = |key: &'static str, pool: &'static [&'static str]| {
        (some(pool), some(pool)).prop_map(move |(values, not_values)| Condition { key: key.into(), values, not_values })
    };
    prop_oneof![
        of("request.headers[X-Team]", &["a", "a*", "*b", "*"]),
        of("request.auth.claims[groups]", &CLAIMS),
        of("request.auth.claims[iss]", &["i", "i*"]),
        of("source.ip", &ADDRESSES),
        of("experimental.envoy.filters.x[y]", &["a", "b"]),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let when = prop_oneof![2 => Just(Vec::new()), 1 => collection::vec(condition(), 1..3)];
    (collection::vec(source(), 0..3), collection::vec(operation(), 0..3), when).prop_map(|(from, to, when)| Rule {
        from,
        to,
        when,
    })
}

fn policies() -> impl Strategy<Value = Vec<Policy>> {
    let action = prop_oneof![
        4 => Just(Action::Allow),
        2 => Just(Action::Deny),
        1 => select(vec!["p", "q"]).prop_map(|provider| Action::Custom { provider: provider.into() }),
    ];
    let policy = (action, collection::vec(rule(), 0..3));
    collection::vec(policy.prop_map(|(action, rules)| Policy { action, namespace: "a".into(), rules }), 0..3)
}

/// Every text of a few characters.
fn texts(begin: &'static str, letters: &'static str) -> impl Strategy<Value = String> {
    collection::vec(select(letters.chars().collect::<Vec<_>>()), 0..5)
        .prop_map(move |rest| begin.chars().chain(rest).collect())
}

fn plain() -> impl Strategy<Value = Plain> {
    let principal = option::of(select(vec![
        "t/ns/a/sa/a",
        "t/ns/a/sa/b",
        "t/ns/b/sa/a",
        "u/ns/a/sa/a",
        "t/ns/ab/sa/a",
        "vu/ns/b/sa/c",
    ]));
    let addresses =
        vec!["10.0.0.0", "10.1.0.0", "10.1.2.3", "10.255.255.255", "11.0.0.0", "9.255.255.255", "fd00::1", "::1"];
    let token = option::of(select(vec![("i", "a"), ("i", "b"), ("ii", "a"), ("j", ""), ("i", "ab")]));
    let hosts = vec!["a.b", "A.b", "a.b:80", "c.b", "a.c", "c", "C.B:80"];
    let of_http = (select(hosts), select(vec!["GET", "GIT", "POST", "get"]), texts("/", "ab/|"));
    let header = option::of(texts("", "ab"));
    let claims = collection::vec(select(vec!["a", "b", "ab", "c"]), 0..3);
    let rest = (select(vec![80_u16, 81, 82]), header, claims, proptest::bool::ANY);
    (principal, select(addresses.clone()), select(addresses), token, of_http, rest).prop_map(
        |(principal, peer, remote, token, (host, method, path), (port, header, claims, unknown))| Plain {
            principal,
            peer: peer.parse().unwrap(),
            remote: remote.parse().unwrap(),
            token,
            host,
            method,
            path,
            port,
            header,
            claims,
            unknown,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    /// A request is judged as the plain reading judges it, and is in a difference exactly if both sides judge it unlike.
    #[test]
    fn differences_are_exact(
        before in policies(), after in policies(), requests in collection::vec(plain(), 64), is_http in proptest::bool::ANY,
    ) {
        let wire = if is_http { Wire::Http } else { Wire::Tcp };
        let found = Verdicts::compare(&before, &after, wire, STEPS).expect("within the bound");
        for difference in &found.all {
            let (one, two) = (
                Verdicts::decide(&before, wire, &difference.witness), Verdicts::decide(&after, wire, &difference.witness),
            );
            assert!(one.is_same(&difference.before), "{}\n{one:?}\n{difference:?}", difference.witness);
            assert!(two.is_same(&difference.after), "{}\n{two:?}\n{difference:?}", difference.witness);
            assert!(!one.is_same(&two));
            assert_ne!(difference.requests.holds(&difference.witness), Some(false), "{}", difference.requests);
        }
        for plain in &requests {
            let request = plain.request();
            let (one, two) = (Verdicts::decide(&before, wire, &request), Verdicts::decide(&after, wire, &request));
            assert_eq!((one.outcome, one.asks.clone()), plain.verdict(&before, wire), "{plain:?}\n{before:#?}");
            assert_eq!((two.outcome, two.asks.clone()), plain.verdict(&after, wire), "{plain:?}\n{after:#?}");
            let holding: Vec<Option<bool>> =
                found.all.iter().map(|difference| difference.requests.holds(&request)).collect();
            if !found.is_cut && !holding.contains(&None) {
                let told = found.all.iter().map(|difference| difference.requests.to_string()).collect::<Vec<_>>();
                assert_eq!(!one.is_same(&two), holding.contains(&Some(true)), "{plain:?}\n{told:#?}\n{before:#?}\n{after:#?}");
                assert!(holding.iter().filter(|holds| **holds == Some(true)).count() <= 1, "{plain:?}");
            }
        }
    }

    /// Few words leave nothing out, and say nothing of a request that is not so.
    #[test]
    fn few_words_are_true(before in policies(), after in policies(), requests in collection::vec(plain(), 32)) {
        let Ok(found) = Verdicts::compare_in_short(&before, &after, Wire::Http, STEPS) else { return Ok(()) };
        for difference in &found.all {
            let decide = |policies: &[Policy]| Verdicts::decide(policies, Wire::Http, &difference.witness);
            assert!(!decide(&before).is_same(&decide(&after)), "{difference:?}");
            assert_ne!(difference.requests.holds(&difference.witness), Some(false), "{}", difference.requests);
        }
        for request in requests.iter().map(Plain::request) {
            let decide = |policies: &[Policy]| Verdicts::decide(policies, Wire::Http, &request);
            let (was, is) = (decide(&before), decide(&after));
            let told = found.all.iter().any(|difference| difference.requests.holds(&request) != Some(false));
            assert!(found.is_cut || told || was.is_same(&is), "{request}\n{before:#?}\n{after:#?}");
            for difference in found.all.iter().filter(|own| own.requests.holds(&request) == Some(true)) {
                let is_so = is.outcome == difference.after.outcome;
                let by_another = difference.is_but_for_others && matches!(is.because, Because::Rule(_));
                assert!(is_so || by_another, "{request}: {}\n{before:#?}\n{after:#?}", difference.requests);
            }
        }
    }

    /// Nothing differs from itself, and what is found one way is found the other.
    #[test]
    fn differences_have_two_sides(before in policies(), after in policies()) {
        let compare = |one: &[Policy], two: &[Policy]| Verdicts::compare(one, two, Wire::Http, STEPS).unwrap().all;
        assert!(compare(&before, &before).is_empty());
        let (there, back) = (compare(&before, &after), compare(&after, &before));
        assert_eq!(there.is_empty(), back.is_empty());
        for difference in there {
            let is_back = |other: &super::Difference| other.requests.holds(&difference.witness) != Some(false);
            assert!(back.iter().any(is_back), "{}", difference.witness);
        }
    }
}
