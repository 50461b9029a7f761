use super::body::Body;
use super::decode::Decoder;
use super::grammar::{MANY, Place, Repeats, Word};
use super::scope::Scope;
use super::{
    Accept, Environment, External, Gateway, Group, Guard, Ignore, Issuer, Mesh, Namespace, Platform, Profile, Raw,
    RawText, Service, Template, Workload,
};
use super::{
    environment, external, gateway, group, guard, ignore, issuer, mesh, namespace, overlay, platform, profile, raw,
    service, template,
};
use crate::diagnostic::Diagnostics;
use crate::source::{Span, Spanned};
use crate::syntax::{Document, Node};
use smol_str::SmolStr;
use std::rc::Rc;
use thin_vec::ThinVec;

/// A row of a node outside all blocks.
const fn row(name: &'static str, shape: &'static str, block: Place, meaning: &'static str) -> Word {
    let (arguments, properties) = ((1, 1), &["namespace"]);
    Word {
        name,
        places: &[Place::Top],
        shape,
        arguments,
        properties,
        block: Some(block),
        repeats: Repeats::Many,
        meaning,
    }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        properties: &["language"],
        repeats: Repeats::Once,
        ..row(
            "mesh",
            "NAME language=1 { }",
            Place::Mesh,
            "The mesh: its target, its domains and the defaults of all services.",
        )
    },
    Word {
        properties: &["extends"],
        ..row(
            "environment",
            "NAME extends=NAME { }",
            Place::Environment,
            "A target of compilation, with its variables.",
        )
    },
    Word {
        properties: &["manage"],
        ..row(
            "namespace",
            "NAME manage=all|contents|nothing { }",
            Place::Namespace,
            "A namespace, and defaults of its services.",
        )
    },
    Word { properties: &[], ..row("profile", "NAME { }", Place::Profile, "A named bundle of defaults, for `use`.") },
    Word {
        properties: &[],
        ..row("group", "NAME { member PEER+ }", Place::Group, "Callers under one name: `group:NAME` is each of them.")
    },
    Word {
        properties: &[],
        arguments: (0, MANY),
        ..row(
            "platform",
            "NAMESPACE* { allow; deny }",
            Place::Platform,
            "Grants that any layer may take away, and denials that none may, in these namespaces or in all.",
        )
    },
    row(
        "service",
        "NAME namespace=NAME { }",
        Place::Service,
        "Something that can be called: identity, traffic and access.",
    ),
    row("workload", "NAME namespace=NAME { }", Place::Workload, "Something that only calls, such as a job."),
    Word {
        properties: &[],
        ..row("issuer", "NAME { }", Place::Issuer, "Who signs tokens, how they are verified and where they are found.")
    },
    Word {
        properties: &["namespace", "kind"],
        ..row(
            "gateway",
            "NAME namespace=NAME kind=ingress|egress { }",
            Place::Gateway,
            "A way in from outside, with ports, hosts and certificates; or the way out of the externals that go through it.",
        )
    },
    row(
        "external",
        "NAME namespace=NAME { }",
        Place::External,
        "Something outside of the mesh that is called; without a namespace it is the whole mesh's.",
    ),
    Word {
        properties: &["for", "severity"],
        ..row(
            "guard",
            "NAME for=mesh|namespace|service|workload|gateway|external severity=error|warning { when CEL; require CEL; message TEXT }",
            Place::Guard,
            "A rule of the house: what must be true of each service, namespace or whatever it is for; unsaid, of the mesh.",
        )
    },
    Word {
        arguments: (2, MANY),
        properties: &["owner", "reason", "until"],
        block: None,
        ..row(
            "ignore",
            "\"KIND/NAMESPACE/NAME\" POINTER+ owner=NAME reason=TEXT until=DATE",
            Place::Top,
            "Fields of an object that another controller writes.",
        )
    },
    Word {
        properties: &["of", "reason", "until"],
        block: None,
        ..row(
            "accept",
            "CLASS of=NAME|\"KIND/NAMESPACE/NAME\" reason=TEXT until=DATE",
            Place::Top,
            "A class of changes whose risk is known, and taken until a day.",
        )
    },
];

/// What one or more files say; most say one thing, so a list that is empty takes one word.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// `mesh`.
    pub meshes: ThinVec<Mesh>,
    /// `environment`.
    pub environments: ThinVec<Environment>,
    /// `namespace`.
    pub namespaces: ThinVec<Namespace>,
    /// `profile`.
    pub profiles: ThinVec<Profile>,
    /// `group`.
    pub groups: ThinVec<Group>,
    /// `platform`.
    pub platforms: ThinVec<Platform>,
    /// `service` and `workload`.
    pub members: Members,
    /// `gateway`.
    pub gateways: ThinVec<Gateway>,
    /// `issuer`.
    pub issuers: ThinVec<Issuer>,
    /// `external`.
    pub externals: ThinVec<External>,
    /// `template`.
    pub templates: Vec<Template>,
    /// `raw`.
    pub raws: Vec<Raw>,
    /// `guard`.
    pub guards: ThinVec<Guard>,
    /// `ignore`.
    pub ignores: ThinVec<Ignore>,
    /// `accept`.
    pub accepts: ThinVec<Accept>,
    /// Every name of an environment that `in` uses at top level.
    pub named_environments: ThinVec<Spanned<SmolStr>>,
}

/// The services and workloads of one or more files. They are most of a workspace, and who closes them gives each back as
/// soon as nothing is to be read of it any more.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// `service`.
    pub services: ThinVec<Rc<Service>>,
    /// `workload`.
    pub workloads: ThinVec<Rc<Workload>>,
}

impl Members {
    /// Both.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Service>> {
        self.services.iter().chain(&self.workloads)
    }

    /// Them, for someone who gives each back when he is done with it; they stay here too if they are kept.
    #[must_use]
    pub fn lend(&mut self, keeps: bool) -> Members {
        if keeps { self.clone() } else { std::mem::take(self) }
    }

    /// Adds those of `other`, which keeps none.
    pub fn append(&mut self, other: &mut Members) {
        self.services.append(&mut other.services);
        self.workloads.append(&mut other.workloads);
    }
}

impl Intent {
    /// Whether some block besides those of its members asks for the objects of a template, or takes a demand for them
    /// away.
    pub fn asks_for_templates(&self) -> bool {
        let bodies = self.namespaces.iter().map(|node| &node.body);
        let bodies = bodies.chain(self.gateways.iter().map(|node| &node.body));
        let bodies = bodies.chain(self.externals.iter().map(|node| &node.body));
        let bodies = bodies.chain(self.profiles.iter().map(|node| &node.body));
        let mut bodies = bodies.chain(self.meshes.iter().map(|node| &node.body));
        bodies.any(Body::asks_for_templates)
    }

    /// Adds what another file says.
    pub fn append(&mut self, mut other: Intent) {
        self.meshes.append(&mut other.meshes);
        self.environments.append(&mut other.environments);
        self.namespaces.append(&mut other.namespaces);
        self.profiles.append(&mut other.profiles);
        self.groups.append(&mut other.groups);
        self.platforms.append(&mut other.platforms);
        self.members.append(&mut other.members);
        self.gateways.append(&mut other.gateways);
        self.issuers.append(&mut other.issuers);
        self.externals.append(&mut other.externals);
        self.templates.append(&mut other.templates);
        self.raws.append(&mut other.raws);
        self.guards.append(&mut other.guards);
        self.ignores.append(&mut other.ignores);
        self.accepts.append(&mut other.accepts);
        self.named_environments.append(&mut other.named_environments);
    }

    /// The files of the workspace that it names, each with a place where it does.
    pub fn named_files(&self) -> impl Iterator<Item = (&str, Span)> {
        let raws = self.raws.iter().filter_map(|raw| match &raw.said {
            RawText::File(path) => Some(path),
            RawText::Here(_) => None,
        });
        let files = raws.chain(self.templates.iter().map(|template| &template.file));
        files.map(|path| (path.value.text().as_str(), path.span))
    }
}

/// Reads a document for one environment. With `is_for_one_environment`, blocks for others are left out: a file that
/// inserts variables is read once for each environment, all others once for all.
pub fn decode(document: &Document<'_>, scope: &Scope, is_for_one_environment: bool, found: &mut Diagnostics) -> Intent {
    let mut intent = Intent::default();
    let mut decoder = Decoder { scope, is_for_one_environment, text: document.text, found };
    decoder.each(&document.nodes, Place::Top, |decoder, word, node| take(decoder, &mut intent, word, node));
    intent
}

/// Reads what must be known before anything else: the environments, and the variables of `mesh`.
/// Their faults are found again when the document is read as a whole.
pub fn survey(document: &Document<'_>, found: &mut Diagnostics) -> Intent {
    let scope = Scope { lacks_variables: true, ..Scope::default() };
    let mut decoder = Decoder { scope: &scope, is_for_one_environment: true, text: document.text, found };
    let mut intent = Intent::default();
    let wanted = document.nodes.iter().filter(|node| matches!(node.name.value.as_ref(), "environment" | "mesh"));
    decoder.each(wanted, Place::Top, |decoder, word, node| take(decoder, &mut intent, word, node));
    intent
}

fn take(decoder: &mut Decoder<'_>, intent: &mut Intent, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "mesh" => intent.meshes.extend(mesh::decode(decoder, node)),
        "environment" => intent.environments.extend(environment::decode(decoder, node)),
        "namespace" => intent.namespaces.extend(namespace::decode(decoder, node)),
        "profile" => intent.profiles.extend(profile::decode(decoder, node)),
        "group" => intent.groups.extend(group::decode(decoder, node)),
        "platform" => intent.platforms.push(platform::decode(decoder, node)),
        "service" => intent.members.services.extend(service::decode(decoder, node, Place::Service).map(Rc::new)),
        "workload" => intent.members.workloads.extend(service::decode(decoder, node, Place::Workload).map(Rc::new)),
        "gateway" => intent.gateways.extend(gateway::decode(decoder, node)),
        "issuer" => intent.issuers.extend(issuer::decode(decoder, node)),
        "ignore" => intent.ignores.extend(ignore::decode(decoder, node)),
        "accept" => intent.accepts.extend(ignore::decode_accept(decoder, node)),
        "guard" => intent.guards.extend(guard::decode(decoder, node)),
        "external" => intent.externals.extend(external::decode(decoder, node)),
        "template" => intent.templates.extend(template::decode(decoder, node)),
        "raw" => intent.raws.extend(raw::decode(decoder, node)),
        _ => only_in(decoder, intent, node),
    }
}

/// `in ENV { }` at top level: whole nodes that exist only there.
fn only_in(decoder: &mut Decoder<'_>, intent: &mut Intent, node: &Node<'_>) {
    let names = overlay::names(decoder, node);
    intent.named_environments.extend(names.iter().cloned());
    if !overlay::is_read(decoder, &names) {
        return;
    }
    let mut inner = Intent::default();
    decoder.children(node, Place::Top, |decoder, word, child| match word.name {
        "mesh" | "environment" | "in" => decoder.found.push(
            crate::diagnostic::Diagnostic::new(
                &super::codes::MISPLACED_NODE,
                format!("`{}` may not stand in `in`", word.name),
            )
            .at(child.name.span, "it exists for every environment")
            .help("write it outside of `in`"),
        ),
        _ => take(decoder, &mut inner, word, child),
    });
    inner.namespaces.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.profiles.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.groups.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.platforms.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    let Members { services, workloads } = &mut inner.members;
    let members = services.iter_mut().chain(workloads).filter_map(Rc::get_mut);
    members.for_each(|found| found.only_in.clone_from(&names));
    inner.gateways.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.issuers.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.externals.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.templates.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.raws.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.guards.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.ignores.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    inner.accepts.iter_mut().for_each(|found| found.only_in.clone_from(&names));
    intent.append(inner);
}
