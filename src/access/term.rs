use super::field::{Field, ISSUER, SUBJECT};
use super::glob::{Class, Glob};
use super::range::{Point, Range};
use super::{Dimension, Value};
use smol_str::SmolStr;
use std::fmt;

/// One value of one field, as a rule says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// By which word.
    pub field: Field,
    /// What.
    pub value: SmolStr,
}

/// What a term holds.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// Texts: those of any of these.
    Globs(Vec<Glob>),
    /// Numbers.
    Range(Range),
    /// What is not known: it holds or not.
    Unknown,
    /// Nothing, since it cannot be read; Istio refuses such a policy.
    Nothing,
}

/// Stands between issuer and subject, which may both hold a `/`.
pub(super) const MARK: char = '\u{1f}';
const NO_MARK: Class = Class::Not(MARK);

impl Term {
    /// What it says something about.
    pub(super) fn dimension(&self) -> Dimension {
        self.field.dimension(&self.value)
    }

    /// What it holds, as Istio hands it to Envoy.
    pub(super) fn reading(&self) -> Reading {
        let value = self.value.as_str();
        let range = |range: Option<Range>| range.map_or(Reading::Nothing, Reading::Range);
        let glob = |glob: Glob| Reading::Globs(vec![glob]);
        match &self.field {
            // Of a header, its being there is enough.
            Field::Methods | Field::Header(_) => glob(text(value, Class::Any, Glob::default().many(Class::Any))),
            Field::Hosts => glob(text(&value.to_ascii_lowercase(), Class::Any, Glob::default().many(Class::Any))),
            Field::Namespaces => glob(namespace(value)),
            Field::ServiceAccounts => Reading::Globs(service_account(value)),
            Field::TrustDomains => glob(trust_domain(value)),
            Field::IpBlocks | Field::RemoteIpBlocks | Field::DestinationIp => range(Range::of_addresses(value)),
            Field::Ports => range(Range::of_port(value)),
            Field::RequestPrincipals => glob(request_principal(value)),
            Field::Claim(name) if name == ISSUER => glob(token(of_token(value), any_of_token())),
            Field::Claim(name) if name == SUBJECT => glob(token(any_of_token(), of_token(value))),
            Field::Principals | Field::Sni | Field::Claim(_) => {
                glob(text(value, Class::Any, Glob::default().some(Class::Any)))
            }
            Field::Paths => glob(path(value)),
            Field::Unknown(_) => Reading::Unknown,
        }
    }

    /// Whether a value of its dimension is one of its own.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self.reading(), value) {
            (Reading::Globs(globs), _) => value.texts(&self.dimension()).iter().any(|text| any(&globs, text)),
            (Reading::Range(range), Value::Address(address)) => range.holds(Point::of_address(*address)),
            (Reading::Range(range), Value::Port(port)) => range.holds(Point::of_port(*port)),
            (Reading::Unknown, value) => *value == Value::Holds(true),
            (Reading::Range(_) | Reading::Nothing, _) => false,
        }
    }
}

pub(super) fn any(globs: &[Glob], text: &str) -> bool {
    globs.iter().any(|glob| glob.matches(text))
}

impl Value {
    /// The texts at which globs look.
    fn texts(&self, dimension: &Dimension) -> Vec<String> {
        match self {
            Value::Text(text) if *dimension == Dimension::Host => vec![text.to_ascii_lowercase()],
            Value::Text(text) => vec![text.to_string()],
            Value::Token { issuer, subject } => vec![format!("{issuer}{MARK}{subject}")],
            Value::Texts(texts) => texts.iter().map(SmolStr::to_string).collect(),
            Value::Absent | Value::Address(_) | Value::Port(_) | Value::Holds(_) => Vec::new(),
        }
    }
}

/// Exact, `prefix*`, `*suffix`, or `*`, which is `presence`.
fn text(value: &str, class: Class, presence: Glob) -> Glob {
    match (value, value.strip_prefix('*'), value.strip_suffix('*')) {
        ("*", ..) => presence,
        (_, Some(suffix), _) => Glob::default().many(class).text(suffix),
        (_, None, Some(prefix)) => Glob::default().text(prefix).many(class),
        (_, None, None) => Glob::default().text(value),
    }
}

/// A namespace anywhere in an identity; each `*` stands for anything.
fn namespace(value: &str) -> Glob {
    let begin = Glob::default().many(Class::Any).text("/ns/");
    let inner = value.split('*').enumerate().fold(begin, |glob, (at, part)| match at {
        0 => glob.text(part),
        _ => glob.many(Class::Any).text(part),
    });
    inner.text("/").many(Class::Any)
}

/// `namespace/account`, with other pairs of keys and values between and behind.
fn service_account(value: &str) -> Vec<Glob> {
    let (namespace, account) = value.split_once('/').unwrap_or(("", value));
    let begin = Glob::default().some(Class::Any).text("/ns/").text(namespace).text("/");
    let between = [Glob::default(), Glob::default().some(Class::Any).text("/")];
    let behind = [Glob::default(), Glob::default().text("/").some(Class::Any)];
    let each = between.iter().flat_map(|between| behind.iter().map(move |behind| (between, behind)));
    each.map(|(between, behind)| begin.clone().then(between.clone()).text("sa/").text(account).then(behind.clone()))
        .collect()
}

fn trust_domain(value: &str) -> Glob {
    match value.split_once('*') {
        Some(("", "")) => Glob::default().many(Class::Any),
        Some((before, after)) => {
            Glob::default().text(before).many(Class::Not('/')).text(after).text("/").many(Class::Any)
        }
        None => Glob::default().text(value).text("/").many(Class::Any),
    }
}

fn of_token(value: &str) -> Glob {
    text(value, NO_MARK, Glob::default().some(NO_MARK))
}

fn any_of_token() -> Glob {
    Glob::default().many(NO_MARK)
}

fn token(issuer: Glob, subject: Glob) -> Glob {
    issuer.text(&MARK.to_string()).then(subject)
}

/// `issuer/subject`, divided at the last `/` since an issuer may be an URL: each case is one of Istio's.
fn request_principal(value: &str) -> Glob {
    let some = || Glob::default().some(NO_MARK);
    let exact = |text: &str| Glob::default().text(text);
    let suffix = |text: &str| Glob::default().many(NO_MARK).text(text.strip_prefix('*').unwrap_or(text));
    let prefix = |text: &str| Glob::default().text(text.strip_suffix('*').unwrap_or(text)).many(NO_MARK);
    match (value.rsplit_once('/'), value) {
        (_, "*") => token(some(), some()),
        (Some(("*", subject)), _) => token(some(), exact(subject)),
        (Some((issuer, subject)), _) if issuer.starts_with('*') => token(suffix(issuer), exact(subject)),
        (None, _) if value.starts_with('*') => token(some(), suffix(value)),
        (Some((issuer, "*")), _) => token(exact(issuer), some()),
        (Some((issuer, subject)), _) if subject.ends_with('*') => token(exact(issuer), prefix(subject)),
        (None, _) if value.ends_with('*') => token(prefix(value), some()),
        (Some((issuer, subject)), _) => token(exact(issuer), exact(subject)),
        (None, _) => token(exact(value), exact("")),
    }
}

/// A path as other texts, or a template: `{*}` one segment, `{**}` any number of them.
fn path(value: &str) -> Glob {
    if !value.contains("{*}") && !value.contains("{**}") {
        return text(value, Class::Any, Glob::default().some(Class::Any));
    }
    value.split('/').enumerate().fold(Glob::default(), |glob, (at, segment)| {
        let glob = if at == 0 { glob } else { glob.text("/") };
        match segment {
            "{*}" | "*" => glob.some(Class::Segment),
            "{**}" | "**" => glob.many(Class::Segments),
            _ => glob.text(segment),
        }
    })
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.field, self.value)
    }
}
