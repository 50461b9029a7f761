//! The pages of the classes in the book, shipped in the binary.

use crate::value::change_classes;

/// A page for each name.
macro_rules! pages {
    ($($module:ident $name:literal $means:literal;)*) => {
        &[$(($name, include_str!(concat!("../../../book/src/changes/", $name, ".md")))),*]
    };
}

/// Every class with its page.
pub static PAGES: &[(&str, &str)] = change_classes!(pages);
