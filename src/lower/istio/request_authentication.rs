use super::super::Lowering;
use super::breaker::duration;
use crate::ir::{self, IssuerId, Keys, Labels};
use crate::manifest::istio::{ClaimToHeader, FromHeader, JwtRule, RequestAuthentication, Selector};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::{Decided, Origin};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeSet;

/// How tokens are read, at each place that asks for one: NS/`<service>` and GWNS/`<gateway>`. It comes before every
/// policy that wants a token, which would refuse everybody as long as no token is read.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    let readers = &lowering.readers;
    for (id, gateway) in mesh.gateways().filter(|(_, gateway)| lowering.writes_into(gateway.namespace)) {
        if let Some(spec) = spec(lowering, &gateway.selector, (&readers.at_gateway(id), &BTreeSet::new())) {
            let place = lowering.place(gateway.namespace, gateway.name.clone(), Wave::Registry);
            take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, spec));
        }
    }
    for service in mesh.services.iter().filter(|service| lowering.guards(service)) {
        if let Some(spec) = spec(lowering, &service.selector, (&readers.at_service(service), &service.issuers())) {
            let place = lowering.place(service.namespace, service.name.clone(), Wave::Registry);
            take(lowering.frame.object(&lowering.owned_by_service(service), place, spec));
        }
    }
}

/// How pods read the tokens of the issuers that they know, and of them those that are asked for there.
fn spec(
    lowering: &Lowering<'_>,
    selector: &Decided<Labels>,
    (known, asked): (&BTreeSet<IssuerId>, &BTreeSet<IssuerId>),
) -> Option<Spec> {
    let rules = known.iter().filter_map(|id| {
        let issuer = lowering.mesh.issuer(*id);
        rule(issuer, asked.contains(id)).map(|rule| Traced::new(rule, issuer.origin))
    });
    let jwt_rules: Vec<_> = rules.collect();
    let selector = Selector { match_labels: selector.into() };
    (!jwt_rules.is_empty()).then_some(Spec::RequestAuthentication(RequestAuthentication { selector, jwt_rules }))
}

/// An issuer as a place reads its tokens. What becomes of them (headers, whether they are passed on) is decided by the
/// service that asks for them; a door, and who merely knows them, pass them on as they are.
fn rule(issuer: &ir::Issuer, is_asked: bool) -> Option<JwtRule> {
    let ir::Issuer {
        name: _,
        origin: _,
        iss,
        keys,
        keys_waiver: _,
        audiences,
        audience_waiver: _,
        places,
        claims_to_headers,
        payload_to_header,
        forward,
        fetch_timeout,
        space_delimited,
    } = issuer;
    let (jwks_uri, jwks) = keys_of(keys.as_ref());
    let ir::TokenPlaces { headers, cookies, queries } = places;
    let outputs = claims_to_headers.iter().filter(|_| is_asked);
    Some(JwtRule {
        issuer: Traced::from(iss.as_ref()?).map(|iss| iss.text().clone()),
        audiences: audiences.as_ref().filter(|names| !names.value.is_empty()).map(Traced::from),
        jwks_uri,
        jwks,
        from_headers: headers.iter().map(from_header).collect(),
        from_params: queries.iter().map(|name| name.value.to_smolstr()).collect(),
        from_cookies: cookies.iter().map(|name| name.value.to_smolstr()).collect(),
        forward_original_token: if is_asked { Traced::from(forward) } else { Traced::plain(true) },
        output_payload_to_header: payload_to_header.as_ref().filter(|_| is_asked).map(text),
        output_claim_to_headers: outputs
            .map(|(claim, header)| {
                let (to, from) = (header.value.to_smolstr(), claim.value.to_smolstr());
                Traced::new(ClaimToHeader { header: to, claim: from }, Origin::new(issuer.origin.layer, claim.span))
            })
            .collect(),
        timeout: fetch_timeout.as_ref().map(duration),
        space_delimited_claims: space_delimited
            .iter()
            .flat_map(|list| &list.value)
            .map(ToSmolStr::to_smolstr)
            .collect(),
    })
}

fn keys_of(keys: Option<&Decided<Keys>>) -> (Option<Traced<SmolStr>>, Option<Traced<SmolStr>>) {
    let Some(keys) = keys else { return (None, None) };
    match &keys.value {
        Keys::At(url) => (Some(Traced::new(url.text().clone(), keys.origin)), None),
        Keys::Here(set) => (None, Some(Traced::new(set.text().clone(), keys.origin))),
    }
}

fn from_header(header: &ir::TokenHeader) -> FromHeader {
    let ir::TokenHeader { name, prefix } = header;
    FromHeader { name: text(name), prefix: prefix.as_ref().map(Traced::from) }
}

fn text(name: &Decided<crate::value::HeaderName>) -> Traced<SmolStr> {
    Traced::from(name).map(|name| name.text().clone())
}
