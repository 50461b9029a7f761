//! `mesh can`: whether a request comes to a service, and why.

use super::arguments::ExplainFormat;
use super::arguments::{Environments, Place, TEMPLATE, ValuesFormat};
use super::exit::{Exit, Outcome, Refusal};
use super::names::{self, Asked};
use super::screen::{Screen, by_environment, columns};
use super::workspace;
use crate::diagnostic::render::summary;
use crate::ir::Mesh;
use crate::pipeline::Workspace;
use crate::query::{self, Answer, End, Fix, Question, ShownToken, Verdict};
use crate::source::Sources;
use crate::value::Port;
use clap::Args;
use serde_json::{Value, json};
use smol_str::SmolStr;
use std::fmt::Write as _;
use std::net::IpAddr;

const REQUEST: &str = "Request";

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh can web checkout                              GET / on its first HTTP port
  mesh can web.shop checkout.shop --method POST --path /pay --env prod
  mesh can namespace:ops checkout                    some other pod of a namespace
  mesh can anyone checkout --from-address 10.0.0.7   a pod without a proxy
  mesh can internet checkout --host shop.example     a client outside, through a gateway
  mesh can web checkout --token corp,scope=pay       with a token of the issuer corp

Exit code 0: yes; 1: no, or it depends; 2: the question cannot be asked")]
pub(super) struct Can {
    /// A service or workload, `namespace:NAME`, `gateway:NAME`, `internet`, `anyone` or `cidr:ADDRESS`
    #[arg(value_name = "CALLER")]
    caller: String,
    /// A service; with `.NAMESPACE` behind it where two share a name
    #[arg(value_name = "SERVICE")]
    target: String,
    /// The method; unsaid, GET
    #[arg(long, value_name = "METHOD", help_heading = REQUEST)]
    method: Option<String>,
    /// The path, with its query; unsaid, /
    #[arg(long, value_name = "PATH", help_heading = REQUEST)]
    path: Option<String>,
    /// The port of the service, or of the gateway; unsaid, the first for requests
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..), help_heading = REQUEST)]
    port: Option<u16>,
    /// The host that is asked for; unsaid, the one that clients use
    #[arg(long, value_name = "HOST", help_heading = REQUEST)]
    host: Option<String>,
    /// A header; may be repeated
    #[arg(long = "header", value_name = "NAME=VALUE", help_heading = REQUEST)]
    headers: Vec<String>,
    /// A token of this issuer, with claims: corp,scope=pay
    #[arg(long, value_name = "ISSUER", help_heading = REQUEST)]
    token: Option<String>,
    /// A client certificate that the gateway's listener takes, with this name in it
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = REQUEST)]
    certificate: Option<String>,
    /// The address of the caller
    #[arg(long, value_name = "ADDRESS", help_heading = REQUEST)]
    from_address: Option<IpAddr>,
    #[command(flatten)]
    environments: Environments,
    #[command(flatten)]
    format: ValuesFormat,
}

/// `mesh can`.
pub(super) fn run(arguments: &Can, place: &Place, screen: &mut Screen) -> Outcome {
    let root = workspace::root(place)?;
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let mut answers: Vec<(String, Answer)> = Vec::new();
    for (environment, mesh) in names::meshes(&read)? {
        let question = arguments.question(mesh)?;
        let answer = query::can(mesh, &question).map_err(|unclear| Refusal::new(unclear.what).help(unclear.help))?;
        answers.push((environment.to_owned(), answer));
    }
    let text = match arguments.format.chosen {
        ExplainFormat::Human => shown(&read, &answers),
        ExplainFormat::Json => data(&read.sources, &answers)?,
    };
    screen.say(&text)?;
    if read.found.any_error() {
        screen.note(&format!("as far as it is known: {} (mesh check)\n", summary(&read.found)))?;
    }
    Ok(if answers.iter().all(|(_, answer)| answer.is_yes()) { Exit::Fine } else { Exit::Faulty })
}

impl Can {
    fn question(&self, mesh: &Mesh) -> Result<Question, Refusal> {
        let Asked { who, address } = names::caller(mesh, &self.caller)?;
        let mut question = Question::new(who, names::service(mesh, &self.target)?);
        let path = self.path.as_deref().unwrap_or("/");
        if !path.starts_with('/') || path.contains(['#', ' ']) {
            return Err(Refusal::new(format!("expected a path such as /pay, found `{path}`"))
                .help("a path begins with / and has no # and no space"));
        }
        question.path = path.into();
        if let Some(method) = &self.method {
            question.method = method.into();
        }
        question.port = self.port.and_then(|number| Port::new(number.into()).ok());
        question.host = self.host.as_deref().map(SmolStr::new);
        question.headers = self.headers.iter().map(|said| header(said)).collect::<Result<_, _>>()?;
        question.token = self.token.as_deref().map(|said| token(mesh, said)).transpose()?;
        question.certificate = self.certificate.as_deref().map(SmolStr::new);
        question.address = self.from_address.or(address);
        Ok(question)
    }
}

fn header(said: &str) -> Result<(SmolStr, SmolStr), Refusal> {
    let (name, value) = said.split_once('=').ok_or_else(|| {
        Refusal::new(format!("expected a header with its value, found `{said}`")).help("write for example x-team=blue")
    })?;
    Ok((name.to_ascii_lowercase().into(), value.into()))
}

/// `ISSUER,claim=value,claim=value`.
fn token(mesh: &Mesh, said: &str) -> Result<ShownToken, Refusal> {
    let mut parts = said.split(',').map(str::trim);
    let issuer = names::issuer(mesh, parts.next().unwrap_or_default())?;
    let mut claims: Vec<(SmolStr, Vec<SmolStr>)> = Vec::new();
    for part in parts {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            Refusal::new(format!("expected a claim with its value, found `{part}`"))
                .help("write for example --token corp,scope=pay,groups=sales")
        })?;
        match claims.iter_mut().find(|(own, _)| own == name) {
            Some((_, values)) => values.push(value.into()),
            None => claims.push((name.into(), vec![value.into()])),
        }
    }
    Ok(ShownToken { issuer, claims })
}

/// The answers for people; environments that say the same are told of once.
fn shown(read: &Workspace, answers: &[(String, Answer)]) -> String {
    let texts = answers.iter().map(|(environment, answer)| (environment.as_str(), told(&read.sources, answer)));
    by_environment(texts, " ")
}

fn told(sources: &Sources, answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.headline());
    let rows: Vec<[String; 3]> = answer
        .facts
        .iter()
        .map(|fact| {
            let place = fact.span.map(|span| sources.show(span)).unwrap_or_default();
            [format!("  {:<7}", fact.topic.word()), fact.text.clone(), place]
        })
        .collect();
    for line in columns(&rows) {
        _ = writeln!(text, "{line}");
    }
    if !answer.fixes.is_empty() {
        let fixes: Vec<String> = answer.fixes.iter().map(|fix| fixed(sources, fix)).collect();
        _ = writeln!(text, "to allow it: {}", fixes.join(", and "));
    }
    text
}

fn fixed(sources: &Sources, fix: &Fix) -> String {
    let into = fix.into.map(|span| format!(" to {}", sources.name(span.file)));
    format!("add `{}`{}", fix.line, into.unwrap_or_default())
}

/// `{"version": 1, "answers": [...]}`; `mesh schema can` describes it.
fn data(sources: &Sources, answers: &[(String, Answer)]) -> Result<String, Refusal> {
    let one = |(environment, answer): &(String, Answer)| {
        let (verdict, end) = match &answer.verdict {
            Verdict::Yes => ("yes", None),
            Verdict::No(end) => ("no", Some(end)),
            Verdict::Depends(_) => ("depends", None),
            Verdict::Unknown(_) => ("unknown", None),
        };
        let status = end.and_then(|end| match end {
            End::Status(status) | End::Redirect(status) => Some(*status),
            End::Closed | End::NoDoor | End::Dropped => None,
        });
        let place = |span: Option<crate::source::Span>| span.map_or(Value::Null, |span| sources.show(span).into());
        let facts: Vec<Value> = answer
            .facts
            .iter()
            .map(|fact| json!({"topic": fact.topic.word(), "text": fact.text, "place": place(fact.span)}))
            .collect();
        let fixes: Vec<Value> =
            answer.fixes.iter().map(|fix| json!({"add": fix.line, "place": place(fix.into)})).collect();
        json!({
            "environment": environment,
            "verdict": verdict,
            "status": status,
            "by": answer.by,
            "headline": answer.headline(),
            "facts": facts,
            "fixes": fixes,
        })
    };
    let answers: Vec<Value> = answers.iter().map(one).collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({"version": 1, "answers": answers}))?))
}
