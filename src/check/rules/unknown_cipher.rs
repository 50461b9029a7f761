use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::source::Decided;
use smol_str::SmolStr;

pub(super) static CODE: Code = code!("unknown-cipher", Error, "a cipher suite or curve that the proxies do not know");

/// What Istio takes, [from BoringSSL](https://github.com/istio/istio/blob/master/pkg/config/security/security.go);
/// without those that have no forward secrecy, or 3DES, which `weak-tls` refuses.
const CIPHERS: [&str; 10] = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
];
const CURVES: [&str; 7] = ["P-224", "P-256", "P-384", "P-521", "X25519", "X25519Kyber768Draft00", "X25519MLKEM768"];

/// Suites that Istio takes and nobody should offer.
pub(super) const WEAK: [&str; 5] =
    ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA", "DES-CBC3-SHA"];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        let is_weak = |said: &&Decided<SmolStr>| WEAK.contains(&said.value.as_str());
        let ciphers = listener.tls.ciphers.iter().filter(|said| !is_weak(said));
        check("cipher suite", ciphers, &CIPHERS, found);
        check("curve", listener.tls.curves.iter(), &CURVES, found);
    }
}

fn check<'m>(
    kind: &str,
    said: impl Iterator<Item = &'m Decided<SmolStr>>,
    known: &[&'static str],
    found: &mut Diagnostics,
) {
    for name in said.filter(|name| !known.contains(&name.value.as_str())) {
        let fault = Diagnostic::new(&CODE, format!("no {kind} is named `{}`", name.value))
            .at_known(name.span(), "unknown to BoringSSL, which the proxies use")
            .note(
                "Istio leaves out what it does not know, with a warning; where nothing is left, every handshake fails",
            );
        found.push(match (nearest(&name.value, known.iter().copied()), name.span()) {
            (Some(near), Some(span)) => fault.fix(format!("did you mean `{near}`?"), span, near),
            (Some(_) | None, _) => fault.help(format!("the proxies know {}", known.join(", "))),
        });
    }
}
