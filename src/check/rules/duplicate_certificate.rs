use crate::check::Subject;
use crate::check::gateways::sharing;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Gateway, Labels, Mesh};
use crate::source::{Decided, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("duplicate-certificate", Error, "one certificate in two places of the same pods");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        let [first, second, ..] = listener.certificates.as_slice() else { continue };
        if first.value == second.value {
            found.extend(in_one_listener(first, second));
        }
    }
    gateways(subject.mesh, found);
}

fn in_one_listener(first: &Decided<SmolStr>, second: &Decided<SmolStr>) -> Option<Diagnostic> {
    let (first_span, span) = (first.span()?, second.span()?);
    Some(
        Diagnostic::new(&CODE, format!("the certificate `{}` stands in one listener twice", first.value))
            .at(span, "said again here")
            .related(first_span, "said first here")
            .note("a second certificate is for clients that want another kind of key; the same one again adds nothing")
            .fix("say it once", Span { start: first_span.end, ..span }, ""),
    )
}

/// Of each gateway and certificate the first place is looked at: two listeners of one gateway may share.
fn gateways(mesh: &Mesh, found: &mut Diagnostics) {
    let mut taken: BTreeMap<(&Labels, &SmolStr), (&Gateway, Option<Span>)> = BTreeMap::new();
    for (id, selectors) in sharing(mesh) {
        let gateway = mesh.gateway(id);
        let mut own: BTreeMap<&SmolStr, Option<Span>> = BTreeMap::new();
        for secret in gateway.listeners.iter().flat_map(|listener| &listener.certificates) {
            own.entry(&secret.value).or_insert(secret.span());
        }
        for (secret, span) in own {
            let earlier = selectors.iter().find_map(|selector| taken.get(&(*selector, secret)).copied());
            if let Some((other, first)) = earlier {
                found.push(in_two_gateways(secret, (gateway, span), (other, first)));
            }
            taken.entry((&gateway.selector.value, secret)).or_insert((gateway, span));
        }
    }
}

fn in_two_gateways(
    secret: &str,
    (gateway, span): (&Gateway, Option<Span>),
    (other, first): (&Gateway, Option<Span>),
) -> Diagnostic {
    let fault = Diagnostic::new(
        &CODE,
        format!("gateways `{}` and `{}` of the same pods have one certificate, `{secret}`", other.name, gateway.name),
    )
    .at_known(span, format!("in `{}`", gateway.name))
    .note("a browser reuses its connection for every host of a certificate: requests for the hosts of one gateway arrive at the other, which answers 404 (IST0138)")
    .help("serve the hosts of the certificate in one gateway, or give each gateway a certificate of its own");
    match first {
        Some(span) => fault.related(span, format!("in `{}` too", other.name)),
        None => fault,
    }
}
