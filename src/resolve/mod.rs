//! Closes intent into the mesh of one environment: layers are laid over each other, names become what they name.
//!
//! Input is the intent of all files, the standard library and the [`Scope`] of the environment; output is an
//! [`ir::Mesh`], or nothing where there is no `mesh` node. It judges no meaning: that is `check`'s.

mod access;
mod actions;
mod apart;
mod authorize;
mod authorizer;
mod balance;
mod breaker;
mod calls;
mod canary;
mod carried;
mod codes;
mod connection;
mod cors;
mod data_plane;
mod environments;
mod exposed_port;
mod exposure;
mod external;
mod extra;
mod fault;
mod faults;
mod fit;
mod gateway;
mod groups;
mod guards;
mod headers;
mod index;
mod issuer;
mod layers;
mod laying;
mod listener;
mod locality;
mod members;
mod mesh;
mod metrics;
mod namespace;
mod order;
mod outside_port;
mod patch;
mod peers;
mod ports;
mod profiles;
mod provider;
mod proxy;
mod rate_limit;
mod removals;
mod repeats;
mod request;
mod resilience;
mod retry;
mod route;
mod service;
mod settings;
mod telemetry;
mod token;
mod versions;
mod waived;
mod words;
mod workload;

pub use codes::CODES;
pub use environments::{scopes, unused_variables};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{Intent, Members, Mesh, Scope};
use crate::ir;
use crate::source::Attached;
use index::Index;
use layers::Chain;

/// Resolves `intents`, and the services and workloads of the same files, for the environment of `scope`, with the
/// profiles of `library` as `std:NAME`. Objects that are written in files of their own stand in `attached`.
pub fn resolve(
    (intents, members): (&[&Intent], Members),
    library: &Intent,
    scope: &Scope,
    attached: &Attached<'_>,
    found: &mut Diagnostics,
) -> Option<ir::Mesh> {
    environments::check_names(intents, &members, scope, found);
    let declared = the_mesh(intents, found)?;
    let (mut index, mut numbered) = Index::build(intents, &members, library, scope, found);
    drop(members);
    profiles::check(&index, found);
    let settings = settings::resolve(declared, scope, found);
    index.add_collectives(&settings, found);
    let chain = Chain::of_mesh(&index, declared, scope, found);
    let carried = carried::resolve(intents, (&index, &settings), scope, attached, found);
    let mut mesh = mesh::resolve(&index, &mut numbered, declared, (settings, &chain), found);
    if !index.templates.is_empty() && numbered.asks_for_templates {
        mesh.extras = extra::resolve(&index, &numbered, &chain, found);
    }
    mesh.patches = patch::resolve(declared, (&index, &numbered.services), scope, found);
    mesh.carried = carried;
    index.report_undeclared(found);
    Some(mesh)
}

fn the_mesh<'i>(intents: &[&'i Intent], found: &mut Diagnostics) -> Option<&'i Mesh> {
    let mut all = intents.iter().flat_map(|intent| &intent.meshes);
    let Some(first) = all.next() else {
        found.push(
            Diagnostic::new(&codes::NO_MESH, "no `mesh` node in this workspace")
                .note("`mesh` says the target and the defaults of all services, so nothing can be compiled without it")
                .help("write `mesh shop language=1 { target istio \"1.30\" }` in `mesh.kdl`"),
        );
        return None;
    };
    for other in all {
        found.push(laying::said_twice("`mesh`", other.name.span, first.name.span));
    }
    Some(first)
}
