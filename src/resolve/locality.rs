use super::laying::Laying;
use super::removals;
use crate::intent::{self, Switch};
use crate::ir::{Distribute, Failover, Locality};
use crate::source::{Decided, Spanned};
use crate::value::{self, Percent, Region};
use smol_str::ToSmolStr;

/// Lays `locality` over the weaker ones: of one kind line by line, and another kind takes the place of all.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut Option<Box<Locality>>, said: &Spanned<Switch<intent::Locality>>) {
    let before = laid.take();
    laying.check_first(before.as_ref().and_then(|before| kind_clash(before, &said.value)), said.span, "`locality`");
    let locality = match &said.value {
        Switch::Off => Locality::Off(laying.origin(said.span)),
        Switch::On(intent::Locality::Failover(lines, removals)) => {
            let mut failovers = match before.map(|before| *before) {
                Some(Locality::Failover(lines)) => lines,
                Some(Locality::Off(_) | Locality::Prefer(_) | Locality::Distribute(_)) | None => Vec::new(),
            };
            let added = lines.iter().map(|(from, _)| (from.value.to_smolstr(), &from.span));
            removals::lay(laying, (removals, "failover"), added, |name| {
                let at = failovers.iter().position(|line| line.from.to_smolstr() == name)?;
                Some(failovers.remove(at).to.origin)
            });
            for (from, to) in lines {
                failover(laying, &mut failovers, from, to);
            }
            Locality::Failover(failovers)
        }
        Switch::On(intent::Locality::Prefer(labels)) => {
            let mut slot = match before.map(|before| *before) {
                Some(Locality::Prefer(labels)) => Some(labels),
                Some(Locality::Off(_) | Locality::Failover(_) | Locality::Distribute(_)) | None => None,
            };
            laying.value(&mut slot, labels.value.clone(), labels.span, "`prefer`");
            slot.map_or_else(|| Locality::Off(laying.origin(said.span)), Locality::Prefer)
        }
        Switch::On(intent::Locality::Distribute(lines, removals)) => {
            let mut distributes = match before.map(|before| *before) {
                Some(Locality::Distribute(lines)) => lines,
                Some(Locality::Off(_) | Locality::Failover(_) | Locality::Prefer(_)) | None => Vec::new(),
            };
            let added = lines.iter().map(|line| (line.from.value.to_smolstr(), &line.from.span));
            removals::lay(laying, (removals, "distribute"), added, |name| {
                let at = distributes.iter().position(|line| line.from.to_smolstr() == name)?;
                Some(distributes.remove(at).shares.origin)
            });
            for line in lines {
                distribute(laying, &mut distributes, line);
            }
            Locality::Distribute(distributes)
        }
    };
    // After the last line is taken away nothing is said.
    *laid = Some(Box::new(locality)).filter(|locality| !locality.is_empty());
}

/// Where a weaker or equal block says another kind than this one.
fn kind_clash(before: &Locality, said: &Switch<intent::Locality>) -> Option<crate::source::Span> {
    let is_same = match (before, said) {
        (Locality::Failover(_), Switch::On(intent::Locality::Failover(..)))
        | (Locality::Prefer(_), Switch::On(intent::Locality::Prefer(_)))
        | (Locality::Distribute(_), Switch::On(intent::Locality::Distribute(..))) => true,
        (Locality::Off(_) | Locality::Failover(_) | Locality::Prefer(_) | Locality::Distribute(_), _) => false,
    };
    if is_same { None } else { before.origin().span }
}

fn failover(laying: &mut Laying<'_>, lines: &mut Vec<Failover>, from: &Spanned<Region>, to: &Spanned<Region>) {
    let at = lines.iter().position(|line| line.from == from.value);
    let mut slot = at.map(|at| lines.remove(at).to);
    laying.value(&mut slot, to.value.clone(), from.span.to(to.span), "`failover` of this region");
    lines.extend(slot.map(|to| Failover { from: from.value.clone(), to }));
    lines.sort_by(|one, other| one.from.cmp(&other.from));
}

fn distribute(laying: &mut Laying<'_>, lines: &mut Vec<Distribute>, said: &intent::Distribute) {
    let intent::Distribute { from, shares } = said;
    let at = lines.iter().position(|line| line.from == from.value);
    let mut slot: Option<Decided<Vec<(value::Locality, Percent)>>> = at.map(|at| lines.remove(at).shares);
    let mut said: Vec<_> = shares.iter().map(|(place, percent)| (place.value.clone(), percent.value)).collect();
    said.sort();
    laying.value(&mut slot, said, from.span, "`distribute` of this place");
    lines.extend(slot.map(|shares| Distribute { from: from.value.clone(), shares }));
    lines.sort_by(|one, other| one.from.cmp(&other.from));
}
