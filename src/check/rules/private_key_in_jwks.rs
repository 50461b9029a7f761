use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Keys;

pub(super) static CODE: Code = code!("private-key-in-jwks", Error, "a key with which anybody could sign tokens");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for keys in subject.mesh.issuers.iter().filter_map(|issuer| issuer.keys.as_ref()) {
        let Keys::Here(set) = &keys.value else { continue };
        let Some((number, part)) = set.private() else { continue };
        found.push(
            Diagnostic::new(&CODE, format!("key {number} of this `jwks` holds a private part: `{part}`"))
                .at_known(keys.span(), "whoever reads this can sign tokens")
                .note("proxies verify tokens with public keys; what stands in a manifest is read by all who read the cluster, and whoever has a private key is every user")
                .help("write the public keys alone, or where they are: `jwks-uri`; and give the issuer a new key"),
        );
    }
}
