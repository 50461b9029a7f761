use super::canary::CanarySaid;
use super::decode::{Decoder, arguments, push_keyed, set};
use super::expose::Expose;
use super::grammar::{Place, Word};
use super::overlay::Overlay;
use super::ports::PortNode;
use super::service::Account;
use super::versions::Versions;
use super::words::{Removal, Words};
use super::{Pairs, Said};
use super::{
    access, breaker, calls, canary, expose, mtls, overlay, ports, retry, selector, service, timeout, versions,
};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Value};
use smol_str::SmolStr;

/// What a block of words says: of a service, a workload, a namespace, a profile, the mesh, or an overlay of one.
#[derive(Clone, Debug)]
pub struct Body {
    /// The node.
    pub span: Span,
    /// The words that may also be defaults.
    pub words: Words,
    /// The words that only a service or workload has.
    pub own: Own,
    /// `in ENV { }`.
    pub overlays: Vec<Overlay>,
}

/// The words that only a service or workload has.
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
    /// `expose`.
    pub exposes: Vec<Expose>,
}

impl Body {
    /// A block that says nothing.
    pub(super) fn empty(span: Span) -> Self {
        Body { span, words: Words::default(), own: Own::default(), overlays: Vec::new() }
    }

    /// Whether it says anything besides `use` and overlays.
    pub fn says_something(&self) -> bool {
        self.words.say_something() || self.own.says_something()
    }
}

impl Own {
    fn says_something(&self) -> bool {
        let Own { account, selector, ports, versions, canary, exposes } = self;
        let one = account.is_some() || selector.is_some() || versions.is_some() || canary.is_some();
        one || !ports.is_empty() || !exposes.is_empty()
    }
}

/// Reads the block of `node`, which is a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Body {
    let mut body = Body::empty(node.span);
    decoder.children(node, place, |decoder, word, child| take(decoder, &mut body, (word, place), child));
    body.words.allow.shrink_to_fit();
    body.words.calls.shrink_to_fit();
    body.own.ports.shrink_to_fit();
    body
}

/// Puts one word of a block in its place.
pub(super) fn take(decoder: &mut Decoder<'_>, body: &mut Body, (word, place): (&'static Word, Place), node: &Node<'_>) {
    if node.name.value.starts_with('-') {
        removal(decoder, body, word, node);
        return;
    }
    let words = &mut body.words;
    match word.name {
        "use" => {
            let profiles = arguments(node).filter_map(|entry| decoder.value::<SmolStr>(entry)).collect();
            set(decoder, &mut words.uses, "`use`", Some(Spanned::new(profiles, node.span)));
        }
        "timeout" => {
            let said = timeout::decode(decoder, node);
            set(decoder, &mut words.timeout, "`timeout`", said);
        }
        "retry" => {
            let said = retry::decode(decoder, node);
            set(decoder, &mut words.retry, "`retry`", said);
        }
        "breaker" => {
            let said = breaker::decode(decoder, node, Place::Breaker);
            set(decoder, &mut words.breaker, "`breaker`", said);
        }
        "mtls" => mtls_word(decoder, body, node),
        "network-policy" => network_policy(decoder, body, node),
        "allow" => words.allow.push(access::decode(decoder, node, Place::Allow)),
        "deny" => words.deny.push(access::decode(decoder, node, Place::Deny)),
        "calls" => words.calls.push(calls::decode(decoder, node)),
        "in" => overlay::decode(decoder, body, node, place),
        _ => own(decoder, &mut body.own, word, node),
    }
}

fn own(decoder: &mut Decoder<'_>, own: &mut Own, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "service-account" => {
            let mut slot = own.account.take().map(|first| Spanned::new(first.clone(), first.name.span));
            let said = service::decode_account(decoder, node).map(|account| Spanned::new(account, node.span));
            set(decoder, &mut slot, "`service-account`", said);
            own.account = slot.map(|account| account.value);
        }
        "selector" => {
            let said = selector::decode(decoder, node);
            set(decoder, &mut own.selector, "`selector`", said);
        }
        "port" => {
            if let Some(port) = ports::decode(decoder, node) {
                push_keyed(decoder, &mut own.ports, "this port", port, |port| &port.number);
            }
        }
        "versions" => {
            let mut slot = own.versions.take().map(|first| Spanned::new(first.clone(), first.span));
            let said = versions::decode(decoder, node).map(|versions| Spanned::new(versions, node.name.span));
            set(decoder, &mut slot, "`versions`", said);
            own.versions = slot.map(|versions| versions.value);
        }
        "canary" => {
            let said = canary::decode(decoder, node);
            set(decoder, &mut own.canary, "`canary`", said);
        }
        _ => own.exposes.extend(expose::decode(decoder, node)),
    }
}

fn mtls_word(decoder: &mut Decoder<'_>, body: &mut Body, node: &Node<'_>) {
    let mut slot = body.words.mtls.take().map(|first| Spanned::new(first.clone(), first.mode.span));
    let said = mtls::decode(decoder, node).map(|said| Spanned::new(said, node.span));
    set(decoder, &mut slot, "`mtls`", said);
    body.words.mtls = slot.map(|said| said.value);
}

fn network_policy(decoder: &mut Decoder<'_>, body: &mut Body, node: &Node<'_>) {
    let mut slot = body.words.network_policy.take().map(|first| Spanned::new(first.clone(), first.0.span));
    let said = mtls::decode_network_policy(decoder, node).map(|said| Spanned::new(said, node.span));
    set(decoder, &mut slot, "`network-policy`", said);
    body.words.network_policy = slot.map(|said| said.value);
}

fn removal(decoder: &mut Decoder<'_>, body: &mut Body, word: &'static Word, node: &Node<'_>) {
    for entry in arguments(node) {
        let key = match &entry.value {
            Value::Integer(number) => Some(Spanned::new(SmolStr::from(number.to_string()), entry.value_span)),
            Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => decoder.value(entry),
        };
        body.words.removals.extend(key.map(|key| Removal { word: word.name, key }));
    }
}
