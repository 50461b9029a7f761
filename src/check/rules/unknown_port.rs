use crate::check::Subject;
use crate::check::access::is_own;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_list};
use crate::ir::{Gateway, Service};
use crate::source::{Origin, Span, Spanned};
use crate::value::Port;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code = code!("unknown-port", Error, "a port that the service does not have");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    // A default may name a port that some of the services have: it is at fault if none has it.
    let mut fits: BTreeSet<Span> = BTreeSet::new();
    let mut lost: BTreeMap<Span, (&Service, Origin, &Spanned<Port>)> = BTreeMap::new();
    for service in subject.mesh.services.iter().filter(|service| !service.ports.is_empty()) {
        let nodes = service.grants.iter().chain(&service.denials).map(|node| (node.origin, &node.conditions));
        let tokens = service.tokens.iter().map(|rule| (rule.token.origin, &rule.conditions));
        let asks = service.asks.iter().map(|ask| (ask.origin, &ask.conditions));
        for (origin, conditions) in nodes.chain(tokens).chain(asks) {
            let not = conditions.not.iter().flat_map(|not| &not.ports);
            for said in conditions.ports.iter().chain(not) {
                match service.port(said.value) {
                    Some(_) => _ = fits.insert(said.span),
                    None => _ = lost.entry(said.span).or_insert((service, origin, said)),
                }
            }
        }
    }
    for gateway in &subject.mesh.gateways {
        let conditions = gateway.grants.iter().chain(&gateway.denials).map(|grant| &grant.conditions);
        let named = conditions
            .flat_map(|conditions| conditions.ports.iter().chain(conditions.not.iter().flat_map(|not| &not.ports)));
        let is_lost = |said: &&Spanned<Port>| gateway.listeners.iter().all(|found| found.number.value != said.value);
        found.extend(named.filter(is_lost).map(|said| no_listener(gateway, said)));
    }
    for (service, origin, said) in lost.values().filter(|(_, _, said)| !fits.contains(&said.span)) {
        found.push(fault(service, *origin, said));
    }
    for authorizer in &subject.mesh.authorizers {
        let asked = subject.mesh.service(authorizer.service.value);
        if !asked.ports.is_empty() && asked.port(authorizer.port.value).is_none() {
            let said = authorizer.port.span().map(|span| Spanned::new(authorizer.port.value, span));
            found.extend(said.map(|said| help(asked, &said, nowhere(asked, &said))));
        }
    }
}

fn nowhere(service: &Service, said: &Spanned<Port>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` has no port `{}`", service.name, said.value))
        .at(said.span, "no `port` has this number")
}

fn no_listener(gateway: &Gateway, said: &Spanned<Port>) -> Diagnostic {
    let numbers: Vec<String> = gateway.listeners.iter().map(|listener| listener.number.value.to_string()).collect();
    Diagnostic::new(&CODE, format!("gateway `{}` does not listen on `{}`", gateway.name, said.value))
        .at(said.span, "no `listen` has this number")
        .note("rules of access name listeners by the number of the Service; the compiler writes the one of the pods")
        .help(format!("write {}", or_list(numbers.iter().map(String::as_str))))
}

fn fault(service: &Service, origin: Origin, said: &Spanned<Port>) -> Diagnostic {
    let fault = match is_own(origin) {
        true => nowhere(service, said),
        false => {
            let title = format!("no service that this reaches has a port `{}`", said.value);
            Diagnostic::new(&CODE, title).at(said.span, "no `port` has this number")
        }
    };
    let fault =
        fault.note("rules of access name ports by the number of the Service; the compiler writes the one of the pods");
    reaching(help(service, said, fault), origin, service)
}

fn help(service: &Service, said: &Spanned<Port>, fault: Diagnostic) -> Diagnostic {
    let meant = service.ports.iter().find(|port| port.target.value == said.value);
    let numbers: Vec<String> = service.ports.iter().map(|port| port.number.value.to_string()).collect();
    match (meant, numbers.as_slice()) {
        (Some(port), _) => {
            let number = port.number.value;
            fault.fix(
                format!("{} is the number on the pods: write {number}", said.value),
                said.span,
                number.to_string(),
            )
        }
        (None, [only]) => fault.fix(format!("its only port is {only}"), said.span, only.clone()),
        (None, several) => fault.help(format!("write {}", or_list(several.iter().map(String::as_str)))),
    }
}
