use super::super::Lowering;
use super::request;
use crate::ir::{HeaderCondition, Port, RateLimit, Service, Wanted, expression};
use crate::manifest::istio::{
    ConfigPatch, Descriptor, DescriptorEntry, EnvoyFilter, FilterChain, HeaderMatcher, HeaderTest, HeaderValueMatch,
    ListenerPlace, LocalRateLimit, NetworkFilter, Patch, PatchPlace, PatchValue, RequestAction, RequestName,
    RoutePlace, RuntimeShare, Share, StringMatch, StringTest, SubFilter, TokenBucket, VirtualHost, WorkloadSelector,
};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Origin;
use crate::value::{Duration, Regex};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// The kind of name under which the filter of a limit knows the requests that count for it.
const KEY: &str = "mesh.rate-limit";

/// How many requests each pod of a service takes: NS/`<service>.rate-limit`. No kind of Istio says it, so this is the
/// one `EnvoyFilter` that is written; its fields are those of Istio's own example of a local limit.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let services = lowering.mesh.services.iter().filter(|service| lowering.guards(service));
    for service in services.filter(|service| !service.rate_limits.is_empty()) {
        let filter = EnvoyFilter {
            workload_selector: WorkloadSelector { labels: (&service.selector).into() },
            priority: 10,
            config_patches: patches(service),
        };
        let place = lowering.place(service.namespace, format_smolstr!("{}.rate-limit", service.name), Wave::Defaults);
        take(lowering.frame.object(&lowering.owned_by_service(service), place, Spec::EnvoyFilter(filter)));
    }
}

fn patches(service: &Service) -> Vec<ConfigPatch> {
    let targets: BTreeSet<u16> = service.http_ports().map(|port| port.target.value.number()).collect();
    let filters = targets.iter().flat_map(|target| service.rate_limits.iter().map(move |limit| filter(*target, limit)));
    let named: Vec<RequestName> = service.rate_limits.iter().filter_map(request_name).collect();
    let names = service.http_ports().filter(|_| !named.is_empty()).map(|port| names(port, named.clone()));
    filters.chain(names).collect()
}

/// The filter of one limit, before the router: what comes from there is counted for each pod by itself.
fn filter(target: u16, limit: &RateLimit) -> ConfigPatch {
    let router = SubFilter { name: "envoy.filters.http.router" };
    let http = NetworkFilter { name: "envoy.filters.network.http_connection_manager", sub_filter: router };
    let listener = ListenerPlace { port_number: target, filter_chain: FilterChain { filter: http } };
    ConfigPatch {
        apply_to: "HTTP_FILTER",
        at: PatchPlace { context: "SIDECAR_INBOUND", listener: Some(listener), route_configuration: None },
        patch: Patch {
            operation: "INSERT_BEFORE",
            value: PatchValue::Filter {
                name: format_smolstr!("mesh.local_ratelimit.{}", limit.name),
                typed_config: Box::new(local(limit)),
            },
        },
    }
}

fn local(limit: &RateLimit) -> LocalRateLimit {
    let own = bucket(limit);
    let (token_bucket, descriptors) = if request_name(limit).is_none() {
        (own, Vec::new())
    } else {
        let entry = DescriptorEntry { key: SmolStr::new_static(KEY), value: limit.name.clone() };
        (unlimited(&own), vec![Descriptor { entries: vec![entry], token_bucket: own }])
    };
    let share =
        |runtime_key| RuntimeShare { runtime_key, default_value: Share { numerator: 100, denominator: "HUNDRED" } };
    LocalRateLimit {
        type_url: "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        stat_prefix: format_smolstr!("mesh_rate_limit_{}", limit.name),
        token_bucket,
        descriptors,
        filter_enabled: share("local_rate_limit_enabled"),
        filter_enforced: share("local_rate_limit_enforced"),
    }
}

fn bucket(limit: &RateLimit) -> TokenBucket {
    let RateLimit { name: _, requests, per, burst, conditions: _, origin: _ } = limit;
    TokenBucket {
        max_tokens: burst.as_ref().unwrap_or(requests).into(),
        tokens_per_fill: requests.into(),
        fill_interval: Traced::new(seconds(per.value), per.origin),
    }
}

/// What does not count: Envoy asks for a bucket, refilled in a time of which those of names are multiples.
fn unlimited(own: &TokenBucket) -> TokenBucket {
    TokenBucket {
        max_tokens: Traced::plain(u32::MAX),
        tokens_per_fill: Traced::plain(u32::MAX),
        fill_interval: own.fill_interval.clone(),
    }
}

/// A duration as Envoy reads it: in seconds alone.
fn seconds(duration: Duration) -> String {
    let (whole, rest) = (duration.milliseconds() / 1000, duration.milliseconds() % 1000);
    if rest == 0 { format!("{whole}s") } else { format!("{whole}.{rest:03}s") }
}

/// Gives the requests that count for a limit its name, on the way to one port.
fn names(port: &Port, rate_limits: Vec<RequestName>) -> ConfigPatch {
    let vhost = VirtualHost { name: format_smolstr!("inbound|http|{}", port.number.value) };
    ConfigPatch {
        apply_to: "VIRTUAL_HOST",
        at: PatchPlace { context: "SIDECAR_INBOUND", listener: None, route_configuration: Some(RoutePlace { vhost }) },
        patch: Patch { operation: "MERGE", value: PatchValue::Names { rate_limits } },
    }
}

fn request_name(limit: &RateLimit) -> Option<RequestName> {
    let conditions = &limit.conditions;
    let line =
        |origin: Option<crate::source::Span>| origin.map_or(limit.origin, |span| Origin::new(limit.origin.layer, span));
    let mut headers: Vec<Traced<HeaderMatcher>> = Vec::new();
    let method = conditions.methods.as_ref().and_then(|said| Some((request::method(&said.value)?, said.span)));
    if let Some((test, span)) = method {
        headers.push(Traced::new(HeaderMatcher { name: ":method".into(), value: text(test) }, line(Some(span))));
    }
    if let Some(first) = conditions.paths.first().filter(|_| !conditions.paths.iter().any(|path| path.value.is_all())) {
        let patterns: Vec<String> = conditions.paths.iter().map(|path| expression::path(&path.value)).collect();
        let regex = format_smolstr!(r"(?:{})(?:\?.*)?", patterns.join("|"));
        let value = HeaderTest::StringMatch(StringTest::SafeRegex { regex });
        headers.push(Traced::new(HeaderMatcher { name: ":path".into(), value }, line(Some(first.span))));
    }
    for HeaderCondition { name, value } in &conditions.headers {
        let matcher = HeaderMatcher { name: name.value.text().clone(), value: header(value) };
        headers.push(Traced::new(matcher, line(Some(name.span))));
    }
    if headers.is_empty() {
        return None;
    }
    let asked =
        HeaderValueMatch { descriptor_key: SmolStr::new_static(KEY), descriptor_value: limit.name.clone(), headers };
    Some(RequestName { actions: vec![RequestAction { header_value_match: asked }] })
}

fn text(said: StringMatch) -> HeaderTest {
    HeaderTest::StringMatch(match said {
        StringMatch::Present => return HeaderTest::PresentMatch(true),
        StringMatch::Exact(text) => StringTest::Exact(text),
        StringMatch::Prefix(text) => StringTest::Prefix(text),
        StringMatch::Regex(regex) => StringTest::SafeRegex { regex },
    })
}

fn header(said: &Wanted) -> HeaderTest {
    match said {
        Wanted::Present => HeaderTest::PresentMatch(true),
        Wanted::Prefix(text) => HeaderTest::StringMatch(StringTest::Prefix(text.text().clone())),
        Wanted::OneOf(values) => HeaderTest::StringMatch(match values.as_slice() {
            [one] => StringTest::Exact(one.text().clone()),
            several => {
                let escaped: Vec<String> = several.iter().map(|value| Regex::escape(value.text())).collect();
                StringTest::SafeRegex { regex: escaped.join("|").into() }
            }
        }),
    }
}
