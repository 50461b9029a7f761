use super::functions::FUNCTIONS;
use crate::cel::Fault;
use crate::cel::{Call, Each, Expression, Form, Node, Operator, Way};
use crate::diagnostic::{and_list, nearest};
use crate::model::schema::{Object, Shape};
use serde_json::Value;
use std::ops::Range;

/// What is known of a part of an expression.
#[derive(Clone, Debug)]
pub enum Type {
    /// Nothing.
    Any,
    /// That it is null.
    Null,
    /// Its shape.
    Is(Shape),
}

/// The variables of an expression, with what they are.
pub type Variables = [(&'static str, Type)];

impl Type {
    /// How messages name it.
    fn words(&self) -> &'static str {
        match self {
            Type::Any => "a value",
            Type::Null => "null",
            Type::Is(shape) => words(shape),
        }
    }

    fn plain(self) -> Type {
        match self {
            Type::Is(Shape::Optional(inner)) => Type::Is(*inner),
            kind @ (Type::Any | Type::Null | Type::Is(_)) => kind,
        }
    }
}

fn words(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "a string",
        Shape::Flag => "a bool",
        Shape::Whole | Shape::Number => "a number",
        Shape::List(_) => "a list",
        Shape::Table(_) => "a map",
        Shape::Object(_) => "an object",
        Shape::Optional(inner) => words(inner),
    }
}

const FLAG: Type = Type::Is(Shape::Flag);
const NUMBER: Type = Type::Is(Shape::Number);

/// Finds what cannot be evaluated, or is no bool.
pub fn judge(expression: &Expression, variables: &Variables) -> Vec<Fault> {
    let mut judge = Judge { variables, items: Vec::new(), faults: Vec::new() };
    let root = judge.kind(&expression.root);
    judge.need_flag(&root, &expression.root);
    judge.faults
}

struct Judge<'v> {
    variables: &'v Variables,
    /// The names of items, innermost last.
    items: Vec<(String, Type)>,
    faults: Vec<Fault>,
}

impl Judge<'_> {
    fn fault(&mut self, fault: Fault) -> Type {
        self.faults.push(fault);
        Type::Any
    }

    fn need_flag(&mut self, kind: &Type, node: &Node) {
        if !matches!(kind.clone().plain(), Type::Any | Type::Is(Shape::Flag)) {
            let fault = Fault::new(node.at.clone(), format!("expected a bool, found {}", kind.words()), kind.words());
            self.faults.push(fault.help("compare it with something: `==`, `!=`, `<`, `in`"));
        }
    }

    fn kind(&mut self, node: &Node) -> Type {
        match &node.form {
            Form::Literal(value) => literal(value),
            Form::Bytes => {
                let fault = Fault::new(node.at.clone(), "the model has no bytes", "bytes");
                self.fault(fault.help("write a string: `'text'`"))
            }
            Form::Name(name) => self.name(name, &node.at),
            Form::List(items) => {
                let kinds: Vec<Type> = items.iter().map(|item| self.kind(item)).collect();
                list_of(kinds.into_iter().next())
            }
            Form::Map(pairs) => {
                for (key, value) in pairs {
                    self.kind(key);
                    self.kind(value);
                }
                Type::Any
            }
            Form::Field(inner, name, at) => {
                let of = self.kind(inner);
                self.field(&of, name, at)
            }
            Form::Has(inner) => {
                self.kind(inner);
                FLAG
            }
            Form::Index(list, index) => self.index(list, index),
            Form::Not(inner) => {
                let kind = self.kind(inner);
                self.need_flag(&kind, inner);
                FLAG
            }
            Form::Negate(inner) => {
                let kind = self.kind(inner);
                self.need_number(&kind, inner)
            }
            Form::Pair(operator, left, right) => self.pair(*operator, left, right),
            Form::Choose(parts) => {
                let [condition, yes, no] = &**parts;
                let kind = self.kind(condition);
                self.need_flag(&kind, condition);
                let (yes, no) = (self.kind(yes), self.kind(no));
                if matches!(yes, Type::Null | Type::Any) { no } else { yes }
            }
            Form::Call(call) => self.call(call),
            Form::Each(each) => self.each(each),
        }
    }

    fn name(&mut self, name: &str, at: &Range<usize>) -> Type {
        let item = self.items.iter().rev().find(|(item, _)| item == name);
        let known = item.map(|(_, kind)| kind);
        let known = known.or_else(|| self.variables.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind));
        if let Some(known) = known {
            return known.clone();
        }
        let names: Vec<&str> = self.variables.iter().map(|(known, _)| *known).collect();
        let items = self.items.iter().map(|(item, _)| item.as_str());
        let near = nearest(name, names.iter().copied().chain(items)).map(str::to_owned);
        let fault = Fault::new(at.clone(), format!("nothing is named `{name}` here"), "no variable");
        let known = and_list(names.iter().copied());
        self.fault(fault.instead(near.as_deref()).help(format!("the variables are {known}")))
    }

    fn field(&mut self, of: &Type, name: &str, at: &Range<usize>) -> Type {
        match of.clone().plain() {
            Type::Any => Type::Any,
            Type::Is(Shape::Object(object)) => match object.field(name) {
                Some(field) => Type::Is(field.shape),
                None => self.fault(no_field(object, name, at)),
            },
            Type::Is(Shape::Table(inner)) => Type::Is(*inner),
            Type::Is(Shape::List(_)) => {
                let fault = Fault::new(at.clone(), format!("a list has no field `{name}`"), "asked of a list");
                self.fault(fault.help(format!("ask each item: `.all(x, x.{name} ...)` or `.exists(x, x.{name} ...)`")))
            }
            other @ (Type::Null | Type::Is(_)) => {
                let title = format!("{} has no field `{name}`", other.words());
                self.fault(Fault::new(at.clone(), title, format!("asked of {}", other.words())))
            }
        }
    }

    fn index(&mut self, list: &Node, index: &Node) -> Type {
        let (of, at) = (self.kind(list).plain(), self.kind(index).plain());
        match (of, at) {
            (Type::Any, _) | (Type::Is(Shape::Object(_)), Type::Any) => Type::Any,
            (Type::Is(Shape::List(inner)), Type::Any | Type::Is(Shape::Whole | Shape::Number))
            | (Type::Is(Shape::Table(inner)), Type::Any | Type::Is(Shape::Text)) => Type::Is(*inner),
            (Type::Is(Shape::Object(object)), Type::Is(Shape::Text)) => {
                let Form::Literal(Value::String(name)) = &index.form else { return Type::Any };
                let field = object.field(name).map(|field| Type::Is(field.shape));
                field.unwrap_or_else(|| {
                    let fault = no_field(object, name, &index.at);
                    let instead = fault.instead.as_ref().map(|near| format!("'{near}'"));
                    self.fault(fault.instead(instead.as_deref()))
                })
            }
            (of, at) => {
                let title = format!("{} has no item at {}", of.words(), at.words());
                self.fault(Fault::new(index.at.clone(), title, at.words()))
            }
        }
    }

    fn need_number(&mut self, kind: &Type, node: &Node) -> Type {
        if matches!(kind.clone().plain(), Type::Any | Type::Is(Shape::Whole | Shape::Number)) {
            return NUMBER;
        }
        let title = format!("expected a number, found {}", kind.words());
        self.fault(Fault::new(node.at.clone(), title, kind.words()))
    }

    fn pair(&mut self, operator: Operator, left: &Node, right: &Node) -> Type {
        let kinds = (self.kind(left), self.kind(right));
        match operator {
            Operator::Or | Operator::And => {
                self.need_flag(&kinds.0, left);
                self.need_flag(&kinds.1, right);
                FLAG
            }
            Operator::Equal
            | Operator::Unequal
            | Operator::Less
            | Operator::AtMost
            | Operator::Greater
            | Operator::AtLeast => {
                self.need_alike(operator, kinds, right);
                FLAG
            }
            Operator::In => {
                self.need_holder(kinds, right);
                FLAG
            }
            Operator::Plus if matches!(kinds.0.clone().plain(), Type::Any | Type::Is(Shape::Text | Shape::List(_))) => {
                let kind = kinds.0.clone();
                self.need_alike(operator, kinds, right);
                kind
            }
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Divided | Operator::Rest => {
                self.need_number(&kinds.0, left);
                self.need_number(&kinds.1, right)
            }
        }
    }

    fn need_alike(&mut self, operator: Operator, (left, right): (Type, Type), at: &Node) {
        if !are_alike(&left.clone().plain(), &right.clone().plain()) {
            let title = format!("`{}` between {} and {}", operator.word(), left.words(), right.words());
            let fault =
                Fault::new(at.at.clone(), title, format!("{}, and the other is {}", right.words(), left.words()));
            self.faults.push(fault);
        }
    }

    fn need_holder(&mut self, (item, holder): (Type, Type), at: &Node) {
        match holder.clone().plain() {
            Type::Any | Type::Is(Shape::Table(_) | Shape::Object(_)) => {}
            Type::Is(Shape::List(inner)) if are_alike(&item.clone().plain(), &Type::Is(*inner.clone()).plain()) => {}
            Type::Is(Shape::List(inner)) => {
                let title = format!("{} is never in a list whose items are each {}", item.words(), words(&inner));
                self.faults.push(Fault::new(at.at.clone(), title, format!("each item is {}", words(&inner))));
            }
            other @ (Type::Null | Type::Is(_)) => {
                let title = format!("expected a list or a map after `in`, found {}", other.words());
                let help = "a part of a string is asked for by `.contains('part')`";
                self.faults.push(Fault::new(at.at.clone(), title, other.words()).help(help));
            }
        }
    }

    fn call(&mut self, call: &Call) -> Type {
        let of = call.target.as_ref().map(|target| self.kind(target));
        let kinds: Vec<Type> = of.into_iter().chain(call.arguments.iter().map(|it| self.kind(it))).collect();
        let nodes: Vec<&Node> = call.target.iter().chain(&call.arguments).collect();
        let Some(function) = FUNCTIONS.iter().find(|known| known.name == call.name) else {
            let near = nearest(&call.name, FUNCTIONS.iter().map(|known| known.name)).map(str::to_owned);
            let fault = Fault::new(call.name_at.clone(), format!("no function is named `{}`", call.name), "unknown");
            let known = and_list(FUNCTIONS.iter().map(|known| known.name));
            return self.fault(fault.instead(near.as_deref()).help(format!("the functions are {known}")));
        };
        if kinds.len() != function.takes.len() || call.target.is_some() && !function.is_method {
            let title = format!("`{}` is written `{}`", function.name, function.shape);
            return self.fault(Fault::new(call.name_at.clone(), title, "written otherwise"));
        }
        for ((kind, node), wanted) in kinds.iter().zip(nodes).zip(function.takes) {
            let kind = kind.clone().plain();
            if !matches!(kind, Type::Any) && !wanted(&kind) {
                let title = format!("`{}` takes no {}", function.name, kind.words().trim_start_matches("a "));
                self.fault(Fault::new(node.at.clone(), title, kind.words()));
            }
        }
        (function.gives)()
    }

    fn each(&mut self, each: &Each) -> Type {
        let Each { way, list, variable, body } = each;
        let of = self.kind(list).plain();
        let item = match of {
            Type::Is(Shape::List(inner)) => Type::Is(*inner),
            Type::Is(Shape::Table(_)) => Type::Is(Shape::Text),
            Type::Any => Type::Any,
            other @ (Type::Null | Type::Is(_)) => {
                let title = format!("expected a list or a map, found {}", other.words());
                self.fault(Fault::new(list.at.clone(), title, other.words()))
            }
        };
        self.items.push((variable.clone(), item.clone()));
        let answer = self.kind(body);
        self.items.pop();
        match way {
            Way::All | Way::Exists | Way::ExistsOne => {
                self.need_flag(&answer, body);
                FLAG
            }
            Way::Filter => {
                self.need_flag(&answer, body);
                list_of(Some(item))
            }
            Way::Map => list_of(Some(answer)),
        }
    }
}

fn list_of(item: Option<Type>) -> Type {
    match item {
        Some(Type::Is(shape)) => Type::Is(Shape::List(Box::new(shape))),
        Some(Type::Any | Type::Null) | None => Type::Any,
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => FLAG,
        Value::Number(_) => NUMBER,
        Value::String(_) => Type::Is(Shape::Text),
        Value::Array(_) | Value::Object(_) => Type::Any,
    }
}

/// Whether two can be compared; null is like everything.
fn are_alike(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => true,
        (Type::Is(left), Type::Is(right)) => words(left) == words(right),
    }
}

fn no_field(object: Object, name: &str, at: &Range<usize>) -> Fault {
    let fields = (object.fields)();
    let names = || fields.iter().map(|field| field.name);
    let fault = Fault::new(at.clone(), format!("`{}` has no field `{name}`", object.name), "no such field");
    match nearest(name, names()) {
        Some(near) => fault.instead(Some(near)),
        None => fault.help(format!("its fields are {}", and_list(names()))),
    }
}
