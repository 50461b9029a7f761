use super::Decoder;
use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::Said;
use crate::intent::codes::{COMMA_IN_NAME, OUT_OF_RANGE, UNDEFINED_VARIABLE, UNKNOWN_VALUE, WRONG_TYPE};
use crate::intent::from_text::FromText;
use crate::source::Spanned;
use crate::syntax::{Entry, Value};
use crate::value::{Mismatch, Percent, Port};
use std::borrow::Cow;
use std::ops::RangeInclusive;

impl Decoder<'_> {
    /// A string, with the environment's variables inserted.
    pub(in crate::intent) fn text<'n>(&mut self, entry: &'n Entry<'_>) -> Said<Cow<'n, str>> {
        let Value::String(text) = &entry.value else {
            self.wrong_type(entry, "a string");
            return None;
        };
        let text = if text.contains("${") { self.insert(entry, text)?.into() } else { Cow::Borrowed(text.as_ref()) };
        Some(Spanned::new(text, entry.value_span))
    }

    /// A string that is of the type `T`.
    pub(in crate::intent) fn value<T: FromText>(&mut self, entry: &Entry<'_>) -> Said<T> {
        let text = self.text(entry)?;
        match T::from_text(&text.value) {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(mismatch) => {
                self.mismatch::<T>(entry, &text.value, mismatch);
                None
            }
        }
    }

    /// A whole number of `range`.
    pub(in crate::intent) fn integer(&mut self, entry: &Entry<'_>, range: RangeInclusive<u32>) -> Said<u32> {
        let Value::Integer(number) = entry.value else {
            self.wrong_type(entry, "a whole number");
            return None;
        };
        match u32::try_from(number).ok().filter(|number| range.contains(number)) {
            Some(number) => Some(Spanned::new(number, entry.value_span)),
            None => {
                self.range(entry, &format!("a number from {} to {}", range.start(), range.end()));
                None
            }
        }
    }

    /// A whole number from 0 to 100.
    pub(in crate::intent) fn percent(&mut self, entry: &Entry<'_>) -> Said<Percent> {
        self.number(entry, Percent::new)
    }

    /// A port.
    pub(in crate::intent) fn port(&mut self, entry: &Entry<'_>) -> Said<Port> {
        self.number(entry, Port::new)
    }

    /// `#true` or `#false`.
    pub(in crate::intent) fn boolean(&mut self, entry: &Entry<'_>) -> Said<bool> {
        if let Value::Boolean(value) = entry.value {
            return Some(Spanned::new(value, entry.value_span));
        }
        self.wrong_type(entry, "`#true` or `#false`");
        None
    }

    /// One of the words of a fixed choice.
    pub(in crate::intent) fn choice<T: Copy>(&mut self, entry: &Entry<'_>, choices: &[(&'static str, T)]) -> Said<T> {
        let text = self.text(entry)?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text.value) {
            return Some(Spanned::new(*value, text.span));
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let fault = Diagnostic::new(&UNKNOWN_VALUE, format!("expected one of {listed}, found `{}`", text.value))
            .at(text.span, "not one of them");
        self.found.push(match nearest(&text.value, words.iter().copied()) {
            Some(word) => fault.fix(format!("did you mean `{word}`?"), text.span, word),
            None => fault,
        });
        None
    }

    fn number<T>(&mut self, entry: &Entry<'_>, read: impl Fn(i128) -> Result<T, Mismatch>) -> Said<T> {
        let Value::Integer(number) = entry.value else {
            self.wrong_type(entry, "a whole number");
            return None;
        };
        match read(number) {
            Ok(value) => Some(Spanned::new(value, entry.value_span)),
            Err(mismatch) => {
                self.range(entry, &mismatch.expected);
                None
            }
        }
    }

    fn range(&mut self, entry: &Entry<'_>, expected: &str) {
        self.found.push(
            Diagnostic::new(&OUT_OF_RANGE, format!("expected {expected}, found `{}`", shown(&entry.value)))
                .at(entry.value_span, "outside the range"),
        );
    }

    pub(in crate::intent) fn wrong_type(&mut self, entry: &Entry<'_>, expected: &str) {
        if matches!(entry.value, Value::Null) {
            return;
        }
        let kind = match entry.value {
            Value::String(_) => "a string",
            Value::Integer(_) | Value::Decimal(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::Null => "nothing",
        };
        let title = match &entry.value {
            Value::String(text) => format!("expected {expected}, found {kind}: `{text}`"),
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
                format!("expected {expected}, found {kind}")
            }
        };
        let fault = Diagnostic::new(&WRONG_TYPE, title).at(entry.value_span, format!("{kind} in KDL"));
        self.found.push(match (&entry.value, expected) {
            // As it is written: the number of `1.30` is 1.3.
            (Value::Integer(_) | Value::Decimal(_), "a string") => {
                fault.fix_around("quote it", entry.value_span, ("\"", "\""))
            }
            (Value::Boolean(value), "a string") => fault.fix("quote it", entry.value_span, format!("\"{value}\"")),
            (Value::String(text), "a whole number") => match text.trim_end_matches('%').parse::<u32>() {
                Ok(number) => fault.fix("write the number alone", entry.value_span, number.to_string()),
                Err(_) => fault,
            },
            (Value::String(text), "`#true` or `#false`") if text == "true" || text == "false" => {
                fault.fix("a boolean begins with `#`", entry.value_span, format!("#{text}"))
            }
            (Value::String(_) | Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null, _) => fault,
        });
    }

    fn mismatch<T: FromText>(&mut self, entry: &Entry<'_>, text: &str, mismatch: Mismatch) {
        let Mismatch { expected, because, instead } = mismatch;
        let bare = text.trim_end_matches(',');
        if text.ends_with(',') && T::from_text(bare).is_ok() {
            self.found.push(
                Diagnostic::new(&COMMA_IN_NAME, format!("expected `{bare}`, found `{text}`"))
                    .at(entry.value_span, "the comma is part of this word")
                    .note("KDL separates values by spaces; a comma is a character like any other")
                    .fix("leave the comma out", entry.value_span, bare),
            );
            return;
        }
        let fault =
            Diagnostic::new(T::CODE, format!("expected {expected}, found `{text}`")).at(entry.value_span, because);
        self.found.push(match instead {
            Some(instead) => {
                let text = if needs_quotes(&instead) { format!("\"{instead}\"") } else { instead };
                fault.fix(format!("write {}", text.trim_matches('"')), entry.value_span, text)
            }
            None => fault,
        });
    }

    fn insert(&mut self, entry: &Entry<'_>, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            if let Some(before) = before.strip_suffix('$') {
                out.push_str(before);
                out.push_str("${");
                rest = from.get(2..).unwrap_or("");
                continue;
            }
            out.push_str(before);
            let Some((name, after)) = from.get(2..).and_then(|from| from.split_once('}')) else {
                self.unclosed(entry);
                return None;
            };
            match self.scope.value(name) {
                Some(value) => out.push_str(value),
                None => return self.undefined(entry, name),
            }
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    fn unclosed(&mut self, entry: &Entry<'_>) {
        self.found.push(
            Diagnostic::new(&UNDEFINED_VARIABLE, "expected `}` after `${`, found the end of the string")
                .at(entry.value_span, "a variable begins here and does not end")
                .help("close it, or write `$${` for the characters `${`"),
        );
    }

    fn undefined(&mut self, entry: &Entry<'_>, name: &str) -> Option<String> {
        let environment = self.scope.name();
        let fault =
            Diagnostic::new(&UNDEFINED_VARIABLE, format!("no variable `{name}` in environment `{environment}`"))
                .at(entry.value_span, "inserted here");
        let known = self.scope.variables.keys().map(smol_str::SmolStr::as_str);
        self.found.push(match nearest(name, known) {
            Some(near) => fault.help(format!("did you mean `${{{near}}}`?")),
            None => fault
                .help(format!("add `var {name} VALUE` to `environment {environment}`, or to `mesh` for all of them")),
        });
        None
    }
}

/// A value as it is written.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(value) => format!("#{value}"),
        Value::Null => "#null".to_owned(),
    }
}

/// Whether KDL reads `text` otherwise, or not at all, without quotes.
pub(in crate::intent) fn needs_quotes(text: &str) -> bool {
    let special = |c: char| c.is_whitespace() || c.is_control() || "/\\{}()[];=#\"".contains(c);
    let keyword = matches!(text, "true" | "false" | "null" | "inf" | "-inf" | "nan");
    let number = text.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    text.is_empty() || keyword || number || text.contains(special)
}
