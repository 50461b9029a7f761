use super::{Fault, number, string};
use serde_json::Value;
use std::ops::Range;

/// A word, sign or value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Value(Value),
    Bytes,
    Name(String),
    Sign(&'static str),
    End,
}

/// Signs, the longer before those that they begin with.
const SIGNS: [&str; 24] = [
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]", "{", "}",
    ".", ",",
];

impl Token {
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Value(value) => format!("`{value}`"),
            Token::Bytes => "bytes".to_owned(),
            Token::Name(name) => format!("`{name}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "its end".to_owned(),
        }
    }
}

/// The tokens of a text, each with its place; the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at = skip(text, at);
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, at..at));
            return Ok(tokens);
        };
        let (token, length) = if let Some(read) = string::read(rest, at)? {
            read
        } else if first.is_ascii_digit() || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            let (value, length) = number::read(rest, at)?;
            (Token::Value(value), length)
        } else if first.is_ascii_alphabetic() || first == '_' {
            name(rest)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(unknown(first, rest, at));
        };
        tokens.push((token, at..at + length));
        at += length;
    }
}

/// The place after spaces and comments.
fn skip(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        at += blank;
        if !rest[blank..].starts_with("//") {
            return at;
        }
        at += rest[blank..].find('\n').unwrap_or(rest.len() - blank);
    }
}

fn name(rest: &str) -> (Token, usize) {
    let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let word = &rest[..length];
    let token = match word {
        "true" => Token::Value(Value::Bool(true)),
        "false" => Token::Value(Value::Bool(false)),
        "null" => Token::Value(Value::Null),
        "in" => Token::Sign("in"),
        word => Token::Name(word.to_owned()),
    };
    (token, length)
}

/// What other languages write, with what CEL does.
const MEANT: [(&str, &str); 5] = [("=~", "matches()"), ("=", "=="), ("&", "&&"), ("|", "||"), ("~", "matches()")];

fn unknown(first: char, rest: &str, at: usize) -> Fault {
    let fault = Fault::new(at..at + first.len_utf8(), format!("`{}` is no sign of CEL", first.escape_debug()), "this");
    let meant = MEANT.iter().find(|(sign, _)| rest.starts_with(sign)).map(|(_, meant)| *meant);
    match meant {
        Some("matches()") => fault.help("write `text.matches('expression')`"),
        meant => fault.instead(meant),
    }
}
