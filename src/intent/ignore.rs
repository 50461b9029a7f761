use super::Said;
use super::access::each_once;
use super::decode::{Decoder, argument, arguments, property};
use super::waiver::{self, Waiver};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::value::{ObjectName, Pointer};
use smol_str::SmolStr;

/// `ignore "KIND/NAMESPACE/NAME" POINTER+`: fields that another controller writes.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Of which object.
    pub object: Spanned<ObjectName>,
    /// Which fields.
    pub pointers: Vec<Spanned<Pointer>>,
    /// Who writes them.
    pub owner: Spanned<SmolStr>,
    /// Why, and until when.
    pub waiver: Box<Waiver>,
    /// The node.
    pub span: Span,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// `accept CLASS`: a risk that is known, and taken until a day.
#[derive(Clone, Debug)]
pub struct Accept {
    /// Which class of changes.
    pub class: Spanned<SmolStr>,
    /// Of what alone; none: of anything.
    pub of: Option<AcceptedOf>,
    /// Why, and until when.
    pub waiver: Box<Waiver>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// What a risk is accepted of.
#[derive(Clone, Debug)]
pub enum AcceptedOf {
    /// A service, a workload or something outside.
    Reference(Spanned<super::Reference>),
    /// An object.
    Object(Spanned<ObjectName>),
}

/// A property that the node cannot do without; `shown` is how it is written.
fn required<T: super::from_text::FromText>(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
    key: &str,
    shown: &str,
) -> Said<T> {
    let entry = required_entry(decoder, node, key, shown)?;
    decoder.value(entry)
}

fn required_reason(decoder: &mut Decoder<'_>, node: &Node<'_>, shown: &str) -> Said<SmolStr> {
    let entry = required_entry(decoder, node, "reason", shown)?;
    decoder.prose(entry)
}

fn required_entry<'n, 's>(
    decoder: &mut Decoder<'_>,
    node: &'n Node<'s>,
    key: &str,
    shown: &str,
) -> Option<&'n Entry<'s>> {
    let help = |fault: crate::diagnostic::Diagnostic, _| fault.help(format!("write `{key}=\"{shown}\"`"));
    decoder.required(node, key, help)
}

/// Reads `ignore`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Ignore> {
    let object = decoder.value(argument(node, 0)?);
    let pointers: Vec<_> = arguments(node).skip(1).filter_map(|entry| decoder.value(entry)).collect();
    each_once(decoder, &pointers);
    let owner = required(decoder, node, "owner", "rollouts");
    let reason = required_reason(decoder, node, "who writes it, and why");
    let waiver = reason.and_then(|_| waiver::decode(decoder, node));
    let (object, owner, waiver) = (object?, owner?, waiver?);
    Some(Ignore { object, pointers, owner, waiver, span: node.name.span, only_in: Vec::new() })
}

/// Reads `accept`.
pub(super) fn decode_accept(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Accept> {
    let class = decoder.value(argument(node, 0)?);
    let of = property(node, "of").map(|entry| match decoder.text(entry) {
        Some(text) if text.value.contains('/') => decoder.value(entry).map(AcceptedOf::Object),
        Some(_) => decoder.value(entry).map(AcceptedOf::Reference),
        None => None,
    });
    let reason = required_reason(decoder, node, "why it is taken");
    let until: Said<crate::value::Date> = required(decoder, node, "until", "2027-04-30");
    let waiver = reason.and(until.map(|_| ())).and_then(|()| waiver::decode(decoder, node));
    let (class, waiver) = (class?, waiver?);
    // What it is of could not be read: it must not become one of anything.
    let of = match of {
        None => None,
        Some(of) => Some(of?),
    };
    Some(Accept { class, of, waiver, only_in: Vec::new() })
}
