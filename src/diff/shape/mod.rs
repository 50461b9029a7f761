//! What the fields of kinds mean, as far as one thing can be written in several ways: see `shapes.txt`.

use crate::diff::Id;
use crate::verbatim::steps;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXT: &str = include_str!("shapes.txt");

/// What holds of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A list of texts whose order says nothing.
    Set,
    /// A list of maps whose order says nothing.
    Items,
    /// A list of maps that are told apart by the fields at these paths, with `+` between them.
    Key(&'static str),
    /// A list of which the first that matches counts.
    Routes,
    /// A list of destinations, whose weights are shares of their sum.
    Shares,
    /// A duration.
    Duration,
    /// The name of a host, of the object's namespace if it has no dot.
    Host,
    /// A number, also in quotes.
    Number,
    /// An empty map says nothing.
    Void,
    /// What holds if nothing is said.
    Is(&'static str),
    /// A value that is as good as none.
    Drop(&'static str),
    /// As good as not said where it says what this field beside it says.
    Same(&'static str),
    /// Nobody knows what its fields mean.
    Opaque,
    /// A server fills it in.
    Made,
    /// An amount as Kubernetes writes it.
    Quantity,
    /// One address, also as a range of one.
    Address,
    /// The address of an image, in a registry where it does not say where.
    Image,
    /// When an image is fetched, which its tag says as well.
    Fetched,
    /// The directions of a NetworkPolicy.
    PolicyTypes,
    /// The gateways of a VirtualService, of which `mesh` alone is as good as none.
    GatewayNames,
}

/// A field, and what is in it.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// What holds of it.
    pub(super) rules: Vec<Rule>,
    fields: Vec<(&'static str, usize)>,
    items: Option<usize>,
    values: Option<usize>,
}

struct Table {
    kinds: BTreeMap<(&'static str, &'static str), usize>,
    shapes: Vec<Shape>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXT));

impl Shape {
    /// The shape of an object; none for kinds of which nothing is said.
    pub(super) fn of(id: &Id) -> Option<&'static Shape> {
        Self::named(&id.group, &id.kind)
    }

    /// The shape of a kind, also of one that has no objects of its own.
    pub(super) fn named(group: &str, kind: &str) -> Option<&'static Shape> {
        let at = TABLE.kinds.get(&(group, kind))?;
        TABLE.shapes.get(*at)
    }

    /// The shape of the field under a key.
    pub(super) fn field(&self, key: &str) -> Option<&'static Shape> {
        let field = self.fields.iter().find(|(name, _)| *name == key).map(|(_, at)| *at);
        TABLE.shapes.get(field.or(self.values)?)
    }

    /// The fields of which something is said.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'static str, &'static Shape)> {
        self.fields.iter().filter_map(|(name, at)| Some((*name, TABLE.shapes.get(*at)?)))
    }

    /// The shape of the items of a list.
    pub(super) fn items(&self) -> Option<&'static Shape> {
        TABLE.shapes.get(self.items?)
    }

    /// The shape of what a JSON Pointer names.
    pub(super) fn at(&'static self, pointer: &str) -> Option<&'static Shape> {
        steps(pointer).try_fold(self, |shape, step| shape.items().or_else(|| shape.field(&step)))
    }

    /// Whether leaving it out says something of its own, so that nothing else says the same.
    pub(super) fn has_default(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Drop(_)))
    }

    /// Whether this holds of it.
    pub(super) fn has(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }

    /// The paths by which the items of a list are told apart.
    pub(super) fn key(&self) -> Option<&'static str> {
        self.rules.iter().find_map(|rule| if let Rule::Key(key) = rule { Some(*key) } else { None })
    }
}

type Lines = Vec<(&'static str, Vec<&'static str>)>;

impl Table {
    fn read(text: &'static str) -> Self {
        let (mut blocks, mut kinds) = (BTreeMap::<&str, Lines>::new(), Vec::<((&str, &str), Lines)>::new());
        let mut into: Option<&mut Lines> = None;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split(' ');
            match (words.next().unwrap_or_default(), words.collect::<Vec<_>>()) {
                ("block", name) => into = Some(blocks.entry(name.first().copied().unwrap_or_default()).or_default()),
                ("kind", names) => {
                    let group = names.first().map_or("", |group| group.trim_start_matches('.'));
                    kinds.push(((group, names.get(1).copied().unwrap_or_default()), Vec::new()));
                    into = kinds.last_mut().map(|(_, lines)| lines);
                }
                line => {
                    if let Some(lines) = &mut into {
                        lines.push(line);
                    }
                }
            }
        }
        let mut table = Table { kinds: BTreeMap::new(), shapes: Vec::new() };
        for (kind, lines) in kinds {
            let root = table.add();
            table.kinds.insert(kind, root);
            table.fill(root, &lines, &blocks);
        }
        table
    }

    fn add(&mut self) -> usize {
        self.shapes.push(Shape::default());
        self.shapes.len() - 1
    }

    fn fill(&mut self, root: usize, lines: &Lines, blocks: &BTreeMap<&str, Lines>) {
        for (path, rules) in lines {
            let at = self.walk(root, path);
            for rule in rules {
                match rule.strip_prefix('@') {
                    Some(block) => self.fill(at, blocks.get(block).unwrap_or(&Vec::new()), blocks),
                    None => {
                        if let Some(shape) = self.shapes.get_mut(at) {
                            shape.rules.extend(Rule::read(rule));
                        }
                    }
                }
            }
        }
    }

    /// The shape at a path, which is added where it is not there yet.
    fn walk(&mut self, root: usize, path: &'static str) -> usize {
        let mut at = root;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let name = step.strip_suffix("[]").unwrap_or(step);
            at = self.step(at, if name == "*" { Step::Values } else { Step::Field(name) });
            if name.len() < step.len() {
                at = self.step(at, Step::Items);
            }
        }
        at
    }

    fn step(&mut self, at: usize, step: Step) -> usize {
        let known = self.shapes.get(at).and_then(|shape| match step {
            Step::Field(name) => shape.fields.iter().find(|(field, _)| *field == name).map(|(_, at)| *at),
            Step::Items => shape.items,
            Step::Values => shape.values,
        });
        known.unwrap_or_else(|| {
            let next = self.add();
            if let Some(shape) = self.shapes.get_mut(at) {
                match step {
                    Step::Field(name) => shape.fields.push((name, next)),
                    Step::Items => shape.items = Some(next),
                    Step::Values => shape.values = Some(next),
                }
            }
            next
        })
    }
}

#[derive(Clone, Copy)]
enum Step {
    Field(&'static str),
    Items,
    Values,
}

impl Rule {
    fn read(text: &'static str) -> Option<Self> {
        Some(match text.split_once('=') {
            Some(("key", paths)) => Rule::Key(paths),
            Some(("is", value)) => Rule::Is(value),
            Some(("drop", value)) => Rule::Drop(value),
            Some(("same", field)) => Rule::Same(field),
            Some(_) => return None,
            None => match text {
                "set" => Rule::Set,
                "items" => Rule::Items,
                "routes" => Rule::Routes,
                "shares" => Rule::Shares,
                "duration" => Rule::Duration,
                "host" => Rule::Host,
                "number" => Rule::Number,
                "void" => Rule::Void,
                "made" => Rule::Made,
                "quantity" => Rule::Quantity,
                "address" => Rule::Address,
                "image" => Rule::Image,
                "fetched" => Rule::Fetched,
                "opaque" => Rule::Opaque,
                "policy-types" => Rule::PolicyTypes,
                "gateway-names" => Rule::GatewayNames,
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Shape, TEXT};
    use crate::diff::Id;

    #[test]
    fn every_line_is_understood() {
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split(' ');
            if matches!(words.next(), Some("block" | "kind")) {
                continue;
            }
            for word in words {
                let block = word.strip_prefix('@').map(|name| format!("block {name}"));
                let is_known =
                    block.map_or_else(|| Rule::read(word).is_some(), |block| TEXT.lines().any(|line| line == block));
                assert!(is_known, "{line}");
            }
        }
    }

    #[test]
    fn blocks_hold_at_every_place_that_names_them() {
        let id = Id {
            namespace: None,
            kind: "DestinationRule".into(),
            name: "x".into(),
            group: "networking.istio.io".into(),
        };
        let spec = Shape::of(&id).unwrap().field("spec").unwrap();
        let of_ports =
            |policy: &Shape| policy.field("portLevelSettings").unwrap().items().unwrap().field("tls").unwrap();
        let of_subsets = spec.field("subsets").unwrap().items().unwrap().field("trafficPolicy").unwrap();
        for policy in [spec.field("trafficPolicy").unwrap(), of_subsets] {
            assert_eq!(of_ports(policy).field("mode").unwrap().rules, [Rule::Is("DISABLE")]);
        }
    }
}
