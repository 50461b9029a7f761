use crate::source::Span;

/// Whether a request comes to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Yes,
    /// It does not, and this comes instead.
    No(End),
    /// It does if these authorizers, each by name, say so.
    Depends(Vec<String>),
    /// That cannot be told, for this reason.
    Unknown(String),
}

/// What a client gets instead of the service's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// An answer of somebody on the way.
    Status(u16),
    /// A redirect.
    Redirect(u16),
    /// The connection is closed.
    Closed,
    /// There is no way in.
    NoDoor,
    /// The network lets no connection through: the caller waits until it gives up.
    Dropped,
}

/// What is said of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What the caller's proxy knows.
    Scope,
    /// Which door of a gateway it comes through.
    Door,
    /// Which rule sends it where.
    Route,
    /// Whether both sides have an identity.
    Mtls,
    /// Who is asked.
    Asked,
    /// Which token is looked for.
    Token,
    /// Who is let in.
    Allowed,
    /// What refuses it.
    Refused,
    /// What the network lets through.
    Network,
    /// What may refuse it under load.
    Limits,
}

impl Topic {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Topic::Scope => "scope",
            Topic::Door => "door",
            Topic::Route => "route",
            Topic::Mtls => "mTLS",
            Topic::Asked => "asked",
            Topic::Token => "token",
            Topic::Allowed => "allowed",
            Topic::Refused => "refused",
            Topic::Network => "network",
            Topic::Limits => "limits",
        }
    }
}

/// One fact on the way of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub topic: Topic,
    /// The fact.
    pub text: String,
    /// The line of intent that says so; none where nobody does.
    pub span: Option<Span>,
}

/// What to write to let a request in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The line.
    pub line: String,
    /// What it is written into: the place where that is declared.
    pub into: Option<Span>,
}

/// Whether a request comes to a service, and why.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it does.
    pub verdict: Verdict,
    /// Who answers: `checkout's sidecar`, `gateway public`, or where it arrives: `checkout v1`.
    pub by: String,
    /// Why, in the order of its way.
    pub facts: Vec<Fact>,
    /// What would let it in, where that can be said exactly.
    pub fixes: Vec<Fix>,
}

impl Answer {
    /// Whether it comes to the service for certain.
    pub fn is_yes(&self) -> bool {
        self.verdict == Verdict::Yes
    }

    /// The verdict in one line.
    pub fn headline(&self) -> String {
        let by = &self.by;
        match &self.verdict {
            Verdict::Yes => format!("yes: {by} answers"),
            Verdict::No(End::Status(status)) => format!("no: {status} from {by}"),
            Verdict::No(End::Redirect(status)) => format!("no: {status} from {by}, to another place"),
            Verdict::No(End::Closed) => format!("no: the connection is closed by {by}"),
            Verdict::No(End::NoDoor) => format!("no: {by}"),
            Verdict::No(End::Dropped) => format!("no: {by} lets no connection through, and the caller waits for none"),
            Verdict::Depends(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                format!("depends: on the authorizer {}", names.join(" and "))
            }
            Verdict::Unknown(why) => format!("unknown: {why}"),
        }
    }
}
