use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Tls;
use crate::source::Decided;

pub(super) static CODE: Code = code!("weak-tls", Error, "versions of TLS that are broken, or none");

/// TLS 1.2 and TLS 1.3.
const OLDEST: u8 = 12;
const NEWEST: u8 = 13;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        check(&listener.tls, found);
    }
}

fn check(tls: &Tls, found: &mut Diagnostics) {
    let weak = |said: &&Decided<u8>| said.value < OLDEST;
    let (least, most) = (tls.least.as_ref(), tls.most.as_ref());
    for (word, said, instead) in [("min", least, OLDEST), ("max", most, NEWEST)] {
        if let Some(said) = said.filter(weak) {
            let fault = Diagnostic::new(&CODE, format!("`{word}` allows TLS {}", text(said.value)))
                .at_known(said.span(), "weaker than TLS 1.2")
                .note("TLS 1.0 and 1.1 are broken and forbidden by RFC 8996; browsers do not speak them any more");
            found.push(fixed(fault, word, said, instead));
        }
    }
    if let (Some(least), Some(most)) = (least, most)
        && most.value < least.value
        && most.value >= OLDEST
    {
        let title = format!("no version of TLS is from {} to {}", text(least.value), text(most.value));
        let fault = Diagnostic::new(&CODE, title)
            .at_known(most.span(), format!("older than `min`, which is {}", text(least.value)))
            .note("with nothing between them every handshake fails");
        found.push(fixed(fault, "max", most, least.value));
    }
}

fn fixed(fault: Diagnostic, word: &str, said: &Decided<u8>, instead: u8) -> Diagnostic {
    match said.span() {
        Some(span) => {
            fault.fix(format!("write `{word}=\"{}\"`", text(instead)), span, format!("\"{}\"", text(instead)))
        }
        None => fault,
    }
}

fn text(version: u8) -> String {
    format!("{}.{}", version / 10, version % 10)
}
