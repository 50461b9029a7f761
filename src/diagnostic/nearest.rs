/// Longer words, in characters, are not compared: the cost is the product of the lengths, and nobody mistypes so much.
const LONGEST: usize = 64;

/// The candidate that `word` was probably meant to be: the one with the fewest letters left out, put in, changed or
/// swapped with their neighbour, where one in three may be, and case counts for nothing. The first of several; never the
/// word itself.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let meant = letters(word)?;
    let bag = Bag::of(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|candidate| *candidate != word) {
        // There may be thousands: most are told apart by their lengths alone, and all but the nearest early.
        let is_far = |most: usize| bag.as_ref().is_some_and(|bag| bag.apart(candidate) > most);
        if candidate.is_ascii() && most(meant.len(), candidate.len()).is_none_or(is_far) {
            continue;
        }
        let limit = best.map_or(usize::MAX, |(distance, _)| distance.saturating_sub(1));
        // Only the same word in other letters is nearer than one letter away.
        if limit == 0 && candidate.is_ascii() && !candidate.eq_ignore_ascii_case(word) {
            continue;
        }
        let Some(letters) = letters(candidate) else { continue };
        if let Some(distance) = distance(&meant, &letters, limit) {
            best = Some((distance, candidate));
            if distance == 0 {
                break;
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How often each letter stands in a word of ASCII, whatever its case.
struct Bag([i16; 32]);

impl Bag {
    fn of(word: &str) -> Option<Self> {
        word.is_ascii().then(|| {
            let mut bag = Bag([0; 32]);
            bag.add(word, 1);
            bag
        })
    }

    fn add(&mut self, word: &str, count: i16) {
        for byte in word.bytes().take(LONGEST + 1) {
            // A capital letter and its small one are alike here, and so are a few others.
            if let Some(slot) = self.0.get_mut(usize::from(byte & 31)) {
                *slot += count;
            }
        }
    }

    /// How many letters a word of ASCII is apart at least: as many as it has too many, or lacks.
    fn apart(&self, word: &str) -> usize {
        let mut left = Bag(self.0);
        left.add(word, -1);
        let sum =
            |counts: &dyn Fn(i16) -> i16| left.0.iter().map(|count| usize::from(counts(*count).unsigned_abs())).sum();
        let (lacking, more): (usize, usize) = (sum(&|count| count.max(0)), sum(&|count| count.min(0)));
        lacking.max(more)
    }
}

/// How many letters two words of these lengths may be apart; none where their lengths are further apart.
fn most(one: usize, other: usize) -> Option<usize> {
    let longer = one.max(other);
    let most = (longer / 3).max(1);
    (longer - one.min(other) <= most).then_some(most)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// The optimal string alignment distance, if it is at most a third of the longer word; one is always allowed where
/// something is the same. None where it is above `limit`.
fn distance(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    let longer = one.len().max(other.len());
    let most = most(one.len(), other.len())?.min(limit);
    // Rows of the usual table: how far the letters of `one` so far are from each beginning of `other`.
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for &letter in one {
        let row = row(letter, previous, other, (&last, &before_last));
        before_last = std::mem::replace(&mut last, row);
        // Every row follows from the two before it, and none of its numbers is smaller than all of theirs.
        let is_beyond = |row: &[usize]| row.iter().all(|&distance| distance > most);
        if is_beyond(&last) && is_beyond(&before_last) {
            return None;
        }
        previous = Some(letter);
    }
    last.last().copied().filter(|&distance| distance <= most && distance < longer)
}

/// The row after `last`, for one more letter. `before_last` is empty for the first letter.
fn row(letter: char, previous: Option<char>, other: &[char], rows: (&[usize], &[usize])) -> Vec<usize> {
    let (last, before_last) = rows;
    let mut row = vec![last.first().map_or(0, |first| first + 1)];
    for (at, &theirs) in other.iter().enumerate() {
        let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
        let mut best =
            (cell(last, at) + usize::from(letter != theirs)).min(cell(last, at + 1) + 1).min(cell(&row, at) + 1);
        let their_previous = at.checked_sub(1).and_then(|before| other.get(before)).copied();
        if previous == Some(theirs) && their_previous == Some(letter) {
            best = best.min(cell(before_last, at - 1) + 1);
        }
        row.push(best);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const WORDS: [&str; 8] = ["allow", "deny", "timeout", "retry", "breaker", "port", "gateway", "service-account"];

    #[test]
    fn finds_what_was_meant() {
        for (word, meant) in [
            ("Allow", "allow"),
            ("alow", "allow"),
            ("allwo", "allow"),
            ("Timeout", "timeout"),
            ("time-out", "timeout"),
            ("brekaer", "breaker"),
            ("prot", "port"),
            ("ports", "port"),
            ("serviceaccount", "service-account"),
            ("service_account", "service-account"),
        ] {
            assert_eq!(nearest(word, WORDS), Some(meant), "{word}");
        }
    }

    #[test]
    fn does_not_guess() {
        for word in ["", "x", "canary", "tls", "virtual-service", &"allow".repeat(20)] {
            assert_eq!(nearest(word, WORDS), None, "{word}");
        }
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("allow", ["allow"]), None);
        assert_eq!(nearest("v2", ["v1"]), Some("v1"));
    }

    #[test]
    fn takes_the_nearest_and_of_those_the_first() {
        assert_eq!(nearest("retrys", ["retries", "retry"]), Some("retry"));
        assert_eq!(nearest("pork", ["port", "fork"]), Some("port"));
    }
}
