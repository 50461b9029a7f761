use super::apart::{self, Apart};
use super::layers::Level;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{Actions, Body, Said, Switch, Telemetry, VALUE_SET_TWICE};
use crate::source::{Decided, Layer, Origin, Span};

/// The work of laying one block over what weaker ones said.
pub(super) struct Laying<'l> {
    pub(super) layer: Layer,
    /// The other blocks of the same layer that were laid already: what they said may not be said again.
    pub(super) earlier: &'l [Span],
    /// Whether a weaker layer says the same, by the same profile.
    pub(super) is_again: bool,
    /// What a block of the layer takes away and a later one says.
    pub(super) apart: &'l [Apart],
    pub(super) found: &'l mut Diagnostics,
}

/// Calls `lay` for each block of a layer, in the order of the files.
pub(super) fn each_body<'i>(
    level: &Level<'i>,
    found: &mut Diagnostics,
    mut lay: impl FnMut(&mut Laying<'_>, &'i Body),
) {
    let spans: Vec<Span> =
        if level.bodies.len() > 1 { level.bodies.iter().map(|body| body.span).collect() } else { Vec::new() };
    let apart = apart::of_bodies(&level.bodies);
    for (at, body) in level.bodies.iter().enumerate() {
        let earlier = spans.get(..at).unwrap_or(&[]);
        lay(&mut Laying { layer: level.layer, earlier, is_again: level.is_again, apart: &apart, found }, body);
    }
}

impl<'l> Laying<'l> {
    /// Laying one block of a layer, beside no other.
    pub(super) fn alone(layer: Layer, found: &'l mut Diagnostics) -> Self {
        Laying::beside(layer, &[], found)
    }

    /// Laying one block of a layer that no profile says, beside others that were laid already.
    pub(super) fn beside(layer: Layer, earlier: &'l [Span], found: &'l mut Diagnostics) -> Self {
        Laying { layer, earlier, is_again: false, apart: &[], found }
    }
}

impl Laying<'_> {
    /// Who says what stands at `span`.
    pub(super) fn origin(&self, span: Span) -> Origin {
        Origin::new(self.layer, span)
    }

    /// Lays one part over the weaker ones.
    pub(super) fn part<T: Clone>(&mut self, slot: &mut Option<Decided<T>>, said: &Said<T>, name: &str) {
        let Some(said) = said else { return };
        self.value(slot, said.value.clone(), said.span, name);
    }

    /// Lays a value over the weaker ones.
    pub(super) fn value<T>(&mut self, slot: &mut Option<Decided<T>>, value: T, span: Span, name: &str) {
        let origin = self.origin(span);
        match slot {
            Some(decided) => {
                self.check_first(decided.span(), span, name);
                decided.overrule(value, origin);
            }
            None => *slot = Some(Decided::new(value, origin)),
        }
    }

    /// Lays a part that may be `off` over the weaker ones.
    pub(super) fn switch<T: Clone>(&mut self, slot: &mut Option<Decided<T>>, said: &Said<Switch<T>>, name: &str) {
        match said.as_ref().map(|said| (&said.value, said.span)) {
            Some((Switch::On(value), span)) => self.value(slot, value.clone(), span, name),
            Some((Switch::Off, span)) => {
                self.check_first(slot.as_ref().and_then(Decided::span), span, name);
                *slot = None;
            }
            None => {}
        }
    }

    /// Reports a part that another block of this layer said already.
    pub(super) fn check_first(&mut self, before: Option<Span>, span: Span, name: &str) {
        if let Some(before) = before.filter(|before| self.is_of_this_layer(*before)) {
            self.found.push(said_twice(name, span, before));
        }
    }

    /// Whether another block of this layer, laid before, says what stands at `before`.
    pub(super) fn is_of_this_layer(&self, before: Span) -> bool {
        let holds = |block: &Span| block.file == before.file && block.start <= before.start && before.end <= block.end;
        self.earlier.iter().any(holds)
    }
}

/// Reports what one block of a layer takes away, with `off` or with `-word`, and another block of it says. Found by the
/// blocks alone: after it is taken away there is no value that could show it.
pub(super) fn check_off(level: &Level<'_>, found: &mut Diagnostics) {
    if level.bodies.len() < 2 {
        return;
    }
    apart::tell(&apart::of_bodies(&level.bodies), found);
    for (name, said) in SWITCHES {
        let all: Vec<(Span, bool)> = level.bodies.iter().filter_map(|body| said(body)).collect();
        let Some((first, rest)) = all.split_first().filter(|_| all.iter().any(|(_, is_off)| *is_off)) else { continue };
        for (span, _) in rest {
            found.push(said_twice(name, *span, first.0));
        }
    }
}

/// Where a block says a word, and whether that is `off`.
type SaidOrOff = fn(&Body) -> Option<(Span, bool)>;

/// Every word that takes `off`.
const SWITCHES: [(&str, SaidOrOff); 8] = [
    ("`timeout`", |body| body.words.timeout.as_ref().map(|said| (said.span, said.value.is_off()))),
    ("`retry`", |body| body.words.retry.as_ref().map(|said| (said.span, said.value.is_off()))),
    ("`breaker`", |body| {
        let said = body.words.resilience.as_ref()?.breaker.as_ref()?;
        Some((said.span, said.value.is_off()))
    }),
    ("`cors`", |body| actions(body).and_then(|said| said.cors.as_ref()).map(|said| (said.span, said.value.is_off()))),
    ("`fault`", |body| actions(body).and_then(|said| said.fault.as_ref()).map(|said| (said.span, said.value.is_off()))),
    ("`tracing`", |body| telemetry(body)?.tracing.as_ref().map(|said| (said.span, said.value.is_off()))),
    ("`metrics`", |body| telemetry(body)?.metrics.as_ref().map(|said| (said.span, said.value.is_off()))),
    ("`canary`", |body| body.own.canary.as_ref().map(|said| (said.span, said.value.is_off()))),
];

fn telemetry(body: &Body) -> Option<&Telemetry> {
    body.words.telemetry.as_deref()
}

fn actions(body: &Body) -> Option<&Actions> {
    body.words.actions.as_deref()
}

/// One part said twice in one layer.
pub(super) fn said_twice(name: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&VALUE_SET_TWICE, format!("{name} is said twice in one layer"))
        .at(second, "said again here")
        .related(first, "said first here")
        .help("keep one of the two")
}
