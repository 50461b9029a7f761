use super::order::Layered;

/// How often nodes are pulled to their neighbours.
const SWEEPS: usize = 24;

/// Where the middle of each node stands from left to right: as near to its neighbours as the order of its layer lets
/// it. Where a line passes a layer (`is_bend`), it is pulled straight.
pub(super) fn columns(layered: &Layered, width: &[f64], is_bend: &[bool], gap: f64) -> Vec<f64> {
    let mut x = vec![0.0; width.len()];
    for layer in &layered.layers {
        let mut left = 0.0;
        for node in layer {
            x[*node] = left + width[*node] / 2.0;
            left += width[*node] + gap;
        }
        for node in layer {
            x[*node] -= left / 2.0;
        }
    }
    for sweep in 0..SWEEPS {
        let count = layered.layers.len();
        let both = sweep + 4 >= SWEEPS;
        for step in 0..count {
            let at = if sweep % 2 == 0 { step } else { count - 1 - step };
            let pull = |node: usize| {
                let above = layered.above[node].iter().filter(|_| both || sweep % 2 == 0);
                let below = layered.below[node].iter().filter(|_| both || sweep % 2 == 1);
                pulled(&x, above.chain(below).map(|other| (*other, is_bend[node], is_bend[*other])))
            };
            let layer = &layered.layers[at];
            let wanted: Vec<(f64, f64)> = layer.iter().map(|node| pull(*node).unwrap_or((x[*node], 0.1))).collect();
            let apart = |pair: &[usize]| width[pair[0]].midpoint(width[pair[1]]) + gap;
            let steps: Vec<f64> = layer.windows(2).map(apart).collect();
            for (node, place) in layer.iter().zip(nearest(&wanted, &steps)) {
                x[*node] = place;
            }
        }
    }
    x
}

/// Where neighbours pull to, and how strongly.
fn pulled(x: &[f64], neighbours: impl Iterator<Item = (usize, bool, bool)>) -> Option<(f64, f64)> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (other, is_bend, is_other_bend) in neighbours {
        let strength = match (is_bend, is_other_bend) {
            (true, true) => 8.0,
            (true, false) | (false, true) => 2.0,
            (false, false) => 1.0,
        };
        sum += x[other] * strength;
        weight += strength;
    }
    (weight > 0.0).then(|| (sum / weight, weight))
}

/// The places nearest to the wanted ones, by the squares of their weighted distances, that are `steps` apart at least:
/// neighbours that are too near each other are moved as one.
fn nearest(wanted: &[(f64, f64)], steps: &[f64]) -> Vec<f64> {
    struct Block {
        first: usize,
        sum: f64,
        weight: f64,
    }
    let mut offsets = vec![0.0];
    offsets.extend(steps.iter().scan(0.0, |at, step| {
        *at += step;
        Some(*at)
    }));
    let mut blocks: Vec<Block> = Vec::new();
    for (first, ((place, weight), offset)) in wanted.iter().zip(&offsets).enumerate() {
        let mut block = Block { first, sum: (place - offset) * weight, weight: *weight };
        while let Some(last) = blocks.pop() {
            if last.sum / last.weight <= block.sum / block.weight {
                blocks.push(last);
                break;
            }
            block = Block { first: last.first, sum: last.sum + block.sum, weight: last.weight + block.weight };
        }
        blocks.push(block);
    }
    let mut places = Vec::with_capacity(wanted.len());
    let ends = blocks.iter().skip(1).map(|block| block.first).chain([wanted.len()]);
    for (block, end) in blocks.iter().zip(ends.collect::<Vec<_>>()) {
        places.extend((block.first..end).map(|at| block.sum / block.weight + offsets[at]));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn keeps_apart_what_wants_the_same_place() {
        assert_eq!(nearest(&[(0.0, 1.0), (100.0, 1.0)], &[10.0]), [0.0, 100.0]);
        assert_eq!(nearest(&[(0.0, 1.0), (0.0, 1.0)], &[10.0]), [-5.0, 5.0]);
        assert_eq!(nearest(&[(0.0, 3.0), (0.0, 1.0)], &[8.0]), [-2.0, 6.0]);
    }
}
