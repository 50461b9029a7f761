/// The edges of a graph of `count` nodes without cycles and loops: those that close a cycle are turned round. Nodes
/// that little leads to are looked at first, so that few are.
pub(super) fn acyclic(count: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut next = vec![Vec::new(); count];
    let mut leads_to = vec![0_usize; count];
    for &(from, to) in edges.iter().filter(|(from, to)| from != to) {
        next[from].push(to);
        leads_to[to] += 1;
    }
    let mut starts: Vec<usize> = (0..count).collect();
    starts.sort_by_key(|node| (leads_to[*node], *node));
    let mut state = vec![State::Unseen; count];
    let mut turned = Vec::new();
    for start in starts {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state[start] == State::Unseen {
            state[start] = State::Open;
            path.push((start, 0));
        }
        while let Some((node, at)) = path.last_mut() {
            let Some(&to) = next[*node].get(*at) else {
                state[*node] = State::Done;
                path.pop();
                continue;
            };
            *at += 1;
            match state[to] {
                State::Unseen => {
                    state[to] = State::Open;
                    path.push((to, 0));
                }
                State::Open => turned.push((*node, to)),
                State::Done => {}
            }
        }
    }
    turned.sort_unstable();
    let turn = |edge: &(usize, usize)| if turned.binary_search(edge).is_ok() { (edge.1, edge.0) } else { *edge };
    let mut all: Vec<(usize, usize)> = edges.iter().filter(|(from, to)| from != to).map(turn).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

#[cfg(test)]
mod tests {
    use super::acyclic;

    #[test]
    fn turns_what_closes_a_cycle() {
        assert_eq!(acyclic(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(acyclic(2, &[(0, 1), (1, 0)]), [(0, 1)]);
        assert_eq!(acyclic(3, &[(2, 0), (0, 1)]), [(0, 1), (2, 0)]);
    }
}
