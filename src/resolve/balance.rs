use super::laying::Laying;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT, MISSING_NODE, Method};
use crate::ir::{Balance, Hash};
use crate::source::{Decided, Span, Spanned};
use crate::value::{HashKey, HashTable};

/// What the layers said of `balance` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    method: Option<Decided<Method>>,
    key: Option<Decided<HashKey>>,
    table: Option<Decided<HashTable>>,
    /// The word that said something last.
    span: Option<Span>,
}

/// Lays `balance` over the weaker ones: another way to choose drops what a hash went by.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut Option<Box<Laid>>, said: &Spanned<intent::Balance>) {
    let intent::Balance { method, key, table } = &said.value;
    let laid = laid.get_or_insert_default();
    laid.span = Some(said.span);
    laying.part(&mut laid.method, method, "the way to balance");
    if laid.method.as_ref().is_some_and(|method| method.value != Method::ConsistentHash) {
        (laid.key, laid.table) = (None, None);
    }
    laying.part(&mut laid.key, key, "what a hash goes by");
    laying.part(&mut laid.table, table, "the table of a hash");
}

/// Closes it.
pub(super) fn complete(laid: Option<Box<Laid>>, found: &mut Diagnostics) -> Option<Decided<Balance>> {
    let Laid { method, key, table, span } = *laid?;
    let said = key.as_ref().and_then(Decided::span).or(table.as_ref().and_then(Decided::span));
    let Some(method) = method else {
        found.push(no_method(said.or(span)));
        return None;
    };
    let balance = match method.value {
        Method::LeastRequest => Balance::LeastRequest,
        Method::RoundRobin => Balance::RoundRobin,
        Method::Random => Balance::Random,
        Method::Passthrough => Balance::Passthrough,
        Method::ConsistentHash => {
            let Some(key) = key else {
                found.push(no_key(method.span()));
                return None;
            };
            Balance::Hash(Box::new(Hash { key, table }))
        }
    };
    if said.is_some() && balance.hash().is_none() {
        found.push(no_method(said));
        return None;
    }
    Some(method.map(|_| balance))
}

fn no_method(span: Option<Span>) -> Diagnostic {
    Diagnostic::new(&MISSING_ARGUMENT, "only `consistent-hash` goes by a part of the request")
        .at_known(span, "no layer says `consistent-hash`")
        .help("write `balance consistent-hash { }` around it")
}

fn no_key(span: Option<Span>) -> Diagnostic {
    Diagnostic::new(&MISSING_NODE, "`consistent-hash` needs what it goes by")
        .at_known(span, "no layer says what is hashed")
        .help("say one of `header`, `cookie`, `source-ip` and `query`: `balance consistent-hash { header x-user }`")
}
