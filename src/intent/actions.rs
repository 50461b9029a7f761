use super::cors::{self, CorsSaid};
use super::decode::Decoder;
use super::fault::{self, FaultSaid};
use super::grammar::Word;
use super::headers::{self, HeadersSaid};
use crate::source::Span;
use crate::syntax::Node;

/// What is done to requests on their way, beside how long and how often they are tried: of a service, of an exposure,
/// of a route.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// `headers`.
    pub headers: Option<HeadersSaid>,
    /// `cors`.
    pub cors: Option<CorsSaid>,
    /// `fault`.
    pub fault: Option<FaultSaid>,
}

impl Actions {
    /// The words that are said, as messages show them, and where.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let Actions { headers, cors, fault } = self;
        let headers = headers.as_ref().map(|said| ("`headers`", said.span));
        let cors = cors.as_ref().map(|said| ("`cors`", said.span));
        let fault = fault.as_ref().map(|said| ("`fault`", said.span));
        headers.into_iter().chain(cors).chain(fault)
    }
}

/// Reads one of their words.
pub(super) fn take(
    decoder: &mut Decoder<'_>,
    actions: &mut Option<Box<Actions>>,
    word: &'static Word,
    node: &Node<'_>,
) {
    let actions = actions.get_or_insert_default();
    match word.name {
        "headers" => actions.headers = Some(headers::decode(decoder, node)),
        "cors" => actions.cors = cors::decode(decoder, node),
        _ => actions.fault = fault::decode(decoder, node),
    }
}
