use std::collections::BTreeSet;

/// The layer of each of `count` nodes, from 0: every edge leads downwards, and no layer has more than `most` nodes.
/// `sinks` are nodes that something below the last layer follows.
pub(super) fn layers(count: usize, edges: &[(usize, usize)], most: usize, sinks: &BTreeSet<usize>) -> Vec<usize> {
    let (mut next, mut before) = (vec![Vec::new(); count], vec![0_usize; count]);
    for &(from, to) in edges {
        next[from].push(to);
        before[to] += 1;
    }
    let has_callers: Vec<bool> = before.iter().map(|before| *before > 0).collect();
    let mut layer = vec![0_usize; count];
    let mut load: Vec<usize> = Vec::new();
    let mut ready: BTreeSet<(usize, usize)> = (0..count).filter(|at| before[*at] == 0).map(|at| (0, at)).collect();
    while let Some((wanted, node)) = ready.pop_first() {
        layer[node] = free_layer(&mut load, wanted, most);
        for &to in &next[node] {
            before[to] -= 1;
            layer[to] = layer[to].max(layer[node] + 1);
            if before[to] == 0 {
                ready.insert((layer[to], to));
            }
        }
    }
    let last = load.len().saturating_sub(1);
    // What nothing leads to stands right above what it leads to.
    for node in (0..count).filter(|node| !has_callers[*node]) {
        let below = next[node].iter().map(|to| layer[*to] - 1).min();
        let wanted = below.or_else(|| sinks.contains(&node).then_some(last)).unwrap_or(layer[node]);
        let mut fits = (layer[node] + 1..=wanted).rev().filter(|at| load[*at] < most);
        if let Some(at) = fits.next() {
            load[layer[node]] -= 1;
            load[at] += 1;
            layer[node] = at;
        }
    }
    without_gaps(&mut layer, load.len());
    layer
}

/// The first layer from `wanted` on that has room.
fn free_layer(load: &mut Vec<usize>, wanted: usize, most: usize) -> usize {
    let mut at = wanted;
    while load.get(at).is_some_and(|load| *load >= most) {
        at += 1;
    }
    load.resize(load.len().max(at + 1), 0);
    load[at] += 1;
    at
}

fn without_gaps(layer: &mut [usize], count: usize) {
    let mut used = vec![false; count];
    for at in layer.iter() {
        used[*at] = true;
    }
    let mut number = vec![0; count];
    let mut next = 0;
    for (number, used) in number.iter_mut().zip(&used) {
        *number = next;
        next += usize::from(*used);
    }
    for at in layer.iter_mut() {
        *at = number[*at];
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, layers};

    #[test]
    fn leads_downwards_within_the_width() {
        let none = BTreeSet::new();
        assert_eq!(layers(4, &[(0, 1), (1, 2), (3, 2)], 4, &none), [0, 1, 2, 1]);
        let star: Vec<(usize, usize)> = (1..8).map(|to| (0, to)).collect();
        assert_eq!(layers(8, &star, 3, &none), [0, 1, 1, 1, 2, 2, 2, 3]);
        assert_eq!(layers(3, &[(0, 1)], 4, &[2].into()), [0, 1, 1]);
    }
}
