use std::fmt;

/// A number and what it counts, with the right plural: `1 error`, `2 errors`, `no policies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<'a>(pub usize, pub &'a str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(number, noun) = *self;
        match number {
            0 => write!(f, "no ")?,
            _ => write!(f, "{number} ")?,
        }
        if number == 1 { f.write_str(noun) } else { f.write_str(&plural(noun)) }
    }
}

/// The plural of a regular English noun.
fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn has_the_right_plural() {
        for (number, noun, text) in [
            (0, "error", "no errors"),
            (1, "error", "1 error"),
            (2, "warning", "2 warnings"),
            (1, "policy", "1 policy"),
            (3, "policy", "3 policies"),
            (2, "gateway", "2 gateways"),
            (2, "address", "2 addresses"),
            (2, "prefix", "2 prefixes"),
            (2, "match", "2 matches"),
        ] {
            assert_eq!(Count(number, noun).to_string(), text);
        }
    }
}
