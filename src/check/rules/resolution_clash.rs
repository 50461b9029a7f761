use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Endpoint, External, Resolution};
use crate::source::{Origin, Span};
use crate::value::{Address, HostPattern};

pub(super) static CODE: Code =
    code!("resolution-clash", Error, "addresses that the way in which they are found has no use for");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in &subject.mesh.externals {
        let clash = match external.resolution.value {
            Resolution::None => none(external),
            Resolution::Static => fixed(external),
            Resolution::Dns => ranges(external),
            Resolution::DnsRoundRobin => second(external).or_else(|| ranges(external)),
            Resolution::DynamicDns => dynamic(external),
        };
        let Some(Clash { title, at, why, help }) = clash else { continue };
        let fault = Diagnostic::new(&CODE, title).at_known(at, "does not go with how its address is found").note(why);
        let said = external.resolution.span().filter(|span| Some(*span) != at);
        found.push(
            match said {
                Some(span) => fault.related(span, "found in this way"),
                None => fault,
            }
            .help(help),
        );
    }
}

/// What does not go together.
struct Clash {
    title: String,
    at: Option<Span>,
    why: &'static str,
    help: &'static str,
}

fn none(external: &External) -> Option<Clash> {
    let endpoint = external.endpoints.first()?;
    Some(Clash {
        title: format!("`{}` is never dialled", endpoint.address.value),
        at: endpoint.address.span(),
        why: "`resolution none` goes to the address that the caller dials, and Istio refuses endpoints beside it",
        help: "take `resolution none` out, or the endpoints",
    })
}

fn fixed(external: &External) -> Option<Clash> {
    let why = "`resolution static` dials the addresses that are said, and looks no name up";
    let name = external.endpoints.iter().find(|endpoint| matches!(endpoint.address.value, Address::Name(_)));
    if let Some(endpoint) = name {
        let (title, help) = (
            format!("`{}` is a name, and no address", endpoint.address.value),
            "write its address, or `resolution dns`",
        );
        return Some(Clash { title, at: endpoint.address.span(), why, help });
    }
    let is_known = !external.endpoints.is_empty()
        || (!external.addresses.is_empty() && external.addresses.iter().all(|address| address.value.is_single()));
    let help = "say what is dialled: `endpoint \"192.0.2.7\"`, or single addresses by `address`";
    let title = format!("`{}` says no address that could be dialled", external.name);
    (!is_known).then(|| Clash { title, at: external.resolution.span(), why, help })
}

fn ranges(external: &External) -> Option<Clash> {
    let range = external.addresses.iter().find(|address| !address.value.is_single())?;
    Some(Clash {
        title: format!("`{}` beside a name that is looked up", range.value),
        at: range.span(),
        why: "Istio refuses ranges of addresses for a ServiceEntry whose address is found by DNS",
        help: "name single addresses, or `resolution none`, which goes to the address that the caller dials",
    })
}

fn second(external: &External) -> Option<Clash> {
    let endpoint: &Endpoint = external.endpoints.get(1)?;
    Some(Clash {
        title: format!("`{}` is one endpoint too many", endpoint.address.value),
        at: endpoint.address.span(),
        why: "`resolution dns-round-robin` takes one name, of whose addresses each connection gets the next",
        help: "keep one endpoint, or write `resolution dns`",
    })
}

fn dynamic(external: &External) -> Option<Clash> {
    let why =
        "`resolution dynamic-dns` looks up the name that a caller asks for under a pattern, and takes no other address";
    let address = external.addresses.first().map(|address| (address.value.to_string(), address.origin));
    let endpoint = external.endpoints.first().map(|found| (found.address.value.to_string(), found.address.origin));
    if let Some((text, Origin { span, .. })) = address.or(endpoint) {
        return Some(Clash { title: format!("`{text}` is never dialled"), at: span, why, help: "take it out" });
    }
    let exact = external.hosts.iter().find(|host| matches!(host.value, HostPattern::Exact(_)))?;
    let title = format!("`{}` is no pattern", exact.value);
    Some(Clash {
        title,
        at: exact.span(),
        why,
        help: "write `resolution dns`, or put the names under an external of their own",
    })
}
