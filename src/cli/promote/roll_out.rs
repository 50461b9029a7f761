use super::Refusal;
use crate::diagnostic::{and_list, nearest, or_list};
use crate::ir::{Canary, CanaryOwner, Mesh, Service};
use crate::pipeline::Workspace;
use crate::source::{Sources, Span};
use crate::value::Percent;
use std::collections::BTreeSet;

/// A service with a canary, in one environment.
#[derive(Clone, Copy)]
pub(super) struct Stage<'w> {
    pub(super) environment: &'w str,
    mesh: &'w Mesh,
    pub(super) service: &'w Service,
    canary: &'w Canary,
    /// The number that decides the share; where nobody says one, the empty place behind the candidate.
    place: Span,
}

/// A number that is changed.
pub(super) struct Move<'w> {
    /// The environments in which it decides.
    pub(super) stages: Vec<Stage<'w>>,
    pub(super) place: Span,
    pub(super) from: u8,
    pub(super) to: u8,
    /// Which of how many steps this is.
    pub(super) step: Option<(usize, usize)>,
}

impl<'w> Stage<'w> {
    pub(super) fn namespace(&self) -> &'w str {
        self.mesh.namespace_name(self.service.namespace)
    }

    fn version(&self, at: usize) -> &'w str {
        self.service.versions.get(at).map_or("", |version| version.name.value.as_str())
    }

    pub(super) fn candidate(&self) -> &'w str {
        self.version(self.canary.candidate.value)
    }

    fn percent(&self) -> u8 {
        self.canary.percent.value.number()
    }

    /// The share that comes next: the one that is asked for, else the next step.
    fn next(&self, asked: Option<u8>) -> Result<u8, Refusal> {
        let steps = &self.canary.steps;
        let Some(to) = asked else {
            return match steps.iter().find(|step| step.value > self.canary.percent.value) {
                Some(step) => Ok(step.value.number()),
                None => Err(Refusal::new(format!("the canary of `{}` has no steps", self.service.name))
                    .help("say where to go: --to 25; or write its steps into `canary`: steps 5 25 50 100")),
            };
        };
        if steps.is_empty() || to == 0 || steps.iter().any(|step| step.value.number() == to) {
            return Ok(to);
        }
        let steps: Vec<String> = steps.iter().map(|step| step.value.to_string()).collect();
        Err(Refusal::new(format!("{to} is none of the steps of `{}`", self.service.name))
            .help(format!("write --to with 0 or {}", or_list(steps.iter().map(String::as_str)))))
    }
}

impl<'w> Move<'w> {
    pub(super) fn first(&self) -> Stage<'w> {
        #[allow(clippy::indexing_slicing, reason = "a move is made of at least one stage")]
        self.stages[0]
    }

    /// Which version of which service moves.
    pub(super) fn title(&self) -> String {
        format!("{}: {}", self.first().service.name, self.first().candidate())
    }

    /// What is written in the place.
    pub(super) fn replacement(&self) -> String {
        if self.place.start == self.place.end { format!(" percent={}", self.to) } else { self.to.to_string() }
    }
}

/// The service in every environment in which it has a canary, those that are meant first.
pub(super) struct Stages<'w> {
    meant: Vec<Stage<'w>>,
    others: Vec<Stage<'w>>,
}

/// Finds the service that is asked for: `NAME`, or `NAME.NAMESPACE`.
pub(super) fn stages<'w>(read: &'w Workspace, asked: &str, environments: &[String]) -> Result<Stages<'w>, Refusal> {
    let (mut meant, mut others, mut without) = (Vec::new(), Vec::new(), None);
    let mut namespaces = BTreeSet::new();
    for (environment, mesh) in read.environments.iter().filter_map(|(name, mesh)| Some((name, mesh.as_ref()?))) {
        for service in mesh.services.iter().filter(|service| is_named(mesh, service, asked)) {
            namespaces.insert(mesh.namespace_name(service.namespace).as_str());
            let is_meant = environments.is_empty() || environments.contains(environment);
            let stage = service.canary.as_deref().and_then(|canary| {
                let place = canary.percent.span().or_else(|| canary.candidate.span().map(Span::end))?;
                Some(Stage { environment, mesh, service, canary, place })
            });
            match stage {
                Some(stage) if is_meant => meant.push(stage),
                Some(stage) => others.push(stage),
                None => without = Some(service),
            }
        }
    }
    if namespaces.len() > 1 {
        let names: Vec<String> = namespaces.iter().map(|namespace| format!("{asked}.{namespace}")).collect();
        return Err(Refusal::new(format!("{} namespaces have a service `{asked}`", namespaces.len()))
            .help(format!("say which: {}", or_list(names.iter().map(String::as_str)))));
    }
    match (meant.is_empty(), without) {
        (false, _) => Ok(Stages { meant, others }),
        (true, Some(service)) => Err(no_canary(service, environments)),
        (true, None) if !others.is_empty() => Err(elsewhere(asked, &others)),
        (true, None) => Err(unknown(read, asked)),
    }
}

fn is_named(mesh: &Mesh, service: &Service, asked: &str) -> bool {
    match asked.split_once('.') {
        Some((name, namespace)) => service.name == name && mesh.namespace_name(service.namespace) == namespace,
        None => service.name == asked,
    }
}

fn no_canary(service: &Service, environments: &[String]) -> Refusal {
    let place = match environments {
        [] => String::new(),
        names => format!(" in {}", and_list(names.iter().map(String::as_str))),
    };
    let canary = "canary v2 percent=5 { steps 5 25 50 100 }";
    let help = match service.versions.as_slice() {
        [_, second, ..] => canary.replace("v2", &second.name.value),
        _ => format!("versions v1 v2, and {canary}"),
    };
    Refusal::new(format!("`{}` has no canary{place}", service.name)).help(format!("begin one on its page: {help}"))
}

fn elsewhere(asked: &str, others: &[Stage<'_>]) -> Refusal {
    let environments = and_list(others.iter().map(|stage| stage.environment));
    Refusal::new(format!("`{asked}` is not there in this environment"))
        .help(format!("it has a canary in {environments}"))
}

fn unknown(read: &Workspace, asked: &str) -> Refusal {
    let meshes = read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref());
    let names: BTreeSet<&str> = meshes.flat_map(|mesh| mesh.services.iter().map(|it| it.name.as_str())).collect();
    let refusal = Refusal::new(format!("no service is named `{asked}`"));
    match nearest(asked, names) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help("name a service, with its namespace where two share a name: checkout.shop"),
    }
}

/// What changes, so that every environment that is meant goes on and no other does.
pub(super) fn next<'w>(sources: &Sources, stages: &Stages<'w>, asked: Option<u8>) -> Result<Move<'w>, Refusal> {
    let Stages { meant, others } = stages;
    let Some(first) = meant.first() else { return Err(Refusal::new("no environment is meant")) };
    if let Some(owner) = meant.iter().find_map(|stage| stage.canary.owner.as_ref()) {
        return Err(owned(first, owner.value));
    }
    if meant.iter().any(|stage| stage.place != first.place) {
        return Err(several_places(sources, meant));
    }
    if let Some(other) = others.iter().find(|stage| stage.place == first.place) {
        return Err(shared_place(sources, meant, other));
    }
    let mut step = Move { stages: meant.clone(), place: first.place, from: first.percent(), to: 0, step: None };
    if step.from == Percent::ALL.number() && asked.is_none() {
        return Err(Refusal::new(format!(
            "`{}` of `{}` has every request already",
            first.candidate(),
            first.service.name
        ))
        .help(after_the_last(&step)));
    }
    step.to = first.next(asked)?;
    for stage in meant.iter().skip(1) {
        let to = stage.next(asked)?;
        if to != step.to {
            let what = format!("{} goes on to {}, and {} to {to}", first.environment, step.to, stage.environment);
            return Err(Refusal::new(format!("one line decides for both: {what}")).help("say where to go: --to 25"));
        }
    }
    let steps = &first.canary.steps;
    step.step = steps.iter().position(|it| it.value.number() == step.to).map(|at| (at + 1, steps.len()));
    Ok(step)
}

fn owned(stage: &Stage<'_>, owner: CanaryOwner) -> Refusal {
    let name = &stage.service.name;
    let refusal = Refusal::new(format!("`{}` moves the canary of `{name}`", owner.word()));
    match owner {
        CanaryOwner::ArgoRollouts => {
            refusal.help(format!("promote it there: kubectl argo rollouts promote ROLLOUT -n {}", stage.namespace()))
        }
        CanaryOwner::Flagger => refusal.help("it goes on by itself while its analysis passes"),
    }
}

/// The number that decides stands in several places: a roll-out goes through one environment after the other.
fn several_places(sources: &Sources, meant: &[Stage<'_>]) -> Refusal {
    let mut seen: Vec<(Span, Vec<&Stage<'_>>)> = Vec::new();
    for stage in meant {
        match seen.iter_mut().find(|(place, _)| *place == stage.place) {
            Some((_, stages)) => stages.push(stage),
            None => seen.push((stage.place, vec![stage])),
        }
    }
    let (mut places, mut named) = (Vec::new(), Vec::new());
    for (place, stages) in &seen {
        let names: Vec<&str> = stages.iter().map(|stage| stage.environment).collect();
        let percent = stages.first().map_or(0, |stage| stage.percent());
        places.push(format!("{} at {percent} % ({})", names.join(", "), sources.show(*place)));
        named.push(names.iter().map(|name| format!("--env {name}")).collect::<Vec<_>>().join(" "));
    }
    let name = meant.first().map_or("", |stage| stage.service.name.as_str());
    let what = format!("the share of `{name}` is decided in {} places: {}", seen.len(), places.join(", "));
    Refusal::new(what).help(format!("promote one at a time: {}", named.join(", or ")))
}

/// The number that decides for what is meant decides for another environment too.
fn shared_place(sources: &Sources, meant: &[Stage<'_>], other: &Stage<'_>) -> Refusal {
    let names: Vec<&str> = meant.iter().map(|stage| stage.environment).collect();
    let what = format!("{} decides for `{}` too", sources.show(other.place), other.environment);
    let all: Vec<String> = names.iter().chain([&other.environment]).map(|name| format!("--env {name}")).collect();
    Refusal::new(what).help(format!(
        "mean it too: {}; or say on the page what holds there alone: in {} {{ canary percent={} }}",
        all.join(" "),
        names.join(" "),
        other.percent(),
    ))
}

/// What comes when the candidate has every request.
pub(super) fn after_the_last(step: &Move<'_>) -> String {
    let stage = step.first();
    let (candidate, stable) = (stage.candidate(), stage.version(stage.canary.stable.value));
    format!(
        "make it the stable version: write `versions {candidate} {stable}` and take `canary` out; take `{stable}` out in \
         a later change, when no proxy sends to it any more"
    )
}
