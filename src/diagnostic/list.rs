/// Words in backticks of which one is meant: `` `a`, `b` or `c` ``.
pub fn or_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "or")
}

/// Words in backticks of which all are meant: `` `a`, `b` and `c` ``.
pub fn and_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "and")
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let ticked: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match ticked.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{and_list, or_list};

    #[test]
    fn reads_as_english() {
        for (words, or, and) in [
            (&[][..], "", ""),
            (&["a"][..], "`a`", "`a`"),
            (&["a", "b"][..], "`a` or `b`", "`a` and `b`"),
            (&["a", "b", "c"][..], "`a`, `b` or `c`", "`a`, `b` and `c`"),
        ] {
            assert_eq!(
                (or_list(words.iter().copied()), and_list(words.iter().copied())),
                (or.to_owned(), and.to_owned())
            );
        }
    }
}
