use super::Facts;
use crate::ir::{
    Conditions, HeaderCondition, Lines, Mesh, NamespaceId, Narrowing, Paths, Predicate, RequestMatch, Wanted,
};
use crate::source::{Origin, Spanned};
use crate::value::HeaderName;
use std::fmt::Display;

impl Facts {
    /// How a request must be for a grant, a denial, a token or an authorizer; `origin` is of the node that says it.
    pub(super) fn conditions(&mut self, path: &str, origin: Origin, conditions: &Conditions) {
        let Narrowing { methods, paths, ports, hosts, headers, tokens: _, not } = &**conditions;
        if let Some(methods) = methods {
            self.said(&format!("{path}.method"), words(&methods.value), Origin::new(origin.layer, methods.span));
        }
        self.spanned(&format!("{path}.path"), origin, paths);
        self.spanned(&format!("{path}.port"), origin, ports);
        self.spanned(&format!("{path}.host"), origin, hosts);
        for HeaderCondition { name, value } in headers {
            let value = match value {
                Wanted::Present => "present".to_owned(),
                Wanted::OneOf(values) => words(values),
                Wanted::Prefix(prefix) => format!("prefix={prefix}"),
            };
            self.said(&format!("{path}.header.{}", name.value), value, Origin::new(origin.layer, name.span));
        }
        if let Some(not) = not {
            self.conditions(&format!("{path}.not"), origin, not);
        }
    }

    /// How a request must be for a route or a canary; names are those of `home`.
    pub(super) fn request(&mut self, path: &str, (mesh, home): (&Mesh, NamespaceId), request: &RequestMatch) {
        let RequestMatch { lines, not, origin } = request;
        self.lines(path, (mesh, home), *origin, lines);
        if let Some(not) = not {
            self.lines(&format!("{path}.not"), (mesh, home), *origin, not);
        }
    }

    fn lines(&mut self, path: &str, (mesh, home): (&Mesh, NamespaceId), origin: Origin, lines: &Lines) {
        let Lines {
            headers,
            cookies,
            queries,
            claims,
            methods,
            paths,
            hosts,
            schemes,
            ports,
            from,
            server_names,
            destinations,
        } = lines;
        for (word, named) in [("header", headers), ("cookie", cookies), ("query", queries)] {
            self.named(&format!("{path}.{word}"), origin, named);
        }
        for claim in claims {
            let values: Vec<&str> = claim.values.iter().map(|value| value.text().as_str()).collect();
            let at = Origin::new(origin.layer, claim.name.span);
            self.said(&format!("{path}.claim.{}", claim.name.value), values.join(" "), at);
        }
        if !methods.is_empty() {
            self.said(&format!("{path}.method"), words(methods), origin);
        }
        for set in paths {
            self.paths(&format!("{path}.path"), origin, set);
        }
        self.spanned(&format!("{path}.host"), origin, hosts);
        if !schemes.is_empty() {
            let schemes: Vec<&str> = schemes.iter().map(|scheme| scheme.word()).collect();
            self.said(&format!("{path}.scheme"), schemes.join(" "), origin);
        }
        self.spanned(&format!("{path}.port"), origin, ports);
        if let Some(first) = from.first() {
            let mut names: Vec<String> = from.iter().map(|caller| caller.name(mesh, home)).collect();
            names.dedup();
            self.said(&format!("{path}.from"), names.join(" "), Origin::new(origin.layer, first.span));
        }
        self.spanned(&format!("{path}.sni"), origin, server_names);
        self.spanned(&format!("{path}.destination"), origin, destinations);
    }

    fn paths(&mut self, path: &str, origin: Origin, set: &Paths) {
        match set {
            Paths::Patterns { patterns, ignore_case } => {
                self.spanned(path, origin, patterns);
                if let Some(first) = patterns.first().filter(|_| *ignore_case) {
                    self.said(&format!("{path}.ignore-case"), "on", Origin::new(origin.layer, first.span));
                }
            }
            Paths::Regex(regex) => {
                self.said(&format!("{path}.regex"), regex.value.to_string(), Origin::new(origin.layer, regex.span));
            }
        }
    }

    fn named(&mut self, path: &str, origin: Origin, named: &[(Spanned<HeaderName>, Predicate)]) {
        for (name, predicate) in named {
            let value = match predicate {
                Predicate::Present => "present".to_owned(),
                Predicate::OneOf(values) => words(values),
                Predicate::Prefix(prefix) => format!("prefix={prefix}"),
                Predicate::Regex(regex) => format!("regex={regex}"),
            };
            self.said(&format!("{path}.{}", name.value), value, Origin::new(origin.layer, name.span));
        }
    }

    /// The values of one line, where there is one.
    pub(super) fn spanned<T: Display>(&mut self, path: &str, origin: Origin, values: &[Spanned<T>]) {
        if let Some(first) = values.first() {
            let text: Vec<String> = values.iter().map(|value| value.value.to_string()).collect();
            self.said(path, text.join(" "), Origin::new(origin.layer, first.span));
        }
    }
}

/// Values with a space between them.
pub(super) fn words<T: Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
