use super::Said;
use super::decode::{Decoder, argument, property};
use super::grammar::{Place, Repeats, Word};
use crate::syntax::Node;
use crate::value::Duration;

/// A row of a part of `connection`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::Connection], shape, meaning)
}

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "connection",
        places: &[
            Place::Mesh,
            Place::Namespace,
            Place::Profile,
            Place::Service,
            Place::Port,
            Place::Version,
            Place::External,
        ],
        shape: "{ }",
        arguments: (0, 0),
        properties: &[],
        block: Some(Place::Connection),
        repeats: Repeats::Once,
        meaning: "How connections to its pods are opened, kept and closed.",
    },
    row("connect-timeout", "DURATION", "How long opening one may take; 10s."),
    row("idle-timeout", "DURATION", "After which silence one is closed; 1h."),
    row("lifetime", "DURATION", "How old one may get; unsaid, as old as it likes."),
    Word {
        arguments: (0, 0),
        properties: &["probes", "time", "interval"],
        ..row("keepalive", "probes=N time=DURATION interval=DURATION", "Whether TCP asks if the other end is there.")
    },
    row("http2-upgrade", "BOOL", "Whether requests of HTTP/1.1 travel as HTTP/2."),
    Word {
        arguments: (0, 1),
        ..row("client-protocol", "BOOL", "Whether the version of HTTP is the caller's; alone, it is.")
    },
    row("concurrent-streams", "N", "Requests under way in one connection of HTTP/2."),
    Word {
        arguments: (0, 0),
        properties: &["interval", "timeout"],
        ..row("http2-keepalive", "interval=DURATION timeout=DURATION", "Whether HTTP/2 asks if the other end is there.")
    },
];

/// The parts of `connection`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// How long opening one may take.
    pub connect_timeout: Said<Duration>,
    /// After which silence one is closed.
    pub idle_timeout: Said<Duration>,
    /// How old one may get.
    pub lifetime: Said<Duration>,
    /// How many questions of TCP may go unanswered.
    pub keepalive_probes: Said<u32>,
    /// After which silence TCP asks.
    pub keepalive_time: Said<Duration>,
    /// How long TCP waits between questions.
    pub keepalive_interval: Said<Duration>,
    /// Whether HTTP/1.1 travels as HTTP/2.
    pub http2_upgrade: Said<bool>,
    /// Whether the version of HTTP is the caller's.
    pub client_protocol: Said<bool>,
    /// Requests under way in one connection.
    pub concurrent_streams: Said<u32>,
    /// How often HTTP/2 asks.
    pub http2_keepalive_interval: Said<Duration>,
    /// How long HTTP/2 waits for an answer.
    pub http2_keepalive_timeout: Said<Duration>,
}

/// Reads `connection`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Connection {
    let mut connection = Connection::default();
    decoder.children(node, Place::Connection, |decoder, word, child| part(decoder, &mut connection, word, child));
    connection
}

fn part(decoder: &mut Decoder<'_>, connection: &mut Connection, word: &'static Word, node: &Node<'_>) {
    let only = |decoder: &mut Decoder<'_>| argument(node, 0).and_then(|entry| decoder.value(entry));
    let keyed = |decoder: &mut Decoder<'_>, key| property(node, key).and_then(|entry| decoder.value(entry));
    match word.name {
        "connect-timeout" => connection.connect_timeout = only(decoder),
        "idle-timeout" => connection.idle_timeout = only(decoder),
        "lifetime" => connection.lifetime = only(decoder),
        "keepalive" => {
            connection.keepalive_probes = property(node, "probes").and_then(|entry| decoder.count(entry));
            connection.keepalive_time = keyed(decoder, "time");
            connection.keepalive_interval = keyed(decoder, "interval");
        }
        "http2-upgrade" => connection.http2_upgrade = argument(node, 0).and_then(|entry| decoder.boolean(entry)),
        "client-protocol" => connection.client_protocol = decoder.flag(node),
        "concurrent-streams" => {
            connection.concurrent_streams = argument(node, 0).and_then(|entry| decoder.count(entry));
        }
        _ => {
            connection.http2_keepalive_interval = keyed(decoder, "interval");
            connection.http2_keepalive_timeout = keyed(decoder, "timeout");
        }
    }
}
