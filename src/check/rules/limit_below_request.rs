use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Resources;
use crate::source::Decided;
use crate::value::Quantity;

pub(super) static CODE: Code = code!("limit-below-request", Error, "a proxy that may use less than is kept for it");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for proxy in subject.mesh.proxies() {
        let Resources { cpu, memory, cpu_limit, memory_limit } = &proxy.resources;
        let [of_cpu, most_cpu, of_memory, most_memory] = Resources::UNSAID;
        judge(("cpu", cpu, of_cpu), ("cpu-limit", cpu_limit, most_cpu), found);
        judge(("memory", memory, of_memory), ("memory-limit", memory_limit, most_memory), found);
    }
}

/// A word, what is said, and what holds where nothing is.
type Said<'s> = (&'static str, &'s Option<Decided<Quantity>>, &'static str);

fn judge((request, kept, few): Said<'_>, (limit, most, much): Said<'_>, found: &mut Diagnostics) {
    let quantity = |said: &Option<Decided<Quantity>>, unsaid| match said {
        Some(said) => Some(said.value.clone()),
        None => Quantity::parse(unsaid).ok(),
    };
    let (Some(least), Some(greatest)) = (quantity(kept, few), quantity(most, much)) else { return };
    if !least.exceeds(&greatest) {
        return;
    }
    let (kept, most) = (kept.as_ref().and_then(Decided::span), most.as_ref().and_then(Decided::span));
    let fault =
        Diagnostic::new(&CODE, format!("`{limit} {greatest}` is less than the `{request} {least}` that is kept"))
            .at_known(most.or(kept), "no pod with this proxy would start")
            .note("Kubernetes refuses a container whose limit is below its request");
    let fault = match (kept, most) {
        (Some(kept), Some(_)) => fault.related(kept, "what is kept"),
        (Some(_), None) => fault.note(format!("unsaid, `{limit}` is {greatest}")),
        (None, _) => fault.note(format!("unsaid, `{request}` is {least}")),
    };
    found.push(fault.help("raise the limit, or keep less"));
}
