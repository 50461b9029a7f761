use super::acyclic::acyclic;
use super::layers::layers;
use super::{Picture, Side};
use crate::graph::model::{Graph, HomeKind};
use std::collections::BTreeSet;

/// The space between boxes of a row.
pub const BOX_GAP: i32 = 44;
/// The space between rows.
pub const ROW_GAP: i32 = 70;
/// How many rows of namespaces a picture always has room for.
const FEW_ROWS: usize = 4;
/// How wide a picture is at least before a row is broken.
const WIDE: i32 = 1500;

/// The boxes in rows: ways in, namespaces with those that call above those that are called, ways out, what is outside.
pub(super) struct Rows {
    /// The boxes of each row, from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    /// The row of each box.
    row: Vec<usize>,
}

impl Rows {
    /// The sides by which an edge leaves one box and enters another.
    pub(super) fn sides(&self, from: usize, to: usize) -> (Side, Side) {
        match self.row[from].cmp(&self.row[to]) {
            std::cmp::Ordering::Less => (Side::Bottom, Side::Top),
            std::cmp::Ordering::Equal => (Side::Bottom, Side::Bottom),
            std::cmp::Ordering::Greater => (Side::Top, Side::Bottom),
        }
    }
}

/// The rows of a graph's boxes.
pub(super) fn rank(graph: &Graph) -> Rows {
    let count = graph.homes.len();
    let of_kind = |kind: HomeKind| (0..count).filter(move |at| graph.homes[*at].kind == kind).collect::<Vec<_>>();
    let edges: Vec<(usize, usize)> =
        graph.edges.iter().map(|edge| (graph.node(edge.from).home, graph.node(edge.to).home)).collect();
    let inner = of_kind(HomeKind::Services);
    let place = |home: usize| inner.binary_search(&home).ok();
    let between = edges.iter().filter_map(|(from, to)| Some((place(*from)?, place(*to)?)));
    let between = acyclic(inner.len(), &between.collect::<Vec<_>>());
    let layer = layers(inner.len(), &between, inner.len().max(1), &BTreeSet::new());
    let layer = even(layer);
    let deepest = layer.iter().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<usize>> = vec![of_kind(HomeKind::Ingress)];
    rows.extend((0..deepest).map(|at| (0..inner.len()).filter(|it| layer[*it] == at).map(|it| inner[it]).collect()));
    rows.extend([of_kind(HomeKind::Egress), of_kind(HomeKind::Outside)]);
    rows.retain(|row| !row.is_empty());
    order(&mut rows, &edges, count);
    let mut row = vec![0; count];
    rows.iter().enumerate().for_each(|(at, homes)| homes.iter().for_each(|home| row[*home] = at));
    Rows { rows, row }
}

/// Where there are many more layers than a picture has room for, those above each other share rows: as many rows as
/// boxes in each.
fn even(layer: Vec<usize>) -> Vec<usize> {
    let (count, deepest) = (layer.len(), layer.iter().max().map_or(0, |last| last + 1));
    let mut rows = FEW_ROWS;
    while rows * rows < count {
        rows += 1;
    }
    if deepest <= rows {
        return layer;
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (layer[*at], *at));
    let mut row = vec![0; count];
    order.iter().enumerate().for_each(|(at, home)| row[*home] = at * rows / count);
    row
}

/// Puts each box below the middle of those that lead to it.
fn order(rows: &mut [Vec<usize>], edges: &[(usize, usize)], count: usize) {
    let mut place = vec![0_usize; count];
    for row in rows {
        let mean = |home: usize| {
            let above: Vec<usize> = edges.iter().filter(|edge| edge.1 == home).map(|edge| place[edge.0]).collect();
            above.iter().sum::<usize>() * 1024 / above.len().max(1)
        };
        let mut keyed: Vec<(usize, usize)> = row.iter().map(|home| (mean(*home), *home)).collect();
        keyed.sort_unstable();
        *row = keyed.into_iter().map(|(_, home)| home).collect();
        let wide = row.len().max(1);
        row.iter().enumerate().for_each(|(at, home)| place[*home] = (2 * at + 1) * 1000 / wide);
    }
}

/// Gives every box its place: rows below each other, each in the middle, broken where it is too wide.
pub(super) fn place(picture: &mut Picture, rows: &Rows) {
    let area: i64 = picture.boxes.iter().map(|it| i64::from(it.size.0) * i64::from(it.size.1)).sum();
    let mut wide = picture.boxes.iter().map(|it| it.size.0).max().unwrap_or(0).max(WIDE);
    while i64::from(wide) * i64::from(wide) < area * 2 {
        wide += 100;
    }
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for row in &rows.rows {
        let mut width = 0;
        lines.push(Vec::new());
        for home in row {
            let own = picture.boxes[*home].size.0 + BOX_GAP;
            if width > 0 && width + own > wide + BOX_GAP {
                lines.push(Vec::new());
                width = 0;
            }
            width += own;
            lines.last_mut().into_iter().for_each(|line| line.push(*home));
        }
    }
    let width_of = |picture: &Picture, line: &[usize]| {
        line.iter().map(|home| picture.boxes[*home].size.0 + BOX_GAP).sum::<i32>() - BOX_GAP
    };
    picture.width = lines.iter().map(|line| width_of(picture, line)).max().unwrap_or(0);
    let mut y = 0;
    for (row, line) in lines.iter().enumerate() {
        let mut x = (picture.width - width_of(picture, line)) / 2;
        for home in line {
            let it = &mut picture.boxes[*home];
            (it.row, it.at) = (row, (x, y));
            x += it.size.0 + BOX_GAP;
        }
        y += line.iter().map(|home| picture.boxes[*home].size.1).max().unwrap_or(0) + ROW_GAP;
    }
    picture.height = (y - ROW_GAP).max(0);
}
