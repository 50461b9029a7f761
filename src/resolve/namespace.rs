use super::index::DeclaredNamespace;
use super::layers::overlays;
use super::laying::{Laying, said_twice};
use super::{apart, removals, words};
use crate::diagnostic::Diagnostics;
use crate::intent::{Body, Manage, Metadata, Pairs, Removal, Said, Scope};
use crate::ir::{Managed, Namespace, Telemetry};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Labels or annotations by key: each is a part of its own.
type Laid = BTreeMap<SmolStr, Decided<SmolStr>>;

/// Closes one namespace; `laid` is what its layers say.
pub(super) fn resolve(
    declared: &DeclaredNamespace<'_>,
    (laid, telemetry): (&words::Laid, Telemetry),
    scope: &Scope,
    found: &mut Diagnostics,
) -> Namespace {
    let (mut labels, mut annotations) = (Laid::new(), Laid::new());
    let mut lay = |layer: Layer, said: &[(Span, &Metadata)], found: &mut Diagnostics| {
        let spans: Vec<Span> = said.iter().map(|(span, _)| *span).collect();
        let apart = apart::of_metadata(said);
        apart::tell(&apart, found);
        for (at, (_, said)) in said.iter().enumerate() {
            let beside = Laying::beside(layer, spans.get(..at).unwrap_or(&[]), found);
            let mut laying = Laying { apart: &apart, ..beside };
            lay_pairs(&mut laying, &mut labels, (&said.labels, &said.removals), "label");
            lay_pairs(&mut laying, &mut annotations, (&said.annotations, &said.removals), "annotation");
        }
    };
    let pieces: Vec<_> = declared.pieces.iter().map(|piece| (piece.body.span, &piece.metadata)).collect();
    lay(Layer::Namespace, &pieces, found);
    let bodies: Vec<&Body> = declared.pieces.iter().map(|piece| &piece.body).collect();
    for level in overlays(scope, &bodies) {
        let level: Vec<_> = level.iter().map(|overlay| (overlay.body.span, &overlay.metadata)).collect();
        lay(Layer::NamespaceOverlay, &level, found);
    }
    let first = declared.pieces.first();
    Namespace {
        name: declared.name.clone(),
        origin: first.map_or(Origin::BUILT_IN, |piece| Origin::new(Layer::Namespace, piece.name.span)),
        managed: managed(declared, found),
        labels: labels.into_iter().collect(),
        annotations: annotations.into_iter().collect(),
        data_plane: laid.data_plane.clone(),
        mtls: laid.mtls.clone(),
        egress: laid.egress.clone(),
        telemetry,
        proxy: (*laid.proxy).clone(),
        defaults: Box::new(laid.defaults()),
        network_policy: laid.network_policy.value,
        network_waiver: laid.network_waiver.clone(),
    }
}

fn lay_pairs(laying: &mut Laying<'_>, laid: &mut Laid, (said, removals): (&[Spanned<Pairs>], &[Removal]), word: &str) {
    let pairs = || said.iter().flat_map(|node| node.value.iter().map(|(key, value)| (key, value, &node.span)));
    let added = pairs().map(|(key, _, span)| (key.clone(), span));
    removals::lay(laying, (removals, word), added, |key| laid.remove(key).map(|value| value.origin));
    for (key, value, span) in pairs() {
        let mut slot = laid.remove(key);
        laying.value(&mut slot, value.clone(), *span, &format!("{word} `{key}`"));
        laid.extend(slot.map(|slot| (key.clone(), slot)));
    }
}

fn managed(declared: &DeclaredNamespace<'_>, found: &mut Diagnostics) -> Decided<Managed> {
    let mut said: Said<Manage> = None;
    for manage in declared.pieces.iter().filter_map(|piece| piece.manage.as_ref()) {
        match &said {
            Some(first) => found.push(said_twice("`manage`", manage.span, first.span)),
            None => said = Some(manage.clone()),
        }
    }
    let Some(said) = said else { return Decided::built_in(Managed::All) };
    let managed = match said.value {
        Manage::All => Managed::All,
        Manage::Contents => Managed::Contents,
        Manage::Nothing => Managed::Nothing,
    };
    Decided::new(managed, Origin::new(Layer::Namespace, said.span))
}
