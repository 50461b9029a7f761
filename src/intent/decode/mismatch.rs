use super::Decoder;
use crate::diagnostic::{Code, Diagnostic, nearest, or_list};
use crate::intent::codes::{COMMA_IN_NAME, OUT_OF_RANGE, UNKNOWN_VALUE, WRONG_TYPE};
use crate::source::Span;
use crate::syntax::{Entry, Value};
use crate::value::Mismatch;

impl Decoder<'_> {
    /// Whether a string is written without quotes.
    pub(super) fn is_bare(&self, entry: &Entry<'_>) -> bool {
        !self.written(entry.value_span).ends_with(['"', '#'])
    }

    /// Reports a list that is written with commas: KDL takes them for letters.
    pub(super) fn comma(&mut self, entry: &Entry<'_>, text: &str) {
        let words: Vec<String> = text.split(',').filter(|word| !word.is_empty()).map(quoted_if_needed).collect();
        let fault = Diagnostic::new(&COMMA_IN_NAME, format!("expected values with spaces between, found `{text}`"))
            .at(entry.value_span, "the comma is part of this word")
            .note("KDL separates values by spaces; a comma is a character like any other");
        self.found.push(match (words.as_slice(), &entry.key) {
            ([], _) => fault.help("leave it out"),
            ([word], _) => fault.fix("leave the comma out", entry.value_span, word),
            (words, None) => fault.fix("write spaces", entry.value_span, words.join(" ")),
            (_, Some(_)) => fault.fix("a comma in a text is quoted", entry.value_span, format!("\"{text}\"")),
        });
    }

    /// Reports a value of another type of KDL than `expected`.
    pub(in crate::intent) fn wrong_type(&mut self, entry: &Entry<'_>, expected: &str) {
        let written = self.written(entry.value_span);
        let kind = match entry.value {
            Value::String(_) => "a string",
            Value::Integer(_) => "a number",
            Value::Decimal(_) => "a number with a point",
            Value::Boolean(_) => "a boolean",
            // Reported wherever it stands: the language does not have it.
            Value::Null => return,
        };
        let fault = Diagnostic::new(&WRONG_TYPE, format!("expected {expected}, found {kind}: `{written}`"))
            .at(entry.value_span, format!("{kind} in KDL"));
        self.found.push(match (&entry.value, expected) {
            (Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_), "a string") => {
                let text = written.trim_start_matches('#');
                fault.fix("quote it", entry.value_span, format!("\"{text}\""))
            }
            (Value::String(text), "a whole number") => match text.trim_end_matches('%').parse::<u32>() {
                Ok(number) => fault.fix("write the number alone", entry.value_span, number.to_string()),
                Err(_) => fault,
            },
            (Value::String(text), "a number") => match text.trim_end_matches('%').parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    fault.fix("write the number alone", entry.value_span, number.to_string())
                }
                Ok(_) | Err(_) => fault,
            },
            (Value::String(text), "`#true` or `#false`") if text == "true" || text == "false" => {
                fault.fix("a boolean begins with `#`", entry.value_span, format!("#{text}"))
            }
            (Value::String(_) | Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null, _) => fault,
        });
    }

    /// Reports what is no string, where one of a type is expected; what the type takes is offered, and nothing else: a
    /// number where a duration stands is one of seconds.
    pub(super) fn wrong_type_of(&mut self, entry: &Entry<'_>, takes: impl Fn(&str) -> bool) {
        let written = self.written(entry.value_span);
        let plain = written.trim_start_matches('#');
        let (kind, is_number) = match entry.value {
            Value::Integer(_) => ("a number", true),
            Value::Decimal(_) => ("a number with a point", true),
            Value::Boolean(_) => ("a boolean", false),
            Value::String(_) | Value::Null => return,
        };
        let fault = Diagnostic::new(&WRONG_TYPE, format!("expected a string, found {kind}: `{written}`"))
            .at(entry.value_span, format!("{kind} in KDL"));
        let seconds = format!("{plain}s");
        self.found.push(if takes(plain) {
            fault.fix("quote it", entry.value_span, format!("\"{plain}\""))
        } else if is_number && takes(&seconds) {
            fault.fix("seconds are said with their unit", entry.value_span, format!("\"{seconds}\""))
        } else {
            fault
        });
    }

    /// Reports a number that is not as `expected`.
    pub(super) fn out_of_range(&mut self, entry: &Entry<'_>, expected: &str) {
        let written = self.written(entry.value_span);
        self.found.push(
            Diagnostic::new(&OUT_OF_RANGE, format!("expected {expected}, found `{written}`"))
                .at(entry.value_span, "outside the range"),
        );
    }

    /// Reports a text that is none of the words of a fixed choice.
    pub(super) fn not_chosen(&mut self, (text, span): (&str, Span), words: impl Iterator<Item = &'static str> + Clone) {
        let title = format!("expected {}, found `{text}`", or_list(words.clone()));
        let fault = Diagnostic::new(&UNKNOWN_VALUE, title).at(span, "no such choice");
        self.found.push(match nearest(text, words) {
            Some(word) => fault.fix(format!("did you mean `{word}`?"), span, quoted_if_needed(word)),
            None => fault,
        });
    }

    /// Reports a text that is not of its type.
    pub(in crate::intent) fn mismatch(&mut self, code: &'static Code, (text, span): (&str, Span), mismatch: Mismatch) {
        let Mismatch { expected, because, instead } = mismatch;
        let fault = Diagnostic::new(code, format!("expected {expected}, found `{text}`")).at(span, because);
        self.found.push(match instead {
            Some(instead) => fault.fix(format!("write `{instead}`"), span, quoted_if_needed(&instead)),
            None => fault,
        });
    }
}

/// `text` as KDL reads it: bare where that is possible.
fn quoted_if_needed(text: &str) -> String {
    if needs_quotes(text) { format!("\"{text}\"") } else { text.to_owned() }
}

/// Whether KDL reads `text` otherwise, or not at all, without quotes.
fn needs_quotes(text: &str) -> bool {
    let special = |c: char| c.is_whitespace() || c.is_control() || "/\\{}()[];=#\"".contains(c);
    let keyword = matches!(text, "true" | "false" | "null" | "inf" | "-inf" | "nan");
    let number = text.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    text.is_empty() || keyword || number || text.contains(special)
}
