use super::laying::Laying;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, FaultSaid, MISSING_ARGUMENT, MISSING_PROPERTY, Switch};
use crate::ir::{Abort, AbortStatus, Delay, Fault, Waiver};
use crate::source::{Decided, Span};
use crate::value::{Duration, Fraction};

/// What the layers said of `fault` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    delay: Part<Duration>,
    abort: Part<AbortStatus>,
    waiver: Option<Box<Waiver>>,
}

/// One fault with its share.
#[derive(Clone)]
struct Part<T> {
    what: Option<Decided<T>>,
    share: Option<Decided<Fraction>>,
    /// The word that said something last.
    span: Option<Span>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Part { what: None, share: None, span: None }
    }
}

impl Laid {
    /// What a route starts from.
    pub(super) fn of(fault: &Fault) -> Self {
        let Fault { delay, abort, waiver } = fault.clone();
        let delay = delay.map(|Delay { duration, share }| Part::of(duration, share));
        let abort = abort.map(|Abort { status, share }| Part::of(status, share));
        Laid { delay: delay.unwrap_or_default(), abort: abort.unwrap_or_default(), waiver }
    }

    /// Closes it.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Option<Fault> {
        let Laid { delay, abort, waiver } = self;
        let delay = delay.complete(&DELAY, found).map(|(duration, share)| Delay { duration, share });
        let abort = abort.complete(&ABORT, found).map(|(status, share)| Abort { status, share });
        (delay.is_some() || abort.is_some()).then_some(Fault { delay, abort, waiver })
    }
}

/// How messages speak of a part.
struct Words {
    name: &'static str,
    needs: &'static str,
    example: &'static str,
}

const DELAY: Words = Words { name: "delay", needs: "how long it is", example: "delay \"2s\" percent=10" };
const ABORT: Words = Words { name: "abort", needs: "a status", example: "abort 503 percent=10" };

impl<T> Part<T> {
    fn of(what: Decided<T>, share: Decided<Fraction>) -> Self {
        Part { what: Some(what), share: Some(share), span: None }
    }

    fn complete(self, words: &Words, found: &mut Diagnostics) -> Option<(Decided<T>, Decided<Fraction>)> {
        let Words { name, needs, example } = words;
        match (self.what, self.share, self.span) {
            (Some(what), Some(share), _) => Some((what, share)),
            (None, _, Some(span)) => {
                found.push(
                    Diagnostic::new(&MISSING_ARGUMENT, format!("`{name}` needs {needs}"))
                        .at(span, "no layer says it")
                        .help(format!("write `{example}`")),
                );
                None
            }
            (Some(_), None, Some(span)) => {
                found.push(
                    Diagnostic::new(&MISSING_PROPERTY, format!("`{name}` needs `percent=`"))
                        .at(span, "no layer says how many of the requests")
                        .note("whom a made-up fault hits is never left to a default")
                        .fix("all of them", span.end(), " percent=100"),
                );
                None
            }
            (_, _, None) => None,
        }
    }
}

/// Lays `fault` over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, slot: &mut Option<Box<Laid>>, said: Option<&FaultSaid>) {
    let Some(said) = said else { return };
    let parts = match &said.value {
        Switch::Off => {
            *slot = None;
            return;
        }
        Switch::On(parts) => parts,
    };
    let intent::Fault { delay, abort, waiver: why } = &**parts;
    let laid = slot.get_or_insert_default();
    if let Some(intent::Delay { duration, percent, span }) = delay {
        laying.part(&mut laid.delay.what, duration, "the length of a `delay`");
        laying.part(&mut laid.delay.share, percent, "the `percent` of a `delay`");
        laid.delay.span = Some(*span);
    }
    if let Some(intent::Abort { status, grpc, percent, span }) = abort {
        let of_http = status.as_ref().map(|said| (AbortStatus::Http(said.value), said.span));
        let of_grpc = grpc.as_ref().map(|said| (AbortStatus::Grpc(said.value), said.span));
        if let Some((status, at)) = of_http.or(of_grpc) {
            laying.value(&mut laid.abort.what, status, at, "the status of an `abort`");
        }
        laying.part(&mut laid.abort.share, percent, "the `percent` of an `abort`");
        laid.abort.span = Some(*span);
    }
    if why.is_some() {
        laid.waiver = waiver(why.as_deref());
    }
}
