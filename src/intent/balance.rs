use super::Said;
use super::codes::{EXTRA_ARGUMENT, OUT_OF_RANGE};
use super::decode::{Decoder, argument, head, property};
use super::from_text::BAD_HEADER;
use super::grammar::{Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::{Entry, Node};
use crate::value::{HashKey, HashTable, HeaderName, Mismatch};

/// A row of a part of `consistent-hash`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::Balance], shape, meaning)
}

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "balance",
        places: &[
            Place::Mesh,
            Place::Namespace,
            Place::Profile,
            Place::Service,
            Place::Port,
            Place::Version,
            Place::External,
        ],
        shape: "least-request | round-robin | random | passthrough | consistent-hash { }",
        arguments: (0, 1),
        properties: &[],
        block: Some(Place::Balance),
        repeats: Repeats::Once,
        meaning: "Which of its pods a request goes to; the one with the fewest under way unless said.",
    },
    row("header", "NAME", "Requests with one value of this header go to one pod."),
    Word {
        properties: &["ttl", "path"],
        ..row(
            "cookie",
            "NAME ttl=DURATION path=TEXT",
            "Requests with one value of this cookie go to one pod; with `ttl`, who has none gets one.",
        )
    },
    Word { arguments: (0, 1), ..row("source-ip", "BOOL", "Requests from one address go to one pod.") },
    row("query", "NAME", "Requests with one value of this query parameter go to one pod."),
    row("ring-size", "N", "The least number of places on the ring of pods; 1024."),
    row("maglev", "N", "The size of a table in place of a ring: a prime, such as 65537."),
];

/// `balance`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// How a pod is chosen; an overlay may leave it out.
    pub method: Said<Method>,
    /// By what a hash chooses.
    pub key: Said<HashKey>,
    /// Over what a hash chooses.
    pub table: Said<HashTable>,
}

/// How a pod is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The one of two with fewer requests under way.
    LeastRequest,
    /// One after the other.
    RoundRobin,
    /// Any.
    Random,
    /// The one that the caller dialled.
    Passthrough,
    /// By a part of the request.
    ConsistentHash,
}

const METHODS: [(&str, Method); 5] = [
    ("least-request", Method::LeastRequest),
    ("round-robin", Method::RoundRobin),
    ("random", Method::Random),
    ("passthrough", Method::Passthrough),
    ("consistent-hash", Method::ConsistentHash),
];

/// The largest ring that Envoy makes.
const LARGEST_RING: u32 = 8 * 1024 * 1024;
/// The largest table that Istio takes.
const LARGEST_TABLE: u32 = 5_000_010;

/// Reads `balance`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Balance> {
    let method = match argument(node, 0) {
        Some(entry) => Some(decoder.choice(entry, &METHODS)?),
        None => None,
    };
    let is_hash = method.as_ref().is_none_or(|method| method.value == Method::ConsistentHash);
    if let Some(block) = node.block.as_ref().filter(|_| !is_hash) {
        decoder.found.push(
            Diagnostic::new(&EXTRA_ARGUMENT, "only `consistent-hash` takes a block")
                .at(block.span, "this would have no effect")
                .help("take it out, or write `balance consistent-hash { }`"),
        );
        return None;
    }
    let mut balance = Balance { method, ..Balance::default() };
    decoder.children(node, Place::Balance, |decoder, word, child| match word.name {
        "ring-size" | "maglev" => decoder.alternative(&mut balance.table, child, table),
        _ => decoder.alternative(&mut balance.key, child, key),
    });
    Some(Spanned::new(balance, head(node)))
}

/// What a hash goes by; `source-ip #false` is none.
fn key(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<HashKey> {
    Some(match node.name.value.as_ref() {
        "header" => HashKey::Header(name(decoder, node, HeaderName::parse)?),
        "query" => HashKey::Query(name(decoder, node, HeaderName::parse_cookie)?),
        "cookie" => {
            let ttl = property(node, "ttl").and_then(|entry| decoder.value(entry)).map(|said| said.value);
            let path = property(node, "path").and_then(|entry| decoder.value(entry)).map(|said| said.value);
            HashKey::Cookie { name: name(decoder, node, HeaderName::parse_cookie)?, ttl, path }
        }
        _ => {
            decoder.flag(node).filter(|said| said.value)?;
            HashKey::SourceAddress
        }
    })
}

type ReadName = fn(&str) -> Result<HeaderName, Mismatch>;

fn name(decoder: &mut Decoder<'_>, node: &Node<'_>, read: ReadName) -> Option<HeaderName> {
    let text = decoder.text(argument(node, 0)?)?;
    match read(&text.value) {
        Ok(name) => Some(name),
        Err(mismatch) => {
            decoder.mismatch(&BAD_HEADER, (&text.value, text.span), mismatch);
            None
        }
    }
}

fn table(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<HashTable> {
    let entry = argument(node, 0)?;
    if node.name.value == "ring-size" {
        return decoder.integer(entry, 1..=LARGEST_RING).map(|said| HashTable::Ring(said.value));
    }
    let size = decoder.integer(entry, 2..=LARGEST_TABLE)?.value;
    if !is_prime(size) {
        decoder.found.push(no_prime(entry, size));
        return None;
    }
    Some(HashTable::Maglev(size))
}

fn no_prime(entry: &Entry<'_>, size: u32) -> Diagnostic {
    let fault = Diagnostic::new(&OUT_OF_RANGE, format!("expected a prime, found `{size}`"))
        .at(entry.value_span, "can be divided")
        .note("the table is filled by steps of which only a prime's reach every place");
    match (size..=LARGEST_TABLE).find(|size| is_prime(*size)) {
        Some(next) => fault.fix("take the next prime", entry.value_span, next.to_string()),
        None => fault.fix("take the largest prime", entry.value_span, "4999999"),
    }
}

fn is_prime(number: u32) -> bool {
    number >= 2 && (2..=number.isqrt()).all(|factor| !number.is_multiple_of(factor))
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_TABLE, is_prime};

    #[test]
    fn knows_primes() {
        let primes: Vec<u32> = (0..30).filter(|number| is_prime(*number)).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert!(is_prime(65_537) && !is_prime(65_536) && is_prime(4_999_999));
        assert!((4_999_999 + 1..=LARGEST_TABLE).all(|number| !is_prime(number)));
    }
}
