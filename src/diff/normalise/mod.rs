//! Brings an object into the one form in which sides are compared: what a server or a tool adds is dropped, and what can
//! be written in several ways is written in one.

mod duration;
mod fingerprint;
mod metadata;
mod spelled;
mod values;

use super::shape::Shape;
use super::{Id, Managers};
use crate::verbatim::{Node, Value};
use smol_str::SmolStr;

/// What is done to objects before they are compared, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The version of an API identifies nothing.
    Identity,
    /// What a server writes about an object.
    ServerFields,
    /// What tools write on an object about themselves, this one among them.
    ToolMarks,
    /// An empty map or list, or `null`.
    EmptyValues,
    /// Durations, numbers, shares, hosts and values that are as good as none.
    TypedValues,
    /// Lists whose order says nothing.
    Lists,
    /// What holds if nothing is said.
    Defaults,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 7] = [
        Step::Identity,
        Step::ServerFields,
        Step::ToolMarks,
        Step::EmptyValues,
        Step::TypedValues,
        Step::Lists,
        Step::Defaults,
    ];

    /// What it does, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Step::Identity => "versions of APIs: an object is its group, kind, namespace and name",
            Step::ServerFields => "fields that a server writes: status, managedFields, resourceVersion and the like",
            Step::ToolMarks => {
                "marks of tools: last-applied-configuration, tracking of Argo CD, Helm and kapp, our own"
            }
            Step::EmptyValues => "empty values where they say nothing",
            Step::TypedValues => "values in one spelling: durations, numbers, shares, short hosts, zero values",
            Step::Lists => "lists whose order says nothing, in one order",
            Step::Defaults => "what holds if nothing is said, said",
        }
    }
}

/// How often each step had something to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Normalised([u32; Step::ALL.len()]);

impl Normalised {
    /// How often a step had something to do.
    pub fn count(&self, step: Step) -> u32 {
        self.0.get(step as usize).copied().unwrap_or_default()
    }

    /// How many fields of servers and tools were left out.
    pub fn ignored(&self) -> u32 {
        self.count(Step::ServerFields).saturating_add(self.count(Step::ToolMarks))
    }

    /// Counts what was done to something else as well.
    pub fn add(&mut self, other: &Normalised) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own = own.saturating_add(more);
        }
    }

    fn tell(&mut self, step: Step, times: usize) {
        if let Some(count) = self.0.get_mut(step as usize) {
            *count = count.saturating_add(u32::try_from(times).unwrap_or(u32::MAX));
        }
    }
}

/// How an object was written, where that says nothing: what tells two of them apart that mean the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The spelling of its values, and the order of its lists.
    pub form: u64,
    /// What we wrote on it of where it came from.
    pub provenance: u64,
}

/// An object in that form.
#[derive(Clone, Debug)]
pub(super) struct Normal {
    pub(super) body: Node,
    pub(super) written: Written,
    pub(super) normalised: Normalised,
    /// Who wrote its fields, if it is of a cluster.
    pub(super) managers: Managers,
}

/// Brings an object into that form.
pub(super) fn normalise(mut body: Node, id: &Id) -> Normal {
    let mut normalised = Normalised::default();
    let managers = Managers::of(&body);
    let provenance = metadata::strip(&mut body, &mut normalised);
    let form = fingerprint::of(&body);
    let namespace = id.namespace.clone().unwrap_or_default();
    values::walk(&mut body, Shape::of(id), &mut Around { namespace, normalised: &mut normalised });
    Normal { body, written: Written { form, provenance }, normalised, managers }
}

/// Brings the mesh's configuration, which a `ConfigMap` holds as a text, into that form.
pub(super) fn of_mesh(body: &mut Node) {
    let mut around = Around { namespace: SmolStr::default(), normalised: &mut Normalised::default() };
    values::walk(body, Shape::named("mesh.istio.io", "MeshConfig"), &mut around);
}

/// What is known while values are brought into one form.
struct Around<'n> {
    namespace: SmolStr,
    normalised: &'n mut Normalised,
}

fn is_void(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => false,
    }
}

#[cfg(test)]
mod tests;
