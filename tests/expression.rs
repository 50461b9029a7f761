//! Expressions mean what the specification of CEL says, and none of a stranger can hang or end the process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "an expression that cannot be read is a fault")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "measures how long hostile input takes")]

use mesh::expression::{self, Budget, Fault};
use mesh::value::Cel;
use serde_json::{Value, json};
use std::time::Instant;

/// What an expression gives, with some values to ask.
fn answer(text: &str) -> Result<Value, Fault> {
    let it = json!({
        "name": "web", "empty": null, "list": [1, 2, 3], "labels": {"app": "web", "x/y": "z"}, "half": 0.5,
        "ports": [{"number": 80, "mode": "strict"}, {"number": 9000, "mode": null}],
    });
    let expression = expression::read(text)?;
    expression::evaluate(&expression, &[("it", &it)], &mut Budget::of(1_000_000))
}

/// What an expression gives with the values of `tests/cel/it.json`: JSON, or `error`, or `unread`.
fn shown(text: &str, it: &Value) -> String {
    let Ok(expression) = expression::read(text) else { return "unread".to_owned() };
    let answer = expression::evaluate(&expression, &[("it", it)], &mut Budget::of(1_000_000));
    answer.map_or("error".to_owned(), |value| value.to_string())
}

#[test]
fn every_answer_is_that_of_the_table() {
    let it: Value = serde_json::from_str(include_str!("cel/it.json")).unwrap();
    for line in include_str!("cel/answers.txt").lines().filter(|line| !line.starts_with('#') && line.contains(" ==> "))
    {
        let (text, answer) = line.split_once(" ==> ").unwrap();
        let answer = answer.split_once(" ### ").map_or(answer, |(ours, _)| ours);
        let wanted = serde_json::from_str::<Value>(answer).map_or(answer.to_owned(), |value| value.to_string());
        assert_eq!(shown(text, &it), wanted, "{text}");
    }
}

#[test]
fn what_proxies_take_is_what_the_table_says() {
    for line in include_str!("cel/filters.txt").lines().filter(|line| !line.starts_with('#')) {
        let (mark, text) = line.split_once(' ').unwrap();
        let read = Cel::parse(text);
        assert_eq!(read.is_ok(), mark == "+", "{text}: {read:?}");
    }
}

#[test]
fn expressions_mean_what_cel_says() {
    let yes = [
        "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 / 2 == 3 && -7 / 2 == -3 && -7 % 3 == -1 && 2 - 3 - 4 == -5",
        "1 == 1.0 && 0.5 * 2 == 1 && 0x1F == 31 && 1u + 2u == 3 && 1e3 == 1000 && .5 == it.half",
        "'a' + 'b' == \"ab\" && 'a' < 'b' && 'it\\'s' == \"it's\" && r'\\d' == '\\\\d' && '''a\nb''' == 'a\\nb'",
        "'\\u00e9' == 'é' && size('é') == 1 && '\\x41' == 'A' && '\\101' == 'A'",
        "[1, 2] + [3] == it.list && it.list[0] == 1 && 3 in it.list && !(4 in it.list) && size(it.list) == 3",
        "'app' in it.labels && it.labels['x/y'] == 'z' && it.labels.app == 'web' && {'a': 1}.a == 1",
        "it.list.all(x, x > 0) && it.list.exists(x, x == 2) && it.list.exists_one(x, x > 2)",
        "!it.list.exists_one(x, x > 1) && [].all(x, false) && ![].exists(x, true)",
        "it.list.map(x, x * 2) == [2, 4, 6] && it.list.filter(x, x % 2 == 1) == [1, 3]",
        "it.labels.exists(key, it.labels[key] == 'z') && it.ports.map(p, p.number) == [80, 9000]",
        "it.ports.all(p, it.list.exists(x, x < p.number)) && it.list.map(x, it.list.map(y, x * y))[2][2] == 9",
        "(true ? 1 : 2) == 1 && (false ? 1 : true ? 3 : 4) == 3 && (1 < 2) != (2 < 1)",
        "has(it.name) && !has(it.nothing) && !has(it.empty) && it.empty == null && it.name != null",
        // An answer that is decided is an answer, whatever stands beside it.
        "it.nothing || true",
        "!(it.nothing && false)",
        "it.ports.exists(p, p.mode == 'strict' || p.mode.length > 1)",
        "it.ports.exists(p, p.number / (p.number - 80) > 0 || p.number == 80)",
        "it.name.startsWith('w') && it.name.endsWith('b') && it.name.contains('e') && !it.name.contains('E')",
        "it.name.matches('^w.b$') && matches(it.name, 'e') && !it.name.matches('^e')",
        "duration('1m') == duration('60s') && duration('2s') < duration('2s1ms')",
        "int('12') == 12 && int(2.9) == 2 && double(1) == 1.0 && string(12) == '12' && string(true) == 'true'",
        "!!true && - -1 == 1 // and a comment",
        "'a' in ['a'] == true && 1 < 2 == true",
        "[[1], [2]] == [[1.0], [2]] && it.ports[1] != it.ports[0]",
    ];
    for text in yes {
        assert_eq!(answer(text), Ok(json!(true)), "{text}");
    }
}

#[test]
fn what_has_no_answer_says_why() {
    for (text, why) in [
        ("1 / 0", "divided by zero"),
        ("1 % 0", "divided by zero"),
        ("-9223372036854775807 - 2", "a number of more than 64 bits"),
        ("1.0 / 0.0", "no finite number"),
        ("it.nothing", "no `nothing` here"),
        ("it.empty.more", "`more` is asked of null"),
        ("it.list[3]", "no item 3 in a list of 3"),
        ("it.list[-1]", "no item -1 in a list of 3"),
        ("nobody", "nothing is named `nobody` here"),
        ("it.list.all(x, x.y == 1)", "`y` is asked of a number"),
        ("1 < 'a'", "`<` between a number and a string"),
        ("1 + 'a'", "`+` between a number and a string"),
        ("!1", "expected a bool, found a number"),
        ("1 in 2", "expected a list or a map after `in`, found a number"),
        ("{1: 2}", "the keys of a map are strings here"),
        ("9223372036854775808 == 1", "`9223372036854775808` is no number of CEL"),
        ("1e999 > 0", "`1e999` is no number of CEL"),
    ] {
        assert_eq!(answer(text).unwrap_err().title, why, "{text}");
    }
}

/// Texts of every length that go wrong in one reader or another.
fn hostile() -> Vec<String> {
    let deep =
        |open: &str, inner: &str, close: &str| [30, 63, 2_000].map(|n| open.repeat(n) + inner + &close.repeat(n));
    let mut texts: Vec<String> = Vec::new();
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("!", "true", ""),
        ("-", "1", ""),
        ("{'a':", "1", "}"),
        ("true?", "1", ":1"),
        ("true?1:", "1", ""),
        ("1+", "1", ""),
        ("true||", "true", ""),
        ("1", "", "==1"),
        ("a", "", ".b"),
        ("a", "", "[0]"),
        ("size(", "''", ")"),
        ("[1].all(x,", "true", ")"),
        ("has(", "a.b", ")"),
        ("// ", "", "\n"),
        ("'", "", ""),
        ("'''", "", ""),
        ("\\", "", ""),
        ("'\\", "", "'"),
        ("0x", "", ""),
        ("1e", "", ""),
        ("é", "", ""),
        ("\u{0}", "", ""),
        (".", "", ""),
        (",", "", ""),
    ] {
        texts.extend(deep(open, inner, close));
    }
    texts
}

#[test]
fn no_text_ends_the_process() {
    for text in hostile() {
        let begun = Instant::now();
        if let Ok(expression) = expression::read(&text) {
            expression::judge(&expression, &[]);
            _ = expression::evaluate(&expression, &[], &mut Budget::of(100_000));
            _ = expression::witness(&expression, &[], &mut Budget::of(100_000));
        }
        assert!(begun.elapsed().as_secs() < 120, "{} took {:?}", &text[..8], begun.elapsed());
        // Every beginning is read or refused.
        for end in (0..text.len().min(200)).filter(|end| text.is_char_boundary(*end)) {
            _ = expression::read(&text[..end]);
        }
    }
    assert!(expression::read(&" ".repeat(9_000)).unwrap_err().title.contains("at most 8192 bytes"));
}

#[test]
fn no_expression_works_longer_than_its_budget() {
    let list = format!("[{}]", vec!["1"; 300].join(","));
    let twice = |inner: &str| format!("{list}.map(a, {inner})");
    let texts = [
        format!("{list}.all(x, {list}.all(y, {list}.all(z, x == y)))"),
        format!("{list}.exists(x, {list}.exists(y, {list}.exists(z, {list}.exists(w, x > w))))"),
        twice(&twice(&twice("'0123456789abcdef' + '0123456789abcdef'"))),
        twice(&twice("it + it")),
        twice("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(a*)*(a*)*(a*)*(a*)*b')"),
        twice("'a'.matches('((a{0,100}){0,100}){0,100}')"),
        format!("{list}.filter(x, {list} == {list})"),
        "it.all(a, it.all(b, it.all(c, it.all(d, true))))".to_owned(),
        "it + it + it + it + it + it + it + it + it + it".to_owned(),
    ];
    let it = Value::Array(vec![json!(1); 2_000]);
    for text in texts.iter().filter(|text| text.len() <= expression::LONGEST) {
        let expression = expression::read(text).unwrap();
        let mut budget = Budget::of(2_000_000);
        let begun = Instant::now();
        _ = expression::evaluate(&expression, &[("it", &it)], &mut budget);
        assert!(begun.elapsed().as_secs() < 120, "{} took {:?}", &text[..60.min(text.len())], begun.elapsed());
    }
    let text = texts.first().unwrap();
    let mut budget = Budget::of(2_000_000);
    let outcome = expression::evaluate(&expression::read(text).unwrap(), &[], &mut budget);
    assert_eq!(outcome.unwrap_err().title, "too much work");
    assert!(budget.is_spent());
}
