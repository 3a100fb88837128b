//! Conditions on one field of the customer or of a fact, and membership of segments, runs and tags. Lists to choose from are the browser's
//! own, so that they work from the keyboard and on a phone.

use super::parts::{Part, live, part, parts};
use super::seed::RunChoice;
use super::state::Builder;
use super::tree::{Kind, TagNamed, Test, Tree, What};
use super::values;
use leptos::prelude::*;
use serde_json::Value;

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

/// A list to choose one from.
pub struct Choice {
    label: String,
    id: String,
    class: &'static str,
    /// Heading → (value, text); an empty heading is none.
    parts: Vec<(String, Vec<(String, String)>)>,
}

impl Choice {
    pub fn one(label: String, options: Vec<(String, String)>) -> Choice {
        Choice::among(label, vec![(String::new(), options)])
    }

    pub fn among(label: String, parts: Vec<(String, Vec<(String, String)>)>) -> Choice {
        Choice {
            label,
            id: String::new(),
            class: "",
            parts,
        }
    }

    /// The first thing to fill in of a condition.
    pub fn first_of(self, id: u32) -> Choice {
        let id = format!("rule-first-{id}");
        Choice { id, ..self }
    }

    pub fn class(self, class: &'static str) -> Choice {
        Choice { class, ..self }
    }

    /// The list itself: what is held, and who is told what a person chose.
    pub fn of(self, held: Signal<String>, take: impl Fn(String) + 'static) -> Part {
        self.list(held, Box::new(take))
    }

    fn list(self, held: Signal<String>, take: Box<dyn Fn(String)>) -> Part {
        let mut list = part("select")
            .class(&format!("input rule-select {}", self.class))
            .set("aria-label", &self.label);
        if !self.id.is_empty() {
            list = list.set("id", &self.id);
        }
        let mut options = Vec::new();
        let mut option = |value: String, text: &str| {
            let made = part("option").set("value", &value).text(text);
            options.push((value, made.clone()));
            made
        };
        // What the list does not have is still shown, so that nothing is changed by looking at it.
        let unknown = held.get_untracked();
        let mut known = self.parts.iter().flat_map(|(_, options)| options);
        if !unknown.is_empty() && !known.any(|(value, _)| *value == unknown) {
            let text = unknown.clone();
            list = list.child(option(unknown, &text));
        }
        for (heading, choices) in self.parts {
            let made = choices.into_iter().map(|(value, text)| option(value, &text));
            list = match heading.is_empty() {
                true => list.children(made),
                false => list.child(part("optgroup").set("label", &heading).children(made)),
            };
        }
        list.choice(options, held, take)
    }
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
pub fn field(builder: Builder, id: u32, scope: Signal<String>) -> Part {
    let name = Memo::new(move |_| {
        builder.about(id, |node| match &node.what {
            What::Field { field, .. } => field.clone(),
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
    parts([
        live(move || {
            Choice::among(builder.word("field"), field_parts(builder, &scope.get(), ""))
                .first_of(id)
                .of(name.into(), take)
        }),
        live(move || comparison(builder, At::Field(id), kind.get(), scope.get(), name.get())),
    ])
}

/// The comparison and what stands to its right.
pub fn comparison(builder: Builder, at: At, kind: Kind, scope: String, field: String) -> Part {
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
    parts([
        Choice::one(builder.word("comparison"), options).of(op.into(), take),
        live(move || values::editor(builder, at, kind, &op.get(), &scope, &field)),
    ])
}

/// A word between fields.
pub fn word(text: String) -> Part {
    part("span").class("rule-word").text(&text)
}

/// Everybody in a saved segment.
pub fn segment(builder: Builder, id: u32) -> Part {
    let chosen = Signal::derive(move || {
        builder.about(id, |node| match &node.what {
            What::Segment(segment) => segment.clone(),
            _ => String::new(),
        })
    });
    let options = builder.seed.with_value(|seed| seed.segments.clone());
    let take = move |chosen: String| {
        builder.change("", |tree| tree.edit(id, |node| node.what = What::Segment(chosen)));
    };
    parts([
        word(builder.word("in-segment")),
        Choice::one(builder.word("segment"), options)
            .first_of(id)
            .of(chosen, take),
    ])
}

/// Everybody in one group of a run.
pub fn run(builder: Builder, id: u32) -> Part {
    let chosen = Signal::derive(move || {
        builder.about(id, |node| match &node.what {
            What::Run { run, key } => format!("{run}:{key}"),
            _ => String::new(),
        })
    });
    let groups = builder.seed.with_value(|seed| {
        let of = |run: &RunChoice| {
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
    parts([
        word(builder.word("in-run")),
        Choice::among(builder.word("run"), groups).first_of(id).of(chosen, take),
    ])
}

/// Everybody with a tag, or with one value of it.
pub fn tag(builder: Builder, id: u32) -> Part {
    let chosen = Signal::derive(move || {
        builder.about(id, |node| match &node.what {
            What::Tag(tag) => written_tag(tag),
            _ => String::new(),
        })
    });
    let mut tags = builder.seed.with_value(|seed| seed.tags.clone());
    // A tag of the rule stays, also when it is not offered any more.
    let held = untrack(|| {
        builder.about(id, |node| match &node.what {
            What::Tag(tag) if !tag.name.is_empty() => Some(tag.clone()),
            _ => None,
        })
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
    let choices = tags
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
    parts([
        word(builder.word("has-tag")),
        Choice::among(builder.word("tag"), choices)
            .first_of(id)
            .of(chosen, take),
    ])
}

/// As the value of an option: names and values may hold any character.
fn written_tag(tag: &TagNamed) -> String {
    serde_json::json!([tag.name, tag.value]).to_string()
}

fn read_tag(written: &str) -> Option<TagNamed> {
    let held: Value = serde_json::from_str(written).ok()?;
    Some(TagNamed {
        name: held.get(0)?.as_str()?.to_owned(),
        value: held.get(1)?.as_str().map(str::to_owned),
    })
}
