//! How guards are read and judged, for the two rules about them.

use crate::expression::{self, Expression, Fault, Type};
use crate::ir::{Guard, Kind};
use crate::model::schema::{Described, Shape};
use crate::model::{Environment, It, Mesh};
use crate::source::Text;

/// A guard whose expressions were read.
pub(super) struct Read<'g> {
    pub(super) guard: &'g Guard,
    pub(super) when: Option<Expression>,
    pub(super) require: Expression,
}

/// What is wrong with one of a guard's expressions.
pub(super) struct Wrong<'g> {
    pub(super) quoted: &'g Text,
    pub(super) fault: Fault,
}

/// Reads a guard, judged against the schema of what it is for.
pub(super) fn read<'g>(guard: &'g Guard) -> Result<Read<'g>, Vec<Wrong<'g>>> {
    let variables = variables(guard.kind);
    let mut wrong = Vec::new();
    let mut judged = |quoted: &'g Text| match expression::read(&quoted.text) {
        Ok(expression) => {
            let faults = expression::judge(&expression, &variables);
            wrong.extend(faults.into_iter().map(|fault| Wrong { quoted, fault }));
            Some(expression)
        }
        Err(fault) => {
            wrong.push(Wrong { quoted, fault });
            None
        }
    };
    let (when, require) = (guard.when.as_ref().map(&mut judged), judged(&guard.require));
    match require {
        Some(require) if wrong.is_empty() => Ok(Read { guard, when: when.flatten(), require }),
        Some(_) | None => Err(wrong),
    }
}

/// What an expression of a guard for things of this kind may name.
fn variables(kind: Kind) -> Vec<(&'static str, Type)> {
    let mut variables = vec![("mesh", Type::Is(Mesh::shape())), ("environment", Type::Is(Environment::shape()))];
    if kind != Kind::Mesh {
        let shape = It::object(kind).map(Shape::Object);
        variables.insert(0, (kind.word(), shape.map_or(Type::Any, Type::Is)));
    }
    variables
}
