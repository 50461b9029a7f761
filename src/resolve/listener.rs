use super::faults::Use;
use super::index::Index;
use super::layers::Level;
use super::laying::Laying;
use super::removals::Removals;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{
    Certificates, Clients, Listen, ListenHost, ListenProtocol, MISSING_ARGUMENT, MISSING_NODE, Said, TlsSettings,
};
use crate::ir::{ClientCertificates, Listener, ListenerProtocol, ServedHost, Tls};
use crate::source::{Decided, Span, Spanned};
use crate::value::{HostPattern, Label, Port};
use smol_str::{SmolStr, ToSmolStr};

/// What the layers of a gateway say of one listener.
pub(super) struct Laid {
    number: Decided<Port>,
    protocol: Option<Decided<ListenerProtocol>>,
    target: Option<Decided<Port>>,
    hosts: Vec<ServedHost>,
    certificates: Vec<Decided<SmolStr>>,
    clients: ClientCertificates,
    tls: Tls,
    passthrough: Option<Decided<bool>>,
    redirect: Option<Decided<()>>,
    span: Span,
}

/// Takes away the listeners that a layer removes.
pub(super) fn remove(level: &Level<'_>, listeners: &mut Vec<Laid>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "listen", |removal| Some(removal.key.value.clone()));
    removals.take(|number| {
        let before = listeners.len();
        listeners.retain(|laid| laid.number.value.to_smolstr() != *number);
        listeners.len() < before
    });
    for listen in level.bodies.iter().filter_map(|body| body.own.edge.as_deref()).flat_map(|edge| &edge.listeners) {
        let number = listen.number.value;
        removals.check_added(&number.to_smolstr(), &format_args!("listen {number}"), listen.number.span, found);
    }
    removals.finish(found);
}

/// Lays the listeners of a block over the weaker ones, part by part.
pub(super) fn lay(index: &Index<'_>, laying: &mut Laying<'_>, into: &mut Vec<Laid>, said: &[Listen]) {
    for listen in said {
        match into.iter_mut().find(|laid| laid.number.value == listen.number.value) {
            Some(laid) => laid.lay(index, laying, listen),
            None => {
                let mut laid = Laid::new(laying, listen);
                laid.lay(index, laying, listen);
                into.push(laid);
            }
        }
    }
}

impl Laid {
    fn new(laying: &Laying<'_>, listen: &Listen) -> Self {
        Laid {
            number: Decided::new(listen.number.value, laying.origin(listen.number.span)),
            protocol: None,
            target: None,
            hosts: Vec::new(),
            certificates: Vec::new(),
            clients: ClientCertificates::default(),
            tls: Tls::default(),
            passthrough: None,
            redirect: None,
            span: listen.span,
        }
    }

    fn lay(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, listen: &Listen) {
        let Listen {
            number: _,
            protocol,
            target,
            hosts,
            removals: _,
            certificates,
            clients,
            tls,
            passthrough,
            redirect,
            span: _,
        } = listen;
        let spoken = protocol.clone().map(|said| said.map(self::protocol));
        laying.part(&mut self.protocol, &spoken, "the protocol");
        laying.part(&mut self.target, target, "`target`");
        laying.part(&mut self.passthrough, passthrough, "`passthrough`");
        laying.part(&mut self.redirect, redirect, "`redirect`");
        self.remove_hosts(laying, listen);
        self.hosts.extend(hosts.iter().flat_map(|node| served(index, node)));
        self.lay_certificates(laying, certificates.as_ref());
        self.lay_clients(laying, clients);
        if let Some(said) = tls {
            self.lay_tls(laying, &said.value);
        }
    }

    fn remove_hosts(&mut self, laying: &mut Laying<'_>, listen: &Listen) {
        let mut removals = Removals::among(listen.removals.iter(), "host", |removal| Some(removal.key.value.clone()));
        removals.take(|host| {
            let before = self.hosts.len();
            self.hosts.retain(|served| served.pattern.to_smolstr() != *host);
            self.hosts.len() < before
        });
        for host in listen.hosts.iter().flat_map(|node| &node.hosts) {
            let shown = host.value.to_smolstr();
            removals.check_added(&shown, &format_args!("host {shown}"), host.span, laying.found);
        }
        removals.finish(laying.found);
    }

    fn lay_certificates(&mut self, laying: &mut Laying<'_>, said: Option<&Spanned<Certificates>>) {
        let names = said.map(|said| texts(&said.value));
        list(laying, &mut self.certificates, names.as_deref(), "`certificate`");
    }

    fn lay_clients(&mut self, laying: &mut Laying<'_>, said: &Clients) {
        let Clients { authority, optional, names } = said;
        let authority = authority.clone().map(|said| said.map(|name| name.text().clone()));
        laying.part(&mut self.clients.authority, &authority, "`client-ca`");
        laying.part(&mut self.clients.optional, optional, "`optional`");
        list(laying, &mut self.clients.names, values(names), "`client-san`");
    }

    fn lay_tls(&mut self, laying: &mut Laying<'_>, said: &TlsSettings) {
        let TlsSettings { least, most, ciphers, curves } = said;
        laying.part(&mut self.tls.least, least, "`min`");
        laying.part(&mut self.tls.most, most, "`max`");
        list(laying, &mut self.tls.ciphers, values(ciphers), "`cipher`");
        list(laying, &mut self.tls.curves, values(curves), "`curve`");
    }

    /// Closes it; nothing where a part is missing that it cannot do without.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Option<Listener> {
        let Laid { number, protocol, target, mut hosts, certificates, clients, tls, passthrough, redirect, span } =
            self;
        let Some(protocol) = protocol else {
            found.push(no_protocol(number.value, span));
            return None;
        };
        match (hosts.is_empty(), protocol.value) {
            (true, ListenerProtocol::Tcp) => hosts.push(every_host(span)),
            (true, _) => found.push(no_host(span)),
            (false, _) => {}
        }
        hosts.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        let ClientCertificates { authority, optional, names } = &clients;
        let asks_clients = authority.is_some() || optional.is_some() || !names.is_empty();
        Some(Listener {
            target: target.unwrap_or_else(|| Decided::built_in(number.value)),
            number,
            protocol,
            hosts,
            certificates,
            clients: asks_clients.then(|| Box::new(clients)),
            tls,
            passthrough: passthrough.filter(|said| said.value).map(|said| said.origin),
            redirect: redirect.map(|said| said.origin),
            span,
        })
    }
}

fn protocol(said: ListenProtocol) -> ListenerProtocol {
    match said {
        ListenProtocol::Http => ListenerProtocol::Http,
        ListenProtocol::Http2 => ListenerProtocol::Http2,
        ListenProtocol::Grpc => ListenerProtocol::Grpc,
        ListenProtocol::Https => ListenerProtocol::Https,
        ListenProtocol::Tls => ListenerProtocol::Tls,
        ListenProtocol::Tcp => ListenerProtocol::Tcp,
    }
}

fn texts(said: &[Spanned<Label>]) -> Vec<Spanned<SmolStr>> {
    said.iter().map(|name| name.clone().map(|name| name.text().clone())).collect()
}

fn values<T>(said: &Said<Vec<Spanned<T>>>) -> Option<&[Spanned<T>]> {
    said.as_ref().map(|list| list.value.as_slice())
}

/// Lays a list over the weaker one, whose place it takes whole.
fn list<T: Clone>(laying: &mut Laying<'_>, slot: &mut Vec<Decided<T>>, said: Option<&[Spanned<T>]>, name: &str) {
    let Some(said) = said else { return };
    if let Some(first) = said.first() {
        laying.check_first(slot.first().and_then(Decided::span), first.span, name);
    }
    *slot = said.iter().map(|one| Decided::new(one.value.clone(), laying.origin(one.span))).collect();
}

fn served(index: &Index<'_>, node: &ListenHost) -> Vec<ServedHost> {
    let namespaces = node.namespaces.as_ref().map(|names| {
        names
            .value
            .iter()
            .filter_map(|name| index.namespace(&Use::whole(name.value.text(), name.span)))
            .collect::<Vec<_>>()
    });
    let one = |host: &Spanned<HostPattern>| ServedHost {
        pattern: host.value.clone(),
        span: host.span,
        namespaces: namespaces.clone(),
        waiver: waiver(node.waiver.as_deref()),
    };
    node.hosts.iter().map(one).collect()
}

/// What a listener of bytes serves, which name no host.
fn every_host(span: Span) -> ServedHost {
    ServedHost { pattern: HostPattern::Any, span, namespaces: None, waiver: None }
}

fn no_protocol(number: Port, span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_ARGUMENT, format!("`listen {number}` needs its protocol"))
        .at(span, "what it speaks is not said")
        .help(format!("write `listen {number} https`"))
}

fn no_host(span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_NODE, "`listen` needs a host")
        .at(span, "no `host` in this block")
        .help("write for example `host shop.example`")
}
