use super::{All, Read};
use crate::cli::exit::Refusal;
use crate::diagnostic::{and_list, nearest};
use crate::diff::Side;
use std::collections::BTreeSet;

/// Two sides that belong together.
pub(in crate::cli::diff) struct Pair {
    /// The environment that they are of.
    pub(in crate::cli::diff) environment: Option<String>,
    /// What the earlier side is called.
    pub(in crate::cli::diff) from: String,
    /// The earlier side.
    pub(in crate::cli::diff) before: Side,
    /// What the later side is called.
    pub(in crate::cli::diff) to: String,
    /// The later side.
    pub(in crate::cli::diff) after: Side,
    /// What the cluster has to which the earlier side was applied, if it was asked.
    pub(in crate::cli::diff) live: Option<Side>,
}

/// The sides that belong together, each pair with what the cluster has of it.
pub(in crate::cli::diff) fn pairs(all: &mut All) -> Result<Vec<Pair>, Refusal> {
    let All { from, to, live } = all;
    let mut pairs = of_both(from, to)?;
    if let Some(live) = live {
        for pair in &mut pairs {
            let of_name = live.sides.remove(&pair.environment);
            let is_only = of_name.is_none() && live.sides.len() == 1;
            pair.live = of_name.or_else(|| live.sides.pop_first().filter(|_| is_only).map(|(_, side)| side));
            if let Some(live) = &mut pair.live {
                live.set_root(pair.after.root());
            }
            pair.to = format!("{}, over {}", pair.to, live.name);
        }
    }
    Ok(pairs)
}

/// The sides that belong together: those of one environment, or the only ones that there are. Against an environment
/// that one of two sides with several does not have stands nothing.
fn of_both(from: &mut Read, to: &mut Read) -> Result<Vec<Pair>, Refusal> {
    let are_sets = from.is_set() && to.is_set();
    if !are_sets && from.sides.len() == 1 && to.sides.len() == 1 {
        let name = to.sides.keys().chain(from.sides.keys()).flatten().next().cloned();
        let only = |read: &mut Read| read.sides.pop_first().map(|(_, side)| side).unwrap_or_default();
        return Ok(vec![pair(name, (from.name.clone(), only(from)), (to.name.clone(), only(to)))]);
    }
    let names: BTreeSet<Option<String>> = from.sides.keys().chain(to.sides.keys()).cloned().collect();
    let mut pairs = Vec::new();
    for name in names {
        if are_sets || (from.sides.contains_key(&name) && to.sides.contains_key(&name)) {
            let (before, after) = (of(from, &name, "new"), of(to, &name, "gone"));
            pairs.push(pair(name, before, after));
        }
    }
    if pairs.is_empty() && !are_sets {
        return Err(Refusal::new("the two sides are not of one environment").help("say which is meant: --env NAME"));
    }
    Ok(pairs)
}

impl Read {
    /// Whether what it does not have is not there: it was compiled, or holds several environments.
    fn is_set(&self) -> bool {
        self.declared.is_some() || self.sides.len() > 1
    }

    /// Leaves out the environments that are not asked for.
    pub(super) fn keep(&mut self, wanted: &[String]) {
        if self.is_set() && self.declared.is_none() {
            self.declared = Some(self.sides.keys().flatten().cloned().collect());
        }
        if !wanted.is_empty() {
            self.sides.retain(|name, _| name.as_ref().is_none_or(|name| wanted.contains(name)));
        }
    }
}

fn pair(environment: Option<String>, (from, mut before): (String, Side), (to, mut after): (String, Side)) -> Pair {
    // A cluster does not say which of its namespaces is the root.
    if before.is_live {
        before.set_root(after.root());
        after.keep_strangers(&before);
    }
    if after.is_live {
        after.set_root(before.root());
        before.keep_strangers(&after);
    }
    Pair { environment, from, before, to, after, live: None }
}

/// The side of an environment, with what it is called.
fn of(read: &mut Read, name: &Option<String>, what: &str) -> (String, Side) {
    match read.sides.remove(name) {
        Some(side) => (read.name.clone(), side),
        None if read.declared.as_ref().is_some_and(Vec::is_empty) => {
            (format!("nothing, instead of {}", read.name), Side::default())
        }
        None => (format!("nothing (the environment is {what})"), Side::default()),
    }
}

/// Refuses names of environments that neither side has.
pub(super) fn check_environments(wanted: &[String], from: &Read, to: &Read) -> Result<(), Refusal> {
    let declared =
        [from, to].into_iter().flat_map(|read| read.declared.iter().flatten().chain(read.sides.keys().flatten()));
    let declared: BTreeSet<&str> = declared.map(String::as_str).collect();
    let Some(unknown) = wanted.iter().find(|name| !declared.contains(name.as_str())) else { return Ok(()) };
    if declared.is_empty() {
        return Err(Refusal::new("neither side says what its environments are").help("leave --env out"));
    }
    let help = match nearest(unknown, declared.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declared: {}", and_list(declared)),
    };
    Err(Refusal::new(format!("no environment is named `{unknown}`")).help(help))
}
