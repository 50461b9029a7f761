use super::{BARE_URL, BARE_VARIABLE, HIDDEN_CHARACTER, KDL_SYNTAX, WRONG_QUOTES, quoted, shown};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A bare word that holds what ends bare words.
pub(in crate::syntax) fn bare_word(word: Span, text: &str) -> Diagnostic {
    let mark = text.chars().find(|found| "(){}[]/\\\"#;=".contains(*found)).unwrap_or('/');
    Diagnostic::new(&KDL_SYNTAX, format!("expected quotes around `{}`", shown(text)))
        .at(word, format!("`{mark}` cannot stand in a bare word"))
        .fix("quote it", word, quoted(text))
}

/// A variable without quotes.
pub(in crate::syntax) fn bare_variable(word: Span, text: &str) -> Diagnostic {
    Diagnostic::new(&BARE_VARIABLE, format!("expected quotes around `{}`", shown(text)))
        .at(word, "to KDL a block begins at `{`")
        .fix("quote it", word, quoted(text))
}

/// A URL without quotes.
pub(in crate::syntax) fn bare_url(url: Span, text: &str) -> Diagnostic {
    Diagnostic::new(&BARE_URL, format!("expected quotes around `{}`", shown(text)))
        .at(url, "to KDL a comment begins at `//`")
        .fix("quote it", url, quoted(text))
}

/// Quotes that are letters to KDL; `inside` is what they enclose, if they are two.
pub(in crate::syntax) fn wrong_quotes(place: Span, text: &str, inside: Option<&str>) -> Diagnostic {
    let mark = text.chars().next().unwrap_or('\'');
    let fault = Diagnostic::new(&WRONG_QUOTES, format!("expected `\"`, found `{mark}`"))
        .at(place, format!("KDL takes `{mark}` for a letter"))
        .note("only `\"` begins a string");
    match inside {
        Some(inside) => fault.fix("use straight double quotes", place, quoted(inside)),
        None => fault.help("use straight double quotes around the whole text"),
    }
}

/// A list in brackets.
pub(in crate::syntax) fn brackets(list: Span, text: &str) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, "expected values with spaces between them, found `[`")
        .at(list, "KDL has no brackets around lists");
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inside) => {
            let bare = inside.split([',', ' ', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            fault.fix("write the values alone", list, bare)
        }
        None => fault.help("write the values alone, with spaces between them"),
    }
}

/// A comment that begins with `#`.
pub(in crate::syntax) fn hash_comment(hash: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected `//` before a comment, found `#`")
        .at(hash, "this begins no comment in KDL")
        .fix("begin the comment with `//`", hash, "//")
}

/// A character that nobody sees.
pub(in crate::syntax) fn hidden_character(place: Span, character: char, what: &str) -> Diagnostic {
    Diagnostic::new(&HIDDEN_CHARACTER, format!("found U+{:04X}, {what}", u32::from(character)))
        .at(place, "nobody sees what stands here")
        .note("with such characters a file can look like another one to the person who reviews it")
        .fix("take it away", place, "")
}
