use super::laying::Laying;
use super::{balance, breaker, connection, locality};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT};
use crate::ir::{Breaker, Locality, Resilience, WarmUp};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use crate::value::{Decimal, Duration, Fraction};

/// What the layers said of the pods behind a name so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    breaker: Breaker,
    connection: Option<Box<connection::Laid>>,
    balance: Option<Box<balance::Laid>>,
    locality: Option<Box<Locality>>,
    warm_up: Option<Box<WarmUpLaid>>,
}

#[derive(Clone, Default)]
struct WarmUpLaid {
    duration: Option<Decided<Duration>>,
    minimum_percent: Option<Decided<Fraction>>,
    aggression: Option<Decided<Decimal>>,
    /// The word that said something last.
    span: Option<Span>,
}

impl Laid {
    /// Lays the words of a block over the weaker ones.
    pub(super) fn lay(&mut self, laying: &mut Laying<'_>, said: &intent::Resilience) {
        let intent::Resilience { breaker, connection, balance, locality, warm_up } = said;
        breaker::lay(laying, &mut self.breaker, breaker);
        if let Some(connection) = connection {
            connection::lay(laying, &mut self.connection, connection);
        }
        if let Some(balance) = balance {
            balance::lay(laying, &mut self.balance, balance);
        }
        if let Some(locality) = locality {
            locality::lay(laying, &mut self.locality, locality);
        }
        if let Some(warm_up) = warm_up {
            self.warm_up.get_or_insert_default().lay(laying, warm_up);
        }
    }

    /// Closes it.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Resilience {
        let Laid { breaker, connection, balance, locality, warm_up } = self;
        let mut closed = Resilience {
            breaker: breaker::complete(breaker),
            connection: connection::complete(connection, found),
            balance: balance::complete(balance, found),
            locality,
            warm_up: warm_up.and_then(|laid| laid.complete(found)),
        };
        let layer = closed.balance.as_ref().map(|balance| balance.origin.layer);
        drop_unknown(&mut closed, |origin| layer.is_some_and(|layer| origin.layer < layer));
        closed
    }

    /// What holds of a part: what is said of it alone, laid over this; none where nothing is said.
    pub(super) fn with(
        &self,
        said: &[(Layer, &intent::Resilience)],
        found: &mut Diagnostics,
    ) -> Option<Box<Resilience>> {
        if said.is_empty() {
            return None;
        }
        let mut laid = self.clone();
        for (layer, said) in said {
            laid.lay(&mut Laying::alone(*layer, found), said);
        }
        let mut closed = laid.complete(found);
        let chooses = said.iter().any(|(_, said)| said.balance.is_some());
        let inherited = [
            self.warm_up.as_ref().and_then(|warm_up| warm_up.duration.as_ref()).map(|duration| duration.origin),
            self.locality.as_ref().map(|locality| locality.origin()),
        ];
        drop_unknown(&mut closed, |origin| chooses && inherited.contains(&Some(origin)));
        Some(Box::new(closed))
    }
}

/// What is inherited, and the way of balancing does not know, does not reach what chose that way.
fn drop_unknown(said: &mut Resilience, is_inherited: impl Fn(Origin) -> bool) {
    let Some(balance) = &said.balance else { return };
    if !balance.value.knows_warm_up() {
        said.warm_up.take_if(|warm_up| is_inherited(warm_up.duration.origin));
    }
    if !balance.value.knows_places() {
        said.locality.take_if(|locality| is_inherited(locality.origin()));
    }
}

impl WarmUpLaid {
    fn lay(&mut self, laying: &mut Laying<'_>, said: &Spanned<intent::WarmUp>) {
        let intent::WarmUp { duration, minimum_percent, aggression } = &said.value;
        self.span = Some(said.span);
        laying.part(&mut self.duration, duration, "`warm-up`");
        laying.part(&mut self.minimum_percent, minimum_percent, "`minimum-percent`");
        laying.part(&mut self.aggression, aggression, "`aggression`");
    }

    fn complete(self, found: &mut Diagnostics) -> Option<Box<WarmUp>> {
        let WarmUpLaid { duration, minimum_percent, aggression, span } = self;
        if let Some(duration) = duration {
            return Some(Box::new(WarmUp { duration, minimum_percent, aggression }));
        }
        found.push(
            Diagnostic::new(&MISSING_ARGUMENT, "`warm-up` needs how long it takes")
                .at_known(span, "no layer says it")
                .help("write `warm-up \"30s\"`"),
        );
        None
    }
}
