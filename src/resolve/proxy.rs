use super::laying::Laying;
use super::removals;
use super::words::waiver;
use crate::intent;
use crate::ir::{Passed, Proxy};
use crate::value::VariableName;

/// Lays `proxy` over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut Proxy, said: &intent::Proxy) {
    let intent::Proxy {
        cpu,
        memory,
        cpu_limit,
        memory_limit,
        concurrency,
        log_level,
        hold_application,
        drain,
        exclude_inbound,
        exclude_outbound,
        variables,
        removals,
    } = said;
    laying.part(&mut laid.resources.cpu, cpu, "`cpu`");
    laying.part(&mut laid.resources.memory, memory, "`memory`");
    laying.part(&mut laid.resources.cpu_limit, cpu_limit, "`cpu-limit`");
    laying.part(&mut laid.resources.memory_limit, memory_limit, "`memory-limit`");
    laying.part(&mut laid.concurrency, concurrency, "`concurrency`");
    laying.part(&mut laid.log_level, &log_level.clone().map(|said| said.map(|level| level.0)), "`log-level`");
    laying.part(&mut laid.hold_application, hold_application, "`hold-application`");
    laying.part(&mut laid.drain, drain, "`drain`");
    if let Some(said) = exclude_inbound {
        let mut ports: Vec<_> = said.list.value.iter().map(|port| port.value).collect();
        ports.sort_unstable();
        laying.value(&mut laid.exclude_inbound, ports, said.list.span, "`exclude-inbound`");
        laid.inbound_waiver = waiver(said.waiver.as_deref());
    }
    if let Some(said) = exclude_outbound {
        let mut passed: Vec<_> = said.list.value.iter().map(|passed| as_known(passed.value)).collect();
        passed.sort_unstable();
        laying.value(&mut laid.exclude_outbound, passed, said.list.span, "`exclude-outbound`");
        laid.outbound_waiver = waiver(said.waiver.as_deref());
    }
    let added = variables.iter().map(|(name, _)| (name.value.text().clone(), &name.span));
    removals::lay(laying, (removals, "env"), added, |name| {
        laid.variables.remove(&VariableName::parse(name).ok()?).map(|value| value.origin)
    });
    for (name, value) in variables {
        let mut slot = laid.variables.remove(&name.value);
        laying.value(&mut slot, value.value.clone(), value.span, &format!("`env {}`", name.value));
        laid.variables.extend(slot.map(|slot| (name.value.clone(), slot)));
    }
}

fn as_known(said: intent::Passed) -> Passed {
    match said {
        intent::Passed::Port(port) => Passed::Port(port),
        intent::Passed::Range(range) => Passed::Range(range),
    }
}
