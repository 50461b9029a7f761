use super::Fault;
use super::lexer::Token;
use serde_json::Value;

/// A string or bytes at the beginning of `rest`, and how long it is written; none where none begins.
pub(super) fn read(rest: &str, at: usize) -> Result<Option<(Token, usize)>, Fault> {
    let prefix = rest.len() - rest.trim_start_matches(['r', 'R', 'b', 'B']).len();
    let body = &rest[prefix..];
    let Some(quote) = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| body.starts_with(quote)) else {
        return Ok(None);
    };
    let marks = rest[..prefix].to_lowercase();
    let (is_raw, is_bytes) = match marks.as_str() {
        "" => (false, false),
        "r" => (true, false),
        "b" => (false, true),
        "br" => (true, true),
        _ => return Err(Fault::new(at..at + prefix, format!("no string of CEL begins with `{marks}`"), "this")),
    };
    let (text, length) = inside(&body[quote.len()..], quote, is_raw, at + prefix + quote.len())?;
    let token = if is_bytes { Token::Bytes } else { Token::Value(Value::String(text)) };
    Ok(Some((token, prefix + quote.len() + length)))
}

/// The text up to the closing quote, and how long it is written with that.
fn inside(rest: &str, quote: &str, is_raw: bool, at: usize) -> Result<(String, usize), Fault> {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((place, character)) = characters.next() {
        if rest[place..].starts_with(quote) {
            return Ok((text, place + quote.len()));
        }
        match character {
            '\\' if !is_raw => {
                let (read, length) = escape(&rest[place + 1..])
                    .ok_or_else(|| Fault::new(at + place..at + place + 1, "no escape of CEL begins so", "here"))?;
                text.push(read);
                for _ in rest[place + 1..place + 1 + length].chars() {
                    characters.next();
                }
            }
            '\n' | '\r' if quote.len() == 1 => break,
            character => text.push(character),
        }
    }
    Err(Fault::new(
        at.saturating_sub(quote.len())..at,
        format!("a string without its closing `{quote}`"),
        "begins here",
    ))
}

/// What an escape stands for, and how long it is after its backslash.
fn escape(rest: &str) -> Option<(char, usize)> {
    let plain = |character| Some((character, 1));
    match rest.chars().next()? {
        'n' => plain('\n'),
        't' => plain('\t'),
        'r' => plain('\r'),
        'a' => plain('\u{7}'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'v' => plain('\u{b}'),
        quote @ ('\\' | '\'' | '"' | '`' | '?') => plain(quote),
        'x' | 'X' => coded(rest, 2, 16),
        'u' => coded(rest, 4, 16),
        'U' => coded(rest, 8, 16),
        '0'..='3' => {
            let code = u32::from_str_radix(rest.get(..3)?, 8).ok()?;
            Some((char::from_u32(code)?, 3))
        }
        _ => None,
    }
}

fn coded(rest: &str, digits: usize, radix: u32) -> Option<(char, usize)> {
    let code = rest.get(1..=digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((char::from_u32(u32::from_str_radix(code, radix).ok()?)?, digits + 1))
}
