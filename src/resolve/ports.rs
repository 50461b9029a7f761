use super::laying::Laying;
use super::resilience;
use super::words::{mode, waiver};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT};
use crate::ir::{Mtls, Port};
use crate::source::{Decided, Layer};
use crate::value::{self, Protocol};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// What the layers said of one port so far.
pub(super) struct Laid<'i> {
    number: Decided<value::Port>,
    protocol: Option<Decided<Protocol>>,
    name: Option<Decided<SmolStr>>,
    target: Option<Decided<value::Port>>,
    mtls: Option<Mtls>,
    /// What was said of its pods, to be laid over the service's once that is known.
    resilience: Vec<(Layer, &'i intent::Resilience)>,
}

/// Lays the `port` nodes of a block over the weaker ones.
pub(super) fn lay<'i>(laying: &mut Laying<'_>, ports: &mut Vec<Laid<'i>>, said: &'i [intent::PortNode]) {
    let mut places: BTreeMap<value::Port, usize> =
        ports.iter().enumerate().map(|(at, port)| (port.number.value, at)).collect();
    for node in said {
        let intent::PortNode { number, protocol, name, target, mtls, resilience, span: _ } = node;
        let at = places.get(&number.value).copied();
        let origin = laying.origin(number.span);
        let fresh = || Laid {
            number: Decided::new(number.value, origin),
            protocol: None,
            name: None,
            target: None,
            mtls: None,
            resilience: Vec::new(),
        };
        let at = at.unwrap_or_else(|| {
            ports.push(fresh());
            places.insert(number.value, ports.len() - 1);
            ports.len() - 1
        });
        let Some(port) = ports.get_mut(at) else { continue };
        laying.part(&mut port.protocol, protocol, "the protocol of this port");
        laying.part(&mut port.target, target, "`target`");
        let name = name.clone().map(|name| name.map(|name| name.text().clone()));
        laying.part(&mut port.name, &name, "`name`");
        if let Some(said) = mtls {
            let (mode, origin) = (mode(said.mode.value), laying.origin(said.mode.span));
            laying.check_first(port.mtls.as_ref().and_then(|mtls| mtls.mode.span()), said.mode.span, "`mtls`");
            let waiver = waiver(said.waiver.as_deref());
            match &mut port.mtls {
                Some(weaker) => {
                    weaker.mode.overrule(mode, origin);
                    weaker.waiver = waiver;
                }
                None => port.mtls = Some(Mtls { mode: Decided::new(mode, origin), waiver }),
            }
        }
        port.resilience.extend(resilience.as_deref().map(|said| (laying.layer, said)));
    }
}

/// The numbers of ports, as removals name them.
pub(super) fn numbers(ports: &[Laid<'_>]) -> BTreeSet<SmolStr> {
    ports.iter().map(|port| port.number.value.to_smolstr()).collect()
}

/// Keeps the ports of these numbers.
pub(super) fn retain(ports: &mut Vec<Laid<'_>>, numbers: &BTreeSet<SmolStr>) {
    ports.retain(|port| numbers.contains(&port.number.value.to_smolstr()));
}

/// Closes the ports of a service, of whose pods `base` is said; sorted by number.
pub(super) fn complete(mut laid: Vec<Laid<'_>>, base: &resilience::Laid, found: &mut Diagnostics) -> Vec<Port> {
    laid.sort_by_key(|port| port.number.value);
    let mut ports = Vec::with_capacity(laid.len());
    for port in laid {
        let Laid { number, protocol, name, target, mtls, resilience } = port;
        let Some(protocol) = protocol else {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`port {}` needs its protocol", number.value))
                    .at_known(number.span(), "no layer says what it speaks")
                    .note("Istio guesses the protocol of a port that says none, and rules about requests may then be ignored")
                    .help(format!("write `port {} http`", number.value)),
            );
            continue;
        };
        let word = protocol.value.word();
        let is_first = ports.is_empty();
        let default = || {
            if is_first { SmolStr::new_static(word) } else { format_smolstr!("{word}-{}", number.value) }
        };
        let name = name.unwrap_or_else(|| Decided::built_in(default()));
        let target = target.unwrap_or_else(|| Decided::built_in(number.value));
        let resilience = base.with(&resilience, found);
        ports.push(Port { number, protocol: protocol.value, name, target, mtls, resilience });
    }
    ports
}
