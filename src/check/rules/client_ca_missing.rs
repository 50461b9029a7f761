use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code =
    code!("client-ca-missing", Error, "demands on the certificates of clients that nobody vouches for");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        let Some(clients) = listener.clients.as_ref().filter(|clients| clients.authority.is_none()) else { continue };
        let optional = clients.optional.as_ref().map(|said| ("client-ca", said.span()));
        let names = clients.names.first().map(|said| ("client-san", said.span()));
        let Some((word, span)) = names.or(optional) else { continue };
        found.push(
            Diagnostic::new(&CODE, format!("`{word}` without an authority that signs the certificates of clients"))
                .at_known(span, "no `client-ca` of this listener names a Secret")
                .note("without a CA the gateway asks its clients for no certificate, and a name in one would be anybody's word")
                .help("name the Secret with the authority: `client-ca shop-clients`"),
        );
    }
}
