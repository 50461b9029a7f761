use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Mesh, ServiceId};
use crate::source::Origin;
use std::collections::BTreeSet;

/// Shared with names and layers, where it is declared too.
pub(super) static CODE: Code = code!("cycle", Error, "things that build on each other in a circle");

/// A service that is asked itself asks somebody, who asks somebody: nobody may answer first.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for (id, service) in mesh.services() {
        for ask in &service.asks {
            let asked = mesh.authorizer(ask.authorizer).service.value;
            if asks_back(mesh, asked, id) {
                found.push(fault(mesh, (id, asked), ask.origin));
            }
        }
    }
}

/// Whether asking `first` means that `last` is asked in turn.
fn asks_back(mesh: &Mesh, first: ServiceId, last: ServiceId) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([first]), vec![first]);
    while let Some(next) = open.pop() {
        if next == last {
            return true;
        }
        let asked = mesh.service(next).asks.iter().map(|ask| mesh.authorizer(ask.authorizer).service.value);
        open.extend(asked.filter(|id| seen.insert(*id)));
    }
    false
}

fn fault(mesh: &Mesh, (asking, asked): (ServiceId, ServiceId), origin: Origin) -> Diagnostic {
    let (asking_name, asked_name) = (&mesh.service(asking).name, &mesh.service(asked).name);
    let title = match asking == asked {
        true => format!("`{asking_name}` asks itself"),
        false => format!("`{asking_name}` asks `{asked_name}`, which asks it"),
    };
    Diagnostic::new(&CODE, title)
        .at_known(origin.span, "this closes the circle")
        .note("the proxy of a service asks before it lets anything in, the question of another proxy too: the two would wait for each other")
        .help("let the authorizer itself be guarded by `allow` alone")
}
