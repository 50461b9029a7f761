use super::access::claims;
use super::said::texts;
use super::schema::object;
use super::token::Claim;
use crate::ir::{self, Mesh};
use crate::source::Spanned;
use crate::value::HeaderName;
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// Requests or connections of a kind: every line must hold, and nothing of what is excluded.
    Match {
        /// Headers: all of them.
        header: Vec<Text>,
        /// Cookies: all of them.
        cookie: Vec<Text>,
        /// Query parameters: all of them.
        query: Vec<Text>,
        /// Claims of the token that a gateway has read: all of them.
        claim: Vec<Claim>,
        /// Methods; empty: any.
        method: Vec<SmolStr>,
        /// Paths.
        path: Option<Paths>,
        /// Hosts; empty: any.
        host: Vec<SmolStr>,
        /// Schemes; empty: any.
        scheme: Vec<SmolStr>,
        /// Ports of the service; empty: any.
        port: Vec<i64>,
        /// Who sends it, by names in full; empty: anyone.
        from: Vec<SmolStr>,
        /// Names of the server that a TLS client asks for; empty: any.
        sni: Vec<SmolStr>,
        /// Addresses that are dialled; empty: any.
        destination: Vec<SmolStr>,
        /// What may not hold, not even one line of it.
        not: Option<Box<Match>>,
    }
}

object! {
    /// How a named text must be.
    Text {
        /// Its name.
        name: SmolStr,
        /// Its values: one of them; empty: any, or what the other fields say.
        value: Vec<SmolStr>,
        /// How it begins.
        prefix: Option<SmolStr>,
        /// What it matches as a whole.
        regex: Option<SmolStr>,
    }
}

object! {
    /// A set of paths.
    Paths {
        /// Those of these patterns.
        path: Vec<SmolStr>,
        /// Whether upper and lower case are the same.
        ignore_case: bool,
        /// Those that match this as a whole.
        regex: Option<SmolStr>,
    }
}

impl Match {
    pub(super) fn of(request: &ir::RequestMatch, mesh: &Mesh) -> Self {
        let ir::RequestMatch { lines, not, origin: _ } = request;
        Match { not: not.as_deref().map(|lines| Box::new(Match::lines(lines, mesh))), ..Match::lines(lines, mesh) }
    }

    fn lines(lines: &ir::Lines, mesh: &Mesh) -> Self {
        let ir::Lines {
            headers,
            cookies,
            queries,
            claims: said,
            methods,
            paths,
            hosts,
            schemes,
            ports,
            from,
            server_names,
            destinations,
        } = lines;
        Match {
            header: headers.iter().map(text).collect(),
            cookie: cookies.iter().map(text).collect(),
            query: queries.iter().map(text).collect(),
            claim: claims(said.iter()),
            method: texts(methods),
            path: paths.first().map(Paths::of),
            host: texts(hosts.iter().map(|host| &host.value)),
            scheme: texts(schemes),
            port: ports.iter().map(|port| i64::from(port.value.number())).collect(),
            from: from.iter().map(|caller| caller.peer.full_name(mesh)).collect(),
            sni: texts(server_names.iter().map(|name| &name.value)),
            destination: texts(destinations.iter().map(|range| range.value)),
            not: None,
        }
    }
}

impl Paths {
    fn of(paths: &ir::Paths) -> Self {
        match paths {
            ir::Paths::Patterns { patterns, ignore_case } => {
                Paths { path: texts(patterns.iter().map(|path| &path.value)), ignore_case: *ignore_case, regex: None }
            }
            ir::Paths::Regex(regex) => {
                Paths { path: Vec::new(), ignore_case: false, regex: Some(regex.value.to_smolstr()) }
            }
        }
    }
}

fn text((name, predicate): &(Spanned<HeaderName>, ir::Predicate)) -> Text {
    let mut text = Text { name: name.value.to_smolstr(), value: Vec::new(), prefix: None, regex: None };
    match predicate {
        ir::Predicate::Present => {}
        ir::Predicate::OneOf(values) => text.value = texts(values),
        ir::Predicate::Prefix(prefix) => text.prefix = Some(prefix.to_smolstr()),
        ir::Predicate::Regex(regex) => text.regex = Some(regex.to_smolstr()),
    }
    text
}
