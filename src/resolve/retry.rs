use super::laying::Laying;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT, RetrySaid, Switch};
use crate::ir::{Retries, Retry};
use crate::source::{Decided, Origin, Span};
use crate::value::Duration;
use smol_str::SmolStr;

/// What the layers said of `retry` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    off: Option<Origin>,
    attempts: Option<Decided<u32>>,
    per_try: Option<Decided<Duration>>,
    backoff: Option<Decided<Duration>>,
    remote_localities: Option<Decided<bool>>,
    avoid_tried: Option<Decided<bool>>,
    on: Option<Decided<Vec<SmolStr>>>,
    /// The word that said something last.
    span: Option<Span>,
}

impl Laid {
    /// What an exposure starts from: its service's.
    pub(super) fn of(retry: &Retry) -> Self {
        match retry {
            Retry::Unsaid => Laid::default(),
            Retry::Off(origin) => Laid { off: Some(*origin), ..Laid::default() },
            Retry::On(retries) => {
                let Retries { attempts, per_try, backoff, remote_localities, avoid_tried, on } = (**retries).clone();
                Laid {
                    off: None,
                    attempts: Some(attempts),
                    per_try,
                    backoff,
                    remote_localities,
                    avoid_tried,
                    on: Some(on),
                    span: None,
                }
            }
        }
    }

    /// Lays `retry` over the weaker ones.
    pub(super) fn lay(&mut self, laying: &mut Laying<'_>, said: Option<&RetrySaid>) {
        let Some(said) = said else { return };
        let parts = match &said.value {
            Switch::Off => {
                *self = Laid { off: Some(laying.origin(said.span)), ..Laid::default() };
                return;
            }
            Switch::On(parts) => parts,
        };
        let intent::Retry { attempts, per_try, backoff, remote_localities, avoid_tried, on } = &**parts;
        self.off = None;
        self.span = Some(said.span);
        laying.part(&mut self.attempts, attempts, "the number of tries");
        laying.part(&mut self.per_try, per_try, "`per-try`");
        laying.part(&mut self.backoff, backoff, "`backoff`");
        laying.part(&mut self.remote_localities, remote_localities, "`remote-localities`");
        laying.part(&mut self.avoid_tried, avoid_tried, "`avoid-tried`");
        laying.part(&mut self.on, on, "`on`");
    }

    /// Closes it.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Retry {
        if let Some(origin) = self.off {
            return Retry::Off(origin);
        }
        let Some(attempts) = self.attempts else {
            if let Some(span) = self.span {
                found.push(
                    Diagnostic::new(&MISSING_ARGUMENT, "`retry` needs a number of tries")
                        .at(span, "no layer says how many")
                        .help("write `retry 2`"),
                );
            }
            return Retry::Unsaid;
        };
        let conditions = || Decided::built_in(Retry::UNSAID_CONDITIONS.map(SmolStr::new_static).to_vec());
        Retry::On(Box::new(Retries {
            attempts,
            per_try: self.per_try,
            backoff: self.backoff,
            remote_localities: self.remote_localities,
            avoid_tried: self.avoid_tried,
            on: self.on.unwrap_or_else(conditions),
        }))
    }
}
