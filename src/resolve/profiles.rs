use super::codes::CYCLE;
use super::faults::{Use, unknown};
use super::index::Index;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::Profile;
use crate::source::{Span, Spanned};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A profile whose own `use` is being followed.
struct Open<'i> {
    profile: &'i Profile,
    /// Where it is used.
    at: Span,
    rest: std::slice::Iter<'i, Spanned<SmolStr>>,
}

/// Follows `use` through the profiles; each is met once, however many use it.
#[derive(Default)]
pub(super) struct Profiles<'i> {
    met: BTreeSet<&'i SmolStr>,
    /// What was met, the used before the user: weakest first.
    pub(super) in_order: Vec<&'i Profile>,
}

impl<'i> Profiles<'i> {
    /// Meets the profile of a `use` and what it uses in turn. No recursion: a chain may be as long as a file.
    pub(super) fn meet(&mut self, index: &Index<'i>, name: &'i Spanned<SmolStr>, found: &mut Diagnostics) {
        let mut path: Vec<Open<'i>> = self.open(index, name, &[], found).into_iter().collect();
        while let Some(last) = path.last_mut() {
            match last.rest.next() {
                Some(name) => {
                    let next = self.open(index, name, &path, found);
                    path.extend(next);
                }
                None => self.in_order.extend(path.pop().map(|done| done.profile)),
            }
        }
    }

    fn open(
        &mut self,
        index: &Index<'i>,
        name: &'i Spanned<SmolStr>,
        path: &[Open<'i>],
        found: &mut Diagnostics,
    ) -> Option<Open<'i>> {
        let Some(profile) = index.profiles.get(&name.value).copied() else {
            let known = index.profiles.keys().map(SmolStr::as_str);
            found.push(unknown("profile", &Use::whole(&name.value, name.span), known));
            return None;
        };
        if self.met.insert(&name.value) {
            let rest = profile.body.words.uses.as_ref().map_or(&[][..], |uses| &uses.value).iter();
            return Some(Open { profile, at: name.span, rest });
        }
        if let Some(circle) = path.iter().position(|open| std::ptr::eq(open.profile, profile)) {
            found.push(circular(name, path.get(circle + 1..).unwrap_or(&[])));
        }
        None
    }
}

fn circular(name: &Spanned<SmolStr>, circle: &[Open<'_>]) -> Diagnostic {
    let fault = Diagnostic::new(&CYCLE, format!("profile `{}` uses itself", name.value))
        .at(name.span, "this closes the circle");
    let fault = circle.iter().take(3).fold(fault, |fault, open| fault.related(open.at, "by way of this"));
    fault
        .note("a profile's words stand over those it uses, so none of a circle can be laid first")
        .help("take one `use` of the circle out")
}

/// Judges the `use` of every profile of the workspace, whether or not something uses that profile.
pub(super) fn check(index: &Index<'_>, found: &mut Diagnostics) {
    let mut all = Profiles::default();
    for name in
        index.profiles.values().filter_map(|profile| profile.body.words.uses.as_ref()).flat_map(|uses| &uses.value)
    {
        all.meet(index, name, found);
    }
}
