//! Texts that a pattern takes: enough of them to tell patterns apart.

use std::iter::Peekable;
use std::str::Chars;

/// Texts that a regular expression may take: with as little as it allows, and with a little more. Whoever wants them
/// tries them.
pub(super) fn samples(pattern: &str) -> Vec<String> {
    let least = Sampler { rest: pattern.chars().peekable(), extra: 0, choice: 0 }.alternatives();
    let more = Sampler { rest: pattern.chars().peekable(), extra: 1, choice: 0 }.alternatives();
    let other = Sampler { rest: pattern.chars().peekable(), extra: 1, choice: 1 }.alternatives();
    vec![least, more, other]
}

struct Sampler<'p> {
    rest: Peekable<Chars<'p>>,
    /// How many more of what may be repeated.
    extra: usize,
    /// Which of several alternatives.
    choice: usize,
}

impl Sampler<'_> {
    /// Up to the end of a group, or of all.
    fn alternatives(&mut self) -> String {
        let mut all = vec![self.sequence()];
        while self.rest.next_if_eq(&'|').is_some() {
            all.push(self.sequence());
        }
        let chosen = self.choice.min(all.len().saturating_sub(1));
        all.into_iter().nth(chosen).unwrap_or_default()
    }

    fn sequence(&mut self) -> String {
        let mut text = String::new();
        while let Some(next) = self.rest.peek().copied().filter(|next| !matches!(next, '|' | ')')) {
            self.rest.next();
            let item = self.item(next);
            text.push_str(&item.repeat(self.times()));
        }
        text
    }

    fn item(&mut self, first: char) -> String {
        match first {
            '(' => {
                if self.rest.next_if_eq(&'?').is_some() {
                    while self.rest.next_if(|next| !matches!(next, ':' | ')')).is_some() {}
                    self.rest.next_if_eq(&':');
                }
                let inner = self.alternatives();
                self.rest.next_if_eq(&')');
                inner
            }
            '[' => self.class(),
            '.' => "a".to_owned(),
            '^' | '$' => String::new(),
            '\\' => match self.rest.next() {
                Some('d') => "1".to_owned(),
                Some('w' | 'D' | 'S') => "a".to_owned(),
                Some('s') => " ".to_owned(),
                Some('W') => "-".to_owned(),
                Some('b') | None => String::new(),
                Some(other) => other.to_string(),
            },
            other => other.to_string(),
        }
    }

    /// The first that a class takes; of a negated one something that it hardly names.
    fn class(&mut self) -> String {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut members = Vec::new();
        while let Some(next) = self.rest.next() {
            match next {
                ']' if !members.is_empty() => break,
                '\\' => members.push(match self.rest.next() {
                    Some('d') => '1',
                    Some('w') => 'a',
                    Some('s') => ' ',
                    Some(other) => other,
                    None => break,
                }),
                other => members.push(other),
            }
        }
        if is_negated {
            return ['a', '1', '-', 'Z'].into_iter().find(|own| !members.contains(own)).unwrap_or('~').to_string();
        }
        members.first().copied().map(String::from).unwrap_or_default()
    }

    fn times(&mut self) -> usize {
        let times = match self.rest.peek() {
            Some('*' | '?') => self.extra,
            Some('+') => 1,
            Some('{') => {
                let mut digits = String::new();
                self.rest.next();
                while let Some(next) = self.rest.next_if(|next| *next != '}') {
                    digits.push(next);
                }
                digits.split(',').next().and_then(|least| least.parse().ok()).unwrap_or(1)
            }
            Some(_) | None => return 1,
        };
        self.rest.next();
        self.rest.next_if(|next| matches!(next, '?' | '+'));
        times.min(64)
    }
}

#[cfg(test)]
mod tests {
    use super::samples;
    use regex_lite::Regex;

    #[test]
    fn every_pattern_takes_one_of_its_samples() {
        for pattern in [
            "/users/[^/]+/orders",
            "^(.*?;)?(user=jason)(;.*)?$",
            ".*Chrome.*",
            "(?i)web\\.shop(:[0-9]+)?",
            "PUT|PATCH",
            "/v[12]/(a|b){2}\\d*",
            "(?:.*;\\s*)?NAME=VALUE(?:;.*)?",
        ] {
            let whole = Regex::new(&format!("^(?:{pattern})$")).unwrap();
            assert!(samples(pattern).iter().any(|text| whole.is_match(text)), "{pattern}: {:?}", samples(pattern));
        }
    }
}
