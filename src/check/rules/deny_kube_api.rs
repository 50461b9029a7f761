use crate::check::Subject;
use crate::check::access::without;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Peer;

pub(super) static CODE: Code = code!("deny-kube-api", Error, "a denial of the API server, which nothing tells apart");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for denial in subject.mesh.services.iter().flat_map(|service| &service.denials) {
        let named = denial.callers.iter().enumerate().filter(|(_, caller)| caller.peer == Peer::KubeApi);
        for (at, caller) in named {
            let fault = Diagnostic::new(&CODE, "`kube-api` cannot be denied")
                .at(caller.span, "has no identity that a rule could name")
                .note("the API server calls without a certificate of the mesh: a DENY rule for such callers would deny everybody without one");
            found.push(match without(denial, at) {
                Some(rest) => fault.fix("take it out: it is refused unless an `allow` lets it in", rest, ""),
                None => fault.help("take this denial out: the API server is refused unless an `allow` lets it in"),
            });
        }
    }
}
