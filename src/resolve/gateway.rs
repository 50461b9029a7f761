use super::faults::Use;
use super::index::Index;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Listen, ListenHost, ListenProtocol, MISSING_ARGUMENT, MISSING_NODE, TlsSettings};
use crate::ir::{Account, Gateway, Listener, ListenerProtocol, ServedHost, Tls};
use crate::source::{Decided, Layer, Origin, Span, Spanned};

use super::words::waiver;

/// Closes one gateway; nothing where a part is missing that it cannot do without.
pub(super) fn resolve(index: &Index<'_>, node: &intent::Gateway, found: &mut Diagnostics) -> Gateway {
    let intent::Gateway { name, namespace, selector, account, listeners, only_in: _, span: _ } = node;
    for (word, is_said, example) in [
        ("selector", selector.is_some(), "selector istio=ingress"),
        ("service-account", account.is_some(), "service-account istio-ingress"),
    ] {
        if !is_said {
            found.push(missing(word, name.span, example));
        }
    }
    let mut listeners: Vec<Listener> = listeners.iter().filter_map(|node| listener(index, node, found)).collect();
    listeners.sort_by_key(|listener| listener.number.value);
    if listeners.is_empty() {
        found.push(missing("listen", name.span, "listen 443 https { host shop.example; certificate shop-tls }"));
    }
    Gateway {
        name: name.value.text().clone(),
        namespace: index.namespace_of(namespace.value.text()).unwrap_or(crate::ir::NamespaceId(0)),
        origin: Origin::new(Layer::Own, name.span),
        selector: selector.as_ref().map_or_else(|| Decided::built_in(Vec::new()), own),
        account: identity(account.as_ref()),
        listeners,
    }
}

fn identity(said: Option<&intent::Account>) -> Account {
    let name = said.map(|account| own(&account.name.clone().map(|name| name.text().clone())));
    let shared = said.and_then(|account| account.shared.as_ref()).is_some_and(|shared| shared.value);
    Account { name: name.unwrap_or_else(|| Decided::built_in("".into())), shared }
}

fn missing(word: &str, span: Span, example: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_NODE, format!("`gateway` needs `{word}`"))
        .at(span, format!("no `{word}` in this block"))
        .help(format!("write for example `{example}`"))
}

fn own<T: Clone>(said: &Spanned<T>) -> Decided<T> {
    Decided::new(said.value.clone(), Origin::new(Layer::Own, said.span))
}

fn listener(index: &Index<'_>, node: &Listen, found: &mut Diagnostics) -> Option<Listener> {
    let Listen { number, protocol, target, hosts, certificates, tls, redirect, span } = node;
    if hosts.is_empty() {
        found.push(
            Diagnostic::new(&MISSING_NODE, "`listen` needs a host")
                .at(*span, "no `host` in this block")
                .help("write for example `host shop.example`"),
        );
    }
    let Some(protocol) = protocol else {
        found.push(
            Diagnostic::new(&MISSING_ARGUMENT, format!("`listen {}` needs its protocol", number.value))
                .at(*span, "what it speaks is not said")
                .help(format!("write `listen {} https`", number.value)),
        );
        return None;
    };
    Some(Listener {
        number: own(number),
        target: target.as_ref().map_or_else(|| Decided::built_in(number.value), own),
        protocol: own(&protocol.clone().map(|protocol| match protocol {
            ListenProtocol::Http => ListenerProtocol::Http,
            ListenProtocol::Https => ListenerProtocol::Https,
        })),
        hosts: {
            let mut hosts: Vec<ServedHost> = hosts.iter().flat_map(|node| served(index, node)).collect();
            hosts.sort_by(|a, b| a.pattern.cmp(&b.pattern));
            hosts
        },
        certificates: certificates
            .iter()
            .flat_map(|list| &list.value)
            .map(|name| own(&name.clone().map(|name| name.text().clone())))
            .collect(),
        tls: tls.as_ref().map(|said| settings(&said.value)).unwrap_or_default(),
        redirect: redirect.as_ref().map(|said| Origin::new(Layer::Own, said.span)),
        span: *span,
    })
}

fn served(index: &Index<'_>, node: &ListenHost) -> Vec<ServedHost> {
    let namespaces = node.namespaces.as_ref().map(|names| {
        names
            .value
            .iter()
            .filter_map(|name| index.namespace(&Use::whole(name.value.text(), name.span)))
            .collect::<Vec<_>>()
    });
    let one = |host: &Spanned<crate::value::HostPattern>| ServedHost {
        pattern: host.value.clone(),
        span: host.span,
        namespaces: namespaces.clone(),
        waiver: waiver(node.waiver.as_deref()),
    };
    node.hosts.iter().map(one).collect()
}

fn settings(said: &TlsSettings) -> Tls {
    let TlsSettings { least, most, ciphers, curves } = said;
    Tls {
        least: least.as_ref().map(own),
        most: most.as_ref().map(own),
        ciphers: ciphers.iter().flat_map(|list| &list.value).map(own).collect(),
        curves: curves.iter().flat_map(|list| &list.value).map(own).collect(),
    }
}
