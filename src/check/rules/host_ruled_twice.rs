use crate::check::Subject;
use crate::check::carried::{self, Ruled};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("host-ruled-twice", Error, "an object of one's own for a host that has one");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let (own, strange) = carried::rules(subject);
    let mut taken: BTreeMap<(&str, &str, &str), &Ruled<'_>> = BTreeMap::new();
    for ruled in &own {
        taken.entry(key(ruled)).or_insert(ruled);
    }
    for ruled in &strange {
        let Some(first) = taken.get(&key(ruled)) else {
            taken.insert(key(ruled), ruled);
            continue;
        };
        let is_made = own.iter().any(|own| std::ptr::eq(own.made, first.made));
        // Of one's own several may say a part of a host each, where Istio puts the parts together.
        if !is_made && adds_up(ruled) {
            continue;
        }
        let kind = ruled.made.kind.1.as_str();
        let fault = Diagnostic::new(&CODE, format!("`{}` has two objects of kind {kind}", ruled.host))
            .at_known(ruled.span.or(ruled.made.owner.span), "the second")
            .note(why(ruled));
        let fault = match first.made.owner.span {
            Some(span) => fault.related(span, "the first is made of this"),
            None => fault,
        };
        found.push(match is_made {
            true => fault
                .help(format!("say it in the words of that node, or merge it into what that becomes: `patch {kind}`")),
            false => fault.help("write one of the two"),
        });
    }
}

fn key<'r>(ruled: &'r Ruled<'_>) -> (&'r str, &'r str, &'r str) {
    (ruled.made.kind.1.as_str(), ruled.place.as_str(), ruled.host.as_str())
}

fn adds_up(ruled: &Ruled<'_>) -> bool {
    !ruled.place.is_empty() || ruled.made.kind.1 == "ServiceEntry"
}

fn why(ruled: &Ruled<'_>) -> &'static str {
    match ruled.made.kind.1.as_str() {
        "ServiceEntry" => "Istio puts the ports and addresses of both together: callers reach what neither says alone",
        _ if adds_up(ruled) => {
            "a gateway puts the routes of the younger one behind those of the older one: which of them a request meets first is chance"
        }
        _ => {
            "of several for one host a proxy reads the oldest, and of DestinationRules it mixes the parts: which of them holds is chance"
        }
    }
}
