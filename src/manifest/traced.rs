use crate::source::{Decided, FileId, Layer, Origin, Span};
use serde::ser::{Serialize, SerializeTupleStruct, Serializer};
use std::cmp::Ordering;
use std::ops::Deref;

/// The name under which a value tells its origin. A serializer that wants origins stops being human-readable inside a
/// newtype struct of this name, until it gets a tuple struct of this name: the origin as a number, then the value.
/// All others stay what they are, and so are handed the bare value.
pub(super) const NAME: &str = "mesh::manifest::Traced";

/// A value of a manifest that knows the line of intent it came from.
///
/// It serializes exactly as the value, and two of them are equal when their values are: where a thing was said does not
/// change what it means. [`yaml::write_traced`](super::yaml::write_traced) tells the origin of every line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traced<T> {
    /// The value.
    pub value: T,
    /// Who said it; none: whoever said what it is part of.
    pub origin: Option<Origin>,
}

impl<T> Traced<T> {
    /// `value`, said by `origin`.
    pub const fn new(value: T, origin: Origin) -> Self {
        Traced { value, origin: Some(origin) }
    }

    /// `value`, said by whoever said what it is part of.
    pub const fn plain(value: T) -> Self {
        Traced { value, origin: None }
    }

    /// The same origin with the value changed by `change`.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Traced<U> {
        Traced { value: change(self.value), origin: self.origin }
    }
}

impl<T> From<Decided<T>> for Traced<T> {
    fn from(decided: Decided<T>) -> Self {
        Traced::new(decided.value, decided.origin)
    }
}

impl<T: Clone> From<&Decided<T>> for Traced<T> {
    fn from(decided: &Decided<T>) -> Self {
        Traced::new(decided.value.clone(), decided.origin)
    }
}

impl<T> Deref for Traced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Traced<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Traced<T> {}

impl<T: PartialOrd> PartialOrd for Traced<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Traced<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: Serialize> Serialize for Traced<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.origin {
            Some(origin) if serializer.is_human_readable() => {
                serializer.serialize_newtype_struct(NAME, &Telling { value: &self.value, origin })
            }
            Some(_) | None => self.value.serialize(serializer),
        }
    }
}

/// What stands inside the newtype struct [`NAME`].
struct Telling<'a, T> {
    value: &'a T,
    origin: Origin,
}

impl<T: Serialize> Serialize for Telling<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.value.serialize(serializer);
        }
        let mut pair = serializer.serialize_tuple_struct(NAME, 2)?;
        pair.serialize_field(&to_number(self.origin))?;
        pair.serialize_field(self.value)?;
        pair.end()
    }
}

const LAYERS: [Layer; 11] = [
    Layer::BuiltIn,
    Layer::Platform,
    Layer::MeshProfile,
    Layer::Mesh,
    Layer::MeshOverlay,
    Layer::NamespaceProfile,
    Layer::Namespace,
    Layer::NamespaceOverlay,
    Layer::OwnProfile,
    Layer::Own,
    Layer::OwnOverlay,
];

/// An origin as one number: layer, whether there is a span, file, start, end.
fn to_number(Origin { layer, span }: Origin) -> u128 {
    let place =
        span.map_or(0, |s| 1 << 96 | u128::from(s.file.number()) << 64 | u128::from(s.start) << 32 | u128::from(s.end));
    (layer as u128) << 104 | place
}

/// The origin that `number` stands for, if it stands for one.
pub(super) fn from_number(number: u128) -> Option<Origin> {
    let word = |at: u32| u32::try_from(number >> at & u128::from(u32::MAX)).ok();
    let layer = *LAYERS.get(usize::try_from(number >> 104).ok()?)?;
    if number >> 96 & 1 == 0 {
        return Some(Origin { layer, span: None });
    }
    Some(Origin::new(layer, Span::new(FileId::new(word(64)?), word(32)?, word(0)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_origin_survives_as_a_number() {
        for layer in LAYERS {
            let farthest = Span::new(FileId::new(u32::MAX - 1), u32::MAX, u32::MAX);
            for origin in [
                Origin { layer, span: None },
                Origin::new(layer, Span::new(FileId::new(0), 0, 0)),
                Origin::new(layer, Span::new(FileId::new(1), 2, 3)),
                Origin::new(layer, farthest),
            ] {
                assert_eq!(from_number(to_number(origin)), Some(origin));
            }
        }
        assert_eq!(from_number(11 << 104), None);
    }

    #[test]
    fn it_serializes_and_compares_as_its_value() {
        let traced = Traced::new(vec!["a", "b"], Origin::BUILT_IN);
        assert_eq!(serde_json::to_string(&traced).unwrap(), r#"["a","b"]"#);
        assert_eq!(serde_json::to_string(&Some(Traced::plain(7))).unwrap(), "7");
        assert_eq!(traced, Traced::plain(vec!["a", "b"]));
        assert_eq!(Traced::from(&Decided::built_in(1)).origin, Some(Origin::BUILT_IN));
    }
}
