use super::{COLON_AFTER_NAME, DUPLICATE_PROPERTY, KDL_SYNTAX, quoted, shown};
use crate::diagnostic::{Diagnostic, Edit, Help};
use crate::source::Span;
use crate::syntax::cursor::Cursor;
use crate::syntax::document::Text;

/// A property that is set twice in one node.
pub(in crate::syntax) fn duplicate_property(first: Span, second: &Text<'_>) -> Diagnostic {
    let name = shown(&second.value);
    Diagnostic::new(&DUPLICATE_PROPERTY, format!("`{name}` is set twice in one node"))
        .at(second.span, "set here again")
        .related(first, "set here first")
        .note("KDL lets the last one count, so the first would be dropped without a word")
        .help(format!("keep one `{name}=`"))
}

/// A node's name with a colon after it.
pub(in crate::syntax) fn colon_after_name(cursor: &Cursor<'_>, name: Span) -> Diagnostic {
    let written = cursor.slice(name.start as usize, name.end as usize);

    Diagnostic::new(&COLON_AFTER_NAME, format!("expected a name, found `{}` with a colon", shown(written)))
        .at(name, "KDL takes the colon for a letter of the name")
        .note("a node's arguments follow its name after a space, without a colon")
        .fix("take the colon away", Span { start: name.end.saturating_sub(1), ..name }, "")
}

/// A property written `key: value`.
pub(in crate::syntax) fn colon_for_equals(cursor: &Cursor<'_>, key: Span) -> Diagnostic {
    let written = cursor.slice(key.start as usize, key.end as usize);
    let name = written.strip_suffix(':').unwrap_or(written);
    let gap = Span { start: key.end.saturating_sub(1), end: super::super::cursor::offset(cursor.at), ..key };
    Diagnostic::new(&COLON_AFTER_NAME, format!("expected `{0}=`, found `{0}:`", shown(name)))
        .at(key, "KDL takes this for an argument")
        .note("a property is written `key=value`")
        .fix("put `=` in the place of the colon", gap, "=")
}

/// A `=` that follows no property's name; `node` is the name of the node if nothing else stands before it.
pub(in crate::syntax) fn stray_equals(equals: Span, node: Option<&Text<'_>>) -> Diagnostic {
    let Some(name) = node else {
        return Diagnostic::new(&KDL_SYNTAX, "expected a value, found `=`")
            .at(equals, "no property's name stands before this")
            .note("a property is written `key=value`")
            .help("name the property, or take the `=` away");
    };
    let gap = Span { start: name.span.end, ..equals };
    Diagnostic::new(&KDL_SYNTAX, format!("expected a value after `{}`, found `=`", shown(&name.value)))
        .at(equals, "a node takes its values without `=`")
        .note("`key=value` is a property and stands after the name of a node")
        .fix("take the `=` away", gap, if gap.end - gap.start == 1 { " " } else { "" })
}

/// A number or keyword where a name stands.
pub(in crate::syntax) fn name_not_text(value: Span, written: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, format!("expected {what}, found `{}`", shown(written)))
        .at(value, "this is a value, not text")
        .fix("quote it", value, quoted(written))
}

/// A property without a value.
pub(in crate::syntax) fn property_without_value(property: Span, key: &str) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, format!("expected a value after `{}=`", shown(key)))
        .at(property, "the value of this property is missing")
        .help("write the value right after the `=`, or take the property away")
}

/// A slashdash between a property's name and its value.
pub(in crate::syntax) fn slashdash_before_value(slashdash: Span, property: Span) -> Diagnostic {
    let removed = Help {
        text: "put the `/-` before the property".to_owned(),
        edits: vec![
            Edit { span: Span { end: property.start, ..property }, replacement: "/-".to_owned() },
            Edit { span: slashdash, replacement: String::new() },
        ],
    };
    let mut fault = Diagnostic::new(&KDL_SYNTAX, "expected a value, found `/-`")
        .at(slashdash, "a slashdash removes a whole property, not its value alone");
    fault.helps.push(removed);
    fault
}

/// `()`.
pub(in crate::syntax) fn empty_annotation(parenthesis: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a type in `( )`, found none")
        .at(parenthesis, "a type annotation begins here")
        .help("take the parentheses away: this language has no type annotations")
}

/// `(` without `)`.
pub(in crate::syntax) fn unclosed_annotation(parenthesis: Span, end: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected `)` after a type annotation")
        .at(end, "expected `)` here")
        .related(parenthesis, "opened here")
        .help("take the parentheses away: this language has no type annotations")
}

/// A type annotation that nothing follows.
pub(in crate::syntax) fn annotation_without_value(annotation: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a name or value after a type annotation")
        .at(annotation, "nothing follows this")
        .fix("take the annotation away", annotation, "")
}

/// A type annotation before a property instead of before its value.
pub(in crate::syntax) fn annotation_before_key(annotation: Span, value: Span) -> Diagnostic {
    Diagnostic::new(&KDL_SYNTAX, "expected a type annotation before the value, found one before the property")
        .at(annotation, "a property has no type, its value has")
        .related(value, "KDL's place for it")
        .fix("take the annotation away", annotation, "")
}
