//! CEL, the language of expressions: what is written, read with the place of each part.
//!
//! Guards are written in it, and what proxies work out of a request; `expression` judges and evaluates the first,
//! [`Cel`](crate::value::Cel) knows what proxies make of the second. Text and nesting are bounded, so that no expression
//! of a stranger can hang or end the process.

mod lexer;
mod number;
mod reader;
mod string;
mod tree;

pub use reader::read;
pub use tree::{Call, Each, Expression, Form, Node, Operator, Way};

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// How deep an expression may be: each operator, call and bracket is one level.
pub const DEEPEST: usize = 64;

/// What is wrong with an expression, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place, in bytes of the text.
    pub at: std::ops::Range<usize>,
    /// What it is, as the title of a message.
    pub title: String,
    /// The fact at the place.
    pub label: String,
    /// What stands there rightly, as an exact edit.
    pub instead: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(at: std::ops::Range<usize>, title: impl Into<String>, label: impl Into<String>) -> Self {
        Fault { at, title: title.into(), label: label.into(), instead: None, help: None }
    }

    pub(crate) fn no_flag(at: std::ops::Range<usize>) -> Self {
        Fault::new(at, "expected a bool", "no bool")
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub(crate) fn instead(mut self, text: Option<&str>) -> Self {
        self.instead = text.map(str::to_owned);
        self
    }
}
