use super::Regex;

/// How large a class is in RE2's program, where it is more than one step.
const CLASSES: [(char, usize); 7] = [('w', 3), ('W', 8), ('s', 3), ('D', 8), ('S', 8), ('p', 24), ('P', 24)];
/// Any character but some: what begins it in each length that UTF-8 knows.
const ANY: usize = 8;

/// A part of an expression: how large it is so far, and its last atom alone.
#[derive(Clone, Copy, Default)]
struct Part {
    all: usize,
    last: usize,
}

impl Part {
    fn add(&mut self, atom: usize) {
        self.all = self.all.saturating_add(atom);
        self.last = atom;
    }
}

impl Regex {
    /// About how many steps RE2's program for it has: at least as many as there are, in most cases exactly.
    pub(super) fn steps(&self) -> usize {
        let mut open: Vec<Part> = Vec::new();
        let mut part = Part::default();
        let mut rest = self.text().as_str();
        while let Some(first) = rest.chars().next() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            match first {
                '\\' => part.add(escape(&mut rest)),
                '[' => part.add(class(&mut rest)),
                '.' => part.add(ANY),
                '(' => {
                    open.push(part);
                    part = Part::default();
                    let flags = rest.find([':', '>', ')']).filter(|_| rest.starts_with('?'));
                    let is_kept = flags.is_none() || rest.starts_with("?P<");
                    part.all = if is_kept { 2 } else { 0 };
                    // `(?i)` closes itself.
                    let skipped = flags.map_or(0, |end| end + usize::from(!rest[end..].starts_with(')')));
                    rest = rest.get(skipped..).unwrap_or_default();
                }
                ')' => {
                    let inner = part.all;
                    part = open.pop().unwrap_or_default();
                    part.add(inner);
                }
                '|' | '*' | '+' | '?' => part.all = part.all.saturating_add(1),
                '{' => match counts(rest) {
                    Some((low, high, end)) => {
                        let again = low.saturating_sub(1).saturating_mul(part.last);
                        let more = high.map_or(1, |high| (high.saturating_sub(low)).saturating_mul(part.last + 1));
                        part.all = part.all.saturating_add(again).saturating_add(more);
                        rest = rest.get(end..).unwrap_or_default();
                    }
                    None => part.add(1),
                },
                other => part.add(other.len_utf8()),
            }
        }
        open.iter().fold(part.all, |all, part| all.saturating_add(part.all))
    }
}

fn escape(rest: &mut &str) -> usize {
    let Some(kind) = rest.chars().next() else { return 0 };
    *rest = rest.get(kind.len_utf8()..).unwrap_or_default();
    if matches!(kind, 'p' | 'P') {
        let end = if rest.starts_with('{') { rest.find('}').map_or(rest.len(), |end| end + 1) } else { 1 };
        *rest = rest.get(end..).unwrap_or_default();
    }
    CLASSES.iter().find(|(known, _)| *known == kind).map_or(1, |(_, steps)| *steps)
}

fn class(rest: &mut &str) -> usize {
    let is_negated = rest.starts_with('^');
    *rest = rest.get(usize::from(is_negated)..).unwrap_or_default();
    let (mut steps, mut is_first) = (0, true);
    while let Some(first) = rest.chars().next() {
        let named = rest.find(":]").filter(|_| rest.starts_with("[:")).map(|end| end + 2);
        *rest = rest.get(named.unwrap_or(first.len_utf8())..).unwrap_or_default();
        steps += match first {
            ']' if !is_first => break,
            '\\' => escape(rest),
            '[' if named.is_some() => 3,
            other => other.len_utf8(),
        };
        is_first = false;
        let range = rest.strip_prefix('-').filter(|after| !after.starts_with(']'));
        if let Some(last) = range.and_then(|after| after.chars().next()) {
            *rest = rest.get(1 + last.len_utf8()..).unwrap_or_default();
            if last == '\\' {
                escape(rest);
            }
        }
    }
    if is_negated { steps.max(ANY) } else { steps }
}

/// The numbers of `{n}`, `{n,}` or `{n,m}`, and where it ends; anything else in braces is text.
fn counts(rest: &str) -> Option<(usize, Option<usize>, usize)> {
    let end = rest.find('}')?;
    let inner = rest.get(..end)?;
    let (low, high) = inner.split_once(',').unwrap_or((inner, inner));
    let high = if high.is_empty() { None } else { Some(high.parse().ok()?) };
    Some((low.parse().ok()?, high, end + 1))
}

#[cfg(test)]
mod tests {
    use super::Regex;

    #[test]
    fn steps_are_those_of_re2() {
        for (text, steps) in [
            ("abc", 3),
            ("[a-z]", 1),
            ("[a-z0-9]", 2),
            ("(a)", 3),
            ("(?:a)", 1),
            ("(ab|cd)", 7),
            (r"\d+", 2),
            (r"\w", 3),
            ("é", 2),
            ("a{3}", 3),
            ("a{2,4}", 6),
            ("a{2,}", 3),
            ("[^/]+", 9),
            ("(?i)a", 1),
            ("a{,3}", 5),
            ("[]a]", 2),
            ("[[:alpha:]-]", 4),
        ] {
            assert_eq!(Regex::parse(text).expect(text).steps(), steps, "{text}");
        }
    }
}
