use super::codes::{NAME_TAKEN, NODE_EXISTS, RESERVED_NAME, UNDECLARED_NAMESPACE, UNKNOWN_NAME};
use crate::diagnostic::{Diagnostic, Edit, Help, and_list, nearest};
use crate::source::{Span, Spanned};
use std::fmt::Display;

/// How many names a message lists, and how many further places it shows.
const MOST_LISTED: usize = 12;
const MOST_SHOWN: usize = 3;

/// Where a name is used: a word of its own, or the end of one, as in `web.shop` and `gateway:public`.
#[derive(Clone, Copy)]
pub(super) struct Use<'u> {
    pub(super) name: &'u str,
    /// The whole word.
    pub(super) span: Span,
    /// How many bytes the word has.
    length: usize,
}

impl<'u> Use<'u> {
    /// A word that is the name.
    pub(super) fn whole(name: &'u str, span: Span) -> Self {
        Use { name, span, length: name.len() }
    }

    /// A word of `length` bytes that ends with the name.
    pub(super) fn end_of(name: &'u str, length: usize, span: Span) -> Self {
        Use { name, span, length }
    }

    /// How many bytes the word has.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// The edit that puts another name in the place of this one; none where the word is not spelled as it reads, as
    /// with an inserted variable.
    fn rename(&self, name: &str) -> Option<Edit> {
        let written = (self.span.end - self.span.start) as usize;
        let is_quoted = written == self.length + 2;
        if !is_quoted && written != self.length {
            return None;
        }
        let end = self.span.end - u32::from(is_quoted);
        let start = end - u32::try_from(self.name.len()).ok()?;
        let needs_quotes =
            !is_quoted && self.length == self.name.len() && name.starts_with(|first: char| first.is_ascii_digit());
        let replacement = if needs_quotes { format!("\"{name}\"") } else { name.to_owned() };
        Some(Edit { span: Span::new(self.span.file, start, end), replacement })
    }
}

/// Nothing of a kind has a name.
pub(super) fn unknown<'a>(kind: &str, used: &Use<'_>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let mut fault = Diagnostic::new(&UNKNOWN_NAME, format!("no {kind} is named `{}`", used.name))
        .at(used.span, "nothing has this name");
    if let Some(near) = nearest(used.name, known.clone()) {
        fault
            .helps
            .push(Help { text: format!("did you mean `{near}`?"), edits: used.rename(near).into_iter().collect() });
        return fault;
    }
    match known.clone().count() {
        0 => fault.help(format!("declare it: `{kind} {}`", used.name)),
        1..=MOST_LISTED => fault.help(format!("there is {}", and_list(known))),
        _ => fault.help(format!("there is {}, and more", and_list(known.take(MOST_LISTED)))),
    }
}

/// A namespace that is used, at all these places, and not declared: one fault, however often it is used.
pub(super) fn undeclared<'a>(name: &str, uses: &[Use<'_>], known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let mut fault = Diagnostic::new(&UNDECLARED_NAMESPACE, format!("namespace `{name}` is used and not declared"))
        .at_known(uses.first().map(|first| first.span), "no `namespace` node has this name");
    for other in uses.iter().skip(1).take(MOST_SHOWN) {
        fault = fault.related(other.span, "and used here");
    }
    let near = nearest(name, known);
    let edits: Option<Vec<Edit>> = near.and_then(|near| uses.iter().map(|used| used.rename(near)).collect());
    match (near, edits) {
        (Some(near), Some(edits)) => fault.helps.push(Help { text: format!("did you mean `{near}`?"), edits }),
        (Some(near), None) => return fault.help(format!("did you mean `{near}`?")),
        (None, _) => {
            return fault.help(format!(
                "declare it: `namespace {name}`, or `namespace {name} manage=nothing` if it is someone else's"
            ));
        }
    }
    fault
}

/// A name that has a meaning of its own.
pub(super) fn reserved(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&RESERVED_NAME, format!("`{name}` has a meaning of its own"))
        .at(span, "this name is reserved")
        .note("where a name may stand this word already says something, or an object of its namespace has this name")
        .help("choose another name")
}

/// Two things of one name.
pub(super) fn taken(kind: &str, name: &Spanned<impl Display>, first: Span) -> Diagnostic {
    let fault = Diagnostic::new(&NAME_TAKEN, format!("the name `{}` is taken", name.value))
        .at(name.span, "declared again here")
        .related(first, "declared first here");
    let fault = match kind {
        "service" | "workload" | "external" => {
            fault.note("services, workloads and externals share one set of names in a namespace")
        }
        _ => fault.note(format!("the names of {kind}s are unique in the workspace, and the node stands in one place")),
    };
    fault.help("choose another name")
}

/// A node that `in` declares although it exists elsewhere.
pub(super) fn exists(name: &Spanned<impl Display>, (first, is_everywhere): (Span, bool)) -> Diagnostic {
    let where_else = if is_everywhere { "for every environment" } else { "here by another `in`" };
    Diagnostic::new(&NODE_EXISTS, format!("`{}` exists {where_else}", name.value))
        .at(name.span, "declared again")
        .related(first, "declared here")
        .note("`in` outside of all nodes holds whole nodes that exist nowhere else")
        .help("lay over it inside the node itself: `in ENVIRONMENT { }`")
}
