//! Puts the rows of the grammar table into the pages of the book, where `{{#words}}` stands. mdBook starts it (`book.toml`) with the whole book as JSON on standard input, and reads that back.

use mesh::intent::grammar::{self, Place, Repeats, WORDS, Word};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::process::ExitCode;

#[allow(clippy::disallowed_methods, reason = "an edge: mdBook says what it wants by the first argument")]
fn main() -> ExitCode {
    // `reference supports html`: whether it works with a renderer; it does with all.
    if std::env::args().nth(1).is_some_and(|word| word == "supports") {
        return ExitCode::SUCCESS;
    }
    match book() {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("reference: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The book that stands on standard input, with its words.
fn book() -> Result<Value, String> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    let both: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut book = both.get(1).cloned().ok_or("expected the context and the book")?;
    insert(&mut book);
    Ok(book)
}

const ASKED: &str = "{{#words}}";

/// Fills every page of a part of the book.
fn insert(part: &mut Value) {
    match part {
        Value::Object(fields) => {
            if let Some(Value::String(page)) = fields.get_mut("content") {
                *page = page.replace(ASKED, &places());
            }
            fields.values_mut().for_each(insert);
        }
        Value::Array(parts) => parts.iter_mut().for_each(insert),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every place with its words.
fn places() -> String {
    let places: BTreeSet<Place> = WORDS.iter().copied().flatten().flat_map(|word| word.places).copied().collect();
    let section = |place: Place| {
        let rows: String = grammar::words_in(place).map(row).collect();
        let preposition = if place == Place::Top { "At" } else { "In" };
        format!("## {preposition} {}\n\n{rows}\n", place.words())
    };
    places.into_iter().map(section).collect()
}

fn row(word: &Word) -> String {
    let Word { name, shape, meaning, repeats, .. } = word;
    let how_often = match repeats {
        Repeats::Once => "once",
        Repeats::Many => "many",
        Repeats::Keyed => "once for each key",
        Repeats::Adds => "adds up",
    };
    format!("- `{name} {shape}` ({how_often}). {meaning}\n")
}
