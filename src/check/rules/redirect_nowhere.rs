use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Gateway, Listener, ServedHost};
use crate::source::{Origin, Span};
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("redirect-nowhere", Error, "a redirect to https that leads nowhere");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for gateway in &subject.mesh.gateways {
        for listener in &gateway.listeners {
            if let Some(redirect) = listener.redirect {
                check(gateway, listener, redirect, found);
            }
        }
    }
}

fn check(gateway: &Gateway, listener: &Listener, redirect: Origin, found: &mut Diagnostics) {
    if listener.hands_on_bytes() {
        found.push(
            Diagnostic::new(&CODE, "a listener of bytes cannot redirect to https")
                .at_known(redirect.span, "has no request to answer")
                .note("`httpsRedirect` answers plain http with 301; Istio refuses it on a server of protocol TCP")
                .help("take it out, or write it in the http listener"),
        );
        return;
    }
    if listener.protocol.value.is_encrypted() {
        found.push(
            Diagnostic::new(
                &CODE,
                format!("a listener of {} cannot redirect to https", listener.protocol.value.word()),
            )
            .at_known(redirect.span, "would send each request to where it is")
            .note("`httpsRedirect` answers plain http with 301; on a listener with TLS every request has https already")
            .help("take it out, or write it in the http listener"),
        );
        return;
    }
    let is_https = |other: &&Listener| other.protocol.value.is_encrypted() && other.kind() != ProtocolKind::Tcp;
    for host in &listener.hosts {
        if !gateway.listeners.iter().filter(is_https).any(|other| other.serves(&host.pattern).is_some()) {
            found.push(fault(gateway, host, redirect.span));
        }
    }
}

fn fault(gateway: &Gateway, host: &ServedHost, redirect: Option<Span>) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("`{}` is sent to https, where nobody serves it", host.pattern))
        .at(host.span, format!("no https listener of `{}` has this host", gateway.name))
        .note("`httpsRedirect` answers every request with 301 to the same host on https");
    let fault = match redirect {
        Some(span) => fault.related(span, "sends every request of this listener on"),
        None => fault,
    };
    fault.help(format!("serve it: `listen 443 https {{ host {}; certificate ... }}`", host.pattern))
}
