use super::access::{self, Side};
use super::index::Index;
use super::layers::{Chain, Level};
use super::laying::{Laying, each_body};
use super::{listener, order, words};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Body, Edge, MISSING_NODE, Own, Scope};
use crate::ir::{Account, Denial, Gateway, GatewayKind, Grant, Labels, Listener, NamespaceId};
use crate::source::{Decided, Layer, Origin, Span};
use smol_str::SmolStr;

/// What the layers of a gateway say.
#[derive(Default)]
struct Laid {
    account: Option<Decided<SmolStr>>,
    shared: bool,
    selector: Option<Decided<Labels>>,
    trusted_proxies: Option<Decided<u32>>,
    grants: Vec<Grant>,
    denials: Vec<Denial>,
    listeners: Vec<listener::Laid>,
}

impl Laid {
    fn lay(&mut self, index: &Index<'_>, level: &Level<'_>, found: &mut Diagnostics) {
        listener::remove(level, &mut self.listeners, found);
        each_body(level, found, |laying, body| self.lay_own(index, laying, body));
        access::lay(index, level, Side::Grant, &mut self.grants, found);
        access::lay(index, level, Side::Denial, &mut self.denials, found);
    }

    fn lay_own(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, body: &Body) {
        let Own {
            account,
            selector,
            edge,
            ports: _,
            versions: _,
            canary: _,
            routes: _,
            mirrors: _,
            exposes: _,
            rate_limits: _,
            patches: _,
        } = &body.own;
        if let Some(intent::Account { name, shared }) = account {
            laying.value(&mut self.account, name.value.text().clone(), name.span, "`service-account`");
            self.shared = shared.as_ref().map_or(self.shared, |shared| shared.value);
        }
        laying.part(&mut self.selector, selector, "`selector`");
        let Some(Edge { listeners, trusted_proxies }) = edge.as_deref() else { return };
        laying.part(&mut self.trusted_proxies, trusted_proxies, "`trusted-proxies`");
        listener::lay(index, laying, &mut self.listeners, listeners);
    }
}

/// Closes one gateway; what is missing that it cannot do without is a fault.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    node: &'i intent::Gateway,
    scope: &'i Scope,
    found: &mut Diagnostics,
) -> Gateway {
    let intent::Gateway { name, namespace, kind, body, only_in: _ } = node;
    let kind = kind.as_ref().map(|said| Decided::new(gateway_kind(said.value), Origin::new(Layer::Own, said.span)));
    let kind = kind.unwrap_or_else(|| Decided::built_in(GatewayKind::Ingress));
    let namespace = index.namespace_of(namespace.value.text()).unwrap_or(NamespaceId(0));
    let mut laid = Laid::default();
    for level in &Chain::of_gateway(index, namespace, body, scope, found).levels {
        laid.lay(index, level, found);
    }
    let Laid { account, shared, selector, trusted_proxies, mut grants, mut denials, listeners } = laid;
    if listeners.is_empty() && kind.value == GatewayKind::Ingress {
        found.push(missing("listen", name.span, "listen 443 https { host shop.example; certificate shop-tls }"));
    }
    let listeners = completed(listeners, found);
    for (word, is_said, example) in [
        ("selector", selector.is_some(), "selector istio=ingress"),
        ("service-account", account.is_some(), "service-account istio-ingress"),
    ] {
        if !is_said {
            found.push(missing(word, name.span, example));
        }
    }
    order::grants(&mut grants);
    order::grants(&mut denials);
    Gateway {
        name: name.value.text().clone(),
        namespace,
        origin: Origin::new(Layer::Own, name.span),
        kind,
        selector: selector.unwrap_or_else(|| Decided::built_in(Vec::new())),
        account: Account { name: account.unwrap_or_else(|| Decided::built_in(SmolStr::default())), shared },
        grants,
        denials,
        trusted_proxies: trusted_proxies.filter(|hops| hops.value > 0),
        listeners,
        telemetry: None,
        proxy: None,
    }
}

/// What a gateway says of its own proxies; a mesh and a namespace speak of those of their gateways too.
pub(super) fn proxies(
    index: &Index<'_>,
    node: &intent::Gateway,
    (defaults, scope): (&words::Laid, &Scope),
    found: &mut Diagnostics,
) -> words::OwnProxies {
    let namespace = index.namespace_of(node.namespace.value.text()).unwrap_or(NamespaceId(0));
    let chain = Chain::of_gateway(index, namespace, &node.body, scope, &mut Diagnostics::default());
    let mut laid = defaults.clone();
    laid.lay_proxies_of(index, &chain, found);
    laid.own_proxies(defaults, index, found)
}

fn gateway_kind(said: intent::GatewayKind) -> GatewayKind {
    match said {
        intent::GatewayKind::Ingress => GatewayKind::Ingress,
        intent::GatewayKind::Egress => GatewayKind::Egress,
    }
}

fn completed(laid: Vec<listener::Laid>, found: &mut Diagnostics) -> Vec<Listener> {
    let mut listeners: Vec<Listener> = laid.into_iter().filter_map(|laid| laid.complete(found)).collect();
    listeners.sort_by_key(|listener| listener.number.value);
    listeners
}

fn missing(word: &str, span: Span, example: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_NODE, format!("`gateway` needs `{word}`"))
        .at(span, format!("no `{word}` in this block"))
        .help(format!("write for example `{example}`"))
}
