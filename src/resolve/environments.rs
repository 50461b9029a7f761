use super::codes::{CYCLE, UNKNOWN_NAME, UNUSED_VARIABLE};
use super::faults::{self, Use, taken};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::intent::{Body, Environment, Intent, Members, Scope};
use crate::source::Spanned;
use crate::value::{RISK_CLASSES, RiskClass};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The environments that the surveys of all files declare, each with what it extends and its variables, by name.
/// Where nobody declares one there is `default`.
pub fn scopes(surveys: &[&Intent], found: &mut Diagnostics) -> Vec<Scope> {
    let mut declared: BTreeMap<&SmolStr, &Environment> = BTreeMap::new();
    for environment in surveys.iter().flat_map(|intent| &intent.environments) {
        match declared.get(environment.name.value.text()) {
            Some(first) => found.push(taken("environment", &environment.name, first.name.span)),
            None => _ = declared.insert(environment.name.value.text(), environment),
        }
    }
    let defaults: BTreeMap<SmolStr, SmolStr> = surveys
        .iter()
        .flat_map(|intent| &intent.meshes)
        .flat_map(|mesh| &mesh.variables)
        .map(|(name, value)| (name.value.clone(), value.value.clone()))
        .collect();
    if declared.is_empty() {
        return vec![Scope { environments: vec!["default".into()], variables: defaults, ..Scope::default() }];
    }
    check_extends(&declared, found);
    for environment in declared.values() {
        check_risks(environment, found);
    }
    declared.values().map(|environment| scope(environment, &declared, &defaults)).collect()
}

/// Follows every `extends` once: a circle is one fault, however many environments it reaches.
fn check_extends(declared: &BTreeMap<&SmolStr, &Environment>, found: &mut Diagnostics) {
    let mut judged: BTreeSet<&SmolStr> = BTreeSet::new();
    for mut environment in declared.values().copied() {
        let mut line: BTreeSet<&SmolStr> = BTreeSet::new();
        while judged.insert(environment.name.value.text()) {
            line.insert(environment.name.value.text());
            let Some(extends) = &environment.extends else { break };
            let Some(next) = declared.get(extends.value.text()).copied() else {
                let itself = environment.name.value.text();
                let names = declared.keys().filter(|name| **name != itself).map(|name| name.as_str());
                found.push(unknown(&UNKNOWN_NAME, extends.value.text(), extends.span, names));
                break;
            };
            if line.contains(next.name.value.text()) {
                found.push(
                    Diagnostic::new(&CYCLE, format!("environment `{}` extends itself", next.name.value))
                        .at(extends.span, "this closes the circle")
                        .related(next.name.span, "declared here")
                        .note("an environment is laid over what it extends, so none of a circle can be laid first")
                        .help("take one `extends=` of the circle out"),
                );
            }
            environment = next;
        }
    }
}

fn scope(
    environment: &Environment,
    declared: &BTreeMap<&SmolStr, &Environment>,
    defaults: &BTreeMap<SmolStr, SmolStr>,
) -> Scope {
    let (mut line, mut met) = (vec![environment], BTreeSet::from([environment.name.value.text()]));
    let mut last = environment;
    while let Some(next) = last.extends.as_ref().and_then(|extends| declared.get(extends.value.text())) {
        if !met.insert(next.name.value.text()) {
            break;
        }
        line.push(next);
        last = next;
    }
    let mut variables = defaults.clone();
    for environment in line.iter().rev() {
        let own = environment.variables.iter().map(|(name, value)| (name.value.clone(), value.value.clone()));
        variables.extend(own);
    }
    let environments = line.iter().map(|environment| environment.name.value.text().clone()).collect();
    let deployed = line.iter().find(|environment| !environment.clusters.is_empty());
    let clusters = deployed.iter().flat_map(|environment| &environment.clusters);
    let clusters = clusters.map(|cluster| cluster.value.text().clone()).collect();
    let risks = line.iter().rev().flat_map(|environment| &environment.risks);
    let risks = risks.filter_map(|(class, risk)| Some((RiskClass::named(&class.value)?, risk.clone()))).collect();
    Scope { environments, variables, clusters, risks, ..Scope::default() }
}

fn check_risks(environment: &Environment, found: &mut Diagnostics) {
    for (class, _) in environment.risks.iter().filter(|(class, _)| RiskClass::named(&class.value).is_none()) {
        let names = RISK_CLASSES.iter().map(|(name, _)| *name);
        found.push(faults::unknown("class of changes", &Use::whole(&class.value, class.span), names));
    }
}

fn unknown<'a>(
    code: &'static Code,
    name: &str,
    span: crate::source::Span,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let fault = Diagnostic::new(code, format!("no environment is named `{name}`")).at(span, "nothing has this name");
    match nearest(name, known) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), span, near),
        None => fault.help(format!("declare it: `environment {name}`")),
    }
}

/// Warns of variables that were inserted in no environment.
pub fn unused_variables(surveys: &[&Intent], scopes: &[&Scope], found: &mut Diagnostics) {
    let used: BTreeSet<SmolStr> = scopes.iter().flat_map(|scope| scope.used.borrow().clone()).collect();
    let of_meshes = surveys.iter().flat_map(|intent| &intent.meshes).flat_map(|mesh| &mesh.variables);
    let of_environments = surveys.iter().flat_map(|intent| &intent.environments).flat_map(|found| &found.variables);
    for (name, _) in of_meshes.chain(of_environments).filter(|(name, _)| !used.contains(&name.value)) {
        found.push(
            Diagnostic::new(&UNUSED_VARIABLE, format!("nothing inserts the variable `{}`", name.value))
                .at(name.span, "defined here")
                .help(format!("write `${{{}}}` where it is meant, or take it out", name.value)),
        );
    }
}

/// Faults of the names that `in` uses.
pub(super) fn check_names(intents: &[&Intent], members: &Members, scope: &Scope, found: &mut Diagnostics) {
    let mut known: BTreeSet<&str> =
        intents.iter().flat_map(|intent| &intent.environments).map(|found| found.name.value.text().as_str()).collect();
    if known.is_empty() {
        known.insert(scope.name());
    }
    let mut check = |names: &[Spanned<SmolStr>]| {
        for name in names.iter().filter(|name| !known.contains(name.value.as_str())) {
            let code = &crate::intent::UNKNOWN_ENVIRONMENT;
            found.push(unknown(code, &name.value, name.span, known.iter().copied()));
        }
    };
    let of_members = members.iter().map(|node| &node.body);
    of_members.flat_map(|body| &body.overlays).for_each(|overlay| check(&overlay.environments));
    for intent in intents {
        check(&intent.named_environments);
        let bodies = intent.meshes.iter().map(|node| &node.body).chain(intent.namespaces.iter().map(|node| &node.body));
        let bodies = bodies.chain(intent.profiles.iter().map(|node| &node.body));
        let bodies = bodies.chain(intent.gateways.iter().map(|node| &node.body));
        let bodies = bodies.chain(intent.externals.iter().map(|node| &node.body));
        for Body { overlays, .. } in bodies {
            for overlay in overlays {
                check(&overlay.environments);
            }
        }
    }
}
