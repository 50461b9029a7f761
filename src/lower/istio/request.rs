use super::super::Lowering;
use super::{claim, excluded};
use crate::ir::{GatewayId, Lines, Paths, Peer, Predicate, RequestMatch, ServiceId, expression};
use crate::manifest::istio::{HttpMatch, StringMatch};
use crate::source::Spanned;
use crate::value::{self, HostPattern, Method, Path, PathKind, Regex};
use smol_str::{SmolStr, format_smolstr};

/// Where a rule stands, which decides what of a match can hold and what need not be asked.
#[derive(Clone, Copy)]
pub(super) struct Standing<'s> {
    /// The gateway; none: in every sidecar.
    pub(super) gateway: Option<GatewayId>,
    /// The service that requests are for.
    pub(super) service: ServiceId,
    /// The port of the service that requests came to.
    pub(super) port: value::Port,
    /// The paths of the exposure that it stands in; none in the mesh.
    pub(super) within: Option<&'s [Path]>,
}

/// The labels and the namespace of the pods that send a request.
pub(super) type Source = (Vec<(SmolStr, SmolStr)>, SmolStr);

/// The entries that match a kind of request, of which any must: one for each form of each path and each caller. None
/// where no request that meets the rule is of this kind.
pub(super) fn matches(lowering: &Lowering<'_>, request: &RequestMatch, standing: Standing<'_>) -> Vec<HttpMatch> {
    let lines = &request.lines;
    let is_here = lines.ports.is_empty() || lines.ports.iter().any(|port| port.value == standing.port);
    if !is_here {
        return Vec::new();
    }
    let (Some(sources), Some(forms)) = (sources(lowering, lines, standing.gateway), forms_of(lines, standing.within))
    else {
        return Vec::new();
    };
    let knows_claims = claim::are_known(lowering, standing.gateway);
    if !knows_claims && !lines.claims.is_empty() {
        return Vec::new();
    }
    let hosts = own_hosts(lowering, &lines.hosts, standing);
    let mut base = without_path(lines, &hosts);
    base.headers.extend(claim::headers(&lines.claims));
    if let Some(not) = &request.not {
        if excluded::excludes_all(not, standing) {
            return Vec::new();
        }
        let Some(narrowed) = excluded::narrow(base, not, lines, &own_hosts(lowering, &not.hosts, standing)) else {
            return Vec::new();
        };
        base = narrowed;
        if knows_claims {
            base.without_headers.extend(claim::headers(&not.claims));
        }
    }
    let of_source = |source: Option<Source>| {
        let (source_labels, source_namespace) = match source {
            Some((labels, namespace)) => (labels, Some(namespace)),
            None => (Vec::new(), None),
        };
        HttpMatch { source_labels, source_namespace, ..base.clone() }
    };
    let with_form = |entry: &HttpMatch, form: &Form| {
        let mut entry = HttpMatch { uri: form.uri.clone(), ignore_uri_case: form.ignore_case, ..entry.clone() };
        entry.headers.extend(form.path.iter().cloned());
        entry
    };
    let of_sources: Vec<HttpMatch> = sources.into_iter().map(of_source).collect();
    of_sources.iter().flat_map(|entry| forms.iter().map(move |form| with_form(entry, form))).collect()
}

/// Whether an earlier entry takes everything that a later one matches.
pub(super) fn takes(earlier: &HttpMatch, later: &HttpMatch) -> bool {
    let HttpMatch {
        uri,
        ignore_uri_case,
        scheme,
        authority,
        method,
        headers,
        without_headers,
        query_params,
        port,
        source_labels,
        source_namespace,
    } = earlier;
    let has_path = match (uri, &later.uri) {
        (None, _) => true,
        (one, other) if one == other => *ignore_uri_case || !later.ignore_uri_case,
        (Some(StringMatch::Prefix(one)), Some(StringMatch::Exact(other) | StringMatch::Prefix(other))) => {
            other.starts_with(one.as_str()) && !later.ignore_uri_case
        }
        (Some(_), _) => false,
    };
    has_path
        && (scheme.is_none() || *scheme == later.scheme)
        && (authority.is_none() || *authority == later.authority)
        && (method.is_none() || *method == later.method)
        && headers.iter().all(|header| later.headers.contains(header))
        && without_headers.iter().all(|header| later.without_headers.contains(header))
        && query_params.iter().all(|query| later.query_params.contains(query))
        && (port.is_none() || *port == later.port)
        && (source_labels.is_empty() || *source_labels == later.source_labels)
        && (source_namespace.is_none() || *source_namespace == later.source_namespace)
}

/// Who must have sent a request, none of them: anybody; nothing where nobody who is asked for comes this way.
pub(super) fn sources(
    lowering: &Lowering<'_>,
    lines: &Lines,
    gateway: Option<GatewayId>,
) -> Option<Vec<Option<Source>>> {
    if lines.from.is_empty() {
        return Some(vec![None]);
    }
    let mut found = Vec::new();
    for caller in &lines.from {
        match (caller.peer, gateway) {
            (Peer::Gateway(id), Some(here)) if id == here => return Some(vec![None]),
            (Peer::AnyoneInMesh, None) => return Some(vec![None]),
            // At a gateway Istio would compare the labels of the gateway's own pods.
            (_, Some(_)) => {}
            (peer, None) => found.extend(source(lowering, peer).map(Some)),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The labels by which a proxy knows that its own pod is meant.
fn source(lowering: &Lowering<'_>, peer: Peer) -> Option<Source> {
    let mesh = lowering.mesh;
    match peer {
        Peer::Service(id) => {
            let service = mesh.service(id);
            Some((service.selector.value.clone(), mesh.namespace_name(service.namespace).clone()))
        }
        Peer::Workload(id) => {
            let workload = mesh.workload(id);
            Some((workload.selector.value.clone(), mesh.namespace_name(workload.namespace).clone()))
        }
        Peer::Namespace(id) => Some((Vec::new(), mesh.namespace_name(id).clone())),
        Peer::Gateway(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => None,
    }
}

/// One form of a path, in the field of paths and in the pseudo header, which holds the query too.
#[derive(Default)]
struct Form {
    uri: Option<StringMatch>,
    ignore_case: bool,
    path: Option<(SmolStr, StringMatch)>,
}

/// Every form of the paths; nothing where no path is of all sets.
fn forms_of(lines: &Lines, within: Option<&[Path]>) -> Option<Vec<Form>> {
    let mut patterns: Option<Vec<Path>> = within.map(<[Path]>::to_vec);
    let mut others: Vec<&Paths> = Vec::new();
    for set in &lines.paths {
        match set {
            Paths::Patterns { patterns: asked, ignore_case: false } => {
                let asked = asked.iter().map(|path| &path.value);
                patterns = Some(match patterns {
                    None => asked.cloned().collect(),
                    Some(before) => common(asked, &before),
                });
            }
            Paths::Patterns { patterns: _, ignore_case: true } | Paths::Regex(_) => others.push(set),
        }
    }
    let is_any = |patterns: &Vec<Path>| patterns.iter().any(Path::is_all);
    let mut forms: Vec<Form> = match patterns.filter(|patterns| !is_any(patterns)) {
        Some(patterns) => {
            let plain = |uri| Form { uri: Some(uri), ..Form::default() };
            patterns.iter().flat_map(uris).map(plain).collect()
        }
        None => match others.is_empty() {
            true => vec![Form::default()],
            false => whole(others.remove(0)),
        },
    };
    // Istio has one condition of the path: another stands on the pseudo header.
    if let Some(other) = others.first() {
        let pattern = StringMatch::Regex(expression::path_header(other).into());
        for form in &mut forms {
            form.path = Some((SmolStr::new_static(PATH), pattern.clone()));
        }
    }
    (!forms.is_empty()).then_some(forms)
}

/// The pseudo header of a path with its query.
pub(super) const PATH: &str = ":path";

fn whole(set: &Paths) -> Vec<Form> {
    match set {
        Paths::Regex(regex) => {
            vec![Form { uri: Some(StringMatch::Regex(regex.value.text().clone())), ..Form::default() }]
        }
        Paths::Patterns { patterns, ignore_case } => {
            let forms = patterns.iter().flat_map(|path| match uris(&path.value).as_slice() {
                [] => vec![Form::default()],
                forms => forms.iter().cloned().map(|uri| folded(uri, *ignore_case)).collect(),
            });
            forms.collect()
        }
    }
}

/// Istio folds the case of exact paths and of prefixes, and leaves expressions as they are.
fn folded(uri: StringMatch, ignore_case: bool) -> Form {
    match uri {
        StringMatch::Regex(regex) if ignore_case => {
            Form { uri: Some(StringMatch::Regex(format_smolstr!("(?i){regex}"))), ..Form::default() }
        }
        StringMatch::Regex(_) => Form { uri: Some(uri), ..Form::default() },
        StringMatch::Exact(_) | StringMatch::Prefix(_) | StringMatch::Present => {
            Form { uri: Some(uri), ignore_case, path: None }
        }
    }
}

/// The forms of a path; nothing for all paths. A bare prefix `/a` would take `/ab` too.
pub(super) fn uris(path: &Path) -> Vec<StringMatch> {
    match path.kind() {
        PathKind::Below if path.is_all() => Vec::new(),
        PathKind::Exact => vec![StringMatch::Exact(path.text().clone())],
        PathKind::Template => vec![StringMatch::Regex(expression::template(path).into())],
        PathKind::Below => {
            vec![StringMatch::Exact(path.stem().into()), StringMatch::Prefix(format_smolstr!("{}/", path.stem()))]
        }
    }
}

/// The paths that are in both lists.
fn common<'p>(asked: impl Iterator<Item = &'p Path>, within: &[Path]) -> Vec<Path> {
    asked.flat_map(|one| within.iter().filter_map(move |other| one.common(other))).collect()
}

fn without_path(lines: &Lines, hosts: &[String]) -> HttpMatch {
    let mut found = HttpMatch {
        method: method(&lines.methods),
        authority: (!hosts.is_empty()).then(|| StringMatch::Regex(expression::authority(hosts).into())),
        scheme: match lines.schemes.as_slice() {
            [one] => Some(StringMatch::Exact(SmolStr::new_static(one.word()))),
            _ => None,
        },
        ..HttpMatch::default()
    };
    for (name, predicate) in &lines.headers {
        found.headers.push((name.value.text().clone(), text(predicate)));
    }
    for (name, predicate) in &lines.cookies {
        found.headers.push((
            SmolStr::new_static("cookie"),
            StringMatch::Regex(expression::cookie(&name.value, predicate).into()),
        ));
    }
    for (name, predicate) in &lines.queries {
        let value = match predicate {
            Predicate::Present => StringMatch::Regex(SmolStr::new_static(".*")),
            Predicate::OneOf(_) | Predicate::Prefix(_) | Predicate::Regex(_) => text(predicate),
        };
        found.query_params.push((name.value.text().clone(), value));
    }
    found
}

/// Hosts as expressions, as the callers of the service know it.
fn own_hosts(lowering: &Lowering<'_>, hosts: &[Spanned<HostPattern>], standing: Standing<'_>) -> Vec<String> {
    expression::hosts(lowering.mesh, lowering.mesh.service(standing.service), hosts)
}

/// Methods as one pattern; none for any.
pub(super) fn method(methods: &[Method]) -> Option<StringMatch> {
    let mut names = Vec::with_capacity(methods.len());
    for method in methods {
        match method {
            Method::Any => return None,
            Method::Named(name) => names.push(name.as_str()),
        }
    }
    match names.as_slice() {
        [] => None,
        [one] => Some(StringMatch::Exact((*one).into())),
        several => Some(StringMatch::Regex(
            several.iter().map(|name| Regex::escape(name)).collect::<Vec<_>>().join("|").into(),
        )),
    }
}

/// What a text must be.
pub(super) fn text(predicate: &Predicate) -> StringMatch {
    match predicate {
        Predicate::Present => StringMatch::Present,
        Predicate::Prefix(value) => StringMatch::Prefix(value.text().clone()),
        Predicate::Regex(regex) => StringMatch::Regex(regex.text().clone()),
        Predicate::OneOf(values) => match values.as_slice() {
            [one] => StringMatch::Exact(one.text().clone()),
            several => StringMatch::Regex(expression::any_of(several).into()),
        },
    }
}
