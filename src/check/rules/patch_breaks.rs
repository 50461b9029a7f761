use crate::check::Subject;
use crate::check::carried::of_patch;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Patch;
use crate::verbatim::{Lack, Node, lacks, merge};
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("patch-breaks", Error, "a patch that leaves an object that is refused");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut patched: BTreeMap<usize, (Node, &Patch)> = BTreeMap::new();
    for patch in &subject.mesh.patches {
        let [_, meant] = of_patch(subject, patch);
        if let [(at, made)] = meant.as_slice() {
            let (body, last) = patched.entry(*at).or_insert_with(|| (made.body.clone(), patch));
            merge(body, &patch.body, patch.kind);
            *last = patch;
        }
    }
    for (body, patch) in patched.values() {
        found.extend(lacks(body, patch.kind).iter().map(|lack| fault(lack, patch)));
    }
}

fn fault(Lack { path, what, span: _ }: &Lack, patch: &Patch) -> Diagnostic {
    Diagnostic::new(&CODE, format!("the patch leaves `{path}` without {what}"))
        .at_known(patch.origin.span, "takes it away, or adds what lacks it")
        .note("the API server or istiod refuses the object without it, and nothing that is applied with it gets there")
        .help("say it in the patch, or do not take it away")
}
