use super::peer_shut_out::gets_in;
use crate::check::Subject;
use crate::check::access::callers;
use crate::check::actions::handled;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Callee, Keys, Mesh, Peer, Waiver};
use crate::source::Span;
use crate::value::{HostPattern, WebOrigin};

pub(super) static CODE: Code = code!("reason-needed", Error, "an open door without a word why");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    grants(mesh, found);
    for call in callers(mesh).flat_map(|(_, calls)| calls) {
        if call.callee == Callee::Anything {
            ask(call.waiver.as_deref(), call.origin.span, &ANYTHING, found);
        }
    }
    issuers(mesh, found);
    for cors in handled(mesh).filter_map(|handled| handled.actions.cors.as_deref()) {
        if cors.origins.value.contains(&WebOrigin::Any) {
            ask(cors.waiver.as_deref(), cors.origins.span(), &EVERY_PAGE, found);
        }
    }
    for tls in mesh.externals.iter().flat_map(|external| &external.ports).filter_map(|port| port.tls.as_deref()) {
        if let Some(unverified) = &tls.unverified {
            ask(unverified.value.as_deref(), unverified.span(), &UNVERIFIED, found);
        }
    }
    // Bytes name no host: `*` says nothing there.
    let named = mesh.gateways.iter().flat_map(|gateway| &gateway.listeners).filter(|found| !found.hands_on_bytes());
    for host in named.flat_map(|listener| &listener.hosts) {
        if host.pattern == HostPattern::Any {
            ask(host.waiver.as_deref(), Some(host.span), &EVERY_HOST, found);
        }
    }
}

/// A word that opens more than it names: the word, what it opens, why that matters, an example of a reason.
struct Door {
    word: &'static str,
    opens: &'static str,
    why: &'static str,
    example: &'static str,
}

const ANYONE: Door = Door {
    word: "allow anyone",
    opens: "lets everybody in, with or without an identity",
    why: "a rule without a source holds for the whole network, and for what a gateway forwards",
    example: "read by the load balancer",
};
const ANYTHING: Door = Door {
    word: "calls anything",
    opens: "opens every service and every address outside",
    why: "its proxy knows the whole mesh and lets unknown addresses pass, and its network policy lets everything out",
    example: "not yet known what it calls",
};
const UNVERIFIED: Door = Door {
    word: "verify off",
    opens: "believes whoever answers",
    why: "without a look at the certificate the proxy hands everything to whoever sits between",
    example: "their certificate names another host until spring",
};
const EVERY_HOST: Door = Door {
    word: "host *",
    opens: "answers for every name that reaches this gateway",
    why: "a listener of every host answers for names that nobody meant, with whatever certificate it has",
    example: "tenants bring names of their own",
};

const EVERY_AUDIENCE: Door = Door {
    word: "audience any",
    opens: "takes tokens that are for others",
    why: "every application that shares the login gets tokens of this issuer, and each of them could send its own here",
    example: "the issuer serves this mesh alone",
};
const PLAIN_KEYS: Door = Door {
    word: "jwks-uri http://",
    opens: "fetches the keys in plain text",
    why: "whoever is on the way can give other keys, and sign tokens for every user",
    example: "on the same machine as the control plane",
};

fn issuers(mesh: &Mesh, found: &mut Diagnostics) {
    for issuer in &mesh.issuers {
        if let Some(all) = issuer.audiences.as_ref().filter(|names| names.value.is_empty()) {
            ask(issuer.audience_waiver.as_deref(), all.span(), &EVERY_AUDIENCE, found);
        }
        let Some(keys) = &issuer.keys else { continue };
        if matches!(&keys.value, Keys::At(url) if !url.is_secure()) {
            ask(issuer.keys_waiver.as_deref(), keys.span(), &PLAIN_KEYS, found);
        }
    }
}

const EVERY_PAGE: Door = Door {
    word: "origin any",
    opens: "lets every page in the world read the answers",
    why: "a browser keeps answers from pages of other origins; this takes that wall down for whoever can reach the service",
    example: "a public catalogue without accounts",
};

fn grants(mesh: &Mesh, found: &mut Diagnostics) {
    for service in &mesh.services {
        for grant in &service.grants {
            // Where nobody gets in, the fault is another.
            let named = grant.callers.iter().find(|caller| caller.peer == Peer::Anyone);
            if let Some(caller) = named.filter(|_| gets_in(service, grant) == Some(true)) {
                ask(grant.waiver.as_deref(), Some(caller.span), &ANYONE, found);
            }
        }
    }
}

fn ask(waiver: Option<&Waiver>, span: Option<Span>, door: &Door, found: &mut Diagnostics) {
    if waiver.is_some_and(Waiver::gives_reason) {
        return;
    }
    found.push(
        Diagnostic::new(&CODE, format!("`{}` needs its reason in writing", door.word))
            .at_known(span, door.opens)
            .note(door.why)
            .help(format!("say why, for example `reason=\"{}\"`", door.example)),
    );
}
