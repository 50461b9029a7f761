//! Two graphs as one: what comes, what goes, what stays, and what of it is otherwise than before.

use super::model::{Edge, Fate, Graph, Node, NodeId, Relation, Row, Section, Standing};
use std::collections::BTreeMap;

/// What the page of a node says first, where it changes.
const CHANGES: &str = "What changes";

impl Graph {
    /// The later of two graphs of one environment, with what goes from the earlier one.
    pub fn joined(before: &Graph, after: &Graph) -> Self {
        let mut joined = after.clone();
        let old = before.by_name();
        for node in &mut joined.nodes {
            let name = (node.kind, after.full_name(node));
            match old.get(&name).and_then(|id| before.nodes.get(id.0)) {
                Some(was) => change(was, node),
                None => node.fate = Fate::New,
            }
        }
        let new = after.by_name();
        // Where each node of the earlier graph is in the joined one.
        let mut places: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for (id, node) in before.nodes() {
            let name = (node.kind, before.full_name(node));
            let place = new.get(&name).copied().unwrap_or_else(|| joined.add_gone(before, node));
            places.insert(id, place);
        }
        join_edges(before, &mut joined, &places);
        joined.sort_homes();
        joined
    }

    fn by_name(&self) -> BTreeMap<(super::Kind, String), NodeId> {
        self.nodes().map(|(id, node)| ((node.kind, self.full_name(node)), id)).collect()
    }

    fn add_gone(&mut self, before: &Graph, node: &Node) -> NodeId {
        let mut gone = Node { fate: Fate::Gone, ..node.clone() };
        if let Some(home) = before.homes.get(node.home) {
            gone.home = self.homes.iter().position(|own| own == home).unwrap_or_else(|| {
                self.homes.push(home.clone());
                self.homes.len() - 1
            });
        }
        self.nodes.push(gone);
        NodeId(self.nodes.len() - 1)
    }
}

/// What tells an edge from all others.
type Key = (NodeId, NodeId, Relation, Standing);

const fn key(edge: &Edge) -> Key {
    (edge.from, edge.to, edge.relation, edge.standing)
}

fn join_edges(before: &Graph, joined: &mut Graph, places: &BTreeMap<NodeId, NodeId>) {
    let moved = before.edges.iter().filter_map(|edge| {
        let (from, to) = (*places.get(&edge.from)?, *places.get(&edge.to)?);
        Some(Edge { from, to, ..edge.clone() })
    });
    let mut old: BTreeMap<Key, Edge> = moved.map(|edge| (key(&edge), edge)).collect();
    for edge in &mut joined.edges {
        edge.fate = match old.remove(&key(edge)) {
            None => Fate::New,
            Some(was) if was.how == edge.how && was.share == edge.share => Fate::Same,
            Some(was) => {
                let said = was.label();
                edge.how.push(format!("was: {}", if said.is_empty() { "anyhow" } else { &said }));
                Fate::Changed
            }
        };
    }
    joined.edges.extend(old.into_values().map(|edge| Edge { fate: Fate::Gone, ..edge }));
    joined.edges.sort_by_key(key);
}

/// Says of a node that stays what is said of it otherwise than before.
fn change(was: &Node, node: &mut Node) {
    let (old, new) = (said(&was.sections), said(&node.sections));
    let mut rows: Vec<Row> = Vec::new();
    for ((title, word), (values, row)) in &new {
        match old.get(&(*title, *word)) {
            None => rows.push(Row { value: format!("+ {}", values.join("; ")), ..(*row).clone() }),
            Some((before, _)) if before == values => {}
            Some((before, _)) => {
                let value = format!("{} \u{2192} {}", before.join("; "), values.join("; "));
                rows.push(Row { value, ..(*row).clone() });
            }
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.contains_key(name));
    rows.extend(
        gone.map(|(_, (values, row))| Row { value: format!("\u{2212} {}", values.join("; ")), ..(*row).clone() }),
    );
    if rows.is_empty() && was.versions == node.versions {
        return;
    }
    node.fate = Fate::Changed;
    if !rows.is_empty() {
        node.sections.insert(0, Section { title: CHANGES, rows });
    }
}

/// What sections say, by their title and the word that it is about.
fn said(sections: &[Section]) -> BTreeMap<(&'static str, &str), (Vec<&str>, &Row)> {
    let mut said: BTreeMap<(&str, &str), (Vec<&str>, &Row)> = BTreeMap::new();
    for section in sections {
        for row in &section.rows {
            said.entry((section.title, &row.word)).or_insert_with(|| (Vec::new(), row)).0.push(&row.value);
        }
    }
    said
}
