use super::Said;
use super::access::list;
use super::codes::{CHOOSE_ONE, MISSING_PROPERTY};
use super::decode::{Decoder, argument, head, property};
use super::grammar::{MANY, Place, Word};
use super::waiver::{self, Waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{FilePath, Host, Label};

/// A row of a word of `originate-tls`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::OriginateTls], shape, meaning)
}

pub(super) const WORDS: &[Word] = &[
    Word {
        places: &[Place::OutsidePort],
        arguments: (0, 0),
        block: Some(Place::OriginateTls),
        ..row(
            "originate-tls",
            "{ ca; client-certificate; sni; san; verify }",
            "The proxy speaks TLS for the caller, which speaks this port's protocol in plain; the port that is dialled is 443 unless said.",
        )
    },
    Word {
        arguments: (0, 1),
        properties: &["file"],
        ..row(
            "ca",
            "system | file=PATH",
            "Who signs the server's certificate: the authorities of the proxy's image, or those of a file in it; system.",
        )
    },
    Word {
        arguments: (0, 0),
        properties: &["secret", "file", "key"],
        ..row(
            "client-certificate",
            "secret=NAME | file=PATH key=PATH",
            "The proxy's own certificate: a Secret of the egress gateway's namespace, which names the authorities too, or files in the proxy.",
        )
    },
    row("sni", "HOST", "The server name that is asked for; the host unless said."),
    Word {
        arguments: (1, MANY),
        ..row("san", "HOST+", "Names of which the server's certificate has to have one; the host unless said.")
    },
    Word {
        properties: waiver::PROPERTIES,
        ..row("verify", "off", "Takes any certificate: whoever answers is believed.")
    },
];

/// What a block of `originate-tls` says.
#[derive(Clone, Debug)]
pub struct OriginateTls {
    /// Who signs the server's certificate.
    pub ca: Said<Authorities>,
    /// The proxy's own certificate.
    pub certificate: Said<ClientCertificate>,
    /// The server name that is asked for.
    pub sni: Said<Host>,
    /// Names of which the server's certificate has one.
    pub sans: Said<Vec<Spanned<Host>>>,
    /// `verify off`.
    pub unverified: Option<(Span, Option<Box<Waiver>>)>,
    /// The node's word.
    pub span: Span,
}

/// Who signs the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorities {
    /// Those that the proxy's image knows.
    System,
    /// Those of a file in the proxy.
    File(FilePath),
}

/// A certificate by which a proxy shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCertificate {
    /// A Secret.
    Secret(Label),
    /// Files in the proxy: the certificate and its key.
    Files(FilePath, FilePath),
}

/// Reads `originate-tls`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> OriginateTls {
    let span = node.name.span;
    let mut tls = OriginateTls { ca: None, certificate: None, sni: None, sans: None, unverified: None, span };
    decoder.children(node, Place::OriginateTls, |decoder, word, child| match word.name {
        "ca" => tls.ca = authorities(decoder, child),
        "client-certificate" => tls.certificate = certificate(decoder, child),
        "sni" => tls.sni = argument(child, 0).and_then(|entry| decoder.value(entry)),
        "san" => tls.sans = Some(list(decoder, child)),
        _ => {
            let off = argument(child, 0).and_then(|entry| decoder.choice(entry, &[("off", ())]));
            tls.unverified = off.map(|off| (off.span, waiver::decode(decoder, child)));
        }
    });
    tls
}

fn authorities(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Authorities> {
    match (argument(node, 0), property(node, "file")) {
        (Some(system), Some(file)) => {
            decoder.found.push(alternatives(("system", system.span), ("file=", file.span)));
            None
        }
        (Some(entry), None) => decoder.choice(entry, &[("system", ())]).map(|said| said.map(|()| Authorities::System)),
        (None, Some(file)) => decoder.value(file).map(|said| said.map(Authorities::File)),
        (None, None) => None,
    }
}

fn certificate(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<ClientCertificate> {
    let (secret, file, key) = (property(node, "secret"), property(node, "file"), property(node, "key"));
    if let (Some(secret), Some(other)) = (secret, file.or(key)) {
        decoder.found.push(alternatives(("secret=", secret.span), ("file=", other.span)));
        return None;
    }
    if let Some(secret) = secret {
        return decoder.value(secret).map(|said| said.map(ClientCertificate::Secret));
    }
    let (Some(file), Some(key)) = (file, key) else {
        let missing = if file.is_some() { "key" } else { "file" };
        decoder.found.push(
            Diagnostic::new(&MISSING_PROPERTY, format!("`client-certificate` needs `{missing}=`"))
                .at(head(node), "a certificate and its key are two files")
                .help("write both: `client-certificate file=\"/etc/certs/tls.crt\" key=\"/etc/certs/tls.key\"`"),
        );
        return None;
    };
    let (file, key) = (decoder.value(file)?, decoder.value(key)?);
    Some(Spanned::new(ClientCertificate::Files(file.value, key.value), head(node)))
}

fn alternatives((first, at): (&str, Span), (second, span): (&str, Span)) -> Diagnostic {
    Diagnostic::new(&CHOOSE_ONE, format!("`{first}` and `{second}` are alternatives"))
        .at(span, "one of them is said already")
        .related(at, "said here")
        .help("keep one of the two")
}
