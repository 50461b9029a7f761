use super::{KDL_SYNTAX, NUL_CHARACTER, quoted, shown};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::escape::Mistake;

/// A string that its line ends before it does.
pub(in crate::syntax) fn unclosed_string(open: Span, end: Span, close: &str) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, format!("expected `{}` before the end of the line", shown(close)))
        .at(open, "the string that begins here does not end")
        .note("a string over several lines is written between `\"\"\"`, each on a line of its own")
        .fix("close the string", end, close)
}

/// A string over several lines that does not end.
pub(in crate::syntax) fn unclosed_multi_line(open: Span, hashes: usize) -> Diagnostic {
    let close = shown(&format!("\"\"\"{}", "#".repeat(hashes)));
    Diagnostic::new(&KDL_SYNTAX, format!("expected `{close}` before the end of the file"))
        .at(open, "the string that begins here does not end")
        .help(format!("write `{close}` on a line of its own below the text"))
}

/// Text in the line of the opening `"""`.
pub(in crate::syntax) fn text_after_opening(all: Span, open: Span, inside: &str, hashes: usize) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, "expected a new line after `\"\"\"`")
        .at(open, "the text of the string begins on the next line");
    match inside.contains(['\n', '\r']) {
        false if hashes == 0 && !inside.contains(['\\', '"']) => {
            fault.fix("write a string of one line with one quote on each side", all, format!("\"{inside}\""))
        }
        false => fault.fix("write a string of one line with one quote on each side", all, quoted(inside)),
        true => fault.fix("begin a new line", open.end(), "\n"),
    }
}

/// Text in the line of the closing `"""`.
pub(in crate::syntax) fn text_before_closing(close: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected only space before the closing `\"\"\"`")
        .at(close, "text stands before this on its line")
        .note("the space before the closing `\"\"\"` is what is taken away before every line")
        .fix("begin a new line", Span { end: close.start, ..close }, "\n")
}

/// A line that is indented by something else than the closing `"""`.
pub(in crate::syntax) fn uneven_line(line: Span, close: Span, prefix: Option<&str>) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, "expected every line to begin with the space before the closing `\"\"\"`")
        .at(line, "this line begins otherwise")
        .related(close, "this space is taken away before every line");
    match prefix {
        Some(prefix) => fault.fix("indent the line", line, prefix),
        None => fault.help("indent all lines as the closing `\"\"\"`, with the same spaces or tabs"),
    }
}

/// A mistaken escape.
pub(in crate::syntax) fn escape(place: Span, written: &str, mistake: Mistake) -> Diagnostic {
    let shown = shown(written);
    match mistake {
        Mistake::Unknown => Diagnostic::new(&KDL_SYNTAX, format!("expected an escape of KDL, found `{shown}`"))
            .at(place, "no escape of KDL")
            .note("the escapes are `\\n \\r \\t \\\\ \\\" \\b \\f \\s \\u{..}`, and `\\` before space takes the space away")
            .fix("double the `\\` if it is meant as itself, as in a regular expression", place, format!("\\{written}")),
        Mistake::Digits => Diagnostic::new(&KDL_SYNTAX, format!("expected `\\u{{..}}` with 1 to 6 hexadecimal digits, found `{shown}`"))
            .at(place, "no character is named here")
            .help("write it as `\\u{e9}`"),
        Mistake::Character => Diagnostic::new(&KDL_SYNTAX, format!("expected a character of Unicode, found `{shown}`"))
            .at(place, "Unicode ends at 10FFFF, and D800 to DFFF are no characters")
            .help("write the character itself"),
        Mistake::Nul => Diagnostic::new(&NUL_CHARACTER, format!("expected text, found NUL as `{shown}`"))
            .at(place, "no field of Istio or Kubernetes can hold this")
            .fix("take it away", place, ""),
    }
}

/// `##` without a quote after them.
pub(in crate::syntax) fn hashes_without_quote(hashes: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected `\"` after `#`")
        .at(hashes, "a raw string begins so")
        .note("a comment begins with `//`")
        .help("write a raw string as `#\"text\"#`, a comment as `// text`")
}

/// A raw string as KDL 1 wrote it.
pub(in crate::syntax) fn old_raw_string(letter: Span, place: Span, now: &str) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a raw string without `r` before it")
        .at(letter, "KDL 1 wrote raw strings so")
        .fix("write it as KDL 2 does, `#\"text\"#`", place, now)
}
