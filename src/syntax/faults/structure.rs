use super::{KDL_SYNTAX, shown};
use crate::diagnostic::{Diagnostic, Edit, Help};
use crate::source::Span;
use crate::syntax::cursor::{Cursor, offset};
use crate::syntax::document::Node;
use crate::syntax::indentation::Guess;

/// A value or block that stands too close to what is before it.
pub(in crate::syntax) fn space_before(place: Span) -> Diagnostic {
    let before = Span { end: place.start, ..place };
    Diagnostic::new(&KDL_SYNTAX, "expected a space here").at(place, "this touches what stands before it").fix(
        "put a space between them",
        before,
        " ",
    )
}

/// Something in the line of a `}` after it.
pub(in crate::syntax) fn after_block(place: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected the end of the line after `}`")
        .at(place, "this begins another node")
        .note("a node ends with its block: arguments and properties stand before it")
        .fix("begin a new line", place, "\n")
}

/// A property of a node after its block.
pub(in crate::syntax) fn property_after_block(word: Span, name: &str, node: &Node<'_>) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, format!("`{}=` stands after the block of its node", shown(name)))
        .at(word, "the node has ended with its block")
        .help("put it before the `{`");
    match &node.block {
        Some(block) => fault.related(Span { end: block.span.start + 1, ..block.span }, "before this"),
        None => fault,
    }
}

/// A second block of a node.
pub(in crate::syntax) fn second_block(brace: Span, node: &Node<'_>) -> Diagnostic {
    let first = node.block.as_ref().map_or(node.span, |block| block.span);
    Diagnostic::new(&KDL_SYNTAX, format!("expected one block in `{}`, found a second", shown(&node.name.value)))
        .at(brace, "the second block")
        .related(first, "the first block")
        .help("write all in one block")
}

/// A `{` without a node on its line; `node` is the one above that it was meant for.
pub(in crate::syntax) fn brace_without_node(brace: Span, node: Option<&Node<'_>>, cursor: &Cursor<'_>) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, "expected a node, found `{`");
    let Some(node) = node else {
        return fault.at(brace, "no node stands before this block").help("write the node's name before its block");
    };
    let gap = Span { start: node.span.end, end: brace.start, ..brace };
    let between = cursor.slice(gap.start as usize, gap.end as usize);
    let edits = if between.trim().is_empty() {
        vec![Edit { span: gap, replacement: " ".to_owned() }]
    } else {
        vec![
            Edit { span: node.span.end(), replacement: " {".to_owned() },
            Edit { span: brace, replacement: String::new() },
        ]
    };
    let name = shown(&node.name.value);
    let mut fault = fault
        .at(brace, "a block begins in the line of its node")
        .related(node.span.end(), format!("`{name}` ends with its line"));
    fault.helps.push(Help { text: format!("move the `{{` into the line of `{name}`"), edits });
    fault
}

/// A `}` that closes nothing.
pub(in crate::syntax) fn stray_brace(brace: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a node, found `}`").at(brace, "no block is open here").fix(
        "take the `}` away",
        brace,
        "",
    )
}

/// Blocks that are open when the file ends.
pub(in crate::syntax) fn unclosed_block(
    innermost: Span,
    count: usize,
    guess: Option<&Guess>,
    text: &str,
) -> Diagnostic {
    let title = match count {
        1 => "expected `}` before the end of the file".to_owned(),
        count => format!("expected {count} more `}}` before the end of the file"),
    };
    let fault = Diagnostic::new(&KDL_SYNTAX, title);
    let Some(&Guess { brace, line, indentation }) = guess else {
        let end = Span::new(innermost.file, offset(text.len()), offset(text.len()));
        let line = if text.ends_with('\n') { "" } else { "\n" };
        let braces = format!("{line}{}", "}\n".repeat(count));
        let what = if count == 1 { "close the block" } else { "close the blocks" };
        return fault.at(innermost, "the block that begins here does not end").fix(what, end, braces);
    };
    let opening = text.get(..brace.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let indent = text.get(opening..opening + indentation).unwrap_or("");
    let place = Span { start: offset(line), end: offset(line), ..brace };
    fault
        .at(brace, "to judge by the indentation, this block does not end")
        .related(place, "its `}` is expected before this line")
        .fix("close the block", place, format!("{indent}}}\n"))
}

/// A comment that does not end.
pub(in crate::syntax) fn unclosed_comment(cursor: &Cursor<'_>, start: usize) -> Diagnostic {
    let open = cursor.span(start, start + 2);
    let before = cursor.slice(0, start).chars().next_back();
    let line = cursor.line_ahead(start);
    let word = line.split([' ', '\t', '{', ';']).next().unwrap_or(line);
    let glued = before.is_some_and(|before| !before.is_whitespace() && !"{;}".contains(before));
    let fault = Diagnostic::new(&KDL_SYNTAX, "expected `*/` before the end of the file")
        .at(open, "the comment that begins here does not end")
        .note("a comment between `/*` and `*/` may hold others, each with its own end");
    if glued || word.len() == 2 && line.trim_end().len() <= 3 {
        return fault.help("quote the whole word if it is a path or pattern, as in `\"/*\"`");
    }
    fault.help("write `*/` where the comment ends")
}

/// A `\` that is not the last thing in its line.
pub(in crate::syntax) fn stray_backslash(backslash: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected the end of the line after `\\`")
        .at(backslash, "`\\` joins a line with the next one")
        .help("take the `\\` away, or quote the word it belongs to: `#\"\\d+\"#`")
}

/// A mark that can begin nothing.
pub(in crate::syntax) fn stray_mark(cursor: &Cursor<'_>, start: usize) -> Diagnostic {
    let mark = cursor.slice(start, start + 1);
    let place = cursor.span(start, start + 1);
    Diagnostic::new(&KDL_SYNTAX, format!("expected a name or value, found `{mark}`"))
        .at(place, "nothing begins so")
        .fix(format!("take the `{mark}` away"), place, "")
}

/// A `;` that ends nothing.
pub(in crate::syntax) fn stray_semicolon(semicolon: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a node, found `;`").at(semicolon, "no node stands before this").fix(
        "take the `;` away",
        semicolon,
        "",
    )
}

/// A slashdash before nothing that it could remove.
pub(in crate::syntax) fn nothing_to_remove(place: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected something to remove after `/-`")
        .at(place, "`/-` removes the node, value, property or block after it")
        .help("take the `/-` away, or begin a comment with `//`")
}
