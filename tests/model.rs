//! What guards and templates see of a mesh holds the whole language: every word of the grammar table that says something
//! of a mesh is a field, with its arguments and properties; and what is written has the shape that the schema says.

#![allow(clippy::disallowed_methods, reason = "reads workspaces from the disk and looks at `BLESS`")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a workspace that cannot be read is a fault"
)]

mod workspace;

use mesh::intent::grammar::{self, Place, Word};
use mesh::ir::{Kind, Thing};
use mesh::model::schema::{Described, Object, Shape};
use mesh::model::{Environment, It, Mesh};
use mesh::pipeline::{self, Request};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use workspace::InMemory;

/// Words that are gone once layers are laid: each has had its effect on the rest; and what is said in Istio's own words,
/// of which the language knows no meaning.
const OF_LAYERS: [&str; 8] = ["in", "use", "profile", "platform", "patch", "raw", "template", "extra"];

/// Words about the mesh, which say nothing of it.
const ABOUT_IT: [&str; 3] = ["guard", "ignore", "accept"];

/// Arguments and properties that are not fields, with the reason.
const NOT_FIELDS: [(&str, &str, &str); 6] = [
    ("calls", "SERVICE", "a `callee`"),
    ("calls", "EXTERNAL", "a `callee`"),
    ("fail-open", "BOOL", "`on`: the reason stands beside it"),
    ("route", "before", "its place in the list"),
    ("route", "after", "its place in the list"),
    ("endpoint", "KEY", "the key of a table"),
];

fn snake(word: &str) -> String {
    word.replace('-', "_").to_lowercase()
}

/// Whether a word of the mesh or a namespace is a default alone, found in the services and environments that it reaches.
fn is_default(place: Place, word: &Word) -> bool {
    let of_services = matches!(place, Place::Mesh | Place::Namespace) && word.places.contains(&Place::Profile);
    of_services || place == Place::Mesh && word.name == "var"
}

/// The arguments that a shape names: its words in capitals, outside of its block.
fn arguments(shape: &str) -> Vec<String> {
    let head = shape.split('{').next().unwrap_or_default();
    let words = head.split([' ', '|', ',']).map(|word| word.trim_matches(['+', '*', '?']));
    let is_name = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    words.filter(is_name).map(ToOwned::to_owned).collect()
}

/// Every part of a word that has no field in `object`.
fn missing(place: Place, word: &'static Word, object: Object, seen: &mut BTreeSet<(Place, String)>) -> Vec<String> {
    let at = format!("{}.{}", object.name, snake(word.name));
    let Some(field) = object.field(&snake(word.name)) else {
        return if is_default(place, word) { Vec::new() } else { vec![format!("{at} (in {})", place.words())] };
    };
    let names: Vec<String> = match word.properties {
        ["*"] => Vec::new(),
        properties => properties.iter().map(|name| (*name).to_owned()).chain(arguments(word.shape)).collect(),
    };
    let Some(inner) = field.shape.object() else {
        // A word that is one argument is that value; the reason of one of several values stands beside it.
        let beside = |name: &&String| object.field(name).is_none();
        let fields = word.properties.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut faults: Vec<String> = fields
            .iter()
            .filter(|_| word.properties != ["*"])
            .filter(beside)
            .map(|name| format!("{at}.{name}"))
            .collect();
        faults.extend(
            word.block.iter().flat_map(|block| grammar::words_in(*block)).map(|word| format!("{at}.{}", word.name)),
        );
        return faults;
    };
    let is_field = |name: &str| {
        let excused = NOT_FIELDS.iter().any(|(of, part, _)| *of == word.name && *part == name);
        excused || inner.field(&snake(name)).is_some()
    };
    let mut faults: Vec<String> =
        names.iter().filter(|name| !is_field(name)).map(|name| format!("{at}.{}", snake(name))).collect();
    if let Some(block) = word.block.filter(|block| seen.insert((*block, inner.name.to_owned()))) {
        for word in grammar::words_in(block).filter(|word| !OF_LAYERS.contains(&word.name)) {
            faults.extend(missing(block, word, inner, seen));
        }
    }
    faults
}

#[test]
fn every_word_of_the_language_is_a_field() {
    let top = |word: &'static Word| match word.name {
        "mesh" => Mesh::shape().object(),
        "environment" => Environment::shape().object(),
        name => Mesh::shape().object().unwrap().field(&snake(name)).and_then(|field| field.shape.object()),
    };
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let says_something = |word: &&Word| !OF_LAYERS.contains(&word.name) && !ABOUT_IT.contains(&word.name);
    for word in grammar::words_in(Place::Top).filter(says_something) {
        let Some(object) = top(word) else {
            faults.push(format!("Mesh.{}", snake(word.name)));
            continue;
        };
        for inner in grammar::words_in(word.block.unwrap()).filter(|word| !OF_LAYERS.contains(&word.name)) {
            faults.extend(missing(word.block.unwrap(), inner, object, &mut seen));
        }
    }
    assert!(faults.is_empty(), "words without a field of the model:\n{}", faults.join("\n"));
    assert!(seen.len() > 35, "the walk met {} blocks", seen.len());
}

#[test]
fn a_word_without_a_field_is_found() {
    let of_gateway = It::object(Kind::Gateway).unwrap();
    let word = grammar::find(Place::Service, "breaker").unwrap();
    assert_eq!(missing(Place::Service, word, of_gateway, &mut BTreeSet::new()), ["Gateway.breaker (in `service`)"]);
    let port = grammar::find(Place::Service, "port").unwrap();
    let listener = It::object(Kind::Gateway).unwrap().field("listen").unwrap().shape.object().unwrap();
    let faults = missing(Place::Service, port, listener, &mut BTreeSet::new());
    assert_eq!(faults, ["Listener.port (in `service`)"]);
    assert_eq!(arguments("NAME VALUE* | NAME prefix=TEXT { not { N } }"), ["NAME", "VALUE", "NAME"]);
}

/// Where a value has not the shape that the schema says.
fn misfits(value: &Value, shape: &Shape, at: &str) -> Vec<String> {
    let all = |items: Vec<Vec<String>>| items.into_iter().flatten().collect();
    match (shape, value) {
        (Shape::Text, Value::String(_)) | (Shape::Flag, Value::Bool(_)) | (Shape::Optional(_), Value::Null) => {
            Vec::new()
        }
        (Shape::Whole, Value::Number(number)) if number.is_i64() => Vec::new(),
        (Shape::Number, Value::Number(_)) => Vec::new(),
        (Shape::Optional(inner), value) => misfits(value, inner, at),
        (Shape::List(inner), Value::Array(items)) => {
            all(items.iter().enumerate().map(|(i, item)| misfits(item, inner, &format!("{at}[{i}]"))).collect())
        }
        (Shape::Table(inner), Value::Object(items)) => {
            all(items.iter().map(|(key, item)| misfits(item, inner, &format!("{at}.{key}"))).collect())
        }
        (Shape::Object(object), Value::Object(items)) => {
            let fields = (object.fields)();
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let written: Vec<&str> = items.keys().map(String::as_str).collect();
            assert_eq!(names, written, "{at}");
            all(fields
                .iter()
                .map(|field| misfits(&items[field.name], &field.shape, &format!("{at}.{}", field.name)))
                .collect())
        }
        (shape, value) => vec![format!("{at}: expected {shape:?}, found {value}")],
    }
}

fn folders(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut folders: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("mesh.kdl").is_file());
    folders.sort();
    folders
}

fn read(folder: &Path) -> pipeline::Workspace {
    let pages = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = pages.filter(|path| path.extension().is_some_and(|end| end == "kdl")).collect();
    pages.sort();
    let text = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        format!("// file: {name}\n{}", fs::read_to_string(path).unwrap())
    };
    let text: Vec<String> = pages.iter().map(text).collect();
    pipeline::read(&InMemory::split(&text.join("\n")), &Request::default())
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    let folders = folders("tests/compile").into_iter().chain(folders("examples"));
    let mut met = BTreeSet::new();
    for folder in folders {
        for (name, mesh) in read(&folder).environments {
            let Some(mesh) = mesh else { panic!("{} has no {name}", folder.display()) };
            let environment = serde_json::to_value(Environment::of(&mesh)).unwrap();
            assert!(misfits(&environment, &Environment::shape(), "environment").is_empty());
            for kind in Kind::ALL {
                for thing in kind.things(&mesh) {
                    let value = serde_json::to_value(It::of(thing, &mesh)).unwrap();
                    let faults = misfits(&value, &Shape::Object(It::object(kind).unwrap()), kind.word());
                    assert!(faults.is_empty(), "{}: {}", folder.display(), faults.join("\n"));
                    met.insert(kind);
                }
            }
        }
    }
    assert_eq!(met.len(), Kind::ALL.len());
}

/// The models of a workspace, by name, each a file that `BLESS=1` writes.
#[test]
fn the_model_of_a_bank_is_the_one_that_was_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = read(&root.join("examples/bank"));
    let mesh = workspace.environments.iter().find(|(name, _)| name == "prod").unwrap().1.as_ref().unwrap();
    let wanted = ["payments.payments", "public", "card-network.payments", "ledger"];
    let things = Kind::ALL.iter().flat_map(|kind| kind.things(mesh)).filter(|thing| *thing != Thing::Mesh);
    let mut met = 0;
    for thing in things.filter(|thing| wanted.contains(&thing.name(mesh).as_str())) {
        met += 1;
        let text = serde_json::to_string_pretty(&It::of(thing, mesh)).unwrap() + "\n";
        let path = root.join(format!("tests/model/{}.json", thing.name(mesh)));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
    }
    assert!(met == wanted.len(), "the bank has {met} of them");
}
