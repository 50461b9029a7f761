//! `mesh schema`: the language, what guards and templates see, and what `--format json` gives, as JSON Schema.

mod access;
mod grammar;
mod model;
mod report;

use super::arguments::Schema;
use super::exit::{Exit, Outcome};
use super::screen::Screen;
use clap::ValueEnum;
use serde_json::{Value, json};

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Subject {
    Grammar,
    Model,
    Diagnostics,
    Compile,
    Explain,
    Can,
    Who,
    Diff,
}

/// `mesh schema`.
pub(super) fn run(arguments: &Schema, screen: &mut Screen) -> Outcome {
    let schema = match arguments.subject {
        Subject::Grammar => grammar::schema(),
        Subject::Model => model::schema(),
        Subject::Diagnostics => report::diagnostics(),
        Subject::Compile => report::compile(),
        Subject::Explain => report::explain(),
        Subject::Can => access::can(),
        Subject::Who => access::who(),
        Subject::Diff => report::diff(),
    };
    screen.say(&format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
    Ok(Exit::Fine)
}

/// A whole schema.
fn whole(title: &str, description: &str, rest: Value) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description,
    });
    if let (Some(fields), Value::Object(rest)) = (schema.as_object_mut(), rest) {
        fields.extend(rest);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::{access, grammar, model, report};
    use serde_json::Value;

    /// Every `$ref` of a value.
    fn references(value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) => {
                let own = fields.get("$ref").and_then(Value::as_str).map(str::to_owned);
                own.into_iter().chain(fields.values().flat_map(references)).collect()
            }
            Value::Array(items) => items.iter().flat_map(references).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let reports = [report::diagnostics(), report::compile(), report::explain(), report::diff()];
        let all = [grammar::schema(), model::schema(), access::can(), access::who()];
        for schema in all.into_iter().chain(reports) {
            let references = references(&schema);
            assert!(!references.is_empty(), "{schema:?}");
            for reference in references {
                let pointer = reference.trim_start_matches('#');
                assert!(schema.pointer(pointer).is_some(), "{reference}");
            }
        }
    }
}
