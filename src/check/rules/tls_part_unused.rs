use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{ClientCertificate, OriginateTls};
use crate::source::{Decided, Span};

pub(super) static CODE: Code =
    code!("tls-part-unused", Error, "a part of `originate-tls` that another part makes void");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let ports = subject.mesh.externals.iter().flat_map(|external| &external.ports);
    for tls in ports.filter_map(|port| port.tls.as_deref()) {
        if let Some(unverified) = &tls.unverified {
            for (word, span) in [("ca", ca(tls)), ("san", tls.sans.first().and_then(Decided::span))] {
                let Some(span) = span else { continue };
                let why = "`verify off` takes any certificate, and Istio refuses names or authorities beside it";
                found.push(fault(word, span, (unverified.span(), "verifies nothing"), why));
            }
        } else if let (Some(span), Some(certificate)) = (ca(tls), secret(tls)) {
            let why = "the Secret of a client's certificate names the authorities too, in its `ca.crt`; Istio refuses a second place for them";
            found.push(fault("ca", span, (certificate.span(), "names the authorities too"), why));
        }
    }
}

fn ca(tls: &OriginateTls) -> Option<Span> {
    tls.ca.span()
}

fn secret(tls: &OriginateTls) -> Option<&Decided<ClientCertificate>> {
    tls.certificate.as_ref().filter(|said| matches!(said.value, ClientCertificate::Secret(_)))
}

fn fault(word: &str, span: Span, (other, fact): (Option<Span>, &str), why: &str) -> Diagnostic {
    let fault =
        Diagnostic::new(&CODE, format!("`{word}` has nothing to say here")).at(span, "would have no effect").note(why);
    match other {
        Some(other) => fault.related(other, fact),
        None => fault,
    }
    .help("keep one of the two")
}
