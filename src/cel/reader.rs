use super::lexer::{Token, tokens};
use super::tree::{Call, Each, Expression, Form, Node, Operator, Way};
use super::{DEEPEST, Fault, LONGEST};
use std::ops::Range;

/// Words that CEL keeps for itself, where a variable could stand; but `namespace` and `var`, which are our own.
const RESERVED: [&str; 15] = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "return",
    "void", "while",
];

/// Reads an expression.
///
/// # Errors
/// It is too long or too deep, or not of CEL.
pub fn read(text: &str) -> Result<Expression, Fault> {
    if text.len() > LONGEST {
        let title = format!("an expression has at most {LONGEST} bytes, and this has {}", text.len());
        return Err(Fault::new(0..text.len(), title, "too long").help("write it as several"));
    }
    let mut reader = Reader { tokens: tokens(text)?, next: 0, open: 0 };
    let root = reader.expression()?;
    match reader.peek() {
        Token::End => Ok(Expression { text: text.to_owned(), root }),
        Token::Value(_) | Token::Bytes | Token::Name(_) | Token::Sign(_) => {
            Err(reader.expected("an operator or its end"))
        }
    }
}

struct Reader {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    /// How many levels of reading are open.
    open: usize,
}

impl Reader {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> Range<usize> {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0..0, |(_, at)| at.clone())
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Token::Sign(next) if *next == sign);
        self.next += usize::from(is_next);
        is_next
    }

    fn need(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    fn expected(&self, what: &str) -> Fault {
        let title = format!("expected {what}, found {}", self.peek().shown());
        Fault::new(self.at(), title, format!("expected {what}"))
    }

    /// A node of these parts; too deep a one is a fault.
    fn node(form: Form, at: Range<usize>) -> Result<Node, Fault> {
        let mut node = Node { form, at, around: 0, depth: 0 };
        node.depth = node.parts().iter().map(|part| part.depth + 1).max().unwrap_or_default();
        if node.depth > DEEPEST { Err(too_deep(node.at)) } else { Ok(node) }
    }

    fn expression(&mut self) -> Result<Node, Fault> {
        self.open += 1;
        if self.open > DEEPEST {
            return Err(too_deep(self.at()));
        }
        let condition = self.pairs(0)?;
        let node = if self.take("?") {
            let yes = self.pairs(0)?;
            self.need(":")?;
            let no = self.expression()?;
            let at = condition.at.start..no.at.end;
            Self::node(Form::Choose(Box::new([condition, yes, no])), at)?
        } else {
            condition
        };
        self.open -= 1;
        Ok(node)
    }

    /// Operators that bind tighter than `least`.
    fn pairs(&mut self, least: u8) -> Result<Node, Fault> {
        let mut left = self.unary()?;
        loop {
            let Token::Sign(sign) = self.peek() else { return Ok(left) };
            let operator = Operator::ALL.iter().find(|(word, _, tight)| word == sign && *tight > least);
            let Some((_, operator, tight)) = operator else { return Ok(left) };
            self.next += 1;
            let right = self.pairs(*tight)?;
            let at = left.at.start..right.at.end;
            left = Self::node(Form::Pair(*operator, Box::new(left), Box::new(right)), at)?;
        }
    }

    fn unary(&mut self) -> Result<Node, Fault> {
        let begin = self.next;
        while self.take("!") || self.take("-") {}
        if self.next - begin > DEEPEST {
            return Err(too_deep(self.at()));
        }
        let signs = begin..self.next;
        let mut node = self.member()?;
        for place in signs.rev() {
            let Some((sign, at)) = self.tokens.get(place) else { continue };
            let at = at.start..node.at.end;
            let is_not = *sign == Token::Sign("!");
            let form = if is_not { Form::Not(Box::new(node)) } else { Form::Negate(Box::new(node)) };
            node = Self::node(form, at)?;
        }
        Ok(node)
    }

    fn member(&mut self) -> Result<Node, Fault> {
        let mut node = self.primary()?;
        loop {
            if self.take(".") {
                node = self.dotted(node)?;
            } else if self.take("[") {
                let index = self.expression()?;
                self.need("]")?;
                let at = node.at.start..self.end();
                node = Self::node(Form::Index(Box::new(node), Box::new(index)), at)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn dotted(&mut self, node: Node) -> Result<Node, Fault> {
        let (name, name_at) = self.name("the name of a field")?;
        if !self.take("(") {
            let at = node.at.start..name_at.end;
            return Self::node(Form::Field(Box::new(node), name, name_at), at);
        }
        let start = node.at.start;
        let arguments = self.arguments(")")?;
        let at = start..self.end();
        if let Some(way) = Way::named(&name) {
            return each(way, node, (&name, name_at), arguments, at);
        }
        Self::node(Form::Call(Box::new(Call { target: Some(node), name, name_at, arguments })), at)
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let at = self.at();
        match self.peek().clone() {
            Token::Value(value) => {
                self.next += 1;
                Self::node(Form::Literal(value), at)
            }
            Token::Bytes => {
                self.next += 1;
                Self::node(Form::Bytes, at)
            }
            Token::Name(_) => self.named(),
            Token::Sign("(") => {
                self.next += 1;
                let inner = self.expression()?;
                self.need(")")?;
                Ok(Node { at: at.start..self.end(), around: inner.around + 1, ..inner })
            }
            Token::Sign("[") => {
                self.next += 1;
                let items = self.arguments("]")?;
                Self::node(Form::List(items), at.start..self.end())
            }
            Token::Sign("{") => {
                self.next += 1;
                let pairs = self.map_entries()?;
                Self::node(Form::Map(pairs), at.start..self.end())
            }
            Token::Sign(_) | Token::End => Err(self.expected("a value or a name")),
        }
    }

    fn named(&mut self) -> Result<Node, Fault> {
        let (name, name_at) = self.name("a name")?;
        if RESERVED.contains(&name.as_str()) {
            return Err(Fault::new(name_at, format!("`{name}` is a word that CEL keeps for itself"), "no name"));
        }
        if !self.take("(") {
            return Self::node(Form::Name(name), name_at);
        }
        let mut arguments = self.arguments(")")?;
        let at = name_at.start..self.end();
        if name != "has" {
            return Self::node(Form::Call(Box::new(Call { target: None, name, name_at, arguments })), at);
        }
        match (arguments.pop(), arguments.is_empty()) {
            (Some(field), true) if matches!(field.form, Form::Field(..)) => Self::node(Form::Has(Box::new(field)), at),
            _ => Err(Fault::new(at, "`has` asks for one field", "expected `has(thing.field)`")),
        }
    }

    fn name(&mut self, what: &str) -> Result<(String, Range<usize>), Fault> {
        let at = self.at();
        let name = match self.peek() {
            Token::Name(name) => name.clone(),
            // A word of the language may be named like a word of CEL.
            Token::Sign("in") => "in".to_owned(),
            Token::Value(_) | Token::Bytes | Token::Sign(_) | Token::End => return Err(self.expected(what)),
        };
        self.next += 1;
        Ok((name, at))
    }

    /// What stands between commas; a list may end with one, a call may not.
    fn arguments(&mut self, close: &str) -> Result<Vec<Node>, Fault> {
        let mut arguments = Vec::new();
        let mut is_open = !self.take(close);
        while is_open {
            arguments.push(self.expression()?);
            if !self.take(",") {
                self.need(close)?;
                break;
            }
            is_open = close == ")" || !self.take(close);
        }
        Ok(arguments)
    }

    fn map_entries(&mut self) -> Result<Vec<(Node, Node)>, Fault> {
        let mut pairs = Vec::new();
        while !self.take("}") {
            let key = self.expression()?;
            self.need(":")?;
            pairs.push((key, self.expression()?));
            if !self.take(",") {
                self.need("}")?;
                break;
            }
        }
        Ok(pairs)
    }

    /// Where the last token ends.
    fn end(&self) -> usize {
        self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |(_, at)| at.end)
    }
}

fn each(
    way: Way,
    list: Node,
    (name, name_at): (&str, Range<usize>),
    arguments: Vec<Node>,
    at: Range<usize>,
) -> Result<Node, Fault> {
    let wrong = || {
        let title = format!("`{name}` needs a name for each item, and what is asked of it");
        Fault::new(name_at.clone(), title, format!("expected `{name}(x, ...)`"))
    };
    let (list, arguments) = match <[Node; 3]>::try_from(arguments) {
        Ok([variable, which, body]) if way == Way::Map => {
            let of = vec![variable.clone(), which];
            (each(Way::Filter, list, (name, name_at.clone()), of, at.clone())?, vec![variable, body])
        }
        Ok(arguments) => (list, arguments.into()),
        Err(arguments) => (list, arguments),
    };
    let Ok([variable, body]) = <[Node; 2]>::try_from(arguments) else { return Err(wrong()) };
    let Form::Name(variable) = variable.form else { return Err(wrong()) };
    Reader::node(Form::Each(Box::new(Each { way, list, variable, body })), at)
}

fn too_deep(at: Range<usize>) -> Fault {
    Fault::new(at, format!("an expression is at most {DEEPEST} levels deep"), "too deep").help("write it as several")
}
