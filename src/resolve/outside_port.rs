use super::laying::Laying;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT, MISSING_NODE};
use crate::ir::{Authorities, ClientCertificate, OriginateTls, OutsidePort, Waiver};
use crate::source::{Decided, Origin, Span, Spanned};
use crate::value::{Host, Port, Protocol};
use smol_str::{SmolStr, format_smolstr};

/// What TLS is spoken to unless a port says otherwise.
const TLS: i128 = 443;

/// What the layers say of one port.
pub(super) struct LaidPort {
    pub(super) number: Decided<Port>,
    protocol: Option<Decided<Protocol>>,
    name: Option<Decided<SmolStr>>,
    target: Option<Decided<Port>>,
    tls: Option<LaidTls>,
}

/// What the layers say of its TLS.
struct LaidTls {
    origin: Origin,
    ca: Option<Decided<intent::Authorities>>,
    certificate: Option<Decided<intent::ClientCertificate>>,
    sni: Option<Decided<Host>>,
    sans: Option<Decided<Vec<Spanned<Host>>>>,
    unverified: Option<Decided<Option<Box<Waiver>>>>,
}

/// Lays one port of a block over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, ports: &mut Vec<LaidPort>, said: &intent::OutsidePort) {
    let intent::OutsidePort { number, protocol, name, target, tls, span: _ } = said;
    let at = ports.iter().position(|port| port.number.value == number.value).unwrap_or_else(|| {
        let number = Decided::new(number.value, laying.origin(number.span));
        ports.push(LaidPort { number, protocol: None, name: None, target: None, tls: None });
        ports.len() - 1
    });
    let Some(port) = ports.get_mut(at) else { return };
    laying.part(&mut port.protocol, protocol, "the protocol of this port");
    laying.part(&mut port.target, target, "`target`");
    let name = name.clone().map(|name| name.map(|name| name.text().clone()));
    laying.part(&mut port.name, &name, "`name`");
    if let Some(tls) = tls {
        lay_tls(laying, &mut port.tls, tls);
    }
}

fn lay_tls(laying: &mut Laying<'_>, slot: &mut Option<LaidTls>, said: &intent::OriginateTls) {
    let intent::OriginateTls { ca, certificate, sni, sans, unverified, span } = said;
    let fresh = || LaidTls {
        origin: laying.origin(*span),
        ca: None,
        certificate: None,
        sni: None,
        sans: None,
        unverified: None,
    };
    let tls = slot.get_or_insert_with(fresh);
    laying.part(&mut tls.ca, ca, "`ca`");
    laying.part(&mut tls.certificate, certificate, "`client-certificate`");
    laying.part(&mut tls.sni, sni, "`sni`");
    laying.part(&mut tls.sans, sans, "`san`");
    if let Some((span, why)) = unverified {
        laying.value(&mut tls.unverified, waiver(why.as_deref()), *span, "`verify`");
    }
}

/// Closes the ports of an external whose name stands at `name`; sorted by number.
pub(super) fn complete(mut laid: Vec<LaidPort>, name: Option<Span>, found: &mut Diagnostics) -> Vec<OutsidePort> {
    if laid.is_empty() {
        found.push(
            Diagnostic::new(&MISSING_NODE, "`external` needs `port`")
                .at_known(name, "no `port` in this block")
                .help("write the port by which it is called, and what is spoken there: `port 443 https`"),
        );
    }
    laid.sort_by_key(|port| port.number.value);
    let mut ports: Vec<OutsidePort> = Vec::with_capacity(laid.len());
    for LaidPort { number, protocol, name, target, tls } in laid {
        let Some(protocol) = protocol else {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`port {}` needs its protocol", number.value))
                    .at_known(number.span(), "no layer says what is spoken there")
                    .help(format!("write `port {} https`", number.value)),
            );
            continue;
        };
        let word = protocol.value.word();
        let name = name.unwrap_or_else(|| {
            let is_first = ports.is_empty();
            let unsaid = if is_first { SmolStr::new_static(word) } else { format_smolstr!("{word}-{}", number.value) };
            Decided::built_in(unsaid)
        });
        let unsaid = tls.as_ref().and_then(|_| Port::new(TLS).ok()).unwrap_or(number.value);
        let target = target.unwrap_or_else(|| Decided::built_in(unsaid));
        let tls = tls.map(|tls| Box::new(complete_tls(tls)));
        ports.push(OutsidePort { number, protocol: protocol.value, name, target, tls });
    }
    ports
}

fn complete_tls(laid: LaidTls) -> OriginateTls {
    let LaidTls { origin, ca, certificate, sni, sans, unverified } = laid;
    let sans = sans.map(|said| (said.origin.layer, said.value));
    let sans = sans.into_iter().flat_map(|(layer, names)| {
        names.into_iter().map(move |name| Decided::new(name.value, Origin::new(layer, name.span)))
    });
    OriginateTls {
        origin,
        ca: ca.map_or_else(|| Decided::built_in(Authorities::System), |said| said.map(authorities)),
        certificate: certificate.map(|said| said.map(client_certificate)),
        sni,
        sans: sans.collect(),
        unverified,
    }
}

fn authorities(said: intent::Authorities) -> Authorities {
    match said {
        intent::Authorities::System => Authorities::System,
        intent::Authorities::File(path) => Authorities::File(path),
    }
}

fn client_certificate(said: intent::ClientCertificate) -> ClientCertificate {
    match said {
        intent::ClientCertificate::Secret(name) => ClientCertificate::Secret(name.text().clone()),
        intent::ClientCertificate::Files(certificate, key) => ClientCertificate::Files { certificate, key },
    }
}
