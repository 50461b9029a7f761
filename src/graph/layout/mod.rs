//! Where things stand: nodes in layers inside of their boxes, boxes in rows.
//!
//! Every box is laid out for itself, so that one can be folded without moving what is in the others; what leaves a box
//! does so at a place of its border, and between boxes there are curves. The work is bounded: a fixed number of sweeps
//! over layers whose places are at most nodes times layers. The same graph gives the same picture.

#![allow(clippy::indexing_slicing, reason = "all numbers are places in lists that were made for them")]

mod acyclic;
mod columns;
mod inside;
mod layers;
mod order;
mod rows;
mod size;

use super::model::{Graph, NodeId};
pub use rows::{BOX_GAP, ROW_GAP};
pub use size::{CARD_HEIGHT, PILL_HEIGHT, card_text};
use std::collections::BTreeMap;

/// A point, in pixels.
pub type Point = (i32, i32);

/// A graph with places.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// The boxes, in the order of the graph's.
    pub boxes: Vec<PlacedBox>,
    /// The nodes, in the order of the graph's; in the coordinates of their box.
    pub cards: Vec<Card>,
    /// The edges, in the order of the graph's.
    pub lines: Vec<Line>,
}

/// A box with a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlacedBox {
    /// Its row, from the top.
    pub row: usize,
    /// Its corner.
    pub at: Point,
    /// Its width and height.
    pub size: Point,
}

/// A node with a place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Card {
    /// Its corner.
    pub at: Point,
    /// Its width and height, versions included.
    pub size: Point,
}

/// The way of an edge.
#[derive(Clone, Debug)]
pub enum Line {
    /// Inside of one box, in its coordinates.
    Inside(Vec<Point>),
    /// From one box to another.
    Between {
        /// From the node to the border of its box, in the coordinates of that.
        out: Vec<Point>,
        /// From the border of the other box to the node, in the coordinates of that.
        into: Vec<Point>,
    },
}

/// Gives every part of a graph its place.
pub fn layout(graph: &Graph) -> Picture {
    let rows = rows::rank(graph);
    let mut picture = Picture {
        cards: vec![Card::default(); graph.nodes.len()],
        boxes: vec![PlacedBox::default(); graph.homes.len()],
        ..Picture::default()
    };
    let insides: Vec<inside::Inside> = (0..graph.homes.len()).map(|home| inside::lay_out(graph, home, &rows)).collect();
    let mut own: BTreeMap<NodeId, (usize, usize)> = BTreeMap::new();
    for (home, inside) in insides.iter().enumerate() {
        picture.boxes[home].size = inside.size;
        for (at, (id, card)) in inside.cards.iter().enumerate() {
            picture.cards[id.0] = *card;
            own.insert(*id, (home, at));
        }
    }
    rows::place(&mut picture, &rows);
    for edge in &graph.edges {
        let (from, to) = (own[&edge.from], own[&edge.to]);
        let line = if from.0 == to.0 {
            Line::Inside(insides[from.0].path(from.1, to.1))
        } else {
            let (leaves, enters) = rows.sides(from.0, to.0);
            let into = insides[to.0].way(to.1, enters).into_iter().rev().collect();
            Line::Between { out: insides[from.0].way(from.1, leaves), into }
        };
        picture.lines.push(line);
    }
    picture
}

/// A side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
}
