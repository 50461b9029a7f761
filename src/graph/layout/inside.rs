use super::acyclic::acyclic;
use super::columns::columns;
use super::layers::layers;
use super::order::Layered;
use super::rows::Rows;
use super::size::{size, title_width};
use super::{Card, Point, Side};
use crate::graph::model::{Graph, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// The space inside of the border of a box, and above it for its name.
const PADDING: f64 = 18.0;
const HEADER: f64 = 30.0;
/// The space between nodes of a layer, and between layers.
const GAP: f64 = 22.0;
const LAYER_GAP: f64 = 52.0;
/// How much room a line takes that passes a layer.
const BEND: f64 = 4.0;

/// One box, laid out.
pub(super) struct Inside {
    pub(super) size: Point,
    pub(super) cards: Vec<(NodeId, Card)>,
    /// The way of what leads downwards from a node, layer by layer: one line, from which each of its edges turns off.
    down: Vec<Vec<(f64, f64, f64)>>,
    /// The same upwards to the border.
    up: Vec<Vec<(f64, f64, f64)>>,
    layer: Vec<usize>,
}

/// Lays the nodes of a box out in layers.
pub(super) fn lay_out(graph: &Graph, home: usize, rows: &Rows) -> Inside {
    let ids: Vec<NodeId> = graph.of_home(home).map(|(id, _)| id).collect();
    let own: BTreeMap<NodeId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let (mut edges, mut tops, mut bottoms) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for edge in &graph.edges {
        let (from, to) = (own.get(&edge.from), own.get(&edge.to));
        if let (Some(from), Some(to)) = (from, to) {
            edges.push((*from, *to));
            continue;
        }
        let (leaves, enters) = rows.sides(graph.node(edge.from).home, graph.node(edge.to).home);
        for (node, side) in [(from, leaves), (to, enters)] {
            if let Some(node) = node {
                _ = if side == Side::Top { tops.insert(*node) } else { bottoms.insert(*node) };
            }
        }
    }
    let edges = acyclic(ids.len(), &edges);
    let layer = layers(ids.len(), &edges, widest(ids.len()), &bottoms);
    let sizes: Vec<Point> = ids.iter().map(|id| size(graph.node(*id))).collect();
    let mut net = Net::of(&layer, &sizes);
    for &(from, to) in &edges {
        net.lead_down(from, layer[from], to, layer[to]);
    }
    for node in bottoms {
        net.lead_to_border(node, layer[node]);
    }
    for node in tops {
        net.lead_up(node, layer[node]);
    }
    net.finish(&ids, &sizes, layer, title_width(&graph.homes[home]))
}

/// How many nodes stand beside each other at most: as wide as a screen, and wider only for many.
fn widest(count: usize) -> usize {
    let mut root = 1;
    while root * root < count {
        root += 1;
    }
    (root * 3 / 2).max(6)
}

/// The nodes of a box with the places at which lines pass layers.
struct Net {
    layered: Layered,
    width: Vec<f64>,
    is_bend: Vec<bool>,
    /// The bends of each node's line downwards, layer by layer, and upwards.
    down: Vec<Vec<usize>>,
    up: Vec<Vec<usize>>,
}

impl Net {
    fn of(layer: &[usize], sizes: &[Point]) -> Self {
        let count = sizes.len();
        let deepest = layer.iter().max().map_or(0, |last| last + 1);
        let mut layers = vec![Vec::new(); deepest];
        layer.iter().enumerate().for_each(|(node, at)| layers[*at].push(node));
        Net {
            layered: Layered { layers, below: vec![Vec::new(); count], above: vec![Vec::new(); count] },
            width: sizes.iter().map(|size| f64::from(size.0)).collect(),
            is_bend: vec![false; count],
            down: vec![Vec::new(); count],
            up: vec![Vec::new(); count],
        }
    }

    fn bend(&mut self, layer: usize) -> usize {
        let node = self.width.len();
        self.layered.layers[layer].push(node);
        self.layered.below.push(Vec::new());
        self.layered.above.push(Vec::new());
        self.width.push(BEND);
        self.is_bend.push(true);
        node
    }

    fn link(&mut self, upper: usize, lower: usize) {
        if !self.layered.below[upper].contains(&lower) {
            self.layered.below[upper].push(lower);
            self.layered.above[lower].push(upper);
        }
    }

    /// Leads the line of `from` down to `to`.
    fn lead_down(&mut self, from: usize, layer: usize, to: usize, deeper: usize) {
        let last = self.reach(from, layer, deeper - 1);
        self.link(last, to);
    }

    fn lead_to_border(&mut self, from: usize, layer: usize) {
        self.reach(from, layer, self.layered.layers.len() - 1);
    }

    /// The last bend of the line of `from` in the layer `deepest`, down to which it is led.
    fn reach(&mut self, from: usize, layer: usize, deepest: usize) -> usize {
        while layer + self.down[from].len() < deepest {
            let bend = self.bend(layer + self.down[from].len() + 1);
            let last = self.down[from].last().copied().unwrap_or(from);
            self.link(last, bend);
            self.down[from].push(bend);
        }
        match deepest.checked_sub(layer + 1) {
            Some(at) => self.down[from][at],
            None => from,
        }
    }

    fn lead_up(&mut self, to: usize, layer: usize) {
        let mut last = to;
        for at in (0..layer).rev() {
            let bend = self.bend(at);
            self.link(bend, last);
            self.up[to].push(bend);
            last = bend;
        }
    }

    fn finish(mut self, ids: &[NodeId], sizes: &[Point], layer: Vec<usize>, least: i32) -> Inside {
        self.layered.order();
        let x = columns(&self.layered, &self.width, &self.is_bend, GAP);
        let left = (0..x.len()).map(|node| x[node] - self.width[node] / 2.0).fold(f64::INFINITY, f64::min);
        let right = (0..x.len()).map(|node| x[node] + self.width[node] / 2.0).fold(f64::NEG_INFINITY, f64::max);
        let spare = (f64::from(least) - (right - left) - 2.0 * PADDING).max(0.0) / 2.0;
        let shift = PADDING + spare - left;
        let mut tops = Vec::new();
        let mut y = HEADER + PADDING / 2.0;
        for nodes in &self.layered.layers {
            let of_cards = nodes.iter().filter_map(|node| sizes.get(*node));
            let height = of_cards.map(|size| f64::from(size.1)).fold(0.0, f64::max);
            tops.push((y, y + height));
            y += height + LAYER_GAP;
        }
        let bottom = y - LAYER_GAP + PADDING;
        let bends = |chain: &[usize], first: usize, is_down: bool| {
            let one = |(at, bend): (usize, &usize)| {
                let at = if is_down { first + 1 + at } else { first - 1 - at };
                (x[*bend] + shift, tops[at].0, tops[at].1)
            };
            chain.iter().enumerate().map(one).collect()
        };
        let down = (0..ids.len()).map(|node| bends(&self.down[node], layer[node], true)).collect();
        let up = (0..ids.len()).map(|node| bends(&self.up[node], layer[node], false)).collect();
        let card = |at: usize| {
            let corner = (whole(x[at] + shift) - sizes[at].0 / 2, whole(tops[layer[at]].0));
            Card { at: corner, size: sizes[at] }
        };
        let cards = ids.iter().enumerate().map(|(at, id)| (*id, card(at))).collect();
        Inside { size: (whole(right + shift + spare + PADDING), whole(bottom)), cards, down, up, layer }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a picture of 1,000 nodes is far from the end of the numbers")]
fn whole(place: f64) -> i32 {
    place.round() as i32
}

impl Inside {
    /// The way from one node to another.
    pub(super) fn path(&self, from: usize, to: usize) -> Vec<Point> {
        if from == to {
            return Vec::new();
        }
        // Where the edge was turned round, or both are in one layer, the line is that of the upper one.
        let is_down = self.layer[from] < self.layer[to];
        let (upper, lower) = if is_down { (from, to) } else { (to, from) };
        let passed = self.layer[lower].saturating_sub(self.layer[upper] + 1);
        let mut path = vec![self.end(upper, Side::Bottom)];
        path.extend(self.down[upper].iter().take(passed).flat_map(through));
        path.push(self.end(lower, Side::Top));
        if !is_down {
            path.reverse();
        }
        path
    }

    /// The way from a node to a border of the box.
    pub(super) fn way(&self, node: usize, side: Side) -> Vec<Point> {
        let mut path = vec![self.end(node, side)];
        match side {
            Side::Bottom => {
                path.extend(self.down[node].iter().flat_map(through));
                let x = path.last().map_or(0, |point| point.0);
                path.push((x, self.size.1));
            }
            Side::Top => {
                path.extend(self.up[node].iter().flat_map(|bend| through(bend).into_iter().rev()));
                let x = path.last().map_or(0, |point| point.0);
                path.push((x, 0));
            }
        }
        path
    }

    /// Where lines touch a node.
    fn end(&self, node: usize, side: Side) -> Point {
        let Card { at: (x, y), size: (width, height) } = self.cards[node].1;
        let y = if side == Side::Top { y } else { y + height };
        (x + width / 2, y)
    }
}

/// A line passes a layer straight.
fn through(bend: &(f64, f64, f64)) -> [Point; 2] {
    let (x, top, bottom) = *bend;
    [(whole(x), whole(top)), (whole(x), whole(bottom))]
}
