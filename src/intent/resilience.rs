//! The words about the pods behind a name that are all said alike: of a service, of one port or version of it, of
//! something outside, and as a default.

use super::balance::{self, Balance};
use super::breaker::{self, Breaker};
use super::connection::{self, Connection};
use super::decode::Decoder;
use super::grammar::{Place, Word};
use super::locality::{self, Locality};
use super::warm_up::{self, WarmUp};
use super::{Said, Switch};
use crate::source::Spanned;
use crate::syntax::Node;

/// How callers treat the pods behind a name; boxed where it stands, since most blocks say nothing of it.
#[derive(Clone, Debug, Default)]
pub struct Resilience {
    /// `breaker`.
    pub breaker: Said<Switch<Box<Breaker>>>,
    /// `connection`.
    pub connection: Option<Box<Connection>>,
    /// `balance`.
    pub balance: Option<Box<Spanned<Balance>>>,
    /// `locality`.
    pub locality: Option<Box<Spanned<Switch<Locality>>>>,
    /// `warm-up`.
    pub warm_up: Option<Box<Spanned<WarmUp>>>,
}

/// Reads one of these words; `place` is the block in which it stands.
pub(super) fn take(
    decoder: &mut Decoder<'_>,
    said: &mut Option<Box<Resilience>>,
    (word, place): (&'static Word, Place),
    node: &Node<'_>,
) {
    let said = said.get_or_insert_default();
    match word.name {
        "breaker" => {
            let block = if place == Place::Port { Place::PortBreaker } else { Place::Breaker };
            said.breaker = breaker::decode(decoder, node, block);
        }
        "connection" => said.connection = Some(Box::new(connection::decode(decoder, node))),
        "balance" => said.balance = balance::decode(decoder, node).map(Box::new),
        "locality" => said.locality = locality::decode(decoder, node).map(Box::new),
        _ => said.warm_up = Some(Box::new(warm_up::decode(decoder, node))),
    }
}
