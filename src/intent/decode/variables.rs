use super::Decoder;
use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::Said;
use crate::intent::codes::UNDEFINED_VARIABLE;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Value};
use smol_str::SmolStr;

/// Why a text cannot be completed.
enum Gap<'t> {
    /// A `${` without its `}`.
    Unclosed,
    /// No variable has this name.
    Undefined(&'t str),
}

impl Decoder<'_> {
    /// `text` with the environment's variables inserted.
    pub(super) fn insert(&mut self, entry: &Entry<'_>, text: &str) -> Option<String> {
        let completed = complete(text, |name| self.scope.value(name).map(SmolStr::as_str));
        let fault = match completed {
            Ok(text) => return Some(text),
            Err(Gap::Unclosed) => unclosed(entry),
            Err(Gap::Undefined(_)) if self.scope.lacks_variables => return None,
            Err(Gap::Undefined(name)) => self.undefined(entry, name),
        };
        self.found.push(fault);
        None
    }

    /// The value of a variable, into which no other is inserted.
    pub(in crate::intent) fn value_of_variable(&mut self, entry: &Entry<'_>) -> Said<SmolStr> {
        let Value::String(text) = &entry.value else {
            self.wrong_type(entry, "a string");
            return None;
        };
        let fault = match complete(text, |_| None) {
            Ok(text) => return Some(Spanned::new(text.into(), entry.value_span)),
            Err(Gap::Unclosed) => unclosed(entry),
            Err(Gap::Undefined(_)) => Diagnostic::new(&UNDEFINED_VARIABLE, "no variable is inserted into another")
                .at(entry.value_span, "the value of a variable")
                .help("write its whole value here, or `$${` for the characters `${`"),
        };
        self.found.push(fault);
        None
    }

    fn undefined(&self, entry: &Entry<'_>, name: &str) -> Diagnostic {
        let environment = self.scope.name();
        let span = self.place_of(entry, name);
        let title = format!("no variable `{name}` in environment `{environment}`");
        let fault = Diagnostic::new(&UNDEFINED_VARIABLE, title).at(span, "inserted here");
        match nearest(name, self.scope.variables.keys().map(SmolStr::as_str)) {
            Some(near) => fault.fix(format!("did you mean `{near}`?"), span, format!("${{{near}}}")),
            None => fault.help(format!(
                "define it: `var {name} VALUE` in `mesh`, or in `environment {environment}` for it alone"
            )),
        }
    }

    /// Where `${name}` stands in a value; all of it where escapes spell it.
    fn place_of(&self, entry: &Entry<'_>, name: &str) -> Span {
        let (span, inserted) = (entry.value_span, format!("${{{name}}}"));
        let place = self.written(span).find(&inserted).and_then(|at| {
            let start = span.start.checked_add(u32::try_from(at).ok()?)?;
            Some(Span { start, end: start.checked_add(u32::try_from(inserted.len()).ok()?)?, ..span })
        });
        place.unwrap_or(span)
    }
}

fn unclosed(entry: &Entry<'_>) -> Diagnostic {
    Diagnostic::new(&UNDEFINED_VARIABLE, "expected `}` after `${`, found the end of the string")
        .at(entry.value_span, "a variable begins here and does not end")
        .help("close it, or write `$${` for the characters `${`")
}

/// `text` with the value of each `${name}` in its place, and `${` for each `$${`.
fn complete<'t, 'v>(text: &'t str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Gap<'t>> {
    let mut completed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            completed.push_str(before);
            completed.push_str("${");
            rest = after;
            continue;
        }
        let (name, after) = after.split_once('}').ok_or(Gap::Unclosed)?;
        completed.push_str(before);
        completed.push_str(value(name).ok_or(Gap::Undefined(name))?);
        rest = after;
    }
    completed.push_str(rest);
    Ok(completed)
}

#[cfg(test)]
mod tests {
    use super::complete;

    #[test]
    fn inserts_what_stands_between_the_braces() {
        let value = |name: &str| (name == "ring").then_some("canary");
        for (text, completed) in [
            ("", Some("")),
            ("${ring}", Some("canary")),
            ("a${ring}b${ring}", Some("acanarybcanary")),
            ("$${ring} $${", Some("${ring} ${")),
            ("$$${ring}", Some("$${ring}")),
            ("${rang}", None),
            ("${ring", None),
            ("${}", None),
            ("$ring}", Some("$ring}")),
        ] {
            assert_eq!(complete(text, value).ok().as_deref(), completed, "{text}");
        }
    }
}
