//! What a template may consist of, judged on its tokens before anything of it is run. minijinja counts its own work, but
//! reads a template recursively, folds constants without counting, and lets lists hold themselves many times over.

use super::faults::refused;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

/// Bytes in a template.
pub(super) const LONGEST: usize = 64 * 1024;
/// Tokens in one expression or statement.
const MOST_TOKENS: usize = 200;
/// Statements inside each other.
const DEEPEST: usize = 16;
/// How many `elif` there may be: each is read inside of the one before.
const MOST_ELIF: usize = 100;

/// The statements that a template may have.
const STATEMENTS: [&str; 7] = ["if", "elif", "else", "endif", "for", "endfor", "set"];

/// Why a template is not run; nothing if it may be.
pub(super) fn judge(file: FileId, text: &str) -> Result<(), Box<Diagnostic>> {
    let whole = Span::new(file, 0, 0);
    if text.len() > LONGEST {
        let help = "split it into several templates";
        return Err(refused(whole, "be longer than 64 KiB", "is longer", help));
    }
    let mut judge = Judge {
        file,
        inside: 0,
        depth: 0,
        elifs: 0,
        before: None,
        is_statement: false,
        is_loop: false,
        calls: Vec::new(),
    };
    // What is no token is told of when the template is read.
    for (token, span) in tokenize(text, false, SyntaxConfig::default()).map_while(Result::ok) {
        let span = judge.span(span.start_offset, span.end_offset);
        judge.token(&token, span)?;
        judge.before = Some(Before::of(&token));
    }
    Ok(())
}

/// What to do instead of a list.
const LISTS: &str = "loop over what the thing has, or write the text as often as it is needed";

struct Judge {
    file: FileId,
    /// Tokens of the open expression.
    inside: usize,
    /// Open statements.
    depth: usize,
    /// How many `elif` there were.
    elifs: usize,
    before: Option<Before>,
    /// Whether a statement has just begun.
    is_statement: bool,
    /// Whether the names of a loop are being said.
    is_loop: bool,
    /// Of each open parenthesis, whether it holds the arguments of a call.
    calls: Vec<bool>,
}

/// What stands before a token, as far as it counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A value, so that a bracket looks into it and a parenthesis calls it.
    Value,
    Other,
}

impl Before {
    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of another crate, of which more may come")]
    fn of(token: &Token<'_>) -> Self {
        match token {
            // Words that are no values stand before lists: `for x in [1, 2]`.
            Token::Ident("in" | "and" | "or" | "not" | "if" | "else" | "is") => Before::Other,
            Token::Ident(_) | Token::BracketClose | Token::ParenClose | Token::Str(_) | Token::String(_) => {
                Before::Value
            }
            _ => Before::Other,
        }
    }
}

impl Judge {
    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of another crate, of which more may come")]
    fn token(&mut self, token: &Token<'_>, span: Span) -> Result<(), Box<Diagnostic>> {
        self.inside += 1;
        if self.inside > MOST_TOKENS {
            let (what, why) = ("have so long an expression", "goes on for more than 200 words and signs");
            return Err(refused(span, what, why, "name its parts: `{% set part = ... %}`"));
        }
        match token {
            Token::TemplateData(_) | Token::VariableStart | Token::VariableEnd | Token::BlockEnd => {
                self.inside = 0;
                self.calls.clear();
            }
            Token::BlockStart => {
                self.inside = 0;
                self.is_statement = true;
                return Ok(());
            }
            Token::Ident(word) if self.is_statement => self.statement(word, span)?,
            Token::Ident("in") => self.is_loop = false,
            Token::Plus | Token::Mul | Token::Pow => {
                let help = "use the filters `plus` and `times` for numbers, and `~` for texts";
                return Err(refused(span, "say `+`, `*` and `**`", "would make lists of lists", help));
            }
            Token::BraceOpen => {
                let help = "look into what the thing has, or write the text as it is";
                return Err(refused(span, "make maps", "begins a map", help));
            }
            Token::BracketOpen if self.before != Some(Before::Value) => {
                return Err(refused(span, "make lists", "begins a list", LISTS));
            }
            Token::ParenOpen => self.calls.push(self.before == Some(Before::Value)),
            Token::ParenClose => _ = self.calls.pop(),
            // Between the names of a loop, or the arguments of a call.
            Token::Comma if self.is_loop || self.calls.last() == Some(&true) => {}
            Token::Comma => return Err(refused(span, "make lists", "goes on with a list", LISTS)),
            _ => {}
        }
        self.is_statement = false;
        Ok(())
    }

    fn statement(&mut self, word: &str, span: Span) -> Result<(), Box<Diagnostic>> {
        if !STATEMENTS.contains(&word) {
            let help = "it has `if`, `for` and `set`";
            return Err(refused(span, &format!("say `{word}`"), "not one of its statements", help));
        }
        self.is_loop = word == "for";
        match word {
            "if" | "for" => self.depth += 1,
            "endif" | "endfor" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.elifs += usize::from(word == "elif");
        if self.elifs > MOST_ELIF {
            let help = "split the template";
            return Err(refused(span, "have so many `elif`", "the hundred and first", help));
        }
        if self.depth > DEEPEST {
            let help = "take loops and conditions apart";
            return Err(refused(span, "nest so deep", "inside of 16 others", help));
        }
        Ok(())
    }
}
