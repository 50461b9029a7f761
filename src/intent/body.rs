use super::canary::CanarySaid;
use super::decode::{Decoder, arguments, each_once, push_keyed};
use super::expose::Expose;
use super::gateway::Edge;
use super::grammar::{Place, Word};
use super::mirror::{self, Mirror};
use super::overlay::Overlay;
use super::patch::{self, Patch};
use super::ports::PortNode;
use super::rate_limit::{self, RateLimit};
use super::route::Route;
use super::service::Account;
use super::versions::Versions;
use super::words::{Removal, Words};
use super::{Pairs, Said};
use super::{
    access, actions, authorize, calls, canary, data_plane, egress, expose, extra, gateway, mtls, overlay, ports, proxy,
    resilience, retry, route, selector, service, telemetry, timeout, token, versions,
};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Value};
use smol_str::SmolStr;
use thin_vec::ThinVec;

/// What a block of words says: of a service, a workload, a gateway, a namespace, a profile, the mesh, or an overlay of one.
#[derive(Clone, Debug)]
pub struct Body {
    /// The node.
    pub span: Span,
    /// The words that may also be defaults.
    pub words: Words,
    /// The words that are no defaults.
    pub own: Own,
    /// `in ENV { }`.
    pub overlays: ThinVec<Overlay>,
}

/// The words that are no defaults.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// `service-account`.
    pub account: Option<Account>,
    /// `selector`.
    pub selector: Said<Pairs>,
    /// `port`.
    pub ports: Vec<PortNode>,
    /// `versions`.
    pub versions: Option<Versions>,
    /// `canary`.
    pub canary: Option<CanarySaid>,
    /// `route`.
    pub routes: ThinVec<Route>,
    /// `mirror`.
    pub mirrors: Vec<Mirror>,
    /// `expose`.
    pub exposes: ThinVec<Expose>,
    /// `rate-limit`.
    pub rate_limits: ThinVec<RateLimit>,
    /// The words that only a gateway has.
    pub edge: Option<Box<Edge>>,
    /// `patch`.
    pub patches: Option<Box<Vec<Patch>>>,
}

impl Body {
    /// A block that says nothing.
    pub(super) fn empty(span: Span) -> Self {
        Body { span, words: Words::default(), own: Own::default(), overlays: ThinVec::new() }
    }

    /// Whether it or one of its overlays asks for the objects of a template, or takes a demand for them away.
    pub fn asks_for_templates(&self) -> bool {
        let asks = |body: &Body| body.words.extras.is_some() || body.words.removals.iter().any(|it| it.word == "extra");
        asks(self) || self.overlays.iter().any(|overlay| asks(&overlay.body))
    }

    /// Whether it says anything besides `use` and overlays.
    pub fn says_something(&self) -> bool {
        self.words.say_something() || self.own.says_something()
    }
}

impl Own {
    fn says_something(&self) -> bool {
        let Own { account, selector, ports, versions, canary, routes, mirrors, exposes, rate_limits, edge, patches } =
            self;
        let one = account.is_some() || selector.is_some() || versions.is_some() || canary.is_some();
        let traffic = !routes.is_empty() || !mirrors.is_empty() || !exposes.is_empty() || !rate_limits.is_empty();
        one || !ports.is_empty() || traffic || edge.is_some() || patches.is_some()
    }
}

/// Reads the block of `node`, which is a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Body {
    let mut body = Body::empty(node.span);
    decoder.children(node, place, |decoder, word, child| take(decoder, &mut body, (word, place), child));
    check_keys(decoder, &body);
    body.words.allow.shrink_to_fit();
    body.words.calls.shrink_to_fit();
    body.own.ports.shrink_to_fit();
    body
}

/// Reports what a block says twice under one key, where there is much of it.
pub(super) fn check_keys(decoder: &mut Decoder<'_>, body: &Body) {
    let Own { ports, routes, mirrors, rate_limits, .. } = &body.own;
    each_once(decoder, ports, "this port", |port| &port.number);
    each_once(decoder, routes, "this route", |route| &route.name);
    each_once(decoder, rate_limits, "this limit", |limit| &limit.name);
    mirror::each_once(decoder, mirrors);
    each_once(decoder, &body.words.authorize, "this `authorize`", |said| &said.authorizer);
    let extras = body.words.extras.as_deref().map_or(&[][..], Vec::as_slice);
    each_once(decoder, extras, "this `extra`", |extra| &extra.template);
}

/// Puts one word of a block in its place.
pub(super) fn take(decoder: &mut Decoder<'_>, body: &mut Body, (word, place): (&'static Word, Place), node: &Node<'_>) {
    if is_removal(node) {
        body.words.removals.extend(removals(decoder, word, node));
        return;
    }
    let words = &mut body.words;
    match word.name {
        "use" => {
            words.uses = Some(access::list(decoder, node));
        }
        "timeout" => words.timeout = timeout::decode(decoder, node),
        "retry" => words.retry = Some(retry::decode(decoder, node)),
        "headers" | "cors" | "fault" => actions::take(decoder, &mut words.actions, word, node),
        "breaker" | "connection" | "balance" | "locality" | "warm-up" => {
            resilience::take(decoder, &mut words.resilience, (word, place), node);
        }
        "data-plane" => words.data_plane = Some(Box::new(data_plane::decode(decoder, node))),
        "mtls" => words.mtls = mtls::decode(decoder, node),
        "network-policy" => words.network_policy = mtls::decode_network_policy(decoder, node),
        "access" => words.access = access::decode_mode(decoder, node).map(Box::new),
        "authorize" => {
            if let Some(said) = authorize::decode(decoder, node) {
                push_keyed(decoder, &mut words.authorize, "this `authorize`", said, |said| &said.authorizer);
            }
        }
        "allow" => words.allow.push(access::decode(decoder, node, Place::Allow)),
        "deny" => words.deny.push(access::decode(decoder, node, Place::Deny)),
        "require-token" => words.tokens.push(token::decode(decoder, node, Place::Token)),
        "egress" => words.egress = egress::decode(decoder, node),
        "calls" => words.calls.push(calls::decode(decoder, node)),
        "extra" => {
            if let Some(extra) = extra::decode(decoder, node) {
                let extras = words.extras.get_or_insert_default();
                push_keyed(decoder, &mut **extras, "this `extra`", extra, |extra| &extra.template);
            }
        }
        "telemetry" => words.telemetry = Some(Box::new(telemetry::decode(decoder, node))),
        "proxy" => words.proxy = Some(Box::new(proxy::decode(decoder, node))),
        "in" => overlay::decode(decoder, body, node, place),
        _ => own(decoder, &mut body.own, (word, place), node),
    }
}

fn own(decoder: &mut Decoder<'_>, own: &mut Own, (word, place): (&'static Word, Place), node: &Node<'_>) {
    match word.name {
        "service-account" => own.account = service::decode_account(decoder, node),
        "selector" => own.selector = Some(selector::decode(decoder, node)),
        "port" => {
            if let Some(port) = ports::decode(decoder, node) {
                push_keyed(decoder, &mut own.ports, "this port", port, |port| &port.number);
            }
        }
        "rate-limit" => {
            if let Some(limit) = rate_limit::decode(decoder, node) {
                push_keyed(decoder, &mut own.rate_limits, "this limit", limit, |limit| &limit.name);
            }
        }
        "versions" => own.versions = Some(versions::decode(decoder, node)),
        "mirror" => {
            let read = mirror::decode(decoder, node, Place::Service);
            mirror::push(decoder, &mut own.mirrors, read);
        }
        "canary" => own.canary = Some(canary::decode(decoder, node)),
        "route" => {
            if let Some(route) = route::decode(decoder, node) {
                push_keyed(decoder, &mut own.routes, "this route", route, |route| &route.name);
            }
        }
        "expose" => own.exposes.extend(expose::decode(decoder, node)),
        "patch" => own.patches.get_or_insert_default().extend(patch::decode(decoder, node, place)),
        _ => gateway::edge(decoder, own.edge.get_or_insert_default(), word, node),
    }
}

/// Whether a node takes away what weaker layers say: `-word`.
pub(super) fn is_removal(node: &Node<'_>) -> bool {
    node.name.value.starts_with('-')
}

/// Reads a node of a block into `removals`, if that is what it is.
pub(super) fn take_removal(
    decoder: &mut Decoder<'_>,
    removals: &mut Vec<Removal>,
    word: &'static Word,
    node: &Node<'_>,
) -> bool {
    if is_removal(node) {
        removals.append(&mut self::removals(decoder, word, node));
    }
    is_removal(node)
}

/// Reads `-word KEY+`.
pub(super) fn removals(decoder: &mut Decoder<'_>, word: &'static Word, node: &Node<'_>) -> Vec<Removal> {
    match word.name {
        "require-token" => return token::removal(decoder, node).into_iter().collect(),
        "expose" => return expose::removal(decoder, node).into_iter().collect(),
        _ => {}
    }
    let read = arguments(node).filter_map(|entry| {
        let key = match &entry.value {
            Value::Integer(number) => Some(Spanned::new(SmolStr::from(number.to_string()), entry.value_span)),
            Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => decoder.value(entry),
        };
        key.map(|key| Removal { word: word.name, key })
    });
    read.collect()
}
