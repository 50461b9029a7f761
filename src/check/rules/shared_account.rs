use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Account, Mesh, NamespaceId};
use crate::source::Origin;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("shared-account", Error, "an account under which several run unsaid");

/// How many of the others are shown.
const SHOWN: usize = 3;

/// Something that runs under an account.
struct Holder<'m> {
    name: &'m str,
    account: &'m Account,
    origin: Origin,
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for holders in by_account(subject.mesh).values().filter(|holders| holders.len() > 1) {
        let silent: Vec<&Holder<'_>> = holders.iter().filter(|holder| !holder.account.shared).collect();
        // Of those that do not say `shared`, the last that names the account: the default is a name of one's own.
        let Some(at) = silent.iter().rfind(|holder| holder.account.name.span().is_some()).or(silent.last()) else {
            continue;
        };
        found.push(fault(at, holders));
    }
}

fn by_account(mesh: &Mesh) -> BTreeMap<(NamespaceId, &str), Vec<Holder<'_>>> {
    let services =
        mesh.services.iter().map(|found| (found.namespace, found.name.as_str(), &found.account, found.origin));
    let workloads =
        mesh.workloads.iter().map(|found| (found.namespace, found.name.as_str(), &found.account, found.origin));
    let gateways =
        mesh.gateways.iter().map(|found| (found.namespace, found.name.as_str(), &found.account, found.origin));
    let mut holders: BTreeMap<_, Vec<Holder<'_>>> = BTreeMap::new();
    for (namespace, name, account, origin) in services.chain(workloads).chain(gateways) {
        holders.entry((namespace, account.name.value.as_str())).or_default().push(Holder { name, account, origin });
    }
    holders
}

fn fault(at: &Holder<'_>, holders: &[Holder<'_>]) -> Diagnostic {
    let others: Vec<&Holder<'_>> = holders.iter().filter(|holder| !std::ptr::eq(*holder, at)).collect();
    let account = &at.account.name.value;
    let title = match others.as_slice() {
        [other] => format!("`{}` and `{}` run under one account, `{account}`", other.name, at.name),
        several => format!("`{}` and {} others run under one account, `{account}`", at.name, several.len()),
    };
    let fact = "its pods have the same identity as those of the others";
    let fault = Diagnostic::new(&CODE, title)
        .at_known(at.account.name.span().or(at.origin.span), fact)
        .note("an identity is made of the namespace and the account: Istio cannot tell these pods apart, and who lets one in lets all in")
        .help("give each an account of its own, or say `shared=#true` on every one of them");
    let places = others.iter().filter_map(|other| Some((other.name, other.account.name.span().or(other.origin.span)?)));
    places.take(SHOWN).fold(fault, |fault, (name, span)| fault.related(span, format!("the account of `{name}`")))
}
