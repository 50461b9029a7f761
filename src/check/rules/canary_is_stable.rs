use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_list};

pub(super) static CODE: Code = code!("canary-is-stable", Error, "a canary of the version that is stable");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        let Some(canary) = service.canary.as_ref().filter(|canary| canary.candidate.value == canary.stable.value)
        else {
            continue;
        };
        let names = service.versions.iter().map(|version| version.name.value.as_str());
        let name = names.clone().nth(canary.candidate.value).unwrap_or("");
        let others: Vec<&str> = names.filter(|other| *other != name).collect();
        let (place, fact) = match canary.stable.span() {
            Some(span) => (Some(span), "both the stable version and the one that is tried out"),
            None => (canary.candidate.span(), "the first of `versions`, which is the stable one"),
        };
        let fault = Diagnostic::new(&CODE, format!("`{name}` is tried out against itself"))
            .at_known(place, fact)
            .note("both shares would go to one subset, so the split decides nothing");
        found.push(match (others.as_slice(), place) {
            ([other], Some(span)) => fault.fix(format!("did you mean `{other}`?"), span, *other),
            ([], _) => fault.help("add the version that is tried out to `versions`"),
            (others, _) => fault.help(format!("name another version: {}", or_list(others.iter().copied()))),
        });
    }
}
