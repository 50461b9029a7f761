use super::Closing;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Switch, TargetNode};
use crate::ir::Mirror;
use crate::resolve::fit;
use crate::resolve::layers::Level;
use crate::resolve::laying::{Laying, each_body};
use crate::resolve::removals::Removals;
use crate::source::{Decided, Layer, Origin};
use crate::value::Fraction;
use smol_str::{SmolStr, ToSmolStr};

/// What the layers said of the copies for one target so far.
#[derive(Clone)]
pub(in crate::resolve) struct Laid<'i> {
    key: SmolStr,
    layer: Layer,
    target: &'i TargetNode,
    percent: Option<Decided<Fraction>>,
}

/// Lays the mirrors that a layer of a service says over the weaker ones.
pub(in crate::resolve) fn lay<'i>(level: &Level<'i>, into: &mut Vec<Laid<'i>>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "mirror", |removal| Some(removal.key.value.clone()));
    removals.take(|key| remove(into, key));
    for mirror in level.bodies.iter().flat_map(|body| &body.own.mirrors) {
        check_added(&mut removals, mirror, found);
    }
    removals.finish(found);
    each_body(level, found, |laying, body| body.own.mirrors.iter().for_each(|mirror| add(laying, into, mirror)));
}

/// The mirrors of a route: those of its service, and over them what its own nodes say.
pub(super) fn of_route<'i>(
    of_service: &[Laid<'i>],
    pieces: &[(Layer, &'i intent::Route)],
    found: &mut Diagnostics,
) -> Vec<Laid<'i>> {
    let mut mirrors = of_service.to_vec();
    for (layer, node) in pieces {
        let mut removals = Removals::among(node.removals.iter(), "mirror", |removal| Some(removal.key.value.clone()));
        removals.take(|key| remove(&mut mirrors, key));
        for mirror in &node.mirrors {
            check_added(&mut removals, mirror, found);
            add(&mut Laying::alone(*layer, found), &mut mirrors, mirror);
        }
        removals.finish(found);
    }
    mirrors
}

fn remove(from: &mut Vec<Laid<'_>>, key: &SmolStr) -> bool {
    let before = from.len();
    from.retain(|laid| laid.key != *key);
    from.len() < before
}

fn check_added(removals: &mut Removals<'_, SmolStr>, mirror: &intent::Mirror, found: &mut Diagnostics) {
    if let Switch::On(target) = &mirror.target {
        let key = target.name.value.to_smolstr();
        removals.check_added(&key, &format_args!("mirror {key}"), target.name.span, found);
    }
}

fn add<'i>(laying: &mut Laying<'_>, into: &mut Vec<Laid<'i>>, mirror: &'i intent::Mirror) {
    let intent::Mirror { target, percent, span: _ } = mirror;
    let target = match target {
        Switch::Off => {
            into.clear();
            return;
        }
        Switch::On(target) => target,
    };
    let key = target.name.value.to_smolstr();
    let at = into.iter().position(|laid| laid.key == key);
    let weaker = at.map(|at| into.remove(at));
    laying.check_first(weaker.as_ref().map(|weaker| weaker.target.name.span), target.name.span, "this mirror");
    let mut laid = Laid { key, layer: laying.layer, target, percent: weaker.and_then(|weaker| weaker.percent) };
    laying.part(&mut laid.percent, percent, "`percent`");
    into.push(laid);
}

impl Closing<'_, '_> {
    /// Closes the mirrors of the service or of one of its routes.
    pub(super) fn mirrors(&self, laid: &[Laid<'_>], found: &mut Diagnostics) -> Vec<Mirror> {
        let mut laid: Vec<&Laid<'_>> = laid.iter().collect();
        laid.sort_by(|a, b| a.key.cmp(&b.key));
        laid.into_iter().filter_map(|laid| self.mirror(laid, found)).collect()
    }

    fn mirror(&self, laid: &Laid<'_>, found: &mut Diagnostics) -> Option<Mirror> {
        let Laid { key: _, layer, target, percent } = laid;
        if self.service.http_ports().next().is_none() {
            fit::refuse_requests("mirror", Origin::new(*layer, target.name.span), found);
            return None;
        }
        let target = self.target(*layer, target, found)?;
        let share = percent.clone().unwrap_or_else(|| Decided::built_in(Fraction::ALL));
        Some(Mirror { target, share })
    }
}
