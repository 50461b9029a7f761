use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Managed, Mesh, Namespace};

pub(super) static CODE: Code = code!("reserved-namespace", Error, "a namespace that is not ours to write");

/// Folders of the output that are no namespace.
const FOLDERS: [&str; 2] = ["mesh", "control-plane"];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let written = subject.mesh.namespaces.iter().filter(|namespace| namespace.managed.value != Managed::Nothing);
    found_each(subject.mesh, written, found);
}

fn found_each<'m>(mesh: &Mesh, written: impl Iterator<Item = &'m Namespace>, found: &mut Diagnostics) {
    for namespace in written {
        let name = namespace.name.as_str();
        if FOLDERS.contains(&name) {
            found.push(
                Diagnostic::new(&CODE, format!("a namespace cannot be named `{name}`"))
                    .at_known(namespace.origin.span, "a folder of this name has a meaning of its own")
                    .note("what is compiled stands in a folder for each namespace, beside `mesh` and `control-plane`")
                    .help("give the namespace another name"),
            );
        } else if name.starts_with("kube-") {
            found.push(not_ours(namespace, "Kubernetes keeps names that begin with `kube-` for itself, and a closed default there can stop the cluster"));
        } else if name == mesh.root_namespace.value.text() {
            found.push(not_ours(
                namespace,
                "what stands in the root namespace holds for the whole mesh, and the control plane runs there",
            ));
        }
    }
}

fn not_ours(namespace: &Namespace, why: &str) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("`{}` is not ours to write", namespace.name))
        .at_known(namespace.origin.span, "a namespace of the system")
        .note(why);
    let action = "declare its name alone";
    match (namespace.managed.span(), namespace.origin.span) {
        (Some(said), _) => fault.fix(action, said, "nothing"),
        (None, Some(name)) => fault.fix(action, name.end(), " manage=nothing"),
        (None, None) => fault,
    }
}
