//! The faults that reading intent can find, whatever the node.

use crate::code;
use crate::diagnostic::Code;

pub(super) static UNKNOWN_NODE: Code = code!("unknown-node", Error, "a word that the language does not have");
/// A fault that only the layers together show.
pub static MISPLACED_NODE: Code = code!("misplaced-node", Error, "a word where it may not stand");
/// A fault that only the layers together show.
pub static MISPLACED_CONDITION: Code =
    code!("misplaced-condition", Error, "a condition in a block that does not know it");
pub(super) static UNKNOWN_PROPERTY: Code = code!("unknown-property", Error, "a property that this node does not have");
pub(super) static UNKNOWN_VALUE: Code = code!("unknown-value", Error, "a value outside a fixed choice");
/// A fault that only the layers together show.
pub static MISSING_ARGUMENT: Code = code!("missing-argument", Error, "a node without a value that it needs");
/// A fault that only the layers together show.
pub static MISSING_PROPERTY: Code = code!("missing-property", Error, "a node without a property that it needs");
/// A fault that only the layers together show.
pub static MISSING_NODE: Code = code!("missing-node", Error, "a block without a node that it needs");
pub(super) static EXTRA_ARGUMENT: Code = code!("extra-argument", Error, "more values, or a block, than a node takes");
pub(super) static WRONG_TYPE: Code = code!("wrong-type", Error, "a value of another type of KDL");
/// A fault that only the layers together show.
pub static OUT_OF_RANGE: Code = code!("out-of-range", Error, "a number outside its range");
pub(super) static NOT_IN_LANGUAGE: Code =
    code!("not-in-language", Error, "a part of KDL that this language leaves out");
/// A fault that only the layers together show.
pub static VALUE_SET_TWICE: Code = code!("value-set-twice", Error, "one part said twice in one layer");
pub(super) static COMMA_IN_NAME: Code = code!("comma-in-name", Error, "a list written with commas");
/// A fault that only the layers together show.
pub static CHOOSE_ONE: Code = code!("choose-one", Error, "two alternatives of one word");
pub(super) static UNDEFINED_VARIABLE: Code =
    code!("undefined-variable", Error, "a variable that an environment does not define");
pub(super) static NEGATIVE_GRANT: Code = code!("negative-grant", Error, "a grant by what is excluded");
pub(super) static EMPTY_GROUP: Code = code!("empty-group", Error, "a group of nobody");
pub(super) static UNSUPPORTED_LANGUAGE: Code =
    code!("unsupported-language", Error, "a version of the language that this program does not know");
/// A fault that only the layers together show.
pub static UNKNOWN_ENVIRONMENT: Code = code!("unknown-environment", Error, "an environment that nobody declares");

/// A fault that only the layers together show.
pub static REPEATED: Code = code!("repeated", Warning, "the same said twice in one list or layer");

/// Every fault of this folder, for `mesh explain` and the book.
pub static CODES: &[&Code] = &[
    &UNKNOWN_NODE,
    &MISPLACED_NODE,
    &MISPLACED_CONDITION,
    &UNKNOWN_PROPERTY,
    &UNKNOWN_VALUE,
    &MISSING_ARGUMENT,
    &MISSING_PROPERTY,
    &MISSING_NODE,
    &EXTRA_ARGUMENT,
    &WRONG_TYPE,
    &OUT_OF_RANGE,
    &NOT_IN_LANGUAGE,
    &VALUE_SET_TWICE,
    &COMMA_IN_NAME,
    &CHOOSE_ONE,
    &UNDEFINED_VARIABLE,
    &NEGATIVE_GRANT,
    &EMPTY_GROUP,
    &UNSUPPORTED_LANGUAGE,
    &UNKNOWN_ENVIRONMENT,
    &super::from_text::BAD_TEXT,
    &REPEATED,
    &super::from_text::BAD_NAME,
    &super::from_text::BAD_LABEL,
    &super::from_text::BAD_DURATION,
    &super::from_text::BAD_HOST,
    &super::from_text::BAD_PATH,
    &super::from_text::BAD_METHOD,
    &super::from_text::BAD_HEADER,
    &super::from_text::BAD_REGEX,
    &super::from_text::BAD_CIDR,
    &super::from_text::BAD_DATE,
    &super::from_text::BAD_LOCALITY,
    &super::from_text::BAD_TARGET,
    &super::from_text::BAD_URL,
    &super::from_text::BAD_JWKS,
    &super::from_text::BAD_CLAIM,
    &super::from_text::BAD_ORIGIN,
    &super::from_text::BAD_CEL,
    &super::from_text::BAD_QUANTITY,
    &super::from_text::BAD_TAG,
    &super::from_text::BAD_ENV,
    &super::from_text::BAD_SELECTOR,
    &super::from_text::BAD_OBJECT,
    &super::from_text::BAD_REFERENCE,
    &super::headers::RESERVED_HEADER,
];
