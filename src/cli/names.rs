//! Things of a mesh by the names that people give on the command line.

use super::exit::Refusal;
use crate::diagnostic::render::summary;
use crate::diagnostic::{and_list, nearest};
use crate::intent::{Peer, Reference};
use crate::ir::{self, GatewayId, IssuerId, Mesh, NamespaceId, ServiceId};
use crate::pipeline::Workspace;
use crate::query::Who;
use smol_str::SmolStr;
use std::net::IpAddr;

/// A caller, with its address where the name is one.
pub(super) struct Asked {
    pub(super) who: Who,
    pub(super) address: Option<IpAddr>,
}

/// The meshes of a workspace, with their environments.
pub(super) fn meshes(read: &Workspace) -> Result<Vec<(&str, &Mesh)>, Refusal> {
    let all = read.environments.iter().filter_map(|(name, mesh)| Some((name.as_str(), mesh.as_ref()?)));
    let meshes: Vec<(&str, &Mesh)> = all.collect();
    match meshes.is_empty() {
        true => Err(Refusal::new(format!("nothing is known while the workspace has {}", summary(&read.found)))
            .help("see what is wrong: mesh check")),
        false => Ok(meshes),
    }
}

/// Who a caller is.
pub(super) fn caller(mesh: &Mesh, text: &str) -> Result<Asked, Refusal> {
    let plain = |who| Ok(Asked { who, address: None });
    if text == "internet" {
        return plain(Who::Outside(None));
    }
    let peer = Peer::parse(text)
        .map_err(|mismatch| Refusal::new(format!("expected {}, found `{text}`", mismatch.expected)).help(KINDS))?;
    match peer {
        Peer::Reference(reference) => plain(member(mesh, &reference)?),
        Peer::Namespace(name) => plain(Who::Namespace(namespace(mesh, name.text())?)),
        Peer::Gateway(name) => plain(Who::Outside(Some(gateway(mesh, name.text())?))),
        Peer::Address(range) => Ok(Asked { who: Who::Stranger, address: Some(range.address()) }),
        Peer::Anyone => plain(Who::Stranger),
        Peer::Group(_) | Peer::SameNamespace | Peer::AnyoneInMesh | Peer::Monitoring | Peer::KubeApi => {
            Err(Refusal::new(format!("`{text}` stands for several callers, and a question is about one")).help(KINDS))
        }
    }
}

const KINDS: &str = "name a service, a workload, namespace:NAME, gateway:NAME, internet, anyone or cidr:ADDRESS";

/// A service or a workload.
pub(super) fn member(mesh: &Mesh, reference: &Reference) -> Result<Who, Refusal> {
    let fits = |name: &SmolStr, id: NamespaceId| is_named(mesh, reference, name, id);
    let services = mesh.services().filter(|(_, it)| fits(&it.name, it.namespace)).map(|(id, _)| Who::Service(id));
    let workloads = mesh.workloads().filter(|(_, it)| fits(&it.name, it.namespace)).map(|(id, _)| Who::Workload(id));
    let found: Vec<Who> = services.chain(workloads).collect();
    let names = mesh.services.iter().map(|it| it.name.as_str()).chain(mesh.workloads.iter().map(|it| it.name.as_str()));
    one(&found, |who| who.name(mesh), ("service or workload", &reference.to_string()), names)
}

/// A service.
pub(super) fn service(mesh: &Mesh, text: &str) -> Result<ServiceId, Refusal> {
    let names = mesh.services.iter().map(|it| it.name.as_str());
    let Ok(Peer::Reference(reference)) = Peer::parse(text) else {
        return one(&[], |_: ServiceId| SmolStr::default(), ("service", text), names);
    };
    let fits = mesh.services().filter(|(_, it)| is_named(mesh, &reference, &it.name, it.namespace));
    let found: Vec<ServiceId> = fits.map(|(id, _)| id).collect();
    let fits = |outside: &&ir::External| outside.name == *reference.name.text();
    if let (true, Some(outside)) = (found.is_empty(), mesh.externals.iter().find(fits)) {
        return Err(Refusal::new(format!(
            "`{text}` is an external, and what is outside of the mesh answers for itself"
        ))
        .help(format!("see whom it is for, and by which way it is reached: mesh explain {}", outside.name)));
    }
    one(&found, |id| Who::Service(id).name(mesh), ("service", text), names)
}

fn is_named(mesh: &Mesh, reference: &Reference, name: &SmolStr, id: NamespaceId) -> bool {
    reference.name.text() == name
        && reference.namespace.as_ref().is_none_or(|own| own.text() == mesh.namespace_name(id))
}

fn namespace(mesh: &Mesh, name: &str) -> Result<NamespaceId, Refusal> {
    let found: Vec<NamespaceId> = mesh.namespaces().filter(|(_, it)| it.name == name).map(|(id, _)| id).collect();
    let names = mesh.namespaces.iter().map(|it| it.name.as_str());
    one(&found, |id| mesh.namespace_name(id).clone(), ("namespace", name), names)
}

fn gateway(mesh: &Mesh, name: &str) -> Result<GatewayId, Refusal> {
    let found: Vec<GatewayId> = mesh.gateways().filter(|(_, it)| it.name == name).map(|(id, _)| id).collect();
    let names = mesh.gateways.iter().map(|it| it.name.as_str());
    one(&found, |id| mesh.gateway(id).name.clone(), ("gateway", name), names)
}

/// An issuer of tokens.
pub(super) fn issuer(mesh: &Mesh, name: &str) -> Result<IssuerId, Refusal> {
    let found: Vec<IssuerId> = mesh.issuers().filter(|(_, it)| it.name == name).map(|(id, _)| id).collect();
    one(&found, |id| mesh.issuer(id).name.clone(), ("issuer", name), mesh.issuers.iter().map(|it| it.name.as_str()))
}

/// The one that was meant.
fn one<'n, T: Copy>(
    found: &[T],
    full: impl Fn(T) -> SmolStr,
    (kind, text): (&str, &str),
    names: impl Iterator<Item = &'n str>,
) -> Result<T, Refusal> {
    match found {
        [one] => Ok(*one),
        [] => {
            let refusal = Refusal::new(format!("no {kind} is named `{text}`"));
            let name = text.split('.').next().unwrap_or(text);
            let names: Vec<&str> = names.collect();
            Err(match nearest(name, names.iter().copied()) {
                Some(near) if near != name => refusal.help(format!("did you mean `{near}`?")),
                // No picture shows issuers.
                Some(_) | None if kind == "issuer" && names.is_empty() => refusal.help("the pages declare no issuer"),
                Some(_) | None if kind == "issuer" => {
                    refusal.help(format!("declared: {}", and_list(names.iter().copied())))
                }
                Some(_) | None => refusal.help("see them all: mesh graph"),
            })
        }
        several => {
            let all: Vec<String> = several.iter().map(|it| full(*it).to_string()).collect();
            Err(Refusal::new(format!("`{text}` names {}", all.len())).help(format!("say which: {}", all.join(" or "))))
        }
    }
}
