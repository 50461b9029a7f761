//! Conditions in words, as short as they can be.

use super::{Conditions, Exposure, Mesh, Narrowing, Token, Wanted};
use crate::source::Spanned;
use std::fmt::Display;

/// How requests must be; empty where any will do.
pub fn conditions(mesh: &Mesh, said: &Conditions) -> String {
    let Narrowing { methods: _, paths, ports, hosts, headers, tokens, not } = &**said;
    let mut parts: Vec<String> = said.named_methods().map(ToString::to_string).collect();
    parts.extend(words("", paths));
    parts.extend(words("port ", ports));
    parts.extend(words("host ", hosts));
    parts.extend(headers.iter().map(|header| format!("header {}{}", header.name.value, wanted(&header.value))));
    parts.extend(tokens.iter().map(|it| token(mesh, it)));
    parts.extend(not.iter().map(|not| format!("not ({})", conditions(mesh, not))));
    parts.join(" ")
}

/// What an exposure lets through.
pub fn exposure(mesh: &Mesh, exposure: &Exposure) -> String {
    let methods = exposure.methods.iter().map(ToString::to_string).filter(|method| method != "any");
    let is_all = exposure.paths.iter().any(|path| path.value.is_all());
    let paths = exposure.paths.iter().filter(|_| !is_all).map(|path| path.value.to_string());
    let from = exposure.from.iter().map(|range| format!("from {range}"));
    let tokens = exposure.tokens.iter().map(|rule| token(mesh, &rule.token));
    let door = std::iter::once(exposure.door.value.to_string());
    door.chain(methods).chain(paths).chain(from).chain(tokens).collect::<Vec<_>>().join(" ")
}

/// A token, by who signs it.
pub fn token(mesh: &Mesh, token: &Token) -> String {
    let names: Vec<&str> = token.issuers.iter().map(|it| mesh.issuer(it.issuer).name.as_str()).collect();
    let claims = token.claims.iter().map(|claim| format!(" {}", claim.name.value));
    format!("token {}{}", names.join(" or "), claims.collect::<String>())
}

fn words<'w, T: Display>(before: &'static str, list: &'w [Spanned<T>]) -> impl Iterator<Item = String> + use<'w, T> {
    list.iter().map(move |said| format!("{before}{}", said.value))
}

fn wanted(value: &Wanted) -> String {
    match value {
        Wanted::Present => String::new(),
        Wanted::OneOf(values) => {
            format!("={}", values.iter().map(|it| it.text().as_str()).collect::<Vec<_>>().join("|"))
        }
        Wanted::Prefix(prefix) => format!("={}...", prefix.text()),
    }
}
