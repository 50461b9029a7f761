use super::context::Context;
use super::{faults, filters, shape};
use crate::diagnostic::Diagnostics;
use crate::ir::{Extra, Mesh};
use crate::source::{FileId, Span};
use crate::verbatim::Text;
use minijinja::{Environment, Error, ErrorKind, OutputSpan, OutputSpanKind, UndefinedBehavior, Value};
use std::collections::BTreeSet;

/// How much one template may do for one thing: a dashboard takes a hundredth of it. minijinja counts an instruction as
/// one, and 64 bytes of what is made too, so that it bounds the memory as well.
const FUEL: u64 = 200_000;
/// How much it does where nothing is said of it: ten dashboards.
const USUAL: u64 = 20_000;
/// For how many things of a workspace the templates may do more than that: else ten thousand that each stay just within
/// their own bound would take minutes.
const MORE: usize = 200;
/// Loops in loops in calls.
const RECURSION: usize = 50;

/// Fills templates.
pub(super) struct Engine<'m> {
    mesh: &'m Mesh,
    context: Context<'m>,
    /// For how many things more than usual may be done still.
    more: usize,
    /// Values of parameters that a template refused, so that each is told of once.
    refused: BTreeSet<Span>,
}

/// What came of a template for a thing.
pub(super) enum Filled {
    /// A text, each part of it with its place in the template.
    Text(Text),
    /// Nothing: the template is at fault, for whatever asks for it.
    Faulty,
    /// Nothing: what was asked for is at fault.
    Refused,
}

impl<'m> Engine<'m> {
    pub(super) fn new(mesh: &'m Mesh) -> Self {
        Engine { mesh, context: Context::of(mesh), more: MORE, refused: BTreeSet::new() }
    }

    /// Fills a template for a thing.
    pub(super) fn render(&mut self, (file, text): (FileId, &str), extra: &Extra, found: &mut Diagnostics) -> Filled {
        if let Err(fault) = shape::judge(file, text) {
            found.push(*fault);
            return Filled::Faulty;
        }
        let context = self.context.for_extra(extra, text.contains("mesh"));
        let mut filled = fill(text, &context, USUAL);
        if filled.as_ref().is_err_and(|error| error.kind() == ErrorKind::OutOfFuel) && self.more > 0 {
            self.more -= 1;
            filled = fill(text, &context, FUEL);
        }
        match filled {
            Ok((output, spans)) => {
                let pieces = spans.iter().map(|piece| {
                    let (made, said) = (piece.output_range(), piece.source_range());
                    (made, span(file, said.start, said.end), piece.kind() == OutputSpanKind::Raw)
                });
                let whole = span(file, 0, 0);
                Filled::Text(Text::of_pieces(output, whole, pieces))
            }
            Err(error) => {
                let place = place(file, text, &error);
                if let Some((name, said)) = param(extra, text, &error, place) {
                    if self.refused.insert(said) {
                        found.push(faults::refuses(&error, extra, (name, said), place));
                    }
                    return Filled::Refused;
                }
                let of = format!("`{}`", extra.thing.name(self.mesh));
                let fault = faults::stopped(&error, place, extra, &of);
                found.push(match error.kind() == ErrorKind::OutOfFuel && self.more == 0 {
                    true => fault.note(format!("for {MORE} things of this workspace templates do more than is usual, which is as many as may be")),
                    false => fault,
                });
                Filled::Faulty
            }
        }
    }
}

fn fill(text: &str, context: &Value, fuel: u64) -> Result<(String, Vec<OutputSpan>), Error> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(fuel));
    environment.set_recursion_limit(RECURSION);
    filters::add(&mut environment);
    let template = environment.template_from_named_str("template", text)?;
    template.render_with_spans(context.clone())
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, number(start), number(end))
}

/// Where a template stopped: the expression, else the line.
fn place(file: FileId, text: &str, error: &Error) -> Span {
    if let Some(range) = error.range() {
        return span(file, range.start, range.end.min(text.len()));
    }
    let line = error.line().unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| start + at);
    span(file, start, end)
}

/// The parameter whose value a filter refused, with the place where it is said: the last that the expression names.
fn param<'e>(extra: &'e Extra, text: &str, error: &Error, place: Span) -> Option<(&'e str, Span)> {
    if error.kind() != ErrorKind::InvalidOperation {
        return None;
    }
    let before = text.get(..place.end as usize)?;
    let begun = before.rfind("{{").max(before.rfind("{%"))?;
    let (_, named) = before.get(begun..)?.rsplit_once("params.")?;
    let end = named.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(named.len());
    let (name, value) = extra.params.iter().find(|(name, _)| named.get(..end) == Some(name.as_str()))?;
    Some((name, value.span()?))
}
