/// Nodes in layers, with edges from each layer to the next alone.
pub(super) struct Layered {
    /// The nodes of each layer, from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    /// What each node leads to.
    pub(super) below: Vec<Vec<usize>>,
    /// What leads to each node.
    pub(super) above: Vec<Vec<usize>>,
}

/// How often the layers are gone through.
const SWEEPS: usize = 12;

impl Layered {
    /// Orders each layer so that few edges cross: nodes go where the middle of their neighbours is, down and up in
    /// turn, and the best of all orders is kept.
    pub(super) fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS {
            let count = self.layers.len();
            let is_down = sweep % 2 == 0;
            for step in 1..count {
                let at = if is_down { step } else { count - 1 - step };
                self.sort(at, is_down);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    fn sort(&mut self, at: usize, is_down: bool) {
        let (other, neighbours) =
            if is_down { (&self.layers[at - 1], &self.above) } else { (&self.layers[at + 1], &self.below) };
        let place = places(other, self.below.len());
        let key = |(own, node): (usize, &usize)| {
            let list = &neighbours[*node];
            let sum: usize = list.iter().map(|other| place[*other] * 2).sum();
            // Without neighbours it stays, as far as the others let it.
            let own = own * 2 * other.len() / self.layers[at].len().max(1);
            let mean = if list.is_empty() { own * 1024 } else { sum * 1024 / list.len() };
            (mean, *node)
        };
        let mut keyed: Vec<(usize, usize)> = self.layers[at].iter().enumerate().map(key).collect();
        keyed.sort_by_key(|(mean, _)| *mean);
        self.layers[at] = keyed.into_iter().map(|(_, node)| node).collect();
    }

    /// How many pairs of edges cross.
    pub(super) fn crossings(&self) -> usize {
        self.layers.windows(2).map(|pair| self.between(&pair[0], &pair[1])).sum()
    }

    /// The same between two layers: pairs that stand in one order above and in the other below, counted in a tree of
    /// sums.
    fn between(&self, upper: &[usize], lower: &[usize]) -> usize {
        let place = places(lower, self.below.len());
        let mut sums = vec![0_usize; lower.len() + 1];
        let (mut seen, mut crossings) = (0, 0);
        for node in upper {
            let mut targets: Vec<usize> = self.below[*node].iter().map(|to| place[*to]).collect();
            targets.sort_unstable();
            for &target in &targets {
                let mut at = target + 1;
                let mut not_right = 0;
                while at > 0 {
                    not_right += sums[at];
                    at &= at - 1;
                }
                crossings += seen - not_right;
            }
            for target in targets {
                seen += 1;
                let mut at = target + 1;
                while at < sums.len() {
                    sums[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
        crossings
    }
}

/// The place of each node of a layer.
fn places(layer: &[usize], count: usize) -> Vec<usize> {
    let mut place = vec![0; count];
    layer.iter().enumerate().for_each(|(at, node)| place[*node] = at);
    place
}

#[cfg(test)]
mod tests {
    use super::Layered;

    #[test]
    fn uncrosses() {
        let below = vec![vec![3], vec![2], vec![], vec![]];
        let above = vec![vec![], vec![], vec![1], vec![0]];
        let mut layered = Layered { layers: vec![vec![0, 1], vec![2, 3]], below, above };
        assert_eq!(layered.crossings(), 1);
        layered.order();
        assert_eq!((layered.crossings(), &layered.layers[1]), (0, &vec![3, 2]));
    }
}
