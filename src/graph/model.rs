use crate::source::Span;

/// What is drawn of one environment.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The name of the mesh.
    pub mesh: String,
    /// The environment.
    pub environment: String,
    /// The boxes, from the top to the bottom as far as that is known.
    pub homes: Vec<Home>,
    /// The nodes, those of a box beside each other.
    pub nodes: Vec<Node>,
    /// What leads from one to another.
    pub edges: Vec<Edge>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A box that holds nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The namespace; of what is outside, that.
    pub name: String,
    /// What it holds.
    pub kind: HomeKind,
}

/// What a box holds, from the top of a picture to its bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HomeKind {
    /// Ways in.
    Ingress,
    /// Services and what calls them.
    Services,
    /// Ways out.
    Egress,
    /// What is not in the mesh.
    Outside,
}

/// A node, by its place in [`Graph::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// Something that calls or is called.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its box, by its place in [`Graph::homes`].
    pub home: usize,
    /// What it is.
    pub kind: Kind,
    /// What is said below its name: a port, a host.
    pub note: String,
    /// Its versions with their shares of the requests that no route decides.
    pub versions: Vec<VersionShare>,
    /// What intent says of it.
    pub sections: Vec<Section>,
    /// Where it is declared.
    pub place: String,
    /// What became of it.
    pub fate: Fate,
}

/// What becomes of something between two graphs that are drawn as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is as it was; of a graph that stands alone, everything.
    #[default]
    Same,
    /// It comes.
    New,
    /// It is otherwise than before.
    Changed,
    /// It goes.
    Gone,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A gateway for what comes in.
    Ingress,
    /// A service.
    Service,
    /// A workload.
    Workload,
    /// A gateway for what goes out.
    Egress,
    /// An external.
    External,
}

/// A version and what it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionShare {
    /// Its name.
    pub name: String,
    /// Its share of the requests that no route decides, in percent.
    pub percent: u8,
    /// Whether it is the one that is tried out.
    pub is_candidate: bool,
}

/// What leads from one node to another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Who sends.
    pub from: NodeId,
    /// Who gets it.
    pub to: NodeId,
    /// What it is.
    pub relation: Relation,
    /// Whether it passes.
    pub standing: Standing,
    /// In which way, a text for each of several.
    pub how: Vec<String>,
    /// The share of a split or mirror, in percent.
    pub share: Option<String>,
    /// The line of intent; empty where there is none.
    pub place: String,
    /// What became of it.
    pub fate: Fate,
}

/// What an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// A call.
    Call,
    /// A door in a gateway.
    Door,
    /// A route of the first sends requests for it to the second.
    Route,
    /// The second gets copies.
    Mirror,
}

/// Whether what an edge stands for passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It does.
    Open,
    /// It would, and nobody calls.
    Unused,
    /// A denial names it.
    Denied,
    /// It is called, and refused.
    Refused,
    /// An earlier route takes all of it.
    Shadowed,
}

/// A part of a node's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub title: &'static str,
    /// What is said.
    pub rows: Vec<Row>,
}

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about: a word of intent.
    pub word: String,
    /// What holds.
    pub value: String,
    /// `file:line:column`; empty for what is built in.
    pub place: String,
    /// The line of intent as it is written; empty for what is built in.
    pub line: String,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: &'static str,
    /// How grave it is, in a word.
    pub level: &'static str,
    /// Whether it stops something: an error, or a high risk.
    pub is_error: bool,
    /// It on one line.
    pub title: String,
    /// Where it is; empty if in no file.
    pub place: String,
}

/// The places that findings of a kind are about, by which edges are known that do not pass.
#[derive(Debug, Default)]
pub(super) struct Marked(pub(super) Vec<Span>);

impl Graph {
    /// The node of this id.
    #[allow(clippy::indexing_slicing, reason = "an id is made from a place in the list that it points into")]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Every node with its id.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// Puts ways in first, what is outside last, and namespaces between them by name.
    pub(super) fn sort_homes(&mut self) {
        let homes = std::mem::take(&mut self.homes);
        let mut order: Vec<usize> = (0..homes.len()).collect();
        order.sort_by_key(|at| homes.get(*at).map(|home| (home.kind, home.name.clone())));
        for node in &mut self.nodes {
            node.home = order.iter().position(|at| *at == node.home).unwrap_or(0);
        }
        self.homes = order.iter().filter_map(|at| homes.get(*at).cloned()).collect();
    }

    /// The nodes of a box.
    pub fn of_home(&self, home: usize) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes().filter(move |(_, node)| node.home == home)
    }

    /// The name of a node with that of its box, which is no other's of its kind.
    pub fn full_name(&self, node: &Node) -> String {
        let home = self.homes.get(node.home).map_or("", |home| home.name.as_str());
        format!("{}.{home}", node.name)
    }
}

impl Fate {
    /// How it is called; empty for what stays.
    pub const fn word(self) -> &'static str {
        match self {
            Fate::Same => "",
            Fate::New => "new",
            Fate::Changed => "changed",
            Fate::Gone => "gone",
        }
    }

    /// Its sign before a name, so that colour is never the only one.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Fate::Same => "",
            Fate::New => "+ ",
            Fate::Changed => "~ ",
            Fate::Gone => "\u{2212} ",
        }
    }
}

impl Kind {
    /// How it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Ingress => "gateway",
            Kind::Service => "service",
            Kind::Workload => "workload",
            Kind::Egress => "egress gateway",
            Kind::External => "external",
        }
    }

    /// The box it stands in.
    pub(super) const fn home(self) -> HomeKind {
        match self {
            Kind::Ingress => HomeKind::Ingress,
            Kind::Service | Kind::Workload => HomeKind::Services,
            Kind::Egress => HomeKind::Egress,
            Kind::External => HomeKind::Outside,
        }
    }
}

impl Standing {
    /// How it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Open => "allowed",
            Standing::Unused => "allowed, not called",
            Standing::Denied => "denied",
            Standing::Refused => "refused",
            Standing::Shadowed => "shadowed",
        }
    }
}

impl Relation {
    /// How it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Relation::Call => "calls",
            Relation::Door => "exposes",
            Relation::Route => "routes to",
            Relation::Mirror => "mirrors to",
        }
    }
}

impl Edge {
    /// What it says in words: what became of it, how, then what share.
    pub fn label(&self) -> String {
        let share = self.share.iter().map(|share| format!("{share} %"));
        let standing = (self.standing != Standing::Open).then(|| self.standing.word().to_owned());
        let fate = (self.fate != Fate::Same).then(|| self.fate.word().to_owned());
        let all: Vec<String> = fate.into_iter().chain(standing).chain(self.how.iter().cloned()).chain(share).collect();
        all.join("; ")
    }
}

impl Marked {
    pub(super) fn has(&self, span: Option<Span>) -> bool {
        span.is_some_and(|span| self.0.contains(&span))
    }
}
