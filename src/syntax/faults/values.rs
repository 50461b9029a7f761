use super::{KDL_SYNTAX, LEADING_ZERO, NUMBER_OUT_OF_RANGE, quoted, shown};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// `true` without `#`, or a name that is one of KDL's words for values.
pub(in crate::syntax) fn bare_keyword(word: Span, text: &str, name: bool) -> Diagnostic {
    if name {
        return Diagnostic::new(&KDL_SYNTAX, format!("expected a name, found `{text}`"))
            .at(word, "KDL keeps this word for a value")
            .fix("quote it", word, quoted(text));
    }
    Diagnostic::new(&KDL_SYNTAX, format!("expected `#{text}`, found `{text}`"))
        .at(word, "KDL writes this value with `#`")
        .fix("put `#` before it", word, format!("#{text}"))
}

/// `#` before a word that is no keyword.
pub(in crate::syntax) fn unknown_keyword(keyword: Span, word: &str) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, format!("expected a value of KDL, found `#{}`", shown(word)))
        .at(keyword, "KDL has `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`");
    let meant = match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => "#true",
        "false" | "no" | "off" => "#false",
        _ => return fault.fix("quote it if it is text", keyword, format!("\"#{word}\"")),
    };
    fault.fix(format!("write `{meant}`"), keyword, meant)
}

/// A bare word that begins as a number and is none.
pub(in crate::syntax) fn not_a_number(word: Span, text: &str) -> Diagnostic {
    let fault = Diagnostic::new(&KDL_SYNTAX, format!("expected a number or quotes, found `{}`", shown(text)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if let Some(number) = text.strip_suffix('%').filter(|number| digits(number)) {
        return fault.at(word, "a percentage is a number without a sign").fix("take the `%` away", word, number);
    }
    if text.contains(',') && text.split(',').all(|part| part.is_empty() || digits(part)) {
        let spaced = text.split(',').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        return fault.at(word, "values stand apart by spaces, without commas").fix("take the comma away", word, spaced);
    }
    if let Some(mended) = mended(text) {
        return fault.at(word, "digits stand on both sides of a point").fix(
            format!("write `{mended}`"),
            word,
            mended.clone(),
        );
    }
    fault.at(word, "what begins with a digit is a number, or is quoted").fix("quote it", word, quoted(text))
}

/// `.5` and `5.` as KDL writes them.
fn mended(text: &str) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = text.get(..text.len() - unsigned.len())?;
    match unsigned.split_once('.')? {
        ("", fraction) if digits(fraction) => Some(format!("{sign}0.{fraction}")),
        (whole, "") if digits(whole) => Some(format!("{sign}{whole}.0")),
        (_, _) => None,
    }
}

/// A number that no type here holds.
pub(in crate::syntax) fn number_out_of_range(number: Span, text: &str) -> Diagnostic {
    Diagnostic::new(&NUMBER_OUT_OF_RANGE, format!("expected a number that can be held, found `{}`", shown(text)))
        .at(number, "too large, or too near to zero")
        .note("whole numbers are held in 128 bits, others in 64 bits of IEEE 754")
        .help("write a number that Istio can take; quote it if it is text")
}

/// A number with a zero before its digits.
pub(in crate::syntax) fn leading_zero(number: Span, text: &str) -> Diagnostic {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let zeros = unsigned.trim_start_matches(['0', '_']);
    let digit = zeros.starts_with(|first: char| first.is_ascii_digit());
    let plain = format!("{sign}{}{zeros}", if digit { "" } else { "0" });
    Diagnostic::new(&LEADING_ZERO, format!("expected `{}`, found `{}`", shown(&plain), shown(text)))
        .at(number, "KDL reads this as base ten")
        .note("YAML 1.1, which Kubernetes reads, takes a number with a zero before it for octal")
        .fix("take the zero away, or quote it if it is text", number, plain.clone())
}
