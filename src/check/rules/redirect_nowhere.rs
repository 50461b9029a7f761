use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Gateway, Listener, ListenerProtocol, ServedHost};
use crate::source::{Origin, Span};

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
    if listener.protocol.value == ListenerProtocol::Https {
        found.push(
            Diagnostic::new(&CODE, "an https listener cannot redirect to https")
                .at_known(redirect.span, "would send each request to where it is")
                .note("`httpsRedirect` answers plain http with 301; on a listener with TLS every request has https already")
                .help("take it out, or write it in the http listener"),
        );
        return;
    }
    let is_https = |other: &&Listener| other.protocol.value == ListenerProtocol::Https;
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
