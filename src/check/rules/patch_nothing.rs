use crate::check::Subject;
use crate::check::carried::of_patch;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::ir::Patch;
use crate::verbatim::{self, Made, Need, Node, Unmet};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("patch-nothing", Error, "a patch that finds nothing, or changes nothing");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut patched: BTreeMap<usize, Node> = BTreeMap::new();
    for patch in &subject.mesh.patches {
        let own = || subject.made.iter().filter(|made| made.owner == patch.owner);
        let [of_kind, meant] = of_patch(subject, patch);
        match meant.as_slice() {
            [(at, made)] => {
                let body = patched.entry(*at).or_insert_with(|| made.body.clone());
                let unmet = verbatim::merge(body, &patch.body, patch.kind);
                found.extend(unmet.iter().map(|unmet| fault(patch, unmet)));
            }
            [] if of_kind.is_empty() => found.push(no_object(patch, own())),
            _ => found.push(which(patch, of_kind.iter().map(|(_, made)| &made.name))),
        }
    }
}

fn no_object<'m>(patch: &Patch, made: impl Iterator<Item = &'m Made>) -> Diagnostic {
    let mut kinds: Vec<&str> = made.map(|made| made.kind.1.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let listed: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
    let fault = Diagnostic::new(&CODE, format!("this node makes no `{}`", patch.kind.name))
        .at_known(patch.origin.span, "there is nothing to merge this into")
        .note("an object is made where a word of the node needs one: without routes, timeouts and the like there is no VirtualService");
    match listed.is_empty() {
        true => fault.help("write the whole object: `raw`"),
        false => fault.help(format!("it makes {}; write any other object whole: `raw`", listed.join(", "))),
    }
}

/// Several objects of a kind, of which the patch names none, or one that is not there.
fn which<'m>(patch: &Patch, names: impl Iterator<Item = &'m SmolStr>) -> Diagnostic {
    let names: Vec<&str> = names.map(SmolStr::as_str).collect();
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let kind = patch.kind.name;
    match &patch.name {
        Some(name) => {
            let fault = Diagnostic::new(&CODE, format!("no {kind} of this node is named `{}`", name.value))
                .at(name.span, "nothing has this name");
            match nearest(&name.value, names.iter().copied()) {
                Some(near) => fault.fix(format!("did you mean `{near}`?"), name.span, format!("\"{near}\"")),
                None => fault.help(format!("it makes {}", listed.join(", "))),
            }
        }
        None => Diagnostic::new(&CODE, format!("this node makes several objects of kind `{kind}`"))
            .at_known(patch.origin.span, "which of them is meant?")
            .help(format!("name one by `name=`: {}", listed.join(", "))),
    }
}

fn fault(patch: &Patch, Unmet { span, path, need }: &Unmet) -> Diagnostic {
    let at = span.or(patch.origin.span);
    match need {
        Need::Field => Diagnostic::new(&CODE, format!("there is no `{path}` to take away"))
            .at_known(at, "not in the object")
            .help("take this line out"),
        Need::Difference => Diagnostic::new(&CODE, format!("`{path}` is so without the patch"))
            .at_known(at, "changes nothing")
            .help("take this line out"),
        Need::Item(name, there) => {
            let listed: Vec<String> = there.iter().map(|name| format!("`{name}`")).collect();
            let fault = Diagnostic::new(&CODE, format!("`{path}` has no item `{name}`"))
                .at_known(at, "nothing to merge this into")
                .note("an item that is not there yet is not added to this list: its place among the others counts, or a word of the language adds it");
            match listed.is_empty() {
                true => fault.help("its items have no names: say it in the words of the language"),
                false => fault.help(format!("it has {}", listed.join(", "))),
            }
        }
    }
}
