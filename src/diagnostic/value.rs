use super::{Code, Severity};
use crate::source::Span;

/// One fault, as it is told: what (title, labels), why (notes), what to do (helps).
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its kind.
    pub code: &'static Code,
    /// Its weight; the code's, unless the run says otherwise.
    pub severity: Severity,
    /// A lower-case phrase without a final period, the user's words in backticks; stands alone on one line.
    pub title: String,
    /// Where it is; none for what is in no file.
    pub primary: Option<Label>,
    /// Other places that matter, also of other files.
    pub related: Vec<Label>,
    /// Why, in Istio's terms.
    pub notes: Vec<String>,
    /// What to do, one action each.
    pub helps: Vec<Help>,
}

/// A place and the fact at that place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The fact.
    pub text: String,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// It in words.
    pub text: String,
    /// It as edits, where they are exact.
    pub edits: Vec<Edit>,
}

/// Text to put in the place of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to replace; empty: insert.
    pub span: Span,
    /// With what.
    pub replacement: String,
}

/// How many other places are shown of one fault: more help nobody, and each is quoted.
const MOST_RELATED: usize = 24;

impl Diagnostic {
    /// A fault of kind `code`, told in one line by `title`.
    pub fn new(code: &'static Code, title: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity,
            title: title.into(),
            primary: None,
            related: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// Says where it is, and the fact there.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: text.into() });
        self
    }

    /// Says where it is, if that is known: what is built in has no place.
    #[must_use]
    pub fn at_known(self, span: Option<Span>, text: impl Into<String>) -> Self {
        match span {
            Some(span) => self.at(span, text),
            None => self,
        }
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        if self.related.len() < MOST_RELATED {
            self.related.push(Label { span, text: text.into() });
        }
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds an action in words.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(Help { text: text.into(), edits: Vec::new() });
        self
    }

    /// Adds an action that one exact edit does.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.helps.push(Help { text: text.into(), edits: vec![Edit { span, replacement: replacement.into() }] });
        self
    }

    /// Adds an action that is done by putting text before and after a place.
    #[must_use]
    pub fn fix_around(mut self, text: impl Into<String>, span: Span, (before, after): (&str, &str)) -> Self {
        let start = Span { end: span.start, ..span };
        let edits = vec![
            Edit { span: start, replacement: before.to_owned() },
            Edit { span: span.end(), replacement: after.to_owned() },
        ];
        self.helps.push(Help { text: text.into(), edits });
        self
    }
}
