/// Why a text is not of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected, as a phrase that follows "expected": "a duration such as `2s`".
    pub expected: String,
    /// Why this one is not it, as a sentence without a final period.
    pub because: String,
    /// What to write instead, where that is certain.
    pub instead: Option<String>,
}

impl Mismatch {
    /// `expected`, which this is not, `because`.
    pub fn new(expected: impl Into<String>, because: impl Into<String>) -> Self {
        Mismatch { expected: expected.into(), because: because.into(), instead: None }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn instead(mut self, text: impl Into<String>) -> Self {
        self.instead = Some(text.into());
        self
    }
}
