//! Which type of text has which fault, so that a decoder names the type alone.

use crate::code;
use crate::diagnostic::Code;
use crate::value::{
    Address, Cel, Cidr, ClaimName, ClaimValue, Date, Duration, FilePath, HeaderName, HeaderValue, Host, HostPattern,
    Jwks, Label, Locality, Method, Mismatch, Name, ObjectName, Path, Pointer, Quantity, Regex, Region, TagName, Target,
    Url, VariableName, WebOrigin, WorkspacePath,
};
use smol_str::SmolStr;

pub(super) static BAD_NAME: Code = code!("bad-name", Error, "a name that Kubernetes would not take for a Service");
pub(super) static BAD_LABEL: Code = code!("bad-label", Error, "a name that is no DNS label");
pub(super) static BAD_DURATION: Code = code!("bad-duration", Error, "a text that is no span of time");
pub(super) static BAD_HOST: Code = code!("bad-host", Error, "a text that is no host");
pub(super) static BAD_PATH: Code = code!("bad-path", Error, "a text that is no path");
pub(super) static BAD_METHOD: Code = code!("bad-method", Error, "a text that is no HTTP method");
pub(super) static BAD_HEADER: Code = code!("bad-header", Error, "a text that cannot be a header");
pub(super) static BAD_REGEX: Code = code!("bad-regex", Error, "an expression that RE2 would not take");
pub(super) static BAD_CIDR: Code = code!("bad-cidr", Error, "a text that is no range of addresses");
pub(super) static BAD_DATE: Code = code!("bad-date", Error, "a text that is no day");
pub(super) static BAD_LOCALITY: Code = code!("bad-locality", Error, "a text that is no place where pods run");
pub(super) static BAD_TARGET: Code = code!("bad-target", Error, "a text that is no release of Istio");
pub(super) static BAD_URL: Code = code!("bad-url", Error, "a text that is no URL");
pub(super) static BAD_JWKS: Code = code!("bad-jwks", Error, "a text that is no set of keys");
pub(super) static BAD_CLAIM: Code = code!("bad-claim", Error, "a text that cannot be in a token's claim");
pub(super) static BAD_ORIGIN: Code = code!("bad-origin", Error, "a text that no browser sends as an origin");
pub(super) static BAD_CEL: Code = code!("bad-cel", Error, "a text that is no expression of CEL");
pub(super) static BAD_QUANTITY: Code = code!("bad-quantity", Error, "a text that is no amount of a resource");
pub(super) static BAD_TAG: Code = code!("bad-tag", Error, "a text that cannot be a tag of a metric");
pub(super) static BAD_ENV: Code = code!("bad-env", Error, "a text that cannot be a variable of a process");
pub(super) static BAD_SELECTOR: Code = code!("bad-selector", Error, "a label that Kubernetes would not take");
pub(super) static BAD_OBJECT: Code = code!("bad-object", Error, "a text that names no object or field");
pub(super) static BAD_TEXT: Code = code!("bad-text", Error, "a text with a character that stands for no writing");
/// A fault that removals show too.
pub static BAD_REFERENCE: Code = code!("bad-reference", Error, "a text that is no name of a caller or callee");

/// A control character, as a text of KDL shows it.
pub(super) fn shown(character: char) -> String {
    match character {
        '\n' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        _ => format!("the control character `\\u{{{:x}}}`", u32::from(character)),
    }
}

/// A type that is read from one string.
pub(super) trait FromText: Sized {
    /// The fault of `text`, which is not of this type.
    fn code(text: &str) -> &'static Code;

    /// Reads the text.
    fn from_text(text: &str) -> Result<Self, Mismatch>;
}

macro_rules! from_text {
    ($($type:ty: $code:ident),* $(,)?) => {
        $(impl FromText for $type {
            fn code(_: &str) -> &'static Code {
                &$code
            }

            fn from_text(text: &str) -> Result<Self, Mismatch> {
                <$type>::parse(text)
            }
        })*
    };
}

from_text! {
    Name: BAD_NAME,
    Label: BAD_LABEL,
    Duration: BAD_DURATION,
    Host: BAD_HOST,
    HostPattern: BAD_HOST,
    Address: BAD_HOST,
    FilePath: BAD_PATH,
    WorkspacePath: BAD_PATH,
    Path: BAD_PATH,
    Method: BAD_METHOD,
    HeaderName: BAD_HEADER,
    HeaderValue: BAD_HEADER,
    Regex: BAD_REGEX,
    Cidr: BAD_CIDR,
    super::TargetName: BAD_REFERENCE,
    Date: BAD_DATE,
    Target: BAD_TARGET,
    Url: BAD_URL,
    Jwks: BAD_JWKS,
    ClaimName: BAD_CLAIM,
    ClaimValue: BAD_CLAIM,
    Region: BAD_LOCALITY,
    Locality: BAD_LOCALITY,
    WebOrigin: BAD_ORIGIN,
    Cel: BAD_CEL,
    Quantity: BAD_QUANTITY,
    TagName: BAD_TAG,
    VariableName: BAD_ENV,
    ObjectName: BAD_OBJECT,
    Pointer: BAD_OBJECT,
    super::Callee: BAD_REFERENCE,
    super::Reference: BAD_REFERENCE,
}

/// A caller: of one that says its kind, the fault is that of the kind.
impl FromText for super::Peer {
    fn code(text: &str) -> &'static Code {
        match text.split_once(':') {
            Some(("cidr", _)) => &BAD_CIDR,
            Some(("namespace", _)) => &BAD_LABEL,
            Some(("gateway" | "group", _)) => &BAD_NAME,
            Some(_) | None => &BAD_REFERENCE,
        }
    }

    fn from_text(text: &str) -> Result<Self, Mismatch> {
        Self::parse(text)
    }
}

/// Any text that says something, such as a reason or the name of a profile.
impl FromText for SmolStr {
    fn code(text: &str) -> &'static Code {
        if text.trim().is_empty() { &super::codes::MISSING_ARGUMENT } else { &BAD_TEXT }
    }

    fn from_text(text: &str) -> Result<Self, Mismatch> {
        match text.chars().find(|character| character.is_control()) {
            _ if text.trim().is_empty() => Err(Mismatch::new("a text", "it is empty")),
            Some(character) => Err(Mismatch::new("a text on one line", format!("it holds {}", shown(character)))),
            None => Ok(text.into()),
        }
    }
}
