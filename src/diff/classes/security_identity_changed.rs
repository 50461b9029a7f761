use super::Class;
use crate::diff::view::{At, names, workloads};
use crate::diff::{Comparison, Finding, Object};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.identity_changed", find };

/// The identity of a pod is that of its service account; policies name it as `DOMAIN/ns/NAMESPACE/sa/ACCOUNT`.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        if !workloads::makes_pods(new) && new.id.kind != "WorkloadGroup" {
            continue;
        }
        let ((before, _), (after, pointer)) = (workloads::account(old), workloads::account(new));
        if before == after {
            continue;
        }
        let namespace = names::namespace(new);
        let naming = |account: &str| -> Vec<String> {
            let all = comparison.after.of_kind("security.istio.io", "AuthorizationPolicy");
            all.filter(|policy| names_account(policy, namespace, account)).map(|policy| policy.id.to_string()).collect()
        };
        let (lost, won) = (naming(before), naming(after));
        let lost: Vec<&str> = lost.iter().filter(|name| !won.contains(name)).map(String::as_str).collect();
        let (risk, effect) = match (lost.is_empty(), won.is_empty()) {
            (false, _) => {
                let all = lost.join(", ");
                (Risk::High, format!("rules that name {before} and not {after} do not hold for them any more: {all}"))
            }
            (true, false) => {
                (Risk::High, format!("rules that name {after} hold for them from now on: {}", won.join(", ")))
            }
            (true, true) => (Risk::Medium, format!("rules elsewhere that name {before} do not hold for them any more")),
        };
        let what = format!("{} known as {after} instead of {before}", workloads::told_to_be(new));
        found.push(
            Finding::new(&CLASS, risk, change, pointer, what)
                .effect(effect)
                .safe("name both accounts in the rules until all pods have restarted")
                .values(Some(before.to_owned()), Some(after.to_owned())),
        );
    }
}

/// Whether a policy names an account of a namespace.
fn names_account(policy: &Object, namespace: &str, account: &str) -> bool {
    let (whole, short) = (format!("/ns/{namespace}/sa/{account}"), format!("{namespace}/{account}"));
    At::spec(policy).key("rules").items().any(|rule| {
        rule.key("from").items().map(|from| from.key("source")).any(|source| {
            let texts = |key: &str| source.key(key).texts();
            let of_principals = texts("principals").into_iter().chain(texts("notPrincipals"));
            let of_accounts = texts("serviceAccounts").into_iter().chain(texts("notServiceAccounts"));
            let is_own = names::namespace(policy) == namespace;
            of_principals.into_iter().any(|own| own.ends_with(&whole))
                || of_accounts.into_iter().any(|own| own == short || (is_own && own == account))
        })
    })
}
