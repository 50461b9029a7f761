use super::access::each_once;
use super::codes::UNKNOWN_VALUE;
use super::decode::{Decoder, argument, arguments, head, property};
use super::grammar::{MANY, Place, Repeats, Word};
use super::{Said, Switch};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Value};
use crate::value::Duration;
use smol_str::{SmolStr, ToSmolStr};
use std::ops::RangeInclusive;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "retry",
        places: &[
            Place::Mesh,
            Place::Namespace,
            Place::Profile,
            Place::Service,
            Place::Route,
            Place::Expose,
            Place::External,
        ],
        shape: "N per-try=DURATION backoff=DURATION remote-localities=BOOL avoid-tried=BOOL { on CONDITION+ } | off",
        arguments: (0, 1),
        properties: &["per-try", "backoff", "remote-localities", "avoid-tried"],
        block: Some(Place::Retry),
        repeats: Repeats::Once,
        meaning: "How often a failed request is tried again; unsaid, Istio tries refused connections twice more.",
    },
    Word {
        name: "on",
        places: &[Place::Retry],
        shape: "CONDITION+",
        arguments: (1, MANY),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning: "After which failures a request is tried again.",
    },
];

/// `retry`: its parts, or `off`.
pub type RetrySaid = Spanned<Switch<Box<Retry>>>;

/// The parts of `retry`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retry {
    /// How many more tries.
    pub attempts: Said<u32>,
    /// How long one try may take.
    pub per_try: Said<Duration>,
    /// The first pause between tries.
    pub backoff: Said<Duration>,
    /// Whether other localities are tried too.
    pub remote_localities: Said<bool>,
    /// Whether pods that were tried are avoided.
    pub avoid_tried: Said<bool>,
    /// After which failures.
    pub on: Said<Vec<SmolStr>>,
}

/// Envoy's and gRPC's names of the failures after which a request may be tried again; the first column is ours.
const CONDITIONS: &[(&str, &str)] = &[
    ("5xx", "5xx"),
    ("gateway-error", "gateway-error"),
    ("connect-failure", "connect-failure"),
    ("refused-stream", "refused-stream"),
    ("reset", "reset"),
    ("reset-before-request", "reset-before-request"),
    ("retriable-4xx", "retriable-4xx"),
    ("rate-limited", "envoy-ratelimited"),
    ("cancelled", "cancelled"),
    ("deadline-exceeded", "deadline-exceeded"),
    ("internal", "internal"),
    ("resource-exhausted", "resource-exhausted"),
    ("unavailable", "unavailable"),
];

/// The statuses that have a name, which are those that Istio takes here.
const STATUSES: [RangeInclusive<u32>; 12] = [
    100..=103,
    200..=208,
    226..=226,
    300..=305,
    307..=308,
    400..=418,
    421..=426,
    428..=429,
    431..=431,
    451..=451,
    500..=508,
    510..=511,
];

/// Reads `retry`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> RetrySaid {
    if let Some(span) = decoder.off(node) {
        return Spanned::new(Switch::Off, span);
    }
    let mut duration = |key| property(node, key).and_then(|entry| decoder.value(entry));
    let (per_try, backoff) = (duration("per-try"), duration("backoff"));
    let mut boolean = |key| property(node, key).and_then(|entry| decoder.boolean(entry));
    let (remote_localities, avoid_tried) = (boolean("remote-localities"), boolean("avoid-tried"));
    let attempts = argument(node, 0).and_then(|entry| decoder.integer(entry, 1..=10));
    let mut retry = Retry { attempts, per_try, backoff, remote_localities, avoid_tried, on: None };
    decoder.children(node, Place::Retry, |decoder, _, child| {
        let conditions: Vec<_> = arguments(child).filter_map(|entry| condition(decoder, entry)).collect();
        each_once(decoder, &conditions);
        retry.on = Some(Spanned::new(conditions.into_iter().map(|said| said.value).collect(), child.span));
    });
    Spanned::new(Switch::On(Box::new(retry)), head(node))
}

fn condition(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<SmolStr> {
    if let Value::Integer(_) = entry.value {
        let status = decoder.integer(entry, 100..=599)?;
        if !STATUSES.iter().any(|range| range.contains(&status.value)) {
            decoder.found.push(unknown_status(&status));
            return None;
        }
        return Some(status.map(|status| status.to_smolstr()));
    }
    decoder.choice(entry, CONDITIONS).map(|condition| condition.map(SmolStr::new_static))
}

fn unknown_status(status: &Spanned<u32>) -> Diagnostic {
    let number = status.value;
    Diagnostic::new(&UNKNOWN_VALUE, format!("expected a status that HTTP has a name for, found `{number}`"))
        .at(status.span, "no status has this number")
        .note("Istio refuses a retry on a number that is no status of HTTP")
        .help("name another status, or a condition such as `\"5xx\"`")
}
