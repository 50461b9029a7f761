/// The candidate that is most like `word`, if one is near enough to be what was meant: at most a third of its letters
/// differ, and at most three.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().filter(|candidate| !candidate.is_empty() && *candidate != word);
    let scored = scored.filter_map(|candidate| distance(word, candidate, most).map(|distance| (distance, candidate)));
    scored.min().map(|(_, candidate)| candidate)
}

/// How many letters are put in, taken out, replaced or swapped with their neighbour; none above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_is_offered_and_a_stranger_is_not() {
        let words = ["canary", "calls", "breaker", "timeout"];
        assert_eq!(nearest("cnaary", words), Some("canary"));
        assert_eq!(nearest("timeouts", words), Some("timeout"));
        assert_eq!(nearest("call", words), Some("calls"));
        assert_eq!(nearest("xyz", words), None);
        assert_eq!(nearest("", words), None);
    }
}
