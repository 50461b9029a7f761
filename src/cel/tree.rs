use serde_json::Value;
use std::ops::Range;

/// An expression that was read.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Its text.
    pub text: String,
    /// What it is.
    pub root: Node,
}

/// A part of an expression.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub form: Form,
    /// Where it stands, in bytes of the text.
    pub at: Range<usize>,
    /// How many brackets stand around it alone.
    pub around: usize,
    /// How deep it is.
    pub(super) depth: usize,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub enum Form {
    /// A value.
    Literal(Value),
    /// `b'text'`.
    Bytes,
    /// A variable.
    Name(String),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{a: b}`.
    Map(Vec<(Node, Node)>),
    /// `a.b`, with the place of `b`.
    Field(Box<Node>, String, Range<usize>),
    /// `has(a.b)`: the `a.b`.
    Has(Box<Node>),
    /// `a[b]`.
    Index(Box<Node>, Box<Node>),
    /// `!a`.
    Not(Box<Node>),
    /// `-a`.
    Negate(Box<Node>),
    /// `a + b`.
    Pair(Operator, Box<Node>, Box<Node>),
    /// `a ? b : c`.
    Choose(Box<[Node; 3]>),
    /// `f(a)` or `a.f(b)`.
    Call(Box<Call>),
    /// `a.all(x, b)` and the others that look at each item.
    Each(Box<Each>),
}

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose it is.
    pub target: Option<Node>,
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_at: Range<usize>,
    /// Its arguments.
    pub arguments: Vec<Node>,
}

/// What is asked of each item of a list, or key of a map.
#[derive(Clone, Debug)]
pub struct Each {
    /// What is done with the answers.
    pub way: Way,
    /// The list.
    pub list: Node,
    /// How an item is called.
    pub variable: String,
    /// What is asked.
    pub body: Node,
}

/// What is done with the answers for each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Whether all are yes.
    All,
    /// Whether one is yes.
    Exists,
    /// Whether exactly one is yes.
    ExistsOne,
    /// The answers.
    Map,
    /// The items with yes.
    Filter,
}

/// An operator between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    Unequal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
    /// `in`.
    In,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Times,
    /// `/`.
    Divided,
    /// `%`.
    Rest,
}

impl Operator {
    /// How it is written, and how tight it binds.
    pub(super) const ALL: [(&'static str, Operator, u8); 14] = [
        ("||", Operator::Or, 1),
        ("&&", Operator::And, 2),
        ("==", Operator::Equal, 3),
        ("!=", Operator::Unequal, 3),
        ("<=", Operator::AtMost, 3),
        (">=", Operator::AtLeast, 3),
        ("<", Operator::Less, 3),
        (">", Operator::Greater, 3),
        ("in", Operator::In, 3),
        ("+", Operator::Plus, 4),
        ("-", Operator::Minus, 4),
        ("*", Operator::Times, 5),
        ("/", Operator::Divided, 5),
        ("%", Operator::Rest, 5),
    ];

    /// How it is written.
    pub fn word(self) -> &'static str {
        Operator::ALL.iter().find(|(_, operator, _)| *operator == self).map_or("", |(word, _, _)| word)
    }
}

impl Way {
    /// The way of this name.
    pub(super) fn named(name: &str) -> Option<Way> {
        match name {
            "all" => Some(Way::All),
            "exists" => Some(Way::Exists),
            "exists_one" => Some(Way::ExistsOne),
            "map" => Some(Way::Map),
            "filter" => Some(Way::Filter),
            _ => None,
        }
    }
}

impl Node {
    /// Its parts.
    pub fn parts(&self) -> Vec<&Node> {
        match &self.form {
            Form::Literal(_) | Form::Bytes | Form::Name(_) => Vec::new(),
            Form::List(items) => items.iter().collect(),
            Form::Map(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
            Form::Field(inner, _, _) | Form::Has(inner) | Form::Not(inner) | Form::Negate(inner) => vec![inner],
            Form::Index(left, right) | Form::Pair(_, left, right) => vec![left, right],
            Form::Choose(parts) => parts.iter().collect(),
            Form::Call(call) => call.target.iter().chain(&call.arguments).collect(),
            Form::Each(each) => vec![&each.list, &each.body],
        }
    }

    /// It and its parts, and theirs.
    pub fn all(&self) -> impl Iterator<Item = &Node> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            open.extend(node.parts());
            Some(node)
        })
    }

    /// Whether it uses a variable of this name.
    pub fn uses(&self, name: &str) -> bool {
        self.all().any(|node| matches!(&node.form, Form::Name(used) if used == name))
    }
}
