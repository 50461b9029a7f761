/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is compiled.
    Error,
    /// It compiles; somebody should look.
    Warning,
}

impl Severity {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A kind of fault: its name is stable for ever, and is the name of its page in the book.
#[derive(Debug)]
pub struct Code {
    /// The kebab-case name.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about, in one lower-case phrase.
    pub summary: &'static str,
    /// Its page of the book, in Markdown.
    pub page: &'static str,
}

/// Declares a [`Code`] with its page, which must exist for the crate to build: `book/src/codes/NAME.md`.
#[macro_export]
macro_rules! code {
    ($name:literal, $severity:ident, $summary:literal) => {
        $crate::diagnostic::Code {
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            summary: $summary,
            page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/codes/", $name, ".md")),
        }
    };
}
