use super::{Around, Step, duration, is_void, spelled};
use crate::diff::shape::{Rule, Shape};
use crate::verbatim::{Entry, Node, Value};
use smol_str::{SmolStr, format_smolstr};

/// Brings a value and all that is in it into one form.
pub(super) fn walk(node: &mut Node, shape: Option<&Shape>, around: &mut Around<'_>) {
    if shape.is_some_and(|shape| shape.has(Rule::Opaque)) {
        return;
    }
    match &mut node.value {
        Value::Map(_) => map(node, shape, around),
        Value::List(items) => {
            let of_items = shape.and_then(Shape::items);
            for item in items.iter_mut() {
                walk(item, of_items, around);
            }
            list(items, shape, around);
        }
        Value::Text(_) | Value::Integer(_) | Value::Decimal(_) => scalar(node, shape, around),
        Value::Null | Value::Boolean(_) => {}
    }
}

fn map(node: &mut Node, shape: Option<&Shape>, around: &mut Around<'_>) {
    let origin = node.origin;
    let Value::Map(entries) = &mut node.value else { return };
    policy_types(entries, shape, around);
    for entry in entries.iter_mut() {
        walk(&mut entry.node, shape.and_then(|shape| shape.field(&entry.key)), around);
    }
    let before = entries.len();
    entries.retain(|entry| !says_nothing(entry, shape));
    around.normalised.tell(Step::EmptyValues, before - entries.len());
    let Some(shape) = shape else { return };
    let kept: Vec<bool> = entries.iter().map(|entry| !is_as_none(entry, shape, entries)).collect();
    let before = entries.len();
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next().unwrap_or(true));
    around.normalised.tell(Step::TypedValues, before - entries.len());
    for (key, field) in shape.fields() {
        let said = field.rules.iter().find_map(|rule| if let Rule::Is(value) = rule { Some(*value) } else { None });
        if let Some(value) = said.filter(|_| entries.iter().all(|entry| entry.key != key)) {
            let value = if value == "true" { Value::Boolean(true) } else { Value::Text(SmolStr::new_static(value)) };
            let node = Node { value, origin };
            entries.push(Entry { key: SmolStr::new_static(key), origin, node });
            around.normalised.tell(Step::Defaults, 1);
        }
    }
}

fn says_nothing(entry: &Entry, shape: Option<&Shape>) -> bool {
    let may_be_empty = || shape.and_then(|shape| shape.field(&entry.key)).is_some_and(|field| field.has(Rule::Void));
    is_void(&entry.node.value) && (!matches!(entry.node.value, Value::Map(_)) || may_be_empty())
}

/// Whether an entry is as good as not there.
fn is_as_none(entry: &Entry, shape: &Shape, all: &[Entry]) -> bool {
    let value = &entry.node.value;
    let holds = |rule: &Rule| match rule {
        Rule::Drop(text) => match value {
            Value::Text(said) => said == text,
            Value::Integer(number) => text.parse() == Ok(*number),
            Value::Boolean(flag) => text.parse() == Ok(*flag),
            Value::Null | Value::Decimal(_) | Value::List(_) | Value::Map(_) => false,
        },
        Rule::Same(other) => all.iter().any(|entry| entry.key == *other && entry.node.value.says_the_same(value)),
        // A Service without an address of its own says so in the field where others get one.
        Rule::Made => !matches!(value, Value::Text(text) if text == "None"),
        Rule::GatewayNames => {
            matches!(value, Value::List(items) if matches!(items.as_slice(), [one] if one.text().is_some_and(|text| text == "mesh")))
        }
        Rule::Fetched => matches!(value, Value::Text(said) if spelled::is_fetched_anyhow(said, all)),
        Rule::Set
        | Rule::Items
        | Rule::Key(_)
        | Rule::Routes
        | Rule::Shares
        | Rule::Duration
        | Rule::Host
        | Rule::Number
        | Rule::Void
        | Rule::Is(_)
        | Rule::Opaque
        | Rule::Quantity
        | Rule::Address
        | Rule::Image
        | Rule::PolicyTypes => false,
    };
    shape.field(&entry.key).is_some_and(|field| field.rules.iter().any(holds))
}

/// A NetworkPolicy that does not say its directions has the one of what comes in, and the other if it says something of
/// it.
fn policy_types(entries: &mut Vec<Entry>, shape: Option<&Shape>, around: &mut Around<'_>) {
    const KEY: &str = "policyTypes";
    let is_meant = shape.and_then(|shape| shape.field(KEY)).is_some_and(|field| field.has(Rule::PolicyTypes));
    let is_said = |key: &str| entries.iter().any(|entry| entry.key == key && !is_void(&entry.node.value));
    let is_list = entries.iter().any(|entry| entry.key == KEY && matches!(entry.node.value, Value::List(_)));
    if !is_meant || is_list && is_said(KEY) {
        return;
    }
    let types = if is_said("egress") { ["Egress", "Ingress"].as_slice() } else { ["Ingress"].as_slice() };
    let items = types.iter().map(|text| Node { value: Value::Text(SmolStr::new_static(text)), origin: None });
    let node = Node { value: Value::List(items.collect()), origin: None };
    entries.retain(|entry| entry.key != KEY);
    entries.push(Entry { key: SmolStr::new_static(KEY), origin: None, node });
    around.normalised.tell(Step::Defaults, 1);
}

fn scalar(node: &mut Node, shape: Option<&Shape>, around: &mut Around<'_>) {
    let Some(shape) = shape else { return };
    let text = match &node.value {
        Value::Text(text) => Some(text),
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::List(_) | Value::Map(_) => {
            None
        }
    };
    let one = |rule: &Rule| match rule {
        Rule::Duration => duration::canonical(text?).map(|text| Value::Text(text.into())),
        Rule::Host => full_host(text?, &around.namespace).map(Value::Text),
        Rule::Number => text?.parse().ok().map(Value::Integer),
        Rule::Quantity => spelled::quantity(&node.value).map(Value::Text),
        Rule::Address => spelled::address(text?).map(Value::Text),
        Rule::Image => spelled::image(text?).map(Value::Text),
        Rule::Set
        | Rule::Items
        | Rule::Key(_)
        | Rule::Routes
        | Rule::Shares
        | Rule::Void
        | Rule::Is(_)
        | Rule::Drop(_)
        | Rule::Same(_)
        | Rule::Opaque
        | Rule::Made
        | Rule::Fetched
        | Rule::PolicyTypes
        | Rule::GatewayNames => None,
    };
    let changed = shape.rules.iter().find_map(one).filter(|value| *value != node.value);
    if let Some(value) = changed {
        node.value = value;
        around.normalised.tell(Step::TypedValues, 1);
    }
}

/// Istio takes a name without dots for one of the object's own namespace.
fn full_host(name: &str, namespace: &str) -> Option<SmolStr> {
    let is_short = !name.is_empty() && !namespace.is_empty() && !name.contains(['.', '*', '/', ':']);
    is_short.then(|| format_smolstr!("{name}.{namespace}.svc.cluster.local"))
}

fn list(items: &mut Vec<Node>, shape: Option<&Shape>, around: &mut Around<'_>) {
    let Some(shape) = shape else { return };
    if shape.has(Rule::Set) && items.iter().all(|item| item.text().is_some()) && !items.is_sorted_by_key(Node::text) {
        items.sort_by(|one, other| one.text().cmp(&other.text()));
        around.normalised.tell(Step::Lists, 1);
    }
    if shape.has(Rule::Set) {
        let before = items.len();
        items.dedup_by(|one, other| one.text().is_some() && one.text() == other.text());
        around.normalised.tell(Step::Lists, before - items.len());
    }
    if shape.has(Rule::Shares) && shares(items).is_some_and(|changed| changed) {
        around.normalised.tell(Step::TypedValues, 1);
    }
}

/// Weights as shares: of a hundred where they come out whole; of one destination, or none of several, not at all. None
/// where they are no weights.
fn shares(items: &mut [Node]) -> Option<bool> {
    const KEY: &str = "weight";
    let weight = |item: &Node| match item.get(KEY).map(|node| &node.value) {
        None => Some(0),
        Some(Value::Integer(weight)) => u32::try_from(*weight).ok(),
        Some(Value::Null | Value::Boolean(_) | Value::Decimal(_) | Value::Text(_) | Value::List(_) | Value::Map(_)) => {
            None
        }
    };
    let weights: Vec<u32> = items.iter().map(weight).collect::<Option<_>>()?;
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let divisor = weights.iter().fold(0, |one, other| greatest_divisor(one, u64::from(*other))).max(1);
    let is_of_hundred = sum > 0 && weights.iter().all(|weight| u64::from(*weight) * 100 % sum == 0);
    let share = |weight: u32| match (items.len(), is_of_hundred) {
        (0 | 1, _) => 0,
        (_, true) => u64::from(weight) * 100 / sum,
        (_, false) => u64::from(weight) / divisor,
    };
    let shares: Vec<u64> = weights.iter().map(|weight| share(*weight)).collect();
    let mut changed = false;
    for (item, share) in items.iter_mut().zip(shares) {
        let Value::Map(entries) = &mut item.value else { return None };
        let before = entries.len();
        entries.retain(|entry| entry.key != KEY || share > 0);
        changed |= entries.len() < before;
        let share = Value::Integer(i64::try_from(share).unwrap_or(i64::MAX));
        for entry in entries.iter_mut().filter(|entry| entry.key == KEY && entry.node.value != share) {
            entry.node.value = share.clone();
            changed = true;
        }
    }
    Some(changed)
}

fn greatest_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { greatest_divisor(other, one % other) }
}
