use super::unknown_cipher::WEAK;
use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Tls;
use crate::source::Decided;

pub(super) static CODE: Code = code!("weak-tls", Error, "versions or ciphers of TLS that are broken, or none");

/// TLS 1.2 and TLS 1.3.
const OLDEST: u8 = 12;
const NEWEST: u8 = 13;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        check(&listener.tls, found);
        ciphers(&listener.tls, found);
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

/// Suites that are broken or without forward secrecy, and suites of TLS 1.2 where that is not spoken.
fn ciphers(tls: &Tls, found: &mut Diagnostics) {
    for said in tls.ciphers.iter().filter(|said| WEAK.contains(&said.value.as_str())) {
        found.push(
            Diagnostic::new(&CODE, format!("`{}` is a weak cipher suite", said.value))
                .at_known(said.span(), "without forward secrecy, or broken")
                .note("whoever gets the key of the certificate can read all traffic that was recorded before; RFC 7540 forbids such suites for HTTP/2")
                .help("take it out; the suites that begin with `ECDHE-` and end in `GCM` or `POLY1305` are sound"),
        );
    }
    let newest = tls.least.as_ref().filter(|least| least.value == NEWEST);
    if let (Some(first), Some(least)) = (tls.ciphers.first(), newest) {
        let fault = Diagnostic::new(&CODE, "cipher suites are said for TLS 1.2, which is not spoken")
            .at_known(first.span(), "would be ignored")
            .note("the suites of TLS 1.3 are fixed: a list of suites holds for TLS 1.2 alone")
            .help("take them out, or allow TLS 1.2");
        found.push(match least.span() {
            Some(span) => fault.related(span, "TLS 1.3 is the oldest"),
            None => fault,
        });
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
