//! A graph as text: Mermaid and DOT, which are laid out by who draws them; SVG and HTML, which we lay out.

mod dot;
mod escape;
mod html;
mod mermaid;
mod svg;

pub use dot::dot;
pub use html::html;
pub use mermaid::mermaid;
pub use svg::svg;

use super::model::{Edge, Standing};

/// How thick a line is, in tenths of a pixel: by the share that it has.
fn tenths(percent: u8) -> u32 {
    12 + u32::from(percent) / 2
}

/// Whether an edge does not pass.
fn is_broken(edge: &Edge) -> bool {
    match edge.standing {
        Standing::Open | Standing::Unused => false,
        Standing::Denied | Standing::Refused | Standing::Shadowed => true,
    }
}
