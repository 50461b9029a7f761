use super::index::DeclaredNamespace;
use super::laying::said_twice;
use super::words;
use crate::diagnostic::Diagnostics;
use crate::intent::{Manage, Said};
use crate::ir::{Labels, Managed, Namespace};
use crate::source::{Decided, Layer, Origin, Spanned};

/// Closes one namespace; `laid` is what its layers say.
pub(super) fn resolve(declared: &DeclaredNamespace<'_>, laid: &words::Laid, found: &mut Diagnostics) -> Namespace {
    let mut managed: Said<Manage> = None;
    let (mut labels, mut annotations) = (None, None);
    for piece in &declared.pieces {
        once(&mut managed, piece.manage.as_ref(), "`manage`", found);
        once(&mut labels, piece.labels.as_ref(), "`label`", found);
        once(&mut annotations, piece.annotations.as_ref(), "`annotation`", found);
    }
    let origin =
        declared.pieces.first().map_or(Origin::BUILT_IN, |piece| Origin::new(Layer::Namespace, piece.name.span));
    let own = |span| Origin::new(Layer::Namespace, span);
    let list = |said: Said<Labels>| {
        said.map_or_else(|| Decided::built_in(Vec::new()), |said| Decided::new(said.value, own(said.span)))
    };
    let manage = |said: Manage| match said {
        Manage::All => Managed::All,
        Manage::Contents => Managed::Contents,
        Manage::Nothing => Managed::Nothing,
    };
    let managed = managed
        .map_or_else(|| Decided::built_in(Managed::All), |said| Decided::new(manage(said.value), own(said.span)));
    Namespace {
        name: declared.name.clone(),
        origin,
        managed,
        labels: list(labels),
        annotations: list(annotations),
        mtls: laid.mtls.clone(),
        network_policy: laid.network_policy.value,
    }
}

fn once<T: Clone>(slot: &mut Said<T>, said: Option<&Spanned<T>>, name: &str, found: &mut Diagnostics) {
    match (&slot, said) {
        (Some(first), Some(second)) => found.push(said_twice(name, second.span, first.span)),
        (None, Some(said)) => *slot = Some(said.clone()),
        (Some(_) | None, None) => {}
    }
}
