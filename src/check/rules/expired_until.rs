use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{Actions, Mesh, Proxy, Waiver};
use crate::source::Spanned;
use crate::value::Date;

pub(super) static EXPIRED: Code = code!("expired-until", Error, "a step away from the safe side whose day is over");
pub(super) static EXPIRES: Code = code!("expires-soon", Warning, "a step away from the safe side whose day is near");

/// How many days before its end a waiver is told of.
const NOTICE: i64 = 14;

pub(super) fn run_expired(subject: &Subject<'_>, found: &mut Diagnostics) {
    each(subject, |today, until| {
        if until.value < today {
            let title = format!("this counted until {}, and today is {today}", until.value);
            let mut fault = Diagnostic::new(&EXPIRED, title)
                .at(until.span, "this day is over")
                .note("an exception that nobody ends becomes the rule; dates never change what is compiled")
                .help("take the exception out, or give it a later day and a reason that still holds");
            if subject.dates_only_warn {
                fault.severity = Severity::Warning;
            }
            found.push(fault);
        }
    });
}

pub(super) fn run_expiring(subject: &Subject<'_>, found: &mut Diagnostics) {
    each(subject, |today, until| {
        let left = until.value.unix_days() - today.unix_days();
        if (0..=NOTICE).contains(&left) {
            let days = if left == 1 { "day" } else { "days" };
            found.push(
                Diagnostic::new(&EXPIRES, format!("this counts for {left} more {days}, until {}", until.value))
                    .at(until.span, "after this day it is an error")
                    .help("take the exception out, or give it a later day and a reason that still holds"),
            );
        }
    });
}

fn each(subject: &Subject<'_>, mut judge: impl FnMut(Date, &Spanned<Date>)) {
    let Some(today) = subject.today else { return };
    for until in waivers(subject.mesh).filter_map(|waiver| waiver.until.as_ref()) {
        judge(today, until);
    }
}

/// Every waiver of the mesh.
fn waivers(mesh: &Mesh) -> impl Iterator<Item = &Waiver> {
    let services = mesh.services.iter().flat_map(|service| {
        let ports =
            service.ports.iter().filter_map(|port| port.mtls.as_ref()).filter_map(|mtls| mtls.waiver.as_deref());
        let grants = service.grants.iter().chain(&service.denials).filter_map(|grant| grant.waiver.as_deref());
        let exposures = service.exposures.iter().filter_map(|exposure| exposure.waiver.as_deref());
        let calls = service.calls.iter().filter_map(|call| call.waiver.as_deref());
        let doors = service.exposures.iter().flat_map(|exposure| &exposure.tokens);
        let tokens = service.tokens.iter().chain(doors).filter_map(|rule| rule.waiver.as_deref());
        let actions = service.exposures.iter().map(|exposure| &exposure.actions).chain([&service.actions]);
        let actions = actions.filter_map(Option::as_deref).flat_map(Actions::waivers);
        let own = service.mtls.waiver.as_deref().into_iter().chain(service.network_waiver.as_deref());
        let own = own.chain(service.egress.waiver.as_deref());
        let own = own.chain(service.access_waiver.as_deref());
        ports.chain(grants).chain(exposures).chain(calls).chain(tokens).chain(actions).chain(own)
    });
    let workloads = mesh.workloads.iter().flat_map(|workload| {
        let own = workload.network_waiver.as_deref().into_iter().chain(workload.egress.waiver.as_deref());
        workload.calls.iter().filter_map(|call| call.waiver.as_deref()).chain(own)
    });
    let hosts = mesh.gateways.iter().flat_map(|gateway| &gateway.listeners).flat_map(|listener| &listener.hosts);
    let issuers = mesh.issuers.iter().flat_map(|issuer| [&issuer.keys_waiver, &issuer.audience_waiver]);
    let issuers = issuers.filter_map(|waiver| waiver.as_deref());
    let edges = mesh.gateways.iter().flat_map(|gateway| gateway.grants.iter().chain(&gateway.denials));
    let edges = edges.filter_map(|grant| grant.waiver.as_deref());
    let defaults = mesh.namespaces.iter().map(|namespace| &namespace.mtls).chain(std::iter::once(&mesh.mtls));
    let defaults = defaults.filter_map(|mtls| mtls.waiver.as_deref());
    let authorizers = mesh.authorizers.iter().filter_map(|authorizer| authorizer.waiver.as_deref());
    let hosts = hosts.filter_map(|host| host.waiver.as_deref());
    let ways_out = mesh.namespaces.iter().map(|namespace| &namespace.egress).chain(std::iter::once(&mesh.egress));
    let ways_out = ways_out.filter_map(|egress| egress.waiver.as_deref()).chain(externals(mesh));
    let patches = mesh.patches.iter().filter_map(|patch| patch.waiver.as_deref());
    let passed_by = mesh.proxies().flat_map(Proxy::waivers);
    services
        .chain(workloads)
        .chain(patches)
        .chain(passed_by)
        .chain(ways_out)
        .chain(edges)
        .chain(hosts)
        .chain(issuers)
        .chain(authorizers)
        .chain(defaults)
        .chain(mesh.ignores.iter().map(|ignore| &ignore.waiver))
        .chain(mesh.accepts.iter().map(|accept| &accept.waiver))
}

fn externals(mesh: &Mesh) -> impl Iterator<Item = &Waiver> {
    mesh.externals.iter().flat_map(|external| {
        let grants = external.grants.iter().filter_map(|grant| grant.waiver.as_deref());
        let tls = external.ports.iter().filter_map(|port| port.tls.as_deref()?.unverified.as_ref());
        let actions = external.actions.as_deref().into_iter().flat_map(Actions::waivers);
        grants.chain(tls.filter_map(|unverified| unverified.value.as_deref())).chain(actions)
    })
}
