//! The list of everything that a condition can be about. Choosing adds a condition with what most people mean.

use super::condition::{Choice, field_parts, usual_op};
use super::parts::{Part, live};
use super::seed::BuilderSeed;
use super::state::Builder;
use super::tree::{Behaviour, Node, Step, TagNamed, Test, Tree, What, Window};
use crate::islands::browser;
use leptos::prelude::*;

/// Adds to the group with this number.
pub fn adder(builder: Builder, id: u32, scope: Signal<String>) -> Part {
    let add = move |what: String| {
        if what.is_empty() {
            return;
        }
        let mut added = None;
        builder.change("", |tree| {
            let node = fresh(builder, tree, &what, &scope.get_untracked());
            added = Some(node.id);
            tree.append(id, node);
        });
        if let Some(added) = added {
            browser::focus_soon(&format!("rule-first-{added}"));
        }
    };
    live(move || {
        let invitation = vec![(String::new(), builder.word("add"))];
        let mut parts = vec![(String::new(), invitation)];
        parts.extend(kinds(builder, &scope.get()));
        // Nothing is ever held, so the word that invites is shown again after each choice.
        Choice::among(builder.word("add-label"), parts)
            .class("rule-adder")
            .of(Signal::stored(String::new()), add)
    })
}

/// What a condition can be about, under headings.
fn kinds(builder: Builder, scope: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut parts = field_parts(builder, scope, "field:");
    if scope == "customers" {
        let does = super::json::FACTS.map(|facts| (format!("facts:{facts}"), builder.word(&format!("facts-{facts}"))));
        let mut does = does.to_vec();
        does.push(("sequence".to_owned(), builder.word("sequence")));
        parts.insert(0, (builder.word("does"), does));
        let mut belongs = vec![("segment".to_owned(), builder.word("segment"))];
        if builder.seed.with_value(|seed| !seed.runs.is_empty()) {
            belongs.push(("run".to_owned(), builder.word("run")));
        }
        if builder.seed.with_value(|seed| !seed.tags.is_empty()) {
            belongs.push(("tag".to_owned(), builder.word("tag")));
        }
        parts.insert(1, (builder.word("belongs"), belongs));
    }
    parts
}

/// A new condition, with what most people mean.
fn fresh(builder: Builder, tree: &mut Tree, what: &str, scope: &str) -> Node {
    let filter = |tree: &mut Tree| Box::new(tree.group(false, Vec::new()));
    let first =
        |of: &dyn Fn(&BuilderSeed) -> Option<String>| builder.seed.with_value(|seed| of(seed)).unwrap_or_default();
    let content = match what.split_once(':') {
        Some(("field", name)) => What::Field {
            field: name.to_owned(),
            test: Test {
                op: usual_op(builder.kind(scope, name)).to_owned(),
                values: Vec::new(),
            },
        },
        Some(("facts", facts)) => What::Behaviour(Behaviour {
            facts: facts.to_owned(),
            measure: "count".to_owned(),
            field: String::new(),
            tests: vec![Test {
                op: "ge".to_owned(),
                values: vec!["1".to_owned()],
            }],
            window: Window::Ever,
            filter: filter(tree),
        }),
        _ if what == "sequence" => What::Sequence {
            steps: ["interactions", "orders"]
                .map(|facts| Step {
                    facts: facts.to_owned(),
                    window: Window::Ever,
                    filter: filter(tree),
                })
                .to_vec(),
            within: "14".to_owned(),
        },
        _ if what == "run" => What::Run {
            run: first(&|seed| seed.runs.first().map(|run| run.id.clone())),
            key: first(&|seed| seed.runs.first()?.groups.first().map(|(key, _)| key.clone())),
        },
        _ if what == "tag" => What::Tag(TagNamed {
            name: first(&|seed| seed.tags.first().map(|(name, _)| name.clone())),
            value: None,
        }),
        _ => What::Segment(first(&|seed| seed.segments.first().map(|(id, _)| id.clone()))),
    };
    tree.node(content)
}
