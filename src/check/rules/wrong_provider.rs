use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_list};
use crate::ir::Signal;

pub(super) static CODE: Code = code!("wrong-provider", Error, "a provider that does not take what it is told");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for telemetry in mesh.telemetries() {
        let told = [
            (Signal::Logs, telemetry.logs_to()),
            (Signal::Traces, telemetry.traces_to()),
            (Signal::Metrics, telemetry.counts_in()),
        ];
        for (signal, provider) in told {
            let Some(said) = provider else { continue };
            let provider = mesh.provider(said.value);
            let takes = provider.kind.signal();
            if takes == signal {
                continue;
            }
            let fitting = mesh.providers.iter().filter(|other| other.kind.signal() == signal);
            let fitting: Vec<String> = fitting.map(|other| format!("`{}`", other.name)).collect();
            let fault =
                Diagnostic::new(&CODE, format!("`{}` takes {}, no {}", provider.name, takes.word(), signal.word()))
                    .at_known(said.span(), format!("is told {}", signal.word()))
                    .note("Istio looks for the part of a provider that takes them, finds none, and tells nobody");
            let fault = match provider.origin.span {
                Some(span) => fault.related(span, "what it is"),
                None => fault,
            };
            found.push(if fitting.is_empty() {
                fault.help(format!("declare a provider of {} in `mesh`", signal.word()))
            } else {
                fault.help(format!("write {}", or_list(fitting.iter().map(String::as_str))))
            });
        }
    }
}
