//! Holds what pages say against the policy: who owns a namespace or a host, who may use which door.
//!
//! In: intent, the mesh that it became, a [`Policy`], and in which file each thing was said. Out: diagnostics. A node is
//! judged by the folder of the page in which it is written, wherever its name is used.

mod hosts;
mod limits;
mod namespaces;
mod rights;
mod verbatim;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::intent::Intent;
use crate::ir::Mesh;
use crate::policy::{Policy, Team};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// Every code of this folder.
pub static CODES: &[&Code] =
    &[&namespaces::NOT_OWNED, &hosts::NOT_OWNED, &rights::NOT_PERMITTED, &limits::TOO_MANY, &crate::policy::BAD_POLICY];

/// A policy and the paths of pages, below the root of the workspace.
pub struct Ground<'g> {
    /// The policy.
    pub policy: &'g Policy,
    /// The files of the workspace; no other is judged.
    pub paths: &'g BTreeMap<FileId, String>,
}

/// Judges one environment; without a mesh, where it could not be closed, what pages alone tell.
pub fn govern(ground: &Ground<'_>, intents: &[&Intent], mesh: Option<&Mesh>, found: &mut Diagnostics) {
    namespaces::check(ground, intents, found);
    rights::check(ground, intents, found);
    limits::check(ground, intents, found);
    if let Some(mesh) = mesh {
        namespaces::check_objects(ground, mesh, found);
        rights::check_patches(ground, mesh, found);
        hosts::check(ground, mesh, found);
        verbatim::check(ground, mesh, found);
    }
}

/// Who wrote something.
enum Writer<'g> {
    /// The compiler's own library.
    Library,
    /// A page in the folder of this team.
    Team(&'g Team),
    /// A page in nobody's folder.
    Nobody,
}

impl Ground<'_> {
    fn writer(&self, at: Span) -> Writer<'_> {
        match self.paths.get(&at.file) {
            None => Writer::Library,
            Some(path) => self.policy.team_of(path).map_or(Writer::Nobody, Writer::Team),
        }
    }
}

impl Writer<'_> {
    /// As the subject of a sentence.
    fn told(&self) -> String {
        match self {
            Writer::Library => "the library".to_owned(),
            Writer::Team(team) => format!("team `{}`", team.name),
            Writer::Nobody => "a page outside of every team's folder".to_owned(),
        }
    }
}

/// Why a page cannot help itself.
fn noted(fault: Diagnostic) -> Diagnostic {
    fault.note("the policy says who owns what; it lies outside of the workspace, so that no page widens its own rights")
}

/// Who does own it, as the fact at a place.
fn of(owner: Option<&Team>) -> String {
    owner.map_or("no team owns it".to_owned(), |team| format!("it is of team `{}`", team.name))
}
