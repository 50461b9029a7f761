//! Lists of routes, of which the first that matches counts.

use crate::verbatim::{Node, Value};

/// Beyond so many routes every change of their order counts.
const MOST_COMPARED: usize = 300;

/// Whether two routes match the same requests, by what they say.
pub(super) fn has_same_match(one: &Node, other: &Node) -> bool {
    match (matches(one), matches(other)) {
        ([], []) => true,
        (some, others) => {
            let is_in = |item: &Node, all: &[Node]| all.iter().any(|other| other.value.says_the_same(&item.value));
            some.len() == others.len()
                && some.iter().all(|item| is_in(item, others))
                && others.iter().all(|item| is_in(item, some))
        }
    }
}

/// Whether two routes that a request can both match stand in another order than before.
pub(super) fn is_reordered(old: &[Node], new: &[Node], pairs: &[Option<usize>]) -> bool {
    let pairs: Vec<(usize, usize)> =
        pairs.iter().enumerate().filter_map(|(index, pair)| pair.map(|pair| (index, pair))).collect();
    if pairs.is_sorted_by_key(|(_, pair)| *pair) {
        return false;
    }
    let overlap = |(new_one, old_one): (usize, usize), (new_other, old_other): (usize, usize)| {
        let both = |list: &[Node], one: usize, other: usize| match (list.get(one), list.get(other)) {
            (Some(one), Some(other)) => can_meet(one, other),
            _ => false,
        };
        both(new, new_one, new_other) || both(old, old_one, old_other)
    };
    pairs.len() > MOST_COMPARED
        || pairs
            .iter()
            .enumerate()
            .any(|(at, one)| pairs.iter().skip(at + 1).any(|other| one.1 > other.1 && overlap(*one, *other)))
}

fn matches(route: &Node) -> &[Node] {
    match route.get("match").map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// Whether one request can match both routes; where that cannot be told, it can.
fn can_meet(one: &Node, other: &Node) -> bool {
    let (some, others) = (matches(one), matches(other));
    some.is_empty() || others.is_empty() || some.iter().any(|one| others.iter().any(|other| !is_apart(one, other)))
}

/// Whether no request fits both of two matches.
fn is_apart(one: &Node, other: &Node) -> bool {
    let both = |key: &str| Some((one.get(key)?, other.get(key)?));
    let ignores_case = [one, other].iter().any(|node| node.get("ignoreUriCase").is_some());
    let texts = ["uri", "scheme", "method", "authority"].into_iter().filter(|key| *key != "uri" || !ignores_case);
    let maps = ["headers", "queryParams"].into_iter().filter_map(both);
    let differ = ["port", "sourceNamespace"].into_iter().filter_map(both);
    let names = ["gateways", "sniHosts"].into_iter().filter_map(both);
    texts.filter_map(both).any(|(one, other)| are_texts_apart(one, other))
        || maps.into_iter().any(|(one, other)| are_entries_apart(one, other, are_texts_apart))
        || differ.into_iter().any(|(one, other)| !one.value.says_the_same(&other.value))
        || names.into_iter().any(|(one, other)| are_names_apart(one, other))
        || both("sourceLabels").is_some_and(|(one, other)| {
            are_entries_apart(one, other, |one, other| !one.value.says_the_same(&other.value))
        })
}

fn are_entries_apart(one: &Node, other: &Node, is_apart: impl Fn(&Node, &Node) -> bool) -> bool {
    let pair = |entry: &crate::verbatim::Entry| other.get(&entry.key).is_some_and(|other| is_apart(&entry.node, other));
    one.entries().iter().any(pair)
}

/// Whether no text fits both of two of Istio's matches.
fn are_texts_apart(one: &Node, other: &Node) -> bool {
    let said = |node: &Node, key: &str| node.get(key).and_then(Node::text).cloned();
    match (said(one, "exact"), said(other, "exact"), said(one, "prefix"), said(other, "prefix")) {
        (Some(one), Some(other), ..) => one != other,
        (Some(exact), _, _, Some(prefix)) | (_, Some(exact), Some(prefix), _) => !exact.starts_with(prefix.as_str()),
        (_, _, Some(one), Some(other)) => !one.starts_with(other.as_str()) && !other.starts_with(one.as_str()),
        _ => false,
    }
}

/// Whether two lists of names without wildcards have none in common.
fn are_names_apart(one: &Node, other: &Node) -> bool {
    let (Value::List(one), Value::List(other)) = (&one.value, &other.value) else { return false };
    let is_exact = |node: &Node| node.text().is_some_and(|text| !text.contains('*'));
    one.iter().chain(other).all(is_exact)
        && one.iter().all(|name| other.iter().all(|other| name.text() != other.text()))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::diff::{Object, field_changes};
    use crate::source::FileId;
    use crate::verbatim::decode;

    fn routes(http: &str) -> Object {
        let text = format!(
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: w, namespace: s}}\nspec: {{hosts: [a.x], http: [{http}]}}"
        );
        Object::of(decode(FileId::new(0), &text, &mut Diagnostics::default()).remove(0), None).unwrap()
    }

    fn changes(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (routes(before), routes(after));
        field_changes(&before.id, &before.body, &after.body).into_iter().map(|change| change.pointer).collect()
    }

    #[test]
    fn an_order_counts_where_a_request_can_match_both() {
        let (a, b) = ("{match: [{uri: {prefix: /a}}], timeout: 1s}", "{match: [{uri: {exact: /b}}], timeout: 2s}");
        let (wide, all) = ("{match: [{uri: {prefix: /}}], timeout: 3s}", "{timeout: 4s}");
        let two = |one: &str, other: &str| format!("{one}, {other}");
        assert!(changes(&two(a, b), &two(b, a)).is_empty());
        assert_eq!(changes(&two(a, wide), &two(wide, a)), ["/spec/http"]);
        assert_eq!(changes(&two(a, all), &two(all, a)), ["/spec/http"]);
        let header = |name: &str, value: &str| format!("{{match: [{{headers: {{{name}: {{exact: {value}}}}}}}]}}");
        assert!(
            changes(&two(&header("x", "1a"), &header("x", "2a")), &two(&header("x", "2a"), &header("x", "1a")))
                .is_empty()
        );
        assert_eq!(
            changes(&two(&header("x", "a"), &header("y", "b")), &two(&header("y", "b"), &header("x", "a"))),
            ["/spec/http"]
        );
    }

    #[test]
    fn routes_are_aligned_by_name_then_by_what_they_match() {
        let (a, b) = ("{name: a, timeout: 1s}", "{match: [{uri: {prefix: /b}}], timeout: 2s}");
        assert_eq!(changes(b, &format!("{a}, {b}")), ["/spec/http/0"]);
        assert_eq!(changes(&format!("{a}, {b}"), "{name: a, timeout: 3s}"), ["/spec/http/0/timeout", "/spec/http/1"]);
        let moved = "{match: [{uri: {prefix: /c}}], timeout: 2s}";
        assert_eq!(changes(b, moved), ["/spec/http/0/match/0/uri/prefix"]);
    }
}
