//! Between the tree on the screen and the rule as JSON. What is not finished yet is left out of the rule and named, so that the rest can be
//! counted meanwhile.

use super::tree::{Behaviour, Kind, Node, Step, TagNamed, Test, Tree, What, Window};
use serde_json::{Map, Number, Value, json};

/// A rule made of a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    pub rule: Value,
    /// JSON pointer of each node that stands in the rule.
    pub places: Vec<(String, u32)>,
    /// Conditions that still lack something.
    pub unfinished: Vec<u32>,
}

/// Says what a field holds: (`customers` or the facts, name).
pub type KindOf<'a> = &'a dyn Fn(&str, &str) -> Option<Kind>;

pub fn write(tree: &Tree, kind_of: KindOf<'_>) -> Written {
    let mut written = Written::default();
    let rule = node(&tree.root, "", "customers", kind_of, &mut written);
    written.rule = rule.unwrap_or_else(|| json!({ "all": [] }));
    written
}

fn node(of: &Node, at: &str, scope: &str, kind_of: KindOf<'_>, written: &mut Written) -> Option<Value> {
    let inner_at = if of.not { format!("{at}/not") } else { at.to_owned() };
    let before = written.places.len();
    written.places.push((inner_at.clone(), of.id));
    let inner = match &of.what {
        What::Group { any, children } => {
            let word = if *any { "any" } else { "all" };
            let mut rules = Vec::new();
            for child in children {
                let place = format!("{inner_at}/{word}/{}", rules.len());
                rules.extend(node(child, &place, scope, kind_of, written));
            }
            // An empty group that is still being filled says nothing; "at least one of nothing" would be nobody.
            (!rules.is_empty() || at.is_empty()).then(|| match rules.is_empty() {
                true => json!({ "all": [] }),
                false => json!({ word: rules }),
            })
        }
        What::Field { field, test } => field_rule(field, test, kind_of(scope, field)),
        What::Behaviour(of) => behaviour(of, &inner_at, kind_of, written),
        What::Sequence { steps, within } => sequence(steps, within, &inner_at, kind_of, written),
        What::Segment(id) => id.parse::<i64>().ok().map(|id| json!({ "segment": id })),
        What::Run { run, key } => match run.parse::<i64>() {
            Ok(run) if !key.is_empty() => Some(json!({ "run": { "id": run, "segment": key } })),
            _ => None,
        },
        What::Tag(TagNamed { name, value: None }) => (!name.is_empty()).then(|| json!({ "tag": name })),
        What::Tag(TagNamed {
            name,
            value: Some(value),
        }) => Some(json!({ "tag": name, "value": value })),
    };
    match inner {
        Some(rule) if of.not => Some(json!({ "not": rule })),
        Some(rule) => Some(rule),
        None => {
            written.places.truncate(before);
            if !of.is_group() {
                written.unfinished.push(of.id);
            }
            None
        }
    }
}

fn field_rule(field: &str, test: &Test, kind: Option<Kind>) -> Option<Value> {
    if field.is_empty() {
        return None;
    }
    let (op, value) = comparison(test, kind.unwrap_or_default())?;
    let mut map = Map::new();
    map.insert("field".into(), field.into());
    map.insert("op".into(), op.into());
    if !value.is_null() {
        map.insert("value".into(), value);
    }
    Some(Value::Object(map))
}

/// The op and its value; null for ops without one.
fn comparison(test: &Test, kind: Kind) -> Option<(String, Value)> {
    let literals: Option<Vec<Value>> = test.values.iter().map(|value| literal(value, kind)).collect();
    match test.op.as_str() {
        "is_set" | "is_not_set" => Some((test.op.clone(), Value::Null)),
        "between" => {
            let values = literals.filter(|values| values.len() == 2)?;
            Some((test.op.clone(), Value::Array(values)))
        }
        "eq" | "ne" => {
            let mut values = literals.filter(|values| !values.is_empty())?;
            let many = if test.op == "eq" { "in" } else { "not_in" };
            match values.len() {
                1 => Some((test.op.clone(), values.remove(0))),
                _ => Some((many.to_owned(), Value::Array(values))),
            }
        }
        "" => None,
        _ => {
            let mut values = literals.filter(|values| values.len() == 1)?;
            Some((test.op.clone(), values.remove(0)))
        }
    }
}

fn literal(text: &str, kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text => (!text.is_empty()).then(|| text.into()),
        Kind::YesNo => text.parse::<bool>().ok().map(Value::Bool),
        Kind::Number => number(text),
        Kind::Date => match text.strip_prefix("ago:") {
            Some(days) => days.trim().parse::<u32>().ok().map(|days| json!({ "days_ago": days })),
            None => is_date(text).then(|| text.into()),
        },
    }
}

/// Commas that set thousands apart are understood, too.
pub fn number(text: &str) -> Option<Value> {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ',' | '\u{202f}' | ' '))
        .collect();
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.into());
    }
    let value: f64 = plain.parse().ok()?;
    Number::from_f64(value).map(Value::Number)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2)
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn behaviour(of: &Behaviour, at: &str, kind_of: KindOf<'_>, written: &mut Written) -> Option<Value> {
    let of_field = !matches!(of.measure.as_str(), "count" | "orders");
    let mut measured = Map::new();
    if of_field {
        if of.field.is_empty() {
            return None;
        }
        measured.insert("field".into(), of.field.clone().into());
    }
    let kind = match of.measure.as_str() {
        "min" | "max" | "first" | "last" => kind_of(&of.facts, &of.field).unwrap_or(Kind::Number),
        _ => Kind::Number,
    };
    for test in &of.tests {
        let (op, value) = comparison(test, kind)?;
        measured.insert(op, if value.is_null() { Value::Bool(true) } else { value });
    }
    if of.tests.is_empty() {
        return None;
    }
    let mut map = Map::new();
    map.insert(of.measure.clone(), Value::Object(measured));
    around(&mut map, &of.facts, &of.window, &of.filter, at, kind_of, written)?;
    Some(json!({ of.facts.clone(): map }))
}

fn around(
    map: &mut Map<String, Value>,
    facts: &str,
    window: &Window,
    filter: &Node,
    at: &str,
    kind_of: KindOf<'_>,
    written: &mut Written,
) -> Option<()> {
    match window {
        Window::Ever => {}
        Window::Days(days) => {
            let days = days.trim().parse::<u32>().ok().filter(|days| *days > 0)?;
            map.insert("within_days".into(), days.into());
        }
        Window::Dates(from, to) => {
            if !is_date(from) && !is_date(to) {
                return None;
            }
            for (key, date) in [("from", from), ("to", to)] {
                if is_date(date) {
                    map.insert(key.into(), date.clone().into());
                }
            }
        }
    }
    if !filter.is_empty_group()
        && let Some(rule) = node(filter, &format!("{at}/{facts}/where"), facts, kind_of, written)
    {
        map.insert("where".into(), rule);
    }
    Some(())
}

fn sequence(steps: &[Step], within: &str, at: &str, kind_of: KindOf<'_>, written: &mut Written) -> Option<Value> {
    if steps.len() < 2 {
        return None;
    }
    let mut rules = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let mut map = Map::new();
        let at = format!("{at}/sequence/{place}");
        around(&mut map, &step.facts, &step.window, &step.filter, &at, kind_of, written)?;
        rules.push(json!({ step.facts.clone(): map }));
    }
    let mut map = Map::new();
    map.insert("sequence".into(), rules.into());
    match within.trim() {
        "" => {}
        days => {
            let days = days.parse::<u32>().ok().filter(|days| *days > 0)?;
            map.insert("within_days".into(), days.into());
        }
    }
    Some(Value::Object(map))
}

/// Things that customers do, as rules name them.
pub const FACTS: [&str; 5] = ["orders", "order_lines", "interactions", "touches", "reviews"];
pub const MEASURES: [&str; 8] = ["count", "orders", "sum", "avg", "min", "max", "first", "last"];

/// The tree of a rule; `None` when it is no rule that the screen can show.
pub fn read(rule: &Value) -> Option<Tree> {
    let mut tree = Tree::default();
    let node = read_node(rule, &mut tree)?;
    if node.is_group() {
        tree.root = node;
    } else {
        let root = tree.root.id;
        tree.append(root, node);
    }
    Some(tree)
}

fn read_node(rule: &Value, tree: &mut Tree) -> Option<Node> {
    let map = rule.as_object()?;
    if let Some(inner) = map.get("not").filter(|_| map.len() == 1) {
        let mut node = read_node(inner, tree)?;
        node.not = !node.not;
        return Some(node);
    }
    for (word, any) in [("all", false), ("any", true)] {
        if let Some(rules) = map.get(word).filter(|_| map.len() == 1) {
            let children: Option<Vec<Node>> = rules.as_array()?.iter().map(|rule| read_node(rule, tree)).collect();
            return Some(tree.group(any, children?));
        }
    }
    let what = if let Some(field) = map.get("field") {
        What::Field {
            field: field.as_str()?.to_owned(),
            test: read_test(map.get("op")?.as_str()?, map.get("value").unwrap_or(&Value::Null))?,
        }
    } else if let Some(steps) = map.get("sequence") {
        let steps: Option<Vec<Step>> = steps.as_array()?.iter().map(|step| read_step(step, tree)).collect();
        What::Sequence {
            steps: steps?,
            within: map.get("within_days").map(plain).unwrap_or_default(),
        }
    } else if let Some(id) = map.get("segment") {
        What::Segment(plain(id))
    } else if let Some(run) = map.get("run") {
        What::Run {
            run: plain(run.get("id")?),
            key: run.get("segment")?.as_str()?.to_owned(),
        }
    } else if let Some(name) = map.get("tag") {
        What::Tag(TagNamed {
            name: name.as_str()?.to_owned(),
            value: map.get("value").map(plain),
        })
    } else {
        let facts = FACTS.into_iter().find(|facts| map.contains_key(*facts))?;
        What::Behaviour(read_behaviour(facts, map.get(facts)?.as_object()?, tree)?)
    };
    Some(tree.node(what))
}

fn read_behaviour(facts: &str, map: &Map<String, Value>, tree: &mut Tree) -> Option<Behaviour> {
    let measure = MEASURES.into_iter().find(|measure| map.contains_key(*measure));
    let mut tests = Vec::new();
    let mut field = String::new();
    if let Some(measured) = measure.and_then(|measure| map.get(measure)) {
        for (op, value) in measured.as_object()? {
            match op.as_str() {
                "field" => field = value.as_str()?.to_owned(),
                op => tests.push(read_test(op, value)?),
            }
        }
    }
    if tests.is_empty() {
        tests.push(Test {
            op: "ge".into(),
            values: vec!["1".into()],
        });
    }
    Some(Behaviour {
        facts: facts.to_owned(),
        measure: measure.unwrap_or("count").to_owned(),
        field,
        tests,
        window: read_window(map),
        filter: read_filter(map, tree)?,
    })
}

fn read_step(step: &Value, tree: &mut Tree) -> Option<Step> {
    let map = step.as_object()?;
    let facts = FACTS.into_iter().find(|facts| map.contains_key(*facts))?;
    let inner = map.get(facts)?.as_object()?;
    Some(Step {
        facts: facts.to_owned(),
        window: read_window(inner),
        filter: read_filter(inner, tree)?,
    })
}

fn read_window(map: &Map<String, Value>) -> Window {
    let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match map.get("within_days") {
        Some(days) => Window::Days(plain(days)),
        None if map.contains_key("from") || map.contains_key("to") => Window::Dates(text("from"), text("to")),
        None => Window::Ever,
    }
}

fn read_filter(map: &Map<String, Value>, tree: &mut Tree) -> Option<Box<Node>> {
    let Some(rule) = map.get("where") else {
        return Some(Box::new(tree.group(false, Vec::new())));
    };
    let node = read_node(rule, tree)?;
    Some(Box::new(if node.is_group() {
        node
    } else {
        tree.group(false, vec![node])
    }))
}

fn read_test(op: &str, value: &Value) -> Option<Test> {
    let values: Vec<String> = match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().map(plain).collect(),
        one => vec![plain(one)],
    };
    let (op, values) = match op {
        "in" => ("eq", values),
        "not_in" => ("ne", values),
        "is_set" | "is_not_set" => (op, Vec::new()),
        _ => (op, values),
    };
    Some(Test {
        op: op.to_owned(),
        values,
    })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => map
            .get("days_ago")
            .map_or_else(String::new, |days| format!("ago:{days}")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(scope: &str, field: &str) -> Option<Kind> {
        match (scope, field) {
            ("customers", "age") | ("orders", "total") => Some(Kind::Number),
            ("customers", "signed_up_at") | ("orders", "ordered_at") => Some(Kind::Date),
            ("customers", "consent_marketing") => Some(Kind::YesNo),
            _ => Some(Kind::Text),
        }
    }

    #[test]
    fn a_rule_comes_back_as_it_was() {
        for rule in [
            json!({"all": []}),
            json!({"not": {"any": [{"field": "age", "op": "between", "value": [25, 35]}, {"not": {"segment": 4}}]}}),
            json!({"all": [
                {"field": "city", "op": "in", "value": ["Paris", "Lyon"]},
                {"field": "city", "op": "ne", "value": "Rome"},
                {"field": "signed_up_at", "op": "ge", "value": {"days_ago": 30}},
                {"field": "consent_marketing", "op": "eq", "value": true},
                {"field": "gender", "op": "is_not_set"},
                {"orders": {"sum": {"field": "total", "ge": 100, "lt": 200.5}, "from": "2026-01-01", "to": "2026-04-01"}},
                {"orders": {"count": {"ge": 2}, "within_days": 90,
                    "where": {"any": [{"field": "channel", "op": "eq", "value": "app"}, {"field": "total", "op": "gt", "value": 5}]}}},
                {"orders": {"last": {"field": "ordered_at", "is_set": true}}},
                {"sequence": [{"interactions": {"where": {"all": [{"field": "kind", "op": "eq", "value": "visit"}]}}}, {"orders": {}}], "within_days": 14},
                {"run": {"id": 7, "segment": "champions"}}, {"tag": "loyal"},
            ]}),
        ] {
            let tree = read(&rule).unwrap();
            let written = write(&tree, &kinds);
            assert_eq!(written.rule, rule);
            assert!(written.unfinished.is_empty());
            // Every place leads to its node's own rule.
            for (place, _) in &written.places {
                assert!(rule.pointer(place).is_some(), "{place} of {rule}");
            }
        }
    }

    #[test]
    fn one_condition_alone_stands_in_a_group() {
        let tree = read(&json!({"field": "city", "op": "eq", "value": "Paris"})).unwrap();
        assert_eq!(
            write(&tree, &kinds).rule,
            json!({"all": [{"field": "city", "op": "eq", "value": "Paris"}]})
        );
        assert_eq!(read(&json!({"weather": "fine"})), None);
        assert_eq!(read(&json!([])), None);
    }

    #[test]
    fn what_is_not_finished_is_left_out_and_named() {
        let mut tree = read(&json!({"all": [
            {"field": "age", "op": "ge", "value": 30},
            {"field": "city", "op": "eq", "value": "Paris"},
        ]}))
        .unwrap();
        let (age, city) = (tree.root.children()[0].id, tree.root.children()[1].id);
        tree.edit(age, |node| {
            if let What::Field { test, .. } = &mut node.what {
                test.values = vec!["thirty".into()];
            }
        });
        let group = tree.group(true, Vec::new());
        let root = tree.root.id;
        tree.append(root, group);
        let written = write(&tree, &kinds);
        assert_eq!(
            written.rule,
            json!({"all": [{"field": "city", "op": "eq", "value": "Paris"}]})
        );
        assert_eq!(written.unfinished, [age]);
        assert_eq!(written.places, [(String::new(), root), ("/all/0".to_owned(), city)]);
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(number("1,200"), Some(json!(1200)));
        assert_eq!(number(" 0.5 "), Some(json!(0.5)));
        assert_eq!(number("a lot"), None);
        assert_eq!(number("inf"), None);
    }
}
