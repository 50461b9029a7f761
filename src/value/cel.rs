use super::{Mismatch, Regex};
use crate::cel::{self, Expression, Form, Node, Operator};
use smol_str::SmolStr;
use std::fmt;

/// An expression of the Common Expression Language that a proxy evaluates.
///
/// Envoy refuses a listener whose expression it cannot build, and its pods then keep what they were told before: so an
/// expression that it would refuse is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cel(SmolStr);

const EXPECTED: &str = "an expression of CEL that a proxy can answer, such as `response.code >= 400`";
const LONGEST: usize = 1_024;
/// Envoy's reader takes 30 levels.
const DEEPEST: usize = 28;
/// RE2's program of a pattern may have so many steps; four are needed for its beginning and its end.
const STEPS: usize = 96;

/// What Envoy's builder knows, with how many arguments each may have; what stands before the dot is one of them.
/// Lists cannot be walked, and `string` makes a copy: Envoy has switched both off.
const FUNCTIONS: [(&str, std::ops::RangeInclusive<usize>); 27] = [
    ("bool", 1..=1),
    ("bytes", 1..=1),
    ("contains", 2..=2),
    ("double", 1..=1),
    ("duration", 1..=1),
    ("dyn", 1..=1),
    ("endsWith", 2..=2),
    ("getDate", 1..=2),
    ("getDayOfMonth", 1..=2),
    ("getDayOfWeek", 1..=2),
    ("getDayOfYear", 1..=2),
    ("getFullYear", 1..=2),
    ("getHours", 1..=2),
    ("getMilliseconds", 1..=2),
    ("getMinutes", 1..=2),
    ("getMonth", 1..=2),
    ("getSeconds", 1..=2),
    ("int", 1..=1),
    ("matches", 2..=2),
    ("re.capture", 2..=2),
    ("re.captureN", 2..=2),
    ("re.extract", 3..=3),
    ("size", 1..=1),
    ("startsWith", 2..=2),
    ("timestamp", 1..=1),
    ("type", 1..=1),
    ("uint", 1..=1),
];

impl Cel {
    /// Reads an expression; what its names mean is for whoever knows where it runs.
    ///
    /// # Errors
    /// It is no expression, or one that no proxy takes.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let fault = |because: String| Mismatch::new(EXPECTED, because);
        if text.trim().is_empty() {
            return Err(fault("it is empty".to_owned()));
        }
        if text.len() > LONGEST {
            return Err(fault(format!("it has {} bytes, and {LONGEST} is the most", text.len())));
        }
        let expression = cel::read(text).map_err(|fault| Mismatch::new(EXPECTED, told(text, &fault)))?;
        depth(&expression.root).map_err(fault)?;
        expression.root.all().try_for_each(in_proxy).map_err(fault)?;
        Ok(Cel(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }

    /// Every variable that is read, with the name that is read from it, as `request` and `host` of `request.host`.
    pub fn reads(&self) -> Vec<(SmolStr, Option<SmolStr>)> {
        let Ok(Expression { root, .. }) = cel::read(&self.0) else { return Vec::new() };
        let mut reads: Vec<(usize, SmolStr, Option<SmolStr>)> = Vec::new();
        for node in root.all() {
            let field = if let Form::Field(of, member, _) = &node.form { Some((of, member)) } else { None };
            let (of, member) = field.map_or((&node.form, None), |(of, member)| (&of.form, Some(member.into())));
            let Form::Name(of) = of else { continue };
            // A field is met before the name that it is of.
            if !reads.iter().any(|(at, name, _)| *at == node.at.start && *name == of.as_str()) {
                reads.push((node.at.start, of.into(), member));
            }
        }
        reads.sort();
        reads.into_iter().map(|(_, name, member)| (name, member)).collect()
    }
}

impl fmt::Display for Cel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A fault of reading, with what stands at its place.
fn told(text: &str, fault: &cel::Fault) -> String {
    let before = text.get(..fault.at.start).unwrap_or_default().trim_end();
    let after = before.char_indices().rev().nth(11).map_or(before, |(at, _)| before.get(at..).unwrap_or_default());
    let place = if after.is_empty() { String::new() } else { format!(" after `{after}`") };
    let meant = fault.instead.as_ref().map(|meant| format!(": did you mean `{meant}`?")).unwrap_or_default();
    format!("{}{place}{meant}", fault.title)
}

/// How deep Envoy's reader has to go; it halves a row of the same `&&` or `||`.
fn depth(node: &Node) -> Result<usize, String> {
    let row = |node: &Node| {
        let Form::Pair(operator @ (Operator::And | Operator::Or), ..) = &node.form else { return None };
        Some(*operator)
    };
    let mut deepest = 0;
    for part in node.parts() {
        let is_row = part.around == 0 && row(part).is_some() && row(part) == row(node);
        deepest = deepest.max(depth(part)? + usize::from(!is_row));
    }
    deepest += node.around;
    if deepest > DEEPEST { Err(format!("a proxy reads {DEEPEST} levels at most")) } else { Ok(deepest) }
}

/// Whether Envoy builds a part of an expression.
fn in_proxy(node: &Node) -> Result<(), String> {
    match &node.form {
        Form::Name(name) if matches!(name.as_str(), "namespace" | "var") => {
            Err(format!("`{name}` is a word that CEL keeps for itself"))
        }
        Form::Field(_, name, _) if name == "in" => Err("`in` cannot be the name of a field".to_owned()),
        Form::Each(_) => Err("proxies do not walk lists: `all`, `exists`, `map` and `filter` are off".to_owned()),
        Form::Call(call) => called(call),
        Form::Literal(_)
        | Form::Bytes
        | Form::Name(_)
        | Form::List(_)
        | Form::Map(_)
        | Form::Field(..)
        | Form::Has(_)
        | Form::Index(..)
        | Form::Not(_)
        | Form::Negate(_)
        | Form::Pair(..)
        | Form::Choose(_) => Ok(()),
    }
}

fn called(call: &cel::Call) -> Result<(), String> {
    let count = call.arguments.len() + usize::from(call.target.is_some());
    let of_re = call.target.as_ref().is_some_and(|target| matches!(&target.form, Form::Name(name) if name == "re"));
    let (name, count) = if of_re { (format!("re.{}", call.name), count - 1) } else { (call.name.clone(), count) };
    let Some((_, counts)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
        return Err(format!("no proxy knows a function `{name}`"));
    };
    if !counts.contains(&count) {
        return Err(format!("`{name}` takes no {count} values"));
    }
    let pattern = call.arguments.last().filter(|_| name == "matches").map(|pattern| &pattern.form);
    let Some(Form::Literal(serde_json::Value::String(pattern))) = pattern else { return Ok(()) };
    let pattern = Regex::parse(pattern).map_err(|fault| format!("the pattern of `matches`: {}", fault.because))?;
    let steps = pattern.steps();
    if steps > STEPS {
        return Err(format!("the pattern of `matches` has about {steps} steps, and a proxy takes {STEPS} at most"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Cel;

    #[test]
    fn takes_what_proxies_take() {
        for text in [
            "response.code >= 400",
            "!has(response.code)",
            "request.headers['x-a'] == 'b' || 'c' in request.headers",
            "a ? b : c",
            "request.path.matches('^/(api|v1)/[a-z]+$') && re.extract(request.path, 'a(b)', '\\\\1') != ''",
            "timestamp('2030-01-01T00:00:00Z') < request.time && request.time.getHours('Europe/Berlin') > 6",
            "b'a' == bytes('a') && -1 < 0 && type(request.method) == string && size([1,]) == 1",
            &vec!["true"; 60].join(" && "),
        ] {
            assert_eq!(Cel::parse(text).map(|_| ()), Ok(()), "{text}");
        }
    }

    #[test]
    fn refuses_what_stops_a_listener() {
        for (text, because) in [
            ("", "it is empty"),
            (" ", "it is empty"),
            ("response.code >=", "expected a value or a name, found its end after `onse.code >=`"),
            ("a b", "expected an operator or its end, found `b` after `a`"),
            ("'", "a string without its closing `'`"),
            ("request.host = 'b'", "`=` is no sign of CEL after `request.host`: did you mean `==`?"),
            ("f(1,)", "expected a value or a name, found `)` after `f(1,`"),
            ("[1].all(x, x > 0)", "proxies do not walk lists: `all`, `exists`, `map` and `filter` are off"),
            ("string(response.code) == '200'", "no proxy knows a function `string`"),
            ("request.path.lowerAscii() == 'a'", "no proxy knows a function `lowerAscii`"),
            ("size(1, 2) == 1", "`size` takes no 2 values"),
            ("namespace == 'a'", "`namespace` is a word that CEL keeps for itself"),
            ("request.in == 'a'", "`in` cannot be the name of a field"),
            ("request.path.matches('(')", "the pattern of `matches`: a `(` is not closed"),
            (
                "request.path.matches('([a-z]+/){60}')",
                "the pattern of `matches` has about 300 steps, and a proxy takes 96 at most",
            ),
            (&format!("1{} == 1", "+1".repeat(31)), "a proxy reads 28 levels at most"),
            (&format!("{}true{}", "(".repeat(32), ")".repeat(32)), "a proxy reads 28 levels at most"),
            (&"(".repeat(900), "an expression is at most 64 levels deep after `((((((((((((`"),
        ] {
            assert_eq!(Cel::parse(text).map_err(|fault| fault.because), Err(because.to_owned()), "{text}");
        }
    }

    #[test]
    fn knows_what_it_reads() {
        let cel = Cel::parse("request.duration > duration('5s') && !has(response.code) || 'a.b' == xds.address.x || a");
        let reads = cel.expect("an expression").reads();
        let names: Vec<String> =
            reads.iter().map(|(of, it)| format!("{of}.{}", it.as_deref().unwrap_or_default())).collect();
        assert_eq!(names, ["request.duration", "response.code", "xds.address", "a."]);
    }
}
