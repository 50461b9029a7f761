use super::functions::{FUNCTIONS, whole};
use super::values::{are_equal, arithmetic, kind, length, order, size};
use crate::cel::Fault;
use crate::cel::{Call, Each, Expression, Form, Node, Operator, Way};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

/// How much work may still be done, over all expressions that share it.
#[derive(Clone, Debug)]
pub struct Budget {
    steps: usize,
    is_spent: bool,
}

/// What evaluating a part gives.
pub(super) type Outcome = Result<Value, Fault>;

/// The values of the variables.
pub type Scope<'v> = [(&'static str, &'v Value)];

impl Budget {
    /// So many steps; a step is a part of an expression, or a few bytes of a text that is looked at.
    pub const fn of(steps: usize) -> Self {
        Budget { steps, is_spent: false }
    }

    /// Whether something needed more.
    pub const fn is_spent(&self) -> bool {
        self.is_spent
    }

    pub(super) fn spend(&mut self, steps: usize, at: &Range<usize>) -> Result<(), Fault> {
        match self.steps.checked_sub(steps) {
            Some(rest) if !self.is_spent => {
                self.steps = rest;
                Ok(())
            }
            _ => {
                self.is_spent = true;
                Err(stopped(at, "too much work"))
            }
        }
    }

    /// Spends what making a value of this size costs: memory costs more than time.
    pub(super) fn make(&mut self, size: usize, at: &Range<usize>) -> Result<(), Fault> {
        self.spend(size.saturating_mul(8), at)
    }
}

/// What cannot go on.
pub(super) fn stopped(at: &Range<usize>, why: impl Into<String>) -> Fault {
    let why = why.into();
    Fault::new(at.clone(), why.clone(), why)
}

/// Evaluates an expression that was judged.
///
/// # Errors
/// A part of it has no value, or it needs more work than there is.
pub fn evaluate<'v>(expression: &'v Expression, scope: &'v Scope<'v>, budget: &mut Budget) -> Result<Value, Fault> {
    Run::new(scope, budget).value(&expression.root).map(Cow::into_owned)
}

/// An evaluation under way.
pub(super) struct Run<'v, 'b> {
    scope: &'v Scope<'v>,
    /// The items that are looked at, innermost last.
    items: Vec<(&'v str, Cow<'v, Value>)>,
    budget: &'b mut Budget,
}

impl<'v, 'b> Run<'v, 'b> {
    pub(super) fn new(scope: &'v Scope<'v>, budget: &'b mut Budget) -> Self {
        Run { scope, items: Vec::new(), budget }
    }
}

impl<'v> Run<'v, '_> {
    pub(super) fn value(&mut self, node: &'v Node) -> Result<Cow<'v, Value>, Fault> {
        self.budget.spend(1, &node.at)?;
        match &node.form {
            Form::Literal(value) => Ok(Cow::Borrowed(value)),
            Form::Bytes => Err(stopped(&node.at, "the model has no bytes")),
            Form::Name(name) => self.name(name, &node.at),
            Form::List(items) => {
                let items: Result<Vec<Value>, Fault> = items.iter().map(|item| self.kept(item)).collect();
                Ok(Cow::Owned(Value::Array(items?)))
            }
            Form::Map(pairs) => self.map(pairs),
            Form::Field(inner, name, at) => field(self.value(inner)?, name, at),
            Form::Has(inner) => self.has(inner),
            Form::Index(list, index) => self.index(list, index),
            Form::Not(inner) => Ok(Cow::Owned(Value::Bool(!self.flag(inner)?))),
            Form::Negate(inner) => {
                let number = self.value(inner)?;
                arithmetic(Operator::Minus, &Value::from(0), &number, &node.at).map(Cow::Owned)
            }
            Form::Pair(operator, left, right) => self.pair(*operator, left, right, &node.at),
            Form::Choose(parts) => {
                let [condition, yes, no] = &**parts;
                if self.flag(condition)? { self.value(yes) } else { self.value(no) }
            }
            Form::Call(call) => self.call(call, &node.at).map(Cow::Owned),
            Form::Each(each) => self.each(each),
        }
    }

    pub(super) fn flag(&mut self, node: &'v Node) -> Result<bool, Fault> {
        let value = self.value(node)?;
        value.as_bool().ok_or_else(|| stopped(&node.at, format!("expected a bool, found {}", kind(&value))))
    }

    /// A value that becomes a part of another.
    fn kept(&mut self, node: &'v Node) -> Outcome {
        let value = self.value(node)?;
        self.budget.make(size(&value), &node.at)?;
        Ok(value.into_owned())
    }

    fn name(&mut self, name: &str, at: &Range<usize>) -> Result<Cow<'v, Value>, Fault> {
        let item = self.items.iter().rev().find(|(item, _)| *item == name).map(|(_, value)| value);
        if let Some(value) = item {
            if let Cow::Owned(value) = value {
                self.budget.make(size(value), at)?;
            }
            return Ok(value.clone());
        }
        let known = self.scope.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(*value));
        known.ok_or_else(|| stopped(at, format!("nothing is named `{name}` here")))
    }

    fn map(&mut self, pairs: &'v [(Node, Node)]) -> Result<Cow<'v, Value>, Fault> {
        let mut map = Map::new();
        for (key, value) in pairs {
            let Value::String(name) = self.kept(key)? else {
                return Err(stopped(&key.at, "the keys of a map are strings here"));
            };
            let value = self.kept(value)?;
            map.insert(name, value);
        }
        Ok(Cow::Owned(Value::Object(map)))
    }

    fn has(&mut self, node: &'v Node) -> Result<Cow<'v, Value>, Fault> {
        let Form::Field(inner, name, _) = &node.form else { return Err(stopped(&node.at, "no field")) };
        let of = self.value(inner)?;
        let is_said = of.as_object().and_then(|fields| fields.get(name)).is_some_and(|value| !value.is_null());
        Ok(Cow::Owned(Value::Bool(is_said)))
    }

    fn index(&mut self, list: &'v Node, index: &'v Node) -> Result<Cow<'v, Value>, Fault> {
        let (of, at) = (self.value(list)?, self.value(index)?);
        match (&*of, &*at) {
            (Value::Object(_), Value::String(name)) => field(of, name, &index.at),
            (Value::Array(items), Value::Number(number)) => {
                let place = number.as_i64().or_else(|| number.as_f64().filter(|it| it.fract() == 0.0).and_then(whole));
                let place = place.and_then(|place| usize::try_from(place).ok());
                let has = || stopped(&index.at, format!("no item {number} in a list of {}", items.len()));
                let place = place.filter(|place| *place < items.len()).ok_or_else(has)?;
                item(of, place).ok_or_else(|| stopped(&index.at, "no such item"))
            }
            (of, at) => Err(stopped(&index.at, format!("{} has no item at {}", kind(of), kind(at)))),
        }
    }

    fn pair(
        &mut self,
        operator: Operator,
        left: &'v Node,
        right: &'v Node,
        at: &Range<usize>,
    ) -> Result<Cow<'v, Value>, Fault> {
        if let Operator::And | Operator::Or = operator {
            let decides = operator == Operator::Or;
            let mut fault = None;
            for side in [left, right] {
                match self.flag(side) {
                    Ok(answer) if answer == decides => return Ok(Cow::Owned(Value::Bool(decides))),
                    Ok(_) => {}
                    Err(found) => fault = fault.or(Some(found)),
                }
            }
            return fault.map_or(Ok(Cow::Owned(Value::Bool(!decides))), Err);
        }
        let (left, right) = (self.value(left)?, self.value(right)?);
        self.budget.spend((length(&left) + length(&right)) / 16, at)?;
        let flag = |flag: bool| Ok(Cow::Owned(Value::Bool(flag)));
        match operator {
            Operator::Equal => flag(are_equal(&left, &right)),
            Operator::Unequal => flag(!are_equal(&left, &right)),
            Operator::Less => flag(order(operator, &left, &right, at)?.is_lt()),
            Operator::AtMost => flag(order(operator, &left, &right, at)?.is_le()),
            Operator::Greater => flag(order(operator, &left, &right, at)?.is_gt()),
            Operator::AtLeast => flag(order(operator, &left, &right, at)?.is_ge()),
            Operator::In => flag(self.is_in(&left, &right, at)?),
            Operator::Plus if left.is_string() || left.is_array() => self.joined(&left, &right, at),
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Divided | Operator::Rest => {
                arithmetic(operator, &left, &right, at).map(Cow::Owned)
            }
            Operator::And | Operator::Or => flag(false),
        }
    }

    fn is_in(&mut self, item: &Value, holder: &Value, at: &Range<usize>) -> Result<bool, Fault> {
        match holder {
            Value::Array(items) => {
                self.budget.spend(items.len(), at)?;
                Ok(items.iter().any(|held| are_equal(held, item)))
            }
            Value::Object(fields) => Ok(item.as_str().is_some_and(|name| fields.contains_key(name))),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Err(stopped(at, format!("expected a list or a map after `in`, found {}", kind(other))))
            }
        }
    }

    fn joined(&mut self, left: &Value, right: &Value, at: &Range<usize>) -> Result<Cow<'v, Value>, Fault> {
        self.budget.make(size(left) + size(right), at)?;
        match (left, right) {
            (Value::String(left), Value::String(right)) => Ok(Cow::Owned(Value::String(format!("{left}{right}")))),
            (Value::Array(left), Value::Array(right)) => {
                Ok(Cow::Owned(Value::Array(left.iter().chain(right).cloned().collect())))
            }
            (left, right) => Err(stopped(at, format!("`+` between {} and {}", kind(left), kind(right)))),
        }
    }

    fn call(&mut self, call: &'v Call, at: &Range<usize>) -> Outcome {
        let arguments: Result<Vec<Value>, Fault> =
            call.target.iter().chain(&call.arguments).map(|argument| self.kept(argument)).collect();
        let function = FUNCTIONS.iter().find(|known| known.name == call.name);
        let function = function.ok_or_else(|| stopped(at, format!("no function is named `{}`", call.name)))?;
        (function.run)(&arguments?, at, self.budget)
    }

    fn each(&mut self, each: &'v Each) -> Result<Cow<'v, Value>, Fault> {
        let Each { way, list, variable, body } = each;
        let items = items(self.value(list)?);
        let items = items.ok_or_else(|| stopped(&list.at, "expected a list or a map"))?;
        match way {
            Way::All | Way::Exists => self.some(*way == Way::Exists, items, variable, body),
            Way::ExistsOne => {
                let mut count = 0;
                for item in items {
                    count += u8::from(self.ask(variable, item, body)?).min(2 - count);
                }
                Ok(Cow::Owned(Value::Bool(count == 1)))
            }
            Way::Map => {
                let mut made = Vec::new();
                for item in items {
                    made.push(self.with(variable, item, |run| run.kept(body))?);
                }
                Ok(Cow::Owned(Value::Array(made)))
            }
            Way::Filter => {
                let mut made = Vec::new();
                for item in items {
                    if self.ask(variable, item.clone(), body)? {
                        self.budget.make(size(&item), &body.at)?;
                        made.push(item.into_owned());
                    }
                }
                Ok(Cow::Owned(Value::Array(made)))
            }
        }
    }

    /// Whether one item is answered by `decides`; an item without an answer matters only if no other decides.
    fn some(
        &mut self,
        decides: bool,
        items: Vec<Cow<'v, Value>>,
        variable: &'v str,
        body: &'v Node,
    ) -> Result<Cow<'v, Value>, Fault> {
        let mut fault = None;
        for item in items {
            match self.ask(variable, item, body) {
                Ok(answer) if answer == decides => return Ok(Cow::Owned(Value::Bool(decides))),
                Ok(_) => {}
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        fault.map_or(Ok(Cow::Owned(Value::Bool(!decides))), Err)
    }

    pub(super) fn ask(&mut self, variable: &'v str, item: Cow<'v, Value>, body: &'v Node) -> Result<bool, Fault> {
        self.with(variable, item, |run| run.flag(body))
    }

    /// Does something while an item has a name.
    pub(super) fn with<T>(&mut self, variable: &'v str, item: Cow<'v, Value>, does: impl FnOnce(&mut Self) -> T) -> T {
        self.items.push((variable, item));
        let done = does(self);
        self.items.pop();
        done
    }

    /// The innermost item.
    pub(super) fn item(&self) -> Option<&Value> {
        self.items.last().map(|(_, item)| &**item)
    }
}

/// The items of a list, or the keys of a map.
pub(super) fn items(of: Cow<'_, Value>) -> Option<Vec<Cow<'_, Value>>> {
    match of {
        Cow::Borrowed(Value::Array(items)) => Some(items.iter().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::Array(items)) => Some(items.into_iter().map(Cow::Owned).collect()),
        Cow::Borrowed(Value::Object(fields)) => Some(keys(fields)),
        Cow::Owned(Value::Object(fields)) => Some(keys(&fields)),
        Cow::Borrowed(_) | Cow::Owned(_) => None,
    }
}

fn keys<'v>(fields: &Map<String, Value>) -> Vec<Cow<'v, Value>> {
    fields.keys().map(|key| Cow::Owned(Value::from(key.as_str()))).collect()
}

fn item(of: Cow<'_, Value>, place: usize) -> Option<Cow<'_, Value>> {
    match of {
        Cow::Borrowed(of) => of.get(place).map(Cow::Borrowed),
        Cow::Owned(of) => of.get(place).cloned().map(Cow::Owned),
    }
}

fn field<'v>(of: Cow<'v, Value>, name: &str, at: &Range<usize>) -> Result<Cow<'v, Value>, Fault> {
    let missing = |of: &Value| match of {
        Value::Null => stopped(at, format!("`{name}` is asked of null")),
        Value::Object(_) => stopped(at, format!("no `{name}` here")),
        other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            stopped(at, format!("`{name}` is asked of {}", kind(other)))
        }
    };
    match of {
        Cow::Borrowed(of) => of.get(name).map(Cow::Borrowed).ok_or_else(|| missing(of)),
        Cow::Owned(of) => of.get(name).cloned().map(Cow::Owned).ok_or_else(|| missing(&of)),
    }
}
