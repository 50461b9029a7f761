use super::Said;
use super::decode::{Decoder, argument, property, push_keyed};
use super::grammar::{Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Name, WorkspacePath};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "template",
        places: &[Place::Top],
        shape: "NAME for=mesh|namespace|service|workload|gateway|external file=FILE { param NAME default=TEXT }",
        arguments: (1, 1),
        properties: &["for", "file"],
        block: Some(Place::Template),
        repeats: Repeats::Many,
        meaning: "A text with holes from which objects are made that the language has no words for, one set for each thing that asks for it by `extra`.",
    },
    Word {
        name: "param",
        places: &[Place::Template],
        shape: "NAME default=TEXT",
        arguments: (1, 1),
        properties: &["default"],
        block: None,
        repeats: Repeats::Many,
        meaning: "What whoever asks for the template says besides; without a default it has to be said.",
    },
];

/// `template NAME for=KIND file=FILE { }`.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub name: Spanned<Name>,
    /// What asks for it.
    pub holder: Holder,
    /// Its text.
    pub file: Spanned<WorkspacePath>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// The kinds of things for which a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The mesh.
    Mesh,
    /// Namespaces.
    Namespace,
    /// Services.
    Service,
    /// Workloads.
    Workload,
    /// Gateways.
    Gateway,
    /// Externals.
    External,
}

/// `param NAME default=TEXT`.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Spanned<Name>,
    /// What holds where nobody says it; none: it has to be said.
    pub default: Said<SmolStr>,
}

const HOLDERS: [(&str, Holder); 6] = [
    ("mesh", Holder::Mesh),
    ("namespace", Holder::Namespace),
    ("service", Holder::Service),
    ("workload", Holder::Workload),
    ("gateway", Holder::Gateway),
    ("external", Holder::External),
];

/// Reads `template`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Template> {
    let name = decoder.name(argument(node, 0)?);
    let help = |fault: Diagnostic, _| fault.help("say what asks for it: `for=service`");
    let holder = decoder.required(node, "for", help).and_then(|entry| decoder.choice(entry, &HOLDERS));
    let help = |fault: Diagnostic, _| fault.help("name its text: `file=\"templates/rules.yaml\"`");
    let file = decoder.required(node, "file", help).and_then(|entry| decoder.value(entry));
    let mut params = Vec::new();
    decoder.children(node, Place::Template, |decoder, _, child| {
        if let Some(name) = argument(child, 0).and_then(|entry| decoder.name(entry)) {
            let default = property(child, "default").and_then(|entry| decoder.any_text(entry));
            push_keyed(decoder, &mut params, "this parameter", Param { name, default }, |param| &param.name);
        }
    });
    Some(Template { name: name?, holder: holder?.value, file: file?, params, only_in: Vec::new() })
}
