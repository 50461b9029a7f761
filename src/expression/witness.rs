use super::evaluate::{Run, items};
use super::{Budget, Scope};
use crate::cel::{Each, Expression, Form, Node, Operator, Way};
use serde_json::Value;

/// How many values are told.
const MOST: usize = 4;

/// The single values that make an expression false, each as it is written: of a list the first item that does.
pub fn witness<'v>(expression: &'v Expression, scope: &'v Scope<'v>, budget: &mut Budget) -> Vec<(String, Value)> {
    let mut values = Vec::new();
    let mut run = Run::new(scope, budget);
    look(&mut run, (&expression.root, &expression.text), false, &mut values);
    values.truncate(MOST);
    values
}

/// Looks at what makes a part `wanted`.
fn look<'v>(run: &mut Run<'v, '_>, (node, text): (&'v Node, &str), wanted: bool, values: &mut Vec<(String, Value)>) {
    match &node.form {
        Form::Not(inner) => look(run, (inner, text), !wanted, values),
        Form::Pair(Operator::And | Operator::Or, left, right) => {
            for side in [left, right] {
                if run.flag(side).ok() == Some(wanted) {
                    look(run, (side, text), wanted, values);
                }
            }
        }
        Form::Each(each) if matches!((each.way, wanted), (Way::All, false) | (Way::Exists, true)) => {
            item(run, (each, text), wanted, values);
        }
        Form::Field(..) | Form::Index(..) | Form::Name(_) => plain(run, (node, text), values),
        Form::Each(each) => look(run, (&each.list, text), wanted, values),
        Form::Literal(_)
        | Form::Bytes
        | Form::List(_)
        | Form::Map(_)
        | Form::Has(_)
        | Form::Negate(_)
        | Form::Pair(..) => {
            node.parts().into_iter().for_each(|part| look(run, (part, text), wanted, values));
        }
        Form::Choose(_) | Form::Call(_) => {
            node.parts().into_iter().for_each(|part| look(run, (part, text), wanted, values));
        }
    }
}

/// The first item that decides.
fn item<'v>(run: &mut Run<'v, '_>, (each, text): (&'v Each, &str), wanted: bool, values: &mut Vec<(String, Value)>) {
    let Some(list) = run.value(&each.list).ok().and_then(items) else { return };
    let decides = list.into_iter().find(|item| run.ask(&each.variable, item.clone(), &each.body).ok() == Some(wanted));
    if let Some(item) = decides {
        run.with(&each.variable, item, |run| {
            let named = ["number", "name"].into_iter().filter_map(|name| Some((name, run.item()?.get(name)?.clone())));
            let named = named.map(|(name, value)| (format!("{}.{name}", each.variable), value));
            values.extend(named.take(1).collect::<Vec<_>>());
            look(run, (&each.body, text), wanted, values);
        });
    }
}

fn plain<'v>(run: &mut Run<'v, '_>, (node, text): (&'v Node, &str), values: &mut Vec<(String, Value)>) {
    let Ok(value) = run.value(node) else { return };
    let written = text.get(node.at.clone()).unwrap_or_default().to_owned();
    let is_known = values.iter().any(|(known, _)| *known == written);
    let is_single = match &*value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => false,
    };
    if is_single && !is_known {
        values.push((written, value.into_owned()));
    }
}
