use crate::ir::{Extra, Mesh};
use crate::model;
use minijinja::value::{Serde, Value};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What templates see of the mesh; built when the first of them looks at it.
pub(super) struct Context<'m> {
    mesh: &'m Mesh,
    whole: OnceCell<Value>,
    environment: Value,
}

impl<'m> Context<'m> {
    pub(super) fn of(mesh: &'m Mesh) -> Self {
        let environment = Value::from(Serde(model::Environment::of(mesh)));
        Context { mesh, whole: OnceCell::new(), environment }
    }

    /// What a template sees that is filled for one thing; the whole mesh where it names it.
    pub(super) fn for_extra(&self, extra: &Extra, names_mesh: bool) -> Value {
        let params: BTreeMap<&str, &str> =
            extra.params.iter().map(|(name, value)| (name.as_str(), value.value.as_str())).collect();
        let mut context = BTreeMap::from([
            ("it", Value::from(Serde(model::It::of(extra.thing, self.mesh)))),
            ("environment", self.environment.clone()),
            ("params", Value::from(Serde(params))),
        ]);
        if names_mesh {
            let whole = self.whole.get_or_init(|| Value::from(Serde(model::Mesh::of(self.mesh))));
            context.insert("mesh", whole.clone());
        }
        Value::from_pairs(context)
    }
}
