use crate::code;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Extra;
use crate::source::{Span, Spanned};
use minijinja::{Error, ErrorKind};
use smol_str::SmolStr;

static TEMPLATE_ERROR: Code = code!("template-error", Error, "a template that cannot be filled");

static MAKES_NOTHING: Code =
    code!("template-makes-nothing", Warning, "a template that is asked for and makes no object");

/// The faults that this folder finds.
pub static CODES: &[&Code] = &[&TEMPLATE_ERROR, &MAKES_NOTHING];

/// A template that made no object for any of the things that ask for it.
pub(super) fn makes_nothing(extra: &Extra, text: Span) -> Diagnostic {
    let title = format!("template `{}` makes no object", extra.template);
    let fault = match extra.origin.span {
        Some(asked) => {
            Diagnostic::new(&MAKES_NOTHING, title).at(asked, "asked for here").related(text, "says no object")
        }
        None => Diagnostic::new(&MAKES_NOTHING, title).at(text, "says no object"),
    };
    fault
        .note("its text is empty for each of the things that ask for it")
        .help("write an object into it, or do not ask for it")
}

/// A template of which no part is run: what stands at `span` is not in its language.
pub(super) fn refused(span: Span, what: &str, why: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(&TEMPLATE_ERROR, format!("a template may not {what}")).at(span, why).help(help))
}

/// A template that stopped while it was filled for a thing.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of another crate, of which more may come")]
pub(super) fn stopped(error: &Error, span: Span, extra: &Extra, of: &str) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    let (title, help) = match error.kind() {
        ErrorKind::UndefinedError => (
            format!("the template needs what is not there: {detail}"),
            "write a name that the thing has, or test it by `is defined`",
        ),
        ErrorKind::OutOfFuel => (
            "the template does more work than one may".to_owned(),
            "take out loops in loops, and text that is put together again and again",
        ),
        ErrorKind::SyntaxError => (format!("the template cannot be read: {detail}"), "write it in the syntax of Jinja"),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            (format!("the template asks for what templates do not have: {detail}"), super::filters::HELP)
        }
        _ => (
            format!("the template cannot be filled: {detail}"),
            "test the value before it is used: `{% if ... %}`, or write it by another filter",
        ),
    };
    let fault =
        Diagnostic::new(&TEMPLATE_ERROR, title.trim_end_matches([':', ' ']).to_owned()).at(span, "stopped here");
    let fault = match extra.origin.span {
        Some(asked) => fault.related(asked, format!("asked for here, for {of}")),
        None => fault,
    };
    fault.help(help)
}

/// A value of a parameter that a filter of the template refused at `place`.
pub(super) fn refuses(error: &Error, extra: &Extra, (name, said): (&str, Span), place: Span) -> Diagnostic {
    let detail = error.detail().unwrap_or_default();
    Diagnostic::new(&TEMPLATE_ERROR, format!("`{name}` of `{}`: {detail}", extra.template))
        .at(said, "the template does not take this")
        .related(place, "it is used here")
        .help("write another value")
}

/// An object that does not stand where the thing does.
pub(super) fn elsewhere(code: &'static Code, said: &Spanned<SmolStr>, home: &str) -> Diagnostic {
    Diagnostic::new(code, format!("a template may not write into namespace `{}`", said.value))
        .at(said.span, format!("what asked for it stands in `{home}`"))
        .note("whoever may change the page of one namespace could change another one by it")
        .help("leave `metadata.namespace` out")
}
