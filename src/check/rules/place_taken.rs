use crate::check::Subject;
use crate::check::carried::{labels, texts};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Account, Carried, Labels, Mesh, NamespaceId};
use crate::source::{Origin, Span};
use crate::verbatim::Node;
use smol_str::SmolStr;
use std::fmt::Display;

pub(super) static CODE: Code =
    code!("place-taken", Error, "an object of one's own in the place of what a page declares");

/// What has pods of its own.
struct Member<'m> {
    name: &'m str,
    selector: &'m Labels,
    account: &'m Account,
    origin: Origin,
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for object in &mesh.carried {
        match object.kind.name {
            "ServiceEntry" => entry(mesh, object, found),
            "Service" => found.extend(service(mesh, object)),
            "Deployment" => found.extend(pods(mesh, object, POD)),
            "WorkloadEntry" => found.extend(pods(mesh, object, ENTRY)),
            "WorkloadGroup" => found.extend(pods(mesh, object, GROUP)),
            _ => {}
        }
    }
}

/// A `ServiceEntry` with the host of a service.
fn entry(mesh: &Mesh, object: &Carried, found: &mut Diagnostics) {
    for (host, span) in texts(&object.body, "spec.hosts") {
        let is_host =
            |name: &str, home: &dyn Display| host == format!("{name}.{home}.svc.{}", mesh.cluster_domain.value);
        let taken = mesh.services.iter().find(|one| is_host(&one.name, mesh.namespace_name(one.namespace)));
        let Some(service) = taken else { continue };
        let fault = Diagnostic::new(&CODE, format!("a ServiceEntry takes the host of `{}`", service.name))
            .at_known(span.or(object.origin.span), "is the service's own")
            .note("a ServiceEntry of that name hides the service: its rules, its identity and its mutual TLS")
            .help("call it by another host, or bring its addresses in by a WorkloadEntry with the labels of its pods");
        found.push(with(fault, service.origin.span));
    }
}

/// A Service of the name of one that is declared, which has to lead to its pods.
fn service(mesh: &Mesh, object: &Carried) -> Option<Diagnostic> {
    let mut of_home = mesh.services.iter().filter(|one| Some(one.namespace) == object.namespace);
    let service = of_home.find(|one| one.name == object.name.value)?;
    let selects = labels(&object.body, "spec.selector");
    let (fact, span) = if holds(&selects, &service.selector.value) {
        ("leads elsewhere", elsewhere(object)?.span())
    } else {
        ("does not select its pods by their labels", object.body.path("spec.selector").and_then(Node::span))
    };
    let listed: Vec<String> = service.selector.value.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let fault = Diagnostic::new(&CODE, format!("a Service takes the place of `{}`", service.name))
        .at_known(span.or(object.origin.span), fact)
        .note("callers reach by this name what the Service says, and the rules of the page hold for other pods")
        .help(format!("select the pods of the page, `selector: {{{}}}`, and no address besides", listed.join(", ")));
    Some(with(fault, service.origin.span))
}

/// Where a Service says that it leads to something else than pods.
fn elsewhere(object: &Carried) -> Option<&Node> {
    let spec = object.body.get("spec")?;
    let is_name = |node: &&Node| node.text().is_some_and(|kind| kind == "ExternalName");
    spec.get("type").filter(is_name).or(spec.get("externalName")).or(spec.get("externalIPs"))
}

/// Where an object says the labels and the account of pods.
type Paths = (&'static str, &'static str);

const POD: Paths = ("spec.template.metadata.labels", "spec.template.spec.serviceAccountName");
const ENTRY: Paths = ("spec.labels", "spec.serviceAccount");
const GROUP: Paths = ("spec.metadata.labels", "spec.template.serviceAccount");

/// Pods with the labels of one member and the account of another, or of none.
fn pods(mesh: &Mesh, object: &Carried, (at_labels, at_account): Paths) -> Option<Diagnostic> {
    let (said, account) = (labels(&object.body, at_labels), object.body.path(at_account));
    let name = account.and_then(Node::text).map_or("default", SmolStr::as_str);
    let members = members(mesh, object.namespace?);
    let is_of = |member: &&Member<'_>| holds(&said, member.selector);
    let runs_under = |member: &&Member<'_>| member.account.name.value == name;
    let span = account.and_then(Node::span).or(object.origin.span);
    let kind = object.kind.name;
    if let Some(member) = members.iter().find(|member| is_of(member) && !runs_under(member)) {
        let fault = Diagnostic::new(&CODE, format!("a {kind} takes the place of `{}`", member.name))
            .at_known(span, format!("runs under `{name}`, with the labels of its pods"))
            .note("its calls and those of its callers would reach pods that are somebody else to the mesh")
            .help(format!("let it run under `{}`, or give it other labels", member.account.name.value));
        return Some(with(fault, member.origin.span));
    }
    if members.iter().any(|member| runs_under(&member) && is_of(&member)) {
        return None;
    }
    let member = members.iter().find(runs_under)?;
    let fault = Diagnostic::new(&CODE, format!("a {kind} runs under the account of `{}`", member.name))
        .at_known(span, "has not the labels of its pods")
        .note(
            "whoever lets that one in lets these pods in as well: an identity is made of the namespace and the account",
        )
        .help("give it an account of its own, and declare it by `workload` if it calls anything");
    Some(with(fault, member.origin.span))
}

fn members(mesh: &Mesh, home: NamespaceId) -> Vec<Member<'_>> {
    let services = mesh.services.iter().filter(|one| one.namespace == home).map(|one| Member {
        name: &one.name,
        selector: &one.selector.value,
        account: &one.account,
        origin: one.origin,
    });
    let workloads = mesh.workloads.iter().filter(|one| one.namespace == home).map(|one| Member {
        name: &one.name,
        selector: &one.selector.value,
        account: &one.account,
        origin: one.origin,
    });
    let gateways = mesh.gateways.iter().filter(|one| one.namespace == home).map(|one| Member {
        name: &one.name,
        selector: &one.selector.value,
        account: &one.account,
        origin: one.origin,
    });
    services.chain(workloads).chain(gateways).collect()
}

/// Whether labels are those of a selector, with more perhaps.
fn holds(labels: &[(&str, &str)], selector: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.contains(&(key.as_str(), value.as_str())))
}

fn with(fault: Diagnostic, span: Option<Span>) -> Diagnostic {
    match span {
        Some(span) => fault.related(span, "declared here"),
        None => fault,
    }
}
