use super::Span;

/// What somebody changed between two versions of a text, as small as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it stood, without what is in it where that stays; none where it came.
    pub before: Option<Span>,
    /// Where it stands now; none where it went.
    pub after: Option<Span>,
    /// What it stands in, earlier and later, the outermost first.
    pub around: Vec<[Section; 2]>,
    /// The name of the thing at the top that it is of, or is.
    pub of: Option<String>,
    /// The words that it takes away or brings.
    pub words: Vec<String>,
}

/// A part of a text that other parts stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// What names it.
    pub head: Span,
    /// All of it.
    pub whole: Span,
}
