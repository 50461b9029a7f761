//! The views of a report, a file each; one value, many views.

mod across;
mod counts;
mod data;
mod digest;
mod escape;
mod github;
mod markdown;
mod sarif;
mod schema;
mod steps;
mod terminal;
mod unified;
mod values;

pub use counts::head;
pub use data::data;
pub use digest::digest;
pub use github::github;
pub use markdown::{Comment, markdown};
pub use sarif::sarif;
pub use schema::schema;
pub use steps::steps;
pub use terminal::terminal;
pub use unified::unified;
pub(super) use values::value;

use super::{Finding, Place, Which};
use crate::source::Sources;

/// What a report is of, as its views say it.
#[derive(Debug)]
pub struct Told<'s> {
    /// What the earlier side is called.
    pub from: String,
    /// What the later side is called.
    pub to: String,
    /// The environment, where sides have one.
    pub environment: Option<String>,
    /// The intent of the earlier side, if it was compiled.
    pub before: Option<&'s Sources>,
    /// The intent of the later side, if it was compiled.
    pub after: Option<&'s Sources>,
}

/// How much of a report people want to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The verdict and what was found, a line or two each.
    Summary,
    /// With effects, the safe way, and the objects that come or go.
    Default,
    /// With every field of every object.
    Full,
}

impl Told<'_> {
    /// `file:line:column` of a place in the intent of the later side.
    fn span(&self, span: crate::source::Span) -> Option<String> {
        self.place(Place { side: Which::After, span })
    }

    /// Where a finding is, as people read it: its own place, and how many others.
    pub fn of(&self, finding: &Finding) -> Option<String> {
        let own = self.shown(finding.place?)?;
        Some(match finding.places().len() {
            0 | 1 => own,
            count => format!("{own} and {} more", count - 1),
        })
    }

    /// A place as people read it: one in the earlier side's pages is said to be there.
    pub fn shown(&self, place: Place) -> Option<String> {
        let shown = self.place(place)?;
        Some(match place.side {
            Which::Before => format!("{shown} (before)"),
            Which::After => shown,
        })
    }

    /// `file:line:column` of a place.
    fn place(&self, place: Place) -> Option<String> {
        let sources = match place.side {
            Which::Before => self.before,
            Which::After => self.after,
        };
        Some(sources?.show(place.span))
    }
}
