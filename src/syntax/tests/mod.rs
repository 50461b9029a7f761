mod hidden;
mod limits;
mod pages;
mod places;
mod work;

use super::parse;
use crate::diagnostic::Diagnostics;
use crate::source::FileId;

/// The codes of the faults that are found in `text`, and the text at each.
fn faults(text: &str) -> Vec<(&'static str, &str)> {
    let mut found = Diagnostics::default();
    let document = parse(FileId::new(0), text, &mut found);
    let place =
        |fault: &&crate::diagnostic::Diagnostic| fault.primary.as_ref().map_or("", |label| document.slice(label.span));
    found.sorted().iter().map(|fault| (fault.code.name, place(fault))).collect()
}

/// The codes alone.
fn codes(text: &str) -> Vec<&'static str> {
    faults(text).into_iter().map(|(code, _)| code).collect()
}
