use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Exposure, Service};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("host-claimed-twice", Error, "one path of one host exposed twice");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for ((_, host), exposures) in exposed(subject.mesh) {
        let mut first: BTreeMap<&str, (&Service, &Exposure, Span)> = BTreeMap::new();
        for (service, exposure) in exposures {
            for path in &exposure.paths {
                let Some((other, earlier, span)) = first.get(path.value.text().as_str()) else {
                    first.insert(path.value.text(), (service, exposure, path.span));
                    continue;
                };
                if std::ptr::eq(*earlier, exposure) {
                    continue;
                }
                found.push(
                    Diagnostic::new(&CODE, format!("`{}` of `{host}` is exposed twice", path.value))
                        .at(path.span, format!("by `{}`", service.name))
                        .related(*span, format!("by `{}` too", other.name))
                        .note("the rules of a host are one list, and the first that matches wins: the other would never be reached")
                        .help("let one of them have another path; one path may lie inside another, then the longer wins"),
                );
            }
        }
    }
}
