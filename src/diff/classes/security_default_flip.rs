use super::Class;
use crate::diff::view::{grants, names};
use crate::diff::{Change, Comparison, Finding, Object, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.default_flip", find };

/// Where no ALLOW policy holds everybody may call; where one does, nobody but whom one of them lets in.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    let concerned = grants::concerned(comparison);
    if concerned.is_empty() {
        return;
    }
    let (before, after) = (grants::guards(comparison.before), grants::guards(comparison.after));
    // Where rules only count from now on, or refuse again, that is told of them.
    let audited = grants::audited(comparison);
    let is_audited = |of: &grants::Guarded, is_opened: bool| {
        let is_of = |change: &Change<'_>| change.after.map(names::namespace) == of.scope.namespace.as_deref();
        audited.iter().any(|(change, is_audited)| *is_audited == is_opened && is_of(change))
    };
    let mut told: Vec<(grants::Guarded, bool)> = Vec::new();
    for of in concerned {
        let is_grant = |guard: &&grants::Guard<'_>| grants::action(guard.object) == "ALLOW";
        let count = |guards| grants::holding(guards, &of).filter(is_grant).count();
        let is_open = |guards| grants::holding(guards, &of).filter(is_grant).any(|guard| grants::is_open(guard.object));
        let is_opened = match (count(&before), count(&after)) {
            (1.., 0) if !is_open(&before) => true,
            (0, 1..) if !is_open(&after) => false,
            _ => continue,
        };
        let is_wider = |wide: &grants::Guarded| {
            let holds_all = wide.scope.namespace.is_none() || wide.scope.namespace == of.scope.namespace;
            holds_all && wide.scope.labels.is_empty() && wide.targets == of.targets
        };
        if is_audited(&of, is_opened) || told.iter().any(|(wide, was)| *was == is_opened && is_wider(wide)) {
            continue;
        }
        if let Some(change) = responsible(comparison, &of, is_opened) {
            found.push(finding(change, &of, is_opened));
            told.push((of, is_opened));
        }
    }
}

fn responsible<'c, 's>(
    comparison: &'c Comparison<'s>,
    of: &grants::Guarded,
    is_opened: bool,
) -> Option<&'c Change<'s>> {
    let holds = |object: &Object| {
        let own = names::namespace(object);
        grants::action(object) == "ALLOW" && (object.is_in_root || of.scope.namespace.as_deref() == Some(own))
    };
    let changes = || {
        let all = comparison.of_kind("security.istio.io", "AuthorizationPolicy");
        all.filter(|change| [change.before, change.after].into_iter().flatten().any(holds))
    };
    let wanted = if is_opened { Operation::Delete } else { Operation::Add };
    changes().find(|change| change.operation() == wanted).or_else(|| changes().next())
}

fn finding(change: &Change<'_>, of: &grants::Guarded, is_opened: bool) -> Finding {
    if is_opened {
        Finding::new(&CLASS, Risk::Critical, change, "", format!("the last grant for {} goes", of.told()))
            .effect("everybody may call, from inside and through every gateway")
            .safe("add a policy that allows nothing first (spec: {}), then remove the grant")
    } else {
        let risk = if of.scope.namespace.is_none() { Risk::Critical } else { Risk::High };
        Finding::new(&CLASS, risk, change, "", format!("the first grant for {} comes", of.told()))
            .effect("whoever it does not name is refused with 403, from one moment to the next")
            .safe("try it with the annotation istio.io/dry-run first, and grant all who call today")
    }
}
