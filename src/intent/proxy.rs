use super::access::each_once;
use super::decode::{Decoder, argument, arguments, each_once as keyed_once, push_keyed};
use super::from_text::BAD_ENV;
use super::grammar::{MANY, Place, Repeats, Word};
use super::telemetry::HOLDERS;
use super::waiver::{self, Waiver};
use super::words::Removal;
use super::{Said, body};
use crate::source::Spanned;
use crate::syntax::{Entry, Node, Value};
use crate::value::{Cidr, Duration, Mismatch, Port, Quantity, VariableName};
use smol_str::SmolStr;

/// More threads than these no machine has for a proxy.
const MOST_THREADS: u32 = 1_024;

/// A row of a part of `proxy`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    let (places, arguments) = (&[Place::Proxy], (1, 1));
    Word { name, places, shape, arguments, properties: &[], block: None, repeats: Repeats::Once, meaning }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        places: HOLDERS,
        arguments: (0, 0),
        block: Some(Place::Proxy),
        ..row(
            "proxy",
            "{ }",
            "How the proxies of pods run: what they may use, how they start and end, what passes them by.",
        )
    },
    row("cpu", "QUANTITY", "The part of a processor that is kept for it; 100m unless said."),
    row("memory", "QUANTITY", "The memory that is kept for it; 128Mi unless said."),
    row("cpu-limit", "QUANTITY", "The part of a processor that it may use; 2000m unless said."),
    row("memory-limit", "QUANTITY", "The memory beyond which it is killed; 1024Mi unless said."),
    row("concurrency", "N", "How many threads it has; 0 for one each processor; 2 unless said."),
    row(
        "log-level",
        "trace | debug | info | warning | error | critical | off",
        "What it tells of itself; `warning` unless said.",
    ),
    Word {
        arguments: (0, 1),
        ..row("hold-application", "BOOL", "Whether the application starts after the proxy is ready; alone, it does.")
    },
    row("drain", "DURATION", "How long it finishes what it began when the pod ends; 5s unless said."),
    Word {
        arguments: (1, MANY),
        properties: waiver::PROPERTIES,
        ..row("exclude-inbound", "PORT+", "Ports of the pod whose connections pass it by: no rule holds there.")
    },
    Word {
        arguments: (1, MANY),
        properties: waiver::PROPERTIES,
        ..row("exclude-outbound", "PORT|CIDR+", "Ports and addresses to which connections pass it by.")
    },
    Word { arguments: (2, 2), repeats: Repeats::Keyed, ..row("env", "NAME VALUE", "A variable of its environment.") },
];

/// What the proxy tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLevel(pub &'static str);

const LEVELS: [(&str, LogLevel); 7] = [
    ("trace", LogLevel("trace")),
    ("debug", LogLevel("debug")),
    ("info", LogLevel("info")),
    ("warning", LogLevel("warning")),
    ("error", LogLevel("error")),
    ("critical", LogLevel("critical")),
    ("off", LogLevel("off")),
];

/// The parts of `proxy`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxy {
    /// What of a processor is kept for it.
    pub cpu: Said<Quantity>,
    /// What memory is kept for it.
    pub memory: Said<Quantity>,
    /// What of a processor it may use.
    pub cpu_limit: Said<Quantity>,
    /// Beyond which memory it is killed.
    pub memory_limit: Said<Quantity>,
    /// How many threads it has.
    pub concurrency: Said<u32>,
    /// What it tells of itself.
    pub log_level: Said<LogLevel>,
    /// Whether the application waits for it.
    pub hold_application: Said<bool>,
    /// How long it finishes.
    pub drain: Said<Duration>,
    /// Ports of the pod that pass it by.
    pub exclude_inbound: Option<Excluded<Port>>,
    /// Ports and addresses to which connections pass it by.
    pub exclude_outbound: Option<Excluded<Passed>>,
    /// `env`.
    pub variables: Vec<(Spanned<VariableName>, Spanned<SmolStr>)>,
    /// `-env`.
    pub removals: Vec<Removal>,
}

/// A list of what passes a proxy by, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded<T> {
    /// What.
    pub list: Spanned<Vec<Spanned<T>>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Connections that pass a proxy by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// To this port.
    Port(Port),
    /// To these addresses.
    Range(Cidr),
}

impl std::fmt::Display for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Passed::Port(port) => write!(f, "{port}"),
            Passed::Range(range) => write!(f, "{range}"),
        }
    }
}

/// Reads `proxy`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Proxy {
    let mut proxy = Proxy::default();
    decoder.children(node, Place::Proxy, |decoder, word, child| {
        if !body::take_removal(decoder, &mut proxy.removals, word, child) {
            part(decoder, &mut proxy, word.name, child);
        }
    });
    keyed_once(decoder, &proxy.variables, "`env` of this variable", |pair| &pair.0);
    proxy
}

fn part(decoder: &mut Decoder<'_>, proxy: &mut Proxy, word: &str, node: &Node<'_>) {
    if word == "hold-application" {
        proxy.hold_application = decoder.flag(node);
        return;
    }
    let Some(entry) = argument(node, 0) else { return };
    match word {
        "cpu" => proxy.cpu = decoder.value(entry),
        "memory" => proxy.memory = decoder.value(entry),
        "cpu-limit" => proxy.cpu_limit = decoder.value(entry),
        "memory-limit" => proxy.memory_limit = decoder.value(entry),
        "concurrency" => proxy.concurrency = decoder.integer(entry, 0..=MOST_THREADS),
        "log-level" => proxy.log_level = decoder.choice(entry, &LEVELS),
        "drain" => {
            proxy.drain = decoder.whole_seconds(entry, "Istio counts the time in which a proxy ends in seconds");
        }
        "exclude-inbound" => {
            proxy.exclude_inbound = Some(excluded(decoder, node, port));
        }
        "exclude-outbound" => proxy.exclude_outbound = Some(excluded(decoder, node, passed)),
        _ => {
            let name = decoder.value::<VariableName>(entry).filter(|name| is_free(decoder, name));
            let value = argument(node, 1).and_then(|entry| decoder.text(entry));
            let value = value.map(|text| text.map(|text| SmolStr::from(text.as_ref())));
            if let (Some(name), Some(value)) = (name, value) {
                let what = format!("`env {}`", name.value);
                push_keyed(decoder, &mut proxy.variables, &what, (name, value), |pair| &pair.0);
            }
        }
    }
}

/// The life of certificates has a word of its own.
fn is_free(decoder: &mut Decoder<'_>, name: &Spanned<VariableName>) -> bool {
    let is_free = name.value.text() != "SECRET_TTL";
    if !is_free {
        let mismatch = Mismatch::new("another variable", "it is said by `certificate-lifetime` of `mesh`");
        decoder.mismatch(&BAD_ENV, (name.value.text(), name.span), mismatch);
    }
    is_free
}

fn port(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Port> {
    decoder.port(entry)
}

fn passed(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Passed> {
    match entry.value {
        Value::Integer(_) => decoder.port(entry).map(|said| said.map(Passed::Port)),
        Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
            decoder.value::<Cidr>(entry).map(|said| said.map(Passed::Range))
        }
    }
}

fn excluded<T: Ord + std::fmt::Display>(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
    mut read: impl FnMut(&mut Decoder<'_>, &Entry<'_>) -> Said<T>,
) -> Excluded<T> {
    let list: Vec<Spanned<T>> = arguments(node).filter_map(|entry| read(decoder, entry)).collect();
    each_once(decoder, &list);
    Excluded { list: Spanned::new(list, node.span), waiver: waiver::decode(decoder, node) }
}
