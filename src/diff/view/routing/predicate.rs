use crate::diff::view::{At, names};
use regex_lite::Regex;
use std::cell::OnceCell;

/// What one `match` asks of a request: all of it.
#[derive(Clone, Debug, Default)]
pub(in crate::diff) struct Predicate {
    pub(super) conditions: Vec<Condition>,
}

/// What is asked of one thing of a request.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// What it is asked of: `path`, `method`, `header x-user`.
    pub(super) of: String,
    /// One of these.
    pub(super) any: Vec<Matcher>,
    /// Whether it is none of them.
    pub(super) is_negated: bool,
    /// Whether capitals do not count.
    pub(super) is_folded: bool,
}

/// What a text is held against.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Exact(String),
    Prefix(String),
    Suffix(String),
    /// Nothing is known of what a pattern takes that cannot be read, but that the same pattern takes the same.
    Regex(Pattern),
    Present,
}

/// A regular expression, read when it is first asked.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// As it is written.
    pub(super) text: String,
    read: OnceCell<Option<Regex>>,
}

impl Pattern {
    /// It, if it can be read.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.read.get_or_init(|| Regex::new(&format!("^(?:{})$", self.text)).ok()).as_ref()
    }
}

/// The text that stands for all that a pattern takes that cannot be read.
pub(super) fn symbol(pattern: &str) -> String {
    format!("\u{1}{pattern}")
}

impl Matcher {
    /// What fits a regular expression as a whole.
    pub(super) fn regex(text: &str) -> Self {
        Matcher::Regex(Pattern { text: text.to_owned(), read: OnceCell::new() })
    }

    fn takes(&self, value: Option<&str>, is_folded: bool) -> bool {
        let Some(value) = value else { return false };
        let folded = |text: &str| if is_folded { text.to_ascii_lowercase() } else { text.to_owned() };
        match self {
            Matcher::Exact(text) => folded(value) == folded(text),
            Matcher::Prefix(text) => folded(value).starts_with(&folded(text)),
            Matcher::Suffix(text) => value.ends_with(text.as_str()),
            Matcher::Regex(pattern) => match pattern.regex() {
                Some(regex) => regex.is_match(value),
                None => value == symbol(&pattern.text),
            },
            Matcher::Present => true,
        }
    }
}

impl Condition {
    /// Whether a value meets it. A header that is not there counts as empty where it is negated.
    pub(super) fn takes(&self, value: Option<&str>) -> bool {
        let any = |value| self.any.iter().any(|matcher| matcher.takes(value, self.is_folded));
        match (self.is_negated, value) {
            (false, value) => any(value),
            (true, Some(value)) => !any(Some(value)),
            (true, None) => {
                self.any.iter().all(|matcher| !matcher.takes(Some(""), false) || matches!(matcher, Matcher::Present))
            }
        }
    }
}

pub(super) fn condition(of: impl Into<String>, any: Vec<Matcher>) -> Option<Condition> {
    let of = of.into();
    (!any.is_empty()).then_some(Condition { of, any, is_negated: false, is_folded: false })
}

fn matcher(at: At<'_>) -> Option<Matcher> {
    let text = |key| at.key(key).word();
    if let Some(exact) = text("exact") {
        return Some(Matcher::Exact(exact));
    }
    if let Some(prefix) = text("prefix") {
        return Some(if prefix.is_empty() { Matcher::Present } else { Matcher::Prefix(prefix) });
    }
    match text("regex") {
        Some(all) if all == "*" || all == ".*" => Some(Matcher::Present),
        Some(text) => Some(Matcher::regex(&text)),
        None => at.is_there().then_some(Matcher::Present),
    }
}

/// What a `match` of a `VirtualService` asks; what it asks of everything is left out.
pub(super) fn read(at: At<'_>, namespace: &str) -> Predicate {
    let mut conditions = Vec::new();
    let of_path = matcher(at.key("uri")).filter(|asked| match asked {
        Matcher::Prefix(prefix) => prefix != "/",
        Matcher::Present => false,
        Matcher::Exact(_) | Matcher::Suffix(_) | Matcher::Regex(_) => true,
    });
    conditions.extend(of_path.map(|asked| Condition {
        of: "path".to_owned(),
        any: vec![asked],
        is_negated: false,
        is_folded: at.key("ignoreUriCase").flag(),
    }));
    for (key, of) in [("scheme", "scheme"), ("method", "method"), ("authority", "host")] {
        let asked = matcher(at.key(key)).filter(|asked| !matches!(asked, Matcher::Present));
        conditions.extend(asked.and_then(|asked| condition(of, vec![asked])));
    }
    for (key, of, is_negated) in
        [("headers", "header", false), ("withoutHeaders", "header", true), ("queryParams", "query", false)]
    {
        for entry in at.key(key).entries() {
            let name = if of == "header" { entry.key.to_ascii_lowercase() } else { entry.key.to_string() };
            let asked = matcher(At::of(Some(&entry.node))).unwrap_or(Matcher::Present);
            conditions.extend(condition(format!("{of} {name}"), vec![asked]).map(|c| Condition { is_negated, ..c }));
        }
    }
    conditions.extend(sources(at, namespace));
    conditions.extend(connections(at));
    Predicate { conditions }
}

/// Where `gateways` stands, Istio does not look at the labels and namespace of the source.
fn sources(at: At<'_>, namespace: &str) -> Vec<Condition> {
    let exact = |text: String| Matcher::Exact(text);
    let gateways: Vec<Matcher> =
        at.key("gateways").texts().into_iter().map(|name| exact(names::gateway(name, namespace))).collect();
    if let Some(gateways) = condition("gateway", gateways) {
        return vec![gateways];
    }
    let labels = at.key("sourceLabels").entries().iter();
    let labels = labels
        .filter_map(|entry| condition(format!("label {}", entry.key), vec![exact(At::of(Some(&entry.node)).word()?)]));
    let source = at.key("sourceNamespace").text().and_then(|name| condition("namespace", vec![exact(name.to_owned())]));
    labels.chain(source).collect()
}

/// What is asked of the connection.
fn connections(at: At<'_>) -> Vec<Condition> {
    let port = at.key("port").word().and_then(|port| condition("port", vec![Matcher::Exact(port)]));
    let names = at.key("sniHosts").texts().into_iter().map(|name| match name.strip_prefix('*') {
        Some("") => Matcher::Present,
        Some(suffix) => Matcher::Suffix(suffix.to_owned()),
        None => Matcher::Exact(name.to_owned()),
    });
    let names = condition("name in TLS", names.collect());
    let subnets = |key: &str, of: &str| {
        condition(of, at.key(key).texts().into_iter().map(|text| Matcher::Exact(text.to_owned())).collect())
    };
    let source = at
        .key("sourceSubnet")
        .text()
        .and_then(|text| condition("source address", vec![Matcher::Exact(text.to_owned())]));
    [port, names, subnets("destinationSubnets", "address"), source].into_iter().flatten().collect()
}

/// Requests as people say them: `path /pay/*, header x-user: jason`.
pub(in crate::diff) fn told(predicates: &[Predicate]) -> String {
    if predicates.is_empty() || predicates.iter().any(|predicate| predicate.conditions.is_empty()) {
        return "every request".to_owned();
    }
    let all: Vec<String> = predicates.iter().map(Predicate::told).collect();
    all.join(" or ")
}

impl Predicate {
    /// What is the same of predicates that ask the same.
    pub(super) fn key(&self) -> String {
        let mut keys: Vec<String> = self.conditions.iter().map(Condition::key).collect();
        keys.sort();
        keys.join(", ")
    }

    fn told(&self) -> String {
        let all: Vec<String> = self.conditions.iter().map(Condition::told).collect();
        all.join(", ")
    }
}

impl Condition {
    fn told(&self) -> String {
        let any: Vec<String> = self
            .any
            .iter()
            .map(|matcher| match matcher {
                Matcher::Exact(text) => text.clone(),
                Matcher::Prefix(text) => format!("{text}*"),
                Matcher::Suffix(text) => format!("*{text}"),
                Matcher::Regex(pattern) => format!("~ {}", pattern.text),
                Matcher::Present => "present".to_owned(),
            })
            .collect();
        let not = if self.is_negated { "not " } else { "" };
        let colon = if self.of.contains(' ') { ":" } else { "" };
        format!("{not}{}{colon} {}", self.of, any.join("|"))
    }

    /// What is the same of two conditions that ask the same.
    pub(super) fn key(&self) -> String {
        format!("{}{}", self.told(), if self.is_folded { " in any case" } else { "" })
    }
}
