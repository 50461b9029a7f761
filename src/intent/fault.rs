use super::codes::CHOOSE_ONE;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Word};
use super::waiver::{self, Waiver};
use super::{Said, Switch};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Duration, Fraction, GrpcStatus};

/// A row of a word about faults.
const fn row(name: &'static str, places: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (0, 1), properties: &["percent"], ..Word::once(name, places, shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        properties: waiver::PROPERTIES,
        block: Some(Place::Fault),
        ..row(
            "fault",
            &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Route, Place::External],
            "{ delay DURATION percent=PERCENT; abort STATUS percent=PERCENT } | off",
            "Faults that the caller's proxy, or the gateway, makes up; a timeout does not cut them, a retry does not cover them.",
        )
    },
    row("delay", &[Place::Fault], "DURATION percent=PERCENT", "How long these requests wait before they are sent."),
    Word {
        properties: &["grpc", "percent"],
        ..row(
            "abort",
            &[Place::Fault],
            "STATUS percent=PERCENT | grpc=CODE percent=PERCENT",
            "With which status these requests are answered in place of the service.",
        )
    },
];

/// `fault`: its parts, or `off`.
pub type FaultSaid = Spanned<Switch<Box<Fault>>>;

/// The parts of `fault`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// `delay`.
    pub delay: Option<Delay>,
    /// `abort`.
    pub abort: Option<Abort>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// The parts of `delay`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    /// How long.
    pub duration: Said<Duration>,
    /// How many of the requests.
    pub percent: Said<Fraction>,
    /// The node's word and values.
    pub span: Span,
}

/// The parts of `abort`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abort {
    /// With which status of HTTP.
    pub status: Said<u32>,
    /// With which status of gRPC, in its place.
    pub grpc: Said<GrpcStatus>,
    /// How many of the requests.
    pub percent: Said<Fraction>,
    /// The node's word and values.
    pub span: Span,
}

/// Reads `fault`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<FaultSaid> {
    if let Some(span) = decoder.off(node) {
        return Some(Spanned::new(Switch::Off, span));
    }
    if let Some(entry) = argument(node, 0) {
        decoder.choice(entry, &[("off", ())]);
        return None;
    }
    let mut fault = Fault { waiver: waiver::decode(decoder, node), ..Fault::default() };
    decoder.children(node, Place::Fault, |decoder, word, child| match word.name {
        "delay" => fault.delay = Some(delay(decoder, child)),
        _ => fault.abort = Some(abort(decoder, child)),
    });
    Some(Spanned::new(Switch::On(Box::new(fault)), node.name.span))
}

fn delay(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Delay {
    Delay {
        duration: argument(node, 0).and_then(|entry| decoder.value(entry)),
        percent: property(node, "percent").and_then(|entry| decoder.fraction(entry)),
        span: head(node),
    }
}

fn abort(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Abort {
    let status = argument(node, 0);
    let grpc = property(node, "grpc");
    if let (Some(status), Some(grpc)) = (status, grpc) {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "`abort` takes a status of HTTP or one of gRPC")
                .at(grpc.span, "a second answer")
                .related(status.span, "the first answer")
                .help("keep one of them: a request is answered once"),
        );
    }
    Abort {
        status: status.and_then(|entry| decoder.integer(entry, 200..=599)),
        grpc: grpc.and_then(|entry| decoder.choice(entry, &GrpcStatus::ALL)),
        percent: property(node, "percent").and_then(|entry| decoder.fraction(entry)),
        span: head(node),
    }
}
