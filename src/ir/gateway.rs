use super::{Account, Labels, NamespaceId, Waiver};
use crate::source::{Decided, Origin, Span};
use crate::value::{self, HostPattern};
use smol_str::SmolStr;

/// A way in from outside.
#[derive(Debug)]
pub struct Gateway {
    /// Its name.
    pub name: SmolStr,
    /// The namespace of its pods.
    pub namespace: NamespaceId,
    /// Where it is declared.
    pub origin: Origin,
    /// The labels of its pods.
    pub selector: Decided<Labels>,
    /// The account of its pods.
    pub account: Account,
    /// Its listeners, by number.
    pub listeners: Vec<Listener>,
}

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerProtocol {
    /// HTTP.
    Http,
    /// HTTP over TLS, which ends here.
    Https,
}

/// A port on which a gateway listens.
#[derive(Debug)]
pub struct Listener {
    /// Its number on the gateway's service.
    pub number: Decided<value::Port>,
    /// Its number on the gateway's pods.
    pub target: Decided<value::Port>,
    /// What it speaks.
    pub protocol: Decided<ListenerProtocol>,
    /// What it serves, sorted.
    pub hosts: Vec<ServedHost>,
    /// The secrets with its certificates, one for each kind of key.
    pub certificates: Vec<Decided<SmolStr>>,
    /// Versions and algorithms.
    pub tls: Tls,
    /// Where it says that every request is sent to https.
    pub redirect: Option<Origin>,
    /// Where it is declared.
    pub span: Span,
}

/// A host of a listener.
#[derive(Debug)]
pub struct ServedHost {
    /// Which.
    pub pattern: HostPattern,
    /// Where it was said.
    pub span: Span,
    /// Whose services may be exposed on it; `None`: all.
    pub namespaces: Option<Vec<NamespaceId>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Versions and algorithms of TLS.
#[derive(Debug, Default)]
pub struct Tls {
    /// The oldest version: 10 to 13.
    pub least: Option<Decided<u8>>,
    /// The newest version: 10 to 13.
    pub most: Option<Decided<u8>>,
    /// Cipher suites; empty: the proxy's own.
    pub ciphers: Vec<Decided<SmolStr>>,
    /// Curves; empty: the proxy's own.
    pub curves: Vec<Decided<SmolStr>>,
}

impl Gateway {
    /// The listeners that serve `host`.
    pub fn serving<'g>(&'g self, host: &'g HostPattern) -> impl Iterator<Item = &'g Listener> {
        self.listeners.iter().filter(move |listener| listener.serves(host).is_some())
    }
}

impl Listener {
    /// The narrowest of its hosts that covers `host`.
    pub fn serves(&self, host: &HostPattern) -> Option<&ServedHost> {
        host.and_wider().find_map(|pattern| {
            let at = self.hosts.binary_search_by(|served| served.pattern.cmp(&pattern)).ok()?;
            self.hosts.get(at)
        })
    }
}
