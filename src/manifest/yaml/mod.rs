//! Block YAML from any serializable value, written so that every reader reads it alike.
//!
//! YAML 1.1, YAML 1.2 and Kubernetes' own decoder disagree about what an unquoted `no`, `010` or `12:30` is. Here a
//! string stays plain only where no reader could take it for anything else, and is written in double quotes otherwise.
//! It never writes a comment, an anchor, a tag, a block scalar or a document marker, and never reads.
//! Input: a value that implements `Serialize`. Output: bytes, and on demand the path and origin of every line.

mod block;
mod key;
mod scalar;
mod trace;
mod writer;

pub use trace::{Line, path_of};

use serde::Serialize;
use std::fmt;

/// Why a value has no YAML: a key that is no string, number or boolean, a number that is not finite, or the words of a
/// value that does not serialize itself. Structs of strings, numbers, lists, options and maps never give one.
#[derive(Debug, PartialEq, Eq)]
pub struct Error(Box<str>);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error(message.to_string().into())
    }
}

/// Appends `value` to `out` as one block-YAML document that ends with a newline.
///
/// Fields keep their order; two spaces a level; a list stands under its key without further indentation, as kubectl
/// writes it; empty ones are `{}` and `[]`. Nothing that was appended is of use after an error.
pub fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(&mut writer::Writer::new(out, trace::Deaf))
}

/// The bytes that [`write()`] gives, and for each of their lines what it says and where that came from.
pub fn write_traced<T: Serialize + ?Sized>(value: &T) -> Result<(Vec<u8>, Vec<Line>), Error> {
    let mut out = Vec::new();
    let mut writer = writer::Writer::new(&mut out, trace::Tracer::default());
    value.serialize(&mut writer)?;
    let lines = writer.into_trace().into_lines();
    Ok((out, lines))
}

#[cfg(test)]
mod tests {
    use super::{Error, write, write_traced};
    use crate::manifest::Traced;
    use crate::source::{FileId, Layer, Origin, Span};
    use serde::Serialize;
    use std::collections::BTreeMap;
    use std::net::IpAddr;

    #[derive(Serialize)]
    enum Match {
        Any,
        Exact(String),
        Range { from: u8, to: u8 },
        Pair(u8, i8),
        Empty {},
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Port {
        Number(u16),
        Name(&'static str),
    }

    fn text<T: Serialize + ?Sized>(value: &T) -> String {
        let mut out = Vec::new();
        write(value, &mut out).unwrap();
        // What is traced has the same bytes, and one record a line.
        let (traced, lines) = write_traced(value).unwrap();
        assert_eq!(traced, out);
        let text = String::from_utf8(out).unwrap();
        let numbers: Vec<u32> = lines.iter().map(|line| line.line).collect();
        assert_eq!(numbers, (1..).take(text.lines().count()).collect::<Vec<u32>>());
        text
    }

    fn at(start: u32) -> Origin {
        Origin::new(Layer::Own, Span::new(FileId::new(0), start, start + 1))
    }

    #[test]
    fn lists_stand_under_their_keys_and_maps_two_spaces_in() {
        let value = serde_json::json!({
            "kind": "X", "a": { "list": [{ "k": 1, "l": [] }, {}, [[1, -2], ["x"]], "s"], "none": null, "m": {} }
        });
        let expected = "kind: X\na:\n  list:\n  - k: 1\n    l: []\n  - {}\n  - - - 1\n      - -2\n    - - x\n  - s\n  none: null\n  m: {}\n";
        assert_eq!(text(&value), expected);
        assert_eq!(text(&[0u8; 0]), "[]\n");
        assert_eq!(text("no"), "\"no\"\n");
        assert_eq!(text(&[1.0, 0.5, -0.0, 1e20]), "- 1.0\n- 0.5\n- -0.0\n- 100000000000000000000.0\n");
        assert_eq!(text(&(u64::MAX, i64::MIN, 0, u128::MAX)).lines().count(), 4);
        assert_eq!(text(&i64::MIN), "-9223372036854775808\n");
    }

    #[test]
    fn variants_are_strings_or_maps_of_one_key() {
        let all = [
            Match::Any,
            Match::Exact("on".into()),
            Match::Range { from: 1, to: 2 },
            Match::Pair(3, -4),
            Match::Empty {},
        ];
        let expected =
            "- Any\n- Exact: \"on\"\n- Range:\n    from: 1\n    to: 2\n- Pair:\n  - 3\n  - -4\n- Empty: {}\n";
        assert_eq!(text(&all), expected);
        assert_eq!(text(&[Port::Number(80), Port::Name("http")]), "- 80\n- http\n");
    }

    #[test]
    fn keys_are_strings_and_long_ones_have_a_line_of_their_own() {
        assert_eq!(text(&BTreeMap::from([(80, true)])), "\"80\": true\n");
        assert_eq!(text(&BTreeMap::from([(true, 'c')])), "\"true\": c\n");
        let at_most = "k".repeat(1024);
        assert_eq!(text(&BTreeMap::from([(&at_most, 1)])), format!("{at_most}: 1\n"));
        let longer = "k".repeat(1025);
        assert_eq!(text(&[BTreeMap::from([(&longer, [1])])]), format!("- ? {longer}\n  :\n  - 1\n"));
        let no_key = write(&BTreeMap::from([(vec![1], 1)]), &mut Vec::new());
        assert_eq!(no_key, Err(Error("a key is a string, a number or a boolean".into())));
        assert!(write(&f64::NAN, &mut Vec::new()).is_err());
    }

    #[test]
    fn deep_values_are_indented_all_the_way() {
        let mut value = serde_json::json!("end");
        for _ in 0..60 {
            value = serde_json::json!({ "k": value });
        }
        assert!(text(&value).ends_with(&format!("\n{}k: end\n", "  ".repeat(59))));
    }

    #[derive(Serialize)]
    struct Route {
        weight: Traced<u8>,
        host: &'static str,
    }

    #[test]
    fn each_line_knows_its_path_and_the_nearest_origin() {
        let routes =
            vec![Route { weight: Traced::new(90, at(1)), host: "v1" }, Route { weight: Traced::plain(10), host: "v2" }];
        let address: IpAddr = [10, 0, 0, 1].into();
        let inner = BTreeMap::from([("app.kubernetes.io/name", Traced::new(address, Origin::BUILT_IN))]);
        let value = BTreeMap::from([("http", Traced::new(serde_json::to_value(routes.len()).unwrap(), at(2)))]);
        let (bytes, lines) =
            write_traced(&(Traced::new(&routes, at(3)), inner, value, Traced::new(Traced::plain([1]), at(4)))).unwrap();
        let expected = [
            ("- - weight: 90", "[0][0].weight", Some(at(1))),
            ("    host: v1", "[0][0].host", Some(at(3))),
            ("  - weight: 10", "[0][1].weight", Some(at(3))),
            ("    host: v2", "[0][1].host", Some(at(3))),
            ("- app.kubernetes.io/name: \"10.0.0.1\"", "[1][\"app.kubernetes.io/name\"]", Some(Origin::BUILT_IN)),
            ("- http: 2", "[2].http", Some(at(2))),
            ("- - 1", "[3][0]", Some(at(4))),
        ];
        let text = String::from_utf8(bytes).unwrap();
        let found: Vec<_> =
            text.lines().zip(&lines).map(|(text, line)| (text, line.path.as_str(), line.origin)).collect();
        assert_eq!(found, expected);
    }
}
