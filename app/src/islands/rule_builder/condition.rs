//! Conditions on one field of the customer or of a fact, and membership of segments, runs and tags. Lists to choose from are the browser's
//! own, so that they work from the keyboard and on a phone.

use super::state::Builder;
use super::tree::{Kind, TagNamed, Test, Tree, What};
use super::values;
use leptos::prelude::*;

/// Where a comparison stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    Field(u32),
    /// Of a behaviour, by its place.
    Measure(u32, usize),
}

impl At {
    pub fn test(self, tree: &Tree) -> Option<&Test> {
        match self {
            At::Field(id) => match &tree.find(id)?.what {
                What::Field { test, .. } => Some(test),
                _ => None,
            },
            At::Measure(id, place) => match &tree.find(id)?.what {
                What::Behaviour(of) => of.tests.get(place),
                _ => None,
            },
        }
    }

    pub fn edit(self, tree: &mut Tree, change: impl FnOnce(&mut Test)) {
        let (At::Field(id) | At::Measure(id, _)) = self;
        tree.edit(id, |node| {
            let test = match (&mut node.what, self) {
                (What::Field { test, .. }, At::Field(_)) => Some(test),
                (What::Behaviour(of), At::Measure(_, place)) => of.tests.get_mut(place),
                _ => None,
            };
            if let Some(test) = test {
                change(test);
            }
        });
    }
}

/// A list to choose one from: (value, text).
pub fn choose(
    label: String,
    options: Vec<(String, String)>,
    chosen: Signal<String>,
    take: impl Fn(String) + 'static,
) -> AnyView {
    choose_among(label, String::new(), "", vec![(String::new(), options)], chosen, take)
}

/// The same under headings; an empty heading is none.
pub fn choose_among(
    label: String,
    id: String,
    class: &'static str,
    parts: Vec<(String, Vec<(String, String)>)>,
    chosen: Signal<String>,
    take: impl Fn(String) + 'static,
) -> AnyView {
    let known = parts
        .iter()
        .flat_map(|(_, options)| options)
        .any(|(value, _)| chosen.with_untracked(|chosen| chosen == value));
    let option = move |(value, text): (String, String)| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || chosen.with(|chosen| *chosen == own)>{text}</option> }
            .into_any()
    };
    // What the list does not have is still shown, so that nothing is changed by looking at it.
    let unknown = (!known)
        .then(|| chosen.get_untracked())
        .filter(|value| !value.is_empty());
    let lists = parts
        .into_iter()
        .map(|(heading, options)| {
            let options = options.into_iter().map(option).collect_view();
            match heading.is_empty() {
                true => options.into_any(),
                false => view! { <optgroup label=heading>{options}</optgroup> }.into_any(),
            }
        })
        .collect_view();
    let class = format!("input rule-select {class}");
    let id = (!id.is_empty()).then_some(id);
    view! {
        <select class=class id=id aria-label=label on:change=move |event| take(event_target_value(&event))>
            {unknown.map(|value| option((value.clone(), value)))}
            {lists}
        </select>
    }
    .into_any()
}

/// The fields of customers or facts under their headings.
pub fn field_parts(builder: Builder, scope: &str, prefix: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut parts: Vec<(String, Vec<(String, String)>)> = Vec::new();
    builder.seed.with_value(|seed| {
        for field in seed.fields.iter().filter(|field| field.of == scope) {
            let choice = (format!("{prefix}{}", field.name), field.label.clone());
            match parts.iter_mut().find(|(part, _)| *part == field.part) {
                Some((_, choices)) => choices.push(choice),
                None => parts.push((field.part.clone(), vec![choice])),
            }
        }
    });
    parts
}

/// The comparison that most people mean.
pub fn usual_op(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::YesNo => "eq",
        Kind::Number | Kind::Date => "ge",
    }
}

/// Comparisons that make sense, as keys of words.
fn ops(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text => &["eq", "ne", "contains", "is_set", "is_not_set"],
        Kind::Number | Kind::Date => &["ge", "le", "gt", "lt", "between", "eq", "ne", "is_set", "is_not_set"],
        Kind::YesNo => &["eq", "is_set", "is_not_set"],
    }
}

/// A field, its comparison and its value.
pub fn field(builder: Builder, id: u32, scope: Signal<String>) -> AnyView {
    let name = Memo::new(move |_| {
        builder.tree.with(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Field { field, .. }) => field.clone(),
            _ => String::new(),
        })
    });
    let kind = Memo::new(move |_| builder.kind(&scope.get(), &name.get()));
    let take = move |chosen: String| {
        let kind = builder.kind(&scope.get_untracked(), &chosen);
        builder.change("", |tree| {
            tree.edit(id, |node| {
                if let What::Field { field, test } = &mut node.what {
                    *field = chosen;
                    *test = Test {
                        op: usual_op(kind).to_owned(),
                        values: Vec::new(),
                    };
                }
            });
        });
    };
    view! {
        {move || choose_among(
            builder.word("field"),
            format!("rule-first-{id}"),
            "",
            field_parts(builder, &scope.get(), ""),
            name.into(),
            take,
        )}
        {move || comparison(builder, At::Field(id), kind.get(), scope.get(), name.get())}
    }
    .into_any()
}

/// The comparison and what stands to its right.
pub fn comparison(builder: Builder, at: At, kind: Kind, scope: String, field: String) -> AnyView {
    let op = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| at.test(tree).map(|test| test.op.clone()).unwrap_or_default())
    });
    let words = |op: &str| match kind {
        Kind::Date => builder.word(&format!("date-{op}")),
        _ => builder.word(&format!("op-{op}")),
    };
    let options: Vec<(String, String)> = ops(kind).iter().map(|op| ((*op).to_owned(), words(op))).collect();
    let take = move |chosen: String| {
        builder.change("", |tree| {
            at.edit(tree, |test| {
                let wanted = match chosen.as_str() {
                    "is_set" | "is_not_set" => 0,
                    "between" => 2,
                    "eq" | "ne" if kind == Kind::Text => test.values.len(),
                    _ => 1,
                };
                test.values.truncate(wanted);
                test.op = chosen;
            });
        });
    };
    view! {
        {choose(builder.word("comparison"), options, op.into(), take)}
        {move || values::editor(builder, at, kind, &op.get(), &scope, &field)}
    }
    .into_any()
}

/// Everybody in a saved segment.
pub fn segment(builder: Builder, id: u32) -> AnyView {
    let chosen = Signal::derive(move || {
        builder.tree.with(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Segment(segment)) => segment.clone(),
            _ => String::new(),
        })
    });
    let options = builder.seed.with_value(|seed| seed.segments.clone());
    let take = move |chosen: String| {
        builder.change("", |tree| tree.edit(id, |node| node.what = What::Segment(chosen)));
    };
    view! {
        <span class="rule-word">{builder.word("in-segment")}</span>
        {choose_among(builder.word("segment"), format!("rule-first-{id}"), "", vec![(String::new(), options)], chosen, take)}
    }
    .into_any()
}

/// Everybody in one group of a run.
pub fn run(builder: Builder, id: u32) -> AnyView {
    let chosen = Signal::derive(move || {
        builder.tree.with(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Run { run, key }) => format!("{run}:{key}"),
            _ => String::new(),
        })
    });
    let parts = builder.seed.with_value(|seed| {
        let of = |run: &super::seed::RunChoice| {
            let groups = run
                .groups
                .iter()
                .map(|(key, name)| (format!("{}:{key}", run.id), name.clone()));
            (run.label.clone(), groups.collect::<Vec<_>>())
        };
        seed.runs.iter().map(of).collect::<Vec<_>>()
    });
    let take = move |chosen: String| {
        if let Some((run, key)) = chosen.split_once(':') {
            let (run, key) = (run.to_owned(), key.to_owned());
            builder.change("", |tree| tree.edit(id, |node| node.what = What::Run { run, key }));
        }
    };
    view! {
        <span class="rule-word">{builder.word("in-run")}</span>
        {choose_among(builder.word("run"), format!("rule-first-{id}"), "", parts, chosen, take)}
    }
    .into_any()
}

/// Everybody with a tag, or with one value of it.
pub fn tag(builder: Builder, id: u32) -> AnyView {
    let chosen = Signal::derive(move || {
        builder.tree.with(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Tag(tag)) => written_tag(tag),
            _ => String::new(),
        })
    });
    let mut tags = builder.seed.with_value(|seed| seed.tags.clone());
    // A tag of the rule stays, also when it is not offered any more.
    let held = builder
        .tree
        .with_untracked(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Tag(tag)) if !tag.name.is_empty() => Some(tag.clone()),
            _ => None,
        });
    if let Some(held) = held {
        let at = tags.iter().position(|(name, _)| *name == held.name).unwrap_or_else(|| {
            tags.push((held.name, Vec::new()));
            tags.len() - 1
        });
        if let Some(value) = held.value.filter(|value| !tags[at].1.contains(value)) {
            tags[at].1.push(value);
        }
    }
    let parts = tags
        .into_iter()
        .map(|(name, values)| {
            let any = (None, format!("{name}: {}", builder.word("any-value")));
            let of = values
                .into_iter()
                .map(|value| (Some(value.clone()), format!("{name}: {value}")));
            let options = std::iter::once(any).chain(of).map(|(value, text)| {
                let name = name.clone();
                (written_tag(&TagNamed { name, value }), text)
            });
            (name.clone(), options.collect::<Vec<_>>())
        })
        .collect::<Vec<_>>();
    let take = move |chosen: String| {
        if let Some(tag) = read_tag(&chosen) {
            builder.change("", |tree| tree.edit(id, |node| node.what = What::Tag(tag)));
        }
    };
    view! {
        <span class="rule-word">{builder.word("has-tag")}</span>
        {choose_among(builder.word("tag"), format!("rule-first-{id}"), "", parts, chosen, take)}
    }
    .into_any()
}

/// As the value of an option: names and values may hold any character.
fn written_tag(tag: &TagNamed) -> String {
    serde_json::json!([tag.name, tag.value]).to_string()
}

fn read_tag(written: &str) -> Option<TagNamed> {
    let (name, value) = serde_json::from_str(written).ok()?;
    Some(TagNamed { name, value })
}
