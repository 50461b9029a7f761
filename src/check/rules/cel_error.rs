use crate::check::Subject;
use crate::check::guards::{self, Wrong};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expression::Fault;
use crate::ir::{Guard, Kind};
use crate::source::Text;

pub(super) static CODE: Code = code!("cel-error", Error, "an expression of CEL that has no answer");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for guard in &subject.mesh.guards {
        for Wrong { quoted, fault } in guards::read(guard).err().into_iter().flatten() {
            found.push(of_kind(guard, &fault, told(quoted, &fault)));
        }
    }
}

/// A fault in an expression, at its place.
pub(super) fn told(quoted: &Text, fault: &Fault) -> Diagnostic {
    let Fault { at, title, label, instead, help } = fault;
    let place = quoted.exact(at);
    let told = Diagnostic::new(&CODE, title.clone());
    let told = match place {
        Some(place) => told.at(place, label.clone()),
        None => {
            let line = quoted.text.get(..at.start).unwrap_or_default();
            let (row, column) =
                (line.matches('\n').count() + 1, line.chars().rev().take_while(|it| *it != '\n').count() + 1);
            told.at(quoted.span, format!("line {row}, column {column} of the expression: {label}"))
        }
    };
    let told = match (instead, place) {
        (Some(instead), Some(place)) => told.fix(format!("did you mean `{instead}`?"), place, instead.clone()),
        (Some(instead), None) => told.help(format!("did you mean `{instead}`?")),
        (None, _) => told,
    };
    help.iter().fold(told, |told, help| told.help(help.clone()))
}

/// What else to say where a guard names things of a kind that it is not for.
fn of_kind(guard: &Guard, fault: &Fault, told: Diagnostic) -> Diagnostic {
    let named = Kind::ALL.into_iter().find(|kind| fault.title == format!("nothing is named `{}` here", kind.word()));
    match named.filter(|_| guard.kind == Kind::Mesh) {
        Some(kind) => told.note("a guard without `for=` is for the mesh").help(format!(
            "say what it is for: `guard {} for={}`",
            guard.name,
            kind.word()
        )),
        None => told,
    }
}
