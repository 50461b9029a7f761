use super::super::Lowering;
use super::token;
use crate::ir::{Claim, GatewayId};
use crate::manifest::istio::StringMatch;
use crate::value::{ClaimValue, Regex};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

/// Whether claims can be asked for here: at a gateway that reads tokens. Istio refuses it in sidecars.
pub(super) fn are_known(lowering: &Lowering<'_>, gateway: Option<GatewayId>) -> bool {
    gateway.is_some_and(|id| !lowering.readers.at_gateway(id).is_empty())
}

/// Claims as Istio writes them, among the headers. Presence alone passes its validation and then takes the whole table
/// of routes away, so there is always a value.
pub(super) fn headers(claims: &[Claim]) -> Vec<(SmolStr, StringMatch)> {
    let mut by_name: BTreeMap<SmolStr, Vec<&ClaimValue>> = BTreeMap::new();
    for claim in claims {
        let name = format_smolstr!("@{}", token::key(claim.name.value.parts()));
        by_name.entry(name).or_default().extend(&claim.values);
    }
    by_name.into_iter().map(|(name, values)| (name, one_of(&values))).collect()
}

fn one_of(values: &[&ClaimValue]) -> StringMatch {
    match values {
        [one] => StringMatch::Exact(one.text().clone()),
        several => {
            let several: Vec<String> = several.iter().map(|value| Regex::escape(value.text())).collect();
            StringMatch::Regex(several.join("|").into())
        }
    }
}
