use super::cel_error;
use crate::check::Subject;
use crate::check::guards::{self, Read};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::expression::{self, Budget, Expression, Fault, Scope};
use crate::ir::{Kind, Thing};
use crate::model::{Environment, It, Mesh};
use crate::source::Text;
use serde::Serialize;
use serde_json::Value;

pub(super) static CODE: Code = code!("guard-failed", Error, "a rule of the house that something does not keep");

/// How much work the guards of one environment may do together: ten thousand services with twenty guards need half.
const STEPS: usize = 20_000_000;
/// How much work may be done to tell why one failed.
const STEPS_TO_TELL: usize = 100_000;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let read: Vec<Read<'_>> = subject.mesh.guards.iter().filter_map(|guard| guards::read(guard).ok()).collect();
    if read.is_empty() {
        return;
    }
    let uses_mesh = |expression: &Expression| expression.root.uses("mesh");
    let needs_mesh = read.iter().any(|read| uses_mesh(&read.require) || read.when.as_ref().is_some_and(uses_mesh));
    let mut judge = Judge {
        subject: *subject,
        mesh: if needs_mesh { value(Mesh::of(subject.mesh)) } else { Value::Null },
        environment: value(Environment::of(subject.mesh)),
        budget: Budget::of(STEPS),
        unanswered: vec![None; read.len()],
    };
    for kind in Kind::ALL {
        let own: Vec<(usize, &Read<'_>)> =
            read.iter().enumerate().filter(|(_, read)| read.guard.kind == kind).collect();
        let things = if own.is_empty() { Vec::new() } else { kind.things(subject.mesh) };
        for thing in things {
            let it = if kind == Kind::Mesh { Value::Null } else { value(It::of(thing, subject.mesh)) };
            for (at, read) in &own {
                judge.judge(read, *at, (thing, &it), found);
            }
        }
    }
    for (read, unanswered) in read.iter().zip(&judge.unanswered) {
        found.extend(unanswered.iter().map(|unanswered| judge.without_answer(read, unanswered)));
    }
}

/// A value of the model, which can always be written.
fn value(model: impl Serialize) -> Value {
    serde_json::to_value(model).unwrap_or_default()
}

/// An expression without an answer: for whom first, and for how many.
#[derive(Clone)]
struct Unanswered {
    is_of_when: bool,
    fault: Fault,
    first: Thing,
    count: usize,
}

struct Judge<'m> {
    subject: Subject<'m>,
    mesh: Value,
    environment: Value,
    budget: Budget,
    /// Of each guard.
    unanswered: Vec<Option<Unanswered>>,
}

impl Judge<'_> {
    fn judge(&mut self, read: &Read<'_>, at: usize, (thing, it): (Thing, &Value), found: &mut Diagnostics) {
        if self.budget.is_spent() {
            return;
        }
        let scope = [(thing.kind().word(), it), ("mesh", &self.mesh), ("environment", &self.environment)];
        // The mesh itself has no other name.
        let scope = if thing == Thing::Mesh { scope.get(1..).unwrap_or_default() } else { &scope };
        let answer = match &read.when {
            Some(when) => answer(when, scope, &mut self.budget).map_err(|fault| (true, fault)),
            None => Ok(true),
        };
        let holds = answer.and_then(|counts| match counts {
            true => answer_of(&read.require, scope, &mut self.budget),
            false => Ok(true),
        });
        match holds {
            Ok(true) => {}
            Ok(false) => {
                let values = expression::witness(&read.require, scope, &mut Budget::of(STEPS_TO_TELL));
                found.push(self.failed(read, thing, &values));
            }
            Err((is_of_when, fault)) => {
                let Some(unanswered) = self.unanswered.get_mut(at) else { return };
                let first = Unanswered { is_of_when, fault, first: thing, count: 0 };
                unanswered.get_or_insert(first).count += 1;
            }
        }
    }

    fn failed(&self, read: &Read<'_>, thing: Thing, values: &[(String, Value)]) -> Diagnostic {
        let (mesh, guard) = (self.subject.mesh, read.guard);
        let name = thing.name(mesh);
        let text = guard.message.as_deref().unwrap_or("what it requires is not so");
        let told = Diagnostic::new(&CODE, format!("`{name}` does not keep `{}`: {text}", guard.name));
        let told = told.at_known(thing.origin(mesh).span, format!("this {}", thing.kind().word()));
        let told = told.related(guard.require.span, "required by this guard");
        let told = values.iter().fold(told, |told, (name, value)| told.note(format!("`{name}` is {}", shown(value))));
        let severity = if guard.is_warning { Severity::Warning } else { Severity::Error };
        Diagnostic { severity, ..told }
    }

    fn without_answer(&self, read: &Read<'_>, unanswered: &Unanswered) -> Diagnostic {
        let Unanswered { is_of_when, fault, first, count } = unanswered;
        let guard = read.guard;
        let quoted: &Text = if *is_of_when { guard.when.as_ref().unwrap_or(&guard.require) } else { &guard.require };
        let told = cel_error::told(quoted, fault);
        if self.budget.is_spent() {
            let title = "the guards of this environment do too much work".to_owned();
            let told = Diagnostic { title, ..told };
            return told.note("the work is bounded, so that no guard can hang a compilation").help(
                "look at each thing once: a guard for services asks of `service`, and not of `mesh.service` again",
            );
        }
        let name = first.name(self.subject.mesh);
        let others = if *count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        let title = format!("guard `{}` has no answer for `{name}`{others}: {}", guard.name, fault.title);
        let told = match first.origin(self.subject.mesh).span {
            Some(span) => told.related(span, "for this one"),
            None => told,
        };
        let told = Diagnostic { title, ..told };
        if fault.title.ends_with("asked of null") {
            told.help("ask first whether it is said: `thing == null || ...`")
        } else {
            told
        }
    }
}

fn answer<'v>(expression: &'v Expression, scope: &'v Scope<'v>, budget: &mut Budget) -> Result<bool, Fault> {
    let value = expression::evaluate(expression, scope, budget)?;
    value.as_bool().ok_or_else(|| Fault::no_flag(expression.root.at.clone()))
}

fn answer_of<'v>(expression: &'v Expression, scope: &'v Scope<'v>, budget: &mut Budget) -> Result<bool, (bool, Fault)> {
    answer(expression, scope, budget).map_err(|fault| (false, fault))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "unsaid".to_owned(),
        Value::String(text) => format!("`{text}`"),
        Value::Array(_) => "empty".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
