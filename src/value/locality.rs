use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// A region, as nodes are labelled with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region(SmolStr);

/// A place where pods run: a region, a zone or a sub-zone, of which `*` stands for all below.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locality(SmolStr);

const REGION: &str = "a region such as `eu-west-1`";
const LOCALITY: &str = "a place such as `eu-west-1`, `eu-west-1/a` or `\"eu-west-1/*\"`";

impl Region {
    /// Reads a region.
    ///
    /// # Errors
    /// It names a zone, or several regions, or nothing.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        match text.split_once('/') {
            Some((region, _)) if part(region) => {
                Err(Mismatch::new(REGION, "traffic fails over from region to region").instead(region))
            }
            None if part(text) => Ok(Region(text.into())),
            Some(_) | None => Err(Mismatch::new(REGION, "a label of a node has letters, digits, `-`, `_` and `.`")),
        }
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl Locality {
    /// Reads `REGION`, `REGION/ZONE`, `REGION/ZONE/SUBZONE`, the last of which may be `*`.
    ///
    /// # Errors
    /// It is not of this form.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let parts: Vec<&str> = text.split('/').collect();
        let (last, before) = parts.split_last().unwrap_or((&"", &[]));
        if before.len() > 2 {
            return Err(Mismatch::new(LOCALITY, "there are regions, zones and sub-zones, and nothing below"));
        }
        let fits = before.iter().all(|text| part(text)) && (part(last) || *last == "*");
        if fits { Ok(Locality(text.into())) } else { Err(Mismatch::new(LOCALITY, because(text))) }
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }

    /// Its parts, `*` aside: of those that lie in one another, the wider one's are the first of the other's.
    pub fn parts(&self) -> Vec<SmolStr> {
        self.0.split('/').filter(|part| *part != "*").map(SmolStr::from).collect()
    }

    /// Whether some pod's place is one of both.
    pub fn overlaps(&self, other: &Locality) -> bool {
        let all = |locality: &Locality| locality.0.strip_suffix('*').unwrap_or(&locality.0).to_owned();
        let (one, other) = (all(self), all(other));
        let within = |inner: &str, outer: &str| {
            let rest = inner.strip_prefix(outer.trim_end_matches('/'));
            outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        within(&one, &other) || within(&other, &one)
    }
}

fn because(text: &str) -> &'static str {
    if text.contains('*') { "`*` stands alone, as the last part" } else { "a part of it is empty or no label's value" }
}

fn part(text: &str) -> bool {
    super::is_label_value(text) && !text.is_empty()
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Locality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Locality, Region};

    #[test]
    fn reads_what_istio_takes() {
        for text in ["eu", "eu/a", "eu/a/b", "eu/*", "*", "eu/a/*", "eu-west-1/eu-west-1a"] {
            assert!(Locality::parse(text).is_ok(), "{text}");
        }
        for text in ["", "/", "eu/", "/a", "eu/*/b", "eu*", "a/b/c/d", "**", "eu west"] {
            assert!(Locality::parse(text).is_err(), "{text}");
        }
        assert_eq!(Region::parse("eu/a").expect_err("a zone").instead.as_deref(), Some("eu"));
        for text in ["", "*", "eu*"] {
            assert!(Region::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn knows_which_places_hold_others() {
        let overlap = |one, other| Locality::parse(one).expect(one).overlaps(&Locality::parse(other).expect(other));
        for (one, other) in [("eu", "eu/a"), ("eu/*", "eu/a"), ("*", "us"), ("eu", "eu"), ("eu/*", "eu")] {
            assert!(overlap(one, other) && overlap(other, one), "{one} {other}");
        }
        for (one, other) in [("eu", "eu-1"), ("eu/a", "eu/b"), ("eu/a/*", "eu/ab")] {
            assert!(!overlap(one, other), "{one} {other}");
        }
    }
}
