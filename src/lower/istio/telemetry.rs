use super::super::Lowering;
use super::super::frame::{Owner, Place};
use super::metrics;
use crate::ir::{self, AccessLog, Logged, ProviderId, Reported, TagSource};
use crate::manifest::istio::{
    AccessLogging, CustomTag, LogFilter, NamedTag, ProviderRef, Selector, Telemetry, Tracing,
};
use crate::manifest::{Number, Object, Spec, Traced, Wave};
use crate::source::Decided;
use smol_str::{SmolStr, format_smolstr};

/// What proxies tell: of the mesh in the control plane's namespace, of a namespace and of single services as far as they
/// differ from it. One without a selector is written for each namespace at most: of two, Istio reads the older alone.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    let nothing = ir::Telemetry::default();
    if let Some(spec) = spec(lowering, None, &[&nothing], &mesh.telemetry) {
        let root = Some(mesh.root_namespace.value.text().clone());
        let place = Place { namespace: root, name: SmolStr::new_static("default"), wave: Wave::Defaults };
        take(lowering.frame.object(&lowering.owned_by_mesh(), place, Spec::Telemetry(spec)));
    }
    for (id, namespace) in mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id)) {
        if let Some(spec) = spec(lowering, None, &[&mesh.telemetry], &namespace.telemetry) {
            let place = lowering.place(id, "default", Wave::Defaults);
            take(lowering.frame.object(&lowering.owned_by_namespace(id), place, Spec::Telemetry(spec)));
        }
    }
    for service in mesh.services.iter().filter(|service| lowering.guards(service) && service.data_plane.is_per_pod()) {
        let own = Own { owner: lowering.owned_by_service(service), selector: &service.selector };
        take_own(lowering, &own, (service.namespace, service.telemetry.as_deref()), take);
    }
    let workloads = mesh.workloads.iter().filter(|workload| workload.data_plane.is_per_pod());
    for workload in workloads.filter(|workload| lowering.writes_into(workload.namespace)) {
        let own = Own { owner: lowering.owned_by_workload(workload), selector: &workload.selector };
        take_own(lowering, &own, (workload.namespace, workload.telemetry.as_deref()), take);
    }
    for gateway in mesh.gateways.iter().filter(|gateway| lowering.writes_into(gateway.namespace)) {
        let own = Own { owner: lowering.owned_by_gateway(gateway), selector: &gateway.selector };
        take_own(lowering, &own, (gateway.namespace, gateway.telemetry.as_deref()), take);
    }
}

/// What says something of its own.
struct Own<'o> {
    owner: Owner<'o>,
    selector: &'o Decided<ir::Labels>,
}

fn take_own(
    lowering: &Lowering<'_>,
    own: &Own<'_>,
    (home, telemetry): (ir::NamespaceId, Option<&ir::Telemetry>),
    take: &mut dyn FnMut(Object),
) {
    let Some(telemetry) = telemetry else { return };
    let above = [&lowering.mesh.telemetry, &lowering.mesh.namespace(home).telemetry];
    let selector = Some(Selector { match_labels: own.selector.into() });
    if let Some(spec) = spec(lowering, selector, &above, telemetry) {
        let place = lowering.place(home, own.owner.name, Wave::Defaults);
        take(lowering.frame.object(&own.owner, place, Spec::Telemetry(spec)));
    }
}

/// What differs from the objects above, of which the last is the nearest.
fn spec(
    lowering: &Lowering<'_>,
    selector: Option<Selector>,
    above: &[&ir::Telemetry],
    own: &ir::Telemetry,
) -> Option<Telemetry> {
    let nearest = above.last()?;
    let spec = Telemetry {
        selector,
        tracing: tracing(lowering, above, own).into_iter().collect(),
        metrics: metrics::lower(lowering, above, own).into_iter().collect(),
        access_logging: log(lowering, nearest.log.as_ref(), own.log.as_ref()).into_iter().collect(),
    };
    let says = !spec.tracing.is_empty() || !spec.metrics.is_empty() || !spec.access_logging.is_empty();
    says.then_some(spec)
}

/// A provider, by its name.
pub(super) fn provider(lowering: &Lowering<'_>, id: &Decided<ProviderId>) -> Vec<ProviderRef> {
    let name = lowering.mesh.provider(id.value).name.clone();
    vec![ProviderRef { name: Traced::new(name, id.origin) }]
}

/// The provider is always named: without a name, and a default in the control plane, Istio writes nothing and says nothing.
fn log(lowering: &Lowering<'_>, above: Option<&AccessLog>, own: Option<&AccessLog>) -> Option<AccessLogging> {
    let own = own?;
    let was = above.filter(|above| above.logged.value != Logged::Nothing);
    if own.logged.value == Logged::Nothing {
        let disabled = Some(Traced::new(true, own.logged.origin));
        return was.map(|was| AccessLogging { providers: provider(lowering, &was.to), disabled, filter: None });
    }
    let same = was.is_some_and(|was| was.to.value == own.to.value && filter(was) == filter(own));
    if same {
        return None;
    }
    Some(AccessLogging { providers: provider(lowering, &own.to), disabled: None, filter: filter(own) })
}

/// Connections without requests have no status. There is no `response.duration`: a filter that names it logs nothing.
fn filter(log: &AccessLog) -> Option<LogFilter> {
    match log.logged.value {
        Logged::Nothing => None,
        Logged::All => {
            let filter = log.filter.as_ref()?;
            Some(LogFilter { expression: Traced::new(filter.value.text().clone(), filter.origin) })
        }
        Logged::Errors => {
            let failed = "!has(response.code) || response.code >= 400";
            let expression = match &log.slower_than {
                None => Traced::new(SmolStr::new_static(failed), log.logged.origin),
                Some(slow) => {
                    let text = format_smolstr!("{failed} || request.duration > duration(\"{}\")", slow.value);
                    Traced::new(text, slow.origin)
                }
            };
            Some(LogFilter { expression })
        }
    }
}

/// Only what differs: provider, share and tags come down one by one.
fn tracing(lowering: &Lowering<'_>, above: &[&ir::Telemetry], own: &ir::Telemetry) -> Option<Tracing> {
    let nearest = above.last()?.tracing.as_ref();
    let said = match own.tracing.as_ref()? {
        Reported::On(said) => said,
        Reported::Off(origin) => {
            nearest.and_then(Reported::on)?;
            let disable_span_reporting = Some(Traced::new(true, *origin));
            return Some(Tracing { disable_span_reporting, ..Tracing::default() });
        }
    };
    let was_off = matches!(nearest, Some(Reported::Off(_)));
    let before = nearest.and_then(Reported::on);
    let inherited = above.iter().rev().find_map(|telemetry| telemetry.tracing.as_ref()?.on());
    let mut spec = Tracing::default();
    if before.is_none_or(|before| before.provider.value != said.provider.value) {
        spec.providers = provider(lowering, &said.provider);
    }
    if before.is_none_or(|before| before.percent.value != said.percent.value) {
        spec.random_sampling_percentage = Some(Traced::from(&said.percent).map(Number::from));
    }
    if was_off {
        spec.disable_span_reporting = Some(Traced::new(false, said.provider.origin));
    }
    let values = |tracing: &ir::Tracing| -> Vec<(SmolStr, TagSource)> {
        tracing.tags.iter().map(|(name, tag)| (name.clone(), tag.value.clone())).collect()
    };
    if inherited.map(values).unwrap_or_default() != values(said) {
        spec.custom_tags = Some(said.tags.iter().map(|(name, tag)| (name.clone(), custom_tag(tag))).collect());
    }
    (spec != Tracing::default()).then_some(spec)
}

fn custom_tag(tag: &Decided<TagSource>) -> CustomTag {
    let traced = |text: &SmolStr| Traced::new(text.clone(), tag.origin);
    match &tag.value {
        TagSource::Text(text) => CustomTag::Literal { value: traced(text) },
        TagSource::Header(name, default) => {
            CustomTag::Header(NamedTag { name: traced(name.text()), default_value: default.as_ref().map(traced) })
        }
        TagSource::Variable(name, default) => {
            CustomTag::Environment(NamedTag { name: traced(name.text()), default_value: default.as_ref().map(traced) })
        }
    }
}
